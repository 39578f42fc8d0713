//! What the program says of itself.

use crate::common::{amdahl, items, json, text};
use crate::snapshot::is_as_before;

#[test]
fn the_help_of_each_subcommand() {
    for command in ["run", "devices", "workloads", "fit", "predict", "page", "report"] {
        is_as_before(&format!("help-{command}"), &text(amdahl(&[command, "--help"])));
    }
    is_as_before("help", &text(amdahl(&["-h"])));
    assert_eq!(text(amdahl(&["--version"])).trim(), concat!("amdahl ", env!("CARGO_PKG_VERSION")));
    assert_eq!(text(amdahl(&["help"])), text(amdahl(&["--help"])));
}

#[test]
fn the_list_of_workloads_and_experiments() {
    let list = text(amdahl(&["workloads"]));
    for name in amdahl::workload::all().iter().map(|workload| workload.name()) {
        assert!(list.lines().any(|line| line.trim_start().starts_with(name)), "{name} is missing:\n{list}");
    }
    for name in amdahl::experiment::all().iter().map(|experiment| experiment.name()) {
        assert!(list.lines().any(|line| line.trim_start().starts_with(name)), "{name} is missing:\n{list}");
    }
    is_as_before("workloads", &list);
}

#[test]
fn devices_lists_the_cpu_and_marks_one_default() {
    let listed = json(amdahl(&["devices", "--format", "json"]));
    let devices = items(&listed);
    assert!(devices.iter().any(|device| device["kind"] == "cpu"), "{listed}");
    assert_eq!(devices.iter().filter(|device| device["default"] == true).count(), 1, "{listed}");
    assert!(text(amdahl(&["devices"])).contains("--device"));
}
