//! The CPU as a device: each worker is a thread.

mod crew;
mod host;
#[cfg(test)]
mod tests;

pub use host::{host_has_threads, host_memory, host_peak_memory, host_processor, host_threads, unless_stopped};

use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

use super::{Device, DeviceError, DeviceTiming, Job, Lap, Repetition, SET_UPS, Spec, extensions};
use crate::clock::{now, resolution, seconds_since};
use crate::record::{
    Baseline, Case, Clock, DeviceInfo, DeviceKind, LaunchStyle, Limits, Phase, Problem, Timing, TransferMethod,
};
use crate::units;
use crate::workload::Workload;

/// Largest number of threads per logical processor. More threads would only wait for each other.
const THREADS_PER_PROCESSOR: u64 = 4;

/// Assumed memory in bytes, if the operating system does not report it.
const ASSUMED_MEMORY: u64 = 2 << 30;

/// The CPU of this machine.
#[derive(Debug, Clone)]
pub struct Cpu {
    info: DeviceInfo,
    /// Thread pools by their number of threads. Jobs share them.
    threads: HashMap<u64, Arc<rayon::ThreadPool>>,
}

/// A workload that is ready to run on threads.
pub struct CpuJob {
    spec: Spec,
    dispatches: u32,
    output: Vec<f32>,
    /// What the workers take one after another: ranges of the output, or ranges of the items of a reduction.
    chunks: Vec<Range<usize>>,
    /// Partial results of a reduction, one per chunk.
    partials: Vec<f32>,
    baseline: Baseline,
    /// The threads, which sleep between jobs; `None` for one worker, which is the calling thread.
    threads: Option<Arc<rayon::ThreadPool>>,
}

impl Cpu {
    /// Returns the CPU that this program runs on.
    pub fn new() -> Self {
        let memory = host_memory().unwrap_or(ASSUMED_MEMORY) / 2;
        let limits = Limits {
            workers: THREADS_PER_PROCESSOR * u64::from(host_threads()),
            workgroup_size: 1,
            workgroups_per_dimension: None,
            workgroup_memory: None,
            binding: memory,
            memory,
        };
        Self {
            threads: HashMap::new(),
            info: DeviceInfo {
                name: host_processor().unwrap_or_else(|| format!("{} processor", std::env::consts::ARCH)),
                kind: DeviceKind::Cpu,
                backend: None,
                driver: None,
                timestamps: false,
                timestamp_period: None,
                no_timestamps: None,
                no_workgroups: Some("threads of a processor come in no workgroups".to_owned()),
                pci: None,
                hidden: None,
                subgroup_sizes: None,
                f16: Some(false),
                subgroups: Some(false),
                cooperative: Vec::new(),
                stands_for: None,
                limits,
            },
        }
    }

    /// Prepares a job for a baseline.
    ///
    /// Threads start before the set-up is timed, because a program starts them once, as it opens a GPU once. The set-up
    /// allocates the result but does not touch it. All threads touch its memory later, untimed, when they first poison
    /// it; the same holds for the result of a GPU.
    ///
    /// # Errors
    ///
    /// Fails if this machine cannot run the case, or has too little memory or too few threads.
    pub fn prepare_baseline(&mut self, spec: &Spec, baseline: Baseline) -> Result<(CpuJob, Vec<Lap>), DeviceError> {
        self.check(spec)?;
        let threads = (spec.case.workers > 1).then(|| self.threads(spec.case.workers)).transpose()?;
        check_room(spec.workload.output_length(spec.case.problem))?;
        let mut laps = Vec::with_capacity(SET_UPS);
        loop {
            let start = now();
            let job = CpuJob::new(spec, baseline, threads.clone());
            laps.push(lap(Phase::SetUp, seconds_since(start)));
            if laps.len() == SET_UPS {
                return Ok((job, laps));
            }
        }
    }

    /// Returns a pool with this number of threads, and creates it if necessary.
    fn threads(&mut self, workers: u64) -> Result<Arc<rayon::ThreadPool>, DeviceError> {
        if let Some(threads) = self.threads.get(&workers) {
            return Ok(Arc::clone(threads));
        }
        let threads = Arc::new(start(workers)?);
        self.threads.insert(workers, Arc::clone(&threads));
        Ok(threads)
    }

    /// Refuses a case that the CPU cannot run.
    fn check(&self, spec: &Spec) -> Result<(), DeviceError> {
        let Limits { workers, memory, .. } = self.info.limits;
        extensions::check_processor(spec)?;
        let fault = if !matches!(spec.case.series.launch(), LaunchStyle::OnePass | LaunchStyle::WaitEach) {
            Some(format!("the CPU has no command buffers, and so no {}", spec.case.series.launch().name()))
        } else if spec.transfer() != TransferMethod::Staged {
            Some(format!("the CPU works in the host's memory, and so has no {} transfer", spec.transfer().name()))
        } else if spec.case.parts > 1 {
            Some("the CPU runs long jobs whole".to_owned())
        } else if spec.case.slices > 1 {
            Some(format!("the CPU has no launches, so a job is not cut into {}", spec.case.slices))
        } else if spec.case.workers > workers {
            Some(format!(
                "needs {} threads; {THREADS_PER_PROCESSOR} for each processor thread, {workers} in all, is the limit",
                spec.case.workers
            ))
        } else {
            let length = spec.workload.input_lengths(spec.case.problem).into_iter().fold(0, u64::saturating_add);
            let bytes = length.saturating_add(spec.workload.output_length(spec.case.problem)).saturating_mul(4);
            let [needed, half] = [bytes, memory].map(|bytes| units::bytes(bytes as f64));
            (bytes > memory).then(|| format!("needs {needed}; half of this machine's memory is {half}"))
        };
        // Threads form no workgroups, so the size of the case does not count.
        let known = spec.workload.check(spec.variant, &Case { workgroup_size: 1, ..spec.case });
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
        self.prepare_baseline(spec, Baseline::Threads)
    }

    fn timing(&self) -> DeviceTiming {
        DeviceTiming { empty_dispatch: None, kernel_clock_resolution: Some(resolution()), kernel_clock_rate: None }
    }

    async fn fresh(&self) -> Result<Self, DeviceError> {
        Ok(self.clone())
    }

    fn absent(&self, phase: Phase) -> Timing {
        Timing::absent(match phase {
            Phase::Compile => "the CPU's code is compiled with the program",
            Phase::FirstLaunch => "the CPU has no driver",
            Phase::Upload | Phase::ReadBack | Phase::FirstUpload | Phase::FirstReadBack => {
                "the CPU works in the host's memory"
            }
            Phase::Encode | Phase::Pass => "the CPU has no command buffers and no passes",
            Phase::SetUp | Phase::Launch | Phase::Part | Phase::Kernel => "not measured",
        })
    }
}

/// Returns the number of elements in one task of [`Baseline::TinyTasks`]: of the output, or items of a reduction.
pub fn tiny_task(workload: &dyn Workload, problem: Problem) -> u64 {
    crew::tiny_task(if workload.is_reduction() { 1 } else { workload.grain(problem) })
}

impl CpuJob {
    fn new(spec: &Spec, baseline: Baseline, threads: Option<Arc<rayon::ThreadPool>>) -> Self {
        let (workload, Case { problem, workers, .. }) = (spec.workload, spec.case);
        let reduces = workload.is_reduction();
        let length = workload.output_length(problem);
        let elements = if reduces { workload.items(problem) } else { length };
        let grain = if reduces { 1 } else { workload.grain(problem) };
        let chunks = crew::chunks(elements, grain, workload.portion(problem), workers);
        // Memory of zeroes is allocated but not touched.
        let output = vec![0.0; length as usize];
        let partials = if reduces { vec![0.0; chunks.len()] } else { Vec::new() };
        Self { spec: spec.clone(), dispatches: 1, output, chunks, partials, baseline, threads }
    }
}

impl Job for CpuJob {
    fn set_dispatches(&mut self, dispatches: u32) {
        self.dispatches = dispatches.max(1);
    }

    async fn run(&mut self, _: bool) -> Result<Repetition, DeviceError> {
        let dispatches = self.dispatches;
        let (scopes, repetitions) = match self.spec.case.series.launch() {
            LaunchStyle::WaitEach => (dispatches, 1),
            _ => (1, dispatches),
        };
        let start = now();
        let kernel: f64 = (0..scopes).map(|_| self.dispatch(repetitions)).sum();
        let wall = seconds_since(start);
        let laps = vec![lap(Phase::Launch, wall - kernel), lap(Phase::Kernel, kernel / f64::from(dispatches))];
        Ok(Repetition { laps, wall, ..Repetition::default() })
    }

    async fn output(&mut self) -> Result<Option<Vec<f32>>, DeviceError> {
        crew::fill(self.threads.as_deref(), &mut self.output, f32::NAN);
        self.partials.fill(f32::NAN);
        self.run(true).await?;
        Ok((!self.output.is_empty()).then(|| self.output.clone()))
    }
}

impl CpuJob {
    /// Runs the job several times, and combines the partial results of a reduction. Returns the seconds from the first
    /// worker's start to the last worker's end.
    fn dispatch(&mut self, repetitions: u32) -> f64 {
        let Spec { workload, case, inputs, .. } = &self.spec;
        let (workload, Case { problem, .. }, inputs) = (*workload, *case, inputs.as_slice());
        let scalar = self.baseline == Baseline::Scalar;
        let work = |elements: Range<usize>, part: &mut [f32]| {
            if scalar {
                workload.compute_scalar(problem, inputs, elements, part);
            } else {
                workload.compute(problem, inputs, elements, part);
            }
        };
        let threads = self.threads.as_deref();
        match (self.baseline, workload.is_reduction()) {
            (Baseline::TinyTasks, false) => {
                let task = tiny_task(workload, problem) as usize;
                let span = crew::tiny_tasks(threads, task, &mut self.output, repetitions, &work);
                crew::span(&[span])
            }
            (Baseline::TinyTasks, true) => {
                let items = workload.items(problem) as usize;
                crew::span(&[crew::tiny_sums(threads, items, &mut self.output[0], repetitions, &work)])
            }
            (_, false) => {
                let parts = crew::split(&mut self.output, &self.chunks);
                crew::span(&crew::in_chunks(threads, &self.chunks, parts, repetitions, &work))
            }
            (_, true) => {
                let parts = self.partials.iter_mut().map(std::slice::from_mut).collect();
                let spans = crew::in_chunks(threads, &self.chunks, parts, repetitions, &work);
                self.output[0] = self.partials.iter().sum();
                crew::span(&spans)
            }
        }
    }
}

/// Starts threads that sleep between jobs, as in any parallel library.
fn start(workers: u64) -> Result<rayon::ThreadPool, DeviceError> {
    let number = usize::try_from(workers).unwrap_or(usize::MAX);
    rayon::ThreadPoolBuilder::new().num_threads(number).build().map_err(|error| {
        DeviceError::Unsupported(format!(
            "the operating system did not start {workers} threads ({error}); end other programs, or raise the limit \
             (`ulimit -u`)"
        ))
    })
}

/// Refuses a result that is too large for the memory.
fn check_room(length: u64) -> Result<(), DeviceError> {
    let room = usize::try_from(length).is_ok_and(|length| Vec::<f32>::new().try_reserve_exact(length).is_ok());
    room.then_some(()).ok_or_else(|| DeviceError::OutOfMemory(format!("the host has no room for {length} elements")))
}

fn lap(phase: Phase, seconds: f64) -> Lap {
    Lap { phase, clock: Clock::Host, seconds }
}
