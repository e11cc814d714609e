//! What runs on this thread: a server, a pool, or only the program; and how a process that was forked for it ends.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use swoole_core::error::{Error, ErrorKind, Result};
use swoole_core::event::Flow;
use swoole_core::process::Pool;
use swoole_core::server::Server;

use super::args::invalid;
use crate::process::PoolCallbacks;
use crate::server::Callbacks;

/// What has its start function on the stack of this thread.
#[derive(Clone)]
pub(crate) enum Running {
    Server(Server, Rc<Callbacks>),
    Pool(Pool, Rc<PoolCallbacks>),
}

thread_local! {
    static RUNNING: RefCell<Option<Running>> = const { RefCell::new(None) };
}

/// Its start function begins (None: has returned).
pub(crate) fn set_running(running: Option<Running>) {
    RUNNING.set(running);
}

/// This process was forked by the program's own wish: the server or pool of the process it came from is not its.
pub(crate) fn forget_running() {
    match RUNNING.take() {
        Some(Running::Server(_, callbacks)) => callbacks.leaving().forget(),
        Some(Running::Pool(_, callbacks)) => callbacks.leaving().forget(),
        None => {}
    }
}

/// Runs a callback that belongs to the loop of this thread and not to one server: what it asks of
/// the server that runs here, to leave for instance, happens as in the server's own callbacks.
pub(crate) fn in_callback(callback: impl FnOnce()) -> Flow {
    match RUNNING.with_borrow(Clone::clone) {
        Some(Running::Server(server, callbacks)) => callbacks.leaving().during(server.worker_id().is_some(), callback),
        Some(Running::Pool(pool, callbacks)) => callbacks.leaving().during(pool.worker_id().is_some(), callback),
        None => {
            callback();
            Flow::Continue
        }
    }
}

/// How callbacks of a server or a pool ask for their process to end.
#[derive(Default)]
pub(crate) struct Leaving {
    /// how many callbacks are on the stack
    depth: Cell<u32>,
    /// the exit code that was asked for
    code: Cell<Option<i32>>,
}

impl Leaving {
    /// Runs a callback, and finds out what is to happen after it. `forks_none`: this process forks no others.
    pub(crate) fn during(&self, forks_none: bool, callback: impl FnOnce()) -> Flow {
        self.depth.set(self.depth.get() + 1);
        callback();
        self.depth.set(self.depth.get() - 1);
        // A process that forks others must not leave them text to print once more.
        if !forks_none {
            flush_stdio();
        }
        match self.code.take() {
            Some(code) => Flow::Leave { code },
            None => Flow::Continue,
        }
    }

    /// Remembers the wish of a callback. `name` is the function that was called, `instead` what to call elsewhere.
    pub(crate) fn ask(&self, name: &str, instead: &str, code: i32) -> Result<()> {
        if self.depth.get() == 0 {
            return Err(Error::new(
                ErrorKind::WrongOperation,
                format!("{name} works inside an event's callback only; elsewhere call {instead}"),
            ));
        }
        if !(0..=255).contains(&code) {
            return Err(invalid(format!("{code} cannot be an exit code; pass 0 to 255")));
        }
        self.code.set(Some(code));
        Ok(())
    }

    /// This process is none of the server's or pool's: the program has forked it inside a callback.
    fn forget(&self) {
        self.depth.set(0);
    }
}

/// The thread that runs.
pub(crate) fn this_thread() -> libc::pthread_t {
    // SAFETY: pthread_self has no preconditions.
    unsafe { libc::pthread_self() }
}

/// Writes out the program's stdio buffers, so that a forked process does not inherit, and later
/// print, what another has already printed.
pub(crate) fn flush_stdio() {
    // SAFETY: NULL asks for all output streams; there are no preconditions.
    unsafe { libc::fflush(std::ptr::null_mut()) };
}

/// Ends a forked process. Not by exit(): the functions that the program gave to atexit() are to run
/// once, in the process that it started.
pub(crate) fn leave_process(code: i32) -> ! {
    flush_stdio();
    // SAFETY: _exit has no preconditions and does not return.
    unsafe { libc::_exit(code) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn leaving_needs_a_callback_to_leave() {
        let error = Leaving::default().ask("swoole_x_leave", "swoole_x_shutdown", 0).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::WrongOperation);
        assert!(error.to_string().contains("swoole_x_shutdown"));
    }

    #[test]
    fn a_callback_leaves_once_with_a_code_that_a_process_can_have() {
        let leaving = Leaving::default();
        let ask = |code| leaving.ask("swoole_x_leave", "swoole_x_shutdown", code);
        assert_eq!(leaving.during(true, || assert!(ask(256).is_err())), Flow::Continue);
        assert_eq!(leaving.during(true, || ask(7).unwrap()), Flow::Leave { code: 7 });
        assert_eq!(leaving.during(true, || ()), Flow::Continue);
    }
}
