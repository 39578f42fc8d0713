//! The files of a run.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::experiment::fixture::{case, full_run, launch_overhead, measured, on_device, phases, run};
use crate::experiment::json;
use crate::page::samples_csv;
use crate::record::{Control, Order, Phase, Problem, Quantity, Run, Series};

#[test]
fn every_sample_is_a_row() {
    let full = full_run();
    let text = samples_csv(&full);
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let heads: Vec<String> = reader.headers().unwrap().iter().map(str::to_owned).collect();
    assert_eq!(heads[..4], ["experiment", "workload", "variant", "series"]);
    let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    let cases = || full.experiments.iter().flat_map(|experiment| &experiment.cases);
    let samples: usize = cases().flat_map(|case| case.phases.values()).map(|timing| timing.seconds().len()).sum();
    let whole_jobs = cases().map(|case| case.samples(Quantity::WholeJob).len()).sum::<usize>();
    assert_eq!(rows.len(), samples + whole_jobs);
    assert!(rows.iter().all(|row| !row[3].is_empty()), "a series without a name");
    assert_eq!(rows[0][3], *"device");
    let is_phase =
        |row: &&csv::StringRecord| row[heads.iter().position(|head| head == "phase").unwrap()] != *"whole-job";
    let last = rows.iter().rfind(is_phase).unwrap();
    assert_eq!(&last[3], "mapped");
    let cell = |head: &str| last[heads.iter().position(|one| one == head).unwrap()].to_owned();
    let cells = ["dispatches", "slices", "phase", "clock", "repetition"].map(cell);
    assert_eq!(cells, ["1", "1", "read-back", "host", "20"]);
    let seconds = cases().last().unwrap().seconds(Phase::ReadBack)[19];
    assert_eq!(cell("seconds").parse::<f64>().unwrap(), seconds);
    let last = rows.last().unwrap();
    let cell = |head: &str| last[heads.iter().position(|one| one == head).unwrap()].to_owned();
    assert_eq!(["phase", "clock", "repetition", "block"].map(cell), ["whole-job", "host", "20", "20"]);
    let seconds = cases().last().unwrap().samples(Quantity::WholeJob)[19];
    assert_eq!(last[heads.iter().position(|one| one == "seconds").unwrap()].parse::<f64>().unwrap(), seconds);
    let empty = samples_csv(&run(Vec::new()));
    assert_eq!(empty.trim_end().split(',').collect::<Vec<_>>(), heads);
}

/// Every case has columns that no other case has, and the second measurement of one of them is there, too.
#[test]
fn every_case_can_be_told_apart_in_the_samples() {
    let mut full = full_run();
    let branches = |run| {
        let problem = Problem::Branches { n: 1024, branches: 8, k: 64, run };
        let order = if run == 1 { Order::Scattered } else { Order::Sorted };
        case(on_device(problem, 1024).in_series(Series::Order(order)), phases(1e-3, 0.0, 1e-5, 0.0, run))
    };
    let cases = [1, 16, 32].map(branches).into();
    full.experiments.push(measured("divergence", "branches", cases));
    for experiment in &mut full.experiments {
        let twin = experiment.cases.last().cloned();
        experiment.control = twin.map(|twin| Control { of: experiment.cases.len() - 1, twin });
    }
    let text = samples_csv(&full);
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let heads: Vec<String> = reader.headers().unwrap().iter().map(str::to_owned).collect();
    let all: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    let is_sample = |head: &&str| ["phase", "clock", "repetition", "block", "seconds"].contains(head);
    let told = |row: &csv::StringRecord, without: &[&str]| -> Vec<String> {
        let cells =
            heads.iter().zip(row).filter(|(head, _)| !is_sample(&head.as_str()) && !without.contains(&head.as_str()));
        cells.map(|(_, cell)| cell.to_owned()).collect()
    };
    let distinct = |without: &[&str]| all.iter().map(|row| told(row, without)).collect::<BTreeSet<_>>().len();
    let cases: usize = full.experiments.iter().map(|experiment| experiment.cases.len() + 1).sum();
    assert_eq!(distinct(&[]), cases);
    // What a case is tells it apart in its experiment, whatever its number.
    assert_eq!(distinct(&["case_number"]), cases);
    let sorted = all.iter().find(|row| &row[3] == "sorted").unwrap();
    let cell = |row: &csv::StringRecord, head: &str| row[heads.iter().position(|one| one == head).unwrap()].to_owned();
    assert!(cell(sorted, "branch_run").parse::<u64>().unwrap() > 1);
    assert_eq!(
        ["transfer", "checks", "wait", "twin"].map(|head| cell(sorted, head)),
        ["staged", "checked", "block", "false"]
    );
    assert_eq!(cell(all.last().unwrap(), "twin"), "true");
}

/// What versions before this one did not write has its default.
#[test]
fn a_run_saved_before_is_still_read() {
    fn strip(value: &mut Value) {
        match value {
            Value::Object(fields) => {
                for later in [
                    "wait",
                    "transfer",
                    "upload_bytes",
                    "read_back_bytes",
                    "rejected_timestamps",
                    "clamped_launches",
                    "task_elements",
                ] {
                    fields.remove(later);
                }
                fields.values_mut().for_each(strip);
            }
            Value::Array(values) => values.iter_mut().for_each(strip),
            _ => {}
        }
    }
    let run = run(vec![launch_overhead()]);
    let mut value: Value = serde_json::from_str(&json(&run)).unwrap();
    strip(&mut value);
    let read = Run::from_json(&value.to_string()).unwrap();
    assert_eq!(read.calibration.wait, None);
    let case = &read.experiments[0].cases[0];
    assert_eq!((case.wait, case.transfer, case.upload_bytes, case.rejected_timestamps), (None, None, 0, 0));
}

#[test]
fn a_saved_run_is_read_as_it_was_written() {
    let run = full_run();
    let text = json(&run);
    assert_eq!(Run::from_json(&text).unwrap(), run);
    assert!(text.ends_with("}\n"));
    assert_eq!(text.lines().count(), 1, "it grows by no line for each sample");
}
