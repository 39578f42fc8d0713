//! How the size of a job changes with its workers.

use serde::Serialize;

/// How far sizes may lie from a power of the workers: sizes are rounded to what divides evenly.
const NEAR: f64 = 0.10;

/// How a size follows the workers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Growth {
    /// In proportion.
    Proportional,
    /// In proportion, and what each worker has is stated.
    SameForEach,
    /// As the root of the workers: the side of a square.
    SquareRoot,
    /// As their cube root: the side of a cube.
    CubeRoot,
    /// In proportion, as a word of the file says; no size is stated.
    Said,
    /// In inverse proportion: what each worker has of one job.
    Shares,
    /// In another way.
    Other,
}

impl Growth {
    /// Whether each worker has as much to do on any count.
    pub(super) fn is_weak(self) -> bool {
        !matches!(self, Self::Shares | Self::Other)
    }

    fn power(self) -> f64 {
        match self {
            Self::Proportional | Self::SameForEach | Self::Said => 1.0,
            Self::SquareRoot => 0.5,
            Self::CubeRoot => 1.0 / 3.0,
            Self::Shares => -1.0,
            Self::Other => 0.0,
        }
    }
}

/// How sizes follow workers, by pairs of both; `None` if the size is the same everywhere, or one count has several.
pub(super) fn growth(points: &[(f64, f64)]) -> Option<Growth> {
    let mut points = points.to_vec();
    points.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1)));
    points.dedup();
    let is_function = points.windows(2).all(|pair| pair[0].0 < pair[1].0);
    let first = *points.first()?;
    if !is_function || points.iter().all(|point| point.1 == first.1) {
        return None;
    }
    let follows = |growth: &Growth| {
        points.iter().all(|(workers, size)| {
            let expected = first.1 * (workers / first.0).powf(growth.power());
            (size / expected).ln().abs() <= NEAR
        })
    };
    let all = [Growth::Proportional, Growth::SquareRoot, Growth::CubeRoot, Growth::Shares];
    // A size that hardly changes is near every power.
    let changes = points.iter().any(|point| (point.1 / first.1).ln().abs() > 2.0 * NEAR);
    Some(all.into_iter().find(|growth| changes && follows(growth)).unwrap_or(Growth::Other))
}
