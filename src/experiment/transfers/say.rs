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

/// Start-up and rate of the usual method; the largest transfer if no law fits.
fn usual(measured: &Measured, reading: &Reading, phase: Phase) -> Option<String> {
    let fit = reading.line(reading.usual, phase)?;
    let what = format!("{}, {}", noun(phase), reading.usual.name());
    if !fit.verdict.is_accepted() {
        // The comparison with the other methods tells the same times.
        if best(measured, reading.usual, phase).is_some() {
            return None;
        }
        let (case, time) = times(measured, reading.usual, phase).pop()?;
        let moved = bytes(case, phase) as f64;
        return Some(format!(
            "{what}: {} take {}, {}. No single start-up and rate fit all sizes.",
            units::bytes(moved),
            words::seconds(time.estimate()),
            units::bandwidth(moved / time.median),
        ));
    }
    let (latency, rate, half) = (fit.latency()?, fit.rate()?, fit.half_size()?);
    Some(format!(
        "{what}: every transfer pays {} first, then {}. Below {} you get less than half that rate.",
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
            "An upload to {device} takes {there} plus the bytes at {up}; a read-back {back} plus {down}."
        ));
    }
    let rate = |phase| {
        let (case, time) = times(measured, reading.usual, phase).pop()?;
        Some(units::bandwidth(bytes(case, phase) as f64 / time.median))
    };
    let [up, down] = DIRECTIONS.map(rate);
    Some(format!("The largest uploads to {device} reach {}, the largest read-backs {}.", up?, down?))
}

/// The fastest method against the usual one, for the most data and for the least.
fn best(measured: &Measured, usual: TransferMethod, phase: Phase) -> Option<String> {
    let sizes = times(measured, usual, phase);
    let (least, most) = (sizes.first()?, sizes.last()?);
    let sentence = |own: &(&Measurement, Summary)| {
        let text = compared(measured, usual, phase, own)?;
        Some(format!("{} of {}: {text}.", noun(phase), units::bytes(bytes(own.0, phase) as f64)))
    };
    let small = if least.0.problem == most.0.problem { None } else { sentence(least) };
    let small = small.map_or(String::new(), |text| format!(" {text}"));
    Some(format!("{}{small}", sentence(most)?))
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
    let [usual, method] = [usual, *method].map(TransferMethod::name);
    let ratio: Estimate = law::ratio(own, time)?;
    let (own, time) = (words::seconds(own.estimate()), words::seconds(time.estimate()));
    Some(if ratio.low > 1.0 {
        format!("{time} {method}, {own} {usual}: {method} is {}", words::faster(ratio))
    } else if ratio.high < 1.0 {
        format!("{own} {usual}, {time} {method}, the next best: {usual} is the fastest")
    } else {
        format!("{own} {usual}, {time} {method}: as fast")
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
        "New memory is slow at first: {} through a new staging buffer take {}, {} as long as through a kept one. Keep \
         staging buffers.",
        units::bytes(bytes(case, phase) as f64),
        words::seconds(fresh.estimate()),
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
            "Upload, staged: every transfer pays 20.",
            "Upload of 32 MiB: 1.",
            "mapped is 2.0",
            " Read-back of 64 B: 5.",
            "Keep staging buffers",
        ] {
            assert!(text.contains(words), "{words} in {text}");
        }
        assert!(!text.contains("write-buffer"), "{text}");
    }

    /// On a GPU that shares the host's memory the data of all other sections take the way of mapped buffers.
    #[test]
    fn the_sentences_speak_of_the_usual_method_of_the_device() {
        let measured = transfers();
        let reading = read(&measured, TransferMethod::Mapped);
        let text = sentences(&measured, &reading).join("\n");
        for words in [
            "Upload, mapped: every transfer pays 5.0",
            "Upload of 32 MiB: 1.",
            " staged, the next best: mapped is the fastest. Upload of 128 B",
            "through a new staging buffer take",
        ] {
            assert!(text.contains(words), "{words} in {text}");
        }
        let answer = answer(DeviceKind::Integrated, &measured, &reading).unwrap();
        assert!(answer.contains("takes 5.0") && answer.contains("plus 20.0 GB/s."), "{answer}");
    }

    #[test]
    fn a_transfer_is_told_in_one_breath() {
        let measured = transfers();
        let text = answer(DeviceKind::Discrete, &measured, &read(&measured, TransferMethod::Staged)).unwrap();
        assert!(text.starts_with("An upload to this GPU takes 20.") && text.ends_with("plus 10.0 GB/s."), "{text}");
    }

    #[test]
    fn if_the_law_is_refused_the_rates_are_told() {
        let mut measured = transfers();
        measured.cases.retain(|case| case.problem.n() >= 1 << 20);
        let text = answer(DeviceKind::Discrete, &measured, &read(&measured, TransferMethod::Staged)).unwrap();
        assert!(text.starts_with("The largest uploads to this GPU reach 9.9"), "{text}");
    }

    #[test]
    fn if_no_other_method_is_faster_staging_stays() {
        let mut measured = transfers();
        measured.cases.retain(|case| case.series != Series::Transfer(TransferMethod::Mapped));
        let text = said(&measured);
        assert!(
            text.contains("Upload of 32 MiB: 3.") && text.contains("staged is the fastest. Upload of 128 B"),
            "{text}"
        );
        measured.cases.clear();
        assert_eq!(said(&measured), "");
    }
}
