//! `amdahl fit` as its users meet it: planted laws found again, refusals in words, every bad file named.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::fmt::Write as _;
use std::io::Write as _;
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use rand::{RngExt as _, SeedableRng as _};
use serde_json::Value;

/// Runs `amdahl fit -` on a table.
fn fit(table: &[u8], arguments: &[&str]) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_amdahl"))
        .args(["fit", "-"])
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the binary starts");
    // A table that is refused for its options is never read.
    let _ = child.stdin.take().unwrap().write_all(table);
    child.wait_with_output().unwrap()
}

fn text(table: &str, arguments: &[&str]) -> String {
    let output = fit(table.as_bytes(), arguments);
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("standard output is UTF-8")
}

/// The page on one line, to search for sentences.
fn words(table: &str, arguments: &[&str]) -> String {
    text(table, arguments).split_whitespace().collect::<Vec<_>>().join(" ")
}

fn json(table: &str, arguments: &[&str]) -> Value {
    let all: Vec<&str> = arguments.iter().copied().chain(["--format", "json"]).collect();
    serde_json::from_str(&text(table, &all)).expect("standard output is JSON")
}

/// Exit code 2, nothing on standard output, and a message with all of the words.
fn refused(table: &[u8], arguments: &[&str], words: &[&str]) {
    let output = fit(table, arguments);
    let message = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{arguments:?}: {message}");
    assert!(output.stdout.is_empty(), "{arguments:?} printed a result");
    for word in words {
        assert!(message.contains(word), "{arguments:?} does not name {word:?}: {message}");
    }
    assert!(!message.contains("panicked"), "{message}");
}

/// `T(p)` with 2 % noise, so many repetitions of each count.
fn table(head: &str, counts: &[u32], repetitions: usize, value: impl Fn(f64) -> f64) -> String {
    let mut random = rand::rngs::ChaCha8Rng::seed_from_u64(3);
    let mut table = format!("{head}\n");
    for _ in 0..repetitions {
        for &count in counts {
            // The sum of twelve uniform numbers, less six, is nearly normal.
            let noise = (0..12).map(|_| random.random::<f64>()).sum::<f64>() - 6.0;
            writeln!(table, "{count},{}", value(f64::from(count)) * (0.02 * noise).exp()).unwrap();
        }
    }
    table
}

fn powers(most: u32) -> Vec<u32> {
    (0..=most).map(|exponent| 1 << exponent).collect()
}

fn amdahl(serial: f64) -> impl Fn(f64) -> f64 {
    move |p| serial + (1.0 - serial) / p
}

fn number(value: &Value) -> f64 {
    value.as_f64().unwrap_or_else(|| panic!("{value} is no number"))
}

fn holds(estimate: &Value, planted: f64) {
    let (low, value, high) = (number(&estimate["low"]), number(&estimate["value"]), number(&estimate["high"]));
    assert!(low <= value && value <= high && low <= planted && planted <= high, "{estimate} and {planted}");
    assert!(high / low < 1.5, "{estimate} is wide");
}

/// 1 % serial; the tenth of a second on one worker is given in milliseconds.
#[test]
fn a_planted_serial_fraction_is_found_again() {
    let table = table("workers,time_ms", &powers(12), 10, |p| 100.0 * amdahl(0.01)(p));
    let answer = json(&table, &[]);
    assert_eq!(
        (answer["fit"]["model"].as_str(), answer["fit"]["verdict"].as_str()),
        (Some("amdahl"), Some("accepted")),
        "{answer}"
    );
    holds(&answer["fit"]["serial_fraction"], 0.01);
    holds(&answer["fit"]["asymptotic_ceiling"], 100.0);
    holds(&answer["fit"]["seconds_at_one"], 0.1);
    let points = answer["points"].as_array().unwrap();
    assert_eq!(points.len(), 13);
    assert!(points[0]["karp_flatt"].is_null());
    assert!((number(&points[12]["karp_flatt"]) / 0.01 - 1.0).abs() < 0.05);
    assert!((number(&points[4]["fitted_seconds"]) / (0.1 * amdahl(0.01)(16.0)) - 1.0).abs() < 0.02);
    assert!((number(&points[4]["speedup"]) / 16.0 - number(&points[4]["efficiency"])).abs() < 1e-12);
    let page = words(&table, &[]);
    for sentence in [
        "Amdahl's law (amdahl)",
        "130 rows, 13 worker counts, 10 repetitions each",
        "The serial fraction is ",
        "Recommended: 8",
    ] {
        assert!(page.contains(sentence), "{sentence} in\n{page}");
    }
}

#[test]
fn a_knee_and_its_two_ceilings() {
    let table = table("workers,seconds", &powers(14), 10, |p| amdahl(0.001)(p.min(256.0)));
    let answer = json(&table, &[]);
    assert!(answer["fit"]["model"].as_str().unwrap().starts_with("amdahl-saturation"), "{answer}");
    holds(&answer["fit"]["attainable_ceiling"], 1.0 / amdahl(0.001)(256.0));
    holds(&answer["fit"]["knee"], 256.0);
    let page = words(&table, &[]);
    for sentence in ["attainable ceiling", "asymptotic ceiling 1/s =", "an extrapolation", "knee at"] {
        assert!(page.contains(sentence), "{sentence} in\n{page}");
    }
}

/// κ = 1e-4 and φ = 0.02: the peak is at √(.98/1e-4) = 99 workers.
#[test]
fn a_peak_is_named_and_not_exceeded() {
    let usl = |p: f64| amdahl(0.02)(p) + 1e-4 * (p - 1.0);
    let table = table("workers,throughput", &powers(10), 10, |p| 5.0 / usl(p));
    let answer = json(&table, &[]);
    assert_eq!(answer["fit"]["model"], "usl", "{answer}");
    assert!((number(&answer["fit"]["peak_workers"]) / 99.0 - 1.0).abs() < 0.1, "{answer}");
    assert!(number(&answer["recommended"]["workers"]) < 99.0);
    assert_eq!(answer["time_unit"], "1/throughput");
    holds(&answer["fit"]["kappa"], 1e-4);
    holds(&answer["fit"]["attainable_ceiling"], 1.0 / usl(99.0));
    let page = words(&table, &[]);
    assert!(page.contains("whose unit is 1 / throughput") && page.contains("slower beyond"), "{page}");
}

/// LAWS.md section 8, Amdahl for s = 0.1, rounded to two decimals as printed there: fitted, s is 0.1 again.
#[test]
fn the_known_answers_as_speedups() {
    let printed = "workers,speedup\n1,1.00\n2,1.82\n4,3.08\n8,4.71\n16,6.40\n64,8.77\n256,9.66\n1024,9.91\n";
    let answer = json(printed, &[]);
    holds(&answer["fit"]["serial_fraction"], 0.1);
    holds(&answer["fit"]["asymptotic_ceiling"], 10.0);
    let speedups: Vec<f64> =
        answer["points"].as_array().unwrap().iter().map(|point| number(&point["speedup"])).collect();
    for (speedup, given) in speedups.iter().zip([1.0, 1.82, 3.08, 4.71, 6.4, 8.77, 9.66, 9.91]) {
        assert!((speedup - given).abs() < 1e-12, "speedups are shown as given");
    }
}

#[test]
fn repetitions_are_told_from_points() {
    let answer = json(&table("workers,seconds", &powers(8), 7, amdahl(0.05)), &[]);
    assert_eq!(answer["points"][3]["repetitions"], 7);
    let point = &answer["points"][3];
    assert!(
        number(&point["seconds_low"]) < number(&point["seconds"])
            && number(&point["seconds"]) < number(&point["seconds_high"])
    );
    assert!(answer["fit"]["goodness"]["lack_of_fit"].is_number());
    let alone = words(&table("workers,seconds", &powers(8), 1, amdahl(0.05)), &[]);
    assert!(alone.contains("how repetitions scatter is not known"), "{alone}");
}

#[test]
fn a_model_can_be_forced() {
    let table = table("workers,seconds", &powers(12), 5, amdahl(0.01));
    let answer = json(&table, &["--model", "usl"]);
    assert_eq!((answer["fit"]["model"].as_str(), answer["forced"].as_bool()), (Some("usl"), Some(true)));
    assert!(words(&table, &["--model", "usl"]).contains("as asked for"));
    refused(table.as_bytes(), &["--model", "amdhal"], &["amdhal", "amdahl-saturation-smooth"]);
    let few = json("workers,seconds\n1,8\n2,4\n4,2\n", &["--model", "saturation"]);
    assert_eq!(few["fit"]["verdict"], "too-few-points");
}

/// Every model that there is stands in the help.
#[test]
fn the_help_names_every_model_and_the_columns() {
    let output = Command::new(env!("CARGO_BIN_EXE_amdahl")).args(["fit", "--help"]).output().unwrap();
    let help = String::from_utf8(output.stdout).unwrap().split_whitespace().collect::<Vec<_>>().join(" ");
    for model in amdahl::law::MODELS {
        assert!(help.contains(model.name()), "{model} in {help}");
    }
    for words in ["`workers`", "`time_ms`", "`throughput`", "`work`", "repetitions"] {
        assert!(help.contains(words), "{words} in {help}");
    }
}

#[test]
fn predictions_widen_beyond_the_data() {
    let table = table("workers,seconds", &powers(8), 10, amdahl(0.02));
    let answer = json(&table, &["--predict", "64,1024,65536"]);
    let widths: Vec<f64> = answer["predictions"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| number(&one["seconds"]["high"]) / number(&one["seconds"]["low"]))
        .collect();
    assert!(widths[0] < widths[1] && widths[1] < widths[2], "{widths:?}");
    assert_eq!(answer["predictions"][0]["extrapolated"], false);
    assert_eq!(answer["predictions"][1]["extrapolated"], true);
    let inside = &answer["predictions"][0]["seconds"];
    assert!(number(&inside["low"]) < amdahl(0.02)(64.0) * 1.01 && number(&inside["high"]) > amdahl(0.02)(64.0) * 0.99);
    for one in answer["predictions"].as_array().unwrap() {
        assert!(number(&one["speedup"]["low"]) > 0.0, "{one}");
    }
    let page = words(&table, &["--predict", "64,1024"]);
    assert!(page.contains("within the data") && page.contains("extrapolated"), "{page}");
    refused(table.as_bytes(), &["--predict", "0"], &["--predict"]);
}

/// Without one worker every speedup has the base of the ceiling, the curve's T(1), and says so.
#[test]
fn without_one_worker_the_curve_is_the_base() {
    let counts: Vec<u32> = powers(10).into_iter().filter(|&count| count >= 8).collect();
    let table = table("workers,seconds", &counts, 8, |p| 100.0 * amdahl(0.01)(p));
    let answer = json(&table, &["--predict", "256"]);
    let base = &answer["speedup_base"];
    assert_eq!((&base["source"], &base["workers"]), (&Value::from("curve"), &Value::from(1)));
    let (point, predicted) = (&answer["points"][5], &answer["predictions"][0]);
    assert_eq!((number(&point["workers"]), number(&predicted["workers"])), (256.0, 256.0));
    let (measured, law) = (number(&point["speedup"]), number(&predicted["speedup"]["value"]));
    assert!((measured / law - 1.0).abs() < 0.03 && measured > 60.0, "{measured} {law}");
    let csv = text(&table, &["--predict", "256", "--format", "csv"]);
    for line in csv.lines().skip(1) {
        assert!(line.ends_with(",curve,1"), "{line}");
    }
    assert!(words(&table, &[]).contains("relative to one worker by the curve"));
    let few = "workers,seconds\n8,4\n16,2\n";
    let page = words(few, &[]);
    assert!(page.contains("relative to 8 workers") && page.contains("over 8"), "{page}");
    assert_eq!(json(few, &[])["speedup_base"]["source"], "measured");
    assert!(text(few, &["--format", "csv"]).lines().nth(1).unwrap().ends_with(",measured,8"));
}

#[test]
fn notes_of_predictions_say_what_holds() {
    let table = table("workers,seconds", &powers(8), 10, amdahl(0.02));
    let hidden = "a cost per worker too small to show";
    assert!(words(&table, &["--predict", "65536"]).contains(hidden));
    let within = words(&table, &["--predict", "3"]);
    assert!(!within.contains(hidden) && !within.contains("Beyond the data"), "{within}");
    let forced = words(&table, &["--model", "amdahl", "--predict", "2^24"]);
    assert!(!forced.contains(hidden) && forced.contains("take the model that was asked for to be true"), "{forced}");
}

/// Five repetitions have a range, no 95 % interval: it covers the median with 1 − 2^−4.
#[test]
fn few_repetitions_have_a_range() {
    let page = words(&table("workers,seconds", &powers(8), 5, amdahl(0.05)), &[]);
    assert!(
        page.contains("time (range)") && page.contains("their range, which holds the true one with 93.8 %"),
        "{page}"
    );
    let page = words(&table("workers,seconds", &powers(8), 6, amdahl(0.05)), &[]);
    assert!(page.contains("time (95 %)") && !page.contains("range,"), "{page}");
}

#[test]
fn the_residuals_have_all_their_figures() {
    let page = words(&table("workers,seconds", &powers(10), 8, amdahl(0.05)), &[]);
    let residuals = &page[page.find("residuals").unwrap()..page.find("runner-up").unwrap()];
    assert_eq!(residuals.matches("p = ").count(), 3, "{residuals}");
    assert!(residuals.contains("of one sign"), "{residuals}");
}

/// Cache per worker: more than p times faster on p workers. No value, no prediction, and the reason in words.
#[test]
fn superlinear_speedups_are_refused_in_words() {
    let faster = |p: f64| if p < 4.0 { 1.0 / p } else { 0.6 / p };
    let table = table("workers,seconds", &powers(9), 10, faster);
    let answer = json(&table, &["--predict", "4096"]);
    assert_eq!(answer["fit"]["verdict"], "superlinear");
    for field in ["serial_fraction", "kappa", "attainable_ceiling", "asymptotic_ceiling", "knee", "curve"] {
        assert!(answer["fit"][field].is_null(), "{field} of a refused fit");
    }
    assert!(answer["predictions"].is_null());
    for part in ["fit", "predictions"] {
        assert!(answer["absent"][part].as_str().unwrap().contains("superlinear"), "{part}");
    }
    assert!(answer["points"][2]["fitted_seconds"].is_null());
    let page = words(&table, &["--predict", "4096"]);
    for sentence in [
        "No serial fraction can be read from this curve (superlinear)",
        "no law is quoted; 10 worker counts",
        "cache per worker",
        "Nothing is predicted (superlinear)",
        "4 workers count as one",
    ] {
        assert!(page.contains(sentence), "{sentence} in\n{page}");
    }
}

/// Eight workers cannot show a serial fraction of 1e-6: a bound, no value.
#[test]
fn a_range_too_short_gives_a_bound_only() {
    let table = table("workers,seconds", &[1, 2, 3, 4, 5, 6, 7, 8], 5, amdahl(1e-6));
    let answer = json(&table, &[]);
    assert_eq!(answer["fit"]["verdict"], "insufficient-range", "{answer}");
    assert!(answer["fit"]["serial_fraction"].is_null() && answer["fit"]["serial_fraction_upper"].is_number());
    assert!(words(&table, &[]).contains("The serial fraction is at most"));
}

fn has_null(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Array(values) => values.iter().any(has_null),
        Value::Object(fields) => fields.values().any(has_null),
        _ => false,
    }
}

/// Every part of the answer in which something is null has its reason.
#[test]
fn every_null_has_a_reason() {
    let tables = [
        table("workers,seconds", &powers(12), 5, amdahl(0.01)),
        table("workers,speedup", &powers(3), 1, |p| p),
        "workers,throughput\n1,1\n2,2\n".to_owned(),
        "work,workers,seconds\n1,1,1\n2,2,1.1\n4,4,1.2\n".to_owned(),
        scaled(),
    ];
    for table in tables {
        for arguments in [&[][..], &["--predict", "3,100"]] {
            let answer = json(&table, arguments);
            for (part, value) in answer.as_object().unwrap() {
                let reason = answer["absent"][part].as_str().unwrap_or_default();
                assert!(!has_null(value) || !reason.is_empty(), "{part} has a null without a reason: {value}");
            }
        }
    }
}

/// A quarter of a unit of work is not nothing, and two and a half are not three.
#[test]
fn fractional_work_is_shown_as_it_is() {
    let table = scaled().replace("\n1000,", "\n0.25,").replace("\n10000,", "\n2.5,");
    let page = text(&table, &[]);
    let rows = &page[page.find("── work and workers").unwrap()..];
    for work in ["0.25", "2.50", "100,000"] {
        let found = rows.lines().filter(|line| line.split_whitespace().next() == Some(work)).count();
        assert_eq!(found, 8, "rows of work {work} in\n{rows}");
    }
}

/// T = 5 ms + (20 ns + 4 µs/p) work, over four sizes.
fn scaled() -> String {
    let mut table = "work,workers,seconds\n".to_owned();
    for size in [1e3, 1e4, 1e5, 1e6] {
        for (index, count) in powers(7).into_iter().enumerate() {
            for noise in [0.99, 1.0, 1.01 + 0.002 * index as f64] {
                let seconds = (5e-3 + 2e-8 * size + 4e-6 * size / f64::from(count)) * noise;
                writeln!(table, "{size},{count},{seconds}").unwrap();
            }
        }
    }
    table
}

#[test]
fn work_and_workers_are_fitted_together() {
    let answer = json(&scaled(), &[]);
    assert_eq!(answer["joint"]["verdict"], "accepted", "{answer}");
    holds(&answer["joint"]["fixed_seconds"], 5e-3);
    holds(&answer["joint"]["parallel_seconds_per_size"], 4e-6);
    let rows = answer["scaled_points"].as_array().unwrap();
    let last = rows.last().unwrap();
    let serial = 5e-3 + 2e-2;
    let share = serial / (serial + 4.0 / 128.0);
    assert!((number(&last["serial_share"]) / share - 1.0).abs() < 0.02, "{last} {share}");
    assert!((number(&last["gustafson"]) / (128.0 - share * 127.0) - 1.0).abs() < 0.02, "{last}");
    // The largest job is the one that Amdahl's law is read from: (5 + 20)/4025 is serial.
    holds(&answer["fit"]["serial_fraction"], 0.025 / 4.025);
    let page = words(&scaled(), &[]);
    assert!(page.contains("by Gustafson's law") && page.contains("work 1,000,000"), "{page}");
}

/// Work that only grows with the workers cannot tell the fixed part from the shared one.
#[test]
fn scaled_runs_alone_are_refused_in_words() {
    let mut table = "work,workers,seconds\n".to_owned();
    for count in powers(9) {
        writeln!(table, "{},{count},{}", 1000 * count, 1e-3 + 1e-6 * f64::from(count)).unwrap();
    }
    let answer = json(&table, &[]);
    assert_ne!(answer["joint"]["verdict"], "accepted");
    assert!(answer["joint"]["fixed_seconds"].is_null() && answer["scaled_points"][3]["gustafson"].is_null());
    let page = words(&table, &[]);
    for sentence in [
        "Gustafson's serial share is not quoted",
        "o size was run on more than one worker count",
        "run one size on at least 3 worker counts",
    ] {
        assert!(page.contains(sentence), "{sentence} in\n{page}");
    }
    assert!(!page.contains("Speedup: over") && !page.contains("Serial: by"), "{page}");
    let csv = text(&table, &["--format", "csv"]);
    assert!(csv.starts_with("kind,work,workers,seconds"), "{csv}");
    assert_eq!(csv.lines().count(), 11, "{csv}");
    let all = text(&scaled(), &["--format", "csv", "--predict", "1024"]);
    assert_eq!(all.lines().count(), 1 + 4 * 8 + 1, "{all}");
    assert_eq!(all.lines().filter(|line| line.starts_with("measured,10000,")).count(), 8, "{all}");
}

#[test]
fn the_other_formats() {
    let table = table("workers,seconds", &powers(8), 5, amdahl(0.02));
    let markdown = text(&table, &["--format", "markdown"]);
    assert!(markdown.starts_with("# amdahl") && markdown.contains("| workers |"), "{markdown}");
    let csv = text(&table, &["--format", "csv", "--predict", "1024"]);
    assert!(csv.starts_with(
        "kind,workers,seconds,seconds_low,seconds_high,repetitions,speedup,speedup_low,speedup_high,efficiency,"
    ));
    assert_eq!(csv.lines().count(), 11, "{csv}");
    assert!(csv.lines().last().unwrap().starts_with("extrapolated,1024"), "{csv}");
    assert!(!text(&table, &[]).contains('\u{1b}'), "no colours where it is no terminal");
}

#[test]
fn bad_files_are_refused_with_what_would_be_right() {
    for (table, words) in [
        ("", ["is empty", "workers,seconds"]),
        ("workers,seconds\n", ["no rows", "two worker counts"]),
        ("1,2\n3,4\n", ["must name the columns", "workers,seconds"]),
        ("cores,seconds\n1,1\n", ["`workers`", "--columns workers=cores"]),
        ("workers,elapsed\n1,1\n", ["`elapsed`", "--columns seconds=elapsed"]),
        ("workers,seconds\n1,8\n2,x\n", ["line 3, column 2 (`seconds`)", "`x`"]),
        ("workers,seconds\n1,8\n2,NaN\n", ["line 3, column 2", "not a number"]),
        ("workers,seconds\n1,8\n2,-1\n", ["line 3, column 2", "must be positive"]),
        ("workers,seconds\n1,8\n2,0\n", ["line 3, column 2", "is zero"]),
        ("workers,seconds\n0,8\n2,1\n", ["line 2, column 1 (`workers`)", "at least one worker"]),
        ("workers,seconds\n1,8\n2\n", ["line 3, column 2 (`seconds`)", "missing"]),
        ("workers,seconds\n1,8\n2,1,1\n", ["line 3 has 3 cells", "the header 2"]),
        ("workers,seconds\n4,8\n4,9\n", ["same worker count, 4", "at least two"]),
    ] {
        refused(table.as_bytes(), &[], &words);
        refused(table.as_bytes(), &[], &["error: standard input"]);
    }
    refused(b"workers,seconds\n1,8\n2,\xff\n", &[], &["line 3, byte 3", "UTF-8"]);
    refused(b"workers,time\n1,8\n2,4\n", &["--unit", "weeks"], &["`weeks`", "ms"]);
    refused(b"workers,time\n1,8\n2,4\n", &["--columns", "workers"], &["`=`", "workers=processors"]);
}

#[test]
fn files_that_cannot_be_read_are_named() {
    let folder = tempfile::tempdir().unwrap();
    let run =
        |path: &std::path::Path| Command::new(env!("CARGO_BIN_EXE_amdahl")).arg("fit").arg(path).output().unwrap();
    for path in [folder.path().join("no-such.csv"), folder.path().to_owned()] {
        let output = run(&path);
        let message = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(2), "{message}");
        assert!(message.contains("cannot read") && message.contains("standard input"), "{message}");
    }
    let file = folder.path().join("timings.csv");
    std::fs::write(&file, table("workers,seconds", &powers(8), 3, amdahl(0.1))).unwrap();
    let output = run(&file);
    assert!(output.status.success() && String::from_utf8_lossy(&output.stdout).contains("timings.csv"));
}

/// Two seconds are the promise for a release build; others are slower.
#[test]
fn a_million_rows_are_no_burden() {
    let mut rows = "workers,seconds\n".to_owned();
    for index in 0..1_000_000_u32 {
        let count = 1 << (index % 21);
        let jitter = 1.0 + 0.02 * f64::from(index.wrapping_mul(2_654_435_761) >> 8) / f64::from(1 << 24);
        writeln!(rows, "{count},{:.9}", amdahl(0.001)(f64::from(count)) * jitter).unwrap();
    }
    let started = Instant::now();
    let answer = json(&rows, &[]);
    let taken = started.elapsed();
    eprintln!("a million rows: {taken:?}");
    assert_eq!(answer["timings"]["rows"], 1_000_000);
    let most = if cfg!(debug_assertions) { 10 } else { 2 };
    assert!(taken < Duration::from_secs(most), "{taken:?}");
}
