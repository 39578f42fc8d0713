//! The series of an experiment. Each case belongs to one.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::{Baseline, Checks, TransferMethod, Wait};

/// The series that a case belongs to in its experiment.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Series {
    /// The measured device, used in the default way.
    #[default]
    Device,
    /// A baseline on this machine's processor.
    Baseline(Baseline),
    /// A launch style.
    Launch(Launching),
    /// A transfer method.
    Transfer(TransferMethod),
    /// A set of shader checks.
    Checks(Checks),
    /// An order of the paths of a kernel with branches.
    Order(Order),
}

/// A launch style with its options.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Launching {
    /// The style.
    pub style: LaunchStyle,
    /// Whether each launch reads the output of the launch before it.
    pub chained: bool,
    /// Whether each launch has its own buffer and parameters.
    pub arguments: bool,
    /// How the host waits; `None` means the device's default.
    pub wait: Option<Wait>,
}

/// How several dispatches are launched, in order of cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum LaunchStyle {
    /// All dispatches in one compute pass.
    OnePass,
    /// A compute pass for each dispatch, all in one encoder.
    PassEach,
    /// A command buffer for each dispatch, all in one submit.
    CommandBufferEach,
    /// A submit for each dispatch, and one wait at the end.
    SubmitEach,
    /// Submit and wait for each dispatch.
    WaitEach,
    /// Submit, wait and read the output back for each dispatch.
    ReadBackEach,
}

impl LaunchStyle {
    /// All launch styles, the cheapest first.
    pub const ALL: [Self; 6] =
        [Self::OnePass, Self::PassEach, Self::CommandBufferEach, Self::SubmitEach, Self::WaitEach, Self::ReadBackEach];

    /// Returns the name used in tables and files.
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

    /// Returns whether the host waits for each dispatch before the next launch.
    pub fn is_waited_for(self) -> bool {
        matches!(self, Self::WaitEach | Self::ReadBackEach)
    }

    /// Returns the series of this style: unchained, with the device's default way to wait.
    pub const fn series(self) -> Series {
        Series::Launch(Launching { style: self, chained: false, arguments: false, wait: None })
    }

    /// Returns the series of this style in which each launch reads the output of the launch before it.
    pub const fn chained(self) -> Series {
        Series::Launch(Launching { style: self, chained: true, arguments: false, wait: None })
    }

    /// Returns the series of this style in which each launch has its own buffer and parameters.
    pub const fn with_arguments(self) -> Series {
        Series::Launch(Launching { style: self, chained: false, arguments: true, wait: None })
    }

    /// Returns the series of this style with the given way to wait.
    pub const fn waited_for_by(self, wait: Wait) -> Series {
        Series::Launch(Launching { style: self, chained: false, arguments: false, wait: Some(wait) })
    }
}

/// Order of the paths in a kernel with branches.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Order {
    /// Neighbouring elements take different paths.
    Scattered,
    /// Neighbouring elements take the same path, so whole subgroups do.
    Sorted,
}

impl Order {
    /// Both orders.
    pub const ALL: [Self; 2] = [Self::Scattered, Self::Sorted];

    /// Returns the name used in tables and files.
    pub fn name(self) -> &'static str {
        match self {
            Self::Scattered => "scattered",
            Self::Sorted => "sorted",
        }
    }
}

impl Series {
    /// Returns the launch style of its dispatches.
    pub fn launch(self) -> LaunchStyle {
        match self {
            Self::Launch(launching) => launching.style,
            _ => LaunchStyle::OnePass,
        }
    }

    /// Returns the shader checks of its kernels.
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

    /// Returns how the host waits; `None` means the device's default.
    pub fn wait(self) -> Option<Wait> {
        match self {
            Self::Launch(launching) => launching.wait,
            _ => None,
        }
    }

    /// Returns whether each launch reads the output of the launch before it.
    pub fn is_chained(self) -> bool {
        matches!(self, Self::Launch(Launching { chained: true, .. }))
    }

    /// Returns whether each launch has its own buffer and parameters.
    pub fn has_arguments(self) -> bool {
        matches!(self, Self::Launch(Launching { arguments: true, .. }))
    }

    /// Returns whether the number of dispatches must not be raised to suit the clock.
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
