//! Divides the host time of a pass into launch and kernel.

use super::super::Lap;
use crate::record::{Clock, Phase};

/// Host times of passes, waiting included, in seconds.
#[derive(Default)]
pub(super) struct Passed {
    /// From the start of recording to the end of the wait.
    pub(super) total: f64,
    /// Recording and finishing the command buffer.
    pub(super) encoding: f64,
}

/// The finished dispatches of all rounds.
#[derive(Default)]
pub(super) struct Done {
    pub(super) passed: Passed,
    /// Number of passes with a wait each.
    pub(super) waits: u32,
    /// Time on the GPU's clock in seconds, if it was read between the waits and was possible.
    pub(super) gpu: Option<f64>,
    /// Number of impossible pairs of timestamps.
    pub(super) rejected: u32,
    /// Seconds spent on reading timestamps and on repeating passes because of them. They are no part of the job.
    pub(super) beside: f64,
}

/// What the GPU's clock shows for a pass.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Stamped {
    /// Nothing: the clock is missing, or no longer trusted.
    Nothing,
    /// Time of the pass, in seconds.
    Seconds(f64),
    /// An impossible pair.
    Untrue,
}

impl Stamped {
    pub(super) fn seconds(self) -> Option<f64> {
        if let Self::Seconds(seconds) = self { Some(seconds) } else { None }
    }
}

/// Divides the host time of a pass into launch and kernel. It uses the GPU's own clock, or else subtracts an empty
/// dispatch for each wait. The two clocks differ slightly, so a kernel may seem longer than the wait for it. Its launch
/// time is then zero.
pub(super) fn split(host: f64, gpu: Option<f64>, empty_dispatch: f64, rounds: u32) -> [Lap; 2] {
    let lap = |phase, clock, seconds| Lap { phase, clock, seconds };
    let rounds = f64::from(rounds);
    if let Some(gpu) = gpu {
        let launch = (host - gpu).max(0.0);
        return [lap(Phase::Launch, Clock::HostLessGpu, launch), lap(Phase::Kernel, Clock::Gpu, gpu / rounds)];
    }
    // An empty dispatch cannot take longer than one that computes, so the kernel time is at least zero.
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
