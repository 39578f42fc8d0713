//! Why a fit is accepted or refused: one variant for each reason, with its numbers. The page turns them into sentences.

use serde::Serialize;

use super::model::Model;
use super::verdict::Verdict;

/// The law that a reason is about.
#[derive(Serialize, Debug, Clone, Copy, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
pub enum Law {
    /// [`mod@super::line`].
    Line,
    /// [`super::hockney`].
    Hockney,
    /// [`super::joint`].
    Joint,
    /// [`super::divergence`].
    Divergence,
    /// [`super::roofline`].
    Roofline,
    /// The family of [`super::speedup`], if no model was chosen.
    Speedup,
    /// One model of that family.
    #[serde(untagged)]
    Model(Model),
}

/// The axis that residuals of the joint law go with.
#[derive(Serialize, Debug, Clone, Copy, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
pub enum Axis {
    /// Workers.
    Workers,
    /// Problem size.
    Size,
}

/// Where the law is too slow along an axis.
#[derive(Serialize, Debug, Clone, Copy, PartialEq)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Residuals {
    /// The measured times rise above the law along the axis.
    Rising,
    /// They fall below it.
    Falling,
    /// They leave it most at this place, by this residual.
    Uneven {
        /// Worker count or size.
        at: f64,
        /// Mean residual there: positive where the measured times are longer.
        residual: f64,
    },
}

/// The reason for a verdict. Times are in seconds; residuals are differences of natural logarithms.
#[derive(Serialize, Debug, Clone, PartialEq)]
#[serde(tag = "kind", rename_all = "kebab-case")]
#[expect(missing_docs, reason = "the fields are the numbers that the variant's line names")]
pub enum Reason {
    // Every law
    /// The law describes the points with this residual standard deviation.
    Describes { law: Law, residual_sd: f64 },
    /// The points miss the law by this residual standard deviation.
    OffLaw { law: Law, residual_sd: f64 },
    /// The law has no finite fit to the points.
    NoFit { law: Law },
    /// A time is not positive.
    BadTime { seconds: f64 },
    /// A worker count is below 1 or not finite.
    BadWorkers { workers: f64 },

    // Straight lines
    /// A position is negative or not finite.
    BadPosition { position: f64 },
    /// The line has too few different positions.
    FewPositions { found: usize, needed: usize },
    /// The time hardly grows with the size, so there is no rate.
    NoRate,

    // Joint law of size and workers
    /// One of these numbers is not positive.
    BadJointPoint { size: f64, workers: f64, seconds: f64 },
    /// The joint law has too few points, sizes or worker counts.
    FewJointPoints { points: usize, sizes: usize, workers: usize, needed: usize },
    /// The residuals go with an axis, however small they are.
    Structured { residual_sd: f64, axis: Axis, pattern: Residuals },
    /// Size and workers vary together, so the fixed and the parallel part look the same.
    Inseparable,
    /// The hardware is full at the second worker count or before, so a serial part and full hardware look the same.
    NoCountBelowKnee { first: f64, second: f64 },

    // Branch divergence
    /// Too few kernels for the cost of a path.
    FewKernels { found: usize, needed: usize },

    // Roofline
    /// A kernel computes nothing or moves nothing.
    NoIntensity,
    /// Too few different intensities for the memory and compute limits.
    FewIntensities { found: usize, needed: usize },
    /// The rate grows up to the largest intensity, in flop per byte: only the memory limit is seen.
    MemoryRoofOnly { up_to: f64 },
    /// The rate is constant from the smallest intensity, in flop per byte: only the compute limit is seen.
    ComputeRoofOnly { from: f64 },
    /// Noise hides the ridge.
    NoRidge,

    // Speedup
    /// The time on this number of workers is not positive.
    BadTimeOn { workers: f64, seconds: f64 },
    /// The error of the time on this number of workers is negative or not finite.
    BadErrorOn { workers: f64, error: f64 },
    /// The fit has too few different worker counts.
    FewWorkerCounts { found: usize, needed: usize },
    /// `to` workers are `factor` times as efficient as `from`. `z` is the difference divided by its standard error;
    /// `None` if the points have no scatter.
    MoreThanLinear { from: f64, to: f64, factor: f64, z: Option<f64> },
    /// `to` workers are `factor` times faster than the times up to `from` workers and more sharing allow.
    FallsTooFar { from: f64, to: f64, factor: f64, z: Option<f64> },
    /// The fewest workers do `factor` times the work of each in a larger team, which has a law of its own.
    FirstOff { workers: f64, factor: f64 },
    /// The time rises by `factor` between two worker counts, and the curve does not fit for the reason `poor`.
    Rises { from: f64, to: f64, factor: f64, z: Option<f64>, poor: Box<Reason> },
    /// The points miss the curve by more than their own errors: F and its probability.
    OffCurve { residual_sd: f64, f: f64, p: f64 },
    /// The points miss the curve in long runs on one side, and their own errors are unknown.
    OffCurveInRuns { residual_sd: f64, runs: usize },
    /// The points miss the curve by much more than they miss their neighbours, and their own errors are unknown.
    OffCurveUnlikeNeighbours { residual_sd: f64, neighbours: f64 },
    /// The points miss the curve by more than a limit, and their own errors are unknown.
    OffCurveByFar { residual_sd: f64, limit: f64 },
    /// The user chose a model without a serial part.
    ForcedWithoutSerialPart { model: Model },
    /// The interval of the serial fraction, from points up to `workers` workers, is too wide for a value.
    WideRange { workers: f64, low: f64, high: f64 },
    /// Points up to `workers` workers do not rule out a job without a serial part.
    MayHaveNoSerialPart { workers: f64 },

    // Predictions from given numbers
    /// The time of a part is negative or not finite.
    BadPart { name: String, seconds: f64 },
    /// The parts of a profile take no time.
    NoTime,
    /// The serial fraction is outside 0 ..= 1.
    BadSerialFraction { serial_fraction: f64 },
}

impl Reason {
    /// Returns the worker counts of a fit that it names.
    pub(crate) fn workers_mut(&mut self) -> Vec<&mut f64> {
        match self {
            Self::MoreThanLinear { from, to, .. } | Self::FallsTooFar { from, to, .. } => vec![from, to],
            Self::Rises { from, to, poor, .. } => [from, to].into_iter().chain(poor.workers_mut()).collect(),
            Self::BadWorkers { workers }
            | Self::BadTimeOn { workers, .. }
            | Self::BadErrorOn { workers, .. }
            | Self::FirstOff { workers, .. }
            | Self::WideRange { workers, .. }
            | Self::MayHaveNoSerialPart { workers } => vec![workers],
            _ => Vec::new(),
        }
    }

    /// Returns the verdict for this reason.
    pub fn verdict(&self) -> Verdict {
        match self {
            Self::Describes { .. } => Verdict::Accepted,
            Self::BadTime { .. }
            | Self::BadWorkers { .. }
            | Self::BadPosition { .. }
            | Self::BadJointPoint { .. }
            | Self::NoIntensity
            | Self::BadTimeOn { .. }
            | Self::BadErrorOn { .. }
            | Self::BadPart { .. }
            | Self::NoTime
            | Self::BadSerialFraction { .. } => Verdict::InvalidData,
            Self::FewPositions { .. }
            | Self::FewJointPoints { .. }
            | Self::FewKernels { .. }
            | Self::FewIntensities { .. }
            | Self::FewWorkerCounts { .. } => Verdict::TooFewPoints,
            Self::NoRate
            | Self::Inseparable
            | Self::NoCountBelowKnee { .. }
            | Self::MemoryRoofOnly { .. }
            | Self::ComputeRoofOnly { .. }
            | Self::NoRidge
            | Self::ForcedWithoutSerialPart { .. }
            | Self::WideRange { .. }
            | Self::MayHaveNoSerialPart { .. } => Verdict::InsufficientRange,
            Self::MoreThanLinear { .. } | Self::FallsTooFar { .. } => Verdict::Superlinear,
            Self::Rises { .. } => Verdict::NonMonotone,
            Self::OffLaw { .. }
            | Self::NoFit { .. }
            | Self::FirstOff { .. }
            | Self::Structured { .. }
            | Self::OffCurve { .. }
            | Self::OffCurveInRuns { .. }
            | Self::OffCurveUnlikeNeighbours { .. }
            | Self::OffCurveByFar { .. } => Verdict::PoorFit,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_is_saved_under_its_name_with_its_numbers() {
        let model = Reason::Describes { law: Law::Model(Model::AmdahlSaturation), residual_sd: 0.5 };
        let saved = serde_json::to_string(&model).unwrap();
        assert_eq!(saved, r#"{"kind":"describes","law":"amdahl-saturation","residual_sd":0.5}"#);
        let poor = Box::new(Reason::OffLaw { law: Law::Line, residual_sd: 0.5 });
        let rises = Reason::Rises { from: 1.0, to: 2.0, factor: 1.5, z: None, poor };
        let saved = serde_json::to_string(&rises).unwrap();
        assert!(saved.contains(r#""poor":{"kind":"off-law","law":"line","#), "{saved}");
    }
}
