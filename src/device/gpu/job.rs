//! A job on the GPU: upload, dispatches, read-back, each timed by its clock.

use std::rc::Rc;

use super::super::{DeviceError, Job, Lap, Launch, Repetition, Spec};
use super::launch::{self, Dispatch};
use super::program::{self, Buffers};
use super::staging;
use super::{Shared, Timestamps};
use crate::clock;
use crate::record::{Clock, Phase};

/// A workload made ready on a GPU.
pub struct GpuJob {
    shared: Rc<Shared>,
    inputs: Rc<Vec<Vec<f32>>>,
    buffers: Buffers,
    dispatches: Vec<Dispatch>,
    launch: Launch,
    rounds: u32,
    /// The output on the host; one element even where the workload has none, for the rung that reads back.
    host: Vec<f32>,
    has_output: bool,
    /// Cleared when a pair of stamps cannot be true: from then on the fallback times this job.
    trusts_timestamps: bool,
}

impl GpuJob {
    pub(super) fn new(shared: &Rc<Shared>, spec: &Spec, pipelines: &[wgpu::ComputePipeline]) -> Self {
        let context = &shared.context;
        let steps = program::steps(spec);
        let buffers = Buffers::new(context, spec, &steps);
        let per_dimension = context.device.limits().max_compute_workgroups_per_dimension;
        let dispatches = steps
            .iter()
            .zip(pipelines)
            .map(|(step, pipeline)| Dispatch {
                bind_group: program::bind(context, pipeline, step, &buffers),
                grid: program::grid(step.workgroups, per_dimension),
                pipeline: pipeline.clone(),
            })
            .collect();
        let output = spec.workload.output_length(spec.problem);
        let host = vec![0.0; output.max(1) as usize];
        let uploaded = staging::upload_bytes(&spec.workload.input_lengths(spec.problem));
        if uploaded > 0 {
            shared.upload.reserve(context, uploaded);
        }
        shared.read_back.reserve(context, 4 * host.len() as u64);
        Self {
            shared: Rc::clone(shared),
            inputs: Rc::clone(&spec.inputs),
            buffers,
            dispatches,
            launch: spec.launch,
            rounds: 1,
            host,
            has_output: output > 0,
            trusts_timestamps: shared.timestamps.is_some(),
        }
    }

    /// Times the first dispatch after compiling, with the data already on the device, in seconds.
    pub(super) async fn first_launch(&mut self) -> Result<f64, DeviceError> {
        self.upload().await?;
        self.poison().await?;
        let start = clock::now();
        self.dispatch(Launch::OnePass, 1).await?;
        Ok(clock::seconds_since(start))
    }

    async fn upload(&self) -> Result<(), DeviceError> {
        if self.inputs.is_empty() {
            return Ok(());
        }
        self.shared.upload.write(&self.shared.context, &self.inputs, &self.buffers.inputs).await
    }

    /// Fills the output with values that no kernel writes. It also takes the driver's lazy clearing of a new buffer out
    /// of the first timed dispatch.
    async fn poison(&mut self) -> Result<(), DeviceError> {
        let context = &self.shared.context;
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

    async fn dispatch(&mut self, rung: Launch, rounds: u32) -> Result<(), DeviceError> {
        let (shared, output) = (&self.shared, &self.buffers.output);
        launch::launch(&shared.context, rung, &self.dispatches, rounds, &shared.read_back, output, &mut self.host).await
    }

    async fn read_back(&mut self) -> Result<(), DeviceError> {
        self.shared.read_back.read(&self.shared.context, &self.buffers.output, &mut self.host).await
    }

    /// One pass of all rounds between timestamps: the host time until it is done, in seconds.
    fn timed_pass(&self) -> Result<f64, DeviceError> {
        let context = &self.shared.context;
        let stamps = self.shared.timestamps.as_ref().filter(|_| self.trusts_timestamps);
        let start = clock::now();
        let mut encoder = context.encoder();
        launch::encode_pass(&mut encoder, &self.dispatches, self.rounds, stamps.map(Timestamps::writes));
        let submission = context.queue.submit([encoder.finish()]);
        context.wait(Some(submission), "a kernel")?;
        Ok(clock::seconds_since(start))
    }

    /// What the GPU's clock says of the last timed pass, in seconds; `None` where it is not to be trusted.
    async fn stamped(&self) -> Result<Option<f64>, DeviceError> {
        match self.shared.timestamps.as_ref().filter(|_| self.trusts_timestamps) {
            Some(stamps) => stamps.read(&self.shared.context, self.rounds).await,
            None => Ok(None),
        }
    }
}

/// Divides the host time of a pass into launch and kernel: by the GPU's own clock, or else by an empty dispatch.
fn split(host: f64, gpu: Option<f64>, empty_dispatch: f64, rounds: u32) -> [Lap; 2] {
    let lap = |phase, clock, seconds| Lap { phase, clock, seconds };
    let rounds = f64::from(rounds);
    if let Some(gpu) = gpu {
        return [lap(Phase::Launch, Clock::HostLessGpu, host - gpu), lap(Phase::Kernel, Clock::Gpu, gpu / rounds)];
    }
    // An empty dispatch cannot take longer than one that computes: what is left of it is at least nothing.
    let kernel = (host - empty_dispatch).max(0.0);
    [lap(Phase::Launch, Clock::HostLessEmpty, host - kernel), lap(Phase::Kernel, Clock::HostLessEmpty, kernel / rounds)]
}

impl Job for GpuJob {
    fn set_dispatches(&mut self, dispatches: u32) {
        self.rounds = dispatches.max(1);
    }

    async fn run(&mut self) -> Result<Repetition, DeviceError> {
        let mut laps = Vec::with_capacity(4);
        let begin = clock::now();
        let host = |phase, start| Lap { phase, clock: Clock::Host, seconds: clock::seconds_since(start) };
        if !self.inputs.is_empty() {
            let start = clock::now();
            self.upload().await?;
            laps.push(host(Phase::Upload, start));
        }
        if self.has_output {
            let pass = self.timed_pass()?;
            let start = clock::now();
            self.read_back().await?;
            let read_back = host(Phase::ReadBack, start);
            let wall = clock::seconds_since(begin);
            let trusted = self.trusts_timestamps;
            let gpu = self.stamped().await?;
            self.trusts_timestamps = gpu.is_some();
            laps.extend(split(pass, gpu, self.shared.empty_dispatch, self.rounds));
            laps.push(read_back);
            return Ok(Repetition { laps, wall, rejected: trusted && gpu.is_none() });
        }
        let start = clock::now();
        self.dispatch(self.launch, self.rounds).await?;
        laps.push(host(Phase::Launch, start));
        Ok(Repetition { laps, wall: clock::seconds_since(begin), rejected: false })
    }

    async fn output(&mut self) -> Result<Option<Vec<f32>>, DeviceError> {
        if !self.has_output {
            self.dispatch(self.launch, 1).await?;
            return Ok(None);
        }
        self.upload().await?;
        self.poison().await?;
        self.dispatch(Launch::OnePass, 1).await?;
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
    fn without_timestamps_an_empty_dispatch_stands_for_the_launch() {
        let [launch, kernel] = split(10e-6, None, 3e-6, 1);
        assert_eq!((launch.clock, kernel.clock), (Clock::HostLessEmpty, Clock::HostLessEmpty));
        assert!((launch.seconds - 3e-6).abs() < 1e-18 && (kernel.seconds - 7e-6).abs() < 1e-18);
    }
}
