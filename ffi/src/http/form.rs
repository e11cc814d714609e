//! A body that is a form.

use std::ffi::{CString, c_char};
use std::path::Path;
use std::{fs, io};

use swoole_core::error::Error;
use swoole_core::protocol::http1::brief::flag;
use swoole_core::protocol::http1::multipart::{self, Content, Disposition, Entry, Limits, Malformed};
use swoole_core::protocol::http1::pairs::urlencoded;
use swoole_core::server::Request;

use super::fields::Fields;
use crate::bytes::swoole_data;
use crate::error::swoole_result;
use crate::support::args::{self, bytes, handle};
use crate::support::boundary;

/// A file that came in a multipart form. What it points to belongs to its request and is good until that is freed.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct swoole_http_file {
    /// name of the field
    pub name: swoole_data,
    /// name of the file as the client tells it: anything, so never use it as a path
    pub file_name: swoole_data,
    /// its media type, as the client tells it
    pub media_type: swoole_data,
    /// its bytes; NULL if it is on disk
    pub content: swoole_data,
    /// where it is on disk, until its request is freed; NULL if it is not
    pub path: *const c_char,
    /// its length
    pub size: u64,
}

/// What is in a form. Nothing, in a body that is none, or that is malformed.
#[derive(Default)]
pub(super) struct Form {
    pub(super) fields: Fields,
    files: Vec<File>,
}

struct File {
    part: Disposition,
    /// in the request's body
    content: swoole_data,
    /// where it is else
    path: Option<CString>,
    size: u64,
}

impl Form {
    pub(super) fn of(request: &Request) -> Form {
        let kind = request.header(b"content-type").unwrap_or_default();
        if request.brief().has(flag::UPLOAD) {
            return Form::of_entries(multipart::listed(request.body()).map(Ok));
        }
        if let Some(boundary) = multipart::boundary(kind) {
            return Form::of_entries(multipart::parts(request.body(), boundary, Limits::default()));
        }
        let bare = kind.split(|byte| *byte == b';').next().unwrap_or_default().trim_ascii();
        if bare.eq_ignore_ascii_case(b"application/x-www-form-urlencoded") {
            return Form { fields: urlencoded(request.body()).collect(), files: Vec::new() };
        }
        Form::default()
    }

    fn of_entries<'a>(entries: impl Iterator<Item = Result<Entry<'a>, Malformed>>) -> Form {
        let mut form = Form::default();
        for entry in entries {
            let Ok(entry) = entry else { return Form::default() };
            form.add(entry);
        }
        form
    }

    fn add(&mut self, entry: Entry<'_>) {
        let Entry { part, content } = entry;
        match (content, &part.filename) {
            // Browsers send this for a field in which no file was chosen.
            (Content::Bytes([]), Some(name)) if name.is_empty() => {}
            (Content::Bytes(value), None) => self.fields.add(&part.name, value),
            (Content::Bytes(bytes), Some(_)) => {
                self.files.push(File { part, content: bytes.into(), path: None, size: bytes.len() as u64 });
            }
            (Content::File { path, size }, _) => {
                let path = CString::new(path).ok();
                self.files.push(File { part, content: swoole_data::NONE, path, size });
            }
        }
    }

    pub(super) fn file(&self, n: usize) -> Option<swoole_http_file> {
        self.files.get(n).map(|file| swoole_http_file {
            name: file.part.name.as_slice().into(),
            file_name: file.part.filename.as_deref().unwrap_or_default().into(),
            media_type: file.part.content_type.as_slice().into(),
            content: file.content,
            path: file.path.as_ref().map_or(std::ptr::null(), |path| path.as_ptr()),
            size: file.size,
        })
    }
}

/// Writes a file that came in a form to `path`, which is the program's choice; what is there is replaced. One that is on disk is moved there if
/// that is the same file system, and else copied. Its request must not be freed yet.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_http_file_save(file: *const swoole_http_file, path: *const c_char) -> swoole_result {
    boundary::result(|| {
        // SAFETY: the caller's pointers, as the header asks.
        let (file, to) = unsafe { (handle(file, "file", "swoole_http_request_next_file")?, args::path(path)?) };
        let done = if file.path.is_null() {
            // SAFETY: the caller's struct points to bytes of its request.
            fs::write(to, unsafe { bytes(file.content.data, file.content.len, "the file's content") }?)
        } else {
            // SAFETY: as above, to the path that its request keeps.
            move_file(unsafe { args::path(file.path) }?, to)
        };
        done.map_err(|e| Error::system(format_args!("cannot write the uploaded file to {}", to.display()), &e))
    })
}

fn move_file(from: &Path, to: &Path) -> io::Result<()> {
    match fs::rename(from, to) {
        Err(e) if e.kind() == io::ErrorKind::CrossesDevices => fs::copy(from, to).map(drop),
        done => done,
    }
}
