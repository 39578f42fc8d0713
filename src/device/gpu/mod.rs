//! Any wgpu adapter on Vulkan, Metal or DX12. Only this room uses wgpu.

mod adapter;
mod buffers;
mod context;
mod job;
mod launch;
mod opening;
mod program;
mod split;
mod staging;
mod timestamps;
mod transfer;

use std::rc::Rc;

use super::{Device, DeviceError, DeviceTiming, LONG_SET_UPS, Lap, SET_UPS, Spec, Waiting, is_heated, method};
use crate::clock;
use crate::record::{Clock, DeviceInfo, Phase, Timing, TransferMethod, Wait};

pub use adapter::{Adapter, Backend, adapters, hidden_adapters};
pub use job::GpuJob;
pub use timestamps::Stamps;

use buffers::{Data, Poison, Pool};
use context::Context;
use opening::Opened;
use staging::Staging;
use timestamps::Timestamps;

/// An open GPU.
pub struct Gpu {
    adapter: Adapter,
    stamps: Stamps,
    shared: Rc<Shared>,
}

/// What the jobs of a device share.
struct Shared {
    context: Rc<Context>,
    upload: Staging,
    read_back: Staging,
    /// Inputs and outputs shared by several jobs.
    pool: Pool,
    poison: Poison,
    timestamps: Option<Timestamps>,
    timing: DeviceTiming,
    /// Whether an untimed pass precedes the timing of short kernels.
    is_heated: bool,
    /// Median host time of an empty dispatch, submitted and waited for, in seconds.
    empty_dispatch: f64,
}

impl Gpu {
    /// Opens a device on the adapter, measures its empty dispatch and compares its clock with the host's.
    pub async fn open(adapter: Adapter, waiting: Waiting) -> Result<Self, DeviceError> {
        Self::open_stamped(adapter, waiting, Stamps::Gpu).await
    }

    /// Opens a device with another source of timestamps, so that tests can use missing and impossible ones.
    pub async fn open_stamped(mut adapter: Adapter, waiting: Waiting, stamps: Stamps) -> Result<Self, DeviceError> {
        let context = Context::open(&adapter.handle, waiting).await?;
        let Opened { timestamps, no_timestamps, timing } = opening::open(&context, &stamps).await?;
        adapter.info.timestamps = timestamps.is_some();
        adapter.info.timestamp_period = timestamps.as_ref().map(Timestamps::period);
        adapter.info.no_timestamps = no_timestamps;
        // Further handles of the device inherit the result of the clock check.
        let stamps = if timestamps.is_some() { stamps } else { Stamps::Missing };
        Ok(Self::with(adapter, stamps, context, timestamps, timing))
    }

    fn with(
        adapter: Adapter,
        stamps: Stamps,
        context: Rc<Context>,
        timestamps: Option<Timestamps>,
        timing: DeviceTiming,
    ) -> Self {
        let (upload, read_back) = (Staging::upload(), Staging::read_back());
        let empty_dispatch = timing.empty_dispatch.unwrap_or_default();
        let is_heated = is_heated(adapter.info.kind);
        let (pool, poison) = (Pool::default(), Poison::default());
        let shared = Shared { context, upload, read_back, pool, poison, timestamps, timing, is_heated, empty_dispatch };
        Self { adapter, stamps, shared: Rc::new(shared) }
    }

    /// Compiles the kernels of a case, if the device allows it.
    async fn compile(&self, spec: &Spec) -> Result<Vec<wgpu::ComputePipeline>, DeviceError> {
        program::check(spec, &self.adapter.info)?;
        let context = &self.shared.context;
        method::check(spec.transfer(), context.mappable())?;
        let steps = program::steps(spec);
        context.guarded("compiling a kernel", || Ok(program::pipelines(context, &steps, spec))).await
    }

    /// Makes a job. If the memory for it cannot be had, the staging of the other jobs stays as it was.
    async fn job(&self, context: &'static str, make: impl FnOnce() -> GpuJob) -> Result<GpuJob, DeviceError> {
        let Shared { upload, read_back, .. } = &*self.shared;
        let kept = (upload.kept(), read_back.kept());
        let made = self.shared.context.guarded(context, || Ok(make())).await;
        if made.is_err() {
            upload.put_back(kept.0);
            read_back.put_back(kept.1);
        }
        made
    }
}

impl Device for Gpu {
    type Job = GpuJob;

    fn info(&self) -> &DeviceInfo {
        &self.adapter.info
    }

    fn timing(&self) -> DeviceTiming {
        self.shared.timing
    }

    fn wait(&self) -> Option<Wait> {
        Some(self.shared.context.waiting.strategy)
    }

    fn bus(&self) -> Option<String> {
        self.adapter.bus()
    }

    fn usual_transfer(&self) -> TransferMethod {
        method::usual(self.adapter.info.kind, self.shared.context.mappable())
    }

    async fn prepare(&mut self, spec: &Spec) -> Result<(GpuJob, Vec<Lap>), DeviceError> {
        let start = clock::now();
        let pipelines = self.compile(spec).await?;
        let lap = |phase, start| Lap { phase, clock: Clock::Host, seconds: clock::seconds_since(start) };
        let mut laps = vec![lap(Phase::Compile, start)];
        let context = &self.shared.context;
        let make = |data| GpuJob::new(&self.shared, spec, &pipelines, data);
        let begin = clock::now();
        let mut job = loop {
            let start = clock::now();
            let made = self.job("creating buffers", || make(Data::new(context, spec))).await?;
            laps.push(lap(Phase::SetUp, start));
            let is_long = laps.len() > 2 && clock::seconds_since(begin) > LONG_SET_UPS;
            if laps.len() > SET_UPS || is_long {
                break made;
            }
            drop(made);
            context.settle()?;
        };
        laps.extend(job.first_run().await?);
        // Set-up and first run use new buffers. Later runs can use the buffers of another case, so that many cases of a
        // large problem fit.
        if let Some(data) = self.shared.pool.find(spec) {
            drop(job);
            context.settle()?;
            job = self.job("binding buffers", || make(data)).await?;
        } else {
            self.shared.pool.keep(spec, job.data());
        }
        Ok((job, laps))
    }

    /// Shares the buffers of another job with the same inputs, if there is one. They hold the inputs already.
    async fn ready(&mut self, spec: &Spec) -> Result<GpuJob, DeviceError> {
        let pipelines = self.compile(spec).await?;
        let (context, known) = (&self.shared.context, self.shared.pool.find(spec));
        let is_new = known.is_none();
        let make = || {
            let data = known.unwrap_or_else(|| Data::new(context, spec));
            GpuJob::new(&self.shared, spec, &pipelines, data)
        };
        let job = self.job("creating buffers", make).await?;
        if is_new {
            self.shared.pool.keep(spec, job.data());
            job.upload().await?;
        }
        Ok(job)
    }

    async fn fresh(&self) -> Result<Self, DeviceError> {
        let context = Context::open(&self.adapter.handle, self.shared.context.waiting).await?;
        let timestamps =
            context.guarded("creating timestamp queries", || Ok(Timestamps::new(&context, &self.stamps).ok())).await?;
        Ok(Self::with(self.adapter.clone(), self.stamps.clone(), context, timestamps, self.shared.timing))
    }

    fn absent(&self, phase: Phase) -> Timing {
        Timing::absent(match phase {
            Phase::Upload | Phase::FirstUpload => "the workload has no inputs",
            Phase::ReadBack | Phase::FirstReadBack => "the workload has no output",
            Phase::Pass => "measured for an empty kernel in one pass only, on a GPU with timestamps",
            Phase::Kernel => "the kernel is empty: only the launch takes time",
            _ => "not measured",
        })
    }
}
