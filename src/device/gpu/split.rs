//! How the host time of a pass is divided into launch and kernel.

use super::super::Lap;
use crate::record::{Clock, Phase};

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
