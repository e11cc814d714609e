//! The message queue of a process.

use std::ffi::c_void;

use swoole_core::error::{Error, ErrorKind};
use swoole_core::process::{ProcessQueue, QueueKey, QueueMode};

use super::child::{ask, swoole_process, with, with_id};
use crate::bytes::swoole_bytes;
use crate::error::swoole_result;
use crate::support::args::{Out, bytes, invalid};

/// Who takes what is pushed to a message queue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(C)]
pub enum swoole_queue_mode {
    /// each process what was pushed through its handle, wherever that was. In the system it finds that by
    /// its number, from 0 in the order of `swoole_process_new`
    SWOOLE_QUEUE_DIRECTED = 1,
    /// whoever pops first
    SWOOLE_QUEUE_SHARED = 2,
}

/// Gives a process a message queue, one of System V, before its start. `key` 0: a new one, which only the
/// processes forked later have; else the one of that key, made if there is none, which other programs
/// find too. `mode` is a `swoole_queue_mode`. `waits`: pushing to a full queue and popping from an empty
/// one wait. `capacity`: bytes at most, 0 for what the system sets.
///
/// The queue stays, also when all processes have ended, until `swoole_process_free_queue`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_process_use_queue(
    process: *mut swoole_process,
    key: u32,
    mode: i32,
    waits: bool,
    capacity: u64,
) -> swoole_result {
    // SAFETY: the caller's handle, as the header asks.
    unsafe {
        with(process, |process| {
            let key = if key == 0 { QueueKey::Private } else { QueueKey::Key(key) };
            let mode = match mode {
                1 => QueueMode::Directed,
                2 => QueueMode::Shared,
                other => {
                    return Err(invalid(format!(
                        "there is no queue mode {other}; pass SWOOLE_QUEUE_DIRECTED (1) or SWOOLE_QUEUE_SHARED (2)"
                    )));
                }
            };
            process.use_queue(ProcessQueue::open(key, mode, waits, (capacity != 0).then_some(capacity))?);
            Ok(())
        })
    }
}

/// Pushes a message of `len` bytes, 1 at least, to the queue of the process (in a directed queue: for
/// that process).
///
/// `SWOOLE_ERROR_QUEUE_FULL` if it is full and does not wait; `SWOOLE_ERROR_DATA_LENGTH_TOO_LARGE`;
/// `SWOOLE_ERROR_SYSTEM_CALL_FAIL` with EINTR (a signal's handler has run) or EIDRM (the queue was
/// removed).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_process_push(
    process: *mut swoole_process,
    data: *const c_void,
    len: usize,
) -> swoole_result {
    // SAFETY: the caller's pointers, as the header asks.
    unsafe {
        with_id(process, |process, id| {
            let (queue, message) = (process.queue()?, bytes(data, len, "the message")?);
            if queue.push(id, message)? {
                return Ok(());
            }
            Err(Error::new(
                ErrorKind::QueueFull,
                format!("message queue {} has no room for a message of {len} bytes now; pop some first", queue.id()),
            ))
        })
    }
}

/// Takes the oldest message of the queue (in a directed queue: the oldest for this process). `*message`
/// then belongs to the caller, who gives it to `swoole_bytes_free`; its `data` is NULL if there was none
/// and the queue does not wait. Errors as `swoole_process_push`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_process_pop(process: *mut swoole_process, message: *mut swoole_bytes) -> swoole_result {
    // SAFETY: the caller's pointers, as the header asks.
    unsafe {
        with_id(process, |process, id| {
            let out = Out::required(message, "the place for the message")?;
            let found = process.queue()?.pop(id)?;
            out.put(found.into());
            Ok(())
        })
    }
}

/// Writes how many messages lie in the queue, and their bytes. Either place may be NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_process_stat_queue(
    process: *const swoole_process,
    messages: *mut u64,
    bytes: *mut u64,
) -> swoole_result {
    // SAFETY: the caller's pointers, as the header asks.
    unsafe {
        with(process, |process| {
            let (found, size) = process.queue()?.stat()?;
            Out::optional(messages).put(found);
            Out::optional(bytes).put(size);
            Ok(())
        })
    }
}

/// The queue's number in the system, as ipcs(1) shows it; -1, with a last error, if there is none.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_process_queue_id(process: *const swoole_process) -> i32 {
    // SAFETY: the caller's handle, as the header asks.
    unsafe { ask(process, -1, |process| Ok(process.queue()?.id())) }
}

/// Removes the queue and all that is in it, for everybody.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_process_free_queue(process: *mut swoole_process) -> swoole_result {
    // SAFETY: the caller's handle, as the header asks.
    unsafe { with(process, |process| process.queue()?.free()) }
}
