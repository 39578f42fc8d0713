//! The whole fit: check, test the shape, choose a model, take intervals, judge.

use crate::law::model::Model;
use crate::law::point::Point;
use crate::law::verdict::{Judgement, Verdict};
use crate::stats::Estimate;

use super::choose::{Tried, choose, others, try_model, try_models};
use super::data::Data;
use super::family::{Fitted, Quantity};
use super::goodness::Goodness;
use super::interval::{Range, range};
use super::result::SpeedupFit;
use super::shape::{plateau, rising, superlinear};

/// Fewest distinct worker counts for any fit.
const FEWEST_POINTS: usize = 6;

/// The knee is quoted only while `φ K` is at most this: beyond it the serial part hides the knee.
const VISIBLE_KNEE: f64 = 3.0;

/// An interval of the serial fraction wider than this factor is no value, only a bound.
const WIDEST_FACTOR: f64 = 3.0;

/// Residual standard deviation that is never called a poor fit.
const TOLERATED_SD: f64 = 0.05;

/// Residual standard deviation that is always called a poor fit.
const HOPELESS_SD: f64 = 0.25;

/// Level of the tests behind "poor fit".
const POOR_FIT_LEVEL: f64 = 0.01;

/// What a fit may be told beforehand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Options {
    /// Fit this model, whatever AICc prefers.
    pub model: Option<Model>,
}

/// Fits the family to a speedup curve: chooses the model, takes its intervals, and judges whether the data carry it.
pub fn fit(points: &[Point]) -> SpeedupFit {
    fit_with(points, Options::default())
}

/// [`fit`], with options.
pub fn fit_with(points: &[Point], options: Options) -> SpeedupFit {
    let data = match Data::new(points) {
        Ok(data) => data,
        Err(fault) => {
            return SpeedupFit::refused(points.len(), Judgement::new(Verdict::InvalidData, fault));
        }
    };
    let fewest = options.model.map_or(FEWEST_POINTS, Model::fewest_points);
    if data.distinct < fewest {
        let reason = format!("{} different worker counts; a fit needs {fewest}", data.distinct);
        let judgement = Judgement::new(Verdict::TooFewPoints, reason);
        return SpeedupFit::refused(points.len(), judgement).over(&data);
    }
    let tried = match options.model {
        Some(model) => try_model(&data, model).into_iter().collect(),
        None => try_models(&data, rising(&data).is_some()),
    };
    let Some(chosen) = choose(&tried) else {
        let judgement = Judgement::new(Verdict::TooFewPoints, "no model of the family has a finite fit");
        return SpeedupFit::refused(points.len(), judgement).over(&data);
    };
    Fitting { data: &data, tried: &tried, chosen, forced: options.model.is_some() }.result()
}

/// A model within its data: everything that intervals and the verdict need.
pub(crate) struct Fitting<'a> {
    pub(crate) data: &'a Data,
    pub(crate) tried: &'a [Tried<'a>],
    pub(crate) chosen: &'a Tried<'a>,
    pub(crate) forced: bool,
}

impl Fitting<'_> {
    fn result(&self) -> SpeedupFit {
        let curve = self.chosen.best.curve;
        let model = self.chosen.model;
        let goodness = Goodness::of(self.data, &curve, model.parameters());
        let serial = self.interval(Quantity::SerialFraction, 0.975);
        let mut fit = SpeedupFit {
            model: Some(model),
            curve: Some(curve),
            residual_sd: Some(goodness.residual_sd),
            seconds_at_one: self.estimate(Quantity::Seconds(1.0)),
            attainable_ceiling: self.attainable_ceiling(),
            peak_workers: curve.peak_workers(),
            workers_at_90_percent: curve.workers_at_share(0.9),
            kappa: (curve.kappa > 0.0).then(|| self.estimate(Quantity::Kappa)).flatten(),
            others: others(self.data, self.tried, self.chosen),
            ..SpeedupFit::refused(self.data.len(), self.judge(&goodness, serial)).over(self.data)
        };
        fit.goodness = Some(goodness);
        fit.runner_up = fit.others.first().copied();
        self.add_knee(&mut fit);
        self.settle(&mut fit, serial);
        fit
    }

    /// Regions of the models whose curves the data do not rule out, at a probability of Student's t. A knee that the
    /// data do not show may still be there, so the intervals of an Amdahl fit hold the curves with one, too.
    fn regions(&self, probability: f64) -> Vec<(f64, Vec<Fitted>)> {
        let wider: &[Model] = match self.chosen.model {
            _ if self.forced => &[],
            Model::Constant | Model::Ideal | Model::Amdahl => &[Model::Amdahl, Model::AmdahlSaturationSmooth],
            Model::Saturation | Model::AmdahlSaturation | Model::AmdahlSaturationSmooth => {
                &[Model::AmdahlSaturationSmooth]
            }
            Model::Usl | Model::AmdahlSaturationKappa => &[],
        };
        let mut regions: Vec<(f64, Vec<Fitted>)> =
            self.tried.iter().filter(|t| wider.contains(&t.model)).map(|t| self.region(t, probability)).collect();
        if regions.is_empty() {
            regions.push(self.region(self.chosen, probability));
        }
        regions
    }

    fn region(&self, tried: &Tried<'_>, probability: f64) -> (f64, Vec<Fitted>) {
        let threshold = self.data.threshold(tried.best.sum_of_squares, tried.model.parameters(), probability);
        (threshold, tried.scan.region(threshold))
    }

    fn interval(&self, quantity: Quantity, probability: f64) -> Option<Range> {
        self.regions(probability)
            .iter()
            .filter_map(|(threshold, region)| range(self.data, region, quantity, *threshold))
            .reduce(Range::hull)
    }

    /// The value on the chosen curve, with an interval that holds it.
    pub(crate) fn estimate(&self, quantity: Quantity) -> Option<Estimate> {
        let value = quantity.of(&self.chosen.best.curve)?;
        let range = self.interval(quantity, 0.975)?;
        Estimate::finite(value, range.low.min(value), range.high?.max(value))
    }

    fn attainable_ceiling(&self) -> Option<Estimate> {
        match self.chosen.best.curve.peak_workers() {
            Some(peak) => self.estimate(Quantity::Speedup(peak)),
            None => self.estimate(Quantity::Ceiling),
        }
    }

    fn add_knee(&self, fit: &mut SpeedupFit) {
        let curve = self.chosen.best.curve;
        let Some(knee) = curve.knee else {
            return;
        };
        if curve.serial_fraction * knee.workers > VISIBLE_KNEE {
            return;
        }
        let places = self
            .regions(0.975)
            .into_iter()
            .flat_map(|(_, region)| region)
            .filter_map(|f| f.curve.knee.map(|k| k.workers));
        let (low, high) = places.fold((knee.workers, knee.workers), |(low, high), k| (low.min(k), high.max(k)));
        fit.knee = Estimate::finite(knee.workers, low, high);
        fit.knee_shape = knee.shape;
    }

    fn judge(&self, goodness: &Goodness, serial: Option<Range>) -> Judgement {
        if let Some(found) = superlinear(self.data, 0) {
            return Judgement::new(
                Verdict::Superlinear,
                format!(
                    "{} workers are {:.2} times as efficient as {} (z = {:.1}): more cache per worker, a subgroup that \
                     is only half filled at first, or a clock that ramps up",
                    found.to, found.factor, found.from, found.z
                ),
            );
        }
        if let Some(reason) = self.poor_fit(goodness) {
            return match rising(self.data) {
                Some(rise) => Judgement::new(
                    Verdict::NonMonotone,
                    format!(
                        "the time rises by a factor of {:.2} from {} to {} workers (z = {:.1}), and no law with a cost \
                         per worker follows: {reason}",
                        rise.factor, rise.from, rise.to, rise.z
                    ),
                ),
                None => Judgement::new(Verdict::PoorFit, reason),
            };
        }
        match serial {
            Some(Range { low, high: Some(high) }) if low > 0.0 && high <= WIDEST_FACTOR * low => Judgement::new(
                Verdict::Accepted,
                format!(
                    "the {} law describes the points to {:.1} % each",
                    self.chosen.model,
                    100.0 * goodness.residual_sd
                ),
            ),
            Some(Range { low, .. }) if low > 0.0 => Judgement::new(
                Verdict::InsufficientRange,
                "the interval of the serial fraction spans more than a factor of 3",
            ),
            _ => Judgement::new(
                Verdict::InsufficientRange,
                "these points are as well explained with no serial part at all",
            ),
        }
    }

    /// Why the curve does not describe the points; `None` where it does.
    fn poor_fit(&self, goodness: &Goodness) -> Option<String> {
        let sd = goodness.residual_sd;
        let percent = 100.0 * sd;
        if sd <= TOLERATED_SD {
            return None;
        }
        if let (Some(f), Some(p)) = (goodness.lack_of_fit, goodness.lack_of_fit_p) {
            return (p < POOR_FIT_LEVEL).then(|| {
                format!(
                    "the points lie {percent:.0} % off the curve, {:.0} times their own error (F = {f:.1}, p = {p:.1e})",
                    f.sqrt()
                )
            });
        }
        let few_runs = goodness.sign_runs_p.is_some_and(|p| p < POOR_FIT_LEVEL);
        (few_runs || sd > HOPELESS_SD)
            .then(|| format!("the points lie {percent:.0} % off the curve, in {} runs of one side", goodness.sign_runs))
    }

    /// Fills in what the verdict allows to be quoted.
    fn settle(&self, fit: &mut SpeedupFit, serial: Option<Range>) {
        let curve = self.chosen.best.curve;
        match fit.verdict {
            Verdict::Accepted => {
                fit.serial_fraction = serial.and_then(|range| {
                    let value = curve.serial_fraction;
                    Estimate::finite(value, range.low.min(value), range.high?.max(value))
                });
                fit.asymptotic_ceiling = fit.serial_fraction.and_then(|s| s.reciprocal());
            }
            Verdict::InsufficientRange => {
                fit.serial_fraction_upper = self.interval(Quantity::SerialFraction, 0.95).and_then(|range| range.high);
            }
            Verdict::Superlinear => {
                fit.withdraw();
                fit.rebased = self.rebased().map(Box::new);
            }
            _ => fit.withdraw(),
        }
    }

    /// The fit from the smallest worker count on the efficiency plateau, which then counts as one worker.
    fn rebased(&self) -> Option<SpeedupFit> {
        let base = plateau(self.data)?;
        let workers = self.data.workers[base];
        let points: Vec<Point> =
            self.data.points[base..].iter().map(|point| Point { workers: point.workers / workers, ..*point }).collect();
        let mut fit = fit(&points);
        fit.base_workers = workers;
        Some(fit)
    }
}
