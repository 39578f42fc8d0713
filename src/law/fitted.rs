//! A law fitted to points, or the reason why it was refused.

use serde::{Serialize, Serializer};

use super::reason::Reason;
use super::times::CostsGoodness;
use super::verdict::Verdict;

/// The parameters of a law.
pub trait Parameters: Serialize {
    /// Names under which the parameters are saved. In a fit without parameters each of them is null.
    const NAMES: &'static [&'static str];
}

/// A fit of the law `T`: its parameters, the verdict, and the reason for the verdict.
#[derive(Serialize, Debug, Clone, PartialEq)]
#[serde(bound(serialize = "T: Parameters"))]
pub struct Fitted<T> {
    /// Whether the fit may be believed.
    pub verdict: Verdict,
    /// Reason for the verdict, with its numbers.
    pub reason: Reason,
    /// The parameters; `None` if none may be quoted.
    #[serde(flatten, serialize_with = "law_or_nulls")]
    pub law: Option<T>,
    /// Goodness of fit; `None` if nothing was fitted.
    pub goodness: Option<CostsGoodness>,
    /// Smallest x that was fitted.
    pub from: Option<f64>,
    /// Largest x that was fitted.
    pub to: Option<f64>,
}

impl<T> Fitted<T> {
    /// Returns a refused fit: no parameters and no goodness.
    pub(crate) fn refused(reason: Reason) -> Self {
        Self { verdict: reason.verdict(), reason, law: None, goodness: None, from: None, to: None }
    }

    /// Returns a fit over the given x.
    pub(crate) fn new(law: Option<T>, reason: Reason, goodness: CostsGoodness, x: &[f64]) -> Self {
        let (from, to) = ends(x);
        let fitted = Self::refused(reason);
        Self { law, goodness: Some(goodness), from: Some(from), to: Some(to), ..fitted }
    }
}

/// Writes the parameters, or null for each of them.
#[expect(clippy::ref_option, reason = "serde hands over the field as it is")]
fn law_or_nulls<T: Parameters, S: Serializer>(law: &Option<T>, serializer: S) -> Result<S::Ok, S::Error> {
    match law {
        Some(law) => law.serialize(serializer),
        None => serializer.collect_map(T::NAMES.iter().map(|name| (name, ()))),
    }
}

/// Returns the smallest and the largest x.
pub(crate) fn ends(x: &[f64]) -> (f64, f64) {
    x.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), &x| (low.min(x), high.max(x)))
}

/// Returns the different values in ascending order.
pub(crate) fn distinct(values: impl IntoIterator<Item = f64>) -> Vec<f64> {
    let mut values: Vec<f64> = values.into_iter().collect();
    values.sort_by(f64::total_cmp);
    values.dedup();
    values
}

#[cfg(test)]
mod tests {
    use crate::law::{divergence, hockney, joint, line, roofline};

    /// A refused fit has the same fields as an accepted one.
    #[test]
    fn parameters_of_a_refused_fit_are_null() {
        let refused = [
            serde_json::to_value(line::fit(&[])),
            serde_json::to_value(hockney::fit(&[])),
            serde_json::to_value(joint::fit(&[])),
            serde_json::to_value(divergence::fit(&[])),
            serde_json::to_value(roofline::fit(&[])),
        ];
        let fields = ["intercept", "latency", "fixed_seconds", "one_path", "bandwidth"];
        for (fit, field) in refused.into_iter().zip(fields) {
            let fit = fit.unwrap();
            assert_eq!((&fit["verdict"], fit.get(field)), (&"too-few-points".into(), Some(&serde_json::Value::Null)));
        }
    }
}
