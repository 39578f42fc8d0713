//! What moving data costs: which path to take, and what first touch costs.

use crate::law::hockney::HockneyFit;
use crate::law::{self, Verdict};
use crate::page::reason::reason;
use crate::page::words;
use crate::record::{Case, Experiment, Fit, Phase, Run};
use crate::stats::{Estimate, Summary};
use crate::units;

/// The path that programs take unless they choose another.
pub(crate) const USUAL: &str = "staged";

/// The path whose memory is new each time.
const FRESH: &str = "fresh";

/// Both directions.
pub(crate) const DIRECTIONS: [Phase; 2] = [Phase::Upload, Phase::ReadBack];

/// Bytes that a case moves in a direction.
pub(crate) fn bytes(case: &Case, phase: Phase) -> u64 {
    if phase == Phase::Upload { case.upload_bytes } else { case.read_back_bytes }
}

/// Whether a path leads in that direction.
pub(crate) fn leads(path: &str, phase: Phase) -> bool {
    phase == Phase::Upload || path != "write-buffer"
}

/// The paths that were measured in a direction, in the order of the record.
pub(crate) fn paths(experiment: &Experiment, phase: Phase) -> Vec<&str> {
    let mut paths: Vec<&str> = Vec::new();
    for path in experiment.cases.iter().filter_map(|case| case.path.as_deref()) {
        if leads(path, phase) && !paths.contains(&path) {
            paths.push(path);
        }
    }
    paths
}

/// The sizes that a path moved in a direction, with their times.
pub(crate) fn times<'a>(experiment: &'a Experiment, path: &str, phase: Phase) -> Vec<(&'a Case, Summary)> {
    let on_path = experiment.cases.iter().filter(|case| case.path.as_deref() == Some(path));
    on_path.filter_map(|case| Some((case, Summary::of(case.seconds(phase))?))).collect()
}

/// The line of a path in a direction.
pub(crate) fn line<'a>(experiment: &'a Experiment, wanted: &str, direction: Phase) -> Option<&'a HockneyFit> {
    experiment.fits.iter().find_map(|fit| match fit {
        Fit::Transfer { path, phase, fit } if path == wanted && *phase == direction => Some(fit),
        _ => None,
    })
}

/// For each direction what the usual path costs, and which one to take instead; and what first touch costs.
pub(super) fn sentences(experiment: &Experiment) -> Vec<String> {
    let usual = DIRECTIONS.into_iter().filter_map(|phase| usual(experiment, phase));
    let best = DIRECTIONS.into_iter().filter_map(|phase| best(experiment, phase));
    usual.chain(best).chain(first_touch(experiment)).collect()
}

fn noun(phase: Phase) -> String {
    words::capital(words::phase(phase))
}

/// Start-up and rate of the usual path.
fn usual(experiment: &Experiment, phase: Phase) -> Option<String> {
    let fit = line(experiment, USUAL, phase)?;
    let what = format!("{} through reused staging", noun(phase));
    if fit.verdict != Verdict::Accepted {
        let (case, time) = times(experiment, USUAL, phase).pop()?;
        let moved = bytes(case, phase) as f64;
        return Some(format!(
            "{what} moves {} in {}, {}; start-up and rate are not told apart ({}: {}).",
            units::bytes(moved),
            words::seconds(time.estimate()),
            units::bandwidth(moved / time.median),
            fit.verdict,
            reason(&fit.reason).trim_end_matches('.'),
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

/// Start-up and rate of the usual path both ways, in one sentence to be read aloud; where either is refused, nothing.
pub(super) fn aloud(run: &Run, experiment: &Experiment) -> Option<String> {
    let cost = |phase| {
        let fit = line(experiment, USUAL, phase)?;
        Some((words::about(fit.latency()?), units::bandwidth(fit.rate()?.value)))
    };
    let ((there, up), (back, down)) = (cost(Phase::Upload)?, cost(Phase::ReadBack)?);
    Some(format!(
        "Data reach {} at {up} after a start-up of {there}, and come back at {down} after {back}.",
        words::device(run.device.kind)
    ))
}

/// The fastest path against the usual one, for the most data and for the least.
fn best(experiment: &Experiment, phase: Phase) -> Option<String> {
    let sizes = times(experiment, USUAL, phase);
    let (least, most) = (sizes.first()?, sizes.last()?);
    let sentence = |own: &(&Case, Summary)| {
        let text = compared(experiment, phase, own)?;
        Some(format!("{} {text}", units::bytes(bytes(own.0, phase) as f64)))
    };
    let small = if least.0.problem == most.0.problem { None } else { sentence(least) };
    let small = small.map_or(String::new(), |text| format!("; {text}"));
    Some(format!("{}: {}{small}.", noun(phase), sentence(most)?))
}

/// The fastest of the other paths beside one time of the usual path.
fn compared(experiment: &Experiment, phase: Phase, (case, own): &(&Case, Summary)) -> Option<String> {
    let others = paths(experiment, phase).into_iter().filter(|path| *path != USUAL);
    let timed: Vec<(&str, Summary)> = others
        .filter_map(|path| {
            let mut same = times(experiment, path, phase).into_iter();
            same.find(|(other, _)| other.problem == case.problem).map(|(_, time)| (path, time))
        })
        .collect();
    let (path, time) = timed.iter().min_by(|(_, one), (_, other)| one.median.total_cmp(&other.median))?;
    let ratio: Estimate = law::ratio(own, time)?;
    let (own, time) = (words::seconds(own.estimate()), words::seconds(time.estimate()));
    Some(if ratio.low > 1.0 {
        format!("by {path} take {time} instead of {own} through reused staging: {} less", words::times(ratio))
    } else if ratio.high < 1.0 {
        format!("take {own} through reused staging, and {time} by the next best path, {path}: stay with staging")
    } else {
        format!("take {own} through reused staging and {time} by {path}: the two cannot be told apart")
    })
}

/// What new staging costs at the largest size.
fn first_touch(experiment: &Experiment) -> Option<String> {
    let phase = Phase::Upload;
    let (case, warm) = times(experiment, USUAL, phase).pop()?;
    let (_, fresh) = times(experiment, FRESH, phase).into_iter().find(|(other, _)| other.problem == case.problem)?;
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
    use super::*;
    use crate::finding::fixture::{run, transfers};

    #[test]
    fn the_path_to_take_is_named_with_ratio_and_absolutes() {
        let text = sentences(&transfers()).join("\n");
        for words in [
            "Upload through reused staging costs 20.",
            "Upload: 32 MiB by mapped take 1.",
            "; 64 B by mapped take 5.",
            "Make staging buffers once",
        ] {
            assert!(text.contains(words), "{words} in {text}");
        }
        assert!(!text.contains("by write-buffer take"), "{text}");
    }

    #[test]
    fn a_transfer_is_told_in_one_breath() {
        let run = run(vec![transfers()]);
        let text = aloud(&run, &run.experiments[0]).unwrap();
        assert!(
            text.starts_with("Data reach this GPU at 9.9") && text.contains("come back at 10.0 GB/s after 20."),
            "{text}"
        );
    }

    #[test]
    fn where_no_other_path_is_faster_staging_stays() {
        let mut experiment = transfers();
        experiment.cases.retain(|case| case.path.as_deref() != Some("mapped"));
        let text = sentences(&experiment).join("\n");
        assert!(text.contains("Upload: 32 MiB take 3.") && text.contains("stay with staging; 128 B"), "{text}");
        experiment.cases.clear();
        experiment.fits.clear();
        assert!(sentences(&experiment).is_empty());
    }
}
