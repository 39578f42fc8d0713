//! Picks the device that `--device` names.

use super::near::meant;
use crate::record::DeviceInfo;

/// What the options say about the adapter.
pub(super) struct Wish<'a> {
    /// A number of the list, a name, or a part of one.
    pub(super) name: &'a str,
    /// The graphics interface that it must have.
    pub(super) backend: Option<&'static str>,
    /// Whether adapters that the graphics library hides may be chosen.
    pub(super) nonconformant: bool,
}

/// Names that stand for no adapter.
const OTHERS: [&str; 2] = ["cpu", "simulated"];

/// Returns the index of the adapter that is meant, or what to say to the user. An exact name goes before a part of one,
/// and a number is a number of the list, never a part of a name.
pub(super) fn pick(wish: &Wish<'_>, devices: &[DeviceInfo]) -> Result<usize, String> {
    let (open, hidden): (Vec<usize>, Vec<usize>) =
        matching(wish, devices)?.into_iter().partition(|&index| wish.nonconformant || devices[index].hidden.is_none());
    match (open.as_slice(), hidden.first()) {
        (&[first, ref others @ ..], _) if others.is_empty() || one_card(devices, &open) => Ok(first),
        ([], Some(&index)) => Err(format!(
            "--device {:?} is {}. It is hidden: {}. Add --nonconformant to measure it",
            wish.name,
            described(devices, index),
            devices[index].hidden.as_deref().unwrap_or_default()
        )),
        ([], None) => Err(unknown(wish, devices)),
        (several, _) => Err(format!(
            "--device {:?} fits {} devices; give the number of one: {}",
            wish.name,
            several.len(),
            several.iter().map(|&index| described(devices, index)).collect::<Vec<_>>().join("; ")
        )),
    }
}

/// The adapters that the name and the graphics interface fit.
fn matching(wish: &Wish<'_>, devices: &[DeviceInfo]) -> Result<Vec<usize>, String> {
    let fits = |device: &DeviceInfo| wish.backend.is_none_or(|backend| device.backend.as_deref() == Some(backend));
    if let Ok(number) = wish.name.parse::<usize>() {
        let Some(device) = number.checked_sub(1).and_then(|index| devices.get(index)) else { return Ok(Vec::new()) };
        return match wish.backend {
            Some(backend) if !fits(device) => Err(format!(
                "--device {number} and --backend {backend} contradict each other: {} uses {}; leave one of them out",
                described(devices, number - 1),
                device.backend.as_deref().unwrap_or("none")
            )),
            _ => Ok(vec![number - 1]),
        };
    }
    let wanted = wish.name.to_lowercase();
    let named = |test: fn(&str, &str) -> bool| -> Vec<usize> {
        let all = devices.iter().enumerate().filter(|(_, device)| fits(device));
        all.filter(|(_, device)| test(&device.name.to_lowercase(), &wanted)).map(|(index, _)| index).collect()
    };
    let exact = named(|name, wanted| name == wanted);
    Ok(if exact.is_empty() { named(|name, wanted| name.contains(wanted)) } else { exact })
}

/// Whether these are one card by several graphics interfaces: one name, and each interface once.
fn one_card(devices: &[DeviceInfo], found: &[usize]) -> bool {
    let differ = |&one: &usize, &other: &usize| devices[one].backend != devices[other].backend;
    let distinct = |at: usize| found[at + 1..].iter().all(|other| differ(&found[at], other));
    found.iter().all(|&index| devices[index].name == devices[found[0]].name) && (0..found.len()).all(distinct)
}

/// An adapter by its number and everything that tells it from others of its name.
fn described(devices: &[DeviceInfo], index: usize) -> String {
    let device = &devices[index];
    let parts = [
        Some(device.name.clone()),
        device.backend.clone(),
        device.driver.clone(),
        device.pci.as_ref().map(|pci| format!("PCI {pci}")),
    ];
    format!("{} is {}", index + 1, parts.into_iter().flatten().collect::<Vec<_>>().join(", "))
}

fn unknown(wish: &Wish<'_>, devices: &[DeviceInfo]) -> String {
    let numbered = devices.iter().enumerate().filter(|(_, device)| wish.nonconformant || device.hidden.is_none());
    let there = numbered.map(|(index, device)| format!("{} ({})", index + 1, device.name));
    let there: Vec<String> = there.chain(OTHERS.map(str::to_owned)).collect();
    let meant = meant(wish.name, devices.iter().map(|device| device.name.as_str()).chain(OTHERS));
    let backend = wish.backend.map_or(String::new(), |backend| format!(" on {backend}"));
    format!("no device{backend} matches --device {:?}{meant}; there are: {}", wish.name, there.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::fixture;

    fn devices(list: &[(&str, &str)]) -> Vec<DeviceInfo> {
        let device = |&(name, backend): &(&str, &str)| DeviceInfo {
            name: name.to_owned(),
            backend: Some(backend.to_owned()),
            pci: Some(format!("0000:0{}:00.0", name.len() % 10)),
            ..fixture::software()
        };
        list.iter().map(device).collect()
    }

    fn picked(name: &str, devices: &[DeviceInfo]) -> Result<usize, String> {
        pick(&Wish { name, backend: None, nonconformant: false }, devices)
    }

    #[test]
    fn an_exact_name_goes_before_a_part_of_one() {
        let devices = devices(&[("Arc A770 Max", "vulkan"), ("Arc A770", "vulkan"), ("GTX 1080", "vulkan")]);
        assert_eq!(picked("arc a770", &devices), Ok(1));
        assert_eq!(picked("max", &devices), Ok(0));
        let message = picked("arc", &devices).unwrap_err();
        assert!(message.contains("fits 2 devices"), "{message}");
        assert!(
            message.contains("1 is Arc A770 Max, vulkan") && message.contains("2 is Arc A770, vulkan"),
            "{message}"
        );
    }

    #[test]
    fn a_number_is_a_number_of_the_list_and_no_part_of_a_name() {
        let devices = devices(&[("GTX 1080", "vulkan"), ("Arc 2", "dx12")]);
        assert_eq!((picked("1", &devices), picked("2", &devices)), (Ok(0), Ok(1)));
        for number in ["0", "3", "1080"] {
            let message = picked(number, &devices).unwrap_err();
            assert!(message.contains("there are: 1 (GTX 1080), 2 (Arc 2), cpu, simulated"), "{message}");
        }
        let wish = Wish { name: "1", backend: Some("dx12"), nonconformant: false };
        assert!(pick(&wish, &devices).unwrap_err().contains("contradict each other"));
    }

    #[test]
    fn equal_names_are_told_apart_by_number() {
        let devices = devices(&[("Some GPU", "vulkan"), ("Some GPU", "vulkan")]);
        let message = picked("some gpu", &devices).unwrap_err();
        assert!(message.contains("1 is Some GPU") && message.contains("2 is Some GPU"), "{message}");
        assert!(message.contains("PCI 0000:08:00.0"), "{message}");
        assert_eq!(picked("2", &devices), Ok(1));
    }

    #[test]
    fn one_card_by_two_interfaces_is_one_card() {
        let devices = devices(&[("Some GPU", "vulkan"), ("Some GPU", "dx12")]);
        assert_eq!(picked("some", &devices), Ok(0));
        assert_eq!(pick(&Wish { name: "some", backend: Some("dx12"), nonconformant: false }, &devices), Ok(1));
    }

    #[test]
    fn a_hidden_adapter_is_named_with_its_reason_and_chosen_when_asked_for() {
        let mut devices = devices(&[("llvmpipe", "vulkan"), ("Microsoft Direct3D12 (Some GPU)", "vulkan")]);
        devices[1].hidden = Some("nobody tested it".to_owned());
        for name in ["direct3d12", "2"] {
            let message = picked(name, &devices).unwrap_err();
            assert!(message.contains("nobody tested it") && message.contains("--nonconformant"), "{message}");
            assert_eq!(pick(&Wish { name, backend: None, nonconformant: true }, &devices), Ok(1));
        }
        assert_eq!(picked("l", &devices), Ok(0), "what is hidden is in nobody's way");
    }

    #[test]
    fn a_near_miss_is_suggested() {
        let devices = devices(&[("NVIDIA GeForce RTX 4060 Laptop GPU", "vulkan"), ("llvmpipe (LLVM 20)", "vulkan")]);
        for (typed, meant) in [("gefroce", "NVIDIA"), ("rtx 4600", "NVIDIA"), ("llmvpipe", "llvmpipe"), ("cpuu", "cpu")]
        {
            let message = picked(typed, &devices).unwrap_err();
            assert!(message.contains(&format!("did you mean \"{meant}")), "{typed}: {message}");
        }
        assert!(!picked("voodoo", &devices).unwrap_err().contains("mean"));
    }
}
