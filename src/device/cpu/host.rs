//! What the operating system reports about this machine.

use std::fs;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::Duration;

use sysinfo::{CpuRefreshKind, System};

/// Returns the number of threads that this process may run at once.
pub fn host_threads() -> u32 {
    thread::available_parallelism().map_or(1, |threads| threads.get() as u32)
}

/// Returns whether the operating system gives this process one more thread.
pub fn host_has_threads() -> bool {
    thread::Builder::new().spawn(|| ()).is_ok_and(|thread| thread.join().is_ok())
}

/// Seconds between two looks whether somebody wants to stop.
const LOOK: Duration = Duration::from_millis(20);

/// Does long work on a thread of its own. Returns `None` as soon as `stop` holds; the work is left to itself then, for
/// the program is about to end. Without a thread the work is done here, and cannot be stopped.
pub fn unless_stopped<T: Send + 'static>(
    stop: &dyn Fn() -> bool,
    work: impl FnOnce() -> T + Clone + Send + 'static,
) -> Option<T> {
    let (sender, receiver) = mpsc::channel();
    let theirs = work.clone();
    // Nobody receives what comes after a stop.
    let Ok(thread) = thread::Builder::new().spawn(move || drop(sender.send(theirs()))) else { return Some(work()) };
    loop {
        match receiver.recv_timeout(LOOK) {
            Ok(done) => return Some(done),
            Err(RecvTimeoutError::Timeout) if stop() => return None,
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => {
                return thread.join().map_or_else(|panic| std::panic::resume_unwind(panic), |()| None);
            }
        }
    }
}

/// Returns the name of the processor, if the operating system reports it.
pub fn host_processor() -> Option<String> {
    let mut system = System::new();
    system.refresh_cpu_list(CpuRefreshKind::nothing());
    let name = system.cpus().first().map(|cpu| cpu.brand().trim().to_owned());
    name.filter(|name| !name.is_empty())
}

/// Returns the memory in bytes that this process may still take, if the operating system reports it: what is free in
/// the machine, in the container, and below the limit on its address space (`ulimit -v`).
pub fn host_memory() -> Option<u64> {
    let mut system = System::new();
    system.refresh_memory();
    let container = system.cgroup_limits().map(|limits| limits.free_memory);
    let free = Some(system.available_memory()).filter(|bytes| *bytes > 0);
    [free, container, address_space()].into_iter().flatten().min()
}

/// Returns the bytes that the address space may still grow by; `None` without a limit, and on systems other than Linux.
fn address_space() -> Option<u64> {
    let limits = fs::read_to_string("/proc/self/limits").ok()?;
    let limit = limits.lines().find_map(|line| line.strip_prefix("Max address space"))?;
    let limit: u64 = limit.split_whitespace().next()?.parse().ok()?;
    Some(limit.saturating_sub(status("VmSize:")?))
}

/// Returns the peak memory of this program so far, in bytes; `None` on systems other than Linux.
pub fn host_peak_memory() -> Option<u64> {
    status("VmHWM:")
}

/// Returns a number of bytes that Linux tells of this process.
fn status(name: &str) -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let kilobytes = status.lines().find_map(|line| line.strip_prefix(name))?;
    Some(kilobytes.split_whitespace().next()?.parse::<u64>().ok()? * 1024)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_work_is_left_when_somebody_stops_it() {
        let begin = std::time::Instant::now();
        let long = || thread::sleep(Duration::from_secs(60));
        assert_eq!(unless_stopped(&|| begin.elapsed() > Duration::from_millis(100), long), None);
        assert!(begin.elapsed() < Duration::from_secs(10));
        assert_eq!(unless_stopped(&|| false, || 7), Some(7));
    }

    #[test]
    fn linux_tells_its_memory() {
        assert!(host_threads() >= 1);
        if cfg!(target_os = "linux") {
            assert!(host_memory().is_some_and(|bytes| bytes > 1 << 20));
            let before = host_peak_memory().unwrap();
            let block = std::hint::black_box(vec![1u8; (before + (64 << 20)) as usize]);
            assert!(host_peak_memory().unwrap() >= before + (64 << 20));
            drop(block);
        }
    }
}
