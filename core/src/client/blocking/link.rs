//! The connection of a blocking client while it has one.

use super::deadline::{Deadline, Ready};
use super::inbox::Inbox;
use super::secure::Secured;
use crate::client::socket::Opened;
use crate::error::{Error, ErrorKind, Result};
use crate::net::tls::{self, Channel, Trouble};
use crate::protocol::Verdict;
use crate::sys;
use crate::sys::fd::Interrupt;
use socket2::{SockAddr, Socket};
use std::io;
use std::time::Duration;

/// Bytes that are read at least where packages are told apart: several may be among them.
const AHEAD: usize = 64 << 10;

/// Where a connection's bytes go out.
pub struct Out<'a> {
    /// the socket
    pub socket: &'a Socket,
    /// what encrypts them before
    pub tls: Option<&'a mut Channel>,
}

/// A connection, or the socket of a datagram client.
#[derive(Debug)]
pub struct Link {
    /// its encryption, if it has one
    pub tls: Option<Box<Secured>>,
    /// its socket
    pub socket: Opened,
    /// who is to be reached, whatever the way
    pub host: String,
    /// what has come and was not asked for
    pub inbox: Inbox,
    /// for messages and the pool: where it leads; empty while a datagram client has no peer
    pub route: String,
    /// whether its calls wait
    pub waits: bool,
    /// it was begun and is not known to be connected
    pub connecting: bool,
    /// it has failed, or one direction was ended: of no use to anybody else
    pub spoilt: bool,
    /// an error of the socket ended it
    pub failed: bool,
    /// sender of the last datagram
    pub sender: Option<SockAddr>,
    /// how often it was kept and used again
    pub uses: u32,
}

impl Link {
    /// A new one.
    pub fn new(socket: Opened, inbox: Inbox, route: String) -> Link {
        Link {
            tls: None,
            socket,
            host: String::new(),
            inbox,
            route,
            waits: true,
            connecting: false,
            spoilt: false,
            failed: false,
            sender: None,
            uses: 0,
        }
    }

    /// The connection is going to be closed: a peer with TLS is told that this is the end.
    pub fn say_goodbye(&mut self) {
        if let Some(secured) = self.tls.as_mut().filter(|_| !self.failed) {
            secured.say_goodbye(&self.socket);
        }
    }

    /// For messages: where it leads.
    pub fn place(&self) -> &str {
        if self.route.is_empty() { "any peer" } else { &self.route }
    }

    /// How long a call may wait.
    pub fn deadline(&self, timeout: Duration, dont_wait: bool) -> Deadline {
        if dont_wait || !self.waits { Deadline::now() } else { Deadline::after(timeout) }
    }

    /// Finds out how a connect ended that was not waited for. Errors: EAGAIN (not yet), why it could not connect.
    pub fn settle(&mut self) -> Result<()> {
        if !self.connecting {
            return Ok(());
        }
        let asked = format!("cannot connect to {}", self.route);
        match Deadline::now().wait(&*self.socket, Ready::Write) {
            Ok(false) => Err(Error::system(
                format_args!("still connecting to {}", self.route),
                &io::Error::from_raw_os_error(libc::EAGAIN),
            )),
            Ok(true) => match self.socket.take_error() {
                Ok(None) => {
                    self.connecting = false;
                    Ok(())
                }
                Ok(Some(e)) | Err(e) => Err(self.broken(asked, &e)),
            },
            Err(e) => Err(self.broken(asked, &e)),
        }
    }

    /// Whether a connect that was not waited for has succeeded, without taking its result.
    pub fn is_up(&self) -> bool {
        !self.failed && (!self.connecting || self.socket.peer_addr().is_ok())
    }

    /// The error of a socket that is of no use any more.
    fn broken(&mut self, asked: impl std::fmt::Display, e: &io::Error) -> Error {
        self.failed = true;
        self.spoilt = true;
        Error::system(asked, e)
    }

    /// Writes until `total` bytes went, waiting as long as it may; `step` writes what comes behind the bytes that went already. `sent` is true however this ends.
    pub fn write(
        &mut self,
        total: u64,
        sent: &mut u64,
        deadline: &Deadline,
        step: &mut dyn FnMut(Out<'_>, u64) -> std::result::Result<usize, Trouble>,
    ) -> Result<()> {
        loop {
            let waits = if *sent < total {
                let tls = self.tls.as_mut().map(|secured| &mut secured.channel);
                step(Out { socket: &self.socket, tls }, *sent)
            } else {
                match &mut self.tls {
                    Some(secured) => match secured.channel.push(&self.socket) {
                        Ok(true) => return Ok(()),
                        Ok(false) => Ok(0),
                        Err(e) => Err(e.into()),
                    },
                    None => return Ok(()),
                }
            };
            let full = match waits {
                // TLS says so: what it has taken itself still waits for the socket.
                Ok(0) => io::Error::from_raw_os_error(libc::EAGAIN),
                Ok(length) => {
                    *sent += length as u64;
                    continue;
                }
                Err(Trouble::Socket(e)) if e.kind() == io::ErrorKind::Interrupted => continue,
                Err(Trouble::Socket(e)) if e.kind() == io::ErrorKind::WouldBlock => e,
                Err(trouble) => {
                    let asked = format!("cannot send {total} bytes to {} (it took {sent})", self.route);
                    (self.failed, self.spoilt) = (true, true);
                    return Err(trouble.into_error(asked));
                }
            };
            if !self.wait(deadline, Ready::Write)? {
                let asked = format!("{} took {sent} of {total} bytes in time", self.route);
                return Err(Error::system(asked, &full));
            }
        }
    }

    /// Receives one package. `buffer` stays empty if the peer has closed.
    pub fn package(
        &mut self,
        peek: bool,
        deadline: &Deadline,
        length_func: &mut dyn FnMut(&[u8]) -> isize,
        buffer: &mut Vec<u8>,
    ) -> Result<()> {
        loop {
            match self.inbox.package(length_func) {
                Verdict::Deliver(length) => {
                    self.inbox.take(length, peek, buffer);
                    return Ok(());
                }
                Verdict::Reject(e) => {
                    self.failed = true;
                    return Err(e.while_doing(&self.route));
                }
                Verdict::More { total } => {
                    let missing = total.map_or(0, |total| total.saturating_sub(self.inbox.len()));
                    if self.read(missing.max(AHEAD), deadline)? == 0 {
                        return Ok(());
                    }
                }
            }
        }
    }

    /// Receives up to `size` bytes, or with `all` as many as long as the peer sends and the time lasts.
    pub fn bytes(
        &mut self,
        size: usize,
        all: bool,
        peek: bool,
        deadline: &Deadline,
        buffer: &mut Vec<u8>,
    ) -> Result<()> {
        if peek && !all && self.inbox.len() == 0 && self.tls.is_none() {
            // They stay in the kernel, so that poll and others still see them.
            return self.receive(size.min(1 << 20), libc::MSG_PEEK, deadline, Ready::Read, buffer);
        }
        // No more is read than was asked for: what is left in the kernel is seen by poll.
        while self.inbox.len() == 0 || all && self.inbox.len() < size {
            match self.read(size - self.inbox.len(), deadline) {
                Ok(0) => break,
                // As recv(2) does: what came in time.
                Err(e) if e.code() == libc::EAGAIN && self.inbox.len() > 0 => break,
                other => drop(other?),
            }
        }
        self.inbox.take(size.min(self.inbox.len()), peek, buffer);
        Ok(())
    }

    /// One call of recv(2), and who sent that. For datagrams and out-of-band bytes.
    pub fn receive(
        &mut self,
        size: usize,
        flags: i32,
        deadline: &Deadline,
        ready: Ready,
        buffer: &mut Vec<u8>,
    ) -> Result<()> {
        buffer.resize(size, 0);
        let mut waited = false;
        let received = loop {
            match self.socket.recv_from_with_flags(sys::mem::as_uninit(buffer), flags) {
                Ok((length, from)) => {
                    self.sender = Some(from);
                    break Ok(length);
                }
                Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
                // No out-of-band byte is there: the kernel does not wait for one by itself.
                Err(e) if !waited && ready == Ready::Urgent && e.raw_os_error() == Some(libc::EINVAL) => {
                    waited = true;
                    if !self.wait(deadline, ready)? {
                        break Err(io::Error::from_raw_os_error(libc::EAGAIN));
                    }
                }
                Err(e) if e.kind() == io::ErrorKind::WouldBlock => {
                    if !self.wait(deadline, ready)? {
                        break Err(e);
                    }
                }
                Err(e) => break Err(e),
            }
        };
        buffer.truncate(*received.as_ref().unwrap_or(&0));
        received.map(drop).map_err(|e| self.unread(e))
    }

    /// Reads once into the inbox, when something is there; 0: the peer has closed.
    fn read(&mut self, wanted: usize, deadline: &Deadline) -> Result<usize> {
        if self.tls.is_some() {
            return self.read_tls(deadline);
        }
        loop {
            match self.inbox.read(&self.socket, wanted) {
                Ok(length) => return Ok(length),
                Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
                Err(e) if e.kind() == io::ErrorKind::WouldBlock => {
                    if !self.wait(deadline, Ready::Read)? {
                        return Err(self.unread(e));
                    }
                }
                Err(e) => return Err(self.unread(e)),
            }
        }
    }

    /// As [`Link::read`], through TLS. Errors also: the peer broke TLS, or ended the stream without saying so (`SslReset`): what came last may be cut off.
    fn read_tls(&mut self, deadline: &Deadline) -> Result<usize> {
        loop {
            let Some(secured) = &mut self.tls else { return Ok(0) };
            let read = match self.inbox.read_tls(&mut secured.channel, &self.socket) {
                Ok(tls::Read::Nothing) => {
                    secured.channel.push(&self.socket).map(|_| tls::Read::Nothing).map_err(Trouble::from)
                }
                other => other,
            };
            match read {
                Ok(tls::Read::Bytes { count: 0, .. }) => {}
                Ok(tls::Read::Bytes { count, .. }) => return Ok(count),
                Ok(tls::Read::Nothing) => {
                    if !self.wait(deadline, Ready::Read)? {
                        return Err(self.unread(io::Error::from_raw_os_error(libc::EAGAIN)));
                    }
                }
                Ok(tls::Read::End { cut: false }) => return Ok(0),
                Ok(tls::Read::End { cut: true }) => {
                    (self.failed, self.spoilt) = (true, true);
                    return Err(tls::cut_off().while_doing(format_args!("cannot receive from {}", self.route)));
                }
                Err(Trouble::Socket(e)) => return Err(self.unread(e)),
                Err(Trouble::Tls(e)) => {
                    (self.failed, self.spoilt) = (true, true);
                    return Err(e.while_doing(format_args!("cannot receive from {}", self.route)));
                }
            }
        }
    }

    fn unread(&mut self, e: io::Error) -> Error {
        if e.kind() == io::ErrorKind::WouldBlock {
            return Error::system(format_args!("nothing came from {} in time", self.place()), &e);
        }
        let asked = format!("cannot receive from {}", self.place());
        // A datagram that could not be delivered says nothing about the next one.
        if self.is_stream() { self.broken(asked, &e) } else { Error::system(asked, &e) }
    }

    fn is_stream(&self) -> bool {
        self.socket.r#type().is_ok_and(|ty| ty == socket2::Type::STREAM)
    }

    fn wait(&self, deadline: &Deadline, ready: Ready) -> Result<bool> {
        let asked = |e| Error::system(format_args!("cannot wait for {}", self.place()), &e);
        // Sending goes on, so that it need not be begun anew in the middle.
        let interrupt = if ready == Ready::Write { Interrupt::Never } else { Interrupt::Others };
        deadline.wait_unless(&*self.socket, ready, interrupt).map_err(asked)
    }

    /// The error of a datagram that could not be sent.
    pub fn unsent(length: usize, place: &str, e: &io::Error) -> Error {
        if e.raw_os_error() == Some(libc::EMSGSIZE) {
            return Error::new(
                ErrorKind::DataLengthTooLarge,
                format!("a datagram of {length} bytes cannot be sent to {place}: a UDP message holds at most 65507"),
            );
        }
        Error::system(format_args!("cannot send {length} bytes to {place}"), e)
    }
}
