//! The verdict on a fit, and what it leaves to be quoted.

use crate::law::point::Point;
use crate::law::verdict::{Judgement, Verdict};
use crate::law::words::{describes, deviation, probability};
use crate::stats::Estimate;

use super::fit::{Fitting, fit};
use super::goodness::Goodness;
use super::interval::Range;
use super::result::SpeedupFit;
use super::shape::{plateau, rising, superlinear};

/// An interval of the serial fraction wider than this factor is no value, only a bound.
const WIDEST_FACTOR: f64 = 3.0;

/// Residual standard deviation that is never called a poor fit.
const TOLERATED_SD: f64 = 0.05;

/// Residual standard deviation that is called a poor fit even where the points' own errors are unknown.
const HOPELESS_SD: f64 = 0.25;

/// Level of the tests behind "poor fit".
const POOR_FIT_LEVEL: f64 = 0.01;

/// The verdict: superlinear before all, then whether the law describes the points, then whether they determine it.
pub(crate) fn judge(fitting: &Fitting<'_>, goodness: &Goodness, serial: Option<Range>) -> Judgement {
    if let Some(found) = superlinear(fitting.data, 0) {
        let reason = format!(
            "{} workers are {:.2} times as efficient as {} (z = {:.1}); causes can be more cache per worker, a subgroup \
             only half filled at first, or a clock that ramps up",
            found.to, found.factor, found.from, found.z
        );
        return Judgement::new(Verdict::Superlinear, reason);
    }
    match (poor_fit(goodness), rising(fitting.data)) {
        (Some(reason), Some(rise)) => Judgement::new(
            Verdict::NonMonotone,
            format!(
                "the time rises by a factor of {:.2} from {} to {} workers (z = {:.1}), and no law with a cost per \
                 worker follows: {reason}",
                rise.factor, rise.from, rise.to, rise.z
            ),
        ),
        (Some(reason), None) => Judgement::new(Verdict::PoorFit, reason),
        (None, _) => judge_range(fitting, goodness, serial),
    }
}

/// Whether the interval of the serial fraction is a value or only a bound.
fn judge_range(fitting: &Fitting<'_>, goodness: &Goodness, serial: Option<Range>) -> Judgement {
    let most = fitting.data.workers.last().copied().unwrap_or(1.0);
    let model = fitting.chosen.model;
    if fitting.is_forced() && !model.has_serial_part() {
        let reason = format!("the {model} law has no serial part: forced on the points, it tells nothing of one");
        return Judgement::new(Verdict::InsufficientRange, reason);
    }
    match serial {
        Some(Range { low, high: Some(high) }) if low > 0.0 && high <= WIDEST_FACTOR * low => {
            let reason = describes(&format!("the {model} law"), goodness.residual_sd);
            Judgement::new(Verdict::Accepted, reason)
        }
        Some(Range { low, high: Some(high) }) if low > 0.0 => {
            let reason = format!(
                "up to {most} workers the serial fraction may be anything from {low:.1e} to {high:.1e}, a factor of {:.1}",
                high / low
            );
            Judgement::new(Verdict::InsufficientRange, reason)
        }
        _ => {
            let reason = format!("up to {most} workers no serial part at all is not ruled out");
            Judgement::new(Verdict::InsufficientRange, reason)
        }
    }
}

/// Why the curve does not describe the points; `None` where it does. With known errors: residuals above 5 % that the
/// F test does not put down to chance. Without: residuals above 5 % that keep to one side for too long, or above 25 %.
fn poor_fit(goodness: &Goodness) -> Option<String> {
    if goodness.residual_sd <= TOLERATED_SD {
        return None;
    }
    if let (Some(f), Some(p)) = (goodness.lack_of_fit, goodness.lack_of_fit_p) {
        return (p < POOR_FIT_LEVEL).then(|| {
            format!(
                "the points lie {} off the curve, {:.1} times their own error (F = {f:.1}, {})",
                deviation(goodness.residual_sd),
                f.sqrt(),
                probability(p)
            )
        });
    }
    let few_runs = goodness.sign_runs_p.is_some_and(|p| p < POOR_FIT_LEVEL);
    (few_runs || goodness.residual_sd > HOPELESS_SD).then(|| {
        let (off, runs) = (deviation(goodness.residual_sd), goodness.sign_runs);
        format!("the points lie {off} off the curve, in {runs} runs to one side of it")
    })
}

/// Fills in, and takes back, what the verdict says.
pub(crate) fn settle(fitting: &Fitting<'_>, fit: &mut SpeedupFit, serial: Option<Range>) {
    let curve = fitting.curve();
    match fit.verdict {
        Verdict::Accepted => {
            fit.serial_fraction = serial.and_then(|range| {
                let value = curve.serial_fraction;
                Estimate::finite(value, range.low.min(value), range.high?.max(value))
            });
            fit.asymptotic_ceiling = fit.serial_fraction.and_then(|s| s.reciprocal());
        }
        Verdict::InsufficientRange => {
            let bounded = !fitting.is_forced() || fitting.chosen.model.has_serial_part();
            fit.serial_fraction_upper = serial.filter(|_| bounded).and_then(|range| range.high);
            let limited_by_the_serial_part_alone = curve.knee.is_none() && curve.kappa == 0.0;
            if limited_by_the_serial_part_alone {
                fit.attainable_ceiling = None;
                fit.workers_at_90_percent = None;
            }
        }
        Verdict::Superlinear => {
            fit.withdraw();
            fit.rebased = rebased(fitting).map(Box::new);
        }
        _ => fit.withdraw(),
    }
}

/// The fit from the smallest worker count on the efficiency plateau, which then counts as one worker.
fn rebased(fitting: &Fitting<'_>) -> Option<SpeedupFit> {
    let base = plateau(fitting.data)?;
    let workers = fitting.data.workers[base];
    let points: Vec<Point> =
        fitting.data.points[base..].iter().map(|point| Point { workers: point.workers / workers, ..*point }).collect();
    let mut fit = fit(&points);
    fit.base_workers = workers;
    Some(fit)
}
