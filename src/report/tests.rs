//! The whole report on runs made by hand.

use super::{json, markdown, page, samples_csv, text};
use crate::finding::fixture::{
    fixed_size, full_run, launch_overhead, phases, problem_size, run, samples, software, speedup_fit,
};
use crate::finding::series::{Speedups, phase};
use crate::finding::{findings, words};
use crate::record::{Audit, Check, Clock, DeviceInfo, DeviceKind, Experiment, Phase, Quantity, Run, Skipped, Timing};
use crate::report::block::Block;
use crate::units;

/// Text without the codes of its colours.
fn plain(text: &str) -> String {
    let mut parts = text.split('\u{1b}');
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |text, part| text + part.split_once('m').map_or("", |(_, rest)| rest))
}

/// Text on one line, so that it can be searched for sentences.
fn unwrapped(text: &str) -> String {
    plain(text).split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The experiment with only its first cases, and its fits made anew.
fn shortened(mut experiment: Experiment, cases: usize) -> Experiment {
    experiment.cases.truncate(cases);
    experiment.fits = [Quantity::Kernel, Quantity::WholeJob].map(|quantity| speedup_fit(&experiment, quantity)).into();
    experiment
}

fn with_device(device: DeviceInfo) -> Run {
    Run { device, ..run(vec![fixed_size(14.0)]) }
}

fn every_fixture() -> Vec<Run> {
    let full = full_run();
    let unknown = Experiment { name: "divergence".to_owned(), ..full.experiments[0].clone() };
    let mut without_fits = full.clone();
    without_fits.experiments.iter_mut().for_each(|experiment| experiment.fits.clear());
    let mut without_samples = full.clone();
    for case in without_samples.experiments.iter_mut().flat_map(|experiment| &mut experiment.cases) {
        case.phases.values_mut().for_each(|timing| *timing = Timing::absent("lost"));
    }
    let mut of_zeros = full.clone();
    for case in of_zeros.experiments.iter_mut().flat_map(|experiment| &mut experiment.cases) {
        case.phases.insert(Phase::Kernel, Timing::Samples { clock: Clock::HostLessEmpty, seconds: vec![0.0; 5] });
    }
    let empty = Experiment { cases: Vec::new(), fits: Vec::new(), order: Vec::new(), ..full.experiments[0].clone() };
    vec![
        full,
        run(Vec::new()),
        run(vec![unknown, empty]),
        run(vec![shortened(fixed_size(14.0), 1), shortened(fixed_size(14.0), 4)]),
        with_device(software()),
        without_fits,
        without_samples,
        of_zeros,
    ]
}

#[test]
fn no_number_is_ever_infinite_or_none() {
    for run in every_fixture() {
        for page in [plain(&text(&run)), markdown(&run)] {
            for word in page.split(|letter: char| !letter.is_alphanumeric()) {
                assert!(!["NaN", "inf", "Infinity", "None", "Some("].contains(&word), "{word} in\n{page}");
            }
        }
    }
}

#[test]
fn the_terminal_report_is_at_most_a_hundred_columns_wide() {
    for run in every_fixture() {
        for line in plain(&text(&run)).lines() {
            assert!(line.chars().count() <= 100, "{} columns: {line}", line.chars().count());
        }
    }
}

#[test]
fn text_and_markdown_show_the_same_tables() {
    let run = full_run();
    let (text, markdown) = (plain(&text(&run)), markdown(&run));
    let blocks = page(&run);
    let tables: Vec<_> =
        blocks.iter().filter_map(|block| if let Block::Table(table) = block { Some(table) } else { None }).collect();
    assert_eq!(tables.len(), 6);
    for row in tables.iter().flat_map(|table| &table.rows) {
        for page in [&text, &markdown] {
            let found = page.lines().any(|line| row.iter().all(|cell| line.contains(cell.as_str())));
            assert!(found, "{row:?}");
        }
    }
}

#[test]
fn the_header_says_who_was_measured_and_how() {
    let text = unwrapped(&text(&full_run()));
    for words in [
        "Some GPU 4000, discrete GPU, vulkan, driver NVIDIA 580.1, subgroups of 32",
        "GPU timestamps, steps of 32.0 ns; an empty dispatch and its wait take 41.0 µs",
        "Some CPU @ 3.00GHz, 8 threads, linux x86_64, clock steps of 30.0 ns",
        "2026-11-20 12:00:00 UTC, in 61.2 s (default), seed 42",
        "30 cases have none; 1 case skipped",
    ] {
        assert!(text.contains(words), "{words} in {text}");
    }
}

#[test]
fn what_must_be_known_is_stamped_on_the_first_page_and_on_the_summary() {
    let mut fallback = run(vec![fixed_size(14.0)]);
    for case in &mut fallback.experiments[0].cases {
        let seconds = case.seconds(Phase::Kernel)[0];
        case.phases.insert(Phase::Kernel, samples(Clock::HostLessEmpty, seconds, 1));
    }
    let partial = Run { complete: false, ..full_run() };
    let cpu = with_device(DeviceInfo { kind: DeviceKind::Cpu, name: "Some CPU".to_owned(), ..software() });
    let simulated = with_device(DeviceInfo { kind: DeviceKind::Simulated, ..software() });
    let check = Check { name: "phases sum up".to_owned(), passed: false, detail: "7 % off".to_owned() };
    let failed = Run { audit: Some(Audit { checks: vec![check] }), ..full_run() };
    let cases = [
        (
            with_device(software()),
            "No GPU: this is the CPU acting as one (llvmpipe",
            "No GPU: this is the CPU acting as one.",
        ),
        (
            fallback,
            "no usable timestamps: kernels are timed by the host's clock",
            "Kernels are timed by the host's clock.",
        ),
        (partial, "This run is partial", "This run is partial."),
        (cpu, "No GPU was measured: this is the CPU", "No GPU was measured: this is the CPU."),
        (simulated, "drawn from a planted law", "Simulated: the times are drawn from a planted law."),
        (failed, "Self-check failed: phases sum up: 7 % off", "A self-check failed."),
    ];
    for (run, banner, stamp) in cases {
        let (text, markdown) = (unwrapped(&text(&run)), markdown(&run));
        let (start, summary) = text.split_once("── summary").unwrap();
        assert!(start.contains(banner), "{banner} in {start}");
        assert!(summary.contains(stamp), "{stamp} in {summary}");
        assert!(markdown.contains(&format!("> **{stamp}**")), "{stamp} in {markdown}");
    }
    let clean = plain(&text(&full_run()));
    assert!(!clean.lines().any(|line| line.starts_with("! ")), "{clean}");
}

#[test]
fn a_refused_fit_is_said_in_words_and_never_in_numbers() {
    let run = run(vec![shortened(fixed_size(38_400.0), 4)]);
    let text = unwrapped(&text(&run));
    let experiment = &run.experiments[0];
    let crate::record::Fit::Speedup { fit, .. } = &experiment.fits[0] else { panic!("a speedup fit") };
    assert_eq!(fit.verdict, crate::law::Verdict::TooFewPoints);
    assert!(text.contains(&format!("Verdict too-few-points: {}", fit.verdict_reason)), "{text}");
    assert!(text.contains("No law is quoted; 4 worker counts"), "{text}");
    assert!(text.contains("No serial fraction can be read from this curve (too-few-points)"), "{text}");
    for words in ["erial fraction 0", "erial fraction is 0", "ttainable ceiling", "symptotic ceiling", "law, kernel"] {
        assert!(!text.contains(words), "{words} in {text}");
    }
    // What was measured is shown all the same.
    assert!(text.contains("8 invocations than with one: 212 ms becomes 26."), "{text}");
}

#[test]
fn a_bound_is_shown_as_a_bound() {
    let mut experiment = fixed_size(14.0);
    let bounded = |fit: &mut crate::record::Fit| {
        if let crate::record::Fit::Speedup { fit, .. } = fit {
            (fit.serial_fraction, fit.asymptotic_ceiling) = (None, None);
            fit.verdict = crate::law::Verdict::InsufficientRange;
            fit.serial_fraction_upper = Some(0.023);
        }
    };
    experiment.fits.iter_mut().for_each(bounded);
    let text = unwrapped(&text(&run(vec![experiment])));
    assert!(text.contains("Serial fraction at most 2.3 % (95 %), no value."), "{text}");
    assert!(text.contains("The serial fraction is at most 2.3 % (95 %)"), "{text}");
}

#[test]
fn a_superlinear_curve_has_no_serial_fraction() {
    let mut experiment = fixed_size(14.0);
    experiment.cases.truncate(12);
    for case in &mut experiment.cases {
        let cached = if case.workers < 8 { 1.0 } else { 1.4 };
        case.phases = phases(0.212 / case.workers as f64 / cached, 1e-4, 1e-5, 1e-4, case.workers);
    }
    experiment.fits = vec![speedup_fit(&experiment, Quantity::Kernel)];
    let run = run(vec![experiment]);
    let text = unwrapped(&text(&run));
    assert!(text.contains("No serial fraction can be read from this curve (superlinear)"), "{text}");
    assert!(text.contains("No law is quoted; 12 worker counts"), "{text}");
    assert!(text.contains("Relative to 8 invocations instead"), "{text}");
}

#[test]
fn the_numbers_of_the_summary_are_those_of_the_record() {
    let run = full_run();
    let summary: Vec<String> =
        findings(&run).into_iter().filter(|finding| finding.experiment.is_none()).map(|finding| finding.text).collect();
    let summary = summary.join(" ");
    let fixed = &run.experiments[0];
    for (quantity, verb) in [(Quantity::Kernel, "runs"), (Quantity::WholeJob, "runs only")] {
        let speedups = Speedups::of(fixed, quantity).unwrap();
        let last = fixed.cases.last().unwrap();
        let [before, after] = [&fixed.cases[0], last].map(|case| case.summary(quantity).unwrap().median);
        assert_eq!(speedups.best().unwrap().0.case.workers, last.workers);
        let words = format!(
            "{verb} {} times faster with 2^20 invocations than with one: {} becomes {}",
            units::ratio(before / after),
            units::seconds(before),
            units::seconds(after)
        );
        assert!(summary.contains(&words), "{words} in {summary}");
    }
    let crate::record::Fit::Speedup { fit, .. } = &fixed.fits[1] else { panic!("a speedup fit") };
    for words in [
        format!("a serial fraction of {}", words::percent(fit.serial_fraction.unwrap())),
        format!("a ceiling of {}.", words::ratio(fit.attainable_ceiling.unwrap())),
        format!("end at {}: an extrapolation", units::ratio(fit.asymptotic_ceiling.unwrap().value)),
        "Upload sets that ceiling".to_owned(),
        "from 65,536 elements on".to_owned(),
        "beats all 8 CPU threads".to_owned(),
    ] {
        assert!(summary.contains(&words), "{words} in {summary}");
    }
    let slopes: Vec<String> = run.experiments[4]
        .fits
        .iter()
        .filter_map(|fit| match fit {
            crate::record::Fit::Launch { fit, .. } => fit.slope.map(|slope| units::seconds(slope.value)),
            _ => None,
        })
        .collect();
    let words = format!("One launch costs {} when it is waited for, {} in a batch.", slopes[4], slopes[0]);
    assert!(summary.contains(&words), "{words} in {summary}");
}

#[test]
fn findings_name_their_experiment_and_end_the_run() {
    let run = full_run();
    let findings = findings(&run);
    for experiment in &run.experiments {
        let of_it = findings.iter().filter(|finding| finding.experiment.as_ref() == Some(&experiment.name)).count();
        assert!((1..=2).contains(&of_it), "{} has {of_it}", experiment.name);
    }
    assert!(findings.last().unwrap().experiment.is_none());
    let text = unwrapped(&text(&run));
    for finding in &findings {
        assert!(text.contains(&finding.text), "{} in {text}", finding.text);
    }
}

#[test]
fn a_job_without_upload_has_no_upload_anywhere() {
    let mut experiment = fixed_size(38_400.0);
    for case in &mut experiment.cases {
        case.phases.insert(Phase::Upload, Timing::absent("the workload has no inputs"));
    }
    let experiment = shortened(experiment, 21);
    let whole = experiment.cases[20].summary(Quantity::WholeJob).unwrap().median;
    let text = plain(&text(&run(vec![experiment])));
    assert!(!text.lines().any(|line| line.trim_start().starts_with("upload  ")), "{text}");
    assert!(text.contains(&units::seconds(whole)), "{} in {text}", units::seconds(whole));
    assert!(unwrapped(&text).contains("Read-back sets that ceiling"), "{text}");
}

#[test]
fn phases_are_shown_with_their_clocks_and_shares() {
    let run = run(vec![fixed_size(38_400.0)]);
    let text = plain(&text(&run));
    let last = &run.experiments[0].cases[20];
    for (name, clock) in [(Phase::Upload, "host"), (Phase::Launch, "host − GPU"), (Phase::Kernel, "GPU timestamps")] {
        let row = text.lines().find(|line| line.trim_start().starts_with(&format!("{}  ", name.name()))).unwrap();
        assert!(row.contains(clock), "{row}");
        assert!(row.contains(&units::seconds(phase(last, name).unwrap())), "{row}");
    }
}

#[test]
fn skipped_cases_are_told_once_for_each_reason() {
    let mut experiment = fixed_size(14.0);
    let skipped = |case: &str, reason: &str| Skipped { case: case.to_owned(), reason: reason.to_owned() };
    experiment.skipped = vec![
        skipped("n = 1", "its kernel would take an estimated 52.2 ms: the limit is 30.0 ms"),
        skipped("n = 2", "its kernel would take an estimated 1.67 s: the limit is 30.0 ms"),
        skipped("n = 3", "its kernel would take an estimated 3.34 s: the limit is 30.0 ms"),
        skipped("n = 4", "no memory is left"),
    ];
    let text = unwrapped(&text(&run(vec![experiment])));
    assert!(text.contains("Skipped (4): - n = 1: its kernel would take an estimated 52.2 ms"), "{text}");
    assert!(text.contains("likewise 2 more, up to n = 3 - n = 4: no memory is left"), "{text}");
}

#[test]
fn an_experiment_from_the_future_is_shown_from_its_cases() {
    let experiment = Experiment { name: "divergence".to_owned(), ..fixed_size(14.0) };
    let time = units::seconds(experiment.cases[3].summary(Quantity::Kernel).unwrap().median);
    let text = unwrapped(&text(&run(vec![experiment])));
    assert!(text.contains("divergence · fma") && text.contains(&time), "{text}");
    assert!(text.contains("newer than this version"), "{text}");
}

#[test]
fn a_device_that_never_wins_is_said_to_lose() {
    let mut experiment = problem_size();
    for case in experiment.cases.iter_mut().filter(|case| case.rung.is_none()) {
        let n = case.problem.n();
        case.phases.insert(Phase::Upload, samples(Clock::Host, 1.0, n));
    }
    experiment.fits = crate::finding::fixture::size_fits(&experiment);
    let text = unwrapped(&text(&run(vec![experiment])));
    assert!(text.contains("this GPU, transfers included, never beats"), "{text}");
    assert!(text.contains("up to the 16,777,216 elements tried"), "{text}");
}

#[test]
fn a_rung_whose_line_is_refused_has_no_cost() {
    let mut experiment = launch_overhead();
    for fit in &mut experiment.fits {
        match fit {
            crate::record::Fit::Launch { rung, fit } if rung == "wait-each" => *fit = crate::law::line::fit(&[]),
            _ => {}
        }
    }
    let text = unwrapped(&text(&run(vec![experiment])));
    assert!(text.contains("No cost is quoted for wait-each (too-few-points): 0 different positions"), "{text}");
    assert!(!text.contains("when it is waited for"), "{text}");
}

#[test]
fn every_sample_is_a_row() {
    let run = full_run();
    let bytes = samples_csv(&run).unwrap();
    let mut reader = csv::Reader::from_reader(bytes.as_slice());
    let heads: Vec<String> = reader.headers().unwrap().iter().map(str::to_owned).collect();
    assert_eq!(heads[..4], ["experiment", "workload", "variant", "rung"]);
    let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    let cases = || run.experiments.iter().flat_map(|experiment| &experiment.cases);
    let samples: usize = cases().flat_map(|case| case.phases.values()).map(|timing| timing.seconds().len()).sum();
    assert_eq!(rows.len(), samples);
    let last = rows.last().unwrap();
    assert_eq!(&last[3], "read-back-each");
    assert_eq!((&last[8], &last[9], &last[10], &last[11]), ("256", "launch", "host", "20"));
    let seconds = cases().last().unwrap().seconds(Phase::Launch)[19];
    assert_eq!(last[12].parse::<f64>().unwrap(), seconds);
    let empty = String::from_utf8(samples_csv(&super::tests::run(Vec::new())).unwrap()).unwrap();
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
