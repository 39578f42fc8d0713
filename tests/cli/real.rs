//! What is shown of runs of a real GPU.
//!
//! `data/run-nvidia-h200.json` is a default run of an NVIDIA H200 through Vulkan. Preparing took that version so long
//! that the last experiments found no time. `data/run-nvidia-h200-matmul.json` is `climb` on two sizes of matrices.

use std::fs;

use serde_json::Value;

use crate::common::{amdahl, items, json, text};

const H200: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/run-nvidia-h200.json");
const MATMUL: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/run-nvidia-h200-matmul.json");

/// The value of a number of an experiment.
fn number(run: &Value, experiment: &str, workload: &str, name: &str) -> f64 {
    let is_it = |one: &&Value| one["name"] == experiment && one["workload"] == workload;
    let experiment = items(&run["experiments"]).iter().find(is_it).expect("the experiment was measured");
    let named = items(&experiment["numbers"]).iter().find(|one| one["name"] == name);
    named.unwrap_or_else(|| panic!("no {name} among {}", experiment["numbers"]))["value"].as_f64().expect("a number")
}

/// 132 multiprocessors with 128 lanes each run 16,896 invocations in step. A chain of multiply-adds waits for each
/// result, so about twice as many are at work at a time.
#[test]
fn the_kernel_law_of_a_large_gpu_is_that_of_its_lanes() {
    let run = json(amdahl(&["show", H200, "--format", "json"]));
    let ceiling = number(&run, "fixed-size", "fma", "kernel fitted ceiling");
    let full = number(&run, "fixed-size", "fma", "kernel workers that fill the hardware");
    assert!((34_000.0..36_000.0).contains(&ceiling), "{ceiling}");
    assert!((2.0..2.4).contains(&(full / 16_896.0)), "{full}");
    // One worker does a multiply-add in the four cycles of its latency, at 1.98 GHz.
    let alone = items(&run["experiments"][0]["cases"]).iter().find(|case| case["workers"] == 1).unwrap();
    let seconds = alone["phases"]["kernel"]["seconds"][0].as_f64().unwrap();
    let cycles = seconds * 1.98e9 / (4_194_304.0 * 512.0);
    assert!((4.0..5.0).contains(&cycles), "{cycles}");
}

#[test]
fn a_real_gpu_fits_on_a_screen() {
    let screen = text(amdahl(&["show", H200]));
    let lines: Vec<&str> = screen.lines().collect();
    assert!(lines.len() <= 80 && lines.iter().all(|line| line.chars().count() <= 80), "{screen}");
    assert!(screen.starts_with("amdahl 0.1.0   NVIDIA H200, vulkan"), "{screen}");
    assert!(screen.contains("Speed changed during the run: 79.8 % slower, 44.4 % faster."), "{screen}");
    assert!(screen.contains("Stopped by the time outside the kernel"), "{screen}");
    // An average of two samples has no interval.
    let one_pass = lines.iter().find(|line| line.contains("all in one pass")).unwrap();
    assert!(one_pass.contains("1.83 µs") && !one_pass.contains('–'), "{one_pass}");
}

#[test]
fn its_page_is_written_from_the_saved_run() {
    let folder = tempfile::tempdir().unwrap();
    fs::copy(H200, folder.path().join("run.json")).unwrap();
    let page = text(amdahl(&["show", folder.path().to_str().unwrap(), "--format", "html"]));
    assert!(page.len() < 400_000 && page.contains("NVIDIA H200"), "{}", page.len());
}

#[test]
fn the_climb_names_the_best_kernel_of_each_size() {
    let said = text(amdahl(&["show", MATMUL, "climb"]));
    assert!(said.contains("shared-128x64 is 9.89 times"), "{said}");
    assert!(said.contains("shared-128x128 is 13.89 times"), "{said}");
}
