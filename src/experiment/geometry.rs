//! How worker counts become workgroups, and how problem sizes are chosen for a device.

use super::Scene;
use crate::measure::work;
use crate::record::{Case, DeviceKind, Effort, Problem, WorkersAre};

/// Most workgroups that the program chooses where invocations are the workers: no GPU runs as many at once. A software
/// adapter pays dearly for each.
const MANY_WORKGROUPS: u64 = 8192;
const MANY_ON_SOFTWARE: u64 = 1024;

/// Seconds that a kernel at full width is made to take: usually, in a quick run, and on a software adapter.
const ENOUGH: f64 = 2e-2;
const ENOUGH_QUICKLY: f64 = 5e-3;
const ENOUGH_ON_SOFTWARE: f64 = 2e-3;

/// How many times the launch floor a kernel at full width takes at the least, where it may: usually, and if it reads
/// data. Those are made, moved and checked by the host, which takes longer the faster the device is.
const FLOORS: f64 = 25.0;
const FLOORS_WITH_DATA: f64 = 10.0;

/// Items for each of the workers that run at once, at the least, where workers may have parts of them.
const ITEMS_FOR_EACH: f64 = 16.0;

/// Smallest and largest problem for a job that is timed in parts. A software adapter's floor varies from run to run,
/// and its ceiling with the size: its smallest problems are long beside most floors, so that runs agree on them.
const SMALLEST: u64 = 1 << 12;
const SMALLEST_ON_SOFTWARE: u64 = 1 << 14;
const SMALLEST_WITHOUT_CHAIN: u64 = 1 << 18;
const LARGEST_IN_PARTS: u64 = 1 << 22;
const LARGEST_WITHOUT_CHAIN: u64 = 1 << 26;

/// Most flop of a problem that is chosen because smaller ones are short: those of 1,024 x 1,024 matrices, of which the
/// reference in 64 bits takes a second or two.
const MOST_FLOP: f64 = (1u64 << 31) as f64;

/// Subgroup size where the driver does not tell.
const USUAL_SUBGROUP: u32 = 32;

/// Largest problem that is chosen without being asked for, where invocations are the workers.
const LARGEST_CHOSEN: u64 = 1 << 20;

/// The same where whole workgroups are: large devices run a thousand of them at once, and waves are seen only where
/// there are several times as many.
const LARGEST_FOR_WORKGROUPS: u64 = 1 << 22;

/// Multiply-adds per element of the dial that are tried, the most first.
const CHAINS: [u64; 4] = [512, 256, 128, 64];

/// Sixteenths of a power of two at which workgroups are counted as well: on most devices their last wave is not full.
const SIXTEENTHS: [u64; 3] = [9, 10, 12];

/// Items that each worker has at the least where an uneven count shares out a fixed problem, so that their shares are
/// nearly equal.
pub(super) const NEARLY_EQUAL: u64 = 16;

impl Scene<'_> {
    /// Invocations per workgroup for p workers: a subgroup, whatever p is, and all of them where they are fewer. One
    /// law is about one geometry.
    pub(super) fn workgroup_size(&self, workers: u64) -> u32 {
        if self.on_cpu() { 1 } else { self.width().min(workers).max(1) as u32 }
    }

    /// Invocations of a full workgroup where invocations are the workers.
    fn width(&self) -> u64 {
        self.subgroup().min(u64::from(self.device.limits.workgroup_size))
    }

    /// Lanes of the largest subgroup.
    pub(super) fn subgroup(&self) -> u64 {
        u64::from(self.device.subgroup_sizes.map_or(USUAL_SUBGROUP, |[_, largest]| largest.max(1)))
    }

    /// Invocations per workgroup when every item has a worker of its own.
    pub(super) fn usual_workgroup_size(&self) -> u32 {
        if self.on_cpu() { 1 } else { self.everyone(self.workload.problem(1)).workgroup_size }
    }

    /// What the law counts as workers. Threads of a processor come in no groups; tiles are computed by whole
    /// workgroups, whose size must stay the same for the work to stay the same.
    pub(super) fn workers_are(&self) -> WorkersAre {
        match (self.on_cpu(), self.variant.is_in_teams()) {
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

    /// Seconds that a kernel at full width is made to take where the program chooses the size: long beside the launch
    /// floor, short beside a block.
    pub(super) fn enough(&self) -> f64 {
        match (self.device.planned_as(), self.settings.effort) {
            (DeviceKind::Software, _) => ENOUGH_ON_SOFTWARE,
            (_, Effort::Quick) => ENOUGH_QUICKLY,
            _ => ENOUGH,
        }
    }

    /// Seconds of a part of a job that is timed in parts; `None` where no driver ends long kernels.
    pub(super) fn part(&self) -> Option<f64> {
        let seconds = if self.settings.effort == Effort::Quick { ENOUGH_QUICKLY } else { ENOUGH };
        (!self.on_cpu() && !self.on_simulated()).then_some(seconds)
    }

    /// The problem of a size by which it is measured how long the workload takes at full width.
    pub(super) fn climbing(&self, n: u64) -> Problem {
        match self.workload.problem(n) {
            Problem::Chain { n, .. } if self.workload.name() == "fma" => Problem::Chain { n, k: CHAINS[0] },
            other => other,
        }
    }

    /// Whether a kernel of this problem at full width takes no longer than it is made to take.
    pub(super) fn is_short(&self, problem: Problem) -> bool {
        match self.climb.seconds(work(self.workload, problem)) {
            Some(seconds) => seconds <= self.enough(),
            // A first run may well take twice as long as the others.
            None => 2.0 * self.estimate(problem) <= self.settings.slowest,
        }
    }

    /// Whether a kernel of this problem at full width stays well within the longest that a case may take.
    pub(super) fn is_within(&self, problem: Problem) -> bool {
        self.climb.seconds(work(self.workload, problem)).is_none_or(|seconds| 2.0 * seconds <= self.settings.slowest)
    }

    /// The problem of the largest of some sizes, which fall, that is short enough and fits into the memory; the last of
    /// them if none is. A large GPU goes on to larger ones until its kernel is long beside the launch floor.
    pub(super) fn largest_short(&self, sizes: &[u64]) -> Problem {
        let fits = |n: u64| {
            let problem = self.workload.problem(n);
            self.is_short(problem) && self.fits_in_memory(problem, 1)
        };
        let last = sizes.last().copied().unwrap_or(1);
        let mut n = sizes.iter().copied().find(|&n| fits(n)).unwrap_or(last);
        let larger = |n: u64| fits(2 * n) && self.workload.flop(self.workload.problem(2 * n)) <= MOST_FLOP;
        while self.is_near_floor(self.workload.problem(n)) && larger(n) {
            n *= 2;
        }
        self.workload.problem(n)
    }

    /// Whether a kernel of this problem at full width is known to be short beside the launch floor.
    fn is_near_floor(&self, problem: Problem) -> bool {
        let floor = self.calibration.launch_floor.map_or(0.0, |floor| floor.value);
        self.climb.seconds(work(self.workload, problem)).is_some_and(|seconds| seconds < self.floors() * floor)
    }

    /// How many times the launch floor a kernel at full width takes at the least.
    fn floors(&self) -> f64 {
        let reads = !self.workload.input_lengths(self.workload.problem(1)).is_empty();
        if reads { FLOORS_WITH_DATA } else { FLOORS }
    }

    /// The smallest problem that is long beside the launch at full width, and has items for many times as many
    /// workers as run at once. One worker need not finish it: its job is timed in parts. `None` where jobs cannot be,
    /// and where nothing was measured at full width.
    pub(super) fn problem_for_full_width(&self) -> Option<Problem> {
        let one = Case::new(self.workload.problem(1), 1, 1);
        self.workload.slice(self.variant, &one, 0..1)?;
        // Without stamps the kernel is the host's time less an empty dispatch: there is no floor in it, and it must be
        // long beside that dispatch.
        let calibration = self.calibration;
        let floor = calibration.launch_floor.map_or(0.0, |floor| floor.value);
        let beside = calibration.launch_floor.map(|floor| floor.value).or(calibration.empty_dispatch)?;
        let alone = self.seconds_per_work?;
        let software = self.device.planned_as() == DeviceKind::Software;
        let smallest = match (software, one.problem) {
            (true, Problem::Chain { .. }) => SMALLEST_ON_SOFTWARE,
            (true, _) => SMALLEST_WITHOUT_CHAIN,
            (false, _) => SMALLEST,
        };
        let largest = match one.problem {
            Problem::Chain { .. } => LARGEST_IN_PARTS,
            _ => LARGEST_WITHOUT_CHAIN,
        };
        let sizes = (smallest.ilog2()..=largest.ilog2()).map(|exponent| self.climbing(1 << exponent));
        let fitting: Vec<Problem> = sizes.filter(|&problem| self.fits_in_memory(problem, 1)).collect();
        let is_enough = |problem: &&Problem| {
            let work = work(self.workload, **problem);
            let Some(full) = self.climb.seconds(work) else { return false };
            let gain = alone * work / (full - floor).max(0.1 * full);
            full >= self.floors() * beside && self.workload.items(**problem) as f64 >= ITEMS_FOR_EACH * gain
        };
        self.climb.seconds(1.0)?;
        fitting.iter().find(is_enough).or(fitting.last()).copied()
    }

    /// Seconds of a problem, as if no more than the smallest subgroup ran at once.
    fn estimate(&self, problem: Problem) -> f64 {
        let at_once = f64::from(self.device.subgroup_sizes.map_or(1, |[least, _]| least.max(1)));
        self.seconds_per_work.unwrap_or(0.0) * work(self.workload, problem) / at_once
    }

    /// Whether the device has memory for so many copies of a problem: cases of one problem take turns on the same one.
    pub(super) fn fits_in_memory(&self, problem: Problem, copies: u64) -> bool {
        let elements = self.workload.input_lengths(problem).iter().sum::<u64>() + self.workload.output_length(problem);
        elements.saturating_mul(4).saturating_mul(copies) <= self.device.limits.memory
    }

    /// The problem of size n, of a dial with the longest chain that is short enough.
    pub(super) fn long_problem(&self, n: u64) -> Problem {
        match self.workload.problem(n) {
            Problem::Chain { n, .. } => {
                let chains = CHAINS.map(|k| Problem::Chain { n, k });
                let fitting = chains.into_iter().find(|&problem| self.is_short(problem));
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
        let loops = self.workload.back_edges(self.variant, &case);
        self.workload.items(problem) <= self.largest_chosen()
            && self.workload.check(self.variant, &case).is_ok()
            && seconds <= self.settings.one_worker
            && self.calibration.loop_budget.is_none_or(|budget| loops <= budget)
            && self.fits_in_memory(problem, 1)
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
        let most = match (self.workers_are(), self.device.planned_as()) {
            (WorkersAre::Invocations, DeviceKind::Software) => most.min(MANY_ON_SOFTWARE * self.width()),
            (WorkersAre::Invocations, _) if !self.on_cpu() => most.min(MANY_WORKGROUPS * self.width()),
            _ => most / each,
        };
        let mut counts: Vec<u64> = (0..=24).map(|exponent| 1u64 << exponent).filter(|&count| count <= most).collect();
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
            counts
                .extend([3, 3 << 7, 3 << 10, 3 << 13, 3 << 16].into_iter().filter(|&count| count <= uneven.min(most)));
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

    /// A floor of 3 µs, and a memory that moves an element in 4 ps: 2^22 of them take 16 µs.
    #[test]
    fn a_large_gpu_goes_on_until_its_kernel_is_long_beside_the_floor() {
        let mut stage = Stage::of(DeviceKind::Discrete);
        let of = |stage: &Stage| {
            let climb = crate::measure::Climb::of(&[(1e6, 1e6 * 4e-12 / 12.0)]);
            Scene { climb, ..stage.scene("saxpy", 1e-9) }.largest_short(&[1 << 22, 1 << 20]).n()
        };
        stage.calibration.launch_floor = None;
        assert_eq!(of(&stage), 1 << 22);
        stage.calibration.launch_floor = Some(crate::stats::Estimate { value: 3e-6, low: 3e-6, high: 3e-6 });
        assert_eq!(of(&stage), 1 << 23, "34 µs are 11 floors, 17 are 6");
        stage.device.limits.memory = 50 << 20;
        assert_eq!(of(&stage), 1 << 22, "48 MiB");
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
        assert!(counts.contains(&16_384) && counts.contains(&768) && counts.contains(&576), "{counts:?}");
        let alone = Stage::of(DeviceKind::Discrete);
        assert!(alone.scene("fma", 1.2e-9).problem_for_one_worker().n() <= LARGEST_CHOSEN);
    }
}
