//! The roofs that growing intensities show, against the limits that kernels made for it found.

use super::read::Reading;
use crate::experiment::View;
use crate::experiment::agreement::Agreement;
use crate::page::words;
use crate::record::Check;
use crate::stats::Estimate;
use crate::units;

/// A roof may lie apart from its limit by so much beside its interval: these kernels also count and convert.
pub(super) const ROOF: f64 = 1.25;

/// Checks both roofs; those that were not seen are left out.
pub(super) fn checks(view: View<'_, Reading>) -> Vec<Check> {
    let Reading { fit, limits: Some(limits), .. } = view.reading else { return Vec::new() };
    let memory = fit.bandwidth().map(|roof| Agreement {
        name: "the memory roof of intensity is the memory limit",
        unit: units::bandwidth,
        ..compared(view, roof, limits.bandwidth, view.reading.causes[0].as_ref())
    });
    let compute = fit.peak_flops().map(|roof| Agreement {
        name: "the compute roof of intensity is the compute limit",
        unit: units::flop_rate,
        ..compared(view, roof, limits.peak_flops, view.reading.causes[1].as_ref())
    });
    [memory, compute].into_iter().flatten().map(Agreement::check).collect()
}

fn compared(view: View<'_, Reading>, roof: Estimate, limit: f64, cause: Option<&String>) -> Agreement {
    Agreement {
        name: "",
        place: words::workload(view.measured),
        first: ("the roof is", roof),
        second: ("the limit is", Estimate { value: limit, low: limit, high: limit }),
        factor: ROOF,
        unit: units::ratio,
        // Nothing explains a kernel that is faster than its limit.
        cause: cause.cloned().filter(|_| roof.high < limit),
    }
}
