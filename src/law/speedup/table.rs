//! The points beside the fit, one row each: what a report prints.

use serde::{Deserialize, Serialize};

use crate::law::formula::{efficiency, karp_flatt};
use crate::law::point::Point;

use super::result::SpeedupFit;

/// One measured worker count with everything read from it.
#[derive(Serialize, Deserialize, Debug, Clone, Copy, PartialEq)]
pub struct PointRow {
    /// Workers p.
    pub workers: f64,
    /// Median time in seconds.
    pub seconds: f64,
    /// `S = T(1)/T(p)`; `None` where no time on one worker is known.
    pub speedup: Option<f64>,
    /// `S/p`; `None` where the speedup is.
    pub efficiency: Option<f64>,
    /// Karp & Flatt's experimental serial fraction; `None` on one worker.
    pub karp_flatt: Option<f64>,
    /// Time by the fitted curve in seconds; `None` without one.
    pub fitted_seconds: Option<f64>,
}

/// The points, in ascending order of workers, beside a fit of them. Speedups are over the time measured on one worker;
/// where none was, over the curve's.
pub fn rows(points: &[Point], fit: &SpeedupFit) -> Vec<PointRow> {
    let curve = fit.curve;
    let measured = points.iter().find(|p| p.workers == 1.0).map(|p| p.seconds);
    let one = measured.or(curve.map(|c| c.seconds_at_one));
    let mut rows: Vec<PointRow> = points
        .iter()
        .filter(|point| point.fault().is_none())
        .map(|point| {
            let speedup = one.map(|one| one / point.seconds).filter(|s| s.is_finite() && *s > 0.0);
            PointRow {
                workers: point.workers,
                seconds: point.seconds,
                speedup,
                efficiency: speedup.map(|s| efficiency(s, point.workers)),
                karp_flatt: speedup.and_then(|s| karp_flatt(s, point.workers)),
                fitted_seconds: curve.map(|c| c.seconds(point.workers)),
            }
        })
        .collect();
    rows.sort_by(|a, b| a.workers.total_cmp(&b.workers));
    rows
}

#[cfg(test)]
mod tests {
    use super::super::fit;
    use super::*;

    fn points(from: u32) -> Vec<Point> {
        (from..from + 8).map(|i| f64::from(1 << i)).map(|p| Point::new(p, 2.0 * (0.1 + 0.9 / p))).collect()
    }

    #[test]
    fn every_point_has_its_row() {
        let mut points = points(0);
        points.reverse();
        let rows = rows(&points, &fit(&points));
        assert_eq!((rows[0].workers, rows[0].karp_flatt), (1.0, None));
        let row = rows[3];
        assert!((row.speedup.unwrap() - 4.705_882_35).abs() < 1e-6);
        assert!((row.efficiency.unwrap() - 0.588_235_29).abs() < 1e-6);
        assert!((row.karp_flatt.unwrap() - 0.1).abs() < 1e-9);
        assert!((row.fitted_seconds.unwrap() - row.seconds).abs() < 1e-5);
    }

    #[test]
    fn without_a_single_worker_the_curve_is_the_base() {
        let points = points(2);
        let rows_of_fit = rows(&points, &fit(&points));
        assert!((rows_of_fit[1].speedup.unwrap() - 4.705_882_35).abs() < 1e-3);
        let unfitted = rows(&points[..3], &fit(&points[..3]));
        assert_eq!((unfitted[0].speedup, unfitted[0].fitted_seconds), (None, None));
    }
}
