//! `add`: the sum of two vectors. It does one addition per twelve bytes, so memory alone limits it.

use super::element::{Element, FOURS, scalar, vec4};
use super::shader::wgsl;
use super::{Shader, Tolerance, Variant};

/// See [the module](self).
#[derive(Debug)]
pub(super) struct Add;

impl Element for Add {
    const NAME: &'static str = "add";
    const SUMMARY: &'static str = "z = x + y";
    const VARIANTS: &'static [Variant] = &[
        scalar(&[Shader::new(&[wgsl!("add")], &["n", "workers"])]),
        vec4(&[Shader {
            files: &[wgsl!("add_of"), wgsl!("fours_of_two")],
            constants: FOURS,
            params: &["n", "workers"],
        }]),
    ];
    const INPUTS: u64 = 2;
    const FLOP: f64 = 1.0;
    const TOLERANCE: Tolerance = Tolerance {
        value: 0.0,
        derivation: "the inputs are multiples of 2^-23 in [-1, 1), so a sum is a multiple of 2^-23 in [-2, 2): 24 \
                     bits, which a 32-bit float holds exactly",
    };

    #[inline(always)]
    fn rounded(x: f32, y: f32) -> f32 {
        x + y
    }

    fn exact(x: f64, y: f64) -> f64 {
        x + y
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workload::Workload;

    #[test]
    fn the_cost_of_a_thousand_elements() {
        let problem = Add.problem(1000);
        assert_eq!(Add.flop(problem), 1000.0);
        assert_eq!(Add.bytes(problem), 12_000.0, "x and y read, z written, four bytes each");
    }

    #[test]
    fn every_sum_is_exact() {
        let problem = Add.problem(100_000);
        let inputs = Add.inputs(problem, 3);
        for (sum, (x, y)) in Add.reference(problem, &inputs).iter().zip(inputs[0].iter().zip(&inputs[1])) {
            assert_eq!(f64::from(x + y), *sum);
        }
    }
}
