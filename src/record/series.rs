//! The series: the line that a case belongs to in its experiment.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::{Baseline, Checks, TransferMethod, Wait};

/// The line that a case belongs to in its experiment.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Series {
    /// The device that is measured, used in its usual way.
    #[default]
    Device,
    /// This machine's processor, to compare the device with.
    Baseline(Baseline),
    /// A way to launch.
    Launch(Launching),
    /// A way for data to the device and back.
    Transfer(TransferMethod),
    /// The checks that the kernel is compiled with.
    Checks(Checks),
    /// Which neighbours take the same path.
    Order(Order),
}

/// A launch style, with what a launch waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Launching {
    /// The style.
    pub style: LaunchStyle,
    /// Whether each launch reads what the one before it wrote.
    pub chained: bool,
    /// Whether each launch has a buffer and parameters of its own.
    pub arguments: bool,
    /// How the host waits, if not in the device's usual way.
    pub wait: Option<Wait>,
}

/// How several dispatches are launched, the cheapest style first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum LaunchStyle {
    /// All dispatches in one compute pass.
    OnePass,
    /// A compute pass for each dispatch, all in one encoder.
    PassEach,
    /// A command buffer for each dispatch, all in one submit.
    CommandBufferEach,
    /// A submit for each dispatch, one wait at the end.
    SubmitEach,
    /// Submit and wait for each dispatch.
    WaitEach,
    /// Submit, wait and read the output back for each dispatch.
    ReadBackEach,
}

impl LaunchStyle {
    /// Every style, the cheapest first.
    pub const ALL: [Self; 6] =
        [Self::OnePass, Self::PassEach, Self::CommandBufferEach, Self::SubmitEach, Self::WaitEach, Self::ReadBackEach];

    /// The name in tables and files.
    pub fn name(self) -> &'static str {
        match self {
            Self::OnePass => "one-pass",
            Self::PassEach => "pass-each",
            Self::CommandBufferEach => "command-buffer-each",
            Self::SubmitEach => "submit-each",
            Self::WaitEach => "wait-each",
            Self::ReadBackEach => "read-back-each",
        }
    }

    /// Whether the host waits for each dispatch before it launches the next one.
    pub fn is_waited_for(self) -> bool {
        matches!(self, Self::WaitEach | Self::ReadBackEach)
    }

    /// Returns the series of this style, unchained and waited for in the device's usual way.
    pub const fn series(self) -> Series {
        Series::Launch(Launching { style: self, chained: false, arguments: false, wait: None })
    }

    /// Returns the series of this style in which each launch reads what the one before it wrote.
    pub const fn chained(self) -> Series {
        Series::Launch(Launching { style: self, chained: true, arguments: false, wait: None })
    }

    /// Returns the series of this style in which each launch has a buffer and parameters of its own.
    pub const fn with_arguments(self) -> Series {
        Series::Launch(Launching { style: self, chained: false, arguments: true, wait: None })
    }

    /// Returns the series of this style, waited for in the given way.
    pub const fn waited_for_by(self, wait: Wait) -> Series {
        Series::Launch(Launching { style: self, chained: false, arguments: false, wait: Some(wait) })
    }
}

/// Which neighbours take the same path through a kernel with branches.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Order {
    /// Every neighbour takes another path.
    Scattered,
    /// Whole subgroups take the same path.
    Sorted,
}

impl Order {
    /// Both orders.
    pub const ALL: [Self; 2] = [Self::Scattered, Self::Sorted];

    /// The name in tables and files.
    pub fn name(self) -> &'static str {
        match self {
            Self::Scattered => "scattered",
            Self::Sorted => "sorted",
        }
    }
}

impl Series {
    /// Returns how its dispatches are launched.
    pub fn launch(self) -> LaunchStyle {
        match self {
            Self::Launch(launching) => launching.style,
            _ => LaunchStyle::OnePass,
        }
    }

    /// Returns the checks that its kernels are compiled with.
    pub fn checks(self) -> Checks {
        match self {
            Self::Checks(checks) => checks,
            _ => Checks::All,
        }
    }

    /// Returns the baseline, if it runs on this machine's processor.
    pub fn baseline(self) -> Option<Baseline> {
        match self {
            Self::Baseline(baseline) => Some(baseline),
            _ => None,
        }
    }

    /// Returns how the host waits, if not in the device's usual way.
    pub fn wait(self) -> Option<Wait> {
        match self {
            Self::Launch(launching) => launching.wait,
            _ => None,
        }
    }

    /// Whether each launch reads what the one before it wrote.
    pub fn is_chained(self) -> bool {
        matches!(self, Self::Launch(Launching { chained: true, .. }))
    }

    /// Whether each launch has a buffer and parameters of its own.
    pub fn has_arguments(self) -> bool {
        matches!(self, Self::Launch(Launching { arguments: true, .. }))
    }

    /// Whether the number of dispatches is part of the question, or must not be raised for the clock's sake.
    pub fn fixes_dispatches(self) -> bool {
        matches!(self, Self::Launch(_) | Self::Transfer(_))
    }

    fn all() -> impl Iterator<Item = Self> {
        let launches = LaunchStyle::ALL.into_iter().flat_map(|style| {
            let waited = Wait::ALL.map(|wait| style.waited_for_by(wait));
            [style.series(), style.chained(), style.with_arguments()].into_iter().chain(waited)
        });
        std::iter::once(Self::Device)
            .chain(Baseline::ALL.map(Self::Baseline))
            .chain(launches)
            .chain(TransferMethod::ALL.map(Self::Transfer))
            .chain(Checks::ALL.map(Self::Checks))
            .chain(Order::ALL.map(Self::Order))
    }
}

impl fmt::Display for Series {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Device => f.pad("device"),
            Self::Baseline(baseline) => f.pad(baseline.name()),
            Self::Launch(Launching { style, chained, arguments, wait }) => {
                let chained = if *chained { "-chained" } else { "" };
                let arguments = if *arguments { "-arguments" } else { "" };
                let wait = wait.map_or(String::new(), |wait| format!("-{}", wait.name()));
                f.pad(&format!("{}{chained}{arguments}{wait}", style.name()))
            }
            Self::Transfer(method) => f.pad(method.name()),
            Self::Checks(checks) => f.pad(checks.name()),
            Self::Order(order) => f.pad(order.name()),
        }
    }
}

impl FromStr for Series {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        Self::all().find(|series| series.to_string() == text).ok_or_else(|| format!("there is no series {text:?}"))
    }
}

impl TryFrom<String> for Series {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

impl From<Series> for String {
    fn from(series: Series) -> Self {
        series.to_string()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_series_has_a_name_of_its_own_and_is_read_by_it() {
        let names: BTreeSet<String> = Series::all().map(|series| series.to_string()).collect();
        assert_eq!(names.len(), Series::all().count());
        for series in Series::all() {
            assert_eq!(series.to_string().parse(), Ok(series));
        }
        assert!("rung".parse::<Series>().unwrap_err().contains("rung"));
        assert_eq!(LaunchStyle::OnePass.chained().to_string(), "one-pass-chained");
        assert_eq!(LaunchStyle::WaitEach.waited_for_by(Wait::Spin).to_string(), "wait-each-spin");
    }
}
