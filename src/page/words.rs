//! The words that tables and sentences share: one name for one thing.

use crate::law::between::Why;
use crate::law::speedup::{Agreement, SpeedupFit, compare_phases};
use crate::law::{Comparison, Model};
use crate::record::{Baseline, Clock, DeviceKind, Measured, Phase, Problem, Run, Wait, WorkersAre};
use crate::stats::Estimate;
use crate::units;

/// Names the device in a sentence.
pub(crate) fn device(kind: DeviceKind) -> &'static str {
    match kind {
        DeviceKind::Cpu => "this CPU",
        DeviceKind::Simulated => "the simulated device",
        DeviceKind::Software => "this software GPU",
        _ => "this GPU",
    }
}

/// Names the kind of a device.
pub(crate) fn kind(kind: DeviceKind) -> &'static str {
    match kind {
        DeviceKind::Discrete => "discrete GPU",
        DeviceKind::Integrated => "integrated GPU",
        DeviceKind::Virtual => "virtual GPU",
        DeviceKind::Software => "software GPU",
        DeviceKind::Other => "GPU",
        DeviceKind::Cpu => "CPU",
        DeviceKind::Simulated => "simulated",
    }
}

/// Writes a worker count: `1 worker`, `1,048,576 workers`.
pub(crate) fn workers(run: &Run, measured: &Measured, count: u64) -> String {
    let noun = worker(run, measured);
    format!("{} {noun}{}", units::count(count), if count == 1 { "" } else { "s" })
}

/// Names one worker. The header says once what a worker is on the device.
pub(crate) fn worker(run: &Run, measured: &Measured) -> &'static str {
    match (run.device.kind, measured.workers_are) {
        (DeviceKind::Cpu | DeviceKind::Simulated, _) | (_, WorkersAre::Invocations) => "worker",
        (_, WorkersAre::Workgroups) => "workgroup",
    }
}

/// Writes what a worker is on the device.
pub(crate) fn what_a_worker_is(run: &Run) -> &'static str {
    let is_workgroup = |one: &Measured| one.workers_are == WorkersAre::Workgroups;
    match run.device.kind {
        DeviceKind::Cpu => "one thread of the CPU",
        DeviceKind::Simulated if run.device.stands_for.is_none() => "one share of the planted job",
        _ if run.experiments.iter().any(is_workgroup) => "one workgroup: GPU threads that share memory",
        _ => "one GPU thread (an invocation of the kernel)",
    }
}

/// Writes a problem with all that describes it: `65,536 elements, 512 multiply-adds each`.
pub(crate) fn problem(problem: Problem) -> String {
    match problem {
        Problem::Vector { .. } | Problem::Batch { .. } => amount(problem),
        Problem::Chain { k, .. } => format!("{}, {} multiply-adds each", amount(problem), units::count(k)),
        Problem::Branches { branches, k, .. } => {
            format!("{} on {}, {} multiply-adds each", amount(problem), counted(branches, "path"), units::count(k))
        }
        Problem::Matrix { m, k, n } if m == k && k == n => amount(problem),
        Problem::Matrix { m, k, n } => {
            let [m, k, n] = [m, k, n].map(units::count);
            format!("{m} x {k} times {k} x {n}")
        }
    }
}

/// Writes the size of a problem: `65,536 elements`.
pub(crate) fn amount(problem: Problem) -> String {
    match problem {
        Problem::Vector { n } | Problem::Chain { n, .. } | Problem::Branches { n, .. } => counted(n, "element"),
        Problem::Batch { n } => format!("a batch of {}", counted(n, "row")),
        Problem::Matrix { m, k, n } if m == k && k == n => format!("{0} x {0} matrices", units::count(n)),
        Problem::Matrix { .. } => format!("matrices of {}", self::problem(problem)),
    }
}

/// Writes a number of things: `1 element`, `2,048 elements`.
pub(crate) fn counted(number: u64, thing: &str) -> String {
    let ending = match number {
        1 => "",
        _ if thing.ends_with("ch") => "es",
        _ => "s",
    };
    format!("{} {thing}{ending}", units::count(number))
}

/// Names a workload with its variant: `matmul/tiled`.
pub(crate) fn workload(measured: &Measured) -> String {
    match &measured.variant {
        Some(variant) => format!("{}/{variant}", measured.workload),
        None => measured.workload.clone(),
    }
}

/// Names a phase in a sentence.
pub(crate) fn phase(phase: Phase) -> &'static str {
    match phase {
        Phase::SetUp => "set-up",
        Phase::Compile => "compiling",
        Phase::FirstUpload => "the first upload",
        Phase::FirstLaunch => "the first launch",
        Phase::FirstReadBack => "the first read-back",
        Phase::Upload => "upload",
        Phase::Launch => "launch",
        Phase::Encode => "encoding",
        Phase::Part => "a part of the kernel",
        Phase::Pass => "the pass of empty kernels",
        Phase::Kernel => "the kernel",
        Phase::ReadBack => "read-back",
    }
}

/// Names a clock.
pub(crate) fn clock(clock: Clock) -> &'static str {
    match clock {
        Clock::Host => "host",
        Clock::Gpu => "GPU timestamps",
        Clock::HostLessGpu => "host − GPU",
        Clock::HostLessEmpty => "host − empty dispatch",
        Clock::Simulated => "planted",
    }
}

/// Writes how the host waits for the device.
pub(crate) fn waiting(wait: Wait) -> String {
    let how = match wait {
        Wait::Block => "the driver wakes the host",
        Wait::Spin => "the host asks all the time, which keeps a processor core busy",
    };
    format!("{}: {how}", wait.name())
}

/// Writes a word of a command so that a shell takes it as one word.
pub(crate) fn quoted(word: &str) -> String {
    let separator = if cfg!(windows) { '\\' } else { '/' };
    let is_plain = |letter: char| letter.is_alphanumeric() || "-_./:=,+".contains(letter) || letter == separator;
    if !word.is_empty() && word.chars().all(is_plain) {
        return word.to_owned();
    }
    // A word with a zero byte is on no command line.
    shlex::try_quote(word).map_or_else(|_| word.to_owned(), std::borrow::Cow::into_owned)
}

/// Names a speedup law.
pub(crate) fn model(model: Model) -> &'static str {
    match model {
        Model::Constant => "no speedup at all",
        Model::Ideal => "ideal speedup",
        Model::Amdahl => "Amdahl's law",
        Model::Saturation => "saturation without a serial part",
        Model::AmdahlSaturation => "Amdahl's law with saturation",
        Model::AmdahlSaturationSmooth => "Amdahl's law with gradual saturation",
        Model::Usl => "the Universal Scalability Law",
        Model::AmdahlSaturationKappa => "Amdahl's law with saturation and a cost per worker",
        Model::AmdahlLog => "Amdahl's law with a cost of each doubling",
        Model::AmdahlSaturationLog => "Amdahl's law with saturation and a cost of each doubling",
        Model::AmdahlSaturationCosts => "Amdahl's law with saturation, a cost per worker and one of each doubling",
    }
}

/// Writes how the serial fraction by the phase timers differs from that of the curve; `None` if both agree.
pub(crate) fn disagreement(fit: &SpeedupFit, by_timers: Estimate) -> Option<&'static str> {
    match compare_phases(fit, by_timers).agreement {
        Agreement::TimersFindMore => {
            Some("more than the curve shows: part of it overlaps with the kernel, or shrinks as workers are added")
        }
        Agreement::TimersFindLess => Some(
            "less than the curve shows: inside the kernel, too, something stops scaling, such as unequal shares or \
             waiting for memory",
        ),
        Agreement::Agrees | Agreement::NothingToCompare => None,
    }
}

/// Names how two values compare: of times and rates as faster or slower, of other numbers as more or less.
pub(crate) fn comparison(comparison: Comparison, is_speed: bool) -> &'static str {
    match (comparison, is_speed) {
        (Comparison::Faster, true) => "FASTER",
        (Comparison::Slower, true) => "SLOWER",
        (Comparison::Faster, false) => "MORE",
        (Comparison::Slower, false) => "LESS",
        (Comparison::Same, _) => "SAME",
        (Comparison::Undecided, _) => "UNDECIDED",
    }
}

/// Writes why two values are not told apart, or what to know of their difference.
pub(crate) fn why(why: Why) -> &'static str {
    match why {
        Why::Overlap => "the intervals overlap",
        Why::NoiseBetweenRuns => "within the noise between runs",
        Why::Chance => "one of many, may be chance",
        Why::Drift => "speed changed during a run",
        Why::Busy => "a machine was busy",
        Why::FewTimings => "timed only once or twice",
        Why::NoInterval => "no interval of its own",
        Why::DifferentClocks => "two different clocks",
        Why::DifferentSizes => "jobs of different sizes",
        Why::DifferentWorkloads => "different workloads",
        Why::DifferentVersions => "different versions",
    }
}

/// Names a baseline in a sentence: `one CPU thread with its vector unit`.
pub(crate) fn baseline(run: &Run, baseline: Baseline) -> String {
    match baseline {
        Baseline::Scalar => "one CPU thread, one element at a time".to_owned(),
        Baseline::Simd => "one CPU thread with its vector unit".to_owned(),
        Baseline::Threads => match run.host.threads {
            1 => "the one CPU thread".to_owned(),
            2 => "both CPU threads".to_owned(),
            threads => format!("all {threads} CPU threads"),
        },
        Baseline::TinyTasks => "CPU threads with tiny tasks".to_owned(),
    }
}

/// Rounds a count that a law gives to a whole one; a huge count has three digits.
pub(crate) fn whole(count: f64) -> String {
    if (0.0..1e15).contains(&count) { units::count(count.round() as u64) } else { units::ratio(count) }
}

/// Writes counts: `2 workers`, `2, 3 and 7 workers`.
pub(crate) fn on_workers(mut counts: Vec<String>) -> String {
    let last = counts.pop().unwrap_or_default();
    if counts.is_empty() { format!("{last} workers") } else { format!("{} and {last} workers", counts.join(", ")) }
}

/// Writes at how many workers hardware is full: `about 16`, or `6 to 108` where the fit hardly tells.
pub(crate) fn full_at(Estimate { value, low, high }: Estimate) -> String {
    const WIDE: f64 = 2.0;
    if high > WIDE * low { format!("{} to {}", whole(low), whole(high)) } else { format!("about {}", whole(value)) }
}

/// Returns `worker` after one, `workers` after any other count.
pub(crate) fn noun(count: f64) -> &'static str {
    if count.round() == 1.0 { "worker" } else { "workers" }
}

/// Returns `reaches` after one worker, `reach` after any other count.
pub(crate) fn reach(count: f64) -> &'static str {
    if count.round() == 1.0 { "reaches" } else { "reach" }
}

/// Writes a ratio with its interval.
pub(crate) fn ratio(estimate: Estimate) -> String {
    units::ratio_interval(estimate.value, estimate.low, estimate.high)
}

/// An interval wider than this factor is written by its ends, without a value.
const WIDEST_FACTOR: f64 = 3.0;

/// Writes a ceiling with its interval; a wide one as a range, one without a lower end as a maximum.
pub(crate) fn ceiling(estimate: Estimate) -> String {
    let Estimate { value, low, high } = estimate;
    if low <= 0.0 {
        format!("{} (at most {})", units::ratio(value), units::ratio(high))
    } else if high > WIDEST_FACTOR * low {
        format!("between {} and {}", units::ratio(low), units::ratio(high))
    } else {
        ratio(estimate)
    }
}

/// Writes a speedup as `14.1 times (13.9–14.3) faster`, or as `slower` if it is below one.
pub(crate) fn faster(speedup: Estimate) -> String {
    compared(speedup, times)
}

/// Writes a speedup without its interval, for the summary: `14.1 times faster`.
pub(crate) fn faster_alone(speedup: Estimate) -> String {
    compared(speedup, |ratio| format!("{} times", units::ratio(ratio.value)))
}

fn compared(speedup: Estimate, in_words: impl Fn(Estimate) -> String) -> String {
    match speedup.reciprocal() {
        Some(slowdown) if speedup.value < 1.0 => format!("{} slower", in_words(slowdown)),
        _ => format!("{} faster", in_words(speedup)),
    }
}

/// Writes a cost in seconds with its interval, or its upper end alone if the interval holds zero.
pub(crate) fn cost(estimate: Estimate) -> String {
    if estimate.low > 0.0 { seconds(estimate) } else { format!("at most {}", units::seconds(estimate.high)) }
}

/// Writes a cost in seconds without its interval, for the summary.
pub(crate) fn about(estimate: Estimate) -> String {
    if estimate.low > 0.0 { units::seconds(estimate.value) } else { cost(estimate) }
}

/// Writes a ratio as a multiple, the interval last: `14.1 times (13.9–14.3)`.
pub(crate) fn times(estimate: Estimate) -> String {
    let text = ratio(estimate);
    text.split_once(' ')
        .map_or_else(|| format!("{text} times"), |(value, interval)| format!("{value} times {interval}"))
}

/// Writes a share with its interval.
pub(crate) fn percent(estimate: Estimate) -> String {
    units::percent_interval(estimate.value, estimate.low, estimate.high)
}

/// Writes a time with its interval.
pub(crate) fn seconds(estimate: Estimate) -> String {
    units::seconds_interval(estimate.value, estimate.low, estimate.high)
}

/// Makes the first letter a capital.
pub(crate) fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or(String::new(), |first| first.to_uppercase().chain(letters).collect())
}

/// Makes text a sentence: a capital first, a full stop last.
pub(crate) fn sentence(text: &str) -> String {
    capital(&stopped(text))
}

/// Adds a full stop. A workload's name keeps its small letter at the beginning of a sentence.
pub(crate) fn stopped(text: &str) -> String {
    format!("{}.", text.trim().trim_end_matches('.'))
}
