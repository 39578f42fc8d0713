//! The questions: each experiment plans its cases, reads the samples, says what they show, and shows its section.
//!
//! An experiment is one file, or a folder of `mod.rs` (plan), `read.rs`, `say.rs` and `show.rs`. A line of
//! `registry.rs`, the only list, makes it known. How cases are timed belongs to [`crate::measure`], and how a page
//! looks to [`crate::page`].

mod agreement;
mod axes;
mod cases;
mod chapter;
mod climb;
mod contest;
mod divergence;
mod figures;
mod fixed_size;
#[cfg(test)]
pub(crate) mod fixture;
mod gains;
mod geometry;
mod intensity;
mod launch_overhead;
pub(crate) mod lesson;
mod limits;
mod problem_size;
mod registry;
mod report;
mod safety_cost;
mod scaled_size;
mod scene;
mod screen;
mod session;
mod split_work;
#[cfg(test)]
mod tests;
mod transfers;
mod unknown;
mod views;
mod waves;
mod web;
mod workgroup_size;

use serde::Serialize;

use crate::measure::Plan;
use crate::page::block::Block;
use crate::page::named::Named;
use crate::record::{Check, Measured, Measurement, Quantity, Run};
use crate::workload::Workload;

pub use axes::{Axes, Axis};
pub use figures::cases_csv;
pub use registry::{Question, all, find, names};
pub use report::{
    failed_checks, is_section, json, markdown, measured, numbers, report, section_names, sections, short, text,
};
pub use scene::Scene;
pub use session::{Outcome, Request, Selection, run, settings};
pub use web::{Picture, explorer_page, pictures, report_page};

/// What an experiment is about.
#[derive(Debug)]
pub struct About {
    /// The name on the command line and in the record.
    pub name: &'static str,
    /// The question that it answers, as a sentence.
    pub question: &'static str,
    /// Workloads, as `name` or `name/variant`, that it measures if no others are asked for.
    pub workloads: &'static [&'static str],
    /// The options for axes that it honours.
    pub axes: &'static [Axis],
}

/// One question: from the plan to the page.
trait Experiment: Sync {
    /// Everything that the laws read from the samples.
    type Reading: Serialize;

    /// Returns its name, its question, and the options that it honours.
    fn about(&self) -> &'static About;

    /// Whether it means anything for this workload.
    fn takes(&self, workload: &dyn Workload) -> bool {
        workload.name() != "empty" && !workload.is_the_readers()
    }

    /// Whether it asks what the device can do, so that all variants race where none is named, and the fastest tells
    /// how large problems may be; as a rule it computes them. Others are about sharing a job out, and take the first
    /// variant.
    fn is_contest(&self) -> bool {
        false
    }

    /// Returns how many of its workloads a quick run measures: one answers most questions.
    fn quick_workloads(&self) -> usize {
        1
    }

    /// Returns the cases to measure, one plan for each problem that is held fixed.
    fn plan(&self, scene: &Scene<'_>) -> Vec<Plan>;

    /// Reads the samples by the laws. A saved run gives the same reading as the run that was just measured.
    fn read(&self, run: &Run, measured: &Measured) -> Self::Reading;

    /// Says what varies and what is held fixed, in one sentence.
    fn setting(&self, run: &Run, measured: &Measured) -> String;

    /// Returns the tables, plots and explanations of its section.
    fn show(&self, view: View<'_, Self::Reading>) -> Vec<Block>;

    /// Says in sentences what one workload shows.
    fn say(&self, view: View<'_, Self::Reading>) -> Vec<String>;

    /// Returns the numbers that answer its question on one workload, the headline first. The terminal, the page and
    /// `cases.csv` all show them, under the same names.
    fn numbers(&self, _: View<'_, Self::Reading>) -> Vec<Named> {
        Vec::new()
    }

    /// Returns the case over which the report says how many times faster a case is; `None` if it says so over none.
    fn base<'a>(&self, _: &'a Measured, _: &Measurement, _: Quantity) -> Option<&'a Measurement> {
        None
    }

    /// Checks what it shows against what other experiments of the run say of the same.
    fn checks(&self, _: View<'_, Self::Reading>) -> Vec<Check> {
        Vec::new()
    }

    /// Answers the question in one line of the short answer, of at most sixty characters: a word, and what it says.
    /// `None` if the answer is a part of its own there, or if nothing was measured that tells.
    fn line(&self, _: &[View<'_, Self::Reading>]) -> Option<(&'static str, String)> {
        None
    }

    /// Answers the question in the summary: a line, or a few, for all workloads together.
    fn answer(&self, views: &[View<'_, Self::Reading>]) -> Vec<String>;
}

/// An experiment on one workload, read.
struct View<'a, R> {
    /// The whole run.
    run: &'a Run,
    /// The samples.
    measured: &'a Measured,
    /// What the laws read from them.
    reading: &'a R,
}

impl<R> Clone for View<'_, R> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<R> Copy for View<'_, R> {}
