//! `amdahl fit` as its users meet it: planted laws found again, refusals in words, every bad file named.

use std::fmt::Write as _;
use std::process::Output;

use rand::{RngExt as _, SeedableRng as _};
use serde_json::Value;

use crate::common::{self, binary, items, number, refusal};
use crate::snapshot::{first_rows, is_as_before, shortened};

/// Runs `amdahl fit -` on a table.
fn fit(table: &[u8], arguments: &[&str]) -> Output {
    binary().args(["fit", "-"]).args(arguments).write_stdin(table).output().unwrap()
}

fn text(table: &str, arguments: &[&str]) -> String {
    common::text(fit(table.as_bytes(), arguments))
}

fn json(table: &str, arguments: &[&str]) -> Value {
    common::json(fit(table.as_bytes(), &[arguments, &["--format", "json"]].concat()))
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
    let points = items(&answer["points"]);
    assert_eq!(points.len(), 13);
    assert!(points[0]["karp_flatt"].is_null());
    assert!((number(&points[12]["karp_flatt"]) / 0.01 - 1.0).abs() < 0.05);
    assert!((number(&points[4]["fitted_seconds"]) / (0.1 * amdahl(0.01)(16.0)) - 1.0).abs() < 0.02);
    assert!((number(&points[4]["speedup"]) / 16.0 - number(&points[4]["efficiency"])).abs() < 1e-12);
    is_as_before("fit-amdahl", &text(&table, &[]));
}

#[test]
fn a_knee_and_its_two_ceilings() {
    let table = table("workers,seconds", &powers(14), 10, |p| amdahl(0.001)(p.min(256.0)));
    let answer = json(&table, &[]);
    assert!(answer["fit"]["model"].as_str().unwrap().starts_with("amdahl-saturation"), "{answer}");
    holds(&answer["fit"]["attainable_ceiling"], 1.0 / amdahl(0.001)(256.0));
    holds(&answer["fit"]["knee"], 256.0);
    is_as_before("fit-knee", &text(&table, &[]));
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
    is_as_before("fit-peak", &text(&table, &[]));
}

/// Amdahl for s = 0.1, rounded to two decimals: fitted, s is 0.1 again.
#[test]
fn the_known_answers_as_speedups() {
    let printed = "workers,speedup\n1,1.00\n2,1.82\n4,3.08\n8,4.71\n16,6.40\n64,8.77\n256,9.66\n1024,9.91\n";
    let answer = json(printed, &[]);
    holds(&answer["fit"]["serial_fraction"], 0.1);
    holds(&answer["fit"]["asymptotic_ceiling"], 10.0);
    let speedups: Vec<f64> = items(&answer["points"]).iter().map(|point| number(&point["speedup"])).collect();
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
    is_as_before("fit-no-repetitions", &text(&self::table("workers,seconds", &powers(8), 1, amdahl(0.05)), &[]));
}

#[test]
fn a_model_can_be_forced() {
    let table = table("workers,seconds", &powers(12), 5, amdahl(0.01));
    let answer = json(&table, &["--model", "usl"]);
    assert_eq!((answer["fit"]["model"].as_str(), answer["forced"].as_bool()), (Some("usl"), Some(true)));
    is_as_before("fit-forced", &text(&table, &["--model", "usl"]));
    let few = json("workers,seconds\n1,8\n2,4\n4,2\n", &["--model", "saturation"]);
    assert_eq!(few["fit"]["verdict"], "too-few-points");
}

/// Every model that there is stands in the help.
#[test]
fn the_help_names_every_model_and_the_columns() {
    let help = common::text(common::amdahl(&["fit", "--help"]));
    let help = help.split_whitespace().collect::<Vec<_>>().join(" ");
    for model in amdahl::law::MODELS {
        assert!(help.contains(model.name()), "{model} in {help}");
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
    for one in items(&answer["predictions"]) {
        assert!(number(&one["speedup"]["low"]) > 0.0, "{one}");
    }
    is_as_before("fit-predictions", &text(&table, &["--predict", "64,1024"]));
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
    is_as_before("fit-base-is-the-curve", &text(&table, &[]));
    let few = "workers,seconds\n8,4\n16,2\n";
    is_as_before("fit-base-is-measured", &text(few, &[]));
    assert_eq!(json(few, &[])["speedup_base"]["source"], "measured");
    assert!(text(few, &["--format", "csv"]).lines().nth(1).unwrap().ends_with(",measured,8"));
}

#[test]
fn notes_of_predictions_say_what_holds() {
    let table = table("workers,seconds", &powers(8), 10, amdahl(0.02));
    for (name, arguments) in [
        ("fit-predict-beyond", &["--predict", "65536"][..]),
        ("fit-predict-within", &["--predict", "3"]),
        ("fit-predict-forced", &["--model", "amdahl", "--predict", "2^24"]),
    ] {
        is_as_before(name, &text(&table, arguments));
    }
}

/// Five repetitions have a range, no 95 % interval: it covers the median with 1 − 2^−4.
#[test]
fn few_repetitions_have_a_range() {
    is_as_before("fit-five-repetitions", &text(&table("workers,seconds", &powers(8), 5, amdahl(0.05)), &[]));
    is_as_before("fit-six-repetitions", &text(&table("workers,seconds", &powers(8), 6, amdahl(0.05)), &[]));
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
    is_as_before("fit-superlinear", &text(&table, &["--predict", "4096"]));
}

/// Eight workers cannot show a serial fraction of 1e-6: a bound, no value.
#[test]
fn a_range_too_short_gives_a_bound_only() {
    let table = table("workers,seconds", &[1, 2, 3, 4, 5, 6, 7, 8], 5, amdahl(1e-6));
    let answer = json(&table, &[]);
    assert_eq!(answer["fit"]["verdict"], "insufficient-range", "{answer}");
    assert!(answer["fit"]["serial_fraction"].is_null() && answer["fit"]["serial_fraction_upper"].is_number());
    is_as_before("fit-short-range", &text(&table, &[]));
}

/// Four thread counts of a laptop: no law, but a bound and the next count; with a model a wide interval, and the best
/// estimate beside it. Two counts do nearly as much.
#[test]
fn few_counts_are_enough_for_an_answer() {
    let laptop = "workers,seconds\n1,10.2\n2,5.6\n4,3.2\n8,2.6\n";
    is_as_before("fit-laptop", &text(laptop, &[]));
    is_as_before("fit-laptop-named", &text(laptop, &["--model", "amdahl"]));
    is_as_before("fit-two-counts", &text("workers,seconds\n1,10.2\n2,5.6\n", &[]));
    assert_eq!(json(laptop, &[])["few"]["next"]["workers"], 16.0);
}

/// Each pair of four sizes and these counts.
fn pairs(counts: &[u32], seconds: impl Fn(f64, f64) -> f64) -> String {
    let mut table = "work,workers,seconds\n".to_owned();
    for size in [500.0, 1000.0, 2000.0, 4000.0] {
        for &count in counts {
            writeln!(table, "{size},{count},{}", seconds(size, f64::from(count))).unwrap();
        }
    }
    table
}

/// The side of a cube is told from work, and hardware that is full at 5 workers from a cost; both on four or five
/// counts.
#[test]
fn the_law_over_work_and_workers_finds_what_shapes_it() {
    let cube = pairs(&[1, 2, 4, 8], |n, p| 1e-9 * n * n * n * amdahl(0.02)(p));
    let said = |table: &str| text(table, &[]).split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(said(&cube).contains("so it counts a length N, and the job grows as N³"));
    let full = |n: f64, p: f64| 1e-3 * n * (0.01 + 0.99 / p.min(5.0));
    let found = &json(&pairs(&powers(4), full), &[])["joint"];
    assert!((number(&found["knee"]) / 5.0 - 1.0).abs() < 0.2 && found["verdict"] == "accepted", "{found}");
    let four = pairs(&powers(3), full);
    assert!(json(&four, &[])["joint"]["verdict"] == "poor-fit");
    assert!(said(&four).contains("5 or more worker counts can show hardware that is full"));
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
    let rows = items(&answer["scaled_points"]);
    let last = rows.last().unwrap();
    let serial = 5e-3 + 2e-2;
    let share = serial / (serial + 4.0 / 128.0);
    assert!((number(&last["serial_share"]) / share - 1.0).abs() < 0.02, "{last} {share}");
    assert!((number(&last["gustafson"]) / (128.0 - share * 127.0) - 1.0).abs() < 0.02, "{last}");
    // The largest job is the one that Amdahl's law is read from: (5 + 20)/4025 is serial.
    holds(&answer["fit"]["serial_fraction"], 0.025 / 4.025);
    is_as_before("fit-joint", &text(&scaled(), &[]));
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
    is_as_before("fit-scaled-alone", &text(&table, &[]));
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
    is_as_before("fit-markdown", &text(&table, &["--format", "markdown"]));
    is_as_before("fit-json", &shortened(json(&table, &["--predict", "1024"])));
    let csv = text(&table, &["--format", "csv", "--predict", "1024"]);
    is_as_before("fit-csv", &first_rows(&csv, 4));
    assert_eq!(csv.lines().count(), 11, "{csv}");
    assert!(csv.lines().last().unwrap().starts_with("extrapolated,1024"), "{csv}");
    assert!(!text(&table, &[]).contains('\u{1b}'), "no colours where it is no terminal");
}

#[test]
fn bad_files_are_refused_with_what_would_be_right() {
    let tables: [&[u8]; 15] = [
        b"",
        b"workers,seconds\n",
        b"1,2\n3,4\n",
        b"cores,seconds\n1,1\n",
        b"workers,elapsed\n1,1\n",
        b"workers,seconds\n1,8\n2,x\n",
        b"workers,seconds\n1,8\n2,NaN\n",
        b"workers,seconds\n1,8\n2,-1\n",
        b"workers,seconds\n1,8\n2,0\n",
        b"workers,seconds\n0,8\n2,1\n",
        b"workers,seconds\n1,8\n2\n",
        b"workers,seconds\n1,8\n2,1,1\n",
        b"workers,seconds\n4,8\n4,9\n",
        b"workers,seconds\n1,8\n2,\xff\x01\n",
        b"./a\n\nreal\t0m8s\nuser\t0m8s\n./a\n\nreal\t0m4s\n",
    ];
    let mut messages = String::new();
    let mut refused = |table: &[u8], arguments: &[&str]| {
        let message = refusal(&fit(table, arguments));
        write!(messages, "{}{}\n{message}\n", String::from_utf8_lossy(table), arguments.join(" ")).unwrap();
    };
    for table in tables {
        refused(table, &[]);
    }
    let good = b"workers,time\n1,8\n2,4\n";
    for option in [["--unit", "weeks"], ["--columns", "workers"], ["--model", "amdhal"], ["--predict", "0"]] {
        refused(good, &option);
    }
    is_as_before("refused-fit", &messages);
}

#[test]
fn files_that_cannot_be_read_are_named() {
    let folder = tempfile::tempdir().unwrap();
    let run = |path: &std::path::Path| binary().arg("fit").arg(path).output().unwrap();
    for path in [folder.path().join("no-such.csv"), folder.path().to_owned()] {
        let message = refusal(&run(&path));
        assert!(message.contains("cannot read") && message.contains(path.to_str().unwrap()), "{message}");
    }
    let file = folder.path().join("timings.csv");
    std::fs::write(&file, table("workers,seconds", &powers(8), 3, amdahl(0.1))).unwrap();
    assert!(common::text(run(&file)).contains("timings.csv"));
}

#[test]
fn a_million_rows_are_read() {
    let mut rows = "workers,seconds\n".to_owned();
    for index in 0..1_000_000_u32 {
        let count = 1 << (index % 21);
        let jitter = 1.0 + 0.02 * f64::from(index.wrapping_mul(2_654_435_761) >> 8) / f64::from(1 << 24);
        writeln!(rows, "{count},{:.9}", amdahl(0.001)(f64::from(count)) * jitter).unwrap();
    }
    assert_eq!(json(&rows, &[])["timings"]["rows"], 1_000_000);
}

/// Times that never fall may be of a growing job, on few counts and on many.
#[test]
fn times_that_never_fall_ask_for_the_size() {
    for most in [2, 5] {
        let table = table("workers,seconds", &powers(most), 1, |p| 10.0 + 0.1 * p);
        let said = text(&table, &[]).replace('\n', " ");
        assert!(said.contains("no count is surely faster") || said.contains("No count is surely faster"), "{said}");
    }
    let falls = text(&table("workers,seconds", &powers(5), 1, amdahl(0.1)), &[]);
    assert!(!falls.contains("surely faster"), "{falls}");
}

/// A file whose name begins as an option does is offered by a path, which works.
#[test]
fn a_name_like_an_option_is_offered_as_a_path() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("-x.csv"), "threads,N,time\n1,10,8\n1,20,9\n2,10,4\n2,20,5\n").unwrap();
    let run = |words: &[&str]| binary().current_dir(folder.path()).arg("fit").args(words).output().unwrap();
    let message = refusal(&run(&["--", "-x.csv"]));
    assert!(message.contains("amdahl fit ./-x.csv --work N"), "{message}");
    assert!(common::text(run(&["./-x.csv", "--work", "N"])).contains("work and workers"));
}

/// A model that would be refused is not offered, and a setting that changes with the counts is told in the summary.
#[test]
fn only_true_sentences_are_written() {
    let few = text("workers,seconds\n1,8.1\n2,4.2\n8,1.3\n16,0.8\n64,0.5\n", &[]);
    assert!(few.contains("name it: --model amdahl") && !few.contains("amdahl-saturation"), "{few}");
    let rows = "1,gcc,10\n2,gcc,5.2\n4,gcc,2.8\n8,clang,1.6\n16,clang,1\n32,clang,.7\n";
    let said = text(&format!("threads,compiler,time_s\n{rows}"), &[]);
    let said = said.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(said.contains("gcc on 1, 2, 4, clang on 8, 16, 32") && said.contains("Not every row ran"), "{said}");
}

/// Where workers are counted anew, the ceiling has one interval, and no level efficiency is claimed that falls.
#[test]
fn a_ceiling_has_one_interval() {
    let said = text(include_str!("../data/tables/a15_bash_time.csv"), &[]);
    assert!(said.contains("2 workers as one") && !said.contains("level"), "{said}");
    assert!(said.matches("7.36").count() == 1 && !said.contains("ceiling without limits"), "{said}");
}
