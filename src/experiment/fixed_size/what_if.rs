//! Which phase sets the ceiling of the whole job, which kind of overhead dominates, and what would become of the job
//! without it.

use crate::experiment::cases::{SERIAL_PHASES, Speedups, phase};
use crate::law::what_if::{Job, Outcome, Overhead, Part};
use crate::page::words;
use crate::record::{Measured, Measurement, Phase, Quantity};
use crate::units;

/// The serial phases of a job with what would become of it.
pub(super) struct WhatIf<'a> {
    job: Job,
    /// The case with the fewest workers.
    pub(super) base: &'a Measurement,
    /// The phases that the job has, in their order.
    pub(super) parts: Vec<(Phase, Part)>,
}

impl<'a> WhatIf<'a> {
    /// From the case with the fewest workers and the one in which the whole job is fastest; `None` where nothing but
    /// the kernel was timed, or on one number of workers only.
    pub(super) fn of(measured: &'a Measured) -> Option<Self> {
        let speedups = Speedups::of(measured, Quantity::WholeJob).filter(|speedups| speedups.points.len() > 1)?;
        let (best, _) = *speedups.enough()?;
        let base = speedups.base;
        let parts: Vec<(Phase, Part)> =
            SERIAL_PHASES.into_iter().filter_map(|name| Some((name, part(base.case, best.case, name)?))).collect();
        let job = Job {
            before: base.time.median,
            after: best.time.median,
            kernel_before: phase(base.case, Phase::Kernel)?,
            kernel_after: phase(best.case, Phase::Kernel)?,
        };
        (!parts.is_empty()).then_some(Self { job, base: base.case, parts })
    }

    /// The fastest job as it is.
    pub(super) fn now(&self) -> Outcome {
        self.job.free(&[])
    }

    /// The job without these parts.
    pub(super) fn free(&self, parts: &[Part]) -> Outcome {
        self.job.free(parts)
    }

    /// The job with this part hidden behind the kernel.
    pub(super) fn overlapped(&self, part: &Part) -> Outcome {
        self.job.overlapped(part)
    }

    /// The parts of a kind of overhead.
    pub(super) fn of_kind(&self, overhead: Overhead) -> Vec<Part> {
        self.parts.iter().map(|(_, part)| *part).filter(|part| part.overhead == overhead).collect()
    }

    /// Share of a kind of overhead in all of them.
    pub(super) fn share(&self, overhead: Overhead) -> f64 {
        let sum = |parts: Vec<Part>| parts.iter().map(|part| part.after.max(0.0)).sum::<f64>();
        let all: f64 = Overhead::ALL.into_iter().map(|kind| sum(self.of_kind(kind))).sum();
        if all > 0.0 { sum(self.of_kind(overhead)) / all } else { 0.0 }
    }
}

/// A phase on the fewest workers and where the job is fastest.
fn part(base: &Measurement, best: &Measurement, name: Phase) -> Option<Part> {
    Some(Part { overhead: overhead(name), before: phase(base, name)?, after: phase(best, name)? })
}

/// The kind of overhead that a serial phase is.
fn overhead(phase: Phase) -> Overhead {
    match phase {
        Phase::Upload | Phase::ReadBack => Overhead::Communication,
        Phase::Launch => Overhead::Coordination,
        _ => Overhead::Distribution,
    }
}

/// A kind of overhead in words.
pub(super) fn name(overhead: Overhead) -> &'static str {
    match overhead {
        Overhead::Distribution => "distribution",
        Overhead::Communication => "communication",
        Overhead::Coordination => "coordination",
    }
}

/// What a kind of overhead consists of, in a sentence.
fn phases(overhead: Overhead) -> &'static str {
    match overhead {
        Overhead::Distribution => "set-up",
        Overhead::Communication => "upload and read-back",
        Overhead::Coordination => "launch",
    }
}

/// Says which part sets the limit, what the job would be without it, and which kind of overhead is the largest.
pub(super) fn sentence(measured: &Measured) -> Option<String> {
    let what_if = WhatIf::of(measured)?;
    let (phase, longest) = what_if.parts.iter().max_by(|(_, one), (_, other)| one.after.total_cmp(&other.after))?;
    let now = what_if.now();
    let free = what_if.free(&[*longest]);
    let speedups = now.speedup.zip(free.speedup).map_or(String::new(), |(now, free)| {
        format!(": a speedup of {} instead of {}", units::ratio(free), units::ratio(now))
    });
    let kind = Overhead::ALL.into_iter().max_by(|one, other| what_if.share(*one).total_cmp(&what_if.share(*other)))?;
    Some(format!(
        "{} is the largest part that more workers cannot shorten. If it took no time, the job would take {} instead of \
         {}{speedups}. {} of the time outside the kernel is {}.",
        words::capital(words::phase(*phase)),
        units::seconds(free.seconds),
        units::seconds(now.seconds),
        units::percent(what_if.share(kind)),
        phases(kind)
    ))
}
