//! What to do about a profile, by the share of it that workers can shorten.

use crate::law::predict::{Advice, Prediction, Step};
use crate::page::words;
use crate::units;

/// What to do, the most important first. `step` where communication was told apart from compute; `most` is the largest
/// worker count asked for.
pub(super) fn advice(prediction: &Prediction, step: Option<Step>, most: f64) -> Vec<String> {
    let mut sentences = vec![graded(prediction)];
    sentences.extend(step.and_then(|step| communication(step, most)));
    sentences.extend(growing(prediction, most));
    sentences
}

/// By the parallel fraction.
fn graded(prediction: &Prediction) -> String {
    let share = parallel(prediction.serial_fraction);
    let Some((ceiling, enough)) = prediction.ceiling.zip(prediction.workers_at_90_percent) else {
        return format!("{share} is parallel: add workers; by this law nothing limits them");
    };
    let (ceiling, enough) = (units::ratio(ceiling), words::whole(enough));
    let reach = format!("90 % of the ceiling of {ceiling} takes {enough}");
    match prediction.advice {
        Advice::AddWorkers => format!("{share} is parallel: add workers; {reach}"),
        Advice::AFewTens => {
            format!("{share} is parallel: a few tens of workers reach most of what can be reached; {reach}")
        }
        Advice::AHandful => {
            format!("{share} is parallel: a handful of workers will do ({reach}); then shorten the serial part")
        }
        Advice::FasterWorker if prediction.serial_fraction >= 1.0 => {
            "nothing is parallel: no worker will help but a faster one".to_owned()
        }
        Advice::FasterWorker => format!(
            "only {share} is parallel: look for a faster worker, or less serial work; all workers together are no more \
             than {ceiling} times faster"
        ),
    }
}

/// The parallel share in per cent, with as many digits as show that there is a serial one.
fn parallel(serial: f64) -> String {
    let plain = units::percent(1.0 - serial);
    if serial <= 0.0 || serial >= 0.001 {
        return plain;
    }
    let decimals = (-(100.0 * serial).log10()).ceil().clamp(0.0, 13.0) as usize;
    format!("{:.decimals$} %", 100.0 * (1.0 - serial))
}

/// Where communication takes longer than the compute that is left.
fn communication(step: Step, most: f64) -> Option<String> {
    let from = (step.compute_seconds / step.communication_seconds).ceil().max(1.0);
    (from.is_finite() && from <= most).then(|| {
        format!(
            "communication-bound from {} {noun} on: it then takes longer than the compute that is left; send less \
             often and more at once (batch), and keep the data where they are computed on",
            words::whole(from),
            noun = words::noun(from)
        )
    })
}

/// What a growing problem gains.
fn growing(prediction: &Prediction, most: f64) -> Option<String> {
    let grown = crate::law::speedup::gustafson(prediction.serial_fraction, most);
    let worth = prediction.serial_fraction < 1.0 && most > 1.0;
    worth.then(|| {
        format!(
            "if the problem grows with the workers, so that they stay as busy, Gustafson's law holds: {} {} then \
             do {} times the work of one in the same time",
            words::whole(most),
            words::noun(most),
            units::hundredths(grown)
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::law::predict::predict;

    fn first(serial: f64) -> String {
        advice(&predict(serial, &[64.0]).unwrap(), None, 64.0).remove(0)
    }

    #[test]
    fn a_small_serial_part_is_not_rounded_away() {
        for (serial, share) in [(1e-4, "99.99 %"), (1.2e-5, "99.999 %"), (0.02, "98.0 %"), (0.0, "100 %")] {
            assert_eq!(parallel(serial), share, "{serial}");
        }
    }

    #[test]
    fn advice_is_graded() {
        for (serial, words) in [
            (0.0, "nothing limits"),
            (0.02, "add workers"),
            (0.1, "a few tens"),
            (0.4, "a handful"),
            (0.6, "a faster worker"),
            (1.0, "nothing is parallel"),
        ] {
            assert!(first(serial).contains(words), "{serial}: {}", first(serial));
        }
    }

    #[test]
    fn communication_is_named_where_it_dominates() {
        let step = Step { compute_seconds: 1.8, communication_seconds: 0.02 };
        let prediction = predict(0.02 / 1.82, &[1.0]).unwrap();
        assert!(advice(&prediction, Some(step), 1024.0)[1].contains("from 90 workers on"));
        assert!(!advice(&prediction, Some(step), 64.0).concat().contains("communication"));
        let none = Step { communication_seconds: 0.0, ..step };
        assert!(!advice(&prediction, Some(none), 64.0).concat().contains("communication"));
    }
}
