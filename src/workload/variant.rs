//! Ways to compute a workload on a GPU.

use super::{Shader, Workload};
use crate::record::{Case, Limits, Problem, VariantName};

/// Largest useful workgroup if nothing else decides.
const USUAL_WORKGROUP: u32 = 256;

/// Counts ends of loops: see [`Variant::back_edges`].
type BackEdges = fn(&Case) -> u64;

/// One way to compute a workload on a GPU.
#[derive(Debug)]
pub struct Variant {
    /// The name in options and tables.
    pub name: &'static str,
    /// What is different about it, in half a sentence.
    pub summary: &'static str,
    /// The kernels that its steps use.
    pub shaders: &'static [Shader],
    /// What its workgroups must be like.
    pub workgroup: Workgroup,
    /// Counts the workers that have work to do on a problem of so many items, before they are rounded up to whole
    /// workgroups.
    pub busy: fn(problem: Problem, items: u64) -> u64,
    /// Counts the bytes of workgroup memory that a workgroup of that many invocations takes.
    pub workgroup_memory: fn(workgroup_size: u32) -> u64,
    /// Counts how often one invocation comes to the end of a loop's body, at the most: for every loop that it enters
    /// its rounds, and one more in which it leaves.
    ///
    /// llvmpipe lets an invocation go back to the beginning of a loop 65,535 times. Then it ends all loops of that
    /// invocation at the next end of a body, the 65,536th as counted here, and reports no error.
    pub back_edges: BackEdges,
}

/// What the workgroups of a variant must be like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Workgroup {
    /// Of any size: invocations work alone.
    Any,
    /// Of a square number: each makes square tiles as a team.
    Square,
    /// Of this size: each makes tiles as a team.
    Only(u32),
}

impl Variant {
    /// Returns a variant whose invocations share no tiles and no workgroup memory, and take one item at a time.
    pub(super) const fn independent(
        name: &'static str,
        summary: &'static str,
        shaders: &'static [Shader],
        back_edges: BackEdges,
    ) -> Self {
        let (workgroup, busy, workgroup_memory) = (Workgroup::Any, one_item as fn(_, _) -> _, none as fn(_) -> _);
        Self { name, summary, shaders, workgroup, busy, workgroup_memory, back_edges }
    }

    /// Its name, as a case keeps it.
    pub fn short_name(&self) -> VariantName {
        VariantName::from(self.name).unwrap_or_default()
    }

    /// Whether a workgroup works as a team, so that workers come in whole workgroups.
    pub fn is_in_teams(&self) -> bool {
        self.workgroup != Workgroup::Any
    }

    /// Invocations per workgroup if nothing else decides and so many are usual.
    pub fn workgroup_size(&self, usual: u32) -> u32 {
        match self.workgroup {
            Workgroup::Any => usual,
            Workgroup::Square => usual.isqrt().pow(2),
            Workgroup::Only(size) => size,
        }
    }

    /// Whether workgroups of that size do.
    pub fn takes(&self, workgroup_size: u32) -> bool {
        self.workgroup_size(workgroup_size) == workgroup_size
    }
}

/// The case in which every worker that has work to do is there, on a device of these limits.
pub fn full_width(workload: &dyn Workload, variant: &Variant, problem: Problem, limits: &Limits) -> Case {
    let size = variant.workgroup_size(limits.workgroup_size.min(USUAL_WORKGROUP));
    let workers = (variant.busy)(problem, workload.items(problem));
    // Tiles are computed whole, so their workers come in whole workgroups.
    let whole = if variant.is_in_teams() { u64::from(size) } else { 1 };
    Case::new(problem, workers.next_multiple_of(whole), size)
}

fn one_item(_: Problem, items: u64) -> u64 {
    items
}

fn none(_: u32) -> u64 {
    0
}
