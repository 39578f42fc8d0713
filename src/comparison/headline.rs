//! The numbers that are shown side by side, whatever else is compared.

use super::Subject;
use super::figures::Number;
use crate::experiment::names;
use crate::record::{Baseline, LaunchStyle, Series};

/// A number of the headlines.
pub(super) struct Headline {
    /// Its name for `--by`.
    pub(super) id: &'static str,
    /// What a table calls it.
    pub(super) title: &'static str,
    experiment: &'static str,
    name: &'static str,
    series: Of,
    /// Whether less is better.
    pub(super) ascending: bool,
}

/// The series that a number is about.
enum Of {
    Series(Series),
    /// The usual way for data to the device and back.
    UsualTransfer,
}

impl Headline {
    const fn new(id: &'static str, title: &'static str, experiment: &'static str, name: &'static str) -> Self {
        Self { id, title, experiment, name, series: Of::Series(Series::Device), ascending: false }
    }

    const fn of(self, series: Of) -> Self {
        Self { series, ..self }
    }

    const fn ascending(self) -> Self {
        Self { ascending: true, ..self }
    }

    /// What a table calls it where it is the number of a job, which has a name.
    pub(super) fn title_of(&self, number: Option<&Number>) -> String {
        let is_of_job = [names::FIXED_SIZE, names::SCALED_SIZE, names::PROBLEM_SIZE].contains(&self.experiment);
        let workload = number.and_then(|number| number.workload.as_ref()).filter(|_| is_of_job);
        workload.map_or_else(|| self.title.to_owned(), |workload| format!("{} ({workload})", self.title))
    }

    /// Returns the number of a run on each of its workloads.
    pub(super) fn all<'a>(&self, subject: &'a Subject) -> impl Iterator<Item = &'a Number> {
        let series = match self.series {
            Of::Series(series) => series,
            Of::UsualTransfer => Series::Transfer(subject.run.usual_transfer()),
        };
        subject.numbers.iter().filter(move |number| {
            let named = &number.named;
            number.experiment.as_deref() == Some(self.experiment) && named.name == self.name && named.series == series
        })
    }

    /// Returns the number of two runs on the first workload that both have; if they share none, the first of each.
    pub(super) fn of_both<'a>(&self, base: &'a Subject, other: &'a Subject) -> [Option<&'a Number>; 2] {
        let shared = self.all(base).find_map(|one| {
            let beside = self.all(other).find(|two| two.is_beside(one))?;
            Some([Some(one), Some(beside)])
        });
        shared.unwrap_or_else(|| [self.all(base).next(), self.all(other).next()])
    }

    /// Returns the number of each of several runs, all on one workload: the first of those that most of them have.
    pub(super) fn of_each<'a>(&self, subjects: &'a [Subject]) -> Vec<Option<&'a Number>> {
        let on = |like: &Number| -> Vec<Option<&'a Number>> {
            subjects.iter().map(|subject| self.all(subject).find(|number| number.is_beside(like))).collect()
        };
        let known = |row: &Vec<Option<&Number>>| row.iter().flatten().count();
        let mut best: Vec<Option<&Number>> = vec![None; subjects.len()];
        for like in subjects.iter().flat_map(|subject| self.all(subject)) {
            let row = on(like);
            if known(&row) > known(&best) {
                best = row;
            }
        }
        best
    }
}

/// The numbers, in the order in which they are shown.
pub(super) static HEADLINES: [Headline; 11] = [
    Headline::new("speedup", "speedup", names::FIXED_SIZE, "whole-job speedup with enough workers"),
    Headline::new("ceiling", "fitted ceiling", names::FIXED_SIZE, "whole-job fitted ceiling"),
    Headline::new("serial", "serial fraction", names::FIXED_SIZE, "whole-job serial fraction").ascending(),
    Headline::new("work", "bigger job", names::SCALED_SIZE, "whole-job most work in the same time"),
    Headline::new("launch", "launch, waited", names::LAUNCH_OVERHEAD, "one more launch")
        .of(Of::Series(LaunchStyle::WaitEach.series()))
        .ascending(),
    Headline::new("batched", "launch, batched", names::LAUNCH_OVERHEAD, "one more launch")
        .of(Of::Series(LaunchStyle::OnePass.series()))
        .ascending(),
    Headline::new("copy", "memory limit", names::LIMITS, "memory limit"),
    Headline::new("compute", "compute limit", names::LIMITS, "compute limit"),
    Headline::new("upload", "upload rate", names::TRANSFERS, "upload rate").of(Of::UsualTransfer),
    Headline::new("read-back", "read-back rate", names::TRANSFERS, "read-back rate").of(Of::UsualTransfer),
    Headline::new("crossover", "crossover", names::PROBLEM_SIZE, "size from which the device wins")
        .of(Of::Series(Series::Baseline(Baseline::Threads)))
        .ascending(),
];
