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

/// Saves an entry. An error ends the measuring.
type Save<'a, E> = dyn FnMut(Entry<'_>) -> Result<(), E> + 'a;

/// Holds the run, and passes each change to the function that saves it.
pub struct Journal<'a, E> {
    run: RefCell<Run>,
    save: RefCell<&'a mut Save<'a, E>>,
    failure: RefCell<Option<E>>,
    watch: &'a dyn Watch,
    start: Instant,
}

impl<'a, E> Journal<'a, E> {
    /// Opens the journal of a run without experiments that began at `start`.
    ///
    /// # Errors
    ///
    /// Fails if the beginning cannot be saved.
    pub fn open(run: Run, save: &'a mut Save<'a, E>, watch: &'a dyn Watch, start: Instant) -> Result<Self, E> {
        save(Entry::Begun(&run))?;
        Ok(Self { run: RefCell::new(run), save: RefCell::new(save), failure: RefCell::new(None), watch, start })
    }

    /// Adds a measured experiment to the run and saves it.
    ///
    /// # Errors
    ///
    /// Fails if the experiment, or an earlier entry, cannot be saved. The experiment is in the run nevertheless.
    pub fn add(&self, experiment: Measured) -> Result<(), E> {
        let mut run = self.run.borrow_mut();
        run.experiments.push(experiment);
        if let Some(failure) = self.failure.take() {
            return Err(failure);
        }
        let seconds = clock::seconds_since(self.start);
        run.experiments.last().map_or(Ok(()), |experiment| self.save(Entry::Measured { experiment, seconds }))
    }

    /// Returns a copy of the current run.
    pub fn so_far(&self) -> Run {
        self.run.borrow().clone()
    }

    /// Completes the run, saves it and returns it.
    ///
    /// # Errors
    ///
    /// Fails if the run cannot be saved.
    pub fn close(self, complete: impl FnOnce(&mut Run)) -> Result<Run, E> {
        let mut run = self.run.into_inner();
        complete(&mut run);
        run.seconds = clock::seconds_since(self.start);
        (self.save.into_inner())(Entry::Ended(&run))?;
        Ok(run)
    }

    fn save(&self, entry: Entry<'_>) -> Result<(), E> {
        (self.save.borrow_mut())(entry)
    }
}

impl<E> Watch for Journal<'_, E> {
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
        self.failure.borrow().is_some() || self.watch.interrupted()
    }

    fn block(&self, so_far: &dyn Fn() -> Measured) {
        let entry = Entry::Sampled { so_far, seconds: clock::seconds_since(self.start) };
        if let Err(error) = self.save(entry) {
            self.failure.replace(Some(error));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::fixture;

    struct Silent;

    impl Watch for Silent {}

    #[test]
    fn no_measured_experiment_is_lost_where_saving_fails() {
        let mut save = |entry: Entry<'_>| match entry {
            Entry::Sampled { .. } => Err("the disk is full"),
            _ => Ok(()),
        };
        let journal = Journal::open(fixture::run(Vec::new()), &mut save, &Silent, clock::now()).unwrap();
        journal.add(fixture::fixed_size(14.0)).unwrap();
        journal.block(&fixture::launch_overhead);
        assert!(journal.interrupted(), "a failure ends the measuring");
        journal.block(&fixture::launch_overhead);
        assert_eq!(journal.so_far().experiments.len(), 1, "what is measured stays, and no more than that");
        assert_eq!(journal.add(fixture::launch_overhead()), Err("the disk is full"));
        assert_eq!(journal.so_far().experiments.len(), 2);
    }
}
