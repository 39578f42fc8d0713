//! The binary as its users meet it: options, exit codes, messages, pages, and what is left on disk.
//!
//! Everything here runs on the simulated device or the CPU, so it needs no graphics driver.
//! Snapshots show whole pages; insta, and not trycmd, because JSON and CSV are shortened before they are compared.
//! After a change that is wanted: `INSTA_UPDATE=always cargo test --test cli`, then read the difference.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod cases;
mod class;
#[path = "../common/mod.rs"]
mod common;
mod compare;
mod examples;
mod fit;
mod harmless;
mod help;
mod manual;
mod numbers;
#[cfg(unix)]
mod outputs;
mod own;
mod page;
mod predict;
mod private;
mod real;
mod refusals;
mod reports;
mod run;
mod short;
mod snapshot;
mod trace;
mod verdict;
mod worksheet;
