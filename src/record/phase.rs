//! The phases of a job, the clocks that time them, and their samples.

use serde::{Deserialize, Serialize};

/// A part of a job that is timed separately.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Phase {
    /// Making host data, buffers and bind groups.
    SetUp,
    /// Creating the shader module and the pipeline.
    Compile,
    /// The first upload into new buffers.
    FirstUpload,
    /// The first dispatch after compiling.
    FirstLaunch,
    /// The first read-back.
    FirstReadBack,
    /// From host memory to the device buffer.
    Upload,
    /// From encoding until the queue is idle, minus the kernel.
    Launch,
    /// The host's part of a launch: recording and finishing command buffers. [`Phase::Launch`] contains it.
    Encode,
    /// GPU time of a pass of empty kernels: the GPU's part of a launch. It is measured in a separate pass, so the
    /// timestamps do not affect host times.
    Pass,
    /// One part of a kernel that is timed in parts, as measured.
    Part,
    /// The compute pass. For a kernel timed in parts: all parts together.
    Kernel,
    /// From the device buffer to host memory.
    ReadBack,
}

impl Phase {
    /// All phases, in the order of a job.
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

    /// Returns whether the phase is timed in every repetition block, and not only during preparation.
    pub fn is_repeated(self) -> bool {
        matches!(
            self,
            Self::Upload | Self::Launch | Self::Encode | Self::Pass | Self::Part | Self::Kernel | Self::ReadBack
        )
    }

    /// Returns whether the phase moves data between host and device.
    pub fn is_transfer(self) -> bool {
        matches!(self, Self::Upload | Self::ReadBack)
    }

    /// Returns the name used in options, tables and files.
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
    /// GPU timestamps around the compute pass.
    Gpu,
    /// Host time minus the GPU timestamps inside it.
    HostLessGpu,
    /// Host time minus the median of an empty dispatch, for devices without usable timestamps.
    HostLessEmpty,
    /// Times of a simulated device.
    Simulated,
}

/// The samples of one phase of one case, or why there are none.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged, expecting = "a time needs a clock and its seconds, or null for them and a reason")]
pub enum Timing {
    /// One value per repetition.
    Samples {
        /// The clock that took them.
        clock: Clock,
        /// Times in seconds, in the order of measuring.
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
    /// Returns a timing without samples, with the reason.
    pub fn absent(reason: impl Into<String>) -> Self {
        Self::Absent { seconds: (), reason: reason.into() }
    }

    /// Returns whether there are samples.
    pub fn is_taken(&self) -> bool {
        matches!(self, Self::Samples { .. })
    }

    /// Returns the samples in seconds; empty if there are none.
    pub fn seconds(&self) -> &[f64] {
        match self {
            Self::Samples { seconds, .. } => seconds,
            Self::Absent { .. } => &[],
        }
    }
}
