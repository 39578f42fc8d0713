//! The files of a run.

use crate::finding::findings;
use crate::finding::fixture::{full_run, run};
use crate::record::{Phase, Run};
use crate::report::{json, samples_csv};

#[test]
fn every_sample_is_a_row() {
    let full = full_run();
    let bytes = samples_csv(&full).unwrap();
    let mut reader = csv::Reader::from_reader(bytes.as_slice());
    let heads: Vec<String> = reader.headers().unwrap().iter().map(str::to_owned).collect();
    assert_eq!(heads[..4], ["experiment", "workload", "variant", "rung"]);
    let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    let cases = || full.experiments.iter().flat_map(|experiment| &experiment.cases);
    let samples: usize = cases().flat_map(|case| case.phases.values()).map(|timing| timing.seconds().len()).sum();
    assert_eq!(rows.len(), samples);
    let last = rows.last().unwrap();
    assert_eq!(&last[3], "read-back-each");
    let cell = |head: &str| last[heads.iter().position(|one| one == head).unwrap()].to_owned();
    let cells = ["dispatches", "slices", "phase", "clock", "repetition"].map(cell);
    assert_eq!(cells, ["256", "1", "launch", "host", "20"]);
    let seconds = cases().last().unwrap().seconds(Phase::Launch)[19];
    assert_eq!(cell("seconds").parse::<f64>().unwrap(), seconds);
    let empty = String::from_utf8(samples_csv(&run(Vec::new())).unwrap()).unwrap();
    assert_eq!(empty.lines().count(), 1);
}

#[test]
fn a_saved_run_is_read_as_it_was_written() {
    let mut run = full_run();
    run.findings = findings(&run);
    let text = json(&run).unwrap();
    assert_eq!(Run::from_json(&text).unwrap(), run);
    assert!(text.ends_with("}\n"));
    let samples = text.lines().filter(|line| line.trim_start().starts_with("\"seconds\": [")).count();
    assert!(samples > 100, "{samples} lines of samples");
}
