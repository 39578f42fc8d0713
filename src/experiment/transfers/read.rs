//! What moving data costs, read from the samples: a line for each transfer method in each direction.

use serde::Serialize;

use crate::experiment::cases::of_series;
use crate::law::hockney::{self, HockneyFit};
use crate::record::{Measured, Measurement, Phase, Series, TransferMethod};
use crate::stats::Summary;

/// Both directions.
pub(super) const DIRECTIONS: [Phase; 2] = [Phase::Upload, Phase::ReadBack];

/// What moving data costs by each method.
#[derive(Serialize)]
#[serde(transparent)]
pub(in crate::experiment) struct Reading {
    /// The lines of all transfer methods: uploads first.
    pub(super) lines: Vec<Line>,
    /// The method of this device where a case does not compare them.
    #[serde(skip)]
    pub(super) usual: TransferMethod,
}

/// What moving data costs.
#[derive(Serialize)]
pub(super) struct Line {
    /// The way that the data take.
    pub(super) series: Series,
    /// The direction: upload or read-back.
    pub(super) phase: Phase,
    /// Start-up time, rate and the size at half of it; x is in bytes.
    #[serde(flatten)]
    pub(super) fit: HockneyFit,
}

impl Reading {
    /// Returns the line of a transfer method in a direction.
    pub(super) fn line(&self, method: TransferMethod, phase: Phase) -> Option<&HockneyFit> {
        let series = Series::Transfer(method);
        self.lines.iter().find(|line| line.series == series && line.phase == phase).map(|line| &line.fit)
    }
}

/// Reads Hockney's law for each transfer method that was measured, in each direction in which it leads.
pub(super) fn read(measured: &Measured, usual: TransferMethod) -> Reading {
    let directed =
        DIRECTIONS.into_iter().flat_map(|phase| methods(measured, phase).into_iter().map(move |m| (m, phase)));
    let line = |(method, phase)| {
        let times = times(measured, method, phase).into_iter();
        let points: Vec<(f64, Summary)> = times.map(|(case, time)| (bytes(case, phase) as f64, time)).collect();
        let line = || Line { series: Series::Transfer(method), phase, fit: hockney::fit(&points) };
        (!points.is_empty()).then(line)
    };
    Reading { lines: directed.filter_map(line).collect(), usual }
}

/// Returns the bytes that a case moves in a direction.
pub(super) fn bytes(case: &Measurement, phase: Phase) -> u64 {
    if phase == Phase::Upload { case.upload_bytes } else { case.read_back_bytes }
}

/// Returns the methods that were measured in a direction. One that leads to the device only comes back by another one,
/// which has a line of its own.
pub(super) fn methods(measured: &Measured, phase: Phase) -> Vec<TransferMethod> {
    let leads = |method: &TransferMethod| phase == Phase::Upload || method.leads_back();
    let was_measured = |method: &TransferMethod| of_series(measured, Series::Transfer(*method)).next().is_some();
    TransferMethod::ALL.into_iter().filter(leads).filter(was_measured).collect()
}

/// Returns the cases of a method, with their times in a direction.
pub(super) fn times(measured: &Measured, method: TransferMethod, phase: Phase) -> Vec<(&Measurement, Summary)> {
    let cases = of_series(measured, Series::Transfer(method));
    cases.filter_map(|case| Some((case, Summary::of(case.seconds(phase))?))).collect()
}
