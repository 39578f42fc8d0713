//! Both roofs, and the workloads on either side of the ridge, read from the samples.

use serde::Serialize;

use crate::experiment::cases::{FLOORS, floor, phase};
use crate::experiment::limits::memory_told;
use crate::law::roofline::{self, Bound, Load, Roofline, RooflineFit};
use crate::record::{DeviceKind, Measured, Measurement, Phase, Problem, Quantity, Run};
use crate::units;
use crate::workload::{self, Number, Workload};

/// Size at which the intensity of the other workloads is quoted: elements, and the side of a matrix.
const VECTOR: u64 = 1 << 20;
const SIDE: u64 = 1 << 10;

/// Rate against flop per byte: memory roof, compute roof, and the ridge between them.
#[derive(Serialize)]
pub(in crate::experiment) struct Reading {
    /// The roofs, or why they are refused.
    #[serde(flatten)]
    pub(super) fit: RooflineFit,
    /// The limits of the run, by which every kernel is judged; `None` if it knows none. What the kernels of this
    /// experiment show by themselves stands beside them, and is lower.
    pub(super) limits: Option<Roofline>,
    /// The limits for large data, as `limits` tells them, whatever these kernels move; `None` if nothing was copied.
    pub(super) beyond: Option<Roofline>,
    /// Bytes that each kernel moves: the memory limit is that of this size.
    pub(super) bytes: Option<f64>,
    /// The highest shares of the memory limit and of the compute limit that these kernels reach.
    pub(super) reached: Option<[f64; 2]>,
    /// Why these kernels may stay below the memory limit, and why below the compute limit, where the device or their
    /// times tell it.
    pub(super) causes: [Option<String>; 2],
    /// Other workloads, and the side of the ridge that they lie on.
    pub(super) workloads: Vec<PlacedWorkload>,
}

/// A workload under the roofline.
#[derive(Debug, Serialize)]
pub(super) struct PlacedWorkload {
    /// The workload's name.
    pub(super) workload: &'static str,
    /// The problem that its intensity is quoted for.
    pub(super) problem: Problem,
    /// Multiplications and additions for each byte that must cross between kernel and memory.
    pub(super) flop_per_byte: f64,
    /// The limit over it; `None` if it lies too near to the ridge, or no ridge is known.
    pub(super) bound: Option<Bound>,
    /// The highest rate that the limits allow it, in flop per second; `None` if they are unknown, or if it computes
    /// nothing.
    pub(super) at_most: Option<f64>,
}

impl Reading {
    /// Returns the limits that are drawn: those of the run, and if it has none, those of the kernels.
    pub(super) fn roofline(&self) -> Option<Roofline> {
        self.limits.or_else(|| self.fit.roofline())
    }

    /// Returns the limits by which the ridge is told: those for large data, or else those of these kernels' size.
    pub(super) fn told(&self) -> Option<Roofline> {
        self.beyond.or(self.limits)
    }
}

/// A workload so near to the ridge of the run's limits, as a factor, is under both.
const NEAR: f64 = 1.1;

/// Reads the roofs over kernels of growing intensity, and places the other workloads under them.
pub(super) fn read(run: &Run, measured: &Measured) -> Reading {
    let load =
        |case: &Measurement| Some(Load { flop: case.flop, bytes: case.bytes, time: case.summary(Quantity::Kernel)? });
    let fit = roofline::fit(&measured.cases.iter().filter_map(load).collect::<Vec<_>>());
    // Of the two matrix products the one that every device can compute is placed.
    let computing = workload::all().iter().filter(|workload| {
        !["empty", "mix", "matmul-f16"].contains(&workload.name()) && workload.number() == Number::F32
    });
    let limits_at = |bytes: f64| Roofline::new(run.compute_limit()?, run.memory_limit(bytes)?);
    let bytes = measured.cases.first().map(|case| case.bytes);
    let limits = bytes.and_then(limits_at);
    let beyond = limits.and_then(|limits| Roofline::new(limits.peak_flops, memory_told(run)?));
    let workloads = computing.map(|workload| place(&fit, limits_at, *workload)).collect();
    let reached = limits.and_then(|limits| reached(&limits, measured));
    Reading { reached, fit, limits, beyond, bytes, causes: causes(run, measured), workloads }
}

/// Why the kernels may stay below the memory limit, and why below the compute limit.
fn causes(run: &Run, measured: &Measured) -> [Option<String>; 2] {
    match run.device.planned_as() {
        DeviceKind::Software => [Some(ONE_AFTER_THE_OTHER.to_owned()), Some(FEW_CHAINS.to_owned())],
        DeviceKind::Cpu => [Some(ONE_AFTER_THE_OTHER.to_owned()), None],
        _ => [at_the_floor(run, measured), None],
    }
}

/// Why a processor stays below the memory limit, whether it acts as a GPU or not.
const ONE_AFTER_THE_OTHER: &str = "a CPU moves and computes in turn";

/// Why a processor that acts as a GPU stays below the compute limit; a GPU goes on with another subgroup meanwhile.
const FEW_CHAINS: &str = "it interleaves four multiply-adds, and the kernel of the limit interleaves eight";

fn at_the_floor(run: &Run, measured: &Measured) -> Option<String> {
    let shortest = measured.cases.iter().filter_map(|case| phase(case, Phase::Kernel)).reduce(f64::min)?;
    let floors = shortest / floor(run, measured)?.value;
    (floors < FLOORS).then(|| format!("its shortest kernel takes {} launch floors", units::ratio(floors)))
}

/// The highest rates of the kernels, as shares of both limits.
fn reached(limits: &Roofline, measured: &Measured) -> Option<[f64; 2]> {
    let highest = |amount: fn(&Measurement) -> f64| {
        let rate = |case: &Measurement| Some(amount(case) / case.summary(Quantity::Kernel)?.median);
        measured.cases.iter().filter_map(rate).reduce(f64::max)
    };
    Some([highest(|case| case.bytes)? / limits.bandwidth, highest(|case| case.flop)? / limits.peak_flops])
}

/// Places a workload by its flop per byte at a usual size.
fn place(fit: &RooflineFit, limits_at: impl Fn(f64) -> Option<Roofline>, workload: &dyn Workload) -> PlacedWorkload {
    let problem = match workload.problem(1) {
        Problem::Matrix { .. } | Problem::Batch { .. } => workload.problem(SIDE),
        _ => workload.problem(VECTOR),
    };
    let flop_per_byte = workload.flop(problem) / workload.bytes(problem);
    let limits = limits_at(workload.bytes(problem));
    let ridge = limits.map(|limits| [limits.ridge() / NEAR, limits.ridge() * NEAR]);
    let bound = match ridge.or_else(|| fit.ridge().map(|ridge| [ridge.low, ridge.high])) {
        Some([low, _]) if flop_per_byte < low => Some(Bound::Memory),
        Some([_, high]) if flop_per_byte > high => Some(Bound::Compute),
        _ => None,
    };
    let roofline = limits.or_else(|| fit.roofline()).filter(|_| flop_per_byte > 0.0);
    let at_most = roofline.map(|limits| limits.attainable(flop_per_byte));
    PlacedWorkload { workload: workload.name(), problem, flop_per_byte, bound, at_most }
}
