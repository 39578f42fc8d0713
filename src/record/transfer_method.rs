//! The ways on which data travel between the host's memory and a device's.

use serde::{Deserialize, Serialize};

use super::{Run, Series};

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

impl Run {
    /// Returns the way that data take to the device and back where a case does not compare them. Runs of versions that
    /// did not tell show it by their other cases.
    pub fn usual_transfer(&self) -> TransferMethod {
        let cases = self.experiments.iter().flat_map(|experiment| &experiment.cases);
        let mut unasked = cases.filter(|case| !matches!(case.series, Series::Transfer(_)));
        let told = self.calibration.transfer;
        told.or_else(|| unasked.find_map(|case| case.transfer)).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::fixture;

    #[test]
    fn the_usual_method_is_told_or_shown_by_the_other_cases() {
        let mut run = fixture::run(vec![fixture::transfers(), fixture::fixed_size(16.0)]);
        assert_eq!(run.usual_transfer(), TransferMethod::Staged);
        run.experiments[1].cases.iter_mut().for_each(|case| case.case.transfer = Some(TransferMethod::Mapped));
        assert_eq!(run.usual_transfer(), TransferMethod::Mapped);
        run.calibration.transfer = Some(TransferMethod::Staged);
        assert_eq!(run.usual_transfer(), TransferMethod::Staged);
    }
}
