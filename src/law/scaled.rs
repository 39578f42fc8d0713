//! Jobs that grow with their workers: Gustafson's law from phase timers, and the speedup where it can be measured.

use serde::{Deserialize, Serialize};

use crate::stats::{Estimate, Summary, rank_interval};

use super::formula::gustafson;
use super::ratio::ratio;

/// One run of a job grown for `p` workers, its phases timed on them.
#[derive(Serialize, Deserialize, Debug, Clone, Copy, PartialEq)]
pub struct ScaledPoint {
    /// Workers p, at least 1.
    pub workers: f64,
    /// Time of the phases that no worker shortens, in seconds.
    pub serial_seconds: f64,
    /// Time of the whole job, in seconds.
    pub total_seconds: f64,
}

/// What Gustafson's law says of one such run.
#[derive(Serialize, Deserialize, Debug, Clone, Copy, PartialEq)]
pub struct ScaledSpeedup {
    /// Workers p.
    pub workers: f64,
    /// s: serial share of the time observed on p workers, 0 ..= 1.
    pub serial_share: f64,
    /// `p − s (p − 1)`: times more work than one worker does in the same time.
    pub speedup: f64,
}

/// Gustafson's reading of scaled runs.
#[derive(Serialize, Deserialize, Debug, Clone, PartialEq)]
pub struct GustafsonFit {
    /// Every usable run, in the order given.
    pub rows: Vec<ScaledSpeedup>,
    /// Median serial share over the runs on more than one worker, with its rank interval; `None` without such runs.
    pub serial_share: Option<Estimate>,
    /// Runs left out, because a time was not positive or the serial part longer than the whole.
    pub unusable: usize,
}

/// Takes s from the phase timers of each run and puts it into Gustafson's law (CACM 31, 1988).
///
/// The timers are the only source of s here: fitted to `p T(1)/T(p)` of scaled runs, s measures how the time per worker
/// grows, not what is serial.
pub fn from_phases(points: &[ScaledPoint]) -> GustafsonFit {
    let rows: Vec<ScaledSpeedup> = points.iter().filter_map(row).collect();
    let shares: Vec<f64> = rows.iter().filter(|r| r.workers > 1.0).map(|r| r.serial_share).collect();
    GustafsonFit { serial_share: rank_interval(&shares), unusable: points.len() - rows.len(), rows }
}

fn row(point: &ScaledPoint) -> Option<ScaledSpeedup> {
    let serial_share = point.serial_seconds / point.total_seconds;
    let usable = point.workers >= 1.0
        && point.workers.is_finite()
        && point.total_seconds > 0.0
        && (0.0..=1.0).contains(&serial_share);
    usable.then(|| ScaledSpeedup {
        workers: point.workers,
        serial_share,
        speedup: gustafson(serial_share, point.workers),
    })
}

/// The scaled speedup as measured: the job grown for p workers, on one worker and on p,
/// `T(n₁ p, 1) / T(n₁ p, p)`. `None` unless both times are positive.
pub fn measured_speedup(on_one: &Summary, on_all: &Summary) -> Option<Estimate> {
    ratio(on_one, on_all)
}

/// Weak-scaling efficiency `T(n₁, 1) / T(n₁ p, p)`: 1 where p workers do p times the work in the same time. `None`
/// unless both times are positive.
pub fn weak_efficiency(small_on_one: &Summary, grown_on_all: &Summary) -> Option<Estimate> {
    ratio(small_on_one, grown_on_all)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn point(workers: f64, serial_seconds: f64, total_seconds: f64) -> ScaledPoint {
        ScaledPoint { workers, serial_seconds, total_seconds }
    }

    /// LAWS.md section 8: s = 0.1 gives 7.30 on 8 workers and 921.70 on 1024.
    #[test]
    fn timers_give_gustafsons_speedup() {
        let fit = from_phases(&[point(1.0, 0.1, 1.0), point(8.0, 0.2, 2.0), point(1024.0, 0.1, 1.0)]);
        assert!((fit.rows[1].speedup - 7.3).abs() < 1e-12);
        assert!((fit.rows[2].speedup - 921.7).abs() < 1e-9);
        assert!(fit.serial_share.unwrap().contains(0.1));
        assert_eq!(fit.unusable, 0);
    }

    #[test]
    fn impossible_runs_are_left_out_and_counted() {
        let fit = from_phases(&[point(2.0, 2.0, 1.0), point(2.0, 0.0, 0.0), point(f64::NAN, 0.1, 1.0)]);
        assert_eq!((fit.rows.len(), fit.unusable), (0, 3));
        assert_eq!(fit.serial_share, None);
    }

    #[test]
    fn the_measured_speedup_is_a_ratio() {
        let one = Summary::of(&[7.3]).unwrap();
        let all = Summary::of(&[1.0]).unwrap();
        assert_eq!(measured_speedup(&one, &all).unwrap().value, 7.3);
        assert_eq!(weak_efficiency(&all, &all).unwrap().value, 1.0);
    }
}
