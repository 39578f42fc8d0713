//! Why the logarithm, why the knee, and why worker counts are shuffled: other ways to estimate, on the same draws.

use amdahl::law::speedup::{fit, karp_flatt, least_squares};
use amdahl::law::{Model, Point, Scale};

use crate::planted::{Scenario, Twist};

type Estimator = (&'static str, fn(&[Point]) -> Option<f64>);

const ESTIMATORS: [Estimator; 6] = [
    ("least squares on T", |p| serial_fraction(p, Model::Amdahl, Scale::Seconds)),
    ("least squares on 1/T", |p| serial_fraction(p, Model::Amdahl, Scale::Throughput)),
    ("logarithm, Amdahl only", |p| serial_fraction(p, Model::Amdahl, Scale::Logarithm)),
    ("median of Karp-Flatt", median_of_karp_flatt),
    ("logarithm, sharp knee", |p| serial_fraction(p, Model::AmdahlSaturation, Scale::Logarithm)),
    ("logarithm, knee of free shape", |p| serial_fraction(p, Model::AmdahlSaturationSmooth, Scale::Logarithm)),
];

fn serial_fraction(points: &[Point], model: Model, scale: Scale) -> Option<f64> {
    least_squares(points, model, scale).map(|curve| curve.serial_fraction)
}

fn median_of_karp_flatt(points: &[Point]) -> Option<f64> {
    let one = points.first()?.seconds;
    let all: Vec<f64> = points.iter().filter_map(|p| karp_flatt(one / p.seconds, p.workers)).collect();
    amdahl::stats::median(&all)
}

fn truths() -> [Scenario; 3] {
    let new = |name| Scenario::new(name, Model::Amdahl, 1e-4);
    [new("Amdahl"), new("sharp knee").knee(4096.0, None), new("smooth knee").knee(4096.0, Some(3.0))]
}

/// Mean of fitted/planted, and its root mean square error.
fn bias_and_error(scenario: &Scenario, estimate: Estimator, replicates: u64) -> (f64, f64) {
    let ratios: Vec<f64> = (0..replicates)
        .filter_map(|replicate| (estimate.1)(&scenario.draw(replicate)))
        .map(|s| s / scenario.curve.serial_fraction)
        .collect();
    let n = ratios.len() as f64;
    let square: f64 = ratios.iter().map(|r| (r - 1.0).powi(2)).sum();
    (ratios.iter().sum::<f64>() / n, (square / n).sqrt())
}

/// Prints fitted over planted serial fraction (relative error) for every estimator and truth.
pub(crate) fn print(replicates: u64) {
    println!("{:32} {:>16} {:>16} {:>16}", "estimator", "Amdahl 1e-4", "sharp knee", "smooth knee");
    for estimator in ESTIMATORS {
        print!("{:32}", estimator.0);
        for truth in truths() {
            let (bias, error) = bias_and_error(&truth, estimator, replicates);
            print!(" {:>16}", format!("{bias:.2} ({error:.3})"));
        }
        println!();
    }
}

#[test]
fn only_the_logarithm_recovers_a_small_serial_fraction() {
    let [amdahl, sharp, _] = truths();
    let error = |scenario: &Scenario, i: usize| bias_and_error(scenario, ESTIMATORS[i], 40).1;
    assert!(error(&amdahl, 2) < 0.02);
    assert!(error(&amdahl, 0) > 0.5);
    assert!(error(&sharp, 1) > 0.5);
    assert!(error(&sharp, 2) > 0.5, "a knee taken for a serial part");
    assert!(error(&sharp, 4) < 0.1);
}

/// No interval repairs drift. Order does: under the same ramp of 6 %, worker counts measured one after the other give
/// an interval that misses, and worker counts in every block one that holds.
#[test]
fn order_repairs_what_intervals_cannot() {
    let covered = |twist| {
        let scenario = Scenario::new("drift", Model::Amdahl, 1e-3).noise(0.02).twist(twist);
        (0..40)
            .filter_map(|replicate| fit(&scenario.draw(replicate)).serial_fraction)
            .filter(|s| s.contains(1e-3))
            .count()
    };
    assert!(covered(Twist::DriftInBlocks) >= 35);
    assert!(covered(Twist::DriftInOrder) <= 10);
}
