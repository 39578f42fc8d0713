//! Searches for the knee: which K and which shape fit best, and which others fit well enough.
//!
//! For a fixed knee everything else is a sum of costs with one best solution ([`super::family`]). Over K the sum of
//! squares has many local minima, because a sharp knee makes a kink at every measured worker count. So K is scanned on
//! a logarithmic grid, and the lowest local minima are refined by golden section. The shape is a number too: `u = 1/k`,
//! from 0 (sharp) to 2/3. Six values are scanned and the best is refined. Intervals cover all of them.

use crate::law::model::Model;
use crate::law::search::golden_minimum;

use super::data::Data;
use super::family::{Cell, CurveFit};
use super::knee_search::{Place, Profile, Search, knee_range, pieces, steps};

/// Scanned values of `u = 1/k`: a sharp knee, and k = 8, 4, 3, 2, 1.5. With smaller k the data cannot tell the knee
/// from Amdahl's law, which is k = 1.
const SHAPES: [f64; 6] = [0.0, 0.125, 0.25, 1.0 / 3.0, 0.5, 2.0 / 3.0];

/// A model with the search for its knee. A model without a knee has one cell.
pub(crate) struct Scan<'a> {
    data: &'a Data,
    model: Model,
    search: Option<Search<'a>>,
    /// One profile for each scanned shape, in the order of u.
    profiles: Vec<Profile>,
    /// The best place, with its shape refined.
    best: Option<Place>,
}

impl<'a> Scan<'a> {
    /// Scans a model. The scan is empty if the model has no knee or too few points for one.
    pub(crate) fn new(data: &'a Data, model: Model) -> Self {
        let search = knee_range(data).filter(|_| model.has_knee()).map(|(low, high)| Search { data, model, low, high });
        let shapes = match model {
            Model::AmdahlSaturationSmooth => &SHAPES[..],
            _ => &SHAPES[..1],
        };
        let profiles = search.map_or_else(Vec::new, |search| shapes.iter().map(|&u| search.profile(u)).collect());
        let mut scan = Self { data, model, search, profiles, best: None };
        scan.best = scan.refined_best();
        scan
    }

    /// Returns the best curve of the model.
    pub(crate) fn best(&self) -> Option<CurveFit> {
        if self.model.has_knee() { self.best.map(|place| place.fitted) } else { self.without_knee().fit(self.data) }
    }

    /// Returns fits that represent every knee whose sum of squares stays within the threshold: at the edges of the
    /// region, and at steps between them.
    pub(crate) fn region(&self, threshold: f64) -> Vec<CurveFit> {
        let (Some(search), Some(best)) = (self.search, self.best) else {
            return self.best().into_iter().collect();
        };
        let mut cells = vec![best.fitted];
        for profile in self.profiles.iter().filter(|p| p.u == 0.0) {
            for piece in profile.pieces(&search, threshold) {
                cells.extend(search.samples(0.0, piece, true));
            }
        }
        for (from, to) in self.shape_pieces(&search, threshold) {
            for place in steps(from, to).filter_map(|u| self.best_at_shape(&search, u)) {
                let piece = search.piece_around(&place, threshold);
                cells.extend(search.samples(place.u, piece, false));
                cells.push(place.fitted);
            }
        }
        cells.retain(|fitted| fitted.sum_of_squares <= threshold * (1.0 + 1e-9));
        cells
    }

    fn without_knee(&self) -> Cell {
        Cell { model: self.model, knee: None }
    }

    /// Returns the best scanned place, with its shape refined between its neighbours.
    fn refined_best(&self) -> Option<Place> {
        let search = self.search?;
        let scanned: Vec<Place> = self.profiles.iter().filter_map(|p| p.best).collect();
        let lowest = |a: &Place, b: &Place| a.sum().total_cmp(&b.sum());
        let best = scanned.iter().copied().min_by(lowest)?;
        let position = scanned.iter().position(|p| p.u == best.u)?;
        let left = scanned[position.saturating_sub(1)].u;
        let right = scanned[(position + 1).min(scanned.len() - 1)].u;
        if right <= left {
            return Some(best);
        }
        let sum = |u: f64| self.best_at_shape(&search, u).map_or(f64::INFINITY, |p| p.sum());
        let u = golden_minimum(left, right, 14, sum);
        let refined = self.best_at_shape(&search, u);
        refined.into_iter().chain([best]).min_by(lowest)
    }

    /// Returns the best K for any shape, searched near the best K of the two neighbouring scanned shapes.
    fn best_at_shape(&self, search: &Search<'_>, u: f64) -> Option<Place> {
        let near: Vec<&Place> = self.profiles.iter().filter_map(|p| p.best.as_ref()).collect();
        if let Some(exact) = near.iter().find(|p| p.u == u) {
            return Some(**exact);
        }
        let below = near.iter().rev().find(|p| p.u < u)?;
        let above = near.iter().find(|p| p.u > u)?;
        let low = (below.x.min(above.x) - 0.3).max(search.low);
        let high = (below.x.max(above.x) + 0.3).min(search.high);
        let x = golden_minimum(low, high, 18, |x| search.sum(x, u));
        search.place(x, u)
    }

    /// Returns the connected ranges of shapes `u > 0` whose best sum of squares is within the threshold.
    fn shape_pieces(&self, search: &Search<'_>, threshold: f64) -> Vec<(f64, f64)> {
        if self.profiles.len() < 2 {
            return Vec::new();
        }
        let mut sums: Vec<(f64, f64)> = self
            .profiles
            .iter()
            .filter_map(|p| Some((p.u, p.best?.sum())))
            .chain(self.best.map(|p| (p.u, p.sum())))
            .collect();
        sums.sort_by(|a, b| a.0.total_cmp(&b.0));
        pieces(&sums, threshold, |u| self.best_at_shape(search, u).is_some_and(|p| p.sum() <= threshold))
    }
}
