//! Profile-likelihood intervals: the range of a quantity over every curve that the data do not rule out.
//!
//! A curve is not ruled out while its sum of squares is at most `RSS + s² t²(0.975, n − q)`, with all other parameters
//! fitted again (D. J. Venzon & S. H. Moolgavkar, "A method for computing profile-likelihood-based confidence
//! intervals", Applied Statistics 37, 1988). Unlike ± two standard errors, such an interval respects that a serial
//! fraction is not negative, and that a knee may hide it.

use crate::law::search::{lower_end, upper_end};

use super::data::Data;
use super::family::{CurveFit, Quantity};

/// The range found so far for an interval.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Range {
    pub(crate) low: f64,
    /// Upper end; `None` if nothing bounds the quantity from above.
    pub(crate) high: Option<f64>,
}

impl Range {
    /// Returns the smallest range that contains both.
    pub(crate) fn hull(self, other: Self) -> Self {
        Self { low: self.low.min(other.low), high: self.high.zip(other.high).map(|(a, b)| a.max(b)) }
    }
}

/// Largest value tried for an upper end. Beyond it the quantity counts as unlimited.
const UNLIMITED: f64 = 1e18;

/// Returns the interval of a quantity over the fits of a region; `None` for an empty region.
pub(crate) fn range(data: &Data, region: &[CurveFit], quantity: Quantity, threshold: f64) -> Option<Range> {
    let mut found: Option<Range> = None;
    for fitted in region {
        let cell = Side { data, fitted, quantity, threshold };
        let here = cell.range(found);
        found = Some(found.map_or(here, |f| f.hull(here)));
    }
    found
}

struct Side<'a> {
    data: &'a Data,
    fitted: &'a CurveFit,
    quantity: Quantity,
    threshold: f64,
}

impl Side<'_> {
    fn holds(&self, value: f64) -> bool {
        // Times and speedups are positive: at zero a point would have no logarithm, and would not count.
        let may_be_zero = matches!(self.quantity, Quantity::SerialFraction | Quantity::Kappa | Quantity::PerDoubling);
        (value > 0.0 || may_be_zero)
            && self.fitted.cell.sum_of_squares_at(self.data, self.quantity, value) <= self.threshold
    }

    /// Returns the smallest positive value that differs from zero. The upward search from zero begins there.
    fn least(&self) -> f64 {
        let most_workers = self.data.workers.last().copied().unwrap_or(1.0);
        match self.quantity {
            Quantity::Kappa => 1e-9 / (most_workers * most_workers),
            Quantity::SerialFraction | Quantity::PerDoubling => 1e-9 / most_workers,
            Quantity::Speedup(_) | Quantity::Ceiling | Quantity::Turn | Quantity::Seconds(_) => 1e-300,
        }
    }

    fn range(&self, found: Option<Range>) -> Range {
        let value = self.quantity.of(&self.fitted.curve);
        Range {
            low: match value {
                Some(v) => self.low(v, found.map(|f| f.low)),
                None => self.low(UNLIMITED, found.map(|f| f.low)),
            },
            high: value.and_then(|v| match found {
                Some(Range { high: None, .. }) => None,
                _ => self.high(v, found.and_then(|f| f.high)),
            }),
        }
    }

    /// Finds the lower end. The search starts at the end that other cells have reached. If that is ruled out here, this
    /// cell adds nothing.
    fn low(&self, value: f64, reached: Option<f64>) -> f64 {
        let mut inside = value;
        if let Some(reached) = reached.filter(|&r| r < value) {
            if !self.holds(reached * (1.0 - 1e-4)) {
                return reached;
            }
            inside = reached;
        }
        lower_end(inside, self.least(), |x| self.holds(x))
    }

    fn high(&self, value: f64, reached: Option<f64>) -> Option<f64> {
        let most = match self.quantity {
            Quantity::SerialFraction => 1.0,
            _ => UNLIMITED,
        };
        let mut inside = value;
        if let Some(reached) = reached.filter(|&r| r > value) {
            if !self.holds((reached * (1.0 + 1e-4)).min(most)) {
                return Some(reached);
            }
            inside = reached;
        }
        let end = upper_end(inside, self.least(), most, |x| self.holds(x));
        (end < UNLIMITED).then_some(end)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::law::speedup::family::Cell;
    use crate::law::speedup::knee::Scan;
    use crate::law::{Curve, Knee, Model, Point};

    fn data() -> Data {
        let truth = Curve {
            seconds_at_one: 1.0,
            serial_fraction: 1e-3,
            knee: Some(Knee { workers: 700.0, shape: None }),
            kappa: 0.0,
            per_doubling: 0.0,
        };
        let wobble = [1.01, 0.985, 1.0, 1.012, 0.99];
        let points: Vec<Point> = (0..16)
            .map(|i| (i, f64::from(1 << i)))
            .map(|(i, p)| Point::new(p, truth.seconds(p) * wobble[i % wobble.len()]))
            .collect();
        Data::new(&points).unwrap()
    }

    /// Computes the same range by brute force: all knees and serial fractions within the threshold.
    fn by_brute_force(data: &Data, threshold: f64) -> (f64, f64) {
        let (mut low, mut high) = (f64::INFINITY, 0.0_f64);
        for i in 0..=600 {
            let knee = Knee { workers: 400.0 * (f64::from(i) * 1.5 / 600.0).exp(), shape: None };
            let cell = Cell { model: Model::AmdahlSaturation, knee: Some(knee) };
            for j in 0..=400 {
                let s = 1e-4 * (f64::from(j) * 3.0 / 400.0).exp();
                if cell.sum_of_squares_at(data, Quantity::SerialFraction, s) <= threshold {
                    (low, high) = (low.min(s), high.max(s));
                }
            }
        }
        (low, high)
    }

    #[test]
    fn the_interval_is_the_range_over_the_whole_region() {
        let data = data();
        let scan = Scan::new(&data, Model::AmdahlSaturation);
        let threshold = data.times.threshold(scan.best().unwrap().sum_of_squares, 3);
        let region = scan.region(threshold);
        let found = range(&data, &region, Quantity::SerialFraction, threshold).unwrap();
        let (low, high) = by_brute_force(&data, threshold);
        assert!((found.low / low - 1.0).abs() < 0.01, "{found:?} {low}");
        assert!((found.high.unwrap() / high - 1.0).abs() < 0.01, "{found:?} {high}");
    }

    /// Student's t interval of a mean: five times with ln t = −2, −1, 0, 1, 2 hundredths around a constant.
    #[test]
    fn one_parameter_has_students_interval() {
        let points: Vec<Point> =
            (0..5).map(|i| Point::new(f64::from(1 << i), ((f64::from(i) - 2.0) / 100.0).exp())).collect();
        let data = Data::new(&points).unwrap();
        let scan = Scan::new(&data, Model::Constant);
        let threshold = data.times.threshold(scan.best().unwrap().sum_of_squares, 1);
        let region = scan.region(threshold);
        let found = range(&data, &region, Quantity::Seconds(1.0), threshold).unwrap();
        // s²/n = 2.5e-4/5 and t(.975, 4) = 2.776; the region of RSS is n (mean − m)² ≤ s² t².
        let reach = 2.7764 * (2.5e-4_f64 / 5.0).sqrt();
        assert!((found.low.ln() + reach).abs() < 1e-4, "{found:?}");
        assert!((found.high.unwrap().ln() - reach).abs() < 1e-4, "{found:?}");
    }
}
