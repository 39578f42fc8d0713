//! Linear least squares with non-negative coefficients, for a few columns.
//!
//! The solver tries every set of columns that may be positive and keeps the best feasible one: at most 15 small
//! Cholesky factorisations. C. L. Lawson & R. J. Hanson, "Solving Least Squares Problems", 1974, chapter 23, reach the
//! same solution one set at a time.

/// Most columns of a law.
pub(crate) const MAX_COLUMNS: usize = 4;

/// A pivot below this share of a unit column means that the columns are linearly dependent.
const SINGULAR: f64 = 1e-13;

/// Normal equations of a linear least squares problem, filled row by row.
pub(crate) struct Normal {
    columns: usize,
    matrix: [[f64; MAX_COLUMNS]; MAX_COLUMNS],
    right: [f64; MAX_COLUMNS],
}

impl Normal {
    pub(crate) fn new(columns: usize) -> Self {
        Self { columns, matrix: [[0.0; MAX_COLUMNS]; MAX_COLUMNS], right: [0.0; MAX_COLUMNS] }
    }

    pub(crate) fn add(&mut self, row: &[f64; MAX_COLUMNS], target: f64, weight: f64) {
        for j in 0..self.columns {
            self.right[j] += weight * row[j] * target;
            for k in 0..=j {
                self.matrix[j][k] += weight * row[j] * row[k];
            }
        }
    }

    /// Returns the non-negative solution. It tries every set of positive columns; the gain of a set is `rᵀc`.
    pub(crate) fn solve(&self) -> Option<[f64; MAX_COLUMNS]> {
        // If a known part explains everything, all coefficients are zero.
        let mut best: Option<(f64, [f64; MAX_COLUMNS])> = Some((0.0, [0.0; MAX_COLUMNS]));
        for set in 1_usize..(1 << self.columns) {
            let Some(c) = self.solve_set(set) else {
                continue;
            };
            let gain: f64 = c.iter().zip(&self.right).map(|(c, r)| c * r).sum();
            if c.iter().all(|&c| c >= 0.0) && best.is_none_or(|(g, _)| gain > g) {
                best = Some((gain, c));
            }
        }
        best.map(|(_, c)| c)
    }

    /// Solves for the chosen columns by Cholesky, scaled to unit length. Returns `None` if they are linearly dependent.
    fn solve_set(&self, set: usize) -> Option<[f64; MAX_COLUMNS]> {
        let mut chosen = [0_usize; MAX_COLUMNS];
        let mut m = 0;
        for j in (0..self.columns).filter(|j| set & (1 << j) != 0) {
            chosen[m] = j;
            m += 1;
        }
        let chosen = &chosen[..m];
        let mut length = [0.0; MAX_COLUMNS];
        for (a, &j) in chosen.iter().enumerate() {
            length[a] = self.matrix[j][j].sqrt();
            if !(length[a].is_finite() && length[a] > 0.0) {
                return None;
            }
        }
        let mut lower = [[0.0; MAX_COLUMNS]; MAX_COLUMNS];
        let mut y = [0.0; MAX_COLUMNS];
        for a in 0..m {
            for b in 0..=a {
                let known: f64 = (0..b).map(|k| lower[a][k] * lower[b][k]).sum();
                let entry = self.matrix[chosen[a]][chosen[b]] / (length[a] * length[b]) - known;
                if a == b {
                    if entry < SINGULAR {
                        return None;
                    }
                    lower[a][a] = entry.sqrt();
                } else {
                    lower[a][b] = entry / lower[b][b];
                }
            }
            let known: f64 = (0..a).map(|k| lower[a][k] * y[k]).sum();
            y[a] = (self.right[chosen[a]] / length[a] - known) / lower[a][a];
        }
        let mut solution = [0.0; MAX_COLUMNS];
        for a in (0..m).rev() {
            let known: f64 = (a + 1..m).map(|k| lower[k][a] * solution[chosen[k]] * length[k]).sum();
            solution[chosen[a]] = (y[a] - known) / lower[a][a] / length[a];
        }
        Some(solution)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn solve(rows: &[([f64; 2], f64)]) -> [f64; MAX_COLUMNS] {
        let mut normal = Normal::new(2);
        for (row, target) in rows {
            normal.add(&[row[0], row[1], 0.0, 0.0], *target, 1.0);
        }
        normal.solve().unwrap()
    }

    #[test]
    fn an_inner_solution_is_the_ordinary_one() {
        let c = solve(&[([1.0, 0.0], 2.0), ([1.0, 1.0], 5.0), ([1.0, 2.0], 8.0)]);
        assert!((c[0] - 2.0).abs() < 1e-12 && (c[1] - 3.0).abs() < 1e-12);
    }

    /// The line through (0, −1), (1, 1), (2, 3) has intercept −1. With the intercept held at zero, the slope is (1 +
    /// 6)/5.
    #[test]
    fn a_negative_coefficient_is_zero_and_the_rest_fitted_again() {
        let c = solve(&[([1.0, 0.0], -1.0), ([1.0, 1.0], 1.0), ([1.0, 2.0], 3.0)]);
        assert_eq!(c[0], 0.0);
        assert!((c[1] - 1.4).abs() < 1e-12);
    }

    #[test]
    fn equal_columns_do_not_divide_by_zero() {
        let c = solve(&[([1.0, 1.0], 2.0), ([2.0, 2.0], 4.0)]);
        assert!((c[0] + c[1] - 2.0).abs() < 1e-12);
    }
}
