//! Methods of `Swoole\Server` that put something into the event loop of their process.

use super::super::{answer_or_warn, refuse};
use super::{State, state};
use crate::bridge::Bridge;
use crate::bridge::timers::{after_fn, deferred_fn, tick_fn};
use crate::zend::{Call, Kept, Thrown, int, list, no};
use ext_php_rs::types::Zval;
use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;
use swoole_core::error::{Error, ErrorKind};
use swoole_core::event::local::TimerFn;
use swoole_core::event::{self, TimerId};
use swoole_core::server::Event;
use swoole_core::sys::process::generation;

/// The classic timers of this process: interval in milliseconds, number, and the fork that has set it. A timer of another
/// fork is none of this process.
#[derive(Default)]
pub struct Intervals(RefCell<Vec<(i64, TimerId, u32)>>);

impl Intervals {
    /// Those of this process.
    fn own(&self) -> Vec<(i64, TimerId)> {
        self.0.borrow_mut().retain(|(.., fork)| *fork == generation());
        self.0.borrow().iter().map(|(interval, id, _)| (*interval, *id)).collect()
    }

    fn add(&self, interval: i64, id: TimerId) {
        self.0.borrow_mut().push((interval, id, generation()));
    }

    fn take(&self, interval: i64) -> Option<TimerId> {
        let found = self.own().iter().position(|(other, _)| *other == interval)?;
        Some(self.0.borrow_mut().remove(found).1)
    }
}

fn bridge(state: &State) -> Result<Rc<Bridge>, Error> {
    state.bridge().ok_or_else(|| {
        Error::new(
            ErrorKind::WrongOperation,
            "timers and deferred calls run in the processes of a running server: set them in one of its callbacks, onWorkerStart for instance",
        )
    })
}

/// Milliseconds, as the engine takes them; it checks the bounds.
fn duration(ms: i64) -> Result<Duration, Error> {
    u64::try_from(ms).map(Duration::from_millis).map_err(|_| {
        Error::new(ErrorKind::InvalidParams, format!("a timer of {ms} ms was asked for; 1 to 86400000 ms are possible"))
    })
}

/// Calls a function once. The timer's number, or false.
pub fn after(call: Call<'_>) -> Result<Zval, Thrown> {
    set(call, false, event::after)
}

/// Calls a function again and again, with the timer's number in front. That number, or false.
pub fn tick(call: Call<'_>) -> Result<Zval, Thrown> {
    set(call, true, event::tick)
}

fn set(
    call: Call<'_>,
    with_id: bool,
    add: impl FnOnce(Duration, TimerFn) -> Result<TimerId, Error>,
) -> Result<Zval, Thrown> {
    let mut args = call.args(2, u32::MAX)?;
    let (ms, kept) = (args.long()?, Kept::new(args.callback()?, args.rest()));
    let state = state(call)?;
    let added = bridge(state).and_then(|_| add(duration(ms)?, if with_id { tick_fn(kept) } else { after_fn(kept) }));
    number(added)
}

/// The number, or false with a warning.
fn number(added: Result<TimerId, Error>) -> Result<Zval, Thrown> {
    match added {
        Ok(id) => Ok(int(id)),
        Err(error) => answer_or_warn::<()>(Err(error)).map(|_| no()),
    }
}

/// Takes a timer away; false if there is none of that number.
pub fn clear_timer(call: Call<'_>) -> Result<bool, Thrown> {
    let id = call.args(1, 1)?.long()?;
    state(call)?;
    Ok(event::clear(id))
}

/// Calls a function when the present callback, and what else is due, is over.
pub fn defer(call: Call<'_>) -> Result<bool, Thrown> {
    let callback = call.args(1, 1)?.callback()?;
    let state = state(call)?;
    answer_or_warn(bridge(state).and_then(|_| event::defer(deferred_fn(Kept::new(callback, Vec::new())))))
}

/// Begins a classic timer: onTimer is called every `interval` milliseconds.
pub fn add_timer(call: Call<'_>) -> Result<bool, Thrown> {
    let interval = call.args(1, 1)?.long()?;
    let state = state(call)?;
    if state.callbacks.get(Event::Timer).is_none() {
        return refuse(ErrorKind::InvalidCallback, "addtimer() calls onTimer, which is not set; set it before start()");
    }
    if state.intervals.own().iter().any(|(other, _)| *other == interval) {
        return refuse(
            ErrorKind::WrongOperation,
            format!("this process has a timer of {interval} ms; a second one would be the same"),
        );
    }
    let added = bridge(state).and_then(|bridge| event::tick(duration(interval)?, bridge.interval_fn(interval)));
    answer_or_warn(added.map(|id| state.intervals.add(interval, id)))
}

/// Ends the classic timer of that interval; false if there is none.
pub fn delete_timer(call: Call<'_>) -> Result<bool, Thrown> {
    let interval = call.args(1, 1)?.long()?;
    Ok(state(call)?.intervals.take(interval).is_some_and(event::clear))
}

/// The intervals of the classic timers of this process.
pub fn get_timers(call: Call<'_>) -> Result<Zval, Thrown> {
    call.no_args()?;
    let intervals = state(call)?.intervals.own();
    Ok(list(intervals.iter().map(|(interval, _)| *interval)))
}
