//! One unit for all times of a sum, so that nobody has to convert.

use super::number::{plain, rounded};
use super::scale::{SECONDS, Scale, best_scale};

/// A unit of time.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TimeUnit(Scale);

impl TimeUnit {
    /// Returns the unit between the shortest and the longest of some times, in seconds. Times that are zero or less do
    /// not count.
    pub fn of(seconds: impl IntoIterator<Item = f64>) -> Self {
        let times = seconds.into_iter().filter(|time| *time > 0.0);
        let (least, most) =
            times.fold((f64::INFINITY, 0.0_f64), |(least, most), time| (least.min(time), most.max(time)));
        let between = if most > 0.0 { (least * most).sqrt() } else { 1.0 };
        Self(best_scale(between, &SECONDS))
    }

    /// Returns its name: `µs`.
    pub fn name(self) -> &'static str {
        self.0.name
    }

    /// Writes a time with its unit: `31,000 µs`.
    pub fn write(self, seconds: f64) -> String {
        format!("{} {}", plain(seconds / self.0.factor), self.0.name)
    }

    /// Returns the time that [`Self::write`] writes, in seconds.
    pub fn rounded(self, seconds: f64) -> f64 {
        rounded(seconds / self.0.factor) * self.0.factor
    }

    /// Writes a time with its interval: `2,360 µs (2,080–4,380)`.
    pub fn interval(self, value: f64, low: f64, high: f64) -> String {
        let end = |seconds: f64| plain(seconds / self.0.factor);
        format!("{} ({}–{})", self.write(value), end(low), end(high))
    }

    /// Writes a time as an option takes it: `31000us`.
    pub fn option(self, seconds: f64) -> String {
        self.write(seconds).replace([' ', ','], "").replace('µ', "u")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::units::parse_duration;

    #[test]
    fn one_unit_serves_short_and_long_times() {
        let unit = TimeUnit::of([31e-3, 9.46e-6, 0.0]);
        assert_eq!([unit.write(31e-3), unit.write(9.461e-6)], ["31,000 µs", "9.46 µs"]);
        assert_eq!(unit.interval(2.36e-3, 2.08e-3, 4.38e-3), "2,360 µs (2,080–4,380)");
        assert_eq!(TimeUnit::of([5.92, 21.9e-6]).write(21.9e-6), "0.0219 ms");
        assert_eq!(TimeUnit::of([]).write(0.0), "0 s");
    }

    #[test]
    fn an_option_takes_the_time_that_is_written() {
        let unit = TimeUnit::of([31e-3, 9.46e-6]);
        for seconds in [31.04e-3, 9.461e-6] {
            let read = parse_duration(&unit.option(seconds)).unwrap();
            assert!((read / unit.rounded(seconds) - 1.0).abs() < 1e-12, "{read}");
        }
    }
}
