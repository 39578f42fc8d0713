//! Finds drift: whether a series that should be constant changes over time, gradually or in jumps.
//!
//! Both tests use ranks, so a few extreme values do not matter. Levels are compared on the logarithm, so that a tenth
//! longer is the same step at every level.

use super::{mad, median};

/// Most values that are compared. Longer series are reduced to medians of neighbours, because the number of pairs grows
/// with the square.
const GROUPS: usize = 120;

/// Fewest values for drift.
const FEWEST: usize = 8;

/// Fewest values on each side of a jump.
const SIDE: usize = 3;

/// Quantile of the normal distribution for a two-sided 99 % test.
const Z_99: f64 = 2.576;

/// Largest probability of finding a jump by chance.
const CHANCE: f64 = 0.01;

/// A change of the level.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Change {
    /// Whether the change is gradual; otherwise it is a jump from one value to the next.
    pub gradual: bool,
    /// Relative size of the change: 0.1 means a tenth more.
    pub size: f64,
    /// Position of the last value before the change.
    pub from: f64,
    /// Position of the first value after the change.
    pub to: f64,
}

/// Returns the significant changes of a series of positive values at ascending positions. `least` is the smallest
/// relative change (0.05 means 5 %).
///
/// A trend is the Theil–Sen slope (Sen 1968) with the test of Mann (1945) and Kendall. Jumps are the change points of
/// Pettitt (1979); each side of a jump is searched again. If a line leaves smaller residuals than one jump, the trend
/// is removed first. Otherwise the jumps are removed first.
pub fn changes(at: &[f64], values: &[f64], least: f64) -> Vec<Change> {
    let series = Series::grouped(at, values);
    if series.y.len() < FEWEST {
        return Vec::new();
    }
    let slope = series.slope();
    let without_trend = series.less(|x| slope * x);
    let first_jump = change_point(&series.y).map(|(cut, _)| series.stepped(cut));
    let is_line = first_jump.is_none_or(|stepped| spread(&without_trend.y) <= stepped);
    let mut found = Vec::new();
    let trend = series.trend(slope).filter(|change| change.size.abs() >= least);
    if let (true, Some(trend)) = (is_line, trend) {
        found.push(trend);
        found.extend(without_trend.jumps(least));
    } else {
        found.extend(series.jumps(least));
    }
    found
}

/// Positions and logarithms of the values.
struct Series {
    x: Vec<f64>,
    y: Vec<f64>,
}

impl Series {
    fn grouped(at: &[f64], values: &[f64]) -> Self {
        let pairs: Vec<(f64, f64)> = at.iter().copied().zip(values.iter().map(|value| value.ln())).collect();
        let pairs: Vec<_> = pairs.into_iter().filter(|(x, y)| x.is_finite() && y.is_finite()).collect();
        let groups = pairs.chunks(pairs.len().div_ceil(GROUPS).max(1));
        let middle = |part: fn(&(f64, f64)) -> f64| {
            let medians = groups.clone().filter_map(|group| median(&group.iter().map(part).collect::<Vec<_>>()));
            medians.collect::<Vec<f64>>()
        };
        Self { x: middle(|pair| pair.0), y: middle(|pair| pair.1) }
    }

    fn pairs(&self) -> impl Iterator<Item = (f64, f64)> {
        let points = || self.x.iter().zip(&self.y).enumerate();
        points()
            .flat_map(move |(i, (x, y))| points().skip(i + 1).map(move |(_, (later, other))| (later - x, other - y)))
    }

    /// Returns the median of the slopes of all pairs (Sen 1968).
    fn slope(&self) -> f64 {
        let slopes: Vec<f64> = self.pairs().filter(|(dx, _)| *dx > 0.0).map(|(dx, dy)| dy / dx).collect();
        median(&slopes).unwrap_or(0.0)
    }

    /// Returns the whole series as a trend, if significantly more pairs rise than fall, or the other way round.
    fn trend(&self, slope: f64) -> Option<Change> {
        let n = self.y.len() as f64;
        let excess: f64 = self.pairs().map(|(_, dy)| if dy == 0.0 { 0.0 } else { dy.signum() }).sum();
        let z = excess / (n * (n - 1.0) * (2.0 * n + 5.0) / 18.0).sqrt();
        let (from, to) = (*self.x.first()?, *self.x.last()?);
        (z.abs() > Z_99).then(|| Change { gradual: true, size: (slope * (to - from)).exp_m1(), from, to })
    }

    fn less(&self, of: impl Fn(f64) -> f64) -> Self {
        Self { x: self.x.clone(), y: self.x.iter().zip(&self.y).map(|(&x, y)| y - of(x)).collect() }
    }

    /// Returns the remaining spread once both sides of a jump are moved to the same level.
    fn stepped(&self, cut: usize) -> f64 {
        let levelled = |part: &[f64]| {
            let level = median(part).unwrap_or(0.0);
            part.iter().map(|y| y - level).collect::<Vec<f64>>()
        };
        spread(&[levelled(&self.y[..cut]), levelled(&self.y[cut..])].concat())
    }

    /// Returns the jumps between neighbouring stretches of constant level.
    fn jumps(&self, least: f64) -> Vec<Change> {
        let mut cuts = Vec::new();
        cut(&self.y, 0, &mut cuts);
        cuts.sort_unstable();
        let ends: Vec<usize> = [0].into_iter().chain(cuts).chain([self.y.len()]).collect();
        let change = |stretch: &[usize]| {
            let (begin, middle, end) = (stretch[0], stretch[1], stretch[2]);
            let (before, after) = (median(&self.y[begin..middle])?, median(&self.y[middle..end])?);
            let size = (after - before).exp_m1();
            Some(Change { gradual: false, size, from: self.x[middle - 1], to: self.x[middle] })
        };
        ends.windows(3).filter_map(change).filter(|change| change.size.abs() >= least).collect()
    }
}

/// Returns the median absolute deviation; 0 for an empty series.
fn spread(y: &[f64]) -> f64 {
    mad(y).unwrap_or(0.0)
}

/// Finds the change points of a stretch that begins at `offset`.
fn cut(y: &[f64], offset: usize, cuts: &mut Vec<usize>) {
    let Some((at, chance)) = change_point(y).filter(|_| y.len() >= FEWEST) else {
        return;
    };
    if chance < CHANCE {
        cuts.push(offset + at);
        cut(&y[..at], offset, cuts);
        cut(&y[at..], offset + at, cuts);
    }
}

/// Returns Pettitt's change point: the index of the first value after it, and the probability of a statistic
/// `K = max |U|` at least as large by chance, `2 exp(−6 K²/(n³ + n²))`. With ranks r, `U(t) = 2 Σ r − t (n + 1)` over
/// the first t values (Pettitt 1979).
fn change_point(y: &[f64]) -> Option<(usize, f64)> {
    let n = y.len() as f64;
    let rank = |value: &f64| {
        let below = y.iter().filter(|other| *other < value).count() as f64;
        let equal = y.iter().filter(|other| *other == value).count() as f64;
        below + f64::midpoint(equal, 1.0)
    };
    let mut sum = 0.0;
    let mut best: Option<(usize, f64)> = None;
    for (index, value) in y.iter().enumerate() {
        sum += rank(value);
        let before = index + 1;
        let statistic = (2.0 * sum - before as f64 * (n + 1.0)).abs();
        let inside = before >= SIDE && y.len() - before >= SIDE;
        if inside && best.is_none_or(|(_, most)| statistic > most) {
            best = Some((before, statistic));
        }
    }
    best.map(|(at, k)| (at, (2.0 * (-6.0 * k * k / (n.powi(3) + n.powi(2))).exp()).min(1.0)))
}

#[cfg(test)]
mod tests {
    use rand::rngs::ChaCha8Rng;
    use rand::{RngExt, SeedableRng};

    use super::*;

    /// Returns n values around a level that depends on the position, with 3 % noise; a tenth of them are extreme.
    fn series(seed: u64, n: usize, level: impl Fn(f64) -> f64) -> (Vec<f64>, Vec<f64>) {
        let mut random = ChaCha8Rng::seed_from_u64(seed);
        let at: Vec<f64> = (0..n).map(|i| i as f64 / n as f64 * 60.0).collect();
        let value = |&x: &f64| {
            let wild = if random.random::<f64>() < 0.1 { 1.5 } else { 1.0 };
            level(x) * wild * (1.0 + 0.06 * (random.random::<f64>() - 0.5))
        };
        let values = at.iter().map(value).collect();
        (at, values)
    }

    #[test]
    fn pettitts_statistic_of_a_clean_step() {
        let (at, chance) = change_point(&[1.0, 1.0, 1.0, 1.0, 2.0, 2.0, 2.0, 2.0]).unwrap();
        // All 16 pairs across the step count: K = 16 and n = 8, so 2 exp(-6 · 256/576).
        assert_eq!(at, 4);
        assert!((chance - 2.0 * (-6.0_f64 * 256.0 / 576.0).exp()).abs() < 1e-12);
    }

    #[test]
    fn level_noise_is_no_drift() {
        let false_alarms = (0..200).filter(|&seed| {
            let (at, values) = series(seed, 300, |_| 1e-3);
            !changes(&at, &values, 0.05).is_empty()
        });
        assert_eq!(false_alarms.count(), 0);
    }

    #[test]
    fn a_trend_is_found_with_its_size() {
        let found = (0..50).filter(|&seed| {
            let (at, values) = series(seed, 300, |x| 1e-3 * (1.0 + 0.12 * x / 60.0));
            matches!(changes(&at, &values, 0.05)[..], [one] if one.gradual && (one.size - 0.12).abs() < 0.03)
        });
        assert!(found.count() >= 48);
    }

    #[test]
    fn a_jump_is_found_with_its_size_and_place() {
        let found = (0..50).filter(|&seed| {
            let (at, values) = series(seed, 300, |x| if x < 40.0 { 1e-3 } else { 1.3e-3 });
            matches!(changes(&at, &values, 0.05)[..],
                [one] if !one.gradual && (one.size - 0.3).abs() < 0.05 && (one.to - 40.0).abs() < 3.0)
        });
        assert!(found.count() >= 48);
    }

    #[test]
    fn up_and_down_again_are_two_jumps() {
        let (at, values) = series(7, 400, |x| if (20.0..35.0).contains(&x) { 1.4e-3 } else { 1e-3 });
        let found = changes(&at, &values, 0.05);
        let sizes: Vec<bool> = found.iter().map(|change| change.size > 0.0).collect();
        assert_eq!(sizes, [true, false], "{found:?}");
    }

    #[test]
    fn too_little_shows_nothing() {
        assert!(changes(&[0.0, 1.0], &[1.0, 9.0], 0.05).is_empty());
        assert!(changes(&[], &[], 0.05).is_empty());
    }
}
