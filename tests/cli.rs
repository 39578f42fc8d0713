//! The binary as its users meet it: options, exit codes, messages, and what is left on disk.
//!
//! Everything here runs on the simulated device or the CPU, so it needs no graphics driver.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;

const EXPERIMENTS: [&str; 6] =
    ["fixed-size", "scaled-size", "problem-size", "workgroup-size", "launch-overhead", "transfers"];

fn amdahl(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_amdahl"))
        .args(arguments)
        .env("NODEVICE_SELECT", "1")
        .output()
        .expect("the binary starts")
}

fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).expect("standard output is UTF-8")
}

fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).expect("standard error is UTF-8")
}

/// Runs the binary and demands exit code 2, nothing on standard output, and a message with all of the words.
fn refused(arguments: &[&str], words: &[&str]) {
    let output = amdahl(arguments);
    let message = stderr(&output);
    assert_eq!(output.status.code(), Some(2), "{arguments:?}: {message}");
    assert!(output.stdout.is_empty(), "{arguments:?} printed a result");
    for word in words {
        assert!(message.contains(word), "{arguments:?} does not name {word:?}: {message}");
    }
    assert!(!message.contains("panicked"), "{message}");
}

/// Runs the binary on the simulated device and hands out the run as JSON.
fn simulated(arguments: &[&str]) -> Value {
    let mut all = vec!["run", "--no-save", "--format", "json", "--quick"];
    if !arguments.contains(&"--simulate") {
        all.extend(["--device", "simulated"]);
    }
    all.extend(arguments);
    let output = amdahl(&all);
    assert!(output.status.success(), "{}", stderr(&output));
    serde_json::from_slice(&output.stdout).expect("standard output is JSON")
}

#[test]
fn bad_options_are_refused_with_what_would_be_right() {
    refused(&["run", "no-such-question"], &["no-such-question", "fixed-size", "launch-overhead"]);
    refused(&["run", "--workload", "sort"], &["sort", "saxpy", "matmul"]);
    refused(&["run", "--workload", "matmul/huge"], &["huge", "naive", "tiled"]);
    refused(&["run", "--device", "voodoo 2"], &["voodoo 2", "cpu", "simulated"]);
    refused(&["run", "--device", ""], &["--device", "amdahl devices"]);
    refused(&["run", "--backend", "glide"], &["glide", "vulkan", "metal", "dx12"]);
    refused(&["run", "--format", "xml"], &["xml", "json"]);
    refused(&["run", "--quick", "--thorough"], &["--quick", "--thorough"]);
    refused(&["run", "launch-overhead", "--workload", "saxpy"], &["launch-overhead", "saxpy", "empty"]);
    refused(&["run", "--seed", "x"], &["--seed"]);
    refused(&["frobnicate", "now"], &["frobnicate"]);
}

#[test]
fn bad_counts_are_refused_with_the_option_named() {
    for option in ["--sizes", "--workers", "--workgroup-sizes"] {
        for value in ["", "0", "-1", "abc", "2^99", "10..2", "1..", "1,,2", "1e3x"] {
            refused(&["run", "--device", "simulated", option, value], &[option]);
        }
    }
    refused(&["run", "--device", "simulated", "--workgroup-sizes", "4096"], &["4096", "1024", "--workgroup-sizes"]);
}

#[test]
fn counts_that_no_device_can_run_are_refused() {
    for option in ["--sizes", "--workers", "--workgroup-sizes"] {
        refused(&["run", "--device", "simulated", option, "2^40"], &[option, "2^40", "4,294,967,295"]);
    }
    refused(
        &["run", "fixed-size", "--device", "simulated", "--no-save", "--sizes", "8", "--workers", "1000"],
        &["1000 workers for 8 items", "workers without work"],
    );
}

#[test]
fn options_that_mean_nothing_are_refused() {
    refused(
        &["run", "fixed-size", "--device", "simulated", "--workgroup-sizes", "8"],
        &["--workgroup-sizes", "workgroup-size"],
    );
    refused(&["run", "problem-size", "--device", "simulated", "--workers", "8"], &["--workers", "fixed-size"]);
    refused(&["run", "launch-overhead", "--device", "simulated", "--sizes", "8"], &["--sizes", "problem-size"]);
    refused(&["run", "--device", "cpu", "--backend", "vulkan"], &["--backend", "cpu"]);
}

#[test]
fn options_for_a_gpu_are_refused_elsewhere() {
    for device in ["cpu", "simulated"] {
        for wait in ["block", "spin"] {
            refused(&["run", "fixed-size", "--no-save", "--device", device, "--wait", wait], &["--wait", "GPU"]);
        }
    }
    let groups = ["run", "fixed-size", "--no-save", "--device", "cpu", "--workers-are", "workgroups"];
    refused(&groups, &["threads", "--device"]);
}

#[test]
fn shapes_are_for_matrices_and_honoured_there() {
    let run = ["run", "--device", "simulated", "--no-save"];
    let refused_with = |more: &[&str], words: &[&str]| refused(&[&run[..], more].concat(), words);
    refused_with(&["gains", "--workload", "saxpy", "--shape", "2x3x4"], &["saxpy has no matrices", "matmul or dense"]);
    refused_with(&["scaled-size", "--shape", "2x3x4"], &["--shape", "problem-size"]);
    refused_with(&["fixed-size", "--shape", "2x3x4"], &["nothing that was asked for has a shape", "matmul or dense"]);
    refused_with(&["gains", "--shape", "2x3x4", "--sizes", "8"], &["--shape", "--sizes"]);
    refused_with(&["gains", "--shape", "2x3"], &["MxKxN"]);
    refused_with(&["gains", "--shape", "2x3x2^40"], &["--shape", "4,294,967,295"]);
    for experiment in ["problem-size", "fixed-size", "gains", "workgroup-size", "safety-cost"] {
        let run = simulated(&[experiment, "--workload", "dense", "--shape", "20x300x40"]);
        let problem = &run["experiments"][0]["cases"][0]["problem"];
        assert_eq!(problem["matrix"], serde_json::json!({ "m": 20, "k": 300, "n": 40 }), "{experiment}");
    }
}

#[test]
fn gains_on_the_simulated_device_are_its_own_alone() {
    let run = simulated(&["gains", "--workload", "saxpy"]);
    let cases = run["experiments"][0]["cases"].as_array().unwrap();
    assert_eq!(cases.len(), 3);
    assert!(cases.iter().all(|case| case["rung"].is_null() && case["device_bytes"].is_null()), "{cases:?}");
    assert!(run["experiments"][0]["fits"][0]["over_scalar"].is_null());
}

#[test]
fn gains_on_the_cpu_are_those_of_its_rungs() {
    let arguments = ["run", "gains", "--device", "cpu", "--quick", "--no-save", "--format", "json"];
    let output = amdahl(&[&arguments[..], &["--workload", "mlp", "--sizes", "3"]].concat());
    assert!(output.status.success(), "{}", stderr(&output));
    let run: Value = serde_json::from_slice(&output.stdout).unwrap();
    let cases = run["experiments"][0]["cases"].as_array().unwrap();
    let rungs: Vec<&str> = cases.iter().map(|case| case["rung"].as_str().unwrap()).collect();
    assert_eq!(rungs, ["scalar", "simd", "threads", "tiny-tasks"]);
    assert!(cases.iter().all(|case| case["verified"]["right"].is_object()), "{cases:?}");
    assert!(!cfg!(target_os = "linux") || run["peak_host_bytes"].as_u64().unwrap() > 1 << 20);
}

#[test]
fn a_refused_run_leaves_no_folder() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("runs");
    let arguments = ["run", "fixed-size", "--device", "simulated", "--sizes", "8", "--workers", "1000", "--out"];
    refused(&[&arguments[..], &[out.to_str().unwrap()]].concat(), &["1000 workers"]);
    assert_eq!(std::fs::read_dir(&out).unwrap().count(), 0);
}

#[cfg(unix)]
#[test]
fn words_that_are_no_text_and_a_full_standard_error_are_no_panic() {
    use std::os::unix::ffi::OsStrExt;
    let folder = tempfile::tempdir().unwrap();
    let odd = folder.path().join(std::ffi::OsStr::from_bytes(b"\xff\xfe"));
    let run = Command::new(env!("CARGO_BIN_EXE_amdahl"))
        .args(["run", "fixed-size", "--workload", "fma", "--device", "simulated", "--quick", "--out"])
        .arg(&odd)
        .output()
        .unwrap();
    assert!(run.status.success(), "{}", stderr(&run));
    let full = std::fs::OpenOptions::new().write(true).open("/dev/full");
    if let Ok(full) = full {
        let status =
            Command::new(env!("CARGO_BIN_EXE_amdahl")).args(["report", "nothing"]).stderr(full).status().unwrap();
        assert_eq!(status.code(), Some(2));
    }
}

#[test]
fn one_worker_count_makes_no_finding_about_more() {
    let run = simulated(&["fixed-size", "--workload", "fma", "--workers", "64"]);
    let findings = run["findings"].to_string();
    assert!(!findings.contains("fastest"), "{findings}");
}

/// Gustafson's law is quoted while the kernel takes no longer, and not beyond.
#[test]
fn gustafsons_law_is_read_as_far_as_its_premise_holds() {
    let run = simulated(&["scaled-size", "--simulate", "serial=0,knee=256,noise=0.01"]);
    let fits = run["experiments"][0]["fits"].as_array().unwrap().clone();
    let whole = fits.iter().find(|fit| fit["quantity"] == "whole-job").unwrap();
    for point in whole["points"].as_array().unwrap() {
        let workers = point["workers"].as_u64().unwrap();
        assert_eq!(point["gustafson"].is_null(), workers > 256, "{point}");
    }
}

#[test]
fn a_bad_law_to_simulate_is_refused() {
    refused(&["run", "--simulate", "serial=2"], &["--simulate", "between 0 and 1"]);
    refused(&["run", "--simulate", "speed=2"], &["speed", "serial=0.01"]);
    refused(&["run", "--simulate", "launch=5parsec"], &["launch=5parsec"]);
    refused(&["run", "--device", "cpu", "--simulate", "serial=0.1"], &["--device simulated"]);
}

#[test]
fn an_output_folder_that_cannot_be_written_is_refused_before_measuring() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("a-file");
    std::fs::write(&file, "precious").unwrap();
    refused(&["run", "--device", "simulated", "--out", file.to_str().unwrap()], &["a-file", "--out", "--no-save"]);
    assert_eq!(std::fs::read_to_string(&file).unwrap(), "precious");
}

#[test]
fn files_that_are_no_run_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("run.json");
    let file = path.to_str().unwrap();
    refused(&["report", file], &["run.json", "folder of a saved run"]);
    for (text, words) in [
        ("", ["damaged", "run.json"]),
        ("{\"schema\": \"amdahl-run/1\", \"seed\": ", ["damaged", "run.json"]),
        ("{\"schema\": \"amdahl-run/1\"}", ["damaged", "version"]),
        ("[1, 2, 3]", ["no saved run", "amdahl-run/1"]),
        ("{\"schema\": \"someone-else/7\"}", ["someone-else/7", "amdahl-run/1"]),
        ("{\"schema\": \"amdahl-run/999\"}", ["newer version", "update"]),
    ] {
        std::fs::write(&path, text).unwrap();
        refused(&["report", file], &words);
        assert_eq!(std::fs::read_to_string(&path).unwrap(), text, "the file was touched");
    }
    std::fs::write(&path, b"\xff\xfe{}").unwrap();
    refused(&["report", file], &["run.json"]);
}

#[test]
fn help_and_version_succeed() {
    for arguments in [["--help"], ["--version"], ["help"]] {
        assert!(amdahl(&arguments).status.success());
    }
    assert!(stdout(&amdahl(&["run", "--help"])).contains("--workgroup-sizes"));
}

#[test]
fn devices_lists_the_cpu_and_marks_one_default() {
    let output = amdahl(&["devices", "--format", "json"]);
    assert!(output.status.success(), "{}", stderr(&output));
    let listed: Value = serde_json::from_slice(&output.stdout).unwrap();
    let devices = listed.as_array().expect("a list");
    assert!(devices.iter().any(|device| device["kind"] == "cpu"), "{listed}");
    assert_eq!(devices.iter().filter(|device| device["default"] == true).count(), 1, "{listed}");
    assert!(stdout(&amdahl(&["devices"])).contains("--device"));
}

#[test]
fn workloads_lists_every_workload_and_experiment() {
    let text = stdout(&amdahl(&["workloads"]));
    for name in ["empty", "add", "saxpy", "dot", "fma", "matmul", "naive", "tiled"].iter().chain(&EXPERIMENTS) {
        assert!(text.contains(name), "{name} is missing:\n{text}");
    }
}

#[test]
fn every_designed_experiment_runs_by_default() {
    let run = simulated(&[]);
    let names: Vec<&str> = run["experiments"].as_array().unwrap().iter().filter_map(|e| e["name"].as_str()).collect();
    for name in EXPERIMENTS {
        assert!(names.contains(&name), "{name} is missing in {names:?}");
    }
    assert_eq!(run["complete"], true);
    assert!(!run["findings"].as_array().unwrap().is_empty());
}

/// The kernel's fit of a fixed-size run on the simulated device.
fn kernel_fit(law: &str, seed: &str) -> Value {
    let run = simulated(&["fixed-size", "--workload", "fma", "--simulate", law, "--seed", seed]);
    let fits = run["experiments"][0]["fits"].as_array().unwrap().clone();
    fits.into_iter().find(|fit| fit["quantity"] == "kernel").expect("a fit of the kernel")
}

/// A 95 % interval misses now and then, and how many blocks fit into the time differs: eight of ten must hold it.
#[test]
fn a_planted_serial_fraction_is_found_inside_its_interval() {
    let mut held = 0;
    for seed in 1..=10 {
        let fit = kernel_fit("serial=0.01,knee=4096,noise=0.05", &seed.to_string());
        assert_eq!(fit["verdict"], "accepted", "{fit}");
        let serial = &fit["serial_fraction"];
        let (low, high) = (serial["low"].as_f64().unwrap(), serial["high"].as_f64().unwrap());
        assert!(high / low < 1.5, "seed {seed}: an interval this wide says nothing: {serial}");
        assert!(low < 0.0105 && 0.0095 < high, "seed {seed}: far from what was planted: {serial}");
        held += usize::from(low <= 0.01 && 0.01 <= high);
    }
    assert!(held >= 8, "only {held} of 10 intervals hold the planted value");
}

#[test]
fn a_job_without_a_serial_part_gets_no_serial_fraction() {
    let fit = kernel_fit("serial=0,knee=1024,noise=0.02", "1");
    assert!(fit["serial_fraction"].is_null(), "{fit}");
    assert!(!fit["reason"]["kind"].as_str().unwrap().is_empty());
}

/// A serial part inside the kernel is one that no phase timer sees: the report warns that timers and curve disagree.
#[test]
fn phase_timers_and_curve_that_disagree_are_told() {
    let text = |law| {
        let arguments = ["run", "fixed-size", "--workload", "fma", "--simulate", law, "--quick", "--no-save"];
        stdout(&amdahl(&arguments))
    };
    assert!(text("serial=0.2,knee=65536,noise=0.02").contains("less than the curve shows"));
    assert!(!text("serial=0,knee=65536,noise=0.02,launch=5ms").contains("the curve shows"));
}

#[test]
fn planted_launch_costs_are_found_by_their_rungs() {
    let run = simulated(&["launch-overhead", "--simulate", "launch=50us,noise=0.02"]);
    let fits = run["experiments"][0]["fits"].as_array().unwrap().clone();
    let planted = [
        ("one-pass", "whole", 2.5e-6),
        ("wait-each", "whole", 50e-6),
        ("read-back-each", "whole", 75e-6),
        ("one-pass-chained", "whole", 7.5e-6),
        ("pass-each-chained", "whole", 15e-6),
        ("wait-each", "encode", 12.5e-6),
        ("wait-each", "rest", 37.5e-6),
    ];
    for (rung, part, planted) in planted {
        let fit = fits.iter().find(|fit| fit["rung"] == rung && fit["part"] == part).unwrap();
        let (low, high) = (fit["slope"]["low"].as_f64().unwrap(), fit["slope"]["high"].as_f64().unwrap());
        assert!(low <= planted && planted <= high && high < 1.2 * low, "{rung}: {fit}");
    }
}

/// Start-up and rate of each path are those that were planted: shares of a launch of 50 µs, and of 10 GB/s.
#[test]
fn planted_transfers_are_found_by_their_paths() {
    let run = simulated(&["transfers", "--simulate", "launch=50us,noise=0.02"]);
    let fits = run["experiments"][0]["fits"].as_array().unwrap().clone();
    assert_eq!(fits.len(), 7, "four paths to the device, three of which lead back");
    for (path, start_up, rate) in
        [("staged", 10e-6, 10e9), ("fresh", 100e-6, 2.5e9), ("write-buffer", 50e-6, 5e9), ("mapped", 25e-6, 20e9)]
    {
        for phase in ["upload", "read-back"] {
            let Some(fit) = fits.iter().find(|fit| fit["path"] == path && fit["phase"] == phase) else {
                assert_eq!((path, phase), ("write-buffer", "read-back"));
                continue;
            };
            for (what, planted) in [("latency", start_up), ("rate", rate), ("half_size", start_up * rate)] {
                let (low, high) = (fit[what]["low"].as_f64().unwrap(), fit[what]["high"].as_f64().unwrap());
                // Of two dozen intervals of 95 % one may well miss, but not by much.
                let held = 0.98 * low <= planted && planted <= 1.02 * high;
                assert!(held && high < 1.3 * low, "{path} {phase} {what}: {fit}");
            }
        }
    }
}

#[test]
fn transfers_to_the_host_itself_are_refused() {
    refused(&["run", "transfers", "--device", "cpu", "--no-save"], &["the CPU works in the host's memory"]);
}

/// How many blocks fit into the time differs; what the first ones measured, and in which order, does not.
#[test]
fn the_same_seed_gives_the_same_run() {
    let beginning = |seed| {
        let run = simulated(&["fixed-size", "--workload", "fma", "--seed", seed]);
        let experiment = &run["experiments"][0];
        let first = |values: &Value| values.as_array().unwrap()[..3].to_vec();
        let times = |case: &Value| first(&case["phases"]["kernel"]["seconds"]);
        let times: Vec<_> = experiment["cases"].as_array().unwrap().iter().map(times).collect();
        (first(&experiment["order"]), times)
    };
    let (order, times) = beginning("5");
    assert_eq!((&order, &times), (&beginning("5").0, &beginning("5").1));
    assert_ne!(order, beginning("6").0);
    assert_ne!(times, beginning("6").1);
}

#[test]
fn every_block_measures_every_case_once_in_another_order() {
    let run = simulated(&["fixed-size", "--workload", "fma"]);
    let experiment = &run["experiments"][0];
    let cases = experiment["cases"].as_array().unwrap();
    let order: Vec<Vec<usize>> = serde_json::from_value(experiment["order"].clone()).unwrap();
    assert!(order.len() >= 7, "{} blocks", order.len());
    for block in &order {
        let mut sorted = block.clone();
        sorted.sort_unstable();
        // The number after the last case is the twin of one of them.
        assert_eq!(sorted, (0..=cases.len()).collect::<Vec<_>>());
    }
    assert!(order.windows(2).all(|pair| pair[0] != pair[1]), "two blocks in the same order");
    for case in cases {
        assert_eq!(case["phases"]["kernel"]["seconds"].as_array().unwrap().len(), order.len());
    }
}

#[test]
fn options_for_the_axes_are_honoured() {
    let run = simulated(&["fixed-size", "--workload", "saxpy", "--sizes", "1000,2^12", "--workers", "1..16"]);
    let experiments = run["experiments"].as_array().unwrap();
    assert_eq!(experiments.len(), 2);
    for (experiment, n) in experiments.iter().zip([1000, 4096]) {
        let cases = experiment["cases"].as_array().unwrap();
        let workers: Vec<u64> = cases.iter().filter_map(|case| case["workers"].as_u64()).collect();
        assert_eq!(workers, [1, 2, 4, 8, 16]);
        assert!(cases.iter().all(|case| case["problem"]["vector"]["n"] == n));
    }
    let run = simulated(&["workgroup-size", "--workload", "saxpy", "--workgroup-sizes", "5,32"]);
    let cases = run["experiments"][0]["cases"].as_array().unwrap().clone();
    let sizes: Vec<u64> = cases.iter().filter_map(|case| case["workgroup_size"].as_u64()).collect();
    assert_eq!(sizes, [5, 32]);
}

#[test]
fn workers_can_be_workgroups() {
    let run = simulated(&["fixed-size", "--workload", "fma", "--workers-are", "workgroups", "--workers", "1..8"]);
    let experiment = &run["experiments"][0];
    assert_eq!(experiment["workers_are"], "workgroups");
    for case in experiment["cases"].as_array().unwrap() {
        let (workers, groups) = (case["workers"].as_u64().unwrap(), case["workgroups"].as_u64().unwrap());
        assert_eq!(workers, groups * case["workgroup_size"].as_u64().unwrap());
        assert!(case["workgroup_size"].as_u64().unwrap() > 1);
    }
}

/// What was measured on the CPU is real, and every absent phase says why.
#[test]
fn the_cpu_is_measured_and_verified() {
    let output = amdahl(&["run", "fixed-size", "--device", "cpu", "--quick", "--no-save", "--format", "json"]);
    assert!(output.status.success(), "{}", stderr(&output));
    let run: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(run["device"]["kind"], "cpu");
    for experiment in run["experiments"].as_array().unwrap() {
        for case in experiment["cases"].as_array().unwrap() {
            assert!(case["verified"]["right"].is_object(), "{case}");
            for (phase, timing) in case["phases"].as_object().unwrap() {
                let measured = timing["seconds"].as_array().is_some_and(|seconds| !seconds.is_empty());
                let explained = timing["reason"].as_str().is_some_and(|reason| !reason.is_empty());
                assert!(measured != explained, "{phase}: {timing}");
            }
            let kernel = case["phases"]["kernel"]["seconds"].as_array().unwrap();
            assert!(kernel.iter().all(|seconds| seconds.as_f64().unwrap() > 0.0));
        }
    }
}

#[test]
fn a_run_is_saved_and_printed_again_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().to_str().unwrap();
    let first = amdahl(&["run", "fixed-size", "--device", "simulated", "--quick", "--out", out]);
    assert!(first.status.success(), "{}", stderr(&first));
    let second = amdahl(&["run", "fixed-size", "--device", "simulated", "--quick", "--out", out]);
    assert!(second.status.success());
    let runs: Vec<_> = std::fs::read_dir(out).unwrap().map(|entry| entry.unwrap().path()).collect();
    assert_eq!(runs.len(), 2, "a run was overwritten: {runs:?}");
    for run in &runs {
        let mut names: Vec<String> =
            std::fs::read_dir(run).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        assert_eq!(names, ["run.json", "samples.csv"]);
    }
    let printed: Vec<String> = runs.iter().map(|run| stdout(&amdahl(&["report", run.to_str().unwrap()]))).collect();
    assert!(printed.contains(&stdout(&first)) && printed.contains(&stdout(&second)));
    let run = runs[0].join("run.json");
    assert_eq!(printed[0], stdout(&amdahl(&["report", run.to_str().unwrap()])), "the file is as good as its folder");
    samples_match(&runs[0]);
}

/// `samples.csv` has one row for each sample in `run.json`.
fn samples_match(folder: &Path) {
    let run: Value = serde_json::from_str(&std::fs::read_to_string(folder.join("run.json")).unwrap()).unwrap();
    let mut samples = 0;
    for experiment in run["experiments"].as_array().unwrap() {
        for case in experiment["cases"].as_array().unwrap() {
            for timing in case["phases"].as_object().unwrap().values() {
                samples += timing["seconds"].as_array().map_or(0, Vec::len);
            }
        }
    }
    let rows = csv::Reader::from_path(folder.join("samples.csv")).unwrap().records().count();
    assert_eq!(rows, samples);
    assert!(samples > 100);
}

#[test]
fn every_format_is_what_it_says() {
    let print = |format| {
        let arguments = [
            "run",
            "fixed-size",
            "--device",
            "simulated",
            "--quick",
            "--no-save",
            "--workload",
            "fma",
            "--format",
            format,
        ];
        let output = amdahl(&arguments);
        assert!(output.status.success());
        assert_eq!(stderr(&output), "", "progress on a standard error that is no terminal");
        stdout(&output)
    };
    assert!(print("markdown").contains("| "));
    assert!(serde_json::from_str::<Value>(&print("json")).is_ok());
    assert!(print("csv").starts_with("experiment,workload,"));
    let text = print("text");
    assert!(text.contains("fixed-size") && text.contains("serial fraction"), "{text}");
    assert!(!text.contains("NaN") && !text.contains("inf "), "{text}");
}

#[test]
fn an_option_is_refused_where_a_named_experiment_cannot_use_it() {
    refused(
        &["run", "fixed-size", "launch-overhead", "--sizes", "100", "--device", "simulated", "--no-save"],
        &["--sizes means nothing for launch-overhead", "fixed-size"],
    );
    refused(
        &["run", "problem-size", "--workgroup-sizes", "8", "--device", "simulated", "--no-save"],
        &["--workgroup-sizes means nothing for problem-size", "workgroup-size"],
    );
}

/// A quick run answers each question once; a thorough one on everything that the experiment takes.
#[test]
fn the_effort_decides_how_many_workloads_are_measured() {
    let measured = |effort: &str| {
        let output =
            amdahl(&["run", "workgroup-size", effort, "--device", "simulated", "--no-save", "--format", "json"]);
        let run: Value = serde_json::from_slice(&output.stdout).expect("standard output is JSON");
        run["experiments"].as_array().unwrap().len()
    };
    assert_eq!(measured("--quick"), 1);
    assert!(measured("--thorough") >= 15);
}
