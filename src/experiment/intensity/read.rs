//! Both roofs, and the workloads on either side of the ridge, read from the samples.

use serde::Serialize;

use crate::law::roofline::{self, Bound, Load, RooflineFit};
use crate::record::{Measured, Measurement, Problem, Quantity};
use crate::workload::{self, Workload};

/// Size at which the intensity of the other workloads is quoted: elements, and the side of a matrix.
const VECTOR: u64 = 1 << 20;
const SIDE: u64 = 1 << 10;

/// Rate against flop per byte: memory roof, compute roof, and the ridge between them.
#[derive(Serialize)]
pub(in crate::experiment) struct Reading {
    /// The roofs, or why they are refused.
    #[serde(flatten)]
    pub(super) fit: RooflineFit,
    /// Other workloads, and the side of the ridge that they lie on.
    pub(super) workloads: Vec<PlacedWorkload>,
}

/// A workload under the roofline.
#[derive(Serialize)]
pub(super) struct PlacedWorkload {
    /// The workload's name.
    pub(super) workload: &'static str,
    /// The problem that its intensity is quoted for.
    pub(super) problem: Problem,
    /// Multiplications and additions for each byte that must cross between kernel and memory.
    pub(super) flop_per_byte: f64,
    /// The roof over it; `None` if it lies within the interval of the ridge, or no ridge is known.
    pub(super) bound: Option<Bound>,
}

/// Reads the roofs over kernels of growing intensity, and places the other workloads under them.
pub(super) fn read(measured: &Measured) -> Reading {
    let load =
        |case: &Measurement| Some(Load { flop: case.flop, bytes: case.bytes, time: case.summary(Quantity::Kernel)? });
    let fit = roofline::fit(&measured.cases.iter().filter_map(load).collect::<Vec<_>>());
    let computing = workload::all().iter().filter(|workload| !["empty", "mix"].contains(&workload.name()));
    let workloads = computing.map(|workload| place(&fit, *workload)).collect();
    Reading { fit, workloads }
}

/// Places a workload by its flop per byte at a usual size.
fn place(fit: &RooflineFit, workload: &dyn Workload) -> PlacedWorkload {
    let problem = match workload.problem(1) {
        Problem::Matrix { .. } | Problem::Batch { .. } => workload.problem(SIDE),
        _ => workload.problem(VECTOR),
    };
    let flop_per_byte = workload.flop(problem) / workload.bytes(problem);
    let ridge = fit.ridge().filter(|ridge| !ridge.contains(flop_per_byte));
    let bound = ridge.map(|ridge| if flop_per_byte < ridge.low { Bound::Memory } else { Bound::Compute });
    PlacedWorkload { workload: workload.name(), problem, flop_per_byte, bound }
}
