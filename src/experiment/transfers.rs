//! What does moving data cost? The bytes, the direction and the path vary: read by Hockney's law.

use super::geometry::case;
use super::{Axis, Experiment, Scene, read};
use crate::device::Path;
use crate::measure::{Dispatches, Plan, Planned};
use crate::record::{self, Effort, Fit, Phase, Problem, Skipped};
use crate::workload::Workload;

/// The experiment `transfers`.
pub(super) struct Transfers;

impl Experiment for Transfers {
    fn name(&self) -> &'static str {
        "transfers"
    }

    fn question(&self) -> &'static str {
        "what does moving data cost?"
    }

    fn workloads(&self) -> &'static [&'static str] {
        &["scale"]
    }

    fn takes(&self, workload: &dyn Workload) -> bool {
        let problem = workload.problem(64);
        // A vector is moved as well as a matrix, and its size is that of what is moved.
        let is_vector = matches!(problem, Problem::Vector { .. });
        is_vector && !workload.input_lengths(problem).is_empty() && workload.output_length(problem) > 0
    }

    fn axes(&self) -> &'static [Axis] {
        &[Axis::Sizes]
    }

    fn plans(&self, scene: &Scene<'_>) -> Vec<Plan> {
        let mut plan = scene.plan(self);
        plan.asked = &[Phase::Upload, Phase::ReadBack];
        if scene.on_cpu() {
            plan.skipped.push(Skipped {
                case: "every transfer".to_owned(),
                reason: "the CPU works in the host's memory, so no data are moved to it or back".to_owned(),
            });
            return vec![plan];
        }
        for n in scene.axes.sizes.clone().unwrap_or_else(|| chosen_sizes(scene.settings.effort)) {
            let problem = scene.workload.problem(n);
            let size = scene.usual_workgroup_size();
            let whole = if scene.variant.tiled { u64::from(size) } else { 1 };
            let workers = scene.workload.items(problem).next_multiple_of(whole);
            // The kernel is there for the verification: once is enough, however short it is.
            let dispatches = Dispatches::Exactly(1);
            let one = case(problem, workers, size);
            plan.cases.extend(Path::ALL.map(|path| Planned {
                path,
                dispatches,
                rung: Some(path.name()),
                ..one.clone()
            }));
        }
        vec![plan]
    }

    fn read(&self, experiment: &record::Experiment) -> Vec<Fit> {
        let cases = &experiment.cases;
        let uploads = Path::ALL.into_iter().filter_map(|path| read::transfer(cases, path.name(), Phase::Upload));
        // A path that leads to the device only comes back by another one, which has a fit of its own.
        let back = Path::ALL.into_iter().filter(|path| path.leads_back());
        uploads.chain(back.filter_map(|path| read::transfer(cases, path.name(), Phase::ReadBack))).collect()
    }
}

/// Elements: four times as many at each step.
fn chosen_sizes(effort: Effort) -> Vec<u64> {
    let largest = if effort == Effort::Quick { 10 } else { 11 };
    (4..=largest).map(|exponent| 1 << (2 * exponent)).collect()
}
