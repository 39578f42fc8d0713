//! The variants: ways to compute a workload on a GPU.

use super::{Shader, Workload};
use crate::record::{Case, Limits, Problem, VariantName};

/// Largest workgroup that is used by default.
const USUAL_WORKGROUP: u32 = 256;

/// Returns how often loops end: see [`Variant::back_edges`].
type BackEdges = fn(&Case) -> u64;

/// One way to compute a workload on a GPU.
#[derive(Debug)]
pub struct Variant {
    /// Name used in options and tables.
    pub name: &'static str,
    /// How it differs from the others, as a phrase.
    pub summary: &'static str,
    /// The kernels that its steps use.
    pub shaders: &'static [Shader],
    /// Requirement on its workgroups.
    pub workgroup: Workgroup,
    /// Returns the number of workers with work, for a problem with this number of items, before rounding up to whole
    /// workgroups.
    pub busy: fn(problem: Problem, items: u64) -> u64,
    /// Returns the bytes of workgroup memory for a workgroup of this size.
    pub workgroup_memory: fn(workgroup_size: u32) -> u64,
    /// Returns how often one invocation reaches the end of a loop's body, at most: for every loop its rounds, and once
    /// more to leave it.
    ///
    /// llvmpipe lets an invocation go back to the beginning of a loop 65,535 times. It ends all loops of the invocation
    /// at the next end of a body, the 65,536th in this count, and reports no error.
    pub back_edges: BackEdges,
}

/// Requirement on the workgroups of a variant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Workgroup {
    /// Any size: invocations work alone.
    Any,
    /// A square number: each workgroup computes square tiles as a team.
    Square,
    /// This size: each workgroup computes tiles as a team.
    Only(u32),
}

impl Variant {
    /// Returns a variant whose invocations work alone: without tiles, without workgroup memory, and one item at a time.
    pub(super) const fn independent(
        name: &'static str,
        summary: &'static str,
        shaders: &'static [Shader],
        back_edges: BackEdges,
    ) -> Self {
        let (workgroup, busy, workgroup_memory) = (Workgroup::Any, one_item as fn(_, _) -> _, none as fn(_) -> _);
        Self { name, summary, shaders, workgroup, busy, workgroup_memory, back_edges }
    }

    /// Returns its name in the form that a case stores.
    pub fn short_name(&self) -> VariantName {
        VariantName::from(self.name).unwrap_or_default()
    }

    /// Returns whether a workgroup works as a team, so that workers come in whole workgroups.
    pub fn is_in_teams(&self) -> bool {
        self.workgroup != Workgroup::Any
    }

    /// Returns `usual`, or the largest square up to it, or the one required size.
    pub fn workgroup_size(&self, usual: u32) -> u32 {
        match self.workgroup {
            Workgroup::Any => usual,
            Workgroup::Square => usual.isqrt().pow(2),
            Workgroup::Only(size) => size,
        }
    }

    /// Returns whether this workgroup size meets the requirement.
    pub fn takes(&self, workgroup_size: u32) -> bool {
        self.workgroup_size(workgroup_size) == workgroup_size
    }
}

/// Returns the case in which every item has a worker, on a device with these limits.
pub fn full_width(workload: &dyn Workload, variant: &Variant, problem: Problem, limits: &Limits) -> Case {
    let size = variant.workgroup_size(limits.workgroup_size.min(USUAL_WORKGROUP));
    let workers = (variant.busy)(problem, workload.items(problem));
    // Tiles are computed as a whole, so their workers come in whole workgroups.
    let whole = if variant.is_in_teams() { u64::from(size) } else { 1 };
    Case::new(problem, workers.next_multiple_of(whole), size)
}

fn one_item(_: Problem, items: u64) -> u64 {
    items
}

fn none(_: u32) -> u64 {
    0
}
