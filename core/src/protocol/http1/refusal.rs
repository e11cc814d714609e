//! Why a request is refused.

use super::status;
use std::fmt;

/// A request that is not let in: it is answered with the status, and its connection is closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Refusal {
    /// status of the answer
    pub status: u16,
    /// what is wrong with it: for the log
    pub why: &'static str,
}

impl Refusal {
    /// For what the reader does not see: a deadline that is over (408), say.
    pub const fn new(status: u16, why: &'static str) -> Refusal {
        Refusal { status, why }
    }

    /// Appends the answer, which is the last on its connection. `date`: see [`super::date::Clock`].
    pub fn write(&self, out: &mut Vec<u8>, date: &[u8]) {
        out.extend_from_slice(b"HTTP/1.1 ");
        out.extend_from_slice(self.status.to_string().as_bytes());
        out.push(b' ');
        out.extend_from_slice(status::reason(self.status).as_bytes());
        out.extend_from_slice(b"\r\nDate: ");
        out.extend_from_slice(date);
        out.extend_from_slice(b"\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the request is refused with {}: {}", self.status, self.why)
    }
}

pub(super) const fn bad(why: &'static str) -> Refusal {
    Refusal::new(400, why)
}
