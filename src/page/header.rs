//! What every report begins with: who was measured, by which clock, and what to beware of.

use super::audit;
use super::block::Block;
use super::stamp::{self, kernel_clocks};
use crate::page::words;
use crate::record::{Conditions, Effort, Run, Told, Verified};
use crate::units;

/// Title, banners, and the facts about device, clock, host and run.
pub(crate) fn blocks(run: &Run) -> Vec<Block> {
    let title = format!("amdahl {}: parallel speedup inside {}", run.version, run.device.name);
    let mut blocks = vec![Block::Title(title)];
    blocks.extend(stamps(run));
    blocks.push(Block::Facts(facts(run)));
    blocks
}

/// The first lines of the short answer: who was measured, what to beware of, and how many results were checked.
pub(crate) fn short(run: &Run) -> Vec<Block> {
    let started = run.started.split('T').next().unwrap_or(&run.started);
    let device = [Some(run.device.name.as_str()), run.device.backend.as_deref()];
    let device = device.into_iter().flatten().collect::<Vec<_>>().join(", ");
    let title = format!("amdahl {}   {device}   {started}, {}", run.version, units::seconds(run.seconds));
    let mut blocks = vec![Block::Title(title)];
    let mut stamps = stamp::stamps(run);
    stamps.dedup_by_key(|stamp| stamp.code);
    blocks.extend(stamps.into_iter().map(|stamp| Block::Banner(words::sentence(stamp.short))));
    blocks.push(Block::Text(checked(run)));
    blocks
}

/// How many results were checked, in a line.
fn checked(run: &Run) -> String {
    let cases = run.experiments.iter().flat_map(|experiment| &experiment.cases);
    let right = cases.filter(|case| matches!(case.verified, Verified::Right { .. })).count();
    let skipped: usize = run.experiments.iter().map(|experiment| experiment.skipped.len()).sum();
    let checked = match right {
        0 => "No result was checked".to_owned(),
        right => format!("{} checked against a 64-bit reference: 0 wrong", words::counted(right as u64, "result")),
    };
    let left_out =
        if skipped == 0 { String::new() } else { format!(" {} left out.", words::counted(skipped as u64, "case")) };
    format!("{checked}.{left_out}")
}

/// The stamps of a run, as banners.
pub(crate) fn stamps(run: &Run) -> Vec<Block> {
    stamp::stamps(run).into_iter().map(|stamp| Block::Banner(stamp.text)).collect()
}

fn facts(run: &Run) -> Vec<(String, String)> {
    let fact = |name: &str, value: String| (name.to_owned(), value);
    let mut facts = vec![
        fact("device", device(run)),
        fact("kernel clock", clock(run)),
        fact("host", host(run)),
        fact("measured", measured(run)),
        fact("verified", verified(run)),
        fact("memory", memory(run)),
        fact("numbers", numbers(run)),
    ];
    facts.extend(run.audit.as_ref().map(|checks| fact("self-audit", audit::line(checks))));
    if let Some(around) = surroundings(run) {
        facts.insert(3, fact("power, clocks", around));
    }
    if let Some(wait) = run.calibration.wait {
        facts.insert(2, fact("waiting", words::waiting(wait)));
    }
    facts.splice(2..2, launch(run).map(|launch| fact("launch", launch)));
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
    format!("{}{steps}{}", names.join(" and "), agreement(run))
}

/// What an empty kernel takes, by both clocks.
fn launch(run: &Run) -> Option<String> {
    let warm = run.calibration.empty_launch.map(words::seconds);
    let waited = warm.or_else(|| run.calibration.empty_dispatch.map(units::seconds));
    let waited = waited.map(|seconds| format!("an empty kernel and the wait for it take {seconds}"));
    let floor = run.calibration.launch_floor.map(words::seconds);
    let floor = floor.map(|seconds| format!("{seconds} of that by the GPU's own clock: the launch floor"));
    let parts: Vec<String> = waited.into_iter().chain(floor).collect();
    (!parts.is_empty()).then(|| parts.join(", "))
}

/// How closely the GPU's clock was seen to keep the host's.
fn agreement(run: &Run) -> String {
    let rate = run.calibration.kernel_clock_rate.filter(|_| run.device.timestamps);
    let off = rate.map(|[low, high]| (1.0 - low).max(high - 1.0));
    off.map_or(String::new(), |off| format!(", within {} of the host's clock", units::percent(off)))
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

/// Power source and clocks at the beginning and at the end, as far as they were told.
fn surroundings(run: &Run) -> Option<String> {
    let around = run.surroundings.as_ref()?;
    let power =
        around.begin.power.value.map(|_| if around.on_battery() { "on battery" } else { "on mains" }.to_owned());
    let clock = |name: &str, of: fn(&Conditions) -> &Told<f64>| {
        let moments = std::iter::once(&around.begin).chain(&around.end);
        let clocks: Vec<String> = moments.filter_map(|moment| of(moment).value).map(units::frequency).collect();
        (!clocks.is_empty()).then(|| format!("{name} at {}", clocks.join(", at the end ")))
    };
    let clocks = [clock("processor", |at| &at.processor_hertz), clock("GPU", |at| &at.gpu_hertz)];
    let parts: Vec<String> = power.into_iter().chain(clocks.into_iter().flatten()).collect();
    (!parts.is_empty()).then(|| parts.join("; "))
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

/// What the largest case took on the device, and the program at its most on the host.
fn memory(run: &Run) -> String {
    let cases = run.experiments.iter().flat_map(|experiment| &experiment.cases);
    let largest = cases.filter_map(|case| case.device_bytes).max();
    let parts = [
        largest.map(|bytes| format!("up to {} on the device for a case", units::bytes(bytes as f64))),
        run.peak_host_bytes.map(|bytes| format!("up to {} on the host for the program", units::bytes(bytes as f64))),
    ];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    if parts.is_empty() { "not told".to_owned() } else { parts.join("; ") }
}

/// How many outputs were compared with their reference.
fn verified(run: &Run) -> String {
    let cases = || run.experiments.iter().flat_map(|experiment| &experiment.cases);
    let right = cases().filter(|case| matches!(case.verified, Verified::Right { .. })).count();
    let unverified = cases().filter(|case| matches!(case.verified, Verified::NotVerified { .. })).count();
    let without = cases().count() - right - unverified;
    let skipped: usize = run.experiments.iter().map(|experiment| experiment.skipped.len()).sum();
    let mut parts = Vec::new();
    if right > 0 {
        parts.push(format!("{right} outputs, all within their tolerance of a 64-bit reference"));
    } else if unverified == 0 {
        parts.push("no output to compare".to_owned());
    }
    if unverified > 0 {
        parts.push(format!("{} not verified", words::counted(unverified as u64, "case")));
    }
    if right > 0 && without > 0 {
        parts.push(format!("{without} {} none", if without == 1 { "case has" } else { "cases have" }));
    }
    if skipped > 0 {
        parts.push(format!("{skipped} {} skipped", if skipped == 1 { "case" } else { "cases" }));
    }
    parts.join("; ")
}

/// What the numbers are, and how far the machine itself is steady.
fn numbers(run: &Run) -> String {
    let cases = run.experiments.iter().flat_map(|experiment| &experiment.cases);
    // Fewer samples have no 95 % interval: their range holds the median less often.
    let few =
        if cases.clone().any(|case| case.repetitions() < 6) { " (of fewer than 6 samples the range)" } else { "" };
    let numbers = format!("times are medians; in brackets their 95 % intervals{few}");
    let wander = run.audit.as_ref().and_then(|audit| audit.wander);
    wander.map_or(numbers.clone(), |share| {
        format!(
            "{numbers} within an experiment; between experiments the machine itself moves by {}",
            units::percent(share)
        )
    })
}
