//! People's files: what happens to each. The numbers come from public places; whose files they are is left out.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Output;

use serde_json::Value;

use crate::common::{self, binary, items, message, number};

/// What a file becomes.
enum Read {
    /// One job: rows that are read, the time on the fewest workers in seconds (or relative), the speedup on the most.
    Strong(u64, f64, f64),
    /// A job that grows with its workers: rows, and the weak efficiency on the most.
    Weak(u64, f64),
    /// One law over size and workers: rows.
    Joint(u64),
    /// A fit for each of so many values.
    Several(usize),
}

use Read::{Joint, Several, Strong, Weak};

/// What happens to a file.
enum Happens {
    /// It is read, from the column of that name.
    Reads(&'static str, Read),
    /// It is refused with these words. The options of each answer give what stands beside.
    Asks(&'static str, &'static [(&'static str, Read)]),
    /// It is refused with these words.
    Refuses(&'static str),
}

use Happens::{Asks, Reads, Refuses};

#[rustfmt::skip]
#[allow(clippy::unreadable_literal, reason = "numbers as the files have them")]
const CASES: &[(&str, Happens)] = &[
    ("a01_openmp_real_time.csv", Reads("real_time_s", Strong(16, 36.22, 36.22 / 46.78))),
    ("a02_commahead_spacerows.csv", Reads("zone-cycles/cpu_second", 
        Strong(7, 1.0 / 6.430207e7, 1.411365e9 / 6.430207e7))),
    ("a02_fixed.csv", Reads("zone-cycles/cpu_second", Strong(7, 1.0 / 6.430207e7, 1.411365e9 / 6.430207e7))),
    ("a04_fixed.csv", Reads("seconds", Strong(5, 854.0, 854.0 / 265.0))),
    ("a04_space_p_t.dat", Reads("t[s]", Strong(5, 854.0, 854.0 / 265.0))),
    ("a05_tab_padded.dat", Asks("differ in `Timeloops` (1, 10, 100, 1000)", &[
        ("--by Timeloops", Several(4)),
        ("--work Timeloops", Joint(16)),
        ("--where Timeloops=1000", Strong(4, 0.16033, 0.16033 / 0.376684)),
        ("--ignore Timeloops", Strong(16, 0.021806, 0.1425)),
    ])),
    ("a07_fixed.csv", Reads("speedup", Strong(14, 1.0, 4.38018088224))),
    ("a07_speedup_space_desc.dat", Asks("nothing names the columns", &[
        ("--columns workers=1,speedup=2", Strong(14, 1.0, 4.38018088224)),
    ])),
    ("a08_strongweak_mode.csv", Asks("differ in `mode` (strong, weak); in `N_total`", &[
        ("--work N_total --by mode", Several(2)),
        ("--by mode --by N_total", Several(2)),
        ("--where mode=strong --where N_total=131072", Strong(6, 143.354, 143.354 / 5.90204)),
    ])),
    ("a08_weak_only.csv", Reads("seconds", Weak(6, 71.6669 / 93.4993))),
    // Nothing in the file says that the job grows.
    ("a08_weak_only_nowork.csv", Reads("seconds", Strong(6, 71.6669, 71.6669 / 93.4993))),
    ("a08_weak_rows.csv", Reads("time_sec", Weak(6, 71.6669 / 93.4993))),
    ("a09_speedup_no_one.csv", Reads("speedup", Strong(8, 1.0 / 1.95, 25.57))),
    ("a10_missing_cell.csv", Reads("Time", Strong(5, 4661.454, 4661.454 / 1812.375))),
    ("a11_seq_label.csv", Reads("time_s", Strong(4, 18.56, 18.56 / 7.955))),
    ("a12_weak.csv", Reads("time_ms", Weak(4, 229.0966 / 304.5445))),
    ("a13_weak2.csv", Reads("time_us", Weak(5, 74.0 / 2640.0))),
    ("a15_bash_time.csv", Reads("real", Strong(16, 538.078, 538.078 / 91.994))),
    ("a15_fixed.csv", Reads("seconds", Strong(16, 538.078, 538.078 / 91.994))),
    ("a16_blocks_tab.dat", Asks("differ in `block` (Array length 2048, Array length 4096)", &[
        ("--columns workers=1,seconds=2 --by block", Several(2)),
        ("--columns workers=1,seconds=2 --where block=Array length 4096", Strong(10, 0.002031, 0.002031 / 5.959277)),
    ])),
    ("a16_fixed.dat", Asks("differ in `block` (Array length 2048, Array length 4096)", &[
        ("--by block", Several(2)),
        ("--where block=Array length 4096", Strong(10, 0.002031, 0.002031 / 5.959277)),
    ])),
    ("a17_wide.csv", Asks("a column of its own", &[
        ("--wide speedup --by difficulty", Several(3)),
        ("--wide speedup --where difficulty=1.1", Strong(6, 1.0, 5.222)),
        ("--wide speedup --ignore difficulty", Strong(18, 1.0, 4.848)),
    ])),
    ("a18_multi.csv", Asks("3 columns hold times: `serial_s`, `pthread_s`, `openmp_s`", &[
        ("--columns workers=threads,seconds=pthread_s --work n --by experiment", Several(1)),
        ("--columns workers=threads,seconds=pthread_s --by experiment --by n", Several(1)),
        ("--columns workers=threads,seconds=pthread_s --where experiment=vary_threads --where n=10000000",
            Strong(13, 2.745178, 2.745178 / 0.564470)),
    ])),
    ("a19_phases.csv", Reads("throughput", Strong(8, 1.0 / 7783216.629865, 144277730.580601 / 7783216.629865))),
    ("a20_hyperfine.csv", Reads("median", Strong(8, 12.0299, 12.0299 / 1.1225))),
    ("a21_quinn1.csv", Reads("speedup", Strong(8, 1.0, 4.71))),
    ("a21_quinn2.csv", Reads("speedup", Strong(8, 1.0, 4.71))),
    ("a22_ptse.csv", Reads("T", Strong(6, 100.0, 12.5))),
    ("a23_labels.csv", Reads("Time", Strong(4, 3.35, 3.35 / 1.77))),
    ("a24_semicolon_comma.csv", Reads("Tiempo (s)", Strong(6, 3.35, 3.35 / 1.81))),
    ("a25_lfs.csv", Refuses("is a pointer of Git LFS")),
    ("a26_zero_seq.csv", Reads("time_us", Strong(8, 0.0837, 83700.0 / 15302.0))),
    ("a27_fixed.csv", Reads("seconds", Strong(23, 3.45319, 3.45319 / 0.0194741))),
    ("a27_pdgemv_headerless.csv", Asks("nothing names the columns", &[
        ("--columns workers=1,seconds=6", Strong(23, 3.45319, 3.45319 / 0.0194741)),
    ])),
    ("a28_thresholds.csv", Asks("differ in `threshold` (200, 1000); in `N` (5000000, 100000000)", &[
        ("--work N --by threshold", Several(2)),
        ("--by N --by threshold", Several(4)),
        ("--where N=100000000 --where threshold=1000", Strong(8, 5.35548, 5.35548 / 1.30862)),
    ])),
    ("a29_mpi_superlinear.csv", Reads("Time (s)", Strong(12, 5.091087, 5.091087 / 2.169802))),
    ("a30_dip.csv", Reads("TotalTime", Strong(8, 8.930621, 8.930621 / 0.366368))),
    ("a32_oversub.csv", Asks("2 columns hold times: `elapsed_time`, `real`", &[
        ("--columns workers=n_threads,seconds=elapsed_time", Strong(40, 1.19, 1.19 / 0.82)),
    ])),
    ("a32_to32.csv", Asks("2 columns hold times: `elapsed_time`, `real`", &[
        ("--columns workers=n_threads,seconds=elapsed_time", Strong(30, 1.19, 1.19 / 0.087)),
    ])),
    ("b1.csv", Reads("time", Strong(6, 12.0, 12.0 / 1.8))),
    ("b2.csv", Reads("seconds", Strong(6, 12.0, 12.0 / 1.8))),
    ("b3.csv", Reads("avg", Strong(6, 12.0, 12.0 / 1.8))),
    ("b4.csv", Reads("avg", Strong(6, 0.012, 12.0 / 1.8))),
    ("b5.csv", Reads("seconds", Strong(5, 8.1, 16.2))),
    ("b6.csv", Reads("seconds", Strong(6, 8.1, 16.2))),
    ("b7.csv", Reads("seconds", Strong(2, 83.45, 83.45 / 44.1))),
    ("b8.csv", Reads("seconds", Strong(2, 8.0, 2.0))),
    ("b9.csv", Reads("speedup", Strong(6, 1.0, 4.8))),
    ("b10.csv", Reads("seconds", Strong(2, 8.0, 2.0))),
    ("b11.csv", Reads("Wall time (s)", Strong(3, 8.0, 8.0 / 2.3))),
    ("b12_extrap.txt", Asks("no column is called like worker counts; `x` may be one", &[
        ("--columns workers=x", Strong(4, 726.65, 726.65 / 502.75)),
    ])),
    ("c1.csv", Reads("seconds", Strong(2, 8.0, 8.0 / 4.1))),
    ("c2.csv", Reads("seconds", Strong(2, 8.0, 8.0 / 4.1))),
    ("c3.csv", Reads("seconds", Strong(2, 8.0, 8.0 / 4.1))),
    ("c4.csv", Reads("seconds", Strong(2, 8.0, 8.0 / 4.1))),
    ("c5.csv", Reads("speedup (x)", Strong(3, 1.0, 3.6))),
    ("c6.csv", Reads("efficiency", Strong(6, 1.0, 16.0))),
    ("c7.csv", Reads("GFLOPS", Strong(6, 0.1, 10.0))),
    ("c8.csv", Reads("seconds", Strong(2, 8.0, 2.0))),
    ("c9.csv", Reads("seconds, seconds.1", Strong(4, 8.05, 8.05 / 4.05))),
    ("c10.csv", Reads("run1, run2, run3", Strong(6, 8.1, 8.1 / 4.1))),
    ("c11.csv", Reads("seconds", Strong(7, 8.0, 8.0 / 1.34))),
    ("c01_nproc_jsonlines.jsonl", Reads("execution_time", Strong(5, 30.03, 30.03 / 7.61))),
    ("d1_planted_joint.csv", Reads("seconds", Joint(16))),
    ("d2_third.csv", Asks("differ in `N` (100, 1000)", &[
        ("--work N", Joint(12)),
        ("--by N", Several(2)),
        ("--where N=1000", Strong(6, 5.4, 5.4 / 1.3)),
    ])),
    ("d3_weak.csv", Reads("seconds", Weak(6, 10.0 / 10.5))),
];

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/tables")
}

/// Runs the program where the files are.
fn run(words: &[String]) -> Output {
    binary().current_dir(folder()).args(words).output().unwrap()
}

fn is(value: &Value, expected: f64, what: &str) {
    assert!((number(value) / expected - 1.0).abs() < 2e-3, "{what}: {value}, not {expected}");
}

/// Demands that the answer is what was expected.
fn holds(answer: &Value, expected: &Read, what: &str) {
    let timings = &answer["timings"];
    let rows = |rows: u64| assert_eq!(timings["rows"], rows, "{what}");
    let last = |list: &str| items(&answer[list]).last().unwrap_or_else(|| panic!("{what}: no {list}")).clone();
    match *expected {
        Strong(count, first, speedup) => {
            rows(count);
            assert!(timings["weak"].is_null(), "{what} is read as weak scaling");
            is(&answer["points"][0]["seconds"], first, what);
            is(&last("points")["speedup"], speedup, what);
        }
        Weak(count, efficiency) => {
            rows(count);
            assert!(items(&answer["points"]).len() < 2, "{what} is read as strong scaling, too");
            is(&last("weak")["efficiency"], efficiency, what);
        }
        Joint(count) => {
            rows(count);
            assert!(!answer["joint"].is_null(), "{what} has no joint law");
        }
        Several(count) => assert_eq!(items(&answer["fits"]).len(), count, "{what}"),
    }
}

/// The commands that a message offers, as a shell takes them apart.
fn commands(message: &str) -> Vec<Vec<String>> {
    let lines = message.lines().filter_map(|line| line.trim_start().strip_prefix("amdahl "));
    lines.map(|line| shlex::split(line).unwrap()).collect()
}

#[test]
fn each_file_has_its_line_here() {
    let files = fs::read_dir(folder()).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    for file in files.filter(|file| file != "README.md") {
        assert!(CASES.iter().any(|(name, _)| *name == file), "{file}");
    }
}

/// Every file is read rightly, or refused with commands that work when they are pasted.
#[test]
fn each_file_is_read_or_refused_with_commands_that_work() {
    for (file, happens) in CASES {
        let words: Vec<String> = ["fit", file, "--format", "json"].map(str::to_owned).to_vec();
        let output = run(&words);
        match happens {
            Reads(column, read) => {
                let answer = common::json(output);
                assert_eq!(answer["timings"]["column"], *column, "{file}");
                holds(&answer, read, file);
            }
            Refuses(said) => assert!(common::refusal(&output).contains(said), "{file}: {}", message(&output)),
            Asks(said, answers) => {
                let message = common::refusal(&output);
                assert!(message.contains(said), "{file}: {message}");
                let commands = commands(&message);
                let options = |command: &Vec<String>| command[4..].join(" ");
                let offered: Vec<String> = commands.iter().map(options).collect();
                assert_eq!(offered, answers.iter().map(|(options, _)| *options).collect::<Vec<_>>(), "{file}");
                for (command, (options, read)) in commands.iter().zip(*answers) {
                    holds(&common::json(run(command)), read, &format!("{file} {options}"));
                }
            }
        }
    }
}

/// A name with a blank and a quote in it is quoted.
#[test]
fn commands_are_quoted_for_a_shell() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("it's a file.csv");
    fs::write(&file, "my threads;serial time;omp time\n1;8;8\n2;8;4\n").unwrap();
    let output = binary().arg("fit").arg(&file).args(["--format", "csv"]).output().unwrap();
    let commands = commands(&common::refusal(&output));
    assert!(commands.len() == 1 && commands[0][1] == file.to_str().unwrap(), "{}", message(&output));
    assert!(common::text(run(&commands[0])).starts_with("kind,"));
}
