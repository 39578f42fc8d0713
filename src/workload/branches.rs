//! `branches`: each element takes one of b paths by its index, each a chain of k multiply-adds of its own. The work per
//! element is the same however many paths there are; what grows is how far the lanes of a subgroup part ways.

use std::hint::black_box;
use std::ops::Range;

use super::grid::{self, ends, rounds, word, workgroups};
use super::widest::{Work, multiply_add, one_at_a_time, widest};
use super::{Buffer, Shader, Step, Tolerance, Variant, Workload};
use crate::record::Problem;

/// See [the module](self).
#[derive(Debug)]
pub(super) struct Branches;

/// Paths where the problem does not say.
const DEFAULT_BRANCHES: u64 = 2;

/// Neighbours on the same path where the problem does not say.
const DEFAULT_RUN: u64 = 1;

/// Multiply-adds per element where the problem does not say.
const DEFAULT_K: u64 = 256;

/// The shader unrolls in steps of so many.
const UNROLLED: u64 = 16;

/// Most paths: twice the lanes of the largest subgroup that WebGPU knows.
pub(crate) const MOST_BRANCHES: u64 = 256;

/// Most neighbours on the same path.
const MOST_RUN: u64 = 1 << 20;

/// The largest k for which the largest result, 1023 + 256 k, is a whole number below 2^24.
const MOST_K: u64 = 65_520;

/// a = 1 + (path & 0) = 1.
const A_MASK: u32 = 0;

/// Elements that the CPU advances together, so that its vector unit can be used.
const LANES: usize = 32;

const VARIANTS: &[Variant] = &[Variant {
    name: "plain",
    summary: "one path after the other, each behind a condition",
    shaders: &[Shader {
        name: "branches",
        source: include_str!("../../shaders/branches.wgsl"),
        params: &["n", "workers", "branches", "k", "a_mask", "run"],
    }],
    tiled: false,
    workgroup_memory: |_| 0,
    // An invocation goes along one path only, but a driver that runs a subgroup as one vector counts them all.
    back_edges: |problem, workers, _| {
        let (branches, k) = parts(problem);
        let paths = ends(branches).saturating_add(branches.saturating_mul(ends(k / UNROLLED)));
        ends(rounds(problem.n(), workers).saturating_mul(paths.saturating_add(1)))
    },
}];

/// Paths, and multiply-adds of each.
fn parts(problem: Problem) -> (u64, u64) {
    match problem {
        Problem::Branches { branches, k, .. } => (branches, k),
        _ => (DEFAULT_BRANCHES, DEFAULT_K),
    }
}

/// Neighbours on the same path.
fn run(problem: Problem) -> u64 {
    match problem {
        Problem::Branches { run, .. } => run,
        _ => DEFAULT_RUN,
    }
}

impl Workload for Branches {
    fn name(&self) -> &'static str {
        "branches"
    }

    fn summary(&self) -> &'static str {
        "k multiply-adds per element, on one of b paths"
    }

    fn variants(&self) -> &'static [Variant] {
        VARIANTS
    }

    fn problem(&self, n: u64) -> Problem {
        Problem::Branches { n, branches: DEFAULT_BRANCHES, k: DEFAULT_K, run: DEFAULT_RUN }
    }

    fn items(&self, problem: Problem) -> u64 {
        problem.n()
    }

    fn flop(&self, problem: Problem) -> f64 {
        2.0 * problem.n() as f64 * parts(problem).1 as f64
    }

    fn bytes(&self, problem: Problem) -> f64 {
        4.0 * problem.n() as f64
    }

    fn inputs(&self, _: Problem, _: u64) -> Vec<Vec<f32>> {
        Vec::new()
    }

    fn input_lengths(&self, _: Problem) -> Vec<u64> {
        Vec::new()
    }

    fn output_length(&self, problem: Problem) -> u64 {
        problem.n()
    }

    fn reference(&self, problem: Problem, _: &[Vec<f32>]) -> Vec<f64> {
        let ((branches, k), run) = (parts(problem), run(problem));
        (0..problem.n()).map(|i| (i % 1024) as f64 + k as f64 * (1 + i / run % branches) as f64).collect()
    }

    fn tolerance(&self, _: Problem) -> Tolerance {
        Tolerance {
            value: 0.0,
            derivation: "on every path a is 1 and b a whole number, so every step adds a whole number to a whole number \
                         below 2^24, which a 32-bit float does exactly, fused or not",
        }
    }

    fn check(&self, variant: &Variant, problem: Problem, workers: u64, workgroup_size: u32) -> Result<(), String> {
        let (branches, k) = parts(problem);
        if !(1..=MOST_BRANCHES).contains(&branches) {
            return Err(format!("branches cannot take {branches} paths: 1 to {MOST_BRANCHES} are possible"));
        }
        if !k.is_multiple_of(UNROLLED) || !(UNROLLED..=MOST_K).contains(&k) {
            return Err(format!(
                "branches cannot do {k} multiply-adds per element: a multiple of {UNROLLED} from {UNROLLED} to {MOST_K} \
                 is needed"
            ));
        }
        if !(1..=MOST_RUN).contains(&run(problem)) {
            return Err(format!("branches sends 1 to {MOST_RUN} neighbours the same way, not {}", run(problem)));
        }
        grid::check(self, variant, problem, workers, workgroup_size)
    }

    fn steps(&self, _: &Variant, problem: Problem, workers: u64, workgroup_size: u32) -> Vec<Step> {
        let (branches, k) = parts(problem);
        vec![Step {
            shader: 0,
            constants: vec![("WG", workgroup_size.into())],
            params: vec![word(problem.n()), word(workers), word(branches), word(k), A_MASK, word(run(problem))],
            buffers: vec![Buffer::Output],
            scratch: Vec::new(),
            workgroups: workgroups(workers, workgroup_size),
        }]
    }

    /// A processor's thread has no lanes that wait: it looks up the constants of each element's path.
    fn compute(&self, problem: Problem, _: &[Vec<f32>], elements: Range<usize>, output: &mut [f32]) {
        let (parts, run) = (parts(problem), run(problem));
        widest(Chains { parts, run, first: elements.start, output });
    }

    fn compute_scalar(&self, problem: Problem, _: &[Vec<f32>], elements: Range<usize>, output: &mut [f32]) {
        let ((branches, k), run) = (parts(problem), run(problem));
        let a_mask = black_box(A_MASK);
        for at in one_at_a_time(output.len()) {
            let i = (elements.start + at) as u32;
            let path = i / run as u32 % branches as u32;
            let (a, b) = ((1 + (path & a_mask)) as f32, (1 + path) as f32);
            output[at] = (0..k).fold((i % 1024) as f32, |x, _| x * a + b);
        }
    }
}

/// The chains of the elements from `first` on, [`LANES`] of them together.
struct Chains<'a> {
    parts: (u64, u64),
    run: u64,
    first: usize,
    output: &'a mut [f32],
}

impl Work for Chains<'_> {
    type Output = ();

    #[inline(always)]
    fn work<const FUSED: bool>(self) {
        let Self { parts: (branches, k), run, first, output } = self;
        // The compiler must not see that a is 1, or it leaves the multiplications out.
        let a_mask = black_box(A_MASK);
        for (chunk, output) in output.chunks_mut(LANES).enumerate() {
            let first = first + chunk * LANES;
            let index: [u32; LANES] = std::array::from_fn(|lane| (first + lane) as u32);
            let path = index.map(|i| i / run as u32 % branches as u32);
            let a = path.map(|path| (1 + (path & a_mask)) as f32);
            let b = path.map(|path| (1 + path) as f32);
            let mut x = index.map(|i| (i % 1024) as f32);
            for _ in 0..k {
                for lane in 0..LANES {
                    x[lane] = multiply_add::<FUSED>(x[lane], a[lane], b[lane]);
                }
            }
            output.copy_from_slice(&x[..output.len()]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOME: Problem = Problem::Branches { n: 1000, branches: 5, k: 64, run: 1 };

    #[test]
    fn the_cost_does_not_depend_on_the_paths() {
        for branches in [1, 5, 256] {
            let problem = Problem::Branches { n: 1000, branches, k: 64, run: 1 };
            assert_eq!(Branches.flop(problem), 128_000.0);
            assert_eq!(Branches.bytes(problem), 4000.0, "one result written, four bytes");
        }
    }

    #[test]
    fn every_path_has_a_result_of_its_own() {
        let reference = Branches.reference(SOME, &[]);
        assert_eq!(reference[..6], [64.0, 129.0, 194.0, 259.0, 324.0, 69.0]);
    }

    #[test]
    fn neighbours_of_a_run_go_the_same_way() {
        let problem = Problem::Branches { n: 8, branches: 3, k: 16, run: 2 };
        assert_eq!(Branches.reference(problem, &[]), [16.0, 17.0, 34.0, 35.0, 52.0, 53.0, 22.0, 23.0]);
        let mut output = [f32::NAN; 5];
        Branches.compute(problem, &[], 3..8, &mut output);
        assert_eq!(output, [35.0, 52.0, 53.0, 22.0, 23.0]);
        assert!(Branches.check(&VARIANTS[0], problem, 1, 1).is_ok());
        for run in [0, MOST_RUN + 1] {
            assert!(Branches.check(&VARIANTS[0], Problem::Branches { n: 8, branches: 3, k: 16, run }, 1, 1).is_err());
        }
    }

    #[test]
    fn back_edges_counted_by_hand() {
        // 10 elements for the busiest, each past 5 conditions, and for its subgroup along 5 paths of 4 steps.
        assert_eq!((VARIANTS[0].back_edges)(SOME, 100, 4), 10 * (1 + 6 + 5 * 5) + 1);
    }

    #[test]
    fn the_longest_paths_are_exact_and_longer_or_more_refused() {
        let most = Problem::Branches { n: 1024, branches: MOST_BRANCHES, k: MOST_K, run: 1 };
        assert!(Branches.check(&VARIANTS[0], most, 1, 1).is_ok());
        assert!(Branches.reference(most, &[])[1023] < 16_777_216.0);
        let mut last = [f32::NAN; 1];
        Branches.compute(most, &[], 1023..1024, &mut last);
        assert_eq!(f64::from(last[0]), Branches.reference(most, &[])[1023]);
        for (branches, k) in [(0, 64), (MOST_BRANCHES + 1, 64), (2, 0), (2, 24), (2, MOST_K + 16)] {
            assert!(Branches.check(&VARIANTS[0], Problem::Branches { n: 8, branches, k, run: 1 }, 1, 1).is_err());
        }
    }
}
