//! What a client asks for.

use std::cell::OnceCell;
use std::ffi::c_char;

use swoole_core::error::Result;
use swoole_core::protocol::http1::pairs::{cookies, urlencoded};
use swoole_core::server::Request;

use super::fields::{Fields, Lines, swoole_http_field};
use super::form::{Form, swoole_http_file};
use super::stay::{Returned, Stay};
use crate::bytes::swoole_data;
use crate::error::swoole_result;
use crate::support::args::{Out, c_str, handle, invalid};
use crate::support::boundary;

/// A request. A callback is given it; it is freed when the callback returns, unless that has called
/// `swoole_http_request_keep`. Any thread, one at a time.
pub struct swoole_http_request {
    engine: Request,
    stay: Stay,
    // In the order in which a program may look at them, each when it does.
    headers: Lines,
    trailers: Lines,
    query: OnceCell<Fields>,
    cookies: OnceCell<Fields>,
    form: OnceCell<Form>,
}

// Programs may read and free one on another thread, while the library still has a copy.
const _: () = {
    const fn may_go_to_another_thread<T: Send>() {}
    may_go_to_another_thread::<Request>();
};

/// Lends a request to a callback.
pub(crate) fn lend<T>(request: Request, body: impl FnOnce(*mut swoole_http_request) -> T) -> T {
    let lent = Box::into_raw(Box::new(swoole_http_request {
        engine: request,
        stay: Stay::lent(),
        headers: Lines::default(),
        trailers: Lines::default(),
        query: OnceCell::new(),
        cookies: OnceCell::new(),
        form: OnceCell::new(),
    }));
    let value = body(lent);
    // SAFETY: made above, and not freed by the program while it is lent.
    if unsafe { &(*lent).stay }.returned() != Returned::Kept {
        // SAFETY: as above; nobody keeps it.
        drop(unsafe { Box::from_raw(lent) });
    }
    value
}

impl swoole_http_request {
    fn query(&self) -> &Fields {
        self.query.get_or_init(|| urlencoded(self.engine.query()).collect())
    }

    fn cookies(&self) -> &Fields {
        self.cookies.get_or_init(|| {
            let lines = self.engine.headers().filter(|(name, _)| name.eq_ignore_ascii_case(b"cookie"));
            lines.flat_map(|(_, value)| cookies(value)).collect()
        })
    }

    fn form(&self) -> &Form {
        self.form.get_or_init(|| Form::of(&self.engine))
    }
}

/// # Safety
/// `request` is NULL, or a request of the library's that was not freed.
unsafe fn deref<'a>(request: *const swoole_http_request) -> Result<&'a swoole_http_request> {
    // SAFETY: passed on to the caller; what changes in it is in cells.
    unsafe { handle(request, "request", "the library") }
}

/// # Safety
/// As for [`deref`].
unsafe fn ask<T>(request: *const swoole_http_request, otherwise: T, body: impl FnOnce(&swoole_http_request) -> T) -> T {
    // SAFETY: passed on to the caller.
    boundary::value(otherwise, || Ok(body(unsafe { deref(request) }?)))
}

/// Some bytes of it.
///
/// # Safety
/// As for [`deref`].
unsafe fn part(request: *const swoole_http_request, part: impl FnOnce(&Request) -> &[u8]) -> swoole_data {
    // SAFETY: passed on to the caller.
    unsafe { ask(request, swoole_data::NONE, |request| part(&request.engine).into()) }
}

/// A value by its name.
///
/// # Safety
/// As for [`deref`]; `name` is NULL or ends with a NUL.
unsafe fn find(
    request: *const swoole_http_request,
    name: *const c_char,
    find: impl for<'a> FnOnce(&'a swoole_http_request, &[u8]) -> Option<&'a [u8]>,
) -> swoole_data {
    boundary::value(swoole_data::NONE, || {
        // SAFETY: passed on to the caller.
        let (request, name) = unsafe { (deref(request)?, c_str(name, "the name")?) };
        Ok(find(request, name).map_or(swoole_data::NONE, swoole_data::from))
    })
}

/// One after the other.
///
/// # Safety
/// As for [`deref`]; `place` and `value` are NULL or valid.
unsafe fn next<T>(
    request: *const swoole_http_request,
    place: *mut usize,
    value: *mut T,
    nth: impl FnOnce(&swoole_http_request, usize) -> Option<T>,
) -> bool {
    boundary::value(false, || {
        // SAFETY: passed on to the caller.
        let (request, place, out) =
            unsafe { (deref(request)?, place.as_mut(), Out::required(value, "the place for what is found")?) };
        let place =
            place.ok_or_else(|| invalid("the place is NULL; pass the address of a size_t that is 0 at first"))?;
        let Some(found) = nth(request, *place) else { return Ok(false) };
        *place += 1;
        out.put(found);
        Ok(true)
    })
}

/// Keeps a request that a callback was given: it is the program's then, who gives it to
/// `swoole_http_request_free`.
///
/// All functions of requests: what they give belongs to the request, ends with no NUL, and is good until
/// that is freed. What is not there is `data` NULL and `len` 0.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_http_request_keep(request: *mut swoole_http_request) -> swoole_result {
    // SAFETY: the caller's handle, as the header asks.
    boundary::result(|| unsafe { deref(request) }?.stay.keep())
}

/// Frees a request that was kept, with what was uploaded with it. NULL is allowed. Inside the callback that it was given to it is freed when that returns.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_http_request_free(request: *mut swoole_http_request) {
    boundary::value((), || {
        // SAFETY: NULL, or the caller's handle, as the header asks.
        if !request.is_null() && unsafe { deref(request) }?.stay.free() {
            // SAFETY: it came from Box::into_raw in `lend`, and is given back once.
            drop(unsafe { Box::from_raw(request) });
        }
        Ok(())
    });
}

/// The connection that it came over; -1 if `request` is NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_http_request_session(request: *const swoole_http_request) -> i64 {
    // SAFETY: the caller's handle, as the header asks.
    unsafe { ask(request, -1, |request| request.engine.session()) }
}

/// The listening port that it came in at; -1 if `request` is NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_http_request_port_id(request: *const swoole_http_request) -> i32 {
    // SAFETY: the caller's handle, as the header asks.
    unsafe { ask(request, -1, |request| request.engine.port() as i32) }
}

/// When its first byte came, in seconds since 1970.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_http_request_time(request: *const swoole_http_request) -> f64 {
    // SAFETY: the caller's handle, as the header asks.
    unsafe { ask(request, 0.0, |request| request.engine.brief().since as f64 / 1e6) }
}

/// Whether it is of HTTP/1.1; else it is of HTTP/1.0.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_http_request_is_http_11(request: *const swoole_http_request) -> bool {
    // SAFETY: the caller's handle, as the header asks.
    unsafe { ask(request, false, |request| request.engine.is_http_11()) }
}

/// Its method: `GET`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_http_request_method(request: *const swoole_http_request) -> swoole_data {
    // SAFETY: the caller's handle, as the header asks.
    unsafe { part(request, Request::method) }
}

/// What was asked for, path and query as they came: nothing is decoded.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_http_request_target(request: *const swoole_http_request) -> swoole_data {
    // SAFETY: the caller's handle, as the header asks.
    unsafe { part(request, Request::target) }
}

/// The path as it came.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_http_request_path(request: *const swoole_http_request) -> swoole_data {
    // SAFETY: the caller's handle, as the header asks.
    unsafe { part(request, Request::path) }
}

/// What stands behind the question mark as it came; of no length if nothing does.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_http_request_query(request: *const swoole_http_request) -> swoole_data {
    // SAFETY: the caller's handle, as the header asks.
    unsafe { part(request, Request::query) }
}

/// Its body, without chunks; of no length if it has none. Of an upload that is longer than
/// `package_max_length` see `swoole_http_request_next_file`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_http_request_body(request: *const swoole_http_request) -> swoole_data {
    // SAFETY: the caller's handle, as the header asks.
    unsafe { part(request, Request::body) }
}

/// Head and body in one piece.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_http_request_data(request: *const swoole_http_request) -> swoole_data {
    // SAFETY: the caller's handle, as the header asks.
    unsafe { part(request, Request::data) }
}

/// The first header of that name, in any letter case.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_http_request_header(
    request: *const swoole_http_request,
    name: *const c_char,
) -> swoole_data {
    // SAFETY: the caller's pointers, as the header asks.
    unsafe { find(request, name, |request, name| request.engine.header(name)) }
}

/// Goes through its headers, in their order and with their names as they came: writes the next one to `*field`; false when
/// there is no more. `*place` is 0 at first:
/// `for (size_t place = 0; swoole_http_request_next_header(request, &place, &field);)`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_http_request_next_header(
    request: *const swoole_http_request,
    place: *mut usize,
    field: *mut swoole_http_field,
) -> bool {
    // SAFETY: the caller's pointers, as the header asks.
    unsafe { next(request, place, field, |request, n| request.headers.get(n, || Box::new(request.engine.headers()))) }
}

/// The same for the headers behind a chunked body.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_http_request_next_trailer(
    request: *const swoole_http_request,
    place: *mut usize,
    field: *mut swoole_http_field,
) -> bool {
    // SAFETY: the caller's pointers, as the header asks.
    unsafe { next(request, place, field, |request, n| request.trailers.get(n, || Box::new(request.engine.trailers()))) }
}

/// The first cookie of that name, decoded.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_http_request_cookie(
    request: *const swoole_http_request,
    name: *const c_char,
) -> swoole_data {
    // SAFETY: the caller's pointers, as the header asks.
    unsafe { find(request, name, |request, name| request.cookies().find(name)) }
}

/// Goes through its cookies, decoded, as `swoole_http_request_next_header` does.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_http_request_next_cookie(
    request: *const swoole_http_request,
    place: *mut usize,
    field: *mut swoole_http_field,
) -> bool {
    // SAFETY: the caller's pointers, as the header asks.
    unsafe { next(request, place, field, |request, n| request.cookies().nth(n)) }
}

/// The first field of that name in the query, decoded.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_http_request_query_value(
    request: *const swoole_http_request,
    name: *const c_char,
) -> swoole_data {
    // SAFETY: the caller's pointers, as the header asks.
    unsafe { find(request, name, |request, name| request.query().find(name)) }
}

/// Goes through the fields of the query, decoded, as `swoole_http_request_next_header` does.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_http_request_next_query_value(
    request: *const swoole_http_request,
    place: *mut usize,
    field: *mut swoole_http_field,
) -> bool {
    // SAFETY: the caller's pointers, as the header asks.
    unsafe { next(request, place, field, |request, n| request.query().nth(n)) }
}

/// The first field of that name in a body that is a form (application/x-www-form-urlencoded or
/// multipart/form-data), decoded.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_http_request_form_value(
    request: *const swoole_http_request,
    name: *const c_char,
) -> swoole_data {
    // SAFETY: the caller's pointers, as the header asks.
    unsafe { find(request, name, |request, name| request.form().fields.find(name)) }
}

/// Goes through the fields of a body that is a form, decoded, without its files, as `swoole_http_request_next_header`
/// does.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_http_request_next_form_value(
    request: *const swoole_http_request,
    place: *mut usize,
    field: *mut swoole_http_field,
) -> bool {
    // SAFETY: the caller's pointers, as the header asks.
    unsafe { next(request, place, field, |request, n| request.form().fields.nth(n)) }
}

/// Goes through the files of a body that is a multipart form, as `swoole_http_request_next_header` does.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_http_request_next_file(
    request: *const swoole_http_request,
    place: *mut usize,
    file: *mut swoole_http_file,
) -> bool {
    // SAFETY: the caller's pointers, as the header asks.
    unsafe { next(request, place, file, |request, n| request.form().file(n)) }
}
