//! Each number of the short answer stands in `cases.csv` and on the page.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use amdahl::experiment;
use amdahl::record::Run;
use amdahl::units;

use crate::common::{amdahl, text};

/// Lines of the short answer's last part, each with the experiment that it comes from.
const LINES: [(&str, &str); 7] = [
    ("workgroups", "workgroup-size"),
    ("transfers", "transfers"),
    ("branches", "divergence"),
    ("limits", "limits"),
    ("roofline", "intensity"),
    ("kernels", "climb"),
    ("safety", "safety-cost"),
];

/// The experiments of the parts before it.
const PARTS: [(&str, &[&str]); 4] = [
    ("1  SAME JOB", &["fixed-size", "scaled-size"]),
    ("2  HOW FAR", &["fixed-size"]),
    ("3  SHOULD I", &["launch-overhead", "split-work"]),
    ("4  WHO WINS", &["gains", "problem-size"]),
];

/// Characters of plots, whose axes have numbers of their own.
const DRAWN: [char; 6] = ['┌', '┤', '│', '└', '┴', '┬'];

const UNITS: [&str; 16] = [
    "ps", "ns", "µs", "ms", "s", "%", "x", "times", "kB/s", "MB/s", "GB/s", "TB/s", "MFLOP/s", "GFLOP/s", "TFLOP/s",
    "B/s",
];

type Row = BTreeMap<String, String>;

fn rows(csv: &str) -> Vec<Row> {
    let mut reader = csv::Reader::from_reader(csv.as_bytes());
    let heads = reader.headers().unwrap().clone();
    let row = |row: csv::StringRecord| heads.iter().map(str::to_owned).zip(row.iter().map(str::to_owned)).collect();
    reader.records().map(|record| row(record.unwrap())).collect()
}

/// The numbers of a text, each with its unit if it has one.
fn numbers(text: &str) -> Vec<String> {
    let spaced = text.replace('–', " – ");
    let bare = |word: &&str| word.trim_matches(['(', ')', ',', '.', ';', ':']).to_owned();
    let words: Vec<String> = spaced.split_whitespace().map(|word| bare(&word)).collect();
    let is_number =
        |word: &String| word.starts_with(|c: char| c.is_ascii_digit()) && word.replace(',', "").parse::<f64>().is_ok();
    let with_unit = |(at, word): (usize, &String)| {
        let unit = words.get(at + 1).filter(|unit| UNITS.contains(&unit.as_str()));
        // Between two numbers it is no unit: 256 x 256.
        let unit = unit.filter(|_| !words.get(at + 2).is_some_and(|next| words[at + 1] == "x" && is_number(next)));
        unit.map_or_else(|| word.clone(), |unit| format!("{word} {unit}"))
    };
    words.iter().enumerate().filter(|(_, word)| is_number(word)).map(with_unit).collect()
}

/// Everything that a row may be quoted as.
fn quoted(row: &Row) -> Vec<String> {
    let number = |head: &str| row[head].parse::<f64>().ok();
    let mut texts = vec![row["quantity"].clone()];
    let triple = |[value, low, high]: [&str; 3]| {
        Some([number(value)?, number(low).unwrap_or(number(value)?), number(high).unwrap_or(number(value)?)])
    };
    if let Some([value, low, high]) = triple(["speedup", "speedup_low", "speedup_high"]) {
        for number in [value, low, high] {
            texts.push(format!("{0} times, {0} x", units::ratio(number)));
        }
    }
    for head in ["n", "m", "k", "workers", "workgroup_size", "dispatches", "slices"] {
        texts.extend(row[head].parse().ok().map(units::count));
    }
    let Some([value, low, high]) = triple(["median", "low", "high"]) else { return texts };
    let one: &dyn Fn(f64) -> String = match row["unit"].as_str() {
        "s" => &units::seconds,
        // A part that is smaller is said to be under 1 %.
        "share" => &|share| format!("{}, {}, 1 %", units::percent(share), units::whole_percent(share)),
        "times" => &|ratio| format!("{0} times, {0} x", units::ratio(ratio)),
        "B/s" => &units::bandwidth,
        "flop/s" => &units::flop_rate,
        "flop/B" => &units::ratio,
        _ => &|count| units::count(count.round() as u64),
    };
    texts.extend([value, low, high].map(one));
    texts.push(match row["unit"].as_str() {
        "share" => units::percent_interval(value, low, high),
        _ => units::ratio_interval(value, low, high),
    });
    texts
}

/// Demands that each number of a text is one of those rows, in the rounding shown, and stands on the page.
fn found(what: &str, rows: &[&Row], page: &str) {
    let known: BTreeSet<String> = rows.iter().flat_map(|row| quoted(row)).flat_map(|text| numbers(&text)).collect();
    let bare: BTreeSet<&str> = known.iter().filter_map(|text| text.split(' ').next()).collect();
    for number in numbers(what).into_iter().filter(|number| number != "95 %") {
        let is_known = if number.contains(' ') { known.contains(&number) } else { bare.contains(number.as_str()) };
        assert!(is_known, "{number} is in no row of cases.csv: {what}");
        assert!(page.contains(&number), "{number} is not on the page: {what}");
    }
}

/// Checks every part of a short answer.
fn check(answer: &str, csv: &str, page: &str) {
    let all = rows(csv);
    let of = |names: &[&str]| -> Vec<&Row> {
        all.iter().filter(|row| names.contains(&row["experiment"].as_str())).collect()
    };
    let mut parts = answer.split("\n\n").filter(|part| !part.contains(DRAWN)).collect::<Vec<_>>().join("\n");
    // What stands under a plot.
    let legend = answer.lines().filter(|line| line.contains("job:") && line.contains(['●', '○'])).collect::<Vec<_>>();
    let sentences = answer.lines().skip_while(|line| !line.contains("   A: same job,"));
    let sentences: Vec<&str> = sentences.take_while(|line| !line.is_empty()).collect();
    let laws = [legend.join(" "), sentences.join(" ")].join(" ");
    let laws = laws.split_whitespace().collect::<Vec<_>>().join(" ").replace("p - s(p - 1)", "");
    found(&laws, &of(PARTS[0].1), page);
    let device = &all[0]["device"];
    parts = parts.replace(device.as_str(), "");
    let header: Vec<&str> = parts.lines().take_while(|line| !line.starts_with(PARTS[1].0)).collect();
    let wrong = header.join(" ").replace("0 wrong", "");
    found(&wrong, &of(&["calibration"]), page);
    for (index, (title, names)) in PARTS.iter().enumerate().skip(1) {
        let next = PARTS.get(index + 1).map_or("5  ALSO", |(title, _)| title);
        let begin = parts.find(title).unwrap_or_else(|| panic!("{title} in {parts}"));
        let part = &parts[begin + 1..begin + parts[begin..].find(next).unwrap()];
        let formula = part.replace("1/(s + (1 - s)/p)", "");
        found(&formula, &of(names), page);
    }
    let also = &parts[parts.find("5  ALSO").unwrap() + 1..];
    let also = &also[..also.find("Page").unwrap_or(also.len())];
    let mut seen = 0;
    for (word, name) in LINES {
        let Some(line) = also.split(&format!("     {word} ")).nth(1) else { continue };
        let end = LINES.iter().filter_map(|(other, _)| line.find(&format!("     {other} "))).min();
        found(&line[..end.unwrap_or(line.len())], &of(&[name]), page);
        seen += 1;
    }
    assert!(seen >= 4, "{also}");
}

#[test]
fn each_number_of_a_simulated_answer_is_in_cases_csv_and_on_the_page() {
    for model in ["h100", "m2", "llvmpipe"] {
        let folder = tempfile::tempdir().unwrap();
        let answer = text(amdahl(&["run", "--simulate", model, "--out", folder.path().to_str().unwrap()]));
        let page = answer.lines().find_map(|line| line.strip_prefix("Page  ")).unwrap();
        let csv = fs::read_to_string(page.replace("report.html", "cases.csv")).unwrap();
        check(&answer, &csv, &fs::read_to_string(page).unwrap());
    }
}

#[test]
fn each_number_of_a_saved_answer_is_in_cases_csv_and_on_the_page() {
    let saved = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/run-v1.json");
    let run: Run = Run::from_json(&fs::read_to_string(saved).unwrap()).unwrap();
    check(&text(amdahl(&["show", saved])), &experiment::cases_csv(&run), &experiment::report_page(&run));
}
