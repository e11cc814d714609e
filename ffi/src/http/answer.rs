//! What a client was answered.

use std::ffi::c_char;

use swoole_core::client::http::{Answer, Outcome};

use super::fields::swoole_http_field;
use crate::bytes::swoole_data;
use crate::support::args::{Out, c_str, handle, invalid};
use crate::support::boundary;

/// The answer of an HTTP server to a client, or why there is none. Valid in the callback that is given it; so is what its
/// functions give, which ends with no NUL.
pub struct swoole_http_answer {
    outcome: Outcome,
}

/// Why there is no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(C)]
pub enum swoole_http_failure {
    /// it could not connect
    SWOOLE_HTTP_CONNECT_FAILED = -1,
    /// no whole answer came in time
    SWOOLE_HTTP_REQUEST_TIMEOUT = -2,
    /// the connection ended, or what came is no answer that can be taken
    SWOOLE_HTTP_SERVER_RESET = -3,
    /// the request could not be sent
    SWOOLE_HTTP_SEND_FAILED = -4,
}

impl swoole_http_answer {
    pub(super) fn new(outcome: Outcome) -> Self {
        swoole_http_answer { outcome }
    }
}

/// # Safety
/// `answer` is NULL, or what the callback that runs was given.
unsafe fn ask<T>(answer: *const swoole_http_answer, otherwise: T, body: impl FnOnce(&Answer) -> T) -> T {
    // The last error tells why there is no answer: it stays.
    boundary::value(None, || {
        // SAFETY: passed on to the caller.
        let answer = unsafe { handle(answer, "answer", "the library") }?;
        Ok(answer.outcome.as_ref().ok().map(body))
    })
    .unwrap_or(otherwise)
}

/// The status, 100 to 999; below 0 a `swoole_http_failure`: there is no answer, and `swoole_last_error_message`
/// tells why. 0 if `answer` is NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_http_answer_status(answer: *const swoole_http_answer) -> i32 {
    boundary::value(0, || {
        // SAFETY: the caller's handle, as the header asks.
        let answer = unsafe { handle(answer, "answer", "the library") }?;
        Ok(match &answer.outcome {
            Ok(answer) => answer.status.into(),
            Err(failed) => failed.failure as i32,
        })
    })
}

/// What follows the status; it may be of no length.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_http_answer_reason(answer: *const swoole_http_answer) -> swoole_data {
    // SAFETY: the caller's handle, as the header asks.
    unsafe { ask(answer, swoole_data::NONE, |answer| answer.reason.as_slice().into()) }
}

/// The body, uncompressed; of no length if it was written to a file.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_http_answer_body(answer: *const swoole_http_answer) -> swoole_data {
    // SAFETY: the caller's handle, as the header asks.
    unsafe { ask(answer, swoole_data::NONE, |answer| answer.body.as_slice().into()) }
}

/// Number of bytes that were written to the file of a download; 0 if none was.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_http_answer_downloaded(answer: *const swoole_http_answer) -> u64 {
    // SAFETY: the caller's handle, as the header asks.
    unsafe { ask(answer, 0, |answer| answer.downloaded.unwrap_or(0)) }
}

/// The first header of that name, in any letter case; `data` is NULL if there is none.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_http_answer_header(
    answer: *const swoole_http_answer,
    name: *const c_char,
) -> swoole_data {
    boundary::value(swoole_data::NONE, || {
        // SAFETY: the caller's pointers, as the header asks.
        unsafe {
            let name = c_str(name, "the name")?.to_ascii_lowercase();
            Ok(ask(answer, swoole_data::NONE, |answer| {
                answer.header(&name).map_or(swoole_data::NONE, swoole_data::from)
            }))
        }
    })
}

/// Goes through its headers, in order, names in lower case: writes the next one to `*field`; false when there is no
/// more. `*place` is 0 at first.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_http_answer_next_header(
    answer: *const swoole_http_answer,
    place: *mut usize,
    field: *mut swoole_http_field,
) -> bool {
    // SAFETY: the caller's pointers, as the header asks.
    unsafe { next(answer, place, field, |answer| &answer.headers) }
}

/// The same for the headers behind a chunked body.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_http_answer_next_trailer(
    answer: *const swoole_http_answer,
    place: *mut usize,
    field: *mut swoole_http_field,
) -> bool {
    // SAFETY: the caller's pointers, as the header asks.
    unsafe { next(answer, place, field, |answer| &answer.trailers) }
}

/// # Safety
/// As for [`ask`]; `place` and `field` are NULL or valid.
unsafe fn next(
    answer: *const swoole_http_answer,
    place: *mut usize,
    field: *mut swoole_http_field,
    list: impl FnOnce(&Answer) -> &Vec<(Vec<u8>, Vec<u8>)>,
) -> bool {
    boundary::value(false, || {
        // SAFETY: passed on to the caller.
        let (place, out) = unsafe { (place.as_mut(), Out::required(field, "the place for the header")?) };
        let place: &mut usize =
            place.ok_or_else(|| invalid("the place is NULL; pass the address of a size_t that is 0 at first"))?;
        let nth = |answer: &Answer| {
            list(answer).get(*place).map(|(name, value)| swoole_http_field::new((name.as_slice(), value.as_slice())))
        };
        // SAFETY: passed on to the caller.
        let Some(found) = (unsafe { ask(answer, None, nth) }) else { return Ok(false) };
        *place += 1;
        out.put(found);
        Ok(true)
    })
}
