//! The only list of experiments. A new one is a line here and a file beside it.

use super::chapter::{Chapter, Read};
use super::{About, Experiment, Scene, unknown};
use crate::measure::Plan;
use crate::record::{Measured, Run};
use crate::workload::Workload;

/// Names that other rooms know an experiment by.
pub mod names {
    /// The same job with more workers.
    pub const FIXED_SIZE: &str = "fixed-size";
    /// A job that grows with its workers.
    pub const SCALED_SIZE: &str = "scaled-size";
    /// The size from which the device wins.
    pub const PROBLEM_SIZE: &str = "problem-size";
    /// The workgroup size.
    pub const WORKGROUP_SIZE: &str = "workgroup-size";
    /// The cost of a launch.
    pub const LAUNCH_OVERHEAD: &str = "launch-overhead";
    /// A job cut into launches.
    pub const SPLIT_WORK: &str = "split-work";
    /// The cost of moving data.
    pub const TRANSFERS: &str = "transfers";
    /// What the device can do at most.
    pub const LIMITS: &str = "limits";
}

/// Returns every experiment, in the order in which they run.
pub fn all() -> &'static [&'static dyn Question] {
    &[
        &super::fixed_size::FixedSize,
        &super::scaled_size::ScaledSize,
        &super::problem_size::ProblemSize,
        &super::workgroup_size::WorkgroupSize,
        &super::launch_overhead::LaunchOverhead,
        &super::split_work::SplitWork,
        &super::transfers::Transfers,
        &super::divergence::Divergence,
        &super::limits::Limits,
        &super::intensity::Intensity,
        &super::climb::Climb,
        &super::safety_cost::SafetyCost,
        &super::gains::Gains,
    ]
}

/// Returns the experiment of that name.
pub fn find(name: &str) -> Option<&'static dyn Question> {
    all().iter().copied().find(|question| question.name() == name)
}

/// An experiment whatever it reads.
pub trait Question: Sync {
    /// Returns its question, and the options that it honours.
    fn described(&self) -> &'static About;

    /// Returns its name.
    fn name(&self) -> &'static str {
        self.described().name
    }

    /// Whether it means anything for this workload.
    fn suits(&self, workload: &dyn Workload) -> bool;

    /// Whether all variants race where none is named.
    fn is_contest(&self) -> bool;

    /// Returns how many of its workloads a quick run measures.
    fn in_quick_run(&self) -> usize;

    /// Returns the cases to measure, one plan for each problem that is held fixed.
    fn plans(&self, scene: &Scene<'_>) -> Vec<Plan>;

    /// Reads its parts of a run, each given with its index.
    #[doc(hidden)]
    fn chapter<'a>(&'a self, run: &'a Run, parts: Vec<(usize, &'a Measured)>) -> Box<dyn Chapter + 'a>;
}

impl<E: Experiment> Question for E {
    fn described(&self) -> &'static About {
        self.about()
    }

    fn suits(&self, workload: &dyn Workload) -> bool {
        self.takes(workload)
    }

    fn is_contest(&self) -> bool {
        Experiment::is_contest(self)
    }

    fn in_quick_run(&self) -> usize {
        self.quick_workloads()
    }

    fn plans(&self, scene: &Scene<'_>) -> Vec<Plan> {
        self.plan(scene)
    }

    fn chapter<'a>(&'a self, run: &'a Run, parts: Vec<(usize, &'a Measured)>) -> Box<dyn Chapter + 'a> {
        Box::new(Read::new(self, run, parts))
    }
}

/// Reads a run by the experiments that it holds, in the order of the run. One that this version does not know is read
/// without a law.
pub(super) fn chapters(run: &Run) -> Vec<Box<dyn Chapter + '_>> {
    let mut names: Vec<&str> = Vec::new();
    for measured in &run.experiments {
        if !names.contains(&measured.name.as_str()) {
            names.push(&measured.name);
        }
    }
    let chapter = |name: &str| {
        let parts = run.experiments.iter().enumerate().filter(|(_, measured)| measured.name == name).collect();
        find(name).unwrap_or(&unknown::Unknown).chapter(run, parts)
    };
    names.into_iter().map(chapter).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_experiment_has_its_own_name_and_asks_a_question() {
        for question in all() {
            let About { name, question: asked, .. } = question.described();
            assert_eq!(all().iter().filter(|one| one.name() == *name).count(), 1, "{name}");
            assert!(asked.ends_with('?') && asked.starts_with(char::is_uppercase), "{asked}");
        }
    }
}
