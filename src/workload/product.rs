//! Shared code of the matrix workloads: their sides, and matrix products on the CPU. Two products are timed, a plain
//! one and one by a library. A 64-bit one in blocks is the reference. A layer of a neural network is such a product
//! with a bias and a ReLU.

use std::ops::Range;

use ndarray::linalg::general_mat_mul;
use ndarray::{ArrayView2, ArrayViewMut2, ShapeError};

use super::foreign;
use super::widest::{Work, multiply_add, one_at_a_time, widest};
use crate::record::Problem;

/// Columns and rows of a block of the right matrix: 64 x 256 x 8 bytes fit into the second-level cache.
const COLUMNS: usize = 256;
const ROWS: usize = 64;

/// A matrix product on the CPU, such as [`in_32_bits`].
pub(super) type Product = fn([usize; 2], &[f32], &[f32], Range<usize>, &mut [f32]);

/// Returns m, k and n of a matrix product.
pub(super) fn sides(workload: &str, problem: Problem) -> [u64; 3] {
    match problem {
        Problem::Matrix { m, k, n } => [m, k, n],
        other => foreign(workload, other),
    }
}

/// Returns the sides for indices of slices.
#[inline(always)]
pub(super) fn lengths([m, k, n]: [u64; 3]) -> [usize; 3] {
    [m as usize, k as usize, n as usize]
}

/// Fewest whole rows for the library. It first rearranges the right matrix, which takes longer than it saves for fewer
/// rows.
const FEW_ROWS: usize = 4;

/// Fewest rows that a thread takes at a time. The library's work on the right matrix is short compared with these.
pub(super) const ROWS_AT_A_TIME: u64 = 256;

/// Computes the range `elements` of the product, numbered row by row, with the vector unit. The library computes whole
/// rows. Parts of rows are sums of rows of `b`.
pub(super) fn in_32_bits([k, n]: [usize; 2], a: &[f32], b: &[f32], elements: Range<usize>, output: &mut [f32]) {
    let whole = elements.start.div_ceil(n)..elements.end / n;
    if whole.len() < FEW_ROWS {
        return row_by_row([k, n], a, b, elements, output);
    }
    let (before, rest) = output.split_at_mut(whole.start * n - elements.start);
    let (rows, after) = rest.split_at_mut(whole.len() * n);
    row_by_row([k, n], a, b, elements.start..whole.start * n, before);
    by_library([k, n], &a[whole.start * k..whole.end * k], b, rows).expect("slices of whole rows");
    row_by_row([k, n], a, b, whole.end * n..elements.end, after);
}

/// Computes whole rows with the `matrixmultiply` library, which keeps blocks in the caches and in registers.
fn by_library([k, n]: [usize; 2], a: &[f32], b: &[f32], output: &mut [f32]) -> Result<(), ShapeError> {
    let rows = output.len() / n;
    let a = ArrayView2::from_shape((rows, k), a)?;
    let b = ArrayView2::from_shape((k, n), &b[..k * n])?;
    let mut product = ArrayViewMut2::from_shape((rows, n), output)?;
    general_mat_mul(1.0, &a, &b, 0.0, &mut product);
    Ok(())
}

fn row_by_row(sides: [usize; 2], a: &[f32], b: &[f32], elements: Range<usize>, output: &mut [f32]) {
    widest(Rows { sides, a, b, elements, output });
}

/// Elements of a product, computed row by row.
struct Rows<'a> {
    sides: [usize; 2],
    a: &'a [f32],
    b: &'a [f32],
    elements: Range<usize>,
    output: &'a mut [f32],
}

impl Work for Rows<'_> {
    type Output = ();

    #[inline(always)]
    fn work<const FUSED: bool>(self) {
        add_multiples::<AtOnce<FUSED>>(self.sides, self.a, self.b, self.elements, self.output);
    }
}

/// Computes the same elements as [`in_32_bits`], one at a time.
pub(super) fn scalar(sides: [usize; 2], a: &[f32], b: &[f32], elements: Range<usize>, output: &mut [f32]) {
    add_multiples::<OneByOne>(sides, a, b, elements, output);
}

/// A way through the elements of a row. A trait, because a function as an argument may be called where it should be
/// compiled into the loop.
trait Way {
    /// Adds to each sum the elements below it, each times the factor of its row. A row starts `stride` after the one
    /// before.
    fn add_rows(sums: &mut [f32], factors: &[f32], rows: &[f32], stride: usize);

    /// Returns the indices below `length`.
    fn indices(length: usize) -> impl Iterator<Item = usize>;
}

/// With the vector unit, which multiplies and adds in one instruction if `FUSED`.
struct AtOnce<const FUSED: bool>;

impl<const FUSED: bool> Way for AtOnce<FUSED> {
    /// Adds four rows at a time, so each sum is loaded and stored once for four products.
    #[inline(always)]
    fn add_rows(sums: &mut [f32], factors: &[f32], rows: &[f32], stride: usize) {
        let length = sums.len();
        let (fours, rest) = factors.as_chunks::<4>();
        for (four, factors) in fours.iter().enumerate() {
            let first = 4 * four * stride;
            let r0 = &rows[first..][..length];
            let r1 = &rows[first + stride..][..length];
            let r2 = &rows[first + 2 * stride..][..length];
            let r3 = &rows[first + 3 * stride..][..length];
            for i in 0..length {
                let sum = multiply_add::<FUSED>(factors[0], r0[i], sums[i]);
                let sum = multiply_add::<FUSED>(factors[1], r1[i], sum);
                let sum = multiply_add::<FUSED>(factors[2], r2[i], sum);
                sums[i] = multiply_add::<FUSED>(factors[3], r3[i], sum);
            }
        }
        for (row, &factor) in rest.iter().enumerate() {
            let row = &rows[(4 * fours.len() + row) * stride..][..length];
            for i in 0..length {
                sums[i] = multiply_add::<FUSED>(factor, row[i], sums[i]);
            }
        }
    }

    #[inline(always)]
    fn indices(length: usize) -> impl Iterator<Item = usize> {
        0..length
    }
}

/// One element at a time: see [`one_at_a_time`].
struct OneByOne;

impl Way for OneByOne {
    #[inline(always)]
    fn add_rows(sums: &mut [f32], factors: &[f32], rows: &[f32], stride: usize) {
        for (row, &factor) in factors.iter().enumerate() {
            let row = &rows[row * stride..][..sums.len()];
            for i in Self::indices(sums.len()) {
                sums[i] += factor * row[i];
            }
        }
    }

    #[inline(always)]
    fn indices(length: usize) -> impl Iterator<Item = usize> {
        one_at_a_time(length)
    }
}

/// For each element of a row of `a`, adds a multiple of a row of `b`. This order accesses neighbouring elements in
/// memory.
#[inline(always)]
fn add_multiples<W: Way>([k, n]: [usize; 2], a: &[f32], b: &[f32], elements: Range<usize>, output: &mut [f32]) {
    output.fill(0.0);
    let mut at = elements.start;
    while at < elements.end {
        let (row, column) = (at / n, at % n);
        let end = elements.end.min((row + 1) * n);
        let part = &mut output[at - elements.start..end - elements.start];
        W::add_rows(part, &a[row * k..(row + 1) * k], &b[column..], n);
        at = end;
    }
}

/// Adds the biases to a layer's output, and sets negative sums to zero. The output begins with element `first`; a row
/// has as many elements as `bias`.
pub(super) fn bias_and_relu(bias: &[f32], first: usize, output: &mut [f32]) {
    widest(Layer { bias, first, output });
}

/// The end of a layer: biases and ReLU.
struct Layer<'a> {
    bias: &'a [f32],
    first: usize,
    output: &'a mut [f32],
}

impl Work for Layer<'_> {
    type Output = ();

    #[inline(always)]
    fn work<const FUSED: bool>(self) {
        each_with_bias::<AtOnce<FUSED>>(self.bias, self.first, self.output);
    }
}

/// Works like [`bias_and_relu`], one element at a time.
pub(super) fn bias_and_relu_scalar(bias: &[f32], first: usize, output: &mut [f32]) {
    each_with_bias::<OneByOne>(bias, first, output);
}

/// Works like [`bias_and_relu`], in 64 bits and on whole rows.
pub(super) fn bias_and_relu_in_64_bits(bias: &[f32], output: &mut [f64]) {
    for row in output.chunks_mut(bias.len()) {
        row.iter_mut().zip(bias).for_each(|(value, &bias)| *value = (*value + f64::from(bias)).max(0.0));
    }
}

#[inline(always)]
fn each_with_bias<W: Way>(bias: &[f32], first: usize, output: &mut [f32]) {
    let begun = (bias.len() - first % bias.len()) % bias.len();
    let (head, rows) = output.split_at_mut(begun.min(output.len()));
    let column = first % bias.len();
    end_row::<W>(head, &bias[column..(column + head.len()).min(bias.len())]);
    for row in rows.chunks_mut(bias.len()) {
        let length = row.len();
        end_row::<W>(row, &bias[..length]);
    }
}

/// Adds the biases, and sets negative sums to zero.
#[inline(always)]
fn end_row<W: Way>(row: &mut [f32], bias: &[f32]) {
    let bias = &bias[..row.len()];
    for i in W::indices(row.len()) {
        row[i] = relu(row[i] + bias[i]);
    }
}

/// Returns the value, or 0 if it is negative. This is one instruction; `max` would need more to treat NaN.
#[inline(always)]
fn relu(value: f32) -> f32 {
    if value > 0.0 { value } else { 0.0 }
}

/// Computes the product of an m x k and a k x n matrix in 64 bits.
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

/// Adds the rows of `block`, each times its factor, to `sums`. It processes four rows at a time, so each sum is loaded
/// and stored once for four products.
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

    /// Computes a product by its definition, one element at a time.
    fn by_definition([m, k, n]: [usize; 3], a: &[f32], b: &[f32]) -> Vec<f64> {
        let element = |i: usize| (0..k).map(|j| f64::from(a[i / n * k + j]) * f64::from(b[j * n + i % n])).sum::<f64>();
        (0..m * n).map(element).collect()
    }

    #[test]
    fn every_product_is_the_definition() {
        for sides @ [m, k, n] in [[1, 1, 1], [2, 3, 1], [1, 7, 5], [17, 66, 33], [3, 130, 515], [64, 64, 256]] {
            let a = super::super::random::signed(1, 0, (m * k) as u64, 64, 64);
            let b = super::super::random::signed(1, 1, (k * n) as u64, 64, 64);
            let expected = by_definition(sides, &a, &b);
            assert_eq!(in_64_bits(sides, &a, &b), expected, "{sides:?}");
            for elements in [0..m * n, m * n / 3..m * n, 0..m * n * 2 / 3 + 1] {
                for product in [in_32_bits, scalar] {
                    let mut output = vec![f32::NAN; elements.len()];
                    product([k, n], &a, &b, elements.clone(), &mut output);
                    let expected = &expected[elements.clone()];
                    assert!(output.iter().zip(expected).all(|(&o, &e)| f64::from(o) == e), "{sides:?}");
                }
            }
        }
    }

    #[test]
    fn a_bias_belongs_to_its_column_wherever_the_output_begins() {
        let bias = [1.0, -20.0, 3.0];
        let values = [10.0_f32, 10.0, -10.0, 0.5, 30.0, 2.0, 10.0];
        let mut expected = values.map(f64::from).to_vec();
        bias_and_relu_in_64_bits(&bias, &mut expected);
        assert_eq!(expected, [11.0, 0.0, 0.0, 1.5, 10.0, 5.0, 11.0]);
        for first in 0..values.len() {
            for layer in [bias_and_relu, bias_and_relu_scalar] {
                let mut output = values[first..].to_vec();
                layer(&bias, first, &mut output);
                assert!(output.iter().zip(&expected[first..]).all(|(&o, &e)| f64::from(o) == e), "from {first}");
            }
        }
    }
}
