//! Signals that would end the program although it can go on.

#[cfg(unix)]
mod system {
    use std::ffi::c_int;

    /// `SIGHUP`, which comes when a terminal is closed.
    pub(super) const CLOSED: c_int = 1;
    /// `SIGXFSZ` on Linux and macOS.
    pub(super) const FILE_SIZE: c_int = 25;
    /// `SIG_IGN`.
    pub(super) const IGNORED: usize = 1;

    /// Says what shall happen on a signal: what happened before, or nothing. Returns what happened until now.
    #[expect(unsafe_code, reason = "the standard library ignores no signal but one")]
    pub(super) fn answer(number: c_int, how: usize) -> usize {
        unsafe extern "C" {
            fn signal(number: c_int, how: usize) -> usize;
        }
        // SAFETY: it is the C library's own function, and neither way runs code of ours that was not set before.
        unsafe { signal(number, how) }
    }
}

/// Lets a file that grows beyond the limit of `ulimit -f` be an error, like a full disk. The system would end the
/// program instead.
#[cfg(unix)]
pub(super) fn let_large_files_fail() {
    system::answer(system::FILE_SIZE, system::IGNORED);
}

/// Other systems have no such limit.
#[cfg(not(unix))]
pub(super) fn let_large_files_fail() {}

/// Sets the handlers of signals. If the program was started by `nohup`, it goes on when the terminal is closed.
#[cfg(unix)]
pub(super) fn heed<T>(set_handlers: impl FnOnce() -> T) -> T {
    let before = system::answer(system::CLOSED, system::IGNORED);
    system::answer(system::CLOSED, before);
    let outcome = set_handlers();
    if before == system::IGNORED {
        system::answer(system::CLOSED, before);
    }
    outcome
}

/// Other systems have no `nohup`.
#[cfg(not(unix))]
pub(super) fn heed<T>(set_handlers: impl FnOnce() -> T) -> T {
    set_handlers()
}
