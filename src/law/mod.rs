//! What the measurements mean: the laws of parallel speedup, fitted. Pure: numbers in, numbers out.
//!
//! | question | law | here |
//! |---|---|---|
//! | how far can more workers speed this up? | Amdahl 1967, Gunther's USL, saturation | [`speedup`] |
//! | how much more work fits in the same time? | Gustafson 1988 | [`scaled`], [`joint`] |
//! | what does one launch cost? | a line | [`mod@line`], [`launch`] |
//! | one job cut into K launches: what is lost? | launch cost as Amdahl's serial part | [`split`] |
//! | what does moving data cost? | Hockney 1982 | [`hockney`] |
//! | from which size does the GPU pay? | | [`crossover()`] |
//! | which of two is faster? | | [`ratio()`], [`compare`] |
//! | what do branches inside a subgroup cost? | a price for each path that meets others | [`divergence`] |
//! | memory-bound or compute-bound? | roofline, Williams 2009 | [`roofline`] |
//! | what would the laws predict? | Amdahl, Gustafson | [`predict`], [`profile`] |
//!
//! Times are in seconds. No result holds NaN or infinity: what is not known is `None`, with a reason beside it.

mod costs;
mod crossover;
mod curve;
pub mod divergence;
mod effective;
mod errors;
mod formula;
pub mod hockney;
pub mod joint;
pub mod launch;
mod least_squares;
pub mod line;
mod model;
mod non_negative;
mod point;
pub mod predict;
pub mod profile;
mod ratio;
pub mod roofline;
pub mod scaled;
mod search;
pub mod speedup;
pub mod split;
mod verdict;
pub mod waves;
pub mod what_if;
mod words;

pub use costs::CostsGoodness;
pub use crossover::{Crossover, crossover};
pub use curve::{Curve, Knee};
pub use least_squares::Scale;
pub use model::{MODELS, Model};
pub use point::Point;
pub use ratio::{Comparison, INDIFFERENT, compare, ratio};
pub use verdict::{Judgement, Verdict};
