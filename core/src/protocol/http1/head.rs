//! The strict check of a request's head, line by line (RFC 9112): what it says about itself, or why it is refused.

use super::brief::flag;
use super::coding::Accepted;
use super::refusal::bad;
use super::{Brief, Method, Refusal, Target, lex, target};

/// Most lines that a head may have, and a trailer.
pub const MAX_FIELDS: u16 = 256;
/// Longest method; no standard has one half as long.
const MAX_METHOD: usize = 64;

/// How the end of a body is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Framing {
    /// by its length, which may be 0
    Length(u64),
    /// by chunks
    Chunks,
}

/// What the lines so far have said.
#[derive(Debug, Clone, Default)]
pub(super) struct Head {
    pub brief: Brief,
    fields: u16,
    length: Option<u64>,
    /// members of `Transfer-Encoding`, and whether the last one is `chunked`
    codings: u8,
    chunked: bool,
    chunked_inside: bool,
    encoded: bool,
    host: bool,
    expects: bool,
    close: bool,
    keep_alive: bool,
    upgrade: bool,
    websocket: bool,
    accepted: Accepted,
}

impl Head {
    /// The first line, without its end.
    pub fn request_line(&mut self, line: &[u8]) -> Result<(), Refusal> {
        let Some(space) = memchr::memchr(b' ', line) else {
            return Err(bad("the request line has no target"));
        };
        let method = &line[..space];
        self.brief.method = Method::of(method);
        if self.brief.method == Method::Other {
            if !lex::is_token(method) {
                return Err(bad("the method is no token"));
            }
            if method.len() > MAX_METHOD {
                return Err(Refusal::new(501, "there is no method of that length"));
            }
        }
        let rest = &line[space + 1..];
        let Some((target, version)) = rest.len().checked_sub(9).map(|at| rest.split_at(at)) else {
            return Err(bad("the request line has no version"));
        };
        match version {
            b" HTTP/1.1" => self.brief.flags |= flag::HTTP_11,
            b" HTTP/1.0" => {}
            [b' ', b'H', b'T', b'T', b'P', b'/', major, b'.', minor]
                if major.is_ascii_digit() && minor.is_ascii_digit() =>
            {
                return Err(Refusal::new(505, "the version is neither HTTP/1.0 nor HTTP/1.1"));
            }
            _ => return Err(bad("the request line ends in no version")),
        }
        if self.brief.method == Method::Connect {
            return Err(Refusal::new(501, "CONNECT is for proxies"));
        }
        let Some(target) = Target::parse(target) else {
            return Err(bad("the target is neither a path nor a URI of http"));
        };
        if target.path == b"*" && self.brief.method != Method::Options {
            return Err(bad("the target * is for OPTIONS"));
        }
        Ok(())
    }

    /// The method, which may stand in a first line that is not whole, or that was refused.
    pub fn method(&self, line: &[u8]) -> Method {
        match (self.brief.method, memchr::memchr(b' ', line)) {
            (Method::Other, Some(space)) => Method::of(&line[..space]),
            (method, _) => method,
        }
    }

    /// A line with a header, without its end.
    pub fn field(&mut self, line: &[u8]) -> Result<(), Refusal> {
        self.fields += 1;
        if self.fields > MAX_FIELDS {
            return Err(Refusal::new(431, "there are too many headers"));
        }
        let Some((name, value)) = lex::field(line) else { return Err(bad(no_field(line))) };
        // By length first: most headers are none of these.
        match name.len() {
            4 if name.eq_ignore_ascii_case(b"host") => self.host(value),
            5 if name.eq_ignore_ascii_case(b"range") => {
                self.brief.flags |= flag::RANGE;
                Ok(())
            }
            6 if name.eq_ignore_ascii_case(b"expect") => self.expect(value),
            7 if name.eq_ignore_ascii_case(b"upgrade") => {
                self.websocket |= lex::list(value).any(|member| member.eq_ignore_ascii_case(b"websocket"));
                Ok(())
            }
            10 if name.eq_ignore_ascii_case(b"connection") => {
                for member in lex::list(value) {
                    self.close |= member.eq_ignore_ascii_case(b"close");
                    self.keep_alive |= member.eq_ignore_ascii_case(b"keep-alive");
                    self.upgrade |= member.eq_ignore_ascii_case(b"upgrade");
                }
                Ok(())
            }
            14 if name.eq_ignore_ascii_case(b"content-length") => self.content_length(value),
            15 if name.eq_ignore_ascii_case(b"accept-encoding") => {
                self.accepted.add(value);
                Ok(())
            }
            17 if name.eq_ignore_ascii_case(b"transfer-encoding") => {
                self.transfer_encoding(value);
                Ok(())
            }
            _ => Ok(()),
        }
    }

    fn host(&mut self, value: &[u8]) -> Result<(), Refusal> {
        if self.host {
            return Err(bad("there are several Host headers"));
        }
        self.host = true;
        if target::is_host(value) { Ok(()) } else { Err(bad("Host is no host")) }
    }

    fn expect(&mut self, value: &[u8]) -> Result<(), Refusal> {
        if !value.eq_ignore_ascii_case(b"100-continue") {
            return Err(Refusal::new(417, "Expect asks for something unknown"));
        }
        self.expects = true;
        Ok(())
    }

    /// Repeated ones are refused even if they agree, which RFC 9112, 6.3 leaves to us: no client has a reason to send them.
    fn content_length(&mut self, value: &[u8]) -> Result<(), Refusal> {
        if self.length.is_some() {
            return Err(bad("there are several Content-Length headers"));
        }
        self.length = lex::decimal(value);
        if self.length.is_some() { Ok(()) } else { Err(bad("Content-Length is no number")) }
    }

    fn transfer_encoding(&mut self, value: &[u8]) {
        self.encoded = true;
        for member in lex::list(value) {
            self.chunked_inside |= self.chunked;
            self.chunked = member.eq_ignore_ascii_case(b"chunked");
            self.codings = self.codings.saturating_add(1);
        }
    }

    /// The blank line: what follows the head.
    pub fn finish(&mut self) -> Result<Framing, Refusal> {
        let is_11 = self.brief.has(flag::HTTP_11);
        if is_11 && !self.host {
            return Err(bad("there is no Host header"));
        }
        let framing = if self.encoded {
            if !is_11 {
                return Err(bad("HTTP/1.0 has no Transfer-Encoding"));
            }
            if self.length.is_some() {
                return Err(bad("there are Content-Length and Transfer-Encoding"));
            }
            // RFC 9112, 6.3: whoever does not chunk last leaves open where the body ends.
            if !self.chunked || self.chunked_inside {
                return Err(bad("Transfer-Encoding does not end in one chunked"));
            }
            if self.codings > 1 {
                return Err(Refusal::new(501, "Transfer-Encoding has more than chunked"));
            }
            self.brief.flags |= flag::CHUNKED;
            Framing::Chunks
        } else {
            Framing::Length(self.length.unwrap_or(0))
        };
        if !self.close && (is_11 || self.keep_alive) {
            self.brief.flags |= flag::KEEP_ALIVE;
        }
        if self.websocket && self.upgrade && is_11 && self.brief.method == Method::Get && framing == Framing::Length(0)
        {
            self.brief.flags |= flag::WEBSOCKET;
        }
        self.brief.flags |= self.accepted.flags();
        Ok(framing)
    }

    /// Whether the client waits for 100 Continue before it sends the body (RFC 9110, 10.1.1).
    pub fn waits(&self) -> bool {
        self.expects && self.brief.has(flag::HTTP_11)
    }
}

/// A header behind a chunked body, without its end. What would change how the message is read or where it goes is refused there.
pub(super) fn trailer(line: &[u8]) -> Result<(), Refusal> {
    let Some((name, _)) = lex::field(line) else { return Err(bad(no_field(line))) };
    let forbidden = [&b"content-length"[..], b"transfer-encoding", b"host"];
    if forbidden.iter().any(|known| name.eq_ignore_ascii_case(known)) {
        return Err(bad("a header of framing or routing is in the trailer"));
    }
    Ok(())
}

/// What is wrong with a line that is no header.
fn no_field(line: &[u8]) -> &'static str {
    match line.iter().find(|byte| !lex::is_token_byte(**byte)) {
        Some(b' ' | b'\t') if matches!(line[0], b' ' | b'\t') => "a header is folded, or a line begins with space",
        Some(b' ' | b'\t') => "there is space in a header's name, or before its colon",
        None => "a header has no colon",
        _ => "a header's name is no token",
    }
}
