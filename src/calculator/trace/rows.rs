//! The workers of all files, each with its rank, and the sums over them.

use std::collections::BTreeMap;

use serde::Serialize;

use super::worker::{Step, Times, Worker};
use super::{Recording, ranks};

/// A step differs from the others if its time is more than this factor above or below the median.
const DIFFERS: f64 = 1.25;

/// One worker with its rank.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub(super) struct Row {
    pub(super) rank: u64,
    /// The device, if the file holds several; without devices the process.
    pub(super) device: Option<String>,
    pub(super) source: String,
    pub(super) streams: usize,
    /// The mean step; the whole time if no step is marked.
    pub(super) step: Times,
    /// From the first event to the last.
    pub(super) whole: Times,
    /// By number.
    pub(super) steps: Vec<Step>,
    /// Mean exposed communication beyond that of the last rank, in a step: waiting.
    pub(super) waits_seconds: Option<f64>,
}

impl Row {
    fn new(rank: u64, is_alone: bool, source: &str, worker: Worker) -> Self {
        Self {
            rank,
            step: worker.step(),
            device: Some(worker.name).filter(|_| !is_alone),
            source: source.to_owned(),
            streams: worker.streams,
            whole: worker.whole,
            steps: worker.steps,
            waits_seconds: None,
        }
    }

    /// Names it: `rank 3`, `rank 3, device 1`.
    pub(super) fn name(&self, place: &str) -> String {
        let device = self.device.as_ref().map_or(String::new(), |device| format!(", {place} {device}"));
        format!("rank {}{device}", self.rank)
    }
}

/// Returns the workers of all files in the order of their ranks, and how the ranks are known.
pub(super) fn rows(recordings: &mut [Recording]) -> Result<(ranks::Source, Vec<Row>), String> {
    let files: Vec<_> = recordings.iter().map(|file| (file.source.as_str(), file.distributed)).collect();
    let (source, ranks) = ranks::ranks(&files)?;
    let mut rows = Vec::new();
    for (file, rank) in recordings.iter_mut().zip(ranks) {
        let is_alone = file.workers.len() == 1;
        let workers = std::mem::take(&mut file.workers).into_iter();
        rows.extend(workers.map(|worker| Row::new(rank, is_alone, &file.source, worker)));
    }
    rows.sort_by_key(|row| row.rank);
    Ok((source, rows))
}

/// A step that takes longer or shorter than the others.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(super) struct Unusual {
    pub(super) number: u64,
    /// Mean of the workers.
    pub(super) seconds: f64,
    /// Its time divided by the median of all steps.
    pub(super) times_the_median: f64,
}

/// Returns the steps that differ from the median of all by a quarter and more.
pub(super) fn unusual(rows: &[Row]) -> Vec<Unusual> {
    let mut times: BTreeMap<u64, Vec<&Times>> = BTreeMap::new();
    for step in rows.iter().flat_map(|row| &row.steps) {
        times.entry(step.number).or_default().push(&step.times);
    }
    let mean = |(number, times): (u64, Vec<&Times>)| (number, Times::mean(times.into_iter()).seconds);
    let steps: Vec<(u64, f64)> = times.into_iter().map(mean).collect();
    let all: Vec<f64> = steps.iter().map(|(_, seconds)| *seconds).collect();
    let median = crate::stats::median(&all).unwrap_or(0.0);
    let compared =
        steps.into_iter().map(|(number, seconds)| Unusual { number, seconds, times_the_median: seconds / median });
    compared
        .filter(|step| step.times_the_median.is_finite() && !(1.0 / DIFFERS..=DIFFERS).contains(&step.times_the_median))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_that_differ_are_told() {
        let step = |(number, seconds)| Step { number, times: Times { seconds, ..Times::default() } };
        let steps = [1.0, 1.1, 1.9, 1.0, 0.7].into_iter().zip(3..).map(|(seconds, number)| step((number, seconds)));
        let found = unusual(&[Row { steps: steps.collect(), ..Row::default() }]);
        assert_eq!(
            found.iter().map(|step| (step.number, step.times_the_median)).collect::<Vec<_>>(),
            [(5, 1.9), (7, 0.7)]
        );
        assert_eq!(unusual(&[Row::default()]), []);
    }
}
