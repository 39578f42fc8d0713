//! What the fit made of many simulated measurements of one truth.

use std::collections::BTreeMap;
use std::fmt;

use amdahl::law::Verdict;
use amdahl::law::speedup::{SpeedupFit, fit};

use crate::planted::Scenario;

/// A count of what held, among how many.
#[derive(Clone, Copy, Default)]
pub(crate) struct Share {
    pub(crate) held: u64,
    pub(crate) of: u64,
}

impl Share {
    pub(crate) fn count(&mut self, holds: bool) {
        self.held += u64::from(holds);
        self.of += 1;
    }

    /// The share, 0 ..= 1; `None` of nothing.
    pub(crate) fn value(self) -> Option<f64> {
        (self.of > 0).then(|| self.held as f64 / self.of as f64)
    }

    /// The share of what did not hold.
    pub(crate) fn complement(self) -> Self {
        Self { held: self.of - self.held, of: self.of }
    }

    pub(crate) fn plus(self, other: Self) -> Self {
        Self { held: self.held + other.held, of: self.of + other.of }
    }
}

impl fmt::Display for Share {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.value() {
            Some(share) => f.pad(&format!("{share:.3}")),
            None => f.pad("–"),
        }
    }
}

/// Shares over the replicates of one scenario.
#[derive(Default)]
pub(crate) struct Tally {
    pub(crate) name: &'static str,
    pub(crate) accepted: Share,
    /// Of all: the law is called false (poor fit, superlinear, non-monotone).
    pub(crate) denied: Share,
    /// Of the accepted: the interval holds the planted serial fraction.
    pub(crate) covered: Share,
    /// Of all: an interval or a bound is stated, and the planted serial fraction lies outside.
    pub(crate) missed: Share,
    /// Of those with a ceiling: the interval holds the planted one.
    pub(crate) ceiling: Share,
    /// Of those with a bound: it holds.
    pub(crate) bound: Share,
    /// Of all, where one model is right: it is chosen.
    pub(crate) right: Share,
    ratios: Vec<f64>,
    widths: Vec<f64>,
    verdicts: BTreeMap<&'static str, u64>,
}

impl Tally {
    pub(crate) const HEADER: &'static str = "\
scenario                            accepted covered  missed ceiling   bound   right  value  width  verdicts";

    /// Fits replicates of a scenario, on two threads.
    pub(crate) fn of(scenario: &Scenario, replicates: u64) -> Self {
        let half = |first: u64| -> Vec<SpeedupFit> {
            (first..replicates).step_by(2).map(|replicate| fit(&scenario.draw(replicate))).collect()
        };
        let (even, odd) = std::thread::scope(|scope| {
            let odd = scope.spawn(|| half(1));
            (half(0), odd.join().expect("a fit panicked"))
        });
        let mut tally = Self { name: scenario.name, ..Self::default() };
        for fit in even.iter().chain(&odd) {
            tally.count(scenario, fit);
        }
        tally
    }

    fn count(&mut self, scenario: &Scenario, fit: &SpeedupFit) {
        let truth = scenario.curve.serial_fraction;
        *self.verdicts.entry(fit.verdict.name()).or_default() += 1;
        self.accepted.count(fit.is_accepted());
        self.denied.count(matches!(fit.verdict, Verdict::PoorFit | Verdict::Superlinear | Verdict::NonMonotone));
        if let Some(s) = fit.serial_fraction {
            self.covered.count(s.contains(truth));
            self.ratios.push(s.value / truth);
            self.widths.push(s.high / s.low);
        }
        let value_misses = fit.serial_fraction.is_some_and(|s| !s.contains(truth));
        let bound_misses = fit.serial_fraction_upper.is_some_and(|u| truth > u);
        self.missed.count(value_misses || bound_misses);
        if scenario.right.is_some() {
            self.right.count(fit.model == scenario.right);
        }
        if let Some((quoted, planted)) = fit.attainable_ceiling.zip(scenario.curve.attainable_ceiling()) {
            self.ceiling.count(quoted.contains(planted));
        }
        if let (Verdict::InsufficientRange, Some(bound)) = (fit.verdict, fit.serial_fraction_upper) {
            self.bound.count(truth <= bound);
        }
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let middle = |values: &[f64]| match amdahl::stats::median(values) {
            Some(median) => format!("{median:.3}"),
            None => "–".to_owned(),
        };
        write!(
            f,
            "{:36} {:>7} {:>7} {:>7} {:>7} {:>7} {:>7} {:>6} {:>6}  {:?}",
            self.name,
            self.accepted,
            self.covered,
            self.missed,
            self.ceiling,
            self.bound,
            self.right,
            middle(&self.ratios),
            middle(&self.widths),
            self.verdicts
        )
    }
}
