//! The head of an answer: headers as a program sets them, and what the engine adds.

use crate::error::{Error, ErrorKind, Result};
use crate::protocol::http1::{Encoding, date, lex, status};
use crate::sys::clock;
use std::cell::Cell;
use std::time::{SystemTime, UNIX_EPOCH};

/// Headers of which the engine has to know whether they are there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Known {
    ContentType,
    ContentLength,
    TransferEncoding,
    Connection,
    Date,
    Server,
    ContentEncoding,
    Vary,
    AcceptRanges,
    LastModified,
    Other,
}

impl Known {
    fn of(name: &[u8]) -> Known {
        let (known, spelt): (Known, &[u8]) = match name.len() {
            4 if name[0] | 32 == b'd' => (Known::Date, b"date"),
            4 => (Known::Vary, b"vary"),
            6 => (Known::Server, b"server"),
            10 => (Known::Connection, b"connection"),
            12 => (Known::ContentType, b"content-type"),
            13 if name[0] | 32 == b'a' => (Known::AcceptRanges, b"accept-ranges"),
            13 => (Known::LastModified, b"last-modified"),
            14 => (Known::ContentLength, b"content-length"),
            16 => (Known::ContentEncoding, b"content-encoding"),
            17 => (Known::TransferEncoding, b"transfer-encoding"),
            _ => return Known::Other,
        };
        if name.eq_ignore_ascii_case(spelt) { known } else { Known::Other }
    }

    fn bit(self) -> u16 {
        1 << self as u16
    }
}

/// Headers that a program has set.
#[derive(Debug, Default)]
pub struct Headers {
    /// lines with their ends
    lines: Vec<u8>,
    /// the same of cookies, which a `Set-Cookie` that is set as a header does not replace
    cookies: Vec<u8>,
    /// bits of those in them that are known
    there: u16,
    /// the program said how long the body is
    pub length: Option<u64>,
    /// the program named a transfer coding other than `chunked`, which is the engine's business
    pub coding: bool,
    /// what it set as `Connection`
    connection: Vec<u8>,
}

impl Headers {
    /// Whether a header is among them.
    pub fn has(&self, known: Known) -> bool {
        self.there & known.bit() != 0
    }

    /// The first value of a header.
    pub fn get(&self, name: &[u8]) -> Option<&[u8]> {
        self.lines.split(|byte| *byte == b'\n').find_map(|line| Some(value_of(line, name)?.trim_ascii()))
    }

    /// Whether the program wants the connection to end.
    pub fn closes(&self) -> bool {
        lex::list(&self.connection).any(|token| token.eq_ignore_ascii_case(b"close"))
    }

    /// Forgets all of them.
    pub fn clear(&mut self) {
        let [mut lines, mut cookies] = self.take_buffers();
        lines.clear();
        cookies.clear();
        *self = Headers { lines, cookies, ..Headers::default() };
    }

    /// The buffers, to be used again.
    pub fn take_buffers(&mut self) -> [Vec<u8>; 2] {
        [std::mem::take(&mut self.lines), std::mem::take(&mut self.cookies)]
    }

    /// Sets a header to `values`, in the place of what it was. Errors: `InvalidParams`.
    pub fn set(&mut self, name: &[u8], values: &[&[u8]], format: bool) -> Result<()> {
        check_name(name)?;
        values.iter().try_for_each(|value| check_value(name, value))?;
        let known = Known::of(name);
        match known {
            Known::ContentLength => {
                self.length = match values.last() {
                    Some(value) => Some(number(value).ok_or_else(|| {
                        invalid(format!(
                            "header Content-Length: {:?} is no number of bytes",
                            String::from_utf8_lossy(value)
                        ))
                    })?),
                    None => None,
                };
                return Ok(());
            }
            Known::TransferEncoding => {
                self.coding = values.iter().any(|value| !value.eq_ignore_ascii_case(b"chunked"));
                return Ok(());
            }
            Known::Connection => {
                self.connection = values.join(&b", "[..]);
                return Ok(());
            }
            _ => {}
        }
        if known == Known::Other || self.there & known.bit() != 0 {
            self.remove(name);
        }
        if known != Known::Other {
            self.there &= !known.bit();
            self.there |= if values.is_empty() { 0 } else { known.bit() };
        }
        if self.lines.capacity() == 0 && !values.is_empty() {
            self.lines = super::pool::take();
        }
        for value in values {
            let from = self.lines.len();
            self.lines.extend_from_slice(name);
            if format {
                capitalise(&mut self.lines[from..]);
            }
            self.lines.extend_from_slice(b": ");
            self.lines.extend_from_slice(value);
            self.lines.extend_from_slice(b"\r\n");
        }
        Ok(())
    }

    /// Adds a line beside others of that name. It was checked.
    pub fn add(&mut self, name: &str, value: &[u8]) {
        add_line(&mut self.lines, name, value);
    }

    /// Adds a cookie. It was checked.
    pub fn add_cookie(&mut self, cookie: &[u8]) {
        add_line(&mut self.cookies, "Set-Cookie", cookie);
    }

    fn remove(&mut self, name: &[u8]) {
        let mut at = 0;
        while let Some(end) = memchr::memchr(b'\n', &self.lines[at..]) {
            let next = at + end + 1;
            if value_of(&self.lines[at..next], name).is_some() {
                self.lines.drain(at..next);
            } else {
                at = next;
            }
        }
    }

    /// Appends the whole head to `out`, with its blank line: what the program has set, and the rest as `frame` says.
    pub fn write(&self, out: &mut Vec<u8>, frame: &Frame<'_>) {
        if frame.status == 200 && frame.reason.is_empty() {
            out.extend_from_slice(b"HTTP/1.1 200 OK\r\n");
        } else {
            out.extend_from_slice(b"HTTP/1.1 ");
            decimal(out, frame.status.into());
            out.push(b' ');
            match frame.reason {
                [] => out.extend_from_slice(status::reason(frame.status).as_bytes()),
                reason => out.extend_from_slice(reason),
            }
            out.extend_from_slice(b"\r\n");
        }
        if !self.has(Known::Server) {
            out.extend_from_slice(b"Server: swoole-http-server\r\n");
        }
        if !self.has(Known::Date) {
            date_line(out);
        }
        match frame.connection {
            Connection::KeepAlive => out.extend_from_slice(b"Connection: keep-alive\r\n"),
            Connection::Close => out.extend_from_slice(b"Connection: close\r\n"),
            Connection::Upgrade if self.connection.is_empty() => out.extend_from_slice(b"Connection: Upgrade\r\n"),
            Connection::Upgrade => {
                for part in [b"Connection: ", &self.connection[..], b"\r\n"] {
                    out.extend_from_slice(part);
                }
            }
        }
        if frame.has_body && !self.has(Known::ContentType) {
            for part in [b"Content-Type: ", DEFAULT_TYPE, b"\r\n"] {
                out.extend_from_slice(part);
            }
        }
        out.extend_from_slice(&self.lines);
        if let Some(encoding) = frame.encoding {
            for part in [b"Content-Encoding: ", encoding.name().as_bytes(), b"\r\nVary: Accept-Encoding\r\n"] {
                out.extend_from_slice(part);
            }
        }
        out.extend_from_slice(&self.cookies);
        match frame.length {
            Length::None => {}
            Length::Known(length) => {
                out.extend_from_slice(b"Content-Length: ");
                decimal(out, length);
                out.extend_from_slice(b"\r\n");
            }
            Length::Chunked => out.extend_from_slice(b"Transfer-Encoding: chunked\r\n"),
        }
        out.extend_from_slice(b"\r\n");
    }
}

/// What a body is taken to be of which nothing is said.
pub const DEFAULT_TYPE: &[u8] = b"text/html";

/// What is said of the connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Connection {
    KeepAlive,
    Close,
    /// another protocol follows; the program's own header goes out if there is one
    Upgrade,
}

/// What is said of the body's length.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Length {
    /// nothing: there is no body, or the connection's end is its end
    None,
    Known(u64),
    Chunked,
}

/// What an answer's head says besides headers.
#[derive(Debug, Clone, Copy)]
pub struct Frame<'a> {
    pub status: u16,
    /// empty: the standard's
    pub reason: &'a [u8],
    pub connection: Connection,
    /// there is one, or would be if it were no HEAD
    pub has_body: bool,
    pub length: Length,
    /// how the engine has compressed the body
    pub encoding: Option<Encoding>,
}

fn add_line(lines: &mut Vec<u8>, name: &str, value: &[u8]) {
    if lines.capacity() == 0 {
        *lines = super::pool::take();
    }
    for part in [name.as_bytes(), b": ", value, b"\r\n"] {
        lines.extend_from_slice(part);
    }
}

/// The value of a line if the header's name is `name`.
fn value_of<'a>(line: &'a [u8], name: &[u8]) -> Option<&'a [u8]> {
    let (known, rest) = line.split_at_checked(name.len())?;
    (known.eq_ignore_ascii_case(name) && rest.first() == Some(&b':')).then(|| &rest[1..])
}

fn check_name(name: &[u8]) -> Result<()> {
    if !name.is_empty() && name.iter().all(|byte| lex::is_token_byte(*byte)) {
        return Ok(());
    }
    Err(invalid(format!(
        "{:?} cannot be the name of a header: it must be letters, digits and !#$%&'*+-.^_`|~",
        String::from_utf8_lossy(name)
    )))
}

fn check_value(name: &[u8], value: &[u8]) -> Result<()> {
    if lex::is_value(value) {
        return Ok(());
    }
    Err(invalid(format!(
        "the value of header {} holds a line break or another control character: {:?}; it is not set",
        String::from_utf8_lossy(name),
        String::from_utf8_lossy(value)
    )))
}

/// A name and a value that can go into a trailer: nothing that says how the message is to be read (RFC 9110, 6.5.1).
pub fn check_trailer(name: &[u8], value: &[u8]) -> Result<()> {
    const REFUSED: [&[u8]; 13] = [
        b"transfer-encoding",
        b"content-length",
        b"content-type",
        b"content-encoding",
        b"content-range",
        b"host",
        b"connection",
        b"keep-alive",
        b"trailer",
        b"upgrade",
        b"cache-control",
        b"set-cookie",
        b"te",
    ];
    check_name(name)?;
    check_value(name, value)?;
    if REFUSED.iter().any(|refused| name.eq_ignore_ascii_case(refused)) {
        return Err(invalid(format!(
            "header {} cannot stand behind the body: it is needed before it",
            String::from_utf8_lossy(name)
        )));
    }
    Ok(())
}

pub fn invalid(message: String) -> Error {
    Error::new(ErrorKind::InvalidParams, message)
}

/// A number of decimal digits and nothing else.
fn number(value: &[u8]) -> Option<u64> {
    let digits = !value.is_empty() && value.iter().all(u8::is_ascii_digit);
    digits.then(|| std::str::from_utf8(value).ok()?.parse().ok()).flatten()
}

/// `content-TYPE` becomes `Content-Type`.
fn capitalise(name: &mut [u8]) {
    let mut first = true;
    for byte in name {
        *byte = if first { byte.to_ascii_uppercase() } else { byte.to_ascii_lowercase() };
        first = *byte == b'-';
    }
}

/// Appends a number in digits.
pub fn decimal(out: &mut Vec<u8>, mut number: u64) {
    let mut digits = [0; 20];
    let mut at = digits.len();
    loop {
        at -= 1;
        digits[at] = b'0' + (number % 10) as u8;
        number /= 10;
        if number == 0 {
            break;
        }
    }
    out.extend_from_slice(&digits[at..]);
}

/// Length of `Date: Sun, 06 Nov 1994 08:49:37 GMT` with its line's end.
const DATE: usize = date::LENGTH + 8;
/// How long the date is taken to be right, in microseconds.
const STALE: u64 = 50_000;

thread_local! {
    static NOW: Cell<(u64, [u8; DATE])> = const { Cell::new((0, [0; DATE])) };
}

/// Appends the line of the date (RFC 9110, 6.6.1).
fn date_line(out: &mut Vec<u8>) {
    let now = clock::monotonic_coarse();
    let (at, mut line) = NOW.get();
    if at == 0 || now.saturating_sub(at) > STALE {
        let seconds = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
        line[..6].copy_from_slice(b"Date: ");
        line[6..6 + date::LENGTH].copy_from_slice(&date::format(seconds));
        line[6 + date::LENGTH..].copy_from_slice(b"\r\n");
        NOW.set((now, line));
    }
    out.extend_from_slice(&line);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn head(headers: &Headers, length: Length) -> String {
        let mut out = Vec::new();
        let connection = Connection::KeepAlive;
        let frame = Frame { status: 200, reason: b"", connection, has_body: true, length, encoding: None };
        headers.write(&mut out, &frame);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn what_the_program_does_not_say_the_engine_does() {
        let text = head(&Headers::default(), Length::Known(5));
        assert!(text.starts_with("HTTP/1.1 200 OK\r\nServer: swoole-http-server\r\nDate: "), "{text}");
        assert!(
            text.ends_with(" GMT\r\nConnection: keep-alive\r\nContent-Type: text/html\r\nContent-Length: 5\r\n\r\n")
        );
    }

    #[test]
    fn a_header_that_is_set_takes_the_place_of_the_one_before() {
        let mut headers = Headers::default();
        headers.set(b"x-one", &[b"1"], true).unwrap();
        headers.set(b"content-type", &[b"text/plain"], false).unwrap();
        headers.set(b"X-Two", &[b"1", b"2"], true).unwrap();
        headers.set(b"X-ONE", &[b"3"], true).unwrap();
        headers.set(b"content-TYPE", &[b"text/css"], true).unwrap();
        headers.set(b"x-on", &[b"4"], false).unwrap();
        let text = head(&headers, Length::Chunked);
        assert!(text.contains(
            "keep-alive\r\nX-Two: 1\r\nX-Two: 2\r\nX-One: 3\r\nContent-Type: text/css\r\nx-on: 4\r\nTransfer-"
        ));
        assert_eq!(headers.get(b"x-two"), Some(&b"1"[..]));
        headers.set(b"Content-Type", &[], false).unwrap();
        assert!(head(&headers, Length::None).contains("text/html"), "the default is back");
    }

    #[test]
    fn nothing_can_end_a_header_early() {
        let mut headers = Headers::default();
        for (name, value) in [
            ("a", "b\r\nc: d"),
            ("a", "b\n"),
            ("a", "\0"),
            ("a", "b\u{b}c"),
            ("a", "\u{7f}"),
            ("a\r\nb", "c"),
            ("", "c"),
            ("a b", "c"),
            ("a:", "c"),
            ("content-length", "5, 5"),
            ("content-length", "-1"),
        ] {
            let found = headers.set(name.as_bytes(), &[value.as_bytes()], true);
            assert_eq!(found.map_err(|e| e.kind()), Err(ErrorKind::InvalidParams), "{name:?}: {value:?}");
        }
        assert!(!head(&headers, Length::None).contains("\r\na"));
    }

    #[test]
    fn framing_is_the_engines_own() {
        let mut headers = Headers::default();
        headers.set(b"Content-Length", &[b"99"], true).unwrap();
        headers.set(b"Transfer-Encoding", &[b"chunked"], true).unwrap();
        headers.set(b"Connection", &[b"X-Hop, Close"], true).unwrap();
        assert!(headers.closes());
        let text = head(&headers, Length::Known(5));
        assert!(!text.contains("99") && !text.contains("chunked") && !text.contains("X-Hop"), "{text}");
    }

    #[test]
    fn numbers_are_written_as_they_are_said() {
        let mut out = Vec::new();
        for number in [0, 9, 10, 12345, u64::MAX] {
            decimal(&mut out, number);
            out.push(b' ');
        }
        assert_eq!(out, b"0 9 10 12345 18446744073709551615 ");
    }

    #[test]
    fn trailers_do_not_say_how_the_message_is_read() {
        assert!(check_trailer(b"X-Sum", b"1").is_ok());
        assert!(check_trailer(b"Content-length", b"1").is_err());
        assert!(check_trailer(b"X", b"1\n").is_err());
    }
}
