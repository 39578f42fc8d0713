//! Why no GPU may be found, and what to do.

use std::env;
use std::fs;
use std::path::Path;

use crate::record::{DeviceInfo, DeviceKind};

/// Environment variables of wgpu and of the Vulkan loader that choose what is seen.
const HIDING: [&str; 5] =
    ["WGPU_BACKEND", "VK_DRIVER_FILES", "VK_ICD_FILENAMES", "VK_LOADER_DRIVERS_SELECT", "VK_LOADER_DRIVERS_DISABLE"];

/// What the machine shows about its GPU.
#[derive(Debug, Clone, Default)]
pub(super) struct Surroundings {
    /// The operating system, as Rust names it.
    system: String,
    /// The environment variables that hide drivers or graphics interfaces, with what they are set to.
    hiding: Vec<(&'static str, String)>,
    /// Whether an NVIDIA card is there, whatever can be done with it.
    nvidia: bool,
    /// The environment variable `NVIDIA_DRIVER_CAPABILITIES`.
    capabilities: Option<String>,
    /// Whether this is a container.
    container: bool,
    /// Whether this is Linux on Windows.
    wsl: bool,
}

impl Surroundings {
    /// Looks around.
    pub(super) fn found() -> Self {
        let exists = |paths: &[&str]| paths.iter().any(|path| Path::new(path).exists());
        let kernel = fs::read_to_string("/proc/version").unwrap_or_default().to_lowercase();
        Self {
            system: env::consts::OS.to_owned(),
            hiding: HIDING
                .into_iter()
                .filter_map(|name| Some((name, env::var(name).ok().filter(|value| !value.is_empty())?)))
                .collect(),
            nvidia: exists(&["/dev/nvidia0", "/proc/driver/nvidia"]),
            capabilities: env::var("NVIDIA_DRIVER_CAPABILITIES").ok(),
            container: exists(&["/.dockerenv", "/run/.containerenv"]) || env::var_os("container").is_some(),
            wsl: env::var_os("WSL_DISTRO_NAME").is_some() || kernel.contains("microsoft"),
        }
    }

    /// Writes how to get a GPU, if none but hidden ones were found.
    pub(super) fn how_to_get_an_adapter(&self, hidden: &[DeviceInfo]) -> String {
        let text = self.missing_gpu(hidden).unwrap_or_else(|| self.usual().to_owned());
        text + &self.hiding()
    }

    /// Names the variables that hide drivers, each with a blank before it; nothing if there are none.
    pub(super) fn hiding(&self) -> String {
        let names = self.hiding.iter().map(|(name, value)| {
            format!(" The environment variable {name} is {value:?} and hides others: `unset {name}` shows them.")
        });
        names.collect()
    }

    /// Writes why a GPU that is here was not found; `None` if nothing shows that one is here.
    pub(super) fn missing_gpu(&self, adapters: &[DeviceInfo]) -> Option<String> {
        let real = |device: &DeviceInfo| !matches!(device.kind, DeviceKind::Software | DeviceKind::Cpu);
        if adapters.iter().any(|device| real(device) && device.hidden.is_none()) {
            return None;
        }
        let hidden = adapters.iter().find(|device| real(device));
        let hidden = hidden.and_then(|device| Some((&device.name, device.hidden.as_ref()?)));
        match (hidden, self.wsl) {
            (Some((name, reason)), true) => Some(format!(
                "This is Linux on Windows (WSL). Your GPU is hidden here as {name:?}: {reason}. Add --nonconformant to \
                 measure it, or run amdahl on Windows itself."
            )),
            (None, true) => Some(
                "This is Linux on Windows (WSL), and its drivers find no GPU. Run amdahl on Windows itself, or install \
                 a Mesa with the driver dzn and add --nonconformant."
                    .to_owned(),
            ),
            (Some((name, reason)), false) => {
                Some(format!("{name:?} is hidden: {reason}. Add --nonconformant to measure it."))
            }
            (None, false) => self.nvidia.then(|| self.missing_nvidia()),
        }
    }

    fn missing_nvidia(&self) -> String {
        let graphics = |list: &String| list.split(',').any(|word| ["graphics", "all"].contains(&word.trim()));
        let set = match &self.capabilities {
            Some(list) if graphics(list) => None,
            Some(list) => Some(format!("NVIDIA_DRIVER_CAPABILITIES is {list:?} and lacks graphics")),
            None if self.container => Some("NVIDIA_DRIVER_CAPABILITIES is not set".to_owned()),
            None => None,
        };
        match set {
            Some(set) => format!(
                "An NVIDIA card is here, but this container has no Vulkan for it: {set}. Start the container with \
                 `-e NVIDIA_DRIVER_CAPABILITIES=all`, and install libvulkan1, libx11-6 and libxext6 in it."
            ),
            None => {
                "An NVIDIA card is here, but no Vulkan for it. Install libvulkan1 and the graphics part of the driver \
                     (Debian: `nvidia-vulkan-icd`; Ubuntu: `libnvidia-gl-` and the driver's number). Then \
                     `vulkaninfo --summary` must list the card."
                    .to_owned()
            }
        }
    }

    fn usual(&self) -> &'static str {
        match self.system.as_str() {
            "linux" => {
                "Install your GPU's Vulkan driver. For AMD, Intel or a software GPU on Debian and Ubuntu: `apt-get \
                 install mesa-vulkan-drivers libvulkan1`. NVIDIA's driver brings its own. Then `vulkaninfo --summary` \
                 must list the GPU."
            }
            "macos" => "macOS brings Metal. In a virtual machine, turn on its graphics acceleration.",
            "windows" => "Install your GPU's driver from its vendor. Windows itself brings WARP, a software GPU.",
            _ => "Install a Vulkan driver for your GPU.",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::fixture;

    fn linux() -> Surroundings {
        Surroundings { system: "linux".to_owned(), ..Surroundings::default() }
    }

    #[test]
    fn a_container_without_graphics_is_told_what_to_set() {
        let bare = Surroundings { nvidia: true, container: true, ..linux() };
        let with = |list: &str| Surroundings { capabilities: Some(list.to_owned()), ..bare.clone() };
        let set = "-e NVIDIA_DRIVER_CAPABILITIES=all";
        for here in [bare.clone(), with("compute,utility")] {
            assert!(here.how_to_get_an_adapter(&[]).contains(set), "{here:?}");
            assert!(here.missing_gpu(&[fixture::software()]).unwrap().contains(set), "a software adapter is no GPU");
        }
        for here in [with("compute,graphics"), with("all"), Surroundings { container: false, ..bare }] {
            let text = here.missing_gpu(&[]).unwrap();
            assert!(!text.contains(set) && text.contains("NVIDIA card is here"), "{text}");
        }
    }

    #[test]
    fn nobody_is_told_of_a_gpu_that_is_there_or_of_none() {
        let gpu = DeviceInfo { kind: DeviceKind::Discrete, ..fixture::software() };
        let here = Surroundings { nvidia: true, container: true, wsl: true, ..linux() };
        assert_eq!(here.missing_gpu(&[gpu]), None);
        assert_eq!(linux().missing_gpu(&[fixture::software()]), None);
        assert!(linux().how_to_get_an_adapter(&[]).contains("mesa-vulkan-drivers"));
    }

    #[test]
    fn linux_on_windows_has_hints_of_its_own() {
        let here = Surroundings { wsl: true, nvidia: true, ..linux() };
        assert!(here.how_to_get_an_adapter(&[]).contains("Run amdahl on Windows itself"));
        let hidden = DeviceInfo {
            name: "Microsoft Direct3D12 (Some GPU)".to_owned(),
            kind: DeviceKind::Discrete,
            hidden: Some("untested".to_owned()),
            ..fixture::software()
        };
        let adapters = [fixture::software(), hidden];
        for here in [here, linux()] {
            let text = here.missing_gpu(&adapters).unwrap();
            assert!(text.contains("Direct3D12") && text.contains("--nonconformant"), "{text}");
            assert_eq!(text.contains("on Windows itself"), here.wsl, "{text}");
        }
    }

    #[test]
    fn a_variable_that_hides_adapters_is_named() {
        let here = Surroundings { hiding: vec![("WGPU_BACKEND", "gl".to_owned())], ..linux() };
        let text = here.how_to_get_an_adapter(&[]);
        assert!(text.ends_with("WGPU_BACKEND is \"gl\" and hides others: `unset WGPU_BACKEND` shows them."), "{text}");
    }
}
