//! Which device is measured.

use super::pick::{Wish, pick};
use super::surroundings::Surroundings;
use super::{Failure, notice, several};
use crate::cli::RunArgs;
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
        return Ok(several::every_gpu(args).await);
    }
    match args.simulate.as_slice() {
        [] | [_] => Ok(vec![choose(args).await?]),
        all => all.iter().map(|text| Ok(Choice::Simulated(super::simulate::parse(text)?))).collect(),
    }
}

/// Chooses by the options; without any, the best GPU, or the CPU with a notice if there is none.
async fn choose(args: &RunArgs) -> Result<Choice, Failure> {
    let name = args.device.as_deref();
    if name.is_some_and(|name| name.trim().is_empty()) {
        return Err(Failure::usage("--device is empty; give a number or a name from `amdahl devices`"));
    }
    if let Some(text) = args.simulate.first() {
        if name.is_some_and(|name| !name.eq_ignore_ascii_case("simulated")) {
            return Err(Failure::usage(
                "--simulate needs the simulated device; leave out --device, or give --device simulated",
            ));
        }
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
        let hint = Surroundings::found().missing_gpu(&infos(&adapters));
        Failure::usage(hint.map_or(message.clone(), |hint| format!("{message}. {hint}")))
    })?;
    Ok(Choice::Gpu(Box::new(adapters.swap_remove(chosen))))
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
    let hint = here.how_to_get_an_adapter(&infos(&gpu::hidden_adapters().await));
    if let Some(backend) = backend {
        return Err(Failure::usage(format!("no device for --backend {backend}; `amdahl devices` lists all. {hint}")));
    }
    notice(&format!("No GPU was found: measuring the CPU. {hint}"));
    Ok(Choice::Cpu)
}
