//! What the program says of itself.

use crate::common::{amdahl, items, json, simulated, text};
use crate::snapshot::is_as_before;

#[test]
fn the_help_of_each_subcommand() {
    let measuring = ["run", "devices", "workloads"];
    let reading = ["fit", "predict", "trace", "page", "compare", "report", "worksheet", "completions", "man"];
    for command in measuring.into_iter().chain(reading) {
        is_as_before(&format!("help-{command}"), &text(amdahl(&[command, "--help"])));
    }
    is_as_before("help", &text(amdahl(&["-h"])));
    assert_eq!(text(amdahl(&["help"])), text(amdahl(&["--help"])));
}

/// Returns the commit of the checkout that the tests run in; `None` in a source folder without git.
fn commit() -> Option<String> {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let git = || std::process::Command::new("git").arg("-C").arg(root).args(["rev-parse", "HEAD"]).output().ok();
    let output = root.join(".git").exists().then(git)??;
    output.status.success().then(|| String::from_utf8(output.stdout).unwrap().trim().to_owned())
}

#[test]
fn the_version_names_the_commit() {
    let version = env!("CARGO_PKG_VERSION");
    let commit = commit();
    let expected = match &commit {
        Some(commit) => format!("amdahl {version} ({})", &commit[..12]),
        None => format!("amdahl {version}"),
    };
    assert_eq!(text(amdahl(&["--version"])).trim(), expected);
    let run = simulated(&["launch-overhead"]);
    assert_eq!((run["version"].as_str(), run["commit"].as_str()), (Some(version), commit.as_deref()));
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
    // What has no limit has no number either.
    let limits = &devices.iter().find(|device| device["kind"] == "cpu").unwrap()["limits"];
    assert!(limits["workgroup_memory"].is_null() && limits["workgroups_per_dimension"].is_null(), "{limits}");
    for format in ["text", "markdown", "json", "csv"] {
        let page = text(amdahl(&["devices", "--format", format]));
        assert!(![u64::MAX.to_string(), u32::MAX.to_string()].iter().any(|most| page.contains(most)), "{page}");
    }
}
