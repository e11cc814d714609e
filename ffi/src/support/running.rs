//! What runs on this thread: a server, a pool, or only the program; and how a process that was forked for it ends.

use std::cell::RefCell;
use std::rc::Rc;

use swoole_core::event::Flow;
use swoole_core::process::Pool;
use swoole_core::server::Server;

use crate::server::Callbacks;

/// What has its start function on the stack of this thread.
#[derive(Clone)]
pub(crate) enum Running {
    Server(Server, Rc<Callbacks>),
    Pool(Pool),
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
    if let Some(Running::Server(_, callbacks)) = RUNNING.take() {
        callbacks.forget_process();
    }
}

/// Runs a callback that belongs to the loop of this thread and not to one server: what it asks of
/// the server that runs here, to leave for instance, happens as in the server's own callbacks.
pub(crate) fn in_callback(callback: impl FnOnce()) -> Flow {
    let running = RUNNING.with_borrow(Clone::clone);
    match &running {
        Some(Running::Server(server, callbacks)) => return callbacks.during(server, callback),
        _ => callback(),
    }
    if let Some(Running::Pool(pool)) = &running
        && pool.worker_id().is_none()
    {
        // It forks others, who must not print once more what waits to be printed.
        flush_stdio();
    }
    Flow::Continue
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
