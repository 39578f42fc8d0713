//! Truths planted in the simulated device, found again by the experiments that cut, branch, turn the dial and drop
//! checks.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod common;

use common::{items, number, refused, simulated};
use serde_json::Value;

/// A quick run of experiments on the simulated device, with the law planted.
fn planted(law: &str, experiments: &[&str]) -> Value {
    simulated(&[experiments, &["--simulate", law]].concat())
}

fn experiment<'a>(run: &'a Value, name: &str) -> &'a Value {
    items(&run["experiments"]).iter().find(|one| one["name"] == name).unwrap()
}

fn lines(experiment: &Value) -> &[Value] {
    items(&experiment["reading"])
}

fn findings(run: &Value) -> String {
    run["findings"].to_string()
}

/// The interval is near what was planted: one in twenty misses it, so it may be off by a little.
fn near(estimate: &Value, planted: f64, tolerance: f64) {
    let (low, high) = (number(&estimate["low"]), number(&estimate["high"]));
    assert!(low <= planted * (1.0 + tolerance) && planted / (1.0 + tolerance) <= high, "{estimate}, not {planted}");
    assert!(high < 1.5 * low, "{estimate} says nothing of {planted}");
}

/// 50 µs a launch that is waited for; in one pass a twentieth, and a tenth for waiting for the slice before.
#[test]
fn the_cost_of_cutting_a_job_is_the_planted_launch() {
    let law = "launch=50us,noise=0.01,serial=0,knee=4096";
    let run = planted(law, &["launch-overhead", "split-work"]);
    for (series, cost) in [("one-pass", 7.5e-6), ("wait-each", 50e-6)] {
        let split = experiment(&run, "split-work");
        let fit = lines(split).iter().find(|fit| fit["series"] == series).unwrap();
        assert_eq!(fit["verdict"], "accepted", "{fit}");
        near(&fit["slope"], cost, 0.03);
        // Slices of 4,096 workers or more fill the planted hardware: the kernels together take no longer.
        near(&fit["kernel_growth"], 1.0, 0.03);
        let case = items(&split["cases"]).iter().find(|case| case["slices"] == 1).unwrap();
        let work = 1e-9 * number(&case["flop"]) / 4096.0;
        let launches = 256.0 * cost;
        near(&fit["share"], launches / (launches + work + 50e-6 - cost), 0.05);
    }
    assert!(findings(&run).contains("the same within the noise"), "{}", findings(&run));
}

/// Slices of fewer workers than the hardware holds leave it idle: the kernels grow, and the ladder does not explain it.
#[test]
fn slices_that_are_too_small_are_told_from_launches() {
    let law = "launch=5us,noise=0.01,serial=0,knee=65536";
    let run = planted(law, &["launch-overhead", "split-work"]);
    let fit = lines(experiment(&run, "split-work")).iter().find(|fit| fit["series"] == "one-pass").unwrap();
    near(&fit["kernel_growth"], 16.0, 0.05);
    // 2^20 workers, of which 65,536 fill the planted hardware: 16 slices do, 64 do not.
    assert_eq!(fit["filled_up_to"], 16, "{fit}");
    near(&fit["filled_slope"], 0.75e-6, 0.03);
    assert!(findings(&run).contains("Up to 16 pieces the pieces are as fast as the whole"), "{}", findings(&run));
    assert!(findings(&run).contains("Smaller slices leave workers idle"), "{}", findings(&run));
}

/// Memory is the limit up to the planted ridge, and a workload is on the side that its flop per byte say.
#[test]
fn the_planted_ridge_is_found_and_parts_the_workloads() {
    let run = planted("ridge=6,noise=0.02,serial=0,knee=4096", &["intensity"]);
    let fit = &experiment(&run, "intensity")["reading"];
    assert_eq!(fit["verdict"], "accepted", "{fit}");
    near(&fit["ridge"], 6.0, 0.05);
    // One flop takes a nanosecond on one of 4,096 workers.
    near(&fit["peak_flops"], 4096e9, 0.05);
    near(&fit["bandwidth"], 4096e9 / 6.0, 0.05);
    let side = |name: &str| {
        let workloads = items(&fit["workloads"]);
        workloads.iter().find(|one| one["workload"] == name).unwrap()["bound"].clone()
    };
    assert_eq!((side("saxpy"), side("fma"), side("matmul")), ("memory".into(), "compute".into(), "compute".into()));
}

#[test]
fn a_ridge_beyond_every_kernel_is_refused_in_words() {
    for (ridge, roof) in [("1000", "the highest memory rate is 1"), ("0.002", "the highest compute rate is ")] {
        let law = format!("ridge={ridge},noise=0.01,serial=0,knee=1048576");
        let run = planted(&law, &["intensity", "--sizes", "2^16"]);
        let fit = &experiment(&run, "intensity")["reading"];
        assert_eq!(fit["verdict"], "insufficient-range", "{fit}");
        assert!(fit["ridge"].is_null() && findings(&run).contains(roof), "{}", findings(&run));
    }
}

/// A tenth for bounds checks, a twentieth for loop bounds, a quarter for clearing memory that only tiles have.
#[test]
fn the_planted_price_of_each_check_is_found() {
    let law = "bounds=0.1,loop-bounds=0.01,zero-init=0.25,noise=0.01";
    let run = planted(law, &["safety-cost", "--workload", "matmul/tiled"]);
    let tiled = experiment(&run, "safety-cost");
    for (series, left, comparison) in [
        ("no-bounds-checks", 0.9, "faster"),
        ("no-loop-bounds", 0.99, ""),
        ("no-zero-init", 0.75, "faster"),
        ("unchecked", 0.64, "faster"),
    ] {
        let fit = lines(tiled).iter().find(|fit| fit["series"] == series).unwrap();
        near(&fit["ratio"], 1.0 / left, 0.02);
        assert!(comparison.is_empty() || fit["comparison"] == comparison, "{fit}");
    }
    assert!(findings(&run).contains("Without all checks: 1.5"), "{}", findings(&run));
    let run = planted(law, &["safety-cost", "--workload", "matmul/naive"]);
    let naive = experiment(&run, "safety-cost");
    assert_eq!(lines(naive).len(), 3, "no memory to clear: {naive}");
    assert!(naive["skipped"].to_string().contains("no workgroup memory"));
    refused(&["run", "safety-cost", "--device", "cpu", "--no-save"], &["GPU kernels", "compiled code"]);
}

/// Paths that run one after the other, wholly or in part, up to the 32 lanes; sorted ones cost nothing.
#[test]
fn the_planted_price_of_a_path_is_found() {
    for (planted_price, words) in
        [(1.0, "of the first: they run one after the other."), (0.4, "of the first: they overlap in part.")]
    {
        let run = planted(&format!("divergence={planted_price},noise=0.01"), &["divergence"]);
        let fit = &experiment(&run, "divergence")["reading"];
        assert_eq!(fit["verdict"], "accepted", "{fit}");
        near(&fit["per_path"], planted_price, 0.03);
        near(&fit["full"], 1.0 + 31.0 * planted_price, 0.03);
        near(&fit["beyond"], 1.0, 0.03);
        near(&fit["sorted"], 1.0, 0.03);
        assert!(findings(&run).contains(words), "{}", findings(&run));
    }
    let free = planted("divergence=0,noise=0.01", &["divergence"]);
    assert!(
        findings(&free).contains("Each further branch in a subgroup costs nothing measurable."),
        "{}",
        findings(&free)
    );
    refused(&["run", "divergence", "--device", "cpu", "--no-save"], &["threads", "lanes"]);
}

#[test]
fn cutting_means_nothing_without_launches_or_for_work_that_hangs_together() {
    refused(&["run", "split-work", "--device", "cpu", "--no-save"], &["threads", "without launches"]);
    refused(&["run", "split-work", "--workload", "dot", "--device", "simulated"], &["saxpy", "fma"]);
    refused(&["run", "fixed-size", "--launches", "2", "--device", "simulated"], &["--launches", "split-work"]);
}

/// The findings of the kernel on the planted law, and its fit, for a seed.
fn lesson(law: &str, options: &[&str], seed: &str) -> (String, Value) {
    let law = format!("noise=0.02,{law}");
    let run = ["run", "fixed-size", "--workload", "fma", "--no-save", "--format", "json", "--seed", seed];
    let run = common::json(common::amdahl(&[&run[..], &["--simulate", &law], options].concat()));
    let reading = &experiment(&run, "fixed-size")["reading"];
    let kernel = items(&run["findings"])[0]["text"].as_str().unwrap().to_owned();
    (kernel, reading["kernel"].clone())
}

/// Each planted lesson with the sentence that it must give, for three seeds.
#[test]
fn every_planted_lesson_is_told_or_said_to_be_beyond_the_curve() {
    let few = &["--workers", "1,2,3,4,6,8,12,16"];
    let lessons: [(&str, &[&str], &[&str]); 14] = [
        (
            "cache=16",
            &[],
            &["Each of 16 workers does 1.4", "from 256 KiB to 128 KiB: it fits into a cache, or", "cannot tell which"],
        ),
        (
            "straggler=1.5",
            &[],
            &[
                "One worker alone does 1.",
                "waits for one slow worker, or the clock",
                "fraction falls from",
                "cannot tell",
            ],
        ),
        ("straggler=1.1", &[], &["One worker alone does 1.", "one slow worker, or the clock falls"]),
        ("communication=0.3", &[], &["pays a fixed cost, as for communication, or waits for one slow", "cannot tell"]),
        ("per-doubling=0.002", &[], &["Each doubling of the workers costs 13", "(log p), as", "fraction rises from"]),
        ("kappa=1e-6", &[], &["Each extra worker costs 6", "by the worker (p), as", "fraction rises from"]),
        (
            "kappa=1e-5,per-doubling=0.002",
            &[],
            &[
                "Each extra worker costs ",
                " and each doubling of the workers costs ",
                "One cost grows by the worker (p)",
            ],
        ),
        ("kappa=1e-6,per-doubling=0.002", &[], &["One cost grows by the worker (p)", "and another by the doubling"]),
        ("communication=0.02", &[], &["look the same here: below 5 % of T(1) the curve alone cannot tell them apart"]),
        (
            "cache=16,serial=0.1",
            &[],
            &["On 16 workers the time is 1.1", "times up to 8 and", "from 256 KiB to 128 KiB: it fits into a cache"],
        ),
        ("cache=64,serial=0.05", &[], &["On 64 workers the time is 1.0", "times up to 32 and", "cannot tell which"]),
        ("kappa=0.01,serial=0.2,noise=0.1", few, &["it cannot be told whether it grows by log p or by p"]),
        (
            "communication=0.01,overlap=1",
            &[],
            &["stops falling at about", "a fixed cost that hides", "cannot tell them apart"],
        ),
        (
            "kappa=1e-5,overlap=1",
            &[],
            &["The time falls up to 384 workers and rises", "hides behind the work", "cannot tell"],
        ),
    ];
    for (law, options, words) in lessons {
        for seed in ["1", "2", "3"] {
            let (said, _) = lesson(law, options, seed);
            for word in words {
                assert!(said.contains(word), "{law}, seed {seed}: no {word:?} in {said}");
            }
        }
    }
    // A law without a lesson gives none of the sentences.
    for seed in ["1", "2", "3"] {
        let (said, fit) = lesson("serial=0.01", &[], seed);
        assert!(!said.contains("cannot tell which") && fit["pattern"].is_null(), "{said}");
    }
}

/// The law that fits is the planted one, or that of the counts from which on it holds.
#[test]
fn the_law_of_a_lesson_is_recovered() {
    for seed in ["1", "2", "3"] {
        let (_, tree) = lesson("per-doubling=0.002,serial=0.01", &[], seed);
        assert_eq!(tree["verdict"], "accepted", "{tree}");
        near(&tree["per_doubling"], 0.002, 0.05);
        near(&tree["serial_fraction"], 0.01, 0.1);
        let (_, slow) = lesson("straggler=1.5,serial=0.01,knee=1e9", &[], seed);
        let rest = &slow["rebased"];
        assert_eq!((&slow["verdict"], &rest["verdict"]), (&"poor-fit".into(), &"accepted".into()), "{slow}");
        // From 2 workers on: 0.01 + 0.99 x 1.5 / p, of which 0.01 of 0.7525 is serial.
        near(&rest["serial_fraction"], 0.01 / 0.7525, 0.05);
        let (_, cached) = lesson("cache=16,serial=0.001,knee=1e9", &[], seed);
        near(&cached["rebased"]["serial_fraction"], 0.001 / (0.001 + 0.999 / 16.0 / 1.5), 0.05);
    }
}

/// No driver ends a planted kernel, however long: every count is measured.
#[test]
fn no_planted_count_is_left_out() {
    for law in ["serial=0.9", "kappa=0.01", "kappa=0.1"] {
        for effort in [&["--quick"][..], &[]] {
            let arguments =
                ["run", "fixed-size", "--workload", "fma", "--no-save", "--format", "json", "--simulate", law];
            let run = common::json(common::amdahl(&[&arguments[..], effort].concat()));
            let fixed = experiment(&run, "fixed-size");
            assert_eq!(items(&fixed["skipped"]), [] as [Value; 0], "{law} {effort:?}");
            assert!(items(&fixed["cases"]).len() > 15, "{law} {effort:?}");
        }
    }
}
