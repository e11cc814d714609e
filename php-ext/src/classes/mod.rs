//! One file per PHP class, and what they share: how a result of the engine becomes PHP's answer.

pub mod asynchronous;
pub mod atomic;
pub mod atomic_long;
pub mod buffer;
pub mod channel;
pub mod client;
pub mod client_exception;
pub mod connection_iterator;
pub mod event;
pub mod exception;
pub mod http;
pub mod http_client;
pub mod lock;
pub mod mmap;
pub mod pool;
pub mod process;
pub mod server;
pub mod server_event;
pub mod server_packet;
pub mod server_pipe_message;
pub mod server_port;
pub mod server_status_info;
pub mod server_task;
pub mod server_task_result;
pub mod table;
pub mod table_row;
pub mod timer;
pub mod timer_iterator;
mod waiting;
pub mod websocket;

use crate::bridge::{Callbacks, values};
use crate::zend::{self, Call, Thrown, no, warning};
use ext_php_rs::types::Zval;
use std::cell::OnceCell;
use std::os::fd::RawFd;
use swoole_core::error::{Error, ErrorKind, is_ignored};
use swoole_core::server::{Data, Event, Server};

/// Registers all classes, while the module starts.
pub fn register() {
    exception::register();
    client::register();
    asynchronous::register();
    connection_iterator::register();
    process::register();
    pool::register();
    server_event::register();
    server_packet::register();
    server_pipe_message::register();
    server_status_info::register();
    server_task::register();
    server_task_result::register();
    server_port::register();
    server::register();
    http::register();
    http_client::register();
    websocket::register();
    event::register();
    timer_iterator::register();
    timer::register();
    table::register();
    table_row::register();
    atomic::register();
    atomic_long::register();
    lock::register();
    channel::register();
    buffer::register();
    mmap::register();
}

/// What a constructor has put into an object; throws if it has not run.
#[inline]
fn constructed<'c, T>(inside: &'c OnceCell<T>, what: &str) -> Result<&'c T, Thrown> {
    inside.get().ok_or_else(|| not_constructed(what))
}

#[cold]
fn not_constructed(what: &str) -> Thrown {
    zend::throw_error(&format!(
        "this {what} was not constructed; a subclass that has a constructor must call parent::__construct() first"
    ));
    Thrown
}

/// Ends a constructor; throws if it has run before.
fn construct_once<T>(inside: &OnceCell<T>, value: T, what: &str) -> Result<(), Thrown> {
    inside.set(value).map_err(|_| {
        zend::throw_error(&format!("this {what} was constructed before; its constructor runs once"));
        Thrown
    })
}

/// Throws a `Swoole\Exception`: what constructors do, which have no result.
fn throw_exception(error: Error) -> Thrown {
    let error = error.remember();
    zend::throw(&exception::CLASS, &error.to_string(), error.code().into());
    Thrown
}

/// True, or false with the error number set.
fn answer<T>(result: Result<T, Error>) -> bool {
    result.map_err(Error::remember).is_ok()
}

/// The value, or `false` with the error number set.
fn value_or_false<T>(result: Result<T, Error>, value: impl FnOnce(T) -> Zval) -> Zval {
    result.map_err(Error::remember).map_or_else(|_| no(), value)
}

/// True, or false with the error number set and, where the script asked for something it cannot
/// have, an E_WARNING that says so. A connection that is gone or slow is no mistake of the script.
pub fn answer_or_warn<T>(result: Result<T, Error>) -> Result<bool, Thrown> {
    match result {
        Ok(_) => Ok(true),
        Err(error) => {
            let error = error.remember();
            if is_misuse(error.kind()) {
                warn_of(&error)?;
            }
            Ok(false)
        }
    }
}

/// Raises an E_WARNING that tells of an error, unless the script ignores errors of its number.
pub fn warn_of(error: &Error) -> Result<(), Thrown> {
    if is_ignored(error.code()) { Ok(()) } else { warning(&error.to_string()) }
}

/// The value, or None with the error number set and an E_WARNING.
pub fn value_or_warn<T>(result: Result<T, Error>) -> Result<Option<T>, Thrown> {
    match result {
        Ok(value) => Ok(Some(value)),
        Err(error) => warn_of(&error.remember()).map(|()| None),
    }
}

fn is_misuse(kind: ErrorKind) -> bool {
    use ErrorKind::*;
    matches!(
        kind,
        InvalidParams
            | OperationNotSupport
            | WrongOperation
            | FileNotExist
            | FileEmpty
            | IsNotRegularFile
            | DataLengthTooLarge
            | InvalidListenPort
            | InvalidCallback
            | OnlyStartOne
            | SendInMaster
            | HttpContextUnavailable
            | WebsocketBadOpcode
            | WebsocketPackFailed
    )
}

/// A peer that is slow, gone or dead is no mistake of the script.
pub fn is_everyday(error: &Error) -> bool {
    use ErrorKind::*;
    match error.kind() {
        OutputBufferOverflow | SocketClosed => true,
        SystemCallFail => matches!(
            error.code(),
            libc::EAGAIN | libc::EINTR | libc::EPIPE | libc::ECONNRESET | libc::ETIMEDOUT | libc::EINPROGRESS
        ),
        _ => false,
    }
}

/// False with an error number and an E_WARNING.
pub fn refuse(kind: ErrorKind, message: impl Into<String>) -> Result<bool, Thrown> {
    let error = Error::new(kind, message).remember();
    warn_of(&error)?;
    Ok(false)
}

/// The value that has come from another process, or false with a warning if it cannot be read.
fn unpacked(data: Data<'_>) -> Result<Zval, Thrown> {
    match values::unpack(data)? {
        Some(value) => Ok(value),
        None => refuse(
            ErrorKind::InvalidParams,
            format!("the {} bytes that came are not what PHP's serialize() makes", data.bytes.len()),
        )
        .map(|_| no()),
    }
}

/// A `Socket` object of ext/sockets over a duplicate of a descriptor, or false with a warning if that extension is not there.
fn socket_object(descriptor: RawFd) -> Result<Zval, Thrown> {
    match zend::socket_object(descriptor)? {
        Some(socket) => Ok(socket),
        None => refuse(
            ErrorKind::OperationNotSupport,
            "a Socket object needs PHP's sockets extension, which is not loaded; add extension=sockets to php.ini",
        )
        .map(|_| no()),
    }
}

/// For what can be changed before start() only.
fn refuse_running(what: &str) -> Result<bool, Thrown> {
    refuse(
        ErrorKind::WrongOperation,
        format!("the server is running, so its {what} can no longer be changed; do it before start()"),
    )
}

/// A method that does nothing and is there so that a subclass may call it: `parent::__destruct()`.
fn destruct(call: Call<'_>) -> Result<(), Thrown> {
    call.no_args()
}

/// `on(event, callback)`: looks the event up among `events`, and keeps the callback and shows it as
/// the property `slot(event)`.
fn on(
    call: Call<'_>,
    engine: &Server,
    callbacks: &Callbacks,
    events: impl Iterator<Item = Event>,
    slot: impl Fn(Event) -> usize,
) -> Result<bool, Thrown> {
    let mut args = call.args(2, 2)?;
    let name = args.text()?;
    let callback = args.callback()?;
    let events: Vec<Event> = events.collect();
    let Some(event) = Event::by_name(&name).filter(|event| events.contains(event)) else {
        let near = did_you_mean(&name, events.iter().map(|event| event.name()));
        return refuse(ErrorKind::InvalidParams, format!("unknown event \"{name}\"{near}"));
    };
    if engine.is_started() {
        return refuse_running(&format!("callback for {}", event.name()));
    }
    call.this().set_property(slot(event), callback.value());
    callbacks.set(event, callback);
    Ok(true)
}

/// The callback that was set for the event of that name, or null.
fn get_callback(call: Call<'_>, callbacks: &Callbacks) -> Result<Zval, Thrown> {
    let name = call.args(1, 1)?.text()?;
    Ok(Event::by_name(&name).and_then(|event| callbacks.get(event)).map_or_else(Zval::new, |callback| callback.value()))
}

/// The one of `names` that is at most three letters away from `name`, as a question to put behind a warning.
pub fn did_you_mean<'n>(name: &str, names: impl Iterator<Item = &'n str>) -> String {
    let bare = |name: &str| {
        let name = name.to_ascii_lowercase();
        name.strip_prefix("on").map(str::to_owned).unwrap_or(name)
    };
    let given = bare(name);
    let nearest = names.map(|known| (edit_distance(&given, &bare(known)), known)).min_by_key(|(distance, _)| *distance);
    match nearest {
        Some((0..=3, known)) => format!("; did you mean \"{known}\"?"),
        _ => String::new(),
    }
}

/// How many letters must be changed, added or taken away to make `b` of `a`.
fn edit_distance(a: &str, b: &str) -> usize {
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.bytes().enumerate() {
        let mut diagonal = std::mem::replace(&mut row[0], i + 1);
        for (j, y) in b.bytes().enumerate() {
            let above = row[j + 1];
            row[j + 1] = (diagonal + usize::from(x != y)).min(above + 1).min(row[j] + 1);
            diagonal = above;
        }
    }
    row[b.len()]
}
