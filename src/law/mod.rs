//! The laws of parallel speedup, fitted. Numbers go in; numbers and enums come out. `page/` turns reasons into
//! sentences.
//!
//! | question | law | here |
//! |---|---|---|
//! | how far can more workers speed this up? | Amdahl 1967, Gunther's USL, saturation | [`speedup`] |
//! | how much more work fits in the same time? | Gustafson 1988 | [`joint`], [`speedup::gustafson`] |
//! | what does one launch cost? | a line | [`mod@line`] |
//! | what does cutting a job into K launches cost? | launch cost as Amdahl's serial part | [`split`] |
//! | what does moving data cost? | Hockney 1982 | [`hockney`] |
//! | from which size is the GPU faster? | | [`crossover()`] |
//! | which of two is faster? | | [`ratio()`], [`compare`] |
//! | what do branches inside a subgroup cost? | a cost for each extra path | [`divergence`] |
//! | which of two runs is faster? | | [`between`], [`spread`] |
//! | how large is the cache? | two rates with an edge | [`cache`] |
//! | memory-bound or compute-bound? | roofline, Williams 2009 | [`roofline`] |
//! | what would the laws predict? | Amdahl, Gustafson | [`predict`], [`profile`] |
//! | what may any schedule reach? | work and span, Brent 1974 | [`WorkSpan`] |
//!
//! Times are in seconds. No result holds NaN or infinity: an unknown number is `None`, and a [`Reason`] explains it.
//! Every law except the speedup family returns a [`Fitted`].

pub mod between;
pub mod cache;
mod costs;
mod crossover;
mod curve;
pub mod divergence;
mod errors;
mod fitted;
mod formula;
pub mod hockney;
pub mod joint;
mod least_squares;
pub mod line;
mod model;
mod non_negative;
mod point;
pub mod predict;
pub mod profile;
mod ratio;
mod reason;
mod residuals;
pub mod roofline;
mod search;
pub mod speedup;
pub mod split;
pub mod spread;
mod times;
mod verdict;
pub mod waves;
pub mod what_if;
mod work_span;

pub use crossover::{Crossover, crossover};
pub use curve::{Curve, Knee};
pub use fitted::{Fitted, Parameters};
pub use least_squares::Scale;
pub use model::{MODELS, Model};
pub use point::Point;
pub use ratio::{Comparison, INDIFFERENT, compare, ratio};
pub use reason::{Axis, Law, Reason, Residuals};
pub use times::CostsGoodness;
pub use verdict::Verdict;
pub use work_span::WorkSpan;
