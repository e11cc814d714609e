//! Files below `document_root`, which are sent before the program hears of a request.
//!
//! Runs in: worker.

use super::head::invalid;
use super::{Request, Response, mime};
use crate::config::ServerSettings;
use crate::error::{Error, Result};
use crate::log;
use crate::protocol::http1::{Method, Range, date, pairs};
use crate::sys::beneath::{self, Directory};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_encode};
use std::ffi::OsStr;
use std::fs::{File, Metadata};
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::MetadataExt;
use std::path::Path;

/// Entries of a directory that are listed.
const LISTED: usize = 10_000;

/// The static handler of a worker.
#[derive(Debug)]
pub struct Files {
    root: Directory,
    /// with a slash at their ends
    locations: Vec<Vec<u8>>,
    index: Vec<String>,
    lists: bool,
}

/// What became of a request.
pub enum Served {
    /// it is answered
    Yes,
    /// there is no such file: the program may have an answer
    No(Response),
}

/// A file or directory that was found.
struct Found {
    file: File,
    about: Metadata,
    relative: Vec<u8>,
}

impl Files {
    /// As the settings say; None: they do not want it. Errors: the directory cannot be opened.
    pub fn new(settings: &ServerSettings) -> Result<Option<Files>> {
        let Some(path) = settings.document_root.as_deref().filter(|_| settings.enable_static_handler) else {
            return Ok(None);
        };
        let root = Directory::open(path)
            .map_err(|e| Error::system(format_args!("option \"document_root\": cannot open {}", path.display()), &e))?;
        let location = |location: &String| {
            let mut location = location.trim_end_matches('/').as_bytes().to_vec();
            if !location.starts_with(b"/") {
                location.insert(0, b'/');
            }
            if !location.ends_with(b"/") {
                location.push(b'/');
            }
            location
        };
        Ok(Some(Files {
            root,
            locations: settings.static_handler_locations.iter().map(location).collect(),
            index: settings.http_index_files.clone(),
            lists: settings.http_autoindex,
        }))
    }

    /// Answers a request for one of the files.
    pub fn serve(&self, request: &Request, mut response: Response) -> Served {
        if request.path() == b"*" {
            // OPTIONS of the server as a whole.
            return Served::No(response);
        }
        let path = pairs::decode(request.path(), false);
        let is_ours = self.locations.iter().any(|location| is_below(&path, location));
        if !is_ours && !self.locations.is_empty() {
            return Served::No(response);
        }
        let Some(relative) = relative(&path) else {
            response.refuse(400);
            return Served::Yes;
        };
        let is_read = matches!(request.brief().method, Method::Get | Method::Head);
        let found = match self.find(relative) {
            Ok(found) => found,
            Err(_) if !is_ours => return Served::No(response),
            Err(e) => {
                response.refuse(if e.kind() == io::ErrorKind::PermissionDenied { 403 } else { 404 });
                return Served::Yes;
            }
        };
        if !is_read {
            // What a program does with other methods on a directory is its own business.
            if found.about.is_dir() && !is_ours {
                return Served::No(response);
            }
            response.refuse_with(405, &[("Allow", "GET, HEAD")]);
            return Served::Yes;
        }
        if found.about.is_dir() {
            return self.directory(request, response, found, is_ours);
        }
        if let Err(e) = send(&mut response, request, found, self.root.path()) {
            log::debug(format_args!("session {}: a file was not sent: {e}", request.session()));
        }
        Served::Yes
    }

    fn find(&self, relative: Vec<u8>) -> io::Result<Found> {
        let path: &[u8] = if relative.is_empty() { b"." } else { &relative };
        let file = self.root.open_below(Path::new(OsStr::from_bytes(path)))?;
        let about = file.metadata()?;
        if !about.is_file() && !about.is_dir() {
            return Err(io::ErrorKind::NotFound.into());
        }
        Ok(Found { file, about, relative })
    }

    fn directory(&self, request: &Request, mut response: Response, found: Found, is_ours: bool) -> Served {
        let mut below = found.relative;
        let is_named = request.path().ends_with(b"/");
        if !below.is_empty() && !below.ends_with(b"/") {
            below.push(b'/');
        }
        for name in &self.index {
            let Ok(index) = self.find([&below[..], name.as_bytes()].concat()) else { continue };
            if !index.about.is_file() {
                continue;
            }
            let sent = if is_named {
                send(&mut response, request, index, self.root.path())
            } else {
                redirect(&mut response, request)
            };
            if let Err(e) = sent {
                log::debug(format_args!("session {}: a file was not sent: {e}", request.session()));
            }
            return Served::Yes;
        }
        if self.lists {
            let sent = if is_named {
                let listed = self.list(&found.file, &below);
                listed.and_then(|page| {
                    response.header(b"Content-Type", &[b"text/html; charset=utf-8"], false)?;
                    response.end(&page)
                })
            } else {
                redirect(&mut response, request)
            };
            if let Err(e) = sent {
                log::notice(format_args!("session {}: a directory was not listed: {e}", request.session()));
                response.refuse(500);
            }
            return Served::Yes;
        }
        if !is_ours {
            return Served::No(response);
        }
        response.refuse(404);
        Served::Yes
    }

    /// A page with the entries of a directory that was opened, whose path below the root is `below`.
    fn list(&self, directory: &File, below: &[u8]) -> Result<Vec<u8>> {
        let path = self.root.path().join(OsStr::from_bytes(below));
        let failed = |e: io::Error| Error::system(format_args!("cannot list {}", path.display()), &e);
        let mut entries = Vec::new();
        for entry in beneath::entries(directory).map_err(failed)?.take(LISTED) {
            let (mut name, is_directory) = entry.map_err(failed)?;
            if name.starts_with(b".") {
                continue;
            }
            if is_directory {
                name.push(b'/');
            }
            entries.push(name);
        }
        entries.sort_unstable();
        if !below.is_empty() {
            entries.insert(0, b"../".to_vec());
        }
        let title = escape(&[b"/", below].concat());
        let mut page = format!("<!DOCTYPE html>\n<title>{title}</title>\n<h1>{title}</h1>\n<ul>\n");
        for name in entries {
            // Behind "./", as a name may look like a scheme.
            page += &format!("<li><a href=\"./{}\">{}</a></li>\n", percent_encode(&name, IN_PATH), escape(&name));
        }
        page += "</ul>\n";
        Ok(page.into_bytes())
    }
}

/// What is encoded in a path: all but letters, digits, `/-_.~`.
const IN_PATH: &AsciiSet = &NON_ALPHANUMERIC.remove(b'/').remove(b'-').remove(b'_').remove(b'.').remove(b'~');

/// Text as HTML.
fn escape(text: &[u8]) -> String {
    let text = String::from_utf8_lossy(text);
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// Whether a path is a location (which ends in a slash) or below it.
fn is_below(path: &[u8], location: &[u8]) -> bool {
    path.starts_with(location) || path == &location[..location.len() - 1]
}

/// A path without the slashes at its begin; None: nobody means a file by it, since it holds `..` or a NUL byte, or does not begin with a slash.
fn relative(path: &[u8]) -> Option<Vec<u8>> {
    let is_bad = path.contains(&0) || path.split(|byte| *byte == b'/').any(|segment| segment == b"..");
    let start = path.iter().position(|byte| *byte != b'/').unwrap_or(path.len());
    (start > 0 && !is_bad).then(|| path[start..].to_vec())
}

/// To the directory with a slash behind its name, so that what its page names is found.
fn redirect(response: &mut Response, request: &Request) -> Result<()> {
    let path = request.path();
    let start = path.iter().position(|byte| *byte != b'/').unwrap_or(path.len());
    // One slash at the begin: two would mean another host.
    let mut location = [b"/", &path[start..], b"/"].concat();
    if !request.query().is_empty() {
        location.push(b'?');
        location.extend_from_slice(request.query());
    }
    response.redirect(&location, 301)
}

/// Sends a file, a part of it, or that the client has it already.
fn send(response: &mut Response, request: &Request, found: Found, root: &Path) -> Result<()> {
    let (size, modified) = (found.about.len(), found.about.mtime().max(0) as u64);
    let tag = format!("\"{modified:x}-{:x}-{size:x}\"", found.about.mtime_nsec());
    let last_modified = date::format(modified);
    response.header(b"Last-Modified", &[&last_modified], false)?;
    response.header(b"ETag", &[tag.as_bytes()], false)?;
    response.header(b"Accept-Ranges", &[b"bytes"], false)?;
    let is_known = match request.header(b"if-none-match") {
        Some(tags) => tags == b"*" || tags.split(|byte| *byte == b',').any(|known| is_tag(known, tag.as_bytes())),
        None => request.header(b"if-modified-since").and_then(date::parse).is_some_and(|since| modified <= since),
    };
    if is_known {
        response.status(304, b"")?;
        return response.end(b"");
    }
    let range = request.header(b"range").filter(|_| match request.header(b"if-range") {
        Some(condition) => condition == tag.as_bytes() || condition == last_modified,
        None => true,
    });
    let range = range.filter(|_| request.brief().method == Method::Get).map(|value| Range::parse(value, size));
    let path = root.join(OsStr::from_bytes(&found.relative));
    response.send_part(found.file, &path, size, range.unwrap_or(Range::Whole))
}

/// Whether an entity tag that the client has is `tag`, weakly (RFC 9110, 13.1.2).
fn is_tag(known: &[u8], tag: &[u8]) -> bool {
    let known = known.trim_ascii();
    known.strip_prefix(b"W/").unwrap_or(known) == tag
}

impl Response {
    /// Sends what `range` is of an open file of `size` bytes, and ends the answer; `path` is where this process finds it. Errors: as [`Response::end`].
    pub(super) fn send_part(&mut self, file: File, path: &Path, size: u64, range: Range) -> Result<()> {
        let (offset, length) = match range {
            Range::Whole => (0, size),
            Range::Part { offset, length } => {
                self.status(206, b"")?;
                let value = format!("bytes {offset}-{}/{size}", offset + length - 1);
                self.header(b"Content-Range", &[value.as_bytes()], false)?;
                (offset, length)
            }
            Range::Unsatisfiable => {
                self.status(416, b"")?;
                self.header(b"Content-Range", &[format!("bytes */{size}").as_bytes()], false)?;
                return self.end(b"");
            }
        };
        if !self.has_content_type() {
            let kind = mime::of(path.as_os_str().as_bytes());
            self.header(b"Content-Type", &[kind.as_bytes()], false)?;
        }
        if path.as_os_str().len() > usize::from(u16::MAX) {
            return Err(invalid(format!("a path of {} bytes cannot be sent from", path.as_os_str().len())));
        }
        self.end_with_file(file, path, offset, length)
    }
}
