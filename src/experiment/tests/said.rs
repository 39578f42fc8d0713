//! Sentences on numbers made by hand.

use crate::experiment::fixture::{fixed_size, gains, phases, run};
use crate::page::words;
use crate::record::{Baseline, Clock, Phase, Timing};
use crate::stats::Estimate;

fn estimate(value: f64, low: f64, high: f64) -> Estimate {
    Estimate { value, low, high }
}

fn texts(run: &crate::record::Run) -> String {
    let (said, summary) = super::findings(run);
    [said, summary].concat().join("\n")
}

#[test]
fn a_ceiling_is_as_precise_as_its_interval() {
    assert_eq!(words::ceiling(estimate(12.8, 11.9, 13.8)), "12.8 (11.9–13.8)");
    assert_eq!(words::ceiling(estimate(12.8, 0.0, 13.8)), "12.8 (at most 13.8)");
    assert_eq!(words::ceiling(estimate(1.0, 1.0, 9.61)), "between 1.00 and 9.61");
}

#[test]
fn tiny_tasks_are_as_large_as_they_were_recorded() {
    let mut experiment = gains(0.0);
    let text = texts(&run(vec![experiment.clone()]));
    assert!(text.contains("iny tasks of 64 elements"), "{text}");
    experiment.cases.iter_mut().for_each(|case| case.task_elements = None);
    let text = texts(&run(vec![experiment]));
    assert!(text.contains("iny tasks of few elements"), "{text}");
}

#[test]
fn a_slowdown_is_not_called_a_speedup() {
    assert_eq!(words::faster(estimate(14.1, 13.9, 14.3)), "14.1 times (13.9–14.3) faster");
    assert_eq!(words::faster(estimate(0.2, 0.19, 0.21)), "5.00 times (4.76–5.26) slower");
    assert_eq!(words::faster_alone(estimate(14.1, 13.9, 14.3)), "14.1 times faster");
    assert_eq!(words::faster_alone(estimate(0.5, 0.49, 0.51)), "2.00 times slower");
}

#[test]
fn a_cost_that_may_be_nothing_has_an_upper_end_only() {
    assert_eq!(words::cost(estimate(5e-6, 4e-6, 6e-6)), "5.00 µs (4.00–6.00)");
    assert_eq!(words::cost(estimate(5e-6, 0.0, 6e-6)), "at most 6.00 µs");
    assert_eq!(words::about(estimate(5e-6, 4e-6, 6e-6)), "5.00 µs");
    assert_eq!(words::about(estimate(0.0, 0.0, 6e-6)), "at most 6.00 µs");
}

#[test]
fn a_speedup_within_its_noise_is_said_to_be_that() {
    let mut experiment = fixed_size(14.0);
    experiment.cases.truncate(6);
    for (index, case) in experiment.cases.iter_mut().enumerate() {
        let scattered = (1..=9).map(|step| f64::from(step) * (1.0 + 0.01 * index as f64)).collect();
        case.phases.insert(Phase::Kernel, Timing::Samples { clock: Clock::Gpu, seconds: scattered });
    }
    let text = texts(&run(vec![experiment]));
    assert!(text.contains("The kernel takes 5.00 s on 1 worker; more are as fast."), "{text}");
    assert!(!text.contains("make the kernel"), "{text}");
}

#[test]
fn a_job_that_workers_only_slow_down_is_fastest_alone() {
    let mut experiment = fixed_size(14.0);
    for case in &mut experiment.cases {
        case.phases = phases(1e-3 * case.workers as f64, 1e-4, 1e-5, 1e-4, case.workers);
    }
    let text = texts(&run(vec![experiment]));
    assert!(text.contains("The kernel takes 1.0") && text.contains("on 1 worker; more only make it slower."), "{text}");
}

#[test]
fn names_of_problems_and_baselines() {
    use crate::record::Problem;
    assert_eq!(words::problem(Problem::Vector { n: 1 << 20 }), "1,048,576 elements");
    assert_eq!(words::problem(Problem::Matrix { m: 64, k: 64, n: 64 }), "64 x 64 matrices");
    assert_eq!(words::problem(Problem::Matrix { m: 50, k: 3, n: 20 }), "50 x 3 times 3 x 20");
    assert_eq!(words::amount(Problem::Chain { n: 1 << 20, k: 64 }), "1,048,576 elements");
    let run = run(Vec::new());
    assert_eq!(words::baseline(&run, Baseline::Threads), "all 8 CPU threads");
    assert_eq!(words::baseline(&run, Baseline::Simd), "one CPU thread with its vector unit");
    let branches = Problem::Branches { n: 1 << 20, branches: 1, k: 64, run: 1 };
    assert_eq!(words::problem(branches), "1,048,576 elements on 1 path, 64 multiply-adds each");
    assert_eq!(words::problem(Problem::Batch { n: 32 }), "a batch of 32 rows");
    assert_eq!(words::amount(Problem::Batch { n: 1 }), "a batch of 1 row");
}

#[test]
fn the_phase_that_sets_the_ceiling_is_named_with_what_it_costs() {
    // Upload 0.6 ms, launch 41 µs, read-back 0.25 ms, set-up 20 µs; the kernel 26 µs on the 2^13 workers needed.
    let text = texts(&run(vec![fixed_size(40_000.0)]));
    assert!(text.contains("Upload is the largest part that more workers cannot shorten"), "{text}");
    assert!(text.contains("the job would take 33"), "937 µs less 600: {text}");
    assert!(text.contains(" of the time outside the kernel is upload and read-back."), "{text}");
    assert!(text.contains("93.") || text.contains("93 %"), "850 of 911 µs: {text}");
}
