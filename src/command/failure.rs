//! What ends the program early, and with which exit code.

use std::process::ExitCode;

use crate::device::DeviceError;
use crate::measure::MeasureError;

/// Why a command could not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// Bad options or bad input: what is wrong, where, and what to do.
    #[error("error: {0}")]
    Usage(String),
    /// A result that could not be written: where, why, and what to do.
    #[error("error: {0}")]
    Unwritten(String),
    /// Times that became longer by more than was allowed: how many.
    #[error("error: times longer than --fail-above allows: {0}")]
    Regression(usize),
    /// Somebody interrupted the run; what it had is saved and printed.
    #[error("interrupted: the report shows what was measured so far")]
    Interrupted,
    /// Somebody interrupted the run before it had measured anything.
    #[error("interrupted before anything was measured; nothing is saved")]
    NothingYet,
    /// Somebody interrupted the reading of a trace.
    #[error("interrupted: the trace is not read to its end, so there is no report")]
    HalfRead,
    /// The device failed, or computed something wrong.
    #[error("error: {0}")]
    Measure(#[from] MeasureError),
}

impl Failure {
    pub(super) fn usage(text: impl Into<String>) -> Self {
        Self::Usage(text.into())
    }

    /// Returns 130 for an interrupted run, 3 for a regression, 2 for bad options and bad input, 1 for a result that
    /// could not be written and for a device that failed or measured wrong.
    pub fn exit_code(&self) -> ExitCode {
        match self {
            Self::Usage(_) => ExitCode::from(2),
            Self::Measure(_) | Self::Unwritten(_) => ExitCode::from(1),
            Self::Regression(_) => ExitCode::from(3),
            Self::Interrupted | Self::NothingYet | Self::HalfRead => ExitCode::from(130),
        }
    }
}

impl From<DeviceError> for Failure {
    fn from(error: DeviceError) -> Self {
        Self::Measure(error.into())
    }
}
