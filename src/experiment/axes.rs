//! The options that set what varies.

use crate::record::WorkersAre;

/// An axis that the user can set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Axis {
    /// `--sizes`.
    Sizes,
    /// `--shape`.
    Shape,
    /// `--workers`, and `--workers-are`.
    Workers,
    /// `--workgroup-sizes`.
    WorkgroupSizes,
    /// `--launches`.
    Launches,
}

/// Values that the user asked for; `None` leaves the choice to the experiment.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Axes {
    /// Problem sizes.
    pub sizes: Option<Vec<u64>>,
    /// m, k and n of matrix products, instead of sizes.
    pub shapes: Option<Vec<[u64; 3]>>,
    /// Worker counts.
    pub workers: Option<Vec<u64>>,
    /// Workgroup sizes.
    pub workgroup_sizes: Option<Vec<u64>>,
    /// Launches that one job is cut into.
    pub launches: Option<Vec<u64>>,
    /// What a worker is.
    pub workers_are: WorkersAre,
}
