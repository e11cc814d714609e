//! What the reader of requests should say, worked out in the most naive way on the uncut stream, from the text of the standard and not from the
//! reader's parts; and a driver that records what it does say. Shared by the property tests here and by the fuzz targets, which include this file: it
//! takes the room's types from whatever module it is put in.

use super::{Limits, Method, Reader, Step, flag, multipart};

/// A request that was let in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Read {
    pub method: Method,
    pub flags: u16,
    pub head: Vec<u8>,
    pub body: Vec<u8>,
    pub trailer: Vec<u8>,
}

/// What came of a stream.
#[derive(Debug, PartialEq, Eq)]
pub struct Outcome {
    pub requests: Vec<Read>,
    /// the status that it was refused with, if it was
    pub refused: Option<u16>,
}

/// Flags that the oracle knows: what is accepted is tested in its own room.
const KNOWN: u16 = flag::HTTP_11 | flag::KEEP_ALIVE | flag::WEBSOCKET | flag::CHUNKED | flag::UPLOAD;

/// Feeds a stream in pieces; what is not used up comes again with the next piece, as a connection would do it.
pub fn drive(pieces: &[&[u8]], limits: &Limits) -> Outcome {
    let (mut reader, mut input) = (Reader::default(), Vec::new());
    let mut outcome = Outcome { requests: Vec::new(), refused: None };
    let mut upload = None;
    for piece in pieces {
        input.extend_from_slice(piece);
        let mut from = 0;
        loop {
            let (used, step) = reader.next(&input[from..], limits, 5);
            from += used;
            match step {
                Step::More => {
                    assert_eq!(from, input.len(), "all is used up");
                    break;
                }
                Step::Continue => assert!(from == input.len() && upload.is_none_or_empty()),
                Step::Request { brief, bytes } => {
                    let (head, rest) = bytes.split_at(brief.head as usize);
                    let (body, trailer) = rest.split_at(brief.body as usize);
                    assert!(upload.is_none() && brief.since == 5 && brief.body <= limits.body);
                    outcome.requests.push(Read {
                        method: brief.method,
                        flags: brief.flags & KNOWN,
                        head: head.to_vec(),
                        body: body.to_vec(),
                        trailer: trailer.to_vec(),
                    });
                    assert_eq!(reader.progress(), None);
                }
                Step::Upload { .. } => assert!(upload.replace(Vec::new()).is_none()),
                Step::Piece(piece) => {
                    let upload: &mut Vec<u8> = upload.as_mut().expect("an upload that has begun");
                    upload.extend_from_slice(piece);
                }
                Step::Uploaded { brief, head, trailer } => {
                    outcome.requests.push(Read {
                        method: brief.method,
                        flags: brief.flags & KNOWN,
                        head: head.to_vec(),
                        body: upload.take().expect("an upload that has begun"),
                        trailer: trailer.to_vec(),
                    });
                }
                Step::Refuse(refusal) => {
                    outcome.refused = Some(refusal.status);
                    return outcome;
                }
            }
        }
        input.clear();
    }
    outcome
}

trait Empty {
    fn is_none_or_empty(&self) -> bool;
}

impl Empty for Option<Vec<u8>> {
    fn is_none_or_empty(&self) -> bool {
        self.as_ref().is_none_or(Vec::is_empty)
    }
}

/// What should come of a stream.
pub fn requests(mut stream: &[u8], limits: &Limits) -> Outcome {
    let mut requests = Vec::new();
    loop {
        match request(stream, limits) {
            Ok(Some((request, used))) => {
                requests.push(request);
                stream = &stream[used..];
            }
            Ok(None) => return Outcome { requests, refused: None },
            Err(status) => return Outcome { requests, refused: Some(status) },
        }
    }
}

/// A line with its end, within so many bytes; longer ones are refused with the status. None: it is not there as a whole.
fn line(bytes: &[u8], max: usize, status: u16) -> Result<Option<&[u8]>, u16> {
    let length = bytes.iter().position(|byte| *byte == b'\n').map(|at| at + 1);
    match length {
        Some(length) if length > max => Err(status),
        None if !bytes.is_empty() && bytes.len() + 1 > max => Err(status),
        None => Ok(None),
        Some(length) => {
            let line = &bytes[..length];
            let inside = line.strip_suffix(b"\r\n").ok_or(400u16)?;
            if inside.iter().any(|byte| (*byte < 32 && *byte != 9) || *byte == 127) {
                return Err(400);
            }
            Ok(Some(line))
        }
    }
}

fn is_token(text: &[u8]) -> bool {
    !text.is_empty() && text.iter().all(|byte| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(byte))
}

/// Name in small letters, and value.
fn header(line: &[u8]) -> Result<(String, String), u16> {
    let text: String = line[..line.len() - 2].iter().map(|byte| *byte as char).collect();
    let (name, value) = text.split_once(':').ok_or(400u16)?;
    if !name.is_ascii() || !is_token(name.as_bytes()) {
        return Err(400);
    }
    Ok((name.to_ascii_lowercase(), value.trim_matches([' ', '\t']).to_string()))
}

fn members(values: &[&str]) -> Vec<String> {
    let all = values.iter().flat_map(|value| value.split(','));
    all.map(|member| member.trim_matches([' ', '\t']).to_ascii_lowercase())
        .filter(|member| !member.is_empty())
        .collect()
}

fn is_host(text: &str) -> bool {
    let (host, port) = match text.strip_prefix('[') {
        Some(rest) => match rest.split_once(']') {
            Some((address, port)) if !address.is_empty() => (address.replace(':', ""), port),
            _ => return false,
        },
        None => {
            let at = text.find(':').unwrap_or(text.len());
            (text[..at].to_string(), &text[at..])
        }
    };
    let is_port =
        port.is_empty() || (port.starts_with(':') && port.len() <= 6 && port[1..].chars().all(|c| c.is_ascii_digit()));
    is_port && host.chars().all(|c| c.is_ascii_alphanumeric() || "-._~%!$&'()*+,;=".contains(c))
}

fn is_target(target: &str, method: &str) -> bool {
    if target.contains([' ', '\t', '#']) {
        return false;
    }
    if target == "*" {
        return method == "OPTIONS";
    }
    let lower = target.to_ascii_lowercase();
    for scheme in ["http://", "https://"] {
        if lower.starts_with(scheme) {
            let rest = &target[scheme.len()..];
            let authority = &rest[..rest.find(['/', '?']).unwrap_or(rest.len())];
            return !authority.is_empty() && is_host(authority);
        }
    }
    target.starts_with('/')
}

fn request(stream: &[u8], limits: &Limits) -> Result<Option<(Read, usize)>, u16> {
    let start = if stream.starts_with(b"\r\n") { 2 } else { 0 };
    let bytes = &stream[start..];
    if bytes.is_empty() || stream == b"\r" {
        return Ok(None);
    }
    if !is_token(&bytes[..1]) {
        return Err(400);
    }
    let (first_max, first_status) = if limits.line <= limits.head { (limits.line, 414) } else { (limits.head, 431) };
    let Some(first) = line(bytes, first_max, first_status)? else { return Ok(None) };
    let text: String = first[..first.len() - 2].iter().map(|byte| *byte as char).collect();
    let (method, rest) = text.split_once(' ').ok_or(400u16)?;
    if !method.is_ascii() || !is_token(method.as_bytes()) {
        return Err(400);
    }
    if method.len() > 64 {
        return Err(501);
    }
    let (target, version) = rest.rsplit_once(' ').ok_or(400u16)?;
    let is_version = |v: &[u8]| {
        v.len() == 8 && v.starts_with(b"HTTP/") && v[5].is_ascii_digit() && v[6] == b'.' && v[7].is_ascii_digit()
    };
    let is_11 = match version {
        "HTTP/1.1" => true,
        "HTTP/1.0" => false,
        other if is_version(other.as_bytes()) => return Err(505),
        _ => return Err(400),
    };
    if method == "CONNECT" {
        return Err(501);
    }
    if !is_target(target, method) {
        return Err(400);
    }
    let mut at = first.len();
    let mut headers: Vec<(String, String)> = Vec::new();
    let mut error = None;
    loop {
        let Some(line) = line(&bytes[at..], limits.head.saturating_sub(at), 431)? else {
            return error.map_or(Ok(None), Err);
        };
        at += line.len();
        if line == b"\r\n" {
            break;
        }
        if headers.len() == 256 {
            return Err(431);
        }
        headers.push(header(line)?);
        // What a line says by itself is judged when it comes.
        error = error.or(own_error(&headers));
        if let Some(status) = error {
            return Err(status);
        }
    }
    let values = |name: &str| -> Vec<&str> {
        headers.iter().filter(|(n, _)| n == name).map(|(_, value)| value.as_str()).collect()
    };
    if is_11 && values("host").len() != 1 {
        return Err(400);
    }
    let (lengths, codings) = (values("content-length"), values("transfer-encoding"));
    let connection = members(&values("connection"));
    let has = |list: &[String], member: &str| list.iter().any(|m| m == member);
    let mut flags = if is_11 { flag::HTTP_11 } else { 0 };
    let mut read = Read {
        method: Method::ALL.iter().find(|(_, name)| *name == method).map_or(Method::Other, |(method, _)| *method),
        flags: 0,
        head: bytes[..at].to_vec(),
        body: Vec::new(),
        trailer: Vec::new(),
    };
    let bytes_of = |text: &str| -> Vec<u8> { text.chars().map(|c| c as u8).collect() };
    let is_form = values("content-type").first().is_some_and(|kind| multipart::boundary(&bytes_of(kind)).is_some());
    let max = if is_form { limits.upload.max(limits.body) } else { limits.body };
    let mut length = 0;
    if codings.is_empty() {
        length = lengths.first().map_or(0, |value| value.parse::<u64>().expect("it was checked"));
        if length > max {
            return Err(413);
        }
    } else {
        let list = members(&codings);
        let chunked = list.iter().filter(|member| *member == "chunked").count();
        if !is_11 || !lengths.is_empty() || list.last().is_none_or(|last| last != "chunked") {
            return Err(400);
        }
        // Only if chunked is applied before something else is the end of the body unknown; elsewhere it is just unknown to us.
        if chunked > 1 {
            return Err(400);
        }
        if list.len() > 1 {
            return Err(501);
        }
        flags |= flag::CHUNKED;
    }
    if !has(&connection, "close") && (is_11 || has(&connection, "keep-alive")) {
        flags |= flag::KEEP_ALIVE;
    }
    let upgrade = has(&connection, "upgrade") && has(&members(&values("upgrade")), "websocket");
    if upgrade && is_11 && method == "GET" && codings.is_empty() && length == 0 {
        flags |= flag::WEBSOCKET;
    }
    if codings.is_empty() {
        let Some(body) = bytes.get(at..at + length as usize) else { return Ok(None) };
        read.body = body.to_vec();
        at += body.len();
    } else {
        match chunks(&bytes[at..], limits, max)? {
            None => return Ok(None),
            Some((body, trailer, used)) => {
                (read.body, read.trailer) = (body, trailer);
                at += used;
            }
        }
    }
    if read.body.len() as u64 > limits.body {
        flags |= flag::UPLOAD;
    }
    read.flags = flags;
    Ok(Some((read, start + at)))
}

/// What is wrong with the last of these headers, given those before.
fn own_error(headers: &[(String, String)]) -> Option<u16> {
    let (name, value) = headers.last()?;
    let is_repeated = headers.iter().filter(|(n, _)| n == name).count() > 1;
    match name.as_str() {
        "host" if is_repeated || !is_host(value) => Some(400),
        "content-length"
            if is_repeated || value.is_empty() || value.len() > 19 || !value.chars().all(|c| c.is_ascii_digit()) =>
        {
            Some(400)
        }
        "expect" if !value.eq_ignore_ascii_case("100-continue") => Some(417),
        _ => None,
    }
}

/// Body, trailer, and how many bytes they took.
#[allow(clippy::type_complexity)]
fn chunks(bytes: &[u8], limits: &Limits, max: u64) -> Result<Option<(Vec<u8>, Vec<u8>, usize)>, u16> {
    let (mut at, mut body, mut trailer, mut fields, mut extensions) = (0, Vec::new(), Vec::new(), 0, 0);
    loop {
        let Some(first) = line(&bytes[at..], 273, 400)? else { return Ok(None) };
        at += first.len();
        let first = &first[..first.len() - 2];
        let digits: String = first.iter().map(|byte| *byte as char).take_while(char::is_ascii_hexdigit).collect();
        let behind = &first[digits.len()..];
        let behind_space = behind.iter().find(|byte| **byte != b' ' && **byte != b'\t');
        extensions += behind.len();
        if digits.is_empty() || digits.len() > 15 || behind.len() > 256 || extensions > 16 << 10 {
            return Err(400);
        }
        if !behind.is_empty() && behind_space != Some(&b';') {
            return Err(400);
        }
        let size = u64::from_str_radix(&digits, 16).expect("15 digits");
        if size == 0 {
            break;
        }
        let there = size.min((bytes.len() - at) as u64);
        if body.len() as u64 + there > max {
            return Err(413);
        }
        body.extend_from_slice(&bytes[at..at + there as usize]);
        if there < size {
            return Ok(None);
        }
        at += size as usize;
        let Some(end) = line(&bytes[at..], 2, 400)? else { return Ok(None) };
        if end != b"\r\n" {
            return Err(400);
        }
        at += 2;
    }
    loop {
        let Some(line) = line(&bytes[at..], limits.head.saturating_sub(trailer.len()), 431)? else { return Ok(None) };
        at += line.len();
        if line == b"\r\n" {
            return Ok(Some((body, trailer, at)));
        }
        fields += 1;
        if fields > 256 {
            return Err(431);
        }
        if ["host", "content-length", "transfer-encoding"].contains(&header(line)?.0.as_str()) {
            return Err(400);
        }
        trailer.extend_from_slice(line);
    }
}
