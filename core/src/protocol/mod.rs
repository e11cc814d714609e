//! Packet framing: where in a connection's byte stream one package ends and the next begins.
//!
//! No sockets, no clock, no threads: whoever reads a connection hands in the bytes that it holds
//! and is told what they are ([`Verdict`]). A reactor thread, a BASE worker, a client and a test
//! all enter by the same door, [`Protocol::next`].
#![forbid(unsafe_code)]

mod eof;
pub mod http1;
mod length;
#[cfg(test)]
mod tests;
pub mod websocket;

pub use length::{LengthField, LengthType};

use crate::error::{Error, ErrorKind, Result};
use memchr::memmem::Finder;

/// What a framer says about the bytes at the front of a connection's buffer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// The first `n` bytes (`n > 0`, never more than the buffer holds) are one delivery.
    Deliver(usize),
    /// More bytes are needed before anything can be delivered.
    More {
        /// Length in bytes of the whole package, where it is known already; never above
        /// `package_max_length`. For sizing the buffer.
        total: Option<usize>,
    },
    /// The peer broke the protocol or `package_max_length`: the connection must be closed.
    Reject(Error),
}

/// How the packages of a port's connections are told apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Framing {
    /// Not at all: whatever has arrived is delivered.
    Raw,
    /// `open_eof_check`: deliver when what has arrived ends with the mark. A delivery is one or
    /// more whole packages; nobody looks for marks inside it.
    EofCheck {
        /// `package_eof`: the bytes that end a package, 1 to [`MAX_EOF`] of them.
        eof: Box<[u8]>,
    },
    /// `open_eof_split`: search for the mark; a delivery is exactly one package, mark included.
    EofSplit {
        /// `package_eof`: the bytes that end a package, 1 to [`MAX_EOF`] of them.
        eof: Box<[u8]>,
    },
    /// `open_length_check`: a number in the package's header says how long it is.
    Length(LengthField),
    /// `package_length_func`: a function of the user says how long the package is.
    LengthFunc,
}

/// Most bytes that a `package_eof` may have.
pub const MAX_EOF: usize = 8;

/// A port's protocol: shared by all its connections, each of which has a [`Progress`] of its own.
#[derive(Debug, Clone)]
pub struct Protocol {
    framing: Framing,
    max_length: usize,
    /// searches for the mark of an EOF framing; the others have an empty one and never use it
    finder: Finder<'static>,
}

/// What is already known about the bytes at the front of one connection's buffer, so that no byte
/// is searched twice and the user's length function is not asked twice about one package.
/// Belongs to one connection and one [`Protocol`]; starts as `default()`.
#[derive(Debug, Clone, Copy, Default)]
pub struct Progress {
    /// length of the front of the buffer in which no whole mark lies
    searched: usize,
    /// length of the package at the front as the length function gave it; 0: not known yet
    wanted: usize,
}

// There is one for every connection, and most connections are idle.
const _: () = assert!(size_of::<Progress>() <= 16);

impl Protocol {
    /// A protocol that delivers packages of at most `max_length` bytes (`package_max_length`;
    /// [`Framing::Raw`] has no packages and is not limited).
    ///
    /// Fails with [`ErrorKind::InvalidParams`] if an EOF mark is empty or longer than [`MAX_EOF`],
    /// or if even the shortest possible package is longer than `max_length`.
    pub fn new(framing: Framing, max_length: usize) -> Result<Self> {
        let (shortest, finder) = match &framing {
            Framing::Raw => (0, Finder::new(b"")),
            Framing::EofCheck { eof } | Framing::EofSplit { eof } => {
                if eof.is_empty() || eof.len() > MAX_EOF {
                    let found = eof.len();
                    return Err(Error::new(
                        ErrorKind::InvalidParams,
                        format!("package_eof has {found} bytes: give it 1 to {MAX_EOF}"),
                    ));
                }
                (eof.len(), Finder::new(eof))
            }
            Framing::Length(field) => (field.shortest_package(), Finder::new(b"")),
            Framing::LengthFunc => (1, Finder::new(b"")),
        };
        if shortest > max_length {
            return Err(Error::new(
                ErrorKind::InvalidParams,
                format!(
                    "no package can be shorter than {shortest} bytes with this package_eof, \
                     package_length_offset or package_body_offset, but package_max_length allows \
                     {max_length}: raise package_max_length or correct the other option"
                ),
            ));
        }
        let finder = finder.into_owned();
        Ok(Protocol { framing, max_length, finder })
    }

    /// How packages are told apart.
    pub fn framing(&self) -> &Framing {
        &self.framing
    }

    /// Most bytes that a package may have.
    pub fn max_length(&self) -> usize {
        self.max_length
    }

    /// Looks at the front of `buf`: everything that was received and not yet delivered.
    ///
    /// After [`Verdict::Deliver`]`(n)` the caller removes the first `n` bytes and calls again,
    /// until it is told [`Verdict::More`] (an empty `buf` always is); then it appends what arrives
    /// next and calls again. After [`Verdict::Reject`] the connection is to be closed.
    ///
    /// `length_func` is called for [`Framing::LengthFunc`] only, at most once a call, with all of
    /// `buf`. It gives the length in bytes of the package at the front, 0 if it needs more bytes
    /// to tell, or a negative number if this is no package.
    pub fn next(&self, progress: &mut Progress, buf: &[u8], length_func: &mut dyn FnMut(&[u8]) -> isize) -> Verdict {
        if buf.is_empty() {
            return Verdict::More { total: None };
        }
        let verdict = match &self.framing {
            Framing::Raw => Verdict::Deliver(buf.len()),
            Framing::EofCheck { eof } => eof::check(eof, self.max_length, buf),
            Framing::EofSplit { .. } => eof::split(&self.finder, self.max_length, &mut progress.searched, buf),
            Framing::Length(field) => field.next(self.max_length, buf),
            Framing::LengthFunc => length::by_function(self.max_length, &mut progress.wanted, buf, length_func),
        };
        if let Verdict::Deliver(_) = verdict {
            *progress = Progress::default();
        }
        verdict
    }
}

/// A package is longer than allowed: `found` says how long it is, or at least is.
fn too_large(found: impl std::fmt::Display, max_length: usize) -> Verdict {
    Verdict::Reject(Error::new(
        ErrorKind::PackageLengthTooLarge,
        format!(
            "received {found}, package_max_length allows {max_length} bytes: \
             raise package_max_length if packages of this size are expected"
        ),
    ))
}
