//! Runs on disk: a folder for each, written so that nothing is lost and nothing is overwritten.

use std::fs;
use std::io::{self, ErrorKind, Write as _};
use std::path::{Path, PathBuf};

use super::{Failure, input};
use crate::experiment;
use crate::page;
use crate::record::{DeviceInfo, ReadError, Run};

/// Saved runs that are looked at to find one of the same device, the newest first.
const LOOKS: usize = 5;

/// The page of a run.
pub(super) const PAGE: &str = "report.html";

/// The folder of one run.
#[derive(Clone)]
pub(super) struct Folder {
    path: PathBuf,
    /// The same without links, as it was made. If it leads elsewhere now, nothing is written there.
    real: PathBuf,
}

impl Folder {
    /// Makes a new folder `<time>-<device>` under `out`; a number is added where that name is taken.
    pub(super) fn create(out: &Path, started: &str, device: &str) -> Result<Self, Failure> {
        let failed = |path: &Path, error: io::Error| {
            Failure::Unwritten(format!(
                "cannot write to {}: {error}; choose another folder with --out DIR, or --no-save",
                path.display()
            ))
        };
        if out.is_symlink() && !out.exists() {
            return Err(failed(out, io::Error::new(ErrorKind::NotFound, "it is a link to nowhere")));
        }
        fs::create_dir_all(out).map_err(|error| failed(out, error))?;
        let stem = format!("{}-{}", started.replace(':', "-").replace('Z', ""), slug(device));
        for number in 1.. {
            let name = if number == 1 { stem.clone() } else { format!("{stem}-{number}") };
            let path = out.join(name);
            match fs::create_dir(&path) {
                Ok(()) => {
                    let real = fs::canonicalize(&path).map_err(|error| failed(&path, error))?;
                    return Ok(Self { path, real });
                }
                Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
                Err(error) => return Err(failed(&path, error)),
            }
        }
        unreachable!("a free number is found before the numbers end")
    }

    /// Removes the folder where nothing was saved in it.
    pub(super) fn discard_if_empty(&self) {
        // A folder that holds something is not removed by this, and stays.
        let _ = fs::remove_dir(&self.path);
    }

    /// Removes what a run left that came to nothing.
    pub(super) fn discard(&self) {
        for name in ["run.json", "cases.csv", "samples.csv", PAGE] {
            // Files that were never written need no removing, and a folder with anything else in it stays.
            let _ = self.place(name).map(fs::remove_file);
        }
        self.discard_if_empty();
    }

    /// Where the run is.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Writes the run as it stands, and the tables of its cases and samples when it has ended. Each file is written
    /// under another name first, so that a reader never sees half.
    pub(super) fn save(&self, run: &Run) -> Result<(), Failure> {
        // A run that has checked itself has ended, and is read by the laws.
        let ended = run.audit.is_some();
        let json = if ended { experiment::json(run) } else { page::json(run) };
        self.write("run.json", &json)?;
        if !ended {
            return Ok(());
        }
        self.write("cases.csv", &experiment::cases_csv(run))?;
        self.write("samples.csv", &page::samples_csv(run))?;
        self.write(PAGE, &experiment::report_page(run))
    }

    /// Where its page is.
    pub(super) fn page(&self) -> PathBuf {
        self.path.join(PAGE)
    }

    fn write(&self, name: &str, text: &str) -> Result<(), Failure> {
        self.place(name).and_then(|path| replace(&path, text)).map_err(|error| {
            let why = room(error.kind()).unwrap_or(match error.kind() {
                ErrorKind::NotFound => "the folder was moved or removed; leave it where it is",
                ErrorKind::NotADirectory => "leave it where it is",
                _ => "let this program write there",
            });
            Failure::Unwritten(format!(
                "cannot write {}: {error}; {why}, choose another folder with --out DIR, or use --no-save",
                self.path.join(name).display()
            ))
        })
    }

    /// Returns where a file of this name lies. A link that took the folder's place, or that of one above it, is not
    /// followed.
    fn place(&self, name: &str) -> io::Result<PathBuf> {
        if fs::canonicalize(&self.path)? != self.real {
            return Err(io::Error::new(ErrorKind::NotADirectory, "the folder was replaced by a link"));
        }
        Ok(self.real.join(name))
    }
}

/// Returns how to make room for a file; `None` if room is not what is missing.
pub(super) fn room(missing: ErrorKind) -> Option<&'static str> {
    match missing {
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => Some("free some space"),
        ErrorKind::FileTooLarge => Some("raise the limit on the size of files (`ulimit -f`)"),
        _ => None,
    }
}

/// Writes a file that a reader has named. A pipe or a device is no file that could be replaced: it gets the text.
pub(super) fn put(path: &Path, text: &str) -> io::Result<()> {
    if fs::metadata(path).is_ok_and(|there| !there.is_file()) {
        return fs::write(path, text);
    }
    replace(path, text)
}

/// Writes a file under another name first, so that a reader never sees half. No link is followed, and if writing fails
/// nothing is left of it.
fn replace(path: &Path, text: &str) -> io::Result<()> {
    let mut part = path.to_owned().into_os_string();
    part.push(".part");
    // One that was left by a process that was killed.
    let _ = fs::remove_file(&part);
    let written = fs::File::create_new(&part)
        .and_then(|mut file| file.write_all(text.as_bytes()).and_then(|()| file.sync_all()))
        .and_then(|()| fs::rename(&part, path));
    if written.is_err() {
        let _ = fs::remove_file(&part);
    }
    written
}

/// A device's name as part of a file name: letters and digits, the rest dashes.
fn slug(name: &str) -> String {
    let dashed: String =
        name.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' }).collect();
    let parts: Vec<&str> = dashed.split('-').filter(|part| !part.is_empty()).collect();
    parts.join("-").chars().take(40).collect()
}

/// Reads a run from its folder or its file.
pub(super) fn load(path: &Path) -> Result<Run, Failure> {
    let file = if path.is_dir() { path.join("run.json") } else { path.to_owned() };
    let text = input::text(&file).map_err(|error| {
        let what = all(path).pop().map_or_else(
            || "give the folder of a saved run, or its run.json".to_owned(),
            |last| format!("the folder holds saved runs; give one of them, such as {}", last.display()),
        );
        Failure::usage(format!("cannot read {}: {error}; {what}", file.display()))
    })?;
    Run::from_json(&text).map_err(|error: ReadError| Failure::usage(format!("{}: {error}", file.display())))
}

/// Returns the folder of a run that was named on the command line.
pub(super) fn folder_of(path: &Path) -> Option<PathBuf> {
    let path = path.canonicalize().ok()?;
    if path.is_dir() { Some(path) } else { path.parent().map(Path::to_path_buf) }
}

/// Returns the folders of all runs under a folder, the latest last.
pub(super) fn all(out: &Path) -> Vec<PathBuf> {
    let folders = fs::read_dir(out).into_iter().flatten().filter_map(|entry| Some(entry.ok()?.path()));
    let mut saved: Vec<PathBuf> = folders.filter(|path| path.join("run.json").exists()).collect();
    // Names begin with the time.
    saved.sort_by_key(|path| path.file_name().map(ToOwned::to_owned));
    saved
}

/// Returns the folder of the run under `out` that was saved last.
pub(super) fn latest(out: &Path) -> Result<PathBuf, Failure> {
    all(out).pop().ok_or_else(|| {
        Failure::usage(format!(
            "there is no saved run under {}; measure one with `amdahl run`, or say where with --out DIR",
            out.display()
        ))
    })
}

/// Returns the last run under `out` that was complete and alone on the device. Two cards of one name differ by their
/// place in the machine.
pub(super) fn last(out: &Path, device: &DeviceInfo) -> Option<Run> {
    let begins_and_ends = format!("-{}", slug(&device.name));
    let folders = all(out);
    let of_device = folders.iter().rev().filter(|path| path.to_string_lossy().contains(&begins_and_ends));
    let runs = of_device.take(LOOKS).filter_map(|path| load(path).ok());
    runs.into_iter().find(|run| {
        let same =
            |one: &DeviceInfo| (one.name.clone(), one.kind, one.backend.clone(), one.driver.clone(), one.pci.clone());
        let neighbours = run.audit.as_ref().and_then(|audit| audit.neighbours.as_ref());
        run.complete && same(&run.device) == same(device) && neighbours.is_some_and(|neighbours| !neighbours.busy)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::fixture;
    use crate::record::{Audit, Neighbours, Told};

    #[test]
    fn the_last_run_that_was_alone_on_the_device_is_found() {
        let out = tempfile::tempdir().unwrap();
        let device = fixture::run(Vec::new()).device;
        let save = |hour: &str, busy: Option<bool>, change: fn(&mut Run)| {
            let started = format!("2026-01-01T{hour}:00:00Z");
            let mut run = Run { started: started.clone(), ..fixture::run(Vec::new()) };
            let unknown = || Told::absent("not planted");
            run.audit = busy.map(|busy| Audit {
                checks: Vec::new(),
                harness: None,
                heating: None,
                wander: None,
                neighbours: Some(Neighbours {
                    processor: Told::known(0.5),
                    highest: Told::default(),
                    allowed: 0.1,
                    canary: unknown(),
                    lanes: unknown(),
                    busy,
                }),
            });
            change(&mut run);
            Folder::create(out.path(), &started, &run.device.name).unwrap().save(&run).unwrap();
        };
        let found = || last(out.path(), &device).map(|run| run.started);
        assert_eq!(found(), None);
        save("10", Some(false), |_| ());
        save("11", Some(false), |_| ());
        save("12", Some(true), |_| ());
        save("13", Some(false), |run| run.complete = false);
        save("14", Some(false), |run| run.device.driver = Some("another".to_owned()));
        save("15", Some(false), |run| run.device.name = "Another GPU".to_owned());
        save("15", Some(false), |run| run.device.pci = Some("0000:02:00.0".to_owned()));
        Folder::create(out.path(), "2026-01-01T16:00:00Z", &device.name).unwrap();
        assert_eq!(found().as_deref(), Some("2026-01-01T11:00:00Z"));
    }

    #[test]
    fn names_become_safe_file_names() {
        assert_eq!(slug("llvmpipe (LLVM 15.0.6, 256 bits)"), "llvmpipe-llvm-15-0-6-256-bits");
        assert_eq!(slug("../.."), "");
    }
}
