//! Random inputs from SplitMix64, which a user can make again in a few lines of any language.

use super::layout::{Kind, Layout};

/// Largest absolute value of a signed integer.
const LARGEST: u32 = 1000;

/// Returns the words of an input array: floats in [-1, 1), unsigned integers below n (so that they may be indices), and
/// signed integers from -1,000 to 1,000. Words between the values are 0.
pub(super) fn random(seed: u64, stream: u64, n: u64, length: u64, layout: &Layout) -> Vec<f32> {
    let below = u32::try_from(n.max(1)).unwrap_or(u32::MAX);
    let kinds = layout.kinds();
    let word = |index: u64| {
        let drawn = draw(seed.wrapping_add(stream << 32), index);
        match kinds[(index % layout.words) as usize] {
            Some(Kind::F32) => ((drawn >> 8).cast_signed() - (1 << 23)) as f32 / (1 << 23) as f32,
            Some(Kind::U32) => f32::from_bits(drawn % below),
            Some(Kind::I32) => f32::from_bits((drawn % (2 * LARGEST + 1)).wrapping_sub(LARGEST)),
            None => 0.0,
        }
    };
    (0..length).map(word).collect()
}

/// Returns the upper half of a SplitMix64 output, counted from 0 (G. L. Steele, D. Lea & C. H. Flood 2014).
fn draw(start: u64, index: u64) -> u32 {
    let z = start.wrapping_add((index + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15));
    let z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    ((z ^ (z >> 31)) >> 32) as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_numbers_are_those_of_splitmix64() {
        // The first outputs for the seed 1234567, as published with the algorithm.
        let published: [u64; 2] = [6_457_827_717_110_365_317, 3_203_168_211_198_807_973];
        assert_eq!([draw(1_234_567, 0), draw(1_234_567, 1)], published.map(|one| (one >> 32) as u32));
    }

    #[test]
    fn each_kind_has_its_range() {
        let of = |kind| random(1, 0, 100, 10_000, &Layout { words: 1, leaves: vec![(0, kind)] });
        assert!(of(Kind::F32).iter().all(|x| (-1.0..1.0).contains(x)));
        assert!(of(Kind::U32).iter().all(|x| x.to_bits() < 100));
        assert!(of(Kind::I32).iter().all(|x| x.to_bits().cast_signed().abs() <= 1000));
        assert!(of(Kind::I32).iter().any(|x| x.to_bits().cast_signed() < 0));
        let padded = random(1, 0, 100, 8, &Layout { words: 4, leaves: vec![(0, Kind::F32), (1, Kind::F32)] });
        assert_eq!([padded[2], padded[3], padded[6], padded[7]], [0.0; 4]);
    }
}
