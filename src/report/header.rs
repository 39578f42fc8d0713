//! What every report begins with: who was measured, by which clock, and what to beware of.

use super::block::Block;
use crate::finding::words;
use crate::record::{Clock, DeviceKind, Effort, Phase, Run, Verified};
use crate::units;

/// Title, banners, and the facts about device, clock, host and run.
pub(super) fn blocks(run: &Run) -> Vec<Block> {
    let title = format!("amdahl {}: parallel speedup inside {}", run.version, run.device.name);
    let mut blocks = vec![Block::Title(title)];
    blocks.extend(warnings(run).into_iter().map(|(_, text)| Block::Banner(text)));
    blocks.push(Block::Facts(facts(run)));
    blocks
}

/// The warnings in a few words each, to stand beside a summary that is read alone; `None` where there are none.
pub(super) fn stamps(run: &Run) -> Option<String> {
    let stamps: Vec<&str> = warnings(run).iter().map(|(stamp, _)| *stamp).collect();
    (!stamps.is_empty()).then(|| words::sentence(&stamps.join("; ")))
}

/// What a reader must know before any number: in a few words, and in full.
fn warnings(run: &Run) -> Vec<(&'static str, String)> {
    let mut warnings = Vec::new();
    let name = &run.device.name;
    match run.device.kind {
        DeviceKind::Software => warnings.push((
            "no GPU: this is the CPU acting as one",
            format!(
                "No GPU: this is the CPU acting as one ({name}). The laws hold on it all the same; its speeds say \
                 nothing about a GPU."
            ),
        )),
        DeviceKind::Cpu => warnings.push((
            "no GPU was measured: this is the CPU",
            "No GPU was measured: this is the CPU, and its workers are threads.".to_owned(),
        )),
        DeviceKind::Simulated => warnings.push((
            "simulated: the times are drawn from a planted law",
            "Simulated: nothing was computed, the times are drawn from a planted law.".to_owned(),
        )),
        _ => {}
    }
    if kernel_clocks(run).contains(&Clock::HostLessEmpty) {
        let empty = run.calibration.empty_dispatch.map_or(String::new(), |s| format!(" ({})", units::seconds(s)));
        warnings.push((
            "kernels are timed by the host's clock",
            format!(
                "This device has no usable timestamps: kernels are timed by the host's clock, less an empty \
                 dispatch{empty}. Kernels that are not much longer than that are uncertain."
            ),
        ));
    }
    if !run.complete {
        warnings.push((
            "this run is partial",
            "This run is partial: it was stopped, or is still going on. What is here was measured in full blocks."
                .to_owned(),
        ));
    }
    for check in run.audit.iter().flat_map(|audit| &audit.checks).filter(|check| !check.passed) {
        warnings.push(("a self-check failed", format!("Self-check failed: {}: {}", check.name, check.detail)));
    }
    warnings.dedup_by_key(|(stamp, text)| (*stamp, text.clone()));
    warnings
}

/// The clocks that timed kernels anywhere in the run.
fn kernel_clocks(run: &Run) -> Vec<Clock> {
    let cases = run.experiments.iter().flat_map(|experiment| &experiment.cases);
    // Baselines are the processor's own and have its clock.
    let own = cases.filter(|case| case.rung.is_none());
    let mut clocks = Vec::new();
    for clock in own.filter_map(|case| case.clock(Phase::Kernel)) {
        if !clocks.contains(&clock) {
            clocks.push(clock);
        }
    }
    clocks
}

fn facts(run: &Run) -> Vec<(String, String)> {
    let fact = |name: &str, value: String| (name.to_owned(), value);
    let mut facts = vec![
        fact("device", device(run)),
        fact("kernel clock", clock(run)),
        fact("host", host(run)),
        fact("measured", measured(run)),
        fact("verified", verified(run)),
        fact("numbers", "times are medians; in brackets their 95 % intervals".to_owned()),
    ];
    if let Some(budget) = run.calibration.loop_budget {
        let text = format!(
            "this driver silently ends a loop after {} rounds; cases that need more are skipped",
            units::count(budget)
        );
        facts.push(fact("loop limit", text));
    }
    facts
}

fn device(run: &Run) -> String {
    let device = &run.device;
    let parts = [
        Some(device.name.clone()),
        Some(words::kind(device.kind).to_owned()).filter(|kind| *kind != device.name),
        device.backend.clone(),
        device.driver.as_ref().map(|driver| format!("driver {driver}")),
        device.subgroup_sizes.map(subgroups),
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
}

fn subgroups([least, most]: [u32; 2]) -> String {
    if least == most { format!("subgroups of {least}") } else { format!("subgroups of {least} to {most}") }
}

fn clock(run: &Run) -> String {
    let clocks = kernel_clocks(run);
    if clocks.is_empty() {
        return "none: no kernel was timed".to_owned();
    }
    let names: Vec<&str> = clocks.into_iter().map(words::clock).collect();
    let step = run.calibration.kernel_clock_resolution;
    let steps = step.map_or(String::new(), |step| format!(", steps of {}", units::seconds(step)));
    let empty = run.calibration.empty_dispatch;
    let wait = run.calibration.wait.as_deref().map_or(String::new(), |wait| format!(" ({wait})"));
    let empty = empty.map_or(String::new(), |empty| {
        format!("; an empty dispatch and its wait{wait} take {}", units::seconds(empty))
    });
    format!("{}{steps}{empty}", names.join(" and "))
}

fn host(run: &Run) -> String {
    let host = &run.host;
    let processor = host.processor.as_deref().unwrap_or("processor not told");
    let threads = if host.threads == 1 { "thread" } else { "threads" };
    format!(
        "{processor}, {} {threads}, {}, clock steps of {}",
        host.threads,
        host.system,
        units::seconds(host.clock_resolution)
    )
}

fn measured(run: &Run) -> String {
    let effort = match run.effort {
        Effort::Quick => "quick",
        Effort::Default => "default",
        Effort::Thorough => "thorough",
    };
    let started = run.started.replace('T', " ").replace('Z', " UTC");
    format!("{started}, in {} ({effort}), seed {}", units::seconds(run.seconds), run.seed)
}

/// How many outputs were compared with their reference.
fn verified(run: &Run) -> String {
    let cases = || run.experiments.iter().flat_map(|experiment| &experiment.cases);
    let right = cases().filter(|case| matches!(case.verified, Verified::Right { .. })).count();
    let without = cases().count() - right;
    let skipped: usize = run.experiments.iter().map(|experiment| experiment.skipped.len()).sum();
    let mut parts = vec![if right == 0 {
        "no output to compare".to_owned()
    } else {
        format!("{right} outputs, all within their tolerance of a 64-bit reference")
    }];
    if right > 0 && without > 0 {
        parts.push(format!("{without} {} none", if without == 1 { "case has" } else { "cases have" }));
    }
    if skipped > 0 {
        parts.push(format!("{skipped} {} skipped", if skipped == 1 { "case" } else { "cases" }));
    }
    parts.join("; ")
}
