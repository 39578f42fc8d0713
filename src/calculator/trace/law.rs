//! What a trace says by Amdahl's law: the share s, its ceilings, and the step if more or less communication were
//! hidden.

use serde::Serialize;

use super::worker::Times;
use crate::law::profile::Profile;
use crate::law::speedup::ceiling;
use crate::page::json::count;

/// A step with more or less of its communication hidden.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub(super) struct Case {
    pub(super) hidden: Hidden,
    pub(super) seconds: f64,
    pub(super) exposed_seconds: f64,
    /// The step as it is divided by this one.
    pub(super) times_faster: f64,
    /// s(K): the exposed communication's share of the step on the K workers of the trace.
    pub(super) serial_share: f64,
    /// s(1): its share on one worker; `null` if K is not known.
    pub(super) serial_fraction: Option<f64>,
    /// 1/s(1), over one worker; `null` if K is not known or nothing is exposed.
    pub(super) ceiling: Option<f64>,
    /// 1/s(K), over the step as it is here; `null` if nothing is exposed.
    pub(super) ceiling_from_here: Option<f64>,
}

/// How much communication is hidden under computing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Hidden {
    AsItIs,
    All,
    Nothing,
}

impl Case {
    fn new(hidden: Hidden, now: &Times, exposed: f64, workers: Option<f64>) -> Self {
        let shared = now.seconds - now.exposed_seconds;
        let profile = Profile::of_two(("exposed communication", exposed), ("everything else", shared)).ok();
        let seconds = shared + exposed;
        let share = profile.as_ref().map_or(0.0, Profile::serial_fraction);
        let alone = profile.zip(workers).and_then(|(profile, workers)| profile.measured_on(workers).ok());
        let serial_fraction = alone.map(|profile| profile.serial_fraction());
        Self {
            hidden,
            seconds,
            exposed_seconds: exposed,
            times_faster: if seconds > 0.0 { now.seconds / seconds } else { 1.0 },
            serial_share: share,
            serial_fraction,
            ceiling: serial_fraction.and_then(ceiling),
            ceiling_from_here: ceiling(share),
        }
    }
}

/// What the law says of a step.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(super) struct Law {
    /// K: the workers of the trace.
    #[serde(serialize_with = "count")]
    pub(super) workers: Option<f64>,
    pub(super) as_it_is: Case,
    /// Communication hides under the rest of the step as far as that is long enough.
    pub(super) all_hidden: Case,
    /// Computing waits for all communication.
    pub(super) none_hidden: Case,
    /// s(K) if the idle time is no work that workers share either.
    pub(super) serial_share_with_idle: f64,
}

impl Law {
    pub(super) fn new(step: &Times, workers: Option<f64>) -> Self {
        let other = step.seconds - step.exposed_seconds;
        let uncovered = (step.communication_seconds - other).max(0.0);
        let case = |hidden, exposed| Case::new(hidden, step, exposed, workers);
        let stays = step.exposed_seconds + step.idle_seconds;
        Self {
            workers,
            as_it_is: case(Hidden::AsItIs, step.exposed_seconds),
            all_hidden: case(Hidden::All, uncovered),
            none_hidden: case(Hidden::Nothing, step.communication_seconds),
            serial_share_with_idle: if step.seconds > 0.0 { stays / step.seconds } else { 0.0 },
        }
    }

    pub(super) fn cases(&self) -> [&Case; 3] {
        [&self.as_it_is, &self.all_hidden, &self.none_hidden]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close(value: Option<f64>, expected: f64) {
        let value = value.unwrap();
        assert!((value - expected).abs() < 1e-9 * expected.abs().max(1e-9), "{value} is not {expected}");
    }

    /// A step of 300 ms on 8 workers: 60 ms of communication are exposed and 40 ms hidden, 30 ms are idle. s(8) =
    /// 60/300, s(1) = 60/(60 + 8 x 240). With nothing hidden the step takes 340 ms.
    #[test]
    fn a_step_by_the_law() {
        let step = Times {
            seconds: 0.3,
            compute_seconds: 0.21,
            communication_seconds: 0.1,
            hidden_seconds: 0.04,
            exposed_seconds: 0.06,
            copy_seconds: 0.0,
            idle_seconds: 0.03,
        };
        let law = Law::new(&step, Some(8.0));
        close(Some(law.as_it_is.serial_share), 0.2);
        close(law.as_it_is.serial_fraction, 60.0 / 1980.0);
        close(law.as_it_is.ceiling, 33.0);
        close(law.as_it_is.ceiling_from_here, 5.0);
        close(Some(law.serial_share_with_idle), 0.3);
        close(Some(law.all_hidden.seconds), 0.24);
        close(Some(law.all_hidden.times_faster), 1.25);
        assert_eq!((law.all_hidden.serial_share, law.all_hidden.ceiling), (0.0, None));
        close(Some(law.none_hidden.seconds), 0.34);
        close(Some(law.none_hidden.serial_share), 100.0 / 340.0);
        close(law.none_hidden.serial_fraction, 100.0 / (100.0 + 8.0 * 240.0));
        assert_eq!(Law::new(&step, None).as_it_is.serial_fraction, None);
    }

    /// 80 ms of communication and 20 ms of everything else: 60 ms cannot hide.
    #[test]
    fn communication_longer_than_the_rest_cannot_hide_whole() {
        let step = Times { seconds: 0.1, communication_seconds: 0.08, exposed_seconds: 0.08, ..Times::default() };
        let law = Law::new(&step, Some(2.0));
        close(Some(law.all_hidden.exposed_seconds), 0.06);
        close(Some(law.all_hidden.seconds), 0.08);
        assert_eq!(Law::new(&Times::default(), Some(2.0)).as_it_is.serial_share, 0.0);
    }
}
