//! The beginning of every report: warnings, and what was measured on what.

use super::audit;
use super::block::Block;
use super::stamp::{self, kernel_clocks};
use crate::page::words;
use crate::record::{Conditions, DeviceKind, Effort, Run, Told, Verified};
use crate::units;

/// Returns title, warnings, and the facts about device, clock, host and run.
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
    let title = format!("amdahl {}   {device}   {started}, {}", run.version, length(run));
    let mut blocks = vec![Block::Title(title)];
    blocks.extend(stamp::sentences(run).map(Block::Banner));
    blocks.push(Block::Text(checked(run)));
    blocks
}

/// Writes how long a run took. On a simulated device nobody waited for it.
fn length(run: &Run) -> String {
    let simulated = if run.device.kind == DeviceKind::Simulated { " simulated" } else { "" };
    format!("{}{simulated}", units::seconds(run.seconds))
}

/// Writes how long a run took, as the end of a sentence: `in 61.3 s`.
pub(crate) fn took(run: &Run) -> String {
    let seconds = units::seconds(run.seconds);
    if run.device.kind == DeviceKind::Simulated {
        format!("{seconds} of simulated time")
    } else {
        format!("in {seconds}")
    }
}

/// Returns how many results were compared with their reference, and were right.
pub(crate) fn right_results(run: &Run) -> usize {
    let cases = run.experiments.iter().flat_map(|experiment| &experiment.cases);
    cases.filter(|case| matches!(case.verified, Verified::Right { .. })).count()
}

/// Returns how many cases did not run.
pub(crate) fn left_out(run: &Run) -> usize {
    run.experiments.iter().map(|experiment| experiment.skipped.len()).sum()
}

/// How many results were checked, in a line.
fn checked(run: &Run) -> String {
    let skipped = left_out(run);
    let checked = match right_results(run) {
        0 => "No result was checked".to_owned(),
        right => format!("{} checked against a 64-bit reference: 0 wrong", words::counted(right as u64, "result")),
    };
    let left_out = match skipped {
        0 => String::new(),
        some => format!(" {} left out{}.", words::counted(some as u64, "case"), all_of(run)),
    };
    format!("{checked}.{left_out}")
}

/// Names the experiments of which nothing could be measured.
fn all_of(run: &Run) -> String {
    let measured = |name: &str| run.experiments.iter().any(|one| one.name == name && !one.cases.is_empty());
    let mut names: Vec<&str> = run.experiments.iter().map(|one| one.name.as_str()).collect();
    names.dedup();
    names.retain(|name| !measured(name));
    if names.is_empty() { String::new() } else { format!(", among them all of {}", names.join(", ")) }
}

/// The stamps of a run, as banners.
pub(crate) fn stamps(run: &Run) -> Vec<Block> {
    stamp::stamps(run).into_iter().map(|stamp| Block::Banner(stamp.text)).collect()
}

fn facts(run: &Run) -> Vec<(String, String)> {
    let fact = |name: &str, value: String| (name.to_owned(), value);
    let mut facts = vec![
        fact("device", device(run)),
        fact("worker", words::what_a_worker_is(run).to_owned()),
        fact("kernel clock", clock(run)),
        fact("host", host(run)),
        fact("measured", measured(run)),
        fact("results", results(run)),
        fact("memory", memory(run)),
        fact("numbers", numbers(run)),
    ];
    facts.extend(run.audit.as_ref().map(|checks| fact("checks", audit::line(checks))));
    if let Some(around) = surroundings(run) {
        facts.insert(4, fact("power, clocks", around));
    }
    if let Some(wait) = run.calibration.wait {
        facts.insert(3, fact("waiting", words::waiting(wait)));
    }
    facts.splice(3..3, launch(run).map(|launch| fact("launch", launch)));
    if let Some(budget) = run.calibration.loop_budget {
        let text = format!(
            "this driver stops loops after {} rounds without an error, so longer cases are left out",
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

/// Writes the time of an empty launch by both clocks.
fn launch(run: &Run) -> Option<String> {
    let warm = run.calibration.empty_launch.map(words::seconds);
    let waited = warm.or_else(|| run.calibration.empty_dispatch.map(units::seconds));
    let waited = waited.map(|seconds| format!("an empty kernel takes {seconds} with its wait"));
    let floor = run.calibration.launch_floor.map(words::seconds);
    let floor = floor.map(|seconds| format!("{seconds} of it on the GPU (the launch floor)"));
    let parts: Vec<String> = waited.into_iter().chain(floor).collect();
    (!parts.is_empty()).then(|| parts.join(", "))
}

/// Writes how closely the GPU's clock follows the host's.
fn agreement(run: &Run) -> String {
    let rate = run.calibration.kernel_clock_rate.filter(|_| run.device.timestamps);
    let off = rate.map(|[low, high]| (1.0 - low).max(high - 1.0));
    off.map_or(String::new(), |off| format!(", within {} of the host's clock", units::percent(off)))
}

fn host(run: &Run) -> String {
    let host = &run.host;
    let processor = host.processor.as_deref().unwrap_or("unknown processor");
    let threads = if host.threads == 1 { "thread" } else { "threads" };
    format!(
        "{processor}, {} {threads}, {}, clock steps of {}",
        host.threads,
        host.system,
        units::seconds(host.clock_resolution)
    )
}

/// Writes power source and clock rates at the beginning and at the end, if they are known.
fn surroundings(run: &Run) -> Option<String> {
    let around = run.surroundings.as_ref()?;
    let power =
        around.begin.power.value.map(|_| if around.on_battery() { "on battery" } else { "on mains power" }.to_owned());
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
    format!("{started}, {} ({effort}), seed {}", took(run), run.seed)
}

/// Writes the memory of the largest case on the device, and of the program on the host.
fn memory(run: &Run) -> String {
    let cases = run.experiments.iter().flat_map(|experiment| &experiment.cases);
    let largest = cases.filter_map(|case| case.device_bytes).max();
    let parts = [
        largest.map(|bytes| format!("at most {} on the device", units::bytes(bytes as f64))),
        run.peak_host_bytes.map(|bytes| format!("at most {} on the host", units::bytes(bytes as f64))),
    ];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    if parts.is_empty() { "not known".to_owned() } else { parts.join("; ") }
}

/// Writes how many results were checked: `295 results checked, all correct; 31 were not run`.
fn results(run: &Run) -> String {
    let cases = || run.experiments.iter().flat_map(|experiment| &experiment.cases);
    let right = right_results(run);
    let unverified = cases().filter(|case| matches!(case.verified, Verified::NotVerified { .. })).count();
    let without = cases().count() - right - unverified;
    let skipped = left_out(run);
    let mut parts = Vec::new();
    if right > 0 {
        parts.push(format!("{} checked, all correct", words::counted(right as u64, "result")));
    } else if unverified == 0 {
        parts.push("no result to check".to_owned());
    }
    if unverified > 0 {
        parts.push(format!("{} not checked", words::counted(unverified as u64, "result")));
    }
    if right > 0 && without > 0 {
        let verb = if without == 1 { "case produces" } else { "cases produce" };
        parts.push(format!("{without} {verb} no result to check"));
    }
    if skipped > 0 {
        parts.push(format!("{skipped} {} not run", if skipped == 1 { "was" } else { "were" }));
    }
    parts.join("; ")
}

/// Writes what the numbers mean, and which of them can be compared.
fn numbers(run: &Run) -> String {
    let cases = run.experiments.iter().flat_map(|experiment| &experiment.cases);
    // Fewer samples have no 95 % interval: their range holds the true median less often.
    let few =
        if cases.clone().any(|case| case.repetitions() < 6) { " (the range of fewer than 6 timings)" } else { "" };
    let numbers = format!("times are medians; (a–b) is the 95 % interval{few}");
    let wander = run.audit.as_ref().and_then(|audit| audit.wander);
    wander.map_or(numbers.clone(), |share| {
        format!(
            "{numbers}. Compare times only inside one section: between sections speed varied by {}",
            units::percent(share)
        )
    })
}
