//! A request as bytes and parts of files. What a program gives is checked here: nothing of it can become a second request.

use super::request::{Body, Pairs, Request, Upload};
use crate::error::{Error, ErrorKind, Result};
use crate::net::file;
use crate::protocol::http1::lex;
use percent_encoding::{AsciiSet, CONTROLS, NON_ALPHANUMERIC, percent_encode};
use std::os::unix::ffi::OsStrExt;
use std::path::PathBuf;

/// A part of what is sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Piece {
    Bytes(Vec<u8>),
    File { path: PathBuf, offset: u64, length: u64 },
}

/// What a head has beside what its request says.
#[derive(Debug, Default)]
pub(super) struct Around {
    /// what stands before the target: `http://host` for a proxy
    pub prefix: String,
    /// the value of `Host`
    pub host: String,
    /// of the handshake of a WebSocket, and for a proxy
    pub own: Vec<(&'static str, String)>,
    pub cookie: Option<Vec<u8>>,
    /// `Connection: keep-alive`; else `close`
    pub keep_alive: bool,
}

/// Bodies up to this size are sent together with their head.
const SMALL: usize = 64 << 10;
/// What a form encodes, as browsers do.
const FORM: &AsciiSet = &NON_ALPHANUMERIC.remove(b'*').remove(b'-').remove(b'.').remove(b'_').remove(b' ');
/// What cannot stand between the quotes of a form's field.
const QUOTED: &AsciiSet = &CONTROLS.add(b'"');
/// Beyond ASCII, which a target cannot have.
const BEYOND: &AsciiSet = &AsciiSet::EMPTY;

fn invalid<T>(why: impl Into<String>) -> Result<T> {
    Err(Error::new(ErrorKind::InvalidParams, why))
}

fn shown(bytes: &[u8]) -> String {
    String::from_utf8_lossy(&bytes[..bytes.len().min(100)]).into_owned()
}

/// The method by which a request goes out.
pub(super) fn method(request: &Request) -> &[u8] {
    match (&request.method[..], &request.body) {
        (b"", Body::None) => b"GET",
        (b"", _) => b"POST",
        (given, _) => given,
    }
}

/// The target by which a request goes out: with a slash in front, without what follows a `#`.
pub(super) fn target(request: &Request) -> Vec<u8> {
    let bare = request.target.split(|byte| *byte == b'#').next().unwrap_or_default();
    let slash: &[u8] = if bare.is_empty() || bare[0] == b'?' { b"/" } else { b"" };
    [slash, percent_encode(bare, BEYOND).to_string().as_bytes()].concat()
}

/// Whether an answer may come in a content coding, to be taken out of it. What goes to a file is kept as it comes, unless the program asks for codings by itself: the place in a file must be
/// one in what is sent, and a few bytes may stand for gigabytes.
pub(super) fn takes_codings(request: &Request) -> bool {
    let has = |name: &[u8]| request.headers.iter().any(|(known, _)| known.eq_ignore_ascii_case(name));
    has(b"accept-encoding") || !(request.download.is_some() || has(b"range"))
}

/// Refuses what cannot be sent.
pub(super) fn check(request: &Request) -> Result<()> {
    let method = method(request);
    if !lex::is_token(method) || method == b"CONNECT" {
        return invalid(format!("{:?} was given as method; a word as GET or POST is needed", shown(method)));
    }
    let target = target(request);
    let is_path = target.starts_with(b"/") || (target == b"*" && method == b"OPTIONS");
    if !is_path || target.iter().any(|byte| byte.is_ascii_control() || *byte == b' ') {
        return invalid(format!(
            "{:?} was given as path; it begins with a slash and has no space or control character: encode these, in PHP by rawurlencode()",
            shown(&target)
        ));
    }
    for (name, value) in &request.headers {
        if !lex::is_token(name) || !lex::is_value(value) {
            return invalid(format!(
                "the header {:?} cannot be sent: a name is a word, and a value has no line's end and no other control character",
                shown(name)
            ));
        }
    }
    if let Body::Multipart { files, .. } = &request.body {
        files.iter().try_for_each(check_upload)?;
    }
    Ok(())
}

/// Refuses a file that cannot be sent.
pub(super) fn check_upload(upload: &Upload) -> Result<()> {
    if !lex::is_value(&upload.media_type) {
        return invalid(format!("{:?} was given as type of an uploaded file", shown(&upload.media_type)));
    }
    part(upload).map(|_| ())
}

/// What is sent of a file: how many bytes.
fn part(upload: &Upload) -> Result<u64> {
    // An empty file can be uploaded as well.
    let empty = upload.offset == 0
        && upload.length == 0
        && std::fs::metadata(&upload.path).is_ok_and(|found| found.is_file() && found.len() == 0);
    if empty { Ok(0) } else { file::part(&upload.path, upload.offset, upload.length).map(|(_, length)| length) }
}

/// What is to be sent, in order. Errors: a file is not as it was when it was checked.
pub(super) fn write(request: &Request, around: &Around) -> Result<Vec<Piece>> {
    let (method, has) =
        (method(request), |name: &[u8]| request.headers.iter().any(|(known, _)| known.eq_ignore_ascii_case(name)));
    let mut head = Vec::with_capacity(512);
    for part in [method, b" ", around.prefix.as_bytes(), &target(request), b" HTTP/1.1\r\n"] {
        head.extend_from_slice(part);
    }
    let mut line = |name: &[u8], value: &[u8]| {
        for part in [name, b": ", value, b"\r\n"] {
            head.extend_from_slice(part);
        }
    };
    if !has(b"host") {
        line(b"Host", around.host.as_bytes());
    }
    let is_own = |name: &[u8]| around.own.iter().any(|(known, _)| known.as_bytes().eq_ignore_ascii_case(name));
    for (name, value) in &request.headers {
        let framing = name.eq_ignore_ascii_case(b"content-length") || name.eq_ignore_ascii_case(b"transfer-encoding");
        if !framing && !is_own(name) {
            line(name, value);
        }
    }
    for (name, value) in &around.own {
        line(name.as_bytes(), value.as_bytes());
    }
    if !has(b"connection") && !is_own(b"connection") {
        line(b"Connection", if around.keep_alive { b"keep-alive" } else { b"close" });
    }
    if !has(b"accept-encoding") {
        line(b"Accept-Encoding", if takes_codings(request) { b"gzip, deflate, br" } else { b"identity" });
    }
    if let Some(download) = request.download.as_ref().filter(|download| download.offset > 0 && !has(b"range")) {
        line(b"Range", format!("bytes={}-", download.offset).as_bytes());
    }
    if let Some(cookie) = around.cookie.as_ref().filter(|_| !has(b"cookie")) {
        line(b"Cookie", cookie);
    }
    let (length, pieces) = match &request.body {
        Body::None => (0, Vec::new()),
        Body::Bytes(bytes) => (bytes.len() as u64, vec![Piece::Bytes(bytes.clone())]),
        Body::Form(fields) => {
            if !has(b"content-type") {
                line(b"Content-Type", b"application/x-www-form-urlencoded");
            }
            let bytes = form(fields);
            (bytes.len() as u64, vec![Piece::Bytes(bytes)])
        }
        Body::Multipart { fields, files } => {
            let boundary = boundary();
            line(b"Content-Type", format!("multipart/form-data; boundary={boundary}").as_bytes());
            multipart(fields, files, &boundary)?
        }
    };
    if length > 0 || !matches!(request.body, Body::None) || [&b"POST"[..], b"PUT", b"PATCH"].contains(&method) {
        line(b"Content-Length", length.to_string().as_bytes());
    }
    head.extend_from_slice(b"\r\n");
    Ok(joined(head, pieces))
}

/// Puts the head before the body, in one piece if they are small.
fn joined(mut head: Vec<u8>, mut pieces: Vec<Piece>) -> Vec<Piece> {
    if let Some(Piece::Bytes(first)) = pieces.first()
        && first.len() <= SMALL
    {
        head.extend_from_slice(first);
        pieces[0] = Piece::Bytes(head);
    } else {
        pieces.insert(0, Piece::Bytes(head));
    }
    pieces
}

/// `application/x-www-form-urlencoded`, as the URL standard writes it.
pub(super) fn form(fields: &Pairs) -> Vec<u8> {
    let encode = |bytes: &[u8]| percent_encode(bytes, FORM).to_string().replace(' ', "+");
    let pairs: Vec<String> = fields.iter().map(|(name, value)| format!("{}={}", encode(name), encode(value))).collect();
    pairs.join("&").into_bytes()
}

/// What divides the parts: nobody can foresee it, so no file holds it.
fn boundary() -> String {
    let words: Vec<String> =
        (0..4).map(|_| format!("{:08x}", u32::from_ne_bytes(crate::protocol::websocket::random_mask()))).collect();
    format!("----{}", words.concat())
}

fn multipart(fields: &Pairs, files: &[Upload], boundary: &str) -> Result<(u64, Vec<Piece>)> {
    let (mut bytes, mut pieces, mut length) = (Vec::new(), Vec::new(), 0);
    for (name, value) in fields {
        let front =
            [b"--", boundary.as_bytes(), b"\r\nContent-Disposition: form-data; name=\"", &quoted(name), b"\"\r\n\r\n"];
        bytes.extend(front.concat());
        bytes.extend_from_slice(value);
        bytes.extend_from_slice(b"\r\n");
    }
    for upload in files {
        let file_name = match &upload.file_name[..] {
            b"" => upload.path.file_name().unwrap_or_default().as_bytes(),
            given => given,
        };
        let media_type = match &upload.media_type[..] {
            b"" => mime_guess::from_path(&upload.path).first_raw().unwrap_or("application/octet-stream").as_bytes(),
            given => given,
        };
        let front = [
            b"--",
            boundary.as_bytes(),
            b"\r\nContent-Disposition: form-data; name=\"",
            &quoted(&upload.name),
            b"\"; filename=\"",
            &quoted(file_name),
            b"\"\r\nContent-Type: ",
            media_type,
            b"\r\n\r\n",
        ];
        bytes.extend(front.concat());
        let part = part(upload)?;
        if part > 0 {
            length += bytes.len() as u64 + part;
            pieces.push(Piece::Bytes(std::mem::take(&mut bytes)));
            pieces.push(Piece::File { path: upload.path.clone(), offset: upload.offset, length: part });
        }
        bytes.extend_from_slice(b"\r\n");
    }
    bytes.extend([b"--", boundary.as_bytes(), b"--\r\n"].concat());
    length += bytes.len() as u64;
    pieces.push(Piece::Bytes(bytes));
    Ok((length, pieces))
}

/// Names as browsers write them between quotes: only quotes and line ends are encoded.
fn quoted(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len());
    for byte in bytes {
        if *byte == b'"' || byte.is_ascii_control() {
            out.extend(percent_encode(&[*byte], QUOTED).to_string().into_bytes());
        } else {
            out.push(*byte);
        }
    }
    out
}
