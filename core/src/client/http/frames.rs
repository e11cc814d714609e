//! The connection as a WebSocket.

use super::link::Link;
use super::work::Work;
use super::{Inner, Message, no_websocket};
use crate::client::asynchronous::{soon, timer};
use crate::error::{Error, ErrorKind, Result};
use crate::event::{Flow, TimerId, local};
use crate::log;
use crate::protocol::websocket::{self, Opcode, Reader, Refusal, Rules, Step, close, deflate, flag};
use std::rc::Rc;
use std::time::Duration;

/// How long the server may take to answer a close frame.
const GOODBYE: Duration = Duration::from_secs(5);

/// What a connection has as a WebSocket.
pub(super) struct Frames {
    /// None while a message of it is told
    reader: Option<Reader>,
    deflate: bool,
    masked: bool,
    limit: usize,
    /// bytes that may wait to be sent
    room: u64,
    /// the program wants to see pings, pongs, closes
    shown: [bool; 3],
    /// our close frame has gone out
    closing: bool,
    /// the server is not waited for any longer then
    goodbye: Option<TimerId>,
}

impl Frames {
    /// For a connection whose handshake is done.
    pub fn new(client: &Inner, deflate: bool) -> Frames {
        let (limit, settings) = (client.limit(), client.settings.borrow());
        let port = &settings.port;
        Frames {
            reader: Some(Reader::new(Rules { masked: false, deflate, limit })),
            deflate,
            masked: settings.own.websocket_mask,
            limit,
            room: port.socket_buffer_size as u64,
            shown: [port.open_websocket_ping_frame, port.open_websocket_pong_frame, port.open_websocket_close_frame],
            closing: false,
            goodbye: None,
        }
    }

    /// The timer that is set.
    pub fn goodbye(&self) -> Option<TimerId> {
        self.goodbye
    }

    fn shows(&self, opcode: Opcode) -> bool {
        let [ping, pong, close] = self.shown;
        match opcode {
            Opcode::Ping => ping,
            Opcode::Pong => pong,
            Opcode::Close => close,
            _ => true,
        }
    }

    fn pack(&self, data: &[u8], opcode: Opcode, flags: u8) -> Result<Vec<u8>> {
        let compress = if self.deflate { flags & flag::COMPRESS } else { 0 };
        let mask = if self.masked { flag::MASK } else { 0 };
        websocket::pack(opcode, flags & flag::FIN | compress | mask, data)
    }
}

/// What is to be done about a frame that came.
enum Doing {
    /// nothing is left
    Nothing,
    /// the program is told of a message
    Tell {
        opcode: Opcode,
        flags: u8,
        data: Vec<u8>,
    },
    /// the server closes
    Close(Vec<u8>),
    Pong(Vec<u8>),
    Pass,
    Refuse(Refusal),
}

impl Work {
    /// See [`HttpClient::push`](super::HttpClient::push).
    pub fn push(self: &Rc<Self>, data: &[u8], opcode: Opcode, flags: u8) -> Result<()> {
        let serial = self.with_frames(|link| push(link, data, opcode, flags)).unwrap_or_else(|| Err(no_websocket()))?;
        if opcode == Opcode::Close {
            self.await_goodbye(serial);
        }
        Ok(())
    }

    /// Closes with a close frame, unless one has gone out.
    pub(super) fn say_goodbye(&self, mut link: Link) {
        if link.frames.as_ref().is_some_and(|frames| !frames.closing) {
            let _ = push(&mut link, &close::data(close::NORMAL, ""), Opcode::Close, flag::FIN);
        }
        link.end_after_sending();
    }

    /// The end comes, also from a server that says nothing.
    fn await_goodbye(self: &Rc<Self>, serial: u64) {
        let work = Rc::downgrade(self);
        let timer = timer(GOODBYE, move || {
            let link = work.upgrade().and_then(|work| work.take_link(serial));
            link.into_iter().for_each(Link::end);
            Flow::Continue
        });
        self.with_frames(|link| link.frames.as_mut().map(|frames| frames.goodbye = Some(timer)));
    }

    /// Goes on with what came, later.
    pub(super) fn frames_later(self: &Rc<Self>, serial: u64) {
        let work = self.clone();
        soon(move || work.frames(serial, &[]));
    }

    /// Bytes came over the WebSocket.
    pub(super) fn frames(self: &Rc<Self>, serial: u64, data: &[u8]) -> Flow {
        let taken = self.with_link(serial, |link| {
            link.input.extend_from_slice(data);
            let reader = link.frames.as_mut()?.reader.take()?;
            Some((reader, std::mem::take(&mut link.input)))
        });
        // While a message is told, what comes waits for that to return.
        let Some(Some((mut reader, mut input))) = taken else { return Flow::Continue };
        let mut from = 0;
        let mut flow = Flow::Continue;
        while flow == Flow::Continue && !local::is_ending() {
            let (used, doing) = match reader.next(&mut input[from..]) {
                Step::More { used } => (used, Doing::Nothing),
                Step::Message { used, message } => (used, self.look(serial, message)),
                Step::Refuse(refusal) => (0, Doing::Refuse(refusal)),
            };
            from += used;
            flow = match doing {
                Doing::Nothing => {
                    input.drain(..from);
                    self.with_link(serial, |link| link.put_back(reader, input));
                    return Flow::Continue;
                }
                Doing::Pass => Flow::Continue,
                Doing::Pong(data) => {
                    // A server that only sends pings and takes nothing gets no answer.
                    let pong = |link: &mut Link| {
                        if link.frames.as_ref().is_some_and(|frames| link.socket.queued() <= frames.room) {
                            let _ = push(link, &data, Opcode::Pong, flag::FIN);
                        }
                    };
                    self.with_link(serial, pong);
                    Flow::Continue
                }
                Doing::Tell { opcode, flags, data } => {
                    self.tell(|events, client| events.message(client, Message { opcode, flags, data: &data }))
                }
                Doing::Close(data) => return self.goodbye(serial, &data),
                Doing::Refuse(refusal) => return self.refuse(serial, refusal),
            };
            if self.with_link(serial, |_| ()).is_none() {
                return flow;
            }
        }
        input.drain(..from);
        self.with_link(serial, |link| link.put_back(reader, input));
        self.frames_later(serial);
        flow
    }

    /// What a message is, and what is to be done about it.
    fn look(&self, serial: u64, message: websocket::Message<'_>) -> Doing {
        let found = self
            .with_link(serial, |link| link.frames.as_ref().map(|frames| (frames.shows(message.opcode), frames.limit)));
        let Some(Some((shown, limit))) = found else { return Doing::Pass };
        let plain = || message.data.to_vec();
        match message.opcode {
            Opcode::Close if !shown => Doing::Close(plain()),
            Opcode::Ping if !shown => Doing::Pong(plain()),
            Opcode::Pong if !shown => Doing::Pass,
            opcode if message.compressed => {
                let mut data = Vec::new();
                if let Err(refusal) = deflate::inflate(message.data, limit, &mut data) {
                    return Doing::Refuse(refusal);
                }
                if opcode == Opcode::Text && std::str::from_utf8(&data).is_err() {
                    return Doing::Refuse(Refusal { code: close::BAD_DATA, reason: "a text is not UTF-8" });
                }
                Doing::Tell { opcode, flags: flag::FIN | flag::COMPRESS, data }
            }
            opcode => Doing::Tell { opcode, flags: flag::FIN, data: plain() },
        }
    }

    /// The server closes: it is answered, and the connection ends.
    fn goodbye(self: &Rc<Self>, serial: u64, data: &[u8]) -> Flow {
        let Some(mut link) = self.take_link(serial) else { return Flow::Continue };
        if link.frames.as_ref().is_some_and(|frames| !frames.closing) {
            let _ = push(&mut link, data, Opcode::Close, flag::FIN);
        }
        link.end_after_sending();
        Flow::Continue
    }

    /// The server broke the protocol.
    fn refuse(self: &Rc<Self>, serial: u64, refusal: Refusal) -> Flow {
        let Some(mut link) = self.take_link(serial) else { return Flow::Continue };
        log::warning(format_args!(
            "the WebSocket of {} is closed with code {}: {}",
            self.client().authority(),
            refusal.code,
            refusal.reason
        ));
        let _ = push(&mut link, &close::data(refusal.code, refusal.reason), Opcode::Close, flag::FIN);
        link.end_after_sending();
        Flow::Continue
    }
}

impl Link {
    fn put_back(&mut self, reader: Reader, mut left: Vec<u8>) {
        if let Some(frames) = &mut self.frames {
            frames.reader = Some(reader);
        }
        // What came meanwhile is behind it.
        left.append(&mut self.input);
        self.input = left;
    }
}

/// Sends one frame; the connection's serial.
fn push(link: &mut Link, data: &[u8], opcode: Opcode, flags: u8) -> Result<u64> {
    let Some(frames) = &mut link.frames else { return Err(no_websocket()) };
    if frames.closing {
        return Err(Error::new(
            ErrorKind::WebsocketUnconnected,
            "a close frame has gone out over this WebSocket: nothing can follow it",
        ));
    }
    if opcode == Opcode::Text && flags & flag::FIN != 0 && std::str::from_utf8(data).is_err() {
        return Err(Error::new(
            ErrorKind::WebsocketPackFailed,
            "a text that is not UTF-8 was to be sent; send other bytes with the opcode for binary (2)",
        ));
    }
    let bytes = frames.pack(data, opcode, flags)?;
    let queued = link.socket.queued();
    if queued > 0 && queued + bytes.len() as u64 > frames.room {
        return Err(Error::new(
            ErrorKind::OutputBufferOverflow,
            format!(
                "the server takes its data too slowly: {queued} bytes wait for it and {} more would pass socket_buffer_size ({})",
                bytes.len(),
                frames.room
            ),
        ));
    }
    link.socket.send(&bytes)?;
    frames.closing = opcode == Opcode::Close;
    Ok(link.serial)
}
