//! Whole experiments on a real adapter: shapes that physics demands of every device, and faults that must be seen.

use std::rc::Rc;

use amdahl::device::gpu::Gpu;
use amdahl::device::{Device, Job, SET_UPS, Spec};
use amdahl::experiment::{Axes, json, settings};
use amdahl::measure::{MeasureError, Settings};
use amdahl::record::{Case, DeviceKind, Effort, LaunchStyle, Measurement, Phase, Problem, Quantity, Run, Verified};
use amdahl::stats;
use amdahl::workload;
use libtest_mimic::{Completion, Failed};
use serde_json::Value;

use super::common;
use super::common::adapter::demand;
use super::common::items;
use super::faulty::{Fault, Faulty};

/// Tries of a claim about times, since another program may take the machine for a while.
const TRIES: usize = 5;

/// Runs experiments, each on a workload, in about a second.
fn measured<D: Device>(device: &mut D, questions: &[(&str, &str)], axes: Axes) -> Result<Run, MeasureError> {
    let settings = Settings { seconds: 1.0, blocks: 5, slowest: 0.25, ..settings(Effort::Quick, 5) };
    common::measured::measured(device, questions, axes, settings)
}

fn sizes(n: u64) -> Axes {
    Axes { sizes: Some(vec![n]), ..Axes::default() }
}

/// The claim holds in one of a few tries; else what the last one saw.
pub(super) fn one_of_a_few(mut claim: impl FnMut() -> Result<(), String>) -> Result<(), Failed> {
    let mut outcome = claim();
    for _ in 1..TRIES {
        if outcome.is_err() {
            outcome = claim();
        }
    }
    outcome.map_err(Failed::from)
}

fn kernel(case: &Measurement) -> Result<f64, String> {
    stats::median(case.seconds(Phase::Kernel)).ok_or_else(|| format!("not timed: {case:?}"))
}

/// Every variant of the product has a case of its own, verified, and is compared with the first.
pub(super) fn every_variant_climbs(gpu: &mut Gpu) -> Result<(), Failed> {
    // Ten kernels are compiled by a driver that may be slow.
    let settings = Settings { seconds: 20.0, blocks: 5, ..settings(Effort::Quick, 5) };
    let run = common::measured::measured(gpu, &[("climb", "matmul")], sizes(64), settings);
    let run = run.map_err(|error| error.to_string())?;
    let one = &run.experiments[0];
    let matmul = workload::find("matmul").ok_or("no matmul")?;
    let names: Vec<&str> = matmul.variants().iter().map(|variant| variant.name).collect();
    let found: Vec<String> = one.cases.iter().filter_map(|case| case.variant).map(|name| name.to_string()).collect();
    // A driver that silently ends loops, or has little workgroup memory, leaves some out, with a reason.
    demand(found.len() + one.skipped.len() == names.len(), || format!("{found:?}, {:?}", one.skipped))?;
    demand(found.len() > names.len() / 2 && found[0] == names[0], || format!("{found:?}"))?;
    let wrong = one.cases.iter().find(|case| !matches!(case.verified, Verified::Right { .. }));
    demand(wrong.is_none(), || format!("{wrong:?}"))?;
    demand(one.tournaments.len() == 1, || format!("{:?}", one.tournaments))?;
    let value: Value = serde_json::from_str(&json(&run)).map_err(|error| error.to_string())?;
    let reading = &value["experiments"][0]["reading"];
    let compared = items(reading).iter().filter(|step| step["over_first"].is_object()).count();
    Ok(demand(compared == found.len(), || reading.to_string())?)
}

/// Where nearly nothing is computed the flop rate grows with the chain; where much is, the bytes pay for it.
pub(super) fn intensity_has_a_slope_and_a_flat(gpu: &mut Gpu) -> Result<(), Failed> {
    one_of_a_few(|| {
        let run = measured(gpu, &[("intensity", "mix")], sizes(1 << 16)).map_err(|error| error.to_string())?;
        let cases = &run.experiments[0].cases;
        let ends = cases.first().zip(cases.last()).ok_or("no cases")?;
        let rates = |case: &Measurement| kernel(case).map(|seconds| (case.flop / seconds, case.bytes / seconds));
        let ((flop, bytes), (most_flop, least_bytes)) = (rates(ends.0)?, rates(ends.1)?);
        let seen = format!("flop/s {flop:.3e} to {most_flop:.3e}, bytes/s {bytes:.3e} to {least_bytes:.3e}");
        demand(ends.1.flop / ends.1.bytes > 50.0 * ends.0.flop / ends.0.bytes, || "the ends are no ends".to_owned())?;
        demand(most_flop >= 3.0 * flop, || format!("no slope: {seen}"))?;
        demand(least_bytes < 0.5 * bytes, || format!("no flat: {seen}"))
    })
}

/// Every further launch costs something, and about what it costs on the ladder; or the run says why it does not, or why
/// it names no cost.
pub(super) fn a_launch_of_a_split_job_costs_what_the_ladder_says(gpu: &mut Gpu) -> Result<(), Failed> {
    one_of_a_few(|| {
        let questions = [("launch-overhead", "empty"), ("split-work", "fma")];
        let axes = Axes { launches: Some(vec![1, 4, 16, 64, 256]), ..sizes(1 << 14) };
        let run = measured(gpu, &questions, axes).map_err(|error| error.to_string())?;
        let cut = run.experiments[1].cases.iter().filter(|case| case.series.launch() == LaunchStyle::OnePass);
        let cut: Vec<f64> = cut.filter_map(|case| Some(case.summary(Quantity::Launched)?.median)).collect();
        let ends = cut.first().zip(cut.last());
        demand(ends.is_some_and(|(one, many)| many > one), || format!("launches cost nothing: {cut:?} s"))?;
        let run: Value = serde_json::from_str(&json(&run)).map_err(|error| error.to_string())?;
        let cost = slope(&run["experiments"][1], |line| line["series"] == "one-pass")?;
        let empty = slope(&run["experiments"][0], |line| line["series"] == "one-pass" && line["part"] == "whole")?;
        let (Some(cost), Some(empty)) = (cost, empty) else { return Ok(()) };
        demand(cost > 0.0, || format!("a launch costs {cost} s"))?;
        let why = ["less than that: ", "more than that: "];
        let said =
            |finding: &Value| finding["text"].as_str().is_some_and(|text| why.iter().any(|why| text.contains(why)));
        let is_told = items(&run["findings"]).iter().any(said);
        demand((0.1..=10.0).contains(&(cost / empty)) || is_told, || {
            format!("a launch costs {cost} s here and {empty} s on the ladder, and nobody says why")
        })
    })
}

/// Returns the slope of a line that an experiment read, in seconds; `None` if a busy machine scattered the times so far
/// that the run refuses the line, which it must say.
fn slope(experiment: &Value, is_it: fn(&Value) -> bool) -> Result<Option<f64>, String> {
    let name = &experiment["name"];
    let line =
        items(&experiment["reading"]).iter().find(|line| is_it(line)).ok_or_else(|| format!("{name} has no line"))?;
    let slope = line["slope"]["value"].as_f64();
    demand(slope.is_some() || line["reason"]["kind"] == "off-law", || format!("{name} has no slope: {line}"))?;
    Ok(slope)
}

/// Lanes that part ways wait for one another, and no more of them than a subgroup has. Only on a software adapter:
/// there lanes are those of the processor's vectors, where a GPU may hide the first few paths behind its memory.
pub(super) fn paths_cost_until_the_subgroup_is_full(gpu: &mut Gpu) -> Result<Completion, Failed> {
    let lanes = gpu.info().subgroup_sizes.map_or(32, |[_, largest]| u64::from(largest));
    if gpu.info().kind != DeviceKind::Software || lanes < 4 {
        return Ok(Completion::ignored_with("only a software adapter with lanes shows each path of a subgroup"));
    }
    one_of_a_few(|| {
        let run = measured(gpu, &[("divergence", "branches")], sizes(1 << 14)).map_err(|error| error.to_string())?;
        let scattered = |paths: u64| {
            let of = |problem| matches!(problem, Problem::Branches { branches, run: 1, .. } if branches == paths);
            let case = run.experiments[0].cases.iter().find(|case| of(case.problem));
            case.ok_or_else(|| format!("{paths} paths are missing")).and_then(kernel)
        };
        let (one, full, beyond) = (scattered(1)?, scattered(lanes)?, scattered(2 * lanes)?);
        let seen = format!("one path {one} s, {lanes} paths {full} s, {} paths {beyond} s", 2 * lanes);
        demand(full >= 2.0 * one, || format!("parting costs nothing: {seen}"))?;
        demand(beyond <= 1.6 * full, || format!("more paths than lanes cost more: {seen}"))
    })?;
    Ok(Completion::Completed)
}

/// A kernel of the GPU itself that returns before it writes leaves the poison, and ends the run by the case's name.
pub(super) fn a_kernel_that_writes_nothing_ends_the_run(gpu: &mut Gpu) -> Result<(), Failed> {
    let edit = |source: &str| source.replace("if id >= params.workers", "if id >= 0u");
    is_refused(gpu, "add", edit, "was never written")?;
    let half = |source: &str| source.replace("i < params.n;", "i + 1u < params.n;");
    is_refused(gpu, "saxpy", half, "was never written")
}

/// A kernel of the GPU itself that computes something else ends the run likewise.
pub(super) fn a_kernel_that_computes_something_else_ends_the_run(gpu: &mut Gpu) -> Result<(), Failed> {
    is_refused(gpu, "add", |source| source.replace("x[i] + y[i]", "x[i] - y[i]"), "the reference is")?;
    is_refused(
        gpu,
        "dot",
        |source| source.replace("* y[min(at, fours - 1u)]", "* -y[min(at, fours - 1u)]"),
        "the reference is",
    )
}

fn is_refused(gpu: &mut Gpu, name: &'static str, edit: fn(&str) -> String, words: &str) -> Result<(), Failed> {
    let device = pollster::block_on(gpu.fresh()).map_err(|error| error.to_string())?;
    let outcome = measured(&mut Faulty::new(device, name, Fault::Kernel(edit)), &[("fixed-size", name)], sizes(1009));
    let Err(error) = outcome else { return Err(format!("{name}: the run passed").into()) };
    let message = error.to_string();
    let is_named = message.contains("wrong result") && message.contains(name) && message.contains(words);
    demand(matches!(error, MeasureError::Mismatch(_)) && is_named, || message).map_err(Failed::from)
}

/// The timers of upload and read-back, mixed up: no memory moves the inputs in the time that one number takes.
pub(super) fn a_swapped_transfer_timer_is_told(gpu: &mut Gpu) -> Result<(), Failed> {
    const CHECK: &str = "no transfer is faster than the host's memory";
    let axes = Axes { workers: Some(vec![1 << 16]), ..sizes(1 << 20) };
    one_of_a_few(|| {
        for (fault, passes) in [(Fault::Sound, true), (Fault::Swapped(Phase::Upload, Phase::ReadBack), false)] {
            let device = pollster::block_on(gpu.fresh()).map_err(|error| error.to_string())?;
            let run = measured(&mut Faulty::new(device, "dot", fault), &[("fixed-size", "dot")], axes.clone());
            let run = run.map_err(|error| error.to_string())?;
            let checks = &run.audit.as_ref().ok_or("no audit")?.checks;
            let check = checks
                .iter()
                .find(|check| check.name == CHECK)
                .ok_or_else(|| format!("no such check: {checks:?}, {:?}", run.experiments[0].skipped))?;
            demand(check.passed == passes, || format!("{check:?}"))?;
        }
        Ok(())
    })
}

/// Cases of one problem take turns on one set of buffers; other inputs have buffers of their own. All results are
/// right. On a software adapter the device's memory is this process's own.
pub(super) fn cases_of_one_problem_share_their_buffers(gpu: &mut Gpu) -> Result<Completion, Failed> {
    const JOBS: u64 = 8;
    if gpu.info().kind != DeviceKind::Software || !cfg!(target_os = "linux") {
        return Ok(Completion::ignored_with("only a software adapter on Linux shows how much memory it takes"));
    }
    let scale = workload::find("scale").ok_or("no scale")?;
    let problem = scale.problem(1 << 21);
    let inputs = Rc::new(scale.inputs(problem, 5));
    let reference = scale.reference(problem, &inputs);
    let mut grown = |own: bool| -> Result<u64, Failed> {
        let before = resident()?;
        let mut jobs = Vec::new();
        for number in 0..JOBS {
            let inputs = if own { Rc::new(Vec::clone(&inputs)) } else { Rc::clone(&inputs) };
            let case = Case::new(problem, 1 << (10 + number), 64);
            let spec = Spec { workload: scale, variant: &scale.variants()[0], case, inputs };
            let (job, laps) = pollster::block_on(gpu.prepare(&spec)).map_err(|error| error.to_string())?;
            let set_ups = laps.iter().filter(|lap| lap.phase == Phase::SetUp).count();
            demand((2..=SET_UPS).contains(&set_ups), || format!("{set_ups} set-ups"))?;
            jobs.push((job, spec));
        }
        let after = resident()?;
        for (job, _) in &mut jobs {
            let output = pollster::block_on(job.output()).map_err(|error| error.to_string())?.ok_or("no output")?;
            let tolerance = scale.tolerance(problem).value;
            let off = output.iter().zip(&reference).find(|(got, want)| {
                let off = (f64::from(**got) - **want).abs();
                off.is_nan() || off > tolerance
            });
            demand(off.is_none() && output.len() == reference.len(), || format!("{off:?}"))?;
        }
        Ok(after.saturating_sub(before))
    };
    // The first time also makes the staging, which stays.
    let (_, shared, own) = (grown(false)?, grown(false)?, grown(true)?);
    let one = 4 * 2 * problem.n();
    demand(own > JOBS * one, || format!("{own} bytes for {JOBS} problems of {one} bytes"))?;
    demand(shared < own / 2, || format!("{shared} bytes for {JOBS} cases of one problem, {own} for as many problems"))?;
    Ok(Completion::Completed)
}

/// Bytes of memory that this process has now.
fn resident() -> Result<u64, Failed> {
    let status = std::fs::read_to_string("/proc/self/status").map_err(|error| error.to_string())?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).ok_or("no VmRSS")?;
    let kibibytes: u64 = line.split_whitespace().next().ok_or("no number")?.parse().map_err(|_| "no number")?;
    Ok(1024 * kibibytes)
}
