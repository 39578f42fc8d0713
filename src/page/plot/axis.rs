//! Axes, logarithmic or linear: ranges, ticks, labels, and the cell of a value.

use crate::stats::Estimate;
use crate::units;

/// Room left at each end of an axis, as a share of its length.
const MARGIN: f64 = 0.03;

/// Fewest labels of an axis in decades alone.
const FEWEST_LABELS: usize = 3;

/// Shortest axis, in decades: below it noise would look like a law.
const SHORTEST: f64 = 0.5;

/// Axes shorter than this, in decades, have ticks at 2 and 5 as well.
const SHORT: f64 = 2.2;

/// The same in a picture.
const NOT_LONG: f64 = 3.2;

/// Steps of a linear axis, about.
const STEPS: f64 = 6.0;

/// What the numbers of an axis are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unit {
    /// Whole numbers (workers, sizes), and ratios (speedups).
    Count,
    /// Times in seconds.
    Seconds,
    /// Memory rates in bytes per second.
    Bandwidth,
    /// Arithmetic rates in flop per second.
    FlopRate,
    /// Rates of arithmetic in whole numbers, in operations per second.
    OperationRate,
}

/// How an axis is divided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Scale {
    /// Equal factors are equally long.
    Log,
    /// Equal steps are equally long, from 0 on.
    Linear,
}

/// What an axis shows.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Axis {
    pub(crate) name: String,
    pub(crate) unit: Unit,
    pub(crate) scale: Scale,
}

impl Axis {
    /// Returns a logarithmic axis.
    pub(crate) fn of(name: &str, unit: Unit) -> Self {
        Self { name: name.to_owned(), unit, scale: Scale::Log }
    }

    /// Returns a logarithmic axis of whole numbers or ratios: workers, sizes, speedups.
    pub(crate) fn counts(name: &str) -> Self {
        Self::of(name, Unit::Count)
    }

    /// Returns a logarithmic axis of times in seconds.
    pub(crate) fn seconds(name: &str) -> Self {
        Self::of(name, Unit::Seconds)
    }

    /// Returns the same axis in equal steps.
    pub(crate) fn linear(self) -> Self {
        self.divided(Scale::Linear)
    }

    /// Returns the same axis, so divided.
    pub(crate) fn divided(self, scale: Scale) -> Self {
        Self { scale, ..self }
    }

    /// Returns the short text of a value at a tick.
    pub(crate) fn label(&self, value: f64) -> String {
        match self.unit {
            Unit::Count => count(value),
            Unit::Seconds => seconds(value),
            Unit::Bandwidth => round(&units::bandwidth(value)),
            // A column at the left is narrow.
            Unit::FlopRate => round(&units::flop_rate(value)).replace("FLOP", "F"),
            Unit::OperationRate => round(&units::operation_rate(value)),
        }
    }

    /// Returns a value in full.
    pub(crate) fn exact(&self, value: f64) -> String {
        self.interval(Estimate { value, low: value, high: value })
    }

    /// Returns a value with its interval, if it has one.
    pub(crate) fn interval(&self, Estimate { value, low, high }: Estimate) -> String {
        let text = match self.unit {
            Unit::Count if low == high && value.fract() == 0.0 && value >= 1.0 => units::count(value as u64),
            Unit::Count => units::ratio_interval(value, low, high),
            Unit::Seconds => units::seconds_interval(value, low, high),
            Unit::Bandwidth => units::bandwidth_interval(value, low, high),
            Unit::FlopRate => units::flop_rate_interval(value, low, high),
            Unit::OperationRate => units::operation_rate(value),
        };
        // What has no width is told without.
        if low == high { text.split(" (").next().unwrap_or_default().to_owned() } else { text }
    }
}

/// Large numbers that have a name.
const NAMED: [(f64, &str); 3] = [(1e12, "trillion"), (1e9, "billion"), (1e6, "million")];

/// `0.1`, `1`, `100,000`, `2 million`.
fn count(value: f64) -> String {
    // A tick of a logarithmic axis may miss its number by the last digits.
    if let Some((size, name)) = NAMED.into_iter().find(|(size, _)| value >= 0.999_999 * size) {
        return format!("{} {name}", round(&units::ratio(value / size)).trim_end());
    }
    if value == 0.0 || (value >= 0.999 && value.fract() < 1e-9) || value >= 10.0 {
        units::count(value.round() as u64)
    } else if value >= 0.999 {
        format!("{value:.1}")
    } else {
        format!("{value:.*}", (-value.log10()).ceil() as usize)
    }
}

/// `10 µs`, without decimals that a tick does not have.
fn seconds(value: f64) -> String {
    round(&units::seconds(value))
}

/// A text with its unit, without the decimals of a round number.
fn round(text: &str) -> String {
    let (number, unit) = text.split_once(' ').unwrap_or((text, ""));
    let number = if number.contains('.') { number.trim_end_matches('0').trim_end_matches('.') } else { number };
    format!("{number} {unit}")
}

/// The ends of an axis: decimal logarithms on a logarithmic one.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Range {
    scale: Scale,
    from: f64,
    to: f64,
}

impl Range {
    /// The range that holds positive values, with some room around them. `None` for fewer than two values.
    pub(crate) fn around(scale: Scale, values: impl Iterator<Item = f64>) -> Option<Self> {
        let mut count = 0;
        let (from, to) = values.fold((f64::INFINITY, f64::NEG_INFINITY), |(from, to), value| {
            count += 1;
            (from.min(value), to.max(value))
        });
        if count < 2 {
            return None;
        }
        if scale == Scale::Linear {
            return Some(Self { scale, from: 0.0, to: to * (1.0 + MARGIN) });
        }
        let (from, to) = (from.log10(), to.log10());
        let lacking = (SHORTEST - (to - from)).max(0.0) / 2.0;
        let margin = MARGIN * (to - from).max(SHORTEST);
        Some(Self { scale, from: from - lacking - margin, to: to + lacking + margin })
    }

    /// The same range, longer at its upper end by a share of its length.
    pub(crate) fn reaching(self, share: f64) -> Self {
        Self { to: self.to + share * (self.to - self.from), ..self }
    }

    /// Where a value lies: 0 at the lower end, 1 at the upper. Outside the range it lies beyond them.
    pub(crate) fn place(self, value: f64) -> f64 {
        let value = if self.scale == Scale::Log { value.log10() } else { value };
        (value - self.from) / (self.to - self.from)
    }

    /// The value at a place.
    pub(crate) fn at(self, place: f64) -> f64 {
        let value = self.from + place * (self.to - self.from);
        if self.scale == Scale::Log { 10f64.powf(value) } else { value }
    }

    /// Which of so many cells a value falls into; `None` outside the range.
    pub(crate) fn cell(self, value: f64, cells: usize) -> Option<usize> {
        let place = self.place(value);
        (0.0..1.0).contains(&place).then_some((place * cells as f64) as usize)
    }

    /// The same, counted from the upper end.
    pub(crate) fn cell_from_top(self, value: f64, cells: usize) -> Option<usize> {
        self.cell(value, cells).map(|cell| cells - 1 - cell)
    }

    /// The value in the middle of a cell.
    pub(crate) fn value(self, cell: usize, cells: usize) -> f64 {
        self.at((cell as f64 + 0.5) / cells as f64)
    }

    /// Values to label: decades, and 2 and 5 between them on a short axis; about five equal steps on a linear one.
    pub(crate) fn ticks(self) -> Vec<f64> {
        self.ticks_below(SHORT)
    }

    /// The same, with 2 and 5 also on a longer axis: a picture has room for them.
    pub(crate) fn fine_ticks(self) -> Vec<f64> {
        self.ticks_below(NOT_LONG)
    }

    /// The same, with 2 and 5 on axes shorter than `decades`, and on those that would have hardly any labels.
    fn ticks_below(self, decades: f64) -> Vec<f64> {
        if self.scale == Scale::Linear {
            let rough = (self.to - self.from) / STEPS;
            let decade = 10f64.powf(rough.log10().floor());
            let step = [1.0, 2.0, 5.0, 10.0].map(|digit| digit * decade).into_iter().find(|step| *step >= rough);
            let step = step.unwrap_or(rough);
            return (0..=(self.to / step) as u32).map(|index| f64::from(index) * step).collect();
        }
        let values = |digits: &[f64]| -> Vec<f64> {
            let all = (self.from.floor() as i32)..=(self.to.ceil() as i32);
            let values = all.flat_map(|decade| digits.iter().map(move |digit| digit * 10f64.powi(decade)));
            values.filter(|value| (self.from..=self.to).contains(&value.log10())).collect()
        };
        let few = values(&[1.0]);
        if self.to - self.from < decades || few.len() < FEWEST_LABELS { values(&[1.0, 2.0, 5.0]) } else { few }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_are_short() {
        let counts = [(0.01, "0.01"), (0.5, "0.5"), (1.0, "1"), (1000.0, "1,000"), (1e5, "100,000")];
        let large =
            [(10f64.powf(6.0), "1 million"), (2.5e6, "2.5 million"), (1e8, "100 million"), (1e10, "10 billion")];
        for (value, text) in counts.into_iter().chain(large) {
            assert_eq!(count(value), text);
        }
        assert_eq!(seconds(1e-5), "10 µs");
        assert_eq!(seconds(0.1), "100 ms");
        assert_eq!(seconds(1e-10), "100 ps");
        let rate = Axis::of("rate", Unit::FlopRate);
        assert_eq!((rate.label(1e10).as_str(), rate.label(5e11).as_str()), ("10 GF/s", "500 GF/s"));
    }

    #[test]
    fn ends_lie_within_the_axis() {
        let range = Range::around(Scale::Log, [1.0, 1000.0].into_iter()).unwrap();
        assert!(range.cell(1.0, 100).is_some() && range.cell(1000.0, 100).is_some());
        assert_eq!(range.cell(0.1, 100), None);
        assert_eq!(range.ticks().len(), 4);
        let cell = range.cell(range.value(42, 100), 100);
        assert_eq!(cell, Some(42));
    }

    #[test]
    fn a_linear_axis_begins_at_nothing_and_has_round_steps() {
        let range = Range::around(Scale::Linear, [3.0, 100.0].into_iter()).unwrap();
        assert_eq!(range.ticks(), [0.0, 20.0, 40.0, 60.0, 80.0, 100.0]);
        assert!((range.at(range.place(42.0)) - 42.0).abs() < 1e-9);
    }

    #[test]
    fn a_short_axis_has_more_ticks() {
        let range = Range::around(Scale::Log, [3.0, 3.1].into_iter()).unwrap();
        assert!(range.ticks().len() >= 2, "{:?}", range.ticks());
    }
}
