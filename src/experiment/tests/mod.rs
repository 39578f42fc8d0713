//! The whole report on runs made by hand.

mod clocks;
mod figures;
mod files;
mod laws;
mod said;
mod web;

use super::cases::phase;
use super::fixture::{fixed_size, full_run, gains, run, samples, software};
use super::markdown;
use super::registry::chapters;
use super::report::blocks as page;
use crate::page::block::Block;
use crate::record::{
    Audit, Check, Clock, Conditions, DeviceInfo, DeviceKind, Measured, Phase, Power, Quantity, Run, Skipped,
    Surroundings, Timing, Told,
};
use crate::units;

/// The details as text.
fn text(run: &Run) -> String {
    super::text(run, crate::page::Look::default())
}

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

/// The sentences of every section, and those of the summary.
fn findings(run: &Run) -> (Vec<String>, Vec<String>) {
    let chapters = chapters(run);
    let said = chapters.iter().flat_map(|chapter| chapter.readings()).flat_map(|(_, _, said)| said).collect();
    (said, chapters.iter().flat_map(|chapter| chapter.summary()).collect())
}

/// The experiment with only its first cases.
fn shortened(mut measured: Measured, cases: usize) -> Measured {
    measured.cases.truncate(cases);
    measured
}

fn with_device(device: DeviceInfo) -> Run {
    Run { device, ..run(vec![fixed_size(14.0)]) }
}

fn every_fixture() -> Vec<Run> {
    let full = full_run();
    let unknown = Measured { name: "no-such-question".to_owned(), ..full.experiments[0].clone() };
    let mut without_samples = full.clone();
    for case in without_samples.experiments.iter_mut().flat_map(|experiment| &mut experiment.cases) {
        case.phases.values_mut().for_each(|timing| *timing = Timing::absent("lost"));
    }
    let mut of_zeros = full.clone();
    for case in of_zeros.experiments.iter_mut().flat_map(|experiment| &mut experiment.cases) {
        case.phases.insert(Phase::Kernel, Timing::Samples { clock: Clock::HostLessEmpty, seconds: vec![0.0; 5] });
    }
    let empty = Measured { cases: Vec::new(), order: Vec::new(), ..full.experiments[0].clone() };
    vec![
        full,
        run(Vec::new()),
        run(vec![unknown, empty]),
        run(vec![shortened(fixed_size(14.0), 1), shortened(fixed_size(14.0), 4)]),
        with_device(software()),
        without_samples,
        of_zeros,
        run(vec![gains(2e-9)]),
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
    assert_eq!(tables.len(), 13);
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
        "GPU timestamps, steps of 32.0 ns launch an empty kernel takes 41.0 µs with its wait",
        "Some CPU @ 3.00GHz, 8 threads, linux x86_64, clock steps of 30.0 ns",
        "2026-11-20 12:00:00 UTC, in 61.2 s (default), seed 42",
        "waiting block: the driver wakes the host",
        "121 results checked, all correct; 60 cases produce no result to check; 1 was not run",
    ] {
        assert!(text.contains(words), "{words} in {text}");
    }
}

/// A run that began with this power source and ended with the mains.
fn powered(power: Power) -> Run {
    let conditions = |power, hertz| Conditions {
        power: Told::known(power),
        processor_hertz: Told::known(hertz),
        gpu_hertz: Told::absent("not told"),
    };
    let surroundings = Surroundings {
        begin: conditions(power, 3.4e9),
        end: Some(conditions(Power::Mains, 2.8e9)),
        last_canary: Told::absent("none"),
    };
    Run { surroundings: Some(surroundings), ..full_run() }
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
    let audited = |check: Check| Run {
        audit: Some(Audit { checks: vec![check], harness: None, heating: None, wander: None, neighbours: None }),
        ..full_run()
    };
    let others = "other programs used 48 % of the processor during the run".to_owned();
    let busy = audited(Check { name: Check::QUIET.to_owned(), passed: false, detail: others });
    let cases = [
        (
            with_device(software()),
            "Not a GPU: the CPU plays one. Read the shapes of the curves",
            "Not a GPU: the CPU plays one.",
        ),
        (
            fallback,
            "no usable timestamps. Its kernels were timed by the host's clock",
            "Kernels were timed by the host's clock.",
        ),
        (partial, "This run is partial", "This run is partial."),
        (cpu, "Not a GPU: this is the CPU", "Not a GPU: this is the CPU."),
        (simulated, "follow a planted law", "Simulated: the times follow a planted law."),
        (audited(check), "A check failed: not true: phases sum up: 7 % off", "A check failed."),
        (
            busy,
            "The machine was busy: other programs used 48 % of the processor during the run.",
            "The machine was busy.",
        ),
        (powered(Power::Battery), "On battery: the device may run slower", "On battery: the device may run slower."),
    ];
    for (run, banner, stamp) in cases {
        let (text, markdown) = (unwrapped(&text(&run)), markdown(&run));
        let (start, summary) = text.split_once("── summary").unwrap();
        assert!(start.contains(banner), "{banner} in {start}");
        assert!(summary.contains(stamp), "{stamp} in {summary}");
        assert!(markdown.contains(&format!("> **{stamp}**")), "{stamp} in {markdown}");
    }
    let clean = plain(&text(&powered(Power::Mains)));
    assert!(clean.contains("on mains power; processor at 3.40 GHz, at the end 2.80 GHz"), "{clean}");
    assert!(!clean.lines().any(|line| line.starts_with("! ")), "{clean}");
}

#[test]
fn a_run_of_too_few_cases_says_how_many_there_are() {
    let with = |cases: usize| {
        let mut experiment = fixed_size(14.0);
        experiment.cases.truncate(cases);
        unwrapped(&text(&run(vec![experiment])))
    };
    assert!(with(0).contains("Nothing was measured."), "{}", with(0));
    assert!(with(1).contains("1 case was measured, too few for an answer."), "{}", with(1));
    assert!(!unwrapped(&text(&full_run())).contains("too few for an answer"));
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
    assert!(unwrapped(&text).contains("Read-back alone is "), "{text}");
}

#[test]
fn phases_are_shown_with_their_clocks_and_shares() {
    let run = run(vec![fixed_size(38_400.0)]);
    let text = plain(&text(&run));
    let enough = &run.experiments[0].cases[13];
    for (name, clock) in [(Phase::Upload, "host"), (Phase::Launch, "host − GPU"), (Phase::Kernel, "GPU timestamps")] {
        let is_row = |line: &&str| line.trim_start().starts_with(&format!("{}  ", name.name())) && line.contains(clock);
        let row = text.lines().find(is_row).unwrap_or_else(|| panic!("no row of {name:?} by {clock}"));
        assert!(row.contains(&units::seconds(phase(enough, name).unwrap())), "{row}");
    }
}

#[test]
fn skipped_cases_are_told_once_for_each_reason() {
    let mut experiment = fixed_size(14.0);
    let skipped = |case: &str, reason: &str| Skipped { case: case.to_owned(), reason: reason.to_owned() };
    experiment.skipped = vec![
        skipped("n = 1", "would run 52.2 ms; we stop at 30.0 ms so that the driver does not reset"),
        skipped("n = 2", "would run 1.67 s; we stop at 30.0 ms so that the driver does not reset"),
        skipped("n = 3", "would run 3.34 s; we stop at 30.0 ms so that the driver does not reset"),
        skipped("n = 4", "no memory is left"),
    ];
    let text = unwrapped(&text(&run(vec![experiment])));
    assert!(text.contains("Left out (4): - n = 1: would run 52.2 ms"), "{text}");
    assert!(text.contains("likewise 2 more, up to n = 3 - n = 4: no memory is left"), "{text}");
}

#[test]
fn an_experiment_from_the_future_is_shown_from_its_cases() {
    let experiment = Measured { name: "no-such-question".to_owned(), ..fixed_size(14.0) };
    let time = units::seconds(experiment.cases[3].summary(Quantity::Kernel).unwrap().median);
    let text = unwrapped(&text(&run(vec![experiment])));
    assert!(text.contains("no-such-question · fma") && text.contains(&time), "{text}");
    assert!(text.contains("newer than this version"), "{text}");
}
