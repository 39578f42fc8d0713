//! Branch divergence: the cost of each extra path that the lanes of a subgroup take.

use serde::Serialize;

use crate::stats::{Estimate, Summary};

use super::costs::Costs;
use super::fitted::{Fitted, Parameters};
use super::reason::{Law, Reason};
use super::times::Times;

/// Fewest kernels for a fit: one more than the three costs.
const FEWEST_POINTS: usize = 4;

/// A kernel whose elements each take one of several paths.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Branching {
    /// Number of paths in the kernel.
    pub paths: f64,
    /// Number of paths taken within one subgroup; 1 if all its lanes take the same path.
    pub met: f64,
    /// Length of each path's chain, relative to the shortest chain of all kernels.
    pub chain: f64,
    /// Time of the kernel, in seconds.
    pub time: Summary,
}

/// The law `T = T(1) + c C (met − 1) + a T(1) (paths − 1) + C (chain − 1)`. C is the time of one path's chain.
#[derive(Serialize, Debug, Clone, Copy, PartialEq)]
pub struct Divergence {
    /// `T(1)`: the time with one path, in seconds.
    pub one_path: Estimate,
    /// `C`: the time of one path's chain, in seconds, measured as the time that doubling the chain adds. `None` if only
    /// one length was measured; then `T(1)` is used instead.
    pub chain: Option<Estimate>,
    /// c: the cost of each extra path taken within a subgroup, divided by `C`. It is 1 if paths run one after another,
    /// and 0 if they run at once. It is not relative to `T(1)`, because `T(1)` also holds time outside the paths.
    pub per_path: Estimate,
    /// a: the cost of the test for each extra path, taken or not, divided by `T(1)`.
    pub per_condition: Estimate,
}

impl Parameters for Divergence {
    const NAMES: &'static [&'static str] = &["one_path", "chain", "per_path", "per_condition"];
}

/// The divergence law, or why there is none. Its x is the number of paths.
pub type DivergenceFit = Fitted<Divergence>;

impl DivergenceFit {
    /// Returns the cost of each extra path taken within a subgroup; `None` unless accepted.
    pub fn per_path(&self) -> Option<Estimate> {
        self.law.map(|law| law.per_path)
    }

    /// Returns the cost of the test for each extra path; `None` unless accepted.
    pub fn per_condition(&self) -> Option<Estimate> {
        self.law.map(|law| law.per_condition)
    }

    /// Returns the time in seconds with `paths` paths, of which `met` are taken within a subgroup; `None` unless
    /// accepted.
    pub fn seconds(&self, paths: f64, met: f64) -> Option<f64> {
        let law = self.law?;
        let (one, chain) = (law.one_path.value, law.chain.unwrap_or(law.one_path).value);
        Some(one + law.per_path.value * chain * (met - 1.0) + law.per_condition.value * one * (paths - 1.0))
    }
}

/// Returns the number of paths taken within a subgroup of `lanes` lanes, if `run` consecutive elements (at least one)
/// take the same path. It is at most `paths`, and at most the number of such runs in a subgroup.
pub fn met(paths: f64, run: f64, lanes: f64) -> f64 {
    paths.min((lanes / run).max(1.0))
}

/// Fits [`Divergence`] to kernels whose work does not depend on the paths.
///
/// To tell a and c apart, the kernels must include more paths than lanes, or elements sorted by path. A kernel of one
/// path with a longer chain measures C.
///
/// The fit minimises squared relative errors. Intervals are profile-likelihood intervals with Student's t on n − 4
/// degrees of freedom (n − 3 without a longer chain). The interval of a is divided by the value of `T(1)`. The interval
/// of c combines opposite ends of its own interval and that of C.
pub fn fit(kernels: &[Branching]) -> DivergenceFit {
    if kernels.len() < FEWEST_POINTS || !kernels.iter().any(|kernel| kernel.met > 1.0) {
        return Fitted::refused(Reason::FewKernels { found: kernels.len(), needed: FEWEST_POINTS });
    }
    let summaries: Vec<Summary> = kernels.iter().map(|kernel| kernel.time).collect();
    let times = match Times::of(&summaries) {
        Ok(times) => times,
        Err(reason) => return Fitted::refused(reason),
    };
    let ones = vec![1.0; kernels.len()];
    let met: Vec<f64> = kernels.iter().map(|kernel| kernel.met - 1.0).collect();
    let further: Vec<f64> = kernels.iter().map(|kernel| kernel.paths - 1.0).collect();
    let longer: Vec<f64> = kernels.iter().map(|kernel| kernel.chain - 1.0).collect();
    let columns: [&[f64]; 4] = [&ones, &met, &further, &longer];
    let has_longer = longer.iter().any(|longer| *longer > 0.0);
    let Some(costs) = Costs::fit(&times, &columns[..if has_longer { 4 } else { 3 }], 0) else {
        return Fitted::refused(Reason::NoFit { law: Law::Divergence });
    };
    let goodness = costs.goodness();
    let reason = goodness.judge(Law::Divergence);
    let law = || {
        let one_path = costs.estimate(0)?;
        let chain = if has_longer { Some(costs.estimate(3)?) } else { None };
        let share = |column: usize, of: Estimate| {
            let cost = costs.estimate(column)?;
            Estimate::finite(cost.value / of.value, cost.low / of.high, cost.high / of.low)
        };
        let one = Estimate { low: one_path.value, high: one_path.value, ..one_path };
        Some(Divergence { one_path, chain, per_path: share(1, chain.unwrap_or(one))?, per_condition: share(2, one)? })
    };
    let law = reason.verdict().is_accepted().then(law).flatten();
    let paths: Vec<f64> = kernels.iter().map(|kernel| kernel.paths).collect();
    Fitted::new(law, reason, goodness, &paths)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::law::Verdict;

    /// Returns kernels with scattered paths on subgroups of 32 lanes, and with sorted paths, with a wobble of 0.3 %.
    fn kernels(path: f64, condition: f64, wobble: f64) -> Vec<Branching> {
        let kernel = |paths: f64, met: f64| {
            let seconds = 1e-3 * (1.0 + path * (met - 1.0) + condition * (paths - 1.0));
            let seconds = seconds * (1.0 + wobble * (5.0 * (paths + met)).sin());
            Branching { paths, met, chain: 1.0, time: Summary::of(&[seconds * 0.99, seconds, seconds * 1.01]).unwrap() }
        };
        let scattered = [1.0, 2.0, 4.0, 8.0, 16.0, 24.0, 32.0, 64.0].map(|paths| kernel(paths, met(paths, 1.0, 32.0)));
        scattered.into_iter().chain([2.0, 32.0, 64.0].map(|paths| kernel(paths, 1.0))).collect()
    }

    #[test]
    fn the_price_of_a_path_is_told_from_that_of_its_condition() {
        for (path, condition) in [(1.0, 0.06), (0.4, 0.02)] {
            let fit = fit(&kernels(path, condition, 0.003));
            let (per_path, per_condition) = (fit.per_path().unwrap(), fit.per_condition().unwrap());
            assert!(per_path.contains(path) && per_path.high < 1.2 * per_path.low, "{per_path:?}");
            assert!(per_condition.contains(condition) && per_condition.high < 1.5 * per_condition.low);
            assert!(
                (fit.seconds(64.0, 32.0).unwrap() / (1e-3 * (1.0 + 31.0 * path + 63.0 * condition)) - 1.0).abs() < 0.03
            );
        }
        let free = fit(&kernels(0.0, 0.0, 0.003)).law.unwrap();
        assert!(free.per_path.low == 0.0 && free.per_path.high < 0.01, "{free:?}");
    }

    /// If time outside the paths equals one chain, the cost of a path relative to T(1) would be only 50 %.
    #[test]
    fn paths_one_after_the_other_cost_one_chain_each_whatever_is_around_them() {
        for (around, price) in [(0.2e-3, 1.0), (1e-3, 1.0), (4e-3, 1.0), (1e-3, 0.5)] {
            let kernel = |paths: f64, met: f64, chain: f64| {
                let seconds = around + 1e-3 * (chain + price * (met - 1.0)) + 2e-5 * (paths - 1.0);
                let seconds = seconds * (1.0 + 0.002 * (5.0 * (paths + met + chain)).sin());
                Branching { paths, met, chain, time: Summary::of(&[seconds * 0.99, seconds, seconds * 1.01]).unwrap() }
            };
            let scattered = [2.0, 8.0, 16.0, 32.0, 64.0].map(|paths| kernel(paths, met(paths, 1.0, 32.0), 1.0));
            let sorted = [2.0, 32.0, 64.0].map(|paths| kernel(paths, 1.0, 1.0));
            let one = [kernel(1.0, 1.0, 1.0), kernel(1.0, 1.0, 2.0)];
            let kernels: Vec<Branching> = one.into_iter().chain(scattered).chain(sorted).collect();
            let fit = fit(&kernels);
            let law = fit.law.unwrap();
            assert!(law.per_path.contains(price), "{around} {price}: {law:?}");
            assert!((law.per_path.value / price - 1.0).abs() < 0.05, "{around} {price}: {law:?}");
            assert!((law.chain.unwrap().value / 1e-3 - 1.0).abs() < 0.05, "{law:?}");
            let full = around + 1e-3 * (1.0 + 31.0 * price) + 2e-5 * 31.0;
            assert!((fit.seconds(32.0, 32.0).unwrap() / full - 1.0).abs() < 0.02);
        }
    }

    #[test]
    fn what_has_no_price_is_refused() {
        let wild = fit(&kernels(1.0, 0.0, 0.6));
        assert_eq!((wild.verdict, wild.law), (Verdict::PoorFit, None));
        assert_eq!(fit(&kernels(1.0, 0.0, 0.0)[..3]).verdict, Verdict::TooFewPoints);
        assert_eq!(fit(&kernels(1.0, 0.0, 0.0)[8..]).verdict, Verdict::TooFewPoints);
        assert_eq!((met(3.0, 1.0, 8.0), met(16.0, 1.0, 8.0)), (3.0, 8.0));
        assert_eq!((met(16.0, 2.0, 8.0), met(16.0, 8.0, 8.0), met(16.0, 32.0, 8.0)), (4.0, 1.0, 1.0));
    }
}
