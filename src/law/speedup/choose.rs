//! Chooses the simplest model that the data do not clearly reject.

use serde::Serialize;

use crate::law::model::{MODELS, Model};
use crate::law::times::DELTA_AICC;

use super::data::Data;
use super::family::CurveFit;
use super::knee::Scan;

/// A model that was tried.
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

/// Fits every model that the data allow. It needs enough points, and only models with κ may fit times that rise.
pub(crate) fn try_models(data: &Data, rises: bool) -> Vec<Tried<'_>> {
    MODELS
        .into_iter()
        .filter(|model| data.distinct >= model.fewest_points() && (model.has_kappa() || !rises))
        .filter_map(|model| try_model(data, model))
        .collect()
}

/// Fits one model. Returns `None` if it has no fit, or too few points for AICc.
pub(crate) fn try_model(data: &Data, model: Model) -> Option<Tried<'_>> {
    let scan = Scan::new(data, model);
    let best = scan.best()?;
    let aicc = data.times.aicc(best.sum_of_squares, model.parameters())?;
    Some(Tried { model, scan, best, aicc })
}

/// Returns the simplest model within [`DELTA_AICC`] of the best. Among equally simple models the better one wins.
pub(crate) fn choose<'a, 'b>(tried: &'b [Tried<'a>]) -> Option<&'b Tried<'a>> {
    let scores: Vec<(usize, f64)> = tried.iter().map(|t| (t.model.parameters(), t.aicc)).collect();
    simplest(&scores).map(|i| &tried[i])
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
