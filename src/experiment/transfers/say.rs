//! What transfers show in sentences: which method to take, and what first touch costs.

use super::read::{DIRECTIONS, Reading, bytes, methods, times};
use crate::law;
use crate::page::words;
use crate::record::{DeviceKind, Measured, Measurement, Phase, TransferMethod};
use crate::stats::{Estimate, Summary};
use crate::units;

/// For each direction what the usual method costs, and which one to take instead; and what first touch costs.
pub(super) fn sentences(measured: &Measured, reading: &Reading) -> Vec<String> {
    let usual = DIRECTIONS.into_iter().filter_map(|phase| usual(measured, reading, phase));
    let best = DIRECTIONS.into_iter().filter_map(|phase| best(measured, reading.usual, phase));
    usual.chain(best).chain(first_touch(measured)).collect()
}

fn noun(phase: Phase) -> String {
    words::capital(words::phase(phase))
}

/// What data go through by a method.
pub(super) fn way(method: TransferMethod) -> &'static str {
    match method {
        TransferMethod::Staged => "reused staging",
        TransferMethod::Fresh => "new staging",
        TransferMethod::WriteBuffer => "the queue's write_buffer",
        TransferMethod::Mapped => "mapped buffers",
    }
}

/// Start-up and rate of the usual method.
fn usual(measured: &Measured, reading: &Reading, phase: Phase) -> Option<String> {
    let fit = reading.line(reading.usual, phase)?;
    let what = format!("{} through {}", noun(phase), way(reading.usual));
    if !fit.verdict.is_accepted() {
        let (case, time) = times(measured, reading.usual, phase).pop()?;
        let moved = bytes(case, phase) as f64;
        return Some(format!(
            "{what} moves {} in {}, {}; start-up and rate are not told apart ({}: {}).",
            units::bytes(moved),
            words::seconds(time.estimate()),
            units::bandwidth(moved / time.median),
            fit.verdict,
            fit.reason,
        ));
    }
    let (latency, rate, half) = (fit.latency()?, fit.rate()?, fit.half_size()?);
    Some(format!(
        "{what} costs {} before a byte has moved, and then goes on at {}; half of that rate is reached at {}.",
        words::cost(latency),
        units::bandwidth_interval(rate.value, rate.low, rate.high),
        units::bytes(half.value),
    ))
}

/// The line of the summary: start-up and rate of the usual method both ways; the rates at the largest size if either is
/// refused.
pub(super) fn answer(device: DeviceKind, measured: &Measured, reading: &Reading) -> Option<String> {
    let device = words::device(device);
    let cost = |phase| {
        let fit = reading.line(reading.usual, phase)?;
        Some((words::about(fit.latency()?), units::bandwidth(fit.rate()?.value)))
    };
    let [up, down] = DIRECTIONS.map(cost);
    if let (Some((there, up)), Some((back, down))) = (up, down) {
        return Some(format!(
            "Data reach {device} at {up} after a start-up of {there}, and come back at {down} after {back}."
        ));
    }
    let rate = |phase| {
        let (case, time) = times(measured, reading.usual, phase).pop()?;
        Some(units::bandwidth(bytes(case, phase) as f64 / time.median))
    };
    let [up, down] = DIRECTIONS.map(rate);
    Some(format!("At the largest size, data reach {device} at {}, and come back at {}.", up?, down?))
}

/// The fastest method against the usual one, for the most data and for the least.
fn best(measured: &Measured, usual: TransferMethod, phase: Phase) -> Option<String> {
    let sizes = times(measured, usual, phase);
    let (least, most) = (sizes.first()?, sizes.last()?);
    let sentence = |own: &(&Measurement, Summary)| {
        let text = compared(measured, usual, phase, own)?;
        Some(format!("{} {text}", units::bytes(bytes(own.0, phase) as f64)))
    };
    let small = if least.0.problem == most.0.problem { None } else { sentence(least) };
    let small = small.map_or(String::new(), |text| format!("; {text}"));
    Some(format!("{}: {}{small}.", noun(phase), sentence(most)?))
}

/// The fastest of the other methods beside one time of the usual one.
fn compared(
    measured: &Measured,
    usual: TransferMethod,
    phase: Phase,
    (case, own): &(&Measurement, Summary),
) -> Option<String> {
    let others = methods(measured, phase).into_iter().filter(|method| *method != usual);
    let timed: Vec<(TransferMethod, Summary)> = others
        .filter_map(|method| {
            let mut same = times(measured, method, phase).into_iter();
            same.find(|(other, _)| other.problem == case.problem).map(|(_, time)| (method, time))
        })
        .collect();
    let (method, time) = timed.iter().min_by(|(_, one), (_, other)| one.median.total_cmp(&other.median))?;
    let [usual, method] = [usual, *method].map(way);
    let ratio: Estimate = law::ratio(own, time)?;
    let (own, time) = (words::seconds(own.estimate()), words::seconds(time.estimate()));
    Some(if ratio.low > 1.0 {
        format!("through {method} take {time} instead of {own} through {usual}: {}", words::faster(ratio))
    } else if ratio.high < 1.0 {
        format!("take {own} through {usual}, and {time} by the next best method, {method}: stay with {usual}")
    } else {
        format!("take {own} through {usual} and {time} through {method}: the two cannot be told apart")
    })
}

/// What new staging costs at the largest size, beside staging that is kept.
fn first_touch(measured: &Measured) -> Option<String> {
    let phase = Phase::Upload;
    let (case, warm) = times(measured, TransferMethod::Staged, phase).pop()?;
    let (_, fresh) =
        times(measured, TransferMethod::Fresh, phase).into_iter().find(|(other, _)| other.problem == case.problem)?;
    let ratio = law::ratio(&fresh, &warm)?;
    if ratio.low <= 1.0 {
        return None;
    }
    Some(format!(
        "Memory that is touched for the first time is slow: an upload of {} through a new staging buffer takes {} \
         instead of {}, {} as long. Make staging buffers once, and keep them.",
        units::bytes(bytes(case, phase) as f64),
        words::seconds(fresh.estimate()),
        words::seconds(warm.estimate()),
        words::times(ratio),
    ))
}

#[cfg(test)]
mod tests {
    use super::super::read::read;
    use super::*;
    use crate::experiment::fixture::transfers;
    use crate::record::Series;

    fn said(measured: &Measured) -> String {
        sentences(measured, &read(measured, TransferMethod::Staged)).join("\n")
    }

    #[test]
    fn the_method_to_take_is_named_with_ratio_and_absolutes() {
        let text = said(&transfers());
        for words in [
            "Upload through reused staging costs 20.",
            "Upload: 32 MiB through mapped buffers take 1.",
            "; 64 B through mapped buffers take 5.",
            "Make staging buffers once",
        ] {
            assert!(text.contains(words), "{words} in {text}");
        }
        assert!(!text.contains("write_buffer take"), "{text}");
    }

    /// On a GPU that shares the host's memory the data of all other sections take the way of mapped buffers.
    #[test]
    fn the_sentences_speak_of_the_usual_method_of_the_device() {
        let measured = transfers();
        let reading = read(&measured, TransferMethod::Mapped);
        let text = sentences(&measured, &reading).join("\n");
        for words in [
            "Upload through mapped buffers costs 5.0",
            "Upload: 32 MiB take 1.",
            "by the next best method, reused staging: stay with mapped buffers; 128 B",
            "through a new staging buffer takes",
        ] {
            assert!(text.contains(words), "{words} in {text}");
        }
        let answer = answer(DeviceKind::Integrated, &measured, &reading).unwrap();
        assert!(answer.contains("after a start-up of 5.0") && answer.contains("20.0 GB/s after 5.0"), "{answer}");
    }

    #[test]
    fn a_transfer_is_told_in_one_breath() {
        let measured = transfers();
        let text = answer(DeviceKind::Discrete, &measured, &read(&measured, TransferMethod::Staged)).unwrap();
        assert!(
            text.starts_with("Data reach this GPU at 9.9") && text.contains("come back at 10.0 GB/s after 20."),
            "{text}"
        );
    }

    #[test]
    fn if_the_law_is_refused_the_rates_are_told() {
        let mut measured = transfers();
        measured.cases.retain(|case| case.problem.n() >= 1 << 20);
        let text = answer(DeviceKind::Discrete, &measured, &read(&measured, TransferMethod::Staged)).unwrap();
        assert!(text.starts_with("At the largest size, data reach this GPU at 9.9"), "{text}");
    }

    #[test]
    fn if_no_other_method_is_faster_staging_stays() {
        let mut measured = transfers();
        measured.cases.retain(|case| case.series != Series::Transfer(TransferMethod::Mapped));
        let text = said(&measured);
        assert!(text.contains("Upload: 32 MiB take 3.") && text.contains("stay with reused staging; 128 B"), "{text}");
        measured.cases.clear();
        assert_eq!(said(&measured), "");
    }
}
