//! `amdahl show`: a saved run again, without a GPU: the short answer, some of its sections, or all of them.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use super::{Failure, look, named, near, print, saved};
use crate::cli::ShowArgs;
use crate::experiment;
use crate::page::{self, Format};

/// The section that says what the words mean. It needs no run.
const WORDS: &str = "words";

/// Prints a saved run.
pub(super) fn show(args: &ShowArgs) -> Result<(), Failure> {
    if args.words.iter().any(|word| *word == *WORDS) {
        return print(&page::glossary(args.format, look::details(args.ascii)));
    }
    let (path, sections) = split(args)?;
    let run = saved::load(&path)?;
    if let Some(folder) = &args.svg {
        return super::page::pictures(folder, &experiment::pictures(&run));
    }
    if args.format != Format::Text {
        return print(&experiment::report(&run, args.format, look::details(args.ascii)));
    }
    print(&match &sections[..] {
        [] => experiment::short(&run, look::short(args.ascii), beside(&path).as_deref()),
        names => experiment::sections(&run, names, look::details(args.ascii)).map_err(Failure::usage)?,
    })
}

/// Returns the page beside a saved run, if there is one.
fn beside(run: &Path) -> Option<PathBuf> {
    let folder = if run.is_dir() { Some(run) } else { run.parent() };
    folder.map(|folder| folder.join(saved::PAGE)).filter(|page| page.is_file())
}

/// Parts the words into the run, the latest by default, and the names of sections.
fn split(args: &ShowArgs) -> Result<(PathBuf, Vec<String>), Failure> {
    let names = |words: &[OsString]| words.iter().map(|word| word.to_string_lossy().into_owned()).collect();
    match args.words.split_first() {
        Some((first, sections)) if !first.to_str().is_some_and(experiment::is_section) || Path::new(first).exists() => {
            let word = first.to_string_lossy();
            let place = match first.to_str() {
                Some(word) => named::one(word, &args.out),
                None => Ok(PathBuf::from(first)),
            };
            let meant = near::closest(&word, experiment::section_names());
            match (place, meant) {
                (Err(_), Some(meant)) if !Path::new(first).exists() => {
                    Err(Failure::usage(format!("no run and no section {word:?}; did you mean {meant:?}?")))
                }
                (place, _) => Ok((place?, names(sections))),
            }
        }
        _ => Ok((saved::latest(&args.out)?, names(&args.words))),
    }
}
