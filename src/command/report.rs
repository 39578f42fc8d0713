//! `amdahl report`: a saved run again, without a GPU.

use super::{Failure, print, saved};
use crate::cli::{Format, ReportArgs};
use crate::record::Run;
use crate::{experiment, page};

/// Prints a saved run.
pub(super) fn report(args: &ReportArgs) -> Result<(), Failure> {
    print(&render(&saved::load(&args.run)?, args.format)?)
}

/// The run in the format that was asked for.
pub(super) fn render(run: &Run, format: Format) -> Result<String, Failure> {
    let failed = |error: &dyn std::error::Error| Failure::usage(format!("the run cannot be written down: {error}"));
    match format {
        Format::Text => Ok(experiment::text(run)),
        Format::Markdown => Ok(experiment::markdown(run)),
        Format::Json => experiment::json(run).map_err(|error| failed(&error)),
        Format::Csv => {
            let bytes = page::samples_csv(run).map_err(|error| failed(&error))?;
            Ok(String::from_utf8_lossy(&bytes).into_owned())
        }
    }
}
