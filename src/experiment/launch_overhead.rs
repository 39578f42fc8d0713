//! What does one launch cost, by how it is launched? The number of dispatches of an empty kernel and the rung vary.

use super::geometry::case;
use super::{Axis, Experiment, Scene, read};
use crate::device::Launch;
use crate::measure::{Dispatches, Place, Plan, Planned};
use crate::record::{self, Fit};
use crate::workload::Workload;

/// Numbers of dispatches.
const DISPATCHES: [u32; 5] = [1, 4, 16, 64, 256];

/// The experiment `launch-overhead`.
pub(super) struct LaunchOverhead;

impl Experiment for LaunchOverhead {
    fn name(&self) -> &'static str {
        "launch-overhead"
    }

    fn question(&self) -> &'static str {
        "what does one launch cost, by how it is launched?"
    }

    fn workloads(&self) -> &'static [&'static str] {
        &["empty"]
    }

    fn takes(&self, workload: &dyn Workload) -> bool {
        workload.name() == "empty"
    }

    fn axes(&self) -> &'static [Axis] {
        &[]
    }

    fn plans(&self, scene: &Scene<'_>) -> Vec<Plan> {
        let mut plan = scene.plan(self);
        let problem = scene.workload.problem(1);
        // On a processor a launch is the waking of its threads.
        let workers = if scene.on_cpu() { scene.cpu_threads() } else { 1 };
        for (number, launch) in Launch::ALL.into_iter().enumerate() {
            plan.cases.extend(DISPATCHES.map(|dispatches| Planned {
                dispatches: Dispatches::Exactly(dispatches),
                launch,
                // A driver keeps the command buffers of every pass it ever saw; each rung gets a handle of its own.
                place: Place::Fresh(number),
                rung: Some(launch.name()),
                ..case(problem, workers, 1)
            }));
        }
        vec![plan]
    }

    fn read(&self, experiment: &record::Experiment) -> Vec<Fit> {
        Launch::ALL.into_iter().filter_map(|launch| read::launch(&experiment.cases, launch.name())).collect()
    }
}
