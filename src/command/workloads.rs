//! `amdahl workloads`: lists workloads and experiments.

use super::{Failure, print};
use crate::cli::WorkloadsArgs;
use crate::experiment;
use crate::page::{self, Format, WorkloadRow};
use crate::record::Problem;
use crate::workload::{self, Variant, Workload};

/// Lists workloads, their variants and costs, and the experiments.
pub(super) fn workloads(args: &WorkloadsArgs) -> Result<(), Failure> {
    let rows: Vec<WorkloadRow> = workload::all()
        .iter()
        .flat_map(|workload| workload.variants().iter().map(|variant| row(*workload, variant)))
        .collect();
    let mut list = page::workloads(&rows, args.format);
    if args.format == Format::Text {
        list.push_str("\nExperiments\n");
        let lines = experiment::all().iter().map(|one| format!("  {:<18}{}\n", one.name(), one.described().question));
        list.extend(lines);
    }
    print(&list)
}

fn row(workload: &'static dyn Workload, variant: &'static Variant) -> WorkloadRow {
    let several = workload.variants().len() > 1;
    let (flop, bytes) = per_element(workload);
    WorkloadRow {
        workload: workload.name().to_owned(),
        variant: several.then(|| variant.name.to_owned()),
        summary: if several {
            format!("{}: {}", workload.summary(), variant.summary)
        } else {
            workload.summary().to_owned()
        },
        flop_per_element: flop,
        bytes_per_element: bytes,
        experiments: experiment::all()
            .iter()
            .filter(|experiment| experiment.described().workloads.iter().any(|name| is_named(name, workload, variant)))
            .map(|experiment| experiment.name().to_owned())
            .collect(),
    }
}

/// Returns whether `name` or `name/variant` means this variant; a name alone means the first one.
fn is_named(name: &str, workload: &dyn Workload, variant: &Variant) -> bool {
    match name.split_once('/') {
        Some((stem, suffix)) => stem == workload.name() && suffix == variant.name,
        None => name == workload.name() && workload.variants().first().is_some_and(|first| first.name == variant.name),
    }
}

/// Returns flop and bytes per element of a large problem; flop that grow with k are given per k.
fn per_element(workload: &dyn Workload) -> (String, String) {
    let problem = workload.problem(1 << 10);
    // Some kernels take several elements at a time; a reduction has fewer results than elements.
    let items = workload.items(problem).max(workload.output_length(problem)) as f64;
    let (flop, bytes) = (workload.flop(problem) / items, workload.bytes(problem) / items);
    let flop = match problem {
        Problem::Chain { k, .. } | Problem::Branches { k, .. } | Problem::Matrix { k, .. } => {
            format!("{} k", (flop / k as f64).round())
        }
        Problem::Vector { .. } | Problem::Batch { .. } => flop.round().to_string(),
    };
    (flop, bytes.round().to_string())
}
