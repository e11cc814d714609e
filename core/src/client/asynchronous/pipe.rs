//! Where a client hands what it receives, when the program wants none of it.

use crate::error::{Error, ErrorKind, Result};
use crate::event::{Flow, Interest, Source};
use crate::log;
use crate::sys::fd::{self, Identity, Unblocked};
use crate::sys::process::generation;
use std::io;
use std::os::fd::{OwnedFd, RawFd};
use std::rc::Rc;

/// A descriptor of the program's, and what it has not taken yet.
pub(super) struct Pipe {
    to: RawFd,
    /// tells whether the number still means the same file
    identity: Identity,
    /// if it was made non-blocking here
    _unblocked: Option<Unblocked>,
    /// the fork in which it was made
    fork: u32,
    rest: Vec<u8>,
    /// that much of `rest` is written
    from: usize,
    /// waits until it takes more; a copy, since the program may have the descriptor in the loop itself
    waiting: Option<(Source, OwnedFd)>,
    /// to be dropped when `rest` is written
    pub is_last: bool,
}

impl Pipe {
    /// Errors: `to` is not open.
    pub fn new(to: RawFd) -> Result<Pipe> {
        let identity = fd::identity(to).ok_or_else(|| {
            Error::new(
                ErrorKind::InvalidParams,
                format!("{to} is not an open descriptor to which a client could be piped"),
            )
        })?;
        Ok(Pipe {
            to,
            identity,
            _unblocked: Unblocked::new(to),
            fork: generation(),
            rest: Vec::new(),
            from: 0,
            waiting: None,
            is_last: false,
        })
    }

    /// The descriptor's number.
    pub fn target(&self) -> RawFd {
        self.to
    }

    /// Bytes that it has not taken.
    pub fn waits(&self) -> usize {
        self.rest.len() - self.from
    }

    fn write(&self, data: &[u8]) -> io::Result<usize> {
        if fd::identity(self.to) != Some(self.identity) {
            return Err(io::Error::new(io::ErrorKind::NotConnected, "the program has closed it"));
        }
        fd::write_now(self.to, data)
    }

    /// Hands `data` over; what is not taken is kept, and `go_on` called when more may be. Nothing may wait. Errors: the descriptor
    /// is closed, has failed, or cannot be waited for.
    pub fn put(&mut self, data: &[u8], go_on: impl Fn() -> Flow + 'static) -> io::Result<()> {
        let taken = self.write(data)?;
        if taken < data.len() {
            self.rest = data[taken..].to_vec();
            self.from = 0;
            let copy = fd::duplicate(self.to)?;
            let source = Source::new(&copy, Interest::WRITABLE, None, Rc::new(move |_| go_on()))
                .map_err(|e| io::Error::other(e.to_string()))?;
            self.waiting = Some((source, copy));
        }
        Ok(())
    }

    /// Writes what waits. Errors as [`Pipe::put`].
    pub fn flush(&mut self) -> io::Result<()> {
        if self.waits() > 0 {
            self.from += self.write(&self.rest[self.from..])?;
        }
        if self.waits() == 0 {
            self.rest = Vec::new();
            self.from = 0;
            self.waiting = None;
        }
        Ok(())
    }
}

impl Drop for Pipe {
    fn drop(&mut self) {
        self.waiting = None;
        if self.waits() > 0 && self.fork == generation() {
            let (waits, to) = (self.waits(), self.to);
            log::warning(format_args!(
                "{waits} bytes that a client has received for descriptor {to}, to which it was piped, are lost"
            ));
        }
    }
}
