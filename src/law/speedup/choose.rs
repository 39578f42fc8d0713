//! Chooses the simplest model that the data do not clearly reject.

use serde::Serialize;

use crate::law::model::{MODELS, Model};
use crate::law::times::{DELTA_AICC, upper_tail_of_f};

use super::data::Data;
use super::family::CurveFit;
use super::goodness::Goodness;
use super::knee::Scan;

/// A fuller model may still be true while its AICc exceeds the chosen one's by at most this; beyond it has "essentially
/// no support" (Burnham & Anderson 2002).
pub(crate) const SUPPORTED: f64 = 10.0;

/// How a cost grows with the workers.
#[derive(Serialize, Debug, Clone, Copy, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
pub enum Growth {
    /// By p: each further worker adds the same.
    PerWorker,
    /// By log p: each doubling adds the same.
    PerDoubling,
    /// One cost grows by p and another by log p.
    Both,
    /// By p or by log p: either describes the points.
    Unknown,
}

/// One model that was tried.
#[derive(Serialize, Debug, Clone, Copy, PartialEq)]
pub struct Candidate {
    /// The model.
    pub model: Model,
    /// Residual standard deviation on the logarithmic scale: 0.01 means 1 %.
    pub residual_sd: f64,
    /// Its AICc minus that of the chosen model. It is negative if a more complex model is better, but not clearly.
    pub delta_aicc: f64,
}

/// A model with its scan over knees and its best fit.
pub(crate) struct Tried<'a> {
    pub(crate) model: Model,
    pub(crate) scan: Scan<'a>,
    pub(crate) best: CurveFit,
    pub(crate) aicc: f64,
    /// Whether its best curve does not describe the points.
    pub(crate) poor: bool,
}

/// Fits every model that the data allow: enough points, and κ where the time rises. Costs that grow by the logarithm
/// are tried if the time surely grows with the workers, or if no other model follows the points.
pub(crate) fn try_models(data: &Data, rises: bool) -> Vec<Tried<'_>> {
    let fit = |allowed: &dyn Fn(Model) -> bool| -> Vec<Tried<'_>> {
        let models = MODELS.into_iter().filter(|&model| data.distinct >= model.fewest_to_choose() && allowed(model));
        models.filter_map(|model| try_model(data, model)).collect()
    };
    let mut tried = fit(&|model| !model.has_log() && (model.has_kappa() || !rises));
    let grows = |chosen: &Tried<'_>| chosen.model.has_kappa() || chosen.poor;
    if choose(&tried).is_some_and(grows) {
        tried.extend(fit(&Model::has_log));
    }
    if falls(data, &tried) {
        tried.retain(|tried| tried.model != Model::Constant);
    }
    tried
}

/// Probability by chance below which times do fall with the workers.
const FALLS_LEVEL: f64 = 0.05;

/// The fall from the fewest to the most workers that counts at the least.
const LEAST_FALL: f64 = 1.05;

/// Returns whether the times fall as workers are added: the F test of Amdahl's law against a constant, which is its
/// case s = 1. AICc alone prefers a constant on few points even then, since its penalty is large.
fn falls(data: &Data, tried: &[Tried<'_>]) -> bool {
    let times = &data.times;
    let fall = times.seconds.first().zip(times.seconds.last()).is_some_and(|(first, last)| *first > LEAST_FALL * last);
    let sum = |model| tried.iter().find(|tried| tried.model == model).map(|tried| tried.best.sum_of_squares);
    let Some((level, amdahl)) = sum(Model::Constant).zip(sum(Model::Amdahl)).filter(|_| fall) else { return false };
    let parameters = Model::Amdahl.parameters();
    let f = (level - amdahl) / times.variance(amdahl, parameters);
    upper_tail_of_f(f, 1.0, times.freedom(parameters)) < FALLS_LEVEL
}

/// Fits one model. Returns `None` if it has no fit, or too few points for AICc.
fn try_model(data: &Data, model: Model) -> Option<Tried<'_>> {
    named(data, model).filter(|tried| tried.aicc.is_finite())
}

/// Fits a model that was named, so that AICc is not needed: it is infinite for too few points.
pub(crate) fn named(data: &Data, model: Model) -> Option<Tried<'_>> {
    let scan = Scan::new(data, model);
    let best = scan.best()?;
    let aicc = data.times.aicc(best.sum_of_squares, model.parameters()).unwrap_or(f64::INFINITY);
    let poor = Goodness::of(data, &best.curve, model.parameters()).off_curve().is_some();
    Some(Tried { model, scan, best, aicc, poor })
}

/// The simplest model within [`DELTA_AICC`] of the best that describes the points, or of them all if none does; of
/// equally simple ones, the better. Among models with costs that grow differently, [`grows_by`] decides first.
pub(crate) fn choose<'a, 'b>(tried: &'b [Tried<'a>]) -> Option<&'b Tried<'a>> {
    let by = match grows_by(tried) {
        Some(by @ (Growth::PerDoubling | Growth::Both)) => by,
        _ => Growth::PerWorker,
    };
    let among: Vec<&Tried<'a>> = tried.iter().filter(|t| has_cost(t.model, by)).collect();
    let among = if among.is_empty() { tried.iter().collect() } else { among };
    let scores: Vec<Score> =
        among.iter().map(|t| Score { poor: t.poor, parameters: t.model.parameters(), aicc: t.aicc }).collect();
    simplest(&scores).map(|i| among[i])
}

/// Whether a model has no costs but those that grow like this.
fn has_cost(model: Model, by: Growth) -> bool {
    match by {
        Growth::PerWorker => !model.has_log(),
        Growth::PerDoubling => model.has_log() && !model.has_kappa(),
        Growth::Both => model.has_log() && model.has_kappa(),
        Growth::Unknown => true,
    }
}

/// Returns how a cost grows: by what leaves the others no support; both, if neither alone has any. `None` if only one
/// kind was tried.
pub(crate) fn grows_by(tried: &[Tried<'_>]) -> Option<Growth> {
    let best = |by| tried.iter().filter(|t| has_cost(t.model, by)).map(|t| t.aicc).min_by(f64::total_cmp);
    let (line, log) = best(Growth::PerWorker).zip(best(Growth::PerDoubling))?;
    let both = best(Growth::Both).is_some_and(|both| both + SUPPORTED < line.min(log));
    Some(match () {
        () if both => Growth::Both,
        () if log + SUPPORTED < line => Growth::PerDoubling,
        () if line + SUPPORTED < log => Growth::PerWorker,
        () => Growth::Unknown,
    })
}

/// What a model is chosen by.
#[derive(Clone, Copy)]
struct Score {
    poor: bool,
    parameters: usize,
    aicc: f64,
}

/// Returns the index of the simplest within [`DELTA_AICC`] of the lowest AICc; a poor one only if all are.
fn simplest(scores: &[Score]) -> Option<usize> {
    let best = scores.iter().map(|s| s.aicc).min_by(f64::total_cmp)?;
    (0..scores.len()).filter(|&i| scores[i].aicc <= best + DELTA_AICC).min_by(|&i, &j| {
        let (one, other) = (scores[i], scores[j]);
        let simpler = (one.poor, one.parameters).cmp(&(other.poor, other.parameters));
        simpler.then(one.aicc.total_cmp(&other.aicc))
    })
}

/// Returns every model except the chosen one, the best first.
pub(crate) fn others(data: &Data, tried: &[Tried<'_>], chosen: &Tried<'_>) -> Vec<Candidate> {
    let mut others: Vec<Candidate> = tried
        .iter()
        .filter(|t| t.model != chosen.model)
        .map(|t| Candidate {
            model: t.model,
            residual_sd: (t.best.sum_of_squares / data.times.freedom(t.model.parameters())).sqrt(),
            delta_aicc: t.aicc - chosen.aicc,
        })
        .collect();
    others.sort_by(|a, b| a.delta_aicc.total_cmp(&b.delta_aicc));
    others
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fuller_model_must_be_clearly_better() {
        let chosen = |scores: &[(usize, f64)]| {
            let score = |&(parameters, aicc)| Score { poor: false, parameters, aicc };
            simplest(&scores.iter().map(score).collect::<Vec<_>>())
        };
        assert_eq!(chosen(&[(2, -99.0), (3, -100.9)]), Some(0));
        assert_eq!(chosen(&[(2, -99.0), (3, -101.1)]), Some(1));
        assert_eq!(chosen(&[(2, -50.0), (3, -100.0), (3, -101.0), (4, -102.5)]), Some(2));
        assert_eq!(chosen(&[]), None);
    }

    #[test]
    fn a_model_that_misses_the_points_is_the_last_choice() {
        let poor = |poor, parameters, aicc| Score { poor, parameters, aicc };
        assert_eq!(simplest(&[poor(true, 1, -99.0), poor(false, 2, -98.0)]), Some(1));
        assert_eq!(simplest(&[poor(true, 1, -99.0), poor(false, 2, -96.0)]), Some(0), "too far behind");
        assert_eq!(simplest(&[poor(true, 1, -99.0), poor(true, 2, -99.5)]), Some(0));
    }
}
