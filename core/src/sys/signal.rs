//! Signals: a handler that only sets a bit and rings a bell. What to do about a signal is decided
//! by the loop of the process it arrived in.

use super::fd;
use std::io;
use std::sync::atomic::{AtomicI32, AtomicU64, Ordering};

/// Bit n: signal n arrived and was not taken yet.
static PENDING: AtomicU64 = AtomicU64::new(0);
/// Descriptor that is rung when a signal arrives; -1: none.
static WAKE: AtomicI32 = AtomicI32::new(-1);

pub use libc::{SIGCHLD, SIGHUP, SIGINT, SIGKILL, SIGPIPE, SIGTERM, SIGUSR1, SIGUSR2};

/// SIGRTMIN: the log file is opened again.
pub fn reopen_log() -> i32 {
    libc::SIGRTMIN()
}

extern "C" fn on_signal(signal: libc::c_int) {
    // SAFETY: errno belongs to this thread; it is kept since the interrupted code may be about to read it.
    unsafe {
        let errno = *libc::__errno_location();
        // Release: whoever takes the bit also sees what this thread did before; the bell orders the rest.
        PENDING.fetch_or(1 << (signal as u32 & 63), Ordering::Release);
        let wake = WAKE.load(Ordering::Relaxed);
        if wake >= 0 {
            fd::ring_raw(wake);
        }
        *libc::__errno_location() = errno;
    }
}

fn set_handler(signal: i32, handler: libc::sighandler_t) -> io::Result<()> {
    // SAFETY: an all-zero sigaction is valid; the handler is async-signal-safe (atomics and write).
    unsafe {
        let mut action: libc::sigaction = std::mem::zeroed();
        action.sa_sigaction = handler;
        action.sa_flags = libc::SA_RESTART;
        libc::sigemptyset(&raw mut action.sa_mask);
        super::check(libc::sigaction(signal, &raw const action, std::ptr::null_mut())).map(drop)
    }
}

/// Handles `signals` in this process: each sets its bit and rings `bell` (see [`take`]). Bits that
/// were pending in the parent are forgotten.
pub fn listen(signals: &[i32], bell: &fd::Bell) -> io::Result<()> {
    use std::os::fd::AsRawFd;
    PENDING.store(0, Ordering::Relaxed);
    WAKE.store(bell.as_raw_fd(), Ordering::Release);
    signals.iter().try_for_each(|signal| set_handler(*signal, on_signal as *const () as libc::sighandler_t))
}

/// Ignores `signals` in this process.
pub fn ignore(signals: &[i32]) -> io::Result<()> {
    signals.iter().try_for_each(|signal| set_handler(*signal, libc::SIG_IGN))
}

/// Gives `signals` back to the system's own behaviour, and rings no bell any more.
pub fn reset(signals: &[i32]) {
    WAKE.store(-1, Ordering::Relaxed);
    for signal in signals {
        let _ = set_handler(*signal, libc::SIG_DFL);
    }
}

/// The signals that arrived since the last call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Taken(u64);

impl Taken {
    /// Whether `signal` is among them.
    pub fn has(self, signal: i32) -> bool {
        self.0 & (1 << (signal as u32 & 63)) != 0
    }
}

/// Whether a signal is waiting to be taken.
pub fn any() -> bool {
    PENDING.load(Ordering::Relaxed) != 0
}

/// Takes the signals that arrived.
pub fn take() -> Taken {
    Taken(PENDING.swap(0, Ordering::Acquire))
}

/// A set of signals.
pub type Mask = libc::sigset_t;

/// Blocks every signal in the calling thread; gives back what was blocked, for [`unblock`].
/// Threads spawned meanwhile inherit it, so that handlers only ever run on the main thread.
pub fn block_all() -> Mask {
    // SAFETY: zeroed sigset_t values are valid places for the calls to fill.
    unsafe {
        let mut all: libc::sigset_t = std::mem::zeroed();
        let mut old: libc::sigset_t = std::mem::zeroed();
        libc::sigfillset(&raw mut all);
        libc::pthread_sigmask(libc::SIG_SETMASK, &raw const all, &raw mut old);
        old
    }
}

/// Restores what [`block_all`] gave.
pub fn unblock(old: &Mask) {
    // SAFETY: `old` is a set that pthread_sigmask filled.
    unsafe {
        libc::pthread_sigmask(libc::SIG_SETMASK, old, std::ptr::null_mut());
    }
}

/// Lets every signal through: in a child that was forked with all blocked, once it has its handlers.
pub fn unblock_all() {
    // SAFETY: a zeroed sigset_t is a valid place for sigemptyset.
    unsafe {
        let mut none: libc::sigset_t = std::mem::zeroed();
        libc::sigemptyset(&raw mut none);
        libc::pthread_sigmask(libc::SIG_SETMASK, &raw const none, std::ptr::null_mut());
    }
}
