//! Signals in the loop.

use std::ffi::c_void;
use std::rc::Rc;

use swoole_core::event;
use swoole_core::event::signals::SignalFn;

use super::in_loop;
use crate::error::swoole_result;
use crate::support::running::in_callback;

/// A signal arrived.
pub type swoole_signal_fn = Option<unsafe extern "C" fn(userdata: *mut c_void, signo: i32)>;

/// Calls `callback` from the loop when the signal `signo` arrives in this process, as an ordinary
/// callback, so it may do anything; several that arrive before it is called are told once. NULL gives the
/// signal back to the system's own behaviour. A handler keeps `swoole_event_wait` from returning until
/// it is taken away. `userdata` may be NULL and is kept; registering again replaces.
///
/// Runs in: the process that called this, also one of a server, but there the signals that the server
/// itself needs (SIGTERM and others) are `SWOOLE_ERROR_WRONG_OPERATION`. A forked process has to register its own.
/// It replaces a handler that the program has set by sigaction(2).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_signal(signo: i32, callback: swoole_signal_fn, userdata: *mut c_void) -> swoole_result {
    in_loop(|| {
        let callback = callback.map(|function| -> SignalFn {
            // SAFETY: the program gave this function and its userdata for this.
            Rc::new(move |signo| in_callback(|| unsafe { function(userdata, signo) }))
        });
        event::signal(signo, callback)
    })
}
