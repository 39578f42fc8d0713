//! What the operating system reports about the surroundings of the measured device: processor use, power source and
//! clocks.

mod clocks;
mod meter;
mod power;

use std::path::Path;

pub use meter::Meter;

use crate::record::{Conditions, Power, Told};

/// Folder in which Linux shows its devices.
const ROOT: &str = "/sys";

/// Returns the current power source and clocks. `bus` is the PCI address of the measured GPU, if known.
pub fn conditions(bus: Option<&str>) -> Conditions {
    below(Path::new(ROOT), bus)
}

/// Returns the conditions of a device that computes nothing. Its power source may be planted.
pub fn no_conditions(power: Option<Power>) -> Conditions {
    let reason = "nothing is computed";
    let power = power.map_or_else(|| Told::absent(reason), Told::known);
    Conditions { power, processor_hertz: Told::absent(reason), gpu_hertz: Told::absent(reason) }
}

/// Reads power source and clocks from files below a folder like [`ROOT`].
fn below(root: &Path, bus: Option<&str>) -> Conditions {
    Conditions {
        power: power::source(root),
        processor_hertz: clocks::processor(root),
        gpu_hertz: clocks::gpu(root, bus),
    }
}

/// Returns the trimmed text of a small file.
fn text(path: &Path) -> Option<String> {
    std::fs::read_to_string(path).ok().map(|text| text.trim().to_owned())
}

/// Returns the paths in a folder whose names begin with `begin`, sorted; empty if there is no such folder.
fn entries(folder: &Path, begin: &str) -> Vec<std::path::PathBuf> {
    let is_wanted =
        |path: &std::path::PathBuf| path.file_name().is_some_and(|name| name.to_string_lossy().starts_with(begin));
    let entries = std::fs::read_dir(folder).into_iter().flatten();
    let mut paths: Vec<_> = entries.filter_map(|entry| Some(entry.ok()?.path())).filter(is_wanted).collect();
    paths.sort();
    paths
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    /// Creates a folder like [`ROOT`] with these files.
    fn planted(files: &[(&str, &str)]) -> tempfile::TempDir {
        let root = tempfile::tempdir().unwrap();
        for (name, text) in files {
            let path = root.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, format!("{text}\n")).unwrap();
        }
        root
    }

    fn power(files: &[(&str, &str)]) -> Option<Power> {
        let told = below(planted(files).path(), None).power;
        assert_ne!(told.value.is_some(), told.reason.is_some(), "{told:?}");
        told.value
    }

    const BATTERY: [(&str, &str); 2] =
        [("class/power_supply/BAT0/type", "Battery"), ("class/power_supply/BAT0/status", "Discharging")];

    #[test]
    fn a_battery_that_feeds_the_machine_is_told() {
        let adapter = |online| [("class/power_supply/AC/type", "Mains"), ("class/power_supply/AC/online", online)];
        let with = |more: &[(&'static str, &'static str)]| [&BATTERY[..], more].concat();
        assert_eq!(power(&BATTERY), Some(Power::Battery));
        assert_eq!(power(&with(&adapter("0"))), Some(Power::Battery));
        assert_eq!(power(&with(&adapter("1"))), Some(Power::Mains), "plugged in, if weakly");
        assert_eq!(power(&with(&[("class/power_supply/BAT0/status", "Charging")])), Some(Power::Mains));
        assert_eq!(power(&adapter("1")), Some(Power::Mains));
        let usb = [("class/power_supply/ucsi/type", "USB"), ("class/power_supply/ucsi/online", "1")];
        assert_eq!(power(&with(&usb)), Some(Power::Mains));
    }

    #[test]
    fn a_battery_of_a_mouse_feeds_no_machine() {
        assert_eq!(power(&[&BATTERY[..], &[("class/power_supply/BAT0/scope", "Device")]].concat()), None);
        assert_eq!(power(&[]), None);
    }

    #[test]
    fn the_fastest_processor_counts() {
        let file = |cpu| format!("devices/system/cpu/cpu{cpu}/cpufreq/scaling_cur_freq");
        let root = planted(&[(&file(0), "800000"), (&file(1), "3400000"), ("devices/system/cpu/cpuidle/x", "9")]);
        assert_eq!(below(root.path(), None).processor_hertz, Told::known(3.4e9));
        let reason = below(planted(&[]).path(), None).processor_hertz.reason.unwrap();
        assert!(reason.contains("clock"), "{reason}");
    }

    #[test]
    fn the_clock_is_that_of_the_gpu_on_its_bus() {
        let files = [
            ("bus/pci/devices/0000:03:00.0/pp_dpm_sclk", "0: 500Mhz\n1: 1200Mhz *\n2: 2400Mhz"),
            ("bus/pci/devices/0000:00:02.0/drm/card1/gt_cur_freq_mhz", "1150"),
            ("bus/pci/devices/0000:00:03.0/drm/card2/gt/gt0/rps_act_freq_mhz", "1300"),
            ("bus/pci/devices/0000:00:04.0/drm/card3/gt/gt0/rps_act_freq_mhz", "0"),
            ("bus/pci/devices/0000:00:04.0/drm/card3/gt_cur_freq_mhz", "1250"),
            ("bus/pci/devices/0000:01:00.0/vendor", "0x10de"),
        ];
        let root = planted(&files);
        let gpu = |bus| below(root.path(), bus).gpu_hertz;
        assert_eq!(gpu(Some("0000:03:00.0")), Told::known(1.2e9));
        assert_eq!(gpu(Some("0000:00:02.0")), Told::known(1.15e9));
        assert_eq!(gpu(Some("0000:00:03.0")), Told::known(1.3e9));
        assert_eq!(gpu(Some("0000:00:04.0")), Told::known(1.25e9), "one file says 0, another the clock");
        assert!(gpu(Some("0000:01:00.0")).reason.unwrap().contains("nvidia-smi"));
        assert!(gpu(Some("0000:09:00.0")).reason.unwrap().contains("does not show"));
        assert!(gpu(None).reason.unwrap().contains("bus"));
    }
}
