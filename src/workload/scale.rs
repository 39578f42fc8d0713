//! `scale`: a vector times a number, one of the four loops of the STREAM benchmark (1995).

use super::element::{Element, FOURS, scalar, vec4};
use super::shader::wgsl;
use super::{Shader, Tolerance, Variant};

/// See [the module](self).
#[derive(Debug)]
pub(super) struct Scale;

/// The factor a. It makes products one bit longer than a float, so the device must round.
const A: f32 = 1.5;

impl Element for Scale {
    const NAME: &'static str = "scale";
    const SUMMARY: &'static str = "y = a x";
    const VARIANTS: &'static [Variant] = &[
        scalar(&[Shader::new(&[wgsl!("scale")], &["n", "workers"])]),
        vec4(&[Shader {
            files: &[wgsl!("scale_of"), wgsl!("fours_of_one")],
            constants: FOURS,
            params: &["n", "workers"],
        }]),
    ];
    const INPUTS: u64 = 1;
    const FLOP: f64 = 1.0;
    const CONSTANTS: &'static [(&'static str, f64)] = &[("A", A as f64)];
    const TOLERANCE: Tolerance = Tolerance {
        value: f32::EPSILON as f64,
        derivation: "the product is below 2, so that rounding, in whichever direction WGSL lets it go, moves it by \
                     less than 2^-23",
    };

    #[inline(always)]
    fn rounded(x: f32, _: f32) -> f32 {
        A * x
    }

    fn exact(x: f64, _: f64) -> f64 {
        f64::from(A) * x
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workload::Workload;
    use crate::workload::element::neighbours;

    #[test]
    fn the_cost_of_a_thousand_elements() {
        let problem = Scale.problem(1000);
        assert_eq!(Scale.flop(problem), 1000.0);
        assert_eq!(Scale.bytes(problem), 8000.0, "x read, y written, four bytes each");
    }

    #[test]
    fn the_tolerance_covers_every_rounding_and_little_more() {
        let problem = Scale.problem(100_000);
        let inputs = Scale.inputs(problem, 3);
        let exact = Scale.reference(problem, &inputs);
        let error = |exact: &f64| neighbours(*exact).map(|result| (result - exact).abs());
        let worst = exact.iter().flat_map(error).fold(0.0, f64::max);
        let allowed = Scale.tolerance(problem).value;
        assert!(worst <= allowed, "{worst:e} > {allowed:e}");
        assert!(worst >= allowed / 2.0, "{worst:e} is far below {allowed:e}");
    }
}
