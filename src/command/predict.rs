//! `amdahl predict`: both laws from a profile or a serial fraction, without measuring.

use std::path::Path;

use super::{Failure, input, look, print};
use crate::calculator::predict::{Found, PredictReport, Question, read};
use crate::cli::PredictArgs;

/// Predicts and prints.
pub(super) fn predict(args: &PredictArgs) -> Result<(), Failure> {
    let from = args.from.as_deref().map(from).transpose()?;
    let question = Question {
        from: from.as_ref(),
        parallel_fraction: &args.parallel_fraction,
        work_span: args.work.as_deref().zip(args.span.as_deref()),
        serial: &args.serial,
        parallel: &args.parallel,
        compute: args.compute.as_deref(),
        communication: args.communication.as_deref(),
        serial_fraction: &args.serial_fraction,
        measured_on: args.measured_on,
        workers: &args.workers.0,
        effective: args.effective,
        axes: args.axes,
    };
    print(&PredictReport::new(&question).map_err(Failure::Usage)?.write(args.format, look::details(args.ascii)))
}

/// Reads what another command found.
fn from(path: &Path) -> Result<Found, Failure> {
    let source = input::name(path);
    let unread = |error| Failure::usage(format!("--from: cannot read {source}: {error}"));
    let bytes = input::bytes(path).map_err(unread)?;
    read(&source, &bytes).map_err(Failure::Usage)
}
