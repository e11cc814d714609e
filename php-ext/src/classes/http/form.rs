//! The fields and files of a request's body.

use super::fields::{self, take_one};
use crate::bridge::http::Reading;
use crate::zend::{Repeated, Variables, bytes, ini_bool, ini_int, int, list_of, max_input_vars, note_upload};
use ext_php_rs::types::Zval;
use std::ffi::OsStr;
use std::io::Write;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use swoole_core::protocol::http1::brief::flag;
use swoole_core::protocol::http1::multipart::{self, Content, Disposition, Entry, Limits};
use swoole_core::server::{Request, upload_file};

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

/// `UPLOAD_ERR_*` of PHP.
mod error {
    pub const OK: i64 = 0;
    pub const NO_FILE: i64 = 4;
    pub const NO_DIRECTORY: i64 = 6;
    pub const CANNOT_WRITE: i64 = 7;
}

/// Reads the body, if it is a form and the script wants that.
pub fn read(request: &Request, reading: &Reading) -> Form {
    let mut form = Form { post: None, files: None, tmpfiles: None, paths: Vec::new(), all: Ok(()) };
    let uploaded = request.brief().has(flag::UPLOAD);
    let kind = match request.body() {
        [] => return form,
        _ if uploaded => b"",
        _ => request.header(b"content-type").unwrap_or_default(),
    };
    if reading.post && is_urlencoded(kind) {
        let mut post = Variables::new(8);
        form.all = fields::read(&mut post, request.body());
        form.post = some(post);
        return form;
    }
    let mut gathered = Gathered {
        reading,
        post: Variables::new(8),
        files: Variables::new(8),
        paths: Vec::new(),
        fields: 0,
        uploads: ini_int("max_file_uploads"),
    };
    if uploaded {
        form.all = multipart::listed(request.body()).try_for_each(|entry| gathered.add(&entry));
    } else if let Some(boundary) = multipart::boundary(kind) {
        // What is malformed ends the form: the parts before count.
        let mut parts = multipart::parts(request.body(), boundary, Limits::default()).map_while(Result::ok);
        form.all = parts.try_for_each(|entry| gathered.add(&entry));
    }
    form.post = some(gathered.post);
    form.files = some(gathered.files);
    form.paths = gathered.paths;
    if !form.paths.is_empty() {
        form.tmpfiles = Some(list_of(form.paths.iter().map(|path| bytes(path.as_os_str().as_bytes()))));
    }
    form
}

fn some(variables: Variables) -> Option<Zval> {
    (!variables.is_empty()).then(|| variables.into_value())
}

fn is_urlencoded(kind: &[u8]) -> bool {
    let bare = kind[..memchr::memchr(b';', kind).unwrap_or(kind.len())].trim_ascii();
    bare.eq_ignore_ascii_case(b"application/x-www-form-urlencoded")
}

struct Gathered<'r> {
    reading: &'r Reading,
    post: Variables,
    files: Variables,
    paths: Vec<PathBuf>,
    fields: usize,
    /// how many files may follow
    uploads: i64,
}

impl Gathered<'_> {
    /// Err: no further part is taken.
    fn add(&mut self, entry: &Entry<'_>) -> Result<(), String> {
        let Entry { part, content } = entry;
        match (&part.filename, content) {
            _ if part.name.is_empty() => Ok(()),
            (None, Content::Bytes(value)) => {
                if self.reading.post {
                    take_one(&mut self.fields, max_input_vars())?;
                    self.post.field(&part.name, value, Repeated::Replaces);
                }
                Ok(())
            }
            (Some(filename), content) if self.reading.files && ini_bool("file_uploads") => {
                self.add_file(part, filename, *content)
            }
            _ => Ok(()),
        }
    }

    fn add_file(&mut self, part: &Disposition, filename: &[u8], content: Content<'_>) -> Result<(), String> {
        let mut upload = Upload { path: PathBuf::new(), size: 0, error: error::OK };
        if filename.is_empty() {
            upload.error = error::NO_FILE;
        } else {
            if self.uploads <= 0 {
                return Err("Maximum number of allowable file uploads has been exceeded".into());
            }
            self.uploads -= 1;
            upload = match content {
                Content::File { path, size } => Upload { path: OsStr::from_bytes(path).into(), size, error: error::OK },
                Content::Bytes(data) => put(&self.reading.directory, data),
            };
        }
        let is_there = upload.error == error::OK;
        let path = upload.path.as_os_str().as_bytes();
        let kind = if is_there { &part.content_type[..] } else { b"" };
        let name = filename.rsplit(|byte| matches!(byte, b'/' | b'\\')).next().unwrap_or_default();
        let mut set = |attribute: &str, value: Zval| self.files.attribute(&part.name, attribute, value);
        set("name", bytes(name));
        set("full_path", bytes(filename));
        set("type", bytes(kind));
        set("tmp_name", bytes(path));
        set("error", int(upload.error));
        set("size", int(upload.size as i64));
        if is_there {
            note_upload(path);
            self.paths.push(upload.path);
        }
        Ok(())
    }
}

/// A file of a form.
struct Upload {
    path: PathBuf,
    size: u64,
    error: i64,
}

/// Writes a file that has come with the body, for this process's user only.
fn put(directory: &Path, data: &[u8]) -> Upload {
    let failed = |error| Upload { path: PathBuf::new(), size: 0, error };
    let Ok((mut file, path)) = upload_file::create(directory) else {
        return failed(error::NO_DIRECTORY);
    };
    if file.write_all(data).is_err() {
        // What there is of it is of no use.
        let _ = std::fs::remove_file(path);
        return failed(error::CANNOT_WRITE);
    }
    Upload { path, size: data.len() as u64, error: error::OK }
}
