//! Which saved runs a word of the command line means.

use std::path::{Path, PathBuf};

use super::{Failure, notice, saved};
use crate::record::DeviceKind;

/// The word for the run that was saved last.
const LATEST: &str = "latest";

/// Returns the place of the run that a word means: `latest`, a file, the folder of a run, or a part of a device's name.
pub(super) fn one(name: &str, out: &Path) -> Result<PathBuf, Failure> {
    let path = PathBuf::from(name);
    if name == LATEST {
        saved::latest(out)
    } else if path.exists() {
        Ok(path)
    } else {
        of_device(name, out)
    }
}

/// Returns the places of the runs that a word means: that of one run, or of all in a folder that holds several.
pub(super) fn several(name: &str, out: &Path) -> Result<Vec<PathBuf>, Failure> {
    let path = Path::new(name);
    if name == LATEST || !path.is_dir() || path.join("run.json").exists() {
        return one(name, out).map(|run| vec![run]);
    }
    let runs = saved::all(path);
    if runs.is_empty() {
        return Err(Failure::usage(format!(
            "there is no saved run in {name}; give the folder of a run, or one that holds some"
        )));
    }
    Ok(runs)
}

/// Says of which devices the runs under a folder are.
pub(super) fn there(out: &Path) -> String {
    let mut all: Vec<String> = devices(out).into_iter().map(|(_, _, device)| device).collect();
    all.sort_unstable();
    all.dedup();
    let out = out.display();
    if all.is_empty() {
        return format!("no run is saved under {out}, and `amdahl run` measures one");
    }
    format!("the runs under {out} are of: {}", all.join(", "))
}

/// Returns the runs under a folder, the latest last: where each is, whether it is a model's, and its device.
fn devices(out: &Path) -> Vec<(PathBuf, bool, String)> {
    let read = |path: PathBuf| {
        let device = saved::load(&path).ok()?.device;
        Some((path, device.kind == DeviceKind::Simulated, device.name))
    };
    saved::all(out).into_iter().filter_map(read).collect()
}

/// Returns the latest run under a folder of the device that a name, or a part of one, means.
fn of_device(name: &str, out: &Path) -> Result<PathBuf, Failure> {
    let wanted = name.to_lowercase();
    let (models, real): (Vec<_>, Vec<_>) = devices(out).into_iter().partition(|(_, is_model, _)| *is_model);
    let [models, real] =
        [models, real].map(|runs| runs.into_iter().map(|(path, _, device)| (path, device)).collect::<Vec<_>>());
    let found = fitting(&real, &wanted);
    // A model is meant only if no device that was measured is.
    let found = if found.is_empty() { fitting(&models, &wanted) } else { found };
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
            let there = there(out);
            Err(Failure::usage(format!(
                "{name:?} is no file or folder, and no device of a saved run; give the folder of a run, or its \
                 run.json; {there}"
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
