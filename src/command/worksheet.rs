//! `amdahl worksheet`: exercises with the numbers of a saved run, as a page beside it or on standard output.

use std::path::{Path, PathBuf};

use super::{Failure, look, named, print, saved};
use crate::cli::WorksheetArgs;
use crate::page::Paper;
use crate::worksheet;

/// Writes the worksheet.
pub(super) fn worksheet(args: &WorksheetArgs) -> Result<(), Failure> {
    let place = named::one(&args.run, &args.out)?;
    let run = saved::load(&place)?;
    let write = |paper| {
        let place = from_here(&place).display().to_string();
        worksheet::worksheet(&run, &place, args.answers, paper, look::details(args.ascii))
    };
    if let Some(paper) = args.format {
        return print(&write(paper));
    }
    let sheet = write(Paper::Html);
    let file = args.file.clone().unwrap_or_else(|| beside(&place, args.answers));
    if args.file.is_some() {
        super::page::write(&file, &sheet)?;
    } else {
        // In the folder of a run, which may come from anyone, no link is followed.
        saved::put(&file, &sheet).map_err(|error| super::page::unwritten(&file, &error))?;
    }
    print(&format!("{}\n", file.display()))
}

/// Names what is in this folder from here: a sheet that is handed out tells no home folder.
fn from_here(place: &Path) -> &Path {
    let inside = std::env::current_dir().ok().and_then(|here| place.strip_prefix(here).ok());
    inside.filter(|inside| !inside.as_os_str().is_empty()).unwrap_or(place)
}

/// Where the sheet of a run stands: in its folder.
fn beside(place: &Path, answers: bool) -> PathBuf {
    let name = if answers { "worksheet-answers.html" } else { "worksheet.html" };
    if place.is_dir() { place.join(name) } else { place.with_file_name(name) }
}
