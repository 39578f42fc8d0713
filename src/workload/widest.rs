//! Two ways for a CPU thread to process its elements: with its widest vector unit, chosen at run time, or one at a
//! time.

use std::hint::black_box;
use std::ops::Range;

use multiversion::multiversion;
use multiversion::target::match_target;

/// Loops for the vector unit. Large closures cannot replace it: they are compiled separately, without the vector unit.
pub(super) trait Work {
    /// The result.
    type Output;

    /// Does the work. This function and all functions called in its loops must be marked `#[inline(always)]`. Loops
    /// count indices: iterators that cut slices (`chunks_exact`, `zip`) or map arrays may be compiled apart, as calls.
    ///
    /// FUSED says whether the unit multiplies and adds in one instruction. If not, a fused multiply-add would call a
    /// library function, a hundred times slower than two instructions.
    fn work<const FUSED: bool>(self) -> Self::Output;
}

/// Does the work with the widest vector unit of this processor. The loops are compiled once per generation of vector
/// units (on x86-64 for SSE2, AVX2 and AVX-512). The program chooses one at run time. It takes AVX-512 only where this
/// lowers no clock.
#[multiversion(targets("x86_64+avx512f+avx512bw+avx512dq+avx512vl+fma", "x86_64+avx2+fma"))]
pub(super) fn widest<W: Work>(work: W) -> W::Output {
    match_target! {
        "x86_64+fma" => work.work::<true>(),
        "aarch64+neon" => work.work::<true>(),
        _ => work.work::<false>(),
    }
}

/// Returns `x a + b`, computed in one instruction or in two.
#[inline(always)]
pub(super) fn multiply_add<const FUSED: bool>(x: f32, a: f32, b: f32) -> f32 {
    if FUSED { x.mul_add(a, b) } else { x * a + b }
}

/// Returns the indices 0, 1, … below `length`, for a loop that must not be vectorised. The compiler does not know that
/// the step is one, so it cannot join neighbours into a vector. The step stays in a register, so it costs no memory
/// access and no call.
#[inline(always)]
pub(super) fn one_at_a_time(length: usize) -> OneAtATime {
    OneAtATime { left: 0..length, step: black_box(1) }
}

/// See [`one_at_a_time`].
pub(super) struct OneAtATime {
    left: Range<usize>,
    step: usize,
}

impl Iterator for OneAtATime {
    type Item = usize;

    #[inline(always)]
    fn next(&mut self) -> Option<usize> {
        let Range { start, end } = self.left;
        if start >= end {
            return None;
        }
        self.left.start = start.wrapping_add(self.step);
        Some(start)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_index_comes_once() {
        assert_eq!(one_at_a_time(5).collect::<Vec<_>>(), [0, 1, 2, 3, 4]);
        assert_eq!(one_at_a_time(0).count(), 0);
    }

    #[test]
    fn fused_or_not_small_whole_numbers_are_exact() {
        assert_eq!(multiply_add::<true>(3.0, 5.0, 7.0), 22.0);
        assert_eq!(multiply_add::<false>(3.0, 5.0, 7.0), 22.0);
    }
}
