//! What a client object holds.

use super::ClientObject;
use super::slot;
use crate::classes::{is_everyday, warn_of};
use crate::functions::runtime::error_words;
use crate::zend::{Callback, Gc, Object, Outcome, Thrown, boolean, int, leave_process, no, text};
use crate::{bridge, zend};
use ext_php_rs::types::Zval;
use std::cell::{RefCell, RefMut};
use std::os::fd::RawFd;
use std::rc::Rc;
use swoole_core::client::{AsyncClient, Client};
use swoole_core::error::{Error, ErrorKind, Result as EngineResult};
use swoole_core::net::SocketType;

/// What an event-driven client has callbacks for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Event {
    Connect,
    Receive,
    Error,
    Close,
    BufferFull,
    BufferEmpty,
}

impl Event {
    /// All of them with their names, in the order of the properties.
    pub const ALL: [(Event, &'static str); 6] = [
        (Event::Connect, "connect"),
        (Event::Receive, "receive"),
        (Event::Error, "error"),
        (Event::Close, "close"),
        (Event::BufferFull, "bufferFull"),
        (Event::BufferEmpty, "bufferEmpty"),
    ];
}

/// The engine's side of a client.
pub enum Side {
    /// it waits for what it is asked for; in a box, since it is aligned more strictly than PHP objects are
    Waiting(Box<RefCell<Client>>),
    /// it tells by callbacks
    Telling(AsyncClient),
}

/// The Rust side of a client object whose constructor has run.
pub struct State {
    pub kind: SocketType,
    pub side: Side,
    /// Connections are kept in this process under that name (SWOOLE_KEEP).
    pub kept_as: Option<String>,
    callbacks: [RefCell<Option<Callback>>; Event::ALL.len()],
    /// `package_length_func`
    pub length_func: LengthFunc,
    /// What it pipes to, so that it stays open.
    pub piped: RefCell<Option<Zval>>,
}

/// Shared with the engine, which calls it.
pub type LengthFunc = Rc<RefCell<Option<Callback>>>;

impl State {
    pub fn new(kind: SocketType, side: Side, kept_as: Option<String>) -> State {
        State {
            kind,
            side,
            kept_as,
            callbacks: Default::default(),
            length_func: LengthFunc::default(),
            piped: RefCell::default(),
        }
    }

    /// Shows all PHP values that it holds to the garbage collector.
    pub fn trace(&self, gc: &mut Gc) {
        for callback in self.callbacks.iter().chain([&*self.length_func]) {
            bridge::trace(callback, gc);
        }
        if let Ok(piped) = self.piped.try_borrow()
            && let Some(piped) = &*piped
        {
            gc.add(piped);
        }
    }

    /// Sets the callback for `event`; the one before is let go of.
    pub fn set_callback(&self, event: Event, callback: Callback) {
        let before = self.callbacks[event as usize].replace(Some(callback));
        drop(before);
    }

    /// The callback for `event`: a reference of its own, since it may be replaced while it runs.
    pub fn callback(&self, event: Event) -> Option<Callback> {
        self.callbacks[event as usize].borrow().clone()
    }

    /// The client that waits. Errors: it is one that tells; it is at work.
    pub fn waiting(&self, instead: &str) -> EngineResult<RefMut<'_, Client>> {
        match &self.side {
            Side::Waiting(client) => borrow(client),
            Side::Telling(_) => Err(Error::new(
                ErrorKind::OperationNotSupport,
                format!("this client is event-driven and does not wait: {instead}"),
            )),
        }
    }

    /// The client that tells. Errors: it is one that waits.
    pub fn telling(&self) -> EngineResult<&AsyncClient> {
        match &self.side {
            Side::Telling(client) => Ok(client),
            Side::Waiting(_) => Err(Error::new(
                ErrorKind::OperationNotSupport,
                "this client waits for what it is asked for and has no events; make it with SWOOLE_SOCK_ASYNC as second argument",
            )),
        }
    }

    /// Its descriptor, if it has one.
    pub fn descriptor(&self) -> Option<RawFd> {
        match &self.side {
            Side::Waiting(client) => client.try_borrow().ok().and_then(|client| client.descriptor()),
            Side::Telling(client) => client.descriptor(),
        }
    }

    /// Whether it can give what it has received without asking its socket.
    pub fn has_pending(&self) -> bool {
        match &self.side {
            Side::Waiting(client) => client.try_borrow_mut().is_ok_and(|mut client| client.has_pending()),
            Side::Telling(_) => false,
        }
    }

    pub fn is_connected(&self) -> bool {
        match &self.side {
            // It is at work, so it is connected.
            Side::Waiting(client) => client.try_borrow().map_or(true, |client| client.is_connected()),
            Side::Telling(client) => client.is_connected(),
        }
    }
}

impl Drop for State {
    /// A connection that is to be kept outlives its object.
    fn drop(&mut self) {
        if let (Side::Waiting(client), Some(id)) = (&mut self.side, &self.kept_as)
            && client.get_mut().is_connected()
        {
            client.get_mut().keep(id);
        }
    }
}

/// Errors: the method was called by the client's own `package_length_func`.
pub fn borrow(client: &RefCell<Client>) -> EngineResult<RefMut<'_, Client>> {
    client.try_borrow_mut().map_err(|_| {
        Error::new(
            ErrorKind::WrongOperation,
            "this client is at work: its package_length_func may only tell the length of what it is given",
        )
    })
}

/// What the engine calls for `package_length_func`. An exception in it stays pending, for the method that is receiving.
pub fn ask_length(func: &LengthFunc, data: &[u8]) -> isize {
    let Some(callback) = func.borrow().clone() else { return -1 };
    match callback.call(&[zend::Arg::Bytes(data)], Zval::long) {
        Outcome::Returned(length) => length.and_then(|length| isize::try_from(length).ok()).unwrap_or(-1),
        Outcome::Exit(code) => {
            leave_process(code);
            -1
        }
        Outcome::Threw | Outcome::Bailout => -1,
    }
}

/// The properties tell of no error.
pub fn show_success(object: Object<'_>) {
    object.set_property(slot::ERR_CODE, int(0));
    object.set_property(slot::ERR_MSG, text(""));
}

/// The properties tell of an error.
pub fn show_error(object: Object<'_>, error: &Error) {
    object.set_property(slot::ERR_CODE, int(error.code()));
    object.set_property(slot::ERR_MSG, text(&error.to_string()));
}

/// The properties tell how a connection has ended; 0: well.
pub fn show_closed(object: Object<'_>, code: i32) {
    object.set_property(slot::ERR_CODE, int(code));
    object.set_property(slot::ERR_MSG, text(&if code == 0 { String::new() } else { error_words(code) }));
}

/// The property `sock` is the descriptor.
pub fn show_descriptor(object: Object<'_>) {
    if let Some(state) = object.payload::<ClientObject>().and_then(|payload| payload.0.get()) {
        object.set_property(slot::SOCK, int(state.descriptor().unwrap_or(-1)));
    }
}

/// The properties tell of a connection, which was taken up again `reused` times.
pub fn show_connection(object: Object<'_>, reused: u32) {
    show_success(object);
    show_descriptor(object);
    object.set_property(slot::REUSE, boolean(reused > 0));
    object.set_property(slot::REUSE_COUNT, int(reused));
}

/// Notes an error in the properties and as the last one, and warns of it unless it is a peer's that is slow or gone.
pub fn fail(object: Object<'_>, error: Error) -> Result<(), Thrown> {
    let error = error.remember();
    show_error(object, &error);
    show_descriptor(object);
    if is_everyday(&error) { Ok(()) } else { warn_of(&error) }
}

/// True, or false with the error told of.
pub fn answer<T>(object: Object<'_>, result: EngineResult<T>) -> Result<bool, Thrown> {
    match result {
        Ok(_) => Ok(true),
        Err(error) => fail(object, error).map(|()| false),
    }
}

/// The value, or false with the error told of.
pub fn value_or_false<T>(
    object: Object<'_>,
    result: EngineResult<T>,
    value: impl FnOnce(T) -> Zval,
) -> Result<Zval, Thrown> {
    match result {
        Ok(found) => Ok(value(found)),
        Err(error) => fail(object, error).map(|()| no()),
    }
}
