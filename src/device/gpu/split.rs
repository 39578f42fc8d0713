//! How the host time of a pass is divided into launch and kernel.

use super::super::Lap;
use crate::record::{Clock, Phase};

/// Host times of passes that were waited for, in seconds.
#[derive(Default)]
pub(super) struct Passed {
    /// From before the recording to the end of the wait.
    pub(super) total: f64,
    /// Recording and finishing the command buffer.
    pub(super) encoding: f64,
}

/// The dispatches of all rounds, done.
#[derive(Default)]
pub(super) struct Done {
    pub(super) passed: Passed,
    /// Passes that were waited for.
    pub(super) waits: u32,
    /// What the GPU's clock says, in seconds, if it was read between the waits and could be true.
    pub(super) gpu: Option<f64>,
    /// Pairs of stamps that could not be true.
    pub(super) rejected: u32,
    /// Seconds in which stamps were read and passes were done again because of them: no part of the job.
    pub(super) beside: f64,
}

/// What the GPU's clock says of a pass.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Stamped {
    /// Nothing: it is missing, or no longer trusted.
    Nothing,
    /// How long the pass took.
    Seconds(f64),
    /// What cannot be true.
    Untrue,
}

impl Stamped {
    pub(super) fn seconds(self) -> Option<f64> {
        if let Self::Seconds(seconds) = self { Some(seconds) } else { None }
    }
}

/// Divides the host time of a pass into launch and kernel: by the GPU's own clock, or else by an empty dispatch for
/// each wait. The two clocks differ a little, so a kernel may seem longer than the wait for it; its launch is then
/// zero.
pub(super) fn split(host: f64, gpu: Option<f64>, empty_dispatch: f64, rounds: u32) -> [Lap; 2] {
    let lap = |phase, clock, seconds| Lap { phase, clock, seconds };
    let rounds = f64::from(rounds);
    if let Some(gpu) = gpu {
        let launch = (host - gpu).max(0.0);
        return [lap(Phase::Launch, Clock::HostLessGpu, launch), lap(Phase::Kernel, Clock::Gpu, gpu / rounds)];
    }
    // An empty dispatch cannot take longer than one that computes: what is left of it is at least nothing.
    let kernel = (host - empty_dispatch).max(0.0);
    [lap(Phase::Launch, Clock::HostLessEmpty, host - kernel), lap(Phase::Kernel, Clock::HostLessEmpty, kernel / rounds)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn launch_and_kernel_add_up_to_the_host_time() {
        let [launch, kernel] = split(10e-6, Some(6e-6), 3e-6, 2);
        assert_eq!((launch.clock, kernel.clock), (Clock::HostLessGpu, Clock::Gpu));
        assert!((launch.seconds + 2.0 * kernel.seconds - 10e-6).abs() < 1e-18);
    }

    #[test]
    fn no_launch_is_shorter_than_nothing() {
        let [launch, kernel] = split(10e-6, Some(10.4e-6), 3e-6, 2);
        assert_eq!((launch.seconds, kernel.seconds), (0.0, 5.2e-6));
    }

    #[test]
    fn without_timestamps_an_empty_dispatch_stands_for_the_launch() {
        let [launch, kernel] = split(10e-6, None, 3e-6, 1);
        assert_eq!((launch.clock, kernel.clock), (Clock::HostLessEmpty, Clock::HostLessEmpty));
        assert!((launch.seconds - 3e-6).abs() < 1e-18 && (kernel.seconds - 7e-6).abs() < 1e-18);
    }
}
