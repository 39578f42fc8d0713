//! The ways on which data travel between the host's memory and a device's.

/// A way for data to and from the device.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum Path {
    /// Through staging buffers that all transfers reuse.
    #[default]
    Staged,
    /// Through a new staging buffer for each transfer, whose memory is touched for the first time.
    Fresh,
    /// By the queue's own `write_buffer`, which stages by itself. It leads to the device only; the way back is
    /// [`Path::Staged`].
    WriteBuffer,
    /// Straight into the device's buffers, which the host can map where host and device share their memory.
    Mapped,
}

impl Path {
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
