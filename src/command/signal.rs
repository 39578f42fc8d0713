//! A signal that would end the program although it can go on.

/// Lets a file that grows beyond the limit of `ulimit -f` be an error, like a full disk. The system would end the
/// program instead.
#[cfg(unix)]
#[expect(unsafe_code, reason = "the standard library ignores no signal but one")]
pub(super) fn let_large_files_fail() {
    use std::ffi::c_int;

    /// `SIGXFSZ` on Linux and macOS.
    const FILE_SIZE: c_int = 25;
    /// `SIG_IGN`.
    const IGNORED: usize = 1;

    unsafe extern "C" {
        fn signal(number: c_int, handler: usize) -> usize;
    }

    // SAFETY: it is the C library's own function, and to ignore a signal runs no code of ours.
    unsafe { signal(FILE_SIZE, IGNORED) };
}

/// Other systems have no such limit.
#[cfg(not(unix))]
pub(super) fn let_large_files_fail() {}
