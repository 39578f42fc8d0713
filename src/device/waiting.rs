//! How long the host waits for a device that works beside it.

use std::time::Duration;

use crate::record::Wait;

/// How a device is waited for, and for how long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Waiting {
    /// The way of every wait that names no other.
    pub strategy: Wait,
    /// The longest wait: whatever takes longer counts as stuck.
    pub patience: Duration,
}

impl Default for Waiting {
    /// Twenty seconds: far beyond any case that calibration lets through.
    fn default() -> Self {
        Self { strategy: Wait::default(), patience: Duration::from_secs(20) }
    }
}
