//! How every page shows a fitted speedup: ratios, the law in words, its ceiling and its curve.

use super::block::Tone;
use super::plot::{Axis, Law, Plot, Points};
use super::words;
use crate::law::speedup::{SpeedupFit, efficiency, karp_flatt};
use crate::law::{Curve, Model, Reason, Verdict};
use crate::stats::Estimate;
use crate::units::{self, ABSENT};

/// Explains the column of Karp–Flatt.
pub(crate) const KARP_FLATT: &str = "Karp–Flatt: the serial fraction that this row alone implies. If it stays the same \
    down the column, the job has a serial part. If it rises, adding workers itself costs time.";

/// Speedup, efficiency and Karp–Flatt's fraction of one worker count.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Ratios {
    pub(crate) speedup: Estimate,
    pub(crate) efficiency: f64,
    pub(crate) karp_flatt: Option<f64>,
}

impl Ratios {
    /// Computes the ratios of a speedup. `times_more` is its worker count over that of the base.
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

/// Returns whether the law describes the points, so that its curve and its name may be quoted.
pub(crate) fn may_quote(fit: &SpeedupFit) -> bool {
    matches!(fit.verdict, Verdict::Accepted | Verdict::InsufficientRange)
}

/// The fact of what each extra worker costs.
pub(crate) const EXTRA_WORKER: &str = "each extra worker";

/// The fact of what each doubling of the workers costs.
pub(crate) const DOUBLING: &str = "each doubling of the workers";

/// The fact of why the fit is accepted or refused.
const VERDICT: &str = "verdict";

/// Writes the upper bound of a serial fraction.
fn under(upper: f64) -> String {
    format!("under {} (95 % sure)", units::percent(upper))
}

/// Writes why the fit is accepted or refused, and the code of that verdict.
pub(crate) fn verdict(fit: &SpeedupFit) -> String {
    format!("{} ({})", fit.reason, fit.verdict)
}

/// A serial fraction below this is small.
const SMALL: f64 = 0.1;

/// Writes why a serial fraction has a bound and no value.
pub(crate) fn no_value(fit: &SpeedupFit) -> &'static str {
    match fit.reason {
        Reason::MayHaveNoSerialPart { .. } if fit.serial_fraction_upper.is_some_and(|upper| upper < SMALL) => {
            "too small to measure"
        }
        _ => "too uncertain for one number",
    }
}

/// Writes the parameters that fit best, though the data do not determine them.
pub(crate) fn estimate(fit: &SpeedupFit, best: Curve) -> String {
    let mut parts = vec![format!("serial fraction {}", units::percent(best.serial_fraction))];
    parts.extend(
        best.knee.map(|knee| format!("hardware full at {} workers", units::ratio(knee.workers * fit.base_workers))),
    );
    parts.extend(best.attainable_ceiling().map(|ceiling| format!("ceiling {} times", units::ratio(ceiling))));
    let why = if may_quote(fit) { "these counts do not determine it" } else { "the law does not describe these times" };
    format!("{}; {why}", parts.join(", "))
}

/// The fact of the worker count with the shortest time.
pub(crate) const FASTEST: &str = "fastest";

/// Writes the interval of the fastest worker count: `8 to 12 workers`; `None` if more workers never hurt.
pub(crate) fn peak(fit: &SpeedupFit) -> Option<String> {
    let value = fit.peak_workers?;
    let whole = |count: f64| words::whole(count.round());
    let low = whole(fit.peak_low.unwrap_or(value).ceil().min(value.round()));
    Some(match fit.peak_high.map(|high| whole(high.floor().max(value.round()))) {
        Some(high) if high == low => format!("{low} {}", words::noun(value)),
        Some(high) => format!("{low} to {high} workers"),
        None => format!("{low} or more workers"),
    })
}

/// A fit, and the words for what it was fitted to.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Described<'a> {
    pub(crate) fit: &'a SpeedupFit,
    /// What one worker is called: `worker`.
    pub(crate) worker: &'a str,
    /// The base of the ceilings, if speedups have another one; begins with a space.
    pub(crate) over: &'a str,
    /// A remark on the choice of the model; begins with a comma.
    pub(crate) choice: &'a str,
}

impl Described<'_> {
    /// Returns the law, its parameters and limits, and the verdict: names with their values.
    pub(crate) fn facts(&self) -> Vec<(&'static str, String)> {
        let fit = self.fit;
        let over = self.over();
        let mut facts = vec![("model", self.model())];
        match (fit.serial_fraction, fit.serial_fraction_upper) {
            (Some(serial), _) => facts.push(("serial fraction", words::percent(serial))),
            (None, Some(upper)) => {
                facts.push(("serial fraction", format!("{}; {}", under(upper), no_value(fit))));
            }
            (None, None) => {}
        }
        if let Some(best) = fit.estimate.filter(|_| !self.choice.is_empty() && fit.serial_fraction.is_none()) {
            facts.push(("best estimate", estimate(fit, best)));
        }
        if let Some(ceiling) = fit.attainable_ceiling {
            let near = fit.workers_at_90_percent;
            let near = near.map(|p| format!("; {} {} 90 % of it", self.workers(p), words::reach(p)));
            let ceiling = format!("{} times{over}{}", words::ceiling(ceiling), near.unwrap_or_default());
            facts.push(("fitted ceiling", ceiling));
        }
        if let Some(ceiling) = fit.asymptotic_ceiling {
            let ceiling = format!("1/s = {} times{over}, an extrapolation", words::ceiling(ceiling));
            facts.push(("ceiling without limits", ceiling));
        }
        if let Some(knee) = fit.knee {
            let bend = if fit.knee_shape.is_some() { "; the bend is gradual" } else { "" };
            facts.push(("hardware full", format!("at {} {}s{bend}", words::ratio(knee), self.worker)));
        }
        for (name, share) in [(EXTRA_WORKER, fit.kappa), (DOUBLING, fit.per_doubling)] {
            let Some(share) = share else { continue };
            let of = workers(fit.base_workers);
            let cost =
                fit.seconds_of(share).map_or_else(|| format!("{} of T({of})", words::percent(share)), words::cost);
            facts.push((name, format!("costs {cost}")));
        }
        if let Some(peak) = peak(fit) {
            let unseen = fit.most_workers.filter(|most| fit.peak_low.is_some_and(|low| low > *most));
            let beyond = match (unseen, fit.peak_high) {
                (Some(most), _) => format!(", beyond the {} measured", workers(most.round())),
                (None, Some(_)) => "; more are slower".to_owned(),
                (None, None) => String::new(),
            };
            facts.push((FASTEST, format!("at {peak}{beyond}")));
        }
        facts.push((VERDICT, verdict(fit)));
        facts
    }

    /// Returns the facts as sentences: the model first, the verdict in words last.
    pub(crate) fn sentences(&self) -> Vec<String> {
        let sentence = |(name, value): &(&str, String)| match *name {
            "model" => words::sentence(value),
            VERDICT => words::sentence(&self.fit.reason.to_string()),
            name => words::sentence(&format!("{name} {value}")),
        };
        self.facts().iter().map(sentence).collect()
    }

    /// Returns the fit that counts the plateau's first worker count as one, if a superlinear speedup has a plateau.
    pub(crate) fn rebased(&self) -> Option<Described<'_>> {
        Some(Described { fit: self.fit.rebased.as_deref()?, ..*self })
    }

    /// Returns the base of the ceilings, if it must be named.
    fn over(&self) -> String {
        let base = self.fit.base_workers;
        if base > 1.0 { format!(" over {}", self.workers(base)) } else { self.over.to_owned() }
    }

    /// Writes a count of workers with their name: `1,048,576 workers`.
    pub(crate) fn workers(&self, count: f64) -> String {
        let plural = if count.round() == 1.0 { "" } else { "s" };
        format!("{} {}{plural}", workers(count.round()), self.worker)
    }

    /// Writes the model and the range that it was fitted to; of a refused fit the range alone.
    fn model(&self) -> String {
        let range = range(self.fit);
        match self.fit.model {
            Some(Model::Constant) if self.fit.verdict == Verdict::InsufficientRange => {
                format!("more {}s make no difference above the noise; {range}", self.worker)
            }
            Some(model) if may_quote(self.fit) => {
                format!("{} ({model}){}; {range}", words::model(model), self.choice)
            }
            Some(model) => format!("no law fits; the nearest is {} ({model}); {range}", words::model(model)),
            None => format!("no law fits; {range}"),
        }
    }
}

/// Writes a worker count for a table.
pub(crate) fn workers(count: f64) -> String {
    if count.fract() == 0.0 && count < 1e15 { units::size(count as u64) } else { words::whole(count) }
}

/// Writes how many points there are, and over which workers.
fn range(fit: &SpeedupFit) -> String {
    let points = words::counted(fit.points as u64, "worker count");
    match (fit.fewest_workers, fit.most_workers) {
        (Some(fewest), Some(most)) => {
            let [fewest, most] = [fewest, most].map(|p| workers(p.round()));
            format!("{points}, {fewest} to {most}")
        }
        _ => points,
    }
}

/// A serial fraction above this is no bound: nearly everything may be serial.
const NO_BOUND: f64 = 0.99;

/// Writes serial fraction and ceiling as the end of a sentence; of a refused fit, why it is refused. `over` is the base
/// of the ceilings, with a space before it.
pub(crate) fn limit(fit: &SpeedupFit, over: &str) -> String {
    let ceiling = fit.attainable_ceiling;
    let ceiling = ceiling.map(|ceiling| format!("the fitted ceiling is {}{over}", words::ceiling(ceiling)));
    match (fit.serial_fraction, fit.serial_fraction_upper, ceiling) {
        (Some(serial), _, Some(ceiling)) => format!("the serial fraction is {}, and {ceiling}", words::percent(serial)),
        (Some(serial), _, None) => format!("the serial fraction is {}", words::percent(serial)),
        (None, Some(upper), _) if upper > NO_BOUND => {
            "these points scatter too much to limit the serial fraction".to_owned()
        }
        (None, Some(upper), ceiling) => {
            let bound = format!("the serial fraction is {}, {}", under(upper), no_value(fit));
            ceiling.map_or(bound.clone(), |ceiling| format!("{bound}; {ceiling}"))
        }
        (None, None, _) => {
            format!("this curve shows no serial fraction: {}", refusal(fit))
        }
    }
}

/// Writes why a fit is refused, without the numbers that stand beside the fit.
pub(crate) fn refusal(fit: &SpeedupFit) -> String {
    match fit.verdict {
        _ if matches!(fit.reason, Reason::FallsTooFar { .. }) => {
            "the time falls more than sharing the work allows".to_owned()
        }
        Verdict::Superlinear => "p workers are more than p times faster, which these laws do not allow".to_owned(),
        Verdict::NonMonotone => "the time rises again as workers are added, and no law follows that".to_owned(),
        Verdict::PoorFit => "no law fits these points".to_owned(),
        _ => fit.reason.to_string(),
    }
}

/// Names the base of a fit's ceilings if several workers count as one in it: ` over 8 workers`.
pub(crate) fn over(fit: &SpeedupFit) -> Option<String> {
    (fit.base_workers > 1.0).then(|| format!(" over {} workers", words::whole(fit.base_workers)))
}

/// Returns the law that describes the points, or those from some count on; `None` if there is none.
pub(crate) fn described(fit: &SpeedupFit) -> Option<&SpeedupFit> {
    if may_quote(fit) { Some(fit) } else { fit.rebased.as_deref().filter(|fit| may_quote(fit)) }
}

/// Returns the fitted curve as a speedup over the base's time, if the law describes the points, or those from some
/// count on.
pub(crate) fn curve(fit: &SpeedupFit, name: String, tone: Tone, base_seconds: f64) -> Option<Law<'static>> {
    let fit = described(fit)?;
    let curve = fit.curve?;
    let base_workers = fit.base_workers;
    Some(Law {
        name,
        tone,
        fitted: fit.fewest_workers.zip(fit.most_workers),
        y: Box::new(move |workers| Some(base_seconds / curve.seconds(workers / base_workers))),
    })
}

/// Plots speedups over the workers, with the ideal of the base's workers for comparison.
pub(crate) fn plot(worker: &str, series: Vec<Points>, laws: Vec<Law<'_>>, base_workers: f64) -> Option<Plot> {
    let ideal = Law::to_compare("ideal: p times faster", move |workers| Some(workers / base_workers));
    let (x, y) = (Axis::counts(&format!("{worker}s")), Axis::counts("speedup"));
    Plot::of(x, y, series, laws.into_iter().chain([ideal]).collect())
}
