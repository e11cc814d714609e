//! Signals: a handler that only sets a bit and rings a bell. What to do about a signal is decided
//! by the loop of the process it arrived in.

use super::fd;
use parking_lot::{Mutex, const_mutex};
use std::io;
use std::os::fd::AsRawFd;
use std::sync::atomic::{AtomicBool, AtomicI32, AtomicU64, AtomicUsize, Ordering};

/// Bit n (0 for 64): signal n arrived and was not taken yet.
static PENDING: AtomicU64 = AtomicU64::new(0);
/// Descriptor that is rung when a signal arrives; -1: none.
static WAKE: AtomicI32 = AtomicI32::new(-1);
/// The process that [`WAKE`] belongs to, and with it the handlers of [`LOOP`].
static OWNER: AtomicI32 = AtomicI32::new(0);
/// Bits of the signals that a process of a server handles itself.
static OWNED: AtomicU64 = AtomicU64::new(0);
/// Bits of the signals that the program's own event loop handles.
static LOOP: AtomicU64 = AtomicU64::new(0);
/// A signal arrived whose handler another part of the program has set.
static FOREIGN: AtomicBool = AtomicBool::new(false);
/// Bits of the signals with such a handler.
static CHAINED: AtomicU64 = AtomicU64::new(0);
/// Those handlers, by signal.
static CHAIN: [AtomicUsize; 65] = [const { AtomicUsize::new(0) }; 65];

/// What was to be done about the signals that a server's process has taken, before it took them. Only main threads have this lock.
static BEFORE: Mutex<Vec<(i32, libc::sigaction)>> = const_mutex(Vec::new());

fn bit(signal: i32) -> u64 {
    1 << (signal as u32 & 63)
}

pub use libc::{SIGCHLD, SIGHUP, SIGINT, SIGKILL, SIGPIPE, SIGTERM, SIGUSR1, SIGUSR2};

/// SIGRTMIN: the log file is opened again.
pub fn reopen_log() -> i32 {
    libc::SIGRTMIN()
}

extern "C" fn on_signal(signal: libc::c_int) {
    // SAFETY: errno belongs to this thread; it is kept since the interrupted code may be about to read it.
    unsafe {
        let errno = *libc::__errno_location();
        if LOOP.load(Ordering::Relaxed) & bit(signal) != 0 && OWNER.load(Ordering::Relaxed) != libc::getpid() {
            // Inherited over a fork that did not begin a loop: this process has not asked for the signal. It is blocked until this returns.
            libc::signal(signal, libc::SIG_DFL);
            libc::raise(signal);
        } else {
            // Release: whoever takes the bit also sees what this thread did before; the bell orders the rest.
            PENDING.fetch_or(bit(signal), Ordering::Release);
            ring();
        }
        *libc::__errno_location() = errno;
    }
}

/// Calls the handler that was there before, and wakes the loop.
extern "C" fn on_chained(signal: libc::c_int, info: *mut libc::siginfo_t, context: *mut libc::c_void) {
    let before = CHAIN.get(signal as usize).map_or(0, |handler| handler.load(Ordering::Relaxed));
    // SAFETY: `chain` has stored a handler that the program gave to sigaction, to be called with these; on Linux one that expects the
    // signal alone may be called with more arguments. errno is kept.
    unsafe {
        let errno = *libc::__errno_location();
        if before != 0 {
            let handler: extern "C" fn(libc::c_int, *mut libc::siginfo_t, *mut libc::c_void) =
                std::mem::transmute(before as *const ());
            handler(signal, info, context);
        }
        FOREIGN.store(true, Ordering::Release);
        if OWNER.load(Ordering::Relaxed) == libc::getpid() {
            ring();
        }
        *libc::__errno_location() = errno;
    }
}

fn ring() {
    let wake = WAKE.load(Ordering::Relaxed);
    if wake >= 0 {
        fd::ring_raw(wake);
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

fn action(signal: i32) -> libc::sigaction {
    // SAFETY: a zeroed sigaction is a valid place, and what a failed call leaves there means the system's own behaviour.
    unsafe {
        let mut action: libc::sigaction = std::mem::zeroed();
        libc::sigaction(signal, std::ptr::null(), &raw mut action);
        action
    }
}

/// What handles `signal` in this process.
pub(super) fn handler(signal: i32) -> libc::sighandler_t {
    action(signal).sa_sigaction
}

/// As [`set_handler`], for a process of a server: what was there before comes back in [`leave_to_program`].
fn take_over(signal: i32, handler: libc::sighandler_t) -> io::Result<()> {
    let before = action(signal);
    set_handler(signal, handler)?;
    let mut known = BEFORE.lock();
    if before.sa_sigaction != on_signal as *const () as libc::sighandler_t && known.iter().all(|(s, _)| *s != signal) {
        known.push((signal, before));
    }
    Ok(())
}

/// Sets actions that were read before.
fn put(actions: &[(i32, libc::sigaction)]) {
    for (signal, action) in actions {
        // SAFETY: the action is one that sigaction gave for this signal in this process or in one that it was forked from.
        unsafe { libc::sigaction(*signal, action, std::ptr::null_mut()) };
    }
}

/// In a child that is a process of the program's own: nothing of the engine's handles or ignores a signal any more, and what a server's
/// process had changed is as before that. SIGCHLD is not ignored: this process has no children yet that it could have meant. To be called
/// with all signals blocked.
pub fn leave_to_program() {
    unlisten_all_in_loop();
    WAKE.store(-1, Ordering::Relaxed);
    OWNED.store(0, Ordering::Relaxed);
    PENDING.store(0, Ordering::Relaxed);
    FOREIGN.store(false, Ordering::Relaxed);
    let mut before = std::mem::take(&mut *BEFORE.lock());
    before.retain(|(signal, _)| is_ours(handler(*signal)));
    put(&before);
    if handler(SIGCHLD) == libc::SIG_IGN {
        let _ = set_handler(SIGCHLD, libc::SIG_DFL);
    }
}

fn is_ours(handler: libc::sighandler_t) -> bool {
    handler == libc::SIG_IGN || handler == on_signal as *const () as libc::sighandler_t
}

/// What was ignored by [`before_exec`].
pub struct Ignored(Vec<(i32, libc::sigaction)>);

/// Stops ignoring what a server's process ignores: a program that this process is replaced by would inherit that. Handlers it does not.
pub fn before_exec() -> Ignored {
    let before = BEFORE.lock();
    let ignored = |(signal, _): &&(i32, libc::sigaction)| handler(*signal) == libc::SIG_IGN;
    let now = before.iter().filter(ignored).map(|(signal, _)| (*signal, action(*signal))).collect();
    put(&before.iter().filter(ignored).copied().collect::<Vec<_>>());
    Ignored(now)
}

impl Ignored {
    /// No other program came of it.
    pub fn ignore_again(self) {
        put(&self.0);
    }
}

/// Whether this process ignores SIGCHLD, or has said that it does not wait for children: the system forgets them as they end.
pub fn forgets_children() -> bool {
    let action = action(SIGCHLD);
    action.sa_sigaction == libc::SIG_IGN || action.sa_flags & libc::SA_NOCLDWAIT != 0
}

/// Sends this process the signal of `clock` (an ITIMER_* number) every `period`, rounded up to microseconds; None ends that.
pub fn set_alarm(clock: i32, period: Option<std::time::Duration>) -> io::Result<()> {
    let micros = period.map_or(0, |period| period.as_nanos().div_ceil(1000).min(i64::MAX as u128) as i64);
    let time = libc::timeval { tv_sec: micros / 1_000_000, tv_usec: micros % 1_000_000 };
    let value = libc::itimerval { it_interval: time, it_value: time };
    // SAFETY: `value` is a valid itimerval that is only read.
    super::check(unsafe { libc::setitimer(clock as _, &raw const value, std::ptr::null_mut()) }).map(drop)
}

/// Handles `signals` in this process: each sets its bit and rings `bell` (see [`take`]). Bits that
/// were pending in the parent are forgotten.
pub fn listen(signals: &[i32], bell: &fd::Bell) -> io::Result<()> {
    unlisten_all_in_loop();
    PENDING.store(0, Ordering::Relaxed);
    wake(bell);
    OWNED.store(signals.iter().fold(0, |bits, signal| bits | bit(*signal)), Ordering::Relaxed);
    signals.iter().try_for_each(|signal| take_over(*signal, on_signal as *const () as libc::sighandler_t))
}

/// Ignores `signals` in this process of a server.
pub fn ignore(signals: &[i32]) -> io::Result<()> {
    signals.iter().try_for_each(|signal| take_over(*signal, libc::SIG_IGN))
}

/// Gives `signals` back to the system's own behaviour, and rings no bell any more.
pub fn reset(signals: &[i32]) {
    WAKE.store(-1, Ordering::Relaxed);
    OWNED.store(0, Ordering::Relaxed);
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
        self.0 & bit(signal) != 0
    }
}

/// Whether a signal is waiting to be taken.
pub fn any() -> bool {
    PENDING.load(Ordering::Relaxed) & !LOOP.load(Ordering::Relaxed) != 0
}

/// Takes the signals that arrived.
pub fn take() -> Taken {
    let ours = !LOOP.load(Ordering::Relaxed);
    Taken(PENDING.fetch_and(!ours, Ordering::Acquire) & ours)
}

/// Signals that arrived for the program's own loop.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ForLoop {
    bits: u64,
    foreign: bool,
}

impl ForLoop {
    /// Their numbers.
    pub fn iter(self) -> impl Iterator<Item = i32> {
        (1..=64).filter(move |signal| self.bits & bit(*signal) != 0)
    }

    /// Whether one arrived whose handler another part of the program has set.
    pub fn is_foreign(self) -> bool {
        self.foreign
    }
}

/// Whether a signal waits for the program's own loop.
pub fn any_for_loop() -> bool {
    PENDING.load(Ordering::Relaxed) & LOOP.load(Ordering::Relaxed) != 0 || FOREIGN.load(Ordering::Relaxed)
}

/// Whether a signal arrived whose handler another part of the program has set, see [`chain`]. The loop is not told of it any more.
pub fn take_foreign() -> bool {
    FOREIGN.load(Ordering::Relaxed) && FOREIGN.swap(false, Ordering::Acquire)
}

/// Takes the signals that arrived for the program's own loop.
pub fn take_for_loop() -> ForLoop {
    let theirs = LOOP.load(Ordering::Relaxed);
    let foreign = FOREIGN.swap(false, Ordering::Acquire);
    ForLoop { bits: PENDING.fetch_and(!theirs, Ordering::Acquire) & theirs, foreign }
}

/// Those of `signals` wait to be taken again.
pub fn put_back(signals: &[i32]) {
    let bits = signals.iter().fold(0, |bits, signal| bits | bit(*signal));
    PENDING.fetch_or(bits & LOOP.load(Ordering::Relaxed), Ordering::Release);
}

/// Handles `signal` for the program's own loop in this process: it sets its bit and rings the bell that [`wake`] was given.
pub fn listen_in_loop(signal: i32) -> io::Result<()> {
    // What arrived for the handler that is replaced is told to the new one.
    if LOOP.fetch_or(bit(signal), Ordering::Relaxed) & bit(signal) == 0 {
        PENDING.fetch_and(!bit(signal), Ordering::Relaxed);
    }
    set_handler(signal, on_signal as *const () as libc::sighandler_t).inspect_err(|_| {
        LOOP.fetch_and(!bit(signal), Ordering::Relaxed);
    })
}

/// Gives a signal of the loop back to the system's own behaviour.
pub fn unlisten_in_loop(signal: i32) {
    // Another part of the program may have set its own since.
    if handler(signal) == on_signal as *const () as libc::sighandler_t {
        let _ = set_handler(signal, libc::SIG_DFL);
    }
    LOOP.fetch_and(!bit(signal), Ordering::Relaxed);
    PENDING.fetch_and(!bit(signal), Ordering::Relaxed);
}

/// Gives all of them back.
pub fn unlisten_all_in_loop() {
    let theirs = LOOP.load(Ordering::Relaxed);
    (1..=64).filter(|signal| theirs & bit(*signal) != 0).for_each(unlisten_in_loop);
}

/// Whether a process of a server handles `signal` itself.
pub fn is_owned(signal: i32) -> bool {
    OWNED.load(Ordering::Relaxed) & bit(signal) != 0
}

/// From now on signals ring `bell`, in this process.
pub fn wake(bell: &fd::Bell) {
    let this = super::process::pid();
    if OWNER.swap(this, Ordering::Relaxed) != this {
        // What is set was the parent's.
        unlisten_all_in_loop();
    }
    WAKE.store(bell.as_raw_fd(), Ordering::Release);
}

/// They do not ring `bell` any more.
pub fn stop_waking(bell: &fd::Bell) {
    let _ = WAKE.compare_exchange(bell.as_raw_fd(), -1, Ordering::Relaxed, Ordering::Relaxed);
}

/// Whether signals ring a bell of this process.
pub fn wakes_this_process() -> bool {
    WAKE.load(Ordering::Relaxed) >= 0 && OWNER.load(Ordering::Relaxed) == super::process::pid()
}

/// Whether [`chain`] was called for any signal.
pub fn is_chained() -> bool {
    CHAINED.load(Ordering::Relaxed) != 0
}

/// Leaves `signal` to the handler that it has, and has the bell rung after it. Does nothing if it has none but the system's own.
pub fn chain(signal: i32) -> io::Result<()> {
    let Some(place) = usize::try_from(signal).ok().and_then(|signal| CHAIN.get(signal)) else {
        return Err(io::Error::from_raw_os_error(libc::EINVAL));
    };
    let ours = on_chained as *const () as libc::sighandler_t;
    // SAFETY: zeroed sigaction values are valid places; the handler only calls what was there before, atomics and write.
    unsafe {
        let mut action: libc::sigaction = std::mem::zeroed();
        super::check(libc::sigaction(signal, std::ptr::null(), &raw mut action))?;
        if [libc::SIG_DFL, libc::SIG_IGN, ours].contains(&action.sa_sigaction) {
            return Ok(());
        }
        place.store(action.sa_sigaction, Ordering::Relaxed);
        action.sa_sigaction = ours;
        action.sa_flags |= libc::SA_SIGINFO;
        super::check(libc::sigaction(signal, &raw const action, std::ptr::null_mut()))?;
    }
    CHAINED.fetch_or(bit(signal), Ordering::Relaxed);
    Ok(())
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

/// A handler as another part of a program has one.
#[cfg(test)]
pub mod foreign {
    use std::sync::atomic::{AtomicU64, Ordering};

    /// The process's number above, its calls below.
    static CALLS: AtomicU64 = AtomicU64::new(0);

    extern "C" fn count(_: libc::c_int) {
        let this = u64::from(std::process::id());
        let _ = CALLS.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |calls| {
            Some(if calls >> 32 == this { calls + 1 } else { (this << 32) + 1 })
        });
    }

    /// Counts the arrivals of `signal`.
    pub fn handle(signal: i32) {
        super::set_handler(signal, count as *const () as libc::sighandler_t).expect("a handler");
    }

    /// Ignores it.
    pub fn ignore(signal: i32) {
        super::set_handler(signal, libc::SIG_IGN).expect("to ignore it");
    }

    /// How often it has arrived in this process.
    pub fn calls() -> usize {
        let calls = CALLS.load(Ordering::Relaxed);
        if calls >> 32 == u64::from(std::process::id()) { (calls & u64::from(u32::MAX)) as usize } else { 0 }
    }
}
