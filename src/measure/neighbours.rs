//! Decides whether the machine was busy with other work, from all signs in a run.

use crate::record::{
    Check, DeviceInfo, DeviceKind, Highest, Measured, Measurement, Neighbours, Phase, Problem, ProcessorUse, Run,
    Series, Told,
};
use crate::stats::median;
use crate::units;

/// Limit on other programs for a device that runs on the CPU: half a thread, but at least the first and at most the
/// second share of the processor time.
const THREAD: f64 = 0.5;
const PROCESSOR: [f64; 2] = [0.03, 0.1];

/// Limit on other programs for a discrete GPU, as a share of the processor time: the GPU needs only one thread. An
/// integrated GPU shares power and memory with the processor, so the limit is lower.
const BESIDE_A_GPU: f64 = 0.25;
const BESIDE_AN_INTEGRATED_GPU: f64 = 0.15;

/// Factor by which others may exceed that share in one experiment, if it was observed for at least this many seconds.
const IN_ONE: f64 = 2.5;
const LONG_ENOUGH: f64 = 0.5;

/// Largest time of the test kernel, relative to the last saved run.
const CANARY: f64 = 1.25;

/// Smallest speed of a software GPU on an idle machine, as a share of its full speed.
const LANES: f64 = 0.65;

/// Judges whether the machine was busy.
///
/// The processor time that the system reports is decisive. The test kernel and the speed of a software GPU also count:
/// both are needed if the system reports processor times, one is enough otherwise. The system does not report who uses
/// a GPU, so for a GPU the test kernel alone is enough.
pub fn judged(run: &Run) -> Neighbours {
    let (processor, highest) = processor(&run.experiments);
    let allowed = allowed(&run.device, run.host.threads);
    let signs = Neighbours { processor, highest, allowed, canary: canary(run), lanes: lanes(run), busy: false };
    let told = signs.processor.value.is_some() && on_the_processor(&run.device);
    let enough = if told { 2 } else { 1 };
    let busy = seen_by_the_system(&signs).is_some() || seen_by_kernels(&signs).len() >= enough;
    Neighbours { busy, ..signs }
}

/// Returns whether the device runs on the processor, so that other programs compete with it.
fn on_the_processor(device: &DeviceInfo) -> bool {
    matches!(device.kind, DeviceKind::Cpu | DeviceKind::Software)
}

/// Returns the share of the processor time that other programs may use.
fn allowed(device: &DeviceInfo, threads: u32) -> f64 {
    match device.kind {
        _ if on_the_processor(device) => (THREAD / f64::from(threads)).clamp(PROCESSOR[0], PROCESSOR[1]),
        DeviceKind::Integrated => BESIDE_AN_INTEGRATED_GPU,
        _ => BESIDE_A_GPU,
    }
}

/// Returns the share of the processor time used by other programs, in the whole run and in the worst experiment.
fn processor(experiments: &[Measured]) -> (Told<f64>, Told<Highest>) {
    let told: Vec<(&Measured, ProcessorUse)> =
        experiments.iter().filter_map(|one| Some((one, one.processor.value?))).collect();
    if told.is_empty() {
        let reason = experiments.iter().find_map(|one| one.processor.reason.clone());
        let reason = reason.unwrap_or_else(|| "nothing was measured".to_owned());
        return (Told::absent(reason.clone()), Told::absent(reason));
    }
    let seconds: f64 = told.iter().map(|(_, used)| used.seconds).sum();
    let others = told.iter().map(|(_, used)| used.seconds * used.others).sum::<f64>() / seconds;
    let long = told.iter().filter(|(_, used)| used.seconds >= LONG_ENOUGH);
    let highest = long.max_by(|(_, one), (_, other)| one.others.total_cmp(&other.others)).map_or_else(
        || Told::absent("no experiment was timed for long enough"),
        |(measured, used)| {
            Told::known(Highest { share: used.others, place: format!("{}/{}", measured.name, measured.workload) })
        },
    );
    (Told::known(others), highest)
}

/// Returns the time of the test kernel divided by that of the last saved run.
fn canary(run: &Run) -> Told<f64> {
    let Some(around) = &run.surroundings else {
        return Told::absent("no earlier run was looked for");
    };
    let Some(last) = &around.last_canary.value else {
        return Told { value: None, reason: around.last_canary.reason.clone() };
    };
    match run.usual_canary() {
        Some((clock, seconds)) if clock == last.clock => Told::known(seconds / last.seconds),
        Some(_) => Told::absent("the last saved run of this device had another clock"),
        None => Told::absent("no test kernel ran"),
    }
}

/// Returns the speed of a software GPU as a share of its full speed: the largest speedup of multiply-adds over one
/// worker, divided by the lanes of all threads.
fn lanes(run: &Run) -> Told<f64> {
    let (DeviceKind::Software, Some([_, width])) = (run.device.kind, run.device.subgroup_sizes) else {
        return Told::absent("only the speed of a software GPU is known beforehand");
    };
    let there = f64::from(run.host.threads) * f64::from(width);
    let found = run.experiments.iter().filter(|one| one.name == "fixed-size").filter_map(|one| speedup(&one.cases));
    found.reduce(f64::max).map_or_else(
        || Told::absent("fixed-size did not measure fma on one worker and on many"),
        |speedup| Told::known(speedup / there),
    )
}

/// Returns the largest speedup of the kernel over one worker; `None` if the job does not consist of multiply-adds.
fn speedup(cases: &[Measurement]) -> Option<f64> {
    let own = |case: &&Measurement| case.series == Series::Device && matches!(case.problem, Problem::Chain { .. });
    let times =
        || cases.iter().filter(own).filter_map(|case| Some((case.workers, median(case.seconds(Phase::Kernel))?)));
    let (_, one) = times().find(|(workers, _)| *workers == 1)?;
    let fastest = times().map(|(_, seconds)| seconds).reduce(f64::min)?;
    Some(one / fastest)
}

/// Returns the verdict with its numbers; `None` if there is no sign at all.
pub(super) fn check(signs: &Neighbours) -> Option<Check> {
    let known = signs.processor.value.is_some() || signs.canary.value.is_some() || signs.lanes.value.is_some();
    let detail = if signs.busy { accusation(signs) } else { numbers(signs) };
    known.then(|| Check { name: Check::QUIET.to_owned(), passed: !signs.busy, detail })
}

/// Says how much of the processor other programs used, if it was too much.
fn seen_by_the_system(signs: &Neighbours) -> Option<String> {
    let used =
        |share, when: &str| format!("other programs used {} of the processor {when}", units::whole_percent(share));
    let whole = signs.processor.value.filter(|share| *share > signs.allowed);
    let one = signs.highest.value.as_ref().filter(|highest| highest.share > IN_ONE * signs.allowed);
    let whole = whole.map(|share| used(share, "during the run"));
    whole.or_else(|| one.map(|highest| used(highest.share, &format!("during {}", highest.place))))
}

/// Lists the signs of a busy machine in our own kernels.
fn seen_by_kernels(signs: &Neighbours) -> Vec<String> {
    let late = signs.canary.value.filter(|times| *times > CANARY).map(against_last);
    late.into_iter().chain(signs.lanes.value.filter(|share| *share < LANES).map(reached)).collect()
}

fn against_last(times: f64) -> String {
    let word = if times < 1.0 { "faster" } else { "slower" };
    format!("a fixed test kernel was {} {word} than in the last saved run", units::percent((times - 1.0).abs()))
}

fn reached(share: f64) -> String {
    format!("this software GPU reached {} of its full speed", units::percent(share))
}

/// Says what kept the machine busy, and what to do about it.
fn accusation(signs: &Neighbours) -> String {
    seen_by_the_system(signs).map_or_else(
        || format!("{}. Close other programs and run again", seen_by_kernels(signs).join(", and ")),
        |what| format!("{what}. Close them and run again"),
    )
}

/// Lists the numbers of a machine that was not busy.
fn numbers(signs: &Neighbours) -> String {
    let highest = signs.highest.value.as_ref().map_or(String::new(), |highest| {
        format!(", at most {} during {}", units::percent(highest.share), highest.place)
    });
    let used = |share| format!("other programs used {} of the processor{highest}", units::percent(share));
    let unknown = |reason: &String| format!("processor use is unknown ({reason})");
    let processor = signs.processor.value.map(used).or(signs.processor.reason.as_ref().map(unknown));
    let kernels = signs.canary.value.map(against_last).into_iter().chain(signs.lanes.value.map(reached));
    processor.into_iter().chain(kernels).collect::<Vec<_>>().join("; ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::fixture;
    use crate::record::{CanarySamples, Clock, Conditions, LastCanary, Surroundings};

    /// Returns a run on an otherwise idle software GPU of 8 threads with 8 lanes each.
    fn alone() -> Run {
        let device = DeviceInfo { subgroup_sizes: Some([8, 8]), ..fixture::software() };
        let mut run = Run { device, ..fixture::run(vec![fixture::fixed_size(60.0), fixture::launch_overhead()]) };
        used(&mut run, 0.01, 0.02);
        for experiment in &mut run.experiments {
            let kernel = vec![1e-3, 1.02e-3, 1.5e-3];
            experiment.canary = CanarySamples { clock: Some(Clock::Gpu), kernel, ..CanarySamples::default() };
        }
        let unknown = || Told::absent("not planted");
        let begin = Conditions { power: Told::absent(""), processor_hertz: unknown(), gpu_hertz: unknown() };
        let last = LastCanary { started: run.started.clone(), clock: Clock::Gpu, seconds: 1e-3 };
        run.surroundings = Some(Surroundings { begin, end: None, last_canary: Told::known(last) });
        run
    }

    /// Plants the use by others during the two experiments. The second one is shorter.
    fn used(run: &mut Run, first: f64, second: f64) {
        for (experiment, (seconds, others)) in run.experiments.iter_mut().zip([(3.0, first), (1.0, second)]) {
            experiment.processor = Told::known(ProcessorUse { seconds, own: 0.5, others });
        }
    }

    fn told(run: &Run) -> (bool, String) {
        let signs = judged(run);
        let check = check(&signs).unwrap();
        assert_eq!(check.passed, !signs.busy);
        (signs.busy, check.detail)
    }

    /// Removes the processor times, as in a container.
    fn hidden(mut run: Run) -> Run {
        run.experiments.iter_mut().for_each(|one| one.processor = Told::absent("a container"));
        run
    }

    #[test]
    fn a_machine_that_was_alone_is_not_accused() {
        let (busy, detail) = told(&alone());
        assert!(
            !busy && detail.contains("used 1.2 % of the processor, at most 2.0 % during launch-overhead"),
            "{detail}"
        );
        assert!(detail.contains("was 2.0 % slower") && detail.contains("% of its full speed"), "{detail}");
        assert!(!told(&hidden(alone())).0);
    }

    #[test]
    fn a_steady_neighbour_is_told() {
        let mut run = alone();
        used(&mut run, 0.48, 0.48);
        let (busy, detail) = told(&run);
        assert!(busy);
        assert_eq!(detail, "other programs used 48 % of the processor during the run. Close them and run again");
    }

    /// A burst is a small part of the whole run, but spoils the experiment that it hits.
    #[test]
    fn a_burst_is_told_with_its_experiment() {
        let mut run = alone();
        used(&mut run, 0.0, 0.2);
        let (busy, detail) = told(&run);
        assert!(busy && detail.contains("used 20 % of the processor during launch-overhead/empty"), "{detail}");
        run.experiments[1].processor = Told::known(ProcessorUse { seconds: 0.3, own: 0.5, others: 0.2 });
        assert!(!told(&run).0, "a third of a second says little");
    }

    /// Half a thread of eight is too much for a device on the processor, and no problem for a GPU.
    #[test]
    fn what_others_may_use_depends_on_the_device() {
        let mut run = alone();
        used(&mut run, 0.08, 0.08);
        assert!(told(&run).0);
        run.host.threads = 2;
        assert!(!told(&run).0);
        run.host.threads = 8;
        run.device.kind = DeviceKind::Discrete;
        assert!(!told(&run).0);
        used(&mut run, 0.2, 0.2);
        assert!(!told(&run).0);
        run.device.kind = DeviceKind::Integrated;
        assert!(told(&run).0, "it shares the processor's memory");
        run.device.kind = DeviceKind::Discrete;
        used(&mut run, 0.3, 0.3);
        assert!(told(&run).0);
    }

    /// One sign in our own kernels is enough if the system reports nothing. Two are needed if it reports an idle
    /// machine.
    #[test]
    fn our_own_kernels_speak_where_the_system_does_not() {
        let late = |mut run: Run| {
            run.experiments.iter_mut().for_each(|one| one.canary.kernel.iter_mut().for_each(|seconds| *seconds *= 1.6));
            run
        };
        let narrow = |mut run: Run| {
            run.experiments[0] = Measured { cases: fixture::fixed_size(30.0).cases, ..run.experiments[0].clone() };
            run
        };
        for run in [late(hidden(alone())), narrow(hidden(alone()))] {
            assert!(told(&run).0, "{:?}", judged(&run));
        }
        assert!(!told(&late(alone())).0 && !told(&narrow(alone())).0, "a slow clock is no neighbour");
        let (busy, detail) = told(&late(narrow(alone())));
        assert!(
            busy && detail.starts_with("a fixed test kernel was 63.2 % slower")
                && detail.contains(", and this software GPU reached 4"),
            "{detail}"
        );
    }

    /// Another program on a GPU hardly uses the processor. Only our own test kernel shows it.
    #[test]
    fn who_keeps_a_gpu_busy_is_seen_by_the_canary_alone() {
        let mut run = alone();
        run.device.kind = DeviceKind::Discrete;
        assert!(!told(&run).0);
        run.experiments.iter_mut().for_each(|one| one.canary.kernel.iter_mut().for_each(|seconds| *seconds *= 1.6));
        let (busy, detail) = told(&run);
        assert!(busy && detail.starts_with("a fixed test kernel was 63.2 % slower"), "{detail}");
    }

    #[test]
    fn without_any_sign_there_is_no_verdict() {
        let run = hidden(fixture::run(vec![fixture::launch_overhead()]));
        let signs = judged(&run);
        assert!(check(&signs).is_none() && !signs.busy, "{signs:?}");
        for told in [signs.processor.reason, signs.canary.reason, signs.lanes.reason] {
            assert!(told.is_some());
        }
    }
}
