//! Two runs, compared: every time and every number that both have.

use super::Subject;
use super::figures::{Figure, Key, Number};
use super::headline::{HEADLINES, Headline};
use super::overall::Overall;
use crate::law::Comparison;
use crate::law::between::{Gap, Part, Why, gap, no_chance};
use crate::page::named::Unit;
use crate::record::Clock;
use crate::stats::{Estimate, median};

/// How far the highest of many values lies above their middle, in standard deviations, at the most.
const LUCK: f64 = 3.0;

/// How a value of a run compares with that of the base.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Judged {
    /// How many times as fast it is, or of a number that tells no speed, as much.
    pub(super) ratio: Option<Estimate>,
    pub(super) answer: Comparison,
    pub(super) why: Option<Why>,
    /// What tells how sure the ratio is.
    pub(super) gap: Option<Gap>,
}

/// A value of both runs.
pub(super) struct Both<'a, T> {
    pub(super) what: T,
    pub(super) base: &'a Figure,
    pub(super) other: &'a Figure,
    pub(super) judged: Judged,
}

/// A number of the headlines.
pub(super) struct Shown<'a> {
    pub(super) headline: &'static Headline,
    pub(super) base: Option<&'a Number>,
    pub(super) other: Option<&'a Number>,
    /// `None` if one of the runs does not have it.
    pub(super) judged: Option<Judged>,
}

/// Two runs, compared.
pub(super) struct Pair<'a> {
    pub(super) base: &'a Subject,
    pub(super) other: &'a Subject,
    pub(super) headlines: Vec<Shown<'a>>,
    pub(super) numbers: Vec<Both<'a, &'a Number>>,
    pub(super) times: Vec<Both<'a, &'a Key>>,
    /// Times that only the base has, and that only the other run has.
    pub(super) unmatched: [usize; 2],
    pub(super) overall: Overall,
}

/// A comparison that is not yet judged, since that hangs on all others.
struct Question<'a> {
    ratio: f64,
    base: &'a Figure,
    other: &'a Figure,
    sizes: bool,
    workloads: bool,
    /// Whether only equal values could be the same: counts.
    is_count: bool,
}

impl<'a> Pair<'a> {
    /// Compares a run with the base.
    pub(super) fn of(base: &'a Subject, other: &'a Subject) -> Self {
        let context = Context { base, other };
        let matched = || base.times.iter().filter_map(|(key, figure)| Some((key, figure, other.time(key)?)));
        let asked: Vec<Question<'_>> = matched().map(|(_, base, other)| Question::of_times(base, other)).collect();
        let judged = context.judge(&asked);
        let times: Vec<Both<'a, &'a Key>> =
            matched().zip(judged).map(|((what, base, other), judged)| Both { what, base, other, judged }).collect();
        let (headlines, numbers) = context.numbers();
        let unmatched = [base.times.len(), other.times.len()].map(|all| all.saturating_sub(times.len()));
        let overall = context.overall(&times);
        Self { base, other, headlines, numbers, times, unmatched, overall }
    }

    /// Compares one number of both runs, whatever else is compared.
    pub(super) fn judge(&self, base: &Number, other: &Number) -> Option<Judged> {
        let context = Context { base: self.base, other: self.other };
        context.judge(&[Question::of_numbers(base, other)]).pop()
    }

    /// Returns what disturbed one of the runs, so that nothing is proven; `None` if nothing did.
    pub(super) fn disturbance(&self) -> Option<Why> {
        Context { base: self.base, other: self.other }.disturbance()
    }

    /// Names the times whose average tells of the run as a whole.
    pub(super) fn averaged(&self) -> &'static str {
        if has_work(&self.times) { "kernels and whole jobs" } else { "all times" }
    }

    /// Returns by how much a time must typically differ to be told from the base's, as a share.
    pub(super) fn reach(&self) -> Option<f64> {
        let reaches =
            self.times.iter().filter_map(|time| time.judged.ratio.map(|ratio| ratio.high / ratio.value - 1.0));
        median(&reaches.collect::<Vec<_>>())
    }

    /// Returns by how much the same time differs from one of the runs to the other, as a share.
    pub(super) fn noise(&self) -> f64 {
        let [base, other] = [self.base, self.other].map(|subject| subject.noise.job.deviation);
        base.hypot(other)
    }

    /// Returns how many times have an answer.
    pub(super) fn count(&self, answer: Comparison) -> usize {
        self.times.iter().filter(|time| time.judged.answer == answer).count()
    }
}

/// Both runs of a pair.
pub(super) struct Context<'a> {
    pub(super) base: &'a Subject,
    pub(super) other: &'a Subject,
}

impl<'a> Context<'a> {
    fn numbers(&self) -> (Vec<Shown<'a>>, Vec<Both<'a, &'a Number>>) {
        let found: Vec<_> = HEADLINES.iter().map(|one| one.of_both(self.base, self.other)).collect();
        let found: Vec<_> = HEADLINES.iter().zip(found).map(|(one, [base, other])| (one, base, other)).collect();
        let in_headlines =
            |number: &Number| found.iter().any(|(_, base, _)| base.is_some_and(|one| std::ptr::eq(one, number)));
        let further = self.base.numbers.iter().filter(|number| !in_headlines(number));
        let further = further.filter_map(|one| Some((one, self.like(one)?)));
        let further: Vec<_> = further.collect();
        let both = found.iter().filter_map(|(_, base, other)| base.zip(*other)).chain(further.iter().copied());
        let asked: Vec<Question<'_>> = both.map(|(base, other)| Question::of_numbers(base, other)).collect();
        let mut judged = self.judge(&asked).into_iter();
        let headlines = found.into_iter().map(|(headline, base, other)| Shown {
            headline,
            base,
            other,
            judged: base.and(other).and_then(|_| judged.next()),
        });
        let headlines = headlines.collect();
        let numbers = further.into_iter().zip(judged).map(|((base, other), judged)| Both {
            what: base,
            base: &base.figure,
            other: &other.figure,
            judged,
        });
        (headlines, numbers.collect())
    }

    /// Returns the other run's number, of the same size if there are several.
    fn like(&self, one: &Number) -> Option<&'a Number> {
        let mut alike = self.other.numbers.iter().filter(|other| one.is_like(other));
        alike.clone().find(|other| one.named.n == other.named.n).or_else(|| alike.next())
    }

    /// Judges comparisons together: among many differences some are wide by chance.
    fn judge(&self, asked: &[Question<'_>]) -> Vec<Judged> {
        let gaps: Vec<Result<Gap, Why>> = asked.iter().map(|question| self.gap(question)).collect();
        let chance = |question: &Question<'_>, gap: &Gap| if question.is_few() { 1.0 } else { gap.chance() };
        let known = asked.iter().zip(&gaps).filter_map(|(question, gap)| Some((question, gap.as_ref().ok()?)));
        let chances: Vec<f64> = known.map(|(question, gap)| chance(question, gap)).collect();
        let mut proven = no_chance(&chances).into_iter();
        let judged = asked.iter().zip(gaps).map(|(question, gap)| match gap {
            Ok(gap) => {
                let (answer, why) = self.answer(question, &gap, proven.next().unwrap_or_default());
                Judged { ratio: Some(gap.ratio), answer, why, gap: Some(gap) }
            }
            Err(why) => {
                let answer =
                    if question.is_count && question.ratio == 1.0 { Comparison::Same } else { Comparison::Undecided };
                let why = Some(why).filter(|_| answer == Comparison::Undecided);
                Judged { ratio: None, answer, why, gap: None }
            }
        });
        judged.collect()
    }

    /// Returns the answer, and what to know of it. Runs that were disturbed prove nothing.
    fn answer(&self, question: &Question<'_>, gap: &Gap, is_proven: bool) -> (Comparison, Option<Why>) {
        let answer = gap.answer(is_proven);
        match self.disturbance() {
            Some(why) if matches!(answer, Comparison::Faster | Comparison::Slower) => {
                (Comparison::Undecided, Some(why))
            }
            None if question.is_few() && answer == Comparison::Undecided => (answer, Some(Why::FewTimings)),
            _ => (answer, self.why(question, gap, answer)),
        }
    }

    fn gap(&self, question: &Question<'_>) -> Result<Gap, Why> {
        let Question { ratio, base, other, .. } = *question;
        if is_of_two_clocks(base.clock, other.clock) {
            return Err(Why::DifferentClocks);
        }
        if question.sizes && self.base.is_same_device(self.other) {
            return Err(Why::DifferentSizes);
        }
        if question.workloads {
            return Err(Why::DifferentWorkloads);
        }
        let missing = if question.is_few() { Why::FewTimings } else { Why::NoInterval };
        let within = base.within.zip(other.within).ok_or(missing)?;
        let mut parts = vec![within.0, within.1, self.base.noise.in_figure(base), self.other.noise.in_figure(other)];
        parts.extend(question.luck());
        gap(ratio, &parts).ok_or(Why::NoInterval)
    }

    /// Returns why two values are not told apart, or what to know of their difference.
    fn why(&self, question: &Question<'_>, gap: &Gap, answer: Comparison) -> Option<Why> {
        match answer {
            Comparison::Same => None,
            Comparison::Faster | Comparison::Slower => {
                let versions = self.base.version() != self.other.version();
                let known = [(question.sizes, Why::DifferentSizes), (versions, Why::DifferentVersions)];
                known.into_iter().find_map(|(holds, why)| holds.then_some(why))
            }
            Comparison::Undecided => {
                let [base, other] = [question.base, question.other].map(|figure| figure.within);
                let within = base.zip(other).map_or(0.0, |(a, b)| a.deviation.hypot(b.deviation));
                let disturbed = self.disturbance();
                Some(if gap.ratio.value.ln().abs() <= 2.0 * within {
                    Why::Overlap
                } else if let Some(why) = disturbed {
                    why
                } else if gap.ratio.contains(1.0) {
                    Why::NoiseBetweenRuns
                } else {
                    Why::Chance
                })
            }
        }
    }

    /// Returns what disturbed one of the runs; `None` if nothing did.
    pub(super) fn disturbance(&self) -> Option<Why> {
        let either = |holds: fn(&Subject) -> bool| holds(self.base) || holds(self.other);
        let known = [(either(Subject::drifts), Why::Drift), (either(Subject::is_busy), Why::Busy)];
        known.into_iter().find_map(|(holds, why)| holds.then_some(why))
    }
}

impl Both<'_, &Key> {
    /// Whether it tells of the device, with a ratio.
    pub(super) fn is_known(&self) -> bool {
        self.judged.ratio.is_some() && !self.what.is_baseline()
    }

    /// Whether it is the time of a kernel or of a whole job.
    pub(super) fn is_of_work(&self) -> bool {
        self.base.is_kernel || self.what.is_whole_job()
    }
}

/// Whether there are times of kernels or of whole jobs, which alone then tell of the run as a whole.
pub(super) fn has_work(times: &[Both<'_, &Key>]) -> bool {
    times.iter().any(|time| time.is_known() && time.is_of_work())
}

impl<'a> Question<'a> {
    fn of_times(base: &'a Figure, other: &'a Figure) -> Self {
        let ratio = Unit::Seconds.ratio(base.value, other.value);
        Self { ratio, base, other, sizes: false, workloads: false, is_count: false }
    }

    /// Whether one of them was timed too seldom to prove anything.
    fn is_few(&self) -> bool {
        self.base.is_few() || self.other.is_few()
    }

    /// The highest of many rates is the luckiest: more so in the run whose timings spread more.
    fn luck(&self) -> Option<Part> {
        let is_highest = self.base.timings.is_none() && self.other.timings.is_none();
        let [base, other] = [self.base, self.other].map(|figure| figure.within.zip(figure.single));
        let ((one, base), (two, other)) = base.zip(other).filter(|_| is_highest)?;
        Some(Part { deviation: LUCK * (base - other).abs(), freedom: one.freedom.min(two.freedom) })
    }

    fn of_numbers(base: &'a Number, other: &'a Number) -> Self {
        let unit = base.named.unit;
        let (a, b) = (&base.figure, &other.figure);
        Self {
            ratio: unit.ratio(a.value, b.value),
            base: a,
            other: b,
            sizes: !base.is_of_one_size(other),
            workloads: !base.is_beside(other),
            is_count: a.within.is_none() && b.within.is_none(),
        }
    }
}

/// Whether two kernels were timed by clocks that are not to be mixed. What a model says is of no clock.
fn is_of_two_clocks(base: Option<Clock>, other: Option<Clock>) -> bool {
    let modelled = [base, other].contains(&Some(Clock::Simulated));
    base.zip(other).is_some_and(|(base, other)| base != other) && !modelled
}
