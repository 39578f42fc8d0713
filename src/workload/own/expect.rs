//! Reads the values that a user's kernel should compute.

/// Reads numbers, separated by commas, semicolons or white space.
///
/// # Errors
///
/// Names the first word that is not a number, and its line.
pub fn expected(text: &str) -> Result<Vec<f64>, String> {
    let mut values = Vec::new();
    for (line, number) in text.lines().zip(1..) {
        for word in line.split([',', ';', ' ', '\t']).filter(|word| !word.is_empty()) {
            let value = word.parse::<f64>().ok().filter(|value| value.is_finite());
            let fault = || {
                format!("line {number}: {word:?} is not a number; give one value a line, or separate them by commas")
            };
            values.push(value.ok_or_else(fault)?);
        }
    }
    Ok(values)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_in_their_order() {
        assert_eq!(expected("1\n-2.5e3, 3;4\r\n\n 5\t6 "), Ok(vec![1.0, -2500.0, 3.0, 4.0, 5.0, 6.0]));
        let fault = expected("1\nx").unwrap_err();
        assert!(fault.contains("line 2: \"x\""), "{fault}");
        assert!(expected("nan").is_err());
    }
}
