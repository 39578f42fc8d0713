//! What do branches inside a subgroup cost? The paths vary, the work of each invocation is fixed: read by the
//! serialisation factor, with the same paths sorted by subgroup beside it.

use super::geometry::case;
use super::{Axis, Experiment, Scene, read};
use crate::measure::{Plan, Planned};
use crate::record::{self, DeviceKind, Fit, Problem, Skipped};
use crate::workload::Workload;

/// Neighbours part ways.
const SCATTERED: &str = "scattered";

/// Whole subgroups go the same way.
const SORTED: &str = "sorted";

/// Numbers of elements that are tried, the largest first.
const ELEMENTS: [u64; 4] = [1 << 20, 1 << 18, 1 << 16, 1 << 14];

/// Lanes of a subgroup where the driver does not tell.
const USUAL_SUBGROUP: u32 = 32;

/// Paths that the workload can be asked for.
const MOST_BRANCHES: u64 = 256;

/// The experiment `divergence`.
pub(super) struct Divergence;

impl Experiment for Divergence {
    fn name(&self) -> &'static str {
        "divergence"
    }

    fn question(&self) -> &'static str {
        "what do branches inside a subgroup cost?"
    }

    fn workloads(&self) -> &'static [&'static str] {
        &["branches"]
    }

    fn takes(&self, workload: &dyn Workload) -> bool {
        workload.name() == "branches"
    }

    fn axes(&self) -> &'static [Axis] {
        &[Axis::Sizes]
    }

    fn plans(&self, scene: &Scene<'_>) -> Vec<Plan> {
        let sizes = scene.axes.sizes.clone().unwrap_or_else(|| vec![chosen_size(scene)]);
        sizes.into_iter().map(|n| self.plan(scene, n)).collect()
    }

    fn read(&self, experiment: &record::Experiment) -> Vec<Fit> {
        // The subgroup is what whole runs of the sorted paths are as long as.
        let runs = experiment.cases.iter().filter(|case| case.rung.as_deref() == Some(SORTED));
        let lanes = runs.filter_map(|case| match case.problem {
            Problem::Branches { run, .. } => Some(run),
            _ => None,
        });
        lanes.max().map(|lanes| read::divergence(&experiment.cases, SCATTERED, SORTED, lanes)).into_iter().collect()
    }
}

impl Divergence {
    fn plan(&self, scene: &Scene<'_>, n: u64) -> Plan {
        let mut plan = scene.plan(self);
        if scene.on_cpu() {
            let reason = "threads of a processor go their own ways: no lanes wait for one another".to_owned();
            plan.skipped.push(Skipped { case: "every number of paths".to_owned(), reason });
            return plan;
        }
        let lanes = u64::from(scene.device.subgroup_sizes.map_or(USUAL_SUBGROUP, |[_, largest]| largest.max(1)));
        let size = scene.usual_workgroup_size();
        let planned = |branches: u64, run: u64, rung| {
            let Problem::Branches { n, k, .. } = scene.workload.problem(n) else { return None };
            let branches = branches.min(MOST_BRANCHES);
            Some(Planned { rung: Some(rung), ..case(Problem::Branches { n, branches, k, run }, n, size) })
        };
        plan.cases.extend(scattered_paths(lanes).into_iter().filter_map(|paths| planned(paths, 1, SCATTERED)));
        plan.cases.extend([2, lanes, 2 * lanes].into_iter().filter_map(|paths| planned(paths, lanes, SORTED)));
        plan
    }
}

/// From one path to twice as many as a subgroup has lanes, in powers of two, and three quarters of the lanes, since
/// that is no power of two.
fn scattered_paths(lanes: u64) -> Vec<u64> {
    let mut paths: Vec<u64> = (0..=8).map(|exponent| 1 << exponent).filter(|&paths| paths <= 2 * lanes).collect();
    paths.extend([3 * lanes / 4, 2 * lanes].into_iter().filter(|&paths| paths > 0));
    paths.sort_unstable();
    paths.dedup();
    paths
}

/// The largest size that surely takes no longer than a first case may. A driver that acts as a GPU has nothing to spare
/// for the paths that come after one another: the smallest there.
fn chosen_size(scene: &Scene<'_>) -> u64 {
    if scene.device.kind == DeviceKind::Software {
        return ELEMENTS[ELEMENTS.len() - 1];
    }
    let short = ELEMENTS.into_iter().find(|&n| scene.surely_short(scene.workload.problem(n)));
    short.unwrap_or(ELEMENTS[ELEMENTS.len() - 1])
}

#[cfg(test)]
mod tests {
    use super::scattered_paths;

    #[test]
    fn paths_reach_beyond_the_lanes_and_are_not_all_powers_of_two() {
        assert_eq!(scattered_paths(8), [1, 2, 4, 6, 8, 16]);
        assert_eq!(scattered_paths(32), [1, 2, 4, 8, 16, 24, 32, 64]);
        assert_eq!(scattered_paths(1), [1, 2]);
    }
}
