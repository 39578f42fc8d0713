//! Runs made by hand, side by side.

use super::pair::Pair;
use super::*;
use crate::experiment::fixture;
use crate::law::between::Why;
use crate::record::{CanarySamples, Check, Clock, Phase, Run, Timing};

fn run() -> Run {
    fixture::full_run()
}

/// The same run with other times of a phase.
fn changed(phase: Phase, change: impl Fn(&mut Clock, &mut f64)) -> Run {
    let mut run = run();
    for case in run.experiments.iter_mut().flat_map(|experiment| &mut experiment.cases) {
        if let Some(Timing::Samples { clock, seconds }) = case.phases.get_mut(&phase) {
            for seconds in seconds {
                change(clock, seconds);
            }
        }
    }
    run
}

fn longer(phase: Phase, factor: f64) -> Run {
    changed(phase, |_, seconds| *seconds *= factor)
}

/// The answers to the times of a quantity, and the reasons.
fn answers(base: Run, other: Run, quantity: &str) -> Vec<(Answer, Option<Why>)> {
    let (base, other) = (Subject::read(base), Subject::read(other));
    let pair = Pair::of(&base, &other);
    let meant = pair.times.iter().filter(|time| time.what.quantity == quantity);
    meant.map(|time| (time.judged.answer, time.judged.why)).collect()
}

fn count(answers: &[(Answer, Option<Why>)], answer: Answer) -> usize {
    answers.iter().filter(|(one, _)| *one == answer).count()
}

fn asked(format: Format, fail_above: Option<f64>) -> Asked {
    Asked { format, look: Look::default(), full: false, fail_above }
}

#[test]
fn a_run_differs_from_itself_in_nothing() {
    for quantity in ["kernel", "launch", "whole-job"] {
        let answers = answers(run(), run(), quantity);
        assert!(!answers.is_empty(), "{quantity}");
        assert_eq!(count(&answers, Answer::Faster) + count(&answers, Answer::Slower), 0, "{quantity}");
    }
}

#[test]
fn what_became_slower_is_told_and_nothing_else() {
    let slower = || longer(Phase::Kernel, 3.0);
    let kernels = answers(run(), slower(), "kernel");
    assert!(count(&kernels, Answer::Slower) * 10 >= kernels.len() * 9, "{kernels:?}");
    let launches = answers(run(), slower(), "launch");
    assert_eq!(count(&launches, Answer::Slower) + count(&launches, Answer::Faster), 0, "{launches:?}");
    let back = answers(slower(), run(), "kernel");
    assert_eq!(count(&back, Answer::Faster), count(&kernels, Answer::Slower));
}

/// The same run with fewer timings of everything.
fn few(mut run: Run, timings: usize) -> Run {
    for case in run.experiments.iter_mut().flat_map(|experiment| &mut experiment.cases) {
        for timing in case.phases.values_mut() {
            if let Timing::Samples { seconds, .. } = timing {
                *seconds = seconds.iter().copied().cycle().take(timings).collect();
            }
        }
    }
    run
}

#[test]
fn two_timings_prove_nothing_and_three_are_enough() {
    let kernels = |timings, factor| answers(few(run(), timings), few(longer(Phase::Kernel, factor), timings), "kernel");
    let once = kernels(1, 9.0);
    assert!(once.iter().all(|one| *one == (Answer::Undecided, Some(Why::FewTimings))), "{once:?}");
    let twice = kernels(2, 9.0);
    assert!(twice.iter().all(|one| *one == (Answer::Undecided, Some(Why::FewTimings))), "{twice:?}");
    let three = kernels(3, 9.0);
    assert!(count(&three, Answer::Slower) * 10 >= three.len() * 9, "{three:?}");
    let same = answers(few(quiet(run()), 3), few(quiet(run()), 3), "kernel");
    assert!(count(&same, Answer::Same) * 10 >= same.len() * 9, "{same:?}");
}

/// Four of six kernels that were met by something, and two that were not: their median proves nothing.
#[test]
fn two_heaps_of_timings_are_not_one() {
    let met = |mut run: Run| {
        for case in run.experiments.iter_mut().flat_map(|experiment| &mut experiment.cases) {
            if let Some(Timing::Samples { seconds, .. }) = case.phases.get_mut(&Phase::Kernel) {
                seconds.iter_mut().take(4).for_each(|seconds| *seconds *= 3.0);
            }
        }
        run
    };
    let kernels = answers(few(run(), 6), met(few(run(), 6)), "kernel");
    assert_eq!(count(&kernels, Answer::Slower), 0, "{kernels:?}");
}

/// The same run with a test kernel that keeps its time.
fn quiet(mut run: Run) -> Run {
    for measured in &mut run.experiments {
        let times = |seconds: f64| vec![seconds; 6];
        let (at, kernel, rest) = (times(1.0), times(1e-3), times(1e-4));
        measured.canary = CanarySamples { clock: Some(Clock::Gpu), at, kernel, rest };
    }
    run
}

/// Whatever was slower, a busy machine or a change of speed may have made it so.
#[test]
fn what_was_disturbed_proves_nothing() {
    let busy = |mut run: Run| {
        let checks = format!(r#"{{"checks": [{{"name": "{}", "passed": false, "detail": ""}}]}}"#, Check::QUIET);
        run.audit = Some(serde_json::from_str(&checks).unwrap());
        run
    };
    let drift = |mut run: Run| {
        let text = r#"{"part": "kernel", "shape": "jump", "change": 0.1, "from": 0.0, "to": 1.0, "place": "here"}"#;
        run.drift = vec![serde_json::from_str(text).unwrap()];
        run
    };
    let slower = || longer(Phase::Kernel, 9.0);
    for (other, why) in [(busy(slower()), Why::Busy), (drift(slower()), Why::Drift)] {
        let kernels = answers(run(), other.clone(), "kernel");
        assert_eq!(count(&kernels, Answer::Slower) + count(&kernels, Answer::Faster), 0, "{kernels:?}");
        assert!(kernels.contains(&(Answer::Undecided, Some(why))), "{kernels:?}");
        assert_eq!(since(&run(), &other), None);
        let runs = vec![Subject::read(run()), Subject::read(other)];
        let written = Comparison::new(runs, None).unwrap().write(asked(Format::Text, Some(0.1)));
        assert!(written.regressions.is_empty() && written.unproven.len() == 1, "{:?}", written.unproven);
    }
}

/// A run of launches alone has no kernel and no whole job to be averaged, and is as much the same as another.
#[test]
fn two_runs_of_launches_alone_are_the_same() {
    let run = || quiet(fixture::run(vec![fixture::launch_overhead()]));
    let runs = [run(), run()].map(Subject::read);
    let pair = Pair::of(&runs[0], &runs[1]);
    assert_eq!((pair.overall.answer, pair.averaged()), (Some(Answer::Same), "all times"));
    let written = Comparison::new(runs.into(), None).unwrap().write(asked(Format::Text, None)).text;
    assert!(written.contains("SAME: on average all times are between 1."), "{written}");
}

/// Numbers of two workloads are shown and never compared; of one that both have, they are.
#[test]
fn headlines_are_of_one_workload() {
    let on = |workloads: &[&str]| {
        let one = |workload: &&str| {
            let mut measured = fixture::fixed_size(64.0);
            (*workload).clone_into(&mut measured.workload);
            measured
        };
        Subject::read(fixture::run(workloads.iter().map(one).collect()))
    };
    let speedup = |base: &Subject, other: &Subject| {
        let pair = Pair::of(base, other);
        let shown = pair.headlines.iter().find(|head| head.headline.id == "speedup").unwrap();
        let workload = |number: Option<&Number>| number.unwrap().workload.clone().unwrap();
        ([workload(shown.base), workload(shown.other)], shown.judged.unwrap().why)
    };
    let (both, other) = (on(&["fma", "saxpy"]), on(&["saxpy"]));
    let (workloads, why) = speedup(&both, &other);
    assert!(workloads == ["saxpy", "saxpy"] && why != Some(Why::DifferentWorkloads), "{workloads:?} {why:?}");
    let (workloads, why) = speedup(&on(&["fma"]), &other);
    assert_eq!((workloads, why), (["fma", "saxpy"].map(str::to_owned), Some(Why::DifferentWorkloads)));
}

/// A time that is longer by exactly the allowed share is no regression, though it is proven slower.
#[test]
fn the_limit_of_a_regression_is_tested_and_not_one() {
    let found = |factor: f64| {
        let runs = vec![Subject::read(quiet(run())), Subject::read(quiet(longer(Phase::Kernel, factor)))];
        let comparison = Comparison::new(runs, None).unwrap();
        comparison.write(asked(Format::Text, Some(0.5))).regressions.len()
    };
    assert_eq!(found(1.5), 0);
    assert_eq!(found(1.51), 0, "beyond the limit, and so is no more than a part of the interval");
    assert!(found(2.0) > 0);
    let kernels = answers(quiet(run()), quiet(longer(Phase::Kernel, 1.5)), "kernel");
    assert!(count(&kernels, Answer::Slower) > 0, "{kernels:?}");
}

/// A run that has a warning twice is one run, and a model's clock is no clock.
#[test]
fn notes_count_runs_and_real_clocks() {
    let checks = r#"{"checks": [{"name": "one", "passed": false, "detail": ""},
                                {"name": "two", "passed": false, "detail": ""}]}"#;
    let failed = |mut run: Run| {
        run.audit = Some(serde_json::from_str(checks).unwrap());
        Subject::read(run)
    };
    let to = |clock: Clock| changed(Phase::Kernel, move |own, _| *own = clock);
    let mut runs = vec![failed(to(Clock::Gpu)), failed(to(Clock::Simulated)), Subject::read(to(Clock::Gpu))];
    number(&mut runs);
    let said = |runs: &[Subject]| notes::notes(runs, &[]).into_iter().map(|note| note.text).collect::<Vec<_>>();
    let notes = said(&runs);
    let of = |note: &&String| note.starts_with("A check failed");
    let failures: Vec<&String> = notes.iter().filter(of).collect();
    assert_eq!(failures.len(), 1, "{notes:?}");
    assert!(failures[0].contains("[1]") && failures[0].contains("[2]"), "{notes:?}");
    assert!(notes.iter().all(|note| !note.contains("clocks")), "{notes:?}");
    runs.push(Subject::read(to(Clock::HostLessEmpty)));
    let notes = said(&runs);
    assert!(notes.iter().any(|note| note.contains("Different clocks")), "{notes:?}");
}

#[test]
fn two_clocks_are_never_mixed_and_two_versions_are_told() {
    let other = changed(Phase::Kernel, |clock, seconds| {
        *clock = if *clock == Clock::Gpu { Clock::HostLessEmpty } else { *clock };
        *seconds *= 5.0;
    });
    let kernels = answers(run(), other, "kernel");
    assert!(kernels.contains(&(Answer::Undecided, Some(Why::DifferentClocks))), "{kernels:?}");
    let newer = Run { version: "9.9.9".to_owned(), ..longer(Phase::Kernel, 3.0) };
    let kernels = answers(run(), newer, "kernel");
    assert!(kernels.contains(&(Answer::Slower, Some(Why::DifferentVersions))), "{kernels:?}");
}

#[test]
fn a_regression_lies_beyond_what_is_allowed_with_its_whole_interval() {
    let found = |factor: f64, share: f64| {
        let runs = vec![Subject::read(run()), Subject::read(longer(Phase::Kernel, factor))];
        Comparison::new(runs, None).unwrap().write(asked(Format::Text, Some(share))).regressions
    };
    assert!(found(1.0, 0.0).is_empty() && found(0.3, 0.1).is_empty(), "faster is no regression");
    let kernels = found(3.0, 0.1);
    assert!(kernels.iter().any(|line| line.contains(": kernel: ") && line.contains("slower")), "{kernels:?}");
    assert!(found(3.0, 2.5).is_empty(), "longer, and no longer than is allowed");
}

#[test]
fn twice_as_long_as_last_time_is_told() {
    assert_eq!(since(&run(), &run()), None);
    assert_eq!(since(&run(), &longer(Phase::Launch, 9.0)), None, "it is about kernels");
    assert_eq!(since(&run(), &longer(Phase::Kernel, 2.0)), None, "a part of the interval is less than twice");
    let newer = Run { version: "9.9.9".to_owned(), ..longer(Phase::Kernel, 4.0) };
    assert_eq!(since(&run(), &newer), None, "another version may measure another thing");
    let slower = since(&run(), &longer(Phase::Kernel, 4.0)).unwrap();
    assert!((slower.times - 4.0).abs() < 0.5 && slower.kernels > 0 && slower.kernels <= slower.of, "{slower:?}");
}

#[test]
fn the_number_of_runs_and_the_name_of_a_number_are_checked() {
    let runs = |many: usize| (0..many).map(|_| Subject::read(fixture::run(vec![fixture::fixed_size(16.0)]))).collect();
    let fault = |many, by| Comparison::new(runs(many), by).err().unwrap();
    assert!(fault(1, None).contains("at least two"));
    assert!(fault(MOST + 1, None).contains("at most 40"));
    let message = fault(2, Some("horsepower"));
    assert!(message.contains("horsepower") && message.contains("ceiling"), "{message}");
    for by in ["ceiling", "Kernel Fitted Ceiling"] {
        assert!(Comparison::new(runs(2), Some(by)).is_ok(), "{by}");
    }
}

/// The table, the names of the lines and the sections below have one order; the base is the first line.
#[test]
fn a_page_has_one_order() {
    let one = |knee: f64| {
        let mut run = fixture::run(vec![fixture::fixed_size(knee)]);
        run.device.name = format!("GPU {knee}");
        Subject::read(run)
    };
    let comparison = Comparison::new([16.0, 4.0, 64.0].map(one).into(), None).unwrap();
    let page = comparison.write(asked(Format::Html, None)).text;
    let is_sorted = |texts: &[&str]| texts.iter().map(|text| page.find(text).unwrap()).is_sorted();
    assert!(is_sorted(&["<td class=\"words\">GPU 64<", "<td class=\"words\">GPU 16<", "<td class=\"words\">GPU 4<"]));
    assert!(is_sorted(&["<h3>GPU 64</h3>", "<h3>GPU 4</h3>"]));
    assert!(is_sorted(&[">GPU 16</text>", ">GPU 64</text>", ">GPU 4</text>"]), "{page}");
}

/// Thirty lines stay readable: the base has marks, the others a quiet line with a name each.
#[test]
fn thirty_runs_are_one_page() {
    let one = |index: usize| {
        let mut run = fixture::run(vec![fixture::fixed_size(4.0 + 2.0 * index as f64)]);
        run.device.name = format!("GPU <{index}>");
        Subject::read(run)
    };
    let comparison = Comparison::new((0..MOST).map(one).collect(), None).unwrap();
    let page = comparison.write(asked(Format::Html, None)).text;
    assert_eq!(page.matches("<path class=\"line faint\"").count(), MOST - 1);
    assert!(
        (0..MOST).all(|index| page.contains(&format!("<title>GPU &#60;{index}&#62;</title>"))),
        "a name is missing"
    );
    assert!(!page.contains("://") && page.contains("Content-Security-Policy") && page.len() < 400_000);
    let few = Comparison::new((0..3).map(one).collect(), None).unwrap().write(asked(Format::Html, None)).text;
    assert!(!few.contains("<path class=\"line faint\"") && few.contains("<path class=\"line s2\""));
}
