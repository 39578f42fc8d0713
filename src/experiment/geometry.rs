//! How worker counts become workgroups, and how problem sizes are chosen for a device.

use super::Scene;
use crate::measure::work;
use crate::record::{Case, Problem, WorkersAre};

/// Workgroups beyond which larger ones are made instead of more: no GPU has this many cores, so a larger number only
/// adds the cost of scheduling each one.
const MANY_WORKGROUPS: u64 = 1024;

/// Subgroup size where the driver does not tell.
const USUAL_SUBGROUP: u32 = 32;

/// Largest useful workgroup where nothing else decides.
const USUAL_WORKGROUP: u64 = 256;

/// Largest problem that is chosen without being asked for, where invocations are the workers.
const LARGEST_CHOSEN: u64 = 1 << 20;

/// The same where whole workgroups are: large devices run a thousand of them at once, and waves are seen only where
/// there are several times as many.
const LARGEST_FOR_WORKGROUPS: u64 = 1 << 22;

/// Multiply-adds per element of the dial that are tried, the most first.
const CHAINS: [u64; 4] = [512, 256, 128, 64];

/// Sixteenths of a power of two at which workgroups are counted as well: on most devices their last wave is not full.
const SIXTEENTHS: [u64; 3] = [9, 10, 12];

/// Copies of a problem's buffers that an experiment may need at once: one for each count of invocations, or of
/// workgroups.
const COPIES: u64 = 32;
const COPIES_FOR_WORKGROUPS: u64 = 48;

/// Items that each worker has at the least where an uneven count shares out a fixed problem, so that their shares are
/// nearly equal.
pub(super) const NEARLY_EQUAL: u64 = 16;

impl Scene<'_> {
    /// Invocations per workgroup for p workers: workers fill a subgroup first, then spread over workgroups as far as
    /// there can be cores for them, then make the workgroups larger.
    pub(super) fn workgroup_size(&self, workers: u64) -> u32 {
        if self.on_cpu() {
            return 1;
        }
        let subgroup = self.subgroup();
        let largest = u64::from(self.device.limits.workgroup_size).min(USUAL_WORKGROUP.max(subgroup));
        let mut size = subgroup.min(largest);
        while workers.div_ceil(size) > MANY_WORKGROUPS && size * 2 <= largest {
            size *= 2;
        }
        size.min(workers).max(1) as u32
    }

    /// Lanes of the largest subgroup.
    pub(super) fn subgroup(&self) -> u64 {
        u64::from(self.device.subgroup_sizes.map_or(USUAL_SUBGROUP, |[_, largest]| largest.max(1)))
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
        let sizes = (0..=self.largest_chosen().ilog2()).rev().map(|exponent| 1u64 << exponent);
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
        2.0 * self.estimate(problem) <= self.settings.slowest
    }

    /// Whether the estimate of a case that runs on everyone stays within the limit of a case, as a GPU surely runs a
    /// subgroup at once.
    pub(super) fn within_the_limit(&self, problem: Problem) -> bool {
        self.estimate(problem) <= self.settings.slowest
    }

    /// Seconds of a problem, as if no more than the smallest subgroup ran at once.
    fn estimate(&self, problem: Problem) -> f64 {
        let at_once = f64::from(self.device.subgroup_sizes.map_or(1, |[least, _]| least.max(1)));
        self.seconds_per_work.unwrap_or(0.0) * work(self.workload, problem) / at_once
    }

    /// Whether the device has memory for so many cases of a problem.
    pub(super) fn fits_in_memory(&self, problem: Problem, cases: u64) -> bool {
        let elements = self.workload.input_lengths(problem).iter().sum::<u64>() + self.workload.output_length(problem);
        elements.saturating_mul(4).saturating_mul(cases) <= self.device.limits.memory
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

    fn largest_chosen(&self) -> u64 {
        match self.workers_are() {
            WorkersAre::Invocations => LARGEST_CHOSEN,
            WorkersAre::Workgroups => LARGEST_FOR_WORKGROUPS,
        }
    }

    fn fits_one_worker(&self, problem: Problem) -> bool {
        let (workers, workgroup_size) = self.crew(1).unwrap_or((1, 1));
        let case = Case::new(problem, workers, workgroup_size);
        // Of the invocations of a workgroup, the smallest subgroup surely runs at once.
        let at_once = workers.min(self.device.subgroup_sizes.map_or(1, |[least, _]| u64::from(least.max(1))));
        let seconds = self.seconds_per_work.unwrap_or(0.0) * work(self.workload, problem) / at_once as f64;
        let copies = match self.workers_are() {
            WorkersAre::Invocations => COPIES,
            WorkersAre::Workgroups => COPIES_FOR_WORKGROUPS,
        };
        let loops = (self.variant.back_edges)(&case);
        self.workload.items(problem) <= self.largest_chosen()
            && self.workload.check(self.variant, &case).is_ok()
            && seconds <= self.settings.one_worker
            && self.calibration.loop_budget.is_none_or(|budget| loops <= budget)
            && self.fits_in_memory(problem, copies)
    }

    /// Worker counts up to the most that can be busy: powers of two with a few others between them, so that an effect
    /// of the binary numbers themselves can be told from the law. On a CPU: threads as many as it runs at once. `least`
    /// is how many of the items each worker of an uneven count must have.
    pub(super) fn worker_counts(&self, items: u64, least: u64) -> Vec<u64> {
        let most = items.min(self.device.limits.workers);
        if let Some(workers) = &self.axes.workers {
            return workers.clone();
        }
        let each = match self.workers_are() {
            WorkersAre::Invocations => 1,
            WorkersAre::Workgroups => u64::from(self.usual_workgroup_size()),
        };
        let uneven = most / each / least.max(1);
        let most = most / each;
        let mut counts: Vec<u64> = (0..=20).map(|exponent| 1u64 << exponent).filter(|&count| count <= most).collect();
        if self.on_cpu() {
            // More threads than processors only wait for one another, and no law is about waiting.
            let threads = self.cpu_threads();
            counts.extend((0..=20).map(|exponent| 3u64 << exponent).chain([threads]));
            counts.retain(|&count| count <= threads.min(most));
        } else if self.workers_are() == WorkersAre::Workgroups {
            counts.extend(uneven_workgroups(uneven));
        } else {
            // Three lanes of one subgroup, and counts whose workgroups share out evenly over few cores and over many:
            // three workgroups on two cores would take two rounds, and show that instead of the law.
            counts.extend([3, 3 << 7, 3 << 10, 3 << 13, 3 << 16].into_iter().filter(|&count| count <= uneven));
        }
        counts.sort_unstable();
        counts.dedup();
        counts
    }
}

/// Numbers of workgroups between the powers of two up to the most: a few of each octave, whatever the device has.
fn uneven_workgroups(most: u64) -> impl Iterator<Item = u64> {
    let octaves = (2..=20).map(|exponent| 1u64 << exponent);
    let between = octaves.flat_map(|power| SIXTEENTHS.map(|part| (power * part, power * part / 16)));
    between.filter(move |&(sixteenths, count)| sixteenths % 16 == 0 && count <= most).map(|(_, count)| count)
}

#[cfg(test)]
mod tests {
    use super::super::fixture::Stage;
    use super::*;
    use crate::record::DeviceKind;

    #[test]
    fn uneven_workgroups_lie_in_every_octave() {
        let counts: Vec<u64> = uneven_workgroups(40).collect();
        assert_eq!(counts, [3, 5, 6, 9, 10, 12, 18, 20, 24, 36, 40]);
    }

    /// A multiply-add in 2.4 ns on one invocation, as on a large GPU: more workgroups than a thousand slots hold, and
    /// counts on both sides of any of them.
    #[test]
    fn workgroups_go_well_beyond_what_a_large_device_runs_at_once() {
        let stage = Stage::of_workgroups(DeviceKind::Discrete);
        let scene = stage.scene("fma", 1.2e-9);
        let problem = scene.problem_for_one_worker();
        assert!(problem.n() >= 1 << 22, "{problem:?}");
        let counts = scene.worker_counts(scene.workload.items(problem), NEARLY_EQUAL);
        assert!(counts.len() as u64 <= COPIES_FOR_WORKGROUPS, "{counts:?}");
        assert!(counts.contains(&16_384) && counts.contains(&768) && counts.contains(&576), "{counts:?}");
        let alone = Stage::of(DeviceKind::Discrete);
        assert!(alone.scene("fma", 1.2e-9).problem_for_one_worker().n() <= LARGEST_CHOSEN);
    }
}
