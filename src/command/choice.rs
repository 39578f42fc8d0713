//! Which device is measured.

use super::pick::{Wish, pick};
use super::surroundings::Surroundings;
use super::{Failure, notice, several};
use crate::cli::RunArgs;
use crate::device::cpu::host_processor;
use crate::device::gpu::{self, Adapter, Backend};
use crate::device::simulated::{PlantedLaw, Truth};
use crate::record::{DeviceInfo, DeviceKind};

/// The device that the options choose.
pub(super) enum Choice {
    Gpu(Box<Adapter>),
    Cpu,
    Simulated(Truth),
}

impl Choice {
    /// What it is called.
    pub(super) fn name(&self) -> &str {
        match self {
            Self::Gpu(adapter) => &adapter.info.name,
            Self::Cpu => "the CPU",
            Self::Simulated(Truth::Hardware(hardware)) => hardware.name,
            Self::Simulated(Truth::Law(_)) => "a planted law",
        }
    }
}

/// Returns the devices that the options choose: several for `--device all` and for several `--simulate`.
pub(super) async fn choose_all(args: &RunArgs) -> Result<Vec<Choice>, Failure> {
    if args.simulate.is_empty() && several::is_asked(args) {
        check_system(args.backend, std::env::consts::OS)?;
        return several::every_gpu(args).await;
    }
    match args.simulate.as_slice() {
        [] | [_] => Ok(vec![choose(args).await?]),
        all => check_simulated(args.device.as_deref())
            .and_then(|()| all.iter().map(|text| Ok(Choice::Simulated(super::simulate::parse(text)?))).collect()),
    }
}

/// Refuses a device beside `--simulate`.
fn check_simulated(device: Option<&str>) -> Result<(), Failure> {
    match device {
        Some(name) if !name.trim().eq_ignore_ascii_case("simulated") => {
            Err(Failure::usage("--simulate needs the simulated device; leave out --device, or give --device simulated"))
        }
        _ => Ok(()),
    }
}

/// Chooses by the options; without any, the best GPU, or the CPU with a notice if there is none.
async fn choose(args: &RunArgs) -> Result<Choice, Failure> {
    let name = args.device.as_deref();
    if name.is_some_and(|name| name.trim().is_empty()) {
        return Err(Failure::usage("--device is empty; give a number or a name from `amdahl devices`"));
    }
    if let Some(text) = args.simulate.first() {
        check_simulated(name)?;
        return Ok(Choice::Simulated(super::simulate::parse(text)?));
    }
    let no_gpu = name.is_some_and(|name| ["cpu", "simulated"].contains(&name.to_lowercase().as_str()));
    if let (true, Some(backend)) = (no_gpu, args.backend) {
        let name = name.unwrap_or_default();
        return Err(Failure::usage(format!(
            "--backend {} is for GPUs, not for --device {name}; leave one of them out",
            backend.name()
        )));
    }
    match name.map(str::to_lowercase).as_deref() {
        Some("simulated") => return Ok(Choice::Simulated(Truth::Law(PlantedLaw::default()))),
        Some("cpu") => return Ok(Choice::Cpu),
        _ => {}
    }
    check_system(args.backend, std::env::consts::OS)?;
    let backend = args.backend.map(Backend::name);
    let mut adapters = gpu::adapters().await;
    if args.nonconformant {
        adapters.extend(gpu::hidden_adapters().await);
    }
    let Some(name) = name else { return best(adapters, backend).await };
    let wish = Wish { name: name.trim(), backend, nonconformant: args.nonconformant };
    let chosen = match pick(&wish, &infos(&adapters)) {
        Err(_) if !args.nonconformant => {
            // One that is hidden may be meant.
            adapters.extend(gpu::hidden_adapters().await);
            pick(&wish, &infos(&adapters))
        }
        picked => picked,
    };
    let chosen = chosen.map_err(|message| {
        let processor = host_processor().filter(|processor| is_part(name, processor));
        let processor = processor.map(|processor| format!("{processor} is the processor: give --device cpu."));
        let here = Surroundings::found();
        let hints = [processor, here.missing_gpu(&infos(&adapters))].into_iter().flatten();
        let hints: Vec<String> = std::iter::once(format!("{message}.")).chain(hints).collect();
        Failure::usage((hints.join(" ") + &here.hiding()).trim_end_matches('.'))
    })?;
    Ok(Choice::Gpu(Box::new(adapters.swap_remove(chosen))))
}

/// Refuses a graphics interface that this operating system never has.
fn check_system(backend: Option<Backend>, system: &str) -> Result<(), Failure> {
    let elsewhere = |backend: Backend| Some((backend.name(), backend.only_on()?));
    match backend.and_then(elsewhere) {
        Some((name, (only, called))) if only != system => Err(Failure::usage(format!(
            "--backend {name} exists on {called} only; leave it out, and `amdahl devices` lists what is here"
        ))),
        _ => Ok(()),
    }
}

/// Whether a text is a part of a processor's name.
fn is_part(text: &str, processor: &str) -> bool {
    processor.to_lowercase().contains(&text.trim().to_lowercase())
}

pub(super) fn infos(adapters: &[Adapter]) -> Vec<DeviceInfo> {
    adapters.iter().map(|adapter| adapter.info.clone()).collect()
}

/// Chooses the best GPU, or the CPU with a notice if there is none. Also gives a notice if the machine has a GPU and
/// only a software GPU was found.
async fn best(adapters: Vec<Adapter>, backend: Option<&str>) -> Result<Choice, Failure> {
    let fits = |info: &DeviceInfo| backend.is_none_or(|backend| info.backend.as_deref() == Some(backend));
    // Those that are hidden come after the others, whatever they are.
    let best =
        adapters.into_iter().filter(|adapter| fits(&adapter.info)).min_by_key(|adapter| adapter.info.kind.rank());
    let here = Surroundings::found();
    if let Some(adapter) = best {
        if adapter.info.kind == DeviceKind::Software {
            here.missing_gpu(&infos(&gpu::hidden_adapters().await)).iter().for_each(|hint| notice(hint));
        }
        return Ok(Choice::Gpu(Box::new(adapter)));
    }
    no_gpu(backend).await
}

/// Chooses the CPU with a notice, if no GPU was found. One that a graphics interface was asked of is not replaced.
pub(super) async fn no_gpu(backend: Option<&str>) -> Result<Choice, Failure> {
    let hint = Surroundings::found().how_to_get_an_adapter(&infos(&gpu::hidden_adapters().await));
    if let Some(backend) = backend {
        return Err(Failure::usage(format!("no device for --backend {backend}; `amdahl devices` lists all. {hint}")));
    }
    notice(&format!("No GPU was found: measuring the CPU. {hint}"));
    Ok(Choice::Cpu)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_graphics_interface_of_another_system_is_refused_with_its_system() {
        for (backend, system, other) in [
            (Backend::Metal, "linux", "macOS"),
            (Backend::Dx12, "macos", "Windows"),
            (Backend::Metal, "windows", "macOS"),
        ] {
            let message = check_system(Some(backend), system).unwrap_err().to_string();
            assert!(message.contains(other) && message.contains("leave it out"), "{message}");
        }
        let fits = [(Some(Backend::Vulkan), "macos"), (Some(Backend::Metal), "macos"), (None, "linux")];
        assert!(fits.into_iter().all(|(backend, system)| check_system(backend, system).is_ok()));
    }

    #[test]
    fn a_part_of_the_processors_name_is_known() {
        assert!(is_part(" xeon", "Intel(R) Xeon(R) Processor") && !is_part("ryzen", "Intel(R) Xeon(R) Processor"));
    }
}
