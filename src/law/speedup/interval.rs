//! Profile-likelihood intervals: the range of a quantity over every curve that the data do not rule out.
//!
//! A curve is not ruled out while its sum of squares is at most `RSS + s² t²(0.975, n − q)`, with everything but the
//! quantity fitted again (D. J. Venzon & S. H. Moolgavkar, "A method for computing profile-likelihood-based
//! confidence intervals", Applied Statistics 37, 1988). Unlike an interval of ± two standard errors this one knows
//! that a serial fraction is not negative, and that a knee may hide one.

use crate::law::search::{lower_end, upper_end};

use super::data::Data;
use super::family::{Fitted, Quantity};

/// The range that an interval has reached so far; `None` is unlimited, or not found yet.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Range {
    pub(crate) low: f64,
    /// `None` where nothing bounds the quantity from above.
    pub(crate) high: Option<f64>,
}

impl Range {
    /// The smallest range that holds both.
    pub(crate) fn hull(self, other: Self) -> Self {
        Self { low: self.low.min(other.low), high: self.high.zip(other.high).map(|(a, b)| a.max(b)) }
    }
}

/// Where the search for an upper end gives up: unlimited.
const UNLIMITED: f64 = 1e18;

/// The interval of a quantity over the fits of a region; `None` for an empty region.
pub(crate) fn range(data: &Data, region: &[Fitted], quantity: Quantity, threshold: f64) -> Option<Range> {
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
    fitted: &'a Fitted,
    quantity: Quantity,
    threshold: f64,
}

impl Side<'_> {
    fn holds(&self, value: f64) -> bool {
        // Times and speedups are positive: at zero a point would have no logarithm, and would not count.
        let may_be_zero = matches!(self.quantity, Quantity::SerialFraction | Quantity::Kappa);
        (value > 0.0 || may_be_zero)
            && self.fitted.cell.sum_of_squares_at(self.data, self.quantity, value) <= self.threshold
    }

    /// The least positive value that differs from zero: where the search upwards from zero begins.
    fn least(&self) -> f64 {
        let most_workers = self.data.workers.last().copied().unwrap_or(1.0);
        match self.quantity {
            Quantity::Kappa => 1e-9 / (most_workers * most_workers),
            Quantity::SerialFraction => 1e-9 / most_workers,
            Quantity::Speedup(_) | Quantity::Ceiling | Quantity::Seconds(_) => 1e-300,
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

    /// Starts at what other cells have reached already: where that is ruled out here, this cell adds nothing.
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
