//! Options of the HTTP client.

use std::ffi::{c_char, c_void};

use swoole_core::config::Value;

use super::client::{swoole_http_client, with};
use crate::client::{bytes_value, set_option, str_value};

use crate::error::swoole_result;

unsafe fn set(
    client: *mut swoole_http_client,
    name: *const c_char,
    value: swoole_core::error::Result<Value>,
) -> swoole_result {
    // SAFETY: the caller's pointers, as the header asks.
    unsafe { with(client, |client| set_option(name, value, |name, value| client.engine.set(name, value))) }
}

/// Sets an option that is a whole number. Options hold from the next request on. `name`: see the clients'
/// options in docs/options.md.
///
/// All setters: an unknown name or a clamped value is a warning (`swoole_set_warning_handler`) and
/// `SWOOLE_OK`; any other wrong value is `SWOOLE_ERROR_INVALID_PARAMS` and changes nothing. Nothing that is passed is
/// kept.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_http_client_set_int(
    client: *mut swoole_http_client,
    name: *const c_char,
    value: i64,
) -> swoole_result {
    // SAFETY: passed on as the caller promised it.
    unsafe { set(client, name, Ok(Value::Int(value))) }
}

/// Sets an option that is on or off.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_http_client_set_bool(
    client: *mut swoole_http_client,
    name: *const c_char,
    value: bool,
) -> swoole_result {
    // SAFETY: passed on as the caller promised it.
    unsafe { set(client, name, Ok(Value::Bool(value))) }
}

/// Sets an option that may have a fraction.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_http_client_set_float(
    client: *mut swoole_http_client,
    name: *const c_char,
    value: f64,
) -> swoole_result {
    // SAFETY: passed on as the caller promised it.
    unsafe { set(client, name, Ok(Value::Float(value))) }
}

/// Sets an option that is a text: `value` ends with a NUL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_http_client_set_str(
    client: *mut swoole_http_client,
    name: *const c_char,
    value: *const c_char,
) -> swoole_result {
    // SAFETY: passed on as the caller promised it.
    unsafe { set(client, name, str_value(value)) }
}

/// Sets an option that is made of `len` bytes, such as a `package_eof` with a NUL in it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_http_client_set_bytes(
    client: *mut swoole_http_client,
    name: *const c_char,
    value: *const c_void,
    len: usize,
) -> swoole_result {
    // SAFETY: passed on as the caller promised it.
    unsafe { set(client, name, bytes_value(value, len)) }
}
