//! `amdahl report`: a saved run again, without a GPU.

use super::{Failure, print, saved};
use crate::cli::ReportArgs;
use crate::page;

/// Prints a saved run.
pub(super) fn report(args: &ReportArgs) -> Result<(), Failure> {
    print(&page::report(&saved::load(&args.run)?, args.format))
}
