//! Cuts one job into several launches, each with a share of the items, or runs one part of it at a time.

use std::ops::Range;

use super::{Step, Variant, Workload};
use crate::record::Case;

/// Most slices of a job. Each keeps its parameters on the device.
const MOST: u32 = 4096;

/// Returns the dispatches of a job that is cut into the case's slices. They share items and workers as evenly as
/// integers allow. One slice is the whole job.
///
/// # Errors
///
/// Says why the job cannot be cut in this way.
pub fn slices(workload: &dyn Workload, variant: &Variant, case: &Case) -> Result<Vec<Step>, String> {
    let slices = case.slices;
    if slices <= 1 {
        return Ok(workload.steps(variant, case));
    }
    let (items, count) = (workload.items(case.problem), u64::from(slices));
    if count > items {
        return Err(format!("{items} elements are too few for {slices} launches"));
    }
    if slices > MOST {
        return Err(format!("{slices} launches are too many; the limit is {MOST}"));
    }
    let share = |slice: u64| items * slice / count..items * (slice + 1) / count;
    let part = Case { workers: case.workers.div_ceil(count), ..*case };
    let cut = |slice| workload.slice(variant, &part, share(slice));
    let steps: Option<Vec<Step>> = (0..count).map(cut).collect();
    steps.ok_or_else(|| format!("{} cannot be cut into several launches", workload.name()))
}

/// Most parts of a job that are timed. Each keeps its parameters on the device.
const MOST_PARTS: u64 = 8;

/// Returns the item ranges of the parts that are timed: a few parts, evenly spread, the first included. For a whole job
/// this is one range with all items.
pub fn part_ranges(workload: &dyn Workload, case: &Case) -> Vec<Range<u64>> {
    let (items, count) = (workload.items(case.problem), u64::from(case.parts.max(1)));
    let different = count.min(MOST_PARTS);
    let part = |index: u64| {
        let part = index * count / different;
        items * part / count..items * (part + 1) / count
    };
    (0..different).map(part).collect()
}

/// Returns the dispatch of each of the [`part_ranges`], with all workers on it.
///
/// # Errors
///
/// Says why the job cannot be timed in parts.
pub fn parts(workload: &dyn Workload, variant: &Variant, case: &Case) -> Result<Vec<Step>, String> {
    let steps = part_ranges(workload, case).into_iter().map(|items| workload.slice(variant, case, items));
    let steps: Option<Vec<Step>> = steps.collect();
    steps.ok_or_else(|| format!("{} cannot be timed in parts", workload.name()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::Problem;
    use crate::workload::{all, find};

    /// Returns a parameter of a step by its name in the shader.
    fn param(variant: &Variant, step: &Step, name: &str) -> u64 {
        let at = variant.shaders[step.shader].params.iter().position(|param| *param == name).unwrap();
        u64::from(step.params[at])
    }

    fn cut(problem: Problem, workers: u64, workgroup_size: u32, slices: u32) -> Case {
        Case { slices, ..Case::new(problem, workers, workgroup_size) }
    }

    #[test]
    fn slices_follow_one_another_and_hold_every_item() {
        for name in ["fma", "saxpy"] {
            let workload = find(name).unwrap();
            let (variant, problem) = (&workload.variants()[0], workload.problem(1000));
            for count in [1, 2, 7, 256, 1000] {
                let steps = slices(workload, variant, &cut(problem, 1000, 64, count)).unwrap();
                assert_eq!(steps.len(), count as usize);
                let mut done = 0;
                for step in &steps {
                    assert_eq!(param(variant, step, "first"), done, "{name} in {count}");
                    done = param(variant, step, "n");
                    assert_eq!(param(variant, step, "workers"), 1000u64.div_ceil(count.into()));
                    assert_eq!(step.workgroups, 1000u64.div_ceil(count.into()).div_ceil(64));
                }
                assert_eq!(done, 1000, "{name} in {count}");
            }
        }
    }

    #[test]
    fn a_job_that_cannot_be_cut_says_why() {
        let saxpy = find("saxpy").unwrap();
        let refused = slices(saxpy, &saxpy.variants()[0], &cut(saxpy.problem(10), 10, 1, 11)).unwrap_err();
        assert!(refused.contains("10 elements") && refused.contains("11 launches"), "{refused}");
        let dot = find("dot").unwrap();
        assert!(slices(dot, &dot.variants()[0], &cut(dot.problem(10), 10, 1, 2)).unwrap_err().contains("dot cannot"));
        let many = saxpy.problem(1 << 20);
        assert!(slices(saxpy, &saxpy.variants()[0], &cut(many, 1, 1, MOST)).is_ok());
        assert!(slices(saxpy, &saxpy.variants()[0], &cut(many, 1, 1, MOST + 1)).unwrap_err().contains("4096"));
        for workload in all() {
            let variant = &workload.variants()[0];
            assert!(
                slices(*workload, variant, &cut(workload.problem(64), 64, 1, 1)).is_ok(),
                "{} is one",
                workload.name()
            );
        }
    }
}
