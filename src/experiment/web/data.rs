//! What the script of the page reads: medians and intervals, all times in seconds; what is missing is `null`.

use serde::Serialize;
use serde_json::Value;

use crate::experiment::fixed_size::{FixedSize, web as fixed_size};
use crate::experiment::launch_overhead::{LaunchOverhead, web as launch_overhead};
use crate::experiment::scaled_size::{ScaledSize, web as scaled_size};
use crate::experiment::split_work::{SplitWork, web as split_work};
use crate::experiment::views::first;
use crate::law::Curve;
use crate::law::speedup::SpeedupFit;
use crate::page::speedup::may_quote;
use crate::page::words;
use crate::record::Run;
use crate::stats::Estimate;

/// Points of a curve.
const SAMPLES: u32 = 120;

/// How far a curve goes beyond the data, as a factor.
const BEYOND: f64 = 4.0;

/// Everything that the script reads.
#[derive(Debug, Default, Serialize)]
pub(in crate::experiment) struct Data {
    device: String,
    /// What a worker is.
    worker: &'static str,
    same: Option<Both<Vec<Row>>>,
    bigger: Option<Both<Vec<Row>>>,
    /// The bigger job against one worker on it, where that was measured.
    over_one: Option<Both<Vec<Row>>>,
    /// Workers and Gustafson's speedup of the bigger job, by the serial share that its phase timers tell.
    gustafson: Option<Both<Vec<[f64; 2]>>>,
    fits: Option<Both<Fit>>,
    /// Workers that are enough: the smallest count that is as fast as the fastest.
    enough: Both<Option<u64>>,
    phases: Vec<Phases>,
    launch: Vec<Launch>,
    split: Vec<Cut>,
}

/// Something of the kernel, and of the whole job.
#[derive(Debug, Default, Serialize)]
pub(in crate::experiment) struct Both<T> {
    pub(in crate::experiment) kernel: T,
    pub(in crate::experiment) whole_job: T,
}

/// Workers; speedup with the ends of its interval; time with those of its own.
pub(in crate::experiment) type Row = [f64; 7];

/// A value with the ends of its interval.
pub(in crate::experiment) type Triple = [f64; 3];

/// A fitted law of speedup.
#[derive(Debug, Default, Serialize)]
pub(in crate::experiment) struct Fit {
    /// Whether it describes the points.
    quoted: bool,
    serial_fraction: Option<Triple>,
    knee: Option<f64>,
    /// The law itself, with parts that the points do not tell well enough to be quoted alone.
    law: Option<Curve>,
    ceiling: Option<Triple>,
    base_workers: f64,
    /// Workers and speedups along the curve.
    curve: Vec<[f64; 2]>,
}

/// The parts of a whole job on a number of workers.
#[derive(Debug, Serialize)]
pub(in crate::experiment) struct Phases {
    pub(in crate::experiment) workers: u64,
    #[serde(rename = "set-up")]
    pub(in crate::experiment) set_up: Option<f64>,
    pub(in crate::experiment) upload: Option<f64>,
    pub(in crate::experiment) launch: Option<f64>,
    pub(in crate::experiment) kernel: Option<f64>,
    #[serde(rename = "read-back")]
    pub(in crate::experiment) read_back: Option<f64>,
    pub(in crate::experiment) whole_job: f64,
}

/// What one more launch costs.
#[derive(Debug, Serialize)]
pub(in crate::experiment) struct Launch {
    pub(in crate::experiment) style: String,
    pub(in crate::experiment) name: &'static str,
    pub(in crate::experiment) one_more: Triple,
}

/// A job cut into launches.
#[derive(Debug, Serialize)]
pub(in crate::experiment) struct Cut {
    pub(in crate::experiment) style: String,
    pub(in crate::experiment) launches: Vec<u32>,
    pub(in crate::experiment) seconds: Vec<Triple>,
    pub(in crate::experiment) predicted: Option<Vec<f64>>,
}

/// Returns what the script reads of a run.
pub(super) fn written(run: &Run) -> Value {
    let mut data = serde_json::to_value(of(run)).expect("the data have names for keys");
    shorten(&mut data);
    data
}

/// Rounds every number to six digits after the first: the page shows three.
fn shorten(value: &mut Value) {
    match value {
        Value::Array(values) => values.iter_mut().for_each(shorten),
        Value::Object(fields) => fields.values_mut().for_each(shorten),
        Value::Number(number) if number.is_f64() => {
            let short = number.as_f64().and_then(|number| format!("{number:.6e}").parse().ok());
            *value = short.map_or(Value::Null, |short: f64| short.into());
        }
        _ => {}
    }
}

/// Returns the numbers of a run: those of the first workload of each experiment.
fn of(run: &Run) -> Data {
    let mut data = Data { device: run.device.name.clone(), worker: "worker", ..Data::default() };
    first(run, &FixedSize, |view| {
        data.worker = words::worker(view.run, view.measured);
        data.same = Some(fixed_size::curves(view));
        data.fits = Some(fixed_size::fits(view));
        data.enough = fixed_size::enough(view);
        data.phases = fixed_size::phases(view);
    });
    first(run, &ScaledSize, |view| {
        data.bigger = Some(scaled_size::curves(view));
        data.over_one = Some(scaled_size::over_one(view));
        data.gustafson = Some(scaled_size::by_formula(view));
    });
    first(run, &LaunchOverhead, |view| data.launch = launch_overhead::costs(view));
    first(run, &SplitWork, |view| data.split = split_work::cuts(view));
    data
}

/// An estimate as a row has it.
pub(in crate::experiment) fn triple(Estimate { value, low, high }: Estimate) -> Triple {
    [value, low, high]
}

/// Returns a row of a curve.
pub(in crate::experiment) fn row(workers: f64, speedup: Estimate, seconds: Estimate) -> Row {
    [workers, speedup.value, speedup.low, speedup.high, seconds.value, seconds.low, seconds.high]
}

impl Fit {
    /// Returns a fit with its curve of speedups over a base that took that time, in seconds.
    pub(in crate::experiment) fn of(fit: &SpeedupFit, base_seconds: f64) -> Self {
        let quoted = may_quote(fit);
        let range = fit.fewest_workers.zip(fit.most_workers).zip(fit.curve.filter(|_| quoted));
        let curve = range.map_or_else(Vec::new, |((fewest, most), curve)| {
            let step = (BEYOND * most / fewest).ln() / f64::from(SAMPLES - 1);
            let at = |index| fewest * (f64::from(index) * step).exp();
            let point = |workers: f64| [workers, base_seconds / curve.seconds(workers / fit.base_workers)];
            (0..SAMPLES).map(at).map(point).map(|point| point.map(four_digits)).collect()
        });
        Self {
            quoted,
            serial_fraction: fit.serial_fraction.map(triple),
            knee: fit.knee.map(|knee| knee.value),
            law: fit.curve.filter(|_| quoted),
            ceiling: fit.attainable_ceiling.map(triple),
            base_workers: fit.base_workers,
            curve,
        }
    }
}

/// A number as fine as a curve can show it.
fn four_digits(value: f64) -> f64 {
    format!("{value:.3e}").parse().unwrap_or(value)
}
