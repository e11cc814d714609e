//! The answer to a request: gathered, then sent.

mod refuse;

use super::head::{Connection, DEFAULT_TYPE, Frame, Headers, Known, Length, check_trailer, invalid};
use super::{Cookie, Handshake, Request, compress, mime, pool};
use crate::error::{Error, ErrorKind, Result};
use crate::ipc::message::{FileHead, Kind, answer};
use crate::log;
use crate::net::file;
use crate::protocol::http1::brief::flag;
use crate::protocol::http1::{Brief, Encoding, Method, Range, status};
use crate::server::outbox::FileAnswer;
use crate::server::shared::connections::{Entry, Holding};
use crate::server::{Mode, Server, SessionId};
use crate::sys::holder::Holder;
use crate::sys::process;
use refuse::Part;
use std::ffi::OsStr;
use std::fs::File;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use std::sync::atomic::Ordering::Relaxed;

/// Bodies up to this size are sent in one piece with their head.
const SMALL: usize = 4 << 10;

/// How far an answer is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    /// nothing has been sent
    Fresh,
    /// the head has, and parts of the body may
    Streaming { chunked: bool, closes: bool },
    /// ended, or given up
    Over,
}

/// The answer to one request. It must be ended, by [`Response::end`], [`Response::send_file`], [`Response::redirect`] or
/// [`Response::detach`]: one that is dropped before answers 500 (or, when a part of it has gone out, closes the connection), so that no client
/// waits for ever. Runs in: worker, or any process of the server that made one by [`Response::create`].
///
/// Errors of all methods: `HttpContextUnavailable` if it was ended or detached; `SessionClosed` if the client has gone.
pub struct Response {
    pub(super) server: Server,
    pub(super) session: SessionId,
    method: Method,
    /// of the request, see [`flag`]
    pub(super) flags: u16,
    turn: u8,
    stage: Stage,
    pub(super) status: u16,
    reason: Vec<u8>,
    pub(super) headers: Headers,
    /// lines with their ends
    trailers: Vec<u8>,
    /// how much it is compressed; 0: as the option says
    compress: Option<u8>,
    /// a part that could not be sent: unless it is written again, the answer has a hole
    missing: Option<Part>,
    /// the request's `Range`, if it can be answered
    range: Option<Box<[u8]>>,
    /// what the answer to a request for a WebSocket needs
    pub(super) handshake: Option<Box<Handshake>>,
}

impl Response {
    /// For a request that this worker was given.
    pub(in crate::server) fn of(server: &Server, request: &Request) -> Response {
        let mut response = Response::to(server, request.session(), request.brief());
        let brief = request.brief();
        if brief.has(flag::RANGE) && brief.method == Method::Get && request.header(b"if-range").is_none() {
            response.range = request.header(b"range").map(Box::from);
        }
        response
    }

    fn to(server: &Server, session: SessionId, brief: &Brief) -> Response {
        server.0.answering.set(server.0.answering.get() + 1);
        Response {
            server: server.clone(),
            session,
            method: brief.method,
            flags: brief.flags,
            turn: brief.turn,
            stage: Stage::Fresh,
            status: 200,
            reason: Vec::new(),
            headers: Headers::default(),
            trailers: Vec::new(),
            compress: Some(0),
            missing: None,
            range: None,
            handshake: None,
        }
    }

    /// For the connection's present request, which another object was given up for by [`Response::detach`]. Errors: there is no such
    /// connection; it is not one of HTTP; its request is answered.
    pub fn create(server: &Server, session: SessionId) -> Result<Response> {
        let running = server.running()?;
        let entry = running.shared.table.find_open(session)?;
        let port = entry.port.load(Relaxed) as usize;
        if running.ports.get(port).is_none_or(|port| port.http.is_none()) {
            return Err(Error::new(
                ErrorKind::WrongOperation,
                format!("session {session} is no connection of HTTP: its port needs open_http_protocol"),
            ));
        }
        let Some(brief) = Brief::from_word(entry.request.load(Relaxed)) else {
            return Err(Error::new(
                ErrorKind::HttpContextUnavailable,
                format!("session {session} has no request that is unanswered"),
            ));
        };
        hold_by_this(server, entry, brief.turn, true);
        Ok(Response::to(server, session, &brief))
    }

    /// The connection that it goes to.
    pub fn session(&self) -> SessionId {
        self.session
    }

    /// Whether something can still be sent: it was neither ended nor detached, and the client is there.
    pub fn is_writable(&self) -> bool {
        self.stage != Stage::Over && self.server.exists(self.session)
    }

    /// Sets the status, 200 to 999, or 101; with an empty `reason` the standard's. Errors: `InvalidParams` (the code; CR, LF or another control character in the reason);
    /// `WrongOperation` (the head has gone out).
    pub fn status(&mut self, code: u16, reason: &[u8]) -> Result<()> {
        self.still_fresh("the status")?;
        // The others below 200 stand in front of an answer, so its client would wait for ever.
        if !(200..1000).contains(&code) && code != 101 {
            return Err(invalid(format!("no answer has the status {code}: give 200 to 999, or 101")));
        }
        if reason.iter().any(|byte| byte.is_ascii_control()) {
            return Err(invalid(format!(
                "a status' reason cannot hold control characters: {:?}",
                String::from_utf8_lossy(reason)
            )));
        }
        self.status = code;
        self.reason.clear();
        self.reason.extend_from_slice(reason);
        Ok(())
    }

    /// Adds a header in the place of all of that name: one line for each of `values`; none removes it. `format`: its name is written as `Content-Type` is.
    /// Errors: `InvalidParams` (the name is no token; CR, LF or another control character but the tab in a value; `Content-Length` or `Transfer-Encoding` that contradicts what is sent is found at the end, and
    /// left out with a warning in the log), `WrongOperation` (the head has gone out).
    pub fn header(&mut self, name: &[u8], values: &[&[u8]], format: bool) -> Result<()> {
        self.still_fresh("a header")?;
        self.headers.set(name, values, format)
    }

    /// A header behind the body, which is chunked then. Errors: as [`Response::header`]; not all names are allowed there (RFC 9110, 6.5.1).
    pub fn trailer(&mut self, name: &[u8], value: &[u8]) -> Result<()> {
        self.not_over()?;
        check_trailer(name, value)?;
        for part in [name, b": ", value, b"\r\n"] {
            self.trailers.extend_from_slice(part);
        }
        Ok(())
    }

    /// Sets a cookie. Errors: `InvalidParams` (its name, path or domain cannot be in one; a raw value neither), `WrongOperation`.
    pub fn cookie(&mut self, cookie: &Cookie) -> Result<()> {
        self.still_fresh("a cookie")?;
        self.headers.add_cookie(&cookie.line()?);
        Ok(())
    }

    /// Whether the body is compressed where the client takes that and the options say so (the default), and how much: 0 is the option's level.
    pub fn compress(&mut self, on: bool, level: u8) {
        self.compress = on.then_some(level);
    }

    /// Sends a part of the body, as a chunk (to a client of 1.0 as it is, and the connection's end ends it); the first part sends the head. One that is refused since too
    /// much waits for the client (`OutputBufferOverflow`) is to be written again, the same bytes, before others: if it never comes, the answer is cut off at its end, so that
    /// no client takes it for whole. Errors: `InvalidParams` (it is empty), those of `Server::send`.
    pub fn write(&mut self, part: &[u8]) -> Result<()> {
        self.not_over()?;
        if part.is_empty() {
            return Err(invalid("there is nothing to write: the part is empty; end() ends the answer".into()));
        }
        if self.missing.is_some_and(|missing| missing != Part::of(part)) {
            return Err(self.has_hole());
        }
        let mut out = self.begin_message(0);
        let stage = match self.stage {
            Stage::Fresh => self.stream_head(&mut out),
            stage => stage,
        };
        if !self.is_bodiless() {
            append(&mut out, part, stage);
        }
        let sent = if out.len() > 2 { self.post(out, &[]) } else { Ok(()) };
        match &sent {
            Ok(()) => (self.stage, self.missing) = (stage, None),
            Err(e) if e.kind() == ErrorKind::OutputBufferOverflow => self.missing = Some(Part::of(part)),
            Err(_) => {}
        }
        sent
    }

    /// Sends the body, or its last part, and ends the answer. Errors: those of `Server::send`; the answer is ended all the same if the client has gone, and cut off if a
    /// part of it is missing (`OutputBufferOverflow`, see [`Response::write`]).
    pub fn end(&mut self, body: &[u8]) -> Result<()> {
        self.not_over()?;
        if self.missing.is_some() {
            return self.cut_off();
        }
        if self.stage != Stage::Fresh || (!self.trailers.is_empty() && self.flags & flag::HTTP_11 != 0) {
            return self.end_stream(body);
        }
        let packed = self.packed(body)?;
        let encoding = packed.as_ref().map(|(encoding, _)| *encoding);
        let body = packed.as_ref().map_or(body, |(_, packed)| packed);
        // What the program said is of the body as it was.
        let said = self.headers.length.filter(|_| packed.is_none());
        let (connection, closes) = self.connection();
        let opens = self.opens_websocket();
        let mut out = self.begin_message(if opens { answer::DONE | answer::WEBSOCKET } else { done(closes) });
        let has_body = !status::has_no_body(self.status);
        let length = match said {
            _ if !has_body && self.status != 304 => Length::None,
            // What GET would have said.
            Some(length) if body.is_empty() && (self.method == Method::Head || self.status == 304) => {
                Length::Known(length)
            }
            None if body.is_empty() && (self.method == Method::Head || self.status == 304) => Length::None,
            _ if self.status == 304 => Length::None,
            _ => Length::Known(body.len() as u64),
        };
        self.warn_of_lengths(said, length);
        let frame = Frame { status: self.status, reason: &self.reason, connection, has_body, length, encoding };
        self.headers.write(&mut out, &frame);
        if opens {
            self.mark_websocket();
        }
        let body = if self.is_bodiless() { &[] } else { body };
        let sent = if body.len() <= SMALL {
            out.extend_from_slice(body);
            self.post(out, &[])
        } else {
            self.post(out, body)
        };
        if let Some((_, packed)) = packed {
            pool::give(packed);
        }
        if opens && sent.is_err() {
            self.unmark_websocket();
        }
        self.ended(sent)
    }

    /// The body as the client takes it, if it is to be compressed, and how it is.
    fn packed(&self, body: &[u8]) -> Result<Option<(Encoding, Vec<u8>)>> {
        let Some(level) = self.compress else { return Ok(None) };
        let encoding = Encoding::choose(self.flags);
        let kind = || self.headers.get(b"content-type").unwrap_or(DEFAULT_TYPE);
        // A part of something has the length that was said of it.
        if encoding.is_none() || status::has_no_body(self.status) || self.status == 206 {
            return Ok(None);
        }
        let settings = &self.server.running()?.settings;
        if self.headers.has(Known::ContentEncoding) || !compress::is_worthwhile(settings, kind(), body.len()) {
            return Ok(None);
        }
        let level = if level == 0 { settings.http_compression_level } else { level };
        let Some(encoding) = encoding else { return Ok(None) };
        let mut packed = pool::take();
        compress::compress(encoding, level, body, &mut packed);
        Ok(Some((encoding, packed)))
    }

    fn end_stream(&mut self, body: &[u8]) -> Result<()> {
        let mut out = self.begin_message(0);
        let stage = match self.stage {
            Stage::Fresh => self.stream_head(&mut out),
            stage => stage,
        };
        let Stage::Streaming { chunked, closes } = stage else { return self.not_over() };
        out[0] = done(closes);
        if !self.is_bodiless() {
            if !body.is_empty() {
                append(&mut out, body, stage);
            }
            if chunked {
                out.extend_from_slice(b"0\r\n");
                out.extend_from_slice(&self.trailers);
                out.extend_from_slice(b"\r\n");
            }
        }
        let sent = self.post(out, &[]);
        self.ended(sent)
    }

    /// The head of an answer whose length is not known yet.
    fn stream_head(&mut self, out: &mut Vec<u8>) -> Stage {
        let chunked = self.flags & flag::HTTP_11 != 0;
        let (connection, closes) = match self.connection() {
            (Connection::KeepAlive, _) if !chunked && !self.is_bodiless() => (Connection::Close, true),
            other => other,
        };
        let has_body = !status::has_no_body(self.status);
        let length = if has_body && chunked { Length::Chunked } else { Length::None };
        self.warn_of_lengths(self.headers.length, length);
        if !self.trailers.is_empty() && chunked {
            let names: Vec<&[u8]> = self
                .trailers
                .split(|byte| *byte == b'\n')
                .filter_map(|line| Some(&line[..memchr::memchr(b':', line)?]))
                .collect();
            let names = names.join(&b", "[..]);
            self.headers.add("Trailer", &names);
        }
        let frame = Frame { status: self.status, reason: &self.reason, connection, has_body, length, encoding: None };
        self.headers.write(out, &frame);
        Stage::Streaming { chunked, closes }
    }

    /// Sends a part of a file as the body (`length` 0: to its end), and ends the answer. A `Range` of the request is answered by 206 or 416 if the status is 200 and neither offset nor length is given.
    /// Without a `Content-Type` it gets that of its name. Errors: as `Server::send_file`; the answer is not ended by them, so something else can be answered.
    pub fn send_file(&mut self, path: &[u8], offset: u64, length: u64) -> Result<()> {
        self.still_fresh("a file")?;
        let path = Path::new(OsStr::from_bytes(path));
        let wholly = offset == 0 && length == 0;
        let (file, length) = match file::part(path, offset, length) {
            // It is there, and there is nothing in it.
            Err(e) if wholly && e.kind() == ErrorKind::FileEmpty => {
                if !self.has_content_type() {
                    self.header(b"Content-Type", &[mime::of(path.as_os_str().as_bytes()).as_bytes()], false)?;
                }
                return self.end(b"");
            }
            found => found?,
        };
        let range = match &self.range {
            Some(value) if wholly && self.status == 200 => Range::parse(value, length),
            _ if offset == 0 => Range::Whole,
            _ => {
                if !self.has_content_type() {
                    self.header(b"Content-Type", &[mime::of(path.as_os_str().as_bytes()).as_bytes()], false)?;
                }
                return self.end_with_file(file, path, offset, length);
            }
        };
        self.send_part(file, path, length, range)
    }

    /// Sends the client elsewhere, and ends the answer. Errors: `InvalidParams` (`location` is empty or holds control characters; `code` is not 301, 302, 303, 307 or 308).
    pub fn redirect(&mut self, location: &[u8], code: u16) -> Result<()> {
        if !matches!(code, 301 | 302 | 303 | 307 | 308) {
            return Err(invalid(format!("{code} sends nobody elsewhere: give 301, 302, 303, 307 or 308")));
        }
        if location.is_empty() || location.iter().any(|byte| byte.is_ascii_control()) {
            return Err(invalid(format!(
                "{:?} cannot be redirected to: it is empty, or holds control characters",
                String::from_utf8_lossy(location)
            )));
        }
        self.header(b"Location", &[location], false)?;
        self.status(code, b"")?;
        self.end(b"")
    }

    /// The head, and a part of a file that is long enough.
    pub(super) fn end_with_file(&mut self, file: File, path: &Path, offset: u64, length: u64) -> Result<()> {
        if length == 0 || self.is_bodiless() {
            if self.method == Method::Head {
                self.headers.length = Some(length);
            }
            return self.end(b"");
        }
        let (connection, closes) = self.connection();
        self.headers.length = None;
        let frame = Frame {
            status: self.status,
            reason: &self.reason,
            connection,
            has_body: true,
            length: Length::Known(length),
            encoding: None,
        };
        let mut head = pool::take();
        self.headers.write(&mut head, &frame);
        let path = self.server.seen_by_owner(path)?;
        let flags = [done(closes), self.turn];
        let part = FileHead { offset, length, identity: [0; 2] };
        let sent = self.server.answer_by_file(self.session, FileAnswer { flags, head: &head, file, part, path: &path });
        pool::give(head);
        self.ended(sent)
    }

    pub(super) fn has_content_type(&self) -> bool {
        self.headers.has(Known::ContentType)
    }

    /// Gives it up: this object answers nothing more; [`Response::create`] makes another one for the same request, also in another process. Or the program sends
    /// the answer by itself: what [`Server::send`] sends next counts as one. This process still has the answer until another one makes such an object: if it dies,
    /// the client gets 500; if it leaves in order, the client waits for `http_detach_timeout`.
    pub fn detach(&mut self) -> Result<()> {
        self.not_over()?;
        if let Ok(entry) = self.server.running()?.shared.table.find_open(self.session) {
            hold_by_this(&self.server, entry, self.turn, false);
        }
        let message = self.begin_message(answer::DETACHED);
        let sent = self.post(message, &[]);
        self.ended(sent)
    }

    fn not_over(&self) -> Result<()> {
        if self.stage != Stage::Over {
            return Ok(());
        }
        Err(Error::new(
            ErrorKind::HttpContextUnavailable,
            format!(
                "the request of session {} is answered, or its answer was detached: nothing can be added",
                self.session
            ),
        ))
    }

    pub(super) fn still_fresh(&self, what: &str) -> Result<()> {
        self.not_over()?;
        if self.stage == Stage::Fresh {
            return Ok(());
        }
        Err(Error::new(
            ErrorKind::WrongOperation,
            format!("{what} cannot be set any more: the head of the answer went out with the first write()"),
        ))
    }

    /// Whether no byte of a body may be sent.
    fn is_bodiless(&self) -> bool {
        self.method == Method::Head || status::has_no_body(self.status)
    }

    /// What is said of the connection, and whether it is closed.
    fn connection(&self) -> (Connection, bool) {
        if self.status == 101 {
            return (Connection::Upgrade, false);
        }
        let stays = self.flags & flag::KEEP_ALIVE != 0 && !self.headers.closes() && !self.server.is_ending();
        if stays { (Connection::KeepAlive, false) } else { (Connection::Close, true) }
    }

    /// `said`: by the program; `length`: as it is.
    fn warn_of_lengths(&self, said: Option<u64>, length: Length) {
        if self.headers.coding {
            log::warning(format_args!(
                "session {}: a Transfer-Encoding other than chunked is left out of the answer",
                self.session
            ));
        }
        if let (Some(said), Length::Known(real)) = (said, length)
            && said != real
        {
            log::warning(format_args!(
                "session {}: Content-Length was set to {said} and the body has {real} bytes: that is what the client is told",
                self.session
            ));
        }
    }

    /// A message to the owner of the socket, without its bytes.
    fn begin_message(&self, flags: u8) -> Vec<u8> {
        let mut out = pool::take();
        out.extend_from_slice(&[flags, self.turn]);
        out
    }

    fn post(&self, message: Vec<u8>, body: &[u8]) -> Result<()> {
        let sent = self.server.answer(self.session, Kind::Answer, &message, body);
        pool::give(message);
        sent
    }

    /// It is over if it was sent, or if there is nobody to send it to.
    fn ended(&mut self, sent: Result<()>) -> Result<()> {
        if sent.is_ok() || !self.server.exists(self.session) {
            self.over();
        }
        sent
    }

    fn over(&mut self) {
        if self.stage != Stage::Over {
            self.stage = Stage::Over;
            self.server.0.answering.set(self.server.0.answering.get() - 1);
        }
    }
}

impl Drop for Response {
    fn drop(&mut self) {
        if self.stage != Stage::Over {
            self.refuse(500);
            self.over();
        }
        self.headers.take_buffers().into_iter().for_each(pool::give);
    }
}

/// Notes that this process has a detached answer, so that its client does not wait for ever when the process dies.
fn hold_by_this(server: &Server, entry: &Entry, turn: u8, taken: bool) {
    if let Some(process) = server.worker_id().and_then(|id| u16::try_from(id).ok()) {
        entry.hold_by(Holding { who: Holder::of(process::pid()), process, turn, taken });
    }
}

/// The flags of an answer's end.
fn done(closes: bool) -> u8 {
    answer::DONE | if closes { answer::CLOSE } else { 0 }
}

/// Appends a part of a body that is sent in parts.
fn append(out: &mut Vec<u8>, part: &[u8], stage: Stage) {
    if !matches!(stage, Stage::Streaming { chunked: true, .. }) {
        return out.extend_from_slice(part);
    }
    out.extend_from_slice(format!("{:x}\r\n", part.len()).as_bytes());
    out.extend_from_slice(part);
    out.extend_from_slice(b"\r\n");
}

/// For answers.
impl Server {
    /// Whether this worker, or the server, goes: connections are not to stay.
    fn is_ending(&self) -> bool {
        use crate::server::shared::scoreboard::Phase;
        let leaves = || self.0.departure.borrow().as_ref().is_some_and(|departure| departure.is_leaving());
        self.shared().board.phase() >= Phase::Draining || (self.mode() == Mode::Base && leaves())
    }
}
