//! The callbacks of a pool, and how the engine's events reach them.

use std::cell::Cell;
use std::ffi::c_void;
use std::ptr::NonNull;

use swoole_core::error::{Error, ErrorKind, Result};
use swoole_core::event::Flow;
use swoole_core::process::{Pool, PoolEvents};

use super::pool::{swoole_pool, with};
use crate::error::swoole_result;
use crate::support::running::{Leaving, in_callback};
use crate::support::slot::Slot;

/// An event of the pool as a whole. `userdata` is what was given with the function.
pub type swoole_pool_fn = Option<unsafe extern "C" fn(userdata: *mut c_void, pool: *mut swoole_pool)>;

/// An event of a worker of a pool; `worker` is its number, from 0.
pub type swoole_pool_worker_fn =
    Option<unsafe extern "C" fn(userdata: *mut c_void, pool: *mut swoole_pool, worker: i32)>;

/// A message has come to a worker of a pool. `data` has `len` bytes and no final NUL, is never NULL, and
/// is valid during the call only.
pub type swoole_pool_message_fn =
    Option<unsafe extern "C" fn(userdata: *mut c_void, pool: *mut swoole_pool, data: *const u8, len: usize)>;

/// All callbacks of a pool.
#[derive(Default)]
pub(crate) struct Callbacks {
    /// what callbacks are given as their pool
    pub(super) handle: Cell<Option<NonNull<swoole_pool>>>,
    start: Slot<swoole_pool_fn>,
    shutdown: Slot<swoole_pool_fn>,
    worker_start: Slot<swoole_pool_worker_fn>,
    worker_stop: Slot<swoole_pool_worker_fn>,
    message: Slot<swoole_pool_message_fn>,
    leaving: Leaving,
}

impl Callbacks {
    pub(super) fn ask_to_leave(&self, code: i32) -> Result<()> {
        self.leaving.ask("swoole_pool_leave", "swoole_pool_shutdown", code)
    }

    /// How a callback asks for its process to end.
    pub(crate) fn leaving(&self) -> &Leaving {
        &self.leaving
    }

    fn call<F: Copy>(&self, slot: &Slot<Option<F>>, call: impl FnOnce(F, *mut c_void, *mut swoole_pool)) -> Flow {
        let (Some((function, userdata)), Some(handle)) = (slot.get(), self.handle.get()) else {
            return Flow::Continue;
        };
        in_callback(|| call(function, userdata, handle.as_ptr()))
    }

    fn on_pool(&self, slot: &Slot<swoole_pool_fn>) -> Flow {
        // SAFETY: the program registered this function, with its userdata, for this signature.
        self.call(slot, |function, userdata, handle| unsafe { function(userdata, handle) })
    }

    fn on_worker(&self, slot: &Slot<swoole_pool_worker_fn>, worker: usize) -> Flow {
        // SAFETY: the program registered this function, with its userdata, for this signature.
        self.call(slot, |function, userdata, handle| unsafe { function(userdata, handle, worker as i32) })
    }
}

impl PoolEvents for Callbacks {
    fn start(&self, _: &Pool) -> Flow {
        self.on_pool(&self.start)
    }

    fn shutdown(&self, _: &Pool) -> Flow {
        self.on_pool(&self.shutdown)
    }

    fn worker_start(&self, _: &Pool, worker: usize) -> Flow {
        self.on_worker(&self.worker_start, worker)
    }

    fn worker_stop(&self, _: &Pool, worker: usize) -> Flow {
        self.on_worker(&self.worker_stop, worker)
    }

    fn message(&self, _: &Pool, data: &[u8]) -> Flow {
        // SAFETY: the program registered this function for this signature; the data outlives the call.
        self.call(&self.message, |function, userdata, handle| unsafe {
            function(userdata, handle, data.as_ptr(), data.len());
        })
    }

    fn takes_messages(&self) -> bool {
        self.message.is_set()
    }

    fn starts_workers(&self) -> bool {
        self.worker_start.is_set()
    }
}

/// # Safety
/// As for [`with`].
unsafe fn on(pool: *mut swoole_pool, register: impl FnOnce(&Callbacks)) -> swoole_result {
    // SAFETY: passed on to the caller.
    unsafe {
        with(pool, |pool| {
            not_started(&pool.engine)?;
            register(&pool.callbacks);
            Ok(())
        })
    }
}

/// What is set is fixed once the pool runs: its processes would not agree on it.
pub(super) fn not_started(pool: &Pool) -> Result<()> {
    if pool.master_pid().is_some() {
        return Err(Error::new(ErrorKind::WrongOperation, "the pool was started; set it up before swoole_pool_start"));
    }
    Ok(())
}

/// Sets what is called when the master is up and has forked the workers. Runs in: pool master.
///
/// All `swoole_pool_on_` functions: before `swoole_pool_start`; NULL takes a callback away; registering
/// again replaces. `userdata` may be NULL; it is kept, handed to each call, and never freed by the
/// library. Each process has its own copy of what it points to, made by the fork. No C++ exception and no
/// longjmp may leave a callback.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_pool_on_start(
    pool: *mut swoole_pool,
    callback: swoole_pool_fn,
    userdata: *mut c_void,
) -> swoole_result {
    // SAFETY: passed on as the caller promised it.
    unsafe { on(pool, |events| events.start.set(callback, userdata)) }
}

/// Sets what is called when all workers have ended. Runs in: pool master.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_pool_on_shutdown(
    pool: *mut swoole_pool,
    callback: swoole_pool_fn,
    userdata: *mut c_void,
) -> swoole_result {
    // SAFETY: passed on as the caller promised it.
    unsafe { on(pool, |events| events.shutdown.set(callback, userdata)) }
}

/// Sets what is called when a worker begins. Without a message callback this is all the work of a worker:
/// it may stay in here as long as `swoole_pool_is_running`; when it returns, the worker's loop runs until
/// nothing is left in it, the worker ends, and another takes its place. Runs in: pool worker.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_pool_on_worker_start(
    pool: *mut swoole_pool,
    callback: swoole_pool_worker_fn,
    userdata: *mut c_void,
) -> swoole_result {
    // SAFETY: passed on as the caller promised it.
    unsafe { on(pool, |events| events.worker_start.set(callback, userdata)) }
}

/// Sets what is called when a worker ends in order. Runs in: pool worker.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_pool_on_worker_stop(
    pool: *mut swoole_pool,
    callback: swoole_pool_worker_fn,
    userdata: *mut c_void,
) -> swoole_result {
    // SAFETY: passed on as the caller promised it.
    unsafe { on(pool, |events| events.worker_stop.set(callback, userdata)) }
}

/// Sets what is called for each message. Runs in: pool worker, one message at a time, by its loop, in
/// which timers and clients work too.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_pool_on_message(
    pool: *mut swoole_pool,
    callback: swoole_pool_message_fn,
    userdata: *mut c_void,
) -> swoole_result {
    // SAFETY: passed on as the caller promised it.
    unsafe { on(pool, |events| events.message.set(callback, userdata)) }
}
