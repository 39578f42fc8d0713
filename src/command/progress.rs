//! Progress bars on standard error; none when it is no terminal.

use std::cell::RefCell;
use std::process;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

use super::notice;
use crate::measure::Watch;

/// Set by the first Ctrl-C or termination signal.
static INTERRUPTED: AtomicBool = AtomicBool::new(false);

/// Lets the first interruption end the measuring after the block that is under way, and a second one end the process.
/// Without a handler an interruption ends the process at once, as it would anyway.
pub(super) fn heed_interruptions() {
    let handler = || {
        if INTERRUPTED.swap(true, Ordering::Relaxed) {
            process::exit(130);
        }
        notice("Interrupted: finishing the block that is under way. Once more ends it at once.");
    };
    if let Err(error) = ctrlc::set_handler(handler) {
        notice(&format!("Ctrl-C will end the run without a report: {error}"));
    }
}

/// A bar for the activity that is going on.
#[derive(Default)]
pub(super) struct Bar {
    bar: RefCell<Option<ProgressBar>>,
}

impl Watch for Bar {
    fn begin(&self, what: &str, steps: usize) {
        let bar = ProgressBar::new(steps as u64);
        // A template that does not parse would only cost the looks.
        if let Ok(style) = ProgressStyle::with_template("{spinner} {msg:<44} {bar:32} {pos:>3}/{len:<3} {elapsed}") {
            bar.set_style(style);
        }
        bar.set_message(what.to_owned());
        bar.enable_steady_tick(Duration::from_millis(250));
        self.bar.replace(Some(bar));
    }

    fn step(&self) {
        if let Some(bar) = &*self.bar.borrow() {
            // Sampling may go on beyond the fewest blocks.
            if bar.length().is_some_and(|length| bar.position() >= length) {
                bar.inc_length(1);
            }
            bar.inc(1);
        }
    }

    fn interrupted(&self) -> bool {
        INTERRUPTED.load(Ordering::Relaxed)
    }

    fn end(&self) {
        if let Some(bar) = self.bar.take() {
            bar.finish_and_clear();
        }
    }
}
