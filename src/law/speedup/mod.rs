//! The speedup of a job of fixed size: one model family, fitted on the logarithm, with honest intervals.
//!
//! [`fit`] does everything: it checks the points, tests them for shapes that no law of the family has, fits every
//! model that they allow, chooses the simplest that describes them, takes profile-likelihood intervals, and says in a
//! [`Verdict`](super::Verdict) whether the numbers may be quoted.

mod choose;
mod data;
mod family;
mod fit;
mod goodness;
mod interval;
mod knee;
mod result;
mod shape;

pub use super::formula::{amdahl, ceiling, efficiency, gustafson, karp_flatt, share_of_ceiling, workers_at_share};
pub use choose::{Candidate, DELTA_AICC};
pub(crate) use data::student_quantile;
pub use fit::{Options, fit, fit_with};
pub use goodness::Goodness;
pub use result::SpeedupFit;
