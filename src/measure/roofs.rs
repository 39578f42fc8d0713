//! Measures the hardware limits: how fast the device copies and computes, and how fast the host copies.
//!
//! Each limit is the fastest of many tries, so a rate above it means a wrong time or a wrong count. A try counts only
//! if every element of its output is right.

use std::hint::black_box;
use std::ops::RangeInclusive;
use std::rc::Rc;

use super::MeasureError;
use super::bounds::{buffer_bytes, check_loops, within};
use super::calibration::shortest_kernel;
use super::verify::verify;
use crate::clock;
use crate::device::{Device, DeviceError, Job, Spec};
use crate::record::{Calibration, Case, CopyRate, DeviceKind, Problem};
use crate::workload::{self, Workload};

/// Numbers of copied elements as powers of two, from inside the caches to beyond them. A kernel is compared with the
/// largest copy that moves no more bytes, so no size between may be missing.
const COPIES: RangeInclusive<u32> = 15..=26;

/// Most elements of one copy.
const MOST: u64 = 1 << *COPIES.end();

/// Numbers of elements for the compute limit. Each has eight independent chains.
const CHAINS: [u64; 5] = [1 << 10, 1 << 13, 1 << 16, 1 << 19, 1 << 22];

/// Multiply-adds per chain: enough to make the other cost of an element, about a hundred instructions, negligible.
const LONG_CHAIN: u64 = 1 << 14;

/// Bytes copied by the host: as many as in a large transfer.
const HOST_COPIES: [usize; 2] = [1 << 23, 1 << 24];

/// Period of the copied numbers. It is a prime, so that an element from a wrong place is noticed at any distance.
const PERIOD: u64 = 8191;

/// A kernel this long fills the device, so larger ones show nothing new, in seconds.
const LONG: f64 = 2e-3;

/// A kernel this long fills the device well enough if the time is over, in seconds.
const ENOUGH: f64 = 2e-4;

/// No size is tried that would end after this multiple of the time, whatever was measured so far. Its transfers may
/// take long even if its kernel does not.
const OVERTIME: f64 = 8.0;

/// Assumed factor between the times of two sizes, transfers included.
const NEXT: f64 = 2.0;

/// Returns the copies that measure the memory limit at the beginning of a run.
pub(super) fn copies() -> Vec<Problem> {
    COPIES.map(|exponent| Problem::Vector { n: 1 << exponent }).collect()
}

/// Returns the largest copy that moves at most this number of bytes.
pub(super) fn copy_of(bytes: f64) -> Problem {
    Problem::Vector { n: ((bytes / workload::COPY.bytes(Problem::Vector { n: 1 })) as u64).clamp(1, MOST) }
}

/// Measures the limits of a device within `seconds`, and raises known limits that are lower.
pub(super) async fn raise<D: Device>(
    device: &mut D,
    threads: u64,
    seconds: f64,
    copies: &[Problem],
    known: &mut Calibration,
) -> Result<(), MeasureError> {
    let device_computes = device.computes();
    let chains = CHAINS.map(|n| Problem::Chain { n, k: LONG_CHAIN });
    let mut probe = Probe { device, threads, loop_budget: known.loop_budget, seconds: seconds / 2.0 };
    let copied = probe.rates(workload::COPY, copies, |problem| workload::COPY.bytes(problem)).await?;
    let computed = probe.rates(workload::PEAK, &chains, |problem| workload::PEAK.flop(problem)).await?;
    let higher = |known: Option<f64>, new: Option<f64>| known.into_iter().chain(new).reduce(f64::max);
    for (problem, rate) in copied {
        raise_at(&mut known.copy_curve, CopyRate { bytes: workload::COPY.bytes(problem), rate });
        known.copy_roof = higher(known.copy_roof, Some(rate));
    }
    let compute = computed.into_iter().map(|(_, rate)| rate).reduce(f64::max);
    known.compute_roof = higher(known.compute_roof, compute);
    // A modelled host copies nothing.
    let host = device_computes.then(host_copy);
    known.host_copy_roof = higher(known.host_copy_roof, host);
    Ok(())
}

/// Raises the rate at a size, or adds the size.
fn raise_at(curve: &mut Vec<CopyRate>, copy: CopyRate) {
    match curve.binary_search_by(|known| known.bytes.total_cmp(&copy.bytes)) {
        Ok(at) => curve[at].rate = curve[at].rate.max(copy.rate),
        Err(at) => curve.insert(at, copy),
    }
}

struct Probe<'a, D> {
    device: &'a mut D,
    threads: u64,
    loop_budget: Option<u64>,
    /// Time for each limit, in seconds.
    seconds: f64,
}

impl<D: Device> Probe<'_, D> {
    /// Returns the highest rates of a workload on several problems, each with several worker counts.
    async fn rates(
        &mut self,
        workload: &'static dyn Workload,
        problems: &[Problem],
        amount: impl Fn(Problem) -> f64,
    ) -> Result<Vec<(Problem, f64)>, MeasureError> {
        let start = clock::now();
        let mut rates = Vec::new();
        for &problem in problems {
            let begin = clock::now();
            let (mut least, mut first) = (f64::INFINITY, None);
            let filled = |length: u64| (0..length).map(|i| (i % PERIOD) as f32).collect::<Vec<f32>>();
            let lengths = workload.input_lengths(problem).into_iter().filter(|_| self.device.computes());
            let inputs: Vec<Vec<f32>> = lengths.map(filled).collect();
            let inputs = Rc::new(inputs);
            let ways = workload.variants().iter().flat_map(|variant| {
                let busy = (variant.busy)(problem, workload.items(problem));
                self.crews(busy).into_iter().map(move |crew| (variant, crew))
            });
            for (variant, (workers, workgroup_size)) in ways.collect::<Vec<_>>() {
                let case = Case::new(problem, workers, workgroup_size);
                let spec = Spec { workload, variant, case, inputs: Rc::clone(&inputs) };
                match self.fastest(&spec, least).await {
                    Ok((seconds, job)) => {
                        least = least.min(seconds.unwrap_or(f64::INFINITY));
                        // As long as it lives, others share its buffers.
                        first.get_or_insert(job);
                    }
                    // A case that this device cannot run does not count.
                    Err(MeasureError::Device(DeviceError::Unsupported(_) | DeviceError::OutOfMemory(_))) => {}
                    Err(error) => return Err(error),
                }
            }
            let rate = amount(problem) / least;
            rates.extend((rate > 0.0 && rate.is_finite()).then_some((problem, rate)));
            let taken = clock::seconds_since(start);
            let overtime = taken + NEXT * clock::seconds_since(begin) > OVERTIME * self.seconds;
            let over = taken > self.seconds && (least > ENOUGH || overtime);
            if least.is_finite() && (least > LONG || over) {
                break;
            }
        }
        Ok(rates)
    }

    /// Returns worker counts and workgroup sizes that may be the fastest: one item per worker, and fewer workers with
    /// more items each.
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

    /// Returns the shortest kernel time of a few runs in seconds, with the job. A time below `least` counts only if the
    /// output is right.
    async fn fastest(&mut self, spec: &Spec, least: f64) -> Result<(Option<f64>, D::Job), MeasureError> {
        spec.workload.check(spec.variant, &spec.case).map_err(DeviceError::Unsupported)?;
        if self.device.info().kind != DeviceKind::Cpu {
            check_loops(spec, self.loop_budget)?;
        }
        within(buffer_bytes(spec), 0, self.device.info().limits.memory)?;
        let mut job = self.device.ready(spec).await?;
        let seconds = shortest_kernel(&mut job).await?.filter(|seconds| *seconds > 0.0);
        if seconds.is_some_and(|seconds| seconds < least)
            && let Some(output) = job.output().await?
        {
            let case = format!("{} (measures a limit of the device)", spec.workload.name());
            let tolerance = spec.workload.tolerance(spec.case.problem);
            // A copy of 2^26 elements equals its input. A 64-bit reference would take twice the memory.
            if let Some(input) = spec.inputs.first() {
                verify(&case, &output, input.iter().copied().map(f64::from), &tolerance)?;
            } else {
                let reference = spec.workload.reference(spec.case.problem, &[]);
                verify(&case, &output, reference.into_iter(), &tolerance)?;
            }
        }
        Ok((seconds, job))
    }
}

/// Returns the rate at which one thread of the host copies, in bytes per second. One thread moves a transfer into its
/// staging buffer, so no transfer of that size is faster.
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

#[cfg(test)]
mod tests {
    use super::super::calibration::calibrate;
    use super::*;
    use crate::device::simulated::{PRESETS, Simulated};

    /// Kernels of large GPUs are short for any size, but transferring their data still takes time.
    #[test]
    fn the_limits_are_measured_in_time() {
        // A software GPU is slow at everything, and stops after its first long kernel.
        for hardware in PRESETS.iter().filter(|hardware| hardware.stands_for != DeviceKind::Software) {
            for seconds in [0.3, 1.8] {
                let mut device = Simulated::of(hardware.clone(), 1);
                let start = clock::now();
                let mut known = pollster::block_on(calibrate(&mut device, 1)).unwrap();
                pollster::block_on(raise(&mut device, 8, seconds, &copies(), &mut known)).unwrap();
                let (name, taken) = (hardware.preset, clock::seconds_since(start));
                assert!(taken < 1.2 * OVERTIME * seconds, "{name}: {taken} s for {seconds}");
                let largest = known.copy_curve.last().map_or(0.0, |copy| copy.bytes);
                assert!(largest > 2.0 * hardware.memory.cache, "{name}: copies of {largest} bytes at the most");
            }
        }
    }

    #[test]
    fn a_second_look_raises_the_rate_of_its_size_alone() {
        let mut curve = Vec::new();
        for (bytes, rate) in [(64.0, 5.0), (16.0, 9.0), (64.0, 7.0), (64.0, 6.0), (16.0, 8.0)] {
            raise_at(&mut curve, CopyRate { bytes, rate });
        }
        assert_eq!(curve, [(16.0, 9.0), (64.0, 7.0)].map(|(bytes, rate)| CopyRate { bytes, rate }));
    }
}
