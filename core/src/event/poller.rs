//! Waiting for descriptors, edge-triggered, over mio.

use crate::error::{Error, Result};
use mio::unix::SourceFd;
use mio::{Events, Poll, Registry, Token};
use std::io;
use std::os::fd::{AsRawFd, RawFd};
use std::time::Duration;

pub use mio::Interest;

/// Events that one wait gives at most; what else is ready comes with the next.
pub(super) const AT_ONCE: usize = 512;

/// What happened on a descriptor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ready {
    /// the number it was added with
    pub token: usize,
    /// there may be something to read
    pub readable: bool,
    /// there may be room to write
    pub writable: bool,
    /// the peer will send no more, or the socket failed: read until it says so
    pub hangup: bool,
    /// nothing can be sent to it any more either: it was reset, or both sides have ended it
    pub gone: bool,
}

impl Ready {
    /// More has happened on the same descriptor.
    pub(super) fn add(&mut self, more: Ready) {
        self.readable |= more.readable;
        self.writable |= more.writable;
        self.hangup |= more.hangup;
        self.gone |= more.gone;
    }
}

/// A set of descriptors to wait for. Belongs to one thread of one process: a child of fork makes its own.
#[derive(Debug)]
pub struct Poller {
    poll: Poll,
    events: Events,
}

/// Adds and removes descriptors of a [`Poller`] while it is lent out elsewhere.
#[derive(Debug)]
pub struct Registrar(Registry);

impl Poller {
    /// An empty one.
    pub fn new() -> Result<Poller> {
        let failed = |e: io::Error| Error::system("cannot make an event loop (epoll)", &e);
        Ok(Poller { poll: Poll::new().map_err(failed)?, events: Events::with_capacity(AT_ONCE) })
    }

    /// A handle for adding and removing.
    pub fn registrar(&self) -> Result<Registrar> {
        let failed = |e: io::Error| Error::system("cannot duplicate an event loop's descriptor", &e);
        self.poll.registry().try_clone().map(Registrar).map_err(failed)
    }

    /// Waits until something is ready, `timeout` is over (None: for ever) or a signal arrives, and copies what is ready to `out`.
    pub fn wait(&mut self, timeout: Option<Duration>, out: &mut Vec<Ready>) -> io::Result<()> {
        out.clear();
        match self.poll.poll(&mut self.events, timeout) {
            Ok(()) => {}
            Err(e) if e.kind() == io::ErrorKind::Interrupted => return Ok(()),
            Err(e) => return Err(e),
        }
        out.extend(self.events.iter().map(|event| Ready {
            token: event.token().0,
            readable: event.is_readable(),
            writable: event.is_writable(),
            hangup: event.is_read_closed() || event.is_error(),
            gone: event.is_write_closed() || event.is_error(),
        }));
        Ok(())
    }
}

impl AsRawFd for Poller {
    /// Readable while something in it is ready, so that it can be watched by another one.
    fn as_raw_fd(&self) -> RawFd {
        self.poll.as_raw_fd()
    }
}

impl Registrar {
    /// Watches for reading, edge-triggered.
    pub fn add_readable(&self, source: &impl AsRawFd, token: usize) -> io::Result<()> {
        self.add_fd(source.as_raw_fd(), token, Interest::READABLE)
    }

    /// Watches for reading and writing, edge-triggered.
    pub fn add_both(&self, source: &impl AsRawFd, token: usize) -> io::Result<()> {
        self.add_fd(source.as_raw_fd(), token, Interest::READABLE | Interest::WRITABLE)
    }

    pub(super) fn add_fd(&self, fd: RawFd, token: usize, interest: Interest) -> io::Result<()> {
        self.0.register(&mut SourceFd(&fd), Token(token), interest)
    }

    /// Changes what is waited for; what is ready now is told anew.
    pub(super) fn set_fd(&self, fd: RawFd, token: usize, interest: Interest) -> io::Result<()> {
        self.0.reregister(&mut SourceFd(&fd), Token(token), interest)
    }

    pub(super) fn remove_fd(&self, fd: RawFd) -> io::Result<()> {
        self.0.deregister(&mut SourceFd(&fd))
    }

    /// Stops watching. Closing the last copy of a descriptor does so too.
    pub fn remove(&self, source: &impl AsRawFd) -> io::Result<()> {
        self.remove_fd(source.as_raw_fd())
    }
}
