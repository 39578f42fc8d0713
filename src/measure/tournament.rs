//! A short tournament for each problem: which variant of a workload is the fastest on this device?

use std::rc::Rc;

use super::MeasureError;
use super::bounds::{buffer_bytes, check_loops, within};
use super::calibration::{calibrate, shortest_kernel};
use super::gauge::work;
use crate::device::{Device, DeviceError, Spec};
use crate::record::{Case, Problem, Tournament, Tried};
use crate::units;
use crate::workload::{Variant, Workgroup, Workload, full_width};

/// A variant is left out if its estimate, scaled from a smaller problem, exceeds the best by this factor.
const BEHIND: f64 = 4.0;

/// Estimated time up to which a variant runs in any case, in seconds. A variant that is slow on small problems may win
/// on large ones.
const CHEAP: f64 = 2e-3;

/// Times that differ by at most this share count as equal. Then the variant listed first wins.
pub const AS_FAST: f64 = 0.02;

/// Workgroup sizes that are tried besides the usual one, if the kernel allows any.
const SIZES: [u32; 2] = [64, 128];

/// Other sizes are tried for variants that take at most this multiple of the fastest time.
const NEAR: f64 = 1.5;

/// Runs a tournament of all variants on one problem, as at the start of a run.
///
/// # Errors
///
/// Fails if the device fails.
pub async fn race<D: Device>(
    device: &mut D,
    workload: &'static dyn Workload,
    problem: Problem,
    seed: u64,
) -> Result<Tournament, MeasureError> {
    let loop_budget = calibrate(device, seed).await?.loop_budget;
    let variants: Vec<&Variant> = workload.variants().iter().collect();
    let field = Field { workload, variants: &variants, loop_budget, slowest: f64::INFINITY, floor: 0.0, seed };
    Races::default().race(device, &field, problem).await
}

/// The tournaments of a run so far.
#[derive(Default)]
pub(super) struct Races {
    done: Vec<Tournament>,
    /// The last time of each variant: workload, variant, [`done`] work and seconds.
    known: Vec<(&'static str, &'static str, f64, f64)>,
}

/// The variants of a tournament, and its limits.
pub(super) struct Field<'a> {
    pub(super) workload: &'static dyn Workload,
    pub(super) variants: &'a [&'static Variant],
    pub(super) loop_budget: Option<u64>,
    /// Longest estimated kernel time, in seconds.
    pub(super) slowest: f64,
    /// Launch floor in seconds, which every time contains; 0 if there is none.
    pub(super) floor: f64,
    /// Seed of the inputs.
    pub(super) seed: u64,
}

/// Inputs of a tournament, and the first job that ran. The other variants share its inputs and its buffers.
struct Shared<J> {
    inputs: Option<Rc<Vec<Vec<f32>>>>,
    first: Option<J>,
}

impl Field<'_> {
    /// Returns the inputs of a problem. For our own kernels the values do not affect the time, and random ones take
    /// longer to make than to use. A user's inputs may be indices or loop counts.
    fn inputs(&self, problem: Problem) -> Vec<Vec<f32>> {
        if self.workload.is_the_readers() {
            return self.workload.inputs(problem, self.seed);
        }
        let lengths = self.workload.input_lengths(problem).into_iter();
        lengths.map(|length| vec![1.0; length as usize]).collect()
    }
}

impl Races {
    /// Runs a tournament on a problem, unless it was run before.
    pub(super) async fn race<D: Device>(
        &mut self,
        device: &mut D,
        field: &Field<'_>,
        problem: Problem,
    ) -> Result<Tournament, MeasureError> {
        let is_this = |race: &&Tournament| {
            race.workload == field.workload.name()
                && race.problem == problem
                && race.tried.len() == field.variants.len()
                && race.tried.iter().zip(field.variants).all(|(tried, variant)| tried.variant == variant.short_name())
        };
        if let Some(known) = self.done.iter().find(is_this) {
            return Ok(known.clone());
        }
        let estimates: Vec<Option<f64>> = field.variants.iter().map(|one| self.estimate(field, one, problem)).collect();
        let mut tried: Vec<Option<Tried>> = vec![None; field.variants.len()];
        let (mut best, mut shared) = (None::<f64>, Shared { inputs: None, first: None });
        // Variants with short estimates run first, so that slow ones can be left out.
        let mut order: Vec<usize> = (0..field.variants.len()).collect();
        order.sort_by(|&a, &b| estimates[a].unwrap_or(0.0).total_cmp(&estimates[b].unwrap_or(0.0)));
        for index in order {
            let variant = field.variants[index];
            let case = full_width(field.workload, variant, problem, &device.info().limits);
            let outcome = match hopeless(estimates[index], best, field.slowest) {
                Some(reason) => Err(reason),
                None => run(device, field, variant, case, &mut shared).await?,
            };
            if let Ok(seconds) = outcome {
                best = Some(best.map_or(seconds, |best| best.min(seconds)));
            }
            tried[index] = Some(Tried {
                variant: variant.short_name(),
                workers: case.workers,
                workgroup_size: case.workgroup_size,
                seconds: outcome.as_ref().ok().copied(),
                reason: outcome.err(),
            });
        }
        let mut tried: Vec<Tried> = tried.into_iter().flatten().collect();
        for (one, variant) in tried.iter_mut().zip(field.variants) {
            if one.seconds.zip(best).is_some_and(|(seconds, best)| seconds <= NEAR * best) {
                try_sizes(device, field, variant, problem, one, &mut shared).await?;
            }
            if let Some(seconds) = one.seconds {
                self.known.retain(|(of, known, ..)| (*of, *known) != (field.workload.name(), variant.name));
                self.known.push((field.workload.name(), variant.name, done(field.workload, variant, problem), seconds));
            }
        }
        let winner = winner(&tried);
        let race = Tournament { workload: field.workload.name().to_owned(), problem, tried, winner };
        self.done.push(race.clone());
        Ok(race)
    }

    /// Estimates the time of a problem in seconds from the variant's time on the last problem.
    pub(super) fn estimate(&self, field: &Field<'_>, variant: &Variant, problem: Problem) -> Option<f64> {
        let same = |(of, known, ..): &&(&str, &str, f64, f64)| (*of, *known) == (field.workload.name(), variant.name);
        let (.., before, seconds) = self.known.iter().find(same)?;
        let more = done(field.workload, variant, problem) / before;
        Some(field.floor + (seconds - field.floor).max(0.0) * more)
    }
}

/// Returns the work of a problem for a variant: a tile that is not full takes as long as a full one.
fn done(workload: &dyn Workload, variant: &Variant, problem: Problem) -> f64 {
    let items = workload.items(problem).max(1);
    work(workload, problem) / items as f64 * (variant.busy)(problem, items) as f64
}

/// Returns the first variant that is as fast as the fastest, by times rounded as in a table.
fn winner(tried: &[Tried]) -> Option<usize> {
    let seconds = |one: &Tried| one.seconds.map(three_digits);
    let best = tried.iter().filter_map(seconds).min_by(f64::total_cmp)?;
    tried.iter().position(|one| seconds(one).is_some_and(|seconds| seconds <= (1.0 + AS_FAST) * best))
}

/// Rounds to three digits.
fn three_digits(value: f64) -> f64 {
    let scale = 10f64.powi(2 - value.log10().floor() as i32);
    (value * scale).round() / scale
}

/// Tries other workgroup sizes for a variant that allows any, and keeps the best. A single variant is not tried.
async fn try_sizes<D: Device>(
    device: &mut D,
    field: &Field<'_>,
    variant: &'static Variant,
    problem: Problem,
    tried: &mut Tried,
    shared: &mut Shared<D::Job>,
) -> Result<(), MeasureError> {
    let usual = tried.workgroup_size;
    let is_free = variant.workgroup == Workgroup::Any && field.variants.len() > 1;
    for size in SIZES.into_iter().filter(|&size| is_free && size < usual) {
        let case = Case::new(problem, tried.workers, size);
        let seconds = run(device, field, variant, case, shared).await?;
        if let (Ok(seconds), Some(before)) = (seconds, tried.seconds)
            && seconds * (1.0 + AS_FAST) < before
        {
            (tried.workgroup_size, tried.seconds) = (size, Some(seconds));
        }
    }
    Ok(())
}

/// Returns why a variant need not run, if so.
fn hopeless(estimate: Option<f64>, best: Option<f64>, slowest: f64) -> Option<String> {
    let estimate = estimate?;
    if estimate > slowest {
        return Some(format!("would run {}", units::seconds(estimate)));
    }
    let behind = best.is_some_and(|best| estimate > BEHIND * best && estimate > CHEAP);
    behind.then(|| "far slower on a smaller problem".to_owned())
}

/// Returns the shortest kernel time of a few runs of a variant in seconds, or why it cannot run.
async fn run<D: Device>(
    device: &mut D,
    field: &Field<'_>,
    variant: &'static Variant,
    case: Case,
    shared: &mut Shared<D::Job>,
) -> Result<Result<f64, String>, MeasureError> {
    let mut spec = Spec { workload: field.workload, variant, case, inputs: Rc::default() };
    let fits = field
        .workload
        .check(variant, &case)
        .map_err(DeviceError::Unsupported)
        .and_then(|()| check_loops(&spec, field.loop_budget))
        .and_then(|()| within(buffer_bytes(&spec), 0, device.info().limits.memory));
    if let Err(error) = fits {
        return Ok(Err(error.to_string()));
    }
    if device.computes() {
        spec.inputs = Rc::clone(shared.inputs.get_or_insert_with(|| Rc::new(field.inputs(case.problem))));
    }
    let mut job = match device.ready(&spec).await {
        Ok(job) => job,
        Err(error @ (DeviceError::Unsupported(_) | DeviceError::OutOfMemory(_))) => return Ok(Err(error.to_string())),
        Err(error) => return Err(error.into()),
    };
    let seconds = shortest_kernel(&mut job).await?.filter(|seconds| *seconds > 0.0);
    shared.first.get_or_insert(job);
    Ok(seconds.ok_or_else(|| "its kernel is too short for the clock".to_owned()))
}

#[cfg(test)]
mod tests;
