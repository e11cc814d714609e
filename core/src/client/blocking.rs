//! The client that waits.

use super::{Address, How, Settings};
use crate::error::{Error, ErrorKind, Result};
use crate::net::SocketType;
use std::os::fd::RawFd;
use std::path::Path;
use std::time::Duration;

/// What `recv` does besides waiting for some bytes; see recv(2).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct RecvFlags {
    /// leave the bytes where they are (MSG_PEEK)
    pub peek: bool,
    /// wait until all that was asked for is there (MSG_WAITALL)
    pub wait_all: bool,
    /// do not wait (MSG_DONTWAIT)
    pub dont_wait: bool,
    /// out-of-band data (MSG_OOB)
    pub out_of_band: bool,
}

/// A client that waits for what it is asked for, up to its timeout. Belongs to one thread.
#[derive(Debug)]
pub struct Client {
    kind: SocketType,
    settings: Settings,
}

fn not_built<T>() -> Result<T> {
    Err(Error::new(ErrorKind::OperationNotSupport, "not built yet"))
}

impl Client {
    /// A client that is not connected.
    pub fn new(kind: SocketType) -> Client {
        Client { kind, settings: Settings::default() }
    }

    /// What kind of socket it has.
    pub fn kind(&self) -> SocketType {
        self.kind
    }

    /// Its settings. What is changed while it is connected holds from the next connect on.
    pub fn settings(&mut self) -> &mut Settings {
        &mut self.settings
    }

    /// Connects: looks the host up, through a proxy if one is set, within `timeout` in all, which is also how long each later call waits.
    /// A datagram client gets a peer that it sends to. Errors name host, port and reason: ETIMEDOUT, ECONNREFUSED …,
    /// `DnsResolveFailed`, the proxy's, `WrongOperation` (connected already).
    pub fn connect(&mut self, _host: &str, _port: u16, _timeout: Duration) -> Result<()> {
        not_built()
    }

    /// As [`Client::connect`], but takes an idle connection to the same peer that this process kept under `id` ([`Client::keep`]), if its peer has
    /// not closed it. Whether it did.
    pub fn connect_kept(&mut self, _host: &str, _port: u16, _timeout: Duration, _id: &str) -> Result<bool> {
        not_built()
    }

    /// How long each call waits from now on; zero: for ever.
    pub fn set_timeout(&mut self, _timeout: Duration) {}

    /// Sends all of `data`, waiting while the peer takes none; returns its length. A datagram is sent whole or not at all. Errors: `ClientNoConnection`,
    /// EAGAIN (the timeout is over; [`Client::sent`] says how much went), EPIPE, ECONNRESET …
    pub fn send(&mut self, _data: &[u8]) -> Result<usize> {
        not_built()
    }

    /// Bytes that the last [`Client::send`] or [`Client::send_file`] got through.
    pub fn sent(&self) -> u64 {
        0
    }

    /// Sends a datagram to an address of this client's family (a path and 0 for a Unix socket); needs no connect. A name is looked up.
    pub fn send_to(&mut self, _host: &str, _port: u16, _data: &[u8]) -> Result<()> {
        not_built()
    }

    /// Sends a part of a file; `length` 0: to its end. Errors: no such file (`FileNotExist`), nothing there (`FileEmpty`), or as [`Client::send`].
    pub fn send_file(&mut self, _path: &Path, _offset: u64, _length: u64) -> Result<u64> {
        not_built()
    }

    /// Receives into `buffer` (which is emptied first). With a packet protocol: exactly one package, however long, and `size` and flags but `peek` are of no account. Without one: up to `size`
    /// bytes, or one datagram. `buffer` is empty when the peer has closed. Errors: EAGAIN (the timeout is over: the connection goes on, what has come of a package
    /// is kept), `PackageLengthTooLarge` (closed then), ECONNRESET …
    pub fn recv(&mut self, _size: usize, _flags: RecvFlags, _buffer: &mut Vec<u8>) -> Result<()> {
        not_built()
    }

    /// What tells the length of a package (`package_length_func`).
    pub fn set_length_func(&mut self, _length: Option<Box<dyn FnMut(&[u8]) -> isize>>) {}

    /// Ends one direction of a connection or both.
    pub fn shutdown(&mut self, _how: How) -> Result<()> {
        not_built()
    }

    /// Whether it is connected, as far as is known here.
    pub fn is_connected(&self) -> bool {
        false
    }

    /// Its descriptor; None before connect (a datagram client has one from its first use).
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

    /// Closes the connection. Errors: `ClientNoConnection`.
    pub fn close(&mut self) -> Result<()> {
        not_built()
    }

    /// Gives the connection back to this process under `id`, for a later [`Client::connect_kept`]; the client is not connected any more. It is closed instead if bytes wait in it or it
    /// has failed.
    pub fn keep(&mut self, _id: &str) {}
}
