//! What a reader must know before any number: stamped on every output.

use super::audit;
use crate::page::words;
use crate::record::{Check, Clock, DeviceKind, Phase, Run, Verified};
use crate::units;

/// A warning in three lengths.
pub(crate) struct Stamp {
    /// One word, for tables that programs read.
    pub(crate) code: &'static str,
    /// A few words, to stand beside a summary that is read alone.
    pub(crate) short: &'static str,
    /// In full, for the first page.
    pub(crate) text: String,
}

/// The stamps of a run, in the order of their weight.
pub(crate) fn stamps(run: &Run) -> Vec<Stamp> {
    let mut stamps = Vec::new();
    stamps.extend(no_gpu(run));
    stamps.extend(run.device.hidden.as_ref().map(|reason| Stamp {
        code: "nonconformant",
        short: "the driver is not conformant",
        text: format!("This device is usually hidden: {reason}. Its results were checked like any other's."),
    }));
    stamps.extend(not_verified(run));
    stamps.extend(host_clock(run));
    stamps.extend(battery(run));
    if !run.complete {
        stamps.push(Stamp {
            code: "partial",
            short: "this run is partial",
            text:
                "This run is partial: it was stopped, or is still going on. What is here was measured in full blocks."
                    .to_owned(),
        });
    }
    stamps.extend(run.drift.iter().map(|drift| Stamp {
        code: "drift",
        short: "the device or the machine changed its speed meanwhile",
        text: format!("Drift: {}", audit::drift(drift)),
    }));
    // Drift has a stamp of its own.
    let checks = run.audit.iter().flat_map(|audit| &audit.checks);
    let failed = checks.filter(|check| !check.passed && (run.drift.is_empty() || check.name != Check::CANARY));
    stamps.extend(failed.map(failure));
    stamps
}

/// The stamps of a run as one sentence; `None` where there are none.
pub(crate) fn sentence(run: &Run) -> Option<String> {
    let mut words: Vec<&str> = stamps(run).iter().map(|stamp| stamp.short).collect();
    words.dedup();
    (!words.is_empty()).then(|| words::sentence(&words.join("; ")))
}

/// The stamps of a run as words for a table cell; empty where there are none.
pub(crate) fn codes(run: &Run) -> String {
    let mut codes: Vec<&str> = stamps(run).iter().map(|stamp| stamp.code).collect();
    codes.dedup();
    codes.join(" ")
}

fn no_gpu(run: &Run) -> Option<Stamp> {
    let name = &run.device.name;
    match run.device.kind {
        DeviceKind::Software => Some(Stamp {
            code: "software",
            short: "no GPU: this is the CPU acting as one",
            text: format!(
                "No GPU: this is the CPU acting as one ({name}). The laws hold on it all the same; its speeds say \
                 nothing about a GPU."
            ),
        }),
        DeviceKind::Cpu => Some(Stamp {
            code: "cpu",
            short: "no GPU was measured: this is the CPU",
            text: "No GPU was measured: this is the CPU, and its workers are threads.".to_owned(),
        }),
        DeviceKind::Simulated if run.device.stands_for.is_some() => Some(Stamp {
            code: "model",
            short: "a model of a GPU: nothing was measured",
            text: format!(
                "This is a model. No GPU was measured: the times are those that {name} would have if its data sheet \
                 and our assumptions hold."
            ),
        }),
        DeviceKind::Simulated => Some(Stamp {
            code: "simulated",
            short: "simulated: the times are drawn from a planted law",
            text: "Simulated: nothing was computed, the times are drawn from a planted law.".to_owned(),
        }),
        _ => None,
    }
}

fn not_verified(run: &Run) -> Option<Stamp> {
    let cases = run.experiments.iter().flat_map(|experiment| &experiment.cases);
    let mut reasons: Vec<&str> = Vec::new();
    for case in cases {
        if let Verified::NotVerified { reason } = &case.verified
            && !reasons.contains(&reason.as_str())
        {
            reasons.push(reason);
        }
    }
    let text = reasons.iter().map(|reason| words::sentence(reason)).collect::<Vec<_>>().join(" ");
    (!reasons.is_empty()).then(|| Stamp {
        code: "not-verified",
        short: "results are not verified",
        text: format!("Nobody checked what the kernel computes, so its times may be those of a wrong result. {text}"),
    })
}

fn host_clock(run: &Run) -> Option<Stamp> {
    let clocks = kernel_clocks(run);
    let empty = run.calibration.empty_dispatch.map_or(String::new(), |s| format!(" ({})", units::seconds(s)));
    let why = run.device.no_timestamps.as_ref().map_or(String::new(), |reason| format!(" ({reason})"));
    let which = if clocks.contains(&Clock::Gpu) {
        "Some timestamps of this device could not be true: kernels of some cases".to_owned()
    } else {
        format!("This device has no usable timestamps{why}: kernels")
    };
    clocks.contains(&Clock::HostLessEmpty).then(|| Stamp {
        code: "host-clock",
        short: "kernels are timed by the host's clock",
        text: format!(
            "{which} are timed by the host's clock, less an empty dispatch{empty}. Kernels that are not much longer \
             than that are uncertain."
        ),
    })
}

/// A failed check. That the machine was busy is the one that a reader can do something about.
fn failure(check: &Check) -> Stamp {
    if check.name == Check::QUIET {
        let text = format!("The machine was busy: {}.", check.detail);
        return Stamp { code: "busy", short: "the machine was busy", text };
    }
    Stamp {
        code: "self-check",
        short: "a self-check failed",
        text: format!("Self-check failed: {}: {}.", check.name, check.detail),
    }
}

fn battery(run: &Run) -> Option<Stamp> {
    run.surroundings.as_ref().filter(|around| around.on_battery()).map(|_| Stamp {
        code: "battery",
        short: "on battery: the clock may be lower",
        text: "On battery: the clock may be lower than on mains.".to_owned(),
    })
}

/// The clocks that timed kernels anywhere in the run.
pub(crate) fn kernel_clocks(run: &Run) -> Vec<Clock> {
    let cases = run.experiments.iter().flat_map(|experiment| &experiment.cases);
    // Baselines are the processor's own and have its clock.
    let own = cases.filter(|case| !case.is_baseline() || run.device.kind == DeviceKind::Cpu);
    let mut clocks = Vec::new();
    for clock in own.filter_map(|case| case.clock(Phase::Kernel)) {
        if !clocks.contains(&clock) {
            clocks.push(clock);
        }
    }
    clocks
}
