//! A straight line through times: the cost of one launch and the round trip, from a ladder of K launches.

use serde::{Deserialize, Serialize};

use crate::stats::{Estimate, Summary};

use super::costs::{Costs, CostsGoodness, Times};
use super::verdict::{Judgement, Verdict};

/// Fewest points of a line with an interval.
const FEWEST_POINTS: usize = 3;

/// `T(x) = intercept + slope · x`, both at least zero.
#[derive(Serialize, Deserialize, Debug, Clone, PartialEq)]
pub struct LineFit {
    /// Whether the line may be believed.
    pub verdict: Verdict,
    /// Why, in one sentence.
    pub verdict_reason: String,
    /// Time at x = 0, in seconds: the round trip of a launch ladder. `None` unless accepted.
    pub intercept: Option<Estimate>,
    /// Seconds per unit of x: the cost of one launch. `None` unless accepted.
    pub slope: Option<Estimate>,
    /// Figures of fit; `None` where nothing was fitted.
    pub goodness: Option<CostsGoodness>,
    /// Smallest x fitted.
    pub from: Option<f64>,
    /// Largest x fitted.
    pub to: Option<f64>,
}

impl LineFit {
    fn refused(judgement: Judgement) -> Self {
        Self {
            verdict: judgement.verdict,
            verdict_reason: judgement.reason,
            intercept: None,
            slope: None,
            goodness: None,
            from: None,
            to: None,
        }
    }

    /// The time at x by the line, in seconds; `None` unless accepted.
    pub fn seconds(&self, x: f64) -> Option<f64> {
        Some(self.intercept?.value + self.slope?.value * x)
    }
}

/// Fits `T(x) = α + β x`, α and β ≥ 0, to summaries in seconds at positive x (or zero): for a launch ladder x is the
/// number K of dispatches, β the cost per launch and α the round trip.
///
/// Relative errors are squared (least squares on the logarithm), so that one launch weighs as much as a thousand;
/// intervals are profile-likelihood intervals with Student's t on n − 2 degrees of freedom.
pub fn fit(points: &[(f64, Summary)]) -> LineFit {
    match prepare(points) {
        Ok((x, times)) => {
            let ones = vec![1.0; x.len()];
            let columns: [&[f64]; 2] = [&ones, &x];
            Costs::fit(&times, &columns, 0).map_or_else(
                || LineFit::refused(Judgement::new(Verdict::PoorFit, "no line fits")),
                |costs| accepted(&costs, &x),
            )
        }
        Err(judgement) => LineFit::refused(judgement),
    }
}

/// Checks the points of a line: x at least zero and finite, times positive, three different x.
pub(crate) fn prepare(points: &[(f64, Summary)]) -> Result<(Vec<f64>, Times), Judgement> {
    let x: Vec<f64> = points.iter().map(|(x, _)| *x).collect();
    if let Some(bad) = x.iter().find(|x| !(x.is_finite() && **x >= 0.0)) {
        let reason = format!("a position is {bad}, not zero or a positive number");
        return Err(Judgement::new(Verdict::InvalidData, reason));
    }
    let mut distinct = x.clone();
    distinct.sort_by(f64::total_cmp);
    distinct.dedup();
    if distinct.len() < FEWEST_POINTS {
        let reason = format!("{} different positions; a line needs {FEWEST_POINTS}", distinct.len());
        return Err(Judgement::new(Verdict::TooFewPoints, reason));
    }
    let summaries: Vec<Summary> = points.iter().map(|(_, s)| *s).collect();
    let times = Times::of(&summaries).map_err(|e| Judgement::new(Verdict::InvalidData, e))?;
    Ok((x, times))
}

fn accepted(costs: &Costs<'_>, x: &[f64]) -> LineFit {
    let goodness = costs.goodness();
    let judgement = goodness.judge("a straight line");
    let quoted = judgement.verdict.is_accepted();
    let ends = x.iter().fold((f64::INFINITY, 0.0_f64), |(a, b), &x| (a.min(x), b.max(x)));
    LineFit {
        intercept: costs.estimate(0).filter(|_| quoted),
        slope: costs.estimate(1).filter(|_| quoted),
        goodness: Some(goodness),
        from: Some(ends.0),
        to: Some(ends.1),
        ..LineFit::refused(judgement)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
        let (alpha, beta) = (line.intercept.unwrap(), line.slope.unwrap());
        assert!((alpha.value - 41e-6).abs() < 1e-12);
        assert!((beta.value - 1.1e-6).abs() < 1e-14);
        assert!(alpha.low <= alpha.value && alpha.value <= alpha.high);
        assert!((line.seconds(100.0).unwrap() - 151e-6).abs() < 1e-11);
    }

    /// With small errors the interval is the one of weighted linear regression; here R's
    /// `lm(t ~ k, weights = 1/t^2)` by hand for three points: t = 1, 2.02, 2.98 at k = 0, 1, 2.
    #[test]
    fn the_interval_is_students_t() {
        let points: Vec<(f64, Summary)> =
            [(0.0, 1.0), (1.0, 2.02), (2.0, 2.98)].into_iter().map(|(x, t)| (x, Summary::of(&[t]).unwrap())).collect();
        let line = fit(&points);
        let (alpha, beta) = (line.intercept.unwrap(), line.slope.unwrap());
        assert!((alpha.value - 1.003).abs() < 2e-3, "{alpha:?}");
        assert!((beta.value - 0.997).abs() < 3e-3, "{beta:?}");
        assert!(alpha.contains(1.0) && beta.contains(1.0));
        // One degree of freedom: t = 12.7 standard errors.
        assert!(beta.high - beta.low > 0.1);
    }

    #[test]
    fn an_intercept_of_zero_has_a_bound() {
        let line = fit(&ladder(|k| 2e-6 * k));
        let alpha = line.intercept.unwrap();
        assert!(alpha.low == 0.0 && alpha.high < 1e-9);
    }

    #[test]
    fn what_is_no_line_is_refused() {
        let bent = fit(&ladder(|k| 1e-6 * k * k));
        assert_eq!(bent.verdict, Verdict::PoorFit);
        assert_eq!(bent.slope, None);
        assert_eq!(fit(&ladder(|k| k)[..2]).verdict, Verdict::TooFewPoints);
        assert_eq!(fit(&ladder(|k| 1.0 - k)).verdict, Verdict::InvalidData);
        assert_eq!(fit(&[]).verdict, Verdict::TooFewPoints);
    }
}
