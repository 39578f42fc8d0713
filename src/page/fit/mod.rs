//! The laws on the reader's own timings.

mod absent;
mod csv;
mod json;
mod law;
mod measured;
mod predicted;
mod scaled;

use super::block::Block;
use super::list::{Format, ListError};
use super::{markdown, text};
use crate::calculator::timings::{Given, Group, Timings};
use crate::finding::recommend::recommend;
use crate::law::joint::JointFit;
use crate::law::speedup::{Predicted, SpeedupFit};
use crate::law::{Curve, Point, Reason, Verdict};
use crate::page::words;
use crate::units;

/// The fewest repetitions whose range holds the true median with 95 %: it does with 1 − 2^(1−r).
const LEAST_FOR_95: u64 = 6;

/// Everything that `amdahl fit` found.
#[derive(Debug, Clone, PartialEq)]
pub struct FitReport {
    /// Where the timings came from, as a reader would call it.
    pub source: String,
    /// The timings as read.
    pub timings: Timings,
    /// The fit to the job of fixed size.
    pub fit: SpeedupFit,
    /// Whether the model was asked for, not chosen.
    pub forced: bool,
    /// The worker counts asked for; the judgement where nothing may be predicted. `None` where none were asked for.
    pub predictions: Option<Result<Vec<Predicted>, Reason>>,
    /// The joint fit over work and workers; `None` without a column of work.
    pub joint: Option<JointFit>,
}

impl FitReport {
    /// The report in a format; as comma-separated values only its points and predictions.
    ///
    /// # Errors
    /// Where it cannot be written in the format, which is not known to happen.
    pub fn write(&self, format: Format) -> Result<String, ListError> {
        match format {
            Format::Text => Ok(text::render(&self.page())),
            Format::Markdown => Ok(markdown::render(&self.page())),
            Format::Json => json::json(self),
            Format::Csv => csv::csv(self),
        }
    }

    fn page(&self) -> Vec<Block> {
        let title = format!("amdahl {}: speedup in {}", env!("CARGO_PKG_VERSION"), self.source);
        let mut blocks = vec![Block::Title(title), Block::Facts(self.data())];
        blocks.extend(measured::blocks(self));
        blocks.extend(law::blocks(self));
        blocks.extend(predicted::blocks(self));
        blocks.extend(scaled::blocks(self));
        blocks.extend(law::summary(self));
        blocks
    }

    /// The facts about what was read.
    fn data(&self) -> Vec<(String, String)> {
        let timings = &self.timings;
        let fact = |name: &str, value: String| (name.to_owned(), value);
        let rows = format!(
            "{} rows, {} worker counts{}",
            units::count(timings.rows as u64),
            units::count(timings.worker_counts as u64),
            self.repetitions()
        );
        let column = &timings.column;
        let values = match timings.given {
            Given::Seconds if timings.unit_stated => format!("`{column}`, in {}", timings.unit.unwrap_or("s")),
            Given::Seconds => format!("`{column}`, taken for seconds (say --unit ms where it is another unit)"),
            given => format!(
                "`{column}`: no times; the law is fitted to relative times, whose unit is {}",
                given.time_unit().replace('/', " / ")
            ),
        };
        let mut facts = vec![fact("rows", rows), fact("values", values)];
        if timings.pooled {
            let text = "neighbouring worker counts are pooled, because there are more than a hundred; the table shows each pool by its median";
            facts.push(fact("pooled", text.to_owned()));
        }
        if !timings.unread.is_empty() {
            facts.push(fact("not read", timings.unread.join(", ")));
        }
        facts
    }

    fn repetitions(&self) -> String {
        let counts = || self.timings.groups.iter().map(|group| group.seconds.count as u64);
        let (Some(least), Some(most)) = (counts().min(), counts().max()) else { return String::new() };
        if most == 1 {
            return ", one row each: how repetitions scatter is not known".to_owned();
        }
        let what = if self.timings.pooled { "rows in each pool" } else { "repetitions each" };
        let range = if least == most {
            units::count(least)
        } else {
            format!("{} to {}", units::count(least), units::count(most))
        };
        let fewest = counts().filter(|&count| count > 1).min().unwrap_or(2);
        let covers = 1.0 - 0.5_f64.powi(fewest.min(64) as i32 - 1);
        let brackets = match (fewest < LEAST_FOR_95, most < LEAST_FOR_95) {
            (true, true) => format!("their range, which holds the true one with {} or more", units::percent(covers)),
            (true, false) => {
                let from = format!("their 95 % intervals (of fewer than {LEAST_FOR_95} repetitions the range");
                format!("{from}, which holds the true one with {} or more)", units::percent(covers))
            }
            (false, _) => "their 95 % intervals".to_owned(),
        };
        format!(", {range} {what}; medians, in brackets {brackets}")
    }

    /// What stands in brackets after a measured time, for the head of a column.
    fn interval_head(&self) -> &'static str {
        let most = self.groups().iter().map(|group| group.seconds.count).max().unwrap_or(0) as u64;
        match most {
            0 | 1 => "",
            _ if most < LEAST_FOR_95 => " (range)",
            _ => " (95 %)",
        }
    }

    /// The job of fixed size that is fitted.
    fn groups(&self) -> &[Group] {
        self.timings.fixed_size()
    }

    fn points(&self) -> Vec<Point> {
        points(&self.timings)
    }

    /// What to recommend; nothing where every size of work has one worker count only.
    fn recommendation(&self) -> Option<crate::finding::recommend::Recommendation> {
        (self.groups().len() > 1).then(|| recommend(&self.points(), &self.fit)).flatten()
    }

    /// The fitted curve, where it describes the data.
    fn curve(&self) -> Option<Curve> {
        self.fit.curve.filter(|_| self.may_quote())
    }

    fn may_quote(&self) -> bool {
        matches!(self.fit.verdict, Verdict::Accepted | Verdict::InsufficientRange)
    }

    /// A time as the reader gave it: a time, or the speedup or throughput that it stands for.
    fn shown(&self, seconds: f64) -> String {
        match self.timings.given {
            Given::Seconds => units::seconds(seconds),
            Given::Speedup | Given::Throughput => units::ratio(1.0 / seconds),
        }
    }

    /// The same with an interval.
    fn shown_interval(&self, value: f64, low: f64, high: f64) -> String {
        match self.timings.given {
            Given::Seconds => units::seconds_interval(value, low, high),
            Given::Speedup | Given::Throughput => units::ratio_interval(1.0 / value, 1.0 / high, 1.0 / low),
        }
    }

    /// What [`Self::shown`] shows, as the head of a column.
    fn head(&self) -> &'static str {
        match self.timings.given {
            Given::Seconds => "time",
            Given::Speedup => "speedup",
            Given::Throughput => "throughput",
        }
    }
}

/// The points of the job of fixed size, to be fitted.
pub fn points(timings: &Timings) -> Vec<Point> {
    let groups = timings.fixed_size().iter();
    groups.map(|group| Point::from_summary(group.workers, &group.seconds)).collect()
}

/// A worker count in a table.
fn workers(count: f64) -> String {
    if count.fract() == 0.0 && count < 1e15 { units::size(count as u64) } else { words::whole(count) }
}
