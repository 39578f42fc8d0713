//! Promise: the page's script computes what the library computes, and the page does in a browser what it says.
//!
//! Needs node, and for the browser Chromium and `npm ci --prefix tests/browser`. Without them tests are ignored with
//! the reason; with `AMDAHL_REQUIRE_ADAPTER=1` they fail instead.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod browser;
#[path = "../common/mod.rs"]
mod common;
mod formulas;
mod names;

use std::path::PathBuf;
use std::process::Command;

use libtest_mimic::{Arguments, Completion, Failed, Trial};

fn main() {
    let mut trials = formulas::trials();
    trials.extend(browser::trials());
    trials.extend(names::trials());
    libtest_mimic::run(&Arguments::from_args(), trials).exit()
}

/// Makes a test that needs something of the machine, which it is given; `Err` is why it is not there.
fn trial<T: Send + 'static>(
    name: &str,
    needed: Result<T, String>,
    test: impl FnOnce(T) -> Result<(), Failed> + Send + 'static,
) -> Trial {
    Trial::ignorable_test(name, move || match needed {
        Ok(needed) => test(needed).map(|()| Completion::Completed),
        Err(reason) if std::env::var_os("AMDAHL_REQUIRE_ADAPTER").is_some_and(|value| value == "1") => {
            Err(format!("AMDAHL_REQUIRE_ADAPTER=1, and {reason}").into())
        }
        Err(reason) => Ok(Completion::ignored_with(reason)),
    })
}

/// Returns the first of these programs that starts.
fn program(names: &[&str]) -> Result<String, String> {
    let starts = |name: &&&str| Command::new(name).arg("--version").output().is_ok_and(|it| it.status.success());
    names.iter().find(starts).map(|name| (*name).to_owned()).ok_or(format!("there is no {}", names.join(" or ")))
}

fn node() -> Result<String, String> {
    program(&["node", "nodejs"])
}

/// Returns a path within the repository.
fn path(relative: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(relative)
}
