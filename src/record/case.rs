//! One case: what runs. Planning, measuring and the saved run use this type.

use arrayvec::ArrayString;
use serde::{Deserialize, Serialize};

use super::{Series, TransferMethod, Wait};

/// The size of a problem.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Problem {
    /// Vectors of n elements.
    Vector {
        /// Number of elements.
        n: u64,
    },
    /// n elements with k multiply-adds each.
    Chain {
        /// Number of elements.
        n: u64,
        /// Multiply-adds per element.
        k: u64,
    },
    /// An m x k matrix times a k x n matrix.
    Matrix {
        /// Rows of the left matrix and of the product.
        m: u64,
        /// Columns of the left matrix, rows of the right one.
        k: u64,
        /// Columns of the right matrix and of the product.
        n: u64,
    },
    /// n elements, each of which takes one of several paths of k dependent multiply-adds. Element i takes path i / run
    /// mod branches.
    Branches {
        /// Number of elements.
        n: u64,
        /// Number of paths.
        branches: u64,
        /// Multiply-adds on each path.
        k: u64,
        /// Number of consecutive elements that take the same path.
        #[serde(default = "alone")]
        run: u64,
    },
    /// A batch for a network with fixed layers.
    Batch {
        /// Rows of the batch.
        n: u64,
    },
}

impl Problem {
    /// Returns the problem size: elements of a vector, rows of a matrix product (the side if square), or rows of a
    /// batch.
    pub fn n(self) -> u64 {
        match self {
            Self::Vector { n } | Self::Chain { n, .. } | Self::Branches { n, .. } | Self::Batch { n } => n,
            Self::Matrix { m, .. } => m,
        }
    }
}

/// Returns the default for saved runs of versions without this field: 1.
fn whole() -> u32 {
    1
}

/// Returns the run length in saved runs of versions without this field: every neighbour takes another path.
fn alone() -> u64 {
    1
}

/// Name of a variant, short enough to be copied into each case.
pub type VariantName = ArrayString<24>;

/// One way to run one workload.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Case {
    /// The series of the case. It sets the launch style, the processor and the shader checks.
    pub series: Series,
    /// The problem and its size.
    pub problem: Problem,
    /// The variant; `null` if all cases of the experiment use the same one.
    #[serde(default)]
    pub variant: Option<VariantName>,
    /// Parallel workers launched: invocations on a GPU, threads on a CPU.
    pub workers: u64,
    /// Invocations per workgroup; 1 on a CPU.
    pub workgroup_size: u32,
    /// Kernel dispatches per sample. The kernel phase is already divided by this number.
    pub dispatches: u32,
    /// Number of launches that one job is cut into; 1 for a whole job.
    pub slices: u32,
    /// Number of equal parts of the job. A sample runs one part, a different one in each block. Jobs that take longer
    /// than a dispatch may are timed in this way. 1 for a whole job.
    #[serde(default = "whole")]
    pub parts: u32,
    /// Transfers happen in every n-th sample; 1 if in each.
    #[serde(default = "whole")]
    pub transfers_every: u32,
    /// How the host waits for the device. In a plan, `None` means the device's default. In a saved run, it means that
    /// the host does not wait.
    pub wait: Option<Wait>,
    /// The transfer method; `None` if no data are moved, as on the CPU.
    pub transfer: Option<TransferMethod>,
}

impl Case {
    /// Returns a whole job on the measured device.
    pub fn new(problem: Problem, workers: u64, workgroup_size: u32) -> Self {
        Self {
            series: Series::Device,
            problem,
            variant: None,
            workers,
            workgroup_size,
            dispatches: 1,
            slices: 1,
            parts: 1,
            transfers_every: 1,
            wait: None,
            transfer: Some(TransferMethod::default()),
        }
    }

    /// Returns the case in another series, with its transfer method and way to wait.
    #[must_use]
    pub fn in_series(self, series: Series) -> Self {
        let transfer = match series {
            Series::Baseline(_) => None,
            Series::Transfer(method) => Some(method),
            _ => self.transfer,
        };
        Self { series, wait: series.wait().or(self.wait), transfer, ..self }
    }

    /// Returns the number of workgroups launched.
    pub fn workgroups(&self) -> u64 {
        self.workers.div_ceil(u64::from(self.workgroup_size.max(1)))
    }

    /// Returns whether the phases add up to one job. Several launches that are compared do not.
    pub fn is_one_job(&self) -> bool {
        self.dispatches == 1 || !self.series.fixes_dispatches()
    }

    /// Returns whether the case runs on this machine's processor, as a baseline.
    pub fn is_baseline(&self) -> bool {
        self.series.baseline().is_some()
    }
}
