//! `amdahl worksheet`: exercises with the numbers of a saved run, as a page beside it or on standard output.

use std::path::{Path, PathBuf};

use super::{Failure, look, print, saved};
use crate::cli::WorksheetArgs;
use crate::page::Paper;
use crate::worksheet;

/// Writes the worksheet.
pub(super) fn worksheet(args: &WorksheetArgs) -> Result<(), Failure> {
    let place = saved::place(&args.run, &args.out)?;
    let run = saved::load(&place)?;
    let write = |paper| {
        let place = place.display().to_string();
        worksheet::worksheet(&run, &place, args.answers, paper, look::details(args.ascii))
    };
    if let Some(paper) = args.format {
        return print(&write(paper));
    }
    let file = args.file.clone().unwrap_or_else(|| beside(&place, args.answers));
    super::page::write(&file, &write(Paper::Html))?;
    print(&format!("{}\n", file.display()))
}

/// Where the sheet of a run stands: in its folder.
fn beside(place: &Path, answers: bool) -> PathBuf {
    let name = if answers { "worksheet-answers.html" } else { "worksheet.html" };
    if place.is_dir() { place.join(name) } else { place.with_file_name(name) }
}
