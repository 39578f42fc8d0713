//! From laps to the case in the record.

use std::collections::BTreeMap;

use crate::device::cpu::tiny_task;
use crate::device::{Device, Lap, Repetition};
use crate::record::{Baseline, Case, Measurement, Phase, Problem, Series, Timing, Verified};
use crate::workload::Workload;

/// The phases that the device never reports, each with its reason.
pub(super) fn absent<D: Device>(device: &D) -> BTreeMap<Phase, Timing> {
    Phase::ALL.into_iter().map(|phase| (phase, device.absent(phase))).collect()
}

/// Returns a measurement of the case with no samples yet.
pub(super) fn blank(case: Case, workload: &dyn Workload, phases: BTreeMap<Phase, Timing>) -> Measurement {
    let upload_bytes = 4 * workload.input_lengths(case.problem).iter().sum::<u64>();
    let read_back_bytes = 4 * workload.output_length(case.problem);
    Measurement {
        case: Case { transfer: case.transfer.filter(|_| upload_bytes + read_back_bytes > 0), ..case },
        flop: workload.flop(case.problem),
        bytes: workload.bytes(case.problem),
        upload_bytes,
        read_back_bytes,
        rejected_timestamps: 0,
        clamped_launches: 0,
        task_elements: (case.series == Series::Baseline(Baseline::TinyTasks))
            .then(|| tiny_task(workload, case.problem)),
        device_bytes: None,
        own_set_up: None,
        verified: Verified::NoOutput { reason: "not verified yet".to_owned() },
        stopped: None,
        wall: Vec::new(),
        phases,
    }
}

/// The set-ups among the laps, in seconds.
pub(super) fn set_ups(laps: &[Lap]) -> Vec<f64> {
    laps.iter().filter(|lap| lap.phase == Phase::SetUp).map(|lap| lap.seconds).collect()
}

/// Adds the laps of one repetition to a case. Samples of two clocks are never mixed: where the kernel's clock changes,
/// all phases of the repetitions start again.
pub(super) fn record_repetition(case: &mut Measurement, repetition: Repetition) {
    let Repetition { laps, wall, rejected, clamped } = repetition;
    case.rejected_timestamps += rejected;
    case.clamped_launches += u32::from(clamped);
    let changed =
        |lap: &Lap| lap.phase == Phase::Kernel && case.clock(Phase::Kernel).is_some_and(|clock| clock != lap.clock);
    if laps.iter().any(changed) {
        for lap in &laps {
            case.phases.insert(lap.phase, Timing::absent("started again with another clock"));
        }
        case.wall.clear();
    }
    case.wall.push(wall);
    for lap in laps {
        record(case, lap);
    }
}

/// Adds a lap to a case.
pub(super) fn record(case: &mut Measurement, lap: Lap) {
    let timing = case.phases.entry(lap.phase).or_insert_with(|| Timing::absent("not taken"));
    match timing {
        Timing::Samples { clock, seconds } if *clock == lap.clock => seconds.push(lap.seconds),
        _ => *timing = Timing::Samples { clock: lap.clock, seconds: vec![lap.seconds] },
    }
}

/// Returns a case in words.
pub(super) fn describe(workload: &dyn Workload, case: &Case) -> String {
    let size = match case.problem {
        Problem::Vector { n } => format!("n = {n}"),
        Problem::Chain { n, k } => format!("n = {n} with {k} multiply-adds each"),
        Problem::Matrix { m, k, n } => format!("{m} x {k} times {k} x {n}"),
        Problem::Branches { n, branches, k, run } => {
            format!("n = {n} on {branches} paths, {k} multiply-adds each, {run} neighbours on the same")
        }
        Problem::Batch { n } => format!("a batch of {n}"),
    };
    let workers = match case.workers {
        1 if case.is_baseline() => "one CPU thread".to_owned(),
        threads if case.is_baseline() => format!("{threads} CPU threads"),
        1 => "one worker".to_owned(),
        workers => format!("{workers} workers in workgroups of {}", case.workgroup_size),
    };
    let dispatches = if case.dispatches > 1 { format!(", {} dispatches", case.dispatches) } else { String::new() };
    let slices = if case.slices > 1 { format!(", cut into {} launches", case.slices) } else { String::new() };
    let series = if case.series == Series::Device { String::new() } else { format!(", {}", case.series) };
    format!("{}, {size}, {workers}{dispatches}{slices}{series}", workload.name())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::Clock;
    use crate::workload;

    #[test]
    fn samples_of_two_clocks_are_never_mixed() {
        let mut case = blank(Case::new(Problem::Vector { n: 10 }, 1, 8), workload::EMPTY, BTreeMap::new());
        let lap = |clock, seconds| Lap { phase: Phase::Kernel, clock, seconds };
        let upload = Lap { phase: Phase::Upload, clock: Clock::Host, seconds: 0.5 };
        let repetition =
            |kernel, rejected| Repetition { laps: vec![upload, kernel], wall: 1.5, rejected, clamped: rejected > 0 };
        record_repetition(&mut case, repetition(lap(Clock::Gpu, 1.0), 0));
        record_repetition(&mut case, repetition(lap(Clock::Gpu, 2.0), 0));
        assert_eq!(case.seconds(Phase::Kernel), [1.0, 2.0]);
        record_repetition(&mut case, repetition(lap(Clock::HostLessEmpty, 3.0), 8));
        assert_eq!(case.wall, [1.5]);
        assert_eq!(case.seconds(Phase::Kernel), [3.0]);
        assert_eq!(case.seconds(Phase::Upload), [0.5], "the laps of a repetition belong together");
        assert_eq!(case.clock(Phase::Kernel), Some(Clock::HostLessEmpty));
        assert_eq!((case.rejected_timestamps, case.clamped_launches), (8, 1));
    }
}
