//! A body that is a form.

use std::ffi::c_char;

use swoole_core::protocol::http1::Fields;
use swoole_core::server::Request;

use crate::bytes::swoole_data;

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

/// What is in a form. Nothing, in a body that is none.
#[derive(Default)]
pub(super) struct Form {
    pub(super) fields: Fields,
}

impl Form {
    pub(super) fn of(request: &Request) -> Form {
        let kind = request.header(b"content-type").unwrap_or_default();
        let bare = kind.split(|byte| *byte == b';').next().unwrap_or_default().trim_ascii();
        if bare.eq_ignore_ascii_case(b"application/x-www-form-urlencoded") {
            return Form { fields: Fields::of_form(request.body()) };
        }
        Form::default()
    }

    pub(super) fn file(&self, _: usize) -> Option<swoole_http_file> {
        None
    }
}
