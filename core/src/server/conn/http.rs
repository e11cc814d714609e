//! What the socket side knows of a connection that speaks HTTP: where its requests end, and whether one is unanswered.
//!
//! One request of a connection is handed up at a time: while it is awaited, the connection is held ([`hold::ANSWERING`]) and what comes
//! stays in the kernel. So answers are in order, and what the side itself says, to a request that is refused say, never falls into
//! the middle of an answer.

use super::connection::{Connection, Stage, hold};
use super::drive::{self, Turn};
use super::side::{Read, SocketSide};
use super::uploads::{Files, Upload};
use super::{Accepted, Upstream};
use crate::event::clock;
use crate::ipc::Parcel;
use crate::ipc::message::{FileHead, answer};
use crate::log;
use crate::protocol::http1::reader::{CONTINUE, Reader, Step};
use crate::protocol::http1::{Brief, Method, date, status};
use crate::server::SessionId;
use crate::server::port::HttpPort;
use std::cell::RefCell;
use std::fs::File;
use std::io;
use std::mem::MaybeUninit;
use std::sync::atomic::Ordering::Relaxed;

/// Reads of records of TLS in which the end of a connection is looked for.
const RECORDS: usize = 4;
/// Bytes of answers that may wait for a client while its next request is handed up.
const GATHERED: u64 = 64 << 10;

/// An HTTP connection.
#[derive(Debug, Default)]
pub struct Http {
    /// where requests end; taken out while it is in use
    pub reader: Reader,
    /// which request is awaited, or was last: see [`Brief::turn`]
    turn: u8,
    /// a part of the answer has been sent
    begun: bool,
    /// the program answers by itself: what it sends is the answer
    detached: bool,
    /// since when nobody lives who has the answer, microseconds since 1970; 0: somebody does
    pub(super) orphan_since: u64,
    /// since when it is listened to, microseconds since 1970: the connection's begin, or when it was let go of; 0: since the last look at it, or later
    pub(super) listened_since: u64,
    /// frames that were pushed before the answer to its handshake; true: a close frame
    pub early: Vec<(bool, Vec<u8>)>,
    /// the form that is coming
    upload: Option<Box<Upload>>,
    /// files of the request that is awaited, for the case that its worker dies
    files: Files,
    /// who was given the request that is awaited (PROCESS)
    pub given: Option<Given>,
}

impl Http {
    /// For a connection that begins.
    pub fn new() -> Http {
        let mut http = Http::default();
        http.listened_since = clock::now_micros();
        http
    }

    /// Whether a request of it has been handed up.
    pub(super) fn was_asked(&self) -> bool {
        self.turn != 0
    }

    /// Which request is awaited, or was last.
    pub(super) fn turn(&self) -> u8 {
        self.turn
    }

    /// Whether its answer was detached.
    pub(super) fn is_detached(&self) -> bool {
        self.detached
    }
}

impl Drop for Http {
    fn drop(&mut self) {
        // A worker may be working with them.
        self.files.leave();
    }
}

/// A request that a worker was given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Given {
    /// to whom
    pub worker: u16,
    /// how far the ring was written without it; None: nothing of it has been
    pub position: Option<u64>,
}

impl Turn {
    /// As `deliver`, for a connection that speaks HTTP. True: the connection may be read on.
    pub(super) fn deliver_http(
        &mut self,
        side: &RefCell<SocketSide>,
        up: &impl Upstream,
        place: usize,
        count: usize,
    ) -> bool {
        let (ports, port, session, mut input, mut reader, mut upload, now) = {
            let mut side = side.borrow_mut();
            let (ports, now) = (side.ports.clone(), side.now);
            let Some(connection) = side.get_mut(place) else { return false };
            if !connection.is_readable() {
                // It was let go of while it was listed, or the program holds it back since it heard of it: what has come is for later.
                if connection.stage == Stage::Open {
                    connection.input.extend_from_slice(&self.scratch[..count]);
                }
                return false;
            }
            let (input, session, port) = (std::mem::take(&mut connection.input), connection.session, connection.port);
            let Some(http) = connection.http.as_mut() else { return false };
            (ports, port, session, input, std::mem::take(&mut http.reader), http.upload.take(), now)
        };
        let Some(HttpPort { limits, uploads, .. }) = &ports[port].http else { return false };
        let uploads = uploads.as_ref();
        let owned = !input.is_empty();
        if owned {
            input.extend_from_slice(&self.scratch[..count]);
        }
        let bytes: &[u8] = if owned { &input } else { &self.scratch[..count] };
        let mut from = 0;
        let (mut go_on, mut refused) = (true, None);
        while go_on {
            let (used, step) = reader.next(&bytes[from..], limits, now);
            from += used;
            match step {
                Step::More => break,
                Step::Continue => side.borrow_mut().write(place, &[CONTINUE]),
                Step::Request { brief, bytes: request } => {
                    let more = from < bytes.len();
                    go_on = hand_up(side, up, place, session, brief, request, more);
                }
                Step::Refuse(refusal) => {
                    refused = Some(refusal);
                    break;
                }
                Step::Upload { boundary, .. } => upload = Some(Box::new(Upload::new(boundary))),
                Step::Piece(piece) => {
                    let taken = match (&mut upload, uploads) {
                        (Some(upload), Some(place)) => upload.piece(piece, place, limits.body),
                        _ => Ok(()),
                    };
                    if let Err(refusal) = taken {
                        refused = Some(refusal);
                        break;
                    }
                }
                Step::Uploaded { mut brief, head, trailer } => {
                    let Some(ended) = upload.take() else { break };
                    let (list, files) = match ended.end() {
                        Ok(ended) => ended,
                        Err(refusal) => {
                            refused = Some(refusal);
                            break;
                        }
                    };
                    brief.body = list.len() as u64;
                    if let Some(http) = side.borrow_mut().get_mut(place).and_then(|c| c.http.as_mut()) {
                        http.files = files;
                    }
                    let more = from < bytes.len();
                    let request = [head, &list, trailer].concat();
                    go_on = hand_up(side, up, place, session, brief, &request, more);
                }
            }
        }
        if refused.is_none() {
            reader.release();
        }
        let rest = if from == bytes.len() || refused.is_some() {
            Vec::new()
        } else if owned {
            input.drain(..from);
            input
        } else {
            bytes[from..].to_vec()
        };
        let cell = side;
        let mut side = cell.borrow_mut();
        drive::uncork(&mut side, place);
        let Some(connection) = side.get_mut(place).filter(|c| c.session == session) else { return false };
        let progress = reader.progress();
        if let Some(http) = &mut connection.http {
            if http.was_asked() && progress.is_some_and(|progress| progress.since == now) {
                // Callbacks of this turn may have taken long.
                http.listened_since = clock::now_micros();
            }
            http.reader = reader;
            http.upload = upload;
        }
        if connection.stage == Stage::Open {
            connection.input = rest;
        }
        if let Some(refusal) = refused {
            side.figures().bad_packages.add_own(1);
            log::notice(format_args!("session {session}: {refusal}"));
            side.refuse(place, refusal.status);
            return false;
        }
        if side.get(place).is_some_and(|c| c.websocket.is_some()) {
            // What the client has sent behind its handshake are frames.
            let goes_on = side.get(place).is_some_and(Connection::is_readable);
            drop(side);
            return goes_on && self.deliver_websocket(cell, up, place, 0);
        }
        go_on && side.get(place).is_some_and(Connection::is_readable)
    }
}

/// Hands a request up. True: it is answered, and the next may follow.
fn hand_up(
    side: &RefCell<SocketSide>,
    up: &impl Upstream,
    place: usize,
    session: SessionId,
    mut brief: Brief,
    bytes: &[u8],
    more: bool,
) -> bool {
    let port = {
        let mut side = side.borrow_mut();
        drive::cork(&mut side, place, more);
        let Some(connection) = side.get_mut(place).filter(|c| c.session == session && c.is_readable()) else {
            return false;
        };
        let Some(http) = &mut connection.http else { return false };
        // 0 is none.
        http.turn = http.turn.checked_add(1).unwrap_or(1);
        http.begun = false;
        http.detached = false;
        brief.turn = http.turn;
        connection.held |= hold::ANSWERING;
        let port = connection.port;
        side.entry(place).await_answer(Some(&brief));
        port
    };
    let accepted = up.request(port, session, &brief, bytes);
    let mut side = side.borrow_mut();
    if accepted == Accepted::AndNoMore {
        side.set_hold(place, hold::STALLED, true);
    }
    // It may be a WebSocket now.
    let goes_on = side.get(place).is_some_and(|c| c.session == session && c.http.is_some() && c.is_readable());
    goes_on && !up.is_leaving()
}

impl SocketSide {
    /// A part of an answer. One that nobody awaits is dropped, and counted: the connection may be in the middle of another.
    pub(super) fn answer(&mut self, place: usize, message: Parcel<'_>) {
        let Some((&[flags, turn], first)) = message.bytes().split_first_chunk::<2>() else { return };
        if !self.is_awaited(place, turn) {
            self.figures().undeliverable.add_own(1);
            log::debug(format_args!(
                "a part of an answer to session {} is dropped: that request has been answered",
                message.session
            ));
            return;
        }
        if let Some(http) = self.get_mut(place).and_then(|c| c.http.as_mut()) {
            http.begun |= !first.is_empty();
        }
        match message.parts {
            [_, body, ..] => self.write(place, &[first, body]),
            _ if !first.is_empty() => self.write(place, &[first]),
            _ => {}
        }
        self.answered(place, flags);
    }

    /// The end of an answer: bytes, and a part of a file behind them.
    pub fn answer_by_file(&mut self, place: usize, [flags, turn]: [u8; 2], head: &[u8], file: File, part: FileHead) {
        if !self.is_awaited(place, turn) {
            self.figures().undeliverable.add_own(1);
            return;
        }
        if let Some(http) = self.get_mut(place).and_then(|c| c.http.as_mut()) {
            http.begun = true;
        }
        match self.write_before_file(place, head, file, part.offset, part.length) {
            Ok(()) => self.answered(place, flags),
            // The client has been told, or is going to be, that more bytes come.
            Err(e) => self.abort_by_server(place, e.raw_os_error().unwrap_or(libc::EIO)),
        }
    }

    /// Whether the connection at `place` awaits the answer to its request `turn`.
    pub(super) fn is_awaited(&self, place: usize, turn: u8) -> bool {
        let Some(connection) = self.get(place) else { return false };
        connection.held & hold::ANSWERING != 0 && connection.http.as_ref().is_some_and(|http| http.turn == turn)
    }

    /// What follows from a part of an answer that has been written.
    pub(super) fn answered(&mut self, place: usize, flags: u8) {
        let Some(connection) = self.get_mut(place) else { return };
        let Some(http) = &mut connection.http else { return };
        if flags & answer::DETACHED != 0 {
            // Whoever answers now need not be the worker that was given the request.
            http.detached = true;
            http.orphan_since = 0;
            http.given = None;
            http.files.leave();
        }
        if flags & answer::DONE == 0 {
            // Deaths are told by another way than what was sent before them.
            self.has_orphans |= flags & answer::DETACHED != 0 && self.orphan(place).is_some();
            return;
        }
        http.given = None;
        http.files.leave();
        if flags & answer::WEBSOCKET != 0 {
            self.become_websocket(place);
        }
        self.entry(place).await_answer(None);
        if self.get(place).is_some_and(|c| c.queued() > GATHERED) {
            // Who asks for more and takes nothing does not fill the memory with answers.
            drive::uncork(self, place);
            self.set_hold(place, hold::UNSENT, self.get(place).is_some_and(|c| c.queued() > 0));
        }
        self.set_hold(place, hold::ANSWERING, false);
        if flags & answer::CLOSE != 0 {
            self.close(place, false);
        }
    }

    /// The end of what a client sends whose answer is awaited; `Nothing` if it is not there, or its next request is in front of it.
    pub(super) fn look_for_end(&mut self, place: usize, scratch: &mut [u8]) -> Read {
        let is_awaited = |c: &&Connection| c.stage == Stage::Open && c.held & hold::ANSWERING != 0;
        let connection = self.get(place).filter(is_awaited).filter(|c| c.hangup && c.input.is_empty());
        let Some((connection, socket)) = connection.and_then(|c| Some((c, c.socket.as_ref()?))) else {
            return Read::Nothing;
        };
        if connection.tls.is_none() {
            return match socket.peek(&mut [MaybeUninit::uninit()]) {
                Ok(0) => Read::End,
                Ok(_) => Read::Nothing,
                Err(e) if matches!(e.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::Interrupted) => Read::Nothing,
                Err(e) => Read::Failed(e),
            };
        }
        // Only who reads the records sees whether they are more than good-byes.
        for _ in 0..RECORDS {
            match self.read_tls(place, scratch) {
                Read::Bytes { count: 0, more: true } => {}
                Read::Bytes { count, .. } => {
                    if let Some(connection) = self.get_mut(place) {
                        connection.input.extend_from_slice(&scratch[..count]);
                    }
                    break;
                }
                end => return end,
            }
        }
        if let Some(connection) = self.get_mut(place) {
            connection.unread = true;
        }
        Read::Nothing
    }

    /// The program has sent bytes by itself. If it has taken the answer over, that was it.
    pub(super) fn answered_by_program(&mut self, place: usize) {
        let Some(connection) = self.get(place) else { return };
        if connection.held & hold::ANSWERING != 0 && connection.http.as_ref().is_some_and(|http| http.detached) {
            self.answered(place, answer::DONE);
        }
    }

    /// Nobody will answer any more: the client is told that it is the server's fault, or, if a part of the answer has gone, the
    /// connection just ends.
    pub fn give_up_request(&mut self, place: usize) {
        let Some(connection) = self.get_mut(place).filter(|c| c.held & hold::ANSWERING != 0) else { return };
        let Some(http) = &mut connection.http else { return };
        // Whoever had them can have no use for them.
        drop(std::mem::take(&mut http.files));
        if http.begun { self.close(place, true) } else { self.refuse(place, 500) }
    }

    /// Deletes the files of a request that nobody was given.
    pub fn forget_files(&mut self, place: usize) {
        if let Some(http) = self.get_mut(place).and_then(|c| c.http.as_mut()) {
            drop(std::mem::take(&mut http.files));
        }
    }

    /// The method of the request that is awaited, or that comes; [`Method::Other`] if it is not known.
    fn method(&self, place: usize) -> Method {
        if let Some(awaited) = Brief::from_word(self.entry(place).request.load(Relaxed)) {
            return awaited.method;
        }
        let http = self.get(place).and_then(|c| c.http.as_ref());
        http.map_or(Method::Other, |http| http.reader.method())
    }

    /// Answers by a status, and closes the connection.
    pub fn refuse(&mut self, place: usize, status: u16) {
        self.figures().http_refused.add_own(1);
        let text = status::reason(status);
        let date = date::format(self.now / 1_000_000);
        let mut answer = format!(
            "HTTP/1.1 {status} {text}\r\nDate: {}\r\nContent-Type: text/plain\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
            String::from_utf8_lossy(&date),
            text.len() + 1
        );
        // RFC 9110, 9.3.2: never, whatever the status is.
        if self.method(place) != Method::Head {
            answer.extend([text, "\n"]);
        }
        self.write(place, &[answer.as_bytes()]);
        self.entry(place).await_answer(None);
        if let Some(connection) = self.get_mut(place) {
            connection.held &= !hold::ANSWERING;
            connection.refused = true;
        }
        self.close(place, false);
    }
}

/// How long a connection that is to end is given for the first request, and for the next one, in microseconds: it may be on its way.
const FRESH: u64 = 300_000;
const QUIET: u64 = 200_000;

impl SocketSide {
    /// Whether a connection may end, as the server does: it does not speak HTTP, or nothing of a request has come, and that for a moment.
    pub fn is_between_requests(&self, place: usize) -> bool {
        let Some(connection) = self.get(place) else { return true };
        let Some(http) = &connection.http else { return true };
        let entry = self.entry(place);
        let (connected, received) = (entry.connect_time.load(Relaxed), entry.last_recv_time.load(Relaxed));
        // Answers that were given before did not say that the connection is to end. (These times are those of the turn, which may have taken long.)
        let moved = received.max(entry.last_send_time.load(Relaxed)).max(self.ending_since);
        let patience = if received <= connected { FRESH } else { QUIET };
        let waits = connection.held & hold::ANSWERING != 0 || connection.unread || !connection.input.is_empty();
        !waits && http.reader.progress().is_none() && self.now.saturating_sub(moved) > patience
    }
}

impl super::super::shared::connections::Entry {
    /// Notes the request that is awaited; None: none is (owner).
    fn await_answer(&self, brief: Option<&Brief>) {
        self.request.store(brief.map_or(0, Brief::to_word), Relaxed);
    }
}
