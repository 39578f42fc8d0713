//! `amdahl predict`: both laws from a profile or a serial fraction, without measuring.

use super::{Failure, look, print};
use crate::calculator::predict::{PredictReport, Question};
use crate::cli::PredictArgs;

/// Predicts and prints.
pub(super) fn predict(args: &PredictArgs) -> Result<(), Failure> {
    let question = Question {
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
