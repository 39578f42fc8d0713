//! What a run measures, finds and leaves on disk.

use std::path::Path;

use serde_json::Value;

use crate::common::{amdahl, items, json, number, simulated, text};

#[test]
fn shapes_of_matrices_are_honoured() {
    for experiment in ["problem-size", "fixed-size", "gains", "workgroup-size", "safety-cost"] {
        let run = simulated(&[experiment, "--workload", "dense", "--shape", "20x300x40"]);
        let problem = &run["experiments"][0]["cases"][0]["problem"];
        assert_eq!(problem["matrix"], serde_json::json!({ "m": 20, "k": 300, "n": 40 }), "{experiment}");
    }
}

#[test]
fn gains_on_the_simulated_device_are_its_own_alone() {
    let run = simulated(&["gains", "--workload", "saxpy"]);
    let cases = items(&run["experiments"][0]["cases"]);
    assert_eq!(cases.len(), 3);
    assert!(cases.iter().all(|case| case["series"] == "device" && case["device_bytes"].is_null()), "{cases:?}");
    assert!(run["experiments"][0]["reading"][0]["over_scalar"].is_null());
}

#[test]
fn gains_on_the_cpu_are_those_of_its_baselines() {
    let arguments = ["run", "gains", "--device", "cpu", "--quick", "--no-save", "--format", "json"];
    let output = amdahl(&[&arguments[..], &["--workload", "mlp", "--sizes", "3"]].concat());
    let run = json(output);
    let cases = items(&run["experiments"][0]["cases"]);
    let baselines: Vec<&str> = cases.iter().map(|case| case["series"].as_str().unwrap()).collect();
    assert_eq!(baselines, ["scalar", "simd", "threads", "tiny-tasks"]);
    assert!(cases.iter().all(|case| case["verified"]["right"].is_object()), "{cases:?}");
    assert!(!cfg!(target_os = "linux") || run["peak_host_bytes"].as_u64().unwrap() > 1 << 20);
}

#[cfg(unix)]
#[test]
fn words_that_are_no_text_and_a_full_standard_error_are_no_panic() {
    use std::os::unix::ffi::OsStrExt;

    use crate::common::binary;
    let folder = tempfile::tempdir().unwrap();
    let odd = folder.path().join(std::ffi::OsStr::from_bytes(b"\xff\xfe"));
    let run = binary()
        .args(["run", "fixed-size", "--workload", "fma", "--device", "simulated", "--quick", "--out"])
        .arg(&odd)
        .output()
        .unwrap();
    text(run);
    if let Ok(full) = std::fs::OpenOptions::new().write(true).open("/dev/full") {
        let mut report = std::process::Command::new(env!("CARGO_BIN_EXE_amdahl"));
        assert_eq!(report.args(["report", "nothing"]).stderr(full).status().unwrap().code(), Some(2));
    }
}

#[test]
fn one_worker_count_makes_no_finding_about_more() {
    let run = simulated(&["fixed-size", "--workload", "fma", "--workers", "64"]);
    let findings = run["findings"].to_string();
    assert!(!findings.contains(" workers make "), "{findings}");
}

/// Gustafson's law is quoted while the kernel takes no longer, and not beyond.
#[test]
fn gustafsons_law_is_read_as_far_as_its_premise_holds() {
    let run = simulated(&["scaled-size", "--simulate", "serial=0,knee=256,noise=0.01"]);
    for point in items(&run["experiments"][0]["reading"]["whole_job"]["points"]) {
        let workers = point["workers"].as_u64().unwrap();
        assert_eq!(point["gustafson"].is_null(), workers > 256, "{point}");
    }
}

#[test]
fn every_experiment_runs_by_default() {
    let run = simulated(&["--simulate", "noise=0.01"]);
    let mut names: Vec<&str> = items(&run["experiments"]).iter().filter_map(|one| one["name"].as_str()).collect();
    names.dedup();
    assert_eq!(names, amdahl::experiment::all().iter().map(|experiment| experiment.name()).collect::<Vec<_>>());
    assert_eq!(run["complete"], true);
    assert!(!items(&run["findings"]).is_empty());
}

/// A thorough run measures every workload but the two that only serve the program itself, and what it cannot is said.
#[test]
fn every_workload_is_measured_by_some_experiment() {
    let run = json(amdahl(&["run", "--thorough", "--no-save", "--format", "json", "--simulate", "noise=0.01"]));
    let measured = |name: &str| items(&run["experiments"]).iter().any(|one| one["workload"] == name);
    for workload in amdahl::workload::all() {
        assert!(measured(workload.name()), "no experiment measures {}", workload.name());
    }
}

/// The kernel's fit of a fixed-size run on the simulated device.
fn kernel_fit(law: &str, seed: &str) -> Value {
    let run = simulated(&["fixed-size", "--workload", "fma", "--simulate", law, "--seed", seed]);
    run["experiments"][0]["reading"]["kernel"].clone()
}

/// A 95 % interval misses now and then, and how many blocks fit into the time differs: eight of ten must hold it.
#[test]
fn a_planted_serial_fraction_is_found_inside_its_interval() {
    let mut held = 0;
    for seed in 1..=10 {
        let fit = kernel_fit("serial=0.01,knee=4096,noise=0.05", &seed.to_string());
        assert_eq!(fit["verdict"], "accepted", "{fit}");
        let serial = &fit["serial_fraction"];
        let (low, high) = (number(&serial["low"]), number(&serial["high"]));
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

#[test]
fn planted_launch_costs_are_found_by_their_styles() {
    let run = simulated(&["launch-overhead", "--simulate", "launch=50us,noise=0.02"]);
    let fits = items(&run["experiments"][0]["reading"]).to_vec();
    let planted = [
        ("one-pass", "whole", 2.5e-6),
        ("wait-each", "whole", 50e-6),
        ("read-back-each", "whole", 75e-6),
        ("one-pass-chained", "whole", 7.5e-6),
        ("pass-each-chained", "whole", 15e-6),
        ("one-pass-arguments", "whole", 5e-6),
        ("wait-each-arguments", "whole", 52.5e-6),
        ("wait-each", "encode", 12.5e-6),
        ("wait-each", "rest", 37.5e-6),
    ];
    for (series, part, planted) in planted {
        let fit = fits.iter().find(|fit| fit["series"] == series && fit["part"] == part).unwrap();
        let (low, high) = (number(&fit["slope"]["low"]), number(&fit["slope"]["high"]));
        assert!(low <= planted && planted <= high && high < 1.2 * low, "{series}: {fit}");
    }
}

/// Start-up and rate of each transfer method are those that were planted: shares of a launch of 50 µs, and of 10 GB/s.
#[test]
fn planted_transfers_are_found_by_their_methods() {
    let run = simulated(&["transfers", "--simulate", "launch=50us,noise=0.02"]);
    let fits = items(&run["experiments"][0]["reading"]).to_vec();
    assert_eq!(fits.len(), 7, "four ways to the device, three of which lead back");
    for (method, start_up, rate) in
        [("staged", 10e-6, 10e9), ("fresh", 100e-6, 2.5e9), ("write-buffer", 50e-6, 5e9), ("mapped", 25e-6, 20e9)]
    {
        for phase in ["upload", "read-back"] {
            let Some(fit) = fits.iter().find(|fit| fit["series"] == method && fit["phase"] == phase) else {
                assert_eq!((method, phase), ("write-buffer", "read-back"));
                continue;
            };
            for (what, planted) in [("latency", start_up), ("rate", rate), ("half_size", start_up * rate)] {
                let (low, high) = (number(&fit[what]["low"]), number(&fit[what]["high"]));
                // Of two dozen intervals of 95 % one may well miss, but not by much.
                let held = 0.98 * low <= planted && planted <= 1.02 * high;
                assert!(held && high < 1.3 * low, "{method} {phase} {what}: {fit}");
            }
        }
    }
}

/// How many blocks fit into the time differs; what the first ones measured, and in which order, does not.
#[test]
fn the_same_seed_gives_the_same_run() {
    let beginning = |seed| {
        let run = simulated(&["fixed-size", "--workload", "fma", "--seed", seed]);
        let experiment = &run["experiments"][0];
        let first = |values: &Value| items(values)[..3].to_vec();
        let times = |case: &Value| first(&case["phases"]["kernel"]["seconds"]);
        let times: Vec<_> = items(&experiment["cases"]).iter().map(times).collect();
        (first(&experiment["order"]), times)
    };
    let (order, times) = beginning("5");
    assert_eq!((&order, &times), (&beginning("5").0, &beginning("5").1));
    assert_ne!(order, beginning("6").0);
    assert_ne!(times, beginning("6").1);
}

#[test]
fn every_block_is_in_another_order_and_slow_cases_sit_out_evenly() {
    let run = simulated(&["fixed-size", "--workload", "fma"]);
    let experiment = &run["experiments"][0];
    let cases = items(&experiment["cases"]);
    let order: Vec<Vec<usize>> = serde_json::from_value(experiment["order"].clone()).unwrap();
    assert!(order.len() >= 7, "{} blocks", order.len());
    let mut first = order[0].clone();
    first.sort_unstable();
    // The number after the last case is the twin of one of them.
    assert_eq!(first, (0..=cases.len()).collect::<Vec<_>>());
    assert!(order.windows(2).all(|pair| pair[0] != pair[1]), "two blocks in the same order");
    for (index, case) in cases.iter().enumerate() {
        let present: Vec<usize> = (0..order.len()).filter(|&block| order[block].contains(&index)).collect();
        assert_eq!(items(&case["phases"]["kernel"]["seconds"]).len(), present.len());
        assert!(present.len() >= 6, "case {index} has {} samples", present.len());
        // From the first blocks to the last, with gaps of one length, give or take one block.
        let gaps: Vec<usize> = present[1..].windows(2).map(|pair| pair[1] - pair[0]).collect();
        let (least, most) = (gaps.iter().min().unwrap(), gaps.iter().max().unwrap());
        assert!(most - least <= 1 && order.len() - present[present.len() - 1] <= most + 1, "case {index}: {present:?}");
    }
}

#[test]
fn options_for_the_axes_are_honoured() {
    let run = simulated(&["fixed-size", "--workload", "saxpy", "--sizes", "1000,2^12", "--workers", "1..16"]);
    let experiments = items(&run["experiments"]);
    assert_eq!(experiments.len(), 2);
    for (experiment, n) in experiments.iter().zip([1000, 4096]) {
        let cases = items(&experiment["cases"]);
        let workers: Vec<u64> = cases.iter().filter_map(|case| case["workers"].as_u64()).collect();
        assert_eq!(workers, [1, 2, 4, 8, 16]);
        assert!(cases.iter().all(|case| case["problem"]["vector"]["n"] == n));
    }
    let run = simulated(&["workgroup-size", "--workload", "saxpy", "--workgroup-sizes", "5,32"]);
    let cases = items(&run["experiments"][0]["cases"]).to_vec();
    let sizes: Vec<u64> = cases.iter().filter_map(|case| case["workgroup_size"].as_u64()).collect();
    assert_eq!(sizes, [5, 32]);
}

#[test]
fn workers_can_be_workgroups() {
    let run = simulated(&["fixed-size", "--workload", "fma", "--workers-are", "workgroups", "--workers", "1..8"]);
    let experiment = &run["experiments"][0];
    assert_eq!(experiment["workers_are"], "workgroups");
    for case in items(&experiment["cases"]) {
        let [workers, size] = ["workers", "workgroup_size"].map(|field| case[field].as_u64().unwrap());
        assert!(size > 1 && workers % size == 0 && workers / size <= 8, "{case}");
    }
}

/// What was measured on the CPU is real, and every absent phase says why.
#[test]
fn the_cpu_is_measured_and_verified() {
    let output = amdahl(&["run", "fixed-size", "--device", "cpu", "--quick", "--no-save", "--format", "json"]);
    let run = json(output);
    assert_eq!(run["device"]["kind"], "cpu");
    for experiment in items(&run["experiments"]) {
        for case in items(&experiment["cases"]) {
            assert!(case["verified"]["right"].is_object(), "{case}");
            for (phase, timing) in case["phases"].as_object().unwrap() {
                let measured = timing["seconds"].as_array().is_some_and(|seconds| !seconds.is_empty());
                let explained = timing["reason"].as_str().is_some_and(|reason| !reason.is_empty());
                assert!(measured != explained, "{phase}: {timing}");
            }
            let kernel = items(&case["phases"]["kernel"]["seconds"]);
            assert!(kernel.iter().all(|seconds| number(seconds) > 0.0));
        }
    }
}

#[test]
fn a_run_is_saved_and_printed_again_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().to_str().unwrap();
    let run = || text(amdahl(&["run", "fixed-size", "--device", "simulated", "--quick", "--full", "--out", out]));
    let (first, second) = (run(), run());
    let runs: Vec<_> = std::fs::read_dir(out).unwrap().map(|entry| entry.unwrap().path()).collect();
    assert_eq!(runs.len(), 2, "a run was overwritten: {runs:?}");
    for run in &runs {
        let mut names: Vec<String> =
            std::fs::read_dir(run).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        assert_eq!(names, ["cases.csv", "report.html", "run.json", "samples.csv"]);
    }
    let report = |path: &Path| text(amdahl(&["show", path.to_str().unwrap(), "all"]));
    let printed: Vec<String> = runs.iter().map(|run| report(run)).collect();
    assert!(printed.contains(&first) && printed.contains(&second));
    assert_eq!(printed[0], report(&runs[0].join("run.json")), "the file is as good as its folder");
    samples_match(&runs[0]);
}

/// A bar is for a terminal: whoever reads the messages of a run that is saved finds notices alone.
#[test]
fn no_bar_is_written_where_there_is_no_terminal() {
    let output = amdahl(&["run", "launch-overhead", "--device", "simulated", "--quick", "--no-save"]);
    let notices = crate::common::message(&output);
    assert!(!notices.contains("left") && !notices.contains('\u{1b}') && !notices.contains('\r'), "{notices}");
}

/// `samples.csv` has one row for each sample in `run.json`, those of the twins included, and one for each whole job.
fn samples_match(folder: &Path) {
    let run: Value = serde_json::from_str(&std::fs::read_to_string(folder.join("run.json")).unwrap()).unwrap();
    let mut samples = 0;
    for experiment in items(&run["experiments"]) {
        for case in items(&experiment["cases"]).iter().chain([&experiment["control"]["twin"]]) {
            let count = |timing: &Value| timing["seconds"].as_array().map_or(0, Vec::len);
            samples += case["phases"].as_object().unwrap().values().map(count).sum::<usize>();
            // A whole job needs its transfers.
            let kernels = count(&case["phases"]["kernel"]);
            let transfers = ["upload", "read-back"].map(|phase| count(&case["phases"][phase])).into_iter().max();
            samples += transfers.filter(|transfers| *transfers > 0).map_or(kernels, |transfers| transfers.min(kernels));
        }
    }
    let rows = csv::Reader::from_path(folder.join("samples.csv")).unwrap().records().count();
    assert_eq!(rows, samples);
    assert!(samples > 100);
}

/// A quick run answers each question once; a thorough one on everything that the experiment takes.
#[test]
fn the_effort_decides_how_many_workloads_are_measured() {
    let measured = |effort: &str| {
        let arguments = ["run", "workgroup-size", effort, "--device", "simulated", "--no-save", "--format", "json"];
        let run = json(amdahl(&arguments));
        items(&run["experiments"]).len()
    };
    assert_eq!(measured("--quick"), 1);
    assert!(measured("--thorough") >= 15);
}
