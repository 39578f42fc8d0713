//! Chooses the simplest model that the data do not clearly reject.

use serde::Serialize;

use crate::law::model::{MODELS, Model};
use crate::law::times::DELTA_AICC;

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
}

/// Fits every model that the data allow: enough points, and κ where the time rises. Costs that grow by the logarithm
/// are tried if the time surely grows with the workers, or if no other model follows the points.
pub(crate) fn try_models(data: &Data, rises: bool) -> Vec<Tried<'_>> {
    let fit = |allowed: &dyn Fn(Model) -> bool| -> Vec<Tried<'_>> {
        let models = MODELS.into_iter().filter(|&model| data.distinct >= model.fewest_points() && allowed(model));
        models.filter_map(|model| try_model(data, model)).collect()
    };
    let mut tried = fit(&|model| !model.has_log() && (model.has_kappa() || !rises));
    let grows = |chosen: &Tried<'_>| chosen.model.has_kappa() || Goodness::of_fit(data, chosen).is_poor();
    if choose(&tried).is_some_and(grows) {
        tried.extend(fit(&Model::has_log));
    }
    tried
}

/// Fits one model. Returns `None` if it has no fit, or too few points for AICc.
pub(crate) fn try_model(data: &Data, model: Model) -> Option<Tried<'_>> {
    let scan = Scan::new(data, model);
    let best = scan.best()?;
    let aicc = data.times.aicc(best.sum_of_squares, model.parameters())?;
    Some(Tried { model, scan, best, aicc })
}

/// The simplest model within [`DELTA_AICC`] of the best; of equally simple ones, the better. Among models with costs
/// that grow differently, [`grows_by`] decides first.
pub(crate) fn choose<'a, 'b>(tried: &'b [Tried<'a>]) -> Option<&'b Tried<'a>> {
    let by = match grows_by(tried) {
        Some(by @ (Growth::PerDoubling | Growth::Both)) => by,
        _ => Growth::PerWorker,
    };
    let among: Vec<&Tried<'a>> = tried.iter().filter(|t| has_cost(t.model, by)).collect();
    let among = if among.is_empty() { tried.iter().collect() } else { among };
    let scores: Vec<(usize, f64)> = among.iter().map(|t| (t.model.parameters(), t.aicc)).collect();
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

/// Returns the index of the simplest (parameters, AICc) within [`DELTA_AICC`] of the lowest AICc.
fn simplest(scores: &[(usize, f64)]) -> Option<usize> {
    let best = scores.iter().map(|s| s.1).min_by(f64::total_cmp)?;
    (0..scores.len()).filter(|&i| scores[i].1 <= best + DELTA_AICC).min_by(|&i, &j| {
        let simpler = scores[i].0.cmp(&scores[j].0);
        simpler.then(scores[i].1.total_cmp(&scores[j].1))
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
        assert_eq!(simplest(&[(2, -99.0), (3, -100.9)]), Some(0));
        assert_eq!(simplest(&[(2, -99.0), (3, -101.1)]), Some(1));
        assert_eq!(simplest(&[(2, -50.0), (3, -100.0), (3, -101.0), (4, -102.5)]), Some(2));
        assert_eq!(simplest(&[]), None);
    }
}
