//! Advice about a profile, by the share that workers can shorten.

use crate::law::predict::{Advice, Prediction, Step};
use crate::page::words;
use crate::units;

/// Returns the advice, the most important first. `share` is the serial share that Gustafson's law takes. `step` is
/// given if communication and compute are known; `most` is the largest worker count.
pub(super) fn advice(prediction: &Prediction, share: f64, step: Option<Step>, most: f64) -> Vec<String> {
    let mut sentences = vec![graded(prediction)];
    sentences.extend(step.and_then(|step| communication(step, most)));
    sentences.extend(growing(share, most));
    sentences
}

/// Writes the advice for the parallel fraction.
fn graded(prediction: &Prediction) -> String {
    let share = parallel(prediction.serial_fraction);
    let Some((ceiling, enough)) = prediction.ceiling.zip(prediction.workers_at_90_percent) else {
        return format!("{share} is parallel: add workers; this law has no ceiling");
    };
    let ceiling = units::ratio(ceiling);
    let (enough, noun, reach) = (words::whole(enough), words::noun(enough), words::reach(enough));
    let reach = format!("{enough} {noun} {reach} 90 % of the ceiling of {ceiling} times");
    match prediction.advice {
        Advice::AddWorkers => format!("{share} is parallel: add workers; {reach}"),
        Advice::AFewTens => {
            format!("{share} is parallel: a few tens of workers are enough; {reach}")
        }
        Advice::AHandful => {
            format!("{share} is parallel: a handful of workers are enough, then shorten the serial part; {reach}")
        }
        Advice::FasterWorker if prediction.serial_fraction >= 1.0 => {
            "nothing is parallel: only a faster worker helps".to_owned()
        }
        Advice::FasterWorker => format!(
            "only {share} is parallel: use a faster worker or shorten the serial part; even endless workers are only \
             {ceiling} times faster"
        ),
    }
}

/// Writes the parallel share with enough digits to show that it is not 100 %.
fn parallel(serial: f64) -> String {
    let plain = units::percent(1.0 - serial);
    if serial <= 0.0 || serial >= 0.001 {
        return plain;
    }
    let decimals = (-(100.0 * serial).log10()).ceil().clamp(0.0, 13.0) as usize;
    format!("{:.decimals$} %", 100.0 * (1.0 - serial))
}

/// Writes the worker count from which on communication takes longer than compute.
fn communication(step: Step, most: f64) -> Option<String> {
    let from = (step.compute_seconds / step.communication_seconds).ceil().max(1.0);
    (from.is_finite() && from <= most).then(|| {
        format!(
            "from {} {noun} on, communication takes longer than the compute that is left: send less often and more at \
             once (batch), and keep the data where they are used",
            words::whole(from),
            noun = words::noun(from)
        )
    })
}

/// Writes the gain of a job that grows with its workers.
fn growing(share: f64, most: f64) -> Option<String> {
    let grown = crate::law::speedup::gustafson(share, most);
    let worth = share < 1.0 && most > 1.0;
    worth.then(|| {
        format!(
            "if the job grows with its workers, Gustafson's law says that {} {} do it {} times faster than one would",
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
        advice(&predict(serial, &[64.0]).unwrap(), serial, None, 64.0).remove(0)
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
            (0.0, "no ceiling"),
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
        let advice = |step, most| advice(&prediction, prediction.serial_fraction, Some(step), most);
        assert!(advice(step, 1024.0)[1].contains("from 90 workers on"));
        assert!(!advice(step, 64.0).concat().contains("communication"));
        let none = Step { communication_seconds: 0.0, ..step };
        assert!(!advice(none, 64.0).concat().contains("communication"));
    }
}
