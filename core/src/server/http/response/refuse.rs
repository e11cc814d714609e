//! Ends of an answer that are not the program's: refusals, and an answer that is broken off.
//!
//! Runs in: worker, or whoever holds the answer.

use super::{Response, Stage, done};
use crate::error::{Error, ErrorKind, Result};
use crate::log;
use crate::protocol::http1::status;
use xxhash_rust::xxh3::xxh3_64;

/// A part of a body, to be known again: its length and a hash of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Part(usize, u64);

impl Part {
    /// Of these bytes.
    pub fn of(bytes: &[u8]) -> Part {
        Part(bytes.len(), xxh3_64(bytes))
    }
}

impl Response {
    /// As [`Response::refuse`], with headers.
    pub(in crate::server) fn refuse_with(&mut self, code: u16, headers: &[(&str, &str)]) {
        if self.stage == Stage::Fresh {
            self.headers.clear();
            headers.iter().for_each(|(name, value)| self.headers.add(name, value.as_bytes()));
            self.refuse_fresh(code);
        } else {
            self.refuse(code);
        }
    }

    /// Answers by a status and its phrase, if nothing has been sent; else ends the connection. What was set before is forgotten.
    pub(in crate::server) fn refuse(&mut self, code: u16) {
        // What was missing is of no interest any more.
        self.missing = None;
        match self.stage {
            Stage::Over => {}
            Stage::Streaming { chunked: false, .. } if !self.is_bodiless() => {
                // Its client takes the connection's end for that of the answer, unless it is a reset.
                if let Err(e) = self.server.close(self.session, true) {
                    log::debug(format_args!("session {}: a broken answer was not cut off: {e}", self.session));
                }
                self.over();
            }
            Stage::Streaming { .. } => {
                let message = self.begin_message(done(true));
                let sent = self.post(message, &[]);
                // If its client has gone there is nobody left to tell.
                let _ = self.ended(sent);
            }
            Stage::Fresh => {
                self.headers.clear();
                self.refuse_fresh(code);
            }
        }
    }

    fn refuse_fresh(&mut self, code: u16) {
        self.trailers.clear();
        self.reason.clear();
        self.status = code;
        // Known to be right.
        let _ = self.headers.set(b"Content-Type", &[b"text/plain"], false);
        let sent = self.end(status::reason(code).as_bytes());
        if let Err(e) = sent {
            log::debug(format_args!("session {}: the answer {code} was not sent: {e}", self.session));
        }
    }

    pub(super) fn has_hole(&self) -> Error {
        let length = self.missing.map_or(0, |Part(length, _)| length);
        Error::new(
            ErrorKind::OutputBufferOverflow,
            format!(
                "a part of {length} bytes of the answer to session {} was not sent, since too much waits for the client (socket_buffer_size): write it again before what follows it",
                self.session
            ),
        )
    }

    /// Ends an answer with a hole in it, in a way that its client can tell from a whole one.
    pub(super) fn cut_off(&mut self) -> Result<()> {
        let why = self.has_hole();
        log::warning(format_args!("session {}: the answer is cut off: {why}", self.session));
        self.refuse(500);
        Err(why)
    }
}
