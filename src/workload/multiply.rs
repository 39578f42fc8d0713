//! `multiply`: the product of two vectors, element by element.

use super::element::{Element, FOURS, scalar, vec4};
use super::shader::wgsl;
use super::{Shader, Tolerance, Variant};

/// See [the module](self).
#[derive(Debug)]
pub(super) struct Multiply;

impl Element for Multiply {
    const NAME: &'static str = "multiply";
    const SUMMARY: &'static str = "z = x y by elements";
    const VARIANTS: &'static [Variant] = &[
        scalar(&[Shader::new(&[wgsl!("multiply")], &["n", "workers"])]),
        vec4(&[Shader {
            files: &[wgsl!("multiply_of"), wgsl!("fours_of_two")],
            constants: FOURS,
            params: &["n", "workers"],
        }]),
    ];
    const INPUTS: u64 = 2;
    const FLOP: f64 = 1.0;
    const TOLERANCE: Tolerance = Tolerance {
        value: f32::EPSILON as f64 / 2.0,
        derivation: "the product is at most 1 in size, so that rounding, in whichever direction WGSL lets it go, \
                     moves it by less than 2^-24",
    };

    #[inline(always)]
    fn rounded(x: f32, y: f32) -> f32 {
        x * y
    }

    fn exact(x: f64, y: f64) -> f64 {
        x * y
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workload::Workload;
    use crate::workload::element::neighbours;

    #[test]
    fn the_cost_of_a_thousand_elements() {
        let problem = Multiply.problem(1000);
        assert_eq!(Multiply.flop(problem), 1000.0);
        assert_eq!(Multiply.bytes(problem), 12_000.0, "x and y read, z written, four bytes each");
    }

    #[test]
    fn the_tolerance_covers_every_rounding_and_little_more() {
        let problem = Multiply.problem(100_000);
        let inputs = Multiply.inputs(problem, 3);
        let exact = Multiply.reference(problem, &inputs);
        let error = |exact: &f64| neighbours(*exact).map(|result| (result - exact).abs());
        let worst = exact.iter().flat_map(error).fold(0.0, f64::max);
        let allowed = Multiply.tolerance(problem).value;
        assert!(worst <= allowed, "{worst:e} > {allowed:e}");
        assert!(worst >= allowed / 2.0, "{worst:e} is far below {allowed:e}");
    }
}
