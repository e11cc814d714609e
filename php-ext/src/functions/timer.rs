//! Timers: `swoole_timer_*`, most of which are the static methods of `Swoole\Timer` as well.

use crate::bridge::looping;
use crate::bridge::timers::{Intervals, after_fn, interval_fn, tick_fn};
use crate::classes::{timer_iterator, value_or_warn};
use crate::zend::{
    ARRAY, ArgInfo, BOOL, CALLABLE, Call, FALSE, Kept, LONG, Method, NULL, Thrown, VOID, arg, array, fill, function,
    int, more, returns, returns_class,
};
use ext_php_rs::types::{ZendHashTable, Zval};
use std::time::Duration;
use swoole_core::error::{Error, ErrorKind};
use swoole_core::event::local::{LONGEST, TimerFn};
use swoole_core::event::{self, TimerId};

/// All of them. Not terminated: see [`joined`](crate::zend::joined).
pub const TABLE: &[Method] = &[
    function(c"swoole_timer_after", after, SET_TIMER),
    function(c"swoole_timer_tick", tick, SET_TIMER),
    function(c"swoole_timer_exists", exists, NUMBER),
    function(c"swoole_timer_clear", clear, NUMBER),
    function(c"swoole_timer_clear_all", clear_all, CLEAR_ALL),
    function(c"swoole_timer_info", info, INFO),
    function(c"swoole_timer_list", list, LIST),
    function(c"swoole_timer_stats", stats, STATS),
    function(c"swoole_timer_set", set, SET),
    function(c"swoole_timer_add", add, &[returns(2, BOOL), arg(c"interval", LONG), arg(c"callback", CALLABLE)]),
    function(c"swoole_timer_del", del, &[returns(1, BOOL), arg(c"interval", LONG)]),
];

pub const SET_TIMER: &[ArgInfo] =
    &[returns(2, LONG | FALSE), arg(c"ms", LONG), arg(c"callback", CALLABLE), more(c"params")];
pub const NUMBER: &[ArgInfo] = &[returns(1, BOOL), arg(c"timer_id", LONG)];
pub const CLEAR_ALL: &[ArgInfo] = &[returns(0, BOOL)];
pub const INFO: &[ArgInfo] = &[returns(1, ARRAY | NULL), arg(c"timer_id", LONG)];
pub const LIST: &[ArgInfo] = &[returns_class(0, timer_iterator::NAME, 0)];
pub const STATS: &[ArgInfo] = &[returns(0, ARRAY)];
pub const SET: &[ArgInfo] = &[returns(1, VOID), arg(c"settings", ARRAY)];

thread_local! {
    /// The timers of swoole_timer_add().
    static INTERVALS: Intervals = const { Intervals::new() };
}

/// Milliseconds, as the engine takes them.
#[inline]
pub fn duration(ms: i64) -> Result<Duration, Error> {
    if (1..=LONGEST.as_millis() as i64).contains(&ms) {
        return Ok(Duration::from_millis(ms as u64));
    }
    Err(out_of_bounds(ms))
}

#[cold]
fn out_of_bounds(ms: i64) -> Error {
    let longest = LONGEST.as_millis() as i64;
    let instead = match ms {
        0 => "; what is to be done right after this turn of the loop is for swoole_event_defer",
        _ if ms > longest => "; for a later time set another timer when this one fires",
        _ => "",
    };
    Error::new(
        ErrorKind::InvalidParams,
        format!("a timer of {ms} ms was asked for; 1 to {longest} ms (a day) are possible{instead}"),
    )
}

/// Calls a function once. The timer's number, or false.
pub fn after(call: Call<'_>) -> Result<Option<i64>, Thrown> {
    set_timer(call, after_fn, event::after)
}

/// Calls a function again and again, with the timer's number in front. That number, or false.
pub fn tick(call: Call<'_>) -> Result<Option<i64>, Thrown> {
    set_timer(call, tick_fn, event::tick)
}

#[inline]
fn set_timer(
    call: Call<'_>,
    make: impl FnOnce(Kept) -> TimerFn,
    add: impl FnOnce(Duration, TimerFn) -> Result<TimerId, Error>,
) -> Result<Option<i64>, Thrown> {
    let mut args = call.args(2, u32::MAX)?;
    let (ms, callback) = (args.long()?, args.callback()?);
    looping::attend();
    let delay = match duration(ms) {
        Ok(delay) => delay,
        Err(error) => return refused(error),
    };
    match add(delay, make(Kept::new(callback, args.rest()))) {
        Ok(id) => Ok(Some(id)),
        Err(error) => refused(error),
    }
}

#[cold]
fn refused(error: Error) -> Result<Option<i64>, Thrown> {
    value_or_warn(Err(error))
}

/// Whether there is a timer of that number.
pub fn exists(call: Call<'_>) -> Result<bool, Thrown> {
    Ok(event::timer_info(call.args(1, 1)?.long()?).is_some())
}

/// Takes a timer away; false if there is none of that number.
pub fn clear(call: Call<'_>) -> Result<bool, Thrown> {
    Ok(event::clear(call.args(1, 1)?.long()?))
}

/// Takes all timers of this process away.
pub fn clear_all(call: Call<'_>) -> Result<bool, Thrown> {
    call.no_args()?;
    event::clear_all();
    Ok(true)
}

/// What is known of a timer; null if there is none of that number.
pub fn info(call: Call<'_>) -> Result<Zval, Thrown> {
    let Some(timer) = event::timer_info(call.args(1, 1)?.long()?) else { return Ok(Zval::new()) };
    let millis = |time: Duration| int(time.as_millis() as i64);
    let mut removed = Zval::new();
    removed.set_bool(false);
    let mut table = ZendHashTable::with_capacity(5);
    fill(
        &mut table,
        [
            ("exec_msec", millis(timer.left)),
            ("exec_count", int(timer.runs as i64)),
            ("interval", millis(timer.period)),
            ("round", int(event::rounds() as i64)),
            ("removed", removed),
        ],
    );
    Ok(array(table))
}

/// An iterator over the numbers of all timers of this process.
pub fn list(call: Call<'_>) -> Result<Zval, Thrown> {
    call.no_args()?;
    timer_iterator::make(event::timers())
}

/// How many timers there are, and how often the loop has turned.
pub fn stats(call: Call<'_>) -> Result<Zval, Thrown> {
    call.no_args()?;
    let count = event::timer_count();
    let mut initialized = Zval::new();
    initialized.set_bool(count > 0);
    let mut table = ZendHashTable::with_capacity(3);
    fill(
        &mut table,
        [("initialized", initialized), ("num", int(count as i64)), ("round", int(event::rounds() as i64))],
    );
    Ok(array(table))
}

/// Takes settings of coroutines, of which this engine has none.
pub fn set(call: Call<'_>) -> Result<(), Thrown> {
    call.args(1, 1)?.array().map(drop)
}

/// Begins the classic timer of an interval: the function is called with the interval, every so many milliseconds.
fn add(call: Call<'_>) -> Result<bool, Thrown> {
    let mut args = call.args(2, 2)?;
    let (interval, callback) = (args.long()?, args.callback()?);
    looping::attend();
    let added = INTERVALS.with(|i| i.add(interval, || interval_fn(Kept::from(callback), interval)));
    Ok(value_or_warn(added)?.is_some())
}

/// Ends the classic timer of that interval; false if there is none.
fn del(call: Call<'_>) -> Result<bool, Thrown> {
    let interval = call.args(1, 1)?.long()?;
    Ok(INTERVALS.with(|i| i.end(interval)))
}
