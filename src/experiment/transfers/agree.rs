//! What moving data takes here, against what it takes as a phase of the jobs of other experiments.

use super::read::{DIRECTIONS, Reading, bytes, times};
use crate::experiment::View;
use crate::experiment::agreement::{Agreement, asleep};
use crate::experiment::cases;
use crate::page::words;
use crate::record::{Check, Measured, Measurement, Phase, Problem, Run};
use crate::stats::{Estimate, Summary};
use crate::units;

/// Factor by which a transfer may differ between two experiments beside its intervals: other data lie in the caches.
const BETWEEN: f64 = 1.5;

/// Factor that cold caches and threads that must wake explain at most: 2.4 was seen on llvmpipe, after a kernel of
/// 55 ms.
const COLD: f64 = 3.0;

/// Factor by which a kernel that leaves them cold is longer than the transfer.
const LONG: f64 = 10.0;

/// Fewer samples have no interval that says anything.
const FEWEST: usize = 6;

/// Checks every upload and every read-back of other experiments by the usual method, the furthest apart first.
pub(super) fn checks(view: View<'_, Reading>) -> Vec<Check> {
    DIRECTIONS.into_iter().flat_map(|phase| agreements(view, phase)).map(Agreement::check).collect()
}

fn agreements(View { run, measured, reading }: View<'_, Reading>, phase: Phase) -> Vec<Agreement> {
    let curve = Curve::of(measured, reading, phase);
    let others = run.experiments.iter().filter(|other| other.name != measured.name);
    let cases = others.flat_map(|other| other.cases.iter().map(move |case| (other, case)));
    let same_method = cases.filter(|(_, case)| case.transfer == Some(reading.usual));
    let mut all: Vec<Agreement> =
        same_method.filter_map(|(other, case)| agreement(run, curve.as_ref()?, phase, other, case)).collect();
    let apart =
        |Agreement { first, second, .. }: &Agreement| (first.1.low / second.1.high).max(second.1.low / first.1.high);
    all.sort_by(|one, other| apart(other).total_cmp(&apart(one)));
    all
}

fn agreement(run: &Run, curve: &Curve, phase: Phase, other: &Measured, case: &Measurement) -> Option<Agreement> {
    let there = Summary::of(case.seconds(phase)).filter(|there| there.count >= FEWEST)?;
    let moved = bytes(case, phase);
    let here = curve.at_most_apart(moved as f64, buffers(case, phase)?)?;
    Some(Agreement {
        name: match phase {
            Phase::Upload => "upload in transfers against other experiments",
            _ => "read-back in transfers against other experiments",
        },
        place: format!(
            "{} {}, {}, {}, {}, {}",
            other.name,
            words::workload(other),
            words::amount(case.problem),
            case.series,
            units::bytes(moved as f64),
            case.transfer?.name()
        ),
        first: ("in transfers", here),
        second: ("there", there.estimate()),
        factor: BETWEEN,
        unit: units::seconds,
        cause: cold(case, here, &there).or_else(|| asleep(run, here, there.estimate())),
    })
}

/// Why a transfer takes longer there, if a long kernel runs before it.
fn cold(case: &Measurement, here: Estimate, there: &Summary) -> Option<String> {
    let kernel = cases::phase(case, Phase::Part).or_else(|| cases::phase(case, Phase::Kernel))?;
    let is_cold = there.low > here.high && there.low <= COLD * here.high && kernel >= LONG * here.value;
    is_cold.then(|| format!("a kernel of {} before it leaves caches and threads cold", units::seconds(kernel)))
}

/// Buffers that the data of a direction lie in; `None` for problems that do not tell.
fn buffers(case: &Measurement, phase: Phase) -> Option<u64> {
    match case.problem {
        _ if phase == Phase::ReadBack => Some(1),
        Problem::Vector { n } => Some(case.upload_bytes / (4 * n).max(1)),
        Problem::Matrix { .. } => Some(2),
        _ => None,
    }
}

/// The times of the usual method by bytes.
struct Curve {
    /// Ascending by bytes.
    points: Vec<(f64, Estimate)>,
    /// Buffers that each transfer fills or reads.
    buffers: u64,
}

impl Curve {
    fn of(measured: &Measured, reading: &Reading, phase: Phase) -> Option<Self> {
        let timed = times(measured, reading.usual, phase);
        let buffers = buffers(timed.first()?.0, phase)?;
        let mut points: Vec<(f64, Estimate)> =
            timed.into_iter().map(|(case, time)| (bytes(case, phase) as f64, time.estimate())).collect();
        points.sort_by(|one, other| one.0.total_cmp(&other.0));
        Some(Self { points, buffers })
    }

    /// Returns the time of a size: as measured, or on the line between its neighbours.
    fn at(&self, bytes: f64) -> Option<Estimate> {
        if let Some((_, same)) = self.points.iter().find(|(size, _)| *size == bytes) {
            return Some(*same);
        }
        let above = self.points.iter().position(|(size, _)| *size > bytes).filter(|above| *above > 0)?;
        let [(from, least), (to, most)] = [self.points[above - 1], self.points[above]];
        let share = (bytes - from) / (to - from);
        let on_line = |end: fn(Estimate) -> f64| end(least) + share * (end(most) - end(least));
        Estimate::finite(on_line(|time| time.value), on_line(|time| time.low), on_line(|time| time.high))
    }

    /// Returns the time of a size in so many buffers: that of one transfer at the least, and at the most that of one
    /// after the other. `None` for fewer buffers than were measured.
    fn at_most_apart(&self, bytes: f64, buffers: u64) -> Option<Estimate> {
        let parts = (buffers / self.buffers.max(1)) as f64;
        let (together, each) = (self.at(bytes)?, self.at(bytes / parts)?);
        Some(Estimate { high: together.high.max(parts * each.high), ..together })
    }
}

#[cfg(test)]
mod tests {
    use super::super::read::read;
    use super::*;
    use crate::experiment::fixture::{self, transfers};
    use crate::record::TransferMethod;

    /// 4 MiB of two vectors in 439 µs and 2 MiB back in 230 µs by the planted line of reused staging, which lie between
    /// sizes that were measured. In another experiment they are longer by these factors,
    /// around a kernel of some seconds.
    fn checked(times: [f64; 2], kernel: f64, method: TransferMethod) -> Vec<Check> {
        let n = 1u64 << 19;
        let seconds = [8.0, 4.0].map(|each| 20e-6 + each * n as f64 / 10e9);
        let mut case = fixture::on_device(Problem::Vector { n }, n);
        case.transfer = Some(method);
        let phases = fixture::phases(kernel, times[0] * seconds[0], 30e-6, times[1] * seconds[1], 5);
        let other = fixture::measured("problem-size", "saxpy", vec![fixture::case(case, phases)]);
        let run = fixture::run(vec![transfers(), other]);
        let measured = &run.experiments[0];
        let reading = read(measured, TransferMethod::Staged);
        checks(View { run: &run, measured, reading: &reading })
    }

    #[test]
    fn a_phase_that_contradicts_the_transfers_fails() {
        let passed = |times| checked(times, 1e-5, TransferMethod::Staged).iter().map(|check| check.passed).collect();
        let both: Vec<bool> = passed([1.3, 0.8]);
        assert_eq!(both, [true, true]);
        let [up, down]: [Vec<bool>; 2] = [passed([1.7, 1.0]), passed([1.0, 0.6])];
        assert_eq!((up, down), (vec![false, true], vec![true, false]));
        let told = checked([1.7, 1.0], 1e-5, TransferMethod::Staged);
        let words = "problem-size saxpy, 524,288 elements, device, 4 MiB, staged: in transfers 4";
        assert!(told[0].detail.starts_with(words), "{}", told[0].detail);
    }

    #[test]
    fn what_a_long_kernel_leaves_cold_is_no_contradiction_within_limits() {
        let upload = |times: f64| checked([times, 1.0], 1e-2, TransferMethod::Staged).swap_remove(0);
        let cold = upload(2.0);
        assert!(cold.passed && cold.detail.ends_with("leaves caches and threads cold"), "{}", cold.detail);
        assert!(!upload(4.0).passed, "that is more than cold caches explain");
        assert!(!upload(0.5).passed, "and a kernel makes no transfer faster");
    }

    #[test]
    fn only_the_same_way_is_compared() {
        assert_eq!(checked([9.0, 9.0], 1e-5, TransferMethod::Mapped), []);
    }

    #[test]
    fn two_buffers_take_up_to_two_transfers() {
        let flat = |size: f64| (size, Estimate { value: 1e-4, low: 0.9e-4, high: 1.1e-4 });
        let curve = Curve { points: vec![flat(1e3), flat(1e6)], buffers: 1 };
        let [one, two] = [1, 2].map(|buffers| curve.at_most_apart(1e4, buffers).unwrap());
        assert!((one.high - 1.1e-4).abs() < 1e-12 && (two.high - 2.2e-4).abs() < 1e-12, "{one:?} {two:?}");
        assert_eq!((one.low, one.value), (two.low, two.value));
        assert!(Curve { buffers: 2, ..curve }.at_most_apart(1e4, 1).is_none(), "less was not measured");
    }
}
