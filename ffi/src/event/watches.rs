//! Descriptors that the program watches itself.

use std::ffi::c_void;
use std::rc::Rc;

use swoole_core::error::Result;
use swoole_core::event::{self, Interest, WatchFn};

use super::{ask_loop, in_loop};
use crate::error::swoole_result;
use crate::support::args::{bytes, invalid};
use crate::support::running::in_callback;

/// What to wait for on a descriptor. Several are combined by `|`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(C)]
pub enum swoole_event_flag {
    /// something can be read, or it is at its end
    SWOOLE_EVENT_READ = 512,
    /// it takes bytes
    SWOOLE_EVENT_WRITE = 1024,
    /// out-of-band data, or an error; for `swoole_select` only
    SWOOLE_EVENT_EXCEPT = 2048,
}

/// A watched descriptor is ready.
pub type swoole_event_fn = Option<unsafe extern "C" fn(userdata: *mut c_void, fd: i32)>;

const READ: i32 = swoole_event_flag::SWOOLE_EVENT_READ as i32;
const WRITE: i32 = swoole_event_flag::SWOOLE_EVENT_WRITE as i32;

/// None for 0.
fn interest(events: i32) -> Result<Option<Interest>> {
    match events {
        0 => Ok(None),
        READ => Ok(Some(Interest::READABLE)),
        WRITE => Ok(Some(Interest::WRITABLE)),
        both if both == READ | WRITE => Ok(Some(Interest::READABLE | Interest::WRITABLE)),
        other => Err(invalid(format!(
            "a descriptor cannot be watched with the flags {other}; pass SWOOLE_EVENT_READ ({READ}), SWOOLE_EVENT_WRITE ({WRITE}) or both"
        ))),
    }
}

fn watch_fn(callback: swoole_event_fn, userdata: *mut c_void) -> Option<WatchFn> {
    let function = callback?;
    // SAFETY: the program gave this function and its userdata for this.
    Some(Rc::new(move |fd| in_callback(|| unsafe { function(userdata, fd) })))
}

/// Watches a descriptor in the loop: `read` is called as long as it is readable or at its end, `write`
/// as long as it takes bytes; `events` says which of them, by flags of `swoole_event_flag`, and the
/// other may be NULL. Whoever does not read all is called again.
///
/// The descriptor stays the caller's and is non-blocking while it is watched (a terminal stays as it
/// is). Take it out by `swoole_event_del` before it is closed, also in its own callback; the loop notices one
/// that was closed nevertheless and writes a line to the log. `userdata` may be NULL; it is kept until the descriptor is out of
/// the loop. Runs in: as `swoole_timer_after`.
///
/// `SWOOLE_ERROR_WRONG_OPERATION` if it is watched already; `SWOOLE_ERROR_SYSTEM_CALL_FAIL` with EPERM for a regular file,
/// which is always ready: see `swoole_aio_read`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_event_add(
    fd: i32,
    read: swoole_event_fn,
    write: swoole_event_fn,
    userdata: *mut c_void,
    events: i32,
) -> swoole_result {
    in_loop(|| {
        let interest = interest(events)?.ok_or_else(|| {
            invalid(format!("descriptor {fd} is to be watched for nothing; pass SWOOLE_EVENT_READ ({READ}), SWOOLE_EVENT_WRITE ({WRITE}) or both"))
        })?;
        event::add(fd, watch_fn(read, userdata), watch_fn(write, userdata), interest)
    })
}

/// Changes what a watched descriptor calls (NULL: as it was) and waits for (`events` 0: as it was).
/// `userdata` goes to the functions that are given here; those that stay keep theirs.
/// `SWOOLE_ERROR_WRONG_OPERATION` if it is not watched.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_event_set(
    fd: i32,
    read: swoole_event_fn,
    write: swoole_event_fn,
    userdata: *mut c_void,
    events: i32,
) -> swoole_result {
    in_loop(|| event::set(fd, watch_fn(read, userdata), watch_fn(write, userdata), interest(events)?))
}

/// Takes a descriptor out of the loop: it is not called any more, not even if it is ready now, and is
/// blocking again if it was before. Bytes of `swoole_event_write` that it does not take at once are lost, which is
/// logged. `SWOOLE_ERROR_WRONG_OPERATION` if it is not watched.
#[unsafe(no_mangle)]
pub extern "C" fn swoole_event_del(fd: i32) -> swoole_result {
    in_loop(|| event::del(fd))
}

/// Whether a descriptor is in the loop and waits for something that `events` names (0: for anything).
#[unsafe(no_mangle)]
pub extern "C" fn swoole_event_isset(fd: i32, events: i32) -> bool {
    ask_loop(false, || {
        let asked = interest(events)?.unwrap_or(Interest::READABLE | Interest::WRITABLE);
        Ok(event::isset(fd, asked))
    })
}

/// Writes all of `len` bytes to a descriptor: what it does not take at once is copied and written by
/// the loop when there is room. A descriptor that is not watched is in the loop, and becomes
/// non-blocking, until that is done.
///
/// `SWOOLE_ERROR_OUTPUT_BUFFER_OVERFLOW` when more than 8 MiB would wait: nothing of it is written then. A peer
/// that is gone is an error (EPIPE), never a signal if it is a socket.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_event_write(fd: i32, data: *const c_void, len: usize) -> swoole_result {
    in_loop(|| {
        // SAFETY: the caller's pointer and length, as the header asks.
        let data = unsafe { bytes(data, len, "the data") }?;
        event::write(fd, data)
    })
}
