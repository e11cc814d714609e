//! The server as a whole: its ports, processes and figures, and what may be done to it.

use std::ffi::c_char;

use swoole_core::server::{PortInfo, Role, WorkerStatus};

use super::{ask, port_id as checked_port_id, swoole_server, with};
use crate::error::swoole_result;
use crate::support::args::{Out, OutList, fixed_text, invalid, text};

/// A listening port.
#[repr(C)]
pub struct swoole_port_info {
    /// its id, from 0 in the order of `swoole_server_listen`
    pub id: i32,
    /// a `swoole_socket_type`
    pub socket_type: i32,
    /// its descriptor in this process
    pub socket: i32,
    /// the real port number, also when 0 was asked for; 0 for a Unix socket
    pub port: u16,
    /// host or path as given to `swoole_server_listen`; ends with a NUL
    pub host: [c_char; 256],
}

impl From<PortInfo> for swoole_port_info {
    fn from(info: PortInfo) -> Self {
        swoole_port_info {
            id: info.id as i32,
            socket_type: info.kind as i32,
            socket: info.socket,
            port: info.port,
            host: fixed_text(&info.host),
        }
    }
}

/// One figure of `swoole_server_stats`.
#[repr(C)]
pub struct swoole_stat {
    /// its name; ends with a NUL
    pub name: [c_char; 40],
    /// its value
    pub value: i64,
}

/// What a process of the server is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(C)]
pub enum swoole_role {
    /// the server was not started
    SWOOLE_ROLE_IDLE = 0,
    /// owns the sockets (PROCESS), or keeps the workers alive (BASE: master and manager are one)
    SWOOLE_ROLE_MASTER = 1,
    /// keeps the workers alive
    SWOOLE_ROLE_MANAGER = 2,
    /// runs the callbacks
    SWOOLE_ROLE_WORKER = 3,
}

/// What a worker is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(C)]
pub enum swoole_worker_status {
    /// in a callback, or with messages waiting
    SWOOLE_WORKER_BUSY = 1,
    /// waiting
    SWOOLE_WORKER_IDLE = 2,
    /// leaving, or between its end and its successor
    SWOOLE_WORKER_EXIT = 3,
}

/// Replaces all workers, one after another. Any process of the server.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_server_reload(server: *mut swoole_server) -> swoole_result {
    // SAFETY: the caller's handle, as the header asks.
    unsafe { with(server, |server| server.engine.reload()) }
}

/// Ends the server gracefully; `swoole_server_start` then returns in the master. Any process of the
/// server.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_server_shutdown(server: *mut swoole_server) -> swoole_result {
    // SAFETY: the caller's handle, as the header asks.
    unsafe { with(server, |server| server.engine.shutdown()) }
}

/// Lets a worker leave gracefully, this one if `worker_id` is -1; it is replaced.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_server_stop(server: *mut swoole_server, worker_id: i32) -> swoole_result {
    // SAFETY: the caller's handle, as the header asks.
    unsafe { with(server, |server| server.engine.stop((worker_id != -1).then_some(worker_id))) }
}

/// Writes the server's figures to `stats`, as many as it has room for (`capacity`), and the number
/// of all there are to `*count`. `stats` may be NULL with a `capacity` of 0. Any process.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_server_stats(
    server: *const swoole_server,
    stats: *mut swoole_stat,
    capacity: usize,
    count: *mut usize,
) -> swoole_result {
    // SAFETY: the caller's pointers, as the header asks.
    unsafe {
        with(server, |server| {
            let list = OutList::new(stats, capacity, "the list of figures")?;
            let out = Out::required(count, "the place for the number of figures")?;
            let found = server.engine.stats();
            out.put(found.len());
            list.put(found.iter().map(|stat| swoole_stat { name: fixed_text(stat.name), value: stat.value }));
            Ok(())
        })
    }
}

/// Writes one figure, such as `connection_num`, to `*value`. Any process.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_server_stat(
    server: *const swoole_server,
    name: *const c_char,
    value: *mut i64,
) -> swoole_result {
    // SAFETY: the caller's pointers, as the header asks.
    unsafe {
        with(server, |server| {
            let out = Out::required(value, "the place for the figure")?;
            let name = text(name, "the figure's name")?;
            let stats = server.engine.stats();
            let stat = stats.iter().find(|stat| stat.name == name).ok_or_else(|| {
                let names: Vec<_> = stats.iter().map(|stat| stat.name).collect();
                invalid(format!("there is no figure {name:?}; there are {}", names.join(", ")))
            })?;
            out.put(stat.value);
            Ok(())
        })
    }
}

/// Number of ports; 0 if `server` is NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_server_port_count(server: *const swoole_server) -> usize {
    // SAFETY: the caller's handle, as the header asks.
    unsafe { ask(server, 0, |server| Ok(server.engine.ports().len())) }
}

/// Writes what is known about a port to `*info`; ids go from 0 to `swoole_server_port_count` - 1.
/// Before and after `swoole_server_start`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_server_port_info(
    server: *const swoole_server,
    port_id: i32,
    info: *mut swoole_port_info,
) -> swoole_result {
    // SAFETY: the caller's pointers, as the header asks.
    unsafe {
        with(server, |server| {
            let out = Out::required(info, "the place for the port's info")?;
            out.put(server.engine.port_info(checked_port_id(port_id)?)?.into());
            Ok(())
        })
    }
}

/// The mode as given to `swoole_server_new`, a `swoole_mode`; 0 if `server` is NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_server_mode(server: *const swoole_server) -> i32 {
    // SAFETY: the caller's handle, as the header asks.
    unsafe { ask(server, 0, |server| Ok(server.engine.mode() as i32)) }
}

/// What this process is; `SWOOLE_ROLE_IDLE` if `server` is NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_server_role(server: *const swoole_server) -> swoole_role {
    // SAFETY: the caller's handle, as the header asks.
    unsafe {
        ask(server, swoole_role::SWOOLE_ROLE_IDLE, |server| {
            Ok(match server.engine.role() {
                Role::Idle => swoole_role::SWOOLE_ROLE_IDLE,
                Role::Master => swoole_role::SWOOLE_ROLE_MASTER,
                Role::Manager => swoole_role::SWOOLE_ROLE_MANAGER,
                Role::Worker(_) => swoole_role::SWOOLE_ROLE_WORKER,
            })
        })
    }
}

/// Whether `swoole_server_start` was called; false if `server` is NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_server_is_started(server: *const swoole_server) -> bool {
    // SAFETY: the caller's handle, as the header asks.
    unsafe { ask(server, false, |server| Ok(server.engine.is_started())) }
}

/// This process's worker number, from 0; -1 outside workers, or if `server` is NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_server_worker_id(server: *const swoole_server) -> i32 {
    // SAFETY: the caller's handle, as the header asks.
    unsafe { ask(server, -1, |server| Ok(server.engine.worker_id().unwrap_or(-1))) }
}

/// Process id of the master; 0 before start, or if `server` is NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_server_master_pid(server: *const swoole_server) -> i32 {
    // SAFETY: the caller's handle, as the header asks.
    unsafe { ask(server, 0, |server| Ok(server.engine.master_pid())) }
}

/// Process id of the manager; 0 before start, if there is none, or if `server` is NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_server_manager_pid(server: *const swoole_server) -> i32 {
    // SAFETY: the caller's handle, as the header asks.
    unsafe { ask(server, 0, |server| Ok(server.engine.manager_pid())) }
}

/// Writes the process id of a worker to `*pid`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_server_worker_pid(
    server: *const swoole_server,
    worker_id: i32,
    pid: *mut i32,
) -> swoole_result {
    // SAFETY: the caller's pointers, as the header asks.
    unsafe {
        with(server, |server| {
            let out = Out::required(pid, "the place for the process id")?;
            out.put(server.engine.worker_pid(worker_id)?);
            Ok(())
        })
    }
}

/// Writes what a worker is doing to `*status`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_server_worker_status(
    server: *const swoole_server,
    worker_id: i32,
    status: *mut swoole_worker_status,
) -> swoole_result {
    // SAFETY: the caller's pointers, as the header asks.
    unsafe {
        with(server, |server| {
            let out = Out::required(status, "the place for the worker's status")?;
            out.put(match server.engine.worker_status(worker_id)? {
                WorkerStatus::Busy => swoole_worker_status::SWOOLE_WORKER_BUSY,
                WorkerStatus::Idle => swoole_worker_status::SWOOLE_WORKER_IDLE,
                WorkerStatus::Exit => swoole_worker_status::SWOOLE_WORKER_EXIT,
            });
            Ok(())
        })
    }
}
