//! The parts of a job on one worker: what every prediction starts from.

use super::sum::{Number, Sum, Unit, Working};
use crate::experiment::lesson::SameJob;
use crate::page::block::{Block, Table};
use crate::page::words;
use crate::record::Phase;
use crate::units::TimeUnit;

/// The parts of a job on one worker, rounded.
#[derive(Debug, Clone)]
pub(super) struct Profile {
    /// The unit of all times of the job.
    pub(super) unit: TimeUnit,
    /// The parts outside the kernel.
    pub(super) outside: Vec<(&'static str, Number)>,
    /// The kernel.
    pub(super) kernel: Number,
}

impl Profile {
    /// Returns the profile of a job; `None` if one worker did not do it, or if its parts were not timed.
    pub(super) fn of(job: &SameJob) -> Option<Self> {
        if job.rows.first()?.workers != 1 {
            return None;
        }
        let times = job.phases.iter().map(|(_, seconds)| *seconds);
        let unit = TimeUnit::of(times.chain(job.rows.iter().map(|row| row.whole_job.seconds.value)));
        let number = |name: &str, seconds: f64| Number::new(name, seconds, Unit::Time(unit));
        let outside = job.phases.iter().filter(|(phase, seconds)| *phase != Phase::Kernel && *seconds > 0.0);
        let outside: Vec<(&str, Number)> =
            outside.map(|&(phase, seconds)| (words::phase(phase), number(words::phase(phase), seconds))).collect();
        let kernel = job.phases.iter().find(|(phase, seconds)| *phase == Phase::Kernel && *seconds > 0.0);
        let kernel = number("C", kernel?.1);
        (!outside.is_empty()).then_some(Self { unit, outside, kernel })
    }

    /// Returns the unit for numbers of the job.
    pub(super) fn time(&self) -> Unit {
        Unit::Time(self.unit)
    }

    /// Returns the parts as a table.
    pub(super) fn table(&self) -> Block {
        let mut table = Table::new(&["part", "time on 1 worker"]).words(&[0]);
        for (name, time) in &self.outside {
            table.push([(*name).to_owned(), time.shown.clone()]);
        }
        table.push(["the kernel, C".to_owned(), self.kernel.shown.clone()]);
        Block::Table(table)
    }

    /// Adds up what is outside the kernel.
    pub(super) fn sum(&self, working: &mut Working) -> Number {
        let outside: Vec<Number> = self.outside.iter().map(|(_, time)| time.clone()).collect();
        working.step("M", Sum::of_all(&outside), self.time())
    }

    /// Computes the serial fraction.
    pub(super) fn serial(&self, outside: &Number, working: &mut Working) -> Number {
        working.step("s", outside / (outside + &self.kernel), Unit::Plain)
    }

    /// Returns the longest part outside the kernel.
    pub(super) fn longest(&self) -> &(&'static str, Number) {
        let longest = self.outside.iter().max_by(|(_, one), (_, other)| one.value.total_cmp(&other.value));
        longest.unwrap_or(&self.outside[0])
    }

    /// Says why the measured time on one worker is not the sum of the parts, if three digits show that.
    pub(super) fn not_the_sum(&self, measured: f64) -> Option<String> {
        let outside = self.sum(&mut Working::default());
        let sum = Working::default().step("T(1)", &outside + &self.kernel, self.time());
        let measured = Number::new("T(1)", measured, self.time());
        (measured.value != sum.value).then(|| {
            format!(
                "T(1) is {} measured, and {} as a sum of parts: the medians of parts do not add up to the median of \
                 the whole.",
                measured.shown, sum.shown
            )
        })
    }

    /// Predicts the time on p workers: `M + C/p`.
    pub(super) fn predict(&self, outside: &Number, workers: &Number, working: &mut Working) -> Number {
        let name = format!("T({})", workers.shown);
        working.step(&name, outside + &self.kernel / &workers.named("p"), self.time())
    }

    /// Returns the profile as options of `amdahl predict`.
    pub(super) fn options(&self) -> String {
        let option = |time: &Number| self.unit.option(time.value);
        let mut options: Vec<String> =
            self.outside.iter().map(|(name, time)| format!("--serial {name}={}", option(time))).collect();
        options.push(format!("--parallel kernel={}", option(&self.kernel)));
        options.join(" ")
    }
}

/// Returns the share of the time outside the kernel, to compare jobs.
pub(super) fn share(profile: &Profile) -> f64 {
    let outside: f64 = profile.outside.iter().map(|(_, time)| time.value).sum();
    outside / (outside + profile.kernel.value)
}
