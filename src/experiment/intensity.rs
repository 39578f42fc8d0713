//! Memory-bound or compute-bound? The flop for each byte vary, the bytes are fixed: read by the roofline.

use super::geometry::case;
use super::{Axis, Experiment, Scene, read};
use crate::measure::Plan;
use crate::record::{self, DeviceKind, Effort, Fit, Problem};
use crate::workload::{self, Workload};

/// Multiply-adds per element: from a quarter of a flop per byte to 128.
const CHAINS: [u64; 10] = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512];

/// Elements on a GPU with a memory of its own: 128 MiB to read and to write, more than the caches of large GPUs hold.
const MANY_ELEMENTS: u64 = 1 << 24;

/// Multiply-adds per element there: each case has buffers of its own, and more of them would not fit into the gibibyte
/// that an experiment may take.
const FEWER_CHAINS: [u64; 7] = [1, 4, 16, 32, 64, 128, 512];

/// Elements elsewhere: 64 MiB.
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
        let (default, chains): (u64, &[u64]) = match scene.device.kind {
            DeviceKind::Cpu | DeviceKind::Software => (FEW_ELEMENTS, &CHAINS),
            DeviceKind::Integrated => (FEWER_ELEMENTS, &CHAINS),
            // To make, to move and to verify so much takes more of ten seconds than there is.
            DeviceKind::Discrete if scene.settings.effort != Effort::Quick => (MANY_ELEMENTS, &FEWER_CHAINS),
            _ => (ELEMENTS, &CHAINS),
        };
        let sizes = scene.axes.sizes.clone().unwrap_or_else(|| vec![default]);
        let plan = |n| {
            let mut plan = scene.plan(self);
            let workers = if scene.on_cpu() { scene.cpu_threads() } else { n };
            let size = scene.usual_workgroup_size();
            plan.cases = chains.iter().map(|&k| case(Problem::Chain { n, k }, workers, size)).collect();
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

#[cfg(test)]
mod tests {
    use super::super::fixture::Stage;
    use super::*;

    #[test]
    fn the_largest_elements_fit_into_the_memory_with_every_intensity() {
        let stage = Stage::of(DeviceKind::Discrete);
        let scene = stage.scene("mix", 1e-9);
        let cases = &Intensity.plans(&scene)[0].cases;
        assert!(cases.iter().all(|case| scene.fits_in_memory(case.problem, cases.len() as u64)));
        let sizes: Vec<u64> = cases.iter().map(|case| case.problem.n()).collect();
        assert_eq!(sizes, [1 << 24; 7]);
        let integrated = Stage::of(DeviceKind::Integrated);
        assert_eq!(Intensity.plans(&integrated.scene("mix", 1e-9))[0].cases.len(), CHAINS.len());
    }
}
