//! The answer to a request: gathered, then sent.

use super::Cookie;
use crate::error::Result;
use crate::server::{Server, SessionId};

/// The answer to one request. It must be ended, by [`Response::end`], [`Response::send_file`], [`Response::redirect`] or
/// [`Response::detach`]: one that is dropped before answers 500 (or, when a part of it has gone out, closes the connection), so that no client
/// waits for ever. Runs in: worker, or any process of the server that made one by [`Response::create`].
///
/// Errors of all methods: `HttpContextUnavailable` if it was ended or detached; `SessionClosed` if the client has gone.
pub struct Response {
    server: Server,
    session: SessionId,
}

impl Response {
    /// For the connection's present request, which another object was given up for by [`Response::detach`]. Errors: there is no such
    /// connection; it is not one of HTTP; its request is answered.
    pub fn create(server: &Server, session: SessionId) -> Result<Response> {
        let _ = (server, session);
        todo!()
    }

    /// The connection that it goes to.
    pub fn session(&self) -> SessionId {
        self.session
    }

    /// Whether something can still be sent: it was neither ended nor detached, and the client is there.
    pub fn is_writable(&self) -> bool {
        todo!()
    }

    /// Sets the status, 100 to 999; with an empty `reason` the standard's. Errors: `InvalidParams` (the code; CR, LF or another control character in the reason);
    /// `WrongOperation` (the head has gone out).
    pub fn status(&mut self, code: u16, reason: &[u8]) -> Result<()> {
        let _ = (code, reason);
        todo!()
    }

    /// Adds a header in the place of all of that name: one line for each of `values`; none removes it. `format`: its name is written as `Content-Type` is.
    /// Errors: `InvalidParams` (the name is no token; CR, LF or NUL in a value; `Content-Length` or `Transfer-Encoding` that contradicts what is sent is found at the end, and
    /// left out with a warning in the log), `WrongOperation` (the head has gone out).
    pub fn header(&mut self, name: &[u8], values: &[&[u8]], format: bool) -> Result<()> {
        let _ = (name, values, format);
        todo!()
    }

    /// A header behind the body, which is chunked then. Errors: as [`Response::header`]; not all names are allowed there (RFC 9110, 6.5.1).
    pub fn trailer(&mut self, name: &[u8], value: &[u8]) -> Result<()> {
        let _ = (name, value);
        todo!()
    }

    /// Sets a cookie. Errors: `InvalidParams` (its name, path or domain cannot be in one; a raw value neither), `WrongOperation`.
    pub fn cookie(&mut self, cookie: &Cookie) -> Result<()> {
        let _ = cookie;
        todo!()
    }

    /// Whether the body is compressed where the client takes that and the options say so (the default), and how much: 0 is the option's level.
    pub fn compress(&mut self, on: bool, level: u8) {
        let _ = (on, level);
        todo!()
    }

    /// Sends a part of the body, as a chunk (to a client of 1.0 as it is, and the connection's end ends it); the first part sends the head. Errors: `InvalidParams` (it
    /// is empty), those of `Server::send`.
    pub fn write(&mut self, part: &[u8]) -> Result<()> {
        let _ = part;
        todo!()
    }

    /// Sends the body, or its last part, and ends the answer. Errors: those of `Server::send`; the answer is ended all the same if the client has gone.
    pub fn end(&mut self, body: &[u8]) -> Result<()> {
        let _ = body;
        todo!()
    }

    /// Sends a part of a file as the body (`length` 0: to its end), and ends the answer. A `Range` of the request is answered by 206 or 416 if the status is 200 and neither offset nor length is given.
    /// Without a `Content-Type` it gets that of its name. Errors: as `Server::send_file`; the answer is not ended by them, so something else can be answered.
    pub fn send_file(&mut self, path: &[u8], offset: u64, length: u64) -> Result<()> {
        let _ = (path, offset, length);
        todo!()
    }

    /// Sends the client elsewhere, and ends the answer. Errors: `InvalidParams` (`location` is empty or holds control characters; `code` is not 301, 302, 303, 307 or 308).
    pub fn redirect(&mut self, location: &[u8], code: u16) -> Result<()> {
        let _ = (location, code);
        todo!()
    }

    /// Gives it up: this object answers nothing more; [`Response::create`] makes another one for the same request, also in another process.
    pub fn detach(&mut self) -> Result<()> {
        todo!()
    }

    /// Answers the WebSocket handshake of the request (101), with what headers were set and the first of `protocols` that the client offers too. Then the connection is a WebSocket. Errors:
    /// `WebsocketHandshakeFailed` (the request is none), `WrongOperation` (not a WebSocket port).
    pub fn upgrade(&mut self, protocols: &[&[u8]]) -> Result<()> {
        let _ = protocols;
        todo!()
    }
}
