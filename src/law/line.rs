//! A straight line through times. It gives the cost of one launch and the round trip, the cost of cutting a job into K
//! launches, and Hockney's latency and rate ([`super::hockney`]).

use serde::Serialize;

use crate::stats::{Estimate, Summary};

use super::costs::Costs;
use super::fitted::{Fitted, Parameters, distinct};
use super::reason::{Law, Reason};
use super::times::Times;

/// Fewest points of a line with an interval.
const FEWEST_POINTS: usize = 3;

/// The line `T(x) = intercept + slope · x`. Both parameters are at least zero.
#[derive(Serialize, Debug, Clone, Copy, PartialEq)]
pub struct Line {
    /// Time at x = 0, in seconds: the round trip if x counts launches.
    pub intercept: Estimate,
    /// Seconds per unit of x: the cost of one launch if x counts launches.
    pub slope: Estimate,
    /// The x at which the slope's part equals the intercept; `None` if its interval has no upper end.
    pub half: Option<Estimate>,
}

impl Parameters for Line {
    const NAMES: &'static [&'static str] = &["intercept", "slope", "half"];
}

/// A line through times, or why there is none.
pub type LineFit = Fitted<Line>;

impl LineFit {
    /// Returns the time at x = 0, in seconds; `None` unless accepted.
    pub fn intercept(&self) -> Option<Estimate> {
        self.law.map(|line| line.intercept)
    }

    /// Returns the seconds per unit of x; `None` unless accepted.
    pub fn slope(&self) -> Option<Estimate> {
        self.law.map(|line| line.slope)
    }

    /// Returns the fitted time at x, in seconds; `None` unless accepted.
    pub fn seconds(&self, x: f64) -> Option<f64> {
        Some(self.intercept()?.value + self.slope()?.value * x)
    }
}

/// Fits `T(x) = α + β x` with α, β ≥ 0 to summaries in seconds at x ≥ 0. For a series of launches, x is the number K of
/// dispatches, β the cost per launch and α the round trip.
///
/// The fit minimises squared relative errors (least squares on the logarithm), so one launch has the same weight as a
/// thousand. Intervals are profile-likelihood intervals with Student's t on n − 2 degrees of freedom.
pub fn fit(points: &[(f64, Summary)]) -> LineFit {
    fit_as(Law::Line, points)
}

/// Fits the line, and names `law` in the reason of its verdict.
pub(crate) fn fit_as(law: Law, points: &[(f64, Summary)]) -> LineFit {
    let (x, times) = match prepare(points) {
        Ok(prepared) => prepared,
        Err(reason) => return Fitted::refused(reason),
    };
    let ones = vec![1.0; x.len()];
    let columns: [&[f64]; 2] = [&ones, &x];
    let Some(costs) = Costs::fit(&times, &columns, 0) else {
        return Fitted::refused(Reason::NoFit { law });
    };
    let goodness = costs.goodness();
    let reason = goodness.judge(law);
    let quoted = reason.verdict().is_accepted();
    let line = || Some(Line { intercept: costs.estimate(0)?, slope: costs.estimate(1)?, half: costs.ratio(0, 1) });
    Fitted::new(quoted.then(line).flatten(), reason, goodness, &x)
}

/// Checks the points of a line: x finite and at least zero, times positive, three different x.
fn prepare(points: &[(f64, Summary)]) -> Result<(Vec<f64>, Times), Reason> {
    let x: Vec<f64> = points.iter().map(|(x, _)| *x).collect();
    if let Some(&position) = x.iter().find(|x| !(x.is_finite() && **x >= 0.0)) {
        return Err(Reason::BadPosition { position });
    }
    let found = distinct(x.iter().copied()).len();
    if found < FEWEST_POINTS {
        return Err(Reason::FewPositions { found, needed: FEWEST_POINTS });
    }
    let summaries: Vec<Summary> = points.iter().map(|(_, s)| *s).collect();
    Ok((x, Times::of(&summaries)?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::law::Verdict;

    fn ladder(times: impl Fn(f64) -> f64) -> Vec<(f64, Summary)> {
        (0..8)
            .map(|i| {
                let k = f64::from(1 << i);
                (k, Summary::of(&[times(k)]).unwrap())
            })
            .collect()
    }

    #[test]
    fn a_planted_ladder_is_recovered() {
        let line = fit(&ladder(|k| 41e-6 + 1.1e-6 * k));
        assert_eq!(line.verdict, Verdict::Accepted);
        let (alpha, beta) = (line.intercept().unwrap(), line.slope().unwrap());
        assert!((alpha.value - 41e-6).abs() < 1e-12);
        assert!((beta.value - 1.1e-6).abs() < 1e-14);
        assert!(alpha.low <= alpha.value && alpha.value <= alpha.high);
        assert!((line.seconds(100.0).unwrap() - 151e-6).abs() < 1e-11);
    }

    /// With small errors the interval equals that of weighted linear regression. The expected values follow R's `lm(t ~
    /// k, weights = 1/t^2)` by hand for three points: t = 1, 2.02, 2.98 at k = 0, 1, 2.
    #[test]
    fn the_interval_is_students_t() {
        let points: Vec<(f64, Summary)> =
            [(0.0, 1.0), (1.0, 2.02), (2.0, 2.98)].into_iter().map(|(x, t)| (x, Summary::of(&[t]).unwrap())).collect();
        let line = fit(&points);
        let (alpha, beta) = (line.intercept().unwrap(), line.slope().unwrap());
        assert!((alpha.value - 1.003).abs() < 2e-3, "{alpha:?}");
        assert!((beta.value - 0.997).abs() < 3e-3, "{beta:?}");
        assert!(alpha.contains(1.0) && beta.contains(1.0));
        // One degree of freedom: t = 12.7 standard errors.
        assert!(beta.high - beta.low > 0.1);
    }

    #[test]
    fn an_intercept_of_zero_has_a_bound() {
        let line = fit(&ladder(|k| 2e-6 * k));
        let alpha = line.intercept().unwrap();
        assert!(alpha.low == 0.0 && alpha.high < 1e-9);
    }

    #[test]
    fn what_is_no_line_is_refused() {
        let bent = fit(&ladder(|k| 1e-6 * k * k));
        assert_eq!(bent.verdict, Verdict::PoorFit);
        assert_eq!(bent.slope(), None);
        assert_eq!(fit(&ladder(|k| k)[..2]).verdict, Verdict::TooFewPoints);
        assert_eq!(fit(&ladder(|k| 1.0 - k)).verdict, Verdict::InvalidData);
        assert_eq!(fit(&[]).verdict, Verdict::TooFewPoints);
    }
}
