//! The model of a GPU: lanes and waves, the latency of a lone worker, caches, clocks, and the costs around a kernel.
//!
//! A worker alone waits for each of its instructions; a full GPU waits for none, because it always has another subgroup
//! to go on with. So a kernel takes the longest of three times: one worker's chain of instructions, the instructions of
//! all subgroups on one scheduler, and the bytes through the memory. Near a knee two of them count.

use super::super::Spec;
use super::numbers::Numbers;
use crate::record::{Baseline, DeviceKind, Problem};
use crate::workload::{Number, Workload};

/// A GPU in numbers. Times are in seconds, rates in bytes per second, sizes in bytes.
#[derive(Debug, Clone, PartialEq)]
pub struct Hardware {
    /// The name that it is asked for by.
    pub preset: &'static str,
    /// The name in reports.
    pub name: &'static str,
    /// Where its numbers come from.
    pub source: &'static str,
    /// The kind of device that it stands for.
    pub stands_for: DeviceKind,
    /// Schedulers, each of which issues one instruction per cycle for one subgroup.
    pub schedulers: u32,
    /// Smallest and largest subgroup that its driver names. wgpu names 4 to 64 for every Metal device.
    pub subgroup_sizes: [u32; 2],
    /// Lanes of the subgroup that runs.
    pub lanes: u32,
    /// Cycles per second when it is busy.
    pub frequency: f64,
    /// Cycles that a worker alone waits for each item, and for each multiply-add of it.
    pub latency: PerItem,
    /// Cycles that a scheduler spends on each item of a subgroup, and on each multiply-add.
    pub issue: PerItem,
    /// Rates of other numbers than 32-bit floats.
    pub numbers: Numbers,
    /// How sharp its knee is: the exponent k of `(a^k + b^k)^(1/k)`.
    pub sharpness: f64,
    /// What each workgroup adds, in seconds.
    pub per_workgroup: f64,
    /// The launch floor: a pass with an empty kernel, by the GPU's clock.
    pub floor: f64,
    /// Host time of an empty dispatch, from its recording to the end of the wait for it.
    pub round_trip: f64,
    /// The smallest step of its timestamps.
    pub tick: f64,
    /// What it remembers.
    pub memory: Memory,
    /// Rate of a transfer through reused staging, each way. It lies in the host's memory, so on a GPU with memory of
    /// its own this is the rate of the bus.
    pub transfer_rate: f64,
    /// How its clock follows its load.
    pub governor: Governor,
    /// Standard deviation of the logarithm of every time.
    pub noise: f64,
    /// What may go wrong with it.
    pub faults: Faults,
    /// The processor beside it.
    pub host: HostModel,
}

/// Cycles for an item of work: at all, and more for each multiply-add.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PerItem {
    /// Cycles of an item without any multiply-add.
    pub item: f64,
    /// Cycles of each multiply-add.
    pub step: f64,
}

/// Caches and memory.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Memory {
    /// Bytes of the last cache.
    pub cache: f64,
    /// Rate from that cache.
    pub cache_rate: f64,
    /// Rate from beyond it.
    pub rate: f64,
    /// How long a worker alone waits for one load.
    pub latency: f64,
    /// Bytes that the cases of an experiment may take together.
    pub budget: u64,
    /// Bytes that the workgroup's invocations share.
    pub workgroup: u64,
}

/// A clock that follows the load of the last milliseconds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Governor {
    /// Clock of an idle device, as a share of the full one.
    pub idle: f64,
    /// Share of the time that it must be busy to keep the full clock.
    pub duty: f64,
    /// Whether it keeps its clock once it had it, as long as a program uses it.
    pub holds: bool,
}

/// What may be wrong with a device or with its driver.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Faults {
    /// Share of timestamp pairs that cannot be true.
    pub bad_stamps: f64,
    /// Seconds after which its counter of ticks starts again; 0 if it never does.
    pub wrap: f64,
    /// Share of its clock that it loses on battery.
    pub battery: f64,
    /// Share by which everything gets slower within a thousand job runs.
    pub drift: f64,
}

/// A processor in numbers: flop per second of a scalar loop and of one thread's vectors, bytes per second of one thread
/// and of all, seconds to wake the threads.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct HostModel {
    /// Threads that it runs at once.
    pub threads: u32,
    /// Flop per second of a scalar loop.
    pub scalar: f64,
    /// Flop per second of each thread with vector instructions.
    pub vector: f64,
    /// Bytes per second of one thread.
    pub one_thread: f64,
    /// Bytes per second of all threads together.
    pub all_threads: f64,
    /// Seconds to wake all threads.
    pub wake: f64,
}

/// A full clock is kept for so long after the load that earned it: the window of the governor, in seconds.
const WINDOW: f64 = 0.02;

/// Steps in which a long kernel feels its clock rise, in seconds.
const STEP: f64 = 1e-3;

/// Elements of a task far too small, and what handing out one takes, in seconds.
const TINY_TASK: f64 = 16.0;
const HANDING_OUT: f64 = 5e-8;

impl Hardware {
    /// Lanes of the subgroup that runs.
    pub fn lanes(&self) -> u64 {
        u64::from(self.lanes)
    }

    /// Seconds of a kernel at the full clock, without the floor.
    pub(super) fn kernel(&self, spec: &Spec) -> f64 {
        let case = &spec.case;
        // Slices follow one another, each with its share of the workers; a part leaves the rest of the items out.
        let slices = u64::from(case.slices.max(1));
        let share = 1.0 / (slices * u64::from(case.parts.max(1))) as f64;
        let workers = case.workers.div_ceil(slices).max(1);
        let width = u64::from(case.workgroup_size.max(1));
        let items = spec.workload.items(case.problem).max(1);
        // A worker has as many items on its way at a time as the variant gives it.
        let at_once = items as f64 / (spec.variant.busy)(case.problem, items).max(1) as f64;
        let one = self.seconds((spec.workload, at_once), case.problem, share, workers, width);
        one * slices as f64
    }

    /// Seconds of a share of a problem on so many workers in workgroups of a width.
    fn seconds(
        &self,
        (workload, at_once): (&dyn Workload, f64),
        problem: Problem,
        share: f64,
        workers: u64,
        width: u64,
    ) -> f64 {
        let items = share * workload.items(problem).max(1) as f64 / at_once;
        // The paths that meet in a subgroup follow one another.
        let steps = self.steps(workload, problem) * at_once * self.paths_met(problem);
        let bytes = share * workload.bytes(problem);
        let rounds = (items / workers as f64).ceil();
        let workgroups = workers.div_ceil(width);
        let subgroups = workgroups * width.min(workers).div_ceil(self.lanes());
        let waves = subgroups.div_ceil(u64::from(self.schedulers)) as f64;
        let loads = if workload.input_lengths(problem).is_empty() { 0.0 } else { self.memory.latency };
        let alone = rounds * (self.latency.of(steps) / self.frequency + loads);
        let issued = waves * rounds * self.issue.of(steps) / self.frequency;
        let times = [alone, issued, self.memory.seconds(workload.bytes(problem), bytes)];
        let longest = times.into_iter().fold(f64::MIN_POSITIVE, f64::max);
        let sum: f64 = times.into_iter().map(|time| (time / longest).powf(self.sharpness)).sum();
        longest * sum.powf(1.0 / self.sharpness) + workgroups as f64 * self.per_workgroup
    }

    /// Multiply-adds of an item, as if all were in 32-bit floats.
    fn steps(&self, workload: &dyn Workload, problem: Problem) -> f64 {
        workload.flop(problem) / 2.0 / workload.items(problem).max(1) as f64 / self.numbers.rate(workload.number())
    }

    /// The planted compute limit in some numbers, in operations per second.
    pub fn compute_rate(&self, number: Number) -> f64 {
        let width = f64::from(self.schedulers) * self.lanes() as f64;
        2.0 * width * self.frequency / self.issue.step * self.numbers.rate(number)
    }

    /// Paths that meet in one subgroup.
    fn paths_met(&self, problem: Problem) -> f64 {
        match problem {
            Problem::Branches { branches, run, .. } => branches.min(self.lanes().div_ceil(run.max(1))) as f64,
            _ => 1.0,
        }
    }

    /// The planted ceiling of a kernel: how many times faster the full hardware is than one worker.
    pub fn ceiling(&self, workload: &dyn Workload, problem: Problem) -> f64 {
        let items = workload.items(problem).max(1) as f64;
        let steps = self.steps(workload, problem);
        let width = (u64::from(self.schedulers) * self.lanes()) as f64;
        let bytes = workload.bytes(problem);
        let full = (items * self.issue.of(steps) / width / self.frequency).max(self.memory.seconds(bytes, bytes));
        self.seconds((workload, 1.0), problem, 1.0, 1, 1) / full
    }

    /// Seconds of a job on the processor beside it, without the waking of threads, and that waking.
    pub(super) fn on_host(&self, workload: &dyn Workload, problem: Problem, baseline: Baseline) -> [f64; 2] {
        let host = self.host;
        let threads = f64::from(host.threads);
        let (flop, bytes) = match baseline {
            Baseline::Scalar => (host.scalar, host.one_thread),
            Baseline::Simd => (host.vector, host.one_thread),
            Baseline::Threads | Baseline::TinyTasks => (threads * host.vector, host.all_threads),
        };
        let work = (workload.flop(problem) / flop).max(workload.bytes(problem) / bytes);
        let tasks = if baseline == Baseline::TinyTasks { workload.items(problem) as f64 / TINY_TASK } else { 0.0 };
        let wakes = matches!(baseline, Baseline::Threads | Baseline::TinyTasks);
        [work + HANDING_OUT * tasks, if wakes { host.wake } else { 0.0 }]
    }
}

impl PerItem {
    fn of(self, steps: f64) -> f64 {
        self.item + self.step * steps
    }
}

impl Memory {
    /// Seconds to move some bytes of a footprint: as much of it as fits comes from the cache.
    fn seconds(&self, footprint: f64, bytes: f64) -> f64 {
        let cached = (self.cache / footprint.max(1.0)).min(1.0);
        bytes * (cached / self.cache_rate + (1.0 - cached) / self.rate)
    }
}

/// The clock of a device as its load goes up and down.
#[derive(Debug, Clone, Copy)]
pub(super) struct Clock {
    governor: Governor,
    /// Share of the last while in which it was busy.
    load: f64,
    /// Whether it ever had its full clock.
    full: bool,
}

impl Clock {
    /// A device that was idle for long.
    pub(super) fn new(governor: Governor) -> Self {
        Self { governor, load: 0.0, full: false }
    }

    /// The clock as a share of the full one.
    fn share(&mut self) -> f64 {
        let Governor { idle, duty, holds } = self.governor;
        let earned = if duty > 0.0 { (self.load / duty).min(1.0) } else { 1.0 };
        self.full |= earned >= 1.0;
        if holds && self.full { 1.0 } else { idle + (1.0 - idle) * earned }
    }

    /// Lets time pass without work.
    pub(super) fn idle(&mut self, seconds: f64) {
        self.load *= (-seconds / WINDOW).exp();
    }

    /// Does what takes so many seconds at the full clock: the seconds that it takes now.
    pub(super) fn work(&mut self, full: f64) -> f64 {
        let (mut left, mut taken) = (full, 0.0);
        while left > 0.0 {
            let share = self.share();
            // Once the clock is full, it stays so while the device works.
            let step = if share >= 1.0 { left } else { (left / share).min(STEP) };
            left -= step * share;
            taken += step;
            self.load = 1.0 - (1.0 - self.load) * (-step / WINDOW).exp();
            if left < 1e-12 * full {
                break;
            }
        }
        taken
    }
}

#[cfg(test)]
mod tests {
    use super::super::presets::{PRESETS, preset};
    use super::*;
    use crate::workload::FMA;

    /// GPU.md's arithmetic, from public counts of schedulers: an H100 is 5.5 times as wide as a laptop's 4060.
    #[test]
    fn the_ceilings_are_those_of_the_arithmetic() {
        let ceiling = |name| preset(name).unwrap().ceiling(FMA, Problem::Chain { n: 1 << 22, k: 64 });
        for (name, expected) in [
            ("h100", 66_800.0),
            ("rtx4060-laptop", 12_150.0),
            ("rx7800xt", 48_000.0),
            ("iris-xe", 6250.0),
            ("m2", 5210.0),
        ] {
            let found = ceiling(name);
            assert!((found / expected - 1.0).abs() < 0.05, "{name}: {found}");
        }
        assert!((ceiling("llvmpipe") / 16.0 - 1.0).abs() < 0.05);
    }

    #[test]
    fn workers_share_the_work_until_the_schedulers_are_full() {
        let gpu = preset("m2").unwrap();
        let of = |workers| gpu.seconds((FMA, 1.0), Problem::Chain { n: 1 << 22, k: 512 }, 1.0, workers, 32);
        let full = 1 << 17;
        assert!(of(full) < of(full / 64), "{} {}", of(full), of(full / 64));
        assert!((of(1) / of(2) - 2.0).abs() < 0.01, "two workers alone are twice as fast as one");
    }

    #[test]
    fn a_clock_rises_with_the_load_and_falls_without_it() {
        let governor = Governor { idle: 0.25, duty: 0.5, holds: false };
        let mut clock = Clock::new(governor);
        assert!(clock.work(1e-4) > 3.5e-4, "from idle it starts at a quarter");
        assert!(clock.work(0.1) < 0.15);
        assert_eq!(clock.work(1e-4), 1e-4);
        clock.idle(0.2);
        assert!(clock.work(1e-4) > 3.5e-4, "and there it is again");
        let mut holding = Clock::new(Governor { holds: true, ..governor });
        holding.work(0.1);
        holding.idle(10.0);
        assert_eq!(holding.work(1e-4), 1e-4);
    }

    #[test]
    fn every_preset_names_its_source() {
        for preset in &PRESETS {
            assert!(preset.source.contains("assumed") && preset.source.len() > 60, "{}", preset.preset);
        }
    }
}
