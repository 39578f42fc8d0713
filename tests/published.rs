//! Published data sets of throughput against load, fitted to their published parameters.
//!
//! The measurements are those of N. J. Gunther, "Guerrilla Capacity Planning" (2007), as distributed with S. Möding's R
//! package `usl`; the coefficients and fitted values are what `usl` 2.0 prints for them (its README and its
//! tests/*.Rout.save). It squares residuals of the throughput, so this comparison does, too. The program's own fits use
//! the logarithm, and are shown to agree where the data determine the answer.

use amdahl::law::speedup::{Options, fit, fit_with, least_squares};
use amdahl::law::{Curve, Model, Point, Scale, Verdict};

/// SPEC SDM91 on a `SPARCcenter` 2000: users, scripts per hour.
const SPEC_SDM91: [(f64, f64); 7] =
    [(1.0, 64.9), (18.0, 995.9), (36.0, 1652.4), (72.0, 1853.2), (108.0, 1828.9), (144.0, 1775.0), (216.0, 1702.2)];

/// The BRL-CAD ray tracer on an SGI Origin 2000: processors, ray-geometry intersections per second (scaled).
const RAY_TRACER: [(f64, f64); 11] = [
    (1.0, 20.0),
    (4.0, 78.0),
    (8.0, 130.0),
    (12.0, 170.0),
    (16.0, 190.0),
    (20.0, 200.0),
    (24.0, 210.0),
    (28.0, 230.0),
    (32.0, 260.0),
    (48.0, 280.0),
    (64.0, 310.0),
];

/// The made-up example of `usl`'s tests/coef.R: α = β = 0.02 to the printed digits.
const MADE_UP: [(f64, f64); 6] =
    [(1.0, 1.0), (2.0, 1.8868), (4.0, 3.0769), (6.0, 3.5294), (8.0, 3.5398), (10.0, 3.3557)];

fn points(throughputs: &[(f64, f64)]) -> Vec<Point> {
    throughputs.iter().map(|&(p, x)| Point::new(p, 1.0 / x)).collect()
}

/// The Universal Scalability Law as `usl` fits it.
fn as_published(throughputs: &[(f64, f64)]) -> Curve {
    least_squares(&points(throughputs), Model::Usl, Scale::Throughput).expect("a fit")
}

fn rounds_to(value: f64, digits: i32, expected: f64) {
    let unit = 10_f64.powi(digits);
    assert_eq!((value * unit).round() / unit, expected, "{value}");
}

#[test]
fn spec_sdm91() {
    let curve = as_published(&SPEC_SDM91);
    rounds_to(curve.serial_fraction, 7, 0.027_728_5);
    rounds_to(curve.kappa, 7, 0.000_104_4);
    rounds_to(1.0 / curve.seconds_at_one, 4, 89.9952);
    let fitted = [90.0, 1078.0, 1541.0, 1850.0, 1879.0, 1822.0, 1646.0];
    for ((users, _), scripts) in SPEC_SDM91.iter().zip(fitted) {
        rounds_to(1.0 / curve.seconds(*users), 0, scripts);
    }
    rounds_to(curve.peak_workers().expect("a peak"), 1, 96.5);
}

#[test]
fn the_ray_tracer() {
    let curve = as_published(&RAY_TRACER);
    rounds_to(curve.serial_fraction, 4, 0.0578);
    rounds_to(curve.kappa, 4, 0.0);
    rounds_to(1.0 / curve.seconds_at_one, 4, 21.8488);
}

/// On the logarithm, too: the published α lies in the interval, and κ is not needed.
#[test]
fn the_ray_tracer_on_the_logarithm() {
    let fit = fit(&points(&RAY_TRACER));
    assert_eq!(fit.model, Some(Model::Amdahl));
    assert_eq!(fit.verdict, Verdict::Accepted, "{:?}", fit.reason);
    let s = fit.serial_fraction.expect("a serial fraction");
    assert!(s.contains(0.0578), "{s:?}");
    assert!(s.high / s.low < 3.0);
}

#[test]
fn the_made_up_example() {
    let curve = as_published(&MADE_UP);
    rounds_to(curve.serial_fraction, 3, 0.02);
    rounds_to(curve.kappa, 3, 0.02);
    let usl = Options { model: Some(Model::Usl) };
    let fit = fit_with(&points(&MADE_UP), usl);
    let curve = fit.curve.expect("a curve");
    rounds_to(curve.serial_fraction, 3, 0.02);
    rounds_to(curve.kappa, 3, 0.02);
    rounds_to(fit.peak_workers.expect("a peak"), 1, 7.0);
}
