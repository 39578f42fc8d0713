//! The run as it grows: saved after every experiment and, while one is sampled, after its blocks.

use std::cell::{Cell, RefCell};
use std::time::Instant;

use crate::clock;
use crate::measure::Watch;
use crate::record::{Measured, Run};

/// Seconds between two savings while samples are taken: what a killed run may lose.
const PAUSE: f64 = 0.5;

/// The pause is so many times as long as the saving took, so that writing takes no noticeable share of the time.
const PAUSES: f64 = 20.0;

/// What becomes of the run as it stands; an error ends the measuring.
type Save<'a, E> = dyn FnMut(&Run) -> Result<(), E> + 'a;

/// Keeps the run and hands it to whoever saves it.
pub(super) struct Journal<'a, E> {
    run: RefCell<Run>,
    save: RefCell<&'a mut Save<'a, E>>,
    failure: RefCell<Option<E>>,
    watch: &'a dyn Watch,
    start: Instant,
    saved: Cell<Instant>,
    pause: Cell<f64>,
}

impl<'a, E> Journal<'a, E> {
    pub(super) fn new(run: Run, save: &'a mut Save<'a, E>, watch: &'a dyn Watch, start: Instant) -> Self {
        let (run, save) = (RefCell::new(run), RefCell::new(save));
        Self { run, save, failure: RefCell::new(None), watch, start, saved: Cell::new(start), pause: Cell::new(PAUSE) }
    }

    /// Changes the run and saves it.
    pub(super) fn write(&self, change: impl FnOnce(&mut Run)) -> Result<(), E> {
        if let Some(failure) = self.failure.take() {
            return Err(failure);
        }
        let mut run = self.run.borrow_mut();
        change(&mut run);
        run.seconds = clock::seconds_since(self.start);
        let begin = clock::now();
        let saved = (self.save.borrow_mut())(&run);
        self.pause.set(PAUSE.max(PAUSES * clock::seconds_since(begin)));
        self.saved.set(clock::now());
        saved
    }

    /// The run as it stands.
    pub(super) fn so_far(&self) -> Run {
        self.run.borrow().clone()
    }

    /// The run at its end.
    pub(super) fn into_run(self) -> Run {
        self.run.into_inner()
    }
}

impl<E> Watch for Journal<'_, E> {
    fn begin(&self, what: &str, steps: usize) {
        self.watch.begin(what, steps);
    }

    fn step(&self) {
        self.watch.step();
    }

    fn end(&self) {
        self.watch.end();
    }

    fn interrupted(&self) -> bool {
        self.failure.borrow().is_some() || self.watch.interrupted()
    }

    fn block(&self, so_far: &dyn Fn() -> Measured) {
        if clock::seconds_since(self.saved.get()) < self.pause.get() {
            return;
        }
        let saved = self.write(|run| run.experiments.push(so_far()));
        self.run.borrow_mut().experiments.pop();
        if let Err(error) = saved {
            self.failure.replace(Some(error));
        }
    }
}
