//! Waiting on a word of shared memory, see futex(2).

use std::sync::atomic::AtomicU32;
use std::time::Duration;

/// Sleeps while `word` holds `expected`, at most for `limit`. May return early for no reason.
pub fn wait(word: &AtomicU32, expected: u32, limit: Duration) {
    let timeout = libc::timespec {
        tv_sec: limit.as_secs() as libc::time_t,
        tv_nsec: libc::c_long::from(limit.subsec_nanos() as i32),
    };
    // SAFETY: `word` is a live, aligned u32 and `timeout` a valid timespec for the whole call. The
    // futex is not private, since the waker may be another process.
    unsafe {
        libc::syscall(libc::SYS_futex, word.as_ptr(), libc::FUTEX_WAIT, expected, &raw const timeout, 0, 0);
    }
}

/// Wakes everybody who sleeps on `word`.
pub fn wake(word: &AtomicU32) {
    // SAFETY: `word` is a live, aligned u32.
    unsafe {
        libc::syscall(libc::SYS_futex, word.as_ptr(), libc::FUTEX_WAKE, i32::MAX, 0, 0, 0);
    }
}

/// Why a sleep on a word ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Woken {
    /// the word has another value, or somebody woke the sleeper, or nothing at all happened: look again
    Perhaps,
    /// the time is over
    TimedOut,
    /// a signal's handler has run
    Interrupted,
}

/// Sleeps while `word` holds `expected`, at most for `limit` (None: as long as it takes), and tells why it ended.
pub fn sleep(word: &AtomicU32, expected: u32, limit: Option<Duration>) -> Woken {
    let timeout = limit.map(|limit| libc::timespec {
        tv_sec: limit.as_secs().min(i32::MAX as u64) as libc::time_t,
        tv_nsec: libc::c_long::from(limit.subsec_nanos() as i32),
    });
    let timeout = timeout.as_ref().map_or(std::ptr::null(), std::ptr::from_ref);
    // SAFETY: `word` is a live, aligned u32, and `timeout` null or a valid timespec for the whole call. The futex is not private.
    let slept = unsafe { libc::syscall(libc::SYS_futex, word.as_ptr(), libc::FUTEX_WAIT, expected, timeout, 0, 0) };
    match std::io::Error::last_os_error().raw_os_error() {
        Some(libc::ETIMEDOUT) if slept == -1 => Woken::TimedOut,
        Some(libc::EINTR) if slept == -1 => Woken::Interrupted,
        _ => Woken::Perhaps,
    }
}

/// Wakes up to `count` of those who sleep on `word`; how many there were.
pub fn wake_some(word: &AtomicU32, count: u32) -> usize {
    let count = count.min(i32::MAX as u32);
    // SAFETY: `word` is a live, aligned u32.
    let woken = unsafe { libc::syscall(libc::SYS_futex, word.as_ptr(), libc::FUTEX_WAKE, count, 0, 0, 0) };
    usize::try_from(woken).unwrap_or(0)
}
