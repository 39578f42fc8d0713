//! Jobs from what `amdahl trace` and `amdahl fit` wrote as JSON.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::law::Curve;
use crate::law::profile::Profile;
use crate::law::speedup::amdahl;
use crate::page::words;
use crate::stats::Estimate;
use crate::units;

/// How such a file comes about.
const WANTED: &str = "give what `amdahl trace FILE --format json` or `amdahl fit FILE --format json` writes";

/// A job from a file.
#[derive(Debug, Clone, PartialEq)]
pub struct Found {
    pub(super) profile: Profile,
    /// Whether its times are seconds.
    pub(super) timed: bool,
    /// The workers that it was measured on; one for a fit, which knows T(1).
    pub(super) measured_on: Option<u64>,
    pub(super) fitted: Option<Fitted>,
}

/// A law that was fitted.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(super) struct Fitted {
    source: String,
    model: String,
    curve: Curve,
    /// The serial fraction with its 95 % interval; `null` if the model has none.
    pub(super) serial_fraction: Option<Estimate>,
    fewest_workers: Option<f64>,
    most_workers: Option<f64>,
}

#[derive(Deserialize)]
struct FitFile {
    time_unit: String,
    fit: Fit,
    /// The worker counts of a job that grows with them.
    #[serde(default)]
    weak: Vec<Value>,
}

#[derive(Deserialize)]
struct Fit {
    verdict: String,
    model: Option<String>,
    serial_fraction: Option<Estimate>,
    serial_fraction_upper: Option<f64>,
    estimate: Option<Curve>,
    curve: Option<Curve>,
    fewest_workers: Option<f64>,
    most_workers: Option<f64>,
}

#[derive(Deserialize)]
struct TraceFile {
    measured_on: Option<u64>,
    step: Step,
}

#[derive(Deserialize)]
struct Step {
    seconds: f64,
    exposed_seconds: f64,
}

/// Reads a job. `source` is what a reader calls the file.
///
/// # Errors
/// Says what the file is instead, or why its fit gives no law.
pub fn read(source: &str, bytes: &[u8]) -> Result<Found, String> {
    let fault = |what: &str| format!("--from {source}: {what}; {WANTED}");
    let whole: Value = serde_json::from_slice(bytes).map_err(|error| fault(&format!("no JSON ({error})")))?;
    let schema = whole.get("schema").and_then(Value::as_str).unwrap_or_default().to_owned();
    let unlike = |error: serde_json::Error| fault(&format!("it says {schema}, but is none: {error}"));
    match schema.split_once('/').map_or("", |(name, _)| name) {
        "amdahl-trace" => trace(source, &serde_json::from_value(whole).map_err(unlike)?),
        "amdahl-fit" => fit(source, serde_json::from_value(whole).map_err(unlike)?),
        "" => Err(fault("it does not say what it is (`schema`)")),
        _ => Err(fault(&format!("it is {schema}"))),
    }
}

fn profile(source: &str, serial: (&str, f64), shared: (&str, f64)) -> Result<Profile, String> {
    Profile::of_two(serial, shared).map_err(|fault| format!("--from {source}: {fault}"))
}

fn trace(source: &str, file: &TraceFile) -> Result<Found, String> {
    let Step { seconds, exposed_seconds } = file.step;
    let shared = ("everything else", seconds - exposed_seconds);
    let profile = profile(source, ("exposed communication", exposed_seconds), shared)?;
    Ok(Found { profile, timed: true, measured_on: file.measured_on, fitted: None })
}

fn fit(source: &str, FitFile { time_unit, fit, weak }: FitFile) -> Result<Found, String> {
    if !weak.is_empty() {
        return Err(format!(
            "--from {source}: the fit is of weak scaling: no two worker counts ran the same job, so it has no serial \
             fraction of one job. Fit one size on at least 3 worker counts, or give a --serial-fraction."
        ));
    }
    let (Some(curve), Some(model), true) =
        (fit.curve.filter(is_possible), fit.model.clone(), fit.verdict == "accepted")
    else {
        return Err(refused(source, &fit));
    };
    let timed = time_unit == "s";
    let whole = if timed { curve.seconds_at_one } else { 1.0 };
    let serial = curve.serial_fraction * whole;
    let profile = profile(source, ("serial part", serial), ("parallel part", whole - serial))?;
    let fitted = Fitted {
        source: source.to_owned(),
        model,
        curve,
        serial_fraction: fit.serial_fraction,
        fewest_workers: fit.fewest_workers,
        most_workers: fit.most_workers,
    };
    Ok(Found { profile, timed, measured_on: None, fitted: Some(fitted) })
}

/// Whether a curve has times at all.
fn is_possible(curve: &Curve) -> bool {
    let is_share = |value: f64| value.is_finite() && value >= 0.0;
    let knee = curve.knee.is_none_or(|knee| knee.workers >= 1.0 && knee.shape.is_none_or(|shape| shape > 0.0));
    let one = curve.seconds_at_one;
    let costs = is_share(curve.kappa) && is_share(curve.per_doubling);
    one.is_finite() && one > 0.0 && (0.0..=1.0).contains(&curve.serial_fraction) && costs && knee
}

/// Says in words why a fit gives no law.
fn refused(source: &str, Fit { verdict, serial_fraction_upper, estimate, .. }: &Fit) -> String {
    let why = match verdict.as_str() {
        "too-few-points" => "it has too few worker counts",
        "insufficient-range" => "its worker counts do not reach far enough for one serial fraction",
        "superlinear" => "p workers are more than p times faster",
        "non-monotone" => "more workers made the job slower, and no law follows that",
        "poor-fit" => "no law describes its points",
        "invalid-data" => "a time or a worker count in it is no positive number",
        _ => "its law may not be believed",
    };
    let bound = serial_fraction_upper.map_or(String::new(), |upper| {
        let best = estimate.map_or(String::new(), |best| {
            let best = best.serial_fraction;
            format!(" The best estimate is {}: --serial-fraction {best:.2e}.", units::percent(best))
        });
        format!(
            " The serial fraction is at most {0}: --serial-fraction {upper:.2e} shows that end.{best}",
            units::percent(upper)
        )
    });
    format!(
        "--from {source}: the fit was refused ({verdict}): {why}. Measure more worker counts, or give a \
         --serial-fraction.{bound}"
    )
}

impl Fitted {
    /// Returns the speedup by the fitted law.
    pub(super) fn speedup(&self, workers: f64) -> f64 {
        self.curve.speedup(workers)
    }

    /// Returns Amdahl's speedups at both ends of the interval of the serial fraction, the lower first.
    pub(super) fn amdahl(&self, workers: f64) -> Option<(f64, f64)> {
        let Estimate { low, high, .. } = self.serial_fraction?;
        Some((amdahl(high.min(1.0), workers), amdahl(low.max(0.0), workers)))
    }

    /// Says what the law promises where Amdahl's with its serial fraction promises something else.
    pub(super) fn finding(&self, workers: f64) -> Option<String> {
        let [fitted, amdahl] =
            [self.speedup(workers), amdahl(self.curve.serial_fraction, workers)].map(units::hundredths);
        (fitted != amdahl).then(|| {
            let (count, noun) = (words::whole(workers), words::noun(workers));
            format!("by the fitted law {count} {noun} are {fitted} times faster; Amdahl's law alone says {amdahl}")
        })
    }

    /// Says what the law is and how far it is known.
    pub(super) fn words(&self) -> String {
        let law = crate::law::Model::from_name(&self.model).map_or("a law", words::model);
        let range = match (self.fewest_workers, self.most_workers) {
            (Some(fewest), Some(most)) => {
                format!(
                    ", measured on {} to {} workers; beyond them it is a guess",
                    words::whole(fewest),
                    words::whole(most)
                )
            }
            _ => String::new(),
        };
        let interval = self.serial_fraction.map_or(String::new(), |serial| {
            format!(" Its serial fraction is {}; the 95 % column is Amdahl's law at both ends.", words::percent(serial))
        });
        format!("The fitted law of {} is {law}{range}.{interval}", self.source)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close(value: f64, expected: f64) {
        assert!((value - expected).abs() < 1e-12 * expected.abs().max(1.0), "{value} is not {expected}");
    }

    #[test]
    fn a_trace_is_a_profile_on_its_workers() {
        let text = r#"{"schema":"amdahl-trace/1","measured_on":8,"step":{"seconds":0.3,"exposed_seconds":0.06,"x":1}}"#;
        let found = read("t.json", text.as_bytes()).unwrap();
        assert_eq!((found.measured_on, found.timed), (Some(8), true));
        close(found.profile.serial_fraction(), 0.2);
        close(found.profile.measured_on(8.0).unwrap().serial_fraction(), 0.06 / 1.98);
    }

    const FIT: &str = r#"{"schema":"amdahl-fit/2","time_unit":"s","fit":{"verdict":"accepted","model":"usl",
        "serial_fraction":{"value":0.1,"low":0.08,"high":0.12},"serial_fraction_upper":null,"fewest_workers":1.0,
        "most_workers":16.0,"curve":{"seconds_at_one":20.0,"serial_fraction":0.1,"knee":null,"kappa":0.01,
        "per_doubling":0.0}}}"#;

    /// Gunther's law: 1/(0.1 + 0.9/4 + 0.01 x 3) on 4 workers.
    #[test]
    fn a_fit_keeps_its_own_law() {
        let found = read("f.json", FIT.as_bytes()).unwrap();
        let fitted = found.fitted.unwrap();
        close(fitted.speedup(4.0), 1.0 / 0.355);
        let (low, high) = fitted.amdahl(4.0).unwrap();
        close(low, 1.0 / (0.12 + 0.22));
        close(high, 1.0 / (0.08 + 0.23));
        close(found.profile.seconds(1.0), 20.0);
        assert!(fitted.words().contains("the Universal Scalability Law, measured on 1 to 16 workers"));
        let shares = read("f.json", FIT.replace("\"s\"", "\"1/speedup\"").as_bytes()).unwrap();
        assert!(!shares.timed && shares.profile.seconds(1.0) == 1.0);
    }

    #[test]
    fn a_refused_fit_is_refused_in_words() {
        for (verdict, words) in [
            ("too-few-points", "too few worker counts"),
            ("superlinear", "more than p times faster"),
            ("pooled", "may not be believed"),
        ] {
            let fault = read("f.json", FIT.replace("accepted", verdict).as_bytes()).unwrap_err();
            assert!(fault.contains(words) && fault.contains(verdict), "{fault}");
        }
        let best = r#"upper":0.031,"estimate":{"seconds_at_one":1,"serial_fraction":0.01,"kappa":0,"per_doubling":0}"#;
        let wide = FIT.replace("accepted", "insufficient-range").replace("upper\":null", best);
        let fault = read("f.json", wide.as_bytes()).unwrap_err();
        assert!(fault.contains("at most 3.1 %: --serial-fraction 3.10e-2"), "{fault}");
        assert!(fault.contains("best estimate is 1.0 %: --serial-fraction 1.00e-2"), "{fault}");
    }

    #[test]
    fn other_files_are_refused() {
        for (text, words) in [
            ("workers,seconds", "no JSON"),
            ("[]", "does not say what it is"),
            (r#"{"schema":"amdahl-run/2"}"#, "it is amdahl-run/2"),
            (r#"{"schema":"amdahl-fit/2"}"#, "it says amdahl-fit/2, but is none: missing field"),
            (r#"{"schema":"amdahl-trace/1","step":{"seconds":1,"exposed_seconds":2}}"#, "everything else"),
        ] {
            let fault = read("x", text.as_bytes()).unwrap_err();
            assert!(fault.contains(words), "{words}: {fault}");
        }
        for spoiled in ["\"kappa\":-1", "\"kappa\":1e999"] {
            assert!(read("x", FIT.replace("\"kappa\":0.01", spoiled).as_bytes()).is_err());
        }
    }
}
