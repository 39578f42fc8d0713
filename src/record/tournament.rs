//! The tournament that chooses the fastest variant for a problem.

use serde::{Deserialize, Serialize};

use super::{Case, Problem, VariantName};

/// A tournament between the variants of a workload on one problem.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Tournament {
    /// Name of the workload.
    pub workload: String,
    /// The problem.
    pub problem: Problem,
    /// The variants, in the order of the workload's list.
    pub tried: Vec<Tried>,
    /// Index of the winner: the first variant as fast as the fastest one; `null` if none could run.
    pub winner: Option<usize>,
}

/// A variant in a tournament.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Tried {
    /// Name of the variant.
    pub variant: VariantName,
    /// Number of invocations: all that have work.
    pub workers: u64,
    /// Invocations per workgroup.
    pub workgroup_size: u32,
    /// Shortest of a few kernel times, in seconds; `null` if it did not run.
    pub seconds: Option<f64>,
    /// Why it did not run.
    pub reason: Option<String>,
}

impl Tried {
    /// Returns the case computed by this variant.
    pub fn computing(&self, case: Case) -> Case {
        let Self { variant, workers, workgroup_size, .. } = *self;
        Case { variant: Some(variant), workers, workgroup_size, ..case }
    }
}

impl Tournament {
    /// Returns the winner.
    pub fn winner(&self) -> Option<&Tried> {
        self.tried.get(self.winner?)
    }

    /// Returns the kernel time of the winner, in seconds.
    pub fn seconds(&self) -> Option<f64> {
        self.winner()?.seconds
    }
}
