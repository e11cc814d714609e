//! The server as a whole: its ports, processes and figures, and what may be done to it.

use std::ffi::c_char;

use swoole_core::server::{PortInfo, Role, WorkerFigures, WorkerStatus};

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
    /// runs the callbacks of connections
    SWOOLE_ROLE_WORKER = 3,
    /// does tasks
    SWOOLE_ROLE_TASK_WORKER = 4,
    /// runs a function of `swoole_server_add_process`
    SWOOLE_ROLE_USER_PROCESS = 5,
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

impl From<WorkerStatus> for swoole_worker_status {
    fn from(status: WorkerStatus) -> Self {
        match status {
            WorkerStatus::Busy => swoole_worker_status::SWOOLE_WORKER_BUSY,
            WorkerStatus::Idle => swoole_worker_status::SWOOLE_WORKER_IDLE,
            WorkerStatus::Exit => swoole_worker_status::SWOOLE_WORKER_EXIT,
        }
    }
}

/// What a process among the workers is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(C)]
pub enum swoole_worker_kind {
    /// serves connections
    SWOOLE_WORKER_KIND_EVENT = 0,
    /// does tasks
    SWOOLE_WORKER_KIND_TASK = 1,
    /// runs a function of `swoole_server_add_process`
    SWOOLE_WORKER_KIND_USER = 2,
}

/// The figures of one worker, task worker or user process. The counts go on over all processes that
/// had its number.
#[repr(C)]
pub struct swoole_worker_figures {
    /// its number
    pub id: i32,
    /// its process; 0: there is none just now
    pub pid: i32,
    /// a `swoole_worker_kind`
    pub kind: i32,
    /// a `swoole_worker_status`
    pub status: i32,
    /// messages, datagrams and tasks that it has begun to handle
    pub requests: u64,
    /// answers it gave
    pub responses: u64,
    /// microseconds in which it did not sleep
    pub busy_micros: u64,
    /// microseconds for which its present callback has been running; 0: none is
    pub busy_for: u64,
    /// messages that wait for it
    pub queue_depth: u64,
    /// bytes that wait in its rings
    pub ring_used: u64,
    /// bytes that its rings hold
    pub ring_capacity: u64,
    /// tasks that it gave and that are not done
    pub tasking: u64,
    /// how many of its processes have ended
    pub restarts: u64,
}

impl From<WorkerFigures> for swoole_worker_figures {
    fn from(figures: WorkerFigures) -> Self {
        let WorkerFigures {
            id,
            pid,
            kind,
            status,
            requests,
            responses,
            busy_micros,
            busy_for,
            queue_depth,
            ring_used,
            ring_capacity,
            tasking,
            restarts,
        } = figures;
        swoole_worker_figures {
            id,
            pid,
            kind: kind as i32,
            status: status as i32,
            requests,
            responses,
            busy_micros,
            busy_for,
            queue_depth,
            ring_used,
            ring_capacity,
            tasking,
            restarts,
        }
    }
}

/// Replaces all workers, task workers and user processes, one after another. Any process of the
/// server.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_server_reload(server: *mut swoole_server) -> swoole_result {
    // SAFETY: the caller's handle, as the header asks.
    unsafe { with(server, |server| server.engine.reload()) }
}

/// Replaces the task workers only, one after another. Any process of the server.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_server_reload_tasks(server: *mut swoole_server) -> swoole_result {
    // SAFETY: the caller's handle, as the header asks.
    unsafe { with(server, |server| server.engine.reload_tasks()) }
}

/// Ends the server gracefully; `swoole_server_start` then returns in the master. Any process of the
/// server.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_server_shutdown(server: *mut swoole_server) -> swoole_result {
    // SAFETY: the caller's handle, as the header asks.
    unsafe { with(server, |server| server.engine.shutdown()) }
}

/// Lets a worker, task worker or user process leave gracefully, this one if `worker_id` is -1; it is
/// replaced.
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

/// Writes the figures of each worker, task worker and user process, by number, to `workers`, as many
/// as it has room for (`capacity`), and the number of all there are to `*count`. `workers` may be
/// NULL with a `capacity` of 0. None before `swoole_server_start`. Any process.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_server_worker_figures(
    server: *const swoole_server,
    workers: *mut swoole_worker_figures,
    capacity: usize,
    count: *mut usize,
) -> swoole_result {
    // SAFETY: the caller's pointers, as the header asks.
    unsafe {
        with(server, |server| {
            let list = OutList::new(workers, capacity, "the list of workers")?;
            let out = Out::required(count, "the place for the number of workers")?;
            let found = server.engine.worker_figures();
            out.put(found.len());
            list.put(found.into_iter().map(swoole_worker_figures::from));
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
                Role::TaskWorker(_) => swoole_role::SWOOLE_ROLE_TASK_WORKER,
                Role::User(_) => swoole_role::SWOOLE_ROLE_USER_PROCESS,
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

/// This process's number: workers from 0, behind them the task workers, behind them the user
/// processes; -1 in other processes, or if `server` is NULL.
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
            out.put(server.engine.worker_status(worker_id)?.into());
            Ok(())
        })
    }
}
