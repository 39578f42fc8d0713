//! Writes numbers with a unit that suits their size.

use super::number::{round, significant, with_unit};
use super::{ABSENT, DIGITS};

/// A unit, with its size in base units.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Scale {
    pub(super) factor: f64,
    pub(super) name: &'static str,
}

const fn scale(factor: f64, name: &'static str) -> Scale {
    Scale { factor, name }
}

pub(super) const SECONDS: [Scale; 5] =
    [scale(1e-12, "ps"), scale(1e-9, "ns"), scale(1e-6, "µs"), scale(1e-3, "ms"), scale(1.0, "s")];

pub(super) const BANDWIDTHS: [Scale; 5] =
    [scale(1.0, "B/s"), scale(1e3, "kB/s"), scale(1e6, "MB/s"), scale(1e9, "GB/s"), scale(1e12, "TB/s")];

pub(super) const FLOP_RATES: [Scale; 5] =
    [scale(1.0, "FLOP/s"), scale(1e3, "kFLOP/s"), scale(1e6, "MFLOP/s"), scale(1e9, "GFLOP/s"), scale(1e12, "TFLOP/s")];

const FREQUENCIES: [Scale; 4] = [scale(1.0, "Hz"), scale(1e3, "kHz"), scale(1e6, "MHz"), scale(1e9, "GHz")];

const FLOP: [Scale; 5] =
    [scale(1.0, "flop"), scale(1e3, "kflop"), scale(1e6, "Mflop"), scale(1e9, "Gflop"), scale(1e12, "Tflop")];

/// Writes a time given in seconds: `5.50 µs`, `212 ms`.
pub fn seconds(seconds: f64) -> String {
    scaled(seconds, &SECONDS)
}

/// Writes a rate given in bytes per second, in decimal units like those of memory makers: `12.3 GB/s`.
pub fn bandwidth(bytes_per_second: f64) -> String {
    scaled(bytes_per_second, &BANDWIDTHS)
}

/// Writes a number of multiplications and additions: `2.10 Mflop`.
pub fn flop(flop: f64) -> String {
    scaled(flop, &FLOP)
}

/// Writes a rate given in multiplications and additions per second: `1.20 GFLOP/s`.
pub fn flop_rate(flop_per_second: f64) -> String {
    scaled(flop_per_second, &FLOP_RATES)
}

/// Writes a number of integer operations: `2.10 Mop`.
pub fn operations(operations: f64) -> String {
    flop(operations).replace("flop", "op")
}

/// Writes a rate given in integer operations per second: `1.20 GOP/s`.
pub fn operation_rate(operations_per_second: f64) -> String {
    flop_rate(operations_per_second).replace("FLOP", "OP")
}

/// Writes a clock given in hertz: `3.40 GHz`.
pub fn frequency(hertz: f64) -> String {
    scaled(hertz, &FREQUENCIES)
}

/// Writes a size given in bytes, in binary units: `4 MiB`, `1.5 KiB`, `96 B`.
pub fn bytes(bytes: f64) -> String {
    const NAMES: [&str; 6] = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"];
    if !bytes.is_finite() {
        return ABSENT.to_owned();
    }
    let (mut value, mut name) = (bytes, 0);
    // Up to 1023 all four digits are kept, so that 1023 KiB is not written as 1020 KiB.
    let rounded = |value: f64| if value.abs() >= 100.0 { value.round() } else { round(value, DIGITS) };
    while rounded(value).abs() >= 1024.0 && name + 1 < NAMES.len() {
        value /= 1024.0;
        name += 1;
    }
    let digits = if value.abs() >= 1000.0 { 4 } else { DIGITS };
    let text = significant(value, digits);
    let text = if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.') } else { &text };
    format!("{text} {}", NAMES[name])
}

/// Writes a number in the largest unit that leaves at least one digit before the point.
fn scaled(value: f64, scales: &[Scale]) -> String {
    let scale = best_scale(value, scales);
    with_unit(significant(value / scale.factor, DIGITS), scale.name)
}

/// Returns the largest unit that leaves at least one digit before the point after rounding; the base unit for zero.
pub(super) fn best_scale(value: f64, scales: &[Scale]) -> Scale {
    let base = scales.iter().find(|scale| scale.factor == 1.0).unwrap_or(&scales[0]);
    if value == 0.0 {
        return *base;
    }
    // 999.7 µs rounds to 1.00 ms, so the rounding comes first.
    let fits = |scale: &&Scale| round(value / scale.factor, DIGITS).abs() >= 1.0;
    *scales.iter().rev().find(fits).unwrap_or(&scales[0])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_choose_their_unit() {
        let cases = [
            (5.5e-6, "5.50 µs"),
            (0.212, "212 ms"),
            (1.0, "1.00 s"),
            (4.2e-10, "420 ps"),
            (4.2e-13, "0.420 ps"),
            (83e-9, "83.0 ns"),
            (61.44, "61.4 s"),
            (7266.0, "7,270 s"),
            (0.0, "0 s"),
            (-1.5e-6, "-1.50 µs"),
        ];
        for (value, text) in cases {
            assert_eq!(seconds(value), text);
        }
    }

    #[test]
    fn rounding_never_leaves_a_thousand_of_a_unit() {
        assert_eq!(seconds(0.999_4e-3), "999 µs");
        assert_eq!(seconds(0.999_6e-3), "1.00 ms");
        assert_eq!(seconds(0.999_6), "1.00 s");
        assert_eq!(seconds(0.999_4), "999 ms");
        assert_eq!(seconds(9.994e-6), "9.99 µs");
        assert_eq!(seconds(9.996e-6), "10.0 µs");
        assert_eq!(bandwidth(999.7e6), "1.00 GB/s");
    }

    #[test]
    fn bytes_are_binary_and_exact_where_they_can_be() {
        let cases = [
            (0.0, "0 B"),
            (96.0, "96 B"),
            (1023.0, "1,023 B"),
            (1024.0, "1 KiB"),
            (1536.0, "1.5 KiB"),
            (1023.9 * 1024.0, "1 MiB"),
            (4.0 * 1024.0 * 1024.0, "4 MiB"),
            (123.4 * 1024.0, "123 KiB"),
            (100.0 * 1024.0, "100 KiB"),
            (1.234e9, "1.15 GiB"),
        ];
        for (value, text) in cases {
            assert_eq!(bytes(value), text);
        }
    }

    #[test]
    fn rates_are_decimal() {
        assert_eq!(bandwidth(12.34e9), "12.3 GB/s");
        assert_eq!(bandwidth(1.5e12), "1.50 TB/s");
        assert_eq!(bandwidth(0.25), "0.250 B/s");
        assert_eq!(flop_rate(1.2e9), "1.20 GFLOP/s");
        assert_eq!((frequency(3.4e9), frequency(8e8)), ("3.40 GHz".to_owned(), "800 MHz".to_owned()));
        assert_eq!(flop_rate(0.0), "0 FLOP/s");
        assert_eq!(flop(33_554_432.0), "33.6 Mflop");
    }
}
