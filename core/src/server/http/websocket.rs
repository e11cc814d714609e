//! What a program sends over a WebSocket.

use crate::error::{Error, ErrorKind, Result};
use crate::ipc::message::Kind;
use crate::protocol::websocket::{self, MAX_CONTROL, Opcode, close, deflate, flag as bit, frame};
use crate::server::outbox;
use crate::server::shared::connections::{Entry, flag};
use crate::server::{Server, SessionId};
use std::sync::atomic::Ordering::Relaxed;

/// Frames up to this size are put together before they are sent: that is cheaper than two pieces.
const SMALL: usize = 512;

/// Calls about WebSockets work from any worker, task worker or user process, for any connection.
impl Server {
    /// Sends a message, or with `flags` without `FIN` a part of one (see `protocol::websocket::flag`). With `COMPRESS` it is compressed, if the client takes that; parts
    /// never are. Text must be UTF-8. A `Close` is what [`Server::disconnect`] does, with the code and reason in `data`. Errors: `WebsocketUnconnected` (it is no open
    /// WebSocket), `WebsocketPackFailed` (text that is not UTF-8; a control frame of more than 125 bytes), those of [`Server::send`].
    pub fn push(&self, session: SessionId, opcode: Opcode, flags: u8, data: &[u8]) -> Result<()> {
        if opcode == Opcode::Close {
            let (code, reason) = close::parse(data).map_err(|refusal| {
                Error::new(
                    ErrorKind::WebsocketPackFailed,
                    format!("the close frame cannot be sent: {}", refusal.reason),
                )
            })?;
            return self.disconnect(session, code, reason.as_bytes());
        }
        frame::check(opcode, flags, data)?;
        if opcode == Opcode::Text && flags & bit::FIN != 0 && std::str::from_utf8(data).is_err() {
            let message = "a text message must be UTF-8: send other data as binary (WEBSOCKET_OPCODE_BINARY)";
            return Err(Error::new(ErrorKind::WebsocketPackFailed, message));
        }
        let entry = self.websocket(session)?;
        if frame::may_compress(opcode, flags) && entry.has(flag::DEFLATE) {
            let mut small = Vec::new();
            if deflate::compress(data, entry.window(), &mut small) {
                return self.post_frame(entry, Kind::Send, opcode, bit::FIN | bit::RSV1, &small);
            }
        }
        self.post_frame(entry, Kind::Send, opcode, flags & bit::FIN, data)
    }

    /// Begins the closing handshake with a code and a reason of at most 123 bytes; the connection is closed when the client has answered, or after a moment. Nothing more of it is handed up. Errors: as
    /// [`Server::push`]; `InvalidParams` (a code that may not be sent; 1005 stands for none).
    pub fn disconnect(&self, session: SessionId, code: u16, reason: &[u8]) -> Result<()> {
        if code != close::NO_CODE && !close::may_be_sent(code) {
            let message = format!(
                "{code} may not be sent as the code of a close frame: 1000 to 1003, 1007 to 1014 and 3000 to 4999 may"
            );
            return Err(Error::new(ErrorKind::InvalidParams, message));
        }
        let text = std::str::from_utf8(reason).ok().filter(|text| text.len() <= close::MAX_REASON);
        let Some(reason) = text else {
            let message = format!(
                "the reason of a close frame is UTF-8 of at most {} bytes: {} were given",
                close::MAX_REASON,
                reason.len()
            );
            return Err(Error::new(ErrorKind::WebsocketPackFailed, message));
        };
        let entry = self.websocket(session)?;
        self.post_frame(entry, Kind::SendClose, Opcode::Close, bit::FIN, &close::data(code, reason))?;
        entry.mark(flag::SAID_CLOSE, true);
        Ok(())
    }

    /// Whether a connection is an open WebSocket.
    pub fn is_established(&self, session: SessionId) -> bool {
        self.websocket(session).is_ok()
    }

    /// The entry of an open WebSocket.
    fn websocket(&self, session: SessionId) -> Result<&Entry> {
        let entry = self.running()?.shared.table.find_open(session)?;
        match entry.flags.load(Relaxed) & (flag::WEBSOCKET | flag::SAID_CLOSE) {
            flag::WEBSOCKET => Ok(entry),
            0 => {
                let message = format!("session {session} is not a WebSocket: it has not made the handshake");
                Err(Error::new(ErrorKind::WebsocketUnconnected, message))
            }
            _ => {
                let message = format!("session {session} is being closed: nothing can be pushed behind a close frame");
                Err(Error::new(ErrorKind::WebsocketUnconnected, message))
            }
        }
    }

    fn post_frame(&self, entry: &Entry, kind: Kind, opcode: Opcode, flags: u8, data: &[u8]) -> Result<()> {
        let running = self.running()?;
        let limit = running.settings.buffer_output_size;
        if data.len() as u64 > limit {
            let message =
                format!("a message of {} bytes cannot be sent: buffer_output_size allows {limit}", data.len());
            return Err(Error::new(ErrorKind::DataLengthTooLarge, message));
        }
        let outbox = self.outbox()?;
        outbox::check_room(&running.ports, entry, data.len())?;
        self.count_response(running);
        let (head, size) = websocket::frame::head(opcode, flags, None, data.len());
        if data.len() > SMALL {
            return outbox.post(entry, kind, entry.session(), &head[..size], data);
        }
        let mut bytes = [0; SMALL + websocket::frame::Head::MAX];
        bytes[..size].copy_from_slice(&head[..size]);
        bytes[size..size + data.len()].copy_from_slice(data);
        outbox.post(entry, kind, entry.session(), &bytes[..size + data.len()], &[])
    }
}

const _: () = assert!(MAX_CONTROL <= SMALL);
