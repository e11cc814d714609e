//! The client that waits: what a program sees of it. [`dial`] gets a connection within one deadline, [`link`] is one with what has come in its
//! [`inbox`] and was not asked for, [`keep`] are those that a process keeps for later.

mod deadline;
mod dial;
mod inbox;
mod keep;
mod link;
mod secure;

use super::proxy::Handshake;
use super::{Address, How, Settings, socket};
use crate::error::{Error, ErrorKind, Result};
use crate::log;
use crate::net::{SocketType, file};
use crate::protocol::{Framing, Protocol, Verdict};
use crate::sys;
use socket2::SockAddr;
use std::io;
use std::net::Shutdown;
use std::os::fd::{AsFd, AsRawFd, RawFd};
use std::os::unix::fs::FileExt;
use std::path::Path;
use std::time::Duration;

use deadline::{Deadline, Ready};
use dial::Dialled;
use inbox::Inbox;
use link::Link;

/// Longest datagram that is received, in bytes (Unix sockets have some longer than UDP's).
const LONGEST_DATAGRAM: usize = 16 << 20;
/// Bytes of a file in one sendfile(2).
const FILE_STEP: u64 = 1 << 20;
/// Bytes of a file that are encrypted at once.
const FILE_PART: u64 = 64 << 10;

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

/// What `send_with` does besides sending; see send(2).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct SendFlags {
    /// do not wait: what is taken at once (MSG_DONTWAIT)
    pub dont_wait: bool,
    /// the last byte is sent out of band (MSG_OOB)
    pub out_of_band: bool,
}

type LengthFn = Box<dyn FnMut(&[u8]) -> isize>;

/// A client that waits for what it is asked for, up to its timeout. Belongs to one thread.
pub struct Client {
    kind: SocketType,
    settings: Settings,
    timeout: Duration,
    length: Option<LengthFn>,
    link: Option<Link>,
    sent: u64,
    /// connections begin with a TLS handshake
    tls: bool,
}

impl Client {
    /// A client that is not connected.
    pub fn new(kind: SocketType) -> Client {
        Client {
            kind,
            settings: Settings::default(),
            timeout: Duration::ZERO,
            length: None,
            link: None,
            sent: 0,
            tls: false,
        }
    }

    /// What kind of socket it has.
    pub fn kind(&self) -> SocketType {
        self.kind
    }

    /// Its settings. What is changed while it is connected holds from the next connect on.
    pub fn settings(&mut self) -> &mut Settings {
        &mut self.settings
    }

    /// Connects: looks the host up, through a proxy if one is set, within `timeout` in all, which is also how long each later call waits at most (zero: for ever).
    /// The addresses of a name are tried in turn. A Unix host is a path, or `@` and an abstract name.
    /// A datagram client gets a peer that it sends to. Errors name host, port and reason: ETIMEDOUT, ECONNREFUSED …,
    /// `DnsResolveFailed`, `DnsResolveTimeout`, the proxy's, `WrongOperation` (connected already).
    pub fn connect(&mut self, host: &str, port: u16, timeout: Duration) -> Result<()> {
        let (protocol, handshake) = self.prepare(host, port)?;
        self.dial(host, port, timeout, protocol, handshake)
    }

    /// As [`Client::connect`], but takes an idle connection to the same peer that this process kept under `id` ([`Client::keep`]), if its peer has
    /// not closed it. How often this connection has been taken up again now; 0: it is new.
    pub fn connect_kept(&mut self, host: &str, port: u16, timeout: Duration, id: &str) -> Result<u32> {
        let (protocol, handshake) = self.prepare(host, port)?;
        let route = self.route(host, port, handshake.as_ref());
        let tls = if self.tls { Some(self.rules(host)?) } else { None };
        let key = keep::Key { kind: self.kind, route, id: id.to_owned(), tls };
        let Some(kept) = keep::take(&key) else {
            return self.dial(host, port, timeout, protocol, handshake).map(|()| 0);
        };
        self.timeout = timeout;
        let mut link = Link::new(kept.socket, Inbox::new(protocol, Vec::new()), key.route);
        (link.tls, link.host, link.uses) = (kept.tls, host.to_owned(), kept.uses + 1);
        self.link = Some(link);
        Ok(kept.uses + 1)
    }

    /// Begins to connect, to the first address of a host, and waits for nothing but the answer about its name. The descriptor becomes writable when it is connected or could not be; the next call tells (EAGAIN: not
    /// yet). No call waits then until the client is closed. Errors: as [`Client::connect`]; `OperationNotSupport`: a proxy is set.
    pub fn connect_nowait(&mut self, host: &str, port: u16, timeout: Duration) -> Result<()> {
        let (protocol, handshake) = self.prepare(host, port)?;
        let route = self.route(host, port, handshake.as_ref());
        if handshake.is_some() {
            let why = format!("cannot connect to {route} without waiting: take the proxy away, or wait");
            return Err(Error::new(ErrorKind::OperationNotSupport, why));
        }
        if self.tls {
            let why = format!(
                "cannot connect to {route} without waiting: a TLS handshake is waited for; wait, or use an event-driven client"
            );
            return Err(Error::new(ErrorKind::OperationNotSupport, why));
        }
        let (socket, connecting) = dial::begin(self.kind, &self.settings, (host, port), &Deadline::after(timeout))?;
        self.timeout = timeout;
        let mut link = Link::new(socket, Inbox::new(protocol, Vec::new()), route);
        (link.waits, link.connecting, link.host) = (false, connecting, host.to_owned());
        self.link = Some(link);
        Ok(())
    }

    /// Checks what can be checked without a connection.
    fn prepare(&mut self, host: &str, port: u16) -> Result<(Protocol, Option<Handshake>)> {
        let place = dial::place(self.kind, host, port);
        if self.is_connected() || self.link.as_ref().is_some_and(|link| link.connecting && !link.failed) {
            let route = self.link.as_ref().map_or("", Link::place);
            return Err(Error::new(
                ErrorKind::WrongOperation,
                format!("cannot connect to {place}: the client is connected to {route}; close it first"),
            ));
        }
        let handshake = Handshake::start(&self.settings.own, self.kind, host, port)?;
        let protocol = self.protocol().map_err(|e| e.while_doing(format_args!("cannot connect to {place}")))?;
        self.link = None;
        Ok((protocol, handshake))
    }

    fn protocol(&mut self) -> Result<Protocol> {
        let (protocol, warnings) = self.settings.finish()?;
        for warning in warnings {
            log::warning(format_args!("{}", warning.message));
        }
        if *protocol.framing() == Framing::LengthFunc && self.length.is_none() {
            return Err(Error::new(
                ErrorKind::InvalidCallback,
                "package_length_func is on, but no function was given: call set_length_func() before",
            ));
        }
        Ok(protocol)
    }

    fn route(&self, host: &str, port: u16, handshake: Option<&Handshake>) -> String {
        handshake.map_or_else(|| dial::place(self.kind, host, port), |h| h.route().to_owned())
    }

    fn dial(
        &mut self,
        host: &str,
        port: u16,
        timeout: Duration,
        protocol: Protocol,
        handshake: Option<Handshake>,
    ) -> Result<()> {
        let route = self.route(host, port, handshake.as_ref());
        let asked = |e: Error| e.while_doing(format_args!("cannot connect to {route}"));
        let rules = if self.tls { Some(self.rules(host).map_err(asked)?) } else { None };
        let deadline = Deadline::after(timeout);
        let Dialled { socket, leftover } = dial::dial(self.kind, &self.settings, (host, port), handshake, &deadline)?;
        self.timeout = timeout;
        let mut link = Link::new(socket, Inbox::new(protocol, leftover), route);
        link.host = host.to_owned();
        if let Some(rules) = rules {
            link.secure(rules, &deadline)?;
        }
        self.link = Some(link);
        Ok(())
    }

    /// How long each call waits from now on; zero: for ever.
    pub fn set_timeout(&mut self, timeout: Duration) {
        self.timeout = timeout;
    }

    /// Sends all of `data`, waiting while the peer takes none; returns its length. A datagram is sent whole or not at all. Errors: `ClientNoConnection`,
    /// EAGAIN (the timeout is over; [`Client::sent`] says how much went), EPIPE, ECONNRESET …
    pub fn send(&mut self, data: &[u8]) -> Result<usize> {
        self.send_with(data, SendFlags::default())
    }

    /// As [`Client::send`]; with `dont_wait`, and after [`Client::connect_nowait`], what is taken at once: its length, or EAGAIN if nothing is.
    pub fn send_with(&mut self, data: &[u8], flags: SendFlags) -> Result<usize> {
        self.sent = 0;
        let (kind, timeout) = (self.kind, self.timeout);
        let link = self.connected()?;
        let deadline = link.deadline(timeout, flags.dont_wait);
        let how = libc::MSG_NOSIGNAL | if flags.out_of_band { libc::MSG_OOB } else { 0 };
        if kind.is_datagram() {
            send_datagram(link, None, &link.route, data, &deadline)?;
            self.sent = data.len() as u64;
            return Ok(data.len());
        }
        let mut sent = 0;
        if link.tls.is_some() && flags.out_of_band {
            let why = "there are no out-of-band bytes on a connection with TLS";
            return Err(Error::new(ErrorKind::OperationNotSupport, why));
        }
        let result = link.write(data.len() as u64, &mut sent, &deadline, &mut |out, done| {
            let rest = &data[done as usize..];
            match out.tls {
                Some(channel) => channel.write(out.socket, &[rest]),
                None => Ok(out.socket.send_with_flags(rest, how)?),
            }
        });
        let partial = sent > 0 && (flags.dont_wait || !link.waits);
        self.sent = sent;
        match result {
            Err(e) if !(partial && e.code() == libc::EAGAIN) => Err(e),
            _ => Ok(sent as usize),
        }
    }

    /// Bytes that the last [`Client::send`] or [`Client::send_file`] got through.
    pub fn sent(&self) -> u64 {
        self.sent
    }

    /// Sends a datagram to an address of this client's family (a path and 0 for a Unix socket); needs no connect. A name is looked up.
    pub fn send_to(&mut self, host: &str, port: u16, data: &[u8]) -> Result<()> {
        let place = dial::place(self.kind, host, port);
        if !self.kind.is_datagram() {
            return Err(Error::new(
                ErrorKind::OperationNotSupport,
                format!("cannot send a datagram to {place}: this client's socket is not for datagrams; use send()"),
            ));
        }
        let (kind, timeout) = (self.kind, self.timeout);
        let link = self.opened()?;
        let deadline = link.deadline(timeout, false);
        // Looking a name up takes its time in any case.
        let found = dial::find(kind, host, port, &Deadline::after(timeout));
        let found = found.map_err(|e| e.while_doing(format_args!("cannot send to {place}")))?;
        send_datagram(link, found.first(), &place, data, &deadline)
    }

    /// Sends a part of a file; `length` 0: to its end. Errors: no such file (`FileNotExist`), nothing there (`FileEmpty`), or as [`Client::send`].
    pub fn send_file(&mut self, path: &Path, offset: u64, length: u64) -> Result<u64> {
        self.sent = 0;
        if self.kind.is_datagram() {
            return Err(Error::new(
                ErrorKind::OperationNotSupport,
                format!("cannot send {} by datagrams: read it and send() its parts", path.display()),
            ));
        }
        let timeout = self.timeout;
        let link = self.connected()?;
        let (file, length) = file::part(path, offset, length)?;
        let deadline = link.deadline(timeout, false);
        let mut sent = 0;
        let shorter = || io::Error::new(io::ErrorKind::UnexpectedEof, "the file became shorter meanwhile");
        let mut part = Vec::new();
        let result = link.write(length, &mut sent, &deadline, &mut |out, done| {
            let Some(channel) = out.tls else {
                let step = (length - done).min(FILE_STEP) as usize;
                return match sys::fd::send_file(out.socket.as_fd(), &file, offset + done, step)? {
                    0 => Err(shorter().into()),
                    went => Ok(went),
                };
            };
            part.resize((length - done).min(FILE_PART) as usize, 0);
            match file.read_at(&mut part, offset + done)? {
                0 => Err(shorter().into()),
                count => channel.write(out.socket, &[&part[..count]]),
            }
        });
        self.sent = sent;
        result.map(|()| sent)
    }

    /// Receives into `buffer` (which is emptied first). With a packet protocol: exactly one package, however long, and of `size` and flags only `peek` and `dont_wait` count. Without one: up to `size`
    /// bytes, or one datagram, of which what is longer than `size` is lost. `buffer` is empty when the peer has closed. Errors: EINTR (a signal came whose handler another part of the program has set), EAGAIN (the timeout is over: the connection goes on, what has come of a package
    /// is kept), `PackageLengthTooLarge` (closed then), ECONNRESET …
    pub fn recv(&mut self, size: usize, flags: RecvFlags, buffer: &mut Vec<u8>) -> Result<()> {
        buffer.clear();
        let (kind, timeout) = (self.kind, self.timeout);
        let link = if kind.is_datagram() { self.opened() } else { self.connected() };
        let deadline = link?.deadline(timeout, flags.dont_wait);
        let Some(link) = &mut self.link else { return Err(no_connection()) };
        let is_raw = kind.is_datagram() || *link.inbox.protocol().framing() == Framing::Raw;
        if size == 0 && (is_raw || flags.out_of_band) {
            return Err(Error::new(ErrorKind::InvalidParams, "cannot receive 0 bytes: give a size of at least 1"));
        }
        let peek = if flags.peek { libc::MSG_PEEK } else { 0 };
        if flags.out_of_band && link.tls.is_some() {
            let why = "there are no out-of-band bytes on a connection with TLS";
            return Err(Error::new(ErrorKind::OperationNotSupport, why));
        }
        if flags.out_of_band {
            return link.receive(size.min(1 << 20), libc::MSG_OOB | peek, &deadline, Ready::Urgent, buffer);
        }
        if kind.is_datagram() {
            return link.receive(size.min(LONGEST_DATAGRAM), peek, &deadline, Ready::Read, buffer);
        }
        if is_raw {
            return link.bytes(size, flags.wait_all, flags.peek, &deadline, buffer);
        }
        let received = link.package(flags.peek, &deadline, length_func(&mut self.length, &mut no_length), buffer);
        if let Err(e) = &received
            && matches!(e.kind(), ErrorKind::PackageLengthTooLarge | ErrorKind::PackageLengthNotFound)
        {
            self.link = None;
        }
        received
    }

    /// Whether [`Client::recv`] has something to give (or a broken package to tell of) that was read already, so that the descriptor is not ready for it.
    pub fn has_pending(&mut self) -> bool {
        let Some(link) = &mut self.link else { return false };
        !matches!(link.inbox.package(length_func(&mut self.length, &mut no_length)), Verdict::More { .. })
    }

    /// What tells the length of a package (`package_length_func`); turns that option on or off.
    pub fn set_length_func(&mut self, length: Option<LengthFn>) {
        self.settings.port.has_package_length_func = length.is_some();
        self.length = length;
    }

    /// Ends one direction of a connection or both.
    pub fn shutdown(&mut self, how: How) -> Result<()> {
        let link = self.connected()?;
        let ended = match how {
            How::Read => Shutdown::Read,
            How::Write => Shutdown::Write,
            How::Both => Shutdown::Both,
        };
        link.spoilt = true;
        if let (Some(secured), true) = (&mut link.tls, how != How::Read) {
            secured.channel.close(&link.socket);
        }
        let asked = |e| Error::system(format_args!("cannot end the connection to {} ({how:?})", link.route), &e);
        link.socket.shutdown(ended).map_err(asked)
    }

    /// Whether it is connected, as far as is known here: false once a call has failed because the connection has. A peer that has closed is told of by [`Client::recv`] only.
    pub fn is_connected(&self) -> bool {
        self.link.as_ref().is_some_and(|link| !link.route.is_empty() && link.is_up())
    }

    /// Its descriptor, which never blocks; None before connect (a datagram client has one from its first use).
    pub fn descriptor(&self) -> Option<RawFd> {
        self.link.as_ref().map(|link| link.socket.as_raw_fd())
    }

    /// Its own address.
    pub fn local_address(&self) -> Result<Address> {
        let link = self.link.as_ref().ok_or_else(no_connection)?;
        let found = link.socket.local_addr();
        found.map(|a| Address::from(&a)).map_err(|e| Error::system("cannot tell the client's own address", &e))
    }

    /// The peer's address (of a proxy, if there is one); of a datagram client: the sender of what was received last.
    pub fn peer_address(&self) -> Result<Address> {
        let link = self.link.as_ref().ok_or_else(no_connection)?;
        if let Some(sender) = link.sender.as_ref().filter(|_| self.kind.is_datagram()) {
            return Ok(sender.into());
        }
        let found = link.socket.peer_addr();
        found.map(|a| Address::from(&a)).map_err(|e| Error::system("the client has no peer yet", &e))
    }

    /// Closes the connection. Errors: `ClientNoConnection`.
    pub fn close(&mut self) -> Result<()> {
        let mut link = self.link.take().ok_or_else(no_connection)?;
        link.say_goodbye();
        Ok(())
    }

    /// Gives the connection back to this process under `id`, for a later [`Client::connect_kept`]; the client is not connected any more. It is closed instead if bytes wait in it or it
    /// has failed.
    pub fn keep(&mut self, id: &str) {
        let Some(link) = self.link.take() else { return };
        if link.spoilt || link.connecting || link.route.is_empty() || link.inbox.len() > 0 {
            return;
        }
        // One that went over to TLS later is not what a client gets from a connect.
        if link.tls.is_some() != self.tls {
            return;
        }
        let tls = link.tls.as_ref().map(|secured| secured.rules.clone());
        let key = keep::Key { kind: self.kind, route: link.route, id: id.to_owned(), tls };
        keep::put(key, keep::Kept { socket: link.socket, tls: link.tls, uses: link.uses });
    }

    /// The link, if it has a peer.
    fn connected(&mut self) -> Result<&mut Link> {
        match &mut self.link {
            Some(link) if !link.route.is_empty() => {
                link.settle()?;
                Ok(link)
            }
            _ => Err(no_connection()),
        }
    }

    /// The link of a datagram client, made on first use.
    fn opened(&mut self) -> Result<&mut Link> {
        if self.link.is_none() {
            let protocol = self.protocol()?;
            let socket = socket::open(self.kind, &self.settings)?;
            self.link = Some(Link::new(socket, Inbox::new(protocol, Vec::new()), String::new()));
        }
        self.link.as_mut().ok_or_else(no_connection)
    }
}

fn no_connection() -> Error {
    Error::new(ErrorKind::ClientNoConnection, "the client is not connected: call connect() first")
}

fn no_length(_: &[u8]) -> isize {
    -1
}

fn length_func<'a>(
    given: &'a mut Option<LengthFn>,
    none: &'a mut (dyn FnMut(&[u8]) -> isize + 'static),
) -> &'a mut (dyn FnMut(&[u8]) -> isize + 'static) {
    given.as_deref_mut().unwrap_or(none)
}

/// Sends a datagram to the link's peer or to another address, waiting while it is not taken.
fn send_datagram(link: &Link, to: Option<&SockAddr>, place: &str, data: &[u8], deadline: &Deadline) -> Result<()> {
    let send = |socket: &socket2::Socket| match to {
        Some(to) => socket.send_to_with_flags(data, to, libc::MSG_NOSIGNAL),
        None => socket.send_with_flags(data, libc::MSG_NOSIGNAL),
    };
    let unsent = |e: io::Error| Link::unsent(data.len(), place, &e);
    loop {
        match send(&link.socket) {
            Ok(_) => return Ok(()),
            Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
            Err(e) if e.kind() != io::ErrorKind::WouldBlock => return Err(unsent(e)),
            // A Unix peer whose queue is full cannot be waited for with poll, unless this socket is connected to it.
            Err(_) if to.is_some_and(SockAddr::is_unix) => {
                return dial::waiting(&link.socket, deadline, send).map(drop).map_err(unsent);
            }
            Err(e) => {
                if !deadline.wait(&*link.socket, Ready::Write).map_err(unsent)? {
                    return Err(unsent(e));
                }
            }
        }
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        if let Some(link) = &mut self.link {
            link.say_goodbye();
        }
    }
}

impl std::fmt::Debug for Client {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Client").field("kind", &self.kind).field("link", &self.link).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
