//! What is compared of a run: the times of its cases, and its named numbers, each with the deviation of its logarithm
//! within the run.

use std::collections::HashMap;

use serde::Serialize;

use crate::experiment;
use crate::law::between::Part;
use crate::law::spread;
use crate::page::named::{Named, Unit};
use crate::record::{Clock, Measured, Measurement, Phase, Problem, Quantity, Run, Series};
use crate::stats::{self, Estimate, Summary};

/// Degrees of freedom of a number that was read off many cases, at the least.
const OF_NUMBER: f64 = 6.0;

/// Fewest timings whose ranks tell the error of a median, whatever the timings are like.
const RANKED: usize = 16;

/// Timings that lie in two heaps: the ranks tell this many times the error that the spread tells. Then the ranks count,
/// however few the timings are.
const HEAPS: f64 = 2.0;

/// Fewer timings than this prove nothing: whatever disturbs a machine may have met them all.
const ENOUGH: usize = 3;

/// Two-sided 95 % quantile of the normal distribution, by which intervals become deviations.
const Z_95: f64 = 1.96;

/// Quantities of a case: others are sums of these.
const QUANTITIES: [Quantity; 2] = [Quantity::Kernel, Quantity::WholeJob];

/// What the time of a whole job is called.
const WHOLE_JOB: &str = "whole-job";

/// In the name of the number that is the highest of all sizes.
const MOST_WORK: &str = "most work";

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
    pub(super) within: Option<Part>,
    /// Deviation of the logarithm of one timing; of the highest of many rates, that of its kernels' timings.
    #[serde(skip)]
    pub(super) single: Option<f64>,
    /// The clock of the kernels that it was read off.
    #[serde(skip)]
    pub(super) clock: Option<Clock>,
    /// Whether it is of the kernel alone, so that only the device's noise is in it.
    #[serde(skip)]
    pub(super) is_kernel: bool,
    /// How often it was timed; `None` if it was read off many cases.
    #[serde(skip)]
    pub(super) timings: Option<usize>,
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

    /// Whether it is about a processor.
    pub(super) fn is_baseline(&self) -> bool {
        matches!(self.series, Series::Baseline(_))
    }

    /// Returns the key of another time of the same case.
    fn of_quantity(&self, quantity: &str) -> Self {
        Self { quantity: quantity.to_owned(), ..self.clone() }
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

/// A time of a case, with what tells its error.
struct Timed {
    key: Key,
    figure: Figure,
    /// The deviation of one timing by the timings alone.
    spread: Option<Part>,
    /// Of a whole job: the share of the set-up, which is timed apart from it.
    set_up: Option<f64>,
}

/// Returns the times of all cases of a run. What was timed a few times takes a part of the usual spread of its quantity
/// in the run.
pub(super) fn times(run: &Run) -> Vec<(Key, Figure)> {
    let cases = || run.experiments.iter().flat_map(|measured| measured.cases.iter().map(move |case| (measured, case)));
    let mut all: Vec<Timed> = cases().flat_map(|(measured, case)| timed(measured, case)).collect();
    let mut spreads: HashMap<(&str, bool), Vec<Part>> = HashMap::new();
    for one in &all {
        spreads.entry(one.kind()).or_default().extend(one.spread);
    }
    let usual: HashMap<_, _> = spreads
        .into_iter()
        .map(|((of, on_host), spreads)| ((of.to_owned(), on_host), spread::usual(&spreads)))
        .collect();
    for one in &mut all {
        let (of, on_host) = one.kind();
        let usual = usual.get(&(of.to_owned(), on_host)).copied().flatten();
        let spread = one.spread.map(|own| usual.map_or(own, |usual| own.with(usual)));
        // What was timed once has no error of its own, and the usual spread.
        one.figure.single = spread.or(usual).map(|spread| spread.deviation);
        one.figure.within = spread.and_then(|spread| one.figure.of_median(spread));
    }
    let set_ups: HashMap<Key, Option<Part>> = all
        .iter()
        .filter(|one| one.key.quantity == Phase::SetUp.name())
        .map(|one| (one.key.clone(), one.figure.within))
        .collect();
    let with_set_up = |one: Timed| {
        let mut figure = one.figure;
        if let Some(share) = one.set_up {
            let set_up = set_ups.get(&one.key.of_quantity(Phase::SetUp.name())).copied().flatten();
            let part = |part: Part| Part { deviation: share * part.deviation, ..part };
            figure.within = figure.within.zip(set_up).and_then(|(rest, set_up)| Part::sum(&[rest, part(set_up)]));
        }
        (one.key, figure)
    };
    all.into_iter().map(with_set_up).collect()
}

/// Returns the times of one case.
fn timed<'a>(measured: &'a Measured, case: &'a Measurement) -> impl Iterator<Item = Timed> + 'a {
    let quantities = QUANTITIES.into_iter().filter(|quantity| *quantity == Quantity::Kernel || case.is_one_job());
    let quantities = quantities.map(|quantity| (quantity.name(), case.samples(quantity), case.summary(quantity)));
    let phases = PHASES.into_iter().map(|phase| (phase.name(), case.seconds(phase).to_vec()));
    let phases = phases.map(|(name, samples)| {
        let summary = Summary::of(&samples);
        (name, samples, summary)
    });
    quantities.chain(phases).filter_map(|(name, samples, summary)| {
        let summary = summary?;
        let key = Key::of(measured, case, name);
        // A processor's kernel has the noise of the host, not that of the device.
        let is_kernel = name == Quantity::Kernel.name() && !case.is_baseline();
        let clock = case.clock(Phase::Kernel).filter(|_| is_kernel);
        let set_up = stats::median(case.seconds(Phase::SetUp)).filter(|_| key.is_whole_job());
        let set_up = set_up.map(|set_up| set_up / summary.median);
        Some(Timed { key, figure: Figure::timed(&summary, clock, is_kernel), spread: spread::spread(&samples), set_up })
    })
}

impl Timed {
    /// What it is alike to: the same quantity, on the device or on the processor.
    fn kind(&self) -> (&str, bool) {
        (&self.key.quantity, self.key.is_baseline())
    }
}

impl Figure {
    fn timed(summary: &Summary, clock: Option<Clock>, is_kernel: bool) -> Self {
        let ends = (summary.count > 1).then_some((summary.low, summary.high));
        let (low, high) = ends.unzip();
        Self {
            value: summary.median,
            low,
            high,
            within: None,
            single: None,
            clock,
            is_kernel,
            timings: Some(summary.count),
        }
    }

    /// Returns the deviation of its median within the run, by that of one timing.
    fn of_median(&self, spread: Part) -> Option<Part> {
        let timings = self.timings?;
        let error = spread.of_median(timings);
        let ranks = (self.high? / self.low?).ln() / (2.0 * Z_95);
        let least = if timings >= RANKED { 1.0 } else { HEAPS };
        let is_wider = ranks > least * error.deviation;
        Some(if is_wider { Part { deviation: ranks, freedom: timings as f64 - 1.0 } } else { error })
    }

    /// Returns the figure of a number. One that has no interval, or one that reaches zero, has no deviation.
    fn named(named: &Named) -> Self {
        let ends = named.low.zip(named.high).filter(|(low, _)| *low > 0.0);
        let reach = ends.map(|(low, high)| (high / named.value).ln().max((named.value / low).ln()).max(0.0) / Z_95);
        let deviation = reach.filter(|reach| reach.is_finite());
        Self {
            value: named.value,
            low: named.low,
            high: named.high,
            within: deviation.map(|deviation| Part { deviation, freedom: OF_NUMBER }),
            single: None,
            clock: None,
            is_kernel: named.name.starts_with("kernel "),
            timings: None,
        }
    }

    /// Whether it was timed too seldom to prove anything.
    pub(super) fn is_few(&self) -> bool {
        self.timings.is_some_and(|timings| timings < ENOUGH)
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
        let own = measured.map(|measured| (measured.name.as_str(), measured.workload.as_str()));
        let kernels: Vec<&Figure> = times
            .iter()
            .filter(|(key, figure)| figure.is_kernel && Some(key.section()) == own && key.series == named.series)
            .map(|(_, figure)| figure)
            .collect();
        let mut figure = Figure::named(&named);
        // The highest of several rates has no interval: its error is no more than that of one timing.
        if named.unit.is_speed() && named.low.is_none() && !kernels.is_empty() {
            let singles: Vec<f64> = kernels.iter().filter_map(|kernel| kernel.single).collect();
            let single = stats::median(&singles);
            let within = single.map(|deviation| Part { deviation, freedom: singles.len() as f64 });
            figure = Figure { within, single, is_kernel: true, ..figure };
        }
        let clock = kernels.iter().find_map(|kernel| kernel.clock);
        Number {
            experiment: measured.map(|measured| measured.name.clone()),
            workload: measured.map(|measured| measured.workload.clone()),
            figure: Figure { clock: clock.filter(|_| is_of_kernels(&named)), ..figure },
            named,
        }
    };
    experiment::numbers(run).into_iter().map(number).collect()
}

/// Whether the kernels' clock is in a number: whole jobs and transfers are timed by the host.
fn is_of_kernels(named: &Named) -> bool {
    let is_of_jobs = ["whole", "round trip"].iter().any(|word| named.name.contains(word));
    !is_of_jobs && named.unit != Unit::Elements && !matches!(named.series, Series::Transfer(_))
}

impl Number {
    /// Whether it is of the same experiment and workload as another.
    pub(super) fn is_beside(&self, other: &Self) -> bool {
        (&self.experiment, &self.workload) == (&other.experiment, &other.workload)
    }

    /// Whether it is about a job of the same size as another. The most work that is done in a time is of any size.
    pub(super) fn is_of_one_size(&self, other: &Self) -> bool {
        self.named.n == other.named.n || self.named.name.contains(MOST_WORK)
    }

    /// Whether another run's number is the same number.
    pub(super) fn is_like(&self, other: &Self) -> bool {
        let (one, two) = (&self.named, &other.named);
        (&one.name, one.series, one.unit) == (&two.name, two.series, two.unit) && self.is_beside(other)
    }
}
