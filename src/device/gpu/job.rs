//! A job on the GPU: upload, dispatches and read-back, each timed by its clock.

use std::ops::Range;
use std::rc::Rc;
use std::time::Instant;

use super::super::stamps::Trust;
use super::super::{DeviceError, Heater, Job, Lap, Repetition, Spec};
use super::buffers::{Buffers, Data};
use super::context::Context;
use super::launch::{self, Dispatch, Rounds};
use super::program;
use super::split::{Done, Passed, Stamped, split};
use super::staging;
use super::transfer;
use super::{Shared, Timestamps};
use crate::clock;
use crate::record::{Clock, LaunchStyle, Phase, TransferMethod};

/// A workload that is ready to run on a GPU.
pub struct GpuJob {
    shared: Rc<Shared>,
    /// The device, with this case's way to wait.
    context: Context,
    method: TransferMethod,
    inputs: Rc<Vec<Vec<f32>>>,
    buffers: Buffers,
    dispatches: Vec<Dispatch>,
    launch: LaunchStyle,
    rounds: u32,
    /// Whether each round runs one of the dispatches, with its own arguments.
    takes_turns: bool,
    /// The next part, if the job is timed in parts. Each part is one of the dispatches.
    part: Option<usize>,
    /// Time of the last kernel in seconds. It sets the length of the next untimed pass.
    last: Option<f64>,
    heater: Heater,
    has_output: bool,
    /// Trust in the timestamps. Once it is lost, because too many pairs were impossible, the fallback times this job.
    trust: Trust,
}

impl GpuJob {
    pub(super) fn new(shared: &Rc<Shared>, spec: &Spec, pipelines: &[wgpu::ComputePipeline], data: Rc<Data>) -> Self {
        let context =
            spec.case.wait.map_or_else(|| Context::clone(&shared.context), |by| shared.context.waited_for_by(by));
        let steps = program::steps(spec);
        let buffers = Buffers::new(&context, data, &steps);
        let per_dimension = context.device.limits().max_compute_workgroups_per_dimension;
        let dispatches = steps
            .iter()
            .zip(pipelines)
            .map(|(step, pipeline)| Dispatch {
                bound: program::bind(&context, pipeline, (spec.workload, step), &buffers),
                grid: program::grid(step.workgroups, per_dimension),
                pipeline: pipeline.clone(),
            })
            .collect();
        let output = spec.workload.output_length(spec.case.problem);
        let uploaded = staging::upload_bytes(&spec.workload.input_lengths(spec.case.problem));
        if uploaded > 0 && spec.transfer() == TransferMethod::Staged {
            shared.upload.reserve(&context, uploaded);
        }
        if matches!(spec.transfer(), TransferMethod::Staged | TransferMethod::WriteBuffer)
            || spec.case.series.launch() == LaunchStyle::ReadBackEach
        {
            shared.read_back.reserve(&context, 4 * output.max(1));
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
            takes_turns: spec.case.series.has_arguments(),
            part: (spec.case.parts > 1).then_some(0),
            last: None,
            heater: Heater::default(),
            has_output: output > 0,
            trust: Trust::default(),
        }
    }

    /// Returns the data that other jobs with the same inputs may share.
    pub(super) fn data(&self) -> &Rc<Data> {
        &self.buffers.data
    }

    /// Runs the first upload, the first dispatch after compiling, and the first read-back. They touch memory for the
    /// first time, and the driver may finish its work. A job without output uses its own launch style.
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

    pub(super) async fn upload(&self) -> Result<(), DeviceError> {
        if self.inputs.is_empty() {
            return Ok(());
        }
        transfer::upload(&self.context, self.method, &self.shared.upload, &self.inputs, &self.data().inputs).await
    }

    /// Fills the output with values that no kernel writes. This also moves the driver's lazy clearing of a new buffer
    /// out of the first timed dispatch.
    async fn poison(&self) -> Result<(), DeviceError> {
        let (context, data) = (&self.context, self.data());
        context
            .guarded("poisoning the output", || {
                let submission = context.queue.submit([self.shared.poison.fill(context, &data.output)]);
                context.wait(Some(submission), "the output to be poisoned")
            })
            .await
    }

    /// Runs the dispatches in a launch style, waits for them, and returns the encoding time in seconds.
    async fn dispatch(&self, style: LaunchStyle, rounds: u32) -> Result<f64, DeviceError> {
        let data = self.data();
        let mut host = data.host.take();
        let returned = launch::Returned { staging: &self.shared.read_back, output: &data.output, host: &mut host };
        let encoding = launch::launch(&self.context, style, self.rounds(self.all()), rounds, returned).await;
        data.host.set(host);
        encoding
    }

    async fn read_back(&self) -> Result<(), DeviceError> {
        let (staging, data) = (&self.shared.read_back, self.data());
        let mut host = data.host.take();
        let done = transfer::read_back(&self.context, self.method, staging, &data.output, &mut host).await;
        data.host.set(host);
        done
    }

    /// Returns ranges of dispatches with one wait: all of a round, or each alone if the style waits for each.
    fn parts(&self) -> impl Iterator<Item = Range<usize>> + use<> {
        let all = self.dispatches.len();
        let together = if self.launch == LaunchStyle::WaitEach { 1 } else { all.max(1) };
        (0..all).step_by(together).map(move |at| at..at + together)
    }

    fn all(&self) -> Range<usize> {
        0..self.dispatches.len()
    }

    fn rounds(&self, dispatches: Range<usize>) -> Rounds<'_> {
        Rounds { dispatches: &self.dispatches[dispatches], takes_turns: self.takes_turns }
    }

    /// Returns the dispatches of one round: all of them, or the part that is due.
    fn due(&self) -> Range<usize> {
        self.part.map_or(self.all(), |part| part..part + 1)
    }

    /// Makes the device work on the same buffers for a short time, so that a short kernel runs at the same clock as a
    /// long one.
    fn heat(&mut self) -> Result<(), DeviceError> {
        let last = self.last.filter(|_| self.shared.is_heated);
        let rounds = last.map_or(0, |kernel| self.heater.dispatches(kernel));
        if rounds > 0 {
            let start = clock::now();
            let mut encoder = self.context.encoder();
            launch::encode_pass(&mut encoder, self.rounds(self.due()).of(0..rounds), None);
            let submission = self.context.queue.submit([encoder.finish()]);
            self.context.wait(Some(submission), "a kernel before the timed one")?;
            self.heater.learn(rounds, clock::seconds_since(start) - self.shared.empty_dispatch);
        }
        Ok(())
    }

    /// Runs the dispatches of all rounds: in one pass, or in a pass each if the style waits for each.
    async fn compute(&mut self) -> Result<Done, DeviceError> {
        if self.launch != LaunchStyle::WaitEach {
            let passed = self.timed_pass(self.due(), self.rounds)?;
            return Ok(Done { passed, waits: 1, ..Done::default() });
        }
        let mut done = Done { gpu: Some(0.0), ..Done::default() };
        for _ in 0..self.rounds {
            for part in self.parts() {
                let start = clock::now();
                let one = self.stamped_pass(part, 1).await?;
                done.beside += clock::seconds_since(start) - one.passed.total;
                done.passed.total += one.passed.total;
                done.passed.encoding += one.passed.encoding;
                done.gpu = done.gpu.zip(one.gpu).map(|(sum, seconds)| sum + seconds);
                done.rejected += one.rejected;
                done.waits += 1;
            }
        }
        Ok(done)
    }

    /// Runs one pass and reads its timestamps. It repeats the pass as long as they are impossible and still trusted.
    async fn stamped_pass(&mut self, dispatches: Range<usize>, rounds: u32) -> Result<Done, DeviceError> {
        let mut rejected = 0;
        loop {
            let passed = self.timed_pass(dispatches.clone(), rounds)?;
            let gpu = self.stamped(rounds, passed.total).await?;
            rejected += u32::from(gpu == Stamped::Untrue);
            if gpu != Stamped::Untrue || !self.trust.holds() {
                return Ok(Done { passed, waits: 1, gpu: gpu.seconds(), rejected, beside: 0.0 });
            }
        }
    }

    /// Runs several rounds of some dispatches in one pass between timestamps, and waits for it.
    fn timed_pass(&self, dispatches: Range<usize>, rounds: u32) -> Result<Passed, DeviceError> {
        let context = &self.context;
        let stamps = self.shared.timestamps.as_ref();
        let start = clock::now();
        let mut encoder = context.encoder();
        let dispatches = self.rounds(dispatches).of(0..rounds);
        launch::encode_pass(&mut encoder, dispatches, stamps.map(Timestamps::writes));
        let commands = encoder.finish();
        let encoding = clock::seconds_since(start);
        let submission = context.queue.submit([commands]);
        context.wait(Some(submission), "a kernel")?;
        Ok(Passed { total: clock::seconds_since(start), encoding })
    }

    /// Returns what the GPU's clock shows for the last timed pass, which took `host` seconds on the host's clock.
    async fn stamped(&mut self, rounds: u32, host: f64) -> Result<Stamped, DeviceError> {
        let Some(stamps) = self.shared.timestamps.as_ref().filter(|_| self.trust.holds()) else {
            return Ok(Stamped::Nothing);
        };
        let read = stamps.read(&self.context, rounds, host, self.trust.pairs()).await?;
        self.trust.count(read.is_none());
        Ok(read.map_or(Stamped::Untrue, Stamped::Seconds))
    }

    /// Runs the whole job; also returns whether the timestamps of its pass were impossible.
    async fn run_once(&mut self, transfers: bool) -> Result<(Repetition, bool), DeviceError> {
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
        let Done { passed, waits, mut gpu, mut rejected, beside } = self.compute().await?;
        let start = clock::now();
        if transfers {
            self.read_back().await?;
        }
        let read_back = transfers.then(|| host(Phase::ReadBack, start));
        let wall = clock::seconds_since(begin) - beside - heating;
        let mut untrue = false;
        if self.launch != LaunchStyle::WaitEach {
            let stamped = self.stamped(self.rounds, passed.total).await?;
            (gpu, untrue) = (stamped.seconds(), stamped == Stamped::Untrue);
            rejected += u32::from(untrue);
        }
        let clamped = gpu.is_some_and(|gpu| gpu > passed.total);
        let empty = f64::from(waits) * self.shared.empty_dispatch;
        let [launch, kernel] = split(passed.total, gpu, empty, self.rounds);
        self.last = Some(kernel.seconds);
        laps.extend([launch, kernel, Lap { phase: Phase::Encode, clock: Clock::Host, seconds: passed.encoding }]);
        laps.extend(read_back);
        Ok((Repetition { laps, wall, rejected, heating, clamped }, untrue))
    }

    /// Launches empty kernels in the job's own style.
    async fn run_empty(&mut self) -> Result<Repetition, DeviceError> {
        let start = clock::now();
        let encoding = self.dispatch(self.launch, self.rounds).await?;
        let launch = host(Phase::Launch, start);
        let mut repetition = Repetition {
            laps: vec![launch, Lap { phase: Phase::Encode, clock: Clock::Host, seconds: encoding }],
            wall: launch.seconds,
            ..Repetition::default()
        };
        if self.launch == LaunchStyle::OnePass && self.shared.timestamps.is_some() {
            let Done { gpu, rejected, .. } = self.stamped_pass(self.all(), self.rounds).await?;
            // A single dispatch can be shorter than a clock tick. Then its time is unknown.
            let seen = gpu.filter(|seconds| *seconds > 0.0);
            repetition.laps.extend(seen.map(|seconds| Lap { phase: Phase::Pass, clock: Clock::Gpu, seconds }));
            repetition.rejected = rejected;
        }
        Ok(repetition)
    }
}

/// Returns the lap of a phase that began at `start` and ends now.
fn host(phase: Phase, start: Instant) -> Lap {
    Lap { phase, clock: Clock::Host, seconds: clock::seconds_since(start) }
}

impl Job for GpuJob {
    fn set_dispatches(&mut self, dispatches: u32) {
        self.rounds = dispatches.max(1);
    }

    async fn run(&mut self, transfers: bool) -> Result<Repetition, DeviceError> {
        if !self.has_output {
            return self.run_empty().await;
        }
        let mut rejected = 0;
        loop {
            let (repetition, untrue) = self.run_once(transfers).await?;
            rejected += repetition.rejected;
            if !untrue || !self.trust.holds() {
                self.part = self.part.map(|part| (part + 1) % self.dispatches.len());
                return Ok(Repetition { rejected, ..repetition });
            }
        }
    }

    async fn output(&mut self) -> Result<Option<Vec<f32>>, DeviceError> {
        if !self.has_output {
            self.dispatch(self.launch, 1).await?;
            return Ok(None);
        }
        self.upload().await?;
        self.poison().await?;
        let mut host = self.data().host.take();
        host.fill(f32::NAN);
        self.data().host.set(host);
        // The same passes as in the timing: a job that is right in one pass may be wrong if it is cut.
        for part in self.parts() {
            self.timed_pass(part, 1)?;
        }
        self.read_back().await?;
        let host = self.data().host.take();
        let output = host.clone();
        self.data().host.set(host);
        Ok(Some(output))
    }
}
