//! The fields and files of a request's body.

use super::fields;
use crate::bridge::http::Reading;
use crate::zend::Variables;
use ext_php_rs::types::Zval;
use std::path::PathBuf;
use swoole_core::server::Request;

/// What a body has brought; None: nothing of that kind.
pub struct Form {
    /// `$_POST`
    pub post: Option<Zval>,
    /// `$_FILES`
    pub files: Option<Zval>,
    /// names of the files on disk
    pub tmpfiles: Option<Zval>,
    /// the same
    pub paths: Vec<PathBuf>,
    /// Err: something was left out
    pub all: Result<(), String>,
}

/// Reads the body, if it is a form and the port wants that.
pub fn read(request: &Request, reading: &Reading) -> Form {
    let mut form = Form { post: None, files: None, tmpfiles: None, paths: Vec::new(), all: Ok(()) };
    let kind = request.header(b"content-type").unwrap_or_default();
    let bare = kind[..memchr::memchr(b';', kind).unwrap_or(kind.len())].trim_ascii();
    if bare.eq_ignore_ascii_case(b"application/x-www-form-urlencoded") && reading.post {
        let mut post = Variables::new(8);
        form.all = fields::read(&mut post, request.body());
        form.post = (!post.is_empty()).then(|| post.into_value());
    }
    form
}
