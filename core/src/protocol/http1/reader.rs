//! Requests as a server reads them (RFC 9112): where each one ends, and that it is one.
//!
//! Nothing that is let in can be understood in another way by whoever stands in front of this server or behind it: what the standard leaves open, or asks
//! to be mended, is refused.

use super::brief::flag;
use super::chunked::{Broken, Chunk, Chunked};
use super::head::{self, Framing, Head, MAX_FIELDS};
use super::lex::{self, Line};
use super::refusal::{Refusal, bad};
use super::{Brief, Method, multipart};

/// What requests of a port may have at most, in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// the first line with its end, else 414
    pub line: usize,
    /// the head with its blank line, else 431; and the lines behind a chunked body
    pub head: usize,
    /// the body without chunks, else 413
    pub body: u64,
    /// a body that is a multipart form; those above `body` come in pieces ([`Step::Upload`]). 0: as `body`
    pub upload: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Limits { line: 16 << 10, head: 64 << 10, body: 2 << 20, upload: 0 }
    }
}

/// What the front of a connection's bytes is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step<'a> {
    /// Nothing yet: go on with the bytes that come next. All bytes were used.
    More,
    /// The client waits for `100 Continue` before it sends the body: send [`CONTINUE`] and call again.
    Continue,
    /// A whole request: `bytes` are head, body, and the lines of a trailer, as the brief says. The next request follows.
    Request {
        /// what was found out about it
        brief: Brief,
        /// its bytes: a part of the input, if it came in one piece and without chunks
        bytes: &'a [u8],
    },
    /// A multipart form begins that is longer than [`Limits::body`]. Its body comes in pieces: call again.
    Upload {
        /// its head
        head: &'a [u8],
        /// what its parts are divided by, for [`multipart::Parser::new`]
        boundary: &'a [u8],
    },
    /// A piece of the form's body, without chunks: call again.
    Piece(&'a [u8]),
    /// The form's end, and with that the request's. The next one follows.
    Uploaded {
        /// what was found out about it; the flag `UPLOAD` is set, and `body` is 0
        brief: Brief,
        /// its head
        head: &'a [u8],
        /// lines of a trailer
        trailer: &'a [u8],
    },
    /// It is no request, or one that is not let in: answer with the status, and close. It is given for ever.
    Refuse(Refusal),
}

/// What a client waits for that sent `Expect: 100-continue`.
pub const CONTINUE: &[u8] = b"HTTP/1.1 100 Continue\r\n\r\n";

/// Reads the requests of one connection, in turn. Between requests it holds nothing.
#[derive(Debug, Default)]
pub struct Reader {
    /// what has come of a request that has not come as a whole
    partial: Option<Box<Partial>>,
    blank: Blank,
}

/// The blank line that some clients send behind a body, and that is passed over (RFC 9112, 2.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Blank {
    #[default]
    None,
    Cr,
    Passed,
}

#[derive(Debug)]
enum Stage {
    Head,
    /// so many bytes of the body are to come
    Body(u64),
    Chunks(Chunked),
    /// it was given out
    Done,
    Refused(Refusal),
}

/// How a form goes up that is too long for one piece.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    No,
    /// it is to be told of
    Begins,
    /// what was gathered before it was known to be that long is to be given out
    Gathered,
    /// that is done
    Given,
    Pieces,
}

#[derive(Debug)]
struct Partial {
    stage: Stage,
    head: Head,
    /// head, body, lines of the trailer
    bytes: Vec<u8>,
    /// where the line begins that is not whole
    line: usize,
    /// bytes of the body that came
    body: u64,
    trailer_fields: u16,
    /// 100 Continue is to be sent
    waits: bool,
    form: Form,
}

/// How far a request has come: what deadlines go by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// microseconds since 1970 when its first byte came
    pub since: u64,
    /// whether its head is whole
    pub has_head: bool,
    /// bytes of its body that have come
    pub body: u64,
}

/// What an [`Partial::advance`] has come to; where bytes are meant, they are named by their place.
enum Move {
    More,
    Continue,
    Request,
    Upload,
    /// what was gathered of the form
    Gathered,
    /// these of the input
    Piece(usize, usize),
    Uploaded,
}

impl Reader {
    /// Looks at the front of `input`, which are the bytes that came and were not used up: how many of them are used up now, and what they are.
    /// To be called until [`Step::More`]; when to ask for the request after a [`Step::Request`] is the caller's choice. `now`: microseconds since 1970.
    pub fn next<'a>(&'a mut self, input: &'a [u8], limits: &Limits, now: u64) -> (usize, Step<'a>) {
        self.release();
        let mut used = 0;
        if self.partial.is_none() {
            let mut head = Head::default();
            match self.begin(&mut head, input, limits, now) {
                Ok(Front::Request(brief, from, to)) => return (to, Step::Request { brief, bytes: &input[from..to] }),
                Ok(Front::Part(count)) => used = count,
                Err(refusal) => self.partial = Some(Partial::refused(head, refusal)),
            }
        }
        let Some(partial) = &mut self.partial else { return (used, Step::More) };
        let (count, step) = partial.next(&input[used..], limits);
        (used + count, step)
    }

    /// Frees the bytes of the request that was given out last. The next call of [`Reader::next`] does so too.
    pub fn release(&mut self) {
        if self.partial.as_ref().is_some_and(|partial| matches!(partial.stage, Stage::Done)) {
            *self = Reader::default();
        }
    }

    /// How far the request has come that has begun and has not been given out. None: nothing of one has come.
    pub fn progress(&self) -> Option<Progress> {
        let partial = self.partial.as_ref()?;
        let has_head = match partial.stage {
            Stage::Done => return None,
            Stage::Head => false,
            _ => true,
        };
        Some(Progress { since: partial.head.brief.since, has_head, body: partial.body })
    }

    /// The method of the request that has begun, or was refused; [`Method::Other`] if it is not known.
    pub fn method(&self) -> Method {
        self.partial.as_ref().map_or(Method::Other, |partial| partial.method())
    }

    /// The first bytes of a request. What comes as a whole and without chunks, as nearly all do, is given out without a copy.
    fn begin(&mut self, head: &mut Head, input: &[u8], limits: &Limits, now: u64) -> Result<Front, Refusal> {
        let from = self.pass_blank(input)?;
        let input = &input[from..];
        let Some(first) = input.first() else { return Ok(Front::Part(from)) };
        if !lex::is_token_byte(*first) {
            return Err(bad("what came does not begin as a request"));
        }
        head.brief.since = now;
        let mut at = 0;
        while let Line::Whole(length) = lex::line(&input[at..]) {
            let line = &input[at..at + length];
            let framing = head.line(at, line, limits)?;
            at += length + 2;
            let Some(framing) = framing else { continue };
            if let Framing::Length(length) = framing
                && length <= limits.body
                && length <= (input.len() - at) as u64
            {
                self.blank = Blank::None;
                head.brief.body = length;
                return Ok(Front::Request(head.brief, from, from + at + length as usize));
            }
            let mut partial = Box::new(Partial::new(head.clone(), &input[..at]));
            partial.enter(framing, limits)?;
            self.partial = Some(partial);
            return Ok(Front::Part(from + at));
        }
        // A line that is not whole, or not right: it is judged when all of it is there.
        self.partial = Some(Box::new(Partial::new(head.clone(), &input[..at])));
        Ok(Front::Part(from + at))
    }

    fn pass_blank(&mut self, input: &[u8]) -> Result<usize, Refusal> {
        let (blank, used) = match (self.blank, input) {
            (Blank::None, [b'\r', b'\n', ..]) => (Blank::Passed, 2),
            (Blank::None, [b'\r']) => (Blank::Cr, 1),
            (Blank::Cr, [b'\n', ..]) => (Blank::Passed, 1),
            (Blank::Cr, [_, ..]) => return Err(bad("a line does not end in CRLF")),
            (blank, _) => (blank, 0),
        };
        self.blank = blank;
        Ok(used)
    }
}

/// What the first bytes of a request are.
enum Front {
    /// all of it: where it begins and ends
    Request(Brief, usize, usize),
    /// a part of it, with so many bytes that were used up
    Part(usize),
}

impl Head {
    /// The line that begins at byte `at` of the head. Some: it was the last, and that follows.
    fn line(&mut self, at: usize, line: &[u8], limits: &Limits) -> Result<Option<Framing>, Refusal> {
        let end = at + line.len() + 2;
        if let Some(refusal) = too_long(at, end, limits) {
            if at == 0 {
                self.brief.method = self.method(line);
            }
            return Err(refusal);
        }
        if at == 0 {
            self.request_line(line)?;
        } else if line.is_empty() {
            self.brief.head = u32::try_from(end).map_err(|_| HEAD_TOO_LONG)?;
            return self.finish().map(Some);
        } else {
            self.field(line)?;
        }
        Ok(None)
    }
}

const HEAD_TOO_LONG: Refusal = Refusal::new(431, "the head is too long");
const TRAILER_TOO_LONG: Refusal = Refusal::new(431, "the trailer is too long");
const BODY_TOO_LONG: Refusal = Refusal::new(413, "the body is too long");

/// Whether a head is too long one of whose lines goes from `at` to `end`.
fn too_long(at: usize, end: usize, limits: &Limits) -> Option<Refusal> {
    if at == 0 && limits.line <= limits.head && end > limits.line {
        return Some(Refusal::new(414, "the request line is too long"));
    }
    (end > limits.head).then_some(HEAD_TOO_LONG)
}

impl Partial {
    fn new(head: Head, bytes: &[u8]) -> Partial {
        Partial {
            stage: Stage::Head,
            head,
            bytes: bytes.to_vec(),
            line: bytes.len(),
            body: 0,
            trailer_fields: 0,
            waits: false,
            form: Form::No,
        }
    }

    fn method(&self) -> Method {
        self.head.method(if self.line == 0 { &self.bytes } else { b"" })
    }

    fn refused(head: Head, refusal: Refusal) -> Box<Partial> {
        let mut partial = Partial::new(head, b"");
        partial.stage = Stage::Refused(refusal);
        Box::new(partial)
    }

    fn next<'a>(&'a mut self, input: &'a [u8], limits: &Limits) -> (usize, Step<'a>) {
        let (used, step) = match self.advance(input, limits) {
            Ok(step) => step,
            Err(refusal) => {
                self.head.brief.method = self.method();
                self.stage = Stage::Refused(refusal);
                self.bytes = Vec::new();
                return (0, Step::Refuse(refusal));
            }
        };
        let mut brief = self.head.brief;
        let head = brief.head as usize;
        let step = match step {
            Move::More => Step::More,
            Move::Continue => Step::Continue,
            Move::Request => {
                brief.body = self.body;
                Step::Request { brief, bytes: &self.bytes }
            }
            Move::Upload => match self.boundary() {
                Some(boundary) => Step::Upload { head: &self.bytes[..head], boundary },
                None => Step::Refuse(BODY_TOO_LONG),
            },
            Move::Gathered => Step::Piece(&self.bytes[head..]),
            Move::Piece(from, to) => Step::Piece(&input[from..to]),
            Move::Uploaded => {
                brief.flags |= flag::UPLOAD;
                let (head, trailer) = self.bytes.split_at(head);
                Step::Uploaded { brief, head, trailer }
            }
        };
        (used, step)
    }

    /// The head is whole.
    fn enter(&mut self, framing: Framing, limits: &Limits) -> Result<(), Refusal> {
        self.waits = self.head.waits() && framing != Framing::Length(0);
        self.stage = match framing {
            Framing::Length(length) => {
                if length > limits.body {
                    self.upload(length, limits)?;
                }
                Stage::Body(length)
            }
            Framing::Chunks => Stage::Chunks(Chunked::default()),
        };
        Ok(())
    }

    /// The body is longer than what is taken in one piece.
    fn upload(&mut self, length: u64, limits: &Limits) -> Result<(), Refusal> {
        if length > limits.upload || self.boundary().is_none() {
            return Err(BODY_TOO_LONG);
        }
        self.form = Form::Begins;
        Ok(())
    }

    fn boundary(&self) -> Option<&[u8]> {
        let head = &self.bytes[..self.head.brief.head as usize];
        let mut types = lex::fields(head).filter(|(name, _)| name.eq_ignore_ascii_case(b"content-type"));
        multipart::boundary(types.next()?.1)
    }

    fn advance(&mut self, input: &[u8], limits: &Limits) -> Result<(usize, Move), Refusal> {
        let mut used = 0;
        loop {
            match self.form {
                Form::No | Form::Pieces => {}
                Form::Begins => {
                    self.form = Form::Gathered;
                    return Ok((used, Move::Upload));
                }
                Form::Gathered => {
                    self.form = Form::Given;
                    if self.body > 0 {
                        return Ok((used, Move::Gathered));
                    }
                    continue;
                }
                Form::Given => {
                    self.bytes.truncate(self.head.brief.head as usize);
                    self.bytes.shrink_to_fit();
                    self.form = Form::Pieces;
                }
            }
            if std::mem::take(&mut self.waits) && used == input.len() {
                return Ok((used, Move::Continue));
            }
            let rest = &input[used..];
            match &mut self.stage {
                Stage::Head => {
                    if rest.is_empty() {
                        return Ok((used, Move::More));
                    }
                    used += self.head_line(rest, limits)?;
                }
                Stage::Body(left) => {
                    let count = rest.len().min(usize::try_from(*left).unwrap_or(usize::MAX));
                    *left -= count as u64;
                    let is_end = *left == 0;
                    self.body += count as u64;
                    if self.form == Form::Pieces {
                        if count > 0 {
                            return Ok((used + count, Move::Piece(used, used + count)));
                        }
                    } else {
                        let whole = count + usize::try_from(*left).unwrap_or(usize::MAX);
                        append(&mut self.bytes, &rest[..count], whole);
                    }
                    used += count;
                    return Ok((used, if is_end { self.done() } else { Move::More }));
                }
                Stage::Chunks(chunks) => {
                    let (count, chunk) = chunks.next(rest, limits.head, false).map_err(broken)?;
                    used += count;
                    match chunk {
                        Chunk::More => return Ok((used, Move::More)),
                        Chunk::End => return Ok((used, self.done())),
                        Chunk::Trailer(line) => {
                            self.trailer_fields += 1;
                            if self.trailer_fields > MAX_FIELDS {
                                return Err(TRAILER_TOO_LONG);
                            }
                            head::trailer(&line[..line.len() - 2])?;
                            self.bytes.extend_from_slice(line);
                        }
                        Chunk::Data(data) => {
                            let data = &input[used - data.len()..used];
                            self.body += data.len() as u64;
                            if self.form == Form::Pieces {
                                if self.body > limits.upload {
                                    return Err(BODY_TOO_LONG);
                                }
                                return Ok((used, Move::Piece(used - data.len(), used)));
                            }
                            if self.body > limits.body {
                                self.upload(self.body, limits)?;
                            }
                            append(&mut self.bytes, data, usize::MAX);
                        }
                    }
                }
                Stage::Done => return Ok((used, Move::More)),
                Stage::Refused(refusal) => return Err(*refusal),
            }
        }
    }

    fn done(&mut self) -> Move {
        self.stage = Stage::Done;
        if self.form == Form::No { Move::Request } else { Move::Uploaded }
    }

    /// Goes on with the line that is not whole: how many bytes it took.
    fn head_line(&mut self, rest: &[u8], limits: &Limits) -> Result<usize, Refusal> {
        let end = memchr::memchr(b'\n', rest).map(|at| at + 1);
        let part = &rest[..end.unwrap_or(rest.len())];
        self.bytes.extend_from_slice(part);
        // One that has no end yet is longer than what there is of it.
        if let Some(refusal) = too_long(self.line, self.bytes.len() + usize::from(end.is_none()), limits) {
            return Err(refusal);
        }
        if end.is_some() {
            let line = &self.bytes[self.line..];
            let Line::Whole(length) = lex::line(line) else {
                return Err(bad("a line does not end in CRLF, or has a control character"));
            };
            let framing = self.head.line(self.line, &line[..length], limits)?;
            self.line += length + 2;
            if let Some(framing) = framing {
                self.enter(framing, limits)?;
            }
        }
        Ok(part.len())
    }
}

fn broken(broken: Broken) -> Refusal {
    match broken {
        Broken::Bad(why) => bad(why),
        Broken::Trailer => TRAILER_TOO_LONG,
    }
}

/// Appends with room for twice as much as there is, but for no more than the `whole` that is expected: what is announced is believed as it comes.
fn append(bytes: &mut Vec<u8>, data: &[u8], whole: usize) {
    if bytes.capacity() - bytes.len() < data.len() {
        bytes.reserve_exact(bytes.len().min(whole).max(data.len()));
    }
    bytes.extend_from_slice(data);
}
