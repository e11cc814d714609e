//! Methods of `Swoole\Client` but those that carry data.

use super::address::{self, Target, timeout};
use super::events::Events;
use super::state::{
    Event, Side, State, answer, ask_length, borrow, fail, show_connection, show_descriptor, show_error, show_success,
    value_or_false,
};
use super::{ClientObject, slot, state};
use crate::bridge::{looping, settings};
use crate::classes::{client_exception, did_you_mean, server, socket_object, warn_of};
use crate::zend::{self, Call, Object, Thrown, int, no};
use ext_php_rs::types::Zval;
use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;
use swoole_core::client::{AsyncClient, Client, How};
use swoole_core::config::Value;
use swoole_core::error::{Error, ErrorKind, Result as EngineResult};

/// Bits that may be or-ed to a socket type.
pub mod flag {
    pub const ASYNC: i64 = 1024;
    pub const SYNC: i64 = 2048;
    pub const KEEP: i64 = 4096;
}

/// How long a client waits that was not connected, of datagrams.
const TIMEOUT: Duration = Duration::from_millis(500);

/// What socket_buffer_size is by default, unless swoole.unixsock_buffer_size says otherwise.
const BUFFER: i64 = 8 << 20;

pub fn construct(call: Call<'_>) -> Result<(), Thrown> {
    let mut args = call.args(1, 3)?;
    let (kind, telling, id) = (args.long()?, args.bool_or(false)?, args.maybe_bytes()?.unwrap_or_default());
    build(call, kind, telling || kind & flag::ASYNC != 0, id)
}

pub fn construct_async(call: Call<'_>) -> Result<(), Thrown> {
    let kind = call.args(1, 1)?.long()?;
    build(call, kind, true, b"")
}

fn build(call: Call<'_>, given: i64, telling: bool, id: &[u8]) -> Result<(), Thrown> {
    let payload = call.payload::<ClientObject>()?;
    if payload.0.get().is_some() {
        zend::throw_error("this client is constructed already; a constructor runs once");
        return Err(Thrown);
    }
    let state = make(given, telling, id).map_err(|error| throw(&error.remember()))?;
    let object = call.this();
    object.set_property(slot::TYPE, int(given));
    if !id.is_empty() {
        object.set_property(slot::ID, zend::bytes(id));
    }
    let _ = payload.0.set(state);
    Ok(())
}

fn throw(error: &Error) -> Thrown {
    zend::throw(&client_exception::CLASS, &error.to_string(), error.code().into());
    Thrown
}

fn make(given: i64, telling: bool, id: &[u8]) -> EngineResult<State> {
    let refused = |kind, message: &str| Err(Error::new(kind, message));
    let tls = given & server::SSL != 0;
    let kind = server::socket_type(given & !(server::SSL | flag::ASYNC | flag::SYNC | flag::KEEP))?;
    let keeps = given & flag::KEEP != 0;
    if !telling {
        let mut client = Client::new(kind);
        if tls {
            client.secure()?;
        }
        client.set_timeout(TIMEOUT);
        default_buffer(|value| client.settings().set("socket_buffer_size", value))?;
        let kept_as = keeps.then(|| String::from_utf8_lossy(id).into_owned());
        return Ok(State::new(kind, Side::Waiting(Box::new(RefCell::new(client))), kept_as));
    }
    if keeps {
        return refused(
            ErrorKind::InvalidParams,
            "SWOOLE_KEEP is for clients that wait; an event-driven client is kept by the event loop as long as it is connected",
        );
    }
    if given & flag::SYNC != 0 {
        return refused(
            ErrorKind::InvalidParams,
            "SWOOLE_SYNC asks for a client that waits, and an event-driven one was asked for as well",
        );
    }
    if !zend::is_command_line() {
        return refused(
            ErrorKind::WrongOperation,
            "event-driven clients need the event loop, which runs under the PHP command line only",
        );
    }
    let client = AsyncClient::new(kind);
    if tls {
        client.secure()?;
    }
    default_buffer(|value| client.set("socket_buffer_size", value))?;
    Ok(State::new(kind, Side::Telling(client), None))
}

/// The INI directive swoole.unixsock_buffer_size is the default of socket_buffer_size.
fn default_buffer<T>(set: impl FnOnce(&Value) -> EngineResult<T>) -> EngineResult<()> {
    match zend::ini_int("swoole.unixsock_buffer_size") {
        BUFFER => Ok(()),
        size => set(&Value::Int(size)).map(drop),
    }
}

/// Sets options. What is changed while it is connected holds from the next connect on. False if one was not taken.
pub fn set(call: Call<'_>) -> Result<bool, Thrown> {
    let given = call.args(1, 1)?.array()?;
    let object = call.this();
    let state = state(object)?;
    object.set_property(slot::SETTING, settings::merged(&object.property(slot::SETTING), given));
    let set = |name: &str, value: &Value| match &state.side {
        Side::Waiting(client) => borrow(client)?.settings().set(name, value),
        Side::Telling(client) => client.set(name, value),
    };
    let keep = |_: &str, callback| {
        let before = state.length_func.replace(Some(callback));
        drop(before);
        if let Side::Waiting(client) = &state.side
            && let Ok(mut client) = client.try_borrow_mut()
        {
            let func = state.length_func.clone();
            client.set_length_func(Some(Box::new(move |data| ask_length(&func, data))));
        }
    };
    settings::apply(given, set, keep)
}

/// Sets the callback for an event.
pub fn on(call: Call<'_>) -> Result<bool, Thrown> {
    let mut args = call.args(2, 2)?;
    let (name, callback) = (args.text()?, args.callback()?);
    let object = call.this();
    let state = state(object)?;
    if let Err(error) = state.telling() {
        return fail(object, error).map(|()| false);
    }
    let lower = name.to_ascii_lowercase();
    let bare = lower.strip_prefix("on").unwrap_or(&lower);
    let Some((event, _)) = Event::ALL.into_iter().find(|(_, known)| known.eq_ignore_ascii_case(bare)) else {
        let near = did_you_mean(&name, Event::ALL.iter().map(|(_, known)| *known));
        return answer::<()>(
            object,
            Err(Error::new(ErrorKind::InvalidParams, format!("unknown event \"{name}\"{near}"))),
        );
    };
    object.set_property(slot::ON + event as usize, callback.value());
    state.set_callback(event, callback);
    Ok(true)
}

/// Connects, or, event-driven, begins to.
pub fn connect(call: Call<'_>) -> Result<bool, Thrown> {
    let mut args = call.args(1, 4)?;
    let (host, port, seconds, flags) = (args.bytes()?, args.long_or(0)?, args.float_or(0.5)?, args.long_or(0)?);
    let object = call.this();
    let state = state(object)?;
    let target = Target::new(state.kind, host, port).and_then(|target| {
        let timeout = timeout(seconds)?;
        if !(0..=1).contains(&flags) {
            let found = format!("flag {flags} is unknown; use 0, or 1 for a TCP client that does not wait");
            return Err(Error::new(ErrorKind::InvalidParams, found));
        }
        Ok((target, timeout))
    });
    let (target, timeout) = match target {
        Ok(found) => found,
        Err(error) => return refuse_connect(object, error),
    };
    let connected = match &state.side {
        Side::Telling(client) => {
            check_callbacks(state)?;
            looping::attend();
            let begun = client.connect(target.host, target.port, timeout, Rc::new(Events::new(object)));
            begun.map(|()| None)
        }
        Side::Waiting(client) => borrow(client).and_then(|mut client| match &state.kept_as {
            _ if flags != 0 && !state.kind.is_datagram() => {
                client.connect_nowait(target.host, target.port, timeout).map(|()| Some(0))
            }
            Some(id) if !state.kind.is_datagram() => {
                client.connect_kept(target.host, target.port, timeout, id).map(Some)
            }
            _ => client.connect(target.host, target.port, timeout).map(|()| Some(0)),
        }),
    };
    match connected {
        Ok(Some(reused)) => show_connection(object, reused),
        Ok(None) => {
            show_success(object);
            show_descriptor(object);
        }
        Err(error) => return refuse_connect(object, error),
    }
    Ok(true)
}

/// Not connected: always with a warning, which names host, port and reason.
fn refuse_connect(object: Object<'_>, error: Error) -> Result<bool, Thrown> {
    let error = error.remember();
    show_error(object, &error);
    show_descriptor(object);
    warn_of(&error).map(|()| false)
}

/// An event-driven client that could not tell what happens to it is a mistake that would look as if nothing ever happened.
fn check_callbacks(state: &State) -> Result<(), Thrown> {
    const OF_STREAMS: &[Event] = &[Event::Connect, Event::Receive, Event::Error, Event::Close];
    let needed = if state.kind.is_datagram() { &[Event::Receive][..] } else { OF_STREAMS };
    let missing: Vec<&str> = Event::ALL
        .iter()
        .filter(|(e, _)| needed.contains(e) && state.callback(*e).is_none())
        .map(|(_, n)| *n)
        .collect();
    if missing.is_empty() {
        return Ok(());
    }
    Err(throw(
        &Error::new(
            ErrorKind::InvalidCallback,
            format!(
                "an event-driven client needs callbacks before connect(): on(\"{}\", …) is missing",
                missing.join("\", …) and on(\"")
            ),
        )
        .remember(),
    ))
}

pub fn is_connected(call: Call<'_>) -> Result<bool, Thrown> {
    call.no_args()?;
    Ok(state(call.this())?.is_connected())
}

/// Closes. A kept connection is given back to the process instead, unless `force`.
pub fn close(call: Call<'_>) -> Result<bool, Thrown> {
    let force = call.args(0, 1)?.bool_or(false)?;
    let object = call.this();
    let state = state(object)?;
    let closed = match &state.side {
        Side::Telling(client) => client.close(force),
        Side::Waiting(client) => borrow(client).and_then(|mut client| match &state.kept_as {
            Some(id) if !force && client.is_connected() => {
                client.keep(id);
                Ok(())
            }
            _ => client.close(),
        }),
    };
    if let Side::Waiting(_) = &state.side {
        show_descriptor(object);
    }
    // To close what is closed is no mistake that needs a warning.
    if let Err(error) = closed {
        let error = error.remember();
        show_error(object, &error);
        return if error.kind() == ErrorKind::ClientNoConnection { Ok(false) } else { warn_of(&error).map(|()| false) };
    }
    Ok(true)
}

/// Ends one direction of a connection or both.
pub fn shutdown(call: Call<'_>) -> Result<bool, Thrown> {
    let how = call.args(1, 1)?.long()?;
    let object = call.this();
    let state = state(object)?;
    let Some(how) = [How::Read, How::Write, How::Both].into_iter().find(|known| *known as i64 == how) else {
        let found =
            format!("shutdown of {how} was asked for; use Swoole\\Client::SHUT_RD (0), SHUT_WR (1) or SHUT_RDWR (2)");
        return answer::<()>(object, Err(Error::new(ErrorKind::InvalidParams, found)));
    };
    let done = match &state.side {
        Side::Telling(client) => client.shutdown(how),
        Side::Waiting(client) => borrow(client).and_then(|mut client| client.shutdown(how)),
    };
    answer(object, done)
}

/// Reads no more until `resume()`.
pub fn pause(call: Call<'_>) -> Result<bool, Thrown> {
    call.no_args()?;
    let object = call.this();
    answer(object, state(object)?.telling().and_then(AsyncClient::pause))
}

pub fn resume(call: Call<'_>) -> Result<bool, Thrown> {
    call.no_args()?;
    let object = call.this();
    answer(object, state(object)?.telling().and_then(AsyncClient::resume))
}

pub fn local_address(call: Call<'_>) -> Result<Zval, Thrown> {
    call.no_args()?;
    let object = call.this();
    let found = match &state(object)?.side {
        Side::Telling(client) => client.local_address(),
        Side::Waiting(client) => borrow(client).and_then(|client| client.local_address()),
    };
    value_or_false(object, found, address::to_array)
}

/// Of a datagram client: the sender of what was received last.
pub fn peer_address(call: Call<'_>) -> Result<Zval, Thrown> {
    call.no_args()?;
    let object = call.this();
    let found = match &state(object)?.side {
        Side::Telling(client) => client.peer_address(),
        Side::Waiting(client) => borrow(client).and_then(|client| client.peer_address()),
    };
    value_or_false(object, found, address::to_array)
}

/// A `Socket` of ext/sockets over a duplicate of the descriptor.
pub fn get_socket(call: Call<'_>) -> Result<Zval, Thrown> {
    call.no_args()?;
    let object = call.this();
    let Some(descriptor) = state(object)?.descriptor() else {
        let none = Error::new(ErrorKind::ClientNoConnection, "this client has no socket yet; connect it first");
        return fail(object, none).map(|()| no());
    };
    socket_object(descriptor)
}
