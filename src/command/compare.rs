//! `amdahl compare`: saved runs side by side, without a GPU.

use std::num::NonZero;
use std::path::{Path, PathBuf};
use std::thread;

use super::{Failure, look, notice, page, print, saved};
use crate::cli::CompareArgs;
use crate::comparison::{Asked, Comparison, MOST, Subject};
use crate::page::Format;
use crate::record::{DeviceKind, Run};

/// Regressions that are named; the others are counted.
const NAMED: usize = 20;

/// Compares saved runs.
pub(super) fn compare(args: &CompareArgs) -> Result<(), Failure> {
    let mut folders = Vec::new();
    for name in &args.runs {
        folders.extend(find(name, &args.out)?);
    }
    if folders.len() > MOST {
        return Err(Failure::usage(format!("{} runs are too many to show; give at most {MOST}", folders.len())));
    }
    let subjects = each_once(&folders, read(&folders)?);
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

/// Returns the places of the runs that a name means: `latest`, a file, a folder of one run or of several, or a part of
/// a device's name.
fn find(name: &str, out: &Path) -> Result<Vec<PathBuf>, Failure> {
    let path = PathBuf::from(name);
    if name == "latest" {
        return Ok(vec![saved::latest(out)?]);
    }
    if path.is_dir() && !path.join("run.json").exists() {
        let runs = saved::all(&path);
        return if runs.is_empty() {
            Err(Failure::usage(format!(
                "there is no saved run in {name}; give the folder of a run, or one that holds some"
            )))
        } else {
            Ok(runs)
        };
    }
    if path.exists() {
        return Ok(vec![path]);
    }
    of_device(name, out).map(|run| vec![run])
}

/// Returns the latest run under a folder of the device that a name, or a part of one, means.
fn of_device(name: &str, out: &Path) -> Result<PathBuf, Failure> {
    let wanted = name.to_lowercase();
    let (models, real): (Vec<_>, Vec<_>) = saved::all(out)
        .into_iter()
        .filter_map(|path| saved::load(&path).ok().map(|run| (path, run.device)))
        .partition(|(_, device)| device.kind == DeviceKind::Simulated);
    let [models, real] =
        [models, real].map(|runs| runs.into_iter().map(|(path, device)| (path, device.name)).collect::<Vec<_>>());
    let found = fitting(&real, &wanted);
    // A model is meant only if no device that was measured is.
    let found = if found.is_empty() { fitting(&models, &wanted) } else { found };
    let known = [&real[..], &models[..]].concat();
    let mut devices: Vec<&str> = found.iter().map(|(_, device)| device.as_str()).collect();
    devices.sort_unstable();
    devices.dedup();
    match (found.as_slice(), devices.as_slice()) {
        ([only], _) => Ok(only.0.clone()),
        // The folders are sorted by time.
        ([.., (path, device)], [_]) => {
            notice(&format!("{} runs of {device} are saved: the latest is {}", found.len(), path.display()));
            Ok(path.clone())
        }
        ([], _) => {
            let mut all: Vec<&str> = known.iter().map(|(_, device)| device.as_str()).collect();
            all.sort_unstable();
            all.dedup();
            let there =
                if all.is_empty() { "there are none".to_owned() } else { format!("there are: {}", all.join(", ")) };
            Err(Failure::usage(format!(
                "{name:?} is no file or folder, and no device among the runs under {}; {there}",
                out.display()
            )))
        }
        (_, several) => Err(Failure::usage(format!(
            "{name:?} fits {} devices; give more of the name, or a folder: {}",
            several.len(),
            several.join(", ")
        ))),
    }
}

/// Returns the runs of the device that has a name, or else of those that have it as a part of their name.
fn fitting<'a>(runs: &'a [(PathBuf, String)], wanted: &str) -> Vec<&'a (PathBuf, String)> {
    let with = |fits: &dyn Fn(&str) -> bool| -> Vec<&(PathBuf, String)> {
        runs.iter().filter(|(_, device)| fits(&device.to_lowercase())).collect()
    };
    let exact = with(&|device| device == wanted);
    if exact.is_empty() { with(&|device| device.contains(wanted)) } else { exact }
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
