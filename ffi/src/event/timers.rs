//! Timers of the process that they are set in.

use std::ffi::c_void;
use std::rc::Rc;
use std::time::Duration;

use swoole_core::error::Result;
use swoole_core::event::{self, TimerId};

use super::{ask_loop, in_loop};
use crate::error::swoole_result;
use crate::support::args::{Out, OutList, invalid};
use crate::support::running::in_callback;
use crate::support::slot::no_callback;

/// A timer is due. `timer_id` is what `swoole_timer_after` or `swoole_timer_tick` gave.
pub type swoole_timer_fn = Option<unsafe extern "C" fn(userdata: *mut c_void, timer_id: i64)>;

/// A timer, as it is now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(C)]
pub struct swoole_timer {
    /// its number
    pub id: i64,
    /// milliseconds until it is called next, rounded up; 0: that is overdue
    pub left: i64,
    /// milliseconds between two calls; 0: it is called once
    pub period: i64,
    /// how often it has been called
    pub runs: u64,
}

unsafe fn set_timer(
    milliseconds: i64,
    callback: swoole_timer_fn,
    userdata: *mut c_void,
    timer_id: *mut i64,
    set: fn(Duration, event::local::TimerFn) -> Result<TimerId>,
) -> swoole_result {
    in_loop(|| {
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
/// Runs in: the process that called this. In one of a server it is called by that process's own loop,
/// from its first callback on; elsewhere by `swoole_event_wait`. A server cannot be started while its
/// process has timers. Callbacks of timers may do whatever the other callbacks of that process may,
/// also set and clear timers. A worker that leaves waits for its timers, ticks included, until
/// `max_wait_time` is nearly over: clear them in the worker-exit callback.
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
    ask_loop(false, || Ok(event::clear(timer_id)))
}

/// Takes all timers of this process away; how many there were.
#[unsafe(no_mangle)]
pub extern "C" fn swoole_timer_clear_all() -> usize {
    ask_loop(0, || Ok(event::clear_all()))
}

/// Whether this process has a timer of that number that will still be called.
#[unsafe(no_mangle)]
pub extern "C" fn swoole_timer_exists(timer_id: i64) -> bool {
    ask_loop(false, || Ok(event::timer_info(timer_id).is_some()))
}

/// Writes what is known of a timer to `*timer`. `SWOOLE_ERROR_INVALID_PARAMS` if this process has none of that
/// number (any more).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_timer_info(timer_id: i64, timer: *mut swoole_timer) -> swoole_result {
    in_loop(|| {
        // SAFETY: the caller's pointer, NULL or valid as the header asks.
        let out = unsafe { Out::required(timer, "the place for the timer") }?;
        let info = event::timer_info(timer_id).ok_or_else(|| {
            invalid(format!("this process has no timer {timer_id}; it was cleared, or called for the last time"))
        })?;
        out.put(swoole_timer {
            id: info.id,
            left: info.left.as_micros().div_ceil(1000) as i64,
            period: info.period.as_millis() as i64,
            runs: info.runs,
        });
        Ok(())
    })
}

/// Writes the numbers of this process's timers, in the order in which they were set, to `timer_ids`, as
/// many as it has room for (`capacity`), and the number of all there are to `*count`. `timer_ids` may
/// be NULL with a `capacity` of 0.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_timer_list(timer_ids: *mut i64, capacity: usize, count: *mut usize) -> swoole_result {
    in_loop(|| {
        // SAFETY: the caller's pointers, as the header asks.
        let (list, out) = unsafe {
            (
                OutList::new(timer_ids, capacity, "the list of timers")?,
                Out::required(count, "the place for the number of timers")?,
            )
        };
        let found = event::timers();
        out.put(found.len());
        list.put(found);
        Ok(())
    })
}
