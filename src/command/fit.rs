//! `amdahl fit`: fits the laws to timings from a file.

use std::io::BufReader;

use super::{Failure, input, look, print};
use crate::calculator::fit::{self, Asked, find_model};
use crate::calculator::timings::{self, Mapping, ReadError};
use crate::cli::FitArgs;
use crate::page::{Paper, on_paper};

/// Bytes that are read at once.
const BUFFER: usize = 256 << 10;

/// Reads, fits, predicts, prints.
pub(super) fn fit(args: &FitArgs) -> Result<(), Failure> {
    let model = args.model.as_deref().map(find_model).transpose().map_err(Failure::Usage)?;
    let source = input::name(&args.file);
    let opened = input::open(&args.file).map_err(|error| {
        Failure::usage(format!(
            "cannot read {source}: {error}; give a file with the times of several worker counts, or - for standard \
             input"
        ))
    })?;
    let opened = BufReader::with_capacity(BUFFER, opened);
    let reading = timings::read(opened, &mapping(args)).map_err(|error| refused(&error, &source, args))?;
    let predict = args.predict.as_ref().map(|counts| counts.0.as_slice());
    let asked = Asked { model, predict };
    print(&fit::write(&source, reading, asked, args.format, look::details(args.ascii)))
}

/// How the table is to be read.
fn mapping(args: &FitArgs) -> Mapping {
    Mapping {
        columns: args.columns.clone(),
        unit: args.unit.clone(),
        work: args.work.clone(),
        by: args.by.clone(),
        only: args.only.clone(),
        ignore: args.ignore.clone(),
        wide: args.wide.clone(),
        decimal: args.decimal,
    }
}

/// Says what is wrong; a question also has the table, and a command for each answer.
fn refused(error: &ReadError, source: &str, args: &FitArgs) -> Failure {
    let text = format!("{source}: {error}");
    let ReadError::Ask(question) = error else { return Failure::Usage(text) };
    let blocks = question.blocks(|mapping| command(args, mapping));
    // Messages are made printable as a whole, so they have no styles of their own.
    let asked = on_paper(Paper::Text, &blocks, look::details(args.ascii));
    Failure::Usage(format!("{text}.\n\n{}", anstream::adapter::strip_str(&asked).to_string().trim_end()))
}

/// The whole command with other options for reading, as a shell takes it.
fn command(args: &FitArgs, mapping: &Mapping) -> String {
    let words = [vec!["amdahl".to_owned(), "fit".to_owned()], args.words(), mapping.words()].concat();
    shlex::try_join(words.iter().map(String::as_str)).unwrap_or_else(|_| words.join(" "))
}
