//! The answer to a request for a WebSocket.

use super::{Request, Response};
use crate::error::{Error, ErrorKind, Result};
use crate::protocol::http1::brief::flag as asked;
use crate::protocol::websocket::handshake::{Asked, Deflate, Refused, accept};
use crate::server::shared::connections::flag;
use std::sync::atomic::Ordering::Relaxed;

/// What a client's request for a WebSocket says, kept for the answer.
#[derive(Debug)]
pub struct Handshake {
    accept: String,
    /// the subprotocols that it offers
    protocols: Vec<Vec<u8>>,
    deflate: Option<Deflate>,
}

impl Handshake {
    /// Of a request; `compression`: it is offered by the port.
    pub fn of(request: &Request, compression: bool) -> std::result::Result<Handshake, Refused> {
        let headers: Vec<_> = request.headers().collect();
        let asked = Asked::check(headers.iter().copied())?;
        Ok(Handshake {
            accept: accept(asked.key),
            protocols: asked.protocols.into_iter().map(<[u8]>::to_vec).collect(),
            deflate: asked.deflate.filter(|_| compression),
        })
    }
}

impl Response {
    /// For a request for a WebSocket.
    pub(in crate::server) fn with_handshake(mut self, handshake: Option<Handshake>) -> Response {
        self.handshake = handshake.map(Box::new);
        self
    }

    /// Answers the WebSocket handshake of the request (101), with what headers were set and the first of `protocols` that the client offers too. Then the connection is a WebSocket. Errors:
    /// `WebsocketHandshakeFailed` (the request asks for none, or in a wrong way; or its port has none: `open_websocket_protocol`), `WrongOperation` (the head has gone out).
    pub fn upgrade(&mut self, protocols: &[&[u8]]) -> Result<()> {
        self.still_fresh("the answer to a handshake")?;
        let Some(handshake) = self.handshake.take() else {
            let message =
                format!("the request of session {} asks for no WebSocket, or its port has none", self.session());
            return Err(Error::new(ErrorKind::WebsocketHandshakeFailed, message));
        };
        self.status(101, b"")?;
        self.header(b"Upgrade", &[b"websocket"], false)?;
        self.header(b"Sec-WebSocket-Accept", &[handshake.accept.as_bytes()], false)?;
        if let Some(chosen) = protocols.iter().find(|protocol| handshake.protocols.iter().any(|p| p == *protocol)) {
            self.header(b"Sec-WebSocket-Protocol", &[chosen], false)?;
        }
        match handshake.deflate {
            Some(deflate) => self.header(b"Sec-WebSocket-Extensions", &[deflate.answer().as_bytes()], false)?,
            None => self.header(b"Sec-WebSocket-Extensions", &[], false)?,
        }
        self.end(b"")
    }

    /// Whether the program has set a status other than that of a handshake's success.
    pub(in crate::server) fn declines(&self) -> bool {
        !matches!(self.status, 101 | 200)
    }

    /// Answers a request for a WebSocket that is wrong.
    pub(in crate::server) fn refuse_handshake(&mut self, refused: Refused) {
        if refused.status == 426 {
            return self.refuse_with(426, &[("Sec-WebSocket-Version", "13"), ("Upgrade", "websocket")]);
        }
        self.refuse(refused.status);
    }

    /// Whether this answer makes a WebSocket of the connection: 101 to a request for one, at a port that has them; also if the program has
    /// written the handshake itself.
    pub(super) fn opens_websocket(&self) -> bool {
        self.status == 101 && self.flags & asked::WEBSOCKET != 0 && {
            let port =
                self.server.shared().table.find(self.session).ok().map(|entry| entry.port.load(Relaxed) as usize);
            port.and_then(|port| {
                self.server.running_ports().get(port).map(|port| port.settings.open_websocket_protocol)
            }) == Some(true)
        }
    }

    /// Notes in the table that the connection becomes a WebSocket, and whether messages may be compressed. Before the answer is posted: the
    /// program may push as soon as it has given it.
    pub(super) fn mark_websocket(&self) {
        let Ok(entry) = self.server.shared().table.find(self.session) else { return };
        let agreed = self.headers.get(b"Sec-WebSocket-Extensions").and_then(Deflate::parse);
        let deflate = agreed.map_or(0, |deflate| flag::DEFLATE | (u32::from(deflate.server_window) * flag::WINDOW));
        entry.flags.fetch_or(flag::WEBSOCKET | deflate, Relaxed);
    }

    /// Takes [`Response::mark_websocket`] back: the answer could not be posted.
    pub(super) fn unmark_websocket(&self) {
        if let Ok(entry) = self.server.shared().table.find(self.session) {
            entry.flags.fetch_and(!(flag::WEBSOCKET | flag::DEFLATE | (15 * flag::WINDOW)), Relaxed);
        }
    }
}
