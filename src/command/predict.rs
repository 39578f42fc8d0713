//! `amdahl predict`: both laws from a profile or a serial fraction, without measuring.

use super::{Failure, print};
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
        workers: &args.workers.0,
        effective: args.effective,
    };
    print(&PredictReport::new(&question).map_err(Failure::Usage)?.write(args.format))
}
