//! Runs that version 0.1.0 saved are read for ever, and their numbers stay what they were.
//!
//! `data/run-v1.json` was measured by that version on its simulated device: one small run of each experiment, put
//! together. Only some series of launch-overhead and transfers are kept, and only one twin.
//! `data/run-v1.txt` is the report that the version printed from it.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod common;

use common::{amdahl, items, json, text};
use serde_json::Value;

const SAVED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/run-v1.json");
const PRINTED: &str = include_str!("data/run-v1.txt");

/// How far a number may be from the saved one, relative to it.
const CLOSE: f64 = 1e-9;

/// The fields under which an experiment of any version may hold what the laws make of it.
const READINGS: [&str; 2] = ["fits", "reading"];

fn old() -> Value {
    serde_json::from_str(&std::fs::read_to_string(SAVED).unwrap()).unwrap()
}

/// Collects every number under a value, with the path that leads to it.
fn numbers(value: &Value, path: &str, found: &mut Vec<(String, f64)>) {
    match value {
        Value::Number(number) => found.push((path.to_owned(), number.as_f64().unwrap())),
        Value::Array(list) => {
            list.iter().enumerate().for_each(|(at, item)| numbers(item, &format!("{path}/{at}"), found));
        }
        Value::Object(fields) => fields.iter().for_each(|(key, item)| numbers(item, &format!("{path}/{key}"), found)),
        _ => {}
    }
}

/// What the laws make of an experiment, as numbers.
fn read(experiment: &Value) -> Vec<(String, f64)> {
    let mut found = Vec::new();
    for key in READINGS {
        numbers(&experiment[key], key, &mut found);
    }
    found
}

fn is_close(one: f64, other: f64) -> bool {
    one == other || (one - other).abs() <= CLOSE * one.abs().max(other.abs())
}

/// A fitted ceiling stood over the curve's time on one worker, and stands over the measured one since.
const MOVED: &str = "/attainable_ceiling/";

/// What has changed since on purpose: the fitted ceiling; whatever rests on the errors of a whole job, which have those
/// of its set-up in them since; and the constant law, which stands no longer beside a curve that falls.
fn has_changed(experiment: &str, path: &str) -> bool {
    let rests_on_errors = ["/low", "/high", "/goodness/", "residual_sd", "delta_aicc"];
    let is_whole_job = path.starts_with("fits/1/") && rests_on_errors.iter().any(|part| path.contains(part));
    let is_constant = experiment == "fixed-size" && path.starts_with("fits/0/others/6/");
    path.contains(MOVED) || is_whole_job || is_constant
}

/// As multisets: each old number is found among the new ones of the same experiment, each of those used once.
#[test]
fn every_number_of_the_old_fits_is_found_again() {
    let new = json(amdahl(&["report", SAVED, "--format", "json"]));
    let old = old();
    assert_eq!(items(&new["experiments"]).len(), items(&old["experiments"]).len());
    let mut missing = Vec::new();
    let mut compared = 0;
    for (old, new) in items(&old["experiments"]).iter().zip(items(&new["experiments"])) {
        assert_eq!(old["name"], new["name"]);
        let mut left = read(new);
        let name = old["name"].as_str().unwrap();
        for (path, number) in read(old).into_iter().filter(|(path, _)| !has_changed(name, path)) {
            compared += 1;
            match left.iter().position(|(_, other)| is_close(*other, number)) {
                Some(at) => drop(left.swap_remove(at)),
                None => missing.push(format!("{}/{path}: {number}", old["name"])),
            }
        }
    }
    assert!(compared > 300, "only {compared} numbers were compared");
    assert!(missing.is_empty(), "{} of {compared} are missing:\n{}", missing.len(), missing.join("\n"));
}

/// Value and ends of a ceiling moved by one factor, which is how far the curve misses the first point: a little. The
/// ends of a whole job's ceiling are wider since.
#[test]
fn an_old_ceiling_moves_as_a_whole() {
    let ceilings = |run: &Value| -> Vec<(String, f64)> {
        let all = items(&run["experiments"]).iter().flat_map(read);
        all.filter(|(path, _)| path.contains(MOVED)).collect()
    };
    let (old, new) = (ceilings(&old()), ceilings(&json(amdahl(&["report", SAVED, "--format", "json"]))));
    assert!(old.len() == new.len() && old.len() >= 6, "{old:?} and {new:?}");
    for (old, new) in old.chunks(3).zip(new.chunks(3)) {
        let [value, low, high] = [0, 1, 2].map(|at| (old[at].1, new[at].1));
        let factor = value.1 / value.0;
        assert!((factor - 1.0).abs() < 0.01, "{old:?} and {new:?}");
        let ends = if has_changed("", &old[0].0.replace(MOVED, "/low")) {
            low.1 < factor * low.0 && high.1 > factor * high.0
        } else {
            is_close(factor * low.0, low.1) && is_close(factor * high.0, high.1)
        };
        assert!(ends, "{old:?} and {new:?}");
    }
}

/// The page has every section that it had.
#[test]
fn the_report_has_every_section_that_it_had() {
    let page = text(amdahl(&["show", SAVED, "all"]));
    let sections = |page: &str| -> Vec<String> {
        let titles = page.lines().filter_map(|line| line.strip_prefix("── "));
        titles.map(|title| title.trim_end_matches('─').trim().to_owned()).collect()
    };
    assert_eq!(sections(&page), sections(PRINTED));
    let saved = old();
    for experiment in items(&saved["experiments"]) {
        let name = experiment["name"].as_str().unwrap();
        assert!(sections(&page).iter().any(|title| title.starts_with(name)), "{name} is missing in\n{page}");
    }
}

/// Written again as JSON, the run gives the same report.
#[test]
fn the_run_is_read_again_after_it_was_written_again() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("run.json");
    std::fs::write(&path, text(amdahl(&["report", SAVED, "--format", "json"]))).unwrap();
    assert_eq!(text(amdahl(&["report", path.to_str().unwrap()])), text(amdahl(&["report", SAVED])));
}
