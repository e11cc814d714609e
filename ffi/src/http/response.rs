//! What a client is answered.

use std::ffi::{c_char, c_void};

use swoole_core::error::{Error, ErrorKind, Result};
use swoole_core::server::{Cookie, Response, SameSite};

use super::stay::{Returned, Stay};
use crate::error::swoole_result;
use crate::server::{swoole_server, with as with_server};
use crate::support::args::{Out, bytes, c_str, handle, handle_mut, invalid, slice};
use crate::support::boundary;
use crate::support::running::this_thread;

/// The answer to a request. A callback is given it, and must end it; one that is freed before answers 500, so that no client waits for ever. It is freed when the
/// callback returns, unless that has called `swoole_http_response_keep`.
pub struct swoole_http_response {
    engine: Response,
    stay: Stay,
    /// of the server
    thread: libc::pthread_t,
}

/// Values of `same_site` in a `swoole_http_cookie`: when it goes along with a request that another site
/// has caused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(C)]
pub enum swoole_same_site {
    /// nothing is said
    SWOOLE_SAME_SITE_UNSET = 0,
    /// never
    SWOOLE_SAME_SITE_STRICT = 1,
    /// when the other site leads there
    SWOOLE_SAME_SITE_LAX = 2,
    /// always; asks for `secure`
    SWOOLE_SAME_SITE_NONE = 3,
}

/// A cookie to be set. All that is NULL, 0 or false is left out, so begin with `{0}`.
#[repr(C)]
pub struct swoole_http_cookie {
    /// its name, not NULL
    pub name: *const c_char,
    /// its value; NULL or empty deletes the cookie
    pub value: *const c_char,
    /// the path that it is for
    pub path: *const c_char,
    /// the domain that it is for
    pub domain: *const c_char,
    /// Low, Medium or High
    pub priority: *const c_char,
    /// until when, in seconds since 1970; 0: until the browser ends
    pub expires: i64,
    /// a `swoole_same_site`
    pub same_site: i32,
    /// over TLS only
    pub secure: bool,
    /// not for the page's scripts
    pub http_only: bool,
    /// kept apart for each site that the page is in
    pub partitioned: bool,
    /// the value goes out as it is; else what cannot be in a cookie is percent-encoded
    pub raw: bool,
}

/// Lends an answer to a callback. Gives it back, unless the program keeps it or has freed it.
pub(crate) fn lend<T>(response: Response, body: impl FnOnce(*mut swoole_http_response) -> T) -> (T, Option<Response>) {
    let lent = Box::into_raw(new(response, Stay::lent()));
    let value = body(lent);
    // SAFETY: made above, and not freed by the program while it is lent.
    let returned = unsafe { &(*lent).stay }.returned();
    if returned == Returned::Kept {
        return (value, None);
    }
    // SAFETY: as above; nobody keeps it.
    let response = unsafe { Box::from_raw(lent) }.engine;
    (value, (returned == Returned::Back).then_some(response))
}

fn new(engine: Response, stay: Stay) -> Box<swoole_http_response> {
    Box::new(swoole_http_response { engine, stay, thread: this_thread() })
}

/// # Safety
/// `response` is NULL, or an answer of the library's that was not freed.
unsafe fn deref<'a>(response: *const swoole_http_response) -> Result<&'a swoole_http_response> {
    // SAFETY: passed on to the caller.
    let response = unsafe { handle(response, "response", "the library") }?;
    if response.thread != this_thread() {
        return Err(Error::new(
            ErrorKind::WrongOperation,
            "this response is of another thread, that of its server; call its functions from there only",
        ));
    }
    Ok(response)
}

/// Runs `body` with the answer behind the handle, inside the panic boundary.
///
/// # Safety
/// As for [`deref`].
unsafe fn with(response: *mut swoole_http_response, body: impl FnOnce(&mut Response) -> Result<()>) -> swoole_result {
    boundary::result(|| {
        // SAFETY: passed on to the caller.
        unsafe { deref(response) }?;
        // SAFETY: the same; nobody else uses it, since nothing that `body` does calls the program.
        body(&mut unsafe { handle_mut(response, "response", "the library") }?.engine)
    })
}

/// Keeps a response that a callback was given, to end it later: it is the program's then, who gives it to
/// `swoole_http_response_free`.
///
/// All functions of responses: on the main thread of the process.
/// `SWOOLE_ERROR_HTTP_CONTEXT_UNAVAILABLE` if it was ended or detached before, `SWOOLE_ERROR_SESSION_CLOSED` if the client has gone.
/// What is passed is copied.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_http_response_keep(response: *mut swoole_http_response) -> swoole_result {
    // SAFETY: the caller's handle, as the header asks.
    boundary::result(|| unsafe { deref(response) }?.stay.keep())
}

/// Makes a response for the present request of a connection, which another one was detached from, in any worker.
/// `*response` then belongs to the caller, who gives it to `swoole_http_response_free`.
///
/// An error if there is no such connection, if it is not one of HTTP, or if its request was answered.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_http_response_create(
    server: *mut swoole_server,
    session: i64,
    response: *mut *mut swoole_http_response,
) -> swoole_result {
    // SAFETY: the caller's pointers, as the header asks.
    unsafe {
        with_server(server, |server| {
            let out = Out::required(response, "the place for the response")?;
            out.put(Box::into_raw(new(Response::create(&server.engine, session)?, Stay::own())));
            Ok(())
        })
    }
}

/// Frees a response that was kept or created. One that was not ended answers 500, or closes the connection if a part has gone out. NULL is allowed. Inside
/// the callback that it was given to it is freed when that returns.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_http_response_free(response: *mut swoole_http_response) {
    boundary::value((), || {
        // SAFETY: NULL, or the caller's handle, as the header asks.
        if !response.is_null() && unsafe { deref(response) }?.stay.free() {
            // SAFETY: it came from Box::into_raw in this file, and is given back once.
            drop(unsafe { Box::from_raw(response) });
        }
        Ok(())
    });
}

/// The connection that it goes to; -1 if `response` is NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_http_response_session(response: *const swoole_http_response) -> i64 {
    // SAFETY: the caller's handle, as the header asks.
    boundary::value(-1, || Ok(unsafe { deref(response) }?.engine.session()))
}

/// Whether something can still be sent: it was neither ended nor detached, and the client is there.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_http_response_is_writable(response: *const swoole_http_response) -> bool {
    // SAFETY: the caller's handle, as the header asks.
    boundary::value(false, || Ok(unsafe { deref(response) }?.engine.is_writable()))
}

/// Sets the status, 200 to 999, or 101. `reason`: what follows it; NULL: the standard's.
/// `SWOOLE_ERROR_INVALID_PARAMS` if it is out of bounds or the reason has control characters, `SWOOLE_ERROR_WRONG_OPERATION`
/// if the head has gone out.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_http_response_status(
    response: *mut swoole_http_response,
    code: i32,
    reason: *const c_char,
) -> swoole_result {
    // SAFETY: the caller's pointers, as the header asks.
    unsafe {
        with(response, |response| {
            let code =
                u16::try_from(code).map_err(|_| invalid(format!("{code} is no status; pass 200 to 999, or 101")))?;
            response.status(code, optional(reason)?)
        })
    }
}

/// Sets a header in the place of all of that name. `value` NULL: there is none of it.
/// `SWOOLE_ERROR_INVALID_PARAMS` if the name is none or the value has a CR, LF or another control character: nothing that a client has sent can
/// add a header here. `SWOOLE_ERROR_WRONG_OPERATION` if the head has gone out.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_http_response_header(
    response: *mut swoole_http_response,
    name: *const c_char,
    value: *const c_char,
) -> swoole_result {
    // SAFETY: the caller's pointers, as the header asks.
    unsafe {
        with(response, |response| {
            let name = c_str(name, "the header's name")?;
            if value.is_null() {
                return response.header(name, &[], false);
            }
            response.header(name, &[c_str(value, "the header's value")?], false)
        })
    }
}

/// The same with several lines of that name, one for each of `count` values.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_http_response_header_lines(
    response: *mut swoole_http_response,
    name: *const c_char,
    values: *const *const c_char,
    count: usize,
) -> swoole_result {
    // SAFETY: the caller's pointers, as the header asks.
    unsafe {
        with(response, |response| {
            let values = strings(values, count, "the header's values")?;
            response.header(c_str(name, "the header's name")?, &values, false)
        })
    }
}

/// Sets a header behind the body, which is chunked then. Errors as of `swoole_http_response_header`; not all
/// names are allowed there.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_http_response_trailer(
    response: *mut swoole_http_response,
    name: *const c_char,
    value: *const c_char,
) -> swoole_result {
    // SAFETY: the caller's pointers, as the header asks.
    unsafe {
        with(response, |response| {
            response.trailer(c_str(name, "the trailer's name")?, c_str(value, "the trailer's value")?)
        })
    }
}

/// Sets a cookie, beside others. `SWOOLE_ERROR_INVALID_PARAMS` if a part of it cannot be in one.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_http_response_cookie(
    response: *mut swoole_http_response,
    cookie: *const swoole_http_cookie,
) -> swoole_result {
    // SAFETY: the caller's pointers, as the header asks.
    unsafe {
        with(response, |response| {
            let cookie = handle(cookie, "cookie", "the program")?;
            response.cookie(&Cookie {
                name: c_str(cookie.name, "the cookie's name")?.to_vec(),
                value: optional(cookie.value)?.to_vec(),
                expires: cookie.expires,
                path: optional(cookie.path)?.to_vec(),
                domain: optional(cookie.domain)?.to_vec(),
                secure: cookie.secure,
                http_only: cookie.http_only,
                same_site: same_site(cookie.same_site)?,
                priority: optional(cookie.priority)?.to_vec(),
                partitioned: cookie.partitioned,
                raw: cookie.raw,
            })
        })
    }
}

/// Whether the body is compressed if the client takes that (gzip, deflate, br) and the options `http_compression` allow it, and how much: 0 is the
/// option's level. Without this it is compressed as the options say.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_http_response_compress(
    response: *mut swoole_http_response,
    on: bool,
    level: i32,
) -> swoole_result {
    // SAFETY: the caller's handle, as the header asks.
    unsafe {
        with(response, |response| {
            let level = u8::try_from(level).map_err(|_| invalid(format!("{level} is no level; pass 0 to 11")))?;
            response.compress(on, level);
            Ok(())
        })
    }
}

/// Sends a part of the body; the first part sends the head. `SWOOLE_ERROR_INVALID_PARAMS` if `len` is 0,
/// `SWOOLE_ERROR_OUTPUT_BUFFER_OVERFLOW` if too much waits for a slow client.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_http_response_write(
    response: *mut swoole_http_response,
    data: *const c_void,
    len: usize,
) -> swoole_result {
    // SAFETY: the caller's pointers, as the header asks.
    unsafe { with(response, |response| response.write(bytes(data, len, "the part of the body")?)) }
}

/// Sends the body, or its last part, and ends the answer. `len` may be 0.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_http_response_end(
    response: *mut swoole_http_response,
    data: *const c_void,
    len: usize,
) -> swoole_result {
    // SAFETY: the caller's pointers, as the header asks.
    unsafe { with(response, |response| response.end(bytes(data, len, "the body")?)) }
}

/// Sends `length` bytes of a file from `offset` on as the body (0: to its end), and ends the answer. If both
/// are 0, a Range that the request has is answered. Without a Content-Type it gets that of the file's name.
///
/// `SWOOLE_ERROR_FILE_NOT_EXIST`, `SWOOLE_ERROR_SERVER_IS_NOT_REGULAR_FILE`, `SWOOLE_ERROR_FILE_EMPTY` do not end the answer: another can be given. The path is the
/// program's: nothing keeps it inside of a directory, as the option `document_root` does.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_http_response_send_file(
    response: *mut swoole_http_response,
    path: *const c_char,
    offset: u64,
    length: u64,
) -> swoole_result {
    // SAFETY: the caller's pointers, as the header asks.
    unsafe { with(response, |response| response.send_file(c_str(path, "the path")?, offset, length)) }
}

/// Sends the client elsewhere, and ends the answer. `code` is 301, 302, 303, 307 or 308.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_http_response_redirect(
    response: *mut swoole_http_response,
    location: *const c_char,
    code: i32,
) -> swoole_result {
    // SAFETY: the caller's pointers, as the header asks.
    unsafe {
        with(response, |response| {
            let code = u16::try_from(code)
                .map_err(|_| invalid(format!("{code} is no redirection; pass 301, 302, 303, 307 or 308")))?;
            response.redirect(c_str(location, "the location")?, code)
        })
    }
}

/// Gives the answer up: this response sends nothing more, and `swoole_http_response_create` makes another one for the
/// same request, in any worker, by the number of its connection.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_http_response_detach(response: *mut swoole_http_response) -> swoole_result {
    // SAFETY: the caller's handle, as the header asks.
    unsafe { with(response, Response::detach) }
}

/// Makes the connection a WebSocket, from a handshake callback: answers 101 with the headers that were set and the first of `count`
/// `protocols` that the client offers too (NULL and 0: none). `SWOOLE_ERROR_WEBSOCKET_HANDSHAKE_FAILED` if the request asks for none.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_http_response_upgrade(
    response: *mut swoole_http_response,
    protocols: *const *const c_char,
    count: usize,
) -> swoole_result {
    // SAFETY: the caller's pointers, as the header asks.
    unsafe { with(response, |response| response.upgrade(&strings(protocols, count, "the protocols")?)) }
}

/// What may be NULL; then it is empty.
///
/// # Safety
/// `text` is NULL or ends with a NUL.
unsafe fn optional<'a>(text: *const c_char) -> Result<&'a [u8]> {
    // SAFETY: passed on to the caller.
    if text.is_null() { Ok(b"") } else { unsafe { c_str(text, "a text") } }
}

/// # Safety
/// If `count` is not 0, `texts` is NULL or points to that many strings, which are NULL or end with a NUL.
unsafe fn strings<'a>(texts: *const *const c_char, count: usize, what: &str) -> Result<Vec<&'a [u8]>> {
    // SAFETY: passed on to the caller.
    unsafe { slice(texts, count, what)?.iter().map(|text| c_str(*text, what)).collect() }
}

fn same_site(number: i32) -> Result<Option<SameSite>> {
    match number {
        0 => Ok(None),
        1 => Ok(Some(SameSite::Strict)),
        2 => Ok(Some(SameSite::Lax)),
        3 => Ok(Some(SameSite::None)),
        _ => Err(invalid(format!("same_site of a cookie is {number}; give a swoole_same_site, 0 to 3"))),
    }
}
