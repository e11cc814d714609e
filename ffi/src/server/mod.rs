//! The server's handle: what a program holds between `swoole_server_new` and `swoole_server_free`.

mod callbacks;
mod connection;
mod events;
mod info;
mod on;
mod start;
mod tasks;

pub use connection::*;
pub use events::*;
pub use info::*;
pub use on::*;
pub use start::*;
pub use tasks::*;

use std::cell::Cell;
use std::ffi::c_char;
use std::rc::Rc;

use swoole_core::error::{Error, ErrorKind, Result};
use swoole_core::server::{Mode, PortId, Server};

use crate::error::swoole_result;
use crate::support::args::{Out, invalid, socket_type, text};
use crate::support::boundary;
pub(crate) use callbacks::Callbacks;

/// A server. Made by `swoole_server_new`, freed by `swoole_server_free`.
pub struct swoole_server {
    pub(crate) engine: Server,
    pub(crate) callbacks: Rc<Callbacks>,
    /// the thread that made it; a fork keeps the value
    thread: libc::pthread_t,
    /// while `swoole_server_start` is on the stack
    running: Cell<bool>,
    exit_code: Cell<i32>,
}

/// How a server's processes share the work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(C)]
pub enum swoole_mode {
    /// each worker accepts, reads and writes by itself
    SWOOLE_BASE = 1,
    /// reactor threads of the master own the connections; workers get whole messages
    SWOOLE_PROCESS = 2,
}

/// The kinds of socket. `SWOOLE_SSL` may be added to those of streams.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(C)]
#[allow(missing_docs)]
pub enum swoole_socket_type {
    SWOOLE_SOCK_TCP = 1,
    SWOOLE_SOCK_UDP = 2,
    SWOOLE_SOCK_TCP6 = 3,
    SWOOLE_SOCK_UDP6 = 4,
    SWOOLE_SOCK_UNIX_STREAM = 5,
    SWOOLE_SOCK_UNIX_DGRAM = 6,
}

/// Added to a stream's `swoole_socket_type`: with TLS.
pub const SWOOLE_SSL: i32 = 512;

/// Stands for "all ports" and "no particular port" where a port id is asked for.
pub const SWOOLE_ANY_PORT: i32 = -1;

/// Runs `body` with the server behind the handle, inside the panic boundary. An error if the handle
/// is NULL or belongs to another thread.
///
/// # Safety
/// `server` is NULL, or what `swoole_server_new` gave and `swoole_server_free` has not taken back.
pub(crate) unsafe fn with(
    server: *const swoole_server,
    body: impl FnOnce(&swoole_server) -> Result<()>,
) -> swoole_result {
    // SAFETY: passed on to the caller.
    boundary::result(|| body(unsafe { deref(server) }?))
}

/// The same for functions that answer with a value; `otherwise` on an error.
///
/// # Safety
/// As for [`with`].
pub(crate) unsafe fn ask<T>(
    server: *const swoole_server,
    otherwise: T,
    body: impl FnOnce(&swoole_server) -> Result<T>,
) -> T {
    // SAFETY: passed on to the caller.
    boundary::value(otherwise, || body(unsafe { deref(server) }?))
}

/// # Safety
/// As for [`with`].
unsafe fn deref<'a>(server: *const swoole_server) -> Result<&'a swoole_server> {
    // SAFETY: NULL or a live handle, and only ever shared: what changes in it is in cells.
    let Some(server) = (unsafe { server.as_ref() }) else {
        return Err(invalid("the server is NULL; pass what swoole_server_new gave, after checking that it succeeded"));
    };
    // SAFETY: pthread_self has no preconditions.
    if server.thread != unsafe { libc::pthread_self() } {
        return Err(Error::new(
            ErrorKind::WrongOperation,
            "this server was made by another thread; call its functions from that thread only",
        ));
    }
    Ok(server)
}

/// A port id as C gives it.
pub(crate) fn port_id(id: i32) -> Result<PortId> {
    PortId::try_from(id).map_err(|_| {
        Error::new(
            ErrorKind::InvalidListenPort,
            format!("there is no port with the id {id}; pass what swoole_server_listen gave"),
        )
    })
}

/// A port id, or `SWOOLE_ANY_PORT`.
pub(crate) fn optional_port_id(id: i32) -> Result<Option<PortId>> {
    if id == SWOOLE_ANY_PORT { Ok(None) } else { port_id(id).map(Some) }
}

/// Makes a server without a port. `mode` is a `swoole_mode`. A process can have one server at a
/// time.
///
/// `*server` then belongs to the caller, who gives it to `swoole_server_free`. All functions that
/// take it must be called from the thread that called this one; from another they answer
/// `SWOOLE_ERROR_WRONG_OPERATION`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_server_new(mode: i32, server: *mut *mut swoole_server) -> swoole_result {
    boundary::result(|| {
        // SAFETY: the caller's pointer, NULL or valid as the header asks.
        let out = unsafe { Out::required(server, "the place for the server") }?;
        let mode = match mode {
            1 => Mode::Base,
            2 => Mode::Process,
            other => {
                return Err(invalid(format!(
                    "there is no server mode {other}; pass SWOOLE_BASE (1) or SWOOLE_PROCESS (2)"
                )));
            }
        };
        out.put(Box::into_raw(Box::new(swoole_server {
            engine: Server::new(mode)?,
            callbacks: Rc::default(),
            // SAFETY: pthread_self has no preconditions.
            thread: unsafe { libc::pthread_self() },
            running: Cell::new(false),
            exit_code: Cell::new(0),
        })));
        Ok(())
    })
}

/// Frees a server and closes its ports. NULL is allowed. Refused, with a last error, from
/// another thread and inside a callback: a server that runs is ended by `swoole_server_shutdown`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_server_free(server: *mut swoole_server) {
    if server.is_null() {
        return;
    }
    boundary::value((), || {
        // SAFETY: not NULL, so the caller's live handle.
        if unsafe { deref(server) }?.running.get() {
            return Err(Error::new(
                ErrorKind::WrongOperation,
                "a server cannot be freed while it runs; call swoole_server_shutdown, and free it when swoole_server_start has returned",
            ));
        }
        // SAFETY: it came from Box::into_raw in swoole_server_new, and no callback is on the stack
        // that could still use it.
        drop(unsafe { Box::from_raw(server) });
        Ok(())
    });
}

/// Binds a port; the first one is the primary port. Before `swoole_server_start`.
///
/// `host` is an address, a name, or for a Unix socket a path; a stale socket file is replaced.
/// `port` 0 takes a free one, which `swoole_server_port_info` tells. `kind` is a
/// `swoole_socket_type`; with `SWOOLE_SSL` added the port speaks TLS, and needs the options `ssl_cert_file` and
/// `ssl_key_file`. `port_id` may be NULL; it gets the port's id: 0, 1, 2 in the order of the calls.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_server_listen(
    server: *mut swoole_server,
    host: *const c_char,
    port: i32,
    kind: i32,
    port_id: *mut i32,
) -> swoole_result {
    // SAFETY: the caller's pointers, as the header asks.
    unsafe {
        with(server, |server| {
            let (kind, tls) = socket_type(kind)?;
            let id = server.engine.listen(text(host, "the host")?, port.into(), kind)?;
            if tls {
                server.engine.secure(id)?;
            }
            Out::optional(port_id).put(id as i32);
            Ok(())
        })
    }
}
