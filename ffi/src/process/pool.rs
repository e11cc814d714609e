//! A pool of workers.

use std::cell::Cell;
use std::ffi::{c_char, c_void};
use std::io::Write;
use std::ptr::NonNull;
use std::rc::Rc;

use swoole_core::error::{Error, ErrorKind, Result};
use swoole_core::process::{Pool, PoolEnded, PoolEvents, PoolIpc, PoolSettings};

use super::child::swoole_process;
use super::pool_events::{Callbacks, not_started};
use crate::error::{last_message, swoole_result};
use crate::support::args::{Out, bytes, handle, invalid, port_number, seconds, text};
use crate::support::boundary;
use crate::support::running::{Running, flush_stdio, leave_process, set_running};

/// Workers that a master process keeps alive. Made by `swoole_pool_new`, freed by `swoole_pool_free`.
pub struct swoole_pool {
    pub(super) engine: Pool,
    pub(super) callbacks: Rc<Callbacks>,
    exit_code: Cell<i32>,
    /// while `swoole_pool_start` is on the stack
    running: Cell<bool>,
    thread: libc::pthread_t,
}

/// How messages come to the workers of a pool.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(C)]
pub enum swoole_pool_ipc {
    /// not at all
    SWOOLE_IPC_NONE = 0,
    /// each worker has a Unix socket, for `swoole_pool_send_message`
    SWOOLE_IPC_UNIXSOCK = 1,
    /// a System V message queue, from which whoever is free takes; other programs may push to it
    SWOOLE_IPC_MSGQUEUE = 2,
    /// a listening socket; its clients send 4 bytes of length (big-endian) and so many bytes, again and
    /// again
    SWOOLE_IPC_SOCKET = 3,
}

/// # Safety
/// As for [`handle`].
unsafe fn deref<'a>(pool: *const swoole_pool) -> Result<&'a swoole_pool> {
    // SAFETY: passed on to the caller. Only ever shared: what changes in it is in cells.
    let pool = unsafe { handle(pool, "pool", "swoole_pool_new") }?;
    // SAFETY: pthread_self has no preconditions. A fork keeps it.
    if pool.thread != unsafe { libc::pthread_self() } {
        return Err(Error::new(
            ErrorKind::WrongOperation,
            "this pool was made by another thread; call its functions from that thread only",
        ));
    }
    Ok(pool)
}

/// Runs `body` with the pool behind the handle, inside the panic boundary.
///
/// # Safety
/// As for [`handle`].
pub(super) unsafe fn with(pool: *const swoole_pool, body: impl FnOnce(&swoole_pool) -> Result<()>) -> swoole_result {
    // SAFETY: passed on to the caller.
    boundary::result(|| body(unsafe { deref(pool) }?))
}

/// The same for functions that answer with a value; `otherwise` on an error.
///
/// # Safety
/// As for [`handle`].
unsafe fn ask<T>(pool: *const swoole_pool, otherwise: T, body: impl FnOnce(&Pool) -> T) -> T {
    // SAFETY: passed on to the caller.
    boundary::value(otherwise, || Ok(body(&unsafe { deref(pool) }?.engine)))
}

fn worker_of(worker: i32) -> Result<usize> {
    usize::try_from(worker).map_err(|_| invalid(format!("there is no worker {worker}; they are counted from 0")))
}

/// Makes a pool of `workers` workers, 1 to 10000. `ipc` is a `swoole_pool_ipc`; `queue_key` is the key of
/// the message queue for SWOOLE_IPC_MSGQUEUE (0: a private one, which goes with the pool), and 0 for all
/// others.
///
/// `*pool` then belongs to the caller, who gives it to `swoole_pool_free`. All functions that take it are
/// called from the thread that called this one.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_pool_new(
    workers: i32,
    ipc: i32,
    queue_key: u32,
    pool: *mut *mut swoole_pool,
) -> swoole_result {
    boundary::result(|| {
        // SAFETY: the caller's pointer, NULL or valid as the header asks.
        let out = unsafe { Out::required(pool, "the place for the pool") }?;
        let ipc = match ipc {
            0 => PoolIpc::None,
            1 => PoolIpc::UnixSocket,
            2 => PoolIpc::MessageQueue(queue_key),
            3 => PoolIpc::Socket,
            other => {
                return Err(invalid(format!(
                    "messages cannot come by way {other}; pass one of SWOOLE_IPC_NONE (0) to SWOOLE_IPC_SOCKET (3)"
                )));
            }
        };
        if queue_key != 0 && !matches!(ipc, PoolIpc::MessageQueue(_)) {
            return Err(invalid(
                "a key was given for a pool without a message queue; pass 0, or the way SWOOLE_IPC_MSGQUEUE",
            ));
        }
        let workers = usize::try_from(workers)
            .map_err(|_| invalid(format!("a pool of {workers} workers was asked for; pass 1 or more")))?;
        out.put(Box::into_raw(Box::new(swoole_pool {
            engine: Pool::new(workers, ipc)?,
            callbacks: Rc::default(),
            exit_code: Cell::new(0),
            running: Cell::new(false),
            // SAFETY: pthread_self has no preconditions.
            thread: unsafe { libc::pthread_self() },
        })));
        Ok(())
    })
}

/// Frees a pool. NULL is allowed. Refused, with a last error, from another thread and inside a callback:
/// a pool that runs is ended by `swoole_pool_shutdown`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_pool_free(pool: *mut swoole_pool) {
    if pool.is_null() {
        return;
    }
    boundary::value((), || {
        // SAFETY: not NULL, so the caller's live handle.
        if unsafe { deref(pool) }?.running.get() {
            return Err(Error::new(
                ErrorKind::WrongOperation,
                "a pool cannot be freed while it runs; call swoole_pool_shutdown, and free it when swoole_pool_start has returned",
            ));
        }
        // SAFETY: it came from Box::into_raw in swoole_pool_new, and no callback is on the stack that could still use it.
        drop(unsafe { Box::from_raw(pool) });
        Ok(())
    });
}

/// # Safety
/// As for [`handle`].
unsafe fn set(pool: *mut swoole_pool, change: impl FnOnce(&mut PoolSettings) -> Result<()>) -> swoole_result {
    // SAFETY: passed on to the caller.
    unsafe {
        with(pool, |pool| {
            not_started(&pool.engine)?;
            let mut wanted = pool.engine.settings();
            change(&mut wanted)?;
            pool.engine.set(wanted)
        })
    }
}

/// Sets how long a message may be, in bytes. Before `swoole_pool_start`, as all settings.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_pool_set_max_package_size(pool: *mut swoole_pool, size: u32) -> swoole_result {
    // SAFETY: the caller's handle, as the header asks.
    unsafe {
        set(pool, |settings| {
            settings.max_package_size = size;
            Ok(())
        })
    }
}

/// Sets how many seconds a worker may take to leave before it is killed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_pool_set_max_wait_time(pool: *mut swoole_pool, time: f64) -> swoole_result {
    // SAFETY: the caller's handle, as the header asks.
    unsafe {
        set(pool, |settings| {
            settings.max_wait_time = seconds(time)?;
            Ok(())
        })
    }
}

/// Sets whether the message queue is removed when the pool ends; a private one always is.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_pool_set_free_queue(pool: *mut swoole_pool, free: bool) -> swoole_result {
    // SAFETY: the caller's handle, as the header asks.
    unsafe {
        set(pool, |settings| {
            settings.free_queue = free;
            Ok(())
        })
    }
}

/// Listens: `host` is an address with `port`, or `unix:/path` with the port 0. For SWOOLE_IPC_SOCKET,
/// before `swoole_pool_start`. `backlog`: connections that wait at most to be accepted.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_pool_listen(
    pool: *mut swoole_pool,
    host: *const c_char,
    port: i32,
    backlog: i32,
) -> swoole_result {
    // SAFETY: the caller's pointers, as the header asks.
    unsafe { with(pool, |pool| pool.engine.listen(text(host, "the host")?, port_number(port)?, backlog)) }
}

impl swoole_pool {
    fn run(&self, handle: *mut swoole_pool) -> Result<()> {
        if self.running.get() {
            return Err(Error::new(
                ErrorKind::WrongOperation,
                "this pool runs already; swoole_pool_start cannot be called inside a callback",
            ));
        }
        flush_stdio();
        self.callbacks.handle.set(NonNull::new(handle));
        // After a panic it stays "running": nobody knows what still points to it, so it is not freed.
        self.running.set(true);
        set_running(Some(Running::Pool(self.engine.clone(), Rc::clone(&self.callbacks))));
        let ended = self.engine.start(Rc::clone(&self.callbacks) as Rc<dyn PoolEvents>);
        set_running(None);
        self.running.set(false);
        match ended? {
            PoolEnded::Master { exit_code } => {
                self.exit_code.set(exit_code);
                Ok(())
            }
            PoolEnded::Worker { exit_code } => leave_process(exit_code),
        }
    }
}

/// Runs the pool: forks its workers, puts another in the place of each that ends, and returns when all
/// have ended after `swoole_pool_shutdown`, a SIGTERM or a SIGINT. A SIGUSR1 replaces the workers, one
/// after another. A worker that dies again and again is begun again ever more slowly.
///
/// Only the master, which called it, returns from it. Workers are forked inside it and end inside it:
/// their stdio is written out and they leave by _exit(), so no atexit() function runs in them. If the
/// master dies, they are killed. The program should have no other threads when it calls this: a fork
/// copies only the caller.
///
/// `SWOOLE_ERROR_WRONG_OPERATION` if there is nothing to do (neither a worker-start nor a message
/// callback), no socket to listen on, or a server or a loop runs in this process.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_pool_start(pool: *mut swoole_pool) -> swoole_result {
    let origin = std::process::id();
    // SAFETY: the caller's handle, as the header asks.
    let result = unsafe { with(pool, |this| this.run(pool)) };
    // After an error or a panic, a forked process must not go on with a program that does not know of it.
    if std::process::id() != origin {
        let _ = writeln!(std::io::stderr(), "swoole: process {} ends: {}", std::process::id(), last_message());
        leave_process(255);
    }
    result
}

/// Answers the client whose message is being handled, with 4 bytes of length in front. Runs in: pool
/// worker, inside the message callback, with SWOOLE_IPC_SOCKET.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_pool_write(pool: *mut swoole_pool, data: *const c_void, len: usize) -> swoole_result {
    // SAFETY: the caller's pointers, as the header asks.
    unsafe { with(pool, |pool| pool.engine.write(bytes(data, len, "the data")?)) }
}

/// Sends a message of `len` bytes to a worker, whose message callback gets it; with a message queue, to
/// whichever is free. From any process of the pool. `SWOOLE_ERROR_QUEUE_FULL` if that worker has not
/// taken what waits already for a second.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_pool_send_message(
    pool: *mut swoole_pool,
    worker: i32,
    data: *const c_void,
    len: usize,
) -> swoole_result {
    // SAFETY: the caller's pointers, as the header asks.
    unsafe { with(pool, |pool| pool.engine.send_message(worker_of(worker)?, bytes(data, len, "the message")?)) }
}

/// Lets this worker go its own way: another takes its place, and it ends when it likes. Runs in: pool
/// worker.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_pool_detach(pool: *mut swoole_pool) -> swoole_result {
    // SAFETY: the caller's handle, as the header asks.
    unsafe { with(pool, |pool| pool.engine.detach()) }
}

/// This worker ends when the present callback is over, and another takes its place. In the master: as
/// `swoole_pool_shutdown`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_pool_stop(pool: *mut swoole_pool) -> swoole_result {
    // SAFETY: the caller's handle, as the header asks.
    unsafe { with(pool, |pool| pool.engine.stop()) }
}

/// Asks the process that this callback runs in to end once the callback has returned, with `code` (0 to
/// 255) as its exit code; no further callback runs in it. A worker is replaced; in the master that ends
/// the pool. Use it instead of exit(). Only inside a callback.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_pool_leave(pool: *mut swoole_pool, code: i32) -> swoole_result {
    // SAFETY: the caller's handle, as the header asks.
    unsafe { with(pool, |pool| pool.callbacks.ask_to_leave(code)) }
}

/// The exit code that the master was asked for by `swoole_pool_leave`; 0 if by nobody, or if `pool` is
/// NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_pool_exit_code(pool: *const swoole_pool) -> i32 {
    // SAFETY: the caller's handle, as the header asks.
    boundary::value(0, || Ok(unsafe { deref(pool) }?.exit_code.get()))
}

/// Ends the pool, in order. From any of its processes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_pool_shutdown(pool: *mut swoole_pool) -> swoole_result {
    // SAFETY: the caller's handle, as the header asks.
    unsafe { with(pool, |pool| pool.engine.shutdown()) }
}

/// The port that the last `swoole_pool_listen` before the start got, also where 0 was asked for; 0: a
/// Unix socket, or none.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_pool_port(pool: *const swoole_pool) -> i32 {
    // SAFETY: the caller's handle, as the header asks.
    unsafe { ask(pool, 0, |pool| pool.port().into()) }
}

/// Whether this process of the pool is to go on: false once it was told to leave, and before the start.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_pool_is_running(pool: *const swoole_pool) -> bool {
    // SAFETY: the caller's handle, as the header asks.
    unsafe { ask(pool, false, Pool::is_running) }
}

/// The number of the master process; 0 before the start.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_pool_master_pid(pool: *const swoole_pool) -> i32 {
    // SAFETY: the caller's handle, as the header asks.
    unsafe { ask(pool, 0, |pool| pool.master_pid().unwrap_or(0)) }
}

/// The number, from 0, of the worker that this process is; -1 in the master.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_pool_worker_id(pool: *const swoole_pool) -> i32 {
    // SAFETY: the caller's handle, as the header asks.
    unsafe { ask(pool, -1, |pool| pool.worker_id().map_or(-1, |id| id as i32)) }
}

/// The process number of a worker now; 0: it is being replaced, or there is no such worker.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_pool_worker_pid(pool: *const swoole_pool, worker: i32) -> i32 {
    // SAFETY: the caller's handle, as the header asks.
    boundary::value(0, || Ok(unsafe { deref(pool) }?.engine.worker_pid(worker_of(worker)?).unwrap_or(0)))
}

/// How many workers it has.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_pool_size(pool: *const swoole_pool) -> usize {
    // SAFETY: the caller's handle, as the header asks.
    unsafe { ask(pool, 0, Pool::size) }
}

/// Gives a worker as a process, whose pipe is the worker's socket with SWOOLE_IPC_UNIXSOCK. `*process`
/// then belongs to the caller, who gives it to `swoole_process_free`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_pool_process(
    pool: *mut swoole_pool,
    worker: i32,
    process: *mut *mut swoole_process,
) -> swoole_result {
    // SAFETY: the caller's pointers, as the header asks.
    unsafe {
        with(pool, |pool| {
            let out = Out::required(process, "the place for the process")?;
            out.put(swoole_process::into_handle(pool.engine.process(worker_of(worker)?)?, None));
            Ok(())
        })
    }
}
