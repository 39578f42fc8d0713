//! The points of one fit: checked, sorted, and stored as columns.

use crate::law::errors::{Given, squared};
use crate::law::times::Times;
use crate::law::{Point, Reason};

/// Checked points in ascending order of workers. Points measured once have the error of one repetition, if repeated
/// points show it.
#[derive(Debug, Clone)]
pub(crate) struct Data {
    pub(crate) points: Vec<Point>,
    pub(crate) workers: Vec<f64>,
    pub(crate) ones: Vec<f64>,
    /// Times of the points, with their errors.
    pub(crate) times: Times,
    /// Number of distinct worker counts.
    pub(crate) distinct: usize,
}

impl Data {
    /// Checks and sorts points.
    ///
    /// # Errors
    ///
    /// Returns the fault of the first bad point.
    pub(crate) fn new(points: &[Point]) -> Result<Self, Reason> {
        if let Some(fault) = points.iter().find_map(Point::fault) {
            return Err(fault);
        }
        let mut points = points.to_vec();
        points.sort_by(|a, b| a.workers.total_cmp(&b.workers));
        let workers: Vec<f64> = points.iter().map(|p| p.workers).collect();
        let given: Vec<Given> = points.iter().map(|p| Given { log_se: p.log_se, repetitions: p.repetitions }).collect();
        for (point, square) in points.iter_mut().zip(squared(&given)) {
            point.log_se = square.sqrt();
        }
        let steps = workers.windows(2).filter(|w| w[1] > w[0]).count();
        Ok(Self {
            times: Times::counted(points.iter().map(|p| p.seconds).collect(), &given),
            ones: vec![1.0; points.len()],
            distinct: steps + usize::from(!points.is_empty()),
            workers,
            points,
        })
    }

    /// Returns the number of points.
    pub(crate) fn len(&self) -> usize {
        self.points.len()
    }

    /// Returns the smallest and the largest worker count.
    pub(crate) fn range(&self) -> Option<(f64, f64)> {
        Some((*self.workers.first()?, *self.workers.last()?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_are_sorted_and_counted() {
        let data = Data::new(&[Point::new(4.0, 1.0), Point::new(1.0, 3.0), Point::new(4.0, 1.1)]).unwrap();
        assert_eq!(data.workers, [1.0, 4.0, 4.0]);
        assert_eq!((data.len(), data.distinct), (3, 2));
        assert!(Data::new(&[Point::new(1.0, -1.0)]).is_err());
        assert_eq!(Data::new(&[]).unwrap().distinct, 0);
    }
}
