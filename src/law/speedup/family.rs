//! The model family as a sum of costs: columns for a model and a knee, and a curve from their coefficients.

use crate::law::curve::{Curve, Knee};
use crate::law::least_squares::{Problem, Scale, fit_logarithm};
use crate::law::model::Model;

use super::data::Data;

/// Weight of the observation that holds a predicted time in place; small enough to keep the arithmetic exact.
const HELD: f64 = 1e6;

/// A model with a fixed knee. The rest is a sum of columns with non-negative coefficients.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Cell {
    pub(crate) model: Model,
    pub(crate) knee: Option<Knee>,
}

/// A fitted curve with its residual sum of squares.
#[derive(Debug, Clone, Copy)]
pub(crate) struct CurveFit {
    pub(crate) cell: Cell,
    pub(crate) curve: Curve,
    pub(crate) sum_of_squares: f64,
}

/// A quantity of a curve whose interval is wanted.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Quantity {
    /// Serial fraction φ.
    SerialFraction,
    /// Cost per extra worker κ.
    Kappa,
    /// λ.
    PerDoubling,
    /// `S(p)`.
    Speedup(f64),
    /// Ceiling `S(∞)` of a curve without κ.
    Ceiling,
    /// The worker count at which the cost that grows with the workers stops the gain, if no knee comes first.
    Turn,
    /// Time `T(p)` in seconds.
    Seconds(f64),
}

/// The part of the time that a column stands for.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Part {
    Serial,
    Parallel,
    Coherency,
    Doublings,
}

impl Cell {
    fn parts(&self) -> Vec<Part> {
        let mut parts = Vec::with_capacity(3);
        if self.model.has_serial_part() {
            parts.push(Part::Serial);
        }
        if self.model.has_parallel_part() {
            parts.push(Part::Parallel);
        }
        if self.model.has_kappa() {
            parts.push(Part::Coherency);
        }
        if self.model.has_log() {
            parts.push(Part::Doublings);
        }
        parts
    }

    /// Returns the column's entry for `p` workers: its time relative to the part's time on one worker.
    fn entry(&self, part: Part, workers: f64) -> f64 {
        match part {
            Part::Serial => 1.0,
            Part::Parallel => {
                self.knee.map_or(1.0 / workers, |knee| knee.parallel_time(workers) / knee.parallel_time(1.0))
            }
            Part::Coherency => workers - 1.0,
            Part::Doublings => workers.log2(),
        }
    }

    fn columns(&self, parts: &[Part], data: &Data) -> Vec<Vec<f64>> {
        let at_one = self.knee.map_or(1.0, |knee| knee.parallel_time(1.0));
        let column = |entry: &dyn Fn(f64) -> f64| data.workers.iter().map(|&p| entry(p)).collect();
        parts
            .iter()
            .map(|part| match (part, self.knee) {
                (Part::Serial, _) => data.ones.clone(),
                (Part::Parallel, Some(knee)) => column(&|p| knee.parallel_time(p) / at_one),
                (Part::Parallel, None) => column(&|p| 1.0 / p),
                (Part::Coherency, _) => column(&|p| p - 1.0),
                (Part::Doublings, _) => column(&f64::log2),
            })
            .collect()
    }

    fn curve(&self, parts: &[Part], coefficients: &[f64]) -> Option<Curve> {
        let of = |part| parts.iter().zip(coefficients).find(|(p, _)| **p == part).map_or(0.0, |(_, c)| *c);
        let (serial, parallel) = (of(Part::Serial), of(Part::Parallel));
        let seconds_at_one = serial + parallel;
        let curve = Curve {
            seconds_at_one,
            serial_fraction: serial / seconds_at_one,
            knee: self.knee,
            kappa: of(Part::Coherency) / seconds_at_one,
            per_doubling: of(Part::Doublings) / seconds_at_one,
        };
        let is_finite = seconds_at_one.is_finite() && curve.kappa.is_finite() && curve.per_doubling.is_finite();
        (seconds_at_one > 0.0 && is_finite).then_some(curve)
    }

    /// Fits the best curve of this cell by least squares on the given scale.
    pub(crate) fn fit_on(&self, data: &Data, scale: Scale) -> Option<CurveFit> {
        let parts = self.parts();
        let columns = self.columns(&parts, data);
        let columns: Vec<&[f64]> = columns.iter().map(Vec::as_slice).collect();
        let solution = match scale {
            Scale::Logarithm => fit_logarithm(&data.times.seconds, &columns)?,
            _ => Problem { seconds: &data.times.seconds, columns: &columns, offset: None, weights: None, scale }
                .solve()?,
        };
        Some(CurveFit {
            cell: *self,
            curve: self.curve(&parts, &solution.coefficients)?,
            sum_of_squares: solution.sum_of_squares,
        })
    }

    /// Fits the best curve of this cell on the logarithmic scale.
    pub(crate) fn fit(&self, data: &Data) -> Option<CurveFit> {
        self.fit_on(data, Scale::Logarithm)
    }

    /// Returns the smallest sum of squares among the curves of this cell on which the quantity has this value; infinite
    /// if there is none.
    pub(crate) fn sum_of_squares_at(&self, data: &Data, quantity: Quantity, value: f64) -> f64 {
        let found = match quantity {
            Quantity::Seconds(workers) => self.fit_through(data, workers, value),
            _ => self.fit_with_ratio(data, quantity, value),
        };
        found.unwrap_or(f64::INFINITY)
    }

    /// Returns the smallest sum of squares if a quantity other than a time has the given value.
    ///
    /// Such a quantity is a ratio of sums of coefficients, so fixing it is a linear condition `v·c = 0`. The cone
    /// `c ≥ 0, v·c = 0` is spanned by the columns with `v = 0` and by one mixture for each pair of columns with
    /// opposite signs of v. Fixing a quantity therefore only changes the columns.
    fn fit_with_ratio(&self, data: &Data, quantity: Quantity, value: f64) -> Option<f64> {
        let parts = self.parts();
        let columns = self.columns(&parts, data);
        let condition: Vec<f64> = parts.iter().map(|&part| self.condition(part, quantity, value)).collect();
        let mut mixed: Vec<Vec<f64>> = Vec::new();
        for (i, column) in columns.iter().enumerate() {
            if condition[i] == 0.0 {
                mixed.push(column.clone());
            }
            for (j, other) in columns.iter().enumerate() {
                if condition[i] > 0.0 && condition[j] < 0.0 {
                    let (x, y) = (-condition[j], condition[i]);
                    mixed.push(column.iter().zip(other).map(|(a, b)| x * a + y * b).collect());
                }
            }
        }
        if mixed.is_empty() {
            return None;
        }
        let mixed: Vec<&[f64]> = mixed.iter().map(Vec::as_slice).collect();
        fit_logarithm(&data.times.seconds, &mixed).map(|s| s.sum_of_squares)
    }

    /// Returns the coefficient of a part in the condition that a quantity has this value.
    fn condition(&self, part: Part, quantity: Quantity, value: f64) -> f64 {
        let grows = matches!(part, Part::Coherency | Part::Doublings);
        let at_one = if grows { 0.0 } else { 1.0 };
        match quantity {
            Quantity::SerialFraction => match part {
                Part::Serial => 1.0 - value,
                Part::Parallel => -value,
                Part::Coherency | Part::Doublings => 0.0,
            },
            Quantity::Kappa | Quantity::PerDoubling => {
                let own = if quantity == Quantity::Kappa { Part::Coherency } else { Part::Doublings };
                if part == own { 1.0 } else { -value * at_one }
            }
            Quantity::Speedup(workers) => at_one - value * self.entry(part, workers),
            Quantity::Ceiling => match part {
                Part::Serial => 1.0 - value,
                Part::Parallel => {
                    let least = self.knee.map_or(0.0, |knee| knee.full_time() / knee.parallel_time(1.0));
                    1.0 - value * least
                }
                Part::Coherency | Part::Doublings => 1.0,
            },
            // b = κ p², or b ln 2 = λ p.
            Quantity::Turn => match part {
                Part::Serial => 0.0,
                Part::Parallel if self.model.has_log() => std::f64::consts::LN_2,
                Part::Parallel => 1.0,
                Part::Coherency => -value * value,
                Part::Doublings => -value,
            },
            Quantity::Seconds(_) => 0.0,
        }
    }

    /// Returns the smallest sum of squares of a curve through `(workers, seconds)`; one heavy observation holds it
    /// there.
    fn fit_through(&self, data: &Data, workers: f64, seconds: f64) -> Option<f64> {
        let parts = self.parts();
        let mut columns = self.columns(&parts, data);
        for (column, &part) in columns.iter_mut().zip(&parts) {
            column.push(self.entry(part, workers));
        }
        let columns: Vec<&[f64]> = columns.iter().map(Vec::as_slice).collect();
        let mut times = data.times.seconds.clone();
        times.push(seconds);
        let mut weights = data.ones.clone();
        weights.push(HELD);
        Problem { seconds: &times, columns: &columns, offset: None, weights: Some(&weights), scale: Scale::Logarithm }
            .solve()
            .map(|s| s.sum_of_squares)
    }
}

impl Quantity {
    /// Returns the quantity's value on a curve; `None` if it is unlimited.
    pub(crate) fn of(self, curve: &Curve) -> Option<f64> {
        match self {
            Self::SerialFraction => Some(curve.serial_fraction),
            Self::Kappa => Some(curve.kappa),
            Self::PerDoubling => Some(curve.per_doubling),
            Self::Speedup(workers) => Some(curve.speedup(workers)),
            Self::Ceiling => curve.attainable_ceiling(),
            Self::Turn => Curve { knee: None, ..*curve }.peak_workers(),
            Self::Seconds(workers) => Some(curve.seconds(workers)),
        }
    }
}
