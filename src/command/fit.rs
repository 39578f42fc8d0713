//! `amdahl fit`: fits the laws to timings from a file.

use std::io::Read as _;
use std::path::Path;

use super::{Failure, input, look, print};
use crate::calculator::fit::{FitReport, find_model};
use crate::calculator::timings::{self, Mapping};
use crate::cli::FitArgs;

/// Reads, fits, predicts, prints.
pub(super) fn fit(args: &FitArgs) -> Result<(), Failure> {
    let model = args.model.as_deref().map(find_model).transpose().map_err(Failure::Usage)?;
    let (source, bytes) = read(&args.file)?;
    let mapping = Mapping { columns: args.columns.clone(), unit: args.unit.clone() };
    let timings = timings::read(&bytes, &mapping).map_err(|error| Failure::usage(format!("{source}: {error}")))?;
    let asked = args.predict.as_ref().map(|counts| counts.0.as_slice());
    print(&FitReport::new(source, timings, model, asked).write(args.format, look::details(args.ascii)))
}

/// The name and the bytes of a file; `-` is standard input.
fn read(file: &Path) -> Result<(String, Vec<u8>), Failure> {
    let (source, mut bytes) = (input::name(file), Vec::new());
    match input::open(file).and_then(|mut opened| opened.read_to_end(&mut bytes)) {
        Ok(_) => Ok((source, bytes)),
        Err(error) if input::is_standard(file) => Err(Failure::usage(format!("cannot read {source}: {error}"))),
        Err(error) => Err(Failure::usage(format!(
            "cannot read {source}: {error}; give a CSV file with the columns workers and seconds, or - for standard \
             input"
        ))),
    }
}
