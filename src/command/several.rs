//! `amdahl run --device all`: each GPU of the machine, one after the other, and the comparison at the end.

use super::choice::{Choice, infos, no_gpu};
use super::{Failure, compare, notice, run};
use crate::cli::RunArgs;
use crate::device::gpu::{self, Backend};
use crate::record::{DeviceInfo, DeviceKind};

/// The name that stands for every GPU.
const ALL: &str = "all";

/// Whether the options ask for every GPU.
pub(super) fn is_asked(args: &RunArgs) -> bool {
    args.device.as_deref().is_some_and(|name| name.trim().eq_ignore_ascii_case(ALL))
}

/// Returns every GPU of the machine; the CPU if there is none and none was asked for by its graphics interface.
pub(super) async fn every_gpu(args: &RunArgs) -> Result<Vec<Choice>, Failure> {
    let mut adapters = gpu::adapters().await;
    if args.nonconformant {
        adapters.extend(gpu::hidden_adapters().await);
    }
    let backend = args.backend.map(Backend::name);
    adapters.retain(|adapter| backend.is_none_or(|backend| adapter.info.backend.as_deref() == Some(backend)));
    let kept = kept(&infos(&adapters));
    let gpus = adapters.into_iter().zip(kept).filter_map(|(mut adapter, name)| {
        adapter.info.name = name?;
        Some(Choice::Gpu(Box::new(adapter)))
    });
    let mut found: Vec<Choice> = gpus.collect();
    if found.is_empty() {
        found.push(no_gpu(backend).await?);
    }
    if let [only] = found.as_slice() {
        notice(&format!("Only one device is here ({}): there is nothing to compare.", only.name()));
    }
    Ok(found)
}

/// Returns the name of each adapter that is measured: of each card once, of software only where there is no GPU. A
/// second card of one name has a number.
fn kept(infos: &[DeviceInfo]) -> Vec<Option<String>> {
    let has_gpu = infos.iter().any(|info| info.kind != DeviceKind::Software);
    let is_kept = |index: usize| {
        let info = &infos[index];
        // The same card by another graphics interface has the same name.
        let again = infos[..index].iter().any(|other| other.name == info.name && other.backend != info.backend);
        !again && (!has_gpu || info.kind != DeviceKind::Software)
    };
    let name = |index: usize| {
        let before = infos[..index].iter().filter(|other| other.name == infos[index].name).count();
        let name = infos[index].name.clone();
        if before == 0 { name } else { format!("{name} #{}", before + 1) }
    };
    (0..infos.len()).map(|index| is_kept(index).then(|| name(index))).collect()
}

/// Measures several devices, and compares them. One that fails does not keep the others from being measured.
pub(super) async fn measure(choices: Vec<Choice>, args: &RunArgs) -> Result<(), Failure> {
    let all = choices.len();
    let mut runs = Vec::new();
    let mut failed = None;
    for (number, choice) in (1..).zip(choices) {
        notice(&format!("Device {number} of {all}: {}", choice.name()));
        match Box::pin(run::measured(choice, args, false)).await {
            Ok(run) => runs.push(run),
            Err(failure @ (Failure::Interrupted | Failure::NothingYet)) => {
                failed = Some(failure);
                break;
            }
            Err(failure) => {
                notice(&failure.to_string());
                failed = Some(failure);
            }
        }
    }
    if runs.len() > 1 {
        compare::measured(runs, args.format, args.full, args.ascii)?;
    }
    failed.map_or(Ok(()), Err)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::fixture;

    fn named(list: &[(&str, &str, DeviceKind)]) -> Vec<Option<String>> {
        let info = |&(name, backend, kind): &(&str, &str, DeviceKind)| DeviceInfo {
            name: name.to_owned(),
            backend: Some(backend.to_owned()),
            kind,
            ..fixture::software()
        };
        kept(&list.iter().map(info).collect::<Vec<_>>())
    }

    #[test]
    fn two_cards_of_one_name_stay_apart_and_one_card_is_measured_once() {
        use DeviceKind::{Discrete, Integrated, Software};
        let cards = [
            ("X", "vulkan", Discrete),
            ("X", "vulkan", Discrete),
            ("Y", "vulkan", Integrated),
            ("X", "dx12", Discrete),
            ("llvmpipe", "vulkan", Software),
        ];
        let names = named(&cards);
        let names: Vec<Option<&str>> = names.iter().map(Option::as_deref).collect();
        assert_eq!(names, [Some("X"), Some("X #2"), Some("Y"), None, None]);
        let software = [("llvmpipe", "vulkan", Software), ("llvmpipe", "vulkan", Software)];
        assert_eq!(named(&software), [Some("llvmpipe".to_owned()), Some("llvmpipe #2".to_owned())]);
    }
}
