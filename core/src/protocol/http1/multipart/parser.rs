//! Takes a multipart form apart, piece by piece, in bounded memory.

use super::disposition::Disposition;
use crate::protocol::http1::lex::{self, Line};
use memchr::memmem::Finder;

/// What a form may have at most.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// its parts
    pub parts: u32,
    /// bytes of one part's headers
    pub head: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Limits { parts: 1000, head: 8 << 10 }
    }
}

/// What is at the front of a form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event<'a> {
    /// Nothing yet. All bytes were used.
    More,
    /// A part begins. Its data follows.
    Part(Disposition),
    /// Data of the part.
    Data(&'a [u8]),
    /// The part is over.
    PartEnd,
    /// The form is over. What follows in the body is of no meaning.
    End,
}

/// Why it is no form, or one that is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Malformed {
    /// the form is against the standard, in that
    Bad(&'static str),
    /// it has more parts than allowed, or longer headers: 413
    TooLarge(&'static str),
}

/// Longest run of spaces behind a boundary.
const MAX_PADDING: usize = 64;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum At {
    /// in front of the first boundary
    Preamble,
    /// behind a boundary, on its line
    Behind,
    /// in a part's headers
    Head,
    /// in a part's data
    Data,
    /// a part's data is over, which is to be told
    DataEnd,
    Ended,
}

/// Takes a form apart. Holds a part of a boundary, or of a part's headers, and nothing else.
pub struct Parser {
    /// CRLF, two dashes, the boundary
    delimiter: Finder<'static>,
    limits: Limits,
    at: At,
    /// In data: bytes that may be the beginning of a boundary. Elsewhere: the line, or the headers, so far.
    held: Vec<u8>,
    /// `held` was given out, and is over
    given: bool,
    /// where in `held` the line of the headers begins that is not whole
    line: usize,
    parts: u32,
}

impl std::fmt::Debug for Parser {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Parser").field("at", &self.at).field("parts", &self.parts).finish_non_exhaustive()
    }
}

impl Parser {
    /// For a form whose parts are divided by that, see [`super::boundary`].
    pub fn new(boundary: &[u8], limits: Limits) -> Parser {
        let delimiter = Finder::new(&[b"\r\n--", boundary].concat()).into_owned();
        // The first boundary may stand at the very beginning: as if there had been a line before.
        Parser { delimiter, limits, at: At::Preamble, held: b"\r\n".to_vec(), given: false, line: 0, parts: 0 }
    }

    /// Whether the form was there to its end.
    pub fn is_ended(&self) -> bool {
        self.at == At::Ended
    }

    /// How many bytes it holds.
    #[cfg(test)]
    pub(super) fn memory(&self) -> usize {
        self.held.capacity()
    }

    /// Looks at the front of `input`: how many bytes of it are used up, and what they are. To be called until [`Event::More`], or [`Event::End`].
    pub fn next<'a>(&'a mut self, input: &'a [u8]) -> Result<(usize, Event<'a>), Malformed> {
        if std::mem::take(&mut self.given) {
            self.held.clear();
        }
        let mut used = 0;
        loop {
            let rest = &input[used..];
            match self.at {
                At::Preamble | At::Data => {
                    let is_data = self.at == At::Data;
                    match self.data(rest) {
                        Data::None => return Ok((input.len(), Event::More)),
                        Data::End(count) => {
                            used += count;
                            self.held.clear();
                            self.at = if is_data { At::DataEnd } else { At::Behind };
                        }
                        Data::Held if is_data => {
                            self.given = true;
                            return Ok((used, Event::Data(&self.held)));
                        }
                        Data::Held => self.held.clear(),
                        Data::Input(count) => {
                            used += count;
                            if is_data {
                                return Ok((used, Event::Data(&rest[..count])));
                            }
                        }
                    }
                }
                At::DataEnd => {
                    self.at = At::Behind;
                    return Ok((used, Event::PartEnd));
                }
                At::Behind => {
                    let Some(taken) = self.behind(rest)? else { return Ok((input.len(), Event::More)) };
                    used += taken;
                }
                At::Head => {
                    let Some((taken, part)) = self.head(rest)? else { return Ok((input.len(), Event::More)) };
                    used += taken;
                    return Ok((used, Event::Part(part)));
                }
                At::Ended => return Ok((input.len(), Event::End)),
            }
        }
    }

    fn data(&mut self, rest: &[u8]) -> Data {
        let delimiter = self.delimiter.needle();
        if rest.is_empty() {
            return Data::None;
        }
        if !self.held.is_empty() {
            // The delimiter has one CR, its first byte: so none begins within what is held.
            let wanted = &delimiter[self.held.len()..];
            let count = wanted.len().min(rest.len());
            return if wanted[..count] != rest[..count] {
                Data::Held
            } else if count == wanted.len() {
                Data::End(count)
            } else {
                self.held.extend_from_slice(rest);
                Data::None
            };
        }
        if let Some(at) = self.delimiter.find(rest) {
            return if at == 0 { Data::End(delimiter.len()) } else { Data::Input(at) };
        }
        let tail = rest.len() - rest.len().min(delimiter.len() - 1);
        match memchr::memrchr(b'\r', &rest[tail..]).map(|at| tail + at) {
            Some(at) if delimiter.starts_with(&rest[at..]) => {
                if at > 0 {
                    return Data::Input(at);
                }
                self.held.extend_from_slice(rest);
                Data::None
            }
            _ => Data::Input(rest.len()),
        }
    }

    /// Behind a boundary: another part, or two dashes. How many bytes it took; None: all of them, and more are needed.
    fn behind(&mut self, rest: &[u8]) -> Result<Option<usize>, Malformed> {
        for (at, byte) in rest.iter().enumerate() {
            match (self.held.last(), byte) {
                (Some(b'-'), b'-') => {
                    self.at = At::Ended;
                    self.held = Vec::new();
                    return Ok(Some(at + 1));
                }
                (Some(b'\r'), b'\n') => {
                    self.parts += 1;
                    if self.parts > self.limits.parts {
                        return Err(Malformed::TooLarge("the form has too many parts"));
                    }
                    self.at = At::Head;
                    self.line = 0;
                    self.held.clear();
                    return Ok(Some(at + 1));
                }
                (None, b'-') => {}
                (None | Some(b' ' | b'\t'), b' ' | b'\t' | b'\r') if self.held.len() < MAX_PADDING => {}
                _ => return Err(Malformed::Bad("a boundary is followed by something else than the end of its line")),
            }
            self.held.push(*byte);
        }
        Ok(None)
    }

    /// A part's headers. How many bytes they took, and what they say; None: all bytes, and more are needed.
    fn head(&mut self, rest: &[u8]) -> Result<Option<(usize, Disposition)>, Malformed> {
        let mut used = 0;
        loop {
            let rest = &rest[used..];
            let end = memchr::memchr(b'\n', rest).map(|at| at + 1);
            let part = &rest[..end.unwrap_or(rest.len())];
            used += part.len();
            if self.held.len() + part.len() > self.limits.head {
                return Err(Malformed::TooLarge("a part's headers are too long"));
            }
            self.held.extend_from_slice(part);
            if end.is_none() {
                return Ok(None);
            }
            let Line::Whole(length) = lex::line(&self.held[self.line..]) else {
                return Err(Malformed::Bad(
                    "a line of a part's headers does not end in CRLF, or has a control character",
                ));
            };
            if length > 0 {
                self.line = self.held.len();
                continue;
            }
            let mut part = Disposition::default();
            for line in self.held[..self.line].split_inclusive(|byte| *byte == b'\n') {
                let Some((name, value)) = lex::field(&line[..line.len() - 2]) else {
                    return Err(Malformed::Bad("a part has a line that is no header"));
                };
                part.add(name, value);
            }
            self.held.clear();
            self.at = At::Data;
            return Ok(Some((used, part)));
        }
    }
}

/// What the front of a part's data is.
enum Data {
    /// it may be a boundary; all bytes were used
    None,
    /// a boundary, with so many bytes of the input
    End(usize),
    /// what is held is data after all
    Held,
    /// so many bytes of data
    Input(usize),
}
