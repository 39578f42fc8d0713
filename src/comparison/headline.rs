//! The numbers that are shown side by side, whatever else is compared.

use super::Subject;
use super::figures::Number;
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

    /// Returns the number of a run: that of the first workload which has one.
    pub(super) fn find<'a>(&self, subject: &'a Subject) -> Option<&'a Number> {
        let series = match self.series {
            Of::Series(series) => series,
            Of::UsualTransfer => Series::Transfer(subject.run.usual_transfer()),
        };
        let is_meant = |number: &&Number| {
            let named = &number.named;
            number.experiment.as_deref() == Some(self.experiment) && named.name == self.name && named.series == series
        };
        subject.numbers.iter().find(is_meant)
    }
}

/// The numbers, in the order in which they are shown.
pub(super) static HEADLINES: [Headline; 11] = [
    Headline::new("speedup", "speedup", "fixed-size", "whole-job speedup with enough workers"),
    Headline::new("ceiling", "fitted ceiling", "fixed-size", "whole-job fitted ceiling"),
    Headline::new("serial", "serial fraction", "fixed-size", "whole-job serial fraction").ascending(),
    Headline::new("work", "bigger job", "scaled-size", "whole-job work in the same time"),
    Headline::new("launch", "launch, waited", "launch-overhead", "one more launch")
        .of(Of::Series(LaunchStyle::WaitEach.series()))
        .ascending(),
    Headline::new("batched", "launch, batched", "launch-overhead", "one more launch")
        .of(Of::Series(LaunchStyle::OnePass.series()))
        .ascending(),
    Headline::new("copy", "memory limit", "limits", "memory limit"),
    Headline::new("compute", "compute limit", "limits", "compute limit"),
    Headline::new("upload", "upload rate", "transfers", "upload rate").of(Of::UsualTransfer),
    Headline::new("read-back", "read-back rate", "transfers", "read-back rate").of(Of::UsualTransfer),
    Headline::new("crossover", "crossover", "problem-size", "size from which the device wins")
        .of(Of::Series(Series::Baseline(Baseline::Threads)))
        .ascending(),
];
