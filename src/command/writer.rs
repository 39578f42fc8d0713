//! A thread that writes the run beside the sampling, so that no timed block waits for a disk.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use super::Failure;
use super::saved::Folder;
use crate::clock;
use crate::measure::Entry;
use crate::record::{Measured, Run};

/// Seconds between two savings while samples are taken: what a killed run may lose.
const PAUSE: f64 = 0.5;

/// The pause is this many times as long as the saving took, so that the thread seldom keeps a core from the samples.
const PAUSES: f64 = 20.0;

/// What is to be written.
enum Message {
    Begun(Run),
    Sampled(Measured, f64),
    Measured(Measured, f64),
    Ended(Run),
}

/// The thread that writes, and the way to it.
pub(super) struct Writer {
    sender: SyncSender<Message>,
    thread: Option<JoinHandle<Result<(), Failure>>>,
    /// Whether the thread waits for the next block.
    idle: Arc<AtomicBool>,
}

impl Writer {
    /// Starts a thread that writes into the folder.
    pub(super) fn start(folder: Folder) -> Self {
        let (sender, receiver) = sync_channel(1);
        let idle = Arc::new(AtomicBool::new(false));
        let thread = thread::spawn({
            let idle = Arc::clone(&idle);
            move || write(&folder, &receiver, &idle)
        });
        Self { sender, thread: Some(thread), idle }
    }

    /// Hands an entry to the thread. A block is left out while the thread is busy: the next one holds all of it.
    pub(super) fn take(&mut self, entry: Entry<'_>) -> Result<(), Failure> {
        let ends = matches!(entry, Entry::Ended(_));
        let message = match entry {
            Entry::Begun(run) => Message::Begun(run.clone()),
            Entry::Sampled { so_far, seconds } => {
                // A thread that has failed is not idle, and its failure shall end the measuring.
                let ended = self.thread.as_ref().is_some_and(JoinHandle::is_finished);
                if !self.idle.swap(false, Ordering::Relaxed) && !ended {
                    return Ok(());
                }
                Message::Sampled(so_far(), seconds)
            }
            Entry::Measured { experiment, seconds } => {
                self.idle.store(false, Ordering::Relaxed);
                Message::Measured(experiment.clone(), seconds)
            }
            Entry::Ended(run) => Message::Ended(run.clone()),
        };
        // The thread ends before its sender does only if it failed. At the end [`Writer::finish`] reports that, so that
        // what was measured can be printed first.
        if self.sender.send(message).is_err() && !ends { self.join() } else { Ok(()) }
    }

    /// Waits until everything is written.
    pub(super) fn finish(mut self) -> Result<(), Failure> {
        let (closed, _) = sync_channel(1);
        self.sender = closed;
        self.join()
    }

    /// The outcome of the thread; nothing where it was told before.
    fn join(&mut self) -> Result<(), Failure> {
        match self.thread.take().map(JoinHandle::join) {
            None => Ok(()),
            Some(Ok(outcome)) => outcome,
            Some(Err(panic)) => std::panic::resume_unwind(panic),
        }
    }
}

/// Writes what comes until the sender is gone.
fn write(folder: &Folder, receiver: &Receiver<Message>, idle: &AtomicBool) -> Result<(), Failure> {
    let mut run: Option<Run> = None;
    let mut pause = PAUSE;
    loop {
        let message = match receiver.recv_timeout(Duration::from_secs_f64(pause)) {
            Err(RecvTimeoutError::Timeout) => {
                idle.store(true, Ordering::Relaxed);
                receiver.recv().ok()
            }
            received => received.ok(),
        };
        let Some(message) = message else {
            return Ok(());
        };
        let start = clock::now();
        apply(folder, &mut run, message)?;
        pause = PAUSE.max(PAUSES * clock::seconds_since(start));
    }
}

/// Brings the run up to date and writes it. The experiment that is being sampled is in it only while it is written.
fn apply(folder: &Folder, run: &mut Option<Run>, message: Message) -> Result<(), Failure> {
    let (experiment, seconds, measured) = match (message, &run) {
        (Message::Sampled(experiment, seconds), Some(_)) => (experiment, seconds, false),
        (Message::Measured(experiment, seconds), Some(_)) => (experiment, seconds, true),
        (Message::Ended(ended), _) => return folder.save(run.insert(ended)),
        (Message::Begun(begun), _) => {
            *run = Some(begun);
            return Ok(());
        }
        _ => return Ok(()),
    };
    let Some(run) = run else { return Ok(()) };
    run.experiments.push(experiment);
    run.seconds = seconds;
    let saved = folder.save(run);
    if !measured {
        run.experiments.pop();
    }
    saved
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::fixture;

    fn folder(out: &std::path::Path) -> Folder {
        Folder::create(out, "2026-01-01T00:00:00Z", "test").unwrap()
    }

    #[test]
    fn blocks_never_wait_and_everything_measured_is_written() {
        let out = tempfile::tempdir().unwrap();
        let folder = folder(out.path());
        let run = fixture::run(Vec::new());
        let mut writer = Writer::start(folder.clone());
        writer.take(Entry::Begun(&run)).unwrap();
        let begin = clock::now();
        let copies = std::cell::Cell::new(0);
        let so_far = || {
            copies.set(copies.get() + 1);
            fixture::launch_overhead()
        };
        for _ in 0..1000 {
            writer.take(Entry::Sampled { so_far: &so_far, seconds: 1.0 }).unwrap();
        }
        let most = 1.0 + clock::seconds_since(begin) / PAUSE;
        assert!(f64::from(copies.get()) <= most, "{} copies of a thousand blocks", copies.get());
        let experiment = fixture::fixed_size(14.0);
        writer.take(Entry::Measured { experiment: &experiment, seconds: 2.0 }).unwrap();
        writer.finish().unwrap();
        let text = std::fs::read_to_string(folder.path().join("run.json")).unwrap();
        let saved = Run::from_json(&text).unwrap();
        assert_eq!((saved.experiments, saved.seconds), (vec![experiment], 2.0));
    }

    #[test]
    fn a_failed_write_is_told() {
        let out = tempfile::tempdir().unwrap();
        let folder = folder(out.path());
        folder.discard();
        let run = fixture::run(vec![fixture::launch_overhead()]);
        let mut writer = Writer::start(folder.clone());
        writer.take(Entry::Ended(&run)).unwrap();
        let message = writer.finish().unwrap_err().to_string();
        assert!(message.contains("cannot write") && message.contains("run.json"), "{message}");
        let experiment = fixture::launch_overhead();
        let mut writer = Writer::start(folder);
        writer.take(Entry::Begun(&run)).unwrap();
        let failures = (0..1000).filter(|_| {
            thread::sleep(Duration::from_millis(1));
            writer.take(Entry::Measured { experiment: &experiment, seconds: 1.0 }).is_err()
        });
        assert_eq!(failures.count(), 1, "told once, and nothing more is written");
    }

    #[test]
    fn a_write_that_failed_before_the_end_is_told_after_it() {
        let out = tempfile::tempdir().unwrap();
        let folder = folder(out.path());
        folder.discard();
        let run = fixture::run(Vec::new());
        let experiment = fixture::launch_overhead();
        let mut writer = Writer::start(folder);
        writer.take(Entry::Begun(&run)).unwrap();
        writer.take(Entry::Measured { experiment: &experiment, seconds: 1.0 }).unwrap();
        while !writer.thread.as_ref().unwrap().is_finished() {
            thread::sleep(Duration::from_millis(1));
        }
        assert!(writer.take(Entry::Ended(&run)).is_ok(), "the report is printed first");
        assert!(writer.finish().is_err());
    }
}
