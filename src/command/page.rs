//! `amdahl page`: both laws on a page of their own, without a run. And how pages and pictures are written.

use std::fs;
use std::path::Path;

use super::saved::{self, put};
use super::{Failure, print};
use crate::cli::PageArgs;
use crate::experiment;

/// Writes the page.
pub(super) fn page(args: &PageArgs) -> Result<(), Failure> {
    write(&args.out, &experiment::explorer_page())?;
    print(&format!("{}\n", args.out.display()))
}

/// Writes each picture into a folder, and says where.
pub(super) fn pictures(folder: &Path, pictures: &[experiment::Picture]) -> Result<(), Failure> {
    if pictures.is_empty() {
        return Err(Failure::usage("this run has no plot to write"));
    }
    fs::create_dir_all(folder).map_err(|error| unwritten(folder, &error))?;
    for picture in pictures {
        let path = folder.join(&picture.file);
        write(&path, &picture.svg)?;
        print(&format!("{}\n", path.display()))?;
    }
    Ok(())
}

/// Writes a page into a file.
pub(super) fn write(path: &Path, text: &str) -> Result<(), Failure> {
    put(path, text).map_err(|error| unwritten(path, &error))
}

pub(super) fn unwritten(path: &Path, error: &std::io::Error) -> Failure {
    let remedy = saved::room(error.kind()).unwrap_or("choose another place");
    Failure::Unwritten(format!("cannot write {}: {error}; {remedy}", path.display()))
}
