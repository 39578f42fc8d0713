//! Which ways data may take to a device and back, and which one they take where nobody asks.

use super::DeviceError;
use crate::record::{DeviceKind, TransferMethod};

/// Returns the way that data take where a case does not compare them. A GPU that shares the host's memory needs no
/// second copy of them. A software adapter stands for GPUs that have a memory of their own, so its data take the way
/// that theirs do.
pub(super) fn usual(kind: DeviceKind, mappable: bool) -> TransferMethod {
    if mappable && kind == DeviceKind::Integrated { TransferMethod::Mapped } else { TransferMethod::default() }
}

/// Refuses a transfer method that the device has not got. `mappable` is whether the host can map its buffers.
pub(super) fn check(method: TransferMethod, mappable: bool) -> Result<(), DeviceError> {
    if method == TransferMethod::Mapped && !mappable {
        return Err(DeviceError::Unsupported(
            "the host cannot map this device's own buffers: that is for devices that share the host's memory"
                .to_owned(),
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
