//! The result of a speedup fit, as it is saved.

use serde::Serialize;

use crate::law::curve::Curve;
use crate::law::model::Model;
use crate::law::reason::Reason;
use crate::law::verdict::Verdict;
use crate::stats::Estimate;

use super::choose::Candidate;
use super::data::Data;
use super::goodness::Goodness;
use super::pattern::Pattern;

/// The result of a speedup fit. No number is infinite or NaN; `reason` explains absent numbers.
#[derive(Serialize, Debug, Clone, PartialEq)]
pub struct SpeedupFit {
    /// The chosen or forced model; `None` if nothing was fitted.
    pub model: Option<Model>,
    /// Whether the fit may be believed.
    pub verdict: Verdict,
    /// Reason for the verdict, with its numbers.
    pub reason: Reason,
    /// Serial fraction φ with its interval; `None` unless accepted.
    pub serial_fraction: Option<Estimate>,
    /// Upper bound U in "serial fraction ≤ U (95 %)", one-sided, if the range is insufficient for a value.
    pub serial_fraction_upper: Option<f64>,
    /// κ, the share of `T(1)` that each extra worker adds; `None` in models without it.
    pub kappa: Option<Estimate>,
    /// λ, the share of `T(1)` that every doubling of the workers adds; `None` in models without.
    pub per_doubling: Option<Estimate>,
    /// K, workers at which the hardware is full; `None` if there is no knee, or φ K > 3 hides it.
    pub knee: Option<Estimate>,
    /// k of a gradual knee; `None` for a sharp knee or no knee.
    pub knee_shape: Option<f64>,
    /// `T(1)` of the curve: time on one worker, in seconds.
    pub seconds_at_one: Option<Estimate>,
    /// Fitted ceiling: the highest speedup of this job on this hardware; `None` if the data show no limit.
    pub attainable_ceiling: Option<Estimate>,
    /// `1/φ`: the ceiling on unlimited hardware. Always an extrapolation; `None` unless accepted.
    pub asymptotic_ceiling: Option<Estimate>,
    /// The worker count with the highest speedup, if the speedup falls beyond it.
    pub peak_workers: Option<f64>,
    /// Lower end of the 95 % interval of that count.
    pub peak_low: Option<f64>,
    /// Its upper end; `None` if the data do not show that the speedup falls at all.
    pub peak_high: Option<f64>,
    /// The smallest worker count that reaches 90 % of the fitted ceiling.
    pub workers_at_90_percent: Option<f64>,
    /// Residual standard deviation on the logarithmic scale: 0.01 means 1 %.
    pub residual_sd: Option<f64>,
    /// More figures on the goodness of fit.
    pub goodness: Option<Goodness>,
    /// The best of the models not chosen.
    pub runner_up: Option<Candidate>,
    /// All models not chosen, the best first.
    pub others: Vec<Candidate>,
    /// The fitted curve, for plots, over teams of `base_workers`. Quote its parameters only from the fields above.
    pub curve: Option<Curve>,
    /// The parameters that fit best, whatever the verdict; `None` if nothing was fitted. Quote them with the verdict.
    pub estimate: Option<Curve>,
    /// Number of points.
    pub points: usize,
    /// Smallest fitted worker count; `None` without points.
    pub fewest_workers: Option<f64>,
    /// Largest fitted worker count; `None` without points.
    pub most_workers: Option<f64>,
    /// Worker count that counts as one: 1, except in a rebased fit. Speedups are over it, and `T(1)` is its time.
    pub base_workers: f64,
    /// Where superlinear: the fit from the smallest worker count on the efficiency plateau. Where one worker alone is
    /// unlike all others: the fit without it.
    pub rebased: Option<Box<SpeedupFit>>,
    /// What the points show beside the parameters.
    pub pattern: Option<Pattern>,
}

impl SpeedupFit {
    /// Returns a fit that holds only its verdict and reason.
    pub(crate) fn refused(points: usize, reason: Reason) -> Self {
        Self {
            model: None,
            verdict: reason.verdict(),
            reason,
            serial_fraction: None,
            serial_fraction_upper: None,
            kappa: None,
            per_doubling: None,
            knee: None,
            knee_shape: None,
            seconds_at_one: None,
            attainable_ceiling: None,
            asymptotic_ceiling: None,
            peak_workers: None,
            peak_low: None,
            peak_high: None,
            workers_at_90_percent: None,
            residual_sd: None,
            goodness: None,
            runner_up: None,
            others: Vec::new(),
            curve: None,
            estimate: None,
            points,
            fewest_workers: None,
            most_workers: None,
            base_workers: 1.0,
            rebased: None,
            pattern: None,
        }
    }

    /// Sets the worker range from the data.
    pub(crate) fn over(mut self, data: &Data) -> Self {
        (self.fewest_workers, self.most_workers) = data.range().unzip();
        self
    }

    /// Returns a fit to teams of workers with its counts and costs for single workers.
    pub(crate) fn in_teams_of(mut self, workers: f64) -> Self {
        let times = |estimate: Estimate, factor: f64| Estimate {
            value: factor * estimate.value,
            low: factor * estimate.low,
            high: factor * estimate.high,
        };
        self.knee = self.knee.map(|knee| times(knee, workers));
        self.kappa = self.kappa.map(|kappa| times(kappa, 1.0 / workers));
        self.workers_at_90_percent =
            self.workers_at_90_percent.zip(self.curve).and_then(|(_, curve)| curve.workers_at_share(0.9, workers));
        let worst = self.goodness.as_mut().map(|goodness| &mut goodness.largest_residual_workers);
        let counts = [
            &mut self.peak_workers,
            &mut self.peak_low,
            &mut self.peak_high,
            &mut self.fewest_workers,
            &mut self.most_workers,
        ];
        let of_reason = self.reason.workers_mut().into_iter();
        counts.into_iter().flatten().chain(worst).chain(of_reason).for_each(|count| *count *= workers);
        Self { base_workers: workers, ..self }
    }

    /// Removes every number that rests on a law which does not describe the data.
    pub(crate) fn withdraw(&mut self) {
        (self.serial_fraction, self.serial_fraction_upper, self.asymptotic_ceiling) = (None, None, None);
        self.kappa = None;
        self.per_doubling = None;
        self.knee = None;
        self.knee_shape = None;
        self.seconds_at_one = None;
        self.attainable_ceiling = None;
        (self.peak_workers, self.peak_low, self.peak_high) = (None, None, None);
        self.workers_at_90_percent = None;
    }

    /// Returns the fit for times that are `seconds` longer on any number of workers; the extra time joins the serial
    /// part. Goodness of fit stays that of the shorter times.
    #[must_use]
    pub fn plus(mut self, seconds: f64) -> Self {
        let Some(curve) = self.curve else { return self };
        let (before, longer) = (curve.seconds_at_one, curve.plus(seconds));
        let after = longer.seconds_at_one;
        let serial = |share: f64| (share * before + seconds) / after;
        let ceiling = |speedup: f64| after / (before / speedup + seconds);
        let each = |estimate: Estimate, of: &dyn Fn(f64) -> f64| {
            Estimate::finite(of(estimate.value), of(estimate.low), of(estimate.high))
        };
        self.serial_fraction = self.serial_fraction.and_then(|share| each(share, &serial));
        self.serial_fraction_upper = self.serial_fraction_upper.map(serial);
        self.asymptotic_ceiling = self.serial_fraction.and_then(|share| share.reciprocal());
        self.attainable_ceiling = self.attainable_ceiling.and_then(|most| each(most, &ceiling));
        self.seconds_at_one = self.seconds_at_one.and_then(|time| each(time, &|time| time + seconds));
        let share = |share: f64| share * before / after;
        self.kappa = self.kappa.and_then(|kappa| each(kappa, &share));
        self.per_doubling = self.per_doubling.and_then(|cost| each(cost, &share));
        self.workers_at_90_percent =
            self.workers_at_90_percent.and_then(|_| longer.workers_at_share(0.9, self.base_workers));
        self.rebased = self.rebased.map(|fit| Box::new(fit.plus(seconds)));
        self.estimate = self.estimate.map(|best| best.plus(seconds));
        self.curve = Some(longer);
        self
    }

    /// Returns the fit with its fitted ceiling over a measured time in seconds, as measured speedups are.
    /// By itself it stands over the curve's `T(1)`, which may miss the measured one: then a speedup could lie above its
    /// ceiling although the curve meets the point.
    #[must_use]
    pub fn against(mut self, seconds: f64) -> Self {
        let factor = self.curve.map(|curve| seconds / curve.seconds_at_one).filter(|factor| factor.is_normal());
        let over = |Estimate { value, low, high }: Estimate, factor| Estimate {
            value: factor * value,
            low: factor * low,
            high: factor * high,
        };
        self.attainable_ceiling = self.attainable_ceiling.zip(factor).map(|(ceiling, factor)| over(ceiling, factor));
        self
    }

    /// Returns whether a cost surely grows with the workers: one whose interval begins at zero may be none.
    pub fn has_growing_cost(&self) -> bool {
        [self.kappa, self.per_doubling].into_iter().flatten().any(|cost| cost.low > 0.0)
    }

    /// A share of `T(1)` in seconds; `None` if `T(1)` is unknown.
    pub fn seconds_of(&self, share: Estimate) -> Option<Estimate> {
        let one = self.seconds_at_one?.value;
        Estimate::finite(one * share.value, one * share.low, one * share.high)
    }

    /// Whether the law describes the data and its serial fraction is determined.
    pub fn is_accepted(&self) -> bool {
        self.verdict.is_accepted()
    }
}
