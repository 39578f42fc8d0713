//! Which variant was the fastest on a problem, and how the others did.

use serde::{Deserialize, Serialize};

use super::{Case, Problem, VariantName};

/// A race of the variants of a workload on one problem.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Tournament {
    /// The workload's name.
    pub workload: String,
    /// What was computed.
    pub problem: Problem,
    /// The variants, in the order in which the workload lists them.
    pub tried: Vec<Tried>,
    /// Index of the winner: the first one that is as fast as the fastest; `null` if none could run.
    pub winner: Option<usize>,
}

/// A variant in a race.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Tried {
    /// Its name.
    pub variant: VariantName,
    /// Invocations: all that have work to do.
    pub workers: u64,
    /// Invocations per workgroup.
    pub workgroup_size: u32,
    /// The shortest kernel of a few, in seconds; `null` if it did not run.
    pub seconds: Option<f64>,
    /// Why it did not run.
    pub reason: Option<String>,
}

impl Tried {
    /// The same case, computed by this variant.
    pub fn computing(&self, case: Case) -> Case {
        let Self { variant, workers, workgroup_size, .. } = *self;
        Case { variant: Some(variant), workers, workgroup_size, ..case }
    }
}

impl Tournament {
    /// The variant that won.
    pub fn winner(&self) -> Option<&Tried> {
        self.tried.get(self.winner?)
    }

    /// Kernel time of the winner, in seconds.
    pub fn seconds(&self) -> Option<f64> {
        self.winner()?.seconds
    }
}
