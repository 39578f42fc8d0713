//! `amdahl report`: a saved run again, without a GPU.

use super::{Failure, print, saved};
use crate::cli::ReportArgs;
use crate::experiment;

/// Prints a saved run.
pub(super) fn report(args: &ReportArgs) -> Result<(), Failure> {
    print(&experiment::report(&saved::load(&args.run)?, args.format))
}
