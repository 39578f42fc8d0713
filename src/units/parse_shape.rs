//! Reads shapes of matrix products.

use super::parse::{ParseError, error};
use super::parse_count::parse_count;

const SHAPE_FORMS: &str = "write MxKxN, such as 64x784x128 for 64 x 784 times 784 x 128";

/// Reads a list of matrix product shapes (m, k, n): `64x784x128,2^10x2^10x2^10`. Their order is kept.
///
/// # Errors
///
/// Fails for an empty list, for anything but three sides, for zero, and for anything that [`parse_count`] refuses.
pub fn parse_shapes(text: &str) -> Result<Vec<[u64; 3]>, ParseError> {
    text.split(',').map(|item| shape(item.trim())).collect()
}

fn shape(text: &str) -> Result<[u64; 3], ParseError> {
    let sides: Vec<&str> = text.split(['x', 'X', '×']).collect();
    let Ok([m, k, n]) = <[&str; 3]>::try_from(sides) else {
        return error(format!("`{text}` is no shape of a matrix product: {SHAPE_FORMS}"));
    };
    let sides = [parse_count(m)?, parse_count(k)?, parse_count(n)?];
    if sides.contains(&0) {
        return error(format!("`{text}` has a side of zero: {SHAPE_FORMS}"));
    }
    Ok(sides)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shapes_in_their_forms() {
        assert_eq!(parse_shapes("64x784x128").unwrap(), [[64, 784, 128]]);
        assert_eq!(parse_shapes("2^3 x 1k x 5, 1X2×3").unwrap(), [[8, 1024, 5], [1, 2, 3]]);
    }

    #[test]
    fn shapes_that_are_none_say_why() {
        let cases = [
            ("", "no shape"),
            ("64", "no shape"),
            ("64x784", "no shape"),
            ("1x2x3x4", "no shape"),
            ("1x2x3,", "no shape"),
            ("0x2x3", "a side of zero"),
            ("1xx3", "missing"),
            ("1x-2x3", "negative"),
            ("1x2^60x3", "too large"),
        ];
        for (text, words) in cases {
            let message = parse_shapes(text).unwrap_err().to_string();
            assert!(message.contains(words), "{text}: {message}");
        }
    }
}
