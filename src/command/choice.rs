//! Which device is measured.

use super::{Failure, notice};
use crate::cli::RunArgs;
use crate::device::gpu::{self, Adapter};
use crate::device::simulated::{PlantedLaw, Truth};

/// The device that the options choose.
pub(super) enum Choice {
    Gpu(Box<Adapter>),
    Cpu,
    Simulated(Truth),
}

/// Chooses by the options; without any, the best adapter, or the CPU with a notice where there is none.
pub(super) async fn choose(args: &RunArgs) -> Result<Choice, Failure> {
    let name = args.device.as_deref();
    if name.is_some_and(|name| name.trim().is_empty()) {
        return Err(Failure::usage("--device is empty; give part of a name that `amdahl devices` lists"));
    }
    if let Some(text) = &args.simulate {
        if name.is_some_and(|name| !name.eq_ignore_ascii_case("simulated")) {
            return Err(Failure::usage(
                "--simulate plants a law, or the model of a GPU, in the simulated device: use it with --device simulated",
            ));
        }
        return Ok(Choice::Simulated(super::simulate::parse(text)?));
    }
    let no_gpu = name.is_some_and(|name| ["cpu", "simulated"].contains(&name.to_lowercase().as_str()));
    if let (true, Some(backend)) = (no_gpu, args.backend) {
        let name = name.unwrap_or_default();
        return Err(Failure::usage(format!("--backend {} is for GPUs; --device {name} has none", backend.name())));
    }
    match name.map(str::to_lowercase).as_deref() {
        Some("simulated") => return Ok(Choice::Simulated(Truth::Law(PlantedLaw::default()))),
        Some("cpu") => return Ok(Choice::Cpu),
        _ => {}
    }
    let adapters = gpu::adapters(args.backend).await;
    let Some(name) = name else {
        return match (adapters.into_iter().next(), args.backend) {
            (Some(adapter), _) => Ok(Choice::Gpu(Box::new(adapter))),
            (None, Some(backend)) => Err(Failure::usage(format!(
                "no adapter for --backend {}; `amdahl devices` lists what there is. {}",
                backend.name(),
                how_to_get_an_adapter()
            ))),
            (None, None) => {
                notice(&format!("No graphics adapter was found: measuring the CPU. {}", how_to_get_an_adapter()));
                Ok(Choice::Cpu)
            }
        };
    };
    let names: Vec<String> = adapters.iter().map(|adapter| adapter.info.name.clone()).collect();
    let wanted = name.to_lowercase();
    let found = adapters.into_iter().find(|adapter| adapter.info.name.to_lowercase().contains(&wanted));
    found.map(|adapter| Choice::Gpu(Box::new(adapter))).ok_or_else(|| unknown_device(name, names))
}

fn unknown_device(name: &str, mut names: Vec<String>) -> Failure {
    names.extend(["cpu".to_owned(), "simulated".to_owned()]);
    Failure::usage(format!("no device matches --device {name:?}; there are: {}", names.join(", ")))
}

/// What to install on this system.
pub(super) fn how_to_get_an_adapter() -> String {
    let text = match std::env::consts::OS {
        "linux" => {
            "To get one, install your GPU's Vulkan driver (Debian and Ubuntu: `apt-get install mesa-vulkan-drivers \
             libvulkan1` for AMD, Intel and a software adapter that needs no GPU; NVIDIA's own driver brings its own); \
             `vulkaninfo --summary` shows whether it works."
        }
        "macos" => "Metal comes with macOS; in a virtual machine, turn its graphics acceleration on.",
        "windows" => {
            "To get one, install your GPU's driver from its vendor; Windows itself brings WARP, a software adapter."
        }
        _ => "To get one, install a Vulkan driver for your GPU.",
    };
    match std::env::var("WGPU_BACKEND") {
        Ok(backend) => {
            format!("{text} The environment variable WGPU_BACKEND is set to {backend:?}, which hides other backends.")
        }
        Err(_) => text.to_owned(),
    }
}
