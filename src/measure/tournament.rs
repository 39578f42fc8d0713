//! A short race for each problem: which variant of a workload is the fastest on this device.

use std::rc::Rc;

use super::MeasureError;
use super::bounds::{buffer_bytes, check_loops, within};
use super::calibration::shortest_kernel;
use super::gauge::work;
use crate::device::{Device, DeviceError, Spec};
use crate::record::{Case, Problem, Tournament, Tried};
use crate::units;
use crate::workload::{Variant, Workload, full_width};

/// A variant that would take so many times as long as the best, by its own speed on a smaller problem, stays out.
const BEHIND: f64 = 4.0;

/// Unless it would take no longer than this, in seconds: what is slow on small problems may win on large ones.
const CHEAP: f64 = 2e-3;

/// Times that differ by less are the same; then the variant that is listed first is taken.
const SAME: f64 = 1.02;

/// The races of a run so far.
#[derive(Default)]
pub(super) struct Races {
    done: Vec<Tournament>,
    /// The last time of each variant: workload, variant, [`done`] work and seconds.
    known: Vec<(&'static str, &'static str, f64, f64)>,
}

/// Who races, and within which limits.
pub(super) struct Field<'a> {
    pub(super) workload: &'static dyn Workload,
    pub(super) variants: &'a [&'static Variant],
    pub(super) loop_budget: Option<u64>,
    /// Longest estimated kernel, in seconds.
    pub(super) slowest: f64,
    /// The launch floor in seconds, which is in every time; 0 if there is none.
    pub(super) floor: f64,
}

impl Races {
    /// Races on a problem, unless that was done before.
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
        let mut best: Option<f64> = None;
        // Those that are known to be fast run first, so that slow ones need not.
        let mut order: Vec<usize> = (0..field.variants.len()).collect();
        order.sort_by(|&a, &b| estimates[a].unwrap_or(0.0).total_cmp(&estimates[b].unwrap_or(0.0)));
        for index in order {
            let variant = field.variants[index];
            let case = full_width(field.workload, variant, problem, &device.info().limits);
            let outcome = match hopeless(estimates[index], best, field.slowest) {
                Some(reason) => Err(reason),
                None => run(device, field, variant, case).await?,
            };
            if let Ok(seconds) = outcome {
                best = Some(best.map_or(seconds, |best| best.min(seconds)));
                self.known.retain(|(of, known, ..)| (*of, *known) != (field.workload.name(), variant.name));
                self.known.push((field.workload.name(), variant.name, done(field.workload, variant, problem), seconds));
            }
            tried[index] = Some(Tried {
                variant: variant.short_name(),
                workers: case.workers,
                workgroup_size: case.workgroup_size,
                seconds: outcome.as_ref().ok().copied(),
                reason: outcome.err(),
            });
        }
        let tried: Vec<Tried> = tried.into_iter().flatten().collect();
        let wins = |one: &Tried| one.seconds.zip(best).is_some_and(|(seconds, best)| seconds <= SAME * best);
        let winner = tried.iter().position(wins);
        let race = Tournament { workload: field.workload.name().to_owned(), problem, tried, winner };
        self.done.push(race.clone());
        Ok(race)
    }

    /// Seconds of a problem, by what the variant took for the one before.
    fn estimate(&self, field: &Field<'_>, variant: &Variant, problem: Problem) -> Option<f64> {
        let same = |(of, known, ..): &&(&str, &str, f64, f64)| (*of, *known) == (field.workload.name(), variant.name);
        let (.., before, seconds) = self.known.iter().find(same)?;
        let more = done(field.workload, variant, problem) / before;
        Some(field.floor + (seconds - field.floor).max(0.0) * more)
    }
}

/// The work of a problem as a variant does it: a tile that is not full takes as long as a full one.
fn done(workload: &dyn Workload, variant: &Variant, problem: Problem) -> f64 {
    let items = workload.items(problem).max(1);
    work(workload, problem) / items as f64 * (variant.busy)(problem, items) as f64
}

/// Returns why a variant need not run.
fn hopeless(estimate: Option<f64>, best: Option<f64>, slowest: f64) -> Option<String> {
    let estimate = estimate?;
    if estimate > slowest {
        return Some(format!("would run {}", units::seconds(estimate)));
    }
    let behind = best.is_some_and(|best| estimate > BEHIND * best && estimate > CHEAP);
    behind.then(|| "far slower on a smaller problem".to_owned())
}

/// The shortest kernel of a few of a variant, or why it cannot run.
async fn run<D: Device>(
    device: &mut D,
    field: &Field<'_>,
    variant: &'static Variant,
    case: Case,
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
        // The numbers make no difference to the time: random ones would take longer to make than to use.
        let lengths = field.workload.input_lengths(case.problem).into_iter();
        spec.inputs = Rc::new(lengths.map(|length| vec![1.0; length as usize]).collect());
    }
    let mut job = match device.prepare(&spec).await {
        Ok((job, _)) => job,
        Err(error @ (DeviceError::Unsupported(_) | DeviceError::OutOfMemory(_))) => return Ok(Err(error.to_string())),
        Err(error) => return Err(error.into()),
    };
    let seconds = shortest_kernel(&mut job).await?.filter(|seconds| *seconds > 0.0);
    Ok(seconds.ok_or_else(|| "its kernel is too short for the clock".to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_far_behind_and_not_cheap_stays_out() {
        assert_eq!(hopeless(None, Some(1e-3), 0.1), None, "nothing is known of it");
        assert_eq!(hopeless(Some(1e-3), Some(1e-4), 0.1), None, "ten times as long, and cheap");
        assert!(hopeless(Some(9e-3), Some(2e-3), 0.1).is_some_and(|reason| reason.contains("smaller")));
        assert_eq!(hopeless(Some(7e-3), Some(2e-3), 0.1), None);
        assert!(hopeless(Some(0.2), None, 0.1).is_some_and(|reason| reason.contains("200 ms")));
    }

    #[test]
    fn every_variant_has_a_short_name() {
        for variant in crate::workload::all().iter().flat_map(|workload| workload.variants()) {
            assert_eq!(variant.short_name().as_str(), variant.name);
        }
    }
}
