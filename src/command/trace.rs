//! `amdahl trace`: exposed communication and the serial fraction from profilers' traces.

use std::io::{self, Read};
use std::path::Path;

use super::progress::{Bar, heed_interruptions};
use super::{Failure, input, look, print};
use crate::calculator::trace::{Naming, Recording, TraceReport};
use crate::cli::TraceArgs;
use crate::measure::Watch as _;
use crate::page::Format;

/// Reads, explains, prints.
pub(super) fn trace(args: &TraceArgs) -> Result<(), Failure> {
    let naming = Naming::new(args.communication.as_deref()).map_err(Failure::Usage)?;
    heed_interruptions("stopping");
    let look = look::short(args.ascii);
    let bar = Bar::start(look.ascii);
    let mut recordings = Vec::new();
    for file in &args.files {
        recordings.push(recording(file, &naming, &bar)?);
    }
    drop(bar);
    let report = TraceReport::new(recordings, args.measured_on).map_err(Failure::Usage)?;
    print(&report.write(args.format, if args.format == Format::Text { look } else { look::details(args.ascii) }))
}

fn recording(path: &Path, naming: &Naming, bar: &Bar) -> Result<Recording, Failure> {
    let source = input::name(path);
    let unread = |error: &io::Error| {
        Failure::usage(format!(
            "cannot read {source}: {error}; give a Chrome trace, JSON or gzip, or - for standard input"
        ))
    };
    let input = input::open(path).map_err(|error| unread(&error))?;
    let bytes = if input::is_standard(path) {
        0
    } else {
        let about = path.metadata().map_err(|error| unread(&error))?;
        if about.is_dir() {
            return Err(unread(&io::ErrorKind::IsADirectory.into()));
        }
        about.len()
    };
    let watched = Watched { input, name: &source, bar, bytes: bytes as f64, read: 0.0 };
    let read = Recording::read(source.clone(), watched, naming);
    if bar.interrupted() {
        return Err(Failure::HalfRead);
    }
    read.map_err(|error| Failure::usage(format!("{source}: {error}")))
}

/// A file whose reading is shown, and ends when somebody interrupts it.
struct Watched<'a> {
    input: Box<dyn Read>,
    name: &'a str,
    bar: &'a Bar,
    /// All bytes; 0 if nobody knows.
    bytes: f64,
    read: f64,
}

impl Read for Watched<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.bar.interrupted() {
            return Err(io::Error::other("interrupted"));
        }
        let read = self.input.read(buffer)?;
        self.read += read as f64;
        self.bar.read(self.name, self.read / self.bytes.max(self.read).max(1.0));
        Ok(read)
    }
}
