//! Writes the laps of a job into the record of its case.

use std::collections::BTreeMap;

use crate::device::cpu::tiny_task;
use crate::device::{Device, Lap, Repetition};
use crate::record::{Baseline, Case, Clock, Measurement, Phase, Problem, Series, Timing, Verified};
use crate::units::count;
use crate::workload::Workload;

/// Returns the phases that the device never reports, each with a reason.
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
        verified: Verified::NoOutput { reason: "not checked yet".to_owned() },
        stopped: None,
        wall: Vec::new(),
        phases,
    }
}

/// Returns the set-up times among the laps, in seconds.
pub(super) fn set_ups(laps: &[Lap]) -> Vec<f64> {
    laps.iter().filter(|lap| lap.phase == Phase::SetUp).map(|lap| lap.seconds).collect()
}

/// Adds the laps of one repetition to a case.
///
/// Samples of two clocks are never mixed. If the kernel's clock changes, all repeated phases start again. For a kernel
/// timed in parts, `floor` is the launch floor in seconds: each part contains it, but a whole kernel contains it only
/// once.
pub(super) fn record_repetition(case: &mut Measurement, repetition: Repetition, floor: f64) {
    let Repetition { laps, wall, rejected, clamped, .. } = repetition;
    case.rejected_timestamps += rejected;
    case.clamped_launches += u32::from(clamped);
    let changed =
        |lap: &Lap| lap.phase == Phase::Kernel && case.clock(Phase::Kernel).is_some_and(|clock| clock != lap.clock);
    if laps.iter().any(changed) {
        for (_, timing) in case.phases.iter_mut().filter(|(phase, timing)| phase.is_repeated() && timing.is_taken()) {
            *timing = Timing::absent("measured again with another clock");
        }
        case.wall.clear();
        if case.transfers_every > 1 && !moves(&laps) {
            // The first repetition that counts must have transfers.
            return;
        }
    }
    case.wall.push(wall);
    for lap in laps {
        if case.parts > 1 && lap.phase == Phase::Kernel {
            // This clock has already subtracted an empty dispatch, floor included.
            let floor = if lap.clock == Clock::HostLessEmpty { 0.0 } else { floor };
            record(case, Lap { phase: Phase::Part, ..lap });
            record(case, Lap { seconds: whole(lap.seconds, case.parts, floor), ..lap });
        } else {
            record(case, lap);
        }
    }
}

/// Returns whether the laps include a transfer.
fn moves(laps: &[Lap]) -> bool {
    laps.iter().any(|lap| lap.phase.is_transfer())
}

/// Returns the time of a whole kernel in seconds, launch floor included. `part` is the time of one of its equal parts.
pub(super) fn whole(part: f64, parts: u32, floor: f64) -> f64 {
    f64::from(parts) * (part - floor).max(0.0) + floor
}

/// Adds a lap to a case.
pub(super) fn record(case: &mut Measurement, lap: Lap) {
    let timing = case.phases.entry(lap.phase).or_insert_with(|| Timing::absent("not taken"));
    match timing {
        Timing::Samples { clock, seconds } if *clock == lap.clock => seconds.push(lap.seconds),
        _ => *timing = Timing::Samples { clock: lap.clock, seconds: vec![lap.seconds] },
    }
}

/// Describes a case in words.
pub(super) fn describe(workload: &dyn Workload, case: &Case) -> String {
    let size = match case.problem {
        Problem::Vector { n } => format!("{} elements", count(n)),
        Problem::Chain { n, k } => format!("{} elements of {} multiply-adds", count(n), count(k)),
        Problem::Matrix { m, k, n } => {
            let [m, k, n] = [m, k, n].map(count);
            format!("{m} x {k} times {k} x {n}")
        }
        Problem::Branches { n, branches, k, run } => {
            let [n, branches, k, run] = [n, branches, k, run].map(count);
            format!("{n} elements of {k} multiply-adds on {branches} paths, {run} neighbours on the same")
        }
        Problem::Batch { n } => format!("a batch of {} rows", count(n)),
    };
    let workers = match case.workers {
        1 if case.is_baseline() => "1 CPU thread".to_owned(),
        threads if case.is_baseline() => format!("{threads} CPU threads"),
        1 => "1 worker".to_owned(),
        workers => format!("{} workers in workgroups of {}", count(workers), count(case.workgroup_size.into())),
    };
    let dispatches = if case.dispatches > 1 { format!(", {} dispatches", case.dispatches) } else { String::new() };
    let parts = if case.parts > 1 { format!(", one of {} parts at a time", case.parts) } else { String::new() };
    let slices = if case.slices > 1 { format!(", cut into {} launches", case.slices) } else { String::new() };
    let series = if case.series == Series::Device { String::new() } else { format!(", {}", case.series) };
    let variant = case.variant.map_or(String::new(), |variant| format!("/{variant}"));
    format!("{}{variant}, {size}, {workers}{dispatches}{slices}{parts}{series}", workload.name())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workload;

    /// Three parts of 4 s, each with a floor of 1 s: 3 x 3 s, and the floor once.
    #[test]
    fn a_kernel_in_parts_has_the_floor_once() {
        assert_eq!(whole(4.0, 3, 1.0), 10.0);
        assert_eq!(whole(4.0, 1, 1.0), 4.0);
        let planned = Case { parts: 3, ..Case::new(Problem::Vector { n: 9 }, 1, 8) };
        let mut case = blank(planned, workload::EMPTY, BTreeMap::new());
        let laps = vec![Lap { phase: Phase::Kernel, clock: Clock::Gpu, seconds: 4.0 }];
        record_repetition(&mut case, Repetition { laps, wall: 5.0, ..Repetition::default() }, 1.0);
        assert_eq!((case.seconds(Phase::Kernel), case.seconds(Phase::Part)), (&[10.0][..], &[4.0][..]));
        let laps = vec![Lap { phase: Phase::Kernel, clock: Clock::HostLessEmpty, seconds: 4.0 }];
        record_repetition(&mut case, Repetition { laps, wall: 5.0, ..Repetition::default() }, 1.0);
        assert_eq!(case.seconds(Phase::Kernel), [12.0], "the fallback has no floor in it");
    }

    #[test]
    fn samples_of_two_clocks_are_never_mixed() {
        let mut case = blank(Case::new(Problem::Vector { n: 10 }, 1, 8), workload::EMPTY, BTreeMap::new());
        let lap = |clock, seconds| Lap { phase: Phase::Kernel, clock, seconds };
        let upload = Lap { phase: Phase::Upload, clock: Clock::Host, seconds: 0.5 };
        let repetition = |kernel, rejected| Repetition {
            laps: vec![upload, kernel],
            wall: 1.5,
            rejected,
            clamped: rejected > 0,
            ..Repetition::default()
        };
        record_repetition(&mut case, repetition(lap(Clock::Gpu, 1.0), 0), 0.0);
        record_repetition(&mut case, repetition(lap(Clock::Gpu, 2.0), 0), 0.0);
        assert_eq!(case.seconds(Phase::Kernel), [1.0, 2.0]);
        record_repetition(&mut case, repetition(lap(Clock::HostLessEmpty, 3.0), 8), 0.0);
        assert_eq!(case.wall, [1.5]);
        assert_eq!(case.seconds(Phase::Kernel), [3.0]);
        assert_eq!(case.seconds(Phase::Upload), [0.5], "the laps of a repetition belong together");
        assert_eq!(case.clock(Phase::Kernel), Some(Clock::HostLessEmpty));
        assert_eq!((case.rejected_timestamps, case.clamped_launches), (8, 1));
    }
}
