//! Checks what kernels need beyond plain WGSL, and whether a device offers it.

use super::{DeviceError, Spec};
use crate::record::DeviceInfo;

/// Refuses a case whose kernels need an extension that the device lacks.
pub(super) fn check(spec: &Spec, info: &DeviceInfo) -> Result<(), DeviceError> {
    let missing = spec.workload.extensions(spec.variant).into_iter().find_map(|name| missing(name, spec, info));
    missing.map_or(Ok(()), |reason| Err(DeviceError::Unsupported(reason)))
}

/// Refuses 16-bit floats on the CPU. Its code uses only 32-bit numbers. Conversions would slow it down, so it would be
/// no fair baseline for a GPU with 16-bit floats.
pub(super) fn check_processor(spec: &Spec) -> Result<(), DeviceError> {
    if spec.workload.extensions(spec.variant).contains(&"f16") {
        return Err(DeviceError::Unsupported("16-bit floats: the code for the processor has none".to_owned()));
    }
    Ok(())
}

fn missing(extension: &str, spec: &Spec, info: &DeviceInfo) -> Option<String> {
    let none = "this device offers none";
    match extension {
        "f16" if info.f16 != Some(true) => Some(format!("16-bit floats: {none} (shader-f16)")),
        "subgroups" if info.subgroups != Some(true) => Some(format!("sums of subgroups: {none} (subgroups)")),
        "wgpu_cooperative_matrix" => {
            let side = spec.variant.shaders.iter().find_map(|shader| shader.constant("SIDE"));
            let side = side.filter(|side| !info.cooperative.contains(side))?;
            Some(format!("products of {side} x {side} squares of 16-bit floats: {none} (cooperative matrices)"))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use std::rc::Rc;

    use super::super::Device;
    use super::super::cpu::Cpu;
    use super::*;
    use crate::record::Case;
    use crate::workload::{self, Variant};

    #[test]
    fn each_extension_is_asked_for() {
        let of = |workload: &str, variant: &str| {
            let workload = workload::find(workload).unwrap();
            let is_it = |one: &&'static Variant| one.name == variant;
            let variant = workload.variants().iter().find(is_it).unwrap();
            Spec { workload, variant, case: Case::new(workload.problem(8), 8, 8), inputs: Rc::default() }
        };
        let none = DeviceInfo { f16: None, ..Cpu::new().info().clone() };
        let all = DeviceInfo { f16: Some(true), subgroups: Some(true), cooperative: vec![16], ..none.clone() };
        for (workload, variant, word) in [
            ("dot", "subgroup", "subgroups"),
            ("peak-f16", "plain", "shader-f16"),
            ("matmul-f16", "blocked-8x8", "shader-f16"),
            ("matmul-f16", "cooperative-16", ""),
        ] {
            let spec = of(workload, variant);
            let reason = check(&spec, &none).unwrap_err().to_string();
            assert!(reason.contains(word), "{reason}");
            assert!(check(&spec, &all).is_ok(), "{workload} {variant}");
            assert_eq!(check_processor(&spec).is_ok(), workload == "dot");
        }
        assert!(check(&of("matmul", "blocked-8x8"), &none).is_ok());
        let reason = check(&of("matmul-f16", "cooperative-8"), &all).unwrap_err().to_string();
        assert!(reason.contains("8 x 8 squares"), "{reason}");
    }
}
