//! Interprets readings of a device's own clock, and decides whether they are possible.
//!
//! This file does not use a device: timestamps are counts of ticks, compared with times of the host's clock.

use std::ops::RangeInclusive;

use crate::units;

/// Largest ratio of a pass's time to the host's wait for it. It allows for a small difference between the two clocks.
const LONGER: f64 = 1.05;

/// Largest share of impossible pairs. Above it another clock takes over.
const BAD: f64 = 0.1;

/// Fewest pairs for this share.
const ENOUGH: u32 = 50;

/// Number of consecutive impossible pairs after which the clock is given up at once. At a rate of one in ten this is no
/// chance.
const IN_A_ROW: u32 = 8;

/// Range of the device clock's rate, relative to the host's, that counts as equal.
const SAME: RangeInclusive<f64> = 0.98..=1.02;

/// Relative width of the bounds below which the rate counts as known.
const NARROW: f64 = 0.01;

/// Largest difference that two roundings to whole nanoseconds can cause, and smallest tick that cannot be confused with
/// it.
const ROUNDING: u64 = 2;
const COARSE: u64 = 8;

/// Fewest times that a coarse tick must be seen.
const OFTEN: usize = 3;

/// Returns the seconds between two timestamps; `None` for an impossible pair. Some drivers return zero, equal or
/// reversed pairs, and a counter that wraps gives a reversed one. One round can be shorter than a tick, so its
/// timestamps may be equal. For many rounds they may not.
pub fn elapsed([begin, end]: [u64; 2], period: f64, rounds: u32, host: f64) -> Option<f64> {
    let seconds = end.checked_sub(begin)? as f64 * period;
    let plausible = seconds > 0.0 || rounds == 1;
    (begin > 0 && plausible && seconds <= LONGER * host).then_some(seconds)
}

/// Trust in the timestamps of one job.
#[derive(Debug, Clone, Copy, Default)]
pub struct Trust {
    pairs: u32,
    untrue: u32,
    in_a_row: u32,
}

impl Trust {
    /// Returns how many pairs were counted.
    pub fn pairs(&self) -> usize {
        self.pairs as usize
    }

    /// Counts one more pair.
    pub fn count(&mut self, untrue: bool) {
        self.pairs += 1;
        self.untrue += u32::from(untrue);
        self.in_a_row = if untrue { self.in_a_row + 1 } else { 0 };
    }

    /// Returns whether the clock is still trusted: impossible pairs are dropped and measured again. Otherwise another
    /// clock takes over for good.
    pub fn holds(&self) -> bool {
        let often = self.pairs >= ENOUGH && f64::from(self.untrue) > BAD * f64::from(self.pairs);
        !often && self.in_a_row < IN_A_ROW
    }
}

/// A pass on both clocks: two timestamps, and the host's time before its submission and after its end.
#[derive(Debug, Clone, Copy)]
pub struct Bracket {
    /// Ticks at the beginning and the end of the pass.
    pub stamps: [u64; 2],
    /// Host time before the pass was submitted, in seconds.
    pub before: f64,
    /// Host time when the host knew that the pass was done, in seconds.
    pub after: f64,
}

/// Returns bounds of the seconds on the device's clock per second on the host's. Passes and their timestamps must be in
/// the order of time. The host's times enclose each pass, so a disturbance widens the bounds but never makes them
/// wrong.
pub fn rate(passes: &[Bracket], period: f64) -> [f64; 2] {
    let [mut low, mut high] = [0.0, f64::INFINITY];
    let (Some(first), Some(last)) = (passes.first(), passes.last()) else { return [low, high] };
    // Distant passes tell most, so each pass of the first half is compared with each of the second half.
    let middle = f64::midpoint(first.before, last.after);
    let (early, late) = passes.split_at(passes.partition_point(|pass| pass.after < middle));
    for early in early {
        for late in late {
            let [least, most] = [(0, 1), (1, 0)].map(|(to, from)| late.stamps[to].saturating_sub(early.stamps[from]));
            low = f64::max(low, most as f64 * period / (late.after - early.before));
            high = f64::min(high, least as f64 * period / (late.before - early.after).max(f64::MIN_POSITIVE));
        }
    }
    [low, high]
}

/// Returns whether the rate is known well enough to judge the clock.
pub fn is_known([low, high]: [f64; 2]) -> bool {
    high - low <= NARROW * low || high < *SAME.start() || low > *SAME.end()
}

/// Returns what is wrong with a clock of this rate; `None` if it may equal the host's.
pub fn untrue_rate([low, high]: [f64; 2]) -> Option<String> {
    let by = |times: f64| match times {
        times if times >= 2.0 => format!("{} times faster", units::ratio(times)),
        times => format!("{} faster", units::percent(times - 1.0)),
    };
    let middle = f64::midpoint(low, high);
    let text = if high <= 0.0 {
        "the GPU's clock stands still".to_owned()
    } else if low > *SAME.end() {
        format!("the GPU's clock runs {} than the host's", by(middle))
    } else if high < *SAME.start() {
        format!("the host's clock runs {} than the GPU's", by(1.0 / middle))
    } else {
        return None;
    };
    Some(format!("by the driver's own tick length, {text}"))
}

/// Returns the smallest step of a clock in ticks, from timestamps in the order of time. Many clocks count nanoseconds
/// but step more coarsely, so all their distances are multiples of one number.
///
/// If a driver rounds its ticks to whole nanoseconds (`rounds`), equal distances differ by one or two. Then the step is
/// the smallest difference between two distances that rounding cannot explain. It is found because some of the many
/// distances differ by exactly one step.
pub fn tick(stamps: &[u64], rounds: bool) -> Option<u64> {
    let mut distances: Vec<u64> = stamps.windows(2).filter_map(|pair| pair[1].checked_sub(pair[0])).collect();
    let common = distances.iter().copied().fold(0, greatest_common_divisor);
    distances.sort_unstable();
    let mut steps: Vec<u64> = distances.windows(2).map(|pair| pair[1] - pair[0]).collect();
    steps.retain(|step| *step > ROUNDING);
    steps.sort_unstable();
    let seen = |step: u64| steps.iter().take_while(|&&other| other - step <= 2 * ROUNDING).count() >= OFTEN;
    let coarse = steps.first().copied().filter(|&step| rounds && common <= ROUNDING && step > COARSE && seen(step));
    coarse.or(Some(common)).filter(|step| *step > 0)
}

fn greatest_common_divisor(mut a: u64, mut b: u64) -> u64 {
    while b > 0 {
        (a, b) = (b, a % b);
    }
    a
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_good_pair_is_ticks_times_period() {
        assert_eq!(elapsed([10, 30], 0.5, 1, 12.0), Some(10.0));
        assert_eq!(elapsed([10, 30], 0.5, 1, 10.0), Some(10.0), "two clocks differ a little");
        assert_eq!(elapsed([10, 30], 0.5, 1, 9.0), None, "longer than the host waited for it");
        assert_eq!(elapsed([5, 5], 0.5, 1, 1.0), Some(0.0), "shorter than a tick");
    }

    #[test]
    fn zero_equal_reversed_wrapped_and_absurd_pairs_are_rejected() {
        for pair in [[0, 0], [0, 5], [5, 5], [7, 5], [(1 << 36) - 9, 3], [1, u64::MAX]] {
            assert_eq!(elapsed(pair, 1e-9, 8, 20.0), None, "{pair:?}");
        }
    }

    /// Returns the trust after pairs of which every n-th is impossible.
    fn trust(pairs: u32, every: u32) -> Trust {
        let mut trust = Trust::default();
        (1..=pairs).for_each(|pair| trust.count(pair % every == 0));
        trust
    }

    #[test]
    fn trust_ends_above_one_bad_pair_in_ten_and_not_before_that_means_something() {
        assert!(trust(10_000, 10).holds(), "one in ten");
        assert!(!trust(10_000, 9).holds(), "one in nine");
        assert!(trust(40, 2).holds(), "too few to tell");
        assert!(!trust(50, 2).holds());
        assert!(trust(7, 1).holds() && !trust(8, 1).holds(), "nothing but bad ones");
    }

    /// Returns passes of 3 µs, 50 µs apart, on a clock with the given rate and ticks per second. The host needs 20 µs
    /// around each pass, and sometimes a millisecond more.
    fn passes(count: u64, rate: f64, ticks: f64) -> Vec<Bracket> {
        let pass = |index: u64| {
            let begin = 50e-6 * index as f64 + 20e-6;
            let late = if index % 7 == 3 { 1e-3 } else { 0.0 };
            let stamp = |at: f64| 1000 + (at * rate * ticks) as u64;
            Bracket { stamps: [stamp(begin), stamp(begin + 3e-6)], before: begin - 20e-6, after: begin + 23e-6 + late }
        };
        (0..count).map(pass).collect()
    }

    #[test]
    fn the_rate_of_a_clock_is_bounded_whatever_disturbs_the_host() {
        for truth in [1.0 / 80.0, 0.95, 1.0, 1.05, 1.5, 80.0] {
            let [low, high] = rate(&passes(400, truth, 1e9), 1e-9);
            assert!(low <= truth && truth <= high, "{truth}: {low} to {high}");
            assert!(is_known([low, high]), "{truth}: {low} to {high}");
            assert_eq!(untrue_rate([low, high]).is_none(), truth == 1.0, "{truth}: {low} to {high}");
        }
        let few = rate(&passes(5, 1.0, 1e9), 1e-9);
        assert!(!is_known(few) && untrue_rate(few).is_none(), "{few:?}");
        assert!(untrue_rate(rate(&[], 1.0)).is_none());
    }

    #[test]
    fn a_wrong_rate_is_told_in_words() {
        let told = |rate: f64| untrue_rate([rate * 0.999, rate * 1.001]).unwrap();
        assert!(told(80.0).ends_with("the GPU's clock runs 80.0 times faster than the host's"), "{}", told(80.0));
        assert!(told(1.05).ends_with("the GPU's clock runs 5.0 % faster than the host's"), "{}", told(1.05));
        assert!(
            told(1.0 / 80.0).ends_with("the host's clock runs 80.0 times faster than the GPU's"),
            "{}",
            told(0.0125)
        );
        assert!(told(0.0).ends_with("the GPU's clock stands still"));
    }

    /// Returns timestamps of passes that take 6 to 9 µs, some 70 µs apart, on a clock with `tick` nanoseconds per tick.
    fn stamps(tick: f64, of: impl Fn(f64) -> f64) -> Vec<u64> {
        let (mut at, mut random) = (1e9, 1_u64);
        let mut next = |least: f64, spread: f64| {
            random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            at += least + spread * (random >> 40) as f64 / f64::from(1 << 24);
            of((at / tick).floor()) as u64
        };
        (0..200).flat_map(|_| [next(60e3, 20e3), next(6e3, 3e3)]).collect()
    }

    #[test]
    fn the_tick_is_the_smallest_step() {
        assert_eq!(tick(&stamps(1.0, |ticks| ticks), true), Some(1), "a nanosecond");
        assert_eq!(tick(&stamps(32.0, |ticks| 32.0 * ticks), true), Some(32), "nanoseconds in steps of 32");
        assert_eq!(tick(&stamps(52.08, |ticks| ticks), false), Some(1), "ticks as they are");
        let apple = tick(&stamps(125.0 / 3.0, |ticks| (ticks * 125.0 / 3.0).round()), true).unwrap();
        assert!((40..=43).contains(&apple), "24 MHz, rounded to nanoseconds: {apple}");
        assert_eq!(tick(&[5, 5, 5], true), None, "a clock that stands still");
        assert_eq!(tick(&[], true), None);
    }
}
