//! Promise: a wait has an end, and timestamps that cannot be true are seen, counted and replaced.
//!
//! Without an adapter every test is ignored with the reason; with `AMDAHL_REQUIRE_ADAPTER=1` it fails instead.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod common;

use std::rc::Rc;
use std::time::{Duration, Instant};

use amdahl::device::gpu::{Adapter, Gpu, Stamps};
use amdahl::device::{Device, DeviceError, Job, Repetition, Spec, Waiting};
use amdahl::experiment::{Axes, settings};
use amdahl::record::{
    Case, Clock, Effort, LaunchStyle, Launching, Measurement, Phase, Problem, Quantity, Run, Series, Verified, Wait,
};
use common::adapter::{self, demand, find};
use common::measured::measured;
use libtest_mimic::{Completion, Failed, Trial};

type Test = fn(&Adapter) -> Result<(), Failed>;

fn main() {
    let best = adapter::best();
    // Whether the adapter must have timestamps, which are then replaced by garbage.
    let tests: [(&str, bool, Test); 10] = [
        ("a_bad_pair_now_and_then_is_harmless", true, a_bad_pair_now_and_then_is_harmless),
        (
            "many_bad_pairs_move_the_whole_case_to_the_fallback",
            true,
            many_bad_pairs_move_the_whole_case_to_the_fallback,
        ),
        ("a_tick_of_a_wrong_length_is_found_out", true, a_tick_of_a_wrong_length_is_found_out),
        ("both_ways_of_waiting_see_the_end", false, both_ways_of_waiting_see_the_end),
        ("without_timestamps_the_host_times_the_kernel", false, without_timestamps_the_host_times_the_kernel),
        ("timestamps_that_cannot_be_true_are_replaced", true, timestamps_that_cannot_be_true_are_replaced),
        ("missing_timestamps_are_labelled_in_the_run", false, |adapter| labelled(adapter, Stamps::Missing, false)),
        ("untrue_timestamps_are_counted_in_the_run", true, |adapter| {
            labelled(adapter, Stamps::Planted(vec![[9, 5]]), true)
        }),
        ("a_blocking_wait_has_an_end", false, |adapter| a_wait_has_an_end(adapter, Wait::Block)),
        ("a_spinning_wait_has_an_end", false, |adapter| a_wait_has_an_end(adapter, Wait::Spin)),
    ];
    let trials = tests.map(|(name, stamped, test)| trial(best.as_ref(), name, stamped, test)).into();
    adapter::run(trials)
}

fn trial(adapter: Option<&Adapter>, name: &str, stamped: bool, test: Test) -> Trial {
    adapter::trial(adapter, name, move |adapter| {
        if stamped && !adapter.info.timestamps {
            let reason = "the adapter has no timestamps that could be replaced by garbage";
            return Ok(Completion::ignored_with(reason));
        }
        test(&adapter).map(|()| Completion::Completed)
    })
}

/// The dial: so many elements with a chain of so many multiply-adds each, on one invocation.
fn chain(n: u64, k: u64) -> Spec {
    let (workload, variant) = find("fma");
    adapter::with_inputs(workload, variant, Problem::Chain { n, k }, 1, 1, Rc::default())
}

fn open(adapter: &Adapter, stamps: Stamps) -> Gpu {
    pollster::block_on(Gpu::open_stamped(adapter.clone(), Waiting::default(), stamps)).unwrap()
}

/// A few repetitions of a job, the first of which warms up.
fn repetitions(gpu: &mut Gpu, spec: &Spec) -> Vec<Repetition> {
    runs(gpu, spec, 8).split_off(1)
}

/// So many runs of a job.
fn runs(gpu: &mut Gpu, spec: &Spec, count: usize) -> Vec<Repetition> {
    pollster::block_on(async {
        let (mut job, _) = gpu.prepare(spec).await.unwrap();
        let mut all = Vec::new();
        for _ in 0..count {
            all.push(job.run(true).await.unwrap());
        }
        all
    })
}

/// Pairs of stamps that were rejected in these runs.
fn rejected(runs: &[Repetition]) -> u32 {
    runs.iter().map(|run| run.rejected).sum()
}

fn clock(repetition: &Repetition, phase: Phase) -> Option<Clock> {
    repetition.laps.iter().find(|lap| lap.phase == phase).map(|lap| lap.clock)
}

/// The shortest kernel of a few, in seconds.
fn kernel(repetitions: &[Repetition]) -> f64 {
    repetitions.iter().filter_map(Repetition::kernel).fold(f64::INFINITY, f64::min)
}

/// The same kernel takes as long by either wait, and its output is right.
fn both_ways_of_waiting_see_the_end(adapter: &Adapter) -> Result<(), Failed> {
    let mut gpu = open(adapter, Stamps::Gpu);
    let mut times = Vec::new();
    for wait in Wait::ALL {
        let whole = chain(2048, 1024);
        let spec = Spec { case: Case { wait: Some(wait), ..whole.case }, ..whole };
        times.push(kernel(&repetitions(&mut gpu, &spec)));
        let output = pollster::block_on(async { gpu.prepare(&spec).await?.0.output().await });
        let output = output.map_err(|error: DeviceError| error.to_string())?.ok_or("no output")?;
        let reference = spec.workload.reference(spec.case.problem, &[]);
        let right = output.iter().zip(&reference).all(|(value, right)| f64::from(*value) == *right);
        demand(right && output.len() == reference.len(), || format!("{}: wrong output", wait.name()))?;
    }
    Ok(demand(times[0] < 3.0 * times[1] && times[1] < 3.0 * times[0], || format!("{times:?}"))?)
}

/// The kernel by the host's clock is close to the kernel by the GPU's.
fn without_timestamps_the_host_times_the_kernel(adapter: &Adapter) -> Result<(), Failed> {
    let spec = chain(2048, 1024);
    let (mut stamped, mut bare) = (open(adapter, Stamps::Gpu), open(adapter, Stamps::Missing));
    demand(!bare.info().timestamps && bare.info().timestamp_period.is_none(), || format!("{:?}", bare.info()))?;
    let (with, without) = (repetitions(&mut stamped, &spec), repetitions(&mut bare, &spec));
    for repetition in &without {
        for phase in [Phase::Kernel, Phase::Launch] {
            demand(clock(repetition, phase) == Some(Clock::HostLessEmpty), || format!("{repetition:?}"))?;
        }
        demand(repetition.rejected == 0, || "what is not there cannot be rejected".to_owned())?;
    }
    let (with, without) = (kernel(&with), kernel(&without));
    Ok(demand(without < 3.0 * with && with < 3.0 * without, || {
        format!("{with} s by the GPU, {without} s by the host")
    })?)
}

fn timestamps_that_cannot_be_true_are_replaced(adapter: &Adapter) -> Result<(), Failed> {
    let truth = kernel(&repetitions(&mut open(adapter, Stamps::Gpu), &chain(2048, 1024)));
    let garbage = [("zero", [0, 0]), ("zero first", [0, 5]), ("reversed", [9, 5]), ("absurd", [1, u64::MAX])];
    for (name, pair) in garbage {
        let mut gpu = open(adapter, Stamps::Planted(vec![pair]));
        let runs = runs(&mut gpu, &chain(2048, 1024), 8);
        demand(rejected(&runs) > 0, || format!("{name}: {pair:?} was believed: {runs:?}"))?;
        for run in &runs {
            demand(clock(run, Phase::Kernel) == Some(Clock::HostLessEmpty), || format!("{name}: {run:?}"))?;
        }
        let seconds = kernel(&runs);
        demand(seconds < 3.0 * truth && truth < 3.0 * seconds, || format!("{name}: {seconds} s, in truth {truth} s"))?;
    }
    // One dispatch can be shorter than a tick, so equal stamps are untrue where many dispatches stand between them.
    let mut gpu = open(adapter, Stamps::Planted(vec![[7, 7]]));
    let run = pollster::block_on(async {
        let (mut job, _) = gpu.prepare(&chain(64, 64)).await.unwrap();
        job.set_dispatches(100);
        job.run(true).await.unwrap()
    });
    Ok(demand(run.rejected > 0 && clock(&run, Phase::Kernel) == Some(Clock::HostLessEmpty), || {
        format!("equal: {run:?}")
    })?)
}

/// A bad pair is dropped and its sample measured again: no other clock ever shows.
fn a_bad_pair_now_and_then_is_harmless(adapter: &Adapter) -> Result<(), Failed> {
    let mut gpu = open(adapter, Stamps::Spoiled(20));
    for spec in [chain(64, 64), waited_for(chain(64, 64))] {
        let runs = runs(&mut gpu, &spec, 96);
        demand(rejected(&runs) == 5, || format!("{} rejected", rejected(&runs)))?;
        for run in &runs {
            let sound =
                clock(run, Phase::Kernel) == Some(Clock::Gpu) && run.kernel().is_some_and(|kernel| kernel < 1.0);
            demand(sound, || format!("{run:?}"))?;
        }
    }
    let run = fixed_size(&mut open(adapter, Stamps::Spoiled(20)));
    let by_gpu = |case: &Measurement| case.clock(Phase::Kernel) == Some(Clock::Gpu);
    demand(run.experiments[0].cases.iter().all(by_gpu), || {
        let cases = run.experiments[0].cases.iter().filter(|case| !by_gpu(case));
        let told = cases.map(|case| format!("{:?}, {} rejected", case.clock(Phase::Kernel), case.rejected_timestamps));
        format!("a bad pair in twenty moved a case to another clock: {:?}", told.collect::<Vec<_>>())
    })?;
    let counted: u32 = run.experiments[0].cases.iter().map(|case| case.rejected_timestamps).sum();
    Ok(demand(counted > 0, || "nothing was counted".to_owned())?)
}

/// The same job in the style that waits for each launch.
fn waited_for(spec: Spec) -> Spec {
    adapter::in_series(
        spec,
        Series::Launch(Launching { style: LaunchStyle::WaitEach, chained: false, arguments: false, wait: None }),
    )
}

/// Where more than a tenth of the pairs are bad, the fallback takes over, and for good.
fn many_bad_pairs_move_the_whole_case_to_the_fallback(adapter: &Adapter) -> Result<(), Failed> {
    let runs = runs(&mut open(adapter, Stamps::Spoiled(4)), &chain(64, 64), 120);
    let clocks: Vec<Option<Clock>> = runs.iter().map(|run| clock(run, Phase::Kernel)).collect();
    let stamped = clocks.iter().take_while(|clock| **clock == Some(Clock::Gpu)).count();
    demand((30..60).contains(&stamped), || format!("{stamped} samples before the fallback"))?;
    let fallen = clocks[stamped..].iter().all(|clock| *clock == Some(Clock::HostLessEmpty));
    Ok(demand(fallen, || format!("two clocks in turn: {clocks:?}"))?)
}

/// A tick that is not as long as the driver says is found out when the device is opened.
fn a_tick_of_a_wrong_length_is_found_out(adapter: &Adapter) -> Result<(), Failed> {
    for (times, words) in [
        (80.0, "times faster than the host's"),
        (1.0 / 80.0, "times faster than the GPU's"),
        (1.5, "% faster than the host's"),
        (1.05, "% faster than the host's"),
        (0.95, "% faster than the GPU's"),
    ] {
        let gpu = open(adapter, Stamps::Stretched(times));
        let reason = gpu.info().no_timestamps.clone().unwrap_or_default();
        demand(reason.ends_with(words) && !gpu.info().timestamps, || format!("{times}: {reason:?}"))?;
    }
    let zero = open(adapter, Stamps::Stretched(0.0));
    demand(zero.info().no_timestamps.as_deref() == Some("the driver says that a tick takes no time"), || {
        format!("{:?}", zero.info())
    })?;
    for _ in 0..10 {
        let sound = open(adapter, Stamps::Gpu);
        demand(sound.info().timestamps, || format!("a sound clock was refused: {:?}", sound.info().no_timestamps))?;
    }
    Ok(())
}

/// The experiment `fixed-size` on eight workers at the most.
fn fixed_size(gpu: &mut Gpu) -> Run {
    let axes = Axes { sizes: Some(vec![1009]), workers: Some(vec![1, 2, 8]), ..Axes::default() };
    measured(gpu, &[("fixed-size", "fma")], axes, settings(Effort::Quick, 3)).unwrap()
}

/// A whole experiment on a GPU whose timestamps are missing, or garbage: measured, verified and labelled all the same.
fn labelled(adapter: &Adapter, stamps: Stamps, rejects: bool) -> Result<(), Failed> {
    let run = fixed_size(&mut open(adapter, stamps));
    let cases = &run.experiments[0].cases;
    demand(cases.len() == 3, || format!("{} cases", cases.len()))?;
    for case in cases {
        sane(case).map_err(|what| format!("{what}: {case:?}"))?;
        let counted = case.rejected_timestamps;
        demand((counted > 0) == rejects, || format!("{counted} rejected"))?;
    }
    Ok(())
}

fn sane(case: &Measurement) -> Result<(), &'static str> {
    let claims = [
        ("verified", matches!(case.verified, Verified::Right { .. })),
        ("labelled", case.clock(Phase::Kernel) == Some(Clock::HostLessEmpty)),
        ("timed", case.summary(Quantity::WholeJob).is_some_and(|whole| whole.median > 0.0 && whole.median < 1.0)),
        ("the wait is named", case.wait == Some(Wait::Block)),
    ];
    claims.iter().find(|(_, holds)| !holds).map_or(Ok(()), |(claim, _)| Err(claim))
}

/// A kernel that takes far longer than the patience ends in an error that says so, and in time.
fn a_wait_has_an_end(adapter: &Adapter, strategy: Wait) -> Result<(), Failed> {
    // Long enough for a busy machine to open the device, and far shorter than the kernel.
    const PATIENCE: Duration = Duration::from_millis(60);
    const KERNEL: f64 = 0.9;
    let spec = chain(1024, 4096);
    let one = kernel(&repetitions(&mut open(adapter, Stamps::Gpu), &spec));
    let waiting = Waiting { strategy, patience: PATIENCE };
    let mut gpu = pollster::block_on(Gpu::open(adapter.clone(), waiting)).map_err(|error| error.to_string())?;
    let (mut job, _) = pollster::block_on(gpu.prepare(&spec)).map_err(|error| error.to_string())?;
    job.set_dispatches((KERNEL / one).ceil() as u32);
    let start = Instant::now();
    let outcome = pollster::block_on(job.run(true));
    let waited = start.elapsed().as_secs_f64();
    let Err(error) = outcome else {
        return Err(format!("a kernel of {KERNEL} s ended within {PATIENCE:?}").into());
    };
    demand(matches!(error, DeviceError::Stuck { .. }), || error.to_string())?;
    let message = error.to_string();
    for words in ["waited 60.0 ms for a kernel", "hang", "--sizes", "--device"] {
        demand(message.contains(words), || format!("{words:?} is not in {message:?}"))?;
    }
    demand(waited >= PATIENCE.as_secs_f64() && waited < 0.6 * KERNEL, || format!("it came after {waited} s"))?;
    // The busy device is left alone: letting go of it takes no time.
    let start = Instant::now();
    drop(job);
    drop(gpu);
    let dropped = start.elapsed().as_secs_f64();
    demand(dropped < 0.3 * KERNEL, || format!("dropping the busy device took {dropped} s"))?;
    // The next test shall find the machine idle.
    std::thread::sleep(Duration::from_secs_f64(2.0 * KERNEL));
    Ok(())
}
