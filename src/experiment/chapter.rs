//! One experiment of a run, read: what the report needs of it, whatever the type of its reading.

use serde_json::{Value, to_value};

use super::{Experiment, View, figures};
use crate::page::block::Block;
use crate::page::cases::CaseRow;
use crate::page::named::Named;
use crate::page::{clocks, sampling, words};
use crate::record::{Check, Measured, Run};

/// One experiment of a run, read, with all its workloads.
pub trait Chapter {
    /// Returns the experiment's name.
    fn name(&self) -> &'static str;

    /// Returns its sections, one for each workload.
    fn sections(&self) -> Vec<Vec<Block>>;

    /// Answers its question in a line of the short answer.
    fn line(&self) -> Option<(&'static str, String)>;

    /// Answers its question in the summary.
    fn summary(&self) -> Vec<String>;

    /// Returns the rows of its cases and of its named numbers.
    fn rows(&self) -> Vec<CaseRow<'_>>;

    /// Returns for each workload its index in the run and its named numbers.
    fn numbers(&self) -> Vec<(usize, Vec<Named>)>;

    /// Returns its checks against other experiments of the run.
    fn checks(&self) -> Vec<Check>;

    /// Returns for each workload its index in the run, its reading for other programs, and what it shows in sentences.
    fn readings(&self) -> Vec<(usize, Value, Vec<String>)>;
}

/// The readings of an experiment, one for each workload.
pub(super) struct Read<'a, E: Experiment> {
    experiment: &'a E,
    run: &'a Run,
    parts: Vec<(usize, &'a Measured, E::Reading)>,
}

impl<'a, E: Experiment> Read<'a, E> {
    pub(super) fn new(experiment: &'a E, run: &'a Run, parts: Vec<(usize, &'a Measured)>) -> Self {
        let read = |(index, measured): (usize, &'a Measured)| (index, measured, experiment.read(run, measured));
        Self { experiment, run, parts: parts.into_iter().map(read).collect() }
    }

    fn views(&self) -> impl Iterator<Item = View<'_, E::Reading>> {
        self.parts.iter().map(|(_, measured, reading)| View { run: self.run, measured, reading })
    }

    fn section(&self, view: View<'_, E::Reading>) -> Vec<Block> {
        let View { run, measured, .. } = view;
        let title = format!("{} · {}", measured.name, words::workload(measured));
        let setting = self.experiment.setting(run, measured);
        let question = format!("{} {setting}", self.experiment.about().question).trim().to_owned();
        let mut blocks = vec![Block::Section { title, question }];
        let sentences = self.experiment.say(view);
        blocks.extend((!sentences.is_empty()).then_some(Block::Findings(sentences)));
        if measured.cases.is_empty() {
            blocks.push(Block::text("Nothing could be measured here."));
        } else {
            blocks.extend(self.experiment.show(view));
        }
        blocks.extend(clocks::blocks(run, measured));
        blocks.extend(sampling::blocks(measured));
        blocks
    }
}

impl<E: Experiment> Chapter for Read<'_, E> {
    fn name(&self) -> &'static str {
        self.experiment.about().name
    }

    fn sections(&self) -> Vec<Vec<Block>> {
        self.views().map(|view| self.section(view)).collect()
    }

    fn summary(&self) -> Vec<String> {
        let measured = self.views().filter(|view| !view.measured.cases.is_empty());
        self.experiment.answer(&measured.collect::<Vec<_>>())
    }

    fn line(&self) -> Option<(&'static str, String)> {
        let measured = self.views().filter(|view| !view.measured.cases.is_empty());
        self.experiment.line(&measured.collect::<Vec<_>>())
    }

    fn rows(&self) -> Vec<CaseRow<'_>> {
        let numbered = self.parts.iter().map(|(index, ..)| index + 1).zip(self.views());
        numbered.flat_map(|(number, view)| figures::rows(self.experiment, number, view)).collect()
    }

    fn numbers(&self) -> Vec<(usize, Vec<Named>)> {
        let indices = self.parts.iter().map(|(index, ..)| *index);
        indices.zip(self.views().map(|view| self.experiment.numbers(view))).collect()
    }

    fn checks(&self) -> Vec<Check> {
        self.views().flat_map(|view| self.experiment.checks(view)).collect()
    }

    fn readings(&self) -> Vec<(usize, Value, Vec<String>)> {
        let read = |(&(index, ..), view): (&(usize, _, _), View<'_, E::Reading>)| {
            // A reading holds numbers and names only, which JSON always has a form for.
            let value = to_value(view.reading).expect("a reading has names for keys");
            (index, value, self.experiment.say(view))
        };
        self.parts.iter().zip(self.views()).map(read).collect()
    }
}
