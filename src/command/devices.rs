//! `amdahl devices`: lists the devices that can be measured.

use super::choice::infos;
use super::surroundings::Surroundings;
use super::{Failure, notice, print};
use crate::cli::DevicesArgs;
use crate::device::Device as _;
use crate::device::cpu::Cpu;
use crate::device::gpu;
use crate::page::{self, DeviceRow};

/// Lists every adapter and the CPU.
pub(super) async fn devices(args: &DevicesArgs) -> Result<(), Failure> {
    let mut devices = infos(&gpu::adapters().await);
    let shown = devices.len();
    devices.extend(infos(&gpu::hidden_adapters().await));
    let here = Surroundings::found();
    if shown == 0 {
        notice(&format!("No GPU was found. {}", here.how_to_get_an_adapter(&devices)));
    } else if let Some(hint) = here.missing_gpu(&devices) {
        notice(&hint);
    }
    // The adapters come in the order of preference, and the CPU stands in if there is none.
    let mut rows: Vec<DeviceRow> = (1..)
        .zip(devices)
        .map(|(number, device)| DeviceRow { number: Some(number), default: number == 1 && shown > 0, device })
        .collect();
    rows.push(DeviceRow { number: None, default: shown == 0, device: Cpu::new().info().clone() });
    print(&page::devices(&rows, args.format))
}
