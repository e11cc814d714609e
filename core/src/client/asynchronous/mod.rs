//! The client that tells by callbacks. [`connecting`] leads from `connect` to a connection, [`drive`] is what the loop does with it,
//! [`link`] its socket and what waits at either side of it, [`pipe`] hands what it receives to another descriptor.

mod connecting;
mod datagrams;
mod drive;
mod link;
mod pipe;
mod secure;
#[cfg(test)]
mod tests;

use super::proxy::place;
use super::socket::Opened;
use super::{Address, How, Settings};
use crate::config::{Value, Warning};
use crate::error::{Error, ErrorKind, Result};
use crate::event::{Flow, local};
use crate::net::SocketType;
use crate::protocol::{Framing, Protocol};
use crate::sys::process::generation;
use crate::{event, log, sys};
use link::Link;
use pipe::Pipe;
use std::cell::{Cell, OnceCell, RefCell};
use std::os::fd::{AsFd, AsRawFd, RawFd};
use std::path::Path;
use std::rc::{Rc, Weak};
use std::time::{Duration, Instant};

/// What happens to an [`AsyncClient`]. Each is called from the loop of the process, never from within a method of the client, and with nothing borrowed, so a callback may
/// do anything, also close, connect again or drop its client. Runs in: the process that called `connect`, on the same thread.
pub trait AsyncEvents {
    /// It is connected: send now.
    fn connect(&self, client: &AsyncClient) -> Flow;
    /// Bytes, one package, or one datagram have come.
    fn receive(&self, client: &AsyncClient, data: &[u8]) -> Flow;
    /// It could not connect, for this reason. It may connect again.
    fn error(&self, client: &AsyncClient, error: &Error) -> Flow;
    /// The connection has ended: by the peer, by an error (see [`AsyncClient::error_code`]), or by [`AsyncClient::close`]. Called once for each `connect` call that was told.
    fn close(&self, client: &AsyncClient) -> Flow;
    /// More than `buffer_high_watermark` bytes wait to be sent.
    fn buffer_full(&self, client: &AsyncClient) -> Flow {
        let _ = client;
        Flow::Continue
    }
    /// After that: no more than `buffer_low_watermark` are left.
    fn buffer_empty(&self, client: &AsyncClient) -> Flow {
        let _ = client;
        Flow::Continue
    }
    /// The length of the package at the front of `data` (`package_length_func`): 0 needs more bytes, less is an error.
    fn package_length(&self, client: &AsyncClient, data: &[u8]) -> isize {
        let _ = (client, data);
        -1
    }
}

/// An event-driven client. A handle: clones are the same client, and the loop keeps a client that is connecting or connected. Belongs to the thread of its loop.
/// In a forked process, and after the loop's end, it is not connected; the parent's connection stays as it is.
#[derive(Clone)]
pub struct AsyncClient(Rc<Inner>);

struct Inner {
    kind: SocketType,
    /// None: the defaults
    settings: RefCell<Option<Box<Settings>>>,
    /// what came of `settings` when they were last checked
    config: RefCell<Option<Rc<Config>>>,
    /// number of the last error
    error: Cell<i32>,
    /// from `connect` until it has failed or ended; the loop holds it
    current: RefCell<Weak<Conn>>,
    /// of a datagram client that sends before it is connected
    loose: RefCell<Option<Opened>>,
    /// connections begin with a TLS handshake
    tls: Cell<bool>,
}

/// Settings that were checked against one another.
struct Config {
    settings: Settings,
    protocol: Protocol,
    /// without a packet protocol
    raw: bool,
}

thread_local! {
    static DEFAULTS: OnceCell<Rc<Config>> = const { OnceCell::new() };
}

impl Config {
    fn of(mut settings: Settings) -> Result<Rc<Config>> {
        let (protocol, warnings) = settings.finish()?;
        for warning in warnings {
            log::warning(format_args!("{}", warning.message));
        }
        let raw = matches!(protocol.framing(), Framing::Raw);
        Ok(Rc::new(Config { settings, protocol, raw }))
    }
}

/// How far a connection is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    /// its host is looked up, its socket is connecting, or a proxy is being asked
    Connecting,
    /// connected
    Open,
    /// closed by the program; what waits is still being sent
    Closing,
    /// nothing more is told of it
    Ended,
}

/// One connection, or one attempt at it. The loop holds it together with its client, in what it is to call; so nothing is left of it when the loop is gone.
struct Conn {
    /// the loop that it belongs to, see [`local::number`]
    home: u64,
    /// the fork in which it was made
    fork: u32,
    host: Box<str>,
    port: u16,
    events: Rc<dyn AsyncEvents>,
    /// to connect in; zero: the system's own
    timeout: Duration,
    /// when that is over
    deadline: Option<Instant>,
    config: Rc<Config>,
    /// it begins with a TLS handshake
    tls: Option<secure::Rules>,
    stage: Cell<Stage>,
    link: RefCell<Link>,
}

impl Conn {
    fn is_open(&self) -> bool {
        self.stage.get() == Stage::Open
    }

    /// For messages.
    fn place(&self) -> String {
        if self.port == 0 { self.host.to_string() } else { place(&self.host, self.port) }
    }
}

impl Drop for Conn {
    fn drop(&mut self) {
        let waits = self.link.get_mut().unsent();
        if waits > 0 && matches!(self.stage.get(), Stage::Open | Stage::Closing) && self.fork == generation() {
            log::warning(format_args!(
                "{waits} bytes that a client's connection with {} still had to send are lost: its event loop has ended",
                self.place()
            ));
        }
    }
}

fn no_connection() -> Error {
    Error::new(
        ErrorKind::ClientNoConnection,
        "the client is not connected; call connect() and go on in the callback for connect",
    )
}

fn not_for(kind: SocketType, what: &str) -> Error {
    let why =
        if kind.is_datagram() { "datagrams have no connection" } else { "it is for UDP and Unix datagram sockets" };
    Error::new(ErrorKind::OperationNotSupport, format!("{what} is not possible with this kind of socket: {why}"))
}

impl AsyncClient {
    /// A client that is not connected.
    pub fn new(kind: SocketType) -> AsyncClient {
        AsyncClient(Rc::new(Inner {
            kind,
            settings: RefCell::default(),
            config: RefCell::default(),
            error: Cell::new(0),
            current: RefCell::default(),
            loose: RefCell::default(),
            tls: Cell::new(false),
        }))
    }

    /// A client with these settings, not connected.
    pub(in crate::client) fn with_settings(kind: SocketType, settings: Settings) -> AsyncClient {
        let client = AsyncClient::new(kind);
        *client.0.settings.borrow_mut() = Some(Box::new(settings));
        client
    }

    /// What kind of socket it has.
    pub fn kind(&self) -> SocketType {
        self.0.kind
    }

    /// As [`Settings::set`]; holds from the next connect on.
    pub fn set(&self, name: &str, value: &Value) -> Result<Vec<Warning>> {
        *self.0.config.borrow_mut() = None;
        self.0.settings.borrow_mut().get_or_insert_default().set(name, value)
    }

    /// A copy of its settings.
    pub fn settings(&self) -> Settings {
        self.0.settings.borrow().as_deref().cloned().unwrap_or_default()
    }

    /// Its settings, checked. Errors: they contradict one another.
    fn config(&self) -> Result<Rc<Config>> {
        if let Some(config) = &*self.0.config.borrow() {
            return Ok(config.clone());
        }
        let config = match self.0.settings.borrow().as_deref() {
            Some(settings) => Config::of(settings.clone())?,
            // Most clients have these: one copy is enough for all of them.
            None => DEFAULTS.with(|defaults| match defaults.get() {
                Some(config) => Ok(config.clone()),
                None => Config::of(Settings::default()).inspect(|config| drop(defaults.set(config.clone()))),
            })?,
        };
        *self.0.config.borrow_mut() = Some(config.clone());
        Ok(config)
    }

    /// The present connection or attempt, unless the loop that it belonged to is gone.
    fn current(&self) -> Option<Rc<Conn>> {
        let conn = self.0.current.borrow().upgrade()?;
        (conn.home == local::number()).then_some(conn)
    }

    fn connected(&self) -> Result<Rc<Conn>> {
        self.current().filter(|conn| conn.is_open()).ok_or_else(no_connection)
    }

    /// Notes an error's number.
    fn failed(&self, error: Error) -> Error {
        self.0.error.set(error.code());
        error
    }

    /// Begins to connect, through a proxy if one is set: the host is looked up without waiting, then `connect` or `error` is called, within `timeout` in all (zero: the system's own). The
    /// addresses of a name are tried in turn. A datagram client to an address in text can send at once. Errors at once: `WrongOperation` (connecting or connected already), `InvalidParams`, no socket can be made, no address to bind to.
    pub fn connect(&self, host: &str, port: u16, timeout: Duration, events: Rc<dyn AsyncEvents>) -> Result<()> {
        connecting::begin(self, host, port, timeout, events).map_err(|e| self.failed(e))
    }

    /// Sends all of `data` as the peer takes it; returns its length. What waits in memory is bounded by `socket_buffer_size`, but when nothing waits any length is taken. Errors:
    /// `ClientNoConnection`, `OutputBufferOverflow` (nothing of `data` is sent), EPIPE, ECONNRESET … (`close` follows). A datagram is sent whole or not at all.
    pub fn send(&self, data: &[u8]) -> Result<usize> {
        let conn = self.connected()?;
        if self.0.kind.is_datagram() {
            return datagrams::send(&conn, data).map_err(|e| self.failed(e));
        }
        let sent = conn.link.borrow_mut().send(&conn, data);
        drive::after_send(self, &conn);
        sent.map_err(|e| self.failed(e)).map(|()| data.len())
    }

    /// Sends a datagram to an address of its family; needs no connect. A host's name is refused: look it up first.
    pub fn send_to(&self, host: &str, port: u16, data: &[u8]) -> Result<()> {
        datagrams::send_to(self, host, port, data).map_err(|e| self.failed(e))
    }

    /// Sends a part of a file behind what waits; `length` 0: to its end. A small file is read now, a longer one stays open until it is sent. Errors: `FileNotExist`, `IsNotRegularFile`,
    /// `FileEmpty`, `InvalidParams` (it is not that long), or as [`AsyncClient::send`].
    pub fn send_file(&self, path: &Path, offset: u64, length: u64) -> Result<()> {
        let conn = self.connected()?;
        if self.0.kind.is_datagram() {
            return Err(self.failed(not_for(self.0.kind, "sendfile")));
        }
        let sent = conn.link.borrow_mut().send_file(&conn, path, offset, length);
        drive::after_send(self, &conn);
        sent.map_err(|e| self.failed(e))
    }

    /// Hands what this client receives from now on straight to `to`, which need not be a client's: a descriptor of a stream, which is not closed here and becomes non-blocking (but for a
    /// terminal). No `receive` is called any more. None ends it. Reading pauses while `to` takes none. If `to` fails or is closed, the log tells why and the client is closed.
    /// Errors: `ClientNoConnection`, `to` is not open, bytes still wait for another descriptor that was given before.
    pub fn pipe(&self, to: Option<RawFd>) -> Result<()> {
        let conn = self.connected()?;
        let pipe = to.map(Pipe::new).transpose().map_err(|e| self.failed(e))?;
        let old = conn.link.borrow_mut().set_pipe(pipe).map_err(|e| self.failed(e))?;
        drop(old);
        drive::again(self, &conn);
        Ok(())
    }

    /// Reads no more until [`AsyncClient::resume`]; the peer is slowed down by TCP. Errors: `ClientNoConnection`.
    pub fn pause(&self) -> Result<()> {
        self.connected()?.link.borrow_mut().paused = true;
        Ok(())
    }

    /// Reads again. Errors: `ClientNoConnection`.
    pub fn resume(&self) -> Result<()> {
        let conn = self.connected()?;
        let unread = {
            let mut link = conn.link.borrow_mut();
            link.paused = false;
            link.unread || link.held
        };
        if unread {
            drive::again(self, &conn);
        }
        Ok(())
    }

    /// Ends one direction, after what waits has been sent, or both, which also ends the connection. Errors: `ClientNoConnection`, the kind of socket.
    pub fn shutdown(&self, how: How) -> Result<()> {
        let conn = self.connected()?;
        if self.0.kind.is_datagram() {
            return Err(self.failed(not_for(self.0.kind, "shutdown")));
        }
        let done = conn.link.borrow_mut().shutdown(how);
        let done =
            done.map_err(|e| Error::system(format_args!("cannot shut down the connection with {}", conn.place()), &e));
        drive::end_later_if_done(self, &conn);
        done.map_err(|e| self.failed(e))
    }

    /// Closes: what waits is sent first unless `force`, as long as the peer takes some of it every few seconds; then, soon, `close` is called. While connecting: gives up, and no event
    /// follows. Errors: `ClientNoConnection`.
    pub fn close(&self, force: bool) -> Result<()> {
        let conn = self.current().ok_or_else(no_connection)?;
        drive::close(self, &conn, force)
    }

    /// Whether it is connected.
    pub fn is_connected(&self) -> bool {
        self.connected().is_ok()
    }

    /// Whether its connection keeps the loop from ending, as it does at first. Nothing if it is not connected.
    pub(in crate::client) fn keep_loop(&self, keep: bool) {
        if let Some(conn) = self.current()
            && let Some(source) = &conn.link.borrow().source
        {
            source.set_keeps(keep.then_some(connecting::KEEPS));
        }
    }

    /// Whether the peer has ended its side, also if the loop has not told that yet.
    pub(in crate::client) fn is_ended_by_peer(&self) -> bool {
        self.connected().is_ok_and(|conn| {
            let link = conn.link.borrow();
            link.hangup || link.ended || link.socket.as_ref().is_some_and(|s| sys::fd::is_ended_by_peer(s.as_fd()))
        })
    }

    /// Number of the last error of this client: errno or a `SWOOLE_ERROR_*`; 0: none since the last connect. From `close` on: why the connection ended; 0: it was closed here, or by the
    /// peer in good order.
    pub fn error_code(&self) -> i32 {
        self.0.error.get()
    }

    /// Bytes that wait to be sent.
    pub fn queued(&self) -> u64 {
        self.current().map_or(0, |conn| conn.link.borrow().unsent())
    }

    /// Its descriptor, once it has one.
    pub fn descriptor(&self) -> Option<RawFd> {
        match self.current() {
            Some(conn) => conn.link.borrow().socket.as_ref().map(|socket| socket.as_raw_fd()),
            None => self.0.loose.borrow().as_ref().map(|socket| socket.as_raw_fd()),
        }
    }

    /// Its own address. Errors: `ClientNoConnection`.
    pub fn local_address(&self) -> Result<Address> {
        let failed = |e| Error::system("cannot tell a client's own address", &e);
        let address = match self.current() {
            Some(conn) => match &conn.link.borrow().socket {
                Some(socket) => socket.local_addr().map_err(failed)?,
                None => return Err(no_connection()),
            },
            None => match &*self.0.loose.borrow() {
                Some(socket) => socket.local_addr().map_err(failed)?,
                None => return Err(no_connection()),
            },
        };
        Ok((&address).into())
    }

    /// The peer's address; of a datagram client: the sender of what was received last. Errors: `ClientNoConnection`.
    pub fn peer_address(&self) -> Result<Address> {
        let conn = self.connected()?;
        let link = conn.link.borrow();
        if let Some(peer) = link.peer.as_deref() {
            return Ok(peer.sender.as_ref().unwrap_or(&peer.to).into());
        }
        let socket = link.socket.as_ref().ok_or_else(no_connection)?;
        let address =
            socket.peer_addr().map_err(|e| Error::system("cannot tell the address of a client's peer", &e))?;
        Ok((&address).into())
    }
}

impl std::fmt::Debug for AsyncClient {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let stage = self.current().map(|conn| (conn.place(), conn.stage.get()));
        f.debug_struct("AsyncClient").field("kind", &self.0.kind).field("connection", &stage).finish_non_exhaustive()
    }
}

/// Calls `then` soon, from the loop, as long as there is no better occasion.
pub(super) fn soon(then: impl FnOnce() -> Flow + 'static) {
    if let Err(e) = local::defer(Box::new(then)) {
        log::error(format_args!("{e}"));
    }
}

/// A timer for `delay`, or as near as timers go.
pub(super) fn timer(delay: Duration, call: impl Fn() -> Flow + 'static) -> event::TimerId {
    let delay = delay.clamp(Duration::from_millis(1), local::LONGEST);
    event::after(delay, Rc::new(move |_| call())).unwrap_or_else(|e| {
        log::error(format_args!("{e}"));
        0
    })
}
