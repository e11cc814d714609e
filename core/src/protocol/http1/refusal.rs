//! Why a request is refused.

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
    pub(super) const fn new(status: u16, why: &'static str) -> Refusal {
        Refusal { status, why }
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
