//! A request that a script parses by itself, from bytes of its own.

use crate::bridge::http::Reading;
use std::time::{SystemTime, UNIX_EPOCH};
use swoole_core::error::{Error, ErrorKind};
use swoole_core::protocol::http1::{Limits, Reader, Step};
use swoole_core::server::Request;

/// One that is not whole yet.
pub struct Parsing {
    reader: Reader,
    /// what of it the script wants to see
    pub reading: Reading,
}

impl Parsing {
    /// Nothing of it has come.
    pub fn new(reading: Reading) -> Parsing {
        Parsing { reader: Reader::default(), reading }
    }

    /// Takes bytes: how many of them belong to it, and the request, if it is whole now. Errors: it is none, or not let in.
    pub fn take(&mut self, data: &[u8]) -> Result<(usize, Option<Request>), Error> {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |now| now.as_micros() as u64);
        let mut used = 0;
        loop {
            let (count, step) = self.reader.next(&data[used..], &Limits::default(), now);
            used += count;
            match step {
                Step::Request { brief, bytes } => return Ok((used, Some(Request::detached(brief, bytes.to_vec())))),
                // Nobody waits here.
                Step::Continue => {}
                Step::More => return Ok((used, None)),
                Step::Refuse(refusal) => {
                    let message = format!("this is no request that is let in: {} ({})", refusal.why, refusal.status);
                    return Err(Error::new(ErrorKind::HttpInvalidProtocol, message));
                }
                // Only where the limits allow a form to be longer than a body.
                Step::Upload { .. } | Step::Piece(_) | Step::Uploaded { .. } => return Ok((used, None)),
            }
        }
    }
}
