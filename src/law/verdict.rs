//! Whether the data support a fit, in one word. The [`Reason`](super::Reason) with its numbers is saved beside it.

use serde::Serialize;

/// The answer to "may this fit be believed?".
#[derive(Serialize, Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// The law describes the data and its parameters are determined.
    Accepted,
    /// An input is not a positive, finite number; nothing was fitted.
    InvalidData,
    /// Too few distinct worker counts (or sizes); nothing was fitted.
    TooFewPoints,
    /// The data do not reach far enough: the parameter has a bound, but no value.
    InsufficientRange,
    /// More than `p` times faster on `p` workers: no law of this family allows that.
    Superlinear,
    /// The time rises and falls with more workers, and no curve of the family fits.
    NonMonotone,
    /// The law does not describe these data.
    PoorFit,
}

impl Verdict {
    /// Returns the name used in records and reports, for example `insufficient-range`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Accepted => "accepted",
            Self::InvalidData => "invalid-data",
            Self::TooFewPoints => "too-few-points",
            Self::InsufficientRange => "insufficient-range",
            Self::Superlinear => "superlinear",
            Self::NonMonotone => "non-monotone",
            Self::PoorFit => "poor-fit",
        }
    }

    /// Returns whether the values may be quoted.
    pub fn is_accepted(self) -> bool {
        self == Self::Accepted
    }
}

impl std::fmt::Display for Verdict {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_verdict_is_saved_under_its_name() {
        for verdict in [
            Verdict::Accepted,
            Verdict::InvalidData,
            Verdict::TooFewPoints,
            Verdict::InsufficientRange,
            Verdict::Superlinear,
            Verdict::NonMonotone,
            Verdict::PoorFit,
        ] {
            let saved = serde_json::to_string(&verdict).unwrap();
            assert_eq!(saved, format!("\"{}\"", verdict.name()));
        }
    }
}
