//! Each table in `examples/` says where it comes from and gives a command, whose answer is what was planted.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::common::{amdahl, binary, items, json, number, one_line, text};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Returns every table in the folder.
fn tables() -> Vec<PathBuf> {
    let entries = fs::read_dir(root().join("examples")).unwrap().map(|entry| entry.unwrap().path());
    entries.filter(|path| path.extension().is_some_and(|extension| extension == "csv")).collect()
}

/// Returns the words of the command in a table's comment, after `amdahl`.
fn command(table: &Path) -> Vec<String> {
    let text = fs::read_to_string(table).unwrap();
    let line = text.lines().find_map(|line| line.strip_prefix("# Command: amdahl "));
    let line = line.unwrap_or_else(|| panic!("{} gives no command", table.display()));
    line.split_whitespace().map(str::to_owned).collect()
}

/// Runs the command of a table where the table's path begins.
fn answer(name: &str) -> Value {
    let table = root().join("examples").join(format!("{name}.csv"));
    json(binary().current_dir(root()).args(command(&table)).args(["--format", "json"]).output().unwrap())
}

fn holds(estimate: &Value, planted: f64) {
    let (low, high) = (number(&estimate["low"]), number(&estimate["high"]));
    assert!(low <= planted && planted <= high && high < 1.2 * low, "{estimate} and {planted}");
}

fn is_near(value: &Value, planted: f64, tolerance: f64) {
    assert!((number(value) / planted - 1.0).abs() < tolerance, "{value} and {planted}");
}

/// The point of a fit on so many workers.
fn point(answer: &Value, workers: u64) -> &Value {
    items(&answer["points"]).iter().find(|point| point["workers"] == workers).unwrap()
}

#[test]
fn each_table_says_what_it_is_and_the_readme_gives_its_command() {
    let readme = fs::read_to_string(root().join("README.md")).unwrap();
    assert_eq!(tables().len(), 6);
    for table in tables() {
        let text = fs::read_to_string(&table).unwrap();
        let comments: Vec<&str> = text.lines().take_while(|line| line.starts_with("# ")).collect();
        assert!(comments.iter().any(|line| line.starts_with("# Invented")), "{}", table.display());
        let command = format!("`amdahl {}`", command(&table).join(" "));
        assert!(readme.contains(&command), "{command} is not in the README");
    }
}

/// 2 s serial and 18 s shared.
#[test]
fn strong_scaling_has_its_serial_part() {
    let answer = answer("strong");
    assert_eq!((&answer["fit"]["model"], &answer["fit"]["verdict"]), (&"amdahl".into(), &"accepted".into()));
    holds(&answer["fit"]["serial_fraction"], 0.1);
    holds(&answer["fit"]["asymptotic_ceiling"], 10.0);
    is_near(&point(&answer, 32)["speedup"], 20.0 / (2.0 + 18.0 / 32.0), 0.03);
}

/// 1 s serial and 9 s of shared work for each unit: on 16 workers 16 units take 10 s, of which a tenth is serial.
#[test]
fn weak_scaling_has_its_scaled_speedup() {
    let answer = answer("weak");
    assert_eq!(answer["joint"]["verdict"], "accepted");
    is_near(&answer["joint"]["parallel_seconds_per_size"]["value"], 9.0, 0.03);
    let grown = items(&answer["scaled_points"]).last().unwrap();
    assert_eq!((number(&grown["work"]), number(&grown["workers"])), (16.0, 16.0));
    is_near(&grown["gustafson"], 16.0 - 0.1 * 15.0, 0.03);
    is_near(&grown["speedup"], (1.0 + 16.0 * 9.0) / 10.0, 0.03);
}

/// What was measured and what Gustafson's law says are two numbers, and each is called what it is.
#[test]
fn a_measured_work_rate_is_not_gustafsons_speedup() {
    let said = text(amdahl(&["fit", root().join("examples/weak.csv").to_str().unwrap()]));
    let said = one_line(&said);
    assert!(said.contains("Measured, 16 workers do 16.2 times the work of one in a second."), "{said}");
    assert!(said.contains("Gustafson's law says how much faster they do the run with work 16.0 than one would: 14.3"));
    assert!(said.contains("measured, it is 14.4 times faster than on 1 worker."), "{said}");
    assert!(!said.contains("14.3 times the work"), "{said}");
    let said = text(amdahl(&["predict", "--serial", "200ms", "--parallel", "900ms"]));
    assert!(said.contains("Gustafson's law says that") && !said.contains("times the work"), "{said}");
}

/// From 4 workers on 0.6 of the time.
#[test]
fn more_than_p_times_faster_is_refused() {
    let answer = answer("superlinear");
    assert_eq!(answer["fit"]["verdict"], "superlinear");
    assert!(answer["fit"]["serial_fraction"].is_null());
    is_near(&point(&answer, 2)["speedup"], 2.0, 0.03);
    is_near(&point(&answer, 32)["speedup"], 32.0 / 0.6, 0.03);
}

/// 0.05 serial and 0.002 for each extra worker: the peak is at the root of 0.95/0.002, 21.8 workers.
#[test]
fn the_peak_is_where_it_was_planted() {
    let answer = answer("peak");
    assert_eq!(answer["fit"]["model"], "usl");
    holds(&answer["fit"]["serial_fraction"], 0.05);
    holds(&answer["fit"]["kappa"], 0.002);
    is_near(&answer["fit"]["peak_workers"], 21.8, 0.05);
    assert!(number(&point(&answer, 64)["seconds"]) > number(&point(&answer, 24)["seconds"]));
}

/// Four cores: up to 4 threads a tenth is serial, and 8 threads are no faster.
#[test]
fn five_thread_counts_are_too_few_for_a_law_and_enough_for_an_answer() {
    let answer = answer("laptop");
    assert_eq!(answer["fit"]["verdict"], "too-few-points");
    for workers in [2, 3, 4] {
        is_near(&point(&answer, workers)["karp_flatt"], 0.1, 0.2);
    }
    assert!(number(&point(&answer, 8)["karp_flatt"]) > 0.2, "{answer}");
    assert_eq!(answer["recommended"]["workers"], 4);
}

/// 60 of 300 ms on 8 devices, 60 of 1,980 ms on one: on 32 the step takes 60 + 1,920/32 = 120 ms.
#[test]
fn the_profile_has_two_shares() {
    let profile = &answer("profile-8")["profiles"][0];
    is_near(&profile["measured_on"]["serial_share"], 0.2, 1e-12);
    is_near(&profile["serial_fraction"], 60.0 / 1980.0, 1e-12);
    let row = items(&profile["rows"]).iter().find(|row| row["workers"] == 32).unwrap();
    is_near(&row["seconds"], 0.12, 1e-12);
    is_near(&row["amdahl"], 1980.0 / 120.0, 1e-12);
    is_near(&row["misread_speedup"], 1.0 / (0.2 + 0.8 / 32.0), 1e-12);
    // The table holds what the command says.
    let table = fs::read_to_string(root().join("examples/profile-8.csv")).unwrap();
    let options = command(&root().join("examples/profile-8.csv")).join(" ");
    let rows: Vec<&str> = table.lines().filter(|line| !line.starts_with('#')).skip(1).collect();
    assert_eq!(rows.len(), 2);
    for (part, milliseconds) in rows.iter().filter_map(|row| row.split_once(',')) {
        assert!(options.contains(&format!("--{part} {milliseconds}ms")), "{part} in {options}");
    }
}
