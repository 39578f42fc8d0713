//! The ways on which data travel between the host's memory and a device's.

use serde::{Deserialize, Serialize};

/// A way for data to and from the device.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TransferMethod {
    /// Through staging buffers that all transfers reuse.
    #[default]
    Staged,
    /// Through a new staging buffer for each transfer, whose memory is touched for the first time.
    Fresh,
    /// By the queue's own `write_buffer`, which stages by itself. It leads to the device only; the way back is
    /// [`TransferMethod::Staged`].
    WriteBuffer,
    /// Straight into the device's buffers, which the host can map where host and device share their memory.
    Mapped,
}

impl TransferMethod {
    /// Every way, the usual one first.
    pub const ALL: [Self; 4] = [Self::Staged, Self::Fresh, Self::WriteBuffer, Self::Mapped];

    /// The name in tables and files.
    pub fn name(self) -> &'static str {
        match self {
            Self::Staged => "staged",
            Self::Fresh => "fresh",
            Self::WriteBuffer => "write-buffer",
            Self::Mapped => "mapped",
        }
    }

    /// Whether data come back this way, too.
    pub fn leads_back(self) -> bool {
        self != Self::WriteBuffer
    }
}
