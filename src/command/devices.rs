//! `amdahl devices`: what could be measured.

use super::choice::how_to_get_an_adapter;
use super::{Failure, notice, print};
use crate::cli::DevicesArgs;
use crate::device::Device as _;
use crate::device::cpu::Cpu;
use crate::device::gpu;
use crate::page;
use crate::record::DeviceInfo;

/// Lists every adapter and the CPU.
pub(super) async fn devices(args: &DevicesArgs) -> Result<(), Failure> {
    let adapters = gpu::adapters(None).await;
    if adapters.is_empty() {
        notice(&format!("No graphics adapter was found. {}", how_to_get_an_adapter()));
    }
    let mut devices: Vec<DeviceInfo> = adapters.into_iter().map(|adapter| adapter.info).collect();
    devices.push(Cpu::new().info().clone());
    // The adapters come in the order of preference, and the CPU after them.
    print(&page::devices(&devices, Some(0), args.format))
}
