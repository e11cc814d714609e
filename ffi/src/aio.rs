//! Files, names and commands without making the loop wait.

use std::ffi::{CString, c_char, c_void};
use std::net::IpAddr;

use swoole_core::aio::{self, Ended, Family};
use swoole_core::error::Result;
use swoole_core::event::Flow;
use swoole_core::log;

use crate::error::{remember, swoole_result};
use crate::event::in_loop;
use crate::support::args::{bytes, invalid, path, text};
use crate::support::boundary;
use crate::support::running::in_callback;
use crate::support::slot::no_callback;

/// Bytes of a file were read, or could not be: `result` is `SWOOLE_OK`, or the reason, which
/// `swoole_last_error` and `swoole_last_error_message` tell as well. `data` has `len` bytes and no
/// final NUL, is never NULL, and is valid during the call only; it is empty after an error.
pub type swoole_aio_data_fn =
    Option<unsafe extern "C" fn(userdata: *mut c_void, result: swoole_result, data: *const u8, len: usize)>;

/// As `swoole_aio_data_fn`, for a chunk of a file; an empty one is its end. Answers whether to go on;
/// after an error and the end that means nothing.
pub type swoole_aio_chunk_fn =
    Option<unsafe extern "C" fn(userdata: *mut c_void, result: swoole_result, data: *const u8, len: usize) -> bool>;

/// All `written` bytes were written to a file, or could not be (`written` is 0): `result` as in
/// `swoole_aio_data_fn`.
pub type swoole_aio_written_fn =
    Option<unsafe extern "C" fn(userdata: *mut c_void, result: swoole_result, written: usize)>;

/// The address of a host in text, valid during the call only; NULL after an error. `result` as in
/// `swoole_aio_data_fn`.
pub type swoole_aio_address_fn =
    Option<unsafe extern "C" fn(userdata: *mut c_void, result: swoole_result, address: *const c_char)>;

/// A command has ended. `ended` is valid during the call only; NULL after an error. `result` as in
/// `swoole_aio_data_fn`.
pub type swoole_aio_ended_fn =
    Option<unsafe extern "C" fn(userdata: *mut c_void, result: swoole_result, ended: *const swoole_aio_ended)>;

/// How a command ended.
#[repr(C)]
pub struct swoole_aio_ended {
    /// what it wrote to its standard output; no final NUL, never NULL
    pub output: *const u8,
    /// number of bytes
    pub len: usize,
    /// its exit code; -1 if a signal ended it
    pub code: i32,
    /// the signal that ended it; 0 if it exited
    pub signal: i32,
}

/// The code of a result, remembered for `swoole_last_error` if it is an error, and what there is.
fn told<T>(result: Result<T>) -> (swoole_result, Option<T>) {
    match result {
        Ok(value) => (swoole_result::SWOOLE_OK, Some(value)),
        Err(error) => (remember(&error), None),
    }
}

/// Sets how many threads do the waiting at most: 1 to 32, 2 if this is never called. They are begun
/// when they are first needed; `SWOOLE_ERROR_WRONG_OPERATION` once they run.
#[unsafe(no_mangle)]
pub extern "C" fn swoole_aio_set_threads(count: i32) -> swoole_result {
    in_loop(|| {
        let threads = usize::try_from(count)
            .map_err(|_| invalid(format!("{count} threads were asked for; 1 to {} are possible", aio::MOST_THREADS)))?;
        aio::set_threads(threads)
    })
}

/// Sets the name server to ask: an address, or an address, a colon and a port. NULL: what the system is
/// set up to do, as it is before this is called.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_aio_set_name_server(server: *const c_char) -> swoole_result {
    boundary::result(|| {
        if server.is_null() {
            return aio::set_name_server(None);
        }
        // SAFETY: not NULL, so a string as the header asks.
        aio::set_name_server(Some(unsafe { text(server, "the name server") }?))
    })
}

/// Whether a name with several addresses gives a random one of them, or the first, as it does before this
/// is called.
#[unsafe(no_mangle)]
pub extern "C" fn swoole_aio_set_random_address(random: bool) {
    boundary::value((), || {
        aio::set_random_address(random);
        Ok(())
    });
}

/// Forgets the answers about names, which are remembered for a minute.
#[unsafe(no_mangle)]
pub extern "C" fn swoole_aio_clear_name_cache() {
    boundary::value((), || {
        aio::clear_name_cache();
        Ok(())
    });
}

/// Reads a whole file of at most 4 MiB and calls `done` with it.
///
/// All `swoole_aio_` functions that begin something: it is done beside the loop of this process (see
/// `swoole_event_wait`; in a process of a server it is that process's own), which then calls the function,
/// exactly once (`swoole_aio_read`: once for each chunk), never before this returns. That keeps the loop
/// from being empty. If this fails (`SWOOLE_ERROR_QUEUE_FULL`: 8192 are under way already), or the loop is dropped by
/// `swoole_event_exit` or the end of the process, it is not called. `userdata` may be NULL and is never freed by the library. No C++
/// exception and no longjmp may leave the function.
///
/// Its errors: `SWOOLE_ERROR_FILE_TOO_LARGE`, `SWOOLE_ERROR_FILE_NOT_EXIST`, or `SWOOLE_ERROR_SYSTEM_CALL_FAIL` with the errno (EISDIR, EACCES and so on).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_aio_read_file(
    path: *const c_char,
    done: swoole_aio_data_fn,
    userdata: *mut c_void,
) -> swoole_result {
    in_loop(|| {
        let function = done.ok_or_else(no_callback)?;
        // SAFETY: the caller's pointer, as the header asks.
        let path = unsafe { self::path(path) }?;
        let done = move |result| {
            let (result, data) = told(result);
            let data: Vec<u8> = data.unwrap_or_default();
            // SAFETY: the program gave this function and its userdata for this; the data outlives the call.
            in_callback(|| unsafe { function(userdata, result, data.as_ptr(), data.len()) })
        };
        aio::read_file(path, Box::new(done))
    })
}

/// Reads a file from `offset` on and calls `step` for each chunk of `chunk` bytes (1 to 1048576; the last
/// one may be shorter), in their order, then with an empty one at the end, or with an error. Stops when `step`
/// answers false. The next chunk is read when `step` has returned: one is in memory, however large the
/// file. Errors as `swoole_aio_read_file`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_aio_read(
    path: *const c_char,
    chunk: usize,
    offset: u64,
    step: swoole_aio_chunk_fn,
    userdata: *mut c_void,
) -> swoole_result {
    in_loop(|| {
        let function = step.ok_or_else(no_callback)?;
        // SAFETY: the caller's pointer, as the header asks.
        let path = unsafe { self::path(path) }?;
        let step = move |result: Result<&[u8]>| -> (Flow, bool) {
            let (result, data) = told(result);
            let data = data.unwrap_or_default();
            let mut more = false;
            // SAFETY: the program gave this function and its userdata for this; the data outlives the call.
            let flow = in_callback(|| more = unsafe { function(userdata, result, data.as_ptr(), data.len()) });
            (flow, more)
        };
        aio::read(path, chunk, offset, Box::new(step))
    })
}

fn written(function: swoole_aio_written_fn, userdata: *mut c_void) -> aio::DoneFn<usize> {
    Box::new(move |result| {
        let Some(function) = function else {
            if let Err(error) = result {
                log::warning(format_args!("{error}"));
            }
            return Flow::Continue;
        };
        let (result, written) = told(result);
        // SAFETY: the program gave this function and its userdata for this.
        in_callback(|| unsafe { function(userdata, result, written.unwrap_or(0)) })
    })
}

/// Makes `len` bytes, which are copied, a file's whole content, or appends them to it; makes the file (mode
/// 0644, less the umask) if it does not exist. `done` may be NULL: a failure is logged then. Otherwise as
/// `swoole_aio_read_file`. Errors: SWOOLE_ERROR_SYSTEM_CALL_FAIL with the errno, ENOSPC for a full disk,
/// where a part of it may have been written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_aio_write_file(
    path: *const c_char,
    data: *const c_void,
    len: usize,
    append: bool,
    done: swoole_aio_written_fn,
    userdata: *mut c_void,
) -> swoole_result {
    in_loop(|| {
        // SAFETY: the caller's pointers, as the header asks.
        let (path, data) = unsafe { (self::path(path)?, bytes(data, len, "the data")?) };
        aio::write_file(path, data.to_vec(), append, written(done, userdata))
    })
}

/// Writes `len` bytes, which are copied, into a file at `offset` (-1: at its end) and leaves the rest of it
/// as it is. Calls for the same path are done in the order in which they were made. Otherwise as
/// `swoole_aio_write_file`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_aio_write(
    path: *const c_char,
    data: *const c_void,
    len: usize,
    offset: i64,
    done: swoole_aio_written_fn,
    userdata: *mut c_void,
) -> swoole_result {
    in_loop(|| {
        // SAFETY: the caller's pointers, as the header asks.
        let (path, data) = unsafe { (self::path(path)?, bytes(data, len, "the data")?) };
        let offset =
            match offset {
                -1 => None,
                at => Some(u64::try_from(at).map_err(|_| {
                    invalid(format!("there is no offset {at}; pass 0 or more, or -1 for the file's end"))
                })?),
            };
        aio::write(path, data.to_vec(), offset, written(done, userdata))
    })
}

/// Looks up an address of `host`. `family` is AF_INET or AF_INET6. An address in text is given back as it
/// is. Otherwise as `swoole_aio_read_file`. Errors: `SWOOLE_ERROR_DNSLOOKUP_RESOLVE_FAILED`,
/// `SWOOLE_ERROR_DNSLOOKUP_RESOLVE_TIMEOUT`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_aio_resolve(
    host: *const c_char,
    family: i32,
    done: swoole_aio_address_fn,
    userdata: *mut c_void,
) -> swoole_result {
    in_loop(|| {
        let function = done.ok_or_else(no_callback)?;
        // SAFETY: the caller's pointer, as the header asks.
        let host = unsafe { text(host, "the host") }?;
        let family = match family {
            libc::AF_INET => Family::V4,
            libc::AF_INET6 => Family::V6,
            other => {
                return Err(invalid(format!(
                    "there are no addresses of family {other}; pass AF_INET ({}) or AF_INET6 ({})",
                    libc::AF_INET,
                    libc::AF_INET6
                )));
            }
        };
        let done = move |result: Result<IpAddr>| {
            let (result, address) = told(result);
            let text = address.map(|ip| CString::new(ip.to_string()).expect("an address has no NUL"));
            let text = text.as_ref().map_or(std::ptr::null(), |text| text.as_ptr());
            // SAFETY: the program gave this function and its userdata for this; the text outlives the call.
            in_callback(|| unsafe { function(userdata, result, text) })
        };
        aio::resolve(host, family, Box::new(done)).map(drop)
    })
}

/// Runs a command by `/bin/sh -c` and calls `done` when it has ended, with its exit code and what it wrote
/// to its standard output: at most `most` bytes, else it is killed and the error is
/// `SWOOLE_ERROR_DATA_LENGTH_TOO_LARGE`. Its standard error is this process's. Otherwise as `swoole_aio_read_file`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_aio_exec(
    command: *const c_char,
    most: usize,
    done: swoole_aio_ended_fn,
    userdata: *mut c_void,
) -> swoole_result {
    in_loop(|| {
        let function = done.ok_or_else(no_callback)?;
        // SAFETY: the caller's pointer, as the header asks.
        let command = unsafe { text(command, "the command") }?;
        let done = move |result: Result<Ended>| {
            let (result, ended) = told(result);
            let record = ended.as_ref().map(|ended| swoole_aio_ended {
                output: ended.output.as_ptr(),
                len: ended.output.len(),
                code: ended.code.unwrap_or(-1),
                signal: ended.signal,
            });
            let record = record.as_ref().map_or(std::ptr::null(), |record| record as *const _);
            // SAFETY: the program gave this function and its userdata for this; the record and its output outlive the call.
            in_callback(|| unsafe { function(userdata, result, record) })
        };
        aio::exec(command, most, Box::new(done))
    })
}
