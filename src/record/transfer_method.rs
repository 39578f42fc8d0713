//! The methods to transfer data between host memory and device memory.

use serde::{Deserialize, Serialize};

use super::{Run, Series};

/// A method to transfer data to and from the device.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TransferMethod {
    /// Staging buffers that all transfers reuse.
    #[default]
    Staged,
    /// A new staging buffer for each transfer; its memory is touched for the first time.
    Fresh,
    /// The queue's `write_buffer`, which stages by itself. It only uploads; the read-back uses
    /// [`TransferMethod::Staged`].
    WriteBuffer,
    /// Mapped device buffers. The host can map them if host and device share memory.
    Mapped,
}

impl TransferMethod {
    /// All methods, the default first.
    pub const ALL: [Self; 4] = [Self::Staged, Self::Fresh, Self::WriteBuffer, Self::Mapped];

    /// Returns the name used in tables and files.
    pub fn name(self) -> &'static str {
        match self {
            Self::Staged => "staged",
            Self::Fresh => "fresh",
            Self::WriteBuffer => "write-buffer",
            Self::Mapped => "mapped",
        }
    }

    /// Returns whether the method also reads data back.
    pub fn leads_back(self) -> bool {
        self != Self::WriteBuffer
    }
}

impl Run {
    /// Returns the default transfer method of the run. For versions that did not record it, it is taken from cases
    /// outside the comparison of methods.
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
