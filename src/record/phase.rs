//! The parts of a job that are timed apart, the clocks that time them, and the samples.

use serde::{Deserialize, Serialize};

/// A part of a job that is timed apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Phase {
    /// Host data made, buffers and bind groups created.
    SetUp,
    /// Shader module and pipeline created.
    Compile,
    /// The first upload into new buffers.
    FirstUpload,
    /// The first dispatch after compiling.
    FirstLaunch,
    /// The first read-back.
    FirstReadBack,
    /// Host memory to device buffer.
    Upload,
    /// Encode, finish and submit until the queue is idle, less the kernel.
    Launch,
    /// The host's part of a launch: recording and finishing command buffers. It is contained in [`Phase::Launch`].
    Encode,
    /// The GPU's own time of a pass of empty kernels, which is its part of a launch. The pass is one of its own, so
    /// that the stamps are no part of what the host's clock measures.
    Pass,
    /// One part of a kernel that is timed in parts, as the clock showed it.
    Part,
    /// The compute pass. Of a kernel that is timed in parts: what all of them take together.
    Kernel,
    /// Device buffer to host memory.
    ReadBack,
}

impl Phase {
    /// Every phase, in the order in which a job goes through them.
    pub const ALL: [Self; 12] = [
        Self::SetUp,
        Self::Compile,
        Self::FirstUpload,
        Self::FirstLaunch,
        Self::FirstReadBack,
        Self::Upload,
        Self::Launch,
        Self::Encode,
        Self::Pass,
        Self::Part,
        Self::Kernel,
        Self::ReadBack,
    ];

    /// Whether it is timed in every repetition block, and not only while a case is made ready.
    pub fn is_repeated(self) -> bool {
        matches!(
            self,
            Self::Upload | Self::Launch | Self::Encode | Self::Pass | Self::Part | Self::Kernel | Self::ReadBack
        )
    }

    /// Whether data travel in it, between the host and a device.
    pub fn is_transfer(self) -> bool {
        matches!(self, Self::Upload | Self::ReadBack)
    }

    /// The phase's name in options, tables and files.
    pub fn name(self) -> &'static str {
        match self {
            Self::SetUp => "set-up",
            Self::Compile => "compile",
            Self::FirstUpload => "first-upload",
            Self::FirstLaunch => "first-launch",
            Self::FirstReadBack => "first-read-back",
            Self::Upload => "upload",
            Self::Launch => "launch",
            Self::Encode => "encode",
            Self::Pass => "pass",
            Self::Part => "part",
            Self::Kernel => "kernel",
            Self::ReadBack => "read-back",
        }
    }
}

/// The clock that timed a phase.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Clock {
    /// The host's monotonic clock.
    Host,
    /// Timestamps written by the GPU around the compute pass.
    Gpu,
    /// Host time less the GPU timestamps inside it.
    HostLessGpu,
    /// Host time less the median of an empty dispatch, for devices without usable timestamps.
    HostLessEmpty,
    /// Times drawn from a planted law.
    Simulated,
}

/// The samples of one phase of one case, or why there are none.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Timing {
    /// One value per repetition.
    Samples {
        /// The clock that took them.
        clock: Clock,
        /// Seconds, in the order of measuring.
        seconds: Vec<f64>,
    },
    /// Not measured.
    Absent {
        /// Always `null`.
        seconds: (),
        /// Why not.
        reason: String,
    },
}

impl Timing {
    /// A timing that was not taken, with the reason.
    pub fn absent(reason: impl Into<String>) -> Self {
        Self::Absent { seconds: (), reason: reason.into() }
    }

    /// Whether there are samples.
    pub fn is_taken(&self) -> bool {
        matches!(self, Self::Samples { .. })
    }

    /// The samples in seconds; empty if there are none.
    pub fn seconds(&self) -> &[f64] {
        match self {
            Self::Samples { seconds, .. } => seconds,
            Self::Absent { .. } => &[],
        }
    }
}
