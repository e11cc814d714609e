//! Answers as a client reads them (RFC 9112). Where a server is a little wrong in a way that leaves no doubt, it is understood; where it is
//! not certain how long an answer is, it is refused, or the connection is not used again.

use super::chunked::{Broken, Chunk, Chunked};
use super::lex;
use crate::error::{Error, ErrorKind, Result};

/// Longest head of an answer, and longest trailer, in bytes.
pub const MAX_HEAD: usize = 64 << 10;
/// Most headers in it.
const MAX_FIELDS: usize = 256;

/// Names and values, in order.
type Pairs = Vec<(Vec<u8>, Vec<u8>)>;

/// What the client has asked for, as far as it matters for the length of the answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Asked {
    /// by HEAD: whatever the answer says, it has no body
    pub head: bool,
    /// for another protocol: 101 ends HTTP on this connection
    pub upgrade: bool,
}

/// The head of an answer.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Head {
    /// 200 to 999, or 101
    pub status: u16,
    /// what follows it; empty if it is not ASCII
    pub reason: Vec<u8>,
    /// names in lower case
    pub headers: Pairs,
    /// the connection may be used again when the answer is over
    pub keep_alive: bool,
}

/// What was found.
#[derive(Debug, PartialEq, Eq)]
pub enum Step<'a> {
    /// nothing until more has come
    More,
    /// the head; once for each answer (those of 100 to 199 are passed over)
    Head(Head),
    /// data of the body
    Body(&'a [u8]),
    /// the answer is whole; what is behind it is not looked at
    End,
}

#[derive(Debug, Default)]
enum At {
    #[default]
    Head,
    /// so many bytes of the body are to come
    Length(u64),
    Chunks(Chunked),
    /// until the connection ends
    Rest,
    Ended,
}

/// Reads one answer, in pieces of any size.
#[derive(Debug, Default)]
pub struct Reader {
    asked: Asked,
    at: At,
    /// so much of the input is known to hold no blank line
    seen: usize,
    trailers: Pairs,
}

impl Reader {
    /// For the answer to one request.
    pub fn new(asked: Asked) -> Reader {
        Reader { asked, ..Reader::default() }
    }

    /// Looks at the front of `input`, everything that came and was not used: how many bytes of it are used up, and what they are. To be called until [`Step::More`] (more must have come behind
    /// what is left) or [`Step::End`]. Errors (`HttpInvalidProtocol`): it is no answer; a head or trailer is longer than [`MAX_HEAD`]; how long the body is cannot be told.
    pub fn next<'a>(&'a mut self, input: &'a [u8]) -> Result<(usize, Step<'a>)> {
        if matches!(self.at, At::Head) {
            return self.head(input);
        }
        match &mut self.at {
            At::Length(0) | At::Ended => {
                self.at = At::Ended;
                Ok((0, Step::End))
            }
            _ if input.is_empty() => Ok((0, Step::More)),
            At::Length(left) => {
                let count = input.len().min(usize::try_from(*left).unwrap_or(usize::MAX));
                *left -= count as u64;
                Ok((count, Step::Body(&input[..count])))
            }
            At::Rest => Ok((input.len(), Step::Body(input))),
            _ => self.chunk(input),
        }
    }

    /// The connection has ended: whether the answer is whole by that.
    pub fn is_whole_at_end(&self) -> bool {
        matches!(self.at, At::Rest | At::Ended | At::Length(0))
    }

    /// The headers behind a chunked body, with names in lower case.
    pub fn take_trailers(&mut self) -> Pairs {
        std::mem::take(&mut self.trailers)
    }

    fn head(&mut self, input: &[u8]) -> Result<(usize, Step<'static>)> {
        let mut used = 0;
        loop {
            let rest = &input[used..];
            if self.seen == 0 {
                // Empty lines in front are left over from bodies that were longer than they said by a line's end.
                let empty = rest.iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
                if empty > 0 {
                    used += empty;
                    continue;
                }
            }
            let bounded = &rest[..rest.len().min(MAX_HEAD)];
            if blank_line(bounded, self.seen).is_none() {
                if rest.len() >= MAX_HEAD {
                    return invalid(format!("its head is longer than {MAX_HEAD} bytes"));
                }
                // Something that is no HTTP is not waited for.
                if !b"HTTP/1.".starts_with(&rest[..rest.len().min(7)]) {
                    return invalid(format!("it begins with {:?}", shown(rest)));
                }
                self.seen = rest.len().saturating_sub(3);
                return Ok((used, Step::More));
            }
            self.seen = 0;
            let mut fields = [httparse::EMPTY_HEADER; MAX_FIELDS];
            let mut answer = httparse::Response::new(&mut fields);
            let size = match answer.parse(bounded) {
                Ok(httparse::Status::Complete(size)) => size,
                Ok(httparse::Status::Partial) => return invalid(String::from("its head is cut off")),
                Err(e) => return invalid(format!("its head cannot be read ({e}); it begins with {:?}", shown(rest))),
            };
            used += size;
            let status = answer.code.unwrap_or(0);
            match status {
                101 if self.asked.upgrade => {}
                101 => return invalid(String::from("it changes to another protocol (101), which was not asked for")),
                100..=199 => continue,
                200..=999 => {}
                _ => return invalid(format!("its status is {status}")),
            }
            let headers = answer.headers.iter().map(|h| (h.name.to_ascii_lowercase().into_bytes(), h.value.to_vec()));
            let mut head = Head {
                status,
                reason: answer.reason.unwrap_or_default().as_bytes().to_vec(),
                headers: headers.collect(),
                keep_alive: false,
            };
            self.at = self.framing(&mut head, answer.version == Some(1))?;
            return Ok((used, Step::Head(head)));
        }
    }

    /// How the end of the body is told (RFC 9112, 6.3), and whether the connection stays.
    fn framing(&self, head: &mut Head, is_11: bool) -> Result<At> {
        let values = |wanted: &'static [u8]| {
            head.headers.iter().filter(move |(name, _)| name == wanted).flat_map(|(_, value)| lex::list(value))
        };
        let says = |what: &[u8]| values(b"connection").any(|member| member.eq_ignore_ascii_case(what));
        let mut keep_alive = if is_11 { !says(b"close") } else { says(b"keep-alive") && !says(b"close") };
        let at = if self.asked.head || matches!(head.status, 101 | 204 | 304) {
            At::Ended
        } else if let Some(last) = values(b"transfer-encoding").last() {
            let codings = values(b"transfer-encoding").count();
            if !last.eq_ignore_ascii_case(b"chunked") || codings > 1 {
                let named = shown(last).into_owned();
                return invalid(format!(
                    "its Transfer-Encoding is not just chunked ({named:?} is the last of {codings})"
                ));
            }
            // Whoever stands between may have seen another end of it.
            keep_alive &= is_11 && values(b"content-length").next().is_none();
            At::Chunks(Chunked::default())
        } else {
            let mut lengths = values(b"content-length").map(lex::decimal);
            match lengths.next() {
                None => {
                    keep_alive = false;
                    At::Rest
                }
                Some(first @ Some(length)) if lengths.all(|next| next == first) => At::Length(length),
                Some(Some(_)) => return invalid(String::from("it has several lengths (Content-Length)")),
                Some(None) => return invalid(String::from("its Content-Length is no number")),
            }
        };
        head.keep_alive = keep_alive;
        Ok(at)
    }

    fn chunk<'a>(&'a mut self, input: &'a [u8]) -> Result<(usize, Step<'a>)> {
        let At::Chunks(chunked) = &mut self.at else { return Ok((0, Step::End)) };
        let mut used = 0;
        let end = loop {
            match chunked.next(&input[used..], MAX_HEAD, true) {
                Ok((count, Chunk::Data(data))) => {
                    used += count;
                    break Some(data.len());
                }
                Ok((count, Chunk::Trailer(line))) => {
                    used += count;
                    if let Some((name, value)) = lex::field(line.trim_ascii_end()) {
                        self.trailers.push((name.to_ascii_lowercase(), value.to_vec()));
                    }
                }
                Ok((_, Chunk::More)) => return Ok((input.len(), Step::More)),
                Ok((count, Chunk::End)) => {
                    used += count;
                    break None;
                }
                Err(Broken::Bad(why)) => return invalid(String::from(why)),
                Err(Broken::Trailer) => return invalid(format!("its trailer is longer than {MAX_HEAD} bytes")),
            }
        };
        match end {
            // It is what was used last.
            Some(length) => Ok((used, Step::Body(&input[used - length..used]))),
            None => {
                self.at = At::Ended;
                Ok((used, Step::End))
            }
        }
    }
}

/// Where the blank line behind a head ends, looked for from `from` on.
fn blank_line(bytes: &[u8], from: usize) -> Option<usize> {
    memchr::memchr_iter(b'\n', &bytes[from..]).map(|at| from + at).find_map(|at| match &bytes[at + 1..] {
        [b'\n', ..] => Some(at + 2),
        [b'\r', b'\n', ..] => Some(at + 3),
        _ => None,
    })
}

/// The beginning of some bytes, for messages.
fn shown(bytes: &[u8]) -> std::borrow::Cow<'_, str> {
    String::from_utf8_lossy(&bytes[..bytes.len().min(32)])
}

fn invalid<T>(why: String) -> Result<T> {
    Err(Error::new(
        ErrorKind::HttpInvalidProtocol,
        format!("what came is no answer of HTTP/1 that can be taken: {why}"),
    ))
}
