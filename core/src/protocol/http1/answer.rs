//! Answers as a client reads them (RFC 9112, 4 and 6.3).

use super::chunked::{Broken, Chunk, Chunked};
use super::coding::{Encoding, UnpackError, Unpacker};
use super::lex::{self, Line};
use super::status;
use std::fmt;

/// What an answer may have at most, in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AnswerLimits {
    /// status line and headers, and the lines behind a chunked body
    pub head: usize,
    /// the body as it is given out
    pub body: u64,
}

impl Default for AnswerLimits {
    fn default() -> Self {
        AnswerLimits { head: 64 << 10, body: u64::MAX }
    }
}

/// Why what came is no answer, or one that is not taken. The connection is of no use any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BadAnswer(pub &'static str);

impl fmt::Display for BadAnswer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the server's answer cannot be read: {}", self.0)
    }
}

/// What the front of the bytes is that a server sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AnswerStep<'a> {
    /// Nothing yet. All bytes were used.
    More,
    /// An answer in front of the answer, as 100 Continue; call again.
    Interim(u16),
    /// The head is whole; call again.
    Head(AnswerHead<'a>),
    /// Data of the body, without chunks, and unpacked if that was asked for; call again.
    Data(&'a [u8]),
    /// The answer is over. What follows is another protocol's if the status is 101; else nothing may follow, and a connection over which something did is to be closed.
    End {
        /// lines behind a chunked body, for [`lex::fields`]
        trailer: &'a [u8],
    },
}

/// The head of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AnswerHead<'a> {
    /// its status, 200 to 999, or 101
    pub status: u16,
    /// the server's words for it
    pub reason: &'a [u8],
    /// whether it is of HTTP/1.1
    pub is_http_11: bool,
    /// bytes of the body, as they come over the connection, where that is known
    pub length: Option<u64>,
    /// all of it, with the blank line
    pub bytes: &'a [u8],
}

impl<'a> AnswerHead<'a> {
    /// Its headers in order, names as they came.
    pub fn headers(&self) -> impl Iterator<Item = (&'a [u8], &'a [u8])> + use<'a> {
        lex::fields(self.bytes)
    }
}

/// Most answers in front of the answer.
const MAX_INTERIM: u8 = 32;
/// Bytes that are unpacked at a time, which may become a thousand times as many.
const UNPACKED_AT_A_TIME: usize = 8 << 10;

#[derive(Debug)]
enum Stage {
    Head,
    Body(u64),
    Chunks(Chunked),
    /// until the connection ends
    Rest,
    /// all of it came; the unpacker was asked
    Ended,
    Bad(BadAnswer),
}

/// Reads the answer to one request.
#[derive(Debug)]
pub struct AnswerReader {
    limits: AnswerLimits,
    /// the request was HEAD: whatever the head says, there is no body
    is_head: bool,
    unpack: bool,
    unpacker: Option<Unpacker>,
    unpacked: Vec<u8>,
    /// what is to be unpacked behind that
    packed: Vec<u8>,
    /// there may be more to unpack, also of what the unpacker keeps
    unpacks: bool,
    stage: Stage,
    /// the head, and the lines of the trailer
    bytes: Vec<u8>,
    /// bytes of the head
    head: usize,
    /// where the line begins that is not whole
    line: usize,
    body: u64,
    interim: u8,
    line_one: StatusLine,
    fields: Fields,
}

#[derive(Debug, Clone, Copy, Default)]
struct StatusLine {
    status: u16,
    is_11: bool,
    /// where the reason begins and ends
    reason: (usize, usize),
}

/// What the headers say about the body.
#[derive(Debug, Clone, Copy, Default)]
struct Fields {
    length: Option<u64>,
    encoded: bool,
    codings: u8,
    chunked: bool,
    close: bool,
    keep_alive: bool,
    /// codings of the content; one of them can be unpacked
    packings: u8,
    packing: Option<Encoding>,
}

enum Move {
    More,
    Interim(u16),
    Head,
    Data(usize, usize),
    Unpacked,
    End,
}

impl AnswerReader {
    /// For the answer to one request. `is_head`: that is a HEAD. `unpack`: bodies in gzip, deflate or br are unpacked.
    pub fn new(is_head: bool, unpack: bool, limits: AnswerLimits) -> AnswerReader {
        AnswerReader {
            limits,
            is_head,
            unpack,
            unpacker: None,
            unpacked: Vec::new(),
            packed: Vec::new(),
            unpacks: false,
            stage: Stage::Head,
            bytes: Vec::new(),
            head: 0,
            line: 0,
            body: 0,
            interim: 0,
            line_one: StatusLine::default(),
            fields: Fields::default(),
        }
    }

    /// Whether another request may follow over the connection; to be asked when the answer is over.
    pub fn keeps(&self) -> bool {
        let stays = if self.line_one.is_11 { !self.fields.close } else { self.fields.keep_alive && !self.fields.close };
        stays && matches!(self.stage, Stage::Ended)
    }

    /// Looks at the front of `input`: how many bytes of it are used up, and what they are. To be called until [`AnswerStep::More`] or
    /// [`AnswerStep::End`]. Errors are given again for ever.
    pub fn next<'a>(&'a mut self, input: &'a [u8]) -> Result<(usize, AnswerStep<'a>), BadAnswer> {
        match self.advance(input) {
            Ok((used, step)) => Ok((used, self.step(step, input))),
            Err(error) => {
                self.stage = Stage::Bad(error);
                Err(error)
            }
        }
    }

    /// The server has ended the connection. Gives [`AnswerStep::End`] if the answer goes until there, and an error if it is cut off.
    pub fn end(&mut self) -> Result<AnswerStep<'_>, BadAnswer> {
        let result = match self.stage {
            Stage::Rest => self.finish(),
            Stage::Ended => Ok(()),
            Stage::Bad(error) => Err(error),
            _ => Err(BadAnswer("the connection ended before the answer did")),
        };
        if let Err(error) = result {
            self.stage = Stage::Bad(error);
            return Err(error);
        }
        // What goes until the connection ends leaves none to keep.
        self.fields.close = true;
        Ok(self.step(Move::End, b""))
    }

    fn step<'a>(&'a self, step: Move, input: &'a [u8]) -> AnswerStep<'a> {
        match step {
            Move::More => AnswerStep::More,
            Move::Interim(status) => AnswerStep::Interim(status),
            Move::Head => {
                let StatusLine { status, is_11, reason } = self.line_one;
                let (bytes, reason) = (&self.bytes[..self.head], &self.bytes[reason.0..reason.1]);
                let length = match self.stage {
                    Stage::Body(length) => Some(length),
                    _ => None,
                };
                AnswerStep::Head(AnswerHead { status, reason, is_http_11: is_11, length, bytes })
            }
            Move::Data(from, to) => AnswerStep::Data(&input[from..to]),
            Move::Unpacked => AnswerStep::Data(&self.unpacked),
            Move::End => AnswerStep::End { trailer: &self.bytes[self.head..] },
        }
    }

    fn advance(&mut self, input: &[u8]) -> Result<(usize, Move), BadAnswer> {
        let input = if self.unpacker.is_some() { &input[..input.len().min(UNPACKED_AT_A_TIME)] } else { input };
        if self.unpacks
            && let Some(step) = self.unpack()?
        {
            return Ok((0, step));
        }
        let mut used = 0;
        loop {
            let rest = &input[used..];
            let (from, to) = match &mut self.stage {
                Stage::Head => {
                    if rest.is_empty() {
                        return Ok((used, Move::More));
                    }
                    let (count, step) = self.head_line(rest)?;
                    used += count;
                    match step {
                        Some(step) => return Ok((used, step)),
                        None => continue,
                    }
                }
                Stage::Body(left) => {
                    let count = rest.len().min(usize::try_from(*left).unwrap_or(usize::MAX));
                    *left -= count as u64;
                    if count == 0 {
                        if *left > 0 {
                            return Ok((used, Move::More));
                        }
                        self.finish()?;
                        continue;
                    }
                    (used, used + count)
                }
                Stage::Rest => {
                    if rest.is_empty() {
                        return Ok((used, Move::More));
                    }
                    (used, input.len())
                }
                Stage::Chunks(chunks) => {
                    let (count, chunk) = chunks.next(rest, self.limits.head, true).map_err(|broken| match broken {
                        Broken::Bad(why) => BadAnswer(why),
                        Broken::Trailer => BadAnswer("the lines behind the body are too long"),
                    })?;
                    let length = match chunk {
                        Chunk::More => return Ok((used + count, Move::More)),
                        Chunk::End => {
                            used += count;
                            self.finish()?;
                            continue;
                        }
                        Chunk::Trailer(line) => {
                            used += count;
                            if lex::field(&line[..line.len() - 2]).is_none() {
                                return Err(BadAnswer("a line behind the body is no header"));
                            }
                            self.bytes.extend_from_slice(line);
                            continue;
                        }
                        Chunk::Data(data) => data.len(),
                    };
                    (used + count - length, used + count)
                }
                Stage::Ended => return Ok((used, Move::End)),
                Stage::Bad(error) => return Err(*error),
            };
            used = to;
            if let Some(step) = self.data(from, &input[from..to])? {
                return Ok((used, step));
            }
        }
    }

    fn data(&mut self, from: usize, data: &[u8]) -> Result<Option<Move>, BadAnswer> {
        if self.unpacker.is_none() {
            self.body += data.len() as u64;
            if self.body > self.limits.body {
                return Err(TOO_LONG);
            }
            return Ok(Some(Move::Data(from, from + data.len())));
        }
        self.packed.extend_from_slice(data);
        self.unpack()
    }

    /// The next piece of what is packed; None: it makes nothing more yet.
    fn unpack(&mut self) -> Result<Option<Move>, BadAnswer> {
        let Some(unpacker) = &mut self.unpacker else { return Ok(None) };
        self.unpacked.clear();
        let (used, more) = unpacker.piece(&self.packed, &mut self.unpacked).map_err(not_unpacked)?;
        self.packed.drain(..used);
        self.unpacks = more;
        Ok((!self.unpacked.is_empty()).then_some(Move::Unpacked))
    }

    /// All of the body was there.
    fn finish(&mut self) -> Result<(), BadAnswer> {
        (self.unpacked, self.packed) = (Vec::new(), Vec::new());
        if let Some(mut unpacker) = self.unpacker.take() {
            unpacker.end().map_err(not_unpacked)?;
        }
        self.stage = Stage::Ended;
        Ok(())
    }

    /// Goes on with the line of the head that is not whole: how many bytes it took.
    fn head_line(&mut self, rest: &[u8]) -> Result<(usize, Option<Move>), BadAnswer> {
        let end = memchr::memchr(b'\n', rest).map(|at| at + 1);
        let part = &rest[..end.unwrap_or(rest.len())];
        if self.bytes.len() + part.len() > self.limits.head {
            return Err(BadAnswer("the head is too long"));
        }
        self.bytes.extend_from_slice(part);
        if end.is_none() {
            return Ok((part.len(), None));
        }
        let Line::Whole(length) = lex::line(&self.bytes[self.line..]) else {
            return Err(BadAnswer("a line does not end in CRLF, or has a control character"));
        };
        let (from, to) = (self.line, self.line + length);
        self.line = self.bytes.len();
        if from == 0 {
            self.line_one = status_line(&self.bytes[..to]).ok_or(BadAnswer("it does not begin with a status line"))?;
        } else if length == 0 {
            return Ok((part.len(), self.enter()?));
        } else if matches!(self.bytes[from], b' ' | b'\t') && from > self.line_one.reason.1 + 2 {
            // A folded line goes on with the header before (RFC 9112, 5.2); those say nothing about the body that we could have misread.
            self.bytes[from - 2..from].fill(b' ');
            let start = memchr::memrchr(b'\n', &self.bytes[..from]).map_or(0, |at| at + 1);
            if self.fields.matters(&self.bytes[start..to]) {
                return Err(BadAnswer("a header that tells where the body ends is folded"));
            }
        } else {
            let Some((name, value)) = lex::field(&self.bytes[from..to]) else {
                return Err(BadAnswer("a line is no header"));
            };
            self.fields.add(name, value)?;
        }
        Ok((part.len(), None))
    }

    /// The head is whole.
    fn enter(&mut self) -> Result<Option<Move>, BadAnswer> {
        let StatusLine { status, .. } = self.line_one;
        if (100..200).contains(&status) && status != 101 {
            self.interim += 1;
            if self.interim > MAX_INTERIM {
                return Err(BadAnswer("there are too many answers in front of it"));
            }
            self.bytes.clear();
            (self.line, self.fields) = (0, Fields::default());
            return Ok(Some(Move::Interim(status)));
        }
        self.head = self.bytes.len();
        let fields = self.fields;
        self.stage = if self.is_head || status::has_no_body(status) {
            Stage::Body(0)
        } else if fields.encoded {
            match (fields.length, fields.codings, fields.chunked) {
                (Some(_), ..) => return Err(BadAnswer("there are Content-Length and Transfer-Encoding")),
                (None, 1, true) => Stage::Chunks(Chunked::default()),
                _ => return Err(BadAnswer("Transfer-Encoding has something else than one chunked")),
            }
        } else {
            fields.length.map_or(Stage::Rest, Stage::Body)
        };
        if self.unpack && fields.packings == 1 && !matches!(self.stage, Stage::Body(0)) {
            self.unpacker = fields.packing.map(|encoding| Unpacker::new(encoding, self.limits.body));
        }
        if self.unpacker.is_none() && matches!(self.stage, Stage::Body(length) if length > self.limits.body) {
            return Err(TOO_LONG);
        }
        Ok(Some(Move::Head))
    }
}

const TOO_LONG: BadAnswer = BadAnswer("its body is longer than allowed");

fn not_unpacked(error: UnpackError) -> BadAnswer {
    match error {
        UnpackError::Broken => BadAnswer("its body cannot be unpacked"),
        UnpackError::Short => BadAnswer("its packed body is cut off"),
        UnpackError::TooLong => TOO_LONG,
    }
}

impl Fields {
    fn matters(&self, line: &[u8]) -> bool {
        let names = [&b"content-length"[..], b"transfer-encoding", b"connection", b"content-encoding"];
        lex::field(line).is_none_or(|(name, _)| names.iter().any(|known| name.eq_ignore_ascii_case(known)))
    }

    fn add(&mut self, name: &[u8], value: &[u8]) -> Result<(), BadAnswer> {
        if name.eq_ignore_ascii_case(b"content-length") {
            // Repeated ones that agree are one (RFC 9112, 6.3).
            for value in value.split(|byte| *byte == b',') {
                let length = lex::decimal(lex::trim(value)).ok_or(BadAnswer("Content-Length is no number"))?;
                if self.length.is_some_and(|known| known != length) {
                    return Err(BadAnswer("there are several Content-Length"));
                }
                self.length = Some(length);
            }
        } else if name.eq_ignore_ascii_case(b"transfer-encoding") {
            self.encoded = true;
            for member in lex::list(value) {
                self.chunked = member.eq_ignore_ascii_case(b"chunked");
                self.codings = self.codings.saturating_add(1);
            }
        } else if name.eq_ignore_ascii_case(b"connection") {
            for member in lex::list(value) {
                self.close |= member.eq_ignore_ascii_case(b"close");
                self.keep_alive |= member.eq_ignore_ascii_case(b"keep-alive");
            }
        } else if name.eq_ignore_ascii_case(b"content-encoding") {
            for member in lex::list(value).filter(|member| !member.eq_ignore_ascii_case(b"identity")) {
                self.packings = self.packings.saturating_add(1);
                self.packing = Encoding::of(member);
            }
        }
        Ok(())
    }
}

/// `HTTP/1.1 200 OK`; the words may be missing, with their space too.
fn status_line(line: &[u8]) -> Option<StatusLine> {
    let [b'H', b'T', b'T', b'P', b'/', b'1', b'.', minor @ b'0'..=b'9', b' ', digits @ ..] = line else { return None };
    let (digits, rest) = digits.split_at_checked(3)?;
    let status = lex::decimal(digits)? as u16;
    if status < 100 || !matches!(rest, [] | [b' ', ..]) {
        return None;
    }
    Some(StatusLine { status, is_11: *minor != b'0', reason: (line.len() - rest.len().saturating_sub(1), line.len()) })
}
