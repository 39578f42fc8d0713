//! Converts numbers with units to text, and text to numbers. No other file does this.
//!
//! Numbers have three significant digits; shares and ratios below one have two. A value that is not finite is written
//! as [`ABSENT`], and the reason for its absence is nearby.

mod decimal;
mod fixed;
mod interval;
mod number;
mod parse;
mod parse_count;
mod parse_shape;
mod scale;
mod time_unit;

pub use decimal::Decimal;
pub use fixed::{hundredths, share};
pub use interval::{bandwidth_interval, flop_rate_interval, percent_interval, ratio_interval, seconds_interval};
pub use number::{count, percent, plain, ratio, rounded, size, times, whole_percent};
pub use parse::{ParseError, parse_duration};
pub use parse_count::{parse_count, parse_counts};
pub use parse_shape::parse_shapes;
pub use scale::{bandwidth, bytes, flop, flop_rate, frequency, operation_rate, operations, seconds};
pub use time_unit::TimeUnit;

/// Text for an absent value.
pub const ABSENT: &str = "–";

/// Significant digits of a measured number.
const DIGITS: i32 = 3;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_finite_is_absent() {
        for value in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
            for text in [seconds(value), bytes(value), bandwidth(value), flop_rate(value), ratio(value), times(value)] {
                assert_eq!(text, ABSENT);
            }
            assert_eq!(percent(value), ABSENT);
        }
    }
}
