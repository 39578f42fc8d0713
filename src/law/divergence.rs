//! Branches inside a subgroup: what each path that its lanes take apart costs.

use serde::{Deserialize, Serialize};

use crate::stats::{Estimate, Summary};

use super::costs::Costs;
use super::line::{self, LineFit};

/// Paths that meet in a subgroup: no more than there are, and no more than it has lanes.
pub fn met(branches: f64, subgroup: f64) -> f64 {
    branches.min(subgroup)
}

/// The line of time over paths, and the price of a path.
#[derive(Serialize, Deserialize, Debug, Clone, PartialEq)]
pub struct DivergenceFit {
    /// `T = T(1) + cost x (paths − 1)`, with the paths that meet in a subgroup.
    #[serde(flatten)]
    pub line: LineFit,
    /// Cost of each further path over `T(1)`: 1 where paths run one after the other, 0 where they run at once. `None`
    /// where the line is refused.
    pub per_path: Option<Estimate>,
}

/// Fits `T(b) = T(1) (1 + c (min(b, lanes) − 1))` to times in seconds of b paths on subgroups of so many lanes.
///
/// Relative errors are squared; the interval of c is that of the ratio of both coefficients, by profile likelihood.
pub fn fit(points: &[(f64, Summary)], subgroup: f64) -> DivergenceFit {
    let further: Vec<(f64, Summary)> = points.iter().map(|(b, time)| (met(*b, subgroup) - 1.0, *time)).collect();
    let line = line::fit(&further);
    let per_path = line::prepare(&further).ok().and_then(|(x, times)| {
        let ones = vec![1.0; x.len()];
        let columns: [&[f64]; 2] = [&ones, &x];
        Costs::fit(&times, &columns, 0)?.ratio(1, 0)
    });
    DivergenceFit { per_path: per_path.filter(|_| line.verdict.is_accepted()), line }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::law::Verdict;

    fn times(cost: f64, lanes: f64) -> Vec<(f64, Summary)> {
        [1.0, 2.0, 4.0, 8.0, 16.0, 24.0, 32.0, 64.0]
            .map(|b: f64| {
                let seconds = 1e-3 * (1.0 + cost * (b.min(lanes) - 1.0)) * (1.0 + 0.003 * (5.0 * b).sin());
                (b, Summary::of(&[seconds * 0.99, seconds, seconds * 1.01]).unwrap())
            })
            .into()
    }

    #[test]
    fn one_after_the_other_in_part_and_at_once() {
        for cost in [1.0, 0.4] {
            let fit = fit(&times(cost, 32.0), 32.0);
            let per_path = fit.per_path.unwrap();
            assert!(per_path.contains(cost) && per_path.high < 1.2 * per_path.low, "{per_path:?}");
            assert!((fit.line.intercept.unwrap().value / 1e-3 - 1.0).abs() < 0.03);
        }
        let free = fit(&times(0.0, 32.0), 32.0).per_path.unwrap();
        assert!(free.low == 0.0 && free.high < 0.01, "{free:?}");
    }

    /// Paths that go on to cost beyond the lanes are no line in the paths that meet.
    #[test]
    fn costs_beyond_the_lanes_are_no_line() {
        let fit = fit(&times(1.0, 64.0), 8.0);
        assert_eq!((fit.line.verdict, fit.per_path), (Verdict::PoorFit, None));
        assert_eq!((met(3.0, 8.0), met(16.0, 8.0)), (3.0, 8.0));
    }
}
