//! The growing run. The journal passes each change to a function that saves it while sampling goes on.

use std::cell::RefCell;
use std::time::Instant;

use super::Watch;
use crate::clock;
use crate::record::{Measured, Measurement, Run};

/// A change in the run. `seconds` is the time since it began.
#[derive(Clone, Copy)]
pub enum Entry<'a> {
    /// The run begins, without experiments.
    Begun(&'a Run),
    /// A block of the current experiment is done. This happens between timed blocks, so handling it must take hardly
    /// any time. The experiment is copied only on request.
    Sampled {
        /// Copies the experiment as it is now.
        so_far: &'a dyn Fn() -> Measured,
        /// Time since the run began, in seconds.
        seconds: f64,
    },
    /// An experiment is finished.
    Measured {
        /// The experiment with all its samples.
        experiment: &'a Measured,
        /// Time since the run began, in seconds.
        seconds: f64,
    },
    /// The run is finished.
    Ended(&'a Run),
}

/// Saves an entry. Whether it could be saved is told at the end: no failure of a disk ends the measuring.
type Save<'a> = dyn FnMut(Entry<'_>) + 'a;

/// Holds the run, and passes each change to the function that saves it.
pub struct Journal<'a> {
    run: RefCell<Run>,
    save: RefCell<&'a mut Save<'a>>,
    watch: &'a dyn Watch,
    start: Instant,
}

impl<'a> Journal<'a> {
    /// Opens the journal of a run without experiments that began at `start`.
    pub fn open(run: Run, save: &'a mut Save<'a>, watch: &'a dyn Watch, start: Instant) -> Self {
        save(Entry::Begun(&run));
        Self { run: RefCell::new(run), save: RefCell::new(save), watch, start }
    }

    /// Adds a measured experiment to the run and saves it.
    pub fn add(&self, experiment: Measured) {
        self.save(Entry::Measured { experiment: &experiment, seconds: clock::seconds_since(self.start) });
        self.run.borrow_mut().experiments.push(experiment);
    }

    /// Returns a copy of the current run.
    pub fn so_far(&self) -> Run {
        self.run.borrow().clone()
    }

    /// Completes the run, saves it and returns it.
    pub fn close(self, complete: impl FnOnce(&mut Run)) -> Run {
        let mut run = self.run.into_inner();
        complete(&mut run);
        run.seconds = clock::seconds_since(self.start);
        (self.save.into_inner())(Entry::Ended(&run));
        run
    }

    fn save(&self, entry: Entry<'_>) {
        (self.save.borrow_mut())(entry);
    }
}

impl Watch for Journal<'_> {
    fn begin(&self, what: &str, left: f64) {
        self.watch.begin(what, left);
    }

    fn doing(&self, activity: &str) {
        self.watch.doing(activity);
    }

    fn sampled(&self, case: &Measurement) {
        self.watch.sampled(case);
    }

    fn interrupted(&self) -> bool {
        self.watch.interrupted()
    }

    fn block(&self, so_far: &dyn Fn() -> Measured) {
        self.save(Entry::Sampled { so_far, seconds: clock::seconds_since(self.start) });
    }
}
