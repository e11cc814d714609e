//! Waiting once for several descriptors, without the loop.

use crate::error::{Error, ErrorKind, Result};
use crate::sys::fd::{self, Asked};

pub use crate::sys::fd::Interrupt;
use std::os::fd::RawFd;
use std::time::Duration;

/// What is to be waited for on one descriptor, and what was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Selected {
    /// the descriptor
    pub fd: RawFd,
    /// asked: whether it can be read from or is at its end; found: it can, is, or has failed
    pub read: bool,
    /// asked: whether it takes bytes; found: it does, or has failed
    pub write: bool,
    /// asked: whether there is out-of-band data or an error; found: there is
    pub except: bool,
}

/// Waits until something that is asked for in `all` is so, or `timeout` is over (None: for ever), see poll(2); then `all` tells
/// what is. Returns of how many descriptors something is so. The same descriptor may be asked for several times. A signal ends the
/// wait early (EINTR) if `interrupt` names it. Errors: `InvalidParams` if a descriptor is not open; the system's.
pub fn select(all: &mut [Selected], timeout: Option<Duration>, interrupt: Interrupt) -> Result<usize> {
    // poll(2) takes a negative number for one that is never ready.
    if let Some(one) = all.iter().find(|one| one.fd < 0) {
        return Err(Error::new(
            ErrorKind::InvalidParams,
            format!("{} is no descriptor that could be waited for", one.fd),
        ));
    }
    let mut asked: Vec<Asked> = all.iter().map(|s| Asked::new(s.fd, s.read, s.write, s.except)).collect();
    fd::poll(&mut asked, timeout, interrupt)
        .map_err(|e| Error::system(format_args!("waiting for {} descriptors failed", all.len()), &e))?;
    let mut ready = 0;
    for (one, asked) in all.iter_mut().zip(&asked) {
        if asked.is_invalid() {
            return Err(Error::new(
                ErrorKind::InvalidParams,
                format!("descriptor {} is closed; take it out of what is waited for", one.fd),
            ));
        }
        one.read = one.read && asked.readable();
        one.write = one.write && asked.writable();
        one.except = one.except && asked.exceptional();
        ready += usize::from(one.read || one.write || one.except);
    }
    Ok(ready)
}

#[cfg(test)]
mod tests;
