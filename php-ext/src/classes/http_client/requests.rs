//! Methods of `Swoole\Http\Client` that ask for something: true, and the callback is called when there is an answer, or why there is none.

use super::state::{Data, State};
use super::{events, methods, show, slot, state};
use crate::bridge::looping;
use crate::zend::{Call, Callback, Object, Thrown, bytes};
use ext_php_rs::types::Zval;
use std::ffi::OsStr;
use std::mem;
use std::os::unix::ffi::OsStrExt;
use swoole_core::client::http::{Body, Download, Request};
use swoole_core::error::{Error, ErrorKind};

/// What a request is beside what was set.
#[derive(Default)]
struct Wanted {
    /// in the place of what setMethod() said
    method: Option<&'static str>,
    /// in the place of what setData() and addFile() said
    data: Option<Data>,
    without_body: bool,
    upgrade: bool,
    download: Option<Download>,
}

pub fn execute(call: Call<'_>) -> Result<bool, Thrown> {
    let mut args = call.args(2, 2)?;
    let (path, callback) = (args.bytes()?, args.callback()?);
    ask(call.this(), path, Wanted::default(), callback)
}

pub fn get(call: Call<'_>) -> Result<bool, Thrown> {
    let mut args = call.args(2, 2)?;
    let (path, callback) = (args.bytes()?, args.callback()?);
    ask(call.this(), path, Wanted { method: Some("GET"), without_body: true, ..Wanted::default() }, callback)
}

pub fn post(call: Call<'_>) -> Result<bool, Thrown> {
    let mut args = call.args(3, 3)?;
    let (path, given, callback) = (args.bytes()?, args.any(), args.callback()?);
    let data = methods::read_data(given)?;
    ask(call.this(), path, Wanted { method: Some("POST"), data: Some(data), ..Wanted::default() }, callback)
}

/// Asks for a WebSocket.
pub fn upgrade(call: Call<'_>) -> Result<bool, Thrown> {
    let mut args = call.args(2, 2)?;
    let (path, callback) = (args.bytes()?, args.callback()?);
    ask(
        call.this(),
        path,
        Wanted { method: Some("GET"), without_body: true, upgrade: true, ..Wanted::default() },
        callback,
    )
}

/// Puts the answer's body into a file.
pub fn download(call: Call<'_>) -> Result<bool, Thrown> {
    let mut args = call.args(3, 4)?;
    let (path, file, callback, offset) = (args.bytes()?, args.bytes()?, args.callback()?, args.long_or(0)?);
    let object = call.this();
    let Ok(from) = u64::try_from(offset) else {
        let message = format!("a download was to go on at offset {offset}; it must be 0 or more");
        return show::answer::<()>(object, Err(Error::new(ErrorKind::InvalidParams, message)));
    };
    let download = Download { path: OsStr::from_bytes(file).into(), offset: from };
    let asked = ask(object, path, Wanted { download: Some(download), ..Wanted::default() }, callback)?;
    if asked {
        object.set_property(slot::DOWNLOAD_FILE, bytes(file));
    }
    Ok(asked)
}

fn ask(object: Object<'_>, path: &[u8], wanted: Wanted, callback: Callback) -> Result<bool, Thrown> {
    let state = state(object)?;
    let upgrade = wanted.upgrade;
    let asked = request(state, path, wanted).and_then(|request| {
        looping::attend();
        let done = events::done(object, callback);
        if upgrade { state.client.upgrade(request, done) } else { state.client.execute(request, done) }
    });
    for slot in [slot::REQUEST_METHOD, slot::REQUEST_BODY, slot::UPLOAD_FILES] {
        object.set_property(slot, Zval::new());
    }
    show::answer(object, asked)
}

/// What was set goes with the request, but for the headers.
fn request(state: &State, path: &[u8], wanted: Wanted) -> Result<Request, Error> {
    let mut next = state.next.borrow_mut();
    let (method, data, files) = (mem::take(&mut next.method), next.data.take(), mem::take(&mut next.files));
    let body = match (wanted.data.or(data), files) {
        _ if wanted.without_body => Body::None,
        (None, files) if files.is_empty() => Body::None,
        (Some(Data::Bytes(bytes)), files) if files.is_empty() => Body::Bytes(bytes),
        (Some(Data::Fields(fields)), files) if files.is_empty() => Body::Form(fields),
        (None, files) => Body::Multipart { fields: Vec::new(), files },
        (Some(Data::Fields(fields)), files) => Body::Multipart { fields, files },
        (Some(Data::Bytes(_)), _) => {
            return Err(Error::new(
                ErrorKind::InvalidParams,
                "data as a string cannot go together with files: give an array of fields, or no addFile()",
            ));
        }
    };
    let method = wanted.method.map_or(method, |method| method.as_bytes().to_vec());
    Ok(Request { method, target: path.to_vec(), headers: next.headers.clone(), body, download: wanted.download })
}
