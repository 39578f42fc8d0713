//! The roofline: is a kernel memory-bound or compute-bound?
//!
//! Source: S. Williams, A. Waterman & D. Patterson, "Roofline: an insightful visual performance model for multicore
//! architectures", Communications of the ACM 52 (2009).

mod fit;

use serde::Serialize;

pub use fit::{Load, RooflineFit, Roofs, fit};

/// What limits a kernel.
#[derive(Serialize, Debug, Clone, Copy, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
pub enum Bound {
    /// Left of the ridge: the memory rate limits it.
    Memory,
    /// Right of the ridge: the compute rate limits it.
    Compute,
}

/// The measured memory and compute limits of a device.
#[derive(Serialize, Debug, Clone, Copy, PartialEq)]
pub struct Roofline {
    /// Compute limit, in flop per second.
    pub peak_flops: f64,
    /// Memory limit, in bytes per second.
    pub bandwidth: f64,
}

impl Roofline {
    /// Returns the roofline of two rates; `None` unless both are positive and finite.
    pub fn new(peak_flops: f64, bandwidth: f64) -> Option<Self> {
        let good = |rate: f64| rate.is_normal() && rate > 0.0;
        (good(peak_flops) && good(bandwidth)).then_some(Self { peak_flops, bandwidth })
    }

    /// Returns the highest rate in flop per second for a kernel of this intensity (flop per byte),
    /// `min(peak, bandwidth × intensity)`.
    pub fn attainable(&self, intensity: f64) -> f64 {
        self.peak_flops.min(self.bandwidth * intensity)
    }

    /// Returns the intensity at which both limits meet, in flop per byte: `peak/bandwidth`.
    pub fn ridge(&self) -> f64 {
        self.peak_flops / self.bandwidth
    }

    /// Returns the share of its limit that a kernel reaches; `None` if the intensity is not positive.
    pub fn share(&self, flops: f64, intensity: f64) -> Option<f64> {
        let share = flops / self.attainable(intensity);
        (intensity > 0.0 && share.is_finite()).then_some(share)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 10 Tflop/s and 500 GB/s: the ridge is at 20 flop per byte; saxpy (2 flop, 12 bytes) reaches 83.3 Gflop/s.
    #[test]
    fn the_roof_over_saxpy() {
        let roof = Roofline::new(10e12, 500e9).unwrap();
        assert_eq!(roof.ridge(), 20.0);
        let intensity = 2.0 / 12.0;
        assert!((roof.attainable(intensity) / 83.333e9 - 1.0).abs() < 1e-5);
        assert_eq!(roof.attainable(100.0), 10e12);
        assert_eq!(roof.share(5e12, 100.0), Some(0.5));
        assert_eq!(roof.share(5e12, 0.0), None);
        assert_eq!(Roofline::new(0.0, 1.0), None);
    }
}
