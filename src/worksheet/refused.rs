//! A curve without a law becomes an exercise: which rule refused it, and with which numbers?

use super::profile::Profile;
use super::sum::{Number, Unit, Working};
use super::{Exercise, Part, SOME, Source, few_counts};
use crate::experiment::lesson::{Row, SameJob};
use crate::experiment::names;
use crate::law::speedup::SpeedupFit;
use crate::law::{Reason, Verdict};
use crate::page::block::{Block, Table};
use crate::page::{speedup, words};
use crate::stats::Estimate;
use crate::units::{self, TimeUnit};

/// How many errors of a point a difference must be to be more than scatter.
const SURE: f64 = 2.0;

/// How many errors of a point the largest of many differences must be to be more than scatter: of 20 points without
/// any, the largest and the least differ by more in 5 % of all cases.
const SCATTER: f64 = 5.0;

/// What the fit of the whole job is of.
const WHOLE_JOB: &str = "the whole job";

/// A refused fit with its times.
struct Refused<'a> {
    job: &'a SameJob,
    of: &'static str,
    fit: &'a SpeedupFit,
    /// Workers and seconds.
    points: Vec<(u64, Estimate)>,
}

/// A time that the sheet shows, and that of the nearest law beside it.
pub(super) struct Shown {
    pub(super) workers: Number,
    pub(super) time: Number,
    law: Option<Number>,
}

/// Returns the exercise on the first curve that has no law; `None` if all have one.
pub(super) fn exercise(source: &Source<'_>) -> Option<Exercise> {
    let refused = source.lesson.same.iter().find_map(refused)?;
    let shown = refused.shown();
    let has_law = shown.iter().any(|row| row.law.is_some());
    let letter = refused.letter();
    let head = format!("{letter}(p), measured");
    let heads = ["workers p", &head, "L(p), by the law"];
    let mut table = Table::new(if has_law { &heads } else { &heads[..2] });
    for Shown { workers, time, law } in &shown {
        let cells = [Some(workers), Some(time), law.as_ref()];
        table.push(cells.into_iter().flatten().map(|cell| cell.shown.clone()));
    }
    let others = if source.profiled().next().is_some() {
        " Exercises 2 and 3 predict from the parts only, so they need no fit."
    } else {
        ""
    };
    let alone = refused.points.first().map_or(0.0, |(_, seconds)| seconds.value);
    let profile = Profile::of(refused.job).filter(|_| refused.of == WHOLE_JOB);
    let sum =
        profile.and_then(|profile| profile.not_the_sum(alone)).map_or_else(String::new, |said| format!(" {said}"));
    let given = format!(
        "The {} job ({}); {letter}(p) is the time of {}. The program fits no law to its times.{others}{sum}{}",
        refused.job.name,
        refused.job.job,
        refused.of,
        refused.nearest(has_law)
    );
    Some(Exercise {
        given: vec![Block::Text(given), Block::Table(table)],
        parts: refused.parts(&shown),
        check: vec![source.show(&[names::FIXED_SIZE])],
        reveals: vec![],
    })
}

/// The whole job if its fit is refused, or else the kernel.
fn refused(job: &SameJob) -> Option<Refused<'_>> {
    let of = |of, fit, time: &dyn Fn(&Row) -> Option<Estimate>| {
        let points = job.rows.iter().filter_map(|row| Some((row.workers, time(row)?))).collect();
        (!speedup::may_quote(fit)).then_some(Refused { job, of, fit, points })
    };
    let whole = of(WHOLE_JOB, &job.whole_job, &|row| Some(row.whole_job.seconds));
    whole.or_else(|| of("the kernel", &job.kernel, &|row| Some(row.kernel?.seconds)))
}

impl Refused<'_> {
    /// Returns the name of its times: T for the whole job, t for the kernel.
    fn letter(&self) -> &'static str {
        if self.of == WHOLE_JOB { "T" } else { "t" }
    }

    fn place(&self, workers: f64) -> Option<usize> {
        self.points.iter().position(|(count, _)| *count == workers.round() as u64)
    }

    /// Returns where a rise begins and ends that the rule names.
    fn named(&self) -> Option<(usize, usize)> {
        match &self.fit.reason {
            Reason::MoreThanLinear { from, to, .. }
            | Reason::FallsTooFar { from, to, .. }
            | Reason::Rises { from, to, .. } => self.place(*from).zip(self.place(*to)),
            _ => None,
        }
    }

    /// Returns the two counts between which the time falls the most after it rose; by no law with a cost per worker
    /// it does.
    fn fall(&self) -> Option<(usize, usize)> {
        let Reason::Rises { .. } = self.fit.reason else { return None };
        let (_, risen) = self.named()?;
        let ratio = |(from, to): &(usize, usize)| self.points[*to].1.value / self.points[*from].1.value;
        let pairs = (risen..self.points.len()).flat_map(|to| (risen..to).map(move |from| (from, to)));
        let most = pairs.min_by(|one, other| ratio(one).total_cmp(&ratio(other)))?;
        (units::rounded(ratio(&most)) < 1.0).then_some(most)
    }

    /// Returns the time by the nearest law, in seconds.
    fn law(&self, workers: u64) -> Option<f64> {
        let off = matches!(self.fit.verdict, Verdict::NonMonotone | Verdict::PoorFit);
        let curve = self.fit.curve.filter(|_| off)?;
        Some(curve.seconds(workers as f64 / self.fit.base_workers))
    }

    /// Returns the first time, those that the rule names, those farthest from the nearest law, and some between.
    fn shown(&self) -> Vec<Shown> {
        let last = self.points.len().saturating_sub(1);
        let mut indices = vec![0, last / 2, last];
        if let Reason::FewWorkerCounts { .. } = self.fit.reason {
            indices.extend(0..=last);
        }
        indices.extend([self.named(), self.fall()].into_iter().flatten().flat_map(|(from, to)| [from, to]));
        let mut off: Vec<(usize, f64)> = (0..self.points.len())
            .filter_map(|index| {
                let (workers, seconds) = self.points[index];
                Some((index, (seconds.value / self.law(workers)?).ln().abs()))
            })
            .collect();
        off.sort_by(|(_, one), (_, other)| other.total_cmp(one));
        indices.extend(off.iter().take(2).map(|(index, _)| *index));
        indices.sort_unstable();
        indices.dedup();
        let rows = indices.into_iter().filter_map(|index| self.points.get(index));
        let rows: Vec<(u64, f64)> = rows.map(|(workers, seconds)| (*workers, seconds.value)).collect();
        let unit = Unit::Time(TimeUnit::of(rows.iter().map(|(_, seconds)| *seconds)));
        let row = |(workers, seconds): (u64, f64)| {
            let count = units::count(workers);
            Shown {
                workers: Number::count("p", workers),
                time: Number::new(&format!("{}({count})", self.letter()), seconds, unit),
                law: self.law(workers).map(|seconds| Number::new(&format!("L({count})"), seconds, unit)),
            }
        };
        rows.into_iter().map(row).collect()
    }

    /// Returns the error of a point, as a share; `None` if it is not known.
    fn error(&self) -> Option<f64> {
        let goodness = self.fit.goodness.as_ref()?;
        Some(goodness.residual_sd / goodness.lack_of_fit.filter(|f| *f > 0.0)?.sqrt())
    }

    /// Names the nearest law.
    fn nearest(&self, has_law: bool) -> String {
        let Some(model) = self.fit.model.filter(|_| has_law) else { return String::new() };
        let error = self.error().map(|error| {
            format!(
                " The error of a point is {}: the typical standard error over all counts. A 95 % interval reaches \
                 about twice as far to each side, and each count has its own.",
                units::percent(error)
            )
        });
        format!(
            " The nearest law is: {}. L(p) is its time, by the program's fit to all {} counts; take it as given, \
             for no command prints it.{}",
            words::model(model),
            self.points.len(),
            error.unwrap_or_default()
        )
    }

    fn parts(&self, shown: &[Shown]) -> Vec<Part> {
        match &self.fit.reason {
            Reason::MoreThanLinear { from, to, .. } => self.more_than_linear(shown, *from, *to),
            Reason::FallsTooFar { from, to, .. } => vec![self.falls_too_far(shown, *from, *to)],
            Reason::FewWorkerCounts { .. } => {
                vec![few_counts::part(shown, self.letter()).unwrap_or_else(|| steps(shown))]
            }
            _ if shown.iter().all(|row| row.law.is_some()) => {
                let mut parts = vec![self.misfit(shown)];
                parts.extend(self.rise_and_fall(shown));
                parts
            }
            _ => vec![steps(shown)],
        }
    }

    /// More work per worker than alone.
    fn more_than_linear(&self, shown: &[Shown], from: f64, to: f64) -> Vec<Part> {
        let Some((few, many)) = find(shown, from).zip(find(shown, to)) else { return vec![steps(shown)] };
        let mut working = Working::default();
        let [p1, p2] = [few.workers.named("p1"), many.workers.named("p2")];
        let [slow, fast] =
            [(few, "p1"), (many, "p2")].map(|(row, p)| row.time.named(&format!("{}({p})", self.letter())));
        let ratio = (&p1 * &slow) / (&p2 * &fast);
        let ratio = working.step("ratio", ratio, Unit::Plain);
        let asks = format!(
            "Work per worker is 1/(p x {}(p)). How many times more of it do {} workers do than {}? Which law of \
             speedup allows that?",
            self.letter(),
            many.workers.shown,
            few.workers.shown
        );
        let said =
            format!("Each does {} times as much as with fewer workers. No law of speedup allows that.", ratio.shown);
        vec![Part::new(asks, SOME, vec![Block::Lines(working.lines), Block::Text(said)])]
    }

    /// Less time than sharing the work allows.
    fn falls_too_far(&self, shown: &[Shown], from: f64, to: f64) -> Part {
        let found =
            find(shown, from).zip(find(shown, to)).filter(|(few, _)| few.workers.value > shown[0].workers.value);
        let Some((few, many)) = found else { return steps(shown) };
        let letter = self.letter();
        let unit = Unit::Time(TimeUnit::of(shown.iter().map(|row| row.time.value)));
        let mut working = Working::default();
        let [p0, p1, p2] = [("p0", &shown[0]), ("p1", few), ("p2", many)].map(|(name, row)| row.workers.named(name));
        let [t0, t1, t2] = [("p0", &shown[0]), ("p1", few), ("p2", many)]
            .map(|(name, row)| row.time.named(&format!("{letter}({name})")));
        let serial = working.step("m", (&p1 * &t1 - &p0 * &t0) / (&p1 - &p0), unit);
        let shared = working.step("c", &p0 * &t0 - &p0 * &serial, unit);
        let by_law = working.step("L", &serial + &shared / &p2, unit);
        let ratio = working.step("ratio", &by_law / &t2, Unit::Plain);
        let asks = format!(
            "By Amdahl's law {letter}(p) = m + c/p, so p x {letter}(p) = m x p + c. Take p0 = {}, p1 = {} and p2 = {}. \
             Compute m and c from the first two: m = (p1 x {letter}(p1) - p0 x {letter}(p0))/(p1 - p0) and \
             c = p0 x {letter}(p0) - p0 x m. Predict the time on p2 workers. How many times faster is the measured \
             one, and what can cause that?",
            p0.shown, p1.shown, p2.shown
        );
        let said = format!(
            "The measured time is {} times faster. A serial part and a shared part do not allow that. Possible causes: \
             more cache per worker; a clock that rose. The curve alone cannot tell which.",
            ratio.shown
        );
        Part::new(asks, SOME + 2, vec![Block::Lines(working.lines), Block::Text(said)])
    }

    /// How far the nearest law is off.
    fn misfit(&self, shown: &[Shown]) -> Part {
        let mut working = Working::default();
        let mut ratios = Vec::new();
        for Shown { workers, time, law } in shown {
            let Some(law) = law else { continue };
            let ratio = working.step(&format!("r({})", workers.shown), time / law, Unit::Plain);
            ratios.push((workers, law, ratio));
        }
        let far = |ratio: &Number| ratio.value.ln().abs();
        let Some((workers, law, worst)) = ratios.iter().max_by(|one, other| far(&one.2).total_cmp(&far(&other.2)))
        else {
            return steps(shown);
        };
        let own = self.place(workers.value).map(|place| self.points[place].1);
        let is_chance = own.is_some_and(|own| (own.low..=own.high).contains(&law.value));
        let workers = &workers.shown;
        let off = (worst.value - 1.0).abs();
        let way = if worst.value > 1.0 { "longer" } else { "shorter" };
        let worst = format!(
            "The most on {workers} workers: the measured time is {} {way} than by the law.",
            units::percent(off)
        );
        let asks = "Divide each measured time by L(p). Where is the law off the most, and how far?";
        let (asks, why) = self.error().map_or_else(
            || (asks.to_owned(), "The error of a point is not known here."),
            |error| {
                let enough = if is_chance {
                    "But the interval of this time holds L(p): chance may explain this one, not all counts together."
                } else if off > SURE * error {
                    "The error of a point is too small to explain it."
                } else {
                    "The error of a point may explain this one, but not all counts together."
                };
                (format!("{asks} Can the error of a point, {}, explain it?", units::percent(error)), enough)
            },
        );
        let room = shown.len();
        Part::new(asks, room, vec![Block::Lines(working.lines), Block::Text(format!("{worst} {why}")), self.rule()])
    }

    /// The time rises and falls again.
    fn rise_and_fall(&self, shown: &[Shown]) -> Option<Part> {
        let time = |index: usize| find(shown, self.points[index].0 as f64);
        let [rise, fall] = [self.named()?, self.fall()?].map(|(from, to)| time(from).zip(time(to)));
        let ((low, high), (before, after)) = rise.zip(fall)?;
        let mut working = Working::default();
        working.step("rise", &high.time / &low.time, Unit::Plain);
        let fall = working.step("fall", &after.time / &before.time, Unit::Plain);
        let shorter = 1.0 - fall.value;
        let sure = self.error().map_or_else(String::new, |error| {
            let [said, error_said] = [shorter, error].map(units::percent);
            let verdict = if shorter > SCATTER * error {
                "so it is more than scatter"
            } else {
                "so it alone may be scatter, but a) shows more"
            };
            format!(" The fall is {said}, the error of a point {error_said}: {verdict}.")
        });
        let said = format!("It rises first, and falls after that. No law with a cost per worker does that.{sure}");
        let asks = format!(
            "By a law with a cost per worker the time falls, then stays or rises; it never falls again. Compare {} \
             with {}, and {} with {}. What do these times do instead?",
            high.time.name, low.time.name, after.time.name, before.time.name
        );
        Some(Part::new(asks, SOME, vec![Block::Lines(working.lines), Block::Text(said)]))
    }

    /// The rule that refused the fit, which looked at all counts.
    fn rule(&self) -> Block {
        let reason = match &self.fit.reason {
            Reason::Rises { poor, .. } => poor,
            reason => reason,
        };
        Block::text(format!("The program's rule, over all {} counts: {reason}.", self.points.len()))
    }
}

fn find(shown: &[Shown], workers: f64) -> Option<&Shown> {
    shown.iter().find(|row| row.workers.value == workers.round())
}

/// Each time over the one before.
fn steps(shown: &[Shown]) -> Part {
    let mut working = Working::default();
    let mut longer = Vec::new();
    for pair in shown.windows(2) {
        let count = &pair[1].workers.shown;
        let ratio = working.step(&format!("step to {count}"), &pair[1].time / &pair[0].time, Unit::Plain);
        if ratio.value > 1.0 {
            longer.push(count.clone());
        }
    }
    let said =
        if longer.is_empty() { "On none of these.".to_owned() } else { format!("On {}.", words::on_workers(longer)) };
    let asks = "By Amdahl's law each time is shorter than the one before. Divide each time by the one before. On which \
                counts, if any, is that not so?";
    Part::new(asks, SOME, vec![Block::Lines(working.lines), Block::Text(said)])
}
