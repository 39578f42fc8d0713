//! One progress bar for the whole run on standard error; none when it is no terminal.

use std::cell::{Cell, RefCell};
use std::io::{IsTerminal as _, stderr};
use std::process;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use indicatif::{ProgressBar, ProgressStyle};

use super::{notice, signal};
use crate::clock;
use crate::measure::Watch;
use crate::page::{plain, progress};
use crate::record::Measurement;

/// Set by the first Ctrl-C or termination signal.
static INTERRUPTED: AtomicBool = AtomicBool::new(false);

/// What happens after the first interruption of a run.
pub(super) const FINISHING: &str = "finishing the block that is under way";

/// Lets the first interruption end the work where it may, which `then` says, and a second one end the process. Without
/// a handler an interruption ends the process at once, as it would anyway.
pub(super) fn heed_interruptions(then: &'static str) {
    let handler = move || {
        if INTERRUPTED.swap(true, Ordering::Relaxed) {
            process::exit(130);
        }
        notice(&format!("Interrupted: {then}. Once more ends it at once."));
    };
    if let Err(error) = signal::heed(|| ctrlc::set_handler(handler)) {
        notice(&format!("Ctrl-C will end the run without a report: {error}"));
    }
}

/// Steps of the whole bar.
const STEPS: f64 = 1000.0;

/// Seconds between two changes of the bar, at the least: it shall take no time from the measuring.
const PAUSE: f64 = 0.1;

/// What the bar looks like: the message is cut where the line ends.
const LOOKS: &str = "{bar:16} {percent:>3} %  {prefix}  {wide_msg}";

/// Its characters where only ASCII can be shown: what is done, the end of that, what is left.
const PLAIN: &str = "##-";

/// How far a run is.
pub(super) struct Bar {
    /// `None` if nobody sees it.
    shown: Option<ProgressBar>,
    ascii: bool,
    start: Instant,
    part: RefCell<Part>,
    changed: Cell<Option<Instant>>,
}

/// A part of the run.
struct Part {
    what: String,
    begin: Instant,
    /// Seconds that were planned at its begin for what was left of the run.
    left: f64,
}

impl Bar {
    /// Starts the bar of a run, drawn in blocks or in plain characters.
    pub(super) fn start(ascii: bool) -> Self {
        let bar = stderr().is_terminal().then(|| ProgressBar::new(STEPS as u64));
        if let Some(bar) = &bar {
            // A template that does not parse would only cost the looks.
            let style = ProgressStyle::with_template(LOOKS).unwrap_or_else(|_| ProgressStyle::default_bar());
            bar.set_style(if ascii { style.progress_chars(PLAIN) } else { style });
        }
        let start = clock::now();
        let part = RefCell::new(Part { what: String::new(), begin: start, left: 0.0 });
        Self { shown: bar, ascii, start, part, changed: Cell::new(None) }
    }

    /// Shows what share of a file is read.
    pub(super) fn read(&self, what: &str, share: f64) {
        let Some(bar) = &self.shown else { return };
        if self.changed.get().is_none_or(|changed| clock::seconds_since(changed) >= PAUSE) {
            let elapsed = clock::seconds_since(self.start);
            self.begin(what, if share > 0.0 { elapsed / share - elapsed } else { 0.0 });
            bar.set_position((STEPS * share) as u64);
        }
    }

    /// Shows what happens in the part that is under way.
    fn show(&self, bar: &ProgressBar, now: &str) {
        self.changed.set(Some(clock::now()));
        let part = self.part.borrow();
        let left = (part.left - clock::seconds_since(part.begin)).max(0.0);
        bar.set_position((STEPS * done(clock::seconds_since(self.start), left)) as u64);
        bar.set_prefix(progress::left(left));
        let message = format!("{}  {now}", part.what);
        bar.set_message(if self.ascii { plain(&message) } else { message });
    }
}

/// The share of a run that is done after so many seconds, with so many left.
fn done(elapsed: f64, left: f64) -> f64 {
    if elapsed + left > 0.0 { elapsed / (elapsed + left) } else { 0.0 }
}

impl Watch for Bar {
    fn begin(&self, what: &str, left: f64) {
        let Some(bar) = &self.shown else { return };
        self.part.replace(Part { what: what.to_owned(), begin: clock::now(), left });
        self.show(bar, "");
    }

    fn doing(&self, activity: &str) {
        if let Some(bar) = &self.shown {
            self.show(bar, activity);
        }
    }

    fn sampled(&self, case: &Measurement) {
        let Some(bar) = &self.shown else { return };
        if self.changed.get().is_none_or(|changed| clock::seconds_since(changed) >= PAUSE)
            && let Some(figure) = progress::figure(case)
        {
            self.show(bar, &figure);
        }
    }

    fn interrupted(&self) -> bool {
        INTERRUPTED.load(Ordering::Relaxed)
    }
}

/// What comes after the run finds a clean line.
impl Drop for Bar {
    fn drop(&mut self) {
        if let Some(bar) = &self.shown {
            bar.finish_and_clear();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_done_is_the_share_of_the_time() {
        assert_eq!([done(0.0, 60.0), done(15.0, 45.0), done(60.0, 0.0), done(0.0, 0.0)], [0.0, 0.25, 1.0, 0.0]);
    }
}
