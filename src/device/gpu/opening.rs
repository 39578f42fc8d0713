//! Measures the launch and the clock of a GPU when it is opened.

use super::super::stamps::{self, Bracket};
use super::super::{DeviceError, DeviceTiming};
use super::context::Context;
use super::launch::{self, Bound, Dispatch};
use super::program;
use super::timestamps::{Stamps, Timestamps};
use crate::clock;
use crate::record::Checks;
use crate::stats;
use crate::workload;

/// Number of empty dispatches that are timed. Their time replaces the launch on a GPU without timestamps.
const EMPTY_DISPATCHES: usize = 50;

/// Passes between two checks of the GPU clock's rate.
const LOOK: usize = 50;

/// Longest series of passes in seconds, even if it has not shown the rate.
const LONGEST: f64 = 0.25;

/// Number of series that must all show a wrong rate. A single one may be wrong because the clock was reset.
const SERIES: usize = 2;

/// Largest share of impossible timestamp pairs with which the GPU's clock is used.
const BAD: f64 = 0.1;

/// An open device whose clock was compared with the host's.
pub(super) struct Opened {
    pub(super) timestamps: Option<Timestamps>,
    /// Why there are no timestamps, or why they are not used.
    pub(super) no_timestamps: Option<String>,
    pub(super) timing: DeviceTiming,
}

/// What passes of empty kernels show about the GPU's clock.
#[derive(Default)]
struct Shown {
    /// All timestamps in the order of time, in ticks.
    stamps: Vec<u64>,
    /// Number of impossible pairs.
    untrue: usize,
    /// Seconds on the GPU's clock per second on the host's clock: lower and upper bound.
    rate: Option<[f64; 2]>,
    /// What is wrong with the clock.
    fault: Option<String>,
}

/// Prepares timestamps, compares their clock with the host's, and measures the empty dispatch.
pub(super) async fn open(context: &Context, stamps: &Stamps) -> Result<Opened, DeviceError> {
    let shader = &workload::EMPTY.variants()[0].shaders[0];
    let pipeline = context
        .guarded("compiling the empty kernel", || Ok(program::pipeline(context, shader, &[("WG", 1.0)], Checks::All)))
        .await?;
    let empty = [Dispatch { pipeline, bound: Bound::default(), grid: [1, 1] }];
    let made = context.guarded("creating timestamp queries", || Ok(Timestamps::new(context, stamps))).await?;
    let (timestamps, no_timestamps, shown) = match made {
        Ok(timestamps) => {
            let shown = shown(context, &empty, &timestamps).await?;
            (Some(timestamps).filter(|_| shown.fault.is_none()), shown.fault.clone(), shown)
        }
        Err(reason) => (None, Some(reason), Shown::default()),
    };
    let mut samples = Vec::with_capacity(EMPTY_DISPATCHES);
    for _ in 0..EMPTY_DISPATCHES {
        let start = clock::now();
        pass(context, &empty, timestamps.as_ref())?;
        samples.push(clock::seconds_since(start));
    }
    // Without timestamps an empty dispatch is subtracted, so its scatter limits the resolution.
    let scatter = stats::quantile(&samples, 0.75).zip(stats::quantile(&samples, 0.25)).map(|(high, low)| high - low);
    let kernel_clock_resolution = match &timestamps {
        Some(timestamps) => resolution(&shown.stamps, timestamps.period()),
        None => scatter,
    };
    let empty_dispatch = stats::median(&samples);
    let timing = DeviceTiming { empty_dispatch, kernel_clock_resolution, kernel_clock_rate: shown.rate };
    Ok(Opened { timestamps, no_timestamps, timing })
}

/// Runs one pass of the empty kernel, and waits for it.
fn pass(context: &Context, empty: &[Dispatch], timestamps: Option<&Timestamps>) -> Result<(), DeviceError> {
    let mut encoder = context.encoder();
    launch::encode_pass(&mut encoder, empty.iter(), timestamps.map(Timestamps::writes));
    let submission = context.queue.submit([encoder.finish()]);
    context.wait(Some(submission), "an empty dispatch")
}

/// Compares the GPU's clock with the host's. A wrong rate must appear in every series.
async fn shown(context: &Context, empty: &[Dispatch], timestamps: &Timestamps) -> Result<Shown, DeviceError> {
    let mut shown = Shown::default();
    for _ in 0..SERIES {
        let rate = series(context, empty, timestamps, &mut shown).await?;
        shown.rate = Some(rate).filter(|[low, high]| *low > 0.0 && high.is_finite());
        shown.fault = stamps::untrue_rate(rate);
        if shown.fault.is_none() {
            break;
        }
    }
    let pairs = shown.stamps.len() / 2;
    if shown.fault.is_none() && shown.untrue as f64 > BAD * pairs as f64 {
        shown.fault = Some(format!(
            "{} of {pairs} pairs around an empty kernel were impossible (zero, reversed or absurd)",
            shown.untrue
        ));
    }
    Ok(shown)
}

/// Runs passes until the rate of the GPU's clock is known, or the time is over. Returns bounds of the rate.
async fn series(
    context: &Context,
    empty: &[Dispatch],
    timestamps: &Timestamps,
    shown: &mut Shown,
) -> Result<[f64; 2], DeviceError> {
    let start = clock::now();
    let mut passes: Vec<Bracket> = Vec::new();
    for number in 1.. {
        let before = clock::seconds_since(start);
        pass(context, empty, Some(timestamps))?;
        let after = clock::seconds_since(start);
        let stamps = timestamps.ticks(context).await?;
        shown.stamps.extend(stamps);
        shown.untrue += usize::from(stamps::elapsed(stamps, timestamps.period(), 1, after - before).is_none());
        if stamps[0] > 0 && stamps.is_sorted() {
            if passes.last().is_some_and(|last| last.stamps[1] > stamps[0]) {
                // The counter wrapped or was reset, so earlier passes cannot be used.
                passes.clear();
            }
            passes.push(Bracket { stamps, before, after });
        }
        if number % LOOK == 0 {
            let rate = stamps::rate(&passes, timestamps.period());
            if stamps::is_known(rate) || after > LONGEST {
                return Ok(rate);
            }
        }
    }
    Ok([0.0, f64::INFINITY])
}

/// Returns the smallest step that the timestamps show, in seconds.
fn resolution(stamps: &[u64], period: f64) -> Option<f64> {
    // A driver with a tick of one nanosecond may have converted coarser ticks.
    let rounds = (period - 1e-9).abs() < 1e-12;
    stamps::tick(stamps, rounds).map(|ticks| ticks as f64 * period)
}
