//! Words that tables and sentences share, so that one thing has one name.

use crate::law::Model;
use crate::law::speedup::{Agreement, SpeedupFit, compare_phases};
use crate::record::{Baseline, Clock, DeviceKind, Measured, Phase, Problem, Run, Wait, WorkersAre};
use crate::stats::Estimate;
use crate::units;

/// The device in a sentence.
pub(crate) fn device(kind: DeviceKind) -> &'static str {
    match kind {
        DeviceKind::Cpu => "this CPU",
        DeviceKind::Simulated => "the simulated device",
        DeviceKind::Software => "this software GPU",
        _ => "this GPU",
    }
}

/// What kind of thing a device is.
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

/// So many workers, by the name that they have on the device: `1 invocation`, `2^20 invocations`, `2 threads`.
pub(crate) fn workers(run: &Run, measured: &Measured, count: u64) -> String {
    let noun = worker(run, measured);
    format!("{} {noun}{}", units::size(count), if count == 1 { "" } else { "s" })
}

/// What a worker is on the device.
pub(crate) fn worker(run: &Run, measured: &Measured) -> &'static str {
    match (run.device.kind, measured.workers_are) {
        (DeviceKind::Cpu, _) => "thread",
        (DeviceKind::Simulated, _) => "worker",
        (_, WorkersAre::Workgroups) => "workgroup",
        (_, WorkersAre::Invocations) => "invocation",
    }
}

/// A problem in words: `n = 2^16 with 512 multiply-adds each`.
pub(crate) fn problem(problem: Problem) -> String {
    match problem {
        Problem::Vector { n } => format!("n = {}", units::size(n)),
        Problem::Chain { n, k } => format!("n = {} with {} multiply-adds each", units::size(n), units::count(k)),
        Problem::Branches { n, branches, k, .. } => {
            format!("n = {} on {}, {} multiply-adds each", units::size(n), counted(branches, "path"), units::count(k))
        }
        Problem::Batch { n } => format!("n = {} (a batch of {})", units::count(n), counted(n, "row")),
        Problem::Matrix { m, k, n } if m == k && k == n => format!("n = {0} ({0} x {0} matrices)", units::count(n)),
        Problem::Matrix { m, k, n } => {
            let [m, k, n] = [m, k, n].map(units::count);
            format!("{m} x {k} times {k} x {n}")
        }
    }
}

/// The amount of a problem in a sentence: `2^16 elements`.
pub(crate) fn amount(problem: Problem) -> String {
    match problem {
        Problem::Vector { n } | Problem::Chain { n, .. } | Problem::Branches { n, .. } => counted(n, "element"),
        Problem::Batch { n } => format!("a batch of {}", counted(n, "row")),
        Problem::Matrix { m, k, n } if m == k && k == n => format!("{0} x {0} matrices", units::count(n)),
        Problem::Matrix { .. } => format!("matrices of {}", self::problem(problem)),
    }
}

/// A number of things: `1 element`, `2,048 elements`.
pub(crate) fn counted(number: u64, thing: &str) -> String {
    format!("{} {thing}{}", units::count(number), if number == 1 { "" } else { "s" })
}

/// A workload with its variant: `matmul/tiled`.
pub(crate) fn workload(measured: &Measured) -> String {
    match &measured.variant {
        Some(variant) => format!("{}/{variant}", measured.workload),
        None => measured.workload.clone(),
    }
}

/// A phase in a sentence.
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

/// A clock in a table.
pub(crate) fn clock(clock: Clock) -> &'static str {
    match clock {
        Clock::Host => "host",
        Clock::Gpu => "GPU timestamps",
        Clock::HostLessGpu => "host − GPU",
        Clock::HostLessEmpty => "host − empty dispatch",
        Clock::Simulated => "planted",
    }
}

/// How the host waits for the device.
pub(crate) fn waiting(wait: Wait) -> String {
    let how = match wait {
        Wait::Block => "the driver wakes the host",
        Wait::Spin => "the host asks again and again, which takes a processor core",
    };
    format!("{}: {how}", wait.name())
}

/// A model of the speedup family in words.
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
    }
}

/// Where the serial share of the phase timers and that of the curve part ways; `None` where they do not.
pub(crate) fn disagreement(fit: &SpeedupFit, by_timers: Estimate) -> Option<&'static str> {
    match compare_phases(fit, by_timers).agreement {
        Agreement::TimersFindMore => {
            Some("more than the curve shows, so part of it overlaps with the kernel, or shrinks as workers are added")
        }
        Agreement::TimersFindLess => Some(
            "less than the curve shows, so inside the kernel, too, something stops scaling that no timer sees: workers \
             with unequal shares, or memory that they wait for",
        ),
        Agreement::Agrees | Agreement::NothingToCompare => None,
    }
}

/// A baseline in a sentence: `one CPU thread with its vector unit`.
pub(crate) fn baseline(run: &Run, baseline: Baseline) -> String {
    match baseline {
        Baseline::Scalar => "one CPU thread, one element at a time".to_owned(),
        Baseline::Simd => "one CPU thread with its vector unit".to_owned(),
        Baseline::Threads => match run.host.threads {
            1 => "the one CPU thread".to_owned(),
            2 => "both CPU threads".to_owned(),
            threads => format!("all {threads} CPU threads"),
        },
        Baseline::TinyTasks => "CPU threads with tasks far too small".to_owned(),
    }
}

/// A count that a law gives, rounded to a whole one; three digits where it is beyond counting.
pub(crate) fn whole(count: f64) -> String {
    if (0.0..1e15).contains(&count) { units::count(count.round() as u64) } else { units::ratio(count) }
}

/// `worker` after one, `workers` after any other count.
pub(crate) fn noun(count: f64) -> &'static str {
    if count.round() == 1.0 { "worker" } else { "workers" }
}

/// A ratio with its interval.
pub(crate) fn ratio(estimate: Estimate) -> String {
    units::ratio_interval(estimate.value, estimate.low, estimate.high)
}

/// An interval wider than this factor is told by its ends, without a value.
const WIDEST_FACTOR: f64 = 3.0;

/// A ceiling with its interval; a wide one as a range, one that nothing bounds from below with an upper end only.
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

/// A speedup as a comparison: `14.1 times (13.9–14.3) faster`, or `slower` where it is below one.
pub(crate) fn faster(speedup: Estimate) -> String {
    compared(speedup, times)
}

/// A speedup as a comparison without its interval, for a sentence that is read aloud.
pub(crate) fn faster_alone(speedup: Estimate) -> String {
    compared(speedup, |ratio| format!("{} times", units::ratio(ratio.value)))
}

fn compared(speedup: Estimate, in_words: impl Fn(Estimate) -> String) -> String {
    match speedup.reciprocal() {
        Some(slowdown) if speedup.value < 1.0 => format!("{} slower", in_words(slowdown)),
        _ => format!("{} faster", in_words(speedup)),
    }
}

/// A cost in seconds with its interval; where that reaches down to nothing, its upper end alone.
pub(crate) fn cost(estimate: Estimate) -> String {
    if estimate.low > 0.0 { seconds(estimate) } else { format!("at most {}", units::seconds(estimate.high)) }
}

/// A cost in seconds without its interval, for a sentence that is read aloud.
pub(crate) fn about(estimate: Estimate) -> String {
    if estimate.low > 0.0 { units::seconds(estimate.value) } else { cost(estimate) }
}

/// A ratio and the word after it, the interval last: `14.1 times (13.9–14.3)`.
pub(crate) fn times(estimate: Estimate) -> String {
    let text = ratio(estimate);
    text.split_once(' ').map_or(text.clone(), |(value, interval)| format!("{value} times {interval}"))
}

/// A share with its interval.
pub(crate) fn percent(estimate: Estimate) -> String {
    units::percent_interval(estimate.value, estimate.low, estimate.high)
}

/// A time with its interval.
pub(crate) fn seconds(estimate: Estimate) -> String {
    units::seconds_interval(estimate.value, estimate.low, estimate.high)
}

/// A sentence's first letter as a capital.
pub(crate) fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or(String::new(), |first| first.to_uppercase().chain(letters).collect())
}

/// Text as a sentence: with a capital at its beginning and a full stop at its end.
pub(crate) fn sentence(text: &str) -> String {
    capital(&stopped(text))
}

/// Text with a full stop at its end. Names of workloads keep their small letters where they begin a sentence.
pub(crate) fn stopped(text: &str) -> String {
    format!("{}.", text.trim().trim_end_matches('.'))
}
