//! Which experiments run, on which workloads.

use std::collections::BTreeSet;

use super::Failure;
use super::near::{closest, meant};
use crate::cli::{Cli, RunArgs};
use crate::experiment::{self, Axis, Question, Selection};
use crate::workload::{self, Variant, Workload};

/// A workload, and its variant if one was named.
type Chosen = (&'static dyn Workload, Option<&'static Variant>);

/// Returns the named experiments, or all.
pub(super) fn experiments(args: &RunArgs) -> Result<Vec<&'static dyn Question>, Failure> {
    if args.experiments.is_empty() {
        return Ok(experiment::all().to_vec());
    }
    args.experiments.iter().map(|name| find_experiment(name)).collect()
}

/// Returns experiments with their workloads, as asked for or by default.
pub(super) fn selections(args: &RunArgs) -> Result<Vec<Selection>, Failure> {
    let experiments = experiments(args)?;
    let wanted: Vec<Chosen> = args.workload.iter().map(|name| find_workload(name)).collect::<Result<_, _>>()?;
    let mut seen = BTreeSet::new();
    let wanted: Vec<_> = wanted
        .into_iter()
        .filter(|(workload, variant)| seen.insert((workload.name(), variant.map(|variant| variant.name))))
        .collect();
    let mut selections: Vec<Selection> = Vec::new();
    for experiment in experiments {
        if selections.iter().any(|one| one.experiment.name() == experiment.name()) {
            // Named twice.
            continue;
        }
        let before = selections.len();
        let usual = if wanted.is_empty() { usual(args, experiment)? } else { Vec::new() };
        let asked = wanted.iter().copied().filter(|(workload, _)| experiment.suits(*workload));
        let chosen = usual.into_iter().chain(asked);
        selections.extend(chosen.map(|(workload, variant)| Selection { experiment, workload, variant }));
        if selections.len() == before && !args.experiments.is_empty() {
            let valid: Vec<&str> =
                workload::all().iter().filter(|workload| experiment.suits(**workload)).map(|w| w.name()).collect();
            let (name, asked) = (experiment.name(), args.workload.join(","));
            return Err(Failure::usage(match valid.as_slice() {
                [only] => format!("{name} always uses the {only} kernel; leave out --workload"),
                _ => format!("{name} cannot measure --workload {asked}; it takes: {}", valid.join(", ")),
            }));
        }
    }
    Ok(selections)
}

/// Returns what an experiment measures by default: its own choice, less of it in a quick run, and every workload that
/// it takes in a thorough one.
fn usual(args: &RunArgs, experiment: &dyn Question) -> Result<Vec<Chosen>, Failure> {
    let own: Vec<Chosen> =
        experiment.described().workloads.iter().map(|name| find_workload(name)).collect::<Result<_, _>>()?;
    if args.quick {
        return Ok(own.into_iter().take(experiment.in_quick_run()).collect());
    }
    if !args.thorough {
        return Ok(own);
    }
    let taken = workload::all().iter().copied().filter(|workload| experiment.suits(*workload));
    // An empty kernel has nothing to vary but what the experiment itself varies.
    let is_new = |workload: &&dyn Workload| own.iter().all(|(known, _)| known.name() != workload.name());
    let others = taken.filter(|workload| workload.name() != "empty").filter(is_new).map(|workload| (workload, None));
    Ok(own.iter().copied().chain(others).collect())
}

/// Keeps the selections that multiply matrices of any shape, and refuses a named workload that does not.
pub(super) fn with_shapes(args: &RunArgs, mut selections: Vec<Selection>) -> Result<Vec<Selection>, Failure> {
    let shaped = |workload: &dyn Workload| workload.shaped([1; 3]).is_some();
    let other = selections.iter().find(|one| !args.workload.is_empty() && !shaped(one.workload));
    let other = other.map(|one| format!("{} does not multiply matrices", one.workload.name()));
    selections.retain(|one| shaped(one.workload) && one.experiment.described().axes.contains(&Axis::Shape));
    let nothing = selections.is_empty().then(|| "no experiment of this run multiplies matrices".to_owned());
    match other.or(nothing) {
        Some(fault) => {
            let able: Vec<&str> =
                workload::all().iter().filter(|workload| shaped(**workload)).map(|one| one.name()).collect();
            Err(Failure::usage(format!("--shape: {fault}; add --workload {}", able.join(" or "))))
        }
        None => Ok(selections),
    }
}

fn find_experiment(name: &str) -> Result<&'static dyn Question, Failure> {
    experiment::find(name).ok_or_else(|| {
        let valid: Vec<&str> = experiment::all().iter().map(|experiment| experiment.name()).collect();
        let commands = Cli::subcommands();
        let meant = match closest(name, valid.iter().copied().chain(commands.iter().map(String::as_str))) {
            Some(command) if !valid.contains(&command) => format!(" (did you mean `amdahl {command}`?)"),
            _ => meant(name, valid.iter().copied()),
        };
        Failure::usage(format!("no experiment {name:?}{meant}; there are: {}", valid.join(", ")))
    })
}

fn find_workload(name: &str) -> Result<Chosen, Failure> {
    let (stem, variant) = name.split_once('/').map_or((name, None), |(stem, variant)| (stem, Some(variant)));
    let workload = workload::find(stem.trim()).ok_or_else(|| {
        let valid: Vec<&str> = workload::all().iter().map(|workload| workload.name()).collect();
        let meant = meant(stem, valid.iter().copied());
        Failure::usage(format!("no workload {name:?}{meant}; there are: {}", valid.join(", ")))
    })?;
    let variants = workload.variants();
    let found = match variant {
        None => return Ok((workload, None)),
        Some(wanted) => variants.iter().find(|variant| variant.name == wanted.trim()),
    };
    found.map(|variant| (workload, Some(variant))).ok_or_else(|| {
        let valid: Vec<&str> = variants.iter().map(|variant| variant.name).collect();
        Failure::usage(format!("{stem} has no variant {:?}; there are: {}", variant.unwrap_or(""), valid.join(", ")))
    })
}
