//! Fits the laws to a reader's own timings.

mod data;
mod few;
mod law;
mod measured;
mod predicted;
mod recommend;
mod scaled;
mod several;
mod trend;
mod weak;

use serde::Serialize;

use super::timings::{Given, Group, Timings};
use crate::law::joint::{self, JointFit, JointPoint};
use crate::law::speedup::{self, Few, Options, Predicted, SpeedupFit};
use crate::law::{MODELS, Model, Point};
use crate::page::block::Block;
use crate::page::format::written;
use crate::page::json::Absent;
use crate::page::speedup::{may_quote, verdict};
use crate::page::{Format, Look};
use crate::units;
use measured::{Base, Row};
use recommend::{Recommendation, recommend};

pub use several::write;

/// What is asked of the laws, beside the fit.
#[derive(Debug, Clone, Copy, Default)]
pub struct Asked<'a> {
    /// The model of the reader's choice.
    pub model: Option<Model>,
    /// Worker counts to predict.
    pub predict: Option<&'a [u64]>,
}

/// Everything that `amdahl fit` found. What is null in a part has its reason in `absent`, under the name of the part.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FitReport {
    schema: &'static str,
    version: &'static str,
    /// Where the timings came from, as a reader would call it.
    source: String,
    timings: Timings,
    /// The unit of every time here.
    time_unit: &'static str,
    /// Whether the model was asked for, not chosen.
    forced: bool,
    /// The fit to the job of fixed size; a curve that does not describe it is left out.
    fit: SpeedupFit,
    /// What two to five worker counts tell without a model.
    few: Option<Few>,
    /// What the speedups of the points are relative to.
    speedup_base: Option<Base>,
    /// The job of fixed size.
    points: Vec<Row>,
    /// The worker counts asked for.
    predictions: Option<Vec<Predicted>>,
    recommended: Option<Recommendation>,
    /// The joint fit over work and workers.
    joint: Option<JointFit>,
    /// Every pair of work and workers.
    scaled_points: Vec<scaled::Row>,
    /// The worker counts of a job that grows with them.
    weak: Vec<weak::Row>,
    absent: Absent,
    #[serde(skip)]
    asked: bool,
}

/// Finds a model by its name.
///
/// # Errors
/// Lists the models that there are.
pub fn find_model(name: &str) -> Result<Model, String> {
    Model::from_name(name.trim()).ok_or_else(|| {
        let names: Vec<&str> = MODELS.iter().map(|model| model.name()).collect();
        format!("--model: no model {name:?}; there are: {}", names.join(", "))
    })
}

impl FitReport {
    /// Fits the laws to timings: a model of the reader's choice or the best one. `asked` are worker counts to predict.
    pub fn new(source: String, timings: Timings, model: Option<Model>, asked: Option<&[u64]>) -> Self {
        let mut absent = Absent::default();
        let groups = timings.fixed_size();
        let points: Vec<Point> =
            groups.iter().map(|group| Point::from_summary(group.workers, &group.seconds)).collect();
        let options = Options { model };
        let mut fit = speedup::fit_with(&points, options);
        fit.curve = fit.curve.filter(|_| may_quote(&fit));
        absent.note("fit", parameters(&fit));
        let predictions = match asked {
            None => Err("--predict was not given".to_owned()),
            Some(counts) => {
                let counts: Vec<f64> = counts.iter().map(|&count| count as f64).collect();
                speedup::predict(&points, options, &counts).map_err(|reason| format!("{reason} ({})", reason.verdict()))
            }
        };
        let one_count =
            || "no size was run on more than one worker count; run one size on at least 3 worker counts".to_owned();
        let recommended = Some(&points).filter(|points| points.len() > 1).and_then(|points| recommend(points, &fit));
        let joint = timings.has_work.then(|| joint::fit(&joint_points(&timings)));
        if timings.weak.is_some() {
            absent.note("weak", "the row is the base of the speedups, or does more than Gustafson's law allows");
        }
        if let Some(joint) = &joint {
            absent.note("joint", format!("{} ({})", joint.reason, joint.verdict));
            absent.note("scaled_points", "no law fits, or the pair has the fewest workers on its work");
        }
        if timings.unit.is_none() {
            absent.note("timings", "the column does not hold times");
        }
        let few = Some(&points).filter(|_| model.is_none()).and_then(|points| speedup::few(points));
        absent.note("few", if few.is_some() { NO_KNEE } else { FEW });
        let base = measured::base(timings.given, groups, &fit);
        absent.note(
            "points",
            "the point is the base of the speedups, or no law fits; only predictions have an interval of the curve",
        );
        Self {
            schema: "amdahl-fit/2",
            version: env!("CARGO_PKG_VERSION"),
            source,
            time_unit: timings.given.time_unit(),
            forced: model.is_some(),
            few,
            speedup_base: absent.or_reason("speedup_base", base.ok_or_else(one_count)),
            points: base.map_or(Vec::new(), |base| measured::rows(groups, base, &fit)),
            predictions: absent.or_reason("predictions", predictions),
            recommended: absent.or_reason("recommended", recommended.ok_or_else(one_count)),
            scaled_points: joint.as_ref().map_or(Vec::new(), |joint| scaled::rows(&timings, joint)),
            weak: if timings.weak.is_some() { weak::rows(&timings) } else { Vec::new() },
            joint: absent.or_reason("joint", joint.ok_or_else(|| "there is no column `work`".to_owned())),
            absent,
            asked: asked.is_some(),
            timings,
            fit,
        }
    }

    /// Returns the report in a format; as comma-separated values only its points and predictions.
    pub fn write(&self, format: Format, look: Look) -> String {
        written(format, look, || self.page(), self, || self.rows())
    }

    fn page(&self) -> Vec<Block> {
        self.page_of(&format!("amdahl {}: speedup in {}", self.version, self.source))
    }

    /// Returns the page under a title.
    fn page_of(&self, title: &str) -> Vec<Block> {
        let mut blocks = vec![Block::Title(title.to_owned()), Block::Facts(self.data())];
        if self.timings.weak.is_some() {
            blocks.extend(weak::blocks(self));
            if self.asked {
                blocks.push(Block::text("No prediction: no two worker counts ran the same job."));
            }
            blocks.extend(law::closing(&weak::sentences(self)));
            return blocks;
        }
        blocks.extend(measured::blocks(self));
        blocks.extend(law::blocks(self));
        blocks.extend(predicted::blocks(self));
        blocks.extend(scaled::blocks(self));
        blocks.extend(law::summary(self));
        blocks
    }

    /// The points and predictions. With a column of work every pair of work and workers has its row: the job of fixed
    /// size with its own law's times, the others with those of the joint law and speedups over the fewest workers on
    /// the same work.
    fn rows(&self) -> Vec<Row> {
        let fixed = self.groups();
        let is_fixed = |group: &Group| fixed.first().is_some_and(|first| first.work == group.work);
        let mut points = self.points.iter();
        let measured = self.timings.groups.iter().enumerate().filter_map(|(index, group)| {
            let point = if is_fixed(group) { points.next().cloned() } else { None };
            point.or_else(|| Some(Row::paired(group, self.scaled_points.get(index)?)))
        });
        let work = fixed.first().and_then(|group| group.work);
        let predicted = self.predictions.iter().flatten().map(|one| Row::predicted(one, work));
        measured.chain(predicted).collect()
    }

    /// Writes what Karp–Flatt's fraction does down the column, where it says more than the law.
    fn trend(&self) -> Option<String> {
        if self.few.as_ref().is_some_and(|few| few.serial_fraction_at_most >= 1.0) {
            return None;
        }
        let base = self.speedup_base.filter(|base| base.source != measured::Source::Curve)?;
        let shares: Vec<(f64, f64)> = self.points.iter().filter_map(|row| row.share(base.workers)).collect();
        trend::trend(&shares)?.sentence(base.workers, self.few.is_some())
    }

    /// Returns the job of fixed size that is fitted.
    fn groups(&self) -> &[Group] {
        self.timings.fixed_size()
    }

    /// Writes a time in the form of the table: a time, a speedup or a throughput.
    fn shown(&self, seconds: f64) -> String {
        match self.timings.given {
            Given::Seconds => units::seconds(seconds),
            Given::Speedup | Given::Throughput => units::ratio(1.0 / seconds),
        }
    }

    /// Writes a time with its interval in the form of the table.
    fn shown_interval(&self, value: f64, low: f64, high: f64) -> String {
        match self.timings.given {
            Given::Seconds => units::seconds_interval(value, low, high),
            Given::Speedup | Given::Throughput => units::ratio_interval(1.0 / value, 1.0 / high, 1.0 / low),
        }
    }

    /// Returns the head of a column that [`Self::shown`] fills.
    fn head(&self) -> &'static str {
        match self.timings.given {
            Given::Seconds => "time",
            Given::Speedup => "speedup",
            Given::Throughput => "throughput",
        }
    }
}

/// Why a part of `few` is null.
const NO_KNEE: &str = "only hardware that is full has a knee; there is no next count if no law is near these times";

/// Why there is no part `few`.
const FEW: &str = "it is for two to five worker counts without --model";

/// Says why a parameter of the fit is null.
fn parameters(fit: &SpeedupFit) -> String {
    match fit.model {
        Some(model) if may_quote(fit) => {
            format!("the {model} law has no such parameter, or the data limit it on one side only: {}", verdict(fit))
        }
        _ => verdict(fit),
    }
}

fn joint_points(timings: &Timings) -> Vec<JointPoint> {
    let point = |group: &Group| {
        Some(JointPoint {
            size: group.work?,
            workers: group.workers,
            seconds: group.seconds.median,
            log_se: group.seconds.log_se.unwrap_or(0.0),
        })
    };
    timings.groups.iter().filter_map(point).collect()
}
