//! Running the loop, and what is called in it once or in every turn.

use std::ffi::c_void;
use std::rc::Rc;

use swoole_core::event;

use super::{ask_loop, in_loop};
use crate::error::swoole_result;
use crate::support::running::in_callback;
use crate::support::slot::no_callback;

/// A call without further arguments: a deferred one, or one of `swoole_event_cycle`.
pub type swoole_defer_fn = Option<unsafe extern "C" fn(userdata: *mut c_void)>;

/// Calls `callback` once, soon: when what this process is doing, and whatever else was ready by now,
/// is done. Runs in: as `swoole_timer_after`. `userdata` may be NULL; it is kept until the call has
/// begun.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_event_defer(callback: swoole_defer_fn, userdata: *mut c_void) -> swoole_result {
    in_loop(|| {
        let function = callback.ok_or_else(no_callback)?;
        // SAFETY: the program gave this function and its userdata for this.
        event::defer(Box::new(move || in_callback(|| unsafe { function(userdata) })))
    })
}

/// Calls `callback` in every turn of the loop: with `before` before it sleeps, otherwise at the turn's
/// end. There is one of each; it replaces the one before, and NULL takes it away. It does not keep the
/// loop from being empty. `userdata` may be NULL and is kept. Runs in: as `swoole_timer_after`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_event_cycle(
    callback: swoole_defer_fn,
    userdata: *mut c_void,
    before: bool,
) -> swoole_result {
    in_loop(|| {
        let callback = callback.map(|function| -> event::local::CycleFn {
            // SAFETY: the program gave this function and its userdata for this.
            Rc::new(move || in_callback(|| unsafe { function(userdata) }))
        });
        event::cycle(callback, before);
        Ok(())
    })
}

/// Runs the event loop of this process: calls what is due and ready, and returns when nothing is left
/// that could happen (timers, deferred calls, watched descriptors, signal handlers, connected clients,
/// files and names under way), or after `swoole_event_exit`. May be called again.
///
/// Each process has one loop. It belongs to the thread that used it first, by any function here:
/// `swoole_event_`, `swoole_timer_`, `swoole_signal`, `swoole_async_client_`, `swoole_aio_`. From another thread these
/// are `SWOOLE_ERROR_WRONG_OPERATION`. A process that is forked, also inside a callback, begins with an
/// empty loop; end it by _exit(), since it would come back from this call as well.
///
/// `SWOOLE_ERROR_WRONG_OPERATION` inside a callback of the loop, and in a process of a server, which
/// runs its loop itself. Callbacks run one at a time on this thread; no C++ exception and no longjmp may
/// leave one.
#[unsafe(no_mangle)]
pub extern "C" fn swoole_event_wait() -> swoole_result {
    // Only a server's processes are left by a callback.
    in_loop(|| event::wait().map(|_flow| ()))
}

/// Runs the loop for one turn: sleeps until something is ready or due, and calls that. Returns at once
/// if nothing is set (`swoole_event_is_empty`). Errors as `swoole_event_wait`.
#[unsafe(no_mangle)]
pub extern "C" fn swoole_event_dispatch() -> swoole_result {
    in_loop(|| event::dispatch().map(|_flow| ()))
}

/// Ends `swoole_event_wait` when the present callback is over. Whatever is set in the loop is dropped
/// without being called, clients are closed without an event, and userdata stays the program's. Outside
/// of `swoole_event_wait` it drops that at once. `SWOOLE_ERROR_WRONG_OPERATION` in a process of a server: see
/// `swoole_server_stop`, `swoole_server_leave`, `swoole_server_shutdown`.
#[unsafe(no_mangle)]
pub extern "C" fn swoole_event_exit() -> swoole_result {
    in_loop(event::exit)
}

/// Whether nothing is set that would keep `swoole_event_wait` from returning.
#[unsafe(no_mangle)]
pub extern "C" fn swoole_event_is_empty() -> bool {
    ask_loop(true, || Ok(event::is_idle()))
}
