//! From a handshake or a frame of a WebSocket to a callback, the same in both modes.
//!
//! Runs in: worker.

use super::Worker;
use crate::ipc::message::frame;
use crate::log;
use crate::protocol::websocket::{Opcode, Refusal, close, deflate, flag};
use crate::server::http::Handshake;
use crate::server::port::Port;
use crate::server::{Frame, PortId, Request, Response, SessionId};

impl Worker {
    /// A request for a WebSocket came at a port that has them.
    pub(super) fn asked_for_websocket(&self, listener: &Port, request: Request) {
        let settings = &listener.settings;
        let handshake = Handshake::of(&request, settings.websocket_compression);
        let (handshake, refused) = match handshake {
            Ok(handshake) => (Some(handshake), None),
            Err(refused) => (None, Some(refused)),
        };
        let mut response = Response::of(&self.server, &request).with_handshake(handshake);
        if listener.wants.handshake {
            return self.departure.note(self.events.handshake(&self.server, request, response));
        }
        if let Some(refused) = refused {
            log::notice(format_args!("session {}: no WebSocket: {}", request.session(), refused.reason));
            return response.refuse_handshake(refused);
        }
        if listener.wants.before_handshake {
            let (flow, back) = self.events.before_handshake_response(&self.server, &request, response);
            self.departure.note(flow);
            let Some(back) = back else { return };
            response = back;
        }
        let protocols = settings.websocket_subprotocol.as_deref().unwrap_or_default();
        let protocols: Vec<&[u8]> = protocols.split(',').map(|protocol| protocol.trim().as_bytes()).collect();
        let declines = response.declines();
        let answered = if declines { response.end(b"") } else { response.upgrade(&protocols) };
        if let Err(e) = answered {
            return log::debug(format_args!("session {}: the handshake was not answered: {e}", request.session()));
        }
        if !declines && listener.wants.open && !self.departure.is_over() {
            self.departure.note(self.events.open(&self.server, request));
        }
    }

    /// A message of a WebSocket came, or a control frame; `head` is its opcode and flags of [`frame`].
    pub fn framed(&self, port: PortId, session: SessionId, head: [u8; 2], data: &[u8]) {
        let Some(opcode) = Opcode::from_number(head[0]) else { return };
        if self.settings.discard_timeout_request && self.server.shared().table.find_open(session).is_err() {
            self.slot(&self.server).lost.add_own(1);
            log::notice(format_args!(
                "a message of session {session} is dropped: it was closed before it was handled (discard_timeout_request)"
            ));
            return;
        }
        self.count_request();
        if head[1] & frame::COMPRESSED == 0 {
            return self.deliver(port, Frame { session, opcode, flags: flag::FIN, data, close: None });
        }
        let limit = self.server.running_ports()[port].settings.package_max_length;
        let mut large = Vec::new();
        match inflate(opcode, data, limit, &mut large) {
            Ok(()) => {
                let flags = flag::FIN | flag::COMPRESS;
                self.deliver(port, Frame { session, opcode, flags, data: &large, close: None });
            }
            Err(refusal) => {
                log::notice(format_args!("session {session} is closed: {}", refusal.reason));
                // It may have been closed meanwhile.
                let _ = self.server.disconnect(session, refusal.code, refusal.reason.as_bytes());
            }
        }
    }

    fn deliver(&self, port: PortId, mut frame: Frame<'_>) {
        if frame.opcode == Opcode::Close {
            // The socket side has looked at it.
            frame.close = Some(close::parse(frame.data).unwrap_or((close::NO_CODE, "")));
            frame.data = &[];
        }
        self.departure.note(self.events.message(&self.server, port, frame));
    }
}

/// Uncompresses a message, and checks that text is UTF-8.
fn inflate(opcode: Opcode, data: &[u8], limit: usize, out: &mut Vec<u8>) -> Result<(), Refusal> {
    deflate::inflate(data, limit, out)?;
    if opcode == Opcode::Text && std::str::from_utf8(out).is_err() {
        return Err(Refusal { code: close::BAD_DATA, reason: "a text is not UTF-8" });
    }
    Ok(())
}
