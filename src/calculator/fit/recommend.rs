//! Recommends a worker count, and says why.

use serde::Serialize;

use crate::law::speedup::SpeedupFit;
use crate::law::{Model, Point};
use crate::page::json::count;
use crate::page::speedup::may_quote;
use crate::page::words;
use crate::units;

/// Times up to this many times the shortest count as equally fast.
const AS_GOOD: f64 = 1.05;

/// A worker count and the reason for it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(super) struct Recommendation {
    /// Workers p.
    #[serde(serialize_with = "count")]
    pub(super) workers: f64,
    /// Why, in one sentence without its full stop.
    pub(super) reason: String,
}

/// Recommends a worker count for a job of fixed size; `None` without points.
///
/// If the law fits, it is the smallest count that reaches 90 % of the ceiling, or the most workers measured. If not, it
/// is the smallest measured count that is about as fast as the fastest.
pub(super) fn recommend(points: &[Point], fit: &SpeedupFit) -> Option<Recommendation> {
    let most = points.iter().map(|point| point.workers).max_by(f64::total_cmp)?;
    let fewest = points.iter().map(|point| point.workers).min_by(f64::total_cmp)?;
    if !may_quote(fit) {
        return by_times(points);
    }
    if fit.model == Some(Model::Constant) {
        let reason = "more workers make no difference".to_owned();
        return Some(Recommendation { workers: fewest, reason });
    }
    let Some((enough, ceiling)) = fit.workers_at_90_percent.zip(fit.attainable_ceiling) else {
        // The law shows no ceiling; the times may show one all the same.
        let reason = "the most that were measured; the times still fall there".to_owned();
        return by_times(points)
            .filter(|found| found.workers < most)
            .or(Some(Recommendation { workers: most, reason }));
    };
    if enough > most {
        let reason =
            format!("the most that were measured; by the law {} would reach 90 % of the ceiling", words::whole(enough));
        return Some(Recommendation { workers: most, reason });
    }
    let beyond = match fit.peak_workers {
        Some(peak) => format!("beyond {} workers each extra one makes the job slower", words::whole(peak)),
        None => "more workers add at most a ninth".to_owned(),
    };
    let reason = format!(
        "the smallest count that reaches 90 % of the ceiling of {} times; {beyond}",
        units::ratio(ceiling.value)
    );
    Some(Recommendation { workers: enough.max(fewest), reason })
}

/// Recommends by the measured times alone.
fn by_times(points: &[Point]) -> Option<Recommendation> {
    let shortest = points.iter().map(|point| point.seconds).min_by(f64::total_cmp)?;
    let good = points.iter().filter(|point| point.seconds <= AS_GOOD * shortest);
    let workers = good.map(|point| point.workers).min_by(f64::total_cmp)?;
    let within = units::whole_percent(AS_GOOD - 1.0);
    let reason = format!("the smallest count measured within {within} of the fastest; no law supports this");
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
}
