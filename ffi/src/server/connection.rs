//! What a callback may do to connections, and what it may ask about them. From any worker to any
//! connection.

use std::ffi::{c_char, c_void};

use swoole_core::server::ConnectionInfo;

use super::{ask, optional_port_id, swoole_server, with};
use crate::bytes::swoole_bytes;
use crate::error::swoole_result;
use crate::support::args::{Out, OutList, bytes, c_str, fixed_text, text};

/// Most sessions that one call of `swoole_server_connection_list` gives.
const LIST_MAX: usize = 100;

/// What is known about a connection. Times are in seconds since 1970; sizes in bytes.
#[repr(C)]
pub struct swoole_connection_info {
    /// the port it came in at
    pub port_id: i32,
    /// number of that port, 0 for a Unix socket
    pub server_port: u16,
    /// the client's port, 0 for a Unix socket
    pub remote_port: u16,
    /// the client's IP address; empty for a Unix socket; ends with a NUL
    pub remote_ip: [c_char; 64],
    /// descriptor of the listening socket
    pub server_fd: i32,
    /// descriptor of the connection in the process that owns it
    pub socket_fd: i32,
    /// a `swoole_socket_type`
    pub socket_type: i32,
    /// the reactor thread (BASE: the worker) that owns it
    pub reactor_id: i32,
    /// the worker that it is tied to; -1 if to none
    pub worker_id: i32,
    /// errno or `swoole_result` that closed it; 0 while it is open, or closed normally
    pub close_errno: i32,
    /// when it was accepted
    pub connect_time: f64,
    /// when bytes last came from the client
    pub last_recv_time: f64,
    /// when bytes last went to the client
    pub last_send_time: f64,
    /// when a message of it was last passed to a worker
    pub last_dispatch_time: f64,
    /// bytes read and not yet handed to a callback
    pub recv_queued_bytes: u64,
    /// bytes that the client has not yet taken
    pub send_queued_bytes: u64,
    /// as given to `swoole_server_bind`; 0 if `has_uid` is false
    pub uid: i64,
    /// whether `swoole_server_bind` was called for it
    pub has_uid: bool,
}

impl From<ConnectionInfo> for swoole_connection_info {
    fn from(info: ConnectionInfo) -> Self {
        swoole_connection_info {
            port_id: info.port as i32,
            server_port: info.server_port,
            remote_port: info.remote_port,
            remote_ip: fixed_text(&info.remote_ip),
            server_fd: info.server_fd,
            socket_fd: info.socket_fd,
            socket_type: info.socket_type as i32,
            reactor_id: info.reactor_id,
            worker_id: info.worker_id,
            close_errno: info.close_errno,
            connect_time: info.connect_time,
            last_recv_time: info.last_recv_time,
            last_send_time: info.last_send_time,
            last_dispatch_time: info.last_dispatch_time,
            recv_queued_bytes: info.recv_queued_bytes,
            send_queued_bytes: info.send_queued_bytes,
            uid: info.uid.unwrap_or(0),
            has_uid: info.uid.is_some(),
        }
    }
}

/// Queues `len` bytes for a client; they are copied. `SWOOLE_ERROR_OUTPUT_BUFFER_OVERFLOW` when too
/// much waits for it already; then nothing of it is sent.
///
/// This and all other functions about connections work in workers, for a connection of any worker;
/// what sends answers `SWOOLE_ERROR_SERVER_SEND_IN_MASTER` in the master and the manager.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_server_send(
    server: *mut swoole_server,
    session: i64,
    data: *const c_void,
    len: usize,
) -> swoole_result {
    // SAFETY: the caller's pointers, as the header asks.
    unsafe { with(server, |server| server.engine.send(session, bytes(data, len, "the data")?)) }
}

/// Sends `len` bytes to a client and returns when the kernel has taken all of them.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_server_send_wait(
    server: *mut swoole_server,
    session: i64,
    data: *const c_void,
    len: usize,
) -> swoole_result {
    // SAFETY: the caller's pointers, as the header asks.
    unsafe { with(server, |server| server.engine.send_wait(session, bytes(data, len, "the data")?)) }
}

/// Queues `length` bytes of a file from `offset` on for a client; a `length` of 0 means to its end.
/// The file must stay until it is sent.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_server_send_file(
    server: *mut swoole_server,
    session: i64,
    path: *const c_char,
    offset: u64,
    length: u64,
) -> swoole_result {
    // SAFETY: the caller's pointers, as the header asks.
    unsafe { with(server, |server| server.engine.send_file(session, c_str(path, "the path")?, offset, length)) }
}

/// Sends a datagram of `len` bytes. `address` is an IP address, or the path of a Unix socket (then
/// `port` is 0). `server_socket` is the descriptor of one of this server's datagram ports
/// (`swoole_packet`, `swoole_port_info`), or -1 for the first that fits.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_server_send_to(
    server: *mut swoole_server,
    address: *const c_char,
    port: u16,
    data: *const c_void,
    len: usize,
    server_socket: i32,
) -> swoole_result {
    // SAFETY: the caller's pointers, as the header asks.
    unsafe {
        with(server, |server| {
            let from = (server_socket >= 0).then_some(server_socket);
            server.engine.send_to(text(address, "the address")?, port, bytes(data, len, "the data")?, from)
        })
    }
}

/// Closes a connection. What is queued is sent first, unless `reset` is true.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_server_close(server: *mut swoole_server, session: i64, reset: bool) -> swoole_result {
    // SAFETY: the caller's handle, as the header asks.
    unsafe { with(server, |server| server.engine.close(session, reset)) }
}

/// Whether there is an open connection with that number. False if `server` is NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_server_exists(server: *const swoole_server, session: i64) -> bool {
    // SAFETY: the caller's handle, as the header asks.
    unsafe { ask(server, false, |server| Ok(server.engine.exists(session))) }
}

/// Exempts a connection from the heartbeat check, or (`on` false) no longer.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_server_protect(server: *mut swoole_server, session: i64, on: bool) -> swoole_result {
    // SAFETY: the caller's handle, as the header asks.
    unsafe { with(server, |server| server.engine.protect(session, on)) }
}

/// Starts to read from a connection that was accepted with the option `enable_delay_receive`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_server_confirm(server: *mut swoole_server, session: i64) -> swoole_result {
    // SAFETY: the caller's handle, as the header asks.
    unsafe { with(server, |server| server.engine.confirm(session)) }
}

/// Stops reading from a connection.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_server_pause(server: *mut swoole_server, session: i64) -> swoole_result {
    // SAFETY: the caller's handle, as the header asks.
    unsafe { with(server, |server| server.engine.pause(session)) }
}

/// Reads from a paused connection again.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_server_resume(server: *mut swoole_server, session: i64) -> swoole_result {
    // SAFETY: the caller's handle, as the header asks.
    unsafe { with(server, |server| server.engine.resume(session)) }
}

/// Ties a user's number to a connection; dispatch mode 5 chooses the worker by it. An error if the
/// connection already has one.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_server_bind(server: *mut swoole_server, session: i64, uid: i64) -> swoole_result {
    // SAFETY: the caller's handle, as the header asks.
    unsafe { with(server, |server| server.engine.bind(session, uid)) }
}

/// Writes what is known about a connection to `*info`. With `ignore_close` also for one that is
/// closed but whose close event is still to come.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_server_connection_info(
    server: *const swoole_server,
    session: i64,
    ignore_close: bool,
    info: *mut swoole_connection_info,
) -> swoole_result {
    // SAFETY: the caller's pointers, as the header asks.
    unsafe {
        with(server, |server| {
            let out = Out::required(info, "the place for the connection's info")?;
            out.put(server.engine.connection_info(session, ignore_close)?.into());
            Ok(())
        })
    }
}

/// Writes the certificate that a client has shown, as text (PEM), to `*certificate`, which then belongs to the caller, who gives it to
/// `swoole_bytes_free`; `data` is NULL if it has shown none (the option `ssl_client_cert_file` asks for one).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_server_client_certificate(
    server: *const swoole_server,
    session: i64,
    certificate: *mut swoole_bytes,
) -> swoole_result {
    // SAFETY: the caller's pointers, as the header asks.
    unsafe {
        with(server, |server| {
            let out = Out::required(certificate, "the place for the certificate")?;
            let info = server.engine.connection_info(session, true)?;
            out.put(info.client_certificate.map(String::into_bytes).into());
            Ok(())
        })
    }
}

/// Writes open sessions to `sessions`, which has room for `capacity`, and their number to `*count`;
/// at most 100 a call. `after` is the last one of the call before, 0 to begin. `port_id`: only
/// those of that port, or `SWOOLE_ANY_PORT`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_server_connection_list(
    server: *const swoole_server,
    after: i64,
    port_id: i32,
    sessions: *mut i64,
    capacity: usize,
    count: *mut usize,
) -> swoole_result {
    // SAFETY: the caller's pointers, as the header asks.
    unsafe {
        with(server, |server| {
            let list = OutList::new(sessions, capacity, "the list of sessions")?;
            let out = Out::required(count, "the place for the number of sessions")?;
            let port = optional_port_id(port_id)?;
            let found = match capacity.min(LIST_MAX) {
                0 => Vec::new(),
                most => server.engine.connection_list(after, most, port)?,
            };
            out.put(found.len());
            list.put(found);
            Ok(())
        })
    }
}

/// Number of open connections, of one port or (`SWOOLE_ANY_PORT`) of all. 0 with a last error if
/// `server` is NULL or there is no such port.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_server_connection_count(server: *const swoole_server, port_id: i32) -> usize {
    // SAFETY: the caller's handle, as the header asks.
    unsafe {
        ask(server, 0, |server| {
            let port = optional_port_id(port_id)?;
            if let Some(port) = port {
                server.engine.port_info(port)?;
            }
            Ok(server.engine.connection_count(port))
        })
    }
}

/// Finds the sessions that have been silent for longer than their `heartbeat_idle_time`, and closes
/// them if `close` is true. `*count` gets the number of all that were found, `sessions` as many as
/// it has room for; both may be NULL (`sessions` only with a `capacity` of 0).
/// `SWOOLE_ERROR_WRONG_OPERATION` when no heartbeat is configured.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_server_heartbeat(
    server: *mut swoole_server,
    close: bool,
    sessions: *mut i64,
    capacity: usize,
    count: *mut usize,
) -> swoole_result {
    // SAFETY: the caller's pointers, as the header asks.
    unsafe {
        with(server, |server| {
            let list = OutList::new(sessions, capacity, "the list of sessions")?;
            let found = server.engine.heartbeat(close)?;
            Out::optional(count).put(found.len());
            list.put(found);
            Ok(())
        })
    }
}
