//! The transfer methods of a device, and its default.

use super::DeviceError;
use crate::record::{DeviceKind, TransferMethod};

/// Returns the default transfer method. A GPU that shares the host's memory needs no second copy of the data. A
/// software GPU represents GPUs with their own memory, so it uses their method.
pub(super) fn usual(kind: DeviceKind, mappable: bool) -> TransferMethod {
    if mappable && kind == DeviceKind::Integrated { TransferMethod::Mapped } else { TransferMethod::default() }
}

/// Refuses a transfer method that the device does not have. `mappable` tells whether the host can map its buffers.
pub(super) fn check(method: TransferMethod, mappable: bool) -> Result<(), DeviceError> {
    if method == TransferMethod::Mapped && !mappable {
        return Err(DeviceError::Unsupported(
            "this device does not share the host's memory, so the host cannot map its buffers".to_owned(),
        ));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_gpu_that_shares_the_memory_maps_its_buffers_unasked() {
        assert_eq!(usual(DeviceKind::Integrated, true), TransferMethod::Mapped);
        assert_eq!(usual(DeviceKind::Integrated, false), TransferMethod::Staged);
        assert_eq!(usual(DeviceKind::Discrete, true), TransferMethod::Staged);
        assert_eq!(usual(DeviceKind::Software, true), TransferMethod::Staged);
    }
}
