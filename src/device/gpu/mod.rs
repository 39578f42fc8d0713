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

use super::{Device, DeviceError, DeviceTiming, Lap, SET_UPS, Spec, Waiting, is_heated, method};
use crate::clock;
use crate::record::{Clock, DeviceInfo, Phase, Timing, TransferMethod, Wait};

pub use adapter::{Adapter, Backend, adapters, hidden_adapters};
pub use job::GpuJob;
pub use timestamps::Stamps;

use buffers::{Data, Pool};
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
        let pool = Pool::default();
        let shared = Shared { context, upload, read_back, pool, timestamps, timing, is_heated, empty_dispatch };
        Self { adapter, stamps, shared: Rc::new(shared) }
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
        program::check(spec, &self.adapter.info)?;
        let context = &self.shared.context;
        method::check(spec.transfer(), context.mappable())?;
        let start = clock::now();
        let steps = program::steps(spec);
        let pipelines = context.guarded("compiling a kernel", || Ok(program::pipelines(context, &steps, spec))).await?;
        let compile = clock::seconds_since(start);
        let lap = |phase, seconds| Lap { phase, clock: Clock::Host, seconds };
        let mut laps = vec![lap(Phase::Compile, compile)];
        let make = |data| GpuJob::new(&self.shared, spec, &pipelines, data);
        let mut job = loop {
            let start = clock::now();
            let made = context.guarded("creating buffers", || Ok(make(Data::new(context, spec)))).await?;
            laps.push(lap(Phase::SetUp, clock::seconds_since(start)));
            if laps.len() > SET_UPS {
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
            job = context.guarded("binding buffers", || Ok(make(data))).await?;
        } else {
            self.shared.pool.keep(spec, job.data());
        }
        Ok((job, laps))
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
