//! Two runs as a whole: what all their times together say.

use super::figures::Key;
use super::pair::{Both, Context, has_work};
use crate::law::Comparison;
use crate::law::between::{FALSE_ALARMS, Gap, Part, Why, gap};
use crate::page::named::Unit;
use crate::stats::Estimate;

/// More than this share of the times must be proven different before a run is called faster, slower or mixed as a
/// whole.
pub(super) const SOME: f64 = 0.05;

/// If more than this share of the proven times goes the other way, a run is mixed.
pub(super) const OTHER_WAY: f64 = 0.2;

/// Two runs as a whole.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Overall {
    /// That of the ratio; `None` if the proven times go both ways.
    pub(super) answer: Option<Comparison>,
    /// How many times as fast all times are on average.
    pub(super) ratio: Option<Estimate>,
    pub(super) why: Option<Why>,
}

impl Context<'_> {
    /// Judges two runs as a whole: the answer is that of the mean, unless the proven times go both ways.
    pub(super) fn overall(&self, times: &[Both<'_, &Key>]) -> Overall {
        let Some(mean) = self.mean(times) else {
            return Overall { answer: Some(Comparison::Undecided), ratio: None, why: Some(Why::NoInterval) };
        };
        let ratio = Some(mean.ratio);
        let count = |answer| times.iter().filter(|time| time.judged.answer == answer).count() as f64;
        let (faster, slower) = (count(Comparison::Faster), count(Comparison::Slower));
        let proven = faster + slower;
        let are_some = proven > SOME * times.len() as f64;
        let answer = mean.answer(are_some && mean.chance() <= FALSE_ALARMS);
        let other_way = match answer {
            Comparison::Faster => slower,
            Comparison::Slower => faster,
            Comparison::Same | Comparison::Undecided => faster.min(slower),
        };
        if are_some && other_way > OTHER_WAY * proven {
            return Overall { answer: None, ratio, why: None };
        }
        let doubt = || {
            let own = if mean.ratio.contains(1.0) { Some(Why::NoiseBetweenRuns) } else { usual_doubt(times) };
            self.disturbance().or(own)
        };
        let why = if answer == Comparison::Undecided { doubt() } else { None };
        Overall { answer: Some(answer), ratio, why }
    }

    /// The mean ratio of the sections' mean ratios. Its error is that of the times and the noise between runs; the
    /// sections are those that were asked for, and no sample of others.
    fn mean(&self, times: &[Both<'_, &Key>]) -> Option<Gap> {
        let mut sections: Vec<((&str, &str), Vec<Known>)> = Vec::new();
        let has_work = has_work(times);
        for time in times.iter().filter(|time| time.is_known() && (time.is_of_work() || !has_work)) {
            let Some(known) = Known::of(time) else { continue };
            match sections.iter_mut().find(|(section, _)| *section == time.what.section()) {
                Some((_, all)) => all.push(known),
                None => sections.push((time.what.section(), vec![known])),
            }
        }
        let (mut mean, mut parts) = (0.0, vec![self.base.noise.job, self.other.noise.job]);
        for (_, all) in &sections {
            let weight = 1.0 / (sections.len() * all.len()) as f64;
            mean += weight * all.iter().map(|known| known.log).sum::<f64>();
            let scaled = |part: &Part| Part { deviation: weight * part.deviation, ..*part };
            parts.extend(all.iter().flat_map(|known| known.within.iter().map(scaled)));
        }
        gap(mean.exp(), &parts).filter(|_| !sections.is_empty())
    }
}

/// The logarithm of a ratio, with the deviations of both of its times.
struct Known {
    log: f64,
    within: [Part; 2],
}

impl Known {
    fn of(time: &Both<'_, &Key>) -> Option<Self> {
        let log = Unit::Seconds.ratio(time.base.value, time.other.value).ln();
        log.is_finite().then_some(())?;
        Some(Self { log, within: [time.base.within?, time.other.within?] })
    }
}

/// Returns the reason that most of the undecided times have.
fn usual_doubt(times: &[Both<'_, &Key>]) -> Option<Why> {
    let doubts =
        times.iter().filter_map(|time| time.judged.why.filter(|_| time.judged.answer == Comparison::Undecided));
    let mut counts: Vec<(Why, usize)> = Vec::new();
    for why in doubts {
        match counts.iter_mut().find(|(known, _)| *known == why) {
            Some((_, count)) => *count += 1,
            None => counts.push((why, 1)),
        }
    }
    counts.into_iter().max_by_key(|(_, count)| *count).map(|(why, _)| why)
}
