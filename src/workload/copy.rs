//! `copy`: copies a vector. It computes nothing, so its time shows the memory limit.

use super::element::{Element, FOURS, scalar, vec4};
use super::shader::wgsl;
use super::{Shader, Tolerance, Variant};

/// See [the module](self).
#[derive(Debug)]
pub(super) struct Copy;

impl Element for Copy {
    const NAME: &'static str = "copy";
    const SUMMARY: &'static str = "y = x";
    const VARIANTS: &'static [Variant] = &[
        scalar(&[Shader::new(&[wgsl!("copy")], &["n", "workers"])]),
        vec4(&[Shader {
            files: &[wgsl!("copy_of"), wgsl!("fours_of_one")],
            constants: FOURS,
            params: &["n", "workers"],
        }]),
    ];
    const INPUTS: u64 = 1;
    const FLOP: f64 = 0.0;
    const TOLERANCE: Tolerance = Tolerance { value: 0.0, derivation: "the output is the input itself" };

    #[inline(always)]
    fn rounded(x: f32, _: f32) -> f32 {
        x
    }

    fn exact(x: f64, _: f64) -> f64 {
        x
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workload::Workload;

    #[test]
    fn the_cost_of_a_thousand_elements() {
        let problem = Copy.problem(1000);
        assert_eq!(Copy.flop(problem), 0.0);
        assert_eq!(Copy.bytes(problem), 8000.0, "x read, y written, four bytes each");
    }

    #[test]
    fn every_element_is_exact() {
        let problem = Copy.problem(100_000);
        let inputs = Copy.inputs(problem, 3);
        for (exact, &x) in Copy.reference(problem, &inputs).iter().zip(&inputs[0]) {
            assert_eq!(f64::from(Copy::rounded(x, 0.0)), *exact);
        }
    }
}
