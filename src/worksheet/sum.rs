//! Sums by hand. The formula, the numbers put in and the result all come from one expression, so they cannot disagree.
//!
//! Every number is rounded before it is used, as the sheet shows it: so a pocket calculator gets the same result.

use std::ops::{Add, Div, Mul, Sub};

use crate::units::{self, TimeUnit};

/// Makes up for the last binary digit: by hand, 0.8955 is rounded to 0.896.
const HALF_UP: f64 = 1.0 + 1e-12;

/// A number with the name that formulas have for it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Number {
    pub(super) name: String,
    /// Its value, rounded to what is shown; times in seconds.
    pub(super) value: f64,
    /// As it is shown, with its unit.
    pub(super) shown: String,
}

/// What a number counts.
#[derive(Debug, Clone, Copy)]
pub(super) enum Unit {
    /// Times, in one unit for the whole exercise.
    Time(TimeUnit),
    /// Things, which are not rounded.
    Count,
    /// Anything without a unit.
    Plain,
}

impl Number {
    pub(super) fn new(name: &str, value: f64, unit: Unit) -> Self {
        let (value, shown) = match unit {
            Unit::Time(unit) => (unit.rounded(value), unit.write(value)),
            Unit::Count => (value.round(), units::count(value.max(0.0).round() as u64)),
            Unit::Plain => (units::rounded(value), units::plain(value)),
        };
        Self { name: name.to_owned(), value, shown }
    }

    /// Returns a count of things.
    pub(super) fn count(name: &str, count: u64) -> Self {
        Self::new(name, count as f64, Unit::Count)
    }

    /// Returns the same number under another name.
    pub(super) fn named(&self, name: &str) -> Self {
        Self { name: name.to_owned(), ..self.clone() }
    }

    /// Returns the same number without a name: formulas show its value.
    pub(super) fn unnamed(&self) -> Self {
        self.named(&self.shown)
    }
}

/// An expression.
#[derive(Debug, Clone)]
pub(super) enum Sum {
    Number(Number),
    Of(Box<Sum>, Sign, Box<Sum>),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sign {
    Plus,
    Minus,
    Times,
    Over,
}

impl Sign {
    fn written(self) -> &'static str {
        match self {
            Self::Plus => " + ",
            Self::Minus => " - ",
            Self::Times => " x ",
            Self::Over => "/",
        }
    }

    fn binds(self) -> u8 {
        if matches!(self, Self::Plus | Self::Minus) { 1 } else { 2 }
    }
}

impl Sum {
    fn value(&self) -> f64 {
        match self {
            Self::Number(number) => number.value,
            Self::Of(left, sign, right) => {
                let (left, right) = (left.value(), right.value());
                match sign {
                    Sign::Plus => left + right,
                    Sign::Minus => left - right,
                    Sign::Times => left * right,
                    Sign::Over => left / right,
                }
            }
        }
    }

    /// Writes the expression with each number as `show` shows it.
    fn write(&self, show: &impl Fn(&Number) -> String) -> String {
        match self {
            Self::Number(number) => show(number),
            Self::Of(left, sign, right) => {
                // What stands behind a minus or a fraction line needs brackets even if it binds as strongly.
                let inside = |part: &Self, is_right: bool| match part {
                    Self::Of(_, inner, _)
                        if inner.binds() < sign.binds()
                            || is_right && inner.binds() == sign.binds() && *sign != Sign::Plus =>
                    {
                        format!("({})", part.write(show))
                    }
                    Self::Number(number) if is_right && *sign == Sign::Over && show(number).contains(" x ") => {
                        format!("({})", show(number))
                    }
                    _ => part.write(show),
                };
                format!("{}{}{}", inside(left, false), sign.written(), inside(right, true))
            }
        }
    }

    /// Returns the sum of some numbers.
    pub(super) fn of_all(numbers: &[Number]) -> Self {
        let mut sums = numbers.iter().map(|number| Self::from(&number.unnamed()));
        let first = sums.next().unwrap_or_else(|| 0.into());
        sums.fold(first, |sum, next| sum + next)
    }
}

impl From<&Number> for Sum {
    fn from(number: &Number) -> Self {
        Self::Number(number.clone())
    }
}

impl From<u32> for Sum {
    fn from(number: u32) -> Self {
        Self::Number(Number::count(&number.to_string(), number.into()))
    }
}

macro_rules! operator {
    ($operator:ident, $function:ident, $sign:ident) => {
        impl<T: Into<Sum>> $operator<T> for Sum {
            type Output = Self;

            fn $function(self, other: T) -> Self {
                Self::Of(Box::new(self), Sign::$sign, Box::new(other.into()))
            }
        }

        impl<T: Into<Sum>> $operator<T> for &Number {
            type Output = Sum;

            fn $function(self, other: T) -> Sum {
                Sum::Of(Box::new(self.into()), Sign::$sign, Box::new(other.into()))
            }
        }
    };
}

operator!(Add, add, Plus);
operator!(Sub, sub, Minus);
operator!(Mul, mul, Times);
operator!(Div, div, Over);

/// The steps of an answer.
#[derive(Debug, Default)]
pub(super) struct Working {
    pub(super) lines: Vec<String>,
}

impl Working {
    /// Works a sum out, writes it down, and returns its result under a name.
    pub(super) fn step(&mut self, name: &str, sum: impl Into<Sum>, unit: Unit) -> Number {
        let sum = sum.into();
        let result = Number::new(name, sum.value() * HALF_UP, unit);
        let (formula, put_in) = (sum.write(&|number| number.name.clone()), sum.write(&|number| number.shown.clone()));
        let mut parts = vec![name];
        if name != formula {
            parts.push(&formula);
        }
        if put_in != formula {
            parts.push(&put_in);
        }
        if result.shown != put_in {
            parts.push(&result.shown);
        }
        self.lines.push(parts.join(" = "));
        result
    }
}

impl Working {
    /// Writes down the root of a number: the second, the third, or a higher one.
    pub(super) fn root(&mut self, name: &str, number: &Number, power: u32) -> Number {
        let result = Number::new(name, number.value.powf(1.0 / f64::from(power)), Unit::Plain);
        self.lines.push(format!("{name} = {}^(1/{power}) = {}", number.shown, result.shown));
        result
    }
}

/// Amdahl's law: `1/(s + (1 - s)/p)`.
pub(super) fn amdahl(serial: &Number, workers: &Number) -> Sum {
    Sum::from(1) / (serial + (Sum::from(1) - serial) / workers)
}

/// Gustafson's law: `p - s x (p - 1)`.
pub(super) fn gustafson(serial: &Number, workers: &Number) -> Sum {
    workers - serial * (workers - 1)
}

/// Karp and Flatt's serial fraction, which one speedup alone implies: `(1/S - 1/p)/(1 - 1/p)`.
pub(super) fn karp_flatt(speedup: &Number, workers: &Number) -> Sum {
    let inverse = || Sum::from(1) / workers;
    (Sum::from(1) / speedup - inverse()) / (Sum::from(1) - inverse())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::law::speedup;

    #[test]
    fn a_step_shows_formula_numbers_and_result() {
        let mut working = Working::default();
        let s = Number::new("s", 0.006_294, Unit::Plain);
        let p = Number::count("p", 1024);
        let by_amdahl = working.step("A", amdahl(&s, &p), Unit::Plain);
        let by_gustafson = working.step("G", gustafson(&s, &p), Unit::Plain);
        assert_eq!(
            working.lines,
            [
                "A = 1/(s + (1 - s)/p) = 1/(0.00629 + (1 - 0.00629)/1,024) = 138",
                "G = p - s x (p - 1) = 1,024 - 0.00629 x (1,024 - 1) = 1,020",
            ]
        );
        assert_eq!(by_amdahl.value, units::rounded(speedup::amdahl(0.00629, 1024.0)));
        assert_eq!(by_gustafson.value, units::rounded(speedup::gustafson(0.00629, 1024.0)));
    }

    #[test]
    fn brackets_stand_only_where_they_are_needed() {
        let [a, b, c] = ["a", "b", "c"].map(|name| Number::count(name, 1));
        let written = |sum: &Sum| sum.write(&|number| number.name.clone());
        assert_eq!(written(&(&a - (&b - &c))), "a - (b - c)");
        assert_eq!(written(&(&a / (&b * &c))), "a/(b x c)");
        assert_eq!(written(&(&a + (&b + &c))), "a + b + c");
        assert_eq!(written(&(&a * &b / &c)), "a x b/c");
        assert_eq!(written(&((&a + &b) * &c)), "(a + b) x c");
    }

    #[test]
    fn a_power_of_ten_below_the_line_has_brackets() {
        let mut working = Working::default();
        working.step("1/s", Sum::from(1) / &Number::new("s", 2e-8, Unit::Plain), Unit::Plain);
        assert_eq!(working.lines, ["1/s = 1/(2.00 x 10^-8) = 50,000,000"]);
    }

    #[test]
    fn half_of_a_digit_is_rounded_up_as_by_hand() {
        let unit = Unit::Time(TimeUnit::of([1e-3]));
        let mut working = Working::default();
        working.step("t", Sum::from(9) * &Number::new("c", 0.0995e-3, unit), unit);
        assert_eq!(working.lines, ["t = 9 x c = 9 x 0.0995 ms = 0.896 ms"]);
    }

    #[test]
    fn times_are_added_in_one_unit_as_they_are_shown() {
        let unit = Unit::Time(TimeUnit::of([9.4641e-6, 30.8e-3]));
        let parts = [9.4641e-6, 99.94e-6].map(|seconds| Number::new("part", seconds, unit));
        let mut working = Working::default();
        let sum = working.step("M", Sum::of_all(&parts), unit);
        assert_eq!(working.lines, ["M = 9.46 µs + 99.9 µs = 109 µs"]);
        assert!((sum.value / 109e-6 - 1.0).abs() < 1e-12, "{}", sum.value);
    }
}
