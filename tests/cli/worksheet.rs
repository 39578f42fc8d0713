//! The worksheet of a run, and its answers: solved again from what the sheet shows.
//!
//! `data/run-llvmpipe.json` was measured on a software GPU with two processor cores; other experiments, the checks and
//! most repetitions are left out.

use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::common::{amdahl, message, refused, text};
use crate::snapshot::is_as_before;

const LLVMPIPE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/run-llvmpipe.json");
const OLD: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/run-v1.json");

/// By hand, a half is rounded up, whatever its last binary digit is.
const HALF_UP: f64 = 1.0 + 1e-12;

/// Runs the program and returns the folder of the run.
fn run(out: &Path, options: &[&str]) -> String {
    let out = out.to_str().unwrap();
    let run = amdahl(&[&["run", "--out", out], options].concat());
    let said = message(&run) + &text(run);
    // The short answer ends with its page.
    let folder = |line: &str| {
        let page = || Some(line.strip_prefix("Page  ")?.trim_end_matches("/report.html").to_owned());
        line.strip_prefix("Saved in ").map(str::to_owned).or_else(page)
    };
    said.lines().find_map(folder).unwrap_or_else(|| panic!("{said}"))
}

/// The sheet of a run, and the same with the answers.
fn sheets(run: &str) -> [String; 2] {
    [&["worksheet", run][..], &["worksheet", run, "--answers"]]
        .map(|command| text(amdahl(&[command, &["--format", "text"]].concat())))
}

/// Compares both with their snapshots, without the place and the date of the run.
fn both_as_before(name: &str, run: &str) {
    for (kind, sheet) in ["sheet", "answers"].into_iter().zip(sheets(run)) {
        let date = &sheet.split("a run of ").nth(1).unwrap()[.."2026-11-27".len()];
        let sheet = sheet.replace(run, "RUN").replace(date, "[date]");
        is_as_before(&format!("worksheet-{name}-{kind}"), &sheet);
    }
}

/// A number with its unit, as a sheet writes it.
fn quantity(words: &[&str]) -> Option<(f64, usize)> {
    let number: f64 = words.first()?.replace(',', "").parse().ok()?;
    Some(match words.get(1..).unwrap_or_default() {
        ["ps", ..] => (number * 1e-12, 2),
        ["ns", ..] => (number * 1e-9, 2),
        ["µs", ..] => (number * 1e-6, 2),
        ["ms", ..] => (number * 1e-3, 2),
        ["s", ..] => (number, 2),
        ["x", power, ..] if power.starts_with("10^") => (number * 10_f64.powi(power[3..].parse().ok()?), 3),
        _ => (number, 1),
    })
}

/// A pocket calculator: numbers with units, `+ - x / ^` and brackets.
struct Calculator {
    words: Vec<String>,
    at: usize,
}

impl Calculator {
    /// Works an expression out; `None` if it has names in it.
    fn value(expression: &str) -> Option<f64> {
        let spaced =
            ['(', ')', '/'].iter().fold(expression.to_owned(), |text, sign| text.replace(*sign, &format!(" {sign} ")));
        let spaced = spaced.replace("^ ( 1 / 3 )", " root 3");
        let words = spaced.split_whitespace().map(str::to_owned).collect();
        let mut calculator = Self { words, at: 0 };
        let value = calculator.sum()?;
        (calculator.at == calculator.words.len()).then_some(value)
    }

    fn next_is(&mut self, word: &str) -> bool {
        let is = self.words.get(self.at).is_some_and(|next| next == word);
        self.at += usize::from(is);
        is
    }

    fn sum(&mut self) -> Option<f64> {
        let mut value = self.product()?;
        loop {
            if self.next_is("+") {
                value += self.product()?;
            } else if self.next_is("-") {
                value -= self.product()?;
            } else {
                return Some(value);
            }
        }
    }

    fn product(&mut self) -> Option<f64> {
        let mut value = self.single()?;
        loop {
            if self.next_is("x") {
                value *= self.single()?;
            } else if self.next_is("/") {
                value /= self.single()?;
            } else if self.next_is("root") {
                value = value.powf(1.0 / self.single()?);
            } else {
                return Some(value);
            }
        }
    }

    fn single(&mut self) -> Option<f64> {
        if self.next_is("(") {
            let value = self.sum()?;
            return self.next_is(")").then_some(value);
        }
        let words: Vec<&str> = self.words[self.at.min(self.words.len())..].iter().map(String::as_str).collect();
        let (value, used) = quantity(&words)?;
        self.at += used;
        Some(value)
    }
}

/// Every number of a text, in seconds if it is a time.
fn numbers(text: &str) -> Vec<f64> {
    let plain = text.replace("^(", " ").replace(['(', ')', '/', ':', ';'], " ").replace(". ", " ").replace(", ", " ");
    let words: Vec<&str> = plain.split_whitespace().map(|word| word.trim_end_matches(['.', '?'])).collect();
    (0..words.len()).filter_map(|at| quantity(&words[at..])).map(|(value, _)| value).collect()
}

/// The sections of a sheet, by their heads.
fn exercises(sheet: &str) -> Vec<&str> {
    sheet.split("\n── ").skip(1).collect()
}

fn three_digits(value: f64) -> String {
    format!("{value:.2e}")
}

/// Each line of working has the numbers put in and the result last. A calculator gets the same result. All numbers put
/// in stand on the sheet without answers, or are results of lines before.
fn solve(run: &str) -> usize {
    let [sheet, answers] = sheets(run);
    let (given, solved) = (exercises(&sheet), exercises(&answers));
    assert_eq!(given.len(), solved.len());
    let mut lines = 0;
    for (given, solved) in given.into_iter().zip(solved) {
        let mut known = numbers(given);
        known.extend([1.0, 2.0, 3.0, 9.0]);
        let is_working = |line: &&str| line.starts_with("    ") && line.contains(" = ") && !given.contains(*line);
        for line in solved.lines().filter(is_working) {
            let parts: Vec<&str> = line.trim().split(" = ").collect();
            let [.., put_in, result] = parts[..] else { panic!("{line}") };
            let value = Calculator::value(put_in).unwrap_or_else(|| panic!("cannot be computed: {line}"));
            let result = Calculator::value(result).unwrap_or_else(|| panic!("no result: {line}"));
            assert_eq!(three_digits(value * HALF_UP), three_digits(result), "{line}");
            for number in numbers(put_in) {
                let is_known = known.iter().any(|known| (known / number - 1.0).abs() < 1e-9);
                assert!(is_known, "{number} is not on the sheet: {line}\n{given}");
            }
            known.push(result);
            lines += 1;
        }
    }
    lines
}

/// Runs every command that a sheet names, but those that would measure a real device.
fn commands_work(run: &str) -> usize {
    let [_, sheet] = sheets(run);
    let commands = sheet.lines().filter_map(|line| line.strip_prefix("    amdahl "));
    let commands = commands.filter(|command| !command.starts_with("run") || command.contains("--simulate"));
    let work = |command: &str| {
        // As a shell takes it.
        let mut words = shlex::split(command).unwrap_or_else(|| panic!("quotes that do not end: {command}"));
        if words[0] == "run" {
            words.extend(["--quick", "--no-save"].map(str::to_owned));
        }
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        assert!(!text(amdahl(&words)).is_empty(), "{command}");
    };
    commands.map(work).count()
}

/// The program's own predictions show each result of the exercises whose Check names them. Returns how many.
fn checks_show_results(run: &str) -> usize {
    let [sheet, answers] = sheets(run);
    let mut results = 0;
    for (given, solved) in exercises(&sheet).into_iter().zip(exercises(&answers)) {
        let commands = given.lines().filter_map(|line| line.strip_prefix("    amdahl "));
        let shown: Vec<f64> = commands
            .filter(|command| command.starts_with("predict"))
            .flat_map(|command| {
                numbers(&text(amdahl(&shlex::split(command).unwrap().iter().map(String::as_str).collect::<Vec<_>>())))
            })
            .collect();
        if shown.is_empty() {
            continue;
        }
        for line in solved.lines().filter(|line| {
            ["    s =", "    A ", "    G ", "    T(", "    S(", "    E("].iter().any(|name| line.starts_with(name))
        }) {
            let result = Calculator::value(line.rsplit(" = ").next().unwrap()).unwrap();
            let is_shown = shown.iter().any(|number| (number / result - 1.0).abs() < 0.01);
            assert!(is_shown, "no Check shows it: {line}\n{given}");
            results += 1;
        }
    }
    results
}

#[test]
fn the_calculator_of_these_tests_calculates() {
    assert_eq!(Calculator::value("1/(0.5 + (1 - 0.5)/2)"), Some(4.0 / 3.0));
    assert_eq!(Calculator::value("31,000 µs/16 - 2 x 1.50 ms"), Some(31e-3 / 16.0 - 3e-3));
    assert_eq!(Calculator::value("27.0^(1/3)"), Some(3.0));
    assert_eq!(Calculator::value("1 - 5.00 x 10^-7"), Some(1.0 - 5e-7));
    assert_eq!(Calculator::value("M + C/p"), None);
    assert_eq!(Calculator::value("1 2"), None);
}

#[test]
fn the_sheet_of_a_model_is_solved_from_the_sheet_alone() {
    let folder = tempfile::tempdir().unwrap();
    let run = run(folder.path(), &["--simulate", "h100"]);
    both_as_before("h100", &run);
    assert!(solve(&run) > 40);
    assert!(commands_work(&run) >= 8);
    assert!(checks_show_results(&run) > 15);
    let [_, answers] = sheets(&run);
    assert!(!answers.contains("has a fixed part of its own"), "G is right here: {answers}");
    assert!(!answers.contains("Start the commands"), "the place of this run is absolute: {answers}");
    assert!(!answers.contains("does not find that one"), "the fit finds the s of the parts: {answers}");
}

#[test]
fn the_sheet_of_a_software_gpu_is_solved_from_the_sheet_alone() {
    both_as_before("llvmpipe", LLVMPIPE);
    assert!(solve(LLVMPIPE) > 45);
    assert!(commands_work(LLVMPIPE) >= 8);
    assert!(checks_show_results(LLVMPIPE) > 15);
    let [sheet, answers] = sheets(LLVMPIPE);
    for result in ["--serial launches=", "--serial-fraction"] {
        assert!(!sheet.contains(result) && answers.contains(result), "{result} tells a result");
    }
    assert!(sheet.contains("Start the commands") && !sheet.contains(env!("CARGO_MANIFEST_DIR")), "{sheet}");
    assert!(sheet.contains("not find that one. Why?") && !answers.contains("(non-monotone)"), "{answers}");
}

/// Two worker counts carry no law, and nothing else was measured.
#[test]
fn what_was_not_measured_is_left_out_with_its_command() {
    let folder = tempfile::tempdir().unwrap();
    let law = "serial=0.01,knee=64,noise=0.01";
    let run =
        run(folder.path(), &["--quick", "--simulate", law, "--workers", "1,2", "fixed-size", "--workload", "fma"]);
    both_as_before("two-counts", &run);
    assert!(solve(&run) > 15);
    assert!(commands_work(&run) >= 5);
    let [_, answers] = sheets(&run);
    assert_eq!(answers.matches("Other exercises need").count(), 1, "what is left out stands in one place");
    for experiment in ["problem-size", "launch-overhead", "scaled-size"] {
        assert!(answers.contains(experiment), "{experiment}");
    }
}

/// The same in a folder whose name has blanks and quotes, and with options that hold their value behind `=`.
#[test]
fn commands_work_whatever_the_names_are() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("it's \"my\" $HOME run");
    let law = "--simulate=serial=0.05,noise=0.01";
    let run = run(&out, &["--quick", law, "--workers=2,4,8,16", "fixed-size", "--workload", "fma"]);
    let [sheet, answers] = sheets(&run);
    assert_eq!(sheet.matches("run --simulate serial=0.05,noise=0.01 ").count(), 3, "{sheet}");
    assert!(commands_work(&run) >= 5);
    assert!(solve(&run) == 9);
    assert!(sheet.contains("so count 2 workers as one: q = p/2") && answers.contains("e(16)"), "{answers}");
}

/// One worker is the fastest: the law contradicts the clock, and the sheet says so.
#[test]
fn a_job_that_workers_slow_down_has_a_sheet() {
    let folder = tempfile::tempdir().unwrap();
    let run = run(folder.path(), &["--quick", "--simulate=kappa=0.5,noise=0.01"]);
    assert!(solve(&run) > 40);
    assert!(commands_work(&run) >= 8);
    let [sheet, answers] = sheets(&run);
    assert!(sheet.contains("On which counts, if any, is e above 1?"), "{sheet}");
    for said in [
        "Give it one worker.",
        "The clock says otherwise. Measured on 2 workers:",
        "Here the shorter part wins",
        "neither is near: the hardware is full, or added workers cost time",
        "A piece has fewer workers",
        "amdahl run --simulate llvmpipe problem-size",
    ] {
        assert!(answers.replace('\n', " ").contains(said), "{said}: {answers}");
    }
}

/// A cache behind a serial part, and a straggler: the exercise asks why there is no law.
#[test]
fn a_refused_fit_is_solved_from_the_sheet() {
    for (law, said) in [
        ("cache=16,cache-gain=4,serial=0.05,noise=0.01", "A serial part and a shared part do not allow that."),
        ("straggler=1.3,noise=0.01", "only without it does a law fit"),
        ("cache=16,serial=0.001,noise=0.01", "A serial part and a shared part do not allow that."),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let run = run(folder.path(), &["--quick", "--simulate", law, "fixed-size", "--workload", "fma"]);
        assert!(solve(&run) > 15, "{law}");
        let [_, answers] = sheets(&run);
        let answers = answers.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(answers.contains("Why there is no law") && answers.contains(said), "{law}: {answers}");
        let has_bound = answers.contains("that run at a time, of the");
        assert!(!law.starts_with("cache") || !has_bound, "a cache gives no bound: {law}: {answers}");
        let says_so = answers.contains("so fewer workers than S may be enough.");
        assert_eq!(says_so, law.contains("cache-gain"), "{law}: {answers}");
    }
}

/// Every model, a law with a cost for each worker, one with scattered times, a run of the first version, and one that
/// was cut short.
#[test]
fn every_run_has_a_sheet_that_can_be_solved() {
    let folder = tempfile::tempdir().unwrap();
    let laws = [
        "rtx4060-laptop",
        "rx7800xt",
        "iris-xe",
        "m2",
        "llvmpipe",
        "serial=0.05,kappa=0.001,noise=0.02",
        "serial=0.05,knee=64,kappa=0.00001,noise=0.02",
        "noise=0.4",
    ];
    let mut runs: Vec<String> =
        laws.iter().map(|law| run(&folder.path().join(law), &["--quick", "--simulate", law])).collect();
    runs.push(OLD.to_owned());
    runs.push(self::run(&folder.path().join("cpu"), &["fixed-size", "--device", "cpu", "--quick"]));
    let mut save = |name: &str, change: fn(&mut Value)| {
        let mut run: Value = serde_json::from_str(&fs::read_to_string(LLVMPIPE).unwrap()).unwrap();
        change(&mut run);
        let file = folder.path().join(name);
        fs::write(&file, run.to_string()).unwrap();
        runs.push(file.to_str().unwrap().to_owned());
    };
    save("cut-short", |run| {
        run["complete"] = false.into();
        run["experiments"].as_array_mut().unwrap().truncate(1);
        run["experiments"][0]["cases"].as_array_mut().unwrap().truncate(4);
    });
    save("superlinear", |run| {
        for sample in run["experiments"][0]["cases"][0]["phases"]["kernel"]["seconds"].as_array_mut().unwrap() {
            *sample = (1.6 * sample.as_f64().unwrap()).into();
        }
    });
    let [_, answers] = sheets(runs.last().unwrap());
    assert!(
        answers.contains("Can a serial fraction be negative?") && answers.contains("No law of speedup allows that."),
        "{answers}"
    );
    for run in runs {
        // A processor of one core has no second worker count.
        let least = if run.contains("cpu") { 0 } else { 4 };
        assert!(solve(&run) >= least, "{run}");
        assert!(commands_work(&run) > 0, "{run}");
        for sheet in sheets(&run) {
            let has_no_number =
                sheet.split(|letter: char| !letter.is_alphanumeric()).any(|word| ["NaN", "inf"].contains(&word));
            assert!(!has_no_number && !sheet.contains(" –"), "{run}\n{sheet}");
        }
    }
}

#[test]
fn the_page_is_written_beside_the_run() {
    let folder = tempfile::tempdir().unwrap();
    let run = run(folder.path(), &["--quick", "--simulate", "m2"]);
    let out = folder.path().to_str().unwrap();
    for (options, name) in [(&[][..], "worksheet.html"), (&["--answers"], "worksheet-answers.html")] {
        let said = text(amdahl(&[&["worksheet", "--out", out], options].concat()));
        assert_eq!(said.trim_end(), Path::new(&run).join(name).to_str().unwrap());
        let page = fs::read_to_string(said.trim_end()).unwrap();
        assert!(page.contains("Content-Security-Policy") && !page.contains("://") && !page.contains("<script"));
        assert_eq!(page.contains("class=\"room\""), options.is_empty(), "room to write is for the sheet only");
    }
    let elsewhere = folder.path().join("sheet.html");
    assert_eq!(
        text(amdahl(&["worksheet", &run, "--file", elsewhere.to_str().unwrap()])).trim_end(),
        elsewhere.to_str().unwrap()
    );
    assert!(text(amdahl(&["worksheet", &run, "--format", "markdown"])).contains("<br>"));
    refused(&["worksheet", &run, "--format", "csv"], &["csv", "text, markdown, html"]);
    refused(&["worksheet", "--out", "/nowhere"], &["no saved run", "amdahl run"]);
}
