//! Start-up, rate and crossover, read from the samples.

use serde::Serialize;

use super::BASELINES;
use crate::experiment::cases::of_series;
use crate::law::hockney::{self, HockneyFit};
use crate::law::{self, Crossover};
use crate::page::named::{Named, Unit};
use crate::record::{Baseline, Measured, Measurement, Problem, Quantity, Series};
use crate::stats::Summary;

/// Times against the problem size.
#[derive(Serialize)]
pub(in crate::experiment) struct Reading {
    /// Unit of the work in [`Reading::sizes`].
    pub(super) unit: WorkUnit,
    /// Hockney's law of the kernel, of the device's round trip, and of each baseline's.
    pub(super) sizes: Vec<SizeFit>,
    /// From which size the device is faster than each baseline.
    pub(super) crossovers: Vec<Against>,
}

/// Time against problem size.
#[derive(Serialize)]
pub(super) struct SizeFit {
    /// The time that was fitted.
    pub(super) quantity: Quantity,
    /// Who computed.
    pub(super) series: Series,
    /// Start-up time, rate and the size at half of it; x is the work of a case.
    #[serde(flatten)]
    pub(super) fit: HockneyFit,
}

/// From which size on the device is faster than a baseline, transfers included.
#[derive(Serialize)]
pub(super) struct Against {
    /// The baseline.
    pub(super) against: Series,
    /// The answer.
    #[serde(flatten)]
    pub(super) crossover: Crossover,
}

/// What the work of a job is counted in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum WorkUnit {
    /// Multiplications and additions.
    Flop,
    /// Bytes to and from the device's memory.
    Bytes,
}

impl WorkUnit {
    /// Returns the unit of a rate of this work.
    fn rate(self) -> Unit {
        match self {
            Self::Flop => Unit::FlopPerSecond,
            Self::Bytes => Unit::BytesPerSecond,
        }
    }

    /// Returns the work of a case in this unit.
    pub(super) fn of(self, case: &Measurement) -> f64 {
        match self {
            Self::Flop => case.flop,
            Self::Bytes => case.bytes,
        }
    }
}

impl Reading {
    /// Returns the crossovers, and start-up and rate of the device.
    pub(super) fn numbers(&self) -> Vec<Named> {
        let crossover = |against: &Against| {
            let tried = |name: &str, size| Named::plain(name, Unit::Elements, size);
            let named = match against.crossover {
                Crossover::From { size, .. } => Named::new("size from which the device wins", Unit::Elements, size),
                Crossover::WinsEverywhere { from } => tried("smallest size tried; the device wins everywhere", from),
                Crossover::NeverWins { up_to } => tried("largest size tried; the device never wins", up_to),
                Crossover::Undecided { up_to } => tried("largest size tried; nobody wins", up_to),
                Crossover::NothingToCompare => return None,
            };
            Some(named.of(against.against))
        };
        let both = [(Quantity::RoundTrip, "round-trip"), (Quantity::Kernel, "kernel")];
        let laws = both.into_iter().flat_map(|(quantity, of)| {
            let fit = self.of_device(quantity);
            let start = fit.and_then(HockneyFit::latency);
            let start = start.map(|start| Named::new(&format!("{of} start-up"), Unit::Seconds, start));
            let rate = fit.and_then(HockneyFit::rate);
            let rate = rate.map(|rate| Named::new(&format!("{of} rate"), self.unit.rate(), rate));
            [start, rate]
        });
        self.crossovers.iter().filter_map(crossover).chain(laws.flatten()).collect()
    }

    /// Returns Hockney's law of the device.
    pub(super) fn of_device(&self, quantity: Quantity) -> Option<&HockneyFit> {
        let own = self.sizes.iter().find(|size| size.series == Series::Device && size.quantity == quantity);
        own.map(|size| &size.fit)
    }
}

impl Against {
    /// Returns the baseline that the device is compared with.
    pub(super) fn baseline(&self) -> Baseline {
        self.against.baseline().unwrap_or(Baseline::Scalar)
    }
}

/// Reads Hockney's law for the device and each baseline, and the crossovers.
pub(super) fn read(measured: &Measured) -> Reading {
    let computing = measured.cases.iter().all(|case| case.flop > case.bytes);
    let unit = if computing { WorkUnit::Flop } else { WorkUnit::Bytes };
    let size = |quantity, series| {
        let fit = hockney::fit(&by(measured, series, quantity, |case| unit.of(case)));
        SizeFit { quantity, series, fit }
    };
    let beside = BASELINES.map(Series::Baseline).into_iter();
    let beside: Vec<Series> = beside.filter(|series| of_series(measured, *series).next().is_some()).collect();
    let own = [Quantity::Kernel, Quantity::RoundTrip].map(|quantity| size(quantity, Series::Device));
    Reading {
        unit,
        sizes: own.into_iter().chain(beside.iter().map(|series| size(Quantity::RoundTrip, *series))).collect(),
        crossovers: beside.iter().map(|series| crossover(measured, *series)).collect(),
    }
}

/// Returns the summaries of a quantity by the size of the case.
fn by(
    measured: &Measured,
    series: Series,
    quantity: Quantity,
    size: impl Fn(&Measurement) -> f64,
) -> Vec<(f64, Summary)> {
    of_series(measured, series).filter_map(|case| Some((size(case), case.summary(quantity)?))).collect()
}

/// Reads from which size on the device beats the baseline, transfers included. Matrices of several shapes with equally
/// many rows have no order of size, and are not compared.
fn crossover(measured: &Measured, against: Series) -> Against {
    let n = |case: &Measurement| case.problem.n() as f64;
    let cases = &measured.cases;
    let ambiguous = |case: &Measurement| cases.iter().any(|other| n(other) == n(case) && other.problem != case.problem);
    let are_in_order = !cases.iter().any(ambiguous);
    let points = |series| if are_in_order { by(measured, series, Quantity::RoundTrip, n) } else { Vec::new() };
    let is_matrix = cases.iter().any(|case| matches!(case.problem, Problem::Matrix { .. }));
    let power = if is_matrix { 3.0 } else { 1.0 };
    Against { against, crossover: law::crossover(&points(Series::Device), &points(against), power) }
}
