//! Promise: a run beside which something else keeps the processor busy says so.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod common;

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use common::{amdahl, items, json};

/// Tries, since a scheduler may give the run a core of its own for a while.
const TRIES: usize = 3;

/// The checks by which a busy machine can be seen.
const CHECKS: [&str; 4] = [
    "the machine is quiet",
    "the canary keeps its time",
    "time grows with the dispatches",
    "the same case measured twice agrees with itself",
];

/// Names of the failed checks of a short run on the processor.
fn failed() -> Vec<String> {
    let run = json(amdahl(&["run", "fixed-size", "--device", "cpu", "--quick", "--no-save", "--format", "json"]));
    let checks = items(&run["audit"]["checks"]);
    // A machine that is busy enough leaves no time to measure a case twice; the canary always runs.
    for name in &CHECKS[..3] {
        assert!(checks.iter().any(|check| check["name"] == *name), "no check {name:?}: {checks:?}");
    }
    let failed = checks.iter().filter(|check| check["passed"] == false);
    failed.map(|check| check["name"].as_str().unwrap().to_owned()).collect()
}

/// Runs `work` while as many threads as the machine has do nothing but ask for the end, and hands out what it returns.
/// They never pause, so that they take every other turn on each core, of however many cores.
fn beside_busy_threads<T>(work: impl FnOnce() -> T) -> T {
    let done = AtomicBool::new(false);
    thread::scope(|scope| {
        for _ in 0..thread::available_parallelism().map_or(1, usize::from) {
            scope.spawn(|| {
                while !done.load(Ordering::Relaxed) {
                    std::hint::spin_loop();
                }
            });
        }
        // Told even where the work panics, or the threads would never end.
        let outcome = std::panic::catch_unwind(std::panic::AssertUnwindSafe(work));
        done.store(true, Ordering::Relaxed);
        outcome.unwrap_or_else(|panic| std::panic::resume_unwind(panic))
    })
}

#[test]
fn a_run_beside_busy_threads_says_so() {
    let mut seen = Vec::new();
    for _ in 0..TRIES {
        let failed = beside_busy_threads(failed);
        if failed.iter().any(|name| CHECKS.contains(&name.as_str())) {
            return;
        }
        seen.push(failed);
    }
    panic!("nobody noticed: {seen:?}");
}
