//! Divides the elements among workers and the workers into workgroups, and checks that the shaders' 32-bit counters
//! suffice.
//!
//! Worker `id` of p takes the elements id, id + p, id + 2 p, … below n: a grid-stride loop. So any number of workers
//! computes the whole problem, and one worker does the work that p workers share.

use super::{Buffer, Step, Variant, Workgroup, Workload};
use crate::record::Case;

/// Most workgroups in one dimension of a dispatch that every WebGPU device allows.
const WORKGROUPS_PER_DIMENSION: u64 = 65_535;

/// Returns a dispatch of the first shader, without scratch buffers. Its only constant is the workgroup size.
pub(super) fn step(params: Vec<u32>, buffers: Vec<Buffer>, case: &Case) -> Step {
    Step {
        shader: 0,
        constants: vec![("WG", case.workgroup_size.into())],
        params,
        buffers,
        scratch: Vec::new(),
        workgroups: case.workgroups(),
    }
}

/// Returns the number of elements of the busiest worker.
pub(super) fn rounds(items: u64, workers: u64) -> u64 {
    items.div_ceil(workers.max(1))
}

/// Returns a value for a shader's parameter.
///
/// # Panics
///
/// Panics above 32 bits, which [`Workload::check`] refuses.
pub(super) fn word(value: u64) -> u32 {
    u32::try_from(value).expect("Workload::check comes before Workload::steps")
}

/// Returns how often an invocation reaches the end of a loop's body: once per round, and once more to leave the loop.
/// llvmpipe counts these against its loop budget, nested loops included.
pub(super) fn ends(rounds: u64) -> u64 {
    rounds.saturating_add(1)
}

/// Makes the checks that are common to all workloads: see [`Workload::check`].
pub(super) fn check(workload: &(impl Workload + ?Sized), variant: &Variant, case: &Case) -> Result<(), String> {
    let Case { problem, workers, workgroup_size, .. } = *case;
    let items = workload.items(problem);
    if items == 0 || workers == 0 || workgroup_size == 0 {
        return Err("needs at least one element, one worker and a workgroup of one".to_owned());
    }
    let size = u64::from(workgroup_size);
    if variant.is_in_teams() && (!variant.takes(workgroup_size) || !workers.is_multiple_of(size)) {
        let right = match variant.workgroup {
            Workgroup::Only(size) => size.to_string(),
            _ => "a square (4, 16, 64, 256)".to_owned(),
        };
        return Err(format!(
            "{} {} works on tiles: the workgroup size must be {right}, not {size}, and {workers} workers must be a \
             multiple of it",
            workload.name(),
            variant.name
        ));
    }
    // The last step of a grid-stride loop may exceed n by up to one stride. A long dispatch is folded into equal rows,
    // with at most one surplus workgroup per row.
    let groups = case.workgroups();
    let launched = (groups + groups.div_ceil(WORKGROUPS_PER_DIMENSION)).saturating_mul(size);
    let longest = workload.input_lengths(problem).into_iter().fold(items, u64::max);
    if longest.saturating_add(launched) > u64::from(u32::MAX) {
        return Err(format!("too many for the 32 bits of a kernel's counters: elements {longest}, workers {workers}"));
    }
    Ok(())
}
