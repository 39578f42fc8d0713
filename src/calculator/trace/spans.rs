//! Unions of times: what was busy, counted once.

use std::ops::Range;

/// Times that are kept unsorted before they are merged, at the least.
const LEAST_WAITING: usize = 1024;

/// Most times apart that are kept: 16 MiB.
const MOST: usize = 1 << 20;

/// A union of times in nanoseconds. Each time is half-open. Memory grows with the gaps only, not with the times, and
/// where there are too many gaps the shortest are taken for busy.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Spans {
    /// Sorted and apart, but for the times from `sorted` on.
    times: Vec<Range<i64>>,
    sorted: usize,
    /// Gaps that were taken for busy, in nanoseconds.
    joined: i64,
}

impl Spans {
    /// Adds a time.
    pub(super) fn add(&mut self, span: Range<i64>) {
        if span.is_empty() {
            return;
        }
        match self.times.last_mut() {
            Some(last) if last.start <= span.start && span.start <= last.end => last.end = last.end.max(span.end),
            _ => self.times.push(span),
        }
        if self.times.len() > (2 * self.sorted).max(LEAST_WAITING) {
            self.merge();
        }
    }

    /// Sorts the times and joins those that touch.
    fn merge(&mut self) {
        self.times.sort_unstable_by_key(|span| span.start);
        self.times.dedup_by(|next, kept| {
            let touches = next.start <= kept.end;
            if touches {
                kept.end = kept.end.max(next.end);
            }
            touches
        });
        if self.times.len() > MOST {
            self.join();
        }
        self.sorted = self.times.len();
    }

    /// Takes the shorter half of the gaps for busy; of those in the middle every other one, for all may be as long.
    fn join(&mut self) {
        let gap = |one: &Range<i64>, next: &Range<i64>| next.start.saturating_sub(one.end);
        let mut gaps: Vec<i64> = self.times.windows(2).map(|two| gap(&two[0], &two[1])).collect();
        let middle = gaps.len() / 2;
        let (_, &mut longest, _) = gaps.select_nth_unstable(middle);
        let (mut joined, mut is_every_other) = (0_i64, false);
        self.times.dedup_by(|next, kept| {
            let own = gap(kept, next);
            is_every_other ^= own == longest;
            let joins = own < longest || own == longest && is_every_other;
            if joins {
                joined = joined.saturating_add(own);
                kept.end = next.end;
            }
            joins
        });
        self.joined = self.joined.saturating_add(joined);
    }

    /// Returns the gaps that were taken for busy, in nanoseconds.
    pub(super) fn joined(&self) -> i64 {
        self.joined
    }

    /// Returns the times, sorted and apart.
    pub(super) fn merged(mut self) -> Merged {
        self.merge();
        self.times.shrink_to_fit();
        Merged(self.times)
    }
}

/// A union of times in nanoseconds, sorted and apart.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Merged(Vec<Range<i64>>);

impl Merged {
    /// Returns the part of the union within a window.
    pub(super) fn within(&self, window: &Range<i64>) -> Self {
        let from = self.0.partition_point(|span| span.end <= window.start);
        let touching = self.0[from..].iter().take_while(|span| span.start < window.end);
        Self(touching.map(|span| span.start.max(window.start)..span.end.min(window.end)).collect())
    }

    /// Returns the union of two.
    pub(super) fn and(&self, other: &Self) -> Self {
        let mut both = Spans { times: [self.0.as_slice(), other.0.as_slice()].concat(), ..Spans::default() };
        both.merge();
        Self(both.times)
    }

    /// Returns the time that both are busy, in nanoseconds.
    pub(super) fn overlap(&self, other: &Self) -> i64 {
        // Two long unions together may overflow 64 bits.
        let [one, two, both] = [self.length(), other.length(), self.and(other).length()].map(i128::from);
        (one + two - both) as i64
    }

    /// Returns the time in nanoseconds.
    pub(super) fn length(&self) -> i64 {
        self.0.iter().map(|span| span.end - span.start).sum()
    }

    /// Returns the time from the first begin to the last end; `None` without any.
    pub(super) fn hull(&self) -> Option<Range<i64>> {
        Some(self.0.first()?.start..self.0.last()?.end)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn merged(spans: &[Range<i64>]) -> Merged {
        let mut all = Spans::default();
        for span in spans {
            all.add(span.clone());
        }
        all.merged()
    }

    #[test]
    fn what_touches_is_joined_in_any_order() {
        let expected = Merged(vec![0..5, 7..12]);
        assert_eq!(merged(&[0..3, 2..5, 7..9, 9..12]), expected);
        assert_eq!(merged(&[9..12, 2..5, 7..9, 0..3, 8..8]), expected);
        assert_eq!(expected.hull(), Some(0..12));
        assert_eq!(merged(&[]).hull(), None);
    }

    #[test]
    fn a_window_cuts_and_two_unions_overlap() {
        let busy = merged(&[0..10, 20..30, 40..50]);
        assert_eq!(busy.within(&(5..42)), Merged(vec![5..10, 20..30, 40..42]));
        assert_eq!(busy.within(&(10..20)), Merged::default());
        assert_eq!(busy.overlap(&merged(&[8..22, 29..60])), 2 + 2 + 1 + 10);
        assert_eq!(busy.length(), 30);
    }

    /// Many times out of order stay few: memory follows the gaps.
    #[test]
    fn memory_follows_the_gaps() {
        let mut spans = Spans::default();
        for index in 0..100_000_i64 {
            let start = (index * 7919) % 100_000;
            spans.add(start..start + 2);
            assert!(spans.times.len() <= 2 * 50_001 + LEAST_WAITING);
        }
        assert_eq!(spans.merged(), merged(&[0..50_000, 50_000..100_001]));
    }

    /// The time between the first and the last stays, and what was idle and is not is known.
    #[test]
    fn gaps_without_end_take_no_memory_without_end() {
        let gaps: [fn(i64) -> i64; 2] = [|_| 3, |index| 1 + index % 5];
        for gap in gaps {
            let (mut spans, mut start, mut busy) = (Spans::default(), 0, 0);
            for index in 0..3 << 20 {
                spans.add(start..start + 2);
                busy += 2;
                start += 2 + gap(index);
                assert!(spans.times.len() <= 2 * MOST + 1);
            }
            spans.merge();
            let joined = spans.joined();
            let merged = spans.merged();
            assert!(joined > 0 && merged.0.len() <= MOST);
            assert_eq!(merged.length(), busy + joined);
            let half = merged.within(&(0..start / 2)).length() as f64 / merged.length() as f64;
            assert!((half - 0.5).abs() < 0.15, "spread over the trace: {half}");
        }
    }
}
