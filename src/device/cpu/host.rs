//! What the operating system tells about this machine.

use std::fs;
use std::process::Command;

/// Threads that this process may run at once.
pub fn host_threads() -> u32 {
    std::thread::available_parallelism().map_or(1, |threads| threads.get() as u32)
}

/// The processor's name, where the operating system tells it.
pub fn host_processor() -> Option<String> {
    let name = if cfg!(target_os = "linux") {
        value_of("/proc/cpuinfo", "model name")
    } else if cfg!(target_os = "macos") {
        sysctl("machdep.cpu.brand_string")
    } else {
        std::env::var("PROCESSOR_IDENTIFIER").ok()
    };
    name.map(|name| name.trim().to_owned()).filter(|name| !name.is_empty())
}

/// Bytes of memory that programs can still have, or else all of it, where the operating system tells it.
pub fn host_memory() -> Option<u64> {
    if cfg!(target_os = "linux") {
        let kibibytes = value_of("/proc/meminfo", "MemAvailable")?;
        Some(kibibytes.split_whitespace().next()?.parse::<u64>().ok()? * 1024)
    } else if cfg!(target_os = "macos") {
        sysctl("hw.memsize")?.trim().parse().ok()
    } else {
        None
    }
}

/// The most bytes of memory that this program has had at once so far, where the operating system tells it.
pub fn host_peak_memory() -> Option<u64> {
    let kibibytes = value_of("/proc/self/status", "VmHWM")?;
    Some(kibibytes.split_whitespace().next()?.parse::<u64>().ok()? * 1024)
}

/// The first line `key : value` of a file.
fn value_of(path: &str, key: &str) -> Option<String> {
    let text = fs::read_to_string(path).ok()?;
    let lines = text.lines().filter_map(|line| line.split_once(':'));
    lines.filter(|(name, _)| name.trim() == key).map(|(_, value)| value.trim().to_owned()).next()
}

fn sysctl(name: &str) -> Option<String> {
    let output = Command::new("sysctl").args(["-n", name]).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned())
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
