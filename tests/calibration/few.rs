//! Three to five worker counts, each timed once: a model that is named has intervals that hold, and without one the
//! bound holds.

use amdahl::law::speedup::{Options, few, fit_with};
use amdahl::law::{Curve, Knee, Model, Point, Verdict};
use rand::SeedableRng;
use rand::rngs::ChaCha8Rng;

use crate::at_most;
use crate::planted::normal;
use crate::tally::Share;

const COUNTS: [&[f64]; 4] =
    [&[1.0, 2.0, 4.0], &[1.0, 2.0, 4.0, 8.0], &[1.0, 2.0, 3.0, 4.0, 6.0], &[1.0, 4.0, 16.0, 64.0]];

fn curve(serial_fraction: f64) -> Curve {
    Curve { seconds_at_one: 3.0, serial_fraction, knee: None, kappa: 0.0, per_doubling: 0.0 }
}

fn draw(curve: &Curve, counts: &[f64], noise: f64, rng: &mut ChaCha8Rng) -> Vec<Point> {
    counts.iter().map(|&p| Point::new(p, curve.seconds(p) * (noise * normal(rng)).exp())).collect()
}

/// Wrong: the law is called false, or the planted serial fraction is outside of its interval or bound.
#[test]
fn a_named_model_on_few_counts_covers() {
    for counts in COUNTS {
        for serial in [0.02, 0.1, 0.3] {
            let mut rng = ChaCha8Rng::seed_from_u64(1);
            let (mut wrong, mut said) = (Share::default(), 0);
            for _ in 0..300 {
                let points = draw(&curve(serial), counts, 0.03, &mut rng);
                let fit = fit_with(&points, Options { model: Some(Model::Amdahl) });
                assert!(fit.estimate.is_some(), "{fit:?}");
                let holds = match (fit.serial_fraction, fit.serial_fraction_upper) {
                    (Some(value), _) => value.contains(serial),
                    (None, Some(upper)) => serial <= upper,
                    (None, None) => false,
                };
                said += usize::from(fit.serial_fraction.is_some());
                wrong.count(!holds);
            }
            println!("{counts:?} {serial}: wrong {wrong}, {said} values");
            assert!(at_most(wrong, 0.06), "{counts:?} {serial}: {wrong}");
        }
    }
}

/// Without a model no law is chosen, and the bound holds whatever else the law has: a knee or a cost per worker.
#[test]
fn the_bound_of_few_counts_holds() {
    let knee = Some(Knee { workers: 3.0, shape: None });
    for truth in [curve(0.1), Curve { knee, ..curve(0.05) }, Curve { kappa: 0.01, ..curve(0.05) }] {
        for counts in COUNTS {
            let mut rng = ChaCha8Rng::seed_from_u64(2);
            let exact = draw(&truth, counts, 0.0, &mut rng);
            assert_eq!(fit_with(&exact, Options::default()).verdict, Verdict::TooFewPoints);
            let bound = few(&exact).unwrap().serial_fraction_at_most;
            assert!(bound >= truth.serial_fraction - 1e-12, "{bound} {truth:?}");
            let mut missed = Share::default();
            for _ in 0..200 {
                let known = |point: Point| Point { log_se: 0.02, repetitions: 10, ..point };
                let points: Vec<Point> = draw(&truth, counts, 0.02, &mut rng).into_iter().map(known).collect();
                missed.count(few(&points).unwrap().serial_fraction_at_most < truth.serial_fraction);
            }
            assert!(at_most(missed, 0.08), "{counts:?} {truth:?}: {missed}");
        }
    }
}

/// Where the most workers are clearly faster, hardly any fit says that more workers make no difference: with six
/// counts, a serial fraction of 0.6 and 5 % of noise one in a hundred may.
#[test]
fn nothing_is_called_constant_that_is_not() {
    let mut rng = ChaCha8Rng::seed_from_u64(3);
    for counts in [&[1.0, 2.0, 3.0, 4.0, 6.0, 8.0][..], &[1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0]] {
        for serial in [0.01, 0.1, 0.3, 0.6] {
            let mut constant = Share::default();
            for _ in 0..100 {
                let points = draw(&curve(serial), counts, 0.05, &mut rng);
                constant.count(fit_with(&points, Options::default()).model == Some(Model::Constant));
            }
            assert!(at_most(constant, 0.01), "{counts:?} {serial}: {constant}");
        }
    }
}
