//! A speedup fit as every page shows it: the points' ratios, the law in words, its limit, and its curve.

use super::block::Tone;
use super::plot::{Axis, Law, Plot, Points};
use super::words;
use crate::law::speedup::{SpeedupFit, efficiency, karp_flatt};
use crate::law::{Model, Verdict};
use crate::stats::Estimate;
use crate::units::{self, ABSENT};

/// What the column of Karp–Flatt means.
pub(crate) const KARP_FLATT: &str = "Karp–Flatt: the serial fraction that would explain one speedup alone; flat is \
    truly serial, rising is overhead.";

/// What is read from the speedup of one point.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Ratios {
    pub(crate) speedup: Estimate,
    pub(crate) efficiency: f64,
    pub(crate) karp_flatt: Option<f64>,
}

impl Ratios {
    /// Reads a speedup; `times_more` is how many times the workers of its base it has.
    pub(crate) fn of(speedup: Estimate, times_more: f64) -> Self {
        Self {
            speedup,
            efficiency: efficiency(speedup.value, times_more),
            karp_flatt: karp_flatt(speedup.value, times_more),
        }
    }

    /// Returns speedup, efficiency and Karp–Flatt's fraction as cells of a table.
    pub(crate) fn cells(ratios: Option<Self>) -> [String; 3] {
        let cell = |text: Option<String>| text.unwrap_or_else(|| ABSENT.to_owned());
        [
            cell(ratios.map(|one| units::ratio(one.speedup.value))),
            cell(ratios.map(|one| units::percent(one.efficiency))),
            cell(ratios.and_then(|one| one.karp_flatt).map(units::percent)),
        ]
    }
}

/// Whether the law behind a fit describes the points, so that its curve and its name may be quoted.
pub(crate) fn may_quote(fit: &SpeedupFit) -> bool {
    matches!(fit.verdict, Verdict::Accepted | Verdict::InsufficientRange)
}

/// The verdict and why.
pub(crate) fn verdict(fit: &SpeedupFit) -> String {
    format!("{}: {}", fit.verdict, fit.reason)
}

/// A fit, and the words for what it was fitted to.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Described<'a> {
    pub(crate) fit: &'a SpeedupFit,
    /// What one worker is called: `invocation`.
    pub(crate) worker: &'a str,
    /// What ceilings are relative to, if speedups are relative to something else; begins with a space.
    pub(crate) over: &'a str,
    /// What to know of the choice of the model; begins with a comma.
    pub(crate) choice: &'a str,
}

impl Described<'_> {
    /// Returns the law, its parameters and limits, and the verdict: names with their values.
    pub(crate) fn facts(&self) -> Vec<(&'static str, String)> {
        let fit = self.fit;
        let mut facts = vec![("model", self.model())];
        match (fit.serial_fraction, fit.serial_fraction_upper) {
            (Some(serial), _) => facts.push(("serial fraction", words::percent(serial))),
            (None, Some(upper)) => {
                facts.push(("serial fraction", format!("at most {} (95 %), no value", units::percent(upper))));
            }
            (None, None) => {}
        }
        if let Some(ceiling) = fit.attainable_ceiling {
            let near = fit.workers_at_90_percent.map(|p| format!("; 90 % of it takes {}", self.workers(p)));
            let ceiling = format!("{} times{}{}", words::ceiling(ceiling), self.over, near.unwrap_or_default());
            facts.push(("attainable ceiling", ceiling));
        }
        if let Some(ceiling) = fit.asymptotic_ceiling {
            let ceiling = format!("1/s = {} times{}, an extrapolation", words::ceiling(ceiling), self.over);
            facts.push(("asymptotic ceiling", ceiling));
        }
        if let Some(knee) = fit.knee {
            let how = if fit.knee_shape.is_some() { "gradually" } else { "sharply" };
            facts.push(("knee", format!("at {} {}s: {how} full", words::ratio(knee), self.worker)));
        }
        if let Some(kappa) = fit.kappa {
            facts.push(("cost per worker", format!("{} of T(1) for each further one", words::percent(kappa))));
        }
        if let Some(peak) = fit.peak_workers {
            facts.push(("peak", format!("on {}, slower beyond", self.workers(peak))));
        }
        facts.push(("verdict", verdict(fit)));
        facts
    }

    /// Returns the facts as sentences; the first is the model.
    pub(crate) fn sentences(&self) -> Vec<String> {
        let sentence = |(name, value): &(&str, String)| match *name {
            "model" => words::sentence(value),
            name => words::sentence(&format!("{name} {value}")),
        };
        self.facts().iter().map(sentence).collect()
    }

    /// Returns the same view of the fit from the plateau of efficiency on, where a superlinear speedup has one.
    pub(crate) fn rebased(&self) -> Option<Described<'_>> {
        Some(Described { fit: self.fit.rebased.as_deref()?, ..*self })
    }

    /// A count of workers with their name: `2^20 invocations`.
    pub(crate) fn workers(&self, count: f64) -> String {
        let plural = if count.round() == 1.0 { "" } else { "s" };
        format!("{} {}{plural}", workers(count.round()), self.worker)
    }

    /// The model and the range that it was fitted to; of a refused fit the range alone.
    fn model(&self) -> String {
        let range = range(self.fit);
        match self.fit.model {
            Some(Model::Constant) if self.fit.verdict == Verdict::InsufficientRange => {
                format!("the effect of more {}s cannot be told from noise, {range}", self.worker)
            }
            Some(model) if may_quote(self.fit) => {
                format!("{} ({model}){}; {range}", words::model(model), self.choice)
            }
            Some(model) => format!("no law is quoted; {range}; the nearest was {} ({model})", words::model(model)),
            None => format!("no law is quoted; {range}"),
        }
    }
}

/// A worker count in a table.
pub(crate) fn workers(count: f64) -> String {
    if count.fract() == 0.0 && count < 1e15 { units::size(count as u64) } else { words::whole(count) }
}

/// How many points, over which workers.
fn range(fit: &SpeedupFit) -> String {
    let points = words::counted(fit.points as u64, "worker count");
    match (fit.fewest_workers, fit.most_workers) {
        (Some(fewest), Some(most)) => {
            let [fewest, most] = [fewest, most].map(|p| workers((p * fit.base_workers).round()));
            format!("{points}, p = {fewest} to {most}")
        }
        _ => points,
    }
}

/// An upper bound of the serial fraction that says nothing.
const NO_BOUND: f64 = 0.99;

/// What a fit says about the limit, as the end of a sentence; of a refused fit, why it is refused. `over` is what
/// ceilings are relative to, with a space before it.
pub(crate) fn limit(fit: &SpeedupFit, over: &str) -> String {
    let ceiling = fit.attainable_ceiling;
    let ceiling = ceiling.map(|ceiling| format!("the attainable ceiling is {}{over}", words::ceiling(ceiling)));
    match (fit.serial_fraction, fit.serial_fraction_upper, ceiling) {
        (Some(serial), _, Some(ceiling)) => format!("the serial fraction is {}, and {ceiling}", words::percent(serial)),
        (Some(serial), _, None) => format!("the serial fraction is {}", words::percent(serial)),
        (None, Some(upper), _) if upper > NO_BOUND => {
            "these points are too scattered to bound the serial fraction at all".to_owned()
        }
        (None, Some(upper), ceiling) => {
            let bound = format!("the serial fraction is at most {} (95 %)", units::percent(upper));
            ceiling.map_or(bound.clone(), |ceiling| format!("{bound}, too small to tell from none; {ceiling}"))
        }
        (None, None, _) => {
            format!("no serial fraction can be read from this curve ({}): {}", fit.verdict, refusal(fit))
        }
    }
}

/// Why a fit is refused, without the figures of the tests behind it: these stand beside the fit.
fn refusal(fit: &SpeedupFit) -> String {
    match fit.verdict {
        Verdict::Superlinear => "workers gain more than their number, which no law of this kind allows".to_owned(),
        Verdict::NonMonotone => {
            "the time rises again on the way, and no law with a cost per worker follows it".to_owned()
        }
        Verdict::PoorFit => "no law describes these points".to_owned(),
        _ => fit.reason.to_string(),
    }
}

/// The fitted curve as a speedup over the base's time; only if the law describes the points.
pub(crate) fn curve(fit: &SpeedupFit, name: String, tone: Tone, base_seconds: f64) -> Option<Law<'static>> {
    let curve = fit.curve.filter(|_| may_quote(fit))?;
    let base_workers = fit.base_workers;
    Some(Law {
        name,
        tone,
        fitted: fit.fewest_workers.zip(fit.most_workers).map(|(a, b)| (a * base_workers, b * base_workers)),
        y: Box::new(move |workers| Some(base_seconds / curve.seconds(workers / base_workers))),
    })
}

/// Plots speedups over the workers, with the ideal of the base's workers for comparison.
pub(crate) fn plot(worker: &str, series: Vec<Points>, laws: Vec<Law<'_>>, base_workers: f64) -> Option<Plot> {
    let ideal = Law::to_compare("ideal: p times faster", move |workers| Some(workers / base_workers));
    let (x, y) = (Axis::counts(&format!("{worker}s")), Axis::counts("speedup"));
    Plot::of(x, y, series, laws.into_iter().chain([ideal]).collect())
}
