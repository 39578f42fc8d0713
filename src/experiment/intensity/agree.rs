//! The highest rates at growing flop per byte, against the limits of the run.

use super::read::Reading;
use crate::experiment::View;
use crate::experiment::agreement::Agreement;
use crate::experiment::fixed_size;
use crate::page::words;
use crate::record::Check;
use crate::stats::Estimate;
use crate::units;

/// Factor by which a highest rate may differ from its limit: these kernels also count and convert.
pub(super) const LIMIT: f64 = 1.25;

/// Checks both rates; those that were not seen are left out.
pub(super) fn checks(view: View<'_, Reading>) -> Vec<Check> {
    let Reading { fit, limits: Some(limits), .. } = view.reading else { return Vec::new() };
    let memory = fit.bandwidth().map(|roof| Agreement {
        name: "highest memory rate in intensity against the memory limit",
        unit: units::bandwidth,
        ..compared(view, roof, limits.bandwidth, view.reading.causes[0].as_ref())
    });
    let compute = fit.peak_flops().map(|roof| Agreement {
        name: "highest compute rate in intensity against the compute limit",
        unit: units::flop_rate,
        ..compared(view, roof, limits.peak_flops, view.reading.causes[1].as_ref())
    });
    [memory, compute].into_iter().flatten().map(Agreement::check).collect()
}

/// Why kernels on other numbers of workers are slower or faster where each worker costs something.
fn grows(View { run, .. }: View<'_, Reading>) -> Option<String> {
    fixed_size::grows(run).then(|| "a cost grows with the workers here, as fixed-size shows".to_owned())
}

fn compared(view: View<'_, Reading>, roof: Estimate, limit: f64, cause: Option<&String>) -> Agreement {
    Agreement {
        name: "",
        place: words::workload(view.measured),
        first: ("highest rate", roof),
        second: ("limit", Estimate { value: limit, low: limit, high: limit }),
        factor: LIMIT,
        unit: units::ratio,
        // Nothing else explains a kernel that is faster than its limit.
        cause: grows(view).or_else(|| cause.cloned().filter(|_| roof.high < limit)),
    }
}
