//! What a program sends over a WebSocket.

use crate::error::Result;
use crate::protocol::websocket::Opcode;
use crate::server::{Server, SessionId};

/// Calls about WebSockets work from any worker, task worker or user process, for any connection.
impl Server {
    /// Sends a message, or with `flags` without `FIN` a part of one (see `protocol::websocket::flag`). Text must be UTF-8. A `Close` goes through
    /// [`Server::disconnect`]. Errors: `WebsocketUnconnected` (it is no open WebSocket), `WebsocketPackFailed` (text that is not UTF-8; a control frame of more than 125 bytes), those of
    /// [`Server::send`].
    pub fn push(&self, session: SessionId, opcode: Opcode, flags: u8, data: &[u8]) -> Result<()> {
        let _ = (session, opcode, flags, data);
        todo!()
    }

    /// Begins the closing handshake with a code and a reason of at most 123 bytes; the connection is closed when the client has answered, or after a moment. Errors: as
    /// [`Server::push`]; `InvalidParams` (a code that may not be sent).
    pub fn disconnect(&self, session: SessionId, code: u16, reason: &[u8]) -> Result<()> {
        let _ = (session, code, reason);
        todo!()
    }

    /// Whether a connection is an open WebSocket.
    pub fn is_established(&self, session: SessionId) -> bool {
        let _ = session;
        todo!()
    }
}
