//! Predictions by both laws, without measuring.

mod advice;
mod effective;
mod json;
mod page;
mod parts;
mod plot;
mod tables;

use crate::law::predict::{Prediction, Step};
use crate::law::profile::Profile;
use crate::page::list::{Format, ListError};
use crate::page::{markdown, text};

/// One job and what the laws say of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Job {
    /// Its parts. Where only its serial fraction is known, their times are shares of the whole.
    pub profile: Profile,
    /// Whether the times of its parts are known.
    pub timed: bool,
    /// Whether its serial part is communication.
    pub communicates: bool,
    /// The prediction, with a row for every worker count asked for.
    pub prediction: Prediction,
}

impl Job {
    /// The job as a step of shared compute and of communication that no worker shortens.
    fn step(&self) -> Step {
        Step { compute_seconds: self.profile.parallel_seconds(), communication_seconds: self.profile.serial_seconds() }
    }

    /// The largest worker count asked for.
    fn most_workers(&self) -> f64 {
        self.prediction.rows.iter().map(|row| row.workers).fold(1.0, f64::max)
    }

    /// What to do about it.
    fn advice(&self) -> Vec<String> {
        let step = self.communicates.then(|| self.step());
        advice::advice(&self.prediction, step, self.most_workers())
    }
}

/// Everything that `amdahl predict` was asked.
#[derive(Debug, Clone, PartialEq)]
pub struct PredictReport {
    /// The jobs, in the order given.
    pub jobs: Vec<Job>,
    /// Whether to show the curve with the serial share taken anew at every count.
    pub effective: bool,
}

impl PredictReport {
    /// The report in a format; as comma-separated values one row for each job and worker count.
    ///
    /// # Errors
    /// Where it cannot be written in the format, which is not known to happen.
    pub fn write(&self, format: Format) -> Result<String, ListError> {
        match format {
            Format::Text => Ok(text::render(&page::blocks(self))),
            Format::Markdown => Ok(markdown::render(&page::blocks(self))),
            Format::Json => json::json(self),
            Format::Csv => json::csv(self),
        }
    }
}
