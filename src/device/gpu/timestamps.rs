//! The GPU's own clock: timestamps at both ends of a compute pass.

use std::cell::Cell;

use super::super::{DeviceError, stamps};
use super::context::Context;
use super::staging::Staging;

/// Where the timestamps of a device come from.
#[derive(Debug, Clone, Default, PartialEq)]
pub enum Stamps {
    /// From the GPU, if it has any.
    #[default]
    Gpu,
    /// From nowhere, as on a GPU without timestamps. For tests.
    Missing,
    /// From this list of pairs in ticks, over and over, in place of what the GPU wrote for a job, as from a driver
    /// whose timestamps cannot be trusted. For tests.
    Planted(Vec<[u64; 2]>),
    /// From the GPU, but that every so many-th pair of a job's is one of a counter of 36 bits that wraps. For tests.
    Spoiled(usize),
    /// From the GPU, with a tick that the driver says to be so many times longer than it is. For tests.
    Stretched(f64),
}

/// Stamps around the end of a counter of 36 bits.
const WRAPPED: [u64; 2] = [(1 << 36) - 500, 500];

/// A pair of timestamps and the way to read it.
pub(super) struct Timestamps {
    queries: wgpu::QuerySet,
    resolved: wgpu::Buffer,
    staging: Staging,
    period: f64,
    stamps: Stamps,
    /// How many pairs were read for jobs so far.
    read: Cell<usize>,
}

impl Timestamps {
    /// The timestamps of the device, or why it has none.
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
            read: Cell::new(0),
        })
    }

    /// Seconds per tick.
    pub(super) fn period(&self) -> f64 {
        self.period
    }

    /// The two stamps of a pass.
    pub(super) fn writes(&self) -> wgpu::ComputePassTimestampWrites<'_> {
        wgpu::ComputePassTimestampWrites {
            query_set: &self.queries,
            beginning_of_pass_write_index: Some(0),
            end_of_pass_write_index: Some(1),
        }
    }

    /// Seconds between the stamps of the last pass, which held so many rounds and took `host` seconds until the host
    /// knew that it was done; `None` for a pair that cannot be true.
    pub(super) async fn read(&self, context: &Context, rounds: u32, host: f64) -> Result<Option<f64>, DeviceError> {
        let written = self.ticks(context).await?;
        let read = self.read.replace(self.read.get() + 1);
        let ticks = match &self.stamps {
            Stamps::Planted(pairs) if !pairs.is_empty() => pairs[read % pairs.len()],
            Stamps::Spoiled(every) if (read + 1).is_multiple_of(*every) => WRAPPED,
            _ => written,
        };
        Ok(stamps::elapsed(ticks, self.period, rounds, host))
    }

    /// The stamps of the last pass, in ticks. Reading them is a submission of its own, so that it is no part of what
    /// the host clock measures.
    pub(super) async fn ticks(&self, context: &Context) -> Result<[u64; 2], DeviceError> {
        let mut encoder = context.encoder();
        encoder.resolve_query_set(&self.queries, 0..2, &self.resolved, 0);
        context.queue.submit([encoder.finish()]);
        let mut ticks = [0u64; 2];
        self.staging.read(context, &self.resolved, &mut ticks).await?;
        Ok(ticks)
    }
}
