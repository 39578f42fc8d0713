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

/// The thread that writes, and the way to it. If a write fails the measuring goes on, and the next one tries again:
/// what the last of them came to is told at the end.
pub(super) struct Writer {
    sender: SyncSender<Message>,
    thread: JoinHandle<Result<(), Failure>>,
    /// Whether the thread waits for the next block.
    idle: Arc<AtomicBool>,
}

impl Writer {
    /// Starts a thread that writes into the folder.
    ///
    /// # Errors
    ///
    /// Fails if the system has no thread for it.
    pub(super) fn start(folder: Folder) -> Result<Self, Failure> {
        let (sender, receiver) = sync_channel(1);
        let idle = Arc::new(AtomicBool::new(false));
        let thread = thread::Builder::new().spawn({
            let idle = Arc::clone(&idle);
            move || write(&folder, &receiver, &idle)
        });
        let thread = thread.map_err(|error| {
            Failure::Unwritten(format!("no thread to save the run with: {error}; end other programs, or use --no-save"))
        })?;
        Ok(Self { sender, thread, idle })
    }

    /// Hands an entry to the thread. A block is left out while the thread is busy: the next one holds all of it.
    pub(super) fn take(&mut self, entry: &Entry<'_>) {
        let message = match entry {
            Entry::Begun(run) => Message::Begun((*run).clone()),
            Entry::Sampled { so_far, seconds } => {
                if !self.idle.swap(false, Ordering::Relaxed) {
                    return;
                }
                Message::Sampled(so_far(), *seconds)
            }
            Entry::Measured { experiment, seconds } => {
                self.idle.store(false, Ordering::Relaxed);
                Message::Measured((*experiment).clone(), *seconds)
            }
            Entry::Ended(run) => Message::Ended((*run).clone()),
        };
        // The thread listens until its sender is gone; a panic in it is passed on when it is joined.
        let _ = self.sender.send(message);
    }

    /// Waits until everything is written.
    ///
    /// # Errors
    ///
    /// Fails if the last state of the run could not be saved.
    pub(super) fn finish(self) -> Result<(), Failure> {
        drop(self.sender);
        self.thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
    }
}

/// Writes what comes until the sender is gone. Returns what the last saving came to.
fn write(folder: &Folder, receiver: &Receiver<Message>, idle: &AtomicBool) -> Result<(), Failure> {
    let mut run: Option<Run> = None;
    let mut pause = PAUSE;
    let mut saved = Ok(());
    loop {
        let message = match receiver.recv_timeout(Duration::from_secs_f64(pause)) {
            Err(RecvTimeoutError::Timeout) => {
                idle.store(true, Ordering::Relaxed);
                receiver.recv().ok()
            }
            received => received.ok(),
        };
        let Some(message) = message else {
            if saved.is_err() {
                folder.discard_if_empty();
            }
            return saved;
        };
        let start = clock::now();
        saved = apply(folder, &mut run, message);
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
        let mut writer = Writer::start(folder.clone()).unwrap();
        writer.take(&Entry::Begun(&run));
        let begin = clock::now();
        let copies = std::cell::Cell::new(0);
        let so_far = || {
            copies.set(copies.get() + 1);
            fixture::launch_overhead()
        };
        for _ in 0..1000 {
            writer.take(&Entry::Sampled { so_far: &so_far, seconds: 1.0 });
        }
        let most = 1.0 + clock::seconds_since(begin) / PAUSE;
        assert!(f64::from(copies.get()) <= most, "{} copies of a thousand blocks", copies.get());
        let experiment = fixture::fixed_size(14.0);
        writer.take(&Entry::Measured { experiment: &experiment, seconds: 2.0 });
        writer.finish().unwrap();
        let text = std::fs::read_to_string(folder.path().join("run.json")).unwrap();
        let saved = Run::from_json(&text).unwrap();
        assert_eq!((saved.experiments, saved.seconds), (vec![experiment], 2.0));
    }

    #[test]
    fn a_failed_write_is_told_at_the_end_unless_a_later_one_succeeds() {
        let out = tempfile::tempdir().unwrap();
        let folder = folder(out.path());
        folder.discard();
        let experiment = fixture::launch_overhead();
        let run = fixture::run(vec![experiment.clone()]);
        let written = |returns: bool| {
            let mut writer = Writer::start(folder.clone()).unwrap();
            writer.take(&Entry::Begun(&run));
            writer.take(&Entry::Measured { experiment: &experiment, seconds: 1.0 });
            // The channel holds one message: once it takes the third, the first two are written or under way.
            writer.take(&Entry::Measured { experiment: &experiment, seconds: 2.0 });
            if returns {
                std::fs::create_dir_all(folder.path()).unwrap();
            }
            writer.take(&Entry::Ended(&run));
            writer.finish()
        };
        let message = written(false).unwrap_err().to_string();
        assert!(message.contains("cannot write") && message.contains("run.json"), "{message}");
        written(true).unwrap();
        assert!(folder.path().join("run.json").exists());
    }
}
