//! `amdahl compare`: saved runs side by side, without a GPU.

use std::num::NonZero;
use std::path::{Path, PathBuf};
use std::thread;

use super::{Failure, look, named, notice, page, print, saved};
use crate::cli::CompareArgs;
use crate::comparison::{Asked, Comparison, MOST, Subject};
use crate::page::Format;
use crate::record::Run;

/// Regressions that are named; the others are counted.
const NAMED: usize = 20;

/// Compares saved runs.
pub(super) fn compare(args: &CompareArgs) -> Result<(), Failure> {
    let mut folders = Vec::new();
    for name in &args.runs {
        folders.extend(named::several(name, &args.out)?);
    }
    if folders.len() > MOST {
        return Err(Failure::usage(format!("{} runs are too many to show; give at most {MOST}", folders.len())));
    }
    let subjects = each_once(&folders, read(&folders)?);
    let subjects = quiet_first(subjects, folders.len() > args.runs.len());
    if let ([_], [first, .., last]) = (subjects.as_slice(), args.runs.as_slice()) {
        return Err(Failure::usage(format!(
            "{first:?} and {last:?} mean one run, and a comparison needs at least two different runs; {}",
            named::there(&args.out)
        )));
    }
    let comparison = Comparison::new(subjects, args.by.as_deref()).map_err(Failure::usage)?;
    let written = comparison.write(Asked {
        format: args.format,
        look: if args.full { look::details(args.ascii) } else { look::short(args.ascii) },
        full: args.full,
        fail_above: args.fail_above,
    });
    match &args.save {
        Some(file) => {
            page::write(file, &written.text)?;
            print(&format!("{}\n", file.display()))?;
        }
        None => print(&written.text)?,
    }
    for line in &written.unproven {
        notice(line);
    }
    let regressions = written.regressions;
    if regressions.is_empty() {
        return Ok(());
    }
    for line in regressions.iter().take(NAMED) {
        notice(line);
    }
    if regressions.len() > NAMED {
        notice(&format!("and {} more", regressions.len() - NAMED));
    }
    Err(Failure::Regression(regressions.len()))
}

/// Prints the comparison of runs that were just measured, the first as the base.
pub(super) fn measured(runs: Vec<Run>, format: Format, full: bool, ascii: bool) -> Result<(), Failure> {
    let subjects = runs.into_iter().map(Subject::read).collect();
    let comparison = Comparison::new(subjects, None).map_err(Failure::usage)?;
    let look = if full { look::details(ascii) } else { look::short(ascii) };
    print(&comparison.write(Asked { format, look, full, fail_above: None }).text)
}

/// Leaves out what is the same run again, and says so.
fn each_once(folders: &[PathBuf], subjects: Vec<Subject>) -> Vec<Subject> {
    let mut kept: Vec<(&Path, Subject)> = Vec::new();
    for (folder, subject) in folders.iter().zip(subjects) {
        match kept.iter().find(|(_, other)| other.is_same_run(&subject)) {
            Some((first, _)) => {
                notice(&format!("{} is the same run as {}: it counts once", folder.display(), first.display()));
            }
            None => kept.push((folder, subject)),
        }
    }
    kept.into_iter().map(|(_, subject)| subject).collect()
}

/// Puts the first run that nothing disturbed before all others, if the reader named no order: a disturbed base proves
/// nothing.
fn quiet_first(mut subjects: Vec<Subject>, is_any_order: bool) -> Vec<Subject> {
    let quiet = subjects.iter().position(|subject| !subject.is_disturbed());
    if let Some(quiet) = quiet.filter(|place| *place > 0 && is_any_order) {
        subjects[..=quiet].rotate_right(1);
        notice(
            "the base is the first run without drift and without other programs; name a run first to have it as base",
        );
    }
    subjects
}

/// The last parts of a path, as many as tell it from all others.
fn short_names(folders: &[PathBuf]) -> Vec<Option<String>> {
    let whole: Vec<_> = folders.iter().map(|path| saved::folder_of(path)).collect();
    let last = |path: &PathBuf, parts: usize| -> PathBuf {
        let all: Vec<_> = path.components().collect();
        all[all.len().saturating_sub(parts)..].iter().collect()
    };
    let name = |path: &PathBuf| {
        let others = || whole.iter().flatten().filter(|other| *other != path);
        let most = path.components().count();
        let parts = (1..most).find(|&parts| others().all(|other| last(other, parts) != last(path, parts)));
        last(path, parts.unwrap_or(most)).to_string_lossy().into_owned()
    };
    whole.iter().map(|path| path.as_ref().map(name)).collect()
}

/// Reads the runs, on all processors: the laws of each take a moment.
fn read(folders: &[PathBuf]) -> Result<Vec<Subject>, Failure> {
    let named: Vec<(&PathBuf, Option<String>)> = folders.iter().zip(short_names(folders)).collect();
    let threads = thread::available_parallelism().map_or(1, NonZero::get);
    let part = named.len().div_ceil(threads).max(1);
    let one = |(path, name): &(&PathBuf, Option<String>)| {
        let subject = Subject::read(saved::load(path)?);
        Ok::<_, Failure>(subject.from_folder(name.clone()))
    };
    let read = move |part: &[_]| part.iter().map(one).collect::<Result<Vec<_>, _>>();
    thread::scope(|scope| {
        // Where there is no thread to be had, this one reads.
        let begin = |part| thread::Builder::new().spawn_scoped(scope, move || read(part)).map_err(|_| part);
        let parts: Vec<_> = named.chunks(part).map(begin).collect();
        let mut all = Vec::new();
        for part in parts {
            all.extend(match part {
                Ok(thread) => thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))?,
                Err(part) => read(part)?,
            });
        }
        Ok(all)
    })
}
