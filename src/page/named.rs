//! Numbers that answer a question, each under one name in every output.

use serde::{Serialize, Serializer};

use super::words;
use crate::record::Series;
use crate::stats::Estimate;
use crate::units::{self, ABSENT};

/// A number under the name by which the terminal, the page and `cases.csv` all show it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Named {
    /// The name: `kernel fitted ceiling`.
    pub name: String,
    /// The number, in its unit.
    pub value: f64,
    /// Lower end of the 95 % interval; `None` if the number has none.
    pub low: Option<f64>,
    /// Upper end of the 95 % interval; `None` if the number has none.
    pub high: Option<f64>,
    /// The unit of all three.
    pub unit: Unit,
    /// The series that it is about: the device's own, if no other.
    pub series: Series,
    /// The workers that it is about; `None` if it is about no one count.
    pub workers: Option<u64>,
    /// The problem size that it is about; `None` if it is about no one size.
    pub n: Option<u64>,
}

impl Named {
    /// Returns a number with its interval.
    pub(crate) fn new(name: &str, unit: Unit, Estimate { value, low, high }: Estimate) -> Self {
        Self { low: Some(low), high: Some(high), ..Self::plain(name, unit, value) }
    }

    /// Returns a number without an interval.
    pub(crate) fn plain(name: &str, unit: Unit, value: f64) -> Self {
        let (low, high, workers, n) = (None, None, None, None);
        Self { name: name.to_owned(), value, low, high, unit, series: Series::Device, workers, n }
    }

    /// Returns the same number about a series.
    pub(crate) fn of(self, series: Series) -> Self {
        Self { series, ..self }
    }

    /// Returns the same number about a count of workers.
    pub(crate) fn on(self, workers: u64) -> Self {
        Self { workers: Some(workers), ..self }
    }

    /// Returns the same number about a problem size.
    pub(crate) fn at(self, n: u64) -> Self {
        Self { n: Some(n), ..self }
    }

    /// Returns what it is about in words: its series, its workers and its problem size.
    pub(crate) fn about(&self) -> String {
        let series = Some(self.series.to_string()).filter(|_| self.series != Series::Device);
        let workers = self.workers.map(|workers| words::counted(workers, "worker"));
        let n = self.n.map(|n| format!("n = {}", units::count(n)));
        [series, workers, n].into_iter().flatten().collect::<Vec<_>>().join(", ")
    }

    /// Returns its value in its unit, as sentences have it.
    pub(crate) fn shown(&self) -> String {
        self.unit.shown(self.value)
    }

    /// Returns its 95 % interval in its unit; a dash if it has none.
    pub(crate) fn interval(&self) -> String {
        let ends = self.low.zip(self.high);
        ends.map_or_else(
            || ABSENT.to_owned(),
            |(low, high)| format!("{}–{}", self.unit.shown(low), self.unit.shown(high)),
        )
    }
}

/// What a named number counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// Seconds.
    Seconds,
    /// How many times faster, longer, or more.
    Times,
    /// A share of a whole: 0.01 is one per cent.
    Share,
    /// Workers.
    Workers,
    /// Things of any other kind, which the name tells.
    Count,
    /// Invocations of a workgroup.
    Invocations,
    /// Elements of a vector, rows of a matrix.
    Elements,
    /// Bytes.
    Bytes,
    /// Bytes in a second.
    BytesPerSecond,
    /// Multiplications and additions in a second.
    FlopPerSecond,
    /// Operations on whole numbers in a second.
    OperationsPerSecond,
    /// Multiplications and additions for each byte.
    FlopPerByte,
}

impl Unit {
    /// Returns the unit in tables that programs read.
    pub fn name(self) -> &'static str {
        match self {
            Self::Seconds => "s",
            Self::Times => "times",
            Self::Share => "share",
            Self::Workers => "workers",
            Self::Count => "count",
            Self::Invocations => "invocations",
            Self::Elements => "elements",
            Self::Bytes => "B",
            Self::BytesPerSecond => "B/s",
            Self::FlopPerSecond => "flop/s",
            Self::OperationsPerSecond => "op/s",
            Self::FlopPerByte => "flop/B",
        }
    }

    /// Returns a number of this unit as sentences have it: `13.1 times`, `2.36 ms`, `16`.
    pub(crate) fn shown(self, value: f64) -> String {
        match self {
            Self::Seconds => units::seconds(value),
            Self::Times => format!("{} times", units::ratio(value)),
            Self::Share => units::percent(value),
            Self::Workers | Self::Count | Self::Invocations | Self::Elements => words::whole(value),
            Self::Bytes => units::bytes(value),
            Self::BytesPerSecond => units::bandwidth(value),
            Self::FlopPerSecond => units::flop_rate(value),
            Self::OperationsPerSecond => units::operation_rate(value),
            Self::FlopPerByte => format!("{} flop/B", units::ratio(value)),
        }
    }

    /// Returns how many times as fast a second value is as a first, if they tell a speed; otherwise how many times as
    /// much it is.
    pub(crate) fn ratio(self, first: f64, second: f64) -> f64 {
        if self == Self::Seconds { first / second } else { second / first }
    }

    /// Returns whether one value can be faster than another.
    pub(crate) fn is_speed(self) -> bool {
        let rates = [Self::BytesPerSecond, Self::FlopPerSecond, Self::OperationsPerSecond];
        self == Self::Seconds || rates.contains(&self)
    }
}

impl Serialize for Unit {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}
