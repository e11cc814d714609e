//! The socket of a connection, with what waits to be sent and what was received but not yet told. Nothing here calls the program.

use super::connecting::Attempt;
use super::datagrams::Peer;
use super::drive::READ_SIZE;
use super::pipe::Pipe;
use super::secure::Secured;
use super::{Conn, How};
use crate::client::socket::Opened;
use crate::error::{Error, ErrorKind, Result};
use crate::event::{Source, TimerId, local};
use crate::net::file;
use crate::net::outgoing::OutQueue;
use crate::net::tls::Trouble;
use crate::protocol::Progress;
use std::io;
use std::net::Shutdown;
use std::os::unix::fs::FileExt;
use std::path::Path;

/// Files up to this size are read when they are sent, so that what waits holds few descriptors.
const SMALL_FILE: u64 = 64 << 10;

/// What reading gave.
pub(super) enum Read {
    /// so many bytes; `more`: there may be more to read at once
    Bytes { count: usize, more: bool },
    /// nothing now
    Nothing,
    /// there is nothing more to come; with the errno if that is an error
    End(i32),
}

/// The state of one connection.
#[derive(Default)]
pub(super) struct Link {
    /// dropped before the socket
    pub source: Option<Source>,
    pub socket: Option<Opened>,
    /// what encrypts it
    pub tls: Option<Box<Secured>>,
    /// the time limit of connecting, or of sending what waits when the program has closed
    pub timer: Option<TimerId>,
    /// what connecting needs to know; None once it is connected
    pub attempt: Option<Box<Attempt>>,
    pub out: OutQueue,
    /// so often `out` rose above the high watermark or fell to the low one and the program was not told
    flips: u32,
    /// it is above the high watermark, and has not fallen to the low one since
    full: bool,
    /// bytes of a package that is not whole yet, or was not told since reading is paused
    pub input: Vec<u8>,
    pub progress: Progress,
    pub pipe: Option<Box<Pipe>>,
    /// it is open, and the program is not told yet
    pub is_untold: bool,
    /// of a datagram client
    pub peer: Option<Box<Peer>>,
    /// the program wants nothing for now
    pub paused: bool,
    /// there may be something to read or to tell that the loop will not say again
    pub unread: bool,
    /// `input` may hold a whole package, since telling it was interrupted
    pub held: bool,
    /// reading goes on in a deferred call
    pub listed: bool,
    /// the peer will send no more: read until its end
    pub hangup: bool,
    /// that end was read
    pub ended: bool,
    /// nothing more is received
    pub deaf: bool,
    /// no more is sent after what waits
    shut: bool,
    /// errno of what failed; 0: nothing has
    pub broken: i32,
    /// bytes that could not be sent for that
    pub lost: u64,
}

impl Link {
    /// Without a socket.
    pub fn new(attempt: Option<Box<Attempt>>) -> Link {
        Link { attempt, ..Link::default() }
    }

    /// Bytes that wait to be sent, or to be taken by the descriptor that they are handed to.
    pub fn waits(&self) -> u64 {
        self.unsent() + self.pipe.as_ref().map_or(0, |pipe| pipe.waits() as u64)
    }

    /// Bytes that wait to be sent.
    pub fn unsent(&self) -> u64 {
        self.out.queued() + self.tls.as_ref().map_or(0, |secured| secured.channel.unsent() as u64)
    }

    /// Whether what is received can be told now.
    pub fn may_read(&self) -> bool {
        !(self.paused || self.deaf || self.ended || self.is_untold)
            && self.pipe.as_ref().is_none_or(|pipe| pipe.waits() == 0)
    }

    /// Takes the timer away.
    pub fn stop_timer(&mut self) {
        if let Some(timer) = self.timer.take() {
            local::clear(timer);
        }
    }

    /// Lets go of the descriptor.
    pub fn drop_socket(&mut self) {
        if let Some(source) = self.source.take() {
            source.drop_to_close();
        }
        self.socket = None;
        self.hangup = false;
    }

    /// Reads once.
    pub fn read(&mut self, buffer: &mut [u8]) -> Read {
        if self.tls.is_some() {
            return self.read_tls(buffer);
        }
        let size = READ_SIZE.min(buffer.len());
        let buffer = &mut buffer[..size];
        let Some(socket) = &self.socket else { return Read::Nothing };
        match io::Read::read(&mut &**socket, buffer) {
            Ok(0) => Read::End(self.broken),
            // A short read has emptied the socket; the next bytes, or the end, are a new event.
            Ok(count) => Read::Bytes { count, more: count == buffer.len() || self.hangup || self.broken != 0 },
            Err(e) if e.kind() == io::ErrorKind::Interrupted => Read::Bytes { count: 0, more: true },
            Err(e) if e.kind() == io::ErrorKind::WouldBlock && self.broken == 0 => Read::Nothing,
            Err(e) => Read::End(if self.broken != 0 { self.broken } else { e.raw_os_error().unwrap_or(libc::EIO) }),
        }
    }

    fn check_sending(&self, conn: &Conn, length: u64) -> Result<()> {
        let failed = |e| Error::system(format_args!("cannot send {length} bytes to {}", conn.place()), &e);
        if self.broken != 0 {
            return Err(failed(io::Error::from_raw_os_error(self.broken)));
        }
        if self.shut {
            return Err(failed(io::Error::from_raw_os_error(libc::EPIPE)).with_hint("; its sending side was shut down"));
        }
        Ok(())
    }

    fn check_room(&self, conn: &Conn, length: u64) -> Result<()> {
        let (queued, limit) = (self.out.in_memory(), conn.config.settings.port.socket_buffer_size as u64);
        if self.out.is_empty() || queued.saturating_add(length) <= limit {
            return Ok(());
        }
        Err(Error::new(
            ErrorKind::OutputBufferOverflow,
            format!(
                "{} takes its data too slowly: {queued} bytes wait for it and {length} more would pass socket_buffer_size ({limit}); \
                 wait for the callback for BufferEmpty, or raise socket_buffer_size",
                conn.place()
            ),
        ))
    }

    /// Sends or queues bytes.
    pub fn send(&mut self, conn: &Conn, data: &[u8]) -> Result<()> {
        self.check_sending(conn, data.len() as u64)?;
        let mut taken = 0;
        if self.out.is_empty() {
            taken = self
                .send_now(data)
                .map_err(|e| Error::system(format_args!("cannot send {} bytes to {}", data.len(), conn.place()), &e))?;
        } else {
            self.check_room(conn, data.len() as u64)?;
        }
        if taken < data.len() {
            self.out.push_bytes(&data[taken..]);
            self.note_level(conn);
        }
        Ok(())
    }

    fn send_now(&mut self, data: &[u8]) -> io::Result<usize> {
        let Some(socket) = &self.socket else { return Ok(0) };
        if let Some(secured) = &mut self.tls {
            return match secured.channel.write(socket, &[data]) {
                Ok(count) => Ok(count),
                Err(trouble) => {
                    self.break_off_with(&trouble);
                    Err(io::Error::from_raw_os_error(trouble.code()))
                }
            };
        }
        loop {
            return match socket.send_with_flags(data, libc::MSG_NOSIGNAL) {
                Ok(count) => Ok(count),
                Err(e) if e.kind() == io::ErrorKind::Interrupted => continue,
                Err(e) if e.kind() == io::ErrorKind::WouldBlock => Ok(0),
                Err(e) => {
                    self.break_off(&e);
                    Err(e)
                }
            };
        }
    }

    /// Queues a part of a file and sends what goes at once.
    pub fn send_file(&mut self, conn: &Conn, path: &Path, offset: u64, length: u64) -> Result<()> {
        let (file, length) = file::part(path, offset, length)?;
        if length <= SMALL_FILE {
            let mut bytes = vec![0; length as usize];
            file.read_exact_at(&mut bytes, offset)
                .map_err(|e| Error::system(format_args!("sendfile: cannot read {}", path.display()), &e))?;
            return self.send(conn, &bytes);
        }
        self.check_sending(conn, length)?;
        let waited = !self.out.is_empty();
        self.out.push_file(file, offset, length);
        self.note_level(conn);
        if !waited {
            self.flush(conn);
        }
        Ok(())
    }

    /// Sends what the socket takes of what waits.
    pub fn flush(&mut self, conn: &Conn) {
        let Some(socket) = &self.socket else { return };
        if self.unsent() == 0 || self.broken != 0 {
            return;
        }
        let flushed = match &mut self.tls {
            Some(secured) => secured.channel.flush(socket, &mut self.out),
            None => self.out.flush(socket).map_err(Trouble::Socket),
        };
        if let Err(trouble) = flushed {
            return self.break_off_with(&trouble);
        }
        if self.unsent() == 0 && self.shut {
            self.end_sending();
        }
        self.note_level(conn);
    }

    /// All has been sent that was to be.
    fn end_sending(&mut self) {
        let Some(socket) = &self.socket else { return };
        if let Some(secured) = &mut self.tls {
            secured.channel.close(socket);
            if secured.channel.unsent() > 0 {
                return;
            }
        }
        let _ = socket.shutdown(Shutdown::Write);
    }

    /// The socket is going to be closed: tells the peer that this is the end.
    pub fn say_goodbye(&mut self) {
        if let (Some(socket), Some(secured), 0) = (&self.socket, &mut self.tls, self.broken) {
            secured.channel.close(socket);
        }
    }

    /// As [`Link::break_off`].
    fn break_off_with(&mut self, trouble: &Trouble) {
        self.lose(trouble.code());
        self.unread = true;
    }

    /// Nothing can be sent any more; what the peer has sent is still read.
    pub fn break_off(&mut self, error: &io::Error) {
        self.lose(error.raw_os_error().unwrap_or(libc::EIO));
        self.unread = true;
    }

    /// Drops what waits to be sent: it has failed with `errno`.
    pub fn lose(&mut self, errno: i32) {
        self.broken = errno;
        self.lost += self.unsent();
        self.out = OutQueue::default();
    }

    /// Notes a crossed watermark.
    fn note_level(&mut self, conn: &Conn) {
        let queued = self.out.queued();
        let settings = &conn.config.settings.port;
        let crossed = if self.full {
            queued <= settings.buffer_low_watermark as u64
        } else {
            queued > settings.buffer_high_watermark as u64
        };
        if crossed {
            self.full = !self.full;
            self.flips += 1;
        }
    }

    /// A crossed watermark that the program has not been told of: true for the high one.
    pub fn take_level(&mut self) -> Option<bool> {
        self.flips = self.flips.checked_sub(1)?;
        // They alternate, and the last of them is as it is now.
        Some(self.full == self.flips.is_multiple_of(2))
    }

    /// Whether [`Link::take_level`] has something.
    pub fn has_level(&self) -> bool {
        self.flips > 0
    }

    /// Ends one direction or both; that of sending when nothing waits any more.
    pub fn shutdown(&mut self, how: How) -> io::Result<()> {
        let Some(socket) = &self.socket else { return Ok(()) };
        if how != How::Write && !self.deaf {
            self.deaf = true;
            self.input = Vec::new();
            socket.shutdown(Shutdown::Read)?;
        }
        if how != How::Read && !self.shut {
            self.shut = true;
            if self.tls.is_some() {
                if self.unsent() == 0 {
                    self.end_sending();
                }
            } else if self.out.is_empty() {
                socket.shutdown(Shutdown::Write)?;
            }
        }
        // With both sides ended here the connection is over.
        self.ended |= self.deaf && self.shut;
        Ok(())
    }

    /// Hands what is received to `pipe` from now on. The former one, if nothing waits in it. Errors: something does.
    pub fn set_pipe(&mut self, pipe: Option<Pipe>) -> Result<Option<Box<Pipe>>> {
        match &mut self.pipe {
            Some(old) if old.waits() > 0 && pipe.is_some() => Err(Error::new(
                ErrorKind::WrongOperation,
                format!(
                    "{} bytes still wait to be taken by descriptor {}, to which this client is piped; pipe it elsewhere later",
                    old.waits(),
                    old.target()
                ),
            )),
            Some(old) if old.waits() > 0 => {
                old.is_last = true;
                Ok(None)
            }
            _ => {
                self.held |= !self.input.is_empty();
                Ok(std::mem::replace(&mut self.pipe, pipe.map(Box::new)))
            }
        }
    }
}
