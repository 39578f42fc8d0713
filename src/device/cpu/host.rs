//! What the operating system reports about this machine.

use std::fs;

use sysinfo::{CpuRefreshKind, System};

/// Returns the number of threads that this process may run at once.
pub fn host_threads() -> u32 {
    std::thread::available_parallelism().map_or(1, |threads| threads.get() as u32)
}

/// Returns the name of the processor, if the operating system reports it.
pub fn host_processor() -> Option<String> {
    let mut system = System::new();
    system.refresh_cpu_list(CpuRefreshKind::nothing());
    let name = system.cpus().first().map(|cpu| cpu.brand().trim().to_owned());
    name.filter(|name| !name.is_empty())
}

/// Returns the available memory in bytes, if the operating system reports it.
pub fn host_memory() -> Option<u64> {
    let mut system = System::new();
    system.refresh_memory();
    Some(system.available_memory()).filter(|bytes| *bytes > 0)
}

/// Returns the peak memory of this program so far, in bytes; `None` on systems other than Linux.
pub fn host_peak_memory() -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    Some(peak.split_whitespace().next()?.parse::<u64>().ok()? * 1024)
}

#[cfg(test)]
mod tests {
    use super::*;

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
