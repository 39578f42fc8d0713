//! Reads the current clocks of processor and GPU, if Linux shows them to everyone.

use std::path::Path;

use super::{entries, text};
use crate::record::Told;

/// PCI vendor number of NVIDIA.
const NVIDIA: &str = "0x10de";

/// Returns the clock of the fastest processor core, in hertz.
pub(super) fn processor(root: &Path) -> Told<f64> {
    let kilohertz = |cpu: &Path| text(&cpu.join("cpufreq/scaling_cur_freq"))?.parse::<f64>().ok();
    let clocks = entries(&root.join("devices/system/cpu"), "cpu");
    let fastest = clocks.iter().filter_map(|cpu| kilohertz(cpu)).reduce(f64::max);
    fastest.map_or_else(
        || Told::absent("the system does not show the processor's clock; virtual machines rarely do"),
        |kilohertz| Told::known(1e3 * kilohertz),
    )
}

/// Returns the clock of the GPU at this address on the PCI bus, in hertz, for drivers of AMD and Intel.
pub(super) fn gpu(root: &Path, bus: Option<&str>) -> Told<f64> {
    let Some(bus) = bus.filter(|bus| !bus.is_empty()) else {
        return Told::absent("the driver does not say where the device is on the PCI bus");
    };
    let device = root.join("bus/pci/devices").join(bus.to_lowercase());
    let cards = entries(&device.join("drm"), "card");
    let files = ["gt/gt0/rps_act_freq_mhz", "gt_act_freq_mhz", "gt_cur_freq_mhz"];
    let intel = cards.iter().flat_map(|card| files.map(|file| text(&card.join(file))));
    // The file of an idle engine says 0, but another file may give the clock.
    let intel = intel.flatten().find_map(|text| text.parse().ok().filter(|megahertz| *megahertz > 0.0));
    let amd = || text(&device.join("pp_dpm_sclk")).and_then(|list| chosen(&list));
    match intel.or_else(amd) {
        Some(megahertz) => Told::known(1e6 * megahertz),
        None if text(&device.join("vendor")).is_some_and(|vendor| vendor == NVIDIA) => {
            Told::absent("NVIDIA's driver shows the clock only in nvidia-smi")
        }
        None => Told::absent("the driver does not show the GPU's clock"),
    }
}

/// Returns the step marked with a star in AMD's list, in megahertz.
fn chosen(list: &str) -> Option<f64> {
    let line = list.lines().find(|line| line.trim_end().ends_with('*'))?;
    let number = line.split_whitespace().nth(1)?;
    number.trim_end_matches(|letter: char| letter.is_alphabetic()).parse().ok()
}
