//! A planted law: the times of a device of which nothing is known but a formula.

use super::super::Spec;
use crate::record::{LaunchStyle, Problem, TransferMethod};

/// Seconds that one worker takes for one flop; a byte takes as long as so many flop as the ridge says.
const SECONDS_PER_WORK: f64 = 1e-9;

/// Bytes per second of a transfer through reused staging.
pub(super) const TRANSFER_RATE: f64 = 10e9;

/// Start-up of a transfer by mapped buffers, as a share of a launch.
pub(super) const MAPPED: f64 = 0.5;

/// Lanes of a subgroup.
pub(super) const LANES: u32 = 32;

/// What checks cost on a modelled GPU: nothing is known of it but that it is little.
pub(super) const COSTS_OF_CHECKS: PlantedLaw =
    PlantedLaw { bounds: 0.03, loop_bounds: 0.01, zero_init: 0.01, ..PlantedLaw::PLAIN };

/// The planted law: `T(p) = T(1) (s + max(w, o c) + (1 - o) c)`.
///
/// The work `w = (1 - s) / min(p, knee)` takes `straggler` times as long on several workers, since all wait for the
/// slow one, and is done `cache-gain` times faster from `cache` workers on, since each one's share fits into its cache.
/// The communication `c = a + b log2 p + kappa (p - 1)` of several workers hides behind the work up to a share o.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PlantedLaw {
    /// Serial fraction s of the kernel, 0 to 1.
    pub serial: f64,
    /// Workers at which the hardware is full.
    pub knee: f64,
    /// Workers from which on each one's share of the data fits into its cache; infinite for never.
    pub cache: f64,
    /// How many times faster the work is done then.
    pub cache_gain: f64,
    /// How many times as long the slowest of several workers takes for its share.
    pub straggler: f64,
    /// a: what several workers pay for communication, however many they are, as a share of the time on one.
    pub communication: f64,
    /// b: what each doubling of the workers adds to that, as a share of the time on one.
    pub per_doubling: f64,
    /// o: share of the communication that hides behind the work, 0 to 1.
    pub overlap: f64,
    /// Flop per byte at which a kernel turns from memory-bound to compute-bound.
    pub ridge: f64,
    /// Cost of each further worker, as a share of the time on one.
    pub kappa: f64,
    /// Time of one launch that is waited for, in seconds; cheaper launch styles take a fixed share of it.
    pub launch: f64,
    /// Share of the kernel's time that bounds checks take.
    pub bounds: f64,
    /// Share of the kernel's time that loop bounds take.
    pub loop_bounds: f64,
    /// Share of the kernel's time that clearing workgroup memory takes, if there is any.
    pub zero_init: f64,
    /// What each further path adds that the lanes of a subgroup take, as a share of the time of one.
    pub divergence: f64,
    /// Standard deviation of the logarithm of every time.
    pub noise: f64,
    /// Share of job runs that something disturbs: they take three times as long.
    pub tail: f64,
    /// Share by which everything gets slower within a thousand job runs.
    pub drift: f64,
}

impl PlantedLaw {
    /// What is planted if nothing else is asked for.
    const PLAIN: Self = Self {
        serial: 0.001,
        knee: 4096.0,
        cache: f64::INFINITY,
        cache_gain: 1.5,
        straggler: 1.0,
        communication: 0.0,
        per_doubling: 0.0,
        overlap: 0.0,
        ridge: 1.0,
        kappa: 0.0,
        launch: 20e-6,
        bounds: 0.0,
        loop_bounds: 0.0,
        zero_init: 0.0,
        divergence: 1.0,
        noise: 0.03,
        tail: 0.0,
        drift: 0.0,
    };
}

impl Default for PlantedLaw {
    fn default() -> Self {
        Self::PLAIN
    }
}

impl PlantedLaw {
    /// Seconds of a kernel.
    pub(super) fn kernel(&self, spec: &Spec) -> f64 {
        let work = spec.workload.flop(spec.case.problem).max(self.ridge * spec.workload.bytes(spec.case.problem));
        // Each slice has its share of the workers, one after another.
        let workers = (spec.case.workers as f64 / f64::from(spec.case.slices)).max(1.0);
        SECONDS_PER_WORK * work / f64::from(spec.case.parts)
            * self.left(spec)
            * self.serialisation(spec.case.problem)
            * self.relative_time(workers)
    }

    /// Time on p workers over the time on one.
    fn relative_time(&self, workers: f64) -> f64 {
        let slowed = if workers > 1.0 { self.straggler } else { 1.0 };
        let cached = if workers >= self.cache { self.cache_gain } else { 1.0 };
        let work = (1.0 - self.serial) / workers.min(self.knee) * slowed / cached;
        let communication = self.communication(workers);
        self.serial + work.max(self.overlap * communication) + (1.0 - self.overlap) * communication
    }

    /// Communication of p workers over the time on one; one has nobody to talk to.
    fn communication(&self, workers: f64) -> f64 {
        if workers > 1.0 {
            self.communication + self.per_doubling * workers.log2() + self.kappa * (workers - 1.0)
        } else {
            0.0
        }
    }

    /// Share of the kernel's time that is left with the checks of the case.
    pub(super) fn left(&self, spec: &Spec) -> f64 {
        let has_memory = (spec.variant.workgroup_memory)(spec.case.workgroup_size) > 0;
        let saved = [
            (!spec.case.series.checks().bounds(), self.bounds),
            (!spec.case.series.checks().loop_bounds(), self.loop_bounds),
            (!spec.case.series.checks().zero_init() && has_memory, self.zero_init),
        ];
        1.0 - saved.into_iter().filter(|(left_out, _)| *left_out).map(|(_, share)| share).sum::<f64>()
    }

    /// How much longer a subgroup takes whose lanes part ways: 1 if they do not.
    fn serialisation(&self, problem: Problem) -> f64 {
        match problem {
            Problem::Branches { branches, run, .. } => {
                let met = branches.min(u64::from(LANES).div_ceil(run.max(1)));
                1.0 + self.divergence * (met as f64 - 1.0)
            }
            _ => 1.0,
        }
    }

    /// Returns the cost of each further dispatch of a launch style, in seconds.
    pub(super) fn per_dispatch(&self, style: LaunchStyle) -> f64 {
        let share = match style {
            LaunchStyle::OnePass => 0.05,
            LaunchStyle::PassEach => 0.2,
            LaunchStyle::CommandBufferEach => 0.3,
            LaunchStyle::SubmitEach => 0.4,
            LaunchStyle::WaitEach => 1.0,
            LaunchStyle::ReadBackEach => 1.5,
        };
        share * self.launch
    }

    /// Seconds of a transfer of so many bytes, at such a rate through reused staging; none for none. `mapped` is the
    /// start-up of mapped buffers.
    pub(super) fn transfer(&self, method: TransferMethod, bytes: f64, staged: f64, mapped: f64) -> f64 {
        // Start-up as a share of a launch, and the rate over that of reused staging.
        let (start_up, rate) = match method {
            TransferMethod::Staged => (0.2, 1.0),
            TransferMethod::Fresh => (2.0, 0.25),
            TransferMethod::WriteBuffer => (1.0, 0.5),
            TransferMethod::Mapped => (mapped, 2.0),
        };
        if bytes > 0.0 { start_up * self.launch + bytes / (rate * staged) } else { 0.0 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A law in which nothing is planted but what a test plants.
    const FREE: PlantedLaw = PlantedLaw { serial: 0.0, knee: 1e12, ..PlantedLaw::PLAIN };

    #[track_caller]
    fn close(found: f64, expected: f64) {
        assert!((found - expected).abs() < 1e-12, "{found} is not {expected}");
    }

    #[test]
    fn the_planted_law_is_amdahls_up_to_the_knee() {
        let law = PlantedLaw { serial: 0.1, knee: 16.0, kappa: 0.0, ..PlantedLaw::default() };
        assert!((1.0 / law.relative_time(16.0) - 6.4).abs() < 1e-12);
        assert_eq!(law.relative_time(64.0), law.relative_time(16.0));
    }

    /// Half of the job is serial; from 8 workers on the other half is done twice as fast.
    #[test]
    fn a_share_that_fits_into_the_cache_is_done_faster() {
        let law = PlantedLaw { serial: 0.5, cache: 8.0, cache_gain: 2.0, ..FREE };
        close(law.relative_time(4.0), 0.5 + 0.5 / 4.0);
        close(law.relative_time(8.0), 0.5 + 0.5 / 16.0);
        close(law.relative_time(16.0), 0.5 + 0.5 / 32.0);
    }

    #[test]
    fn several_workers_wait_for_the_slow_one() {
        let law = PlantedLaw { straggler: 1.5, ..FREE };
        close(law.relative_time(1.0), 1.0);
        close(law.relative_time(2.0), 0.75);
        close(law.relative_time(64.0), 1.5 / 64.0);
        close(PlantedLaw { knee: 32.0, ..law }.relative_time(64.0), 1.5 / 32.0);
    }

    /// a + b log2 p, and a + b (p - 1).
    #[test]
    fn communication_grows_by_the_doubling_or_by_the_worker() {
        let tree = PlantedLaw { communication: 0.01, per_doubling: 0.002, ..FREE };
        close(tree.relative_time(1.0), 1.0);
        close(tree.relative_time(2.0), 0.5 + 0.012);
        close(tree.relative_time(1024.0), 1.0 / 1024.0 + 0.03);
        let line = PlantedLaw { communication: 0.01, kappa: 1e-4, ..FREE };
        close(line.relative_time(101.0), 1.0 / 101.0 + 0.02);
    }

    /// A tenth of T(1) for communication: all of it hides up to 10 workers, or only half of it.
    #[test]
    fn communication_hides_behind_the_work() {
        let law = PlantedLaw { communication: 0.1, overlap: 1.0, ..FREE };
        close(law.relative_time(4.0), 0.25);
        close(law.relative_time(100.0), 0.1);
        let half = PlantedLaw { overlap: 0.5, ..law };
        close(half.relative_time(4.0), 0.25 + 0.05);
        close(half.relative_time(100.0), 0.05 + 0.05);
        close(PlantedLaw { overlap: 0.0, ..law }.relative_time(4.0), 0.35);
    }
}
