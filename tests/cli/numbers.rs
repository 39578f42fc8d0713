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

/// Words after a number that say what it counts, each with the columns and the units that count it.
const COUNTED: [(&str, &[&str], &str); 4] = [
    ("worker", &["workers"], "workers"),
    ("element", &["n"], "elements"),
    ("matri", &["n", "m", "k"], "elements"),
    ("pieces", &["slices"], ""),
];

fn is_number(word: &str) -> bool {
    word.starts_with(|c: char| c.is_ascii_digit()) && word.replace(',', "").parse::<f64>().is_ok()
}

/// The numbers of a text, each with its unit if it has one, and else with the word after it. The ends of an interval
/// have the unit of their value: `0.52 % (0.32–0.63)`, `14.9 (14.7–15.0) times`.
fn numbers(text: &str) -> Vec<(String, String)> {
    let spaced = text.replace('–', " – ");
    let raw: Vec<&str> = spaced.split_whitespace().collect();
    let words: Vec<&str> = raw.iter().map(|word| word.trim_matches(['(', ')', ',', '.', ';', ':'])).collect();
    let unit = |at: usize| words.get(at).filter(|word| UNITS.contains(*word));
    let opens = |at: usize| raw.get(at).is_some_and(|word| word.starts_with('(') && is_number(words[at]));
    let with_unit = |at: usize| {
        // The value before an interval may have its unit there.
        let first = if words[at - usize::from(at > 0)] == "–" { at.saturating_sub(2) } else { at };
        let before = first.checked_sub(1).filter(|_| opens(first)).and_then(unit);
        let mut after = at + 1;
        // An interval has a round bracket before it; a number after it is another one.
        if opens(after) && !raw[at].ends_with([',', '.', ';', ':']) {
            after += 1;
        }
        if words.get(after) == Some(&"–") && !raw[after - 1].ends_with(')') {
            after += 2;
        }
        // Between two numbers it is no unit: 256 x 256.
        let is_factor = words.get(after) == Some(&"x") && words.get(after + 1).is_some_and(|next| is_number(next));
        let unit = before.or_else(|| unit(after).filter(|_| !is_factor));
        match unit {
            Some(unit) => (format!("{} {unit}", words[at]), String::new()),
            None => (words[at].to_owned(), words.get(at + 1).map_or(String::new(), ToString::to_string)),
        }
    };
    (0..words.len()).filter(|&at| is_number(words[at])).map(with_unit).collect()
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

/// What a row says by its name: its value as it is written, without `times`.
fn value(row: &Row) -> Vec<String> {
    let Ok(value) = row["median"].parse::<f64>() else { return Vec::new() };
    let [low, high] = ["low", "high"].map(|end| row[end].parse::<f64>().unwrap_or(value));
    // A value with a narrow interval has a digit more.
    let first = |interval: String| interval.split(" (").next().unwrap_or_default().to_owned();
    match row["unit"].as_str() {
        "s" => vec![units::seconds(value)],
        "share" => {
            let digits = [units::percent_interval(value, value, value), units::percent(value)];
            let narrow = first(units::percent_interval(value, low, high));
            digits.into_iter().chain([units::whole_percent(value), narrow]).collect()
        }
        "times" | "flop/B" => vec![units::ratio(value), first(units::ratio_interval(value, low, high))],
        "B/s" => vec![units::bandwidth(value)],
        "flop/s" => vec![units::flop_rate(value)],
        _ => vec![units::count(value.round() as u64)],
    }
}

/// Sentences of the short answer with a number between two texts: its experiment, its series (none given: that of the
/// device's usual method), and its names in the column `quantity`, of which one must have that value.
const NAMED: [(&str, &str, &str, &str, &[&str]); 27] = [
    ("A: same job: ", " times faster", "fixed-size", "device", &["whole-job speedup with enough workers"]),
    ("G: bigger job: ", " times the work", "scaled-size", "device", &["whole-job most work in the same time"]),
    (" workers do ", " jobs in", "scaled-size", "device", &["whole-job most work in the same time"]),
    ("G counts ", " small jobs", "scaled-size", "device", &["whole-job work in the same time"]),
    ("the textbook says ", " (p - s", "scaled-size", "device", &["whole-job speedup by Gustafson's law"]),
    ("s(p - 1), s = ", " of G's", "scaled-size", "device", &["whole-job serial share"]),
    ("1. One worker takes ", " times as long", "scaled-size", "device", &["whole-job speedup of the bigger job"]),
    (" sorted: ", " x", "divergence", "device", &["16 branches, sorted", "64 branches, sorted"]),
    ("; one worker takes ", " times", "scaled-size", "device", &["whole-job speedup of the bigger job"]),
    (
        "full at about ",
        " workers",
        "fixed-size",
        "device",
        &["whole-job workers that fill the hardware", "kernel workers that fill the hardware"],
    ),
    ("serial fraction s = ", " (", "fixed-size", "device", &["whole-job serial fraction"]),
    ("Fitted ceiling ", " (", "fixed-size", "device", &["whole-job fitted ceiling"]),
    ("hardware 1/s = ", " times", "fixed-size", "device", &["whole-job ceiling without limits"]),
    ("kernel each extra worker costs ", ", too", "fixed-size", "device", &["kernel cost of one more worker"]),
    (
        "without set-up (distribution) it would be ",
        " times",
        "fixed-size",
        "device",
        &["whole-job speedup without set-up"],
    ),
    ("without launch (coordination) ", " times", "fixed-size", "device", &["whole-job speedup without launch"]),
    (
        "without read-back (communication) it would be ",
        " times",
        "fixed-size",
        "device",
        &["whole-job speedup without read-back"],
    ),
    ("one pass is ", " times cheaper", "launch-overhead", "device", &["times cheaper in one pass"]),
    ("Batch kernels shorter than ", ": they", "launch-overhead", "device", &["batch kernels shorter than"]),
    ("run; below ", " even", "launch-overhead", "one-pass", &["one more launch"]),
    ("; back ", ", then", "transfers", "", &["read-back start-up"]),
    ("transfers upload ", ", then", "transfers", "", &["upload start-up"]),
    ("memory limit ", ", compute", "limits", "device", &["memory limit"]),
    (", compute limit ", " roofline", "limits", "device", &["compute limit"]),
    ("roofline ridge ", " flop per byte", "intensity", "device", &["ridge"]),
    (
        " in a subgroup: ",
        " x the time",
        "divergence",
        "device",
        &["8 branches in a subgroup", "32 branches in a subgroup"],
    ),
    ("without all checks: ", " times faster", "safety-cost", "unchecked", &["speedup without checks"]),
];

/// Demands that each sentence of a short answer that names a number has the value that its name has in `cases.csv`.
/// Returns how many there were.
fn named(answer: &str, rows: &[Row]) -> usize {
    let one_line = answer.split_whitespace().collect::<Vec<_>>().join(" ");
    let between = |(before, after): (&str, &str)| {
        let (_, rest) = one_line.split_once(before)?;
        let number = &rest[..rest.find(after)?];
        // Another sentence of the same beginning goes on for longer.
        (number.len() < 16).then(|| number.to_owned())
    };
    let check = |&(before, after, experiment, series, names): &(&str, &str, &str, &str, &[&str])| {
        let shown = between((before, after))?;
        let is_it = |row: &&Row| {
            let is_series = series.is_empty() || row["series"] == series;
            row["experiment"] == experiment && is_series && names.contains(&row["quantity"].as_str())
        };
        let known: Vec<String> = rows.iter().filter(is_it).flat_map(value).collect();
        assert!(known.contains(&shown), "{before}{shown}{after}: {names:?} of {experiment} are {known:?}");
        Some(())
    };
    NAMED.iter().filter_map(check).count()
}

/// Rows of the short answer by how they begin, each with its series.
const BARS: [(&str, &str); 5] = [
    ("all in one pass", "one-pass"),
    ("a pass each", "pass-each"),
    ("a submit each", "submit-each"),
    ("submit and wait each", "wait-each"),
    ("read back each", "read-back-each"),
];
const RACERS: [(&str, &str); 6] = [
    ("one element at a time", "scalar"),
    ("with its vector unit", "simd"),
    ("with tiny tasks", "tiny-tasks"),
    ("CPU threads  ", "threads"),
    ("this software GPU  ", "device"),
    ("the simulated device  ", "device"),
];

/// The cells of a row of a table: what stands after its name, parted by two blanks.
fn cells(line: &str, name: &str) -> Option<Vec<String>> {
    let (_, rest) = line.split_once(name.trim_end())?;
    Some(
        rest.split("  ")
            .map(|cell| cell.trim().to_owned())
            .filter(|cell| !cell.is_empty() && !cell.starts_with('█'))
            .collect(),
    )
}

/// Demands that the tables and bars of a short answer have the values of their series. Returns how many values there
/// were.
fn in_rows(answer: &str, rows: &[Row]) -> usize {
    let mut seen = 0;
    let mut demand = |shown: Option<&String>, ratio: bool, is_it: &dyn Fn(&Row) -> bool| {
        let Some(shown) = shown else { return };
        let text = |row: &Row| match row["speedup"].parse::<f64>() {
            Ok(speedup) if ratio => vec![format!("{} x", units::ratio(speedup))],
            _ if ratio => Vec::new(),
            _ => value(row),
        };
        let known: Vec<String> = rows.iter().filter(|row| is_it(row)).flat_map(text).collect();
        assert!(known.contains(shown), "{shown} is none of {known:?}");
        seen += 1;
    };
    let part = |title: &str, next: &str| {
        let (_, rest) = answer.split_once(title).unwrap_or_else(|| panic!("{title} in {answer}"));
        rest.split(next).next().unwrap_or_default().to_owned()
    };
    let first = |experiment: &str| rows.iter().find(|row| row["experiment"] == experiment).unwrap()["workload"].clone();
    let job = first("fixed-size");
    for line in part(PARTS[1].0, PARTS[2].0).lines() {
        let words: Vec<&str> = line.split("  ").map(str::trim).filter(|word| !word.is_empty()).collect();
        let [workers, kernel, faster, whole, whole_faster, used, ..] = words[..] else { continue };
        if !is_number(workers) {
            continue;
        }
        let of = |quantity: &'static str| {
            let (job, workers) = (job.clone(), workers.replace(',', ""));
            move |row: &Row| {
                let is_it = row["experiment"] == "fixed-size" && row["workload"] == job;
                is_it && row["workers"] == workers && row["quantity"] == quantity
            }
        };
        demand(Some(&kernel.to_owned()), false, &of("kernel"));
        demand(Some(&faster.to_owned()), true, &of("kernel"));
        demand(Some(&whole.to_owned()), false, &of("whole-job"));
        demand(Some(&whole_faster.to_owned()), true, &of("whole-job"));
        demand(Some(&used.to_owned()), false, &of("whole-job used well"));
    }
    let batch = part(PARTS[2].0, PARTS[3].0);
    for (name, series) in BARS {
        let cost = batch.lines().find_map(|line| cells(line, &format!("   {name}  ")));
        let is_it = |row: &Row| row["series"] == series && row["quantity"] == "one more launch";
        demand(cost.iter().flatten().next(), false, &is_it);
    }
    let wins = part(PARTS[3].0, "5  ALSO");
    let n = numbers(wins.lines().next().unwrap())[0].0.replace(',', "");
    for (name, series) in RACERS {
        let line = wins.lines().skip(1).find(|line| line.contains(name));
        let shown = line.and_then(|line| cells(line, name)).unwrap_or_default();
        let is_it = |row: &Row| {
            let is_job = row["experiment"] == "gains" && row["quantity"] == "whole-job-from-memory";
            is_job && row["series"] == series && row["n"] == n
        };
        demand(shown.first(), false, &is_it);
        demand(shown.get(1), true, &is_it);
    }
    seen
}

/// Demands that each number of a text is one of those rows, in the rounding shown, and stands on the page. A number
/// with a unit is a value in that unit, a counted one the count of that thing, and any other a count or a ratio.
fn found(what: &str, rows: &[&Row], page: &str) {
    let texts = || rows.iter().flat_map(|row| quoted(row)).flat_map(|text| numbers(&text));
    let known: BTreeSet<String> = texts().map(|(number, _)| number).collect();
    let is_bare = |text: &&String| !text.contains(' ') || text.ends_with(" times") || text.ends_with(" x");
    let bare: BTreeSet<&str> = known.iter().filter(is_bare).filter_map(|text| text.split(' ').next()).collect();
    for (number, next) in numbers(what).into_iter().filter(|(number, _)| number != "95 %") {
        let things = COUNTED.iter().find(|(thing, ..)| next.starts_with(thing));
        let is_known = match things {
            _ if number.contains(' ') => known.contains(&number),
            None => bare.contains(number.as_str()),
            Some((_, columns, unit)) => rows.iter().any(|row| {
                let counts = columns.iter().filter_map(|column| row[*column].parse().ok().map(units::count));
                counts.chain(value(row).into_iter().filter(|_| row["unit"] == *unit)).any(|count| count == number)
            }),
        };
        assert!(is_known, "{number} {next} is in no row of cases.csv: {what}");
        // In an interval the unit stands with its value.
        let digits = number.split(' ').next().unwrap_or_default();
        let on_page = ["–", ")"].iter().any(|end| page.contains(&format!("{digits}{end}"))) || page.contains(&number);
        assert!(on_page, "{number} is not on the page: {what}");
    }
}

/// Checks every part of a short answer.
fn check(answer: &str, csv: &str, page: &str, [sentences, values]: [usize; 2]) {
    let all = rows(csv);
    let [told, shown] = [named(answer, &all), in_rows(answer, &all)];
    assert!(told >= sentences && shown >= values, "{told} sentences and {shown} values were found in {answer}");
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
        check(&answer, &csv, &fs::read_to_string(page).unwrap(), [14, 40]);
    }
}

#[test]
fn each_number_of_a_saved_answer_is_in_cases_csv_and_on_the_page() {
    let saved = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/run-v1.json");
    let run: Run = Run::from_json(&fs::read_to_string(saved).unwrap()).unwrap();
    check(&text(amdahl(&["show", saved])), &experiment::cases_csv(&run), &experiment::report_page(&run), [1, 1]);
}
