//! The processor as a device: a worker is a thread.

mod host;

pub use host::{host_memory, host_processor, host_threads};

use std::ops::Range;
use std::time::Instant;

use rayon::prelude::*;

use super::{Device, DeviceError, DeviceTiming, Job, Lap, Launch, Path, Repetition, SET_UPS, Spec};
use crate::clock::{now, resolution, seconds_since};
use crate::record::{Clock, DeviceInfo, DeviceKind, Limits, Phase, Timing};

/// More threads than this for each logical processor only wait for one another.
const THREADS_PER_PROCESSOR: u64 = 4;

/// Memory that is assumed where the operating system does not tell it, in bytes.
const ASSUMED_MEMORY: u64 = 2 << 30;

/// This machine's processor.
#[derive(Debug, Clone)]
pub struct Cpu {
    info: DeviceInfo,
}

/// A workload made ready for threads.
pub struct CpuJob {
    spec: Spec,
    dispatches: u32,
    output: Vec<f32>,
    partials: Vec<f32>,
    /// The threads, parked between jobs; `None` for one worker, which is the calling thread.
    threads: Option<rayon::ThreadPool>,
}

impl Cpu {
    /// The processor that this program runs on.
    pub fn new() -> Self {
        let memory = host_memory().unwrap_or(ASSUMED_MEMORY) / 2;
        let limits = Limits {
            workers: THREADS_PER_PROCESSOR * u64::from(host_threads()),
            workgroup_size: 1,
            workgroups_per_dimension: u32::MAX,
            workgroup_memory: u64::MAX,
            binding: memory,
            memory,
        };
        Self {
            info: DeviceInfo {
                name: host_processor().unwrap_or_else(|| format!("{} processor", std::env::consts::ARCH)),
                kind: DeviceKind::Cpu,
                backend: None,
                driver: None,
                timestamps: false,
                timestamp_period: None,
                subgroup_sizes: None,
                limits,
            },
        }
    }

    /// Whether this device can do the case.
    fn check(&self, spec: &Spec) -> Result<(), DeviceError> {
        let Limits { workers, memory, .. } = self.info.limits;
        let fault = if !matches!(spec.launch, Launch::OnePass | Launch::WaitEach) {
            Some(format!("the CPU has no command buffers, so {} means nothing there", spec.launch.name()))
        } else if spec.path != Path::Staged {
            Some(format!("the CPU works in the host's memory, so {} means nothing there", spec.path.name()))
        } else if spec.slices > 1 {
            Some(format!(
                "the CPU launches nothing, so cutting a job into {} launches means nothing there",
                spec.slices
            ))
        } else if spec.workers > workers {
            Some(format!("{} threads are more than {THREADS_PER_PROCESSOR} per processor ({workers})", spec.workers))
        } else {
            let length = spec.workload.input_lengths(spec.problem).into_iter().fold(0, u64::saturating_add);
            let bytes = length.saturating_add(spec.workload.output_length(spec.problem)).saturating_mul(4);
            (bytes > memory).then(|| format!("{bytes} bytes are more than half of this machine's memory ({memory})"))
        };
        // Threads form no workgroups, whatever the case says.
        let known = spec.workload.check(spec.variant, spec.problem, spec.workers, 1);
        fault.map_or(known, Err).map_err(DeviceError::Unsupported)
    }
}

impl Default for Cpu {
    fn default() -> Self {
        Self::new()
    }
}

impl Device for Cpu {
    type Job = CpuJob;

    fn info(&self) -> &DeviceInfo {
        &self.info
    }

    async fn prepare(&mut self, spec: &Spec) -> Result<(CpuJob, Vec<Lap>), DeviceError> {
        self.check(spec)?;
        let mut laps = Vec::with_capacity(SET_UPS);
        loop {
            let start = now();
            let job = CpuJob::new(spec)?;
            laps.push(lap(Phase::SetUp, seconds_since(start)));
            if laps.len() == SET_UPS {
                return Ok((job, laps));
            }
        }
    }

    fn timing(&self) -> DeviceTiming {
        DeviceTiming { empty_dispatch: None, kernel_clock_resolution: Some(resolution()) }
    }

    async fn fresh(&self) -> Result<Self, DeviceError> {
        Ok(self.clone())
    }

    fn absent(&self, phase: Phase) -> Timing {
        Timing::absent(match phase {
            Phase::Compile => "the CPU's code is compiled with the program",
            Phase::FirstLaunch => "the CPU has no driver that finishes its work at the first launch",
            Phase::Upload | Phase::ReadBack | Phase::FirstUpload | Phase::FirstReadBack => {
                "the CPU works in the host's memory"
            }
            Phase::Encode | Phase::Pass => "the CPU has no command buffers and no passes",
            Phase::SetUp | Phase::Launch | Phase::Kernel => "not measured",
        })
    }
}

impl CpuJob {
    fn new(spec: &Spec) -> Result<Self, DeviceError> {
        let partials = if spec.workload.is_reduction() { spec.workers } else { 0 };
        let output = poisoned(spec.workload.output_length(spec.problem))?;
        let threads = (spec.workers > 1).then(|| start(spec.workers)).transpose()?;
        Ok(Self { spec: spec.clone(), dispatches: 1, output, partials: poisoned(partials)?, threads })
    }
}

impl Job for CpuJob {
    fn set_dispatches(&mut self, dispatches: u32) {
        self.dispatches = dispatches.max(1);
    }

    async fn run(&mut self) -> Result<Repetition, DeviceError> {
        let dispatches = self.dispatches;
        let (scopes, repetitions) = match self.spec.launch {
            Launch::WaitEach => (dispatches, 1),
            _ => (1, dispatches),
        };
        let start = now();
        let kernel: f64 = (0..scopes).map(|_| self.dispatch(repetitions)).sum();
        let wall = seconds_since(start);
        let laps = vec![lap(Phase::Launch, wall - kernel), lap(Phase::Kernel, kernel / f64::from(dispatches))];
        Ok(Repetition { laps, wall, rejected: false })
    }

    async fn output(&mut self) -> Result<Option<Vec<f32>>, DeviceError> {
        self.output.fill(f32::NAN);
        self.partials.fill(f32::NAN);
        self.run().await?;
        Ok((!self.output.is_empty()).then(|| self.output.clone()))
    }
}

impl CpuJob {
    /// Lets each worker do its share that many times, and brings the partial results of a reduction together. The
    /// seconds from the first worker's start to the last worker's end.
    fn dispatch(&mut self, repetitions: u32) -> f64 {
        let Spec { workload, problem, workers, inputs, .. } = &self.spec;
        let (workload, problem, inputs) = (*workload, *problem, inputs.as_slice());
        let elements = if workload.is_reduction() { workload.items(problem) } else { workload.output_length(problem) };
        let shares = shares(elements, workload.grain(problem), *workers);
        let parts = if workload.is_reduction() {
            self.partials.iter_mut().map(std::slice::from_mut).collect()
        } else {
            split(&mut self.output, &shares)
        };
        let work = |items: &Range<usize>, part: &mut [f32]| {
            repeat(repetitions, || workload.compute(problem, inputs, items.clone(), part))
        };
        let spans: Vec<(Instant, Instant)> = match &self.threads {
            None => shares.iter().zip(parts).map(|(items, part)| work(items, part)).collect(),
            Some(threads) => {
                threads.install(|| shares.par_iter().zip(parts).map(|(items, part)| work(items, part)).collect())
            }
        };
        if workload.is_reduction() {
            self.output[0] = self.partials.iter().sum();
        }
        span(&spans)
    }
}

/// Starts the threads of a job. They are parked between jobs, as those of any parallel library are.
fn start(workers: u64) -> Result<rayon::ThreadPool, DeviceError> {
    let number = usize::try_from(workers).unwrap_or(usize::MAX);
    rayon::ThreadPoolBuilder::new().num_threads(number).build().map_err(|error| {
        DeviceError::Unsupported(format!("the operating system did not start {workers} threads: {error}"))
    })
}

/// The start of the first repetition and the end of the last.
fn repeat(repetitions: u32, mut work: impl FnMut()) -> (Instant, Instant) {
    let start = now();
    (0..repetitions).for_each(|_| work());
    (start, now())
}

/// Seconds from the first start to the last end.
fn span(spans: &[(Instant, Instant)]) -> f64 {
    let first = spans.iter().map(|(start, _)| start).min();
    let last = spans.iter().map(|(_, end)| end).max();
    first.zip(last).map_or(0.0, |(first, last)| last.duration_since(*first).as_secs_f64())
}

/// The elements in so many ranges, whose lengths differ by one grain at the most.
fn shares(elements: u64, grain: u64, workers: u64) -> Vec<Range<usize>> {
    let grains = u128::from(elements / grain);
    let bound = |share: u64| (grains * u128::from(share) / u128::from(workers)) as usize * grain as usize;
    (0..workers).map(|share| bound(share)..bound(share + 1)).collect()
}

/// The parts of the output that belong to the shares; empty ones where there is no output.
fn split<'a>(mut output: &'a mut [f32], shares: &[Range<usize>]) -> Vec<&'a mut [f32]> {
    let part = |share: &Range<usize>| {
        let length = share.len().min(output.len());
        let (part, rest) = std::mem::take(&mut output).split_at_mut(length);
        output = rest;
        part
    };
    shares.iter().map(part).collect()
}

/// Numbers that no computation leaves behind.
fn poisoned(length: u64) -> Result<Vec<f32>, DeviceError> {
    let out_of_memory = || DeviceError::OutOfMemory(format!("{length} elements in the host's memory"));
    let length = usize::try_from(length).map_err(|_| out_of_memory())?;
    let mut values = Vec::new();
    values.try_reserve_exact(length).map_err(|_| out_of_memory())?;
    values.resize(length, f32::NAN);
    Ok(values)
}

fn lap(phase: Phase, seconds: f64) -> Lap {
    Lap { phase, clock: Clock::Host, seconds }
}

#[cfg(test)]
mod tests {
    use std::rc::Rc;

    use super::*;
    use crate::record::Problem;
    use crate::workload;

    fn spec(name: &str, n: u64, workers: u64) -> Spec {
        let workload = workload::find(name).unwrap();
        let problem = workload.problem(n);
        Spec {
            workload,
            variant: &workload.variants()[0],
            problem,
            workers,
            workgroup_size: 1,
            launch: Launch::OnePass,
            slices: 1,
            checks: super::super::Checks::All,
            wait: None,
            path: Path::default(),
            inputs: Rc::new(workload.inputs(problem, 5)),
        }
    }

    fn prepared(spec: &Spec) -> CpuJob {
        pollster::block_on(Cpu::new().prepare(spec)).unwrap().0
    }

    fn seconds(laps: &[Lap], phase: Phase) -> f64 {
        laps.iter().find(|lap| lap.phase == phase).unwrap().seconds
    }

    #[test]
    fn every_workload_is_right_with_any_number_of_threads() {
        for workload in workload::all() {
            for (n, workers) in [(1, 1), (1, 4), (33, 2), (37, 3), (50, 4)] {
                let spec = spec(workload.name(), n, workers);
                let reference = workload.reference(spec.problem, &spec.inputs);
                let output = pollster::block_on(prepared(&spec).output()).unwrap();
                let Some(output) = output else {
                    assert_eq!(workload.name(), "empty");
                    continue;
                };
                assert_eq!(output.len(), reference.len());
                let allowed = workload.tolerance(spec.problem).value;
                let right = output.iter().zip(&reference).all(|(&o, e)| (f64::from(o) - e).abs() <= allowed);
                assert!(right, "{} n = {n} with {workers} threads", workload.name());
            }
        }
    }

    /// Kernel seconds of all dispatches of a sample: the shortest of a few samples.
    fn kernel(spec: &Spec, dispatches: u32) -> f64 {
        let mut job = prepared(spec);
        job.set_dispatches(dispatches);
        let sample = |_| {
            let start = now();
            let laps = pollster::block_on(job.run()).unwrap().laps;
            let wall = seconds_since(start);
            let kernel = seconds(&laps, Phase::Kernel) * f64::from(dispatches);
            assert!(kernel > 0.0 && seconds(&laps, Phase::Launch) > 0.0, "{laps:?}");
            assert!(kernel + seconds(&laps, Phase::Launch) <= wall, "{laps:?} in {wall} s");
            kernel
        };
        (0..5).map(sample).fold(f64::INFINITY, f64::min)
    }

    #[test]
    fn the_laps_are_within_the_wall_clock_and_repetitions_take_longer() {
        let one_pass = spec("fma", 1 << 14, 2);
        let wait_each = Spec { launch: Launch::WaitEach, ..one_pass.clone() };
        let once = kernel(&one_pass, 1);
        let repeated = [kernel(&one_pass, 20), kernel(&wait_each, 20)];
        assert!(repeated.iter().all(|&seconds| seconds > 5.0 * once), "{once} s, 20 times {repeated:?} s");
    }

    #[test]
    fn shares_are_equal_but_for_one() {
        assert_eq!(shares(10, 1, 3), [0..3, 3..6, 6..10]);
        assert_eq!(shares(1, 1, 3), [0..0, 0..0, 0..1]);
        assert_eq!(shares(40, 4, 3), [0..12, 12..24, 24..40]);
        let mut output = [0.0; 10];
        let lengths: Vec<_> = split(&mut output, &shares(10, 1, 3)).iter().map(|part| part.len()).collect();
        assert_eq!(lengths, [3, 3, 4]);
    }

    #[test]
    fn what_it_cannot_do_is_said() {
        let mut cpu = Cpu::new();
        let small = spec("add", 10, 1);
        let none = Rc::new(Vec::new());
        let cases = [
            (Spec { launch: Launch::PassEach, ..small.clone() }, "command buffers"),
            (Spec { path: Path::Mapped, ..small.clone() }, "the host's memory"),
            (Spec { workers: 1 << 20, ..small.clone() }, "threads"),
            (Spec { workers: 0, ..small.clone() }, "at least one"),
            (Spec { problem: Problem::Vector { n: 1 << 60 }, inputs: none, ..small }, "memory"),
        ];
        for (spec, words) in cases {
            let Err(DeviceError::Unsupported(reason)) = pollster::block_on(cpu.prepare(&spec)) else {
                panic!("{words} is unsupported");
            };
            assert!(reason.contains(words), "{reason}");
        }
        assert!(matches!(poisoned(1 << 60), Err(DeviceError::OutOfMemory(_))));
    }
}
