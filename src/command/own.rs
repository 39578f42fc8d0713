//! `--wgsl` and `--expect`: a kernel from a file.

use std::path::Path;

use super::{Failure, input, notice};
use crate::cli::RunArgs;
use crate::experiment::{Question, Selection, names};
use crate::record::printable;
use crate::units;
use crate::workload::{self, Own, Workload};

/// The experiments that measure a kernel by default.
const USUAL: [&str; 5] =
    [names::FIXED_SIZE, names::PROBLEM_SIZE, "workgroup-size", names::LAUNCH_OVERHEAD, "safety-cost"];

/// Reads the kernel that the options name, and the results that it must give; `None` if they name none.
pub(super) fn kernel(args: &RunArgs) -> Result<Option<&'static Own>, Failure> {
    let Some(path) = &args.wgsl else { return Ok(None) };
    let text = read("--wgsl", path)?;
    let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy();
    let kernel = Own::new(&printable(&name), &text).map_err(|fault| in_file("--wgsl", path, &fault))?;
    args.expect.as_deref().map_or(Ok(kernel), |path| with_values(kernel, path, args)).map(Some)
}

/// Adds the results that the kernel must give.
fn with_values(kernel: &Own, path: &Path, args: &RunArgs) -> Result<&'static Own, Failure> {
    let sizes = args.sizes.iter().flat_map(|counts| &counts.0).copied().collect::<Vec<_>>();
    let [n] = sizes[..] else {
        return Err(Failure::usage(format!(
            "--expect needs exactly one size in --sizes, not {}",
            units::count(sizes.len() as u64)
        )));
    };
    let text = read("--expect", path)?;
    let values = workload::expected(&text);
    values.and_then(|values| kernel.expecting(n, values)).map_err(|fault| in_file("--expect", path, &fault))
}

/// Returns the experiments that can measure the kernel. A named experiment must be able to.
pub(super) fn selections(
    kernel: &'static Own,
    experiments: &[&'static dyn Question],
    named: bool,
) -> Result<Vec<Selection>, Failure> {
    let launched = kernel.launched();
    let mut selections: Vec<Selection> = Vec::new();
    for &experiment in experiments {
        let name = experiment.name();
        let is_twice = selections.iter().any(|one| one.experiment.name() == name);
        if is_twice || !named && !USUAL.contains(&name) {
            continue;
        }
        let workload: &'static dyn Workload = if name == names::LAUNCH_OVERHEAD { launched } else { kernel };
        let other = || format!("a kernel is measured by {}", USUAL.join(", "));
        let fault = kernel.refuses(name).or_else(|| (!experiment.suits(workload)).then(other));
        match fault {
            None => selections.push(Selection { experiment, workload, variant: None }),
            Some(fault) if named => return Err(Failure::usage(format!("{name} cannot measure this kernel: {fault}"))),
            Some(fault) => notice(&format!("{name} is left out: {fault}.")),
        }
    }
    Ok(selections)
}

fn read(option: &str, path: &Path) -> Result<String, Failure> {
    input::text(path).map_err(|error| in_file(option, path, &format!("cannot be read ({error})")))
}

fn in_file(option: &str, path: &Path, fault: &str) -> Failure {
    Failure::usage(format!("{option} {}: {fault}", path.display()))
}
