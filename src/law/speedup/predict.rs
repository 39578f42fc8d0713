//! Predictions of the fitted curve at any worker count, with intervals that widen beyond the data.

use serde::Serialize;

use crate::law::point::Point;
use crate::law::reason::Reason;
use crate::law::verdict::Verdict;
use crate::stats::Estimate;

use super::data::Data;
use super::family::Quantity;
use super::fit::{Fitting, Options, candidates, fit_with};

/// Predicted time and speedup for one worker count.
#[derive(Serialize, Debug, Clone, Copy, PartialEq)]
pub struct Predicted {
    /// Workers p.
    pub workers: f64,
    /// `T(p)` in seconds; `None` if the data bound it from one side only.
    pub seconds: Option<Estimate>,
    /// `S(p) = T(1)/T(p)`; `None` if the data bound it from one side only.
    pub speedup: Option<Estimate>,
    /// Whether p lies outside the measured worker counts.
    pub extrapolated: bool,
}

/// Predicts times and speedups from the curve of [`fit_with`], with profile-likelihood intervals.
///
/// The intervals cover the law's own time; the scatter of a new measurement comes on top. Beyond the data they also
/// cover a cost per worker that is too small to show in the data. They cannot cover a limit that begins beyond the
/// data.
///
/// # Errors
///
/// Returns the reason if the fit is refused. An insufficient range is not an error here.
pub fn predict(points: &[Point], options: Options, workers: &[f64]) -> Result<Vec<Predicted>, Reason> {
    let fit = fit_with(points, options);
    if !matches!(fit.verdict, Verdict::Accepted | Verdict::InsufficientRange) {
        return Err(fit.reason);
    }
    if let Some(&workers) = workers.iter().find(|p| !(p.is_finite() && **p >= 1.0)) {
        return Err(Reason::BadWorkers { workers });
    }
    let data = Data::new(points)?;
    let tried = candidates(&data, options)?;
    let within = Fitting::new(&data, &tried, options);
    let beyond = Fitting::new(&data, &tried, options).with_hidden_kappa();
    let (first, last) = data.range().unwrap_or((1.0, 1.0));
    Ok(workers
        .iter()
        .map(|&workers| {
            let extrapolated = !(first..=last).contains(&workers);
            let fitting = if extrapolated { &beyond } else { &within };
            Predicted {
                workers,
                seconds: fitting.estimate(Quantity::Seconds(workers)),
                speedup: fitting.estimate(Quantity::Speedup(workers)),
                extrapolated,
            }
        })
        .collect())
}
