//! A TLS connection on its socket: what goes out is encrypted as the socket takes it, what comes is decrypted where it was read to.

use super::session::{RECORD, Records, Session};
use crate::error::{Error, ErrorKind};
use crate::net::outgoing::{Flushed, OutQueue};
use rustls::pki_types::CertificateDer;
use socket2::Socket;
use std::cell::RefCell;
use std::io;

/// Bytes that are encrypted for one send(2). More of them do not make it cheaper, and leave the processor's cache.
const AT_ONCE: usize = 4 * RECORD;

thread_local! {
    /// Used within a method only.
    static SCRATCH: RefCell<Scratch> = RefCell::default();
}

#[derive(Default)]
struct Scratch {
    records: Records,
    plain: Vec<u8>,
}

/// Why a connection is of no use any more.
#[derive(Debug)]
pub enum Trouble {
    /// its socket failed
    Socket(io::Error),
    /// the peer does not keep to TLS, or is not trusted
    Tls(Error),
}

impl Trouble {
    /// Its number: errno or one of `ErrorKind`.
    pub fn code(&self) -> i32 {
        match self {
            Trouble::Socket(e) => e.raw_os_error().unwrap_or(ErrorKind::SystemCallFail as i32),
            Trouble::Tls(e) => e.code(),
        }
    }

    /// The error of who asked for something.
    pub fn into_error(self, asked: impl std::fmt::Display) -> Error {
        match self {
            Trouble::Socket(e) => Error::system(asked, &e),
            Trouble::Tls(e) => e.while_doing(asked),
        }
    }
}

impl From<io::Error> for Trouble {
    fn from(e: io::Error) -> Trouble {
        Trouble::Socket(e)
    }
}

impl From<Error> for Trouble {
    fn from(e: Error) -> Trouble {
        Trouble::Tls(e)
    }
}

/// What reading gave.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Read {
    /// bytes came
    Bytes {
        /// so many, at the front of the buffer; none during the handshake
        count: usize,
        /// there may be more to read at once
        more: bool,
    },
    /// nothing now
    Nothing,
    /// there is nothing more to come
    End {
        /// the peer has not said so itself (close_notify), so the end may be missing
        cut: bool,
    },
}

/// A TLS connection, and what the socket has not taken of it.
#[derive(Debug)]
pub struct Channel {
    session: Session,
    /// records that wait for the socket; only those behind `from`
    unsent: Vec<u8>,
    from: usize,
    /// the peer has said that it sends no more
    ended: bool,
    /// we have said it
    closed: bool,
}

impl From<Session> for Channel {
    fn from(session: Session) -> Channel {
        Channel { session, unsent: Vec::new(), from: 0, ended: false, closed: false }
    }
}

impl Channel {
    /// Whether the handshake is over.
    pub fn is_established(&self) -> bool {
        self.session.is_established()
    }

    /// As [`Session::peer_certificates`].
    pub fn peer_certificates(&self) -> &[CertificateDer<'static>] {
        self.session.peer_certificates()
    }

    /// Bytes of records that wait for the socket.
    pub fn unsent(&self) -> usize {
        self.unsent.len() - self.from
    }

    /// Begins the handshake of a client.
    pub fn begin(&mut self, socket: &Socket) -> Result<(), Trouble> {
        self.with_records(socket, |session, records| session.begin(records))
    }

    /// Reads once into `buffer`, which is [`BUFFER`](super::BUFFER) bytes long, and answers what the handshake has to be answered.
    pub fn read(&mut self, socket: &Socket, buffer: &mut [u8]) -> Result<Read, Trouble> {
        if self.ended {
            return Ok(Read::End { cut: false });
        }
        let room = self.session.room(buffer);
        let wanted = room.len();
        let count = match io::Read::read(&mut &*socket, room) {
            Ok(0) => return Ok(Read::End { cut: true }),
            Ok(count) => count,
            Err(e) if e.kind() == io::ErrorKind::WouldBlock => return Ok(Read::Nothing),
            Err(e) if e.kind() == io::ErrorKind::Interrupted => return Ok(Read::Bytes { count: 0, more: true }),
            Err(e) => return Err(e.into()),
        };
        let mut received = Default::default();
        self.with_records(socket, |session, records| {
            received = session.receive(buffer, count, records)?;
            Ok(())
        })?;
        self.ended |= received.end;
        Ok(Read::Bytes { count: received.count, more: count == wanted || self.ended })
    }

    /// Has the session make records, and sends what the socket takes of them; also those with which it ends in an error.
    fn with_records(
        &mut self,
        socket: &Socket,
        make: impl FnOnce(&mut Session, &mut Records) -> Result<(), Error>,
    ) -> Result<(), Trouble> {
        SCRATCH.with_borrow_mut(|Scratch { records, .. }| {
            records.clear();
            let made = make(&mut self.session, records);
            let sent = self.put(socket, records);
            made?;
            sent.map_err(Trouble::Socket)
        })
    }

    /// Sends records behind those that wait, or has them wait.
    fn put(&mut self, socket: &Socket, records: &Records) -> io::Result<()> {
        let bytes = records.bytes();
        if bytes.is_empty() {
            return Ok(());
        }
        let sent = if self.unsent() == 0 { send(socket, bytes)? } else { 0 };
        if sent < bytes.len() {
            if self.unsent() == 0 {
                (self.unsent, self.from) = (bytes[sent..].to_vec(), 0);
            } else {
                self.unsent.extend_from_slice(&bytes[sent..]);
            }
        }
        Ok(())
    }

    /// Sends records that wait. True: none does any more.
    pub fn push(&mut self, socket: &Socket) -> io::Result<bool> {
        while self.unsent() > 0 {
            match send(socket, &self.unsent[self.from..])? {
                0 => return Ok(false),
                sent => self.from += sent,
            }
        }
        (self.unsent, self.from) = (Vec::new(), 0);
        Ok(true)
    }

    /// Sends slices that follow one another; how many of their bytes were taken, which is all unless the socket takes no more: some of those may wait in here then. Takes none before the
    /// handshake is over.
    pub fn write(&mut self, socket: &Socket, slices: &[&[u8]]) -> Result<usize, Trouble> {
        if !self.is_established() || !self.push(socket)? {
            return Ok(0);
        }
        let total: usize = slices.iter().map(|s| s.len()).sum();
        SCRATCH.with_borrow_mut(|Scratch { records, plain }| {
            let joined = match slices {
                [one] => *one,
                // A head and a short body are one record then.
                many if total <= AT_ONCE => {
                    plain.clear();
                    many.iter().for_each(|slice| plain.extend_from_slice(slice));
                    plain
                }
                _ => &[],
            };
            let slices = if joined.is_empty() { slices } else { &[joined] };
            let mut taken = 0;
            records.clear();
            for part in slices.iter().flat_map(|slice| slice.chunks(AT_ONCE)) {
                self.session.encrypt(part, records)?;
                taken += part.len();
                if records.bytes().len() < AT_ONCE && taken < total {
                    continue;
                }
                self.put(socket, records)?;
                records.clear();
                if self.unsent() > 0 {
                    break;
                }
            }
            Ok(taken)
        })
    }

    /// Sends what waits in here and then in `queue`, as far as the socket takes it.
    pub fn flush(&mut self, socket: &Socket, queue: &mut OutQueue) -> Result<Flushed, Trouble> {
        let mut written = 0;
        let mut empty = self.push(socket)?;
        if !self.is_established() {
            return Ok(Flushed { written, empty: empty && queue.is_empty() });
        }
        SCRATCH.with_borrow_mut(|Scratch { records, plain }| {
            while empty && !queue.is_empty() {
                records.clear();
                let part = queue.front(AT_ONCE, plain)?;
                self.session.encrypt(part, records)?;
                let length = part.len() as u64;
                queue.advance(length);
                written += length;
                self.put(socket, records)?;
                empty = self.unsent() == 0;
            }
            Ok(Flushed { written, empty })
        })
    }

    /// Tells the peer that no more is sent, behind what waits in here, unless it was told. What the socket does not take at once of it waits.
    pub fn close(&mut self, socket: &Socket) {
        if !std::mem::replace(&mut self.closed, true) && self.is_established() {
            // Whoever is told has gone, or finds out by the stream's end.
            let _ = self.with_records(socket, Session::close);
        }
    }
}

/// How many bytes the socket takes now.
fn send(socket: &Socket, bytes: &[u8]) -> io::Result<usize> {
    loop {
        match socket.send_with_flags(bytes, libc::MSG_NOSIGNAL) {
            Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
            Err(e) if e.kind() == io::ErrorKind::WouldBlock => return Ok(0),
            other => return other,
        }
    }
}
