//! Promise: what a run leaves is read by other programs as the README says, and a terminal shows how far a run is.
//!
//! Python is that other program, and gives the binary a terminal. The tests are ignored with the reason where Python,
//! or a library of it, is missing.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod common;

use std::path::Path;
use std::process::{Command, Output};

use common::adapter::{self, Claim, demand};
use common::{amdahl, text};
use libtest_mimic::{Completion, Failed, Trial};

/// Gives the program that its arguments name a terminal of 100 columns as standard error, and prints what it shows.
const TERMINAL: &str = "
import fcntl, os, pty, struct, sys, termios
child, terminal = pty.fork()
if child == 0:
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    os.execv(sys.argv[1], sys.argv[1:])
fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack('HHHH', 24, 100, 0, 0))
try:
    while shown := os.read(terminal, 1 << 16):
        os.write(1, shown)
except OSError:
    pass
sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
";

fn python(folder: &Path, code: &str, arguments: &[&str]) -> std::io::Result<Output> {
    let mut python = Command::new("python3");
    python.current_dir(folder).env("MPLBACKEND", "Agg").env("TERM", "xterm").env("NODEVICE_SELECT", "1");
    python.arg("-c").arg(code).args(arguments).output()
}

/// Makes a test that is ignored if Python lacks one of these modules.
fn trial(name: &str, modules: &'static str, test: fn() -> Claim) -> Trial {
    Trial::ignorable_test(name.to_owned(), move || {
        let lacking = match python(Path::new("."), &format!("import {modules}"), &[]) {
            Ok(output) if output.status.success() => {
                return test().map(|()| Completion::Completed).map_err(Failed::from);
            }
            Ok(output) => String::from_utf8_lossy(&output.stderr).trim().lines().last().unwrap_or_default().to_owned(),
            Err(error) => format!("python3 does not start: {error}"),
        };
        Ok(Completion::ignored_with(format!("it needs python3 with {modules}; {lacking}")))
    })
}

/// The lines of Python in the README.
fn lines() -> Vec<&'static str> {
    let readme = include_str!("../README.md");
    let (_, rest) = readme.split_once("```python\n").unwrap();
    rest.split_once("```").unwrap().0.lines().collect()
}

fn the_lines_of_the_readme_draw_the_speedup() -> Claim {
    let lines = lines();
    demand(lines.len() == 6, || format!("{} lines instead of six", lines.len()))?;
    let out = tempfile::tempdir().unwrap();
    text(amdahl(&["run", "--simulate", "h100", "--quick", "--out", out.path().to_str().unwrap()]));
    let run = std::fs::read_dir(out.path()).unwrap().next().unwrap().unwrap().path();
    let output = python(&run, &lines.join("\n"), &[]).unwrap();
    demand(output.status.success(), || String::from_utf8_lossy(&output.stderr).into_owned())?;
    let picture = std::fs::read(run.join("speedup.png")).unwrap();
    demand(picture.starts_with(b"\x89PNG") && picture.len() > 5000, || format!("a picture of {} B", picture.len()))?;
    // There is something to draw: each workload over several counts of workers.
    let check =
        "assert len(whole_job) > 8 and whole_job.speedup.notna().all() and whole_job.speedup.max() > 2, whole_job";
    let output = python(&run, &format!("{}\n{check}", lines.join("\n")), &[]).unwrap();
    demand(output.status.success(), || String::from_utf8_lossy(&output.stderr).into_owned())
}

fn a_terminal_shows_one_bar_for_the_whole_run() -> Claim {
    let options = ["run", "fixed-size", "--workload", "saxpy", "--device", "cpu", "--quick", "--no-save"];
    let arguments = [&[env!("CARGO_BIN_EXE_amdahl")], &options[..]].concat();
    let output = python(Path::new("."), TERMINAL, &arguments).unwrap();
    let shown = String::from_utf8_lossy(&output.stdout).into_owned();
    demand(output.status.success(), || shown.clone())?;
    for words in ["fixed-size saxpy", "calibration", "s left", " %  ", "workers: kernel ", "checking the result"] {
        demand(shown.contains(words), || format!("no {words:?} in {shown:?}"))?;
    }
    // One line, which is gone at the end; notices come after it.
    let bar = shown.rsplit_once("\u{1b}[2K").unwrap().0;
    demand(!bar.contains('\n'), || format!("more than one line: {shown:?}"))
}

fn main() {
    adapter::run(vec![
        trial(
            "the_lines_of_the_readme_draw_the_speedup",
            "pandas, matplotlib",
            the_lines_of_the_readme_draw_the_speedup,
        ),
        trial("a_terminal_shows_one_bar_for_the_whole_run", "pty", a_terminal_shows_one_bar_for_the_whole_run),
    ])
}
