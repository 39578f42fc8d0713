//! One worker of a trace, a device or a process: how its time was spent, as a whole and step by step.

use std::collections::BTreeMap;
use std::ops::Range;

use serde::Serialize;

use super::gather::{Busy, Gathered, Steps};
use super::host::{self, Operation};
use super::kind::Kind;
use super::spans::{Merged, Spans};

const NANOSECOND: f64 = 1e-9;

/// How a time was spent. Each is the union of its events. Computing, exposed communication, copies alone and idle add
/// up to the whole.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize)]
pub(super) struct Times {
    pub(super) seconds: f64,
    /// Some computation runs.
    pub(super) compute_seconds: f64,
    /// Some communication runs.
    pub(super) communication_seconds: f64,
    /// Communication while computation runs.
    pub(super) hidden_seconds: f64,
    /// Communication while no computation runs.
    pub(super) exposed_seconds: f64,
    /// Copies while neither runs.
    pub(super) copy_seconds: f64,
    /// Nothing runs.
    pub(super) idle_seconds: f64,
}

impl Times {
    /// Returns the sum of times, each times a factor.
    pub(super) fn sum<'a>(all: impl IntoIterator<Item = &'a Self>, factor: f64) -> Self {
        let add = |sum: Self, one: &Self| Self {
            seconds: sum.seconds + factor * one.seconds,
            compute_seconds: sum.compute_seconds + factor * one.compute_seconds,
            communication_seconds: sum.communication_seconds + factor * one.communication_seconds,
            hidden_seconds: sum.hidden_seconds + factor * one.hidden_seconds,
            exposed_seconds: sum.exposed_seconds + factor * one.exposed_seconds,
            copy_seconds: sum.copy_seconds + factor * one.copy_seconds,
            idle_seconds: sum.idle_seconds + factor * one.idle_seconds,
        };
        all.into_iter().fold(Self::default(), add)
    }

    /// Returns the mean of times.
    pub(super) fn mean<'a>(all: impl ExactSizeIterator<Item = &'a Self>) -> Self {
        let share = 1.0 / all.len().max(1) as f64;
        Self::sum(all, share)
    }

    /// Returns s: the share of the time that is exposed communication; 0 of no time.
    pub(super) fn exposed_share(&self) -> f64 {
        if self.seconds > 0.0 { self.exposed_seconds / self.seconds } else { 0.0 }
    }
}

/// One marked step.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(super) struct Step {
    /// N of `ProfilerStep#N`.
    pub(super) number: u64,
    #[serde(flatten)]
    pub(super) times: Times,
}

/// One worker: a device, or without devices a process.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Worker {
    /// The device or the process, as its file names it.
    pub(super) name: String,
    /// Streams of the device, or threads of the process.
    pub(super) streams: usize,
    /// From the first event to the last.
    pub(super) whole: Times,
    pub(super) steps: Vec<Step>,
    /// Idle gaps that were too many to be kept, and are taken for busy.
    pub(super) joined_seconds: f64,
}

/// Busy times, merged.
struct Busied {
    compute: Merged,
    communication: Merged,
    copies: Merged,
}

impl Busied {
    fn of(busy: Busy) -> Self {
        let Busy { compute, communication, copies } = busy;
        Self { compute: compute.merged(), communication: communication.merged(), copies: copies.merged() }
    }

    /// Returns how a window was spent.
    fn times(&self, window: &Range<i64>) -> Times {
        let [compute, communication, copies] =
            [&self.compute, &self.communication, &self.copies].map(|all| all.within(window));
        let work = compute.and(&communication);
        let busy = work.and(&copies).length();
        let hidden = compute.overlap(&communication);
        let seconds = |nanoseconds: i64| nanoseconds as f64 * NANOSECOND;
        let length = window.end - window.start;
        Times {
            seconds: seconds(length),
            compute_seconds: seconds(compute.length()),
            communication_seconds: seconds(communication.length()),
            hidden_seconds: seconds(hidden),
            exposed_seconds: seconds(communication.length() - hidden),
            copy_seconds: seconds(busy - work.length()),
            idle_seconds: seconds(length - busy),
        }
    }

    fn hull(&self) -> Option<Range<i64>> {
        self.compute.and(&self.communication).and(&self.copies).hull()
    }
}

/// Returns the window of each step. A step lasts until the next one begins: what happens between two belongs to the
/// first. The last one lasts as long as on the host, for a device marks no more than its own work.
fn windows(steps: &Steps, host: &Steps) -> impl Iterator<Item = (u64, Range<i64>)> {
    steps.iter().map(|(number, span)| {
        let next = steps.get(&(number.saturating_add(1))).filter(|next| next.start > span.start);
        let as_on_host = host.get(number).map_or(span.end, |host| span.start.saturating_add(host.end - host.start));
        (*number, span.start..next.map_or(span.end.max(as_on_host), |next| next.start))
    })
}

/// Returns the workers of a file: its devices, or its processes if it has none. All processes are one worker if the
/// file says that it `is_one_rank`.
pub(super) fn workers(gathered: &mut Gathered, is_one_rank: bool) -> Vec<Worker> {
    let host_steps = std::mem::take(&mut gathered.host_steps);
    let mut device_steps = std::mem::take(&mut gathered.device_steps);
    let mut busy = std::mem::take(&mut gathered.devices);
    let mut streams: BTreeMap<String, usize> = BTreeMap::new();
    for (device, _) in &gathered.streams {
        *streams.entry(device.clone()).or_default() += 1;
    }
    let names = std::mem::take(&mut gathered.host_names.names);
    // Of each name the operations, their kind, and the time that they are the innermost ones.
    let mut sums: Vec<(u64, Kind, i64)> = vec![(0, Kind::Compute, 0); names.len()];
    for ((process, _), operations) in std::mem::take(&mut gathered.host) {
        let process = if is_one_rank { String::new() } else { process };
        *streams.entry(process.clone()).or_default() += 1;
        for operation in &operations {
            sums[operation.name as usize].0 += 1;
        }
        let own = |operation: &Operation, length: i64| {
            let (_, kind, sum) = &mut sums[operation.name as usize];
            (*kind, *sum) = (operation.kind, sum.saturating_add(length));
        };
        host::add_thread(operations, busy.entry(process).or_default(), own);
    }
    for (name, (count, kind, sum)) in names.into_iter().zip(sums).filter(|(_, (.., sum))| *sum > 0) {
        gathered.names.sum(name, kind, count, sum);
    }
    let worker = |(name, busy): (String, Busy)| {
        let joined = [&busy.compute, &busy.communication, &busy.copies].map(Spans::joined);
        let joined_seconds = joined.into_iter().fold(0, i64::saturating_add) as f64 * NANOSECOND;
        let busy = Busied::of(busy);
        let hull = busy.hull()?;
        let steps = device_steps.remove(&name).filter(|steps| !steps.is_empty());
        let steps = steps.as_ref().unwrap_or(&host_steps);
        let touches = |window: &Range<i64>| !window.is_empty() && window.start < hull.end && hull.start < window.end;
        let windows = windows(steps, &host_steps).filter(|(_, window)| touches(window));
        let steps = windows.map(|(number, window)| Step { number, times: busy.times(&window) }).collect();
        let streams = streams.get(&name).copied().unwrap_or(1);
        Some(Worker { streams, whole: busy.times(&hull), steps, joined_seconds, name })
    };
    busy.into_iter().filter_map(worker).collect()
}

impl Worker {
    /// Returns the mean step; the whole time where no step is marked.
    pub(super) fn step(&self) -> Times {
        if self.steps.is_empty() { self.whole } else { Times::mean(self.steps.iter().map(|step| &step.times)) }
    }
}
