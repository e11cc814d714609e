//! The pipe between a process of the program's own and those that it came from: a pair of connected Unix sockets, made before the fork.
//!
//! The process uses the worker's end, everybody else the master's. When it is started, each side lets go of the other's end, so that a
//! side that dies is the end of what the other one reads, at once. That holds for messages too (the sockets are SOCK_SEQPACKET: those of
//! SOCK_DGRAM never tell). Processes that are forked while the pipe is open hold copies of their parent's end: what a process reads ends
//! when its parent and all of these have ended.

use crate::error::{Error, ErrorKind, Result};
use crate::event::{self, Interest};
use crate::log;
use crate::sys::fd;
use socket2::{Domain, Socket, Type};
use std::cell::Cell;
use std::io;
use std::net::Shutdown;
use std::os::fd::{AsFd, AsRawFd, BorrowedFd};
use std::time::{Duration, Instant};

/// What a pipe carries. The numbers are those of `Swoole\Process::PIPE_TYPE_*`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum PipeType {
    /// bytes without borders
    Stream = 1,
    /// messages, each taken whole
    Datagram = 2,
}

/// Which end of a pipe.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum End {
    /// of the processes that it came from
    Master = 0,
    /// of the process it belongs to
    Worker = 1,
}

impl End {
    fn name(self) -> &'static str {
        if self == End::Master { "master" } else { "worker" }
    }
}

/// The most that one read from a stream asks the kernel for, in bytes; it never has more at once.
const MOST: usize = 1 << 20;

/// One side of a socket that is shut down.
#[derive(Debug, Clone, Copy, Default)]
struct Shut {
    reading: bool,
    writing: bool,
}

/// Both ends of a pipe, and which of them this process uses: the master's, until [`Pipe::become_worker`].
#[derive(Debug)]
pub struct Pipe {
    kind: PipeType,
    end: End,
    ends: [Option<Socket>; 2],
    /// an end that the program has closed itself
    closed: [bool; 2],
    shut: Shut,
    /// how long a read or write waits; None: as long as it takes
    limit: Option<Duration>,
    /// bytes of a datagram at most
    longest: usize,
    /// reads that found nothing, one after the other
    empty: Cell<u32>,
}

impl Pipe {
    /// A new one. Both ends are closed in a program that is executed. Errors: no descriptor is left.
    pub fn new(kind: PipeType) -> Result<Pipe> {
        let socket_type = match kind {
            PipeType::Stream => Type::STREAM,
            PipeType::Datagram => Type::SEQPACKET,
        };
        let (master, worker) = Socket::pair(Domain::UNIX, socket_type, None)
            .map_err(|found| Error::system("cannot make the pipe of a process", &found))?;
        Ok(Pipe::from_ends(kind, End::Master, [Some(master), Some(worker)]))
    }

    /// Of the two ends of a pair of connected Unix sockets, as far as this process has them: streams, or SOCK_SEQPACKET for datagrams.
    pub(crate) fn from_ends(kind: PipeType, end: End, ends: [Option<Socket>; 2]) -> Pipe {
        // All of what may be under way, of which one datagram takes a little less.
        let longest = ends.iter().flatten().filter_map(|end| end.send_buffer_size().ok()).max().unwrap_or(MOST);
        Pipe { kind, end, ends, closed: [false; 2], shut: Shut::default(), limit: None, longest, empty: Cell::new(0) }
    }

    /// This process is the one the pipe belongs to: it uses the worker's end from now on, and closes its copy of the other.
    pub fn become_worker(&mut self) {
        self.end = End::Worker;
        self.ends[End::Master as usize] = None;
        self.shut = Shut::default();
        self.limit = None;
    }

    /// This process goes on using the master's end, and nobody is to be given the worker's any more: its copy of that is closed.
    pub fn let_go_of_worker(&mut self) {
        if self.end == End::Master {
            self.ends[End::Worker as usize] = None;
        }
    }

    /// The end that this process uses.
    pub fn end(&self) -> End {
        self.end
    }

    /// What it carries.
    pub fn kind(&self) -> PipeType {
        self.kind
    }

    fn socket(&self) -> Result<&Socket> {
        self.ends[self.end as usize]
            .as_ref()
            .ok_or_else(|| Error::new(ErrorKind::WrongOperation, "this end of the process's pipe is closed"))
    }

    /// The descriptor of the end that this process uses. Errors: it is closed.
    pub fn descriptor(&self) -> Result<BorrowedFd<'_>> {
        self.socket().map(AsFd::as_fd)
    }

    /// Writes all of `data` in one go, and waits while the pipe is full. Returns its length. Errors: `DataLengthTooLarge` (longer than a
    /// datagram can be; nothing was written), EPIPE (nobody has the other end open), EAGAIN (the time of [`Pipe::set_timeout`] is over, or
    /// it does not wait and the pipe is full; of a stream a part may be written).
    pub fn write(&self, data: &[u8]) -> Result<usize> {
        let socket = self.socket()?;
        let began = self.limit.map(|limit| (Instant::now(), limit));
        let mut sent = 0;
        // A datagram may be empty. A stream takes what there is room for, again and again.
        while sent < data.len() || self.kind == PipeType::Datagram {
            let found = match socket.send_with_flags(&data[sent..], libc::MSG_NOSIGNAL) {
                Ok(n) => {
                    sent += n;
                    if self.kind == PipeType::Datagram {
                        break;
                    }
                    continue;
                }
                Err(found) => found,
            };
            let in_time = began.is_none_or(|(began, limit)| began.elapsed() < limit);
            if found.kind() == io::ErrorKind::Interrupted && in_time {
                continue;
            }
            if found.raw_os_error() == Some(libc::EMSGSIZE) {
                return Err(too_long(data.len(), socket));
            }
            let asked = format!("cannot write {} bytes to the process's pipe", data.len());
            return Err(if found.kind() == io::ErrorKind::Interrupted {
                Error::system(asked, &io::Error::from_raw_os_error(libc::EAGAIN))
            } else {
                Error::system(asked, &found)
            });
        }
        Ok(sent)
    }

    /// Reads into `buffer` what is there, and waits while nothing is: one whole datagram, however long it is, or up to `most` bytes of a stream.
    /// `buffer` is empty after an empty datagram, and at the end: nobody has the other end open any more. It is made as long as a datagram
    /// can be: whoever gives the same one again reads without allocating. Errors: `InvalidParams` (`most` is 0), EINTR (a signal came;
    /// nothing was read), EAGAIN (the time of [`Pipe::set_timeout`] is over, or it does not wait and nothing is there),
    /// `DataLengthTooLarge` (a datagram is lost since somebody has made the other end's send buffer longer, which nothing here does).
    ///
    /// A pipe that is in this process's loop is taken out of it when its end is read for the second time: the loop calls as long as
    /// something can be read, and that can be read for ever.
    pub fn read(&self, most: usize, buffer: &mut Vec<u8>) -> Result<()> {
        buffer.clear();
        let socket = self.socket()?;
        if most == 0 {
            return Err(Error::new(
                ErrorKind::InvalidParams,
                "reading 0 bytes from a pipe was asked for; ask for 1 or more",
            ));
        }
        let (room, flags) = match self.kind {
            PipeType::Stream => (most.min(MOST), 0),
            // MSG_TRUNC gives a datagram's true length.
            PipeType::Datagram => (self.longest, libc::MSG_TRUNC),
        };
        match fd::receive(socket.as_fd(), room, flags, buffer) {
            Ok(got) if got > room => {
                buffer.clear();
                Err(Error::new(
                    ErrorKind::DataLengthTooLarge,
                    format!(
                        "a datagram of {got} bytes is lost: the pipe was made for {room} at most, leave its send buffers as they are"
                    ),
                ))
            }
            Ok(got) => {
                self.empty.set(if got == 0 { self.empty.get().saturating_add(1) } else { 0 });
                if self.empty.get() > 1 {
                    leave_loop(socket);
                }
                Ok(())
            }
            Err(found) => Err(Error::system("cannot read from the process's pipe", &found)),
        }
    }

    /// At most so long a read or write of this process's end waits (None: as long as it takes), then its error is EAGAIN; a signal's
    /// handler that runs meanwhile gives EINTR. The worker's end, before the start, is not concerned. Errors: `InvalidParams` (no time at all).
    pub fn set_timeout(&mut self, limit: Option<Duration>) -> Result<()> {
        if limit == Some(Duration::ZERO) {
            return Err(Error::new(
                ErrorKind::InvalidParams,
                "a timeout of 0 s was asked for; make the pipe non-blocking if nothing is to be waited for",
            ));
        }
        // The system counts microseconds, of which 0 would mean for ever.
        let limit = limit.map(|limit| limit.max(Duration::from_micros(1)));
        let socket = self.socket()?;
        socket
            .set_read_timeout(limit)
            .and_then(|()| socket.set_write_timeout(limit))
            .map_err(|found| Error::system("cannot set the timeout of a process's pipe", &found))?;
        self.limit = limit;
        Ok(())
    }

    /// Whether reads and writes of this process's end wait at all.
    pub fn set_blocking(&self, blocking: bool) -> Result<()> {
        self.socket()?
            .set_nonblocking(!blocking)
            .map_err(|found| Error::system("cannot make a process's pipe wait or not", &found))
    }

    /// Closes both ends, as far as this process has them. Errors: its own is closed already.
    pub fn close(&mut self) -> Result<()> {
        self.socket()?;
        self.closed = [true; 2];
        self.ends = [None, None];
        Ok(())
    }

    /// Closes one end. The other side's, which this process let go of at the start, is closed without more ado. Errors: the program has
    /// closed it already.
    pub fn close_end(&mut self, end: End) -> Result<()> {
        if std::mem::replace(&mut self.closed[end as usize], true) {
            return Err(Error::new(
                ErrorKind::WrongOperation,
                format!("the {}'s end of the process's pipe is closed already", end.name()),
            ));
        }
        self.ends[end as usize] = None;
        Ok(())
    }

    /// Ends one direction, for all that have this end: with `reading` nothing more can be read here and the other side cannot write; else
    /// the other way round. Errors: that has happened already, or the end is closed.
    pub fn shut_down(&mut self, reading: bool) -> Result<()> {
        let socket = self.socket()?;
        let (how, what) = if reading { (Shutdown::Read, "reading") } else { (Shutdown::Write, "writing") };
        if if reading { self.shut.reading } else { self.shut.writing } {
            return Err(Error::new(
                ErrorKind::WrongOperation,
                format!("the process's pipe is closed for {what} already"),
            ));
        }
        socket
            .shutdown(how)
            .map_err(|found| Error::system(format_args!("cannot close a process's pipe for {what}"), &found))?;
        *if reading { &mut self.shut.reading } else { &mut self.shut.writing } = true;
        Ok(())
    }
}

/// Programs that were written for pipes which never end do not take them out of the loop at the end.
#[cold]
fn leave_loop(socket: &Socket) {
    let number = socket.as_raw_fd();
    // Not for empty datagrams, or where this side may still write.
    if event::isset(number, Interest::READABLE) && fd::is_hung_up(socket.as_fd()) && event::del(number).is_ok() {
        log::notice(format_args!(
            "a process's pipe (descriptor {number}) is out of the event loop: the other side has ended"
        ));
    }
}

fn too_long(length: usize, socket: &Socket) -> Error {
    // The kernel keeps a little of the send buffer for itself.
    let limit = socket.send_buffer_size().map_or(0, |size| size.saturating_sub(32));
    Error::new(
        ErrorKind::DataLengthTooLarge,
        format!(
            "{length} bytes do not fit into one datagram of the process's pipe, which takes {limit}; write less at a time, \
             or make the pipe a stream"
        ),
    )
}

#[cfg(test)]
mod tests;
