//! `amdahl predict` as its users meet it: the known answers of both laws to the printed digit, and every bad option.

use serde_json::Value;

use crate::common::{self, items};
use crate::refusals::messages;
use crate::snapshot::{is_as_before, shortened};

fn text(arguments: &[&str]) -> String {
    common::text(common::amdahl(&[&["predict"], arguments].concat()))
}

fn json(arguments: &[&str]) -> Value {
    common::json(common::amdahl(&[&["predict"], arguments, &["--format", "json"]].concat()))
}

fn refused(arguments: &[&str], words: &[&str]) {
    common::refused(&[&["predict"], arguments].concat(), words);
}

/// The cells of the row of a table that begins with this worker count, separators between thousands taken out.
fn row(page: &str, workers: &str) -> Vec<String> {
    let rows = page.lines().map(|line| line.split_whitespace().map(|cell| cell.replace(',', "")).collect::<Vec<_>>());
    rows.into_iter()
        .find(|cells| cells.len() > 2 && cells[0] == workers)
        .unwrap_or_else(|| panic!("no row {workers} in\n{page}"))
}

/// The part of a page that begins with these words.
fn after<'a>(page: &'a str, words: &str) -> &'a str {
    &page[page.find(words).unwrap_or_else(|| panic!("no {words:?} in\n{page}"))..]
}

fn rounds_to(value: &Value, digits: i32, expected: f64) {
    let unit = 10_f64.powi(digits);
    let value = value.as_f64().unwrap();
    assert!(((value * unit).round() / unit - expected).abs() < 1e-9, "{value} is not {expected}");
}

/// Workers; Amdahl for s = 0.5, 0.1, 0.02; Gustafson for the same: the formulas, to two decimals.
const BOTH_LAWS: [[&str; 7]; 8] = [
    ["1", "1.00", "1.00", "1.00", "1.00", "1.00", "1.00"],
    ["2", "1.33", "1.82", "1.96", "1.50", "1.90", "1.98"],
    ["4", "1.60", "3.08", "3.77", "2.50", "3.70", "3.94"],
    ["8", "1.78", "4.71", "7.02", "4.50", "7.30", "7.86"],
    ["16", "1.88", "6.40", "12.31", "8.50", "14.50", "15.70"],
    ["64", "1.97", "8.77", "28.32", "32.50", "57.70", "62.74"],
    ["256", "1.99", "9.66", "41.97", "128.50", "230.50", "250.90"],
    ["1024", "2.00", "9.91", "47.72", "512.50", "921.70", "1003.54"],
];

const FRACTIONS: [&str; 4] = ["--serial-fraction", "0.5,0.1,0.02", "--workers", "1,2,4,8,16,64,256,1024"];

#[test]
fn both_laws_to_the_printed_digit() {
    let page = text(&FRACTIONS);
    for expected in BOTH_LAWS {
        assert_eq!(row(&page, expected[0]), expected);
    }
    is_as_before("predict-both-laws", &page);
    let profiles = items(&json(&FRACTIONS)["profiles"]).to_vec();
    for (number, profile) in profiles.iter().enumerate() {
        for (row, expected) in items(&profile["rows"]).iter().zip(BOTH_LAWS) {
            rounds_to(&row["workers"], 0, expected[0].parse().unwrap());
            rounds_to(&row["amdahl"], 2, expected[1 + number].parse().unwrap());
            rounds_to(&row["gustafson"], 2, expected[4 + number].parse().unwrap());
        }
    }
}

#[test]
fn the_order_of_fractions_and_of_workers_is_the_readers() {
    let profiles = json(&["--serial-fraction", "0.02,0.5"])["profiles"].clone();
    assert_eq!(
        (profiles[0]["serial_fraction"].as_f64(), profiles[1]["serial_fraction"].as_f64()),
        (Some(0.02), Some(0.5))
    );
    assert_eq!(items(&profiles[0]["rows"]).len(), 11, "1 to 1024 by default");
}

#[test]
fn ceilings_and_their_shares() {
    let page = text(&FRACTIONS);
    let profiles = json(&FRACTIONS)["profiles"].clone();
    for (index, (s, ceiling, share, enough)) in
        [("0.500", 2.0, 99.9, 9.0), ("0.100", 10.0, 99.1, 81.0), ("0.020", 50.0, 95.4, 441.0)].into_iter().enumerate()
    {
        let profile = &profiles[index];
        rounds_to(&profile["ceiling"], 9, ceiling);
        rounds_to(&profile["workers_at_90_percent"], 0, enough);
        let last = items(&profile["rows"]).last().unwrap().clone();
        let percent = Value::from(100.0 * last["share_of_ceiling"].as_f64().unwrap());
        rounds_to(&percent, 1, share);
        let cells = row(after(&page, "share of it"), s);
        assert_eq!(cells[2..], [format!("{ceiling:.2}"), format!("{share:.1}"), "%".to_owned(), format!("{enough}")]);
    }
}

const LOAD_COMPUTE_STORE: [&str; 6] = ["--serial", "load=100ms", "--serial", "store=100ms", "--parallel", "900ms"];

/// 100 + 900 + 100 ms: P = 0.818, 5.26 on 100 workers (not 5.34), ceiling 5.5.
#[test]
fn a_profile_of_three_parts() {
    let arguments: Vec<&str> = LOAD_COMPUTE_STORE.into_iter().chain(["--workers", "1,100"]).collect();
    let page = text(&arguments);
    let cells = row(&page, "100");
    assert_eq!(cells[..4], ["100", "209", "ms", "5.26"], "{page}");
    is_as_before("predict-three-parts", &page);
    let profile = &json(&arguments)["profiles"][0];
    rounds_to(&profile["parallel_fraction"], 3, 0.818);
    rounds_to(&profile["rows"][1]["amdahl"], 2, 5.26);
    rounds_to(&profile["ceiling"], 9, 5.5);
    rounds_to(&profile["rows"][1]["seconds"], 9, 0.209);
}

/// Half of 100 ms off 209 ms on 100 workers is 159 ms; the ceiling is then 1100/150.
#[test]
fn halving_each_named_part() {
    let arguments: Vec<&str> = LOAD_COMPUTE_STORE.into_iter().chain(["--workers", "1,100"]).collect();
    let halvings = json(&arguments)["profiles"][0]["halvings"].clone();
    for (index, name, gain, ceiling) in [
        (0, "load", 209.0 / 159.0, 1100.0 / 150.0),
        (1, "store", 209.0 / 159.0, 1100.0 / 150.0),
        (2, "parallel", 209.0 / 204.5, 5.5),
    ] {
        assert_eq!(halvings[index]["name"], name);
        assert!((halvings[index]["gain"].as_f64().unwrap() - gain).abs() < 1e-12);
        assert!((halvings[index]["ceiling"].as_f64().unwrap() - ceiling).abs() < 1e-12);
    }
}

#[test]
fn textbook_speedups() {
    for (s, workers, digits, speedup) in
        [("0.5", "100", 2, 1.98), ("0.05", "100", 2, 16.81), ("10%", "16", 1, 6.4), ("0.1", "1024", 1, 9.9)]
    {
        let answer = json(&["--serial-fraction", s, "--workers", workers]);
        rounds_to(&answer["profiles"][0]["rows"][0]["amdahl"], digits, speedup);
    }
}

/// 180 ms compute, 20 ms communication: s = 0.10, ceiling 10, 6.4 on 16 workers, 9.9 on 1024.
#[test]
fn compute_and_communication() {
    let arguments = ["--compute", "180ms", "--communication", "20ms", "--workers", "1,16,1024"];
    is_as_before("predict-communication", &text(&arguments));
    let profile = &json(&arguments)["profiles"][0];
    rounds_to(&profile["rows"][1]["amdahl"], 1, 6.4);
    rounds_to(&profile["rows"][2]["amdahl"], 1, 9.9);
}

/// s(K) put back into the formula, and the clock. At 64 workers it is 2.3545; with s rounded to .415, 2.36.
#[test]
fn the_effective_curve_beside_the_clock() {
    let arguments =
        ["--compute", "1800ms", "--communication", "20ms", "--effective", "--workers", "1,8,10,11,64,256,1024"];
    let page = text(&arguments);
    let table = after(&page, "the effective curve");
    for (workers, effective, clock) in [
        ("1", "1.00", "1.00"),
        ("8", "5.09", "7.43"),
        ("10", "5.26", "9.10"),
        ("64", "2.35", "37.82"),
        ("256", "1.35", "67.33"),
        ("1024", "1.09", "83.65"),
    ] {
        assert_eq!(row(table, workers)[3..5], [effective, clock], "{workers}");
    }
    is_as_before("predict-effective", &page);
    let profile = &json(&arguments)["profiles"][0];
    assert_eq!(profile["effective"]["peak_workers"].as_f64(), Some(11.0));
    rounds_to(&profile["rows"][4]["effective_speedup"], 4, 2.3545);
    rounds_to(&profile["rows"][6]["amdahl"], 1, 83.6);
    assert!(json(&LOAD_COMPUTE_STORE)["profiles"][0]["effective"].is_null());
}

/// 240 ms and 60 ms on 8 devices: s(8) = 60/300, s(1) = 60/1980. On 32 the step takes 60 + 1920/32 = 120 ms, and
/// 1980/120 = 16.5; s(8) in Amdahl's formula says 1/(0.2 + 0.8/32) = 4.44, and the effective curve 1/(0.5 + 0.5/32).
const ON_EIGHT: [&str; 8] =
    ["--compute", "240ms", "--communication", "60ms", "--measured-on", "8", "--workers", "1,8,32"];

#[test]
fn a_profile_taken_on_eight_devices_has_two_readings() {
    let page = text(&ON_EIGHT);
    let table = after(&page, "measured on 8 workers");
    assert_eq!(row(table, "8"), ["8", "300", "ms", "6.60", "3.33", "20.0", "%", "3.33"]);
    assert_eq!(row(table, "32"), ["32", "120", "ms", "16.50", "4.44", "50.0", "%", "1.94"]);
    for words in [
        "s(8)  0.200 = 60.0 ms/(60.0 ms + 240 ms)",
        "s(1)  0.0303 = 60.0 ms/(60.0 ms + 8 x 240 ms)",
        "It then says 3.33",
    ] {
        assert!(page.contains(words), "{words} in\n{page}");
    }
    is_as_before("predict-measured-on", &page);
    let profile = &json(&ON_EIGHT)["profiles"][0];
    let on = &profile["measured_on"];
    assert_eq!(on["workers"], 8);
    rounds_to(&on["serial_share"], 12, 0.2);
    rounds_to(&profile["serial_fraction"], 12, 60e12 / 1980e12);
    rounds_to(&profile["parts"][0]["seconds"], 12, 1.92);
    rounds_to(&on["speedup"], 9, 6.6);
    rounds_to(&on["misread_ceiling"], 9, 5.0);
    let last = &profile["rows"][2];
    for (name, expected) in [
        ("seconds", 0.12),
        ("amdahl", 16.5),
        ("misread_speedup", 1.0 / (0.2 + 0.8 / 32.0)),
        ("effective_speedup", 1.0 / (0.5 + 0.5 / 32.0)),
        ("gustafson", 32.0 - 0.2 * 31.0),
    ] {
        assert!((last[name].as_f64().unwrap() / expected - 1.0).abs() < 1e-12, "{name}: {last}");
    }
    let csv = text(&[&ON_EIGHT[..], &["--format", "csv"]].concat());
    assert!(csv.lines().next().unwrap().starts_with("serial_fraction,measured_on,workers,amdahl,"), "{csv}");
    assert!(csv.lines().nth(3).unwrap().contains(",8,32,16.5"), "{csv}");
}

/// 22 % on 256 workers is 22/(22 + 256 x 78) on one; times are not known.
#[test]
fn a_share_on_many_workers_has_two_readings() {
    let arguments = ["--serial-fraction", "0.22", "--measured-on", "256"];
    let page = text(&arguments);
    is_as_before("predict-share-measured-on", &page);
    let table = after(&page, "measured on 256 workers");
    assert_eq!(row(table, "32")[..3], ["32", "30.94", "4.09"]);
    let profile = &json(&arguments)["profiles"][0];
    rounds_to(&profile["serial_fraction"], 9, 22.0 / (22.0 + 256.0 * 78.0));
    // On the workers of the profile both laws say the same.
    let on = items(&profile["rows"]).iter().find(|row| row["workers"] == 256).unwrap();
    rounds_to(&on["amdahl"], 9, 22e-2 + 256.0 * 0.78);
    rounds_to(&on["gustafson"], 9, 22e-2 + 256.0 * 0.78);
    let two = text(&["--serial-fraction", "0.22,0.1", "--measured-on", "256", "--workers", "1,256"]);
    assert_eq!(row(&two, "256")[..3], ["256", "199.90", "230.50"], "{two}");
    assert_eq!(two.matches("── measured on 256 workers").count(), 2, "{two}");
}

#[test]
fn a_profile_on_one_worker_has_one_reading() {
    let one = ["--serial-fraction", "0.22", "--measured-on", "1"];
    assert_eq!(text(&one), text(&one[..2]));
    let profile = &json(&one)["profiles"][0];
    assert!(profile["measured_on"].is_null() && profile["absent"]["measured_on"].is_string(), "{profile}");
    assert!(profile["rows"][0]["misread_speedup"].is_null());
}

#[test]
fn a_job_of_one_kind_has_one_share_on_any_number_of_workers() {
    for part in [["--serial", "1s"], ["--parallel", "1s"]] {
        let page = text(&[&part[..], &["--measured-on", "8"]].concat());
        assert!(page.contains("both shares are the same") && !page.contains("in place of s(1)"), "{page}");
    }
}

/// The lines of the legend of a plot, and its ticks on the x axis.
fn plot(arguments: &[&str]) -> (String, Vec<String>) {
    let page = text(arguments);
    let lines: Vec<&str> = page.lines().collect();
    let top = lines.iter().position(|line| line.trim_start().starts_with("speedup ┌")).unwrap();
    let bottom = lines.iter().position(|line| line.contains('└')).unwrap();
    let legend = lines[..top].iter().rev().take_while(|line| !line.is_empty()).copied().collect();
    (legend, lines[bottom + 1].split_whitespace().map(str::to_owned).collect())
}

#[test]
fn the_plot_has_the_ideal_line_the_ceiling_and_the_axes_that_show_the_bend() {
    let (legend, ticks) = plot(&["--serial-fraction", "0.2"]);
    assert!(legend.contains("ideal") && legend.contains("ceiling 1/s = 5.00"), "{legend}");
    assert!(!legend.contains("effective"), "{legend}");
    assert_eq!(ticks[..4], ["1", "10", "100", "1,000"], "up to 1,024 workers a linear axis hides a bend at 5");
    let (_, ticks) = plot(&["--serial-fraction", "0.2", "--workers", "1,2,4,8,16"]);
    assert_eq!(ticks[..3], ["0", "5", "10"], "up to 16 it shows it");
    // Asked for, a linear axis ends at four times the bend.
    let (_, ticks) = plot(&["--serial-fraction", "0.2", "--axes", "linear"]);
    assert_eq!(ticks[..3], ["0", "5", "10"]);
    let (_, ticks) = plot(&["--serial-fraction", "0.2", "--workers", "1,2,4,8,16", "--axes", "log"]);
    assert_eq!(ticks[..3], ["1", "2", "5"]);
    // A ceiling far above everything drawn has no line.
    let (legend, _) = plot(&["--serial-fraction", "0.001", "--workers", "1..16"]);
    assert!(!legend.contains("ceiling"), "{legend}");
    let (legend, _) = plot(&["--compute", "1800ms", "--communication", "20ms", "--effective"]);
    assert!(legend.contains("effective curve"), "{legend}");
    let (legend, _) = plot(&ON_EIGHT);
    assert!(legend.contains("effective curve") && legend.contains("Amdahl with s(8)"), "{legend}");
    let (legend, _) = plot(&["--serial-fraction", "0.5,0.1,0.02"]);
    assert!(legend.contains("ceilings 1/s") && legend.matches("Amdahl").count() == 3, "{legend}");
}

#[test]
fn advice_is_graded_by_the_parallel_fraction() {
    for (s, advice) in [("0.01", "add-workers"), ("0.2", "a-few-tens"), ("0.4", "a-handful"), ("0.7", "faster-worker")]
    {
        let arguments = ["--serial-fraction", s, "--workers", "1,1024"];
        assert_eq!(json(&arguments)["profiles"][0]["advice"], advice);
        is_as_before(&format!("predict-{advice}"), &text(&arguments));
    }
}

/// Nothing serial has no ceiling: null with a reason, no infinity.
#[test]
fn what_is_absent_has_a_reason() {
    for arguments in [["--serial-fraction", "0"], ["--parallel", "1s"]] {
        let profile = &json(&arguments)["profiles"][0];
        for field in ["ceiling", "workers_at_90_percent"] {
            assert!(profile[field].is_null() && profile["absent"][field].is_string(), "{field}");
        }
        assert!(profile["rows"][3]["share_of_ceiling"].is_null() && profile["absent"]["rows"].is_string());
        let page = text(&arguments);
        assert!(!page.contains("inf") && !page.contains("NaN"), "{page}");
        assert!(!page.contains("-0"), "{page}");
        assert!(profile["serial_fraction"].as_f64().unwrap().is_sign_positive());
    }
    is_as_before("predict-nothing-serial", &text(&["--parallel", "1s"]));
    is_as_before("predict-nothing-parallel", &text(&["--serial", "1s"]));
}

#[test]
fn small_serial_fractions_and_large_units() {
    is_as_before("predict-small-fraction", &text(&["--serial-fraction", "1e-4", "--workers", "1,1024"]));
    assert_eq!(json(&["--serial", "30min", "--parallel", "2h"])["profiles"][0]["serial_fraction"], 0.2);
    let answer = json(&["--serial", "1s", "--parallel", "9s"])["profiles"][0].clone();
    for field in ["halved_on_workers", "workers_at_90_percent"] {
        assert!(answer[field].is_u64(), "{field}");
    }
    is_as_before("predict-one-worker", &text(&["--serial", "1s", "--parallel", "9s", "--workers", "1"]));
}

#[test]
fn the_other_formats() {
    let two = ["--serial-fraction", "0.5,0.1", "--workers", "1,1024", "--format"];
    is_as_before("predict-markdown", &text(&[&two[..], &["markdown"]].concat()));
    is_as_before("predict-csv", &text(&[&two[..], &["csv"]].concat()));
    is_as_before("predict-json", &shortened(json(&["--serial", "load=1s", "--parallel", "9s", "--workers", "1,64"])));
    let many = text(&["--serial-fraction", "0.5,0.4,0.3,0.2,0.1"]);
    assert_eq!(many.matches("── serial fraction").count(), 5);
}

#[test]
fn a_parallel_fraction_is_what_the_serial_one_leaves() {
    let arguments = ["--workers", "1,16", "--serial-fraction", "0.5,0.25"];
    let parallel = ["--workers", "1,16", "--parallel-fraction", "0.5,75%"];
    assert_eq!(json(&arguments), json(&parallel));
    rounds_to(
        &json(&["--parallel-fraction", "0.95", "--workers", "100"])["profiles"][0]["rows"][0]["amdahl"],
        2,
        16.81,
    );
}

/// 17 s of work and a span of 8 s on 2 workers: at most 9/2 + 8 = 12.5 s, at least 8.5 s.
#[test]
fn work_and_span_bound_the_speedup_from_both_sides() {
    let arguments = ["--work", "17s", "--span", "8s", "--workers", "1,2,4"];
    let page = text(&arguments);
    assert_eq!(row(&page, "2")[..5], ["2", "12.5", "s", "1.36", "2.00"], "{page}");
    assert!(page.contains("work/span = 2.13") || page.contains("work/span = 2.12"), "{page}");
    is_as_before("predict-work-span", &page);
    let profile = &json(&arguments)["profiles"][0];
    for (index, brent, most) in [(0, 1.0, 1.0), (1, 17.0 / 12.5, 2.0), (2, 17.0 / 10.25, 17.0 / 8.0)] {
        let row = &profile["rows"][index];
        rounds_to(&row["amdahl"], 12, (brent * 1e12_f64).round() / 1e12);
        rounds_to(&row["most_speedup"], 12, (most * 1e12_f64).round() / 1e12);
    }
}

/// A fit's answer, as `amdahl fit --format json` writes it of an example.
fn fitted(example: &str, folder: &std::path::Path) -> String {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let table = root.join("examples").join(example);
    let answer = common::text(common::amdahl(&["fit", table.to_str().unwrap(), "--format", "json"]));
    std::fs::write(folder.join("fit.json"), answer).unwrap();
    folder.join("fit.json").to_str().unwrap().to_owned()
}

#[test]
fn a_fit_is_predicted_by_its_own_law() {
    let folder = tempfile::tempdir().unwrap();
    let file = fitted("peak.csv", folder.path());
    let answer = json(&["--from", &file, "--workers", "1,8,64"]);
    let profile = &answer["profiles"][0];
    let fit: Value = serde_json::from_str(&std::fs::read_to_string(&file).unwrap()).unwrap();
    let curve = &fit["fit"]["curve"];
    let [s, kappa, doubling] = ["serial_fraction", "kappa", "per_doubling"].map(|name| curve[name].as_f64().unwrap());
    assert!(kappa > 0.0 || doubling > 0.0, "the example has a peak: {curve}");
    assert!(curve["knee"].is_null(), "{curve}");
    let by_hand = 1.0 / (s + (1.0 - s) / 64.0 + kappa * 63.0 + doubling * 6.0);
    let found = profile["rows"][2]["fitted_speedup"].as_f64().unwrap();
    assert!((found / by_hand - 1.0).abs() < 1e-12, "{found} and {by_hand}");
    let page = text(&["--from", &file, "--workers", "1,8,64"]);
    assert!(page.contains("By the fitted law 64 workers are"), "{page}");
    let file = fitted("superlinear.csv", folder.path());
    refused(&["--from", &file], &["the fit was refused (superlinear)", "p workers are more than p times faster"]);
    let table = folder.path().join("weak.csv");
    std::fs::write(&table, "workers,weak_seconds\n1,8\n2,8.1\n4,8.3\n").unwrap();
    let file = fitted(table.to_str().unwrap(), folder.path());
    refused(&["--from", &file], &["the fit is of weak scaling"]);
    let file = fitted("strong.csv", folder.path());
    refused(&["--from", &file, "--measured-on", "8"], &["--measured-on is for profiles"]);
    let arguments = ["predict", "--from", "fit.json", "--workers", "1,8,64"];
    let page = common::text(common::binary().current_dir(folder.path()).args(arguments).output().unwrap());
    is_as_before("predict-from-fit", &page);
}

#[test]
fn bad_options_are_refused() {
    for value in ["1.5", "-0.1", "NaN", "inf", "", "0.1,,0.2", "half", "150%"] {
        refused(&["--serial-fraction", value], &["--serial-fraction", "0.5,0.1,0.02"]);
    }
    for value in ["0", "", "-4", "8..2", "x", "2^99"] {
        refused(&["--serial-fraction", "0.1", "--workers", value], &["--workers"]);
    }
    let commands: [&[&str]; 20] = [
        &[],
        &["--serial-fraction", "1.5"],
        &["--serial", "100"],
        &["--serial", "load=-1ms"],
        &["--serial", "=1ms"],
        &["--parallel", "NaNms"],
        &["--serial", "a=1ms", "--parallel", "a=2ms"],
        &["--serial", "0s", "--parallel", "0s"],
        &["--compute", "1s"],
        &["--compute", "1s", "--communication", "1s", "--serial", "1s"],
        &["--serial", "1s", "--serial-fraction", "0.1"],
        &["--serial-fraction", "0.1", "--measured-on", "0"],
        &["--serial-fraction", "0.1", "--measured-on", "8,16"],
        &["--serial-fraction", "0.1", "--axes", "square"],
        &["--serial-fraction", "0.1", "--parallel-fraction", "0.9"],
        &["--parallel-fraction", "1.5"],
        &["--work", "1s"],
        &["--work", "1s", "--span", "2s"],
        &["--work", "1s", "--span", "0s"],
        &["--from", "/nowhere/there.json"],
    ];
    let commands = commands.map(|arguments| [&["predict"], arguments].concat());
    is_as_before("refused-predict", &messages(&commands.each_ref().map(|command| &command[..])));
}
