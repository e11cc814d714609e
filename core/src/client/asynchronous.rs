//! The client that tells by callbacks.

use super::{Address, How, Settings};
use crate::config::{Value, Warning};
use crate::error::{Error, ErrorKind, Result};
use crate::event::Flow;
use crate::net::SocketType;
use std::os::fd::RawFd;
use std::path::Path;
use std::rc::Rc;
use std::time::Duration;

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
#[derive(Clone)]
pub struct AsyncClient(Rc<Inner>);

struct Inner {
    kind: SocketType,
}

fn not_built<T>() -> Result<T> {
    Err(Error::new(ErrorKind::OperationNotSupport, "not built yet"))
}

impl AsyncClient {
    /// A client that is not connected.
    pub fn new(kind: SocketType) -> AsyncClient {
        AsyncClient(Rc::new(Inner { kind }))
    }

    /// What kind of socket it has.
    pub fn kind(&self) -> SocketType {
        self.0.kind
    }

    /// As [`Settings::set`]; holds from the next connect on.
    pub fn set(&self, _name: &str, _value: &Value) -> Result<Vec<Warning>> {
        not_built()
    }

    /// A copy of its settings.
    pub fn settings(&self) -> Settings {
        Settings::default()
    }

    /// Begins to connect, through a proxy if one is set: the host is looked up without waiting, then `connect` or `error` is called, within `timeout` in all (zero: the system's own). Errors
    /// at once: `WrongOperation` (connecting or connected already), no socket can be made, no address to bind to.
    pub fn connect(&self, _host: &str, _port: u16, _timeout: Duration, _events: Rc<dyn AsyncEvents>) -> Result<()> {
        not_built()
    }

    /// Sends all of `data` as the peer takes it; what waits is bounded by `socket_buffer_size`. Errors: `ClientNoConnection`, `OutputBufferOverflow` (nothing of `data` is sent).
    pub fn send(&self, _data: &[u8]) -> Result<usize> {
        not_built()
    }

    /// Sends a datagram to an address of its family; needs no connect. A host's name is refused: look it up first.
    pub fn send_to(&self, _host: &str, _port: u16, _data: &[u8]) -> Result<()> {
        not_built()
    }

    /// Sends a part of a file behind what waits; `length` 0: to its end.
    pub fn send_file(&self, _path: &Path, _offset: u64, _length: u64) -> Result<()> {
        not_built()
    }

    /// Hands what this client receives from now on straight to `to`, which need not be a client's: a descriptor of a stream. No `receive` is called any more. None ends it. Reading pauses while `to` takes none.
    pub fn pipe(&self, _to: Option<RawFd>) -> Result<()> {
        not_built()
    }

    /// Reads no more until [`AsyncClient::resume`]; the peer is slowed down by TCP.
    pub fn pause(&self) -> Result<()> {
        not_built()
    }

    /// Reads again.
    pub fn resume(&self) -> Result<()> {
        not_built()
    }

    /// Ends one direction, after what waits has been sent, or both.
    pub fn shutdown(&self, _how: How) -> Result<()> {
        not_built()
    }

    /// Closes: what waits is sent first unless `force`; then, soon, `close` is called. While connecting: gives up, and no event follows. Errors: `ClientNoConnection`.
    pub fn close(&self, _force: bool) -> Result<()> {
        not_built()
    }

    /// Whether it is connected.
    pub fn is_connected(&self) -> bool {
        false
    }

    /// Number of the last error of this client: errno or a `SWOOLE_ERROR_*`; 0: none.
    pub fn error_code(&self) -> i32 {
        0
    }

    /// Bytes that wait to be sent.
    pub fn queued(&self) -> u64 {
        0
    }

    /// Its descriptor, once it has one.
    pub fn descriptor(&self) -> Option<RawFd> {
        None
    }

    /// Its own address.
    pub fn local_address(&self) -> Result<Address> {
        not_built()
    }

    /// The peer's address; of a datagram client: the sender of what was received last.
    pub fn peer_address(&self) -> Result<Address> {
        not_built()
    }
}

impl std::fmt::Debug for AsyncClient {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("AsyncClient").field("kind", &self.0.kind).finish_non_exhaustive()
    }
}
