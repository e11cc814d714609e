//! Functions that the loop calls for signals, and the loop's waking up for signals that others handle.

use super::local::{self, CycleFn, Flow};
use super::poller::Interest;
use super::sources::Source;
use crate::error::{Error, ErrorKind, Result};
use crate::sys::fd::Bell;
use crate::sys::signal;
use std::cell::RefCell;
use std::os::fd::AsRawFd;
use std::rc::Rc;

/// What is called for a signal, with its number.
pub type SignalFn = Rc<dyn Fn(i32) -> Flow>;

/// The handlers of one process.
#[derive(Default)]
pub(super) struct Handlers {
    list: Vec<(i32, SignalFn)>,
    bell: Option<OwnBell>,
}

impl Handlers {
    pub(super) fn is_empty(&self) -> bool {
        self.list.is_empty()
    }
}

/// What a signal rings to wake this process's loop.
struct OwnBell {
    bell: Bell,
    _source: Source,
}

impl Drop for OwnBell {
    fn drop(&mut self) {
        signal::stop_waking(&self.bell);
    }
}

thread_local! {
    /// Stays for the life of the thread, also over forks: what it calls is the program's whole signal handling.
    static INTERRUPTED: RefCell<Option<CycleFn>> = const { RefCell::new(None) };
}

/// Calls `callback` from this process's loop when `signo` arrives; several that arrive together are told once. None: gives
/// the signal back to the system's own behaviour. A handler keeps the loop going until it is taken away. Errors: no such signal, or one that
/// cannot be caught (SIGKILL, SIGSTOP); one that a server's process needs itself; there is no handler to take away.
pub fn signal(signo: i32, callback: Option<SignalFn>) -> Result<()> {
    if !(1..=64).contains(&signo) {
        return Err(Error::new(ErrorKind::InvalidParams, format!("there is no signal {signo}; signals are 1 to 64")));
    }
    if local::is_joined() && signal::is_owned(signo) {
        return Err(Error::new(
            ErrorKind::WrongOperation,
            format!(
                "signal {signo} is handled by the server or pool in this process; use its events instead (WorkerExit, WorkerStop, Shutdown)"
            ),
        ));
    }
    let Some(callback) = callback else {
        let old = local::handlers(|h| {
            h.list.iter().position(|(known, _)| *known == signo).map(|place| h.list.swap_remove(place))
        });
        if old.is_none() {
            return Err(Error::new(
                ErrorKind::WrongOperation,
                format!("signal {signo} has no handler in this process's loop"),
            ));
        }
        signal::unlisten_in_loop(signo);
        return Ok(());
    };
    wake_up()?;
    signal::listen_in_loop(signo).map_err(|e| Error::system(format_args!("cannot handle signal {signo}"), &e))?;
    let old = local::handlers(|h| match h.list.iter_mut().find(|(known, _)| *known == signo) {
        Some((_, known)) => Some(std::mem::replace(known, callback)),
        None => {
            h.list.push((signo, callback));
            None
        }
    });
    drop(old);
    Ok(())
}

/// What the loop calls after a signal arrived whose own handler another part of the program has set (see [`follow`]).
pub fn on_interrupt(callback: Option<CycleFn>) {
    let old = INTERRUPTED.replace(callback);
    drop(old);
}

/// Another part of the program has just set a handler for `signo`: it goes on being called, and wakes the loop as well, which then
/// calls what [`on_interrupt`] was given. Errors: the system's.
pub fn follow(signo: i32) -> Result<()> {
    // A loop that does not run yet sees to it when it begins.
    if local::is_running() {
        wake_up()?;
    }
    signal::chain(signo).map_err(|e| Error::system(format_args!("cannot follow the handler of signal {signo}"), &e))
}

/// Makes sure that a signal wakes this loop. A server's process has a bell for that already.
fn wake_up() -> Result<()> {
    if signal::wakes_this_process() {
        return Ok(());
    }
    let bell = Bell::new().map_err(|e| Error::system("cannot make a bell for signals (eventfd)", &e))?;
    let source = Source::new(&bell, Interest::READABLE, None, Rc::new(|_| Flow::Continue))?;
    signal::wake(&bell);
    debug_assert!(bell.as_raw_fd() >= 0);
    let old = local::handlers(|h| h.bell.replace(OwnBell { bell, _source: source }));
    drop(old);
    Ok(())
}

/// Before the loop runs: a forked process has inherited handlers of others, but no bell.
pub(super) fn prepare() {
    if signal::is_chained()
        && let Err(e) = wake_up()
    {
        crate::log::warning(format_args!("{e}; signals will be seen when the loop wakes up for something else"));
    }
}

/// Whether a signal waits for the loop.
pub(super) fn waits() -> bool {
    signal::any_for_loop()
}

/// Calls the handlers of the signals that arrived.
pub(super) fn run() -> Flow {
    if !signal::any_for_loop() {
        return Flow::Continue;
    }
    let taken = signal::take_for_loop();
    let mut left: Vec<i32> = taken.iter().collect();
    if taken.is_foreign() {
        let interrupted = INTERRUPTED.with_borrow(Clone::clone);
        if let Some(leave @ Flow::Leave { .. }) = interrupted.map(|call| call()) {
            signal::put_back(&left);
            return leave;
        }
    }
    while !local::is_ending()
        && let Some(signo) = left.pop()
    {
        let callback = local::handlers(|h| h.list.iter().find(|(known, _)| *known == signo).map(|(_, f)| f.clone()));
        if let Some(leave @ Flow::Leave { .. }) = callback.map(|call| call(signo)) {
            signal::put_back(&left);
            return leave;
        }
    }
    Flow::Continue
}

/// The loop was replaced: its signals go back to the system's own behaviour.
pub(super) fn forget() {
    signal::unlisten_all_in_loop();
}

#[cfg(test)]
mod tests;
