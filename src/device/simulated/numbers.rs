//! How fast a modelled GPU computes in other numbers than 32-bit floats.

use crate::workload::Number;

/// Multiply-adds per second in other numbers, over those in 32-bit floats.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Numbers {
    /// In 32-bit whole numbers.
    pub i32: f64,
    /// In 16-bit floats.
    pub f16: f64,
}

impl Numbers {
    /// Returns the rate of some numbers over that of 32-bit floats.
    pub(super) fn rate(self, number: Number) -> f64 {
        match number {
            Number::F32 => 1.0,
            Number::I32 => self.i32,
            Number::F16 => self.f16,
        }
    }
}
