//! How much two runs of one device differ though nothing changed. A run tells it by its test kernel: two runs differ at
//! least as much as two sections of one. Where three or more runs of a device are at hand and lie closer together,
//! their own spread tells it.

use serde::Serialize;

use super::Subject;
use super::figures::Figure;
use crate::law::between::Part;
use crate::record::{CanarySamples, Check, Run};
use crate::stats::median;

/// Fewest test kernels of a section, and fewest sections.
const FEWEST: [usize; 2] = [5, 3];

/// Fewest runs of one device whose own spread tells the noise.
const FEWEST_RUNS: usize = 3;

/// No machine repeats itself more closely.
const LEAST: f64 = 0.01;

/// The noise of a busy machine over what the test kernel saw of it: other programs come and go.
const DISTURBED: f64 = 2.0;

/// What is taken if a run does not tell.
const UNTOLD: Part = Part { deviation: 0.1, freedom: 3.0 };

/// What of a run's noise is where, as a share.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub(super) struct Noise {
    /// Of kernels.
    #[serde(serialize_with = "deviation")]
    pub(super) kernel: Part,
    /// Of everything that the host takes part in.
    #[serde(serialize_with = "deviation")]
    pub(super) job: Part,
}

fn deviation<S: serde::Serializer>(part: &Part, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_f64(part.deviation)
}

impl Noise {
    /// Reads the noise off a run's test kernel.
    pub(super) fn of(run: &Run) -> Self {
        let disturbed = if is_busy(run) { DISTURBED } else { 1.0 };
        let of = |times| {
            let part = of_part(run, times);
            Part { deviation: disturbed * part.deviation, ..part }
        };
        let [kernel, rest] = [of(|canary| &canary.kernel), of(|canary| &canary.rest)];
        Self { kernel, job: if rest.deviation > kernel.deviation { rest } else { kernel } }
    }

    /// Returns the noise that is in a figure.
    pub(super) fn in_figure(&self, figure: &Figure) -> Part {
        if figure.is_kernel { self.kernel } else { self.job }
    }
}

/// Whether the machine was busy with something else.
pub(super) fn is_busy(run: &Run) -> bool {
    let mut checks = run.audit.iter().flat_map(|audit| &audit.checks);
    checks.any(|check| check.name == Check::QUIET && !check.passed)
}

/// The spread of the test kernel's medians from section to section. One section has none and two sections hardly one:
/// there it is the spread of the times themselves, if that is not less.
fn of_part(run: &Run, times: fn(&CanarySamples) -> &Vec<f64>) -> Part {
    let clock = run.usual_canary().map(|(clock, _)| clock);
    let canaries = run.experiments.iter().map(|measured| &measured.canary).filter(|canary| canary.clock == clock);
    let told: Vec<&Vec<f64>> = canaries.map(times).filter(|times| times.len() >= FEWEST[0]).collect();
    let medians: Vec<f64> = told.iter().filter_map(|times| Some(median(times)?.ln())).collect();
    let single = || of_values(&told.first()?.iter().map(|time| time.ln()).collect::<Vec<_>>());
    let among = of_values(&medians);
    let part = if medians.len() >= FEWEST[1] {
        among
    } else {
        let is_more = |among: &Part| single().is_some_and(|single| among.deviation > single.deviation);
        among.filter(is_more).or_else(single)
    };
    part.map_or(UNTOLD, |part| Part { deviation: part.deviation.max(LEAST), ..part })
}

fn of_values(values: &[f64]) -> Option<Part> {
    spread(values).map(|deviation| Part { deviation, freedom: values.len() as f64 - 1.0 })
}

/// The standard deviation; unlike a robust one it knows of a burst in a single section.
fn spread(values: &[f64]) -> Option<f64> {
    let count = values.len() as f64;
    let mean = values.iter().sum::<f64>() / count;
    let squares: f64 = values.iter().map(|value| (value - mean).powi(2)).sum();
    Some((squares / (count - 1.0)).sqrt()).filter(|deviation| deviation.is_finite())
}

/// Gives the runs of a device of which there are enough the noise that they show, if it is less.
pub(super) fn shared(subjects: &mut [Subject]) {
    for first in 0..subjects.len() {
        let alike: Vec<usize> =
            (0..subjects.len()).filter(|&other| subjects[first].is_same_device(&subjects[other])).collect();
        if alike.len() < FEWEST_RUNS || alike[0] != first {
            continue;
        }
        let kernel = among(subjects, &alike, |figure| figure.is_kernel);
        let job = among(subjects, &alike, |figure| !figure.is_kernel);
        for index in alike {
            let noise = &mut subjects[index].noise;
            noise.kernel = least(noise.kernel, kernel);
            noise.job = least(noise.job, job);
        }
    }
}

fn least(told: Part, shown: Option<Part>) -> Part {
    shown.filter(|shown| shown.deviation < told.deviation).unwrap_or(told)
}

/// The spread of the same times from run to run: the root of the mean of their variances.
fn among(subjects: &[Subject], alike: &[usize], is_meant: fn(&Figure) -> bool) -> Option<Part> {
    let (mut sum, mut count) = (0.0, 0.0);
    for (key, figure) in subjects[alike[0]].times.iter().filter(|(_, figure)| is_meant(figure)) {
        let others = alike[1..].iter().filter_map(|&index| Some(subjects[index].time(key)?.value.ln()));
        let logs: Vec<f64> = std::iter::once(figure.value.ln()).chain(others).collect();
        if let Some(deviation) = spread(&logs).filter(|_| logs.len() == alike.len()) {
            (sum, count) = (sum + deviation.powi(2), count + 1.0);
        }
    }
    // What sets one run apart is in all of its times.
    let freedom = alike.len() as f64 - 1.0;
    (count > 0.0).then(|| Part { deviation: (sum / count).sqrt().max(LEAST), freedom })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::fixture;
    use crate::record::Clock;

    fn canary(kernel: f64, rest: f64) -> CanarySamples {
        let times = |seconds: f64| vec![seconds; 6];
        CanarySamples { clock: Some(Clock::Gpu), at: times(1.0), kernel: times(kernel), rest: times(rest) }
    }

    #[test]
    fn the_noise_is_that_between_sections() {
        let mut run = fixture::run(vec![fixture::launch_overhead(), fixture::transfers()]);
        assert_eq!(Noise::of(&run), Noise { kernel: UNTOLD, job: UNTOLD }, "no test kernel");
        run.experiments[0].canary = canary(1e-3, 1e-4);
        run.experiments[1].canary = canary(1e-3, 1.2e-4);
        let noise = Noise::of(&run);
        assert_eq!(noise.kernel, Part { deviation: LEAST, freedom: 5.0 }, "by the six times of a section");
        assert!((noise.job.deviation - 1.2f64.ln() / 2f64.sqrt()).abs() < 1e-9, "{noise:?}");
        assert_eq!(noise.job.freedom, 1.0, "two sections lie apart, which tells their spread badly");
        run.experiments.push(fixture::fixed_size(64.0));
        run.experiments[2].canary = canary(1e-3, 1.1e-4);
        assert_eq!(Noise::of(&run).job.freedom, 2.0);
    }

    #[test]
    fn three_runs_that_lie_close_together_tell_it_themselves() {
        let run = |knee: f64| Subject::read(fixture::run(vec![fixture::fixed_size(knee)]));
        let told = |runs: &mut [Subject]| {
            shared(runs);
            runs[0].noise.kernel.deviation
        };
        assert_eq!(told(&mut [run(64.0), run(64.0)]), UNTOLD.deviation, "two runs show a gap, and no spread");
        let mut three = [run(64.0), run(64.0), run(64.0)];
        assert_eq!(told(&mut three), LEAST);
        assert_eq!(three[0].noise.kernel.freedom, 2.0, "three runs have two degrees of freedom");
        assert_eq!(told(&mut [run(16.0), run(64.0), run(1024.0)]), UNTOLD.deviation, "they differ more than noise");
    }
}
