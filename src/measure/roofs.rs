//! Roofs: how fast this device was seen to copy and to compute at all, and how fast the host copies.
//!
//! They are the fastest of many tries, so that a rate above one of them is a wrong time or a wrong count, and no luck.

use std::hint::black_box;
use std::rc::Rc;

use super::MeasureError;
use super::bounds::{buffer_bytes, check_loops};
use crate::clock;
use crate::device::{Device, DeviceError, Job, Spec};
use crate::record::{Case, DeviceKind, Limits, Problem};
use crate::workload::{self, Workload};

/// Repetitions of each try.
const REPETITIONS: usize = 3;

/// Elements that are copied: from within caches to beyond them.
const COPIES: [u64; 5] = [1 << 15, 1 << 18, 1 << 21, 1 << 24, 1 << 26];

/// Elements, with thirty-two independent chains each, and multiply-adds of all of them.
const CHAINS: [(u64, u64); 5] = [(1 << 10, 1024), (1 << 13, 1024), (1 << 16, 1024), (1 << 19, 1024), (1 << 22, 1024)];

/// Bytes that the host copies: as many as a large transfer moves.
const HOST_COPIES: [usize; 2] = [1 << 23, 1 << 24];

/// A kernel that takes so long fills the device, and larger ones show nothing new, in seconds.
const LONG: f64 = 2e-3;

/// A kernel that takes so long fills the device well enough where the time is over, in seconds.
const ENOUGH: f64 = 2e-4;

/// The roofs of a device.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Roofs {
    /// Bytes per second, read and written.
    pub(super) copy: Option<f64>,
    /// Flop per second.
    pub(super) compute: Option<f64>,
}

/// Measures the roofs of a device that computes, within so many seconds.
pub(super) async fn roofs<D: Device>(
    device: &mut D,
    threads: u64,
    loop_budget: Option<u64>,
    seconds: f64,
) -> Result<Roofs, MeasureError> {
    let copies = COPIES.map(|n| Problem::Vector { n });
    let chains = CHAINS.map(|(n, k)| Problem::Chain { n, k });
    let mut probe = Probe { device, threads, loop_budget, seconds: seconds / 2.0 };
    let copy = match workload::find("copy") {
        Some(copy) => probe.highest(copy, &copies, |problem| copy.bytes(problem)).await?,
        None => None,
    };
    let compute = match workload::find("peak") {
        Some(peak) => probe.highest(peak, &chains, |problem| peak.flop(problem)).await?,
        None => None,
    };
    Ok(Roofs { copy, compute })
}

struct Probe<'a, D> {
    device: &'a mut D,
    threads: u64,
    loop_budget: Option<u64>,
    /// Time for each roof.
    seconds: f64,
}

impl<D: Device> Probe<'_, D> {
    /// The highest rate of a workload over some problems, each with several numbers of workers.
    async fn highest(
        &mut self,
        workload: &'static dyn Workload,
        problems: &[Problem],
        amount: impl Fn(Problem) -> f64,
    ) -> Result<Option<f64>, MeasureError> {
        let start = clock::now();
        let mut highest: Option<f64> = None;
        for &problem in problems {
            let mut least = f64::INFINITY;
            let filled = |length: u64| vec![1.0f32; length as usize];
            let inputs: Vec<Vec<f32>> = workload.input_lengths(problem).into_iter().map(filled).collect();
            let inputs = Rc::new(inputs);
            for (workers, workgroup_size) in self.crews(workload.items(problem)) {
                let case = Case::new(problem, workers, workgroup_size);
                let spec = Spec { workload, variant: &workload.variants()[0], case, inputs: Rc::clone(&inputs) };
                match self.fastest(&spec).await {
                    Ok(seconds) => least = least.min(seconds),
                    // What this device cannot do is no roof of it.
                    Err(DeviceError::Unsupported(_) | DeviceError::OutOfMemory(_)) => {}
                    Err(error) => return Err(error.into()),
                }
            }
            let rate = amount(problem) / least;
            highest = highest.into_iter().chain((rate > 0.0 && rate.is_finite()).then_some(rate)).reduce(f64::max);
            let over = clock::seconds_since(start) > self.seconds && least > ENOUGH;
            if least.is_finite() && (least > LONG || over) {
                break;
            }
        }
        Ok(highest)
    }

    /// Workers and workgroup sizes that may be the fastest: an item for each, and fewer with more to do.
    fn crews(&self, items: u64) -> Vec<(u64, u32)> {
        if self.device.info().kind == DeviceKind::Cpu {
            return vec![(1, 1), (self.threads.min(items), 1)];
        }
        let size = self.device.info().limits.workgroup_size.min(256);
        let few = items.div_ceil(16).max(u64::from(size)).min(items);
        let fewest = items.div_ceil(512).max(u64::from(size)).min(items);
        let mut crews = vec![(items, size), (few, size), (fewest, size)];
        crews.dedup();
        crews
    }

    /// The shortest kernel of a few, in seconds.
    async fn fastest(&mut self, spec: &Spec) -> Result<f64, DeviceError> {
        spec.workload.check(spec.variant, &spec.case).map_err(DeviceError::Unsupported)?;
        if self.device.info().kind != DeviceKind::Cpu {
            check_loops(spec, self.loop_budget)?;
        }
        let Limits { memory, .. } = self.device.info().limits;
        super::bounds::within(buffer_bytes(spec), 0, memory)?;
        let (mut job, _) = self.device.prepare(spec).await?;
        let mut least = f64::INFINITY;
        for _ in 0..REPETITIONS {
            least = least.min(job.run().await?.kernel().filter(|seconds| *seconds > 0.0).unwrap_or(f64::INFINITY));
        }
        Ok(least)
    }
}

/// Bytes per second at which one thread of the host copies: one thread moves a transfer into its staging, so none of that
/// size is faster.
pub(super) fn host_copy() -> f64 {
    let rate = |bytes: usize| {
        let source = vec![1.0f32; bytes / 4];
        let mut target = vec![0.0f32; bytes / 4];
        let once = |_| {
            let start = clock::now();
            black_box(&mut target).copy_from_slice(black_box(&source));
            clock::seconds_since(start)
        };
        bytes as f64 / (0..8).map(once).fold(f64::INFINITY, f64::min).max(1e-9)
    };
    HOST_COPIES.into_iter().map(rate).fold(0.0, f64::max)
}
