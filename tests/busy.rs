//! Promise: a run beside which something else keeps the processor busy says so.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod common;

use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use amdahl::record::{Check, Run};
use common::{amdahl, number, text};
use serde_json::Value;

/// Makes a short run on the processor: the run, and the page that is printed of it.
fn measured() -> (Value, String) {
    let out = tempfile::tempdir().unwrap();
    let folder = out.path().to_str().unwrap();
    let page = text(amdahl(&["run", "fixed-size", "--device", "cpu", "--quick", "--out", folder]));
    let saved = std::fs::read_dir(out.path()).unwrap().next().unwrap().unwrap().path().join("run.json");
    (serde_json::from_str(&std::fs::read_to_string(saved).unwrap()).unwrap(), page)
}

/// Runs `work` beside so many threads of another program than the one that measures. Each is busy for that share of
/// every 20 ms, and hands out what the work returns.
fn beside<T>(threads: usize, share: f64, work: impl FnOnce() -> T) -> T {
    const TURN: f64 = 0.02;
    // One test after the other: each would be the other's neighbour.
    static ALONE: Mutex<()> = Mutex::new(());
    let _alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
    let done = AtomicBool::new(false);
    thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                while !done.load(Ordering::Relaxed) {
                    let start = Instant::now();
                    while start.elapsed().as_secs_f64() < share * TURN {
                        std::hint::spin_loop();
                    }
                    if share < 1.0 {
                        thread::sleep(Duration::from_secs_f64((1.0 - share) * TURN));
                    }
                }
            });
        }
        // Told even where the work panics, or the threads would never end.
        let outcome = std::panic::catch_unwind(std::panic::AssertUnwindSafe(work));
        done.store(true, Ordering::Relaxed);
        outcome.unwrap_or_else(|panic| std::panic::resume_unwind(panic))
    })
}

/// Whether this system does not tell who uses its processors, as some containers do not; the reason is printed.
fn is_hidden(neighbours: &Value) -> bool {
    let processor = &neighbours["processor"];
    if processor["value"].is_null() {
        eprintln!("not tested: {}", processor["reason"]);
    }
    processor["value"].is_null()
}

fn all_threads() -> usize {
    thread::available_parallelism().map_or(1, usize::from)
}

/// Threads that never pause take every other turn on each core, of however many cores.
#[test]
fn a_run_beside_busy_threads_says_so() {
    let (run, page) = beside(all_threads(), 1.0, measured);
    let neighbours = &run["audit"]["neighbours"];
    if is_hidden(neighbours) {
        return;
    }
    assert_eq!(neighbours["busy"], true, "{neighbours}");
    let page = page.split_whitespace().filter(|word| *word != "!").collect::<Vec<_>>().join(" ");
    assert!(page.contains("The machine was busy: other programs used "), "{page}");
    assert!(page.contains("Close them and run again."), "{page}");
}

/// At the edge: half of the threads, busy for 60 % of the time.
#[test]
fn a_neighbour_that_pauses_is_seen() {
    let hogs = all_threads().div_ceil(2);
    let share = 0.6 * hogs as f64 / all_threads() as f64;
    let neighbours = beside(hogs, 0.6, || measured().0["audit"]["neighbours"].clone());
    if is_hidden(&neighbours) {
        return;
    }
    let seen = number(&neighbours["processor"]["value"]);
    // What else runs on the machine comes on top, and our own threads take turns with these.
    assert!(seen > 0.5 * share, "{share} planted: {neighbours}");
    assert_eq!(neighbours["busy"], true, "{neighbours}");
}

/// Judges saved runs by the thresholds as they are now, to tune them: a table.
#[test]
#[ignore = "judges the saved runs in the folder that AMDAHL_RUNS names; with --nocapture"]
fn saved_runs_judged_again() {
    let folder = std::env::var("AMDAHL_RUNS").expect("AMDAHL_RUNS names a folder of saved runs");
    let mut runs: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    runs.sort();
    let read = |path: &Path| Run::from_json(&std::fs::read_to_string(path.join("run.json")).ok()?).ok();
    for (path, run) in runs.iter().filter_map(|path| Some((path, read(path)?))) {
        let kind = std::fs::read_to_string(path.join("kind")).unwrap_or_default();
        let then = run.audit.iter().flat_map(|audit| &audit.checks).find(|check| check.name == Check::QUIET);
        let then = then.map_or("not judged", |check| if check.passed { "alone" } else { "busy" });
        let signs = amdahl::measure::judged(&run);
        let now = if signs.busy { "busy" } else { "alone" };
        let values =
            [signs.processor.value, signs.highest.value.map(|one| one.share), signs.canary.value, signs.lanes.value];
        println!("{:8} then {then:10} now {now:6} {values:.3?}", kind.trim());
    }
}
