//! What a server has answered, or why it has not.

use super::request::Pairs;
use crate::error::Error;

/// A whole answer.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Answer {
    /// 200 to 999, or 101
    pub status: u16,
    /// what follows it, which may be empty
    pub reason: Vec<u8>,
    /// in order, names in lower case
    pub headers: Pairs,
    /// decompressed; empty if it was written to a file
    pub body: Vec<u8>,
    /// headers behind a chunked body
    pub trailers: Pairs,
    /// bytes that were written to the file of a [`Download`](super::Download)
    pub downloaded: Option<u64>,
}

impl Answer {
    /// The first header of that name (in lower case).
    pub fn header(&self, name: &[u8]) -> Option<&[u8]> {
        self.all(name).next()
    }

    /// All headers of that name (in lower case).
    pub fn all(&self, name: &[u8]) -> impl Iterator<Item = &[u8]> {
        self.headers.iter().filter(move |(known, _)| known == name).map(|(_, value)| value.as_slice())
    }
}

/// Why there is no answer; the numbers are those of `SWOOLE_HTTP_CLIENT_ESTATUS_*`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(i32)]
pub enum Failure {
    /// it could not connect
    ConnectFailed = -1,
    /// no whole answer came in time
    RequestTimeout = -2,
    /// the connection ended, or what came is no answer that can be taken
    ServerReset = -3,
    /// the request could not be sent
    SendFailed = -4,
}

/// There is no answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failed {
    /// in one word
    pub failure: Failure,
    /// in many
    pub error: Error,
}

/// How a request has ended.
pub type Outcome = Result<Answer, Failed>;
