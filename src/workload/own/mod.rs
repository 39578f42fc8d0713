//! A user's kernel from a WGSL file, measured like any other workload.
//!
//! Its inputs and outputs are read from its text: see [`reflect`]. It cannot be computed without a GPU, and its
//! expected result must come from the user.

mod expect;
mod inputs;
mod launched;
mod layout;
mod length;
mod nesting;
mod quote;
mod reader;
mod reflect;
#[cfg(test)]
mod tests;

use std::ops::Range;

use self::layout::Kind;
use self::reflect::Interface;
use super::grid::{self, ends, rounds, word};
use super::{Buffer, File, Shader, Step, Tolerance, Variant, Workgroup, Workload};
use crate::record::{Case, Problem};

pub use expect::expected;

/// Reason why a kernel from a file is compiled with all checks.
pub const UNPROVEN: &str = "nothing proves that a kernel from a file stays within its arrays and ends its loops, so it \
                            keeps these checks";

/// Words between the starts of two outputs in one buffer. Any device allows this offset of a binding.
const ALIGNED: u64 = 64;

/// Most workgroups of a kernel that does not read their number: one dimension of a dispatch.
const ONE_DIMENSION: u64 = 65_535;

/// Largest difference from an expected value, as a share of the largest one.
const TOLERANCE: f64 = 1.0 / 65_536.0;

/// A user's kernel from a file.
pub struct Own {
    name: &'static str,
    variants: &'static [Variant],
    interface: Interface,
    /// The problem size, and the values expected for it.
    expected: Option<(u64, Vec<f64>)>,
}

impl Own {
    /// Reads a kernel from the text of the file with this name. It lives as long as the program, like all workloads.
    ///
    /// # Errors
    ///
    /// Says what is wrong with the text, in which line, and what would be right.
    pub fn new(name: &str, text: &str) -> Result<&'static Self, String> {
        let text: &'static str = text.to_owned().leak();
        let interface = Interface::of(name, text)?;
        // Our own kernels may mark loops to be unrolled. Loops of a user's kernel stay as they are.
        let file = File { name: name.to_owned().leak(), text, is_marked: false };
        let variants = variants(file, &interface);
        let name = format!("{name} (not checked)").leak();
        Ok(Box::leak(Box::new(Self { name, variants, interface, expected: None })))
    }

    /// Returns the same kernel with its expected results for size n.
    ///
    /// # Errors
    ///
    /// Fails if the number of values differs from what the kernel writes.
    pub fn expecting(&self, n: u64, values: Vec<f64>) -> Result<&'static Self, String> {
        let interface = self.interface.clone();
        let wanted: u64 = interface.outputs.iter().map(|output| output.values(n)).sum();
        if values.len() as u64 != wanted {
            return Err(format!(
                "has {} values; for n = {n} the kernel writes {wanted}: {}",
                values.len(),
                interface
                    .outputs
                    .iter()
                    .map(|one| format!("{} {}", one.values(n), one.name))
                    .collect::<Vec<_>>()
                    .join(", ")
            ));
        }
        let file = self.variants[0].shaders[0].files[0];
        let variants = variants(file, &interface);
        Ok(Box::leak(Box::new(Self { name: file.name, variants, interface, expected: Some((n, values)) })))
    }

    /// Returns the same kernel for timing its launch, on one element.
    pub fn launched(&'static self) -> &'static dyn Workload {
        let file = self.variants[0].shaders[0].files[0];
        Box::leak(Box::new(launched::Launched { own: self, variants: variants(file, &self.interface) }))
    }

    /// Returns why an experiment cannot measure the kernel; `None` if it can.
    pub fn refuses(&self, experiment: &str) -> Option<String> {
        match experiment {
            "fixed-size" | "scaled-size" if !self.interface.shares() => Some(
                "its workers do one element each, so fewer workers cannot do the job. Add `workers: u32` to the \
                 uniform block, and let each worker loop over its share"
                    .to_owned(),
            ),
            "workgroup-size" if self.interface.workgroup.is_err() => {
                Some("its workgroup size is fixed; write `override WG: u32 = 64;` and `@workgroup_size(WG)`".to_owned())
            }
            "safety-cost" if self.interface.workgroup_memory(1) == 0 => {
                Some(format!("{UNPROVEN}; it has no workgroup memory either, whose clearing could be left out"))
            }
            _ => None,
        }
    }

    fn params(&self, case: &Case, items: &Range<u64>) -> Vec<u32> {
        self.interface.params(word(case.problem.n()), word(case.workers), items)
    }

    /// Returns the first word of each output in their shared buffer, and its length.
    fn places(&self, n: u64) -> Vec<(u64, u64)> {
        let mut first = 0;
        let place = |output: &reflect::Array| {
            let place = (first, output.words(n));
            first += place.1.next_multiple_of(ALIGNED);
            place
        };
        self.interface.outputs.iter().map(place).collect()
    }

    fn step(&self, case: &Case, items: &Range<u64>, outputs: impl Iterator<Item = Buffer>) -> Step {
        let n = case.problem.n();
        let inputs = self.interface.inputs.iter().enumerate();
        let inputs = inputs.map(|(index, array)| Buffer::InputOf { index, length: array.words(n) });
        let mut step = grid::step(self.params(case, items), inputs.chain(outputs).collect(), case);
        let size = self.interface.workgroup.as_ref().ok();
        step.constants = size.map(|name| (*name, case.workgroup_size.into())).into_iter().collect();
        step
    }

    fn whole(&self, case: &Case, items: &Range<u64>) -> Step {
        let places = self.places(case.problem.n());
        self.step(case, items, places.into_iter().map(|(first, length)| Buffer::OutputOf { first, length }))
    }
}

/// Returns the only variant of a kernel. The workload answers what depends on its text.
fn variants(file: File, interface: &Interface) -> &'static [Variant] {
    let shaders = Box::leak(Box::new([Shader::new(Box::leak(Box::new([file])), &[])]));
    let workgroup = interface.workgroup.map_or_else(Workgroup::Only, |_| Workgroup::Any);
    Box::leak(Box::new([Variant { workgroup, ..Variant::independent("own", "your kernel", shaders, |_| 0) }]))
}

impl Workload for Own {
    fn name(&self) -> &'static str {
        self.name
    }

    fn summary(&self) -> &'static str {
        "your kernel"
    }

    fn variants(&self) -> &'static [Variant] {
        self.variants
    }

    fn is_the_readers(&self) -> bool {
        true
    }

    fn problem(&self, n: u64) -> Problem {
        Problem::Vector { n }
    }

    fn items(&self, problem: Problem) -> u64 {
        self.interface.items(problem.n())
    }

    fn flop(&self, problem: Problem) -> f64 {
        self.interface.flop.map_or(0.0, |flop| flop.real(problem.n()))
    }

    fn bytes(&self, problem: Problem) -> f64 {
        let arrays = self.interface.inputs.iter().chain(&self.interface.outputs);
        4.0 * arrays.map(|array| array.words(problem.n()) as f64).sum::<f64>()
    }

    fn inputs(&self, problem: Problem, seed: u64) -> Vec<Vec<f32>> {
        let n = problem.n();
        let arrays = self.interface.inputs.iter().zip(0..);
        arrays.map(|(array, stream)| inputs::random(seed, stream, n, array.words(n), &array.layout)).collect()
    }

    fn input_lengths(&self, problem: Problem) -> Vec<u64> {
        self.interface.inputs.iter().map(|array| array.words(problem.n())).collect()
    }

    fn output_length(&self, problem: Problem) -> u64 {
        self.places(problem.n()).last().map_or(0, |(first, length)| first + length)
    }

    fn unverified(&self, problem: Problem) -> Option<String> {
        match &self.expected {
            Some((n, _)) if *n == problem.n() => None,
            Some((n, _)) => Some(format!("not checked: the expected values are for n = {n}")),
            None => Some("not checked: no expected values were given (--expect)".to_owned()),
        }
    }

    fn reference(&self, problem: Problem, _: &[Vec<f32>]) -> Vec<f64> {
        let expected = self.expected.as_ref().filter(|(n, _)| *n == problem.n());
        expected.map_or_else(Vec::new, |(_, values)| values.clone())
    }

    fn tolerance(&self, problem: Problem) -> Tolerance {
        let kinds = self.interface.outputs.iter().flat_map(|output| &output.layout.leaves);
        if kinds.clone().all(|(_, kind)| *kind != Kind::F32) {
            return Tolerance { value: 0.0, derivation: "the outputs are whole numbers" };
        }
        let value = self.tolerances(problem).unwrap_or_default().into_iter().fold(0.0, f64::max);
        Tolerance { value, derivation: "2^-16 of the largest expected value of its array" }
    }

    /// Returns the tolerance of each value: a share of the largest float of its array, or 0 for an integer.
    fn tolerances(&self, problem: Problem) -> Option<Vec<f64>> {
        let (n, values) = self.expected.as_ref().filter(|(n, _)| *n == problem.n())?;
        let (mut rest, mut all) = (&values[..], Vec::with_capacity(values.len()));
        for output in &self.interface.outputs {
            let (own, others) = rest.split_at(output.values(*n) as usize);
            let kinds = output.layout.leaves.iter().map(|(_, kind)| *kind == Kind::F32).cycle();
            let floats = || own.iter().zip(kinds.clone());
            let largest = floats().filter(|(_, is_float)| *is_float).fold(0.0f64, |most, (one, _)| most.max(one.abs()));
            all.extend(floats().map(|(_, is_float)| if is_float { TOLERANCE * largest } else { 0.0 }));
            rest = others;
        }
        Some(all)
    }

    fn decoded(&self, problem: Problem, output: &[f32]) -> Option<Vec<f64>> {
        let places = self.places(problem.n()).into_iter().zip(&self.interface.outputs);
        let values = places.flat_map(|((first, length), array)| {
            let words = &output[first as usize..(first + length) as usize];
            words.chunks(array.layout.words as usize).flat_map(|element| array.layout.values(element))
        });
        Some(values.collect())
    }

    fn check(&self, variant: &Variant, case: &Case) -> Result<(), String> {
        let items = self.items(case.problem);
        if let Some(size) = self.interface.workgroup.err().filter(|size| *size != case.workgroup_size) {
            return Err(format!(
                "its workgroup size is {size}, not {}; write `override WG: u32 = {size};` and `@workgroup_size(WG)`",
                case.workgroup_size
            ));
        }
        if !self.interface.shares() && case.workers < items {
            return Err(format!("its workers do one element each, so {} workers cannot do {items}", case.workers));
        }
        if !self.interface.knows_groups && case.workgroups() > ONE_DIMENSION {
            return Err(format!(
                "more than {ONE_DIMENSION} workgroups are launched in two dimensions; compute the place of a worker \
                 from workgroup_id and num_workgroups"
            ));
        }
        grid::check(self, variant, case)
    }

    fn steps(&self, _: &Variant, case: &Case) -> Vec<Step> {
        vec![self.whole(case, &(0..self.items(case.problem)))]
    }

    fn slice(&self, _: &Variant, case: &Case, items: Range<u64>) -> Option<Step> {
        self.interface.can_be_cut().then(|| self.whole(case, &items))
    }

    fn binding(&self, index: usize) -> u32 {
        self.interface.binding(index)
    }

    fn extensions(&self, _: &Variant) -> Vec<&'static str> {
        self.interface.extensions.clone()
    }

    fn workgroup_memory(&self, _: &Variant, workgroup_size: u32) -> u64 {
        self.interface.workgroup_memory(workgroup_size)
    }

    /// Returns the ends of the loop over the elements. Other loops in the kernel are unknown.
    fn back_edges(&self, _: &Variant, case: &Case) -> u64 {
        if self.interface.shares() { ends(rounds(self.items(case.problem), case.workers)) } else { 0 }
    }

    fn compute(&self, _: Problem, _: &[Vec<f32>], _: Range<usize>, _: &mut [f32]) {
        unreachable!("the processor refuses the reader's kernels")
    }

    fn compute_scalar(&self, _: Problem, _: &[Vec<f32>], _: Range<usize>, _: &mut [f32]) {
        unreachable!("the processor refuses the reader's kernels")
    }
}
