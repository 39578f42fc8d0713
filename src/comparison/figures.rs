//! What is compared of a run: the times of its cases, and its named numbers, each with the deviation of its logarithm
//! within the run.

use std::collections::HashMap;

use serde::Serialize;

use crate::experiment;
use crate::page::named::Named;
use crate::record::{Clock, Measured, Measurement, Phase, Problem, Quantity, Run, Series};
use crate::stats::{Estimate, Summary, median};

/// Fewer timings have a range instead of an interval.
const FEW: usize = 6;

/// With fewer timings no difference is proven.
const FEWEST_TIMINGS: usize = 5;

/// Deviation of a number without an interval, over that of a single timing: the highest of many rates is the luckiest.
const LUCK: f64 = 3.0;

/// Degrees of freedom of what many cases tell together.
const MANY: f64 = 30.0;

/// Mean range of two, three, four and five normal values over their standard deviation (Tippett, Biometrika 17, 1925).
const RANGES: [f64; 4] = [1.128, 1.693, 2.059, 2.326];

/// Error of a median over that of a mean.
const MEDIAN: f64 = 1.2533;

/// Two-sided 95 % quantile of the normal distribution, by which intervals become deviations.
const Z_95: f64 = 1.96;

/// Quantities of a case: others are sums of these.
const QUANTITIES: [Quantity; 2] = [Quantity::Kernel, Quantity::WholeJob];

/// What the time of a whole job is called.
const WHOLE_JOB: &str = "whole-job";

/// Phases of a case beside its kernel.
const PHASES: [Phase; 4] = [Phase::SetUp, Phase::Upload, Phase::Launch, Phase::ReadBack];

/// One time of one case: two runs are compared where these are equal.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub(super) struct Key {
    pub(super) experiment: String,
    pub(super) workload: String,
    pub(super) variant: Option<String>,
    pub(super) series: Series,
    pub(super) problem: Problem,
    pub(super) workers: u64,
    pub(super) workgroup_size: u32,
    pub(super) dispatches: u32,
    pub(super) slices: u32,
    /// What was timed: `kernel`, `whole-job`, or a phase.
    pub(super) quantity: String,
}

/// A value of one run.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub(super) struct Figure {
    pub(super) value: f64,
    /// The ends of its 95 % interval; `null` if it has none.
    pub(super) low: Option<f64>,
    pub(super) high: Option<f64>,
    /// Deviation of its logarithm within the run; `None` if that is not known.
    #[serde(skip)]
    pub(super) deviation: Option<f64>,
    #[serde(skip)]
    pub(super) freedom: f64,
    /// The clock of a kernel.
    #[serde(skip)]
    pub(super) clock: Option<Clock>,
    /// Whether it is of the kernel alone, so that only the device's noise is in it.
    #[serde(skip)]
    pub(super) is_kernel: bool,
    /// How often it was timed; `None` if it was read off many cases.
    #[serde(skip)]
    pub(super) timings: Option<usize>,
    /// Whether its deviation is that of the timings it was read off.
    #[serde(skip)]
    pub(super) is_borrowed: bool,
}

/// A named number, and where it belongs.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Number {
    /// `None` for the whole run.
    pub(super) experiment: Option<String>,
    pub(super) workload: Option<String>,
    pub(super) named: Named,
    pub(super) figure: Figure,
}

impl Key {
    /// Returns the place of the case: its experiment and workload.
    pub(super) fn section(&self) -> (&str, &str) {
        (&self.experiment, &self.workload)
    }

    /// Whether it is the time of a whole job.
    pub(super) fn is_whole_job(&self) -> bool {
        self.quantity == WHOLE_JOB
    }

    fn of(measured: &Measured, case: &Measurement, quantity: &str) -> Self {
        Self {
            experiment: measured.name.clone(),
            workload: measured.workload.clone(),
            variant: case.variant.map(|variant| variant.to_string()).or_else(|| measured.variant.clone()),
            series: case.series,
            problem: case.problem,
            workers: case.workers,
            workgroup_size: case.workgroup_size,
            dispatches: case.dispatches,
            slices: case.slices,
            quantity: quantity.replace(' ', "-"),
        }
    }
}

/// Returns the times of all cases of a run. What has too few timings for an interval of its own takes the usual
/// deviation of its quantity in the run, or else that of its range.
pub(super) fn times(run: &Run) -> Vec<(Key, Figure)> {
    let mut all: Vec<(Key, Figure)> = Vec::new();
    for measured in &run.experiments {
        for case in &measured.cases {
            let quantities =
                QUANTITIES.into_iter().filter(|quantity| *quantity == Quantity::Kernel || case.is_one_job());
            let quantities = quantities.map(|quantity| (quantity.name(), case.summary(quantity)));
            let phases = PHASES.into_iter().map(|phase| (phase.name(), Summary::of(case.seconds(phase))));
            for (name, summary) in quantities.chain(phases) {
                let Some(summary) = summary else { continue };
                // A processor's kernel has the noise of the host, not that of the device.
                let is_kernel = name == Quantity::Kernel.name() && !case.is_baseline();
                let clock = case.clock(Phase::Kernel).filter(|_| is_kernel);
                all.push((Key::of(measured, case, name), Figure::timed(&summary, clock, is_kernel)));
            }
        }
    }
    let usual = usual(&all);
    all.into_iter()
        .map(|(key, mut figure)| {
            if let (None, Some(count)) = (figure.deviation, figure.timings) {
                let usual = usual.get(&key.quantity).map(|single| single / (count as f64).sqrt());
                // The usual deviation is known from many cases, a range only from the few timings themselves.
                figure.freedom = if usual.is_some() { MANY } else { figure.freedom };
                figure.deviation = usual.or_else(|| figure.by_range(count));
            }
            (key, figure)
        })
        .collect()
}

/// Returns the usual deviation of one timing of each quantity.
fn usual(all: &[(Key, Figure)]) -> HashMap<String, f64> {
    let mut singles: HashMap<String, Vec<f64>> = HashMap::new();
    for (key, figure) in all {
        singles.entry(key.quantity.clone()).or_default().extend(figure.single());
    }
    singles.into_iter().filter_map(|(quantity, singles)| Some((quantity, median(&singles)?))).collect()
}

impl Figure {
    fn timed(summary: &Summary, clock: Option<Clock>, is_kernel: bool) -> Self {
        let by_ranks = (summary.high / summary.low).ln() / (2.0 * Z_95);
        let by_spread = summary.log_se.unwrap_or(0.0);
        let known = summary.count >= FEW && by_ranks.is_finite();
        Self {
            value: summary.median,
            low: (summary.count > 1).then_some(summary.low),
            high: (summary.count > 1).then_some(summary.high),
            deviation: known.then_some(by_ranks.max(by_spread)),
            freedom: summary.count as f64 - 1.0,
            clock,
            is_kernel,
            timings: Some(summary.count),
            is_borrowed: false,
        }
    }

    /// Whether it was timed too seldom to prove anything.
    pub(super) fn is_few(&self) -> bool {
        self.timings.is_some_and(|timings| timings < FEWEST_TIMINGS)
    }

    /// Returns the deviation of a single timing.
    fn single(&self) -> Option<f64> {
        Some(self.deviation? * (self.timings? as f64).sqrt())
    }

    /// Returns the deviation of a few timings by their range.
    fn by_range(&self, count: usize) -> Option<f64> {
        let single = (self.high? / self.low?).ln() / RANGES.get(count.checked_sub(2)?)?;
        Some(MEDIAN * single / (count as f64).sqrt()).filter(|deviation| deviation.is_finite())
    }

    /// Returns the figure of a number. One that has no interval, or one that reaches zero, has no deviation.
    fn named(named: &Named) -> Self {
        let ends = named.low.zip(named.high).filter(|(low, _)| *low > 0.0);
        let reach = ends.map(|(low, high)| (high / named.value).ln().max((named.value / low).ln()).max(0.0) / Z_95);
        Self {
            value: named.value,
            low: named.low,
            high: named.high,
            deviation: reach.filter(|reach| reach.is_finite()),
            freedom: FEW as f64,
            clock: None,
            is_kernel: named.name.starts_with("kernel "),
            timings: None,
            is_borrowed: false,
        }
    }

    /// Returns the value with its interval, or with itself as both ends.
    pub(super) fn estimate(&self) -> Estimate {
        Estimate { value: self.value, low: self.low.unwrap_or(self.value), high: self.high.unwrap_or(self.value) }
    }
}

/// Returns the named numbers of a run.
pub(super) fn numbers(run: &Run, times: &[(Key, Figure)]) -> Vec<Number> {
    let number = |(index, named): (Option<usize>, Named)| {
        let measured = index.map(|index| &run.experiments[index]);
        let mut figure = Figure::named(&named);
        // The highest of several rates has no interval, and luck is in it: that of the single timings of its kernels.
        if named.unit.is_speed() && named.low.is_none() {
            let own = measured.map(|measured| (measured.name.as_str(), measured.workload.as_str()));
            let kernels = times.iter().filter(|(key, figure)| figure.is_kernel && Some(key.section()) == own);
            let single = median(&kernels.filter_map(|(_, figure)| figure.single()).collect::<Vec<_>>());
            let deviation = single.map(|single| LUCK * single);
            figure = Figure { deviation, freedom: MANY, is_borrowed: true, ..figure };
        }
        Number {
            experiment: measured.map(|measured| measured.name.clone()),
            workload: measured.map(|measured| measured.workload.clone()),
            figure,
            named,
        }
    };
    experiment::numbers(run).into_iter().map(number).collect()
}

impl Number {
    /// Whether another run's number is the same number.
    pub(super) fn is_like(&self, other: &Self) -> bool {
        let (one, two) = (&self.named, &other.named);
        (&one.name, one.series, one.unit) == (&two.name, two.series, two.unit)
            && (&self.experiment, &self.workload) == (&other.experiment, &other.workload)
    }
}
