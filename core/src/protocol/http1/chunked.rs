//! Chunks (RFC 9112, 7.1), as they are read.

use super::lex;

/// Most characters that may stand behind a chunk's size on its line.
const MAX_EXTENSION: usize = 256;
/// Most of them in all chunks of a body: they are read for nothing.
const MAX_EXTENSIONS: usize = 16 << 10;
/// Most digits of a size: it fits into 60 bits.
const MAX_DIGITS: usize = 15;

/// What is at the front of a chunked body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Chunk<'a> {
    /// nothing yet
    More,
    /// data
    Data(&'a [u8]),
    /// a line behind the last chunk, with its end; what it says is not looked at
    Trailer(&'a [u8]),
    /// the end of the body
    End,
}

/// Why it is no chunked body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Broken {
    /// it is malformed
    Bad(&'static str),
    /// the lines behind the last chunk are longer than allowed
    Trailer,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum At {
    /// a line with a size
    #[default]
    Size,
    /// so many bytes of data are to come
    Data(u64),
    /// the CRLF behind the data
    Behind,
    /// behind the last chunk
    Trailer,
    Ended,
}

/// Takes the chunks off a body, piece by piece. Holds no more than one line.
#[derive(Debug, Default)]
pub(super) struct Chunked {
    at: At,
    /// a line that has not come as a whole
    line: Vec<u8>,
    /// `line` was given out, and is over
    given: bool,
    extensions: usize,
    trailer: usize,
}

impl Chunked {
    /// Looks at the front of `input`: how many bytes of it are used up, and what they are. To be called until [`Chunk::More`], which uses all, or
    /// [`Chunk::End`]. The trailer may have `max_trailer` bytes. `lenient`: spaces behind a size are let pass, as some servers write them.
    pub fn next<'a>(
        &'a mut self,
        input: &'a [u8],
        max_trailer: usize,
        lenient: bool,
    ) -> Result<(usize, Chunk<'a>), Broken> {
        let mut used = 0;
        loop {
            if let At::Data(left) = self.at {
                let rest = &input[used..];
                let count = rest.len().min(usize::try_from(left).unwrap_or(usize::MAX));
                if count == 0 {
                    return Ok((used, Chunk::More));
                }
                self.at = if count as u64 == left { At::Behind } else { At::Data(left - count as u64) };
                return Ok((used + count, Chunk::Data(&rest[..count])));
            }
            if self.at == At::Ended {
                return Ok((used, Chunk::End));
            }
            if std::mem::take(&mut self.given) {
                self.line.clear();
            }
            let max = match self.at {
                At::Size => MAX_DIGITS + MAX_EXTENSION + 2,
                At::Behind => 2,
                _ => max_trailer - self.trailer.min(max_trailer),
            };
            let rest = &input[used..];
            let end = memchr::memchr(b'\n', rest).map(|at| at + 1);
            let part = &rest[..end.unwrap_or(rest.len())];
            if self.line.len() + part.len() > max || (end.is_none() && self.line.len() + part.len() == max) {
                return Err(match self.at {
                    At::Trailer => Broken::Trailer,
                    At::Behind => Broken::Bad("a chunk's data is longer than its size says"),
                    _ => Broken::Bad("the line of a chunk's size is too long"),
                });
            }
            used += part.len();
            let is_own = !self.line.is_empty();
            if is_own || end.is_none() {
                self.line.extend_from_slice(part);
            }
            if end.is_none() {
                return Ok((used, Chunk::More));
            }
            let line = if is_own { &self.line[..] } else { part };
            let lex::Line::Whole(length) = lex::line(line) else {
                return Err(Broken::Bad("a line of a chunked body does not end in CRLF, or has a control character"));
            };
            match self.at {
                At::Size => {
                    let (size, extension) = size(&line[..length], lenient).map_err(Broken::Bad)?;
                    self.extensions += extension;
                    if self.extensions > MAX_EXTENSIONS {
                        return Err(Broken::Bad("the chunks have too many extensions"));
                    }
                    self.at = if size == 0 { At::Trailer } else { At::Data(size) };
                    self.line.clear();
                }
                At::Behind => {
                    self.at = At::Size;
                    self.line.clear();
                }
                _ if length == 0 => {
                    self.at = At::Ended;
                    self.line = Vec::new();
                }
                _ => {
                    self.trailer += line.len();
                    self.given = is_own;
                    return Ok((used, Chunk::Trailer(if is_own { &self.line } else { part })));
                }
            }
        }
    }
}

/// The size that a line gives, and how many characters of extensions follow.
fn size(line: &[u8], lenient: bool) -> Result<(u64, usize), &'static str> {
    let digits = line.iter().position(|byte| !byte.is_ascii_hexdigit()).unwrap_or(line.len());
    if digits == 0 {
        return Err("a chunk has no size");
    }
    if digits > MAX_DIGITS {
        return Err("a chunk's size is too long");
    }
    let rest = lex::trim(&line[digits..]);
    let is_extension = rest.first() == Some(&b';') || (line.len() == digits || (lenient && rest.is_empty()));
    if !is_extension {
        return Err("a chunk's size is followed by something else than an extension");
    }
    if line.len() - digits > MAX_EXTENSION {
        return Err("a chunk's extensions are too long");
    }
    let size =
        line[..digits].iter().fold(0, |size, digit| size << 4 | u64::from((*digit as char).to_digit(16).unwrap_or(0)));
    Ok((size, line.len() - digits))
}
