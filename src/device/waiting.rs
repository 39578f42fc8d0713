//! How long the host waits for a device.

use std::time::Duration;

use crate::record::Wait;

/// How the host waits for a device, and how long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Waiting {
    /// The way to wait, unless a case names another.
    pub strategy: Wait,
    /// Longest wait. A device that takes longer counts as stuck.
    pub patience: Duration,
}

impl Default for Waiting {
    /// Returns a wait of at most twenty seconds, far longer than any case that calibration allows.
    fn default() -> Self {
        Self { strategy: Wait::default(), patience: Duration::from_secs(20) }
    }
}
