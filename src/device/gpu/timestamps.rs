//! The GPU's own clock: timestamps at the beginning and the end of a compute pass.

use super::super::{DeviceError, stamps};
use super::context::Context;
use super::staging::Staging;

/// Source of a device's timestamps.
#[derive(Debug, Clone, Default, PartialEq)]
pub enum Stamps {
    /// The GPU, if it has timestamps.
    #[default]
    Gpu,
    /// No timestamps, as on a GPU without them. For tests.
    Missing,
    /// This list of pairs in ticks, repeated, in place of the GPU's pairs for jobs. It acts like an unreliable driver.
    /// For tests.
    Planted(Vec<[u64; 2]>),
    /// The GPU, but every n-th pair of a job comes from a 36-bit counter that wraps. For tests.
    Spoiled(usize),
    /// The GPU, but with a tick that the driver reports this many times too long. For tests.
    Stretched(f64),
}

/// Ticks at the wrap of a 36-bit counter.
const WRAPPED: [u64; 2] = [(1 << 36) - 500, 500];

/// A pair of timestamps, and how to read it.
pub(super) struct Timestamps {
    queries: wgpu::QuerySet,
    resolved: wgpu::Buffer,
    staging: Staging,
    period: f64,
    stamps: Stamps,
}

impl Timestamps {
    /// Returns the timestamps of the device, or why it has none.
    pub(super) fn new(context: &Context, stamps: &Stamps) -> Result<Self, String> {
        if *stamps == Stamps::Missing || !context.device.features().contains(wgpu::Features::TIMESTAMP_QUERY) {
            return Err("the driver offers none".to_owned());
        }
        let stretched = if let Stamps::Stretched(times) = stamps { *times } else { 1.0 };
        let period = f64::from(context.queue.get_timestamp_period()) * stretched * 1e-9;
        if !(period > 0.0 && period.is_finite()) {
            return Err("the driver says that a tick takes no time".to_owned());
        }
        let queries = context.device.create_query_set(&wgpu::QuerySetDescriptor {
            label: Some("kernel timestamps"),
            ty: wgpu::QueryType::Timestamp,
            count: 2,
        });
        let usage = wgpu::BufferUsages::QUERY_RESOLVE | wgpu::BufferUsages::COPY_SRC;
        let bytes = 2 * u64::from(wgpu::QUERY_SIZE);
        let staging = Staging::read_back();
        staging.reserve(context, bytes);
        Ok(Self {
            queries,
            resolved: context.buffer("resolved timestamps", bytes, usage),
            staging,
            period,
            stamps: stamps.clone(),
        })
    }

    /// Returns the seconds per tick.
    pub(super) fn period(&self) -> f64 {
        self.period
    }

    /// Returns the two timestamp writes of a pass.
    pub(super) fn writes(&self) -> wgpu::ComputePassTimestampWrites<'_> {
        wgpu::ComputePassTimestampWrites {
            query_set: &self.queries,
            beginning_of_pass_write_index: Some(0),
            end_of_pass_write_index: Some(1),
        }
    }

    /// Returns the seconds between the timestamps of the last pass; `None` for an impossible pair. The pass held
    /// `rounds` rounds, its host time was `host` seconds, and `read` pairs of its job were read before.
    pub(super) async fn read(
        &self,
        context: &Context,
        rounds: u32,
        host: f64,
        read: usize,
    ) -> Result<Option<f64>, DeviceError> {
        let written = self.ticks(context).await?;
        let ticks = match &self.stamps {
            Stamps::Planted(pairs) if !pairs.is_empty() => pairs[read % pairs.len()],
            Stamps::Spoiled(every) if (read + 1).is_multiple_of(*every) => WRAPPED,
            _ => written,
        };
        Ok(stamps::elapsed(ticks, self.period, rounds, host))
    }

    /// Returns the timestamps of the last pass, in ticks. A separate submission reads them, so the host time does not
    /// include it.
    pub(super) async fn ticks(&self, context: &Context) -> Result<[u64; 2], DeviceError> {
        let mut encoder = context.encoder();
        encoder.resolve_query_set(&self.queries, 0..2, &self.resolved, 0);
        context.queue.submit([encoder.finish()]);
        let mut ticks = [0u64; 2];
        self.staging.read(context, &self.resolved, &mut ticks).await?;
        Ok(ticks)
    }
}
