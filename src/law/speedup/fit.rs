//! The whole fit: check the points, test their shape, choose a model, compute intervals, judge.

use crate::law::curve::Curve;
use crate::law::least_squares::Scale;
use crate::law::model::Model;
use crate::law::point::Point;
use crate::law::reason::{Law, Reason};
use crate::law::verdict::Verdict;
use crate::stats::Estimate;

use super::choose::{SUPPORTED, Tried, choose, named, others, try_models};
use super::data::Data;
use super::family::{CurveFit, Quantity};
use super::goodness::Goodness;
use super::interval::{Range, range};
use super::judge::judge;
use super::knee::Scan;
use super::pattern::{Pattern, pattern};
use super::result::SpeedupFit;
use super::shape::{plateau, rising};

/// Fewest distinct worker counts for a fit without a named model.
pub(crate) const FEWEST_TO_CHOOSE: usize = 6;

/// Largest `φ K` for which the knee is quoted. Above it the serial part hides the knee.
const VISIBLE_KNEE: f64 = 3.0;

/// What a fit may be told beforehand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Options {
    /// Fits this model, whatever AICc prefers. Its intervals assume that the model is true.
    pub model: Option<Model>,
}

/// Fits the family to a speedup curve: chooses the model, computes its intervals, and judges whether the data support
/// it.
///
/// Points may be in any order. The result never holds NaN or infinity.
pub fn fit(points: &[Point]) -> SpeedupFit {
    fit_with(points, Options::default())
}

/// Works like [`fit`], with options.
pub fn fit_with(points: &[Point], options: Options) -> SpeedupFit {
    let data = match Data::new(points) {
        Ok(data) => data,
        Err(fault) => return SpeedupFit::refused(points.len(), fault),
    };
    match candidates(&data, options) {
        Ok(tried) => Fitting::new(&data, &tried, options).result_with_pattern(),
        Err(reason) => SpeedupFit::refused(points.len(), reason).over(&data),
    }
}

/// Fits one model by least squares on any scale, to compare with published fits and to show why the logarithm is used.
/// It gives no interval and no verdict. Returns `None` if the points are faulty, or if the model has no fit.
///
/// A knee is searched on the logarithmic scale.
pub fn least_squares(points: &[Point], model: Model, scale: Scale) -> Option<Curve> {
    let data = Data::new(points).ok()?;
    let best = Scan::new(&data, model).best()?;
    best.cell.fit_on(&data, scale).map(|fitted| fitted.curve)
}

/// Fits every model that the data and the options allow; at least one.
pub(crate) fn candidates(data: &Data, options: Options) -> Result<Vec<Tried<'_>>, Reason> {
    let needed = options.model.map_or(FEWEST_TO_CHOOSE, Model::fewest_if_named);
    if data.distinct < needed {
        return Err(Reason::FewWorkerCounts { found: data.distinct, needed });
    }
    let tried: Vec<Tried<'_>> = match options.model {
        Some(model) => named(data, model).into_iter().collect(),
        None => try_models(data, rising(data).is_some()),
    };
    if tried.is_empty() {
        return Err(Reason::NoFit { law: Law::Speedup });
    }
    Ok(tried)
}

/// The cells of one model that the data do not rule out, and the threshold on their sum of squares.
struct Region {
    threshold: f64,
    cells: Vec<CurveFit>,
}

/// The chosen model among those tried, with all curves that the data do not rule out.
pub(crate) struct Fitting<'a> {
    data: &'a Data,
    tried: &'a [Tried<'a>],
    chosen: &'a Tried<'a>,
    forced: bool,
    regions: Vec<Region>,
}

impl<'a> Fitting<'a> {
    /// Chooses among the models tried. There must be at least one.
    pub(crate) fn new(data: &'a Data, tried: &'a [Tried<'a>], options: Options) -> Self {
        let chosen = choose(tried).unwrap_or(&tried[0]);
        let mut fitting = Self { data, tried, chosen, forced: options.model.is_some(), regions: Vec::new() };
        fitting.regions = fitting.regions_of(fitting.wider());
        fitting
    }

    /// Returns the models whose curves the intervals include, if AICc still supports them. A knee that the data do not
    /// show may still exist and bias the serial fraction by 1/K. A visible knee may have another shape.
    fn wider(&self) -> &'static [Model] {
        match self.chosen.model {
            _ if self.forced => &[],
            Model::Constant | Model::Ideal | Model::Amdahl => {
                &[Model::Amdahl, Model::AmdahlSaturation, Model::AmdahlSaturationSmooth]
            }
            Model::Saturation | Model::AmdahlSaturation | Model::AmdahlSaturationSmooth => {
                &[Model::AmdahlSaturation, Model::AmdahlSaturationSmooth]
            }
            Model::Usl | Model::AmdahlSaturationKappa => &[Model::Usl, Model::AmdahlSaturationKappa],
            Model::AmdahlSaturationCosts => &[Model::AmdahlSaturationCosts],
            Model::AmdahlLog | Model::AmdahlSaturationLog => &[Model::AmdahlLog, Model::AmdahlSaturationLog],
        }
    }

    fn regions_of(&self, models: &[Model]) -> Vec<Region> {
        let mut regions: Vec<Region> = self
            .tried
            .iter()
            .filter(|t| models.contains(&t.model))
            .filter(|t| t.aicc <= self.chosen.aicc + SUPPORTED)
            .map(|t| self.region(t))
            .collect();
        if regions.is_empty() {
            regions.push(self.region(self.chosen));
        }
        regions
    }

    fn region(&self, tried: &Tried<'_>) -> Region {
        let sum = tried.best.sum_of_squares;
        let threshold = self.data.times.threshold(sum, tried.model.parameters());
        Region { threshold, cells: tried.scan.region(threshold) }
    }

    /// Adds curves with a small cost per worker that the data do not show. An extrapolation must allow for it.
    pub(crate) fn with_hidden_kappa(mut self) -> Self {
        if !self.forced && !self.chosen.model.has_kappa() && !self.chosen.model.has_log() {
            let further = [Model::Usl, Model::AmdahlSaturationKappa];
            let hidden = self.tried.iter().filter(|t| further.contains(&t.model));
            let regions: Vec<Region> = hidden.map(|t| self.region(t)).collect();
            self.regions.extend(regions);
        }
        self
    }

    /// Returns the range of a quantity over every curve that the data do not rule out.
    fn interval(&self, quantity: Quantity) -> Option<Range> {
        self.regions.iter().filter_map(|r| range(self.data, &r.cells, quantity, r.threshold)).reduce(Range::hull)
    }

    /// Returns the value on the chosen curve, with an interval that holds it; `None` if the interval has no upper end.
    pub(crate) fn estimate(&self, quantity: Quantity) -> Option<Estimate> {
        let value = quantity.of(&self.curve())?;
        let range = self.interval(quantity)?;
        Estimate::finite(value, range.low.min(value), range.high?.max(value))
    }

    /// Returns the chosen curve.
    fn curve(&self) -> Curve {
        self.chosen.best.curve
    }

    fn result(&self) -> SpeedupFit {
        let (model, curve) = (self.chosen.model, self.curve());
        let goodness = Goodness::of(self.data, &curve, model.parameters());
        let serial = self.interval(Quantity::SerialFraction);
        let reason = judge(self.data, &goodness, model, self.forced, serial);
        let peak = self.peak();
        let others = others(self.data, self.tried, self.chosen);
        let mut fit = SpeedupFit {
            model: Some(model),
            curve: Some(curve),
            estimate: Some(curve),
            residual_sd: Some(goodness.residual_sd),
            goodness: Some(goodness),
            seconds_at_one: self.estimate(Quantity::Seconds(1.0)),
            attainable_ceiling: self.attainable_ceiling(),
            peak_workers: curve.peak_workers(),
            peak_low: peak.map(|peak| peak.low),
            peak_high: peak.and_then(|peak| peak.high),
            workers_at_90_percent: curve.workers_at_share(0.9, 1.0),
            kappa: Some(Quantity::Kappa).filter(|_| curve.kappa > 0.0).and_then(|kappa| self.estimate(kappa)),
            per_doubling: Some(Quantity::PerDoubling)
                .filter(|_| curve.per_doubling > 0.0)
                .and_then(|cost| self.estimate(cost)),
            knee: self.visible_knee(),
            knee_shape: None,
            runner_up: others.first().copied(),
            others,
            ..SpeedupFit::refused(self.data.len(), reason).over(self.data)
        };
        if fit.knee.is_some() {
            fit.knee_shape = curve.knee.and_then(|knee| knee.shape);
        }
        self.settle(&mut fit, serial);
        fit
    }

    /// The fit with what its points show beside it.
    fn result_with_pattern(&self) -> SpeedupFit {
        let mut fit = self.result();
        if self.forced {
            return fit;
        }
        fit.pattern = pattern(self.data, self.tried, &fit);
        if let Some(Pattern::FirstAlone { factor, .. }) = fit.pattern {
            fit.rebased = from(self.data, 1).map(Box::new);
            if matches!(fit.verdict, Verdict::Accepted | Verdict::InsufficientRange) {
                // No law has a point that is surely off it, however well it describes the others.
                fit.reason = Reason::FirstOff { workers: self.data.workers[0], factor };
                fit.verdict = fit.reason.verdict();
                fit.withdraw();
            }
        }
        fit
    }

    /// Of a curve with a peak, the speedup at the fitted peak: the true one is flat there, too.
    fn attainable_ceiling(&self) -> Option<Estimate> {
        match self.curve().peak_workers() {
            Some(peak) => self.estimate(Quantity::Speedup(peak)),
            None => self.estimate(Quantity::Ceiling),
        }
    }

    /// Returns the interval of the worker count with the highest speedup, if the chosen curve has one. It holds the
    /// curve's own, and never passes a knee.
    fn peak(&self) -> Option<Range> {
        let value = self.curve().peak_workers()?;
        let cells = self.regions.iter().flat_map(|region| region.cells.iter().map(|cell| (cell, region.threshold)));
        let ranges = cells.filter_map(|(cell, threshold)| {
            let knee = cell.curve.knee.map(|knee| knee.workers);
            let turn = range(self.data, std::slice::from_ref(cell), Quantity::Turn, threshold)?;
            let within = |turn: f64| knee.map_or(turn, |knee| turn.min(knee)).max(1.0);
            Some(Range { low: within(turn.low), high: turn.high.or(knee).map(within) })
        });
        let own = Range { low: value, high: Some(value) };
        Some(ranges.fold(own, Range::hull))
    }

    fn visible_knee(&self) -> Option<Estimate> {
        let curve = self.curve();
        let value = curve.knee?.workers;
        if curve.serial_fraction * value > VISIBLE_KNEE {
            return None;
        }
        let (low, high) = self
            .regions
            .iter()
            .flat_map(|region| &region.cells)
            .filter_map(|fitted| fitted.curve.knee.map(|knee| knee.workers))
            .fold((value, value), |(low, high), k| (low.min(k), high.max(k)));
        Estimate::finite(value, low, high)
    }

    /// Fills in, or removes, the numbers that depend on the verdict.
    fn settle(&self, fit: &mut SpeedupFit, serial: Option<Range>) {
        let curve = self.curve();
        match fit.verdict {
            Verdict::Accepted => {
                fit.serial_fraction = serial.and_then(|range| {
                    let value = curve.serial_fraction;
                    Estimate::finite(value, range.low.min(value), range.high?.max(value))
                });
                fit.asymptotic_ceiling = fit.serial_fraction.and_then(|s| s.reciprocal());
            }
            Verdict::InsufficientRange => {
                let bounded = !self.forced || self.chosen.model.has_serial_part();
                fit.serial_fraction_upper = serial.filter(|_| bounded).and_then(|range| range.high);
                let limited_by_the_serial_part_alone =
                    curve.knee.is_none() && curve.kappa == 0.0 && curve.per_doubling == 0.0;
                if limited_by_the_serial_part_alone {
                    fit.attainable_ceiling = None;
                    fit.workers_at_90_percent = None;
                }
            }
            Verdict::Superlinear => {
                fit.withdraw();
                fit.rebased = self.rebased().map(Box::new);
            }
            _ => fit.withdraw(),
        }
    }

    /// The fit from the smallest worker count on the efficiency plateau.
    fn rebased(&self) -> Option<SpeedupFit> {
        from(self.data, plateau(self.data)?)
    }
}

/// The fit from a point on, whose workers then count as one. Its numbers are in workers all the same.
pub(crate) fn from(data: &Data, base: usize) -> Option<SpeedupFit> {
    let workers = *data.workers.get(base)?;
    let points: Vec<Point> =
        data.points[base..].iter().map(|point| Point { workers: point.workers / workers, ..*point }).collect();
    let data = Data::new(&points).ok()?;
    let fit = match candidates(&data, Options::default()) {
        Ok(tried) => Fitting::new(&data, &tried, Options::default()).result(),
        Err(reason) => SpeedupFit::refused(points.len(), reason).over(&data),
    };
    Some(fit.in_teams_of(workers))
}
