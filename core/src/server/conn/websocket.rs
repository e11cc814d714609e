//! What the socket side knows of a connection that is a WebSocket: parts of messages, and how far its end is.
//!
//! Pings and closes are answered here, unless the port's options want them in the callback. A WebSocket ends by a close frame in each direction: whoever
//! gets one sends one, and then the server closes the connection. So a client's close frame is answered when the workers have heard of the end, behind
//! their last messages.

use super::connection::{Connection, Stage};
use super::drive::{self, Turn};
use super::side::SocketSide;
use super::{Accepted, Upstream};
use crate::ipc::message::frame;
use crate::log;
use crate::protocol::websocket::{self, Message, Opcode, Reader, Refusal, Rules, Step, close, flag as bit};
use crate::server::shared::connections::flag;
use crate::server::{PortId, SessionId};
use std::cell::RefCell;
use std::collections::VecDeque;
use std::time::{Duration, Instant};

/// How long a client may take to answer a close frame; and a program, that wants to hear of close frames, to answer a client's.
const PATIENCE: Duration = Duration::from_secs(3);
/// While so many bytes wait for a client its pings are not answered.
const PONGS: u64 = 64 << 10;

/// A WebSocket.
#[derive(Debug)]
pub struct WebSocket {
    /// None while it is in use
    reader: Option<Reader>,
    /// a close frame went out
    close_sent: bool,
    /// one came
    close_came: bool,
    /// the close frame that goes out when workers have heard of the end; empty: none was decided on
    farewell: Vec<u8>,
}

/// Connections whose close frame waits for an answer, in the order of their deadlines.
#[derive(Debug, Default)]
pub struct Farewells(VecDeque<(Instant, SessionId)>);

impl WebSocket {
    /// Bytes of a message that is not whole yet.
    pub fn half_received(&self) -> usize {
        self.reader.as_ref().map_or(0, Reader::pending)
    }
}

impl Farewells {
    /// When the first is over.
    pub fn next(&self) -> Option<Instant> {
        self.0.front().map(|(until, _)| *until)
    }
}

impl Turn {
    /// As `deliver`, for a WebSocket. True: the connection may be read on.
    pub(super) fn deliver_websocket(
        &mut self,
        side: &RefCell<SocketSide>,
        up: &impl Upstream,
        place: usize,
        count: usize,
    ) -> bool {
        let (port, session, mut input, mut reader) = {
            let mut side = side.borrow_mut();
            let Some(connection) = side.get_mut(place) else { return false };
            let reader = connection.websocket.as_mut().and_then(|socket| socket.reader.take());
            let Some(reader) = reader else { return false };
            (connection.port, connection.session, std::mem::take(&mut connection.input), reader)
        };
        // Messages that come whole in one read are unmasked in the buffer of the read, and copied nowhere before they are handed up.
        let owned = !input.is_empty();
        if owned {
            input.extend_from_slice(&self.scratch[..count]);
        }
        let bytes: &mut [u8] = if owned { &mut input } else { &mut self.scratch[..count] };
        let (mut from, length) = (0, bytes.len());
        let (mut go_on, mut refused) = (true, None);
        while go_on {
            match reader.next(&mut bytes[from..]) {
                Step::More { used } => {
                    from += used;
                    break;
                }
                Step::Message { used, message } => {
                    from += used;
                    go_on = take(side, up, place, port, session, &message, from < length);
                }
                Step::Refuse(refusal) => {
                    refused = Some(refusal);
                    break;
                }
            }
        }
        reader.release();
        let rest = if from == length || refused.is_some() {
            Vec::new()
        } else if owned {
            input.drain(..from);
            input
        } else {
            bytes[from..].to_vec()
        };
        let mut side = side.borrow_mut();
        drive::uncork(&mut side, place);
        let Some(connection) = side.get_mut(place).filter(|c| c.session == session) else { return false };
        if let Some(socket) = &mut connection.websocket {
            socket.reader = Some(reader);
        }
        if connection.stage == Stage::Open {
            connection.input = rest;
        }
        if let Some(refusal) = refused {
            side.refuse_websocket(place, refusal);
            return false;
        }
        go_on && side.get(place).is_some_and(Connection::is_readable)
    }
}

/// Does with a message what is to be done. True: the next may follow.
fn take(
    side: &RefCell<SocketSide>,
    up: &impl Upstream,
    place: usize,
    port: PortId,
    session: SessionId,
    message: &Message<'_>,
    more: bool,
) -> bool {
    {
        let mut side = side.borrow_mut();
        drive::cork(&mut side, place, more);
        let settings = &side.ports[port].settings;
        let wanted = match message.opcode {
            Opcode::Ping => settings.open_websocket_ping_frame,
            Opcode::Pong => settings.open_websocket_pong_frame,
            Opcode::Close => settings.open_websocket_close_frame,
            _ => true,
        };
        let Some(socket) = side.get_mut(place).and_then(|c| c.websocket.as_mut()) else { return false };
        if socket.close_sent && message.opcode != Opcode::Close {
            // The program has said good-bye: it hears nothing more.
            return true;
        }
        match message.opcode {
            Opcode::Ping if !wanted => {
                side.pong(place, message.data);
                return true;
            }
            Opcode::Close if !wanted || socket.close_sent => {
                side.client_closes(place, message.data);
                return false;
            }
            Opcode::Close => {
                socket.close_came = true;
                side.expect_farewell(session);
            }
            _ if !wanted => return true,
            _ => {}
        }
    }
    let flags = if message.compressed { frame::COMPRESSED } else { 0 };
    let accepted = up.frame(port, session, [message.opcode as u8, flags], message.data);
    let mut side = side.borrow_mut();
    if accepted == Accepted::AndNoMore {
        side.set_hold(place, super::connection::hold::STALLED, true);
    }
    let goes_on = side.get(place).is_some_and(|c| c.session == session && c.is_readable());
    goes_on && !up.is_leaving()
}

impl SocketSide {
    /// The handshake is done: from here on it is a WebSocket. What others have pushed meanwhile goes out behind the handshake's answer.
    pub(super) fn become_websocket(&mut self, place: usize) {
        let entry = self.entry(place);
        entry.mark(flag::WEBSOCKET, true);
        let deflate = entry.has(flag::DEFLATE);
        let Some(port) = self.get(place).map(|c| c.port) else { return };
        let limit = self.ports[port].settings.package_max_length;
        let Some(connection) = self.get_mut(place) else { return };
        let reader = Some(Reader::new(Rules { masked: true, deflate, limit }));
        let early = connection.http.take().map(|mut http| std::mem::take(&mut http.early)).unwrap_or_default();
        connection.websocket =
            Some(Box::new(WebSocket { reader, close_sent: false, close_came: false, farewell: Vec::new() }));
        for (is_close, bytes) in early {
            if is_close { self.send_close(place, &bytes) } else { self.write(place, &[&bytes]) }
        }
    }

    /// Whether frames have come for a connection whose handshake is still to be answered: then they are kept for later. (Who answers it may be
    /// another process than who has seen in the table that it will be a WebSocket.)
    pub(super) fn is_early(&mut self, place: usize, parts: &[&[u8]], is_close: bool) -> bool {
        if !self.entry(place).has(flag::WEBSOCKET) {
            return false;
        }
        let Some(http) = self.get_mut(place).and_then(|c| c.http.as_mut()) else { return false };
        http.early.push((is_close, parts.concat()));
        true
    }

    /// Sends a close frame. When the client has answered it, or has had time to, the connection ends.
    pub(super) fn send_close(&mut self, place: usize, frame: &[u8]) {
        let Some(connection) = self.get_mut(place) else { return };
        let session = connection.session;
        let Some(socket) = &mut connection.websocket else { return };
        if std::mem::replace(&mut socket.close_sent, true) {
            return;
        }
        let came = socket.close_came;
        self.write(place, &[frame]);
        if came {
            self.end(place, true, 0);
        } else {
            self.expect_farewell(session);
        }
    }

    fn expect_farewell(&mut self, session: SessionId) {
        self.farewells.0.push_back((Instant::now() + PATIENCE, session));
    }

    /// Lets go of those that have not answered a close frame in time.
    pub(super) fn end_farewells(&mut self) {
        let now = Instant::now();
        while let Some((_, session)) = self.farewells.0.front().copied().filter(|(until, _)| *until <= now) {
            self.farewells.0.pop_front();
            if let Some(place) = self.place(session) {
                self.close(place, false);
            }
        }
    }

    /// The last frame of a connection that the server closes in an orderly way.
    pub(super) fn say_goodbye(&mut self, place: usize) {
        // It lets everybody go: the server, or this worker, ends.
        let code = if self.lingering.all { close::GOING_AWAY } else { close::NORMAL };
        let Some(connection) = self.get_mut(place) else { return };
        let by_server = connection.by_server;
        let Some(socket) = &mut connection.websocket else { return };
        let mut frame = std::mem::take(&mut socket.farewell);
        if frame.is_empty() && by_server && !socket.close_sent {
            frame = close_frame(&close::data(code, ""));
        }
        if !frame.is_empty() {
            socket.close_sent = true;
            self.write(place, &[&frame]);
        }
    }

    fn client_closes(&mut self, place: usize, data: &[u8]) {
        let Some(socket) = self.get_mut(place).and_then(|c| c.websocket.as_mut()) else { return };
        socket.close_came = true;
        let by_server = socket.close_sent;
        if !by_server {
            // Its own code, without the reason.
            socket.farewell = close_frame(&data[..data.len().min(2)]);
        }
        self.end(place, by_server, 0);
    }

    fn refuse_websocket(&mut self, place: usize, refusal: Refusal) {
        self.figures().bad_packages.add_own(1);
        let Some(connection) = self.get_mut(place) else { return };
        log::notice(format_args!("session {} is closed: {}", connection.session, refusal.reason));
        connection.refused = true;
        let Some(socket) = &mut connection.websocket else { return };
        if !socket.close_sent {
            socket.farewell = close_frame(&close::data(refusal.code, refusal.reason));
        }
        self.end(place, true, crate::error::ErrorKind::WebsocketBadClient as i32);
    }

    fn pong(&mut self, place: usize, data: &[u8]) {
        if self.get(place).is_some_and(|c| c.queued() < PONGS) {
            let (head, size) = websocket::frame::head(Opcode::Pong, bit::FIN, None, data.len());
            let mut bytes = [0; 2 + websocket::MAX_CONTROL];
            bytes[..size].copy_from_slice(&head[..size]);
            bytes[size..size + data.len()].copy_from_slice(data);
            self.write(place, &[&bytes[..size + data.len()]]);
        }
    }
}

fn close_frame(data: &[u8]) -> Vec<u8> {
    let mut frame = Vec::new();
    websocket::write(&mut frame, Opcode::Close, bit::FIN, None, data);
    frame
}
