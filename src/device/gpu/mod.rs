//! Any wgpu adapter on Vulkan, Metal or DX12. The only room that names wgpu.

mod adapter;
mod context;
mod job;
mod launch;
mod program;
mod staging;
mod timestamps;
mod transfer;

use std::rc::Rc;

use super::{Device, DeviceError, DeviceTiming, Lap, SET_UPS, Spec, Waiting, is_heated};
use crate::clock;
use crate::record::{Checks, Clock, DeviceInfo, DeviceKind, Phase, Timing, TransferMethod, Wait};
use crate::stats;
use crate::workload;

pub use adapter::{Adapter, Backend, adapters};
pub use job::GpuJob;
pub use timestamps::Stamps;

use context::Context;
use launch::Dispatch;
use staging::Staging;
use timestamps::Timestamps;

/// Empty dispatches behind the baseline that stands in for the launch where the GPU has no timestamps.
const EMPTY_DISPATCHES: usize = 50;

/// An open GPU.
pub struct Gpu {
    adapter: Adapter,
    stamps: Stamps,
    shared: Rc<Shared>,
}

/// What the jobs of a device have in common.
struct Shared {
    context: Rc<Context>,
    upload: Staging,
    read_back: Staging,
    timestamps: Option<Timestamps>,
    timing: DeviceTiming,
    /// Whether short kernels are timed behind an untimed pass.
    is_heated: bool,
    /// Median host time of an empty dispatch, submitted and waited for, in seconds.
    empty_dispatch: f64,
}

impl Gpu {
    /// Opens a device on the adapter and measures its empty dispatch.
    pub async fn open(adapter: Adapter, waiting: Waiting) -> Result<Self, DeviceError> {
        Self::open_stamped(adapter, waiting, Stamps::Gpu).await
    }

    /// Opens a device whose timestamps come from somewhere else, so that tests see what becomes of missing and of
    /// untrue ones.
    pub async fn open_stamped(mut adapter: Adapter, waiting: Waiting, stamps: Stamps) -> Result<Self, DeviceError> {
        let context = Context::open(&adapter.handle, waiting).await?;
        let timestamps =
            context.guarded("creating timestamp queries", || Ok(Timestamps::new(&context, &stamps))).await?;
        let (samples, ticks) = empty_dispatches(&context, timestamps.as_ref()).await?;
        let empty_dispatch = stats::median(&samples).unwrap_or_default();
        // Without timestamps an empty dispatch is subtracted, and what it scatters is as far as that clock can see.
        let scatter =
            stats::quantile(&samples, 0.75).zip(stats::quantile(&samples, 0.25)).map(|(high, low)| high - low);
        let timing = DeviceTiming {
            empty_dispatch: Some(empty_dispatch),
            kernel_clock_resolution: match &timestamps {
                Some(timestamps) => timestamps.resolution(&ticks),
                None => scatter,
            },
        };
        adapter.info.timestamps = timestamps.is_some();
        adapter.info.timestamp_period = timestamps.as_ref().map(Timestamps::period);
        let (upload, read_back) = (Staging::upload(), Staging::read_back());
        let is_heated = is_heated(adapter.info.kind);
        let shared = Shared { context, upload, read_back, timestamps, timing, is_heated, empty_dispatch };
        Ok(Self { adapter, stamps, shared: Rc::new(shared) })
    }
}

/// The host times of a few empty dispatches in seconds, and every stamp that the GPU's clock showed meanwhile.
async fn empty_dispatches(
    context: &Context,
    timestamps: Option<&Timestamps>,
) -> Result<(Vec<f64>, Vec<u64>), DeviceError> {
    let shader = &workload::EMPTY.variants()[0].shaders[0];
    let pipeline = context
        .guarded("compiling the empty kernel", || Ok(program::pipeline(context, shader, &[("WG", 1.0)], Checks::All)))
        .await?;
    let empty = [Dispatch { pipeline, bind_group: None, grid: [1, 1] }];
    let (mut samples, mut stamps) = (Vec::new(), Vec::new());
    for _ in 0..EMPTY_DISPATCHES {
        let start = clock::now();
        let mut encoder = context.encoder();
        launch::encode_pass(&mut encoder, &empty, 1, timestamps.map(Timestamps::writes));
        let submission = context.queue.submit([encoder.finish()]);
        context.wait(Some(submission), "an empty dispatch")?;
        samples.push(clock::seconds_since(start));
        if let Some(timestamps) = timestamps {
            stamps.extend(timestamps.ticks(context).await?);
        }
    }
    Ok((samples, stamps))
}

/// A GPU that shares the host's memory needs no second copy of the data. A software adapter stands for GPUs that have
/// a memory of their own, so its data take the way that theirs do.
fn usual_transfer(kind: DeviceKind, mappable: bool) -> TransferMethod {
    if mappable && kind == DeviceKind::Integrated { TransferMethod::Mapped } else { TransferMethod::default() }
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

    fn usual_transfer(&self) -> TransferMethod {
        let mappable = self.shared.context.device.features().contains(wgpu::Features::MAPPABLE_PRIMARY_BUFFERS);
        usual_transfer(self.adapter.info.kind, mappable)
    }

    async fn prepare(&mut self, spec: &Spec) -> Result<(GpuJob, Vec<Lap>), DeviceError> {
        program::check(spec, &self.adapter.info.limits)?;
        let context = &self.shared.context;
        program::check_method(context, spec.transfer())?;
        let start = clock::now();
        let steps = program::steps(spec);
        let pipelines = context.guarded("compiling a kernel", || Ok(program::pipelines(context, &steps, spec))).await?;
        let compile = clock::seconds_since(start);
        let lap = |phase, seconds| Lap { phase, clock: Clock::Host, seconds };
        let mut laps = vec![lap(Phase::Compile, compile)];
        let mut job = loop {
            let start = clock::now();
            let job = context.guarded("creating buffers", || Ok(GpuJob::new(&self.shared, spec, &pipelines))).await?;
            laps.push(lap(Phase::SetUp, clock::seconds_since(start)));
            if laps.len() > SET_UPS {
                break job;
            }
            drop(job);
            context.settle()?;
        };
        laps.extend(job.first_run().await?);
        Ok((job, laps))
    }

    async fn fresh(&self) -> Result<Self, DeviceError> {
        Self::open_stamped(self.adapter.clone(), self.shared.context.waiting, self.stamps.clone()).await
    }

    fn absent(&self, phase: Phase) -> Timing {
        Timing::absent(match phase {
            Phase::Upload | Phase::FirstUpload => "the workload has no inputs",
            Phase::ReadBack | Phase::FirstReadBack => "the workload has no output",
            Phase::Pass => "taken for an empty kernel in one pass, on a GPU with timestamps",
            Phase::Kernel => "the kernel is empty: the launch is all there is",
            _ => "not taken",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_gpu_that_shares_the_memory_maps_its_buffers_unasked() {
        assert_eq!(usual_transfer(DeviceKind::Integrated, true), TransferMethod::Mapped);
        assert_eq!(usual_transfer(DeviceKind::Integrated, false), TransferMethod::Staged);
        assert_eq!(usual_transfer(DeviceKind::Discrete, true), TransferMethod::Staged);
        assert_eq!(usual_transfer(DeviceKind::Software, true), TransferMethod::Staged);
    }
}
