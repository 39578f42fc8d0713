//! `saxpy`: a scaled vector plus another one, like the BLAS routine, but written to a third vector.

use super::element::{Element, FOURS, scalar, vec4};
use super::shader::wgsl;
use super::{Shader, Tolerance, Variant};

/// See [the module](self).
#[derive(Debug)]
pub(super) struct Saxpy;

/// The factor a. It makes products one bit longer than a float, so the device must round.
const A: f32 = 1.5;

impl Element for Saxpy {
    const NAME: &'static str = "saxpy";
    const SUMMARY: &'static str = "z = a x + y";
    const VARIANTS: &'static [Variant] = &[
        scalar(&[Shader::new(&[wgsl!("saxpy")], &["n", "workers", "first"])]),
        vec4(&[Shader {
            files: &[wgsl!("saxpy_of"), wgsl!("fours_of_two")],
            constants: FOURS,
            params: &["n", "workers"],
        }]),
    ];
    const INPUTS: u64 = 2;
    const FLOP: f64 = 2.0;
    const CONSTANTS: &'static [(&'static str, f64)] = &[("A", A as f64)];
    const TOLERANCE: Tolerance = Tolerance {
        value: 3.0 * f32::EPSILON as f64,
        derivation: "the product is below 2 and the sum below 4, so that rounding, in whichever direction WGSL \
                     lets it go, moves them by less than 2^-23 and 2^-22; a fused device rounds only the sum",
    };

    #[inline(always)]
    fn rounded(x: f32, y: f32) -> f32 {
        A * x + y
    }

    fn exact(x: f64, y: f64) -> f64 {
        f64::from(A) * x + y
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workload::Workload;
    use crate::workload::element::neighbours;

    #[test]
    fn the_cost_of_a_thousand_elements() {
        let problem = Saxpy.problem(1000);
        assert_eq!(Saxpy.flop(problem), 2000.0);
        assert_eq!(Saxpy.bytes(problem), 12_000.0, "x and y read, z written, four bytes each");
    }

    #[test]
    fn the_tolerance_covers_every_rounding_and_little_more() {
        let problem = Saxpy.problem(100_000);
        let inputs = Saxpy.inputs(problem, 3);
        let mut worst = 0.0_f64;
        for (exact, (&x, &y)) in Saxpy.reference(problem, &inputs).iter().zip(inputs[0].iter().zip(&inputs[1])) {
            let fused = neighbours(*exact);
            let apart = neighbours(f64::from(A) * f64::from(x)).map(|product| neighbours(product + f64::from(y)));
            for result in fused.iter().chain(apart.as_flattened()) {
                worst = worst.max((result - exact).abs());
            }
        }
        let allowed = Saxpy.tolerance(problem).value;
        assert!(worst <= allowed, "{worst:e} > {allowed:e}");
        assert!(worst >= allowed / 2.0, "{worst:e} is far below {allowed:e}");
    }
}
