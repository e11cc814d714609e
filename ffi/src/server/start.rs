//! Running a server, and how each of its processes leaves `swoole_server_start`.

use std::io::Write;
use std::rc::Rc;

use swoole_core::error::{Error, ErrorKind, Result};
use swoole_core::server::{Role, ServerEvents};

use super::{ask, swoole_server, with};
use crate::error::{last_message, swoole_result};
use crate::support::running::{Running, flush_stdio, leave_process, set_running};

impl swoole_server {
    fn run(&self, handle: *mut swoole_server) -> Result<()> {
        if self.running.replace(true) {
            return Err(Error::new(
                ErrorKind::OnlyStartOne,
                "this server runs already; swoole_server_start cannot be called inside a callback",
            ));
        }
        flush_stdio();
        self.callbacks.set_handle(handle);
        // After a panic it stays "running": nobody knows what still points to it, so it is not freed.
        set_running(Some(Running::Server(self.engine.clone(), Rc::clone(&self.callbacks))));
        let ended = self.engine.start(Rc::clone(&self.callbacks) as Rc<dyn ServerEvents>);
        set_running(None);
        self.running.set(false);
        let ended = ended?;
        if ended.role != Role::Master {
            leave_process(ended.exit_code);
        }
        self.exit_code.set(ended.exit_code);
        Ok(())
    }
}

/// Runs the server: forks its processes, and returns when all of them have ended after
/// `swoole_server_shutdown` or a SIGTERM. Once per server.
///
/// Only the process that called it returns from it; with the option `daemonize` that is the process
/// in the background. All other processes are forked inside it and end inside it: their
/// stdio is written out and they leave by _exit(), so no atexit() function runs in them. stdio is
/// also written out before the first fork, and after each callback in the master and the manager.
/// The program should have no other threads when it calls this: a fork copies only the caller.
///
/// `SWOOLE_ERROR_INVALID_PARAMS` if an option was refused before, and
/// `SWOOLE_ERROR_SERVER_INVALID_CALLBACK` if a port lacks the callback that it needs (receive for
/// streams, packet for datagrams), or the server that for tasks.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_server_start(server: *mut swoole_server) -> swoole_result {
    let origin = std::process::id();
    // SAFETY: the caller's handle, as the header asks.
    let result = unsafe { with(server, |this| this.run(server)) };
    // After an error or a panic, a forked process must not go on with a program that does not know
    // of it. (A daemon's pid differs too, but it is the master.)
    // SAFETY: as above.
    if std::process::id() != origin && !unsafe { ask(server, false, |s| Ok(s.engine.role() == Role::Master)) } {
        let _ = writeln!(std::io::stderr(), "swoole: process {} ends: {}", std::process::id(), last_message());
        leave_process(255);
    }
    result
}

/// Asks the process that this callback runs in to end once the callback has returned, with `code`
/// (0 to 255) as its exit code. What was sent is still delivered; no further callback runs. A
/// worker is replaced, and reported to the worker-error callback if `code` is not 0. Use it instead
/// of exit(). Only inside a callback, but not in a dispatch or package-length function.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_server_leave(server: *mut swoole_server, code: i32) -> swoole_result {
    // SAFETY: the caller's handle, as the header asks.
    unsafe { with(server, |server| server.callbacks.ask_to_leave(code)) }
}

/// The exit code that the process which returned from `swoole_server_start` was asked for by
/// `swoole_server_leave`; 0 if by nobody, or if `server` is NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_server_exit_code(server: *const swoole_server) -> i32 {
    // SAFETY: the caller's handle, as the header asks.
    unsafe { ask(server, 0, |server| Ok(server.exit_code.get())) }
}
