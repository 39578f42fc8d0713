//! Every figure of a run as a row of `cases.csv`.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::experiment::cases::Speedups;
use crate::experiment::fixture::{fixed_size, full_run, gains, run, split_work};
use crate::experiment::{cases_csv, json};
use crate::record::{LaunchStyle, Quantity, Run};
use crate::stats::Estimate;

/// The rows by their heads.
fn table(run: &Run) -> Vec<BTreeMap<String, String>> {
    let text = cases_csv(run);
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let heads = reader.headers().unwrap().clone();
    let row = |row: csv::StringRecord| heads.iter().map(str::to_owned).zip(row.iter().map(str::to_owned)).collect();
    reader.records().map(|record| row(record.unwrap())).collect()
}

fn number(row: &BTreeMap<String, String>, head: &str) -> f64 {
    row[head].parse().unwrap_or_else(|_| panic!("{head} of {row:?}"))
}

#[test]
fn each_case_has_a_row_for_each_quantity_with_the_speedup_that_the_report_shows() {
    let run = run(vec![fixed_size(14.0)]);
    let rows = table(&run);
    for (quantity, name) in [(Quantity::Kernel, "kernel"), (Quantity::WholeJob, "whole-job")] {
        let speedups = Speedups::of(&run.experiments[0], quantity).unwrap();
        let found: Vec<_> = rows.iter().filter(|row| row["quantity"] == name).collect();
        assert_eq!(found.len(), run.experiments[0].cases.len());
        for (row, (timed, speedup)) in found.iter().zip(&speedups.points) {
            assert_eq!(number(row, "workers"), timed.case.workers as f64);
            let cells = ["median", "low", "high"].map(|head| number(row, head));
            assert_eq!(cells, [timed.time.median, timed.time.low, timed.time.high]);
            let [value, low, high] = ["speedup", "speedup_low", "speedup_high"].map(|head| number(row, head));
            assert_eq!(Estimate { value, low, high }, *speedup);
            let cells = ["series", "unit", "samples", "base", "n", "device"].map(|head| row[head].as_str());
            assert_eq!(cells, ["device", "s", "20", "1", "1048576", "Some GPU 4000"]);
        }
    }
    for phase in ["set-up", "upload", "launch", "read-back"] {
        let row = rows.iter().find(|row| row["quantity"] == phase && row["workers"] == "16").unwrap();
        assert!(number(row, "median") > 0.0 && row["speedup"].is_empty(), "{row:?}");
    }
}

#[test]
fn gains_are_over_the_scalar_loop_from_inputs_in_memory() {
    let rows = table(&run(vec![gains(2e-9)]));
    let of = |series: &str| {
        let is_it = |row: &&BTreeMap<_, _>| row["series"] == series && row["quantity"] == "whole-job-from-memory";
        rows.iter().find(is_it).unwrap_or_else(|| panic!("no row of {series}")).clone()
    };
    let [scalar, threads] = ["scalar", "threads"].map(of);
    let ratio = number(&scalar, "median") / number(&threads, "median");
    assert!((number(&threads, "speedup") / ratio - 1.0).abs() < 1e-12);
    assert_eq!((scalar["speedup"].as_str(), threads["base"] == scalar["case_number"]), ("1.0", true));
}

/// A number is known by its experiment, series, size, workers and name, and stands in JSON under the same name.
#[test]
fn every_number_has_one_name_in_every_file() {
    let mut run = full_run();
    run.experiments.push(split_work(LaunchStyle::WaitEach, 1e-6, 41e-6));
    run.calibration.launch_floor = Estimate::finite(20e-9, 10e-9, 30e-9);
    let rows = table(&run);
    let heads = ["experiment_number", "case_number", "series", "n", "workers", "quantity"];
    let keys: BTreeSet<Vec<String>> = rows.iter().map(|row| heads.map(|head| row[head].clone()).to_vec()).collect();
    assert_eq!(keys.len(), rows.len(), "two rows say the same");
    let value: Value = serde_json::from_str(&json(&run)).unwrap();
    let experiments = value["experiments"].as_array().unwrap();
    let lists = experiments.iter().map(|experiment| &experiment["numbers"]).chain([&value["numbers"]]);
    let numbers: Vec<&Value> = lists.flat_map(|list| list.as_array().unwrap()).collect();
    for name in ["launch floor", "kernel fitted ceiling", "whole-job serial fraction", "one more launch"] {
        assert!(numbers.iter().any(|number| number["name"] == name), "no {name}");
    }
    for number in &numbers {
        let same = rows.iter().find(|row| {
            row["case_number"].is_empty()
                && row["quantity"] == number["name"].as_str().unwrap()
                && row["series"] == number["series"].as_str().unwrap()
                && row["median"].parse().ok() == number["value"].as_f64()
        });
        assert!(same.is_some_and(|row| row["unit"] == number["unit"].as_str().unwrap()), "{number}");
    }
    assert_eq!(rows.iter().filter(|row| row["case_number"].is_empty()).count(), numbers.len());
}

#[test]
fn marks_tell_what_to_know_of_a_row() {
    let mut run = run(vec![fixed_size(14.0)]);
    run.complete = false;
    run.calibration.launch_floor = Estimate::finite(15e-6, 14e-6, 16e-6);
    run.experiments[0].cases[0].case.parts = 4;
    // Fourteen at once: from sixteen workers on the kernel takes 15.1 ms, which is long beside the floor.
    run.experiments.push(fixed_size(1e9));
    let rows = table(&run);
    let marks = |experiment: &str, workers: &str, quantity: &str| {
        let is_it = |row: &&BTreeMap<String, String>| {
            row["experiment_number"] == experiment && row["workers"] == workers && row["quantity"] == quantity
        };
        let of_case = |row: &&BTreeMap<String, String>| !row["case_number"].is_empty();
        rows.iter().filter(of_case).find(is_it).unwrap()["marks"].clone()
    };
    assert_eq!(marks("1", "1", "kernel"), "in-parts partial");
    assert_eq!(marks("1", "16", "kernel"), "partial");
    assert_eq!(marks("2", "1048576", "kernel"), "near-floor partial");
    assert_eq!(marks("2", "1048576", "whole-job"), "partial");
}

#[test]
fn names_from_outside_are_no_formulas_and_an_empty_run_has_heads() {
    let mut odd = run(vec![fixed_size(14.0)]);
    odd.device.name = "=HYPERLINK(\"x\")\u{1b}[31m".to_owned();
    let rows = table(&odd);
    assert_eq!(rows[0]["device"], "'=HYPERLINK(\"x\") [31m");
    let heads = |run: &Run| cases_csv(run).lines().next().unwrap().to_owned();
    let empty = run(Vec::new());
    assert_eq!((heads(&empty), cases_csv(&empty).lines().count()), (heads(&odd), 1));
}
