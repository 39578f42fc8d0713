//! The GPU's own clock: timestamps at both ends of a compute pass.

use std::cell::Cell;

use super::super::DeviceError;
use super::context::Context;
use super::staging::Staging;

/// Where the timestamps of a device come from.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Stamps {
    /// From the GPU, where it has any.
    #[default]
    Gpu,
    /// From nowhere, as on a GPU without timestamps. For tests.
    Missing,
    /// From this list of pairs in ticks, over and over, in place of what the GPU wrote, as from a driver whose
    /// timestamps cannot be trusted. For tests.
    Planted(Vec<[u64; 2]>),
}

/// A pair of timestamps and the way to read it.
pub(super) struct Timestamps {
    queries: wgpu::QuerySet,
    resolved: wgpu::Buffer,
    staging: Staging,
    period: f64,
    planted: Vec<[u64; 2]>,
    /// How many of the planted pairs were read so far.
    read: Cell<usize>,
}

/// A pass cannot take longer than the host waited for it; two clocks may differ by this much.
const LONGER: f64 = 1.05;

impl Timestamps {
    /// `None` where the device has no timestamps, or shall have none.
    pub(super) fn new(context: &Context, stamps: &Stamps) -> Option<Self> {
        let planted = match stamps {
            Stamps::Gpu => Vec::new(),
            Stamps::Missing => return None,
            Stamps::Planted(pairs) => pairs.clone(),
        };
        if !context.device.features().contains(wgpu::Features::TIMESTAMP_QUERY) {
            return None;
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
        Some(Self {
            queries,
            resolved: context.buffer("resolved timestamps", bytes, usage),
            staging,
            period: f64::from(context.queue.get_timestamp_period()) * 1e-9,
            planted,
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
        Ok(elapsed(self.ticks(context).await?, self.period, rounds, host))
    }

    /// The stamps of the last pass, in ticks. Reading them is a submission of its own, so that it is no part of what
    /// the host clock measures.
    pub(super) async fn ticks(&self, context: &Context) -> Result<[u64; 2], DeviceError> {
        let mut encoder = context.encoder();
        encoder.resolve_query_set(&self.queries, 0..2, &self.resolved, 0);
        context.queue.submit([encoder.finish()]);
        let mut ticks = [0u64; 2];
        self.staging.read(context, &self.resolved, &mut ticks).await?;
        let read = self.read.replace(self.read.get() + 1);
        Ok(if self.planted.is_empty() { ticks } else { self.planted[read % self.planted.len()] })
    }

    /// Seconds in the smallest step of the clock: many GPUs count in nanoseconds but tick more coarsely, so that all
    /// stamps are multiples of one number.
    pub(super) fn resolution(&self, stamps: &[u64]) -> Option<f64> {
        let origin = stamps.first()?;
        let step = stamps.iter().map(|stamp| stamp.abs_diff(*origin)).fold(0, greatest_common_divisor);
        (step > 0).then_some(step as f64 * self.period)
    }
}

fn greatest_common_divisor(mut a: u64, mut b: u64) -> u64 {
    while b > 0 {
        (a, b) = (b, a % b);
    }
    a
}

/// Seconds between two stamps. Some drivers return zero, equal or reversed pairs; these tell nothing. One round may
/// well be shorter than a tick, so that its stamps are equal; the many rounds that are tried then are not.
fn elapsed([begin, end]: [u64; 2], period: f64, rounds: u32, host: f64) -> Option<f64> {
    let seconds = end.checked_sub(begin)? as f64 * period;
    let plausible = seconds > 0.0 || rounds == 1;
    (begin > 0 && plausible && seconds <= LONGER * host).then_some(seconds)
}

#[cfg(test)]
mod tests {
    use super::{elapsed, greatest_common_divisor};

    #[test]
    fn stamps_that_step_by_32_have_a_common_divisor_of_32() {
        assert_eq!([64u64, 96, 416, 0].into_iter().fold(0, greatest_common_divisor), 32);
    }

    #[test]
    fn a_good_pair_is_ticks_times_period() {
        assert_eq!(elapsed([10, 30], 0.5, 1, 12.0), Some(10.0));
        assert_eq!(elapsed([10, 30], 0.5, 1, 10.0), Some(10.0), "two clocks differ a little");
        assert_eq!(elapsed([10, 30], 0.5, 1, 9.0), None, "longer than the host waited for it");
        assert_eq!(elapsed([5, 5], 0.5, 1, 1.0), Some(0.0), "shorter than a tick");
    }

    #[test]
    fn zero_equal_reversed_and_absurd_pairs_are_rejected() {
        for pair in [[0, 0], [0, 5], [5, 5], [7, 5], [1, u64::MAX]] {
            assert_eq!(elapsed(pair, 1e-9, 8, 20.0), None, "{pair:?}");
        }
    }
}
