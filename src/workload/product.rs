//! The two matrix products of the CPU: one plain, to be timed, and one in 64 bits and blocked, to be compared with.

use std::ops::Range;

/// Columns of the right matrix that a block takes, and its rows: 64 x 256 x 8 bytes stay in the second-level cache.
const COLUMNS: usize = 256;
const ROWS: usize = 64;

/// The elements `items` of the product, numbered row by row: for each element of a row of `a`, a multiple of a row of
/// `b` is added. Such loops over neighbours in memory become vector instructions.
pub(super) fn in_32_bits([k, n]: [usize; 2], a: &[f32], b: &[f32], items: Range<usize>, output: &mut [f32]) {
    output.fill(0.0);
    let mut at = items.start;
    while at < items.end {
        let (row, column) = (at / n, at % n);
        let end = items.end.min((row + 1) * n);
        let part = &mut output[at - items.start..end - items.start];
        for (factor, b_row) in a[row * k..(row + 1) * k].iter().zip(b.chunks_exact(n)) {
            for (sum, b) in part.iter_mut().zip(&b_row[column..]) {
                *sum += factor * b;
            }
        }
        at = end;
    }
}

/// The product of an m x k and a k x n matrix in 64 bits.
pub(super) fn in_64_bits([m, k, n]: [usize; 3], a: &[f32], b: &[f32]) -> Vec<f64> {
    let mut product = vec![0.0; m * n];
    let mut block = Vec::with_capacity(ROWS * COLUMNS);
    for column in (0..n).step_by(COLUMNS) {
        let columns = COLUMNS.min(n - column);
        for first in (0..k).step_by(ROWS) {
            let rows = ROWS.min(k - first);
            block.clear();
            for b_row in b[first * n..].chunks_exact(n).take(rows) {
                block.extend(b_row[column..column + columns].iter().map(|&b| f64::from(b)));
            }
            for row in 0..m {
                let part = &mut product[row * n + column..][..columns];
                add_rows(part, &a[row * k + first..][..rows], &block);
            }
        }
    }
    product
}

/// Adds to `sums` the rows of `block`, each times its factor, four at a time: each sum is then loaded and stored once
/// for four products.
fn add_rows(sums: &mut [f64], factors: &[f32], block: &[f64]) {
    let n = sums.len();
    let (fours, rest) = factors.as_chunks::<4>();
    let (whole, remainder) = block.split_at(4 * n * fours.len());
    for (factors, rows) in fours.iter().zip(whole.chunks_exact(4 * n)) {
        let [f0, f1, f2, f3] = factors.map(f64::from);
        let (r0, rows) = rows.split_at(n);
        let (r1, rows) = rows.split_at(n);
        let (r2, r3) = rows.split_at(n);
        for ((((sum, b0), b1), b2), b3) in sums.iter_mut().zip(r0).zip(r1).zip(r2).zip(r3) {
            *sum += (f0 * b0 + f1 * b1) + (f2 * b2 + f3 * b3);
        }
    }
    for (&factor, row) in rest.iter().zip(remainder.chunks_exact(n)) {
        for (sum, b) in sums.iter_mut().zip(row) {
            *sum += f64::from(factor) * b;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// By the definition, one element at a time.
    fn by_definition([m, k, n]: [usize; 3], a: &[f32], b: &[f32]) -> Vec<f64> {
        let element = |i: usize| (0..k).map(|j| f64::from(a[i / n * k + j]) * f64::from(b[j * n + i % n])).sum::<f64>();
        (0..m * n).map(element).collect()
    }

    #[test]
    fn both_products_are_the_definition() {
        for sides @ [m, k, n] in [[1, 1, 1], [2, 3, 1], [1, 7, 5], [17, 66, 33], [3, 130, 515], [64, 64, 256]] {
            let a = super::super::random::signed(1, 0, (m * k) as u64, 64, 64);
            let b = super::super::random::signed(1, 1, (k * n) as u64, 64, 64);
            let expected = by_definition(sides, &a, &b);
            assert_eq!(in_64_bits(sides, &a, &b), expected, "{sides:?}");
            let mut output = vec![f32::NAN; m * n];
            in_32_bits([k, n], &a, &b, 0..m * n, &mut output);
            assert!(output.iter().zip(&expected).all(|(&o, &e)| f64::from(o) == e), "{sides:?}");
        }
    }
}
