//! Random inputs: reproducible, with a separate stream per input. They have few bits, so that their sums stay exact.

use rand::rngs::ChaCha8Rng;
use rand::{Rng, SeedableRng};

/// Bytes drawn from the generator at once: enough for its vector code, and few enough for the first-level cache.
const CHUNK: usize = 8192;

/// Returns uniform random multiples of 2^-23 in [-1, 1), which 32-bit floats hold exactly.
pub(super) fn uniform(seed: u64, stream: u64, length: u64) -> Vec<f32> {
    draw(seed, stream, length, |bytes: &[u8; 4]| {
        let steps = (u32::from_le_bytes(*bytes) >> 8).cast_signed() - (1 << 23);
        steps as f32 / (1 << 23) as f32
    })
}

/// Returns ±1, ±2, … ±`most` with equal probability, divided by `unit`. `most` is a power of two up to 128. Zero is
/// excluded, so a sum of products shows a missing element.
pub(super) fn signed(seed: u64, stream: u64, length: u64, most: u8, unit: u8) -> Vec<f32> {
    draw(seed, stream, length, |&[byte]: &[u8; 1]| {
        let size = f32::from(byte % most + 1) / f32::from(unit);
        if byte < 128 { size } else { -size }
    })
}

fn draw<const N: usize>(seed: u64, stream: u64, length: u64, value: impl Fn(&[u8; N]) -> f32) -> Vec<f32> {
    let mut generator = ChaCha8Rng::seed_from_u64(seed);
    generator.set_stream(stream);
    let length = usize::try_from(length).unwrap_or(usize::MAX);
    let mut values = Vec::with_capacity(length);
    let mut bytes = [0; CHUNK];
    while values.len() < length {
        generator.fill_bytes(&mut bytes);
        let (elements, _) = bytes.as_chunks::<N>();
        values.extend(elements.iter().take(length - values.len()).map(&value));
    }
    values
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn streams_and_seeds_differ_and_repeat() {
        let first = uniform(1, 0, 5000);
        assert_eq!(first, uniform(1, 0, 5000));
        assert_eq!(first[..100], uniform(1, 0, 100), "a shorter input is the beginning of a longer one");
        assert_ne!(first, uniform(1, 1, 5000));
        assert_ne!(first, uniform(2, 0, 5000));
    }

    #[test]
    fn uniform_fills_its_range_in_whole_steps() {
        let values = uniform(7, 0, 100_000);
        assert!(values.iter().all(|x| (-1.0..1.0).contains(x) && (x * 8_388_608.0).fract() == 0.0));
        let mean = values.iter().map(|&x| f64::from(x)).sum::<f64>() / 1e5;
        assert!(mean.abs() < 5.0 * (1.0 / 3.0 / 1e5_f64).sqrt(), "mean {mean}");
    }

    #[test]
    fn signed_draws_each_value_and_never_zero() {
        let values = signed(7, 0, 100_000, 4, 1);
        for expected in [-4.0, -3.0, -2.0, -1.0, 1.0, 2.0, 3.0, 4.0] {
            let share = values.iter().filter(|&&x| x == expected).count();
            assert!((12_000..13_000).contains(&share), "{expected}: {share} of 100000");
        }
        assert!(values.iter().all(|&x| x != 0.0 && x.abs() <= 4.0));
    }
}
