//! Measures how much processor time this program and all others use.

use std::time::Instant;

use sysinfo::{ProcessRefreshKind, ProcessesToUpdate, System};

use crate::clock;
use crate::device::cpu::host_threads;
use crate::record::{ProcessorUse, Told};
use crate::units;

/// Shortest time over which systems report processor use, in seconds. Linux counts hundredths, and no system is asked
/// twice within a fifth of a second.
const SHORTEST: f64 = 0.25;

/// Measures processor use from its start to its stop.
pub struct Meter {
    system: System,
    start: Instant,
    /// Processor time of this program at the start, in seconds.
    own: Option<f64>,
}

impl Meter {
    /// Starts measuring.
    pub fn start() -> Self {
        let mut system = System::new();
        let own = refreshed(&mut system);
        Self { system, start: clock::now(), own }
    }

    /// Returns who used the processors since the start.
    pub fn stop(mut self) -> Told<ProcessorUse> {
        let seconds = clock::seconds_since(self.start);
        if seconds < SHORTEST {
            let short = format!("watched for {}, which is too short", units::seconds(seconds));
            return Told::absent(short);
        }
        let own = refreshed(&mut self.system).zip(self.own).map(|(now, before)| now - before);
        let busy = f64::from(self.system.global_cpu_usage()) / 100.0;
        shares(seconds, self.system.cpus().len(), host_threads() as usize, busy, own)
    }
}

/// Updates the processor use since the last update, and returns this program's processor time so far, in seconds.
fn refreshed(system: &mut System) -> Option<f64> {
    system.refresh_cpu_usage();
    let own = sysinfo::get_current_pid().ok()?;
    let times = ProcessRefreshKind::nothing().with_cpu().without_tasks();
    system.refresh_processes_specifics(ProcessesToUpdate::Some(&[own]), false, times);
    Some(system.process(own)?.accumulated_cpu_time() as f64 / 1e3)
}

/// Divides the busy share of all processors into ours and that of others. A container may see the processors of its
/// whole host; then the shares would be meaningless.
fn shares(seconds: f64, processors: usize, threads: usize, busy: f64, own: Option<f64>) -> Told<ProcessorUse> {
    let Some(own) = own else {
        return Told::absent("the system does not report this program's processor time");
    };
    if processors != threads {
        return Told::absent(format!(
            "the system shows {processors} processors, and this program may use {threads} of them"
        ));
    }
    let own = own / (seconds * processors as f64);
    Told::known(ProcessorUse { seconds, own, others: (busy - own).max(0.0) })
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use super::*;

    #[test]
    fn what_is_not_ours_is_the_others() {
        let used = shares(2.0, 4, 4, 0.75, Some(4.0)).value.unwrap();
        assert_eq!((used.own, used.others), (0.5, 0.25));
        let alone = shares(2.0, 4, 4, 0.49, Some(4.0)).value.unwrap();
        assert_eq!(alone.others, 0.0, "counted in hundredths: never below nothing");
    }

    #[test]
    fn a_host_that_shines_through_is_not_believed() {
        assert!(shares(2.0, 64, 2, 0.5, Some(1.0)).reason.unwrap().contains("64 processors"));
        assert!(shares(2.0, 2, 2, 0.5, None).value.is_none());
        assert!(Meter::start().stop().reason.unwrap().contains("too short"));
    }

    /// Half a second of work in this thread counts as ours; that of another program does not.
    #[test]
    fn own_work_is_told_from_that_of_another_program() {
        if !cfg!(target_os = "linux") {
            return;
        }
        let spin = || {
            let start = clock::now();
            while clock::seconds_since(start) < 0.5 {
                std::hint::spin_loop();
            }
        };
        let meter = Meter::start();
        spin();
        let alone = meter.stop();
        let Some(alone) = alone.value else {
            // For example, a container with a share of its host's processors.
            eprintln!("not tested: {}", alone.reason.unwrap());
            return;
        };
        let turns = 0.5 / f64::from(host_threads());
        assert!(alone.own > 0.2 * turns, "{alone:?}");
        let mut hog = Command::new("sh").args(["-c", "while :; do :; done"]).spawn().unwrap();
        let meter = Meter::start();
        spin();
        let beside = meter.stop();
        hog.kill().unwrap();
        hog.wait().unwrap();
        let beside = beside.value.unwrap();
        assert!(beside.others > 0.2 * turns && beside.own > 0.2 * turns, "{beside:?}");
    }
}
