//! How much the timings of a case spread, if there are only a few of them.
//!
//! Three timings tell their spread badly. But one machine timed many cases, and together they tell how much a case
//! usually spreads, and how far cases differ in that. So the variance of a case becomes the mean of its own and the
//! usual one, weighted by the degrees of freedom of each (Smyth, Stat. Appl. Genet. Mol. Biol. 3, 2004). If the cases
//! differ much, the usual variance has few degrees of freedom and helps little.

use statrs::function::gamma::digamma;

use super::between::Part;
use crate::stats::robust_deviation;

/// Fewest timings with a robust spread.
const ROBUST: usize = 6;

/// Degrees of freedom of a robust deviation, for each one of a standard deviation (Rousseeuw & Croux 1993).
const EFFICIENCY: f64 = 0.37;

/// A robust deviation of few values is too small: by `n / (n − 0.8)` (Croux & Rousseeuw, COMPSTAT 1992).
const FEW_VALUES: f64 = 0.8;

/// No clock tells a smaller spread.
const LEAST: f64 = 1e-3;

/// Fewest cases that tell what is usual.
const FEWEST_CASES: usize = 3;

/// The most degrees of freedom, if the cases do not differ at all.
const MOST_FREEDOM: f64 = 1e3;

/// Returns the deviation of the logarithm of one timing. `None` for a single timing, or if one is not positive.
pub fn spread(seconds: &[f64]) -> Option<Part> {
    let logs: Vec<f64> = seconds.iter().map(|time| time.ln()).collect();
    if logs.len() < 2 || logs.iter().any(|log| !log.is_finite()) {
        return None;
    }
    let count = logs.len() as f64;
    let (deviation, freedom) = if logs.len() < ROBUST {
        let mean = logs.iter().sum::<f64>() / count;
        let squares: f64 = logs.iter().map(|log| (log - mean).powi(2)).sum();
        ((squares / (count - 1.0)).sqrt(), count - 1.0)
    } else {
        (robust_deviation(&logs)? * count / (count - FEW_VALUES), EFFICIENCY * (count - 1.0))
    };
    Some(Part { deviation: deviation.max(LEAST), freedom })
}

/// Returns the usual spread of cases by the spread of each; its degrees of freedom tell how alike they are.
///
/// The logarithm of a variance has a known mean and variance, by the digamma and trigamma functions of half its
/// degrees of freedom (Smyth 2004, section 6.2).
pub fn usual(spreads: &[Part]) -> Option<Part> {
    if spreads.len() < FEWEST_CASES {
        return None;
    }
    let count = spreads.len() as f64;
    let centred = |part: &Part| 2.0 * part.deviation.ln() - digamma(part.freedom / 2.0) + (part.freedom / 2.0).ln();
    let logs: Vec<f64> = spreads.iter().map(centred).collect();
    let mean = logs.iter().sum::<f64>() / count;
    let variance = logs.iter().map(|log| (log - mean).powi(2)).sum::<f64>() / (count - 1.0);
    let expected = spreads.iter().map(|part| trigamma(part.freedom / 2.0)).sum::<f64>() / count;
    let freedom = 2.0 * inverse_trigamma(variance - expected);
    let log = mean + digamma(freedom / 2.0) - (freedom / 2.0).ln();
    Some(Part { deviation: (log / 2.0).exp(), freedom })
}

impl Part {
    /// Returns the same deviation, known better by the usual one.
    #[must_use]
    pub fn with(self, usual: Part) -> Self {
        let freedom = self.freedom + usual.freedom;
        let squares = self.freedom * self.deviation.powi(2) + usual.freedom * usual.deviation.powi(2);
        Self { deviation: (squares / freedom).sqrt(), freedom }
    }
}

/// The second derivative of the logarithm of the gamma function: its recurrence, then its series (Abramowitz & Stegun
/// 6.4.12).
fn trigamma(x: f64) -> f64 {
    const LARGE: f64 = 8.0;
    if x < LARGE {
        return x.powi(-2) + trigamma(x + 1.0);
    }
    let square = x.powi(-2);
    1.0 / x + square / 2.0 + square / x * (1.0 / 6.0 - square * (1.0 / 30.0 - square / 42.0))
}

/// Returns where the trigamma function has a value, by halving; at most half of [`MOST_FREEDOM`].
fn inverse_trigamma(value: f64) -> f64 {
    const HALVINGS: usize = 60;
    let (mut low, mut high) = (1e-3f64, MOST_FREEDOM / 2.0);
    for _ in 0..HALVINGS {
        let middle = (low * high).sqrt();
        if trigamma(middle) > value { low = middle } else { high = middle }
    }
    high
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::rngs::ChaCha8Rng;
    use rand::{RngExt, SeedableRng};

    /// Returns a value of the standard normal distribution (Box & Muller 1958).
    fn normal(random: &mut ChaCha8Rng) -> f64 {
        let (one, other): (f64, f64) = (random.random(), random.random());
        (-2.0 * (1.0 - one).ln()).sqrt() * (std::f64::consts::TAU * other).cos()
    }

    /// Returns timings of many cases around one second. The scale of a case is drawn between `least` and `most`.
    fn cases(random: &mut ChaCha8Rng, timings: usize, [least, most]: [f64; 2]) -> Vec<Vec<f64>> {
        let mut case = || {
            let scale = least * (most / least).powf(random.random::<f64>());
            (0..timings).map(|_| (scale * normal(random)).exp()).collect()
        };
        (0..100).map(|_| case()).collect()
    }

    /// Returns the share of cases of two equal runs whose interval of the ratio holds 1.
    fn held(timings: usize, scales: [f64; 2], moderate: bool) -> f64 {
        use crate::law::between::gap;
        use crate::stats::median;
        let mut random = ChaCha8Rng::seed_from_u64(7);
        let (mut held, mut all) = (0, 0);
        for _ in 0..20 {
            let runs = [(); 2].map(|()| cases(&mut random, timings, scales));
            let parts = runs.each_ref().map(|run| {
                let own: Vec<Part> = run.iter().filter_map(|case| spread(case)).collect();
                let usual = usual(&own).unwrap();
                own.iter()
                    .map(|own| if moderate { own.with(usual) } else { *own })
                    .map(|one| one.of_median(timings))
                    .collect::<Vec<_>>()
            });
            for case in 0..100 {
                let [base, other] = runs.each_ref().map(|run| median(&run[case]).unwrap());
                let ratio = gap(base / other, &[parts[0][case], parts[1][case]]).unwrap().ratio;
                (held, all) = (held + usize::from(ratio.contains(1.0)), all + 1);
            }
        }
        f64::from(held as u32) / f64::from(all)
    }

    /// The interval of a ratio holds the truth at its stated rate, however few the timings, for like and unlike cases.
    #[test]
    fn the_interval_holds_what_it_says() {
        for scales in [[0.05, 0.05], [0.01, 0.1]] {
            for timings in [2, 3, 4, 5, 6, 7, 12, 40] {
                let held = held(timings, scales, true);
                assert!((0.935..=0.99).contains(&held), "{timings} timings, {scales:?}: {held}");
            }
        }
    }

    #[test]
    fn what_is_usual_is_found_with_how_alike_the_cases_are() {
        let mut random = ChaCha8Rng::seed_from_u64(1);
        let mut of = |scales| {
            let spreads: Vec<Part> = cases(&mut random, 5, scales).iter().filter_map(|case| spread(case)).collect();
            usual(&spreads).unwrap()
        };
        let (alike, unlike) = (of([0.05, 0.05]), of([0.002, 0.5]));
        assert!((alike.deviation / 0.05 - 1.0).abs() < 0.1 && alike.freedom > 10.0, "{alike:?}");
        assert!(unlike.freedom < 3.0, "{unlike:?}");
        assert_eq!(usual(&[alike, alike]), None);
    }

    #[test]
    fn a_spread_needs_two_positive_timings() {
        assert_eq!(spread(&[1.0]), None);
        assert_eq!(spread(&[1.0, 0.0, 1.0]), None);
        assert_eq!(spread(&[1.0, 1.0]), Some(Part { deviation: LEAST, freedom: 1.0 }));
        let two = spread(&[1.0, 1.1]).unwrap();
        assert!((two.deviation - 1.1f64.ln() / 2f64.sqrt()).abs() < 1e-12, "{two:?}");
    }

    /// Abramowitz & Stegun, table 6.1: ψ'(1) = π²/6, ψ'(2) = π²/6 − 1.
    #[test]
    fn the_trigamma_function_has_its_printed_values() {
        let first = std::f64::consts::PI.powi(2) / 6.0;
        assert!((trigamma(1.0) - first).abs() < 1e-9 && (trigamma(2.0) - first + 1.0).abs() < 1e-9);
        assert!((inverse_trigamma(first) - 1.0).abs() < 1e-6);
        assert_eq!(inverse_trigamma(-0.1), MOST_FREEDOM / 2.0, "no spread at all");
    }
}
