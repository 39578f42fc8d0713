//! `relu`: sets negative elements to zero, as between two layers of a neural network.

use super::element::{Element, FOURS, scalar, vec4};
use super::shader::wgsl;
use super::{Shader, Tolerance, Variant};

/// See [the module](self).
#[derive(Debug)]
pub(super) struct Relu;

impl Element for Relu {
    const NAME: &'static str = "relu";
    const SUMMARY: &'static str = "y = max(x, 0)";
    const VARIANTS: &'static [Variant] = &[
        scalar(&[Shader::new(&[wgsl!("relu")], &["n", "workers"])]),
        vec4(&[Shader {
            files: &[wgsl!("relu_of"), wgsl!("fours_of_one")],
            constants: FOURS,
            params: &["n", "workers"],
        }]),
    ];
    const INPUTS: u64 = 1;
    const FLOP: f64 = 1.0;
    const TOLERANCE: Tolerance = Tolerance { value: 0.0, derivation: "the output is the input itself, or zero" };

    #[inline(always)]
    fn rounded(x: f32, _: f32) -> f32 {
        // This is one instruction; `max` would need more to treat NaN.
        if x > 0.0 { x } else { 0.0 }
    }

    fn exact(x: f64, _: f64) -> f64 {
        x.max(0.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workload::Workload;

    #[test]
    fn the_cost_of_a_thousand_elements() {
        let problem = Relu.problem(1000);
        assert_eq!(Relu.flop(problem), 1000.0);
        assert_eq!(Relu.bytes(problem), 8000.0, "x read, y written, four bytes each");
    }

    #[test]
    fn every_element_is_exact() {
        let problem = Relu.problem(100_000);
        let inputs = Relu.inputs(problem, 3);
        for (exact, &x) in Relu.reference(problem, &inputs).iter().zip(&inputs[0]) {
            assert_eq!(f64::from(Relu::rounded(x, 0.0)), *exact);
        }
    }
}
