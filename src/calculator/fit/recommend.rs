//! Recommends a worker count, and says why. No measured row may contradict it: if one does, the rows decide.

use serde::Serialize;

use crate::law::speedup::SpeedupFit;
use crate::law::{Model, Point};
use crate::page::json::count;
use crate::page::speedup::{may_quote, peak};
use crate::page::words;
use crate::units;

/// Times up to this many times the shortest count as equally fast.
const AS_GOOD: f64 = 1.05;

/// More workers than those that reach 90 % of the ceiling are at most this many times faster.
const LEFT: f64 = 10.0 / 9.0;

/// A worker count and the reason for it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(super) struct Recommendation {
    /// Workers p.
    #[serde(serialize_with = "count")]
    pub(super) workers: f64,
    /// Why, in one sentence without its full stop.
    pub(super) reason: String,
}

/// What a recommendation by a law says of the rows.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Claim {
    /// No count is faster.
    NoneFaster,
    /// The most workers are the fastest, by more than the noise.
    LastFastest,
    /// More workers are at most a ninth faster.
    NinthLeft,
    /// So they are, and from this count on they are slower.
    SlowerFrom(f64),
}

/// Recommends a worker count for a job of fixed size; `None` without points.
///
/// If the law fits, it is the smallest count that reaches 90 % of the ceiling, or the most workers measured. If not, or
/// if a measured row contradicts that, it is the smallest measured count that is about as fast as the fastest.
pub(super) fn recommend(points: &[Point], fit: &SpeedupFit) -> Option<Recommendation> {
    if !may_quote(fit) {
        return by_times(points, "no law supports this");
    }
    let (found, claim) = by_law(points, fit)?;
    if holds(points, fit, found.workers, claim) {
        return Some(found);
    }
    let law = words::whole(found.workers);
    let why = match claim {
        Claim::NoneFaster | Claim::LastFastest => String::new(),
        _ => format!("a measured row contradicts the {law} of the law"),
    };
    by_times(points, &why)
}

fn by_law(points: &[Point], fit: &SpeedupFit) -> Option<(Recommendation, Claim)> {
    let most = points.iter().map(|point| point.workers).max_by(f64::total_cmp)?;
    let fewest = points.iter().map(|point| point.workers).min_by(f64::total_cmp)?;
    let of = |workers, reason| Recommendation { workers, reason };
    if fit.model == Some(Model::Constant) {
        return Some((of(fewest, "more workers make no difference".to_owned()), Claim::NoneFaster));
    }
    let Some((enough, ceiling)) = fit.workers_at_90_percent.zip(fit.attainable_ceiling) else {
        let reason = "the most that were measured; the times still fall there".to_owned();
        return Some((of(most, reason), Claim::LastFastest));
    };
    if enough > most {
        let reason =
            format!("the most that were measured; by the law {} would reach 90 % of the ceiling", words::whole(enough));
        return Some((of(most, reason), Claim::LastFastest));
    }
    let (beyond, claim) = match (peak(fit), fit.peak_high) {
        (Some(peak), Some(high)) => {
            (format!("by the law the job is fastest at {peak}; more make it slower"), Claim::SlowerFrom(high))
        }
        (Some(peak), None) => (format!("by the law the job is fastest at {peak}"), Claim::NinthLeft),
        (None, _) => ("more workers add at most a ninth".to_owned(), Claim::NinthLeft),
    };
    let reason = format!(
        "the smallest count that reaches 90 % of the ceiling of {} times; {beyond}",
        units::ratio(ceiling.value)
    );
    Some((of(enough.max(fewest), reason), claim))
}

/// Returns whether no measured row contradicts the law's recommendation and what it says.
fn holds(points: &[Point], fit: &SpeedupFit, workers: f64, claim: Claim) -> bool {
    let row = points.iter().find(|point| point.workers == workers).map(|point| point.seconds);
    let Some(seconds) = row.or_else(|| Some(fit.curve?.seconds(workers))) else { return false };
    let fewer = points.iter().filter(|point| point.workers < workers);
    let as_good = fewer.map(|point| point.seconds).any(|other| other <= seconds);
    let Some(enough) = by_times(points, "") else { return false };
    let left = || points.iter().all(|point| point.seconds * LEFT >= seconds);
    !as_good
        && match claim {
            Claim::NoneFaster | Claim::LastFastest => enough.workers == workers,
            Claim::NinthLeft => left(),
            Claim::SlowerFrom(high) => left() && !faster_beyond(points, fit, high),
        }
}

/// Returns whether a row beyond this count is faster than the law says at its peak.
pub(super) fn faster_beyond(points: &[Point], fit: &SpeedupFit, high: f64) -> bool {
    let peak = fit.peak_workers.zip(fit.curve).map(|(peak, curve)| curve.seconds(peak / fit.base_workers));
    points.iter().any(|point| point.workers > high && peak.is_some_and(|peak| point.seconds < peak))
}

/// Recommends by the measured times alone, and says `why`.
fn by_times(points: &[Point], why: &str) -> Option<Recommendation> {
    let shortest = points.iter().map(|point| point.seconds).min_by(f64::total_cmp)?;
    let good = points.iter().filter(|point| point.seconds <= AS_GOOD * shortest);
    let workers = good.map(|point| point.workers).min_by(f64::total_cmp)?;
    let within = units::whole_percent(AS_GOOD - 1.0);
    let why = if why.is_empty() { String::new() } else { format!("; {why}") };
    let reason = format!("the smallest count measured within {within} of the fastest{why}");
    Some(Recommendation { workers, reason })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::law::Curve;
    use crate::law::speedup::fit;

    fn points(curve: Curve, most: u32) -> Vec<Point> {
        (0..=most).map(|i| f64::from(1 << i)).map(|p| Point::new(p, curve.seconds(p))).collect()
    }

    const AMDAHL: Curve =
        Curve { seconds_at_one: 1.0, serial_fraction: 0.1, knee: None, kappa: 0.0, per_doubling: 0.0 };

    #[test]
    fn nine_tenths_of_the_ceiling_where_they_were_measured() {
        let points = points(AMDAHL, 10);
        let found = recommend(&points, &fit(&points)).unwrap();
        assert_eq!(found.workers, 81.0, "{found:?}");
    }

    #[test]
    fn no_further_than_was_measured() {
        let points = points(AMDAHL, 5);
        let found = recommend(&points, &fit(&points)).unwrap();
        assert_eq!(found.workers, 32.0, "{found:?}");
        assert!(found.reason.contains("81"), "{found:?}");
    }

    #[test]
    fn before_the_peak_where_there_is_one() {
        let points = points(Curve { kappa: 1e-4, ..AMDAHL }, 10);
        let found = recommend(&points, &fit(&points)).unwrap();
        assert!(found.workers < 60.0 && found.reason.contains("slower"), "{found:?}");
    }

    /// Published throughputs of SPEC SDM91 (Gunther 2007): the fastest run is the one on 72 users.
    #[test]
    fn a_limit_that_only_the_times_show() {
        let throughputs = [
            (1.0, 64.9),
            (18.0, 995.9),
            (36.0, 1652.4),
            (72.0, 1853.2),
            (108.0, 1828.9),
            (144.0, 1775.0),
            (216.0, 1702.2),
        ];
        let points = throughputs.map(|(p, x)| Point::new(p, 1.0 / x));
        let found = recommend(&points, &fit(&points)).unwrap();
        assert!(found.workers <= 72.0, "{found:?}");
    }

    #[test]
    fn by_the_clock_where_no_law_holds() {
        let points: Vec<Point> = [(1.0, 8.0), (2.0, 1.02), (4.0, 1.0)].map(|(p, t)| Point::new(p, t)).to_vec();
        let found = recommend(&points, &fit(&points)).unwrap();
        assert_eq!(found.workers, 2.0, "{found:?}");
        assert_eq!(recommend(&[], &fit(&[])), None);
    }

    /// Tables of all kinds: laws with noise, steps, peaks and pure chance, on three to twelve counts.
    fn random_table(random: &mut rand::rngs::ChaCha8Rng) -> Vec<Point> {
        use rand::RngExt as _;
        let counts = 3 + (9.0 * random.random::<f64>()) as usize;
        let curve = Curve {
            serial_fraction: random.random::<f64>().powi(3),
            kappa: if random.random::<f64>() < 0.5 { 0.02 * random.random::<f64>().powi(4) } else { 0.0 },
            ..AMDAHL
        };
        let noise = [0.0, 0.02, 0.1, 1.0][(4.0 * random.random::<f64>()) as usize];
        let step = if random.random::<f64>() < 0.3 { 0.5 + random.random::<f64>() } else { 1.0 };
        let powers = random.random::<f64>() < 0.5;
        let point = |i: usize| {
            let p = if powers { (1_u32 << i).into() } else { (i + 1) as f64 };
            let later = if i > counts / 2 { step } else { 1.0 };
            Point::new(p, curve.seconds(p) * later * (noise * (random.random::<f64>() - 0.5)).exp())
        };
        (0..counts).map(point).collect()
    }

    /// No row with fewer workers is as fast; no row is faster by more than the sentence allows.
    #[test]
    fn no_measured_row_contradicts_a_recommendation() {
        use crate::law::speedup::{Options, fit_with};
        use rand::SeedableRng as _;
        let mut random = rand::rngs::ChaCha8Rng::seed_from_u64(14);
        let mut by_law = 0;
        for _ in 0..600 {
            let points = random_table(&mut random);
            for model in [None, Some(Model::Amdahl), Some(Model::Usl)] {
                let fit = fit_with(&points, Options { model });
                let found = recommend(&points, &fit).unwrap();
                let row = points.iter().find(|point| point.workers == found.workers).map(|point| point.seconds);
                let seconds = row.unwrap_or_else(|| fit.curve.unwrap().seconds(found.workers));
                let mut fewer = points.iter().filter(|point| point.workers < found.workers);
                assert!(fewer.all(|point| point.seconds > seconds), "{found:?} {points:?}");
                let allowed = if found.reason.contains("90 % of the ceiling of") { LEFT } else { AS_GOOD };
                by_law += usize::from(allowed > AS_GOOD);
                assert!(points.iter().all(|point| point.seconds * allowed >= seconds), "{found:?} {points:?}");
            }
        }
        assert!(by_law > 50, "{by_law} by a law");
    }
}
