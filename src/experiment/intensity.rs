//! Memory-bound or compute-bound? The flop for each byte vary, the bytes are fixed: read by the roofline.

use super::geometry::case;
use super::{Axis, Experiment, Scene, read};
use crate::measure::Plan;
use crate::record::{self, DeviceKind, Fit, Problem};
use crate::workload::{self, Workload};

/// Multiply-adds per element: from a quarter of a flop per byte to 128.
const CHAINS: [u64; 10] = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512];

/// Elements on a device with a memory of its own: 64 MiB, more than nearly every cache.
const ELEMENTS: u64 = 1 << 23;

/// Elements on one that shares the host's memory, whose caches are smaller: 32 MiB.
const FEWER_ELEMENTS: u64 = 1 << 22;

/// Elements on a processor, or on a driver that acts as a GPU on one: few enough for the time that there is. What then
/// limits the rate on the left is what reading and writing an element costs there, in a cache or not.
const FEW_ELEMENTS: u64 = 1 << 16;

/// Size at which the intensity of the other workloads is quoted: elements, and the side of a matrix.
const VECTOR: u64 = 1 << 20;
const SIDE: u64 = 1 << 10;

/// The experiment `intensity`.
pub(super) struct Intensity;

impl Experiment for Intensity {
    fn name(&self) -> &'static str {
        "intensity"
    }

    fn question(&self) -> &'static str {
        "memory-bound or compute-bound?"
    }

    fn workloads(&self) -> &'static [&'static str] {
        &["mix"]
    }

    fn takes(&self, workload: &dyn Workload) -> bool {
        workload.name() == "mix"
    }

    fn axes(&self) -> &'static [Axis] {
        &[Axis::Sizes]
    }

    fn plans(&self, scene: &Scene<'_>) -> Vec<Plan> {
        let default = match scene.device.kind {
            DeviceKind::Cpu | DeviceKind::Software => FEW_ELEMENTS,
            DeviceKind::Integrated => FEWER_ELEMENTS,
            _ => ELEMENTS,
        };
        let sizes = scene.axes.sizes.clone().unwrap_or_else(|| vec![default]);
        let plan = |n| {
            let mut plan = scene.plan(self);
            let workers = if scene.on_cpu() { scene.cpu_threads() } else { n };
            let size = scene.usual_workgroup_size();
            plan.cases = CHAINS.map(|k| case(Problem::Chain { n, k }, workers, size)).into();
            plan
        };
        sizes.into_iter().map(plan).collect()
    }

    fn read(&self, experiment: &record::Experiment) -> Vec<Fit> {
        vec![read::roofline(&experiment.cases, &quoted())]
    }
}

/// The other workloads with their flop per byte at a usual size.
fn quoted() -> Vec<(String, Problem, f64)> {
    let computing = workload::all().iter().filter(|workload| !["empty", "mix"].contains(&workload.name()));
    computing
        .map(|workload| {
            let problem = match workload.problem(1) {
                Problem::Matrix { .. } | Problem::Batch { .. } => workload.problem(SIDE),
                _ => workload.problem(VECTOR),
            };
            (workload.name().to_owned(), problem, workload.flop(problem) / workload.bytes(problem))
        })
        .collect()
}
