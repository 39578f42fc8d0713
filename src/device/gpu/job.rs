//! A job on the GPU: upload, dispatches, read-back, each timed by its clock.

use std::ops::Range;
use std::rc::Rc;
use std::time::Instant;

use super::super::{DeviceError, Job, Lap, Repetition, Spec, heating};
use super::context::Context;
use super::launch::{self, Dispatch};
use super::program::{self, Buffers};
use super::staging;
use super::transfer;
use super::{Shared, Timestamps};
use crate::clock;
use crate::record::{Clock, LaunchStyle, Phase, TransferMethod};

/// A workload made ready on a GPU.
pub struct GpuJob {
    shared: Rc<Shared>,
    /// The device, waited for as this case wants it.
    context: Context,
    method: TransferMethod,
    inputs: Rc<Vec<Vec<f32>>>,
    buffers: Buffers,
    dispatches: Vec<Dispatch>,
    launch: LaunchStyle,
    rounds: u32,
    /// The part that runs next of a job that is timed in parts: each of them is one of the dispatches.
    part: Option<usize>,
    /// Seconds of the last kernel, by which the pass before the next one is made long enough.
    last: Option<f64>,
    /// The output on the host; one element even where the workload has none, for the launch style that reads back.
    host: Vec<f32>,
    has_output: bool,
    /// Cleared when a pair of stamps cannot be true: from then on the fallback times this job.
    trusts_timestamps: bool,
}

/// Host times of passes that were waited for, in seconds.
#[derive(Default)]
struct Passed {
    /// From before the recording to the end of the wait.
    total: f64,
    /// Recording and finishing the command buffer.
    encoding: f64,
}

/// The dispatches of all rounds, done.
struct Done {
    passed: Passed,
    /// Passes that were waited for.
    waits: u32,
    /// What the GPU's clock says, and whether a pair of stamps was rejected, where that was read between the waits.
    stamped: Option<(Option<f64>, bool)>,
    /// Seconds in which nothing but stamps were read: no part of the job.
    reading: f64,
}

impl GpuJob {
    pub(super) fn new(shared: &Rc<Shared>, spec: &Spec, pipelines: &[wgpu::ComputePipeline]) -> Self {
        let context =
            spec.case.wait.map_or_else(|| Context::clone(&shared.context), |by| shared.context.waited_for_by(by));
        let steps = program::steps(spec);
        let buffers = Buffers::new(&context, spec, &steps);
        let per_dimension = context.device.limits().max_compute_workgroups_per_dimension;
        let dispatches = steps
            .iter()
            .zip(pipelines)
            .map(|(step, pipeline)| Dispatch {
                bind_group: program::bind(&context, pipeline, step, &buffers),
                grid: program::grid(step.workgroups, per_dimension),
                pipeline: pipeline.clone(),
            })
            .collect();
        let output = spec.workload.output_length(spec.case.problem);
        let host = vec![0.0; output.max(1) as usize];
        let uploaded = staging::upload_bytes(&spec.workload.input_lengths(spec.case.problem));
        if uploaded > 0 && spec.transfer() == TransferMethod::Staged {
            shared.upload.reserve(&context, uploaded);
        }
        if matches!(spec.transfer(), TransferMethod::Staged | TransferMethod::WriteBuffer)
            || spec.case.series.launch() == LaunchStyle::ReadBackEach
        {
            shared.read_back.reserve(&context, 4 * host.len() as u64);
        }
        Self {
            shared: Rc::clone(shared),
            context,
            method: spec.transfer(),
            inputs: Rc::clone(&spec.inputs),
            buffers,
            dispatches,
            launch: spec.case.series.launch(),
            rounds: 1,
            part: (spec.case.parts > 1).then_some(0),
            last: None,
            host,
            has_output: output > 0,
            trusts_timestamps: shared.timestamps.is_some(),
        }
    }

    /// The first upload, the first dispatch after compiling, and the first read-back: memory is touched for the first
    /// time, and the driver may finish its work. An empty job goes by its own launch style.
    pub(super) async fn first_run(&mut self) -> Result<Vec<Lap>, DeviceError> {
        let mut laps = Vec::with_capacity(3);
        if !self.inputs.is_empty() {
            let start = clock::now();
            self.upload().await?;
            laps.push(host(Phase::FirstUpload, start));
        }
        self.poison().await?;
        let style = if self.has_output { LaunchStyle::OnePass } else { self.launch };
        let start = clock::now();
        self.dispatch(style, 1).await?;
        laps.push(host(Phase::FirstLaunch, start));
        if self.has_output {
            let start = clock::now();
            self.read_back().await?;
            laps.push(host(Phase::FirstReadBack, start));
        }
        Ok(laps)
    }

    async fn upload(&self) -> Result<(), DeviceError> {
        if self.inputs.is_empty() {
            return Ok(());
        }
        transfer::upload(&self.context, self.method, &self.shared.upload, &self.inputs, &self.buffers.inputs).await
    }

    /// Fills the output with values that no kernel writes. It also takes the driver's lazy clearing of a new buffer out
    /// of the first timed dispatch.
    async fn poison(&mut self) -> Result<(), DeviceError> {
        let context = &self.context;
        self.host.fill(f32::NAN);
        let poison = bytemuck::cast_slice(&self.host);
        context
            .guarded("poisoning the output", || {
                context.queue.write_buffer(&self.buffers.output, 0, poison);
                let submission = context.queue.submit([]);
                context.wait(Some(submission), "the output to be poisoned")
            })
            .await
    }

    /// The dispatches in a launch style, waited for: the seconds that their encoding took.
    async fn dispatch(&mut self, style: LaunchStyle, rounds: u32) -> Result<f64, DeviceError> {
        let staging = &self.shared.read_back;
        let returned = launch::Returned { staging, output: &self.buffers.output, host: &mut self.host };
        launch::launch(&self.context, style, &self.dispatches, rounds, returned).await
    }

    async fn read_back(&mut self) -> Result<(), DeviceError> {
        let (staging, output) = (&self.shared.read_back, &self.buffers.output);
        transfer::read_back(&self.context, self.method, staging, output, &mut self.host).await
    }

    /// The dispatches that are waited for together: all of one round, or each alone in the style that waits for each.
    fn parts(&self) -> impl Iterator<Item = Range<usize>> + use<> {
        let all = self.dispatches.len();
        let together = if self.launch == LaunchStyle::WaitEach { 1 } else { all.max(1) };
        (0..all).step_by(together).map(move |at| at..at + together)
    }

    /// The dispatches of one round: all of them, or the part that is due.
    fn due(&self) -> Range<usize> {
        self.part.map_or(0..self.dispatches.len(), |part| part..part + 1)
    }

    /// Lets the device work on the same buffers for a little while, so that a short kernel meets the clock that a long
    /// one has.
    fn heat(&self) -> Result<(), DeviceError> {
        let rounds = self.last.filter(|_| self.shared.is_heated).map_or(0, heating);
        if rounds > 0 {
            let mut encoder = self.context.encoder();
            launch::encode_pass(&mut encoder, &self.dispatches[self.due()], rounds, None);
            let submission = self.context.queue.submit([encoder.finish()]);
            self.context.wait(Some(submission), "a kernel before the timed one")?;
        }
        Ok(())
    }

    /// The dispatches of all rounds: in one pass, or each in a pass of its own in the style that waits for each.
    async fn compute(&mut self) -> Result<Done, DeviceError> {
        if self.launch != LaunchStyle::WaitEach {
            let passed = self.timed_pass(self.due(), self.rounds)?;
            return Ok(Done { passed, waits: 1, stamped: None, reading: 0.0 });
        }
        let (mut passed, mut waits, mut reading) = (Passed::default(), 0, 0.0);
        let (mut gpu, mut rejected) = (Some(0.0), false);
        for _ in 0..self.rounds {
            for part in self.parts() {
                let one = self.timed_pass(part, 1)?;
                let start = clock::now();
                let (seconds, untrue) = self.stamped(1, one.total).await?;
                reading += clock::seconds_since(start);
                passed = Passed { total: passed.total + one.total, encoding: passed.encoding + one.encoding };
                gpu = gpu.zip(seconds).map(|(sum, seconds)| sum + seconds);
                rejected |= untrue;
                waits += 1;
            }
        }
        Ok(Done { passed, waits, stamped: Some((gpu, rejected)), reading })
    }

    /// One pass of some of the dispatches, so many rounds of them, between timestamps, waited for.
    fn timed_pass(&self, dispatches: Range<usize>, rounds: u32) -> Result<Passed, DeviceError> {
        let context = &self.context;
        let stamps = self.shared.timestamps.as_ref();
        let start = clock::now();
        let mut encoder = context.encoder();
        launch::encode_pass(&mut encoder, &self.dispatches[dispatches], rounds, stamps.map(Timestamps::writes));
        let commands = encoder.finish();
        let encoding = clock::seconds_since(start);
        let submission = context.queue.submit([commands]);
        context.wait(Some(submission), "a kernel")?;
        Ok(Passed { total: clock::seconds_since(start), encoding })
    }

    /// What the GPU's clock says of the last timed pass, which took so long by the host's, in seconds; `None` where it
    /// is not to be trusted, with whether the pair could not be true. Stamps are read even where they are no longer
    /// trusted, so that the untrue ones can be counted.
    async fn stamped(&mut self, rounds: u32, host: f64) -> Result<(Option<f64>, bool), DeviceError> {
        let Some(stamps) = &self.shared.timestamps else {
            return Ok((None, false));
        };
        let read = stamps.read(&self.context, rounds, host).await?;
        self.trusts_timestamps &= read.is_some();
        Ok((read.filter(|_| self.trusts_timestamps), read.is_none()))
    }

    /// Launches empty kernels in the job's own style.
    async fn run_empty(&mut self) -> Result<Repetition, DeviceError> {
        let start = clock::now();
        let encoding = self.dispatch(self.launch, self.rounds).await?;
        let launch = host(Phase::Launch, start);
        let mut repetition = Repetition {
            laps: vec![launch, Lap { phase: Phase::Encode, clock: Clock::Host, seconds: encoding }],
            wall: launch.seconds,
            rejected: false,
            clamped: false,
        };
        if self.launch == LaunchStyle::OnePass && self.shared.timestamps.is_some() {
            let passed = self.timed_pass(0..self.dispatches.len(), self.rounds)?;
            let (gpu, rejected) = self.stamped(self.rounds, passed.total).await?;
            // A single dispatch can be shorter than a tick of the clock, and then nothing is known of it.
            let seen = gpu.filter(|seconds| *seconds > 0.0);
            repetition.laps.extend(seen.map(|seconds| Lap { phase: Phase::Pass, clock: Clock::Gpu, seconds }));
            repetition.rejected = rejected;
        }
        Ok(repetition)
    }
}

/// A phase that began then and ends now.
fn host(phase: Phase, start: Instant) -> Lap {
    Lap { phase, clock: Clock::Host, seconds: clock::seconds_since(start) }
}

/// Divides the host time of a pass into launch and kernel: by the GPU's own clock, or else by an empty dispatch for
/// each wait. The two clocks differ a little, so a kernel may seem longer than the wait for it; its launch is then
/// zero.
fn split(host: f64, gpu: Option<f64>, empty_dispatch: f64, rounds: u32) -> [Lap; 2] {
    let lap = |phase, clock, seconds| Lap { phase, clock, seconds };
    let rounds = f64::from(rounds);
    if let Some(gpu) = gpu {
        let launch = (host - gpu).max(0.0);
        return [lap(Phase::Launch, Clock::HostLessGpu, launch), lap(Phase::Kernel, Clock::Gpu, gpu / rounds)];
    }
    // An empty dispatch cannot take longer than one that computes: what is left of it is at least nothing.
    let kernel = (host - empty_dispatch).max(0.0);
    [lap(Phase::Launch, Clock::HostLessEmpty, host - kernel), lap(Phase::Kernel, Clock::HostLessEmpty, kernel / rounds)]
}

impl Job for GpuJob {
    fn set_dispatches(&mut self, dispatches: u32) {
        self.rounds = dispatches.max(1);
    }

    async fn run(&mut self, transfers: bool) -> Result<Repetition, DeviceError> {
        if !self.has_output {
            return self.run_empty().await;
        }
        let mut laps = Vec::with_capacity(5);
        let begin = clock::now();
        if transfers && !self.inputs.is_empty() {
            let start = clock::now();
            self.upload().await?;
            laps.push(host(Phase::Upload, start));
        }
        let heating = clock::now();
        self.heat()?;
        let heating = clock::seconds_since(heating);
        let Done { passed, waits, stamped, reading } = self.compute().await?;
        let start = clock::now();
        if transfers {
            self.read_back().await?;
        }
        let read_back = transfers.then(|| host(Phase::ReadBack, start));
        let wall = clock::seconds_since(begin) - reading - heating;
        let (gpu, rejected) = match stamped {
            Some(stamped) => stamped,
            None => self.stamped(self.rounds, passed.total).await?,
        };
        let clamped = gpu.is_some_and(|gpu| gpu > passed.total);
        let empty = f64::from(waits) * self.shared.empty_dispatch;
        let [launch, kernel] = split(passed.total, gpu, empty, self.rounds);
        self.last = Some(kernel.seconds);
        self.part = self.part.map(|part| (part + 1) % self.dispatches.len());
        laps.extend([launch, kernel, Lap { phase: Phase::Encode, clock: Clock::Host, seconds: passed.encoding }]);
        laps.extend(read_back);
        Ok(Repetition { laps, wall, rejected, clamped })
    }

    async fn output(&mut self) -> Result<Option<Vec<f32>>, DeviceError> {
        if !self.has_output {
            self.dispatch(self.launch, 1).await?;
            return Ok(None);
        }
        self.upload().await?;
        self.poison().await?;
        // By the passes that will be timed: what is right in one pass may be wrong when it is cut.
        for part in self.parts() {
            self.timed_pass(part, 1)?;
        }
        self.read_back().await?;
        Ok(Some(self.host.clone()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn launch_and_kernel_add_up_to_the_host_time() {
        let [launch, kernel] = split(10e-6, Some(6e-6), 3e-6, 2);
        assert_eq!((launch.clock, kernel.clock), (Clock::HostLessGpu, Clock::Gpu));
        assert!((launch.seconds + 2.0 * kernel.seconds - 10e-6).abs() < 1e-18);
    }

    #[test]
    fn no_launch_is_shorter_than_nothing() {
        let [launch, kernel] = split(10e-6, Some(10.4e-6), 3e-6, 2);
        assert_eq!((launch.seconds, kernel.seconds), (0.0, 5.2e-6));
    }

    #[test]
    fn without_timestamps_an_empty_dispatch_stands_for_the_launch() {
        let [launch, kernel] = split(10e-6, None, 3e-6, 1);
        assert_eq!((launch.clock, kernel.clock), (Clock::HostLessEmpty, Clock::HostLessEmpty));
        assert!((launch.seconds - 3e-6).abs() < 1e-18 && (kernel.seconds - 7e-6).abs() < 1e-18);
    }
}
