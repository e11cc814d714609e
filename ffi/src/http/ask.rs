//! What a client asks for.

use std::ffi::{c_char, c_void};
use std::path::Path;

use swoole_core::client::http::{Body, Download, Upload};
use swoole_core::error::Result;

pub(super) use swoole_core::client::http::Request;

use super::fields::{pairs, swoole_http_pair};
use crate::support::args::{self, bytes, c_str, handle, invalid, slice};

/// What `swoole_http_client_execute` asks for. All that is NULL or 0 is left out, so begin with `{0}`. One of three makes the
/// body: `body`; `fields` alone, a form (application/x-www-form-urlencoded); `uploads` and `fields`, a form with files
/// (multipart/form-data).
#[repr(C)]
pub struct swoole_http_client_request {
    /// NULL: GET, or POST if there is a body
    pub method: *const c_char,
    /// path and query, percent-encoded; NULL: /
    pub target: *const c_char,
    /// headers to be sent, beside those that are always there (Host, Content-Length, ...)
    pub headers: *const swoole_http_pair,
    /// how many
    pub header_count: usize,
    /// the body as it is; its Content-Type is among the headers
    pub body: *const c_void,
    /// bytes of it
    pub body_len: usize,
    /// fields of a form, which are encoded
    pub fields: *const swoole_http_pair,
    /// how many
    pub field_count: usize,
    /// files of a form, which are read while they are sent
    pub uploads: *const swoole_http_upload,
    /// how many
    pub upload_count: usize,
    /// file that gets the answer's body if that is 200 or 206, instead of memory
    pub download_path: *const c_char,
    /// goes on there: the rest is asked for by a Range
    pub download_offset: u64,
}

/// A file to be uploaded.
#[repr(C)]
pub struct swoole_http_upload {
    /// name of the field
    pub name: *const c_char,
    /// a regular file
    pub path: *const c_char,
    /// its media type; NULL: that of the path's suffix
    pub media_type: *const c_char,
    /// name that the server is told; NULL: the last part of the path
    pub file_name: *const c_char,
    /// where in the file to begin
    pub offset: u64,
    /// bytes to send; 0: to its end
    pub length: u64,
}

/// # Safety
/// `target` is NULL or ends with a NUL.
pub(super) unsafe fn bare(target: *const c_char) -> Result<Request> {
    // SAFETY: passed on to the caller.
    Ok(Request { target: unsafe { c_str(target, "the target") }?.to_vec(), ..Request::default() })
}

/// # Safety
/// `request` is NULL or points to a request, whose pointers are as their comments say.
pub(super) unsafe fn request(request: *const swoole_http_client_request) -> Result<Request> {
    // SAFETY: passed on to the caller.
    unsafe {
        let request = handle(request, "request", "the program")?;
        Ok(Request {
            method: optional(request.method)?,
            target: if request.target.is_null() { b"/".to_vec() } else { optional(request.target)? },
            headers: pairs(request.headers, request.header_count, "the headers")?,
            body: body(request)?,
            download: match request.download_path.is_null() {
                true => None,
                false => Some(Download {
                    path: args::path(request.download_path)?.to_owned(),
                    offset: request.download_offset,
                }),
            },
        })
    }
}

/// # Safety
/// As for [`request`].
unsafe fn body(request: &swoole_http_client_request) -> Result<Body> {
    let form = request.field_count > 0 || request.upload_count > 0;
    if form && !request.body.is_null() {
        return Err(invalid("a request has either a body or fields and files of a form; leave out one of them"));
    }
    // SAFETY: passed on to the caller.
    unsafe {
        let fields = pairs(request.fields, request.field_count, "the fields")?;
        let uploads = slice(request.uploads, request.upload_count, "the files")?;
        Ok(match () {
            () if !uploads.is_empty() => {
                Body::Multipart { fields, files: uploads.iter().map(|file| upload(file)).collect::<Result<_>>()? }
            }
            () if form => Body::Form(fields),
            () if request.body.is_null() && request.body_len == 0 => Body::None,
            () => Body::Bytes(bytes(request.body, request.body_len, "the body")?.to_vec()),
        })
    }
}

/// # Safety
/// The file's strings are NULL or end with a NUL.
unsafe fn upload(file: &swoole_http_upload) -> Result<Upload> {
    // SAFETY: passed on to the caller.
    unsafe {
        Ok(Upload {
            path: args::path(file.path).map(Path::to_owned)?,
            name: c_str(file.name, "the field's name")?.to_vec(),
            media_type: optional(file.media_type)?,
            file_name: optional(file.file_name)?,
            offset: file.offset,
            length: file.length,
        })
    }
}

/// What may be NULL; then it is empty.
///
/// # Safety
/// `text` is NULL or ends with a NUL.
unsafe fn optional(text: *const c_char) -> Result<Vec<u8>> {
    // SAFETY: passed on to the caller.
    if text.is_null() { Ok(Vec::new()) } else { unsafe { c_str(text, "a text") }.map(<[u8]>::to_vec) }
}
