//! 16-bit floats as in a device's memory: two in each 32-bit word that is transferred.

use half::f16;

/// Returns the number of words for this many numbers. The last one may be half empty.
pub(super) fn words(numbers: u64) -> u64 {
    numbers.div_ceil(2)
}

/// Rounds numbers to 16 bits, and packs them.
pub(super) fn packed(numbers: &[f32]) -> Vec<f32> {
    let bits = |number: Option<&f32>| u32::from(f16::from_f32(number.copied().unwrap_or(0.0)).to_bits());
    numbers.chunks(2).map(|pair| f32::from_bits(bits(pair.first()) | bits(pair.get(1)) << 16)).collect()
}

/// Unpacks this many numbers.
pub(super) fn unpacked(words: &[f32], numbers: usize) -> Vec<f32> {
    let pair = |word: &f32| [word.to_bits() as u16, (word.to_bits() >> 16) as u16];
    words.iter().flat_map(pair).take(numbers).map(|bits| f16::from_bits(bits).to_f32()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_number_is_the_low_half_of_the_first_word() {
        let words = packed(&[1.0, -2.0, 0.5]);
        assert_eq!(words.iter().map(|word| word.to_bits()).collect::<Vec<_>>(), [0xc000_3c00, 0x0000_3800]);
        assert_eq!(words.len() as u64, super::words(3));
        assert_eq!(unpacked(&words, 3), [1.0, -2.0, 0.5]);
    }

    #[test]
    fn numbers_are_rounded_to_11_bits() {
        assert_eq!(unpacked(&packed(&[1.0 + 1.0 / 1024.0, 1.0 + 1.0 / 4096.0]), 2), [1.0 + 1.0 / 1024.0, 1.0]);
    }
}
