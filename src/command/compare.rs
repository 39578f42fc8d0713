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

/// Reads the runs, on all processors: the laws of each take a moment.
fn read(folders: &[PathBuf]) -> Result<Vec<Subject>, Failure> {
    let threads = thread::available_parallelism().map_or(1, NonZero::get);
    let part = folders.len().div_ceil(threads).max(1);
    let one = |path: &PathBuf| {
        let subject = Subject::read(saved::load(path)?);
        Ok::<_, Failure>(subject.from_folder(saved::folder_name(path)))
    };
    thread::scope(|scope| {
        let parts: Vec<_> = folders
            .chunks(part)
            .map(|part| scope.spawn(move || part.iter().map(one).collect::<Result<Vec<_>, _>>()))
            .collect();
        let mut all = Vec::new();
        for part in parts {
            all.extend(part.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))?);
        }
        Ok(all)
    })
}
