//! One case: what runs, from the plan to the saved run.

use arrayvec::ArrayString;
use serde::{Deserialize, Serialize};

use super::{Series, TransferMethod, Wait};

/// The size of a problem.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Problem {
    /// Vectors of n elements.
    Vector {
        /// Elements.
        n: u64,
    },
    /// n elements with k multiply-adds each.
    Chain {
        /// Elements.
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
    /// n elements, each of which takes one of so many paths of k dependent multiply-adds, by its index i: the path
    /// number i / run mod branches.
    Branches {
        /// Elements.
        n: u64,
        /// Paths.
        branches: u64,
        /// Multiply-adds of each path.
        k: u64,
        /// Neighbours that take the same path, one after the other.
        #[serde(default = "alone")]
        run: u64,
    },
    /// A batch for a network whose layers are fixed.
    Batch {
        /// Rows of the batch.
        n: u64,
    },
}

impl Problem {
    /// The problem size: elements of a vector, rows of a matrix product (the side of a square one), rows of a batch.
    pub fn n(self) -> u64 {
        match self {
            Self::Vector { n } | Self::Chain { n, .. } | Self::Branches { n, .. } | Self::Batch { n } => n,
            Self::Matrix { m, .. } => m,
        }
    }
}

/// What runs saved by versions that knew nothing else have for a number of parts.
fn whole() -> u32 {
    1
}

/// The run of paths saved by versions that sent every neighbour elsewhere.
fn alone() -> u64 {
    1
}

/// The name of a variant, short enough to be kept in each case.
pub type VariantName = ArrayString<24>;

/// One way to run one workload, from the plan to the saved run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Case {
    /// The line that it belongs to in its experiment. It says how the dispatches are launched, on which processor, and
    /// with which checks.
    pub series: Series,
    /// The problem and its size.
    pub problem: Problem,
    /// The variant that computes it; `null` if all cases of the experiment have the same one.
    #[serde(default)]
    pub variant: Option<VariantName>,
    /// Parallel workers launched: invocations on a GPU, threads on a CPU.
    pub workers: u64,
    /// Invocations per workgroup; 1 on a CPU.
    pub workgroup_size: u32,
    /// Dispatches of the kernel in one sample. The kernel phase is already divided by it.
    pub dispatches: u32,
    /// Launches that one job is cut into; 1 for a whole one.
    pub slices: u32,
    /// Equal parts of the job of which a sample runs one, another in each block: how a job is timed that would take
    /// longer than a dispatch may. 1 for a whole job.
    #[serde(default = "whole")]
    pub parts: u32,
    /// The data travel in every so many-th sample; 1 if in each.
    #[serde(default = "whole")]
    pub transfers_every: u32,
    /// How the host waits for the device. In a plan `None` stands for the device's usual way; in a saved run, for a
    /// device that is not waited for.
    pub wait: Option<Wait>,
    /// How the data get to the device and back; `None` if none are moved, as on the CPU.
    pub transfer: Option<TransferMethod>,
}

impl Case {
    /// Returns a whole job on the device that is measured.
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

    /// Returns the same case in another series.
    #[must_use]
    pub fn in_series(self, series: Series) -> Self {
        let transfer = match series {
            Series::Baseline(_) => None,
            Series::Transfer(method) => Some(method),
            _ => self.transfer,
        };
        Self { series, wait: series.wait().or(self.wait), transfer, ..self }
    }

    /// Workgroups launched.
    pub fn workgroups(&self) -> u64 {
        self.workers.div_ceil(u64::from(self.workgroup_size.max(1)))
    }

    /// Whether its phases add up to one job: several launches that are compared do not.
    pub fn is_one_job(&self) -> bool {
        self.dispatches == 1 || !self.series.fixes_dispatches()
    }

    /// Whether it runs on this machine's processor, to be compared with the device that is measured.
    pub fn is_baseline(&self) -> bool {
        self.series.baseline().is_some()
    }
}
