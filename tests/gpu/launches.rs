//! What launches of nearly nothing do.

use std::ops::Range;
use std::rc::Rc;

use amdahl::device::gpu::Gpu;
use amdahl::device::{Device, Job, Spec};
use amdahl::record::{Case, Problem};
use amdahl::workload::{self, Buffer, Step, Tolerance, Variant, Workload};
use libtest_mimic::Failed;

use crate::common::adapter::demand;

/// Launches of a sample.
const LAUNCHES: u32 = 5;

/// Elements from one launch's result to the next.
const APART: u64 = 64;

/// The launches with arguments, writing into an output that can be read.
struct Written;

impl Workload for Written {
    fn name(&self) -> &'static str {
        "written"
    }

    fn summary(&self) -> &'static str {
        "what launches with arguments write"
    }

    fn variants(&self) -> &'static [Variant] {
        workload::EMPTY.variants()
    }

    fn problem(&self, n: u64) -> Problem {
        workload::EMPTY.problem(n)
    }

    fn items(&self, problem: Problem) -> u64 {
        problem.n()
    }

    fn flop(&self, _: Problem) -> f64 {
        0.0
    }

    fn bytes(&self, _: Problem) -> f64 {
        0.0
    }

    fn inputs(&self, _: Problem, _: u64) -> Vec<Vec<f32>> {
        Vec::new()
    }

    fn input_lengths(&self, _: Problem) -> Vec<u64> {
        Vec::new()
    }

    fn output_length(&self, _: Problem) -> u64 {
        APART * u64::from(LAUNCHES)
    }

    fn reference(&self, _: Problem, _: &[Vec<f32>]) -> Vec<f64> {
        Vec::new()
    }

    fn tolerance(&self, problem: Problem) -> Tolerance {
        workload::EMPTY.tolerance(problem)
    }

    fn steps(&self, variant: &Variant, case: &Case) -> Vec<Step> {
        let steps = workload::EMPTY.steps(variant, &Case { dispatches: LAUNCHES, ..*case });
        let readable = |buffer| match buffer {
            Buffer::Scratch(index) => Buffer::OutputOf { first: APART * index as u64, length: case.workers },
            other => other,
        };
        let step = |step: Step| Step {
            buffers: step.buffers.iter().copied().map(readable).collect(),
            scratch: Vec::new(),
            ..step
        };
        steps.into_iter().map(step).collect()
    }

    fn compute(&self, _: Problem, _: &[Vec<f32>], _: Range<usize>, _: &mut [f32]) {}

    fn compute_scalar(&self, _: Problem, _: &[Vec<f32>], _: Range<usize>, _: &mut [f32]) {}
}

/// Each of several launches writes its own number into its own buffer, once for each worker, and nothing beyond.
pub(super) fn each_launch_has_its_own_arguments(gpu: &mut Gpu) -> Result<(), Failed> {
    let arguments = workload::EMPTY.variants().iter().find(|variant| variant.name == "arguments").ok_or("none")?;
    let case = Case::new(Written.problem(1), 10, 4);
    let spec = Spec { workload: &Written, variant: arguments, case, inputs: Rc::default() };
    let (mut job, _) = pollster::block_on(gpu.prepare(&spec))?;
    let output = pollster::block_on(job.output())?.ok_or("no output")?;
    for (number, written) in (0..LAUNCHES).zip(output.chunks(APART as usize)) {
        let (own, beyond) = written.split_at(10);
        demand(own.iter().all(|one| one.to_bits() == number), || format!("launch {number} wrote {own:?}"))?;
        demand(beyond.iter().all(|one| one.is_nan()), || format!("launch {number} wrote beyond: {beyond:?}"))?;
    }
    Ok(())
}
