//! The event loop: `swoole_event_*`, which are the static methods of `Swoole\Event` as well.

use crate::bridge::descriptor::descriptor;
use crate::bridge::looping;
use crate::bridge::timers::{cycle_fn, deferred_fn};
use crate::bridge::watch::Given;
use crate::classes::{answer_or_warn, is_everyday, value_or_warn, warn_of};
use crate::constants::{EVENT_READ, EVENT_WRITE};
use crate::zend::{
    ArgInfo, BOOL, CALLABLE, Call, FALSE, Kept, LONG, MIXED, Method, NULL, STRING, Thrown, VOID, arg, function, opt,
    returns,
};
use swoole_core::error::{Error, ErrorKind};
use swoole_core::event::{self, Interest};

/// All of them. Not terminated: see [`joined`](crate::zend::joined).
pub const TABLE: &[Method] = &[
    function(c"swoole_event_add", add, ADD),
    function(c"swoole_event_set", set, SET),
    function(c"swoole_event_del", del, DEL),
    function(c"swoole_event_isset", isset, ISSET),
    function(c"swoole_event_write", write, WRITE),
    function(c"swoole_event_defer", defer, DEFER),
    function(c"swoole_event_cycle", cycle, CYCLE),
    function(c"swoole_event_dispatch", dispatch, DISPATCH),
    function(c"swoole_event_wait", wait, WAIT),
    function(c"swoole_event_exit", exit, EXIT),
];

pub const ADD: &[ArgInfo] = &[
    returns(1, LONG | FALSE),
    arg(c"fd", MIXED),
    opt(c"read_callback", CALLABLE | NULL, c"null"),
    opt(c"write_callback", CALLABLE | NULL, c"null"),
    opt(c"events", LONG, c"SWOOLE_EVENT_READ"),
];
pub const SET: &[ArgInfo] = &[
    returns(1, BOOL),
    arg(c"fd", MIXED),
    opt(c"read_callback", CALLABLE | NULL, c"null"),
    opt(c"write_callback", CALLABLE | NULL, c"null"),
    opt(c"events", LONG, c"0"),
];
pub const DEL: &[ArgInfo] = &[returns(1, BOOL), arg(c"fd", MIXED)];
pub const ISSET: &[ArgInfo] =
    &[returns(1, BOOL), arg(c"fd", MIXED), opt(c"events", LONG, c"SWOOLE_EVENT_READ | SWOOLE_EVENT_WRITE")];
pub const WRITE: &[ArgInfo] = &[returns(2, BOOL), arg(c"fd", MIXED), arg(c"data", STRING)];
pub const DEFER: &[ArgInfo] = &[returns(1, BOOL), arg(c"callback", CALLABLE)];
pub const CYCLE: &[ArgInfo] = &[returns(1, BOOL), arg(c"callback", CALLABLE | NULL), opt(c"before", BOOL, c"false")];
pub const DISPATCH: &[ArgInfo] = &[returns(0, BOOL)];
pub const WAIT: &[ArgInfo] = &[returns(0, VOID)];
pub const EXIT: &[ArgInfo] = &[returns(0, VOID)];

/// What `events` asks to wait for; None: 0.
fn interest(events: i64) -> Result<Option<Interest>, Error> {
    match events {
        0 => Ok(None),
        EVENT_READ => Ok(Some(Interest::READABLE)),
        EVENT_WRITE => Ok(Some(Interest::WRITABLE)),
        both if both == EVENT_READ | EVENT_WRITE => Ok(Some(Interest::READABLE | Interest::WRITABLE)),
        _ => Err(unknown(events)),
    }
}

fn unknown(events: i64) -> Error {
    let message = format!(
        "unknown events {events}; use SWOOLE_EVENT_READ ({EVENT_READ}), SWOOLE_EVENT_WRITE ({EVENT_WRITE}) or both of them, joined by |"
    );
    Error::new(ErrorKind::InvalidParams, message)
}

/// Calls functions when a descriptor is readable or writable. Its number, or false.
pub fn add(call: Call<'_>) -> Result<Option<i64>, Thrown> {
    let mut args = call.args(1, 4)?;
    let value = args.any();
    let (read, write, events) = (args.maybe_callback()?, args.maybe_callback()?, args.long_or(EVENT_READ)?);
    looping::attend();
    value_or_warn(descriptor(value).and_then(|fd| {
        let interest = interest(events)?.ok_or_else(|| unknown(events))?;
        let given = Given::new(value, fd);
        event::add(fd, read.map(|f| given.watch_fn(f)), write.map(|f| given.watch_fn(f)), interest)?;
        given.enter();
        given.unblock();
        Ok(i64::from(fd))
    }))
}

/// Changes what is called for a descriptor, or what for.
pub fn set(call: Call<'_>) -> Result<bool, Thrown> {
    let mut args = call.args(1, 4)?;
    let value = args.any();
    let (read, write, events) = (args.maybe_callback()?, args.maybe_callback()?, args.long_or(0)?);
    let set = descriptor(value).and_then(|fd| {
        let interest = interest(events)?;
        let given = Given::of(fd).unwrap_or_else(|| Given::new(value, fd));
        event::set(fd, read.map(|f| given.watch_fn(f)), write.map(|f| given.watch_fn(f)), interest)
    });
    Ok(value_or_warn(set)?.is_some())
}

/// Takes a descriptor out of the loop.
pub fn del(call: Call<'_>) -> Result<bool, Thrown> {
    let value = call.args(1, 1)?.any();
    Ok(value_or_warn(descriptor(value).and_then(event::del))?.is_some())
}

/// Whether a descriptor is in the loop for one of these events.
pub fn isset(call: Call<'_>) -> Result<bool, Thrown> {
    let mut args = call.args(1, 2)?;
    let (value, events) = (args.any(), args.long_or(EVENT_READ | EVENT_WRITE)?);
    let found = descriptor(value)
        .and_then(|fd| Ok(event::isset(fd, interest(events)?.unwrap_or(Interest::READABLE | Interest::WRITABLE))));
    Ok(value_or_warn(found)?.unwrap_or(false))
}

/// Writes all of some data, in the loop where it does not go at once.
pub fn write(call: Call<'_>) -> Result<bool, Thrown> {
    let mut args = call.args(2, 2)?;
    let (value, data) = (args.any(), args.bytes()?);
    looping::attend();
    let written = descriptor(value).and_then(|fd| {
        event::write(fd, data)?;
        if Given::of(fd).is_none() && event::isset(fd, Interest::WRITABLE) {
            let given = Given::new(value, fd);
            event::set(fd, None, Some(given.hold_fn()), None)?;
            given.enter();
        }
        Ok(())
    });
    match written {
        Err(error) if !is_everyday(&error) => warn_of(&error.remember()).map(|()| false),
        other => answer_or_warn(other),
    }
}

/// Calls a function when the present turn of the loop is over.
pub fn defer(call: Call<'_>) -> Result<bool, Thrown> {
    let callback = call.args(1, 1)?.callback()?;
    looping::attend();
    answer_or_warn(event::defer(deferred_fn(Kept::from(callback))))
}

/// Calls a function in every turn of the loop; null takes it away.
pub fn cycle(call: Call<'_>) -> Result<bool, Thrown> {
    let mut args = call.args(1, 2)?;
    let (callback, before) = (args.maybe_callback()?, args.bool_or(false)?);
    event::cycle(callback.map(|callback| cycle_fn(Kept::from(callback))), before);
    Ok(true)
}

/// Runs the loop once.
pub fn dispatch(call: Call<'_>) -> Result<bool, Thrown> {
    call.no_args()?;
    let done = value_or_warn(event::dispatch())?;
    looping::conclude()?;
    Ok(done.is_some())
}

/// Runs the loop until nothing is left in it. PHP calls this, too, when a script has ended.
pub fn wait(call: Call<'_>) -> Result<(), Thrown> {
    call.no_args()?;
    if call.is_outermost() {
        looping::wait_at_end();
        return Ok(());
    }
    value_or_warn(event::wait())?;
    looping::conclude()
}

/// Ends the loop: what is in it is dropped.
pub fn exit(call: Call<'_>) -> Result<(), Thrown> {
    call.no_args()?;
    value_or_warn(event::exit()).map(drop)
}
