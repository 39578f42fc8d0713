//! `amdahl fit`: the laws on the reader's own timings.

use std::io::Read as _;
use std::path::Path;

use super::{Failure, list_format, print};
use crate::calculator::fit::{self, FitReport};
use crate::calculator::timings::{self, Mapping, Timings};
use crate::cli::FitArgs;
use crate::law::joint::{self, JointPoint};
use crate::law::speedup::{self, Options};
use crate::law::{MODELS, Model};

/// Reads, fits, predicts, prints.
pub(super) fn fit(args: &FitArgs) -> Result<(), Failure> {
    let model = args.model.as_deref().map(find_model).transpose()?;
    let (source, bytes) = read(&args.file)?;
    let mapping = Mapping { columns: args.columns.clone(), unit: args.unit.clone() };
    let timings = timings::read(&bytes, &mapping).map_err(|error| Failure::usage(format!("{source}: {error}")))?;
    let points = fit::points(&timings);
    let options = Options { model };
    let fit = speedup::fit_with(&points, options);
    let predictions = args.predict.as_ref().map(|counts| {
        let counts: Vec<f64> = counts.0.iter().map(|&count| count as f64).collect();
        speedup::predict(&points, options, &counts)
    });
    let joint = timings.has_work.then(|| joint::fit(&joint_points(&timings)));
    let report = FitReport { source, timings, fit, forced: model.is_some(), predictions, joint };
    print(&report.write(list_format(args.format)).map_err(|error| Failure::usage(error.to_string()))?)
}

fn find_model(name: &str) -> Result<Model, Failure> {
    Model::from_name(name.trim()).ok_or_else(|| {
        let names: Vec<&str> = MODELS.iter().map(|model| model.name()).collect();
        Failure::usage(format!("--model: there is no model {name:?}; there are: {}", names.join(", ")))
    })
}

/// The name and the bytes of a file; `-` is standard input.
fn read(file: &Path) -> Result<(String, Vec<u8>), Failure> {
    let mut bytes = Vec::new();
    if file == Path::new("-") {
        let source = "standard input".to_owned();
        return match std::io::stdin().lock().read_to_end(&mut bytes) {
            Ok(_) => Ok((source, bytes)),
            Err(error) => Err(Failure::usage(format!("cannot read {source}: {error}"))),
        };
    }
    let source = file.display().to_string();
    match std::fs::read(file) {
        Ok(bytes) => Ok((source, bytes)),
        Err(error) => Err(Failure::usage(format!(
            "cannot read {source}: {error}; give a CSV file with the columns workers and seconds, or - for standard input"
        ))),
    }
}

fn joint_points(timings: &Timings) -> Vec<JointPoint> {
    let point = |group: &timings::Group| {
        Some(JointPoint {
            size: group.work?,
            workers: group.workers,
            seconds: group.seconds.median,
            log_se: group.seconds.log_se.unwrap_or(0.0),
        })
    };
    timings.groups.iter().filter_map(point).collect()
}
