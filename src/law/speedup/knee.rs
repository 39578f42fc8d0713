//! The knee: which K, and which shape, fit best; and which of them fit well enough.
//!
//! For a given knee everything else is a convex-like problem with one answer ([`super::family`]). K itself is not:
//! a sharp knee has a kink at every measured worker count. So K is scanned on a logarithmic grid, and every local
//! minimum near the best is refined by golden section.

use crate::law::curve::Knee;
use crate::law::model::Model;
use crate::law::search::{edge, golden_minimum};

use super::data::Data;
use super::family::{Cell, Fitted};

/// Shapes k of a gradual knee; `None`, the sharp knee, is the limit of large k.
const SHAPES: [Option<f64>; 6] = [Some(1.5), Some(2.0), Some(3.0), Some(4.0), Some(8.0), None];

/// Grid points of K: eight or more per doubling over any range that is measured in practice.
const GRID: usize = 121;

/// Places of K per connected piece of the region at which intervals are taken.
const SAMPLES: usize = 13;

/// Local minima of the grid that are refined.
const REFINED: usize = 3;

/// The sums of squares of one model over the grid of knees. A model without a knee has one cell.
pub(crate) struct Scan<'a> {
    data: &'a Data,
    model: Model,
    profiles: Vec<Profile>,
}

/// Sums of squares over ln K for one shape.
struct Profile {
    shape: Option<f64>,
    log_knees: Vec<f64>,
    sums: Vec<f64>,
    /// Refined local minima: ln K and its fit.
    minima: Vec<(f64, Fitted)>,
}

impl<'a> Scan<'a> {
    /// Scans a model. Empty where there is no room for a knee.
    pub(crate) fn new(data: &'a Data, model: Model) -> Self {
        let shapes: &[Option<f64>] = match model {
            Model::AmdahlSaturationSmooth => &SHAPES,
            _ => &SHAPES[SHAPES.len() - 1..],
        };
        let profiles = match knee_range(data) {
            Some(range) if model.has_knee() => {
                shapes.iter().map(|&shape| Profile::new(data, model, shape, range)).collect()
            }
            _ => Vec::new(),
        };
        Self { data, model, profiles }
    }

    /// The best curve of the model.
    pub(crate) fn best(&self) -> Option<Fitted> {
        if !self.model.has_knee() {
            return self.without_knee().fit(self.data);
        }
        self.profiles
            .iter()
            .flat_map(|profile| &profile.minima)
            .map(|(_, fitted)| *fitted)
            .min_by(|a, b| a.sum_of_squares.total_cmp(&b.sum_of_squares))
    }

    /// Fits of cells that stand for every knee whose sum of squares stays within a threshold: at the edges of the
    /// region of K, and at steps between them.
    pub(crate) fn region(&self, threshold: f64) -> Vec<Fitted> {
        if !self.model.has_knee() {
            return self.best().into_iter().collect();
        }
        let mut cells = Vec::new();
        for profile in &self.profiles {
            for (low, high) in profile.pieces(self.data, self.model, threshold) {
                let kinks = self.data.workers.iter().map(|p| p.ln());
                let steps = (0..SAMPLES).map(|i| low + (high - low) * i as f64 / (SAMPLES - 1) as f64);
                let places = steps.chain(kinks.filter(|k| (low..=high).contains(k)));
                cells.extend(places.filter_map(|x| fit(self.data, self.model, profile.shape, x)));
                cells.extend(profile.minima.iter().map(|(_, fitted)| *fitted));
            }
        }
        cells.retain(|fitted| fitted.sum_of_squares <= threshold * (1.0 + 1e-9));
        cells
    }

    fn without_knee(&self) -> Cell {
        Cell { model: self.model, knee: None }
    }
}

/// The range of ln K: at least two points on either side, the knee itself included.
fn knee_range(data: &Data) -> Option<(f64, f64)> {
    let n = data.len();
    let low = *data.workers.get(1)?;
    let high = *data.workers.get(n.checked_sub(2)?)?;
    (n >= 5 && high > low).then(|| (low.ln(), high.ln()))
}

fn fit(data: &Data, model: Model, shape: Option<f64>, log_knee: f64) -> Option<Fitted> {
    let knee = Knee { workers: log_knee.exp(), shape };
    Cell { model, knee: Some(knee) }.fit(data)
}

fn sum_at(data: &Data, model: Model, shape: Option<f64>, log_knee: f64) -> f64 {
    fit(data, model, shape, log_knee).map_or(f64::INFINITY, |f| f.sum_of_squares)
}

impl Profile {
    fn new(data: &Data, model: Model, shape: Option<f64>, (low, high): (f64, f64)) -> Self {
        let log_knees: Vec<f64> = (0..GRID).map(|i| low + (high - low) * i as f64 / (GRID - 1) as f64).collect();
        let sums: Vec<f64> = log_knees.iter().map(|&x| sum_at(data, model, shape, x)).collect();
        let mut profile = Self { shape, log_knees, sums, minima: Vec::new() };
        profile.refine(data, model);
        profile
    }

    fn refine(&mut self, data: &Data, model: Model) {
        let mut lowest: Vec<usize> = (0..GRID)
            .filter(|&i| {
                let left = i == 0 || self.sums[i] <= self.sums[i - 1];
                let right = i == GRID - 1 || self.sums[i] < self.sums[i + 1];
                left && right && self.sums[i].is_finite()
            })
            .collect();
        lowest.sort_by(|&i, &j| self.sums[i].total_cmp(&self.sums[j]));
        for &i in lowest.iter().take(REFINED) {
            let from = self.log_knees[i.saturating_sub(1)];
            let to = self.log_knees[(i + 1).min(GRID - 1)];
            let refined = golden_minimum(from, to, |x| sum_at(data, model, self.shape, x));
            let places = [refined, self.log_knees[i]];
            let found = places
                .into_iter()
                .filter_map(|x| Some((x, fit(data, model, self.shape, x)?)))
                .min_by(|a, b| a.1.sum_of_squares.total_cmp(&b.1.sum_of_squares));
            self.minima.extend(found);
        }
    }

    /// Connected pieces of `{ln K : RSS ≤ threshold}`.
    fn pieces(&self, data: &Data, model: Model, threshold: f64) -> Vec<(f64, f64)> {
        let holds = |x: f64| sum_at(data, model, self.shape, x) <= threshold;
        let mut places: Vec<(f64, f64)> = self
            .log_knees
            .iter()
            .copied()
            .zip(self.sums.iter().copied())
            .chain(self.minima.iter().map(|(x, f)| (*x, f.sum_of_squares)))
            .collect();
        places.sort_by(|a, b| a.0.total_cmp(&b.0));
        let mut pieces = Vec::new();
        let mut i = 0;
        while i < places.len() {
            if places[i].1 > threshold {
                i += 1;
                continue;
            }
            let first = i;
            while i + 1 < places.len() && places[i + 1].1 <= threshold {
                i += 1;
            }
            let low = if first == 0 { places[0].0 } else { edge(places[first].0, places[first - 1].0, holds) };
            let high = if i + 1 == places.len() { places[i].0 } else { edge(places[i].0, places[i + 1].0, holds) };
            pieces.push((low, high));
            i += 1;
        }
        pieces
    }
}
