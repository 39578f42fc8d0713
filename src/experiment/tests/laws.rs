//! Laws, crossovers and costs on the page: with their numbers if they are accepted, in words if they are not.

use super::{findings, shortened, text, unwrapped};
use crate::experiment::cases::Speedups;
use crate::experiment::fixed_size::{FixedSize, bounded};
use crate::experiment::fixture::{fixed_size, full_run, launch_overhead, phases, problem_size, run, samples};
use crate::experiment::registry::chapters;
use crate::experiment::{Experiment as _, View};
use crate::law::Verdict;
use crate::page::block::Block;
use crate::page::{self, words};
use crate::record::{Clock, LaunchStyle, Phase, Quantity, Series, Timing};
use crate::units;

#[test]
fn a_refused_fit_is_said_in_words_and_never_in_numbers() {
    let run = run(vec![shortened(fixed_size(38_400.0), 4)]);
    let text = unwrapped(&text(&run));
    let experiment = &run.experiments[0];
    let reading = FixedSize.read(&run, experiment);
    let fit = &reading.of(Quantity::Kernel).fit;
    assert_eq!(fit.verdict, Verdict::TooFewPoints);
    assert!(text.contains(&format!("{}.", fit.reason)), "{text}");
    assert!(text.contains("No law fits; 4 worker counts"), "{text}");
    assert!(text.contains("No law fits this curve: 4 different worker counts"), "{text}");
    for words in ["erial fraction 0", "erial fraction s", "itted ceiling", "ttainable ceiling", "law, kernel"] {
        assert!(!text.contains(words), "{words} in {text}");
    }
    // What was measured is shown all the same.
    assert!(
        text.contains("8 workers make the kernel 7.9")
            && text.contains(" faster: 26.")
            && text.contains("instead of 212"),
        "{text}"
    );
}

#[test]
fn a_bound_is_shown_as_a_bound() {
    let run = run(vec![fixed_size(14.0)]);
    let measured = &run.experiments[0];
    let reading = bounded(FixedSize.read(&run, measured), 0.023);
    let view = View { run: &run, measured, reading: &reading };
    let mut blocks = FixedSize.show(view);
    blocks.push(Block::Findings(FixedSize.say(view)));
    let text = unwrapped(&page::text::render(&blocks, page::Look::default()));
    assert!(text.contains("Serial fraction under 2.3 % (95 % sure); too small to measure."), "{text}");
    assert!(text.contains("Serial fraction: under 2.3 % (95 % sure), too small to measure."), "{text}");
}

#[test]
fn a_superlinear_curve_has_no_serial_fraction() {
    let mut experiment = fixed_size(14.0);
    experiment.cases.truncate(12);
    for case in &mut experiment.cases {
        let cached = if case.workers < 8 { 1.0 } else { 1.4 };
        case.phases = phases(0.212 / case.workers as f64 / cached, 1e-4, 1e-5, 1e-4, case.workers);
    }
    let run = run(vec![experiment]);
    let text = unwrapped(&text(&run));
    assert!(text.contains("No law fits this curve: the speedup is larger than the number of workers."), "{text}");
    assert!(text.contains("No law fits; the nearest is ideal speedup (ideal); 12 worker counts"), "{text}");
    assert!(text.contains("Against 8 workers instead"), "{text}");
}

#[test]
fn the_numbers_of_the_summary_are_those_of_the_record() {
    let run = full_run();
    let summary = findings(&run).1.join(" ");
    let fixed = &run.experiments[0];
    // Full at 38,400: half as many are not as fast, and twice as many no faster. With 0.9 ms around it 2^13 do.
    let jobs = [
        (Quantity::Kernel, "the fma kernel (1,048,576 elements)", 1 << 16),
        (Quantity::WholeJob, "the whole job", 1 << 13),
    ];
    for (quantity, job, enough) in jobs {
        let speedups = Speedups::of(fixed, quantity).unwrap();
        let case = fixed.cases.iter().find(|case| case.workers == enough).unwrap();
        let [before, after] = [&fixed.cases[0], case].map(|case| case.summary(quantity).unwrap().median);
        assert_eq!(speedups.enough().unwrap().0.case.workers, enough);
        let words = format!(
            "{} workers make {job} {} times faster: {} instead of {}.",
            units::count(enough),
            units::ratio(before / after),
            units::seconds(after),
            units::seconds(before)
        );
        assert!(summary.contains(&words), "{words} in {summary}");
    }
    let reading = FixedSize.read(&run, fixed);
    let fit = &reading.of(Quantity::WholeJob).fit;
    for words in [
        format!("Serial fraction s: {}.", words::percent(fit.serial_fraction.unwrap())),
        format!("Fitted ceiling: {} times;", words::ratio(fit.attainable_ceiling.unwrap())),
        format!("without limits 1/s = {}.", units::ratio(fit.asymptotic_ceiling.unwrap().value)),
        "Upload alone is 6".to_owned(),
        "from 65,536 elements".to_owned(),
        "is faster than all 8 CPU threads".to_owned(),
    ] {
        assert!(summary.contains(&words), "{words} in {summary}");
    }
    let mut plain = run.clone();
    plain.experiments.iter_mut().for_each(|measured| measured.cases.retain(|case| !case.series.is_chained()));
    let slopes = [LaunchStyle::WaitEach, LaunchStyle::OnePass].map(|style| {
        units::seconds(crate::experiment::launch_overhead::ladder(&plain, style).unwrap().line.slope().unwrap().value)
    });
    let words = format!("every further one adds {}; in one pass only {}.", slopes[0], slopes[1]);
    assert!(summary.contains(&words), "{words} in {summary}");
}

#[test]
fn every_experiment_says_something_and_reaches_the_summary() {
    let run = full_run();
    let text = unwrapped(&text(&run));
    for chapter in chapters(&run) {
        assert!(!chapter.summary().is_empty());
        for (index, _, said) in chapter.readings() {
            assert!((1..=5).contains(&said.len()), "{} says {}", run.experiments[index].name, said.len());
        }
    }
    let (said, summary) = findings(&run);
    for sentence in said.iter().chain(&summary) {
        assert!(text.contains(sentence), "{sentence} in {text}");
    }
}

#[test]
fn a_device_that_never_wins_is_said_to_lose() {
    let mut experiment = problem_size();
    for case in experiment.cases.iter_mut().filter(|case| case.series == Series::Device) {
        let n = case.problem.n();
        case.phases.insert(Phase::Upload, samples(Clock::Host, 1.0, n));
    }
    let text = unwrapped(&text(&run(vec![experiment])));
    assert!(
        text.contains(" faster than this GPU with its transfers (no set-up) at every size, up to 16,777,216 elements."),
        "{text}"
    );
}

#[test]
fn a_launch_style_whose_line_is_refused_has_no_cost() {
    let mut experiment = launch_overhead();
    for case in experiment.cases.iter_mut().filter(|case| case.series == LaunchStyle::WaitEach.series()) {
        if case.dispatches > 4 {
            case.phases.insert(Phase::Launch, Timing::absent("lost"));
        }
    }
    let text = unwrapped(&text(&run(vec![experiment])));
    assert!(text.contains("No line fits wait-each (too-few-points): 2 different sizes or counts"), "{text}");
    assert!(!text.contains("If you wait after each"), "{text}");
}
