//! A request, as its bytes: what is looked at is parsed then.

use super::{pool, upload_file};
use crate::protocol::http1::brief::flag;
use crate::protocol::http1::multipart::{Content, listed};
use crate::protocol::http1::{Brief, Method, Target};
use crate::server::{PortId, SessionId};
use crate::sys::process;
use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::path::PathBuf;
use std::sync::Arc;

/// A request. Owns its bytes, so it may be kept. The socket side has checked the head: lines end in CRLF, names are tokens, values hold no control characters.
#[derive(Debug, Clone)]
pub struct Request {
    session: SessionId,
    port: PortId,
    brief: Brief,
    /// head, body, trailer lines, from `from` on
    bytes: Vec<u8>,
    from: usize,
    /// files that came with it
    files: Option<Arc<Files>>,
}

/// Files that came with a request, to be deleted with its last copy.
#[derive(Debug)]
struct Files {
    paths: Vec<PathBuf>,
    /// which process of a line of forks has them
    generation: u32,
}

impl Drop for Files {
    fn drop(&mut self) {
        if self.generation == process::generation() {
            for path in &self.paths {
                // The program may have moved it.
                let _ = std::fs::remove_file(path);
            }
        }
    }
}

impl Drop for Request {
    fn drop(&mut self) {
        pool::give(std::mem::take(&mut self.bytes));
    }
}

impl Request {
    /// Of the socket side; what belongs to it begins at byte `from` of `bytes`.
    pub(in crate::server) fn new(
        session: SessionId,
        port: PortId,
        brief: Brief,
        bytes: Vec<u8>,
        from: usize,
    ) -> Request {
        let mut request = Request { session, port, brief, bytes, from, files: None };
        if brief.has(flag::UPLOAD) {
            let begin = request.bytes.as_ptr().addr();
            let places: Vec<_> = listed(request.body())
                .filter_map(|entry| match entry.content {
                    Content::File { path, .. } => Some((path.as_ptr().addr() - begin, path.len())),
                    Content::Bytes(_) => None,
                })
                .collect();
            let paths = places.into_iter().map(|(at, length)| {
                let path = &mut request.bytes[at..at + length];
                upload_file::take_over(path);
                PathBuf::from(OsStr::from_bytes(path))
            });
            let files = Files { paths: paths.collect(), generation: process::generation() };
            request.files = Some(Arc::new(files));
        }
        request
    }

    /// Of the payload of a message; None: it is none.
    pub(in crate::server) fn received(session: SessionId, port: PortId, bytes: Vec<u8>) -> Option<Request> {
        let (brief, _) = Brief::parse(&bytes)?;
        Some(Request::new(session, port, brief, bytes, Brief::SIZE))
    }

    /// One that came over no connection: the program has parsed it by itself. `bytes` are the head, the body and the lines of the trailer, as `brief` tells.
    pub fn detached(brief: Brief, bytes: Vec<u8>) -> Request {
        Request { session: 0, port: 0, brief, bytes, from: 0, files: None }
    }

    /// The connection that it came over; 0: none.
    pub fn session(&self) -> SessionId {
        self.session
    }

    /// The listening port that it came in at.
    pub fn port(&self) -> PortId {
        self.port
    }

    /// What was found out about it.
    pub fn brief(&self) -> &Brief {
        &self.brief
    }

    /// Its head as it came, with the blank line.
    pub fn head(&self) -> &[u8] {
        &self.all()[..self.brief.head as usize]
    }

    fn all(&self) -> &[u8] {
        &self.bytes[self.from..]
    }

    /// Its first line, without the line's end.
    fn line(&self) -> &[u8] {
        let head = self.head();
        &head[..memchr::memchr(b'\r', head).unwrap_or(0)]
    }

    /// Its method.
    pub fn method(&self) -> &[u8] {
        match Method::ALL.get(self.brief.method as usize) {
            Some((method, name)) if *method != Method::Other => name.as_bytes(),
            _ => self.line().split(|byte| *byte == b' ').next().unwrap_or_default(),
        }
    }

    /// What was asked for, as it came: path and query.
    pub fn target(&self) -> &[u8] {
        self.line().split(|byte| *byte == b' ').nth(1).unwrap_or_default()
    }

    /// The target, taken apart: it may be a whole URI (RFC 9112, 3.2.2).
    fn parts(&self) -> Target<'_> {
        let target = self.target();
        Target::parse(target).unwrap_or(Target { authority: None, path: target, query: b"" })
    }

    /// The path, as it came: nothing is decoded.
    pub fn path(&self) -> &[u8] {
        self.parts().path
    }

    /// What stands behind the question mark; empty if nothing does.
    pub fn query(&self) -> &[u8] {
        self.parts().query
    }

    /// Whether it is of HTTP/1.1; else of 1.0.
    pub fn is_http_11(&self) -> bool {
        self.brief.has(flag::HTTP_11)
    }

    /// Its headers in order, names as they came.
    pub fn headers(&self) -> impl Iterator<Item = (&[u8], &[u8])> {
        lines(&self.head()[(self.line().len() + 2).min(self.head().len())..])
    }

    /// The first header of that name, in any letter case.
    pub fn header(&self, name: &[u8]) -> Option<&[u8]> {
        let head = self.head();
        let mut rest = &head[(self.line().len() + 2).min(head.len())..];
        while !rest.is_empty() {
            let end = memchr::memchr(b'\n', rest).unwrap_or(rest.len());
            let line = &rest[..end];
            if line.get(name.len()) == Some(&b':') && line[..name.len()].eq_ignore_ascii_case(name) {
                return Some(line[name.len() + 1..].trim_ascii());
            }
            rest = rest.get(end + 1..).unwrap_or_default();
        }
        None
    }

    /// Its body, without chunks.
    pub fn body(&self) -> &[u8] {
        let from = self.brief.head as usize;
        &self.all()[from..from + self.brief.body as usize]
    }

    /// Headers behind a chunked body.
    pub fn trailers(&self) -> impl Iterator<Item = (&[u8], &[u8])> {
        lines(&self.all()[self.brief.head as usize + self.brief.body as usize..])
    }

    /// Head and body, as one.
    pub fn data(&self) -> &[u8] {
        &self.all()[..self.brief.head as usize + self.brief.body as usize]
    }
}

/// Lines of names and values, which were checked.
fn lines(mut rest: &[u8]) -> impl Iterator<Item = (&[u8], &[u8])> {
    std::iter::from_fn(move || {
        while !rest.is_empty() {
            let end = memchr::memchr(b'\n', rest).unwrap_or(rest.len());
            let line = &rest[..end];
            rest = rest.get(end + 1..).unwrap_or_default();
            // Names are short: looking byte by byte is quicker.
            if let Some(colon) = line.iter().position(|byte| *byte == b':') {
                return Some((&line[..colon], line[colon + 1..].trim_ascii()));
            }
        }
        None
    })
}
