//! Timers and deferred calls of the process that they are set in.

use std::ffi::c_void;
use std::rc::Rc;
use std::time::Duration;

use swoole_core::error::Result;
use swoole_core::event::{self, TimerId};

use crate::error::swoole_result;
use crate::server::in_callback;
use crate::support::args::{Out, invalid};
use crate::support::boundary;

/// A timer is due. `timer_id` is what `swoole_timer_after` or `swoole_timer_tick` gave.
pub type swoole_timer_fn = Option<unsafe extern "C" fn(userdata: *mut c_void, timer_id: i64)>;

/// A deferred call.
pub type swoole_defer_fn = Option<unsafe extern "C" fn(userdata: *mut c_void)>;

fn no_callback() -> swoole_core::error::Error {
    invalid("the callback is NULL; pass a function")
}

unsafe fn set_timer(
    milliseconds: i64,
    callback: swoole_timer_fn,
    userdata: *mut c_void,
    timer_id: *mut i64,
    set: fn(Duration, event::local::TimerFn) -> Result<TimerId>,
) -> swoole_result {
    boundary::result(|| {
        let function = callback.ok_or_else(no_callback)?;
        let delay = u64::try_from(milliseconds)
            .map_err(|_| invalid(format!("a timer of {milliseconds} ms was asked for; pass 1 or more")))?;
        let id = set(
            Duration::from_millis(delay),
            // SAFETY: the program gave this function and its userdata for this.
            Rc::new(move |id| in_callback(|| unsafe { function(userdata, id) })),
        )?;
        // SAFETY: the caller's pointer, NULL or valid as the header asks.
        unsafe { Out::optional(timer_id) }.put(id);
        Ok(())
    })
}

/// Calls `callback` once, after 1 to 86400000 `milliseconds`, in this process and on this thread,
/// between two other callbacks. `timer_id` may be NULL; it gets the timer's number.
///
/// Runs in: every process of a server, from its first callback on; elsewhere it is
/// `SWOOLE_ERROR_WRONG_OPERATION`. Callbacks of timers may do whatever the other callbacks of that
/// process may, also set and clear timers. A worker that leaves waits for its timers, ticks
/// included, until `max_wait_time` is nearly over: clear them in the worker-exit callback.
///
/// `userdata` may be NULL; it is kept until the last call has begun or the timer is cleared, and
/// never freed by the library. A process that ends drops its timers without calling them.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_timer_after(
    milliseconds: i64,
    callback: swoole_timer_fn,
    userdata: *mut c_void,
    timer_id: *mut i64,
) -> swoole_result {
    // SAFETY: passed on as the caller promised it.
    unsafe { set_timer(milliseconds, callback, userdata, timer_id, event::after) }
}

/// As `swoole_timer_after`, but calls `callback` every so many milliseconds until the timer is
/// cleared. Times at which the process was busy are left out, and do not move those that follow.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_timer_tick(
    milliseconds: i64,
    callback: swoole_timer_fn,
    userdata: *mut c_void,
    timer_id: *mut i64,
) -> swoole_result {
    // SAFETY: passed on as the caller promised it.
    unsafe { set_timer(milliseconds, callback, userdata, timer_id, event::tick) }
}

/// Takes a timer of this process away: it is not called again. False if there is none of that
/// number, because it was cleared or has been called for the last time.
#[unsafe(no_mangle)]
pub extern "C" fn swoole_timer_clear(timer_id: i64) -> bool {
    boundary::value(false, || Ok(event::clear(timer_id)))
}

/// Calls `callback` once, soon: when what this process is doing, and whatever else was ready by now,
/// is done. Runs in: as `swoole_timer_after`. `userdata` may be NULL; it is kept until the call has
/// begun.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_event_defer(callback: swoole_defer_fn, userdata: *mut c_void) -> swoole_result {
    boundary::result(|| {
        let function = callback.ok_or_else(no_callback)?;
        // SAFETY: the program gave this function and its userdata for this.
        event::defer(Box::new(move || in_callback(|| unsafe { function(userdata) })))
    })
}
