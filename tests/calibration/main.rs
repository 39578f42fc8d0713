//! Does the speedup fit keep its promises? A seeded Monte-Carlo over planted truths.
//!
//! `cargo test` runs a short version. The long table, which also stands in the docs of `law::speedup`:
//! `cargo test --release --test calibration -- --ignored --nocapture`

mod estimators;
mod few;
mod jobs;
mod planted;
mod scenarios;
mod tally;

use amdahl::law::speedup::{Options, predict};
use planted::Scenario;
use tally::{Share, Tally};

/// Replicates of the short version: it ends within a minute in the dev profile.
const SHORT: u64 = 200;

/// Replicates of the long table.
const LONG: u64 = 1000;

/// One-sided 99.5 % quantile of the normal distribution: chance refuses a share that is right in one of 200 cases.
const Z: f64 = 2.576;

/// Whether a share is at least `promised`, as far as its number of replicates can tell.
fn at_least(share: Share, promised: f64) -> bool {
    share.value().is_none_or(|value| value >= promised - Z * (promised * (1.0 - promised) / share.of as f64).sqrt())
}

/// Whether a share is at most `promised`, as far as its number of replicates can tell.
fn at_most(share: Share, promised: f64) -> bool {
    at_least(share.complement(), 1.0 - promised)
}

fn tallies(scenarios: &[Scenario], replicates: u64) -> Vec<Tally> {
    let tallies: Vec<Tally> = scenarios.iter().map(|scenario| Tally::of(scenario, replicates)).collect();
    for tally in &tallies {
        println!("{tally}");
    }
    tallies
}

fn pooled(tallies: &[Tally], share: impl Fn(&Tally) -> Share) -> Share {
    tallies.iter().map(share).fold(Share::default(), Share::plus)
}

fn laws_that_are_true(replicates: u64) {
    let scenarios = scenarios::determined();
    let tallies = tallies(&scenarios, replicates);
    for (tally, scenario) in tallies.iter().zip(&scenarios) {
        assert!(at_least(tally.accepted, 0.95), "falsely refused: {tally}");
        assert!(at_least(tally.covered, 0.92), "intervals miss: {tally}");
        if !scenario.has_single_rows() {
            assert!(at_most(tally.covered, 0.99), "intervals are too wide: {tally}");
        }
        assert!(at_least(tally.ceiling, 0.92), "ceilings miss: {tally}");
        if scenario.has_all_points() {
            assert!(at_least(tally.right, 0.95), "wrong model: {tally}");
        }
    }
    let coverage = pooled(&tallies, |t| t.covered).value().expect("replicates");
    assert!((0.92..=0.99).contains(&coverage), "coverage {coverage}");
    let right = pooled(&tallies, |t| t.right).value().expect("replicates");
    assert!(right >= 0.95, "right model {right}");
}

fn laws_at_the_limit(replicates: u64) {
    for tally in tallies(&scenarios::at_the_limit(), replicates) {
        let true_statements = tally.missed.complement();
        assert!(at_least(true_statements, 0.92), "missed: {tally}");
        assert!(at_least(tally.denied.complement(), 0.97), "a true law is called false: {tally}");
        assert!(at_least(tally.ceiling, 0.92), "ceilings miss: {tally}");
    }
}

fn data_to_refuse(replicates: u64) {
    for tally in tallies(&scenarios::refusals(), replicates) {
        let refused = tally.accepted.complement();
        assert!(at_least(refused, 0.90), "not refused: {tally}");
        assert!(at_least(tally.bound, 0.95), "bounds miss: {tally}");
    }
}

#[test]
fn true_laws_are_accepted_and_covered() {
    laws_that_are_true(SHORT);
}

#[test]
fn at_the_limit_a_bound_stands_in_for_a_value() {
    laws_at_the_limit(SHORT);
}

#[test]
fn what_follows_no_law_is_refused() {
    data_to_refuse(SHORT);
}

/// Four times beyond the largest worker count, the interval of the law's own time holds it, and is no wider at the
/// median than each scenario says.
#[test]
fn extrapolations_are_covered() {
    for (scenario, widest) in scenarios::to_extrapolate() {
        let mut covered = Share::default();
        let mut widths = Vec::new();
        for replicate in 0..SHORT / 4 {
            let points = scenario.draw(replicate);
            let workers = 4.0 * points.last().map_or(1.0, |p| p.workers);
            let predicted = predict(&points, Options::default(), &[workers]);
            let seconds = predicted.ok().and_then(|p| p[0].seconds);
            widths.extend(seconds.map(|s| s.high / s.low));
            covered.count(seconds.is_some_and(|s| s.contains(scenario.curve.seconds(workers))));
        }
        let width = amdahl::stats::median(&widths).expect("intervals");
        println!("{:36} {covered} {width:.3}", scenario.name);
        assert!(at_least(covered, 0.92), "{}: {covered}", scenario.name);
        assert!(width < widest, "{}: {width}", scenario.name);
    }
}

#[test]
#[ignore = "long: prints the calibration table in some minutes; run it with --release and --nocapture"]
fn long_table() {
    println!("{}", Tally::HEADER);
    laws_that_are_true(LONG);
    laws_at_the_limit(LONG);
    data_to_refuse(LONG);
    estimators::print(LONG / 5);
}
