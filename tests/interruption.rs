//! Nothing measured is lost: interrupted and killed runs leave what they had.

#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod common;

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::thread::sleep;
use std::time::Duration;

use common::{amdahl, text};
use serde_json::Value;

/// A run of many seconds: every workload, on the processor, since a simulated device takes no real time.
fn long_run(out: &Path) -> Child {
    Command::new(env!("CARGO_BIN_EXE_amdahl"))
        .args(["run", "fixed-size", "--device", "cpu", "--thorough", "--full", "--out"])
        .arg(out)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

fn signal(child: &Child, name: &str) {
    assert!(Command::new("kill").args([name, &child.id().to_string()]).status().unwrap().success());
}

/// Waits until the first blocks are saved, however long that takes, as long as the run goes on.
fn saved_run(child: &mut Child, out: &Path) -> PathBuf {
    loop {
        let folders = std::fs::read_dir(out).into_iter().flatten().map(|entry| entry.unwrap().path());
        if let Some(file) = folders.map(|folder| folder.join("run.json")).find(|file| file.exists()) {
            return file;
        }
        assert!(child.try_wait().unwrap().is_none(), "the run ended before anything was saved");
        sleep(Duration::from_millis(50));
    }
}

fn blocks(file: &Path) -> usize {
    let run: Value = serde_json::from_str(&std::fs::read_to_string(file).unwrap()).unwrap();
    assert_eq!(run["complete"], false);
    run["experiments"][0]["order"].as_array().unwrap().len()
}

fn report(file: &Path) -> String {
    text(amdahl(&["show", file.to_str().unwrap(), "all"]))
}

fn ends_with_a_report(name: &str) {
    let out = tempfile::tempdir().unwrap();
    let mut child = long_run(out.path());
    let file = saved_run(&mut child, out.path());
    signal(&child, name);
    let Output { status, stdout, stderr } = child.wait_with_output().unwrap();
    let stderr = String::from_utf8_lossy(&stderr);
    assert_eq!(status.code(), Some(130), "{stderr}");
    assert!(stderr.contains("interrupted"), "{stderr}");
    assert!(blocks(&file) > 0);
    let printed = String::from_utf8(stdout).unwrap();
    assert!(printed.contains("fixed-size") && printed.contains("This run is partial"), "{printed}");
    assert_eq!(printed, report(&file), "what was printed is what was saved");
}

#[test]
fn ctrl_c_saves_and_reports_what_there_is() {
    ends_with_a_report("-INT");
}

#[test]
fn a_termination_signal_does_the_same() {
    ends_with_a_report("-TERM");
}

#[test]
fn a_killed_run_leaves_its_last_blocks() {
    let out = tempfile::tempdir().unwrap();
    let mut child = long_run(out.path());
    let file = saved_run(&mut child, out.path());
    signal(&child, "-KILL");
    child.wait().unwrap();
    assert!(blocks(&file) > 0);
    let text = report(&file);
    assert!(text.to_lowercase().contains("partial") || text.contains("not complete"), "{text}");
}
