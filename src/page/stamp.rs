//! Warnings that a reader must see before any number. Every output carries them.

use super::audit;
use crate::page::words;
use crate::record::{Check, Clock, DeviceKind, Phase, Run, Slower, Verified};
use crate::units;

/// A warning in three lengths.
pub(crate) struct Stamp {
    /// One word, for tables that programs read.
    pub(crate) code: &'static str,
    /// A few words, for a summary that is read alone.
    pub(crate) short: &'static str,
    /// In full, for the first page.
    pub(crate) text: String,
}

/// Returns the warnings of a run, the gravest first.
pub(crate) fn stamps(run: &Run) -> Vec<Stamp> {
    let mut stamps = Vec::new();
    stamps.extend(no_gpu(run));
    stamps.extend(run.device.hidden.as_ref().map(|reason| Stamp {
        code: "nonconformant",
        short: "the driver is not conformant",
        text: format!("This device is hidden by default: {reason}. Its results were checked like any other's."),
    }));
    stamps.extend(not_verified(run));
    stamps.extend(host_clock(run));
    stamps.extend(battery(run));
    stamps.extend(slower(run));
    stamps.extend(stopped(run));
    if !run.complete {
        stamps.push(Stamp {
            code: "partial",
            short: "this run is partial",
            text:
                "This run is partial: it was stopped, it could not be saved to its end, or it is still going on. What \
                   it has was measured in full."
                    .to_owned(),
        });
    }
    stamps.extend(run.drift.iter().map(|drift| Stamp {
        code: "drift",
        short: "speed changed during the run",
        text: audit::drift(drift),
    }));
    // Each drift has a warning of its own.
    let checks = run.audit.iter().flat_map(|audit| &audit.checks);
    let failed = checks.filter(|check| !check.passed && (run.drift.is_empty() || check.name != Check::CANARY));
    stamps.extend(failed.map(failure));
    stamps
}

/// Returns the warnings of a run as one sentence; `None` if there are none.
pub(crate) fn sentence(run: &Run) -> Option<String> {
    let mut words: Vec<&str> = stamps(run).iter().map(|stamp| stamp.short).collect();
    words.dedup();
    (!words.is_empty()).then(|| words::sentence(&words.join("; ")))
}

/// Returns the warnings of a run in a few words each, one after the other; `None` if there are none.
pub(crate) fn sentences(run: &Run) -> Option<String> {
    let drifts: Vec<String> = run.drift.iter().map(audit::change).collect();
    let said = |stamp: &Stamp| match stamp.code {
        "drift" => words::sentence(&format!("{}: {}", stamp.short, drifts.join(", "))),
        _ => words::sentence(stamp.short),
    };
    let mut said: Vec<String> = stamps(run).iter().map(said).collect();
    said.dedup();
    (!said.is_empty()).then(|| said.join(" "))
}

/// Returns the codes of the warnings for a table cell; empty if there are none.
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
            short: "not a GPU: the CPU plays one",
            text: "Not a GPU: the CPU plays one. Read the shapes of the curves; do not quote these times as GPU times."
                .to_owned(),
        }),
        DeviceKind::Cpu => Some(Stamp {
            code: "cpu",
            short: "not a GPU: this is the CPU",
            text: "Not a GPU: this is the CPU. Its workers are threads.".to_owned(),
        }),
        DeviceKind::Simulated if run.device.stands_for.is_some() => Some(Stamp {
            code: "model",
            short: "a model of a GPU: nothing was measured",
            text: format!(
                "This is a model; no GPU was measured. The times follow from the data sheet of {name} and our \
                 assumptions."
            ),
        }),
        DeviceKind::Simulated => Some(Stamp {
            code: "simulated",
            short: "simulated: the times follow a planted law",
            text: "Simulated: nothing was computed; the times follow a planted law.".to_owned(),
        }),
        _ => None,
    }
}

fn stopped(run: &Run) -> Option<Stamp> {
    (run.stopped > 0.0).then(|| Stamp {
        code: "stopped",
        short: "the program stood still for a while",
        text: format!(
            "The program stood still for {}: it was stopped, or the machine slept. What was being measured then was \
             measured again.",
            units::seconds(run.stopped)
        ),
    })
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
        short: "the results were not checked",
        text: format!("The results were not checked, so these may be the times of a wrong result. {text}"),
    })
}

fn host_clock(run: &Run) -> Option<Stamp> {
    let clocks = kernel_clocks(run);
    let empty = run.calibration.empty_dispatch.map_or(String::new(), |s| format!(" ({})", units::seconds(s)));
    let why = run.device.no_timestamps.as_ref().map_or(String::new(), |reason| format!(" ({reason})"));
    let which = if clocks.contains(&Clock::Gpu) {
        "Some GPU timestamps were impossible. The kernels of those cases".to_owned()
    } else {
        format!("This device has no usable timestamps{why}. Its kernels")
    };
    clocks.contains(&Clock::HostLessEmpty).then(|| Stamp {
        code: "host-clock",
        short: "kernels were timed by the host's clock",
        text: format!(
            "{which} were timed by the host's clock, less an empty launch{empty}. Do not trust kernels about as short \
             as that."
        ),
    })
}

/// Returns the warning of a failed check. A busy machine is the one that a reader can change.
fn failure(check: &Check) -> Stamp {
    if check.name == Check::QUIET {
        let text = format!("The machine was busy: {}.", check.detail);
        return Stamp { code: "busy", short: "the machine was busy", text };
    }
    Stamp {
        code: "self-check",
        short: "a check failed",
        text: format!("A check failed: {}: {}.", audit::fault(check), check.detail),
    }
}

fn battery(run: &Run) -> Option<Stamp> {
    run.surroundings.as_ref().filter(|around| around.on_battery()).map(|_| Stamp {
        code: "battery",
        short: "on battery: the device may run slower",
        text: "On battery: the device may run slower than on mains power.".to_owned(),
    })
}

fn slower(run: &Run) -> Option<Stamp> {
    let slower = run.slower.as_ref()?;
    let Slower { started, kernels, of, times, place } = slower;
    Some(Stamp {
        code: "slower-than-last",
        short: "kernels take twice as long as in the last run",
        text: format!(
            "{} of {} kernels take at least twice as long as in the last run of this device ({}); the worst takes {} \
             times as long (in {place}). `amdahl compare` shows all.",
            units::count(*kernels as u64),
            units::count(*of as u64),
            started.replace('T', " ").replace('Z', " UTC"),
            units::ratio(*times)
        ),
    })
}

/// Returns the clocks that timed kernels anywhere in the run.
pub(crate) fn kernel_clocks(run: &Run) -> Vec<Clock> {
    let cases = run.experiments.iter().flat_map(|experiment| &experiment.cases);
    // Baselines run on the CPU and have its clock.
    let own = cases.filter(|case| !case.is_baseline() || run.device.kind == DeviceKind::Cpu);
    let mut clocks = Vec::new();
    for clock in own.filter_map(|case| case.clock(Phase::Kernel)) {
        if !clocks.contains(&clock) {
            clocks.push(clock);
        }
    }
    clocks
}
