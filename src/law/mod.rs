//! What the measurements mean: the laws of parallel speedup, fitted. Pure: numbers in, numbers out.

mod costs;
mod crossover;
mod curve;
mod effective;
mod formula;
pub mod hockney;
pub mod joint;
mod least_squares;
pub mod line;
mod model;
mod point;
pub mod predict;
pub mod profile;
mod ratio;
pub mod roofline;
pub mod scaled;
mod search;
pub mod speedup;
mod verdict;

pub use costs::CostsGoodness;
pub use crossover::{Crossover, crossover};
pub use curve::{Curve, Knee};
pub use least_squares::Scale;
pub use model::{MODELS, Model};
pub use point::Point;
pub use ratio::{Comparison, compare, ratio};
pub use verdict::{Judgement, Verdict};
