//! Logarithmic axes: ranges, ticks, labels, and the cell of a value.

use crate::units;

/// Room left at each end of an axis, as a share of its length.
const MARGIN: f64 = 0.03;

/// Shortest axis, in decades: below it noise would look like a law.
const SHORTEST: f64 = 0.5;

/// Axes shorter than this, in decades, have ticks at 2 and 5 as well.
const SHORT: f64 = 1.9;

/// What an axis shows.
pub(crate) struct Axis {
    pub(crate) name: String,
    pub(crate) label: fn(f64) -> String,
}

impl Axis {
    /// Whole numbers: workers, sizes.
    pub(crate) fn counts(name: &str) -> Self {
        Self { name: name.to_owned(), label: count }
    }

    /// Ratios: speedups.
    pub(crate) fn ratios(name: &str) -> Self {
        Self { name: name.to_owned(), label: count }
    }

    /// Arithmetic rates in flop per second.
    pub(crate) fn flop_rates(name: &str) -> Self {
        Self { name: name.to_owned(), label: flop_rate }
    }

    /// Rates of arithmetic in whole numbers, in operations per second.
    pub(crate) fn operation_rates(name: &str) -> Self {
        Self { name: name.to_owned(), label: operation_rate }
    }

    /// Memory rates in bytes per second.
    pub(crate) fn bandwidths(name: &str) -> Self {
        Self { name: name.to_owned(), label: bandwidth }
    }

    /// Times in seconds.
    pub(crate) fn seconds(name: &str) -> Self {
        Self { name: name.to_owned(), label: seconds }
    }
}

/// `0.1`, `1`, `1,000`, `10^6`.
fn count(value: f64) -> String {
    if value >= 99_999.0 {
        let exponent = value.log10().floor();
        let first = (value / 10f64.powf(exponent)).round();
        return if first == 1.0 { format!("10^{exponent}") } else { format!("{first}x10^{exponent}") };
    }
    if value >= 0.999 {
        units::count(value.round() as u64)
    } else {
        format!("{value:.*}", (-value.log10()).ceil() as usize)
    }
}

/// `10 µs`, without decimals that a tick does not have.
fn seconds(value: f64) -> String {
    round(&units::seconds(value))
}

/// `10 GF/s`: a column at the left is narrow.
fn flop_rate(value: f64) -> String {
    round(&units::flop_rate(value)).replace("FLOP", "F")
}

/// `10 GOP/s`.
fn operation_rate(value: f64) -> String {
    round(&units::operation_rate(value))
}

/// `10 GB/s`.
fn bandwidth(value: f64) -> String {
    round(&units::bandwidth(value))
}

/// A text with its unit, without the decimals of a round number.
fn round(text: &str) -> String {
    let (number, unit) = text.split_once(' ').unwrap_or((text, ""));
    let number = if number.contains('.') { number.trim_end_matches('0').trim_end_matches('.') } else { number };
    format!("{number} {unit}")
}

/// The decimal logarithms at the ends of an axis.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Range {
    from: f64,
    to: f64,
}

impl Range {
    /// The range that holds positive values, with some room around them. `None` for fewer than two values.
    pub(crate) fn around(values: impl Iterator<Item = f64>) -> Option<Self> {
        let mut count = 0;
        let (from, to) = values.fold((f64::INFINITY, f64::NEG_INFINITY), |(from, to), value| {
            count += 1;
            (from.min(value.log10()), to.max(value.log10()))
        });
        if count < 2 {
            return None;
        }
        let lacking = (SHORTEST - (to - from)).max(0.0) / 2.0;
        let margin = MARGIN * (to - from).max(SHORTEST);
        Some(Self { from: from - lacking - margin, to: to + lacking + margin })
    }

    /// The same range, longer at its upper end by a share of its length.
    pub(crate) fn reaching(self, share: f64) -> Self {
        Self { to: self.to + share * (self.to - self.from), ..self }
    }

    /// Which of so many cells a value falls into; `None` outside the range.
    pub(crate) fn cell(self, value: f64, cells: usize) -> Option<usize> {
        let place = (value.log10() - self.from) / (self.to - self.from);
        (0.0..1.0).contains(&place).then_some((place * cells as f64) as usize)
    }

    /// The same, counted from the upper end.
    pub(crate) fn cell_from_top(self, value: f64, cells: usize) -> Option<usize> {
        self.cell(value, cells).map(|cell| cells - 1 - cell)
    }

    /// The value in the middle of a cell.
    pub(crate) fn value(self, cell: usize, cells: usize) -> f64 {
        10f64.powf(self.from + (cell as f64 + 0.5) / cells as f64 * (self.to - self.from))
    }

    /// Values to label: decades, and 2 and 5 between them on a short axis.
    pub(crate) fn ticks(self) -> Vec<f64> {
        let digits: &[f64] = if self.to - self.from < SHORT { &[1.0, 2.0, 5.0] } else { &[1.0] };
        let decades = (self.from.floor() as i32)..=(self.to.ceil() as i32);
        let values = decades.flat_map(|decade| digits.iter().map(move |digit| digit * 10f64.powi(decade)));
        values.filter(|value| (self.from..=self.to).contains(&value.log10())).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_are_short() {
        let counts = [(0.01, "0.01"), (0.5, "0.5"), (1.0, "1"), (1000.0, "1,000"), (1e5, "10^5"), (2e6, "2x10^6")];
        for (value, text) in counts {
            assert_eq!(count(value), text);
        }
        assert_eq!(seconds(1e-5), "10 µs");
        assert_eq!(seconds(0.1), "100 ms");
        assert_eq!(seconds(1e-10), "100 ps");
        assert_eq!((flop_rate(1e10).as_str(), flop_rate(5e11).as_str()), ("10 GF/s", "500 GF/s"));
    }

    #[test]
    fn ends_lie_within_the_axis() {
        let range = Range::around([1.0, 1000.0].into_iter()).unwrap();
        assert!(range.cell(1.0, 100).is_some() && range.cell(1000.0, 100).is_some());
        assert_eq!(range.cell(0.1, 100), None);
        assert_eq!(range.ticks().len(), 4);
        let cell = range.cell(range.value(42, 100), 100);
        assert_eq!(cell, Some(42));
    }

    #[test]
    fn a_short_axis_has_more_ticks() {
        let range = Range::around([3.0, 3.1].into_iter()).unwrap();
        assert!(range.ticks().len() >= 2, "{:?}", range.ticks());
    }
}
