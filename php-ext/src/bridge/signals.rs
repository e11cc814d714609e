//! Signals: functions that the loop calls for them, and the handlers that a script gives to ext/pcntl, which run while the process waits in its loop.
//!
//! Runs in: plain scripts, and every process of a server.

use super::looping::{run, run_kept};
use crate::zend::{Arg, Callback, Kept, follow_pcntl};
use std::rc::Rc;
use swoole_core::event::signals::{self, SignalFn};
use swoole_core::server::Flow;

/// `callback($signo)`
pub fn signal_fn(kept: Kept) -> SignalFn {
    Rc::new(move |signo| run_kept(&kept, &[Arg::Int(signo.into())]))
}

/// A script begins: what it does with `pcntl_signal()` is known here, if ext/pcntl is there.
pub fn begin() {
    if follow_pcntl(follow) {
        signals::on_interrupt(Some(Rc::new(dispatch)));
    }
}

/// The script has set a handler with `pcntl_signal()`.
fn follow(signo: i64) -> Option<String> {
    i32::try_from(signo).ok().and_then(|signo| signals::follow(signo).err()).map(|error| error.remember().to_string())
}

/// Calls the script's handlers of the signals that have arrived.
fn dispatch() -> Flow {
    Callback::named("pcntl_signal_dispatch").map_or(Flow::Continue, |dispatch| run(&dispatch, &[]))
}
