//! How worker counts become workgroups, and how problem sizes are chosen for a device.

use super::Scene;
use crate::device::{Checks, Launch, Path};
use crate::measure::{Dispatches, Place, Planned, work};
use crate::record::{Problem, WorkersAre};

/// Workgroups beyond which larger ones are made instead of more: no GPU has this many cores, so a larger number only
/// adds the cost of scheduling each one.
const MANY_WORKGROUPS: u64 = 1024;

/// Subgroup size where the driver does not tell.
const USUAL_SUBGROUP: u32 = 32;

/// Largest useful workgroup where nothing else decides.
const USUAL_WORKGROUP: u64 = 256;

/// Largest problem that is chosen without being asked for.
const LARGEST_CHOSEN: u64 = 1 << 20;

/// Multiply-adds per element of the dial that are tried, the most first.
const CHAINS: [u64; 4] = [512, 256, 128, 64];

/// Numbers of workgroups that are no power of two: on most devices the last wave of some of them is not full.
const UNEVEN_WORKGROUPS: [u64; 16] = [3, 5, 6, 7, 9, 12, 20, 24, 40, 48, 72, 96, 132, 144, 192, 264];

/// Copies of a problem's buffers that an experiment may need at once: one for each worker count.
const COPIES: u64 = 32;

impl Scene<'_> {
    /// Invocations per workgroup for p workers: workers fill a subgroup first, then spread over workgroups as far as
    /// there can be cores for them, then make the workgroups larger.
    pub(super) fn workgroup_size(&self, workers: u64) -> u32 {
        if self.on_cpu() {
            return 1;
        }
        let subgroup = u64::from(self.device.subgroup_sizes.map_or(USUAL_SUBGROUP, |[_, largest]| largest.max(1)));
        let largest = u64::from(self.device.limits.workgroup_size).min(USUAL_WORKGROUP.max(subgroup));
        let mut size = subgroup.min(largest);
        while workers.div_ceil(size) > MANY_WORKGROUPS && size * 2 <= largest {
            size *= 2;
        }
        size.min(workers).max(1) as u32
    }

    /// Invocations per workgroup when every item has a worker of its own.
    pub(super) fn usual_workgroup_size(&self) -> u32 {
        let largest = self.device.limits.workgroup_size.min(USUAL_WORKGROUP as u32);
        match (self.on_cpu(), self.variant.tiled) {
            (true, _) => 1,
            (false, true) => largest.isqrt().pow(2),
            (false, false) => largest,
        }
    }

    /// What the law counts as workers. Threads of a processor come in no groups; tiles are computed by whole
    /// workgroups, whose size must stay the same for the work to stay the same.
    pub(super) fn workers_are(&self) -> WorkersAre {
        match (self.on_cpu(), self.variant.tiled) {
            (true, _) => WorkersAre::Invocations,
            (false, true) => WorkersAre::Workgroups,
            (false, false) => self.axes.workers_are,
        }
    }

    /// Invocations and workgroup size for a number of workers; `None` where they cannot be counted.
    pub(super) fn crew(&self, count: u64) -> Option<(u64, u32)> {
        match self.workers_are() {
            WorkersAre::Invocations => Some((count, self.workgroup_size(count))),
            WorkersAre::Workgroups => {
                let size = self.usual_workgroup_size();
                Some((count.checked_mul(u64::from(size))?, size))
            }
        }
    }

    /// The largest problem that one worker still finishes in the time, loops and memory that there are; of the dial the
    /// most elements first, then the longest chain.
    pub(super) fn problem_for_one_worker(&self) -> Problem {
        let sizes = (0..=LARGEST_CHOSEN.ilog2()).rev().map(|exponent| 1u64 << exponent);
        let candidates = sizes.flat_map(|n| match self.workload.problem(n) {
            Problem::Chain { n, .. } => CHAINS.map(|k| Problem::Chain { n, k }).to_vec(),
            other => vec![other],
        });
        candidates.into_iter().find(|&problem| self.fits_one_worker(problem)).unwrap_or(self.workload.problem(1))
    }

    /// Whether a first case of this problem surely takes no longer than it may: its time is bounded by that of one
    /// worker, as if no more than the smallest subgroup ran at once. Half of the limit, because a first run may well
    /// take twice as long as the others.
    pub(super) fn surely_short(&self, problem: Problem) -> bool {
        let at_once = f64::from(self.device.subgroup_sizes.map_or(1, |[least, _]| least.max(1)));
        let seconds = self.seconds_per_work.unwrap_or(0.0) * work(self.workload, problem) / at_once;
        2.0 * seconds <= self.settings.slowest
    }

    /// The problem of size n, of a dial with the longest chain that is surely short.
    pub(super) fn long_problem(&self, n: u64) -> Problem {
        match self.workload.problem(n) {
            Problem::Chain { n, .. } => {
                let chains = CHAINS.map(|k| Problem::Chain { n, k });
                let fitting = chains.into_iter().find(|&problem| self.surely_short(problem));
                fitting.unwrap_or(chains[CHAINS.len() - 1])
            }
            other => other,
        }
    }

    fn fits_one_worker(&self, problem: Problem) -> bool {
        let seconds = self.seconds_per_work.unwrap_or(0.0) * work(self.workload, problem);
        let (workers, workgroup_size) = self.crew(1).unwrap_or((1, 1));
        let loops = (self.variant.back_edges)(problem, workers, workgroup_size);
        let elements = self.workload.input_lengths(problem).iter().sum::<u64>() + self.workload.output_length(problem);
        self.workload.items(problem) <= LARGEST_CHOSEN
            && self.workload.check(self.variant, problem, workers, workgroup_size).is_ok()
            && seconds <= self.settings.one_worker
            && self.calibration.loop_budget.is_none_or(|budget| loops <= budget)
            && elements.saturating_mul(4 * COPIES) <= self.device.limits.memory
    }

    /// Worker counts up to the most that can be busy: powers of two with a few others between them, so that an effect
    /// of the binary numbers themselves can be told from the law. On a CPU: threads as many as it runs at once.
    pub(super) fn worker_counts(&self, items: u64) -> Vec<u64> {
        let most = items.min(self.device.limits.workers);
        if let Some(workers) = &self.axes.workers {
            return workers.clone();
        }
        let most = match self.workers_are() {
            WorkersAre::Invocations => most,
            WorkersAre::Workgroups => most / u64::from(self.usual_workgroup_size()),
        };
        let mut counts: Vec<u64> = (0..=20).map(|exponent| 1u64 << exponent).filter(|&count| count <= most).collect();
        // An uneven count must leave its workers enough to do for their shares to be nearly equal.
        let spare = |count: u64| match self.workers_are() {
            WorkersAre::Invocations => 16 * count,
            WorkersAre::Workgroups => 8 * count,
        };
        if self.on_cpu() {
            // More threads than processors only wait for one another, and no law is about waiting.
            let threads = self.cpu_threads();
            counts.extend((0..=20).map(|exponent| 3u64 << exponent).chain([threads]));
            counts.retain(|&count| count <= threads.min(most));
        } else {
            // Three lanes of one subgroup, and counts whose workgroups share out evenly over few cores and over many:
            // three workgroups on two cores would take two rounds, and show that instead of the law. Where workgroups
            // are counted, that is what is to be seen.
            let between: &[u64] = match self.workers_are() {
                WorkersAre::Invocations => &[3, 3 << 7, 3 << 10, 3 << 13, 3 << 16],
                WorkersAre::Workgroups => &UNEVEN_WORKGROUPS,
            };
            counts.extend(between.iter().filter(|&&count| spare(count) <= most));
        }
        counts.sort_unstable();
        counts.dedup();
        counts
    }
}

/// A case on the device.
pub(super) fn case(problem: Problem, workers: u64, workgroup_size: u32) -> Planned {
    Planned {
        problem,
        workers,
        workgroup_size,
        dispatches: Dispatches::AsTheClockNeeds,
        launch: Launch::OnePass,
        slices: 1,
        checks: Checks::All,
        variant: None,
        wait: None,
        path: Path::default(),
        place: Place::Device,
        rung: None,
    }
}
