//! Nothing measured is lost: not if a run is interrupted, stopped or killed, and not if its folder cannot be written.

#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod common;

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::thread::sleep;
use std::time::Duration;

use amdahl::record::{Phase, Run};
use common::{amdahl, text};
use serde_json::Value;

/// A run of many seconds: every workload, on the processor, since a simulated device takes no real time.
fn long_run(out: &Path) -> Child {
    start(Command::new(env!("CARGO_BIN_EXE_amdahl")), out)
}

fn start(mut program: Command, out: &Path) -> Child {
    program
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
    reports(child, &file);
}

fn reports(child: Child, file: &Path) {
    let Output { status, stdout, stderr } = child.wait_with_output().unwrap();
    let stderr = String::from_utf8_lossy(&stderr);
    assert_eq!(status.code(), Some(130), "{stderr}");
    assert!(stderr.contains("interrupted"), "{stderr}");
    assert!(blocks(file) > 0);
    let printed = String::from_utf8(stdout).unwrap();
    assert!(printed.contains("fixed-size") && printed.contains("This run is partial"), "{printed}");
    assert_eq!(printed, report(file), "what was printed is what was saved");
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
fn a_closed_terminal_does_the_same() {
    ends_with_a_report("-HUP");
}

/// If the closed terminal had counted, Ctrl-C would be the second interruption, which ends the run without a report.
#[test]
fn under_nohup_a_closed_terminal_is_nothing() {
    let out = tempfile::tempdir().unwrap();
    let mut shell = Command::new("sh");
    shell.args(["-c", r#"trap "" HUP; exec "$0" "$@""#, env!("CARGO_BIN_EXE_amdahl")]);
    let mut child = start(shell, out.path());
    let file = saved_run(&mut child, out.path());
    signal(&child, "-HUP");
    sleep(Duration::from_millis(300));
    assert!(child.try_wait().unwrap().is_none(), "the run ended");
    signal(&child, "-INT");
    reports(child, &file);
}

/// What a signal that ends the process at once leaves.
fn leaves_its_last_blocks(end: impl FnOnce(&Child)) -> Option<i32> {
    let out = tempfile::tempdir().unwrap();
    let mut child = long_run(out.path());
    let file = saved_run(&mut child, out.path());
    end(&child);
    let status = child.wait().unwrap();
    assert!(blocks(&file) > 0);
    let text = report(&file);
    assert!(text.contains("This run is partial"), "{text}");
    status.code()
}

#[test]
fn a_killed_run_leaves_its_last_blocks() {
    assert_eq!(leaves_its_last_blocks(|child| signal(child, "-KILL")), None);
    assert_eq!(leaves_its_last_blocks(|child| signal(child, "-QUIT")), None);
}

#[test]
fn a_second_ctrl_c_ends_the_run_at_once() {
    let ended = leaves_its_last_blocks(|child| {
        signal(child, "-INT");
        sleep(Duration::from_millis(1));
        signal(child, "-INT");
    });
    assert_eq!(ended, Some(130));
}

/// A short run on the processor: a few seconds, of which the first blocks are saved.
fn short_run(out: &Path) -> Child {
    Command::new(env!("CARGO_BIN_EXE_amdahl"))
        .args(["run", "fixed-size", "--workload", "saxpy", "--device", "cpu", "--full", "--out"])
        .arg(out)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

#[test]
fn a_pause_is_no_sample() {
    let out = tempfile::tempdir().unwrap();
    let mut child = short_run(out.path());
    let file = saved_run(&mut child, out.path());
    signal(&child, "-STOP");
    sleep(Duration::from_secs(3));
    signal(&child, "-CONT");
    let Output { status, stdout, stderr } = child.wait_with_output().unwrap();
    assert!(status.success(), "{}", String::from_utf8_lossy(&stderr));
    assert!(String::from_utf8(stdout).unwrap().contains("The program stood still for"));
    let run = Run::from_json(&std::fs::read_to_string(&file).unwrap()).unwrap();
    assert!((2.0..10.0).contains(&run.stopped) && run.complete, "{} s", run.stopped);
    let samples = run.experiments[0].cases.iter().flat_map(|case| case.seconds(Phase::Kernel));
    let longest = samples.fold(0.0, |longest: f64, seconds| longest.max(*seconds));
    assert!(longest > 0.0 && longest < 2.0, "{longest} s");
}

/// The end of a run that could not be saved: the whole report, and why.
fn is_printed(child: Child, path: &Path, said: &str) {
    let Output { status, stdout, stderr } = child.wait_with_output().unwrap();
    let (stdout, stderr) = (String::from_utf8(stdout).unwrap(), String::from_utf8(stderr).unwrap());
    assert_eq!(status.code(), Some(1), "{stderr}");
    assert!(stdout.contains("fixed-size") && stdout.contains("summary"), "{stdout}");
    assert!(!stdout.contains("This run is partial"), "{stdout}");
    for word in ["cannot write", path.to_str().unwrap(), said, "--out DIR"] {
        assert!(stderr.contains(word), "no {word:?} in {stderr}");
    }
}

#[test]
fn a_run_whose_folder_is_removed_is_measured_and_printed() {
    let out = tempfile::tempdir().unwrap();
    let mut child = short_run(out.path());
    let file = saved_run(&mut child, out.path());
    std::fs::rename(file.parent().unwrap(), out.path().join("elsewhere")).unwrap();
    is_printed(child, &file, "the folder was moved or removed");
}

#[test]
fn a_link_in_the_place_of_the_folder_is_not_followed() {
    let (out, elsewhere) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let mut child = short_run(out.path());
    let file = saved_run(&mut child, out.path());
    let folder = file.parent().unwrap();
    std::fs::rename(folder, out.path().join("moved")).unwrap();
    std::os::unix::fs::symlink(elsewhere.path(), folder).unwrap();
    is_printed(child, &file, "the folder was replaced by a link");
    assert_eq!(std::fs::read_dir(elsewhere.path()).unwrap().count(), 0);
}

/// The limit on a file's size stands for a full disk: it needs no rights.
#[test]
fn a_run_that_does_not_fit_on_the_disk_is_measured_and_printed() {
    let out = tempfile::tempdir().unwrap();
    let run = r#"ulimit -f 8; exec "$0" run fixed-size --device cpu --quick --full --out "$1""#;
    let mut command = Command::new("sh");
    command.args(["-c", run, env!("CARGO_BIN_EXE_amdahl")]).arg(out.path());
    let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    is_printed(child, out.path(), "ulimit -f");
    let left: Vec<_> = std::fs::read_dir(out.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert!(left.is_empty(), "neither half a file nor an empty folder stays: {left:?}");
}
