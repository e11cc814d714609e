//! Methods of `Swoole\Server` that put something into the event loop of their process: as the functions, but for a running server only.

use super::super::refuse;
use super::{State, state};
use crate::bridge::Bridge;
use crate::functions::{event, timer};
use crate::zend::{Call, Thrown, list};
use ext_php_rs::types::Zval;
use std::rc::Rc;
use swoole_core::error::ErrorKind;
use swoole_core::server::Event;

/// What carries the server's events; None, with a warning, unless it runs.
fn running(state: &State) -> Result<Option<Rc<Bridge>>, Thrown> {
    let bridge = state.bridge();
    if bridge.is_none() {
        refuse(
            ErrorKind::WrongOperation,
            "timers and deferred calls run in the processes of a running server: set them in one of its callbacks, onWorkerStart for instance",
        )?;
    }
    Ok(bridge)
}

/// Calls a function once. The timer's number, or false.
pub fn after(call: Call<'_>) -> Result<Option<i64>, Thrown> {
    if running(state(call)?)?.is_some() { timer::after(call) } else { Ok(None) }
}

/// Calls a function again and again, with the timer's number in front. That number, or false.
pub fn tick(call: Call<'_>) -> Result<Option<i64>, Thrown> {
    if running(state(call)?)?.is_some() { timer::tick(call) } else { Ok(None) }
}

/// Takes a timer away; false if there is none of that number.
pub fn clear_timer(call: Call<'_>) -> Result<bool, Thrown> {
    state(call)?;
    timer::clear(call)
}

/// Calls a function when the present callback, and what else is due, is over.
pub fn defer(call: Call<'_>) -> Result<bool, Thrown> {
    if running(state(call)?)?.is_some() { event::defer(call) } else { Ok(false) }
}

/// Begins a classic timer: onTimer is called every `interval` milliseconds.
pub fn add_timer(call: Call<'_>) -> Result<bool, Thrown> {
    let interval = call.args(1, 1)?.long()?;
    let state = state(call)?;
    if state.callbacks.get(Event::Timer).is_none() {
        return refuse(ErrorKind::InvalidCallback, "addtimer() calls onTimer, which is not set; set it before start()");
    }
    let Some(bridge) = running(state)? else { return Ok(false) };
    let added = state.intervals.add(interval, || bridge.interval_fn(interval));
    super::super::answer_or_warn(added)
}

/// Ends the classic timer of that interval; false if there is none.
pub fn delete_timer(call: Call<'_>) -> Result<bool, Thrown> {
    let interval = call.args(1, 1)?.long()?;
    Ok(state(call)?.intervals.end(interval))
}

/// The intervals of the classic timers of this process.
pub fn get_timers(call: Call<'_>) -> Result<Zval, Thrown> {
    call.no_args()?;
    Ok(list(state(call)?.intervals.list().into_iter()))
}
