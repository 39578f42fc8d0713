//! Laws, crossovers and costs on the page: with their numbers where they are accepted, in words where they are not.

use super::{shortened, unwrapped};
use crate::finding::findings;
use crate::finding::fixture::{
    fixed_size, full_run, launch_overhead, phases, problem_size, run, samples, size_fits, speedup_fit,
};
use crate::finding::series::Speedups;
use crate::law::{Verdict, line};
use crate::page::reason::reason;
use crate::page::text;
use crate::page::words;
use crate::record::{Clock, Fit, Phase, Quantity};
use crate::units;

#[test]
fn a_refused_fit_is_said_in_words_and_never_in_numbers() {
    let run = run(vec![shortened(fixed_size(38_400.0), 4)]);
    let text = unwrapped(&text(&run));
    let experiment = &run.experiments[0];
    let Fit::Speedup { fit, .. } = &experiment.fits[0] else { panic!("a speedup fit") };
    assert_eq!(fit.verdict, Verdict::TooFewPoints);
    assert!(text.contains(&format!("Verdict too-few-points: {}", reason(&fit.reason))), "{text}");
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
    let bounded = |fit: &mut Fit| {
        if let Fit::Speedup { fit, .. } = fit {
            (fit.serial_fraction, fit.asymptotic_ceiling) = (None, None);
            fit.verdict = Verdict::InsufficientRange;
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
    let Fit::Speedup { fit, .. } = &fixed.fits[1] else { panic!("a speedup fit") };
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
            Fit::Launch { fit, .. } => fit.slope().map(|slope| units::seconds(slope.value)),
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
        assert!((1..=5).contains(&of_it), "{} has {of_it}", experiment.name);
    }
    assert!(findings.last().unwrap().experiment.is_none());
    let text = unwrapped(&text(&run));
    for finding in &findings {
        assert!(text.contains(&finding.text), "{} in {text}", finding.text);
    }
}

#[test]
fn a_device_that_never_wins_is_said_to_lose() {
    let mut experiment = problem_size();
    for case in experiment.cases.iter_mut().filter(|case| case.rung.is_none()) {
        let n = case.problem.n();
        case.phases.insert(Phase::Upload, samples(Clock::Host, 1.0, n));
    }
    experiment.fits = size_fits(&experiment);
    let text = unwrapped(&text(&run(vec![experiment])));
    assert!(text.contains("this GPU, transfers included, never beats"), "{text}");
    assert!(text.contains("up to the 16,777,216 elements tried"), "{text}");
}

#[test]
fn a_rung_whose_line_is_refused_has_no_cost() {
    let mut experiment = launch_overhead();
    for fit in &mut experiment.fits {
        match fit {
            Fit::Launch { rung, fit, .. } if rung == "wait-each" => *fit = line::fit(&[]),
            _ => {}
        }
    }
    let text = unwrapped(&text(&run(vec![experiment])));
    assert!(text.contains("No cost is quoted for wait-each (too-few-points): 0 different positions"), "{text}");
    assert!(!text.contains("when it is waited for"), "{text}");
}
