//! Options by name, and who hears of their warnings. The options themselves (names, types,
//! defaults, bounds) are the engine's: docs/options.md.

use std::ffi::{CString, c_char, c_void};
use std::io::Write;
use std::sync::{Mutex, PoisonError};

use swoole_core::config::{Value, Warning};
use swoole_core::error::Result;

use crate::error::swoole_result;
use crate::server::{port_id, swoole_server, with};
use crate::support::args::{bytes, c_str, slice, text};
use crate::support::boundary;

/// Values of the option `log_level`: what is less severe is not logged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(C)]
#[allow(missing_docs)]
pub enum swoole_log_level {
    SWOOLE_LOG_DEBUG = 0,
    SWOOLE_LOG_TRACE = 1,
    SWOOLE_LOG_INFO = 2,
    SWOOLE_LOG_NOTICE = 3,
    SWOOLE_LOG_WARNING = 4,
    SWOOLE_LOG_ERROR = 5,
    SWOOLE_LOG_NONE = 6,
}

/// Values of the option `log_rotation`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(C)]
#[allow(missing_docs)]
pub enum swoole_log_rotation {
    SWOOLE_LOG_ROTATION_SINGLE = 0,
    SWOOLE_LOG_ROTATION_MONTHLY = 1,
    SWOOLE_LOG_ROTATION_DAILY = 2,
    SWOOLE_LOG_ROTATION_HOURLY = 3,
    SWOOLE_LOG_ROTATION_EVERY_MINUTE = 4,
}

/// Is told of a warning. `message` is UTF-8 text for a person, never NULL, and valid during the
/// call only.
pub type swoole_warning_fn = Option<unsafe extern "C" fn(userdata: *mut c_void, message: *const c_char)>;

struct Handler {
    function: swoole_warning_fn,
    userdata: *mut c_void,
}

// SAFETY: the pointer is only handed back to the program's own function, on the thread that caused
// the warning; swoole_set_warning_handler asks for a pointer that every such thread may use.
unsafe impl Send for Handler {}

static HANDLER: Mutex<Handler> = Mutex::new(Handler { function: None, userdata: std::ptr::null_mut() });

/// Sets who is told of warnings about options: an unknown name, a value that was clamped. The
/// option functions still answer `SWOOLE_OK` then. NULL: warnings go to stderr, as they do before
/// this is called.
///
/// One handler per process. It runs inside the option function, on its thread; `userdata` is kept
/// until the next call of this function and is never freed by the library.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_set_warning_handler(handler: swoole_warning_fn, userdata: *mut c_void) {
    boundary::value((), || {
        *HANDLER.lock().unwrap_or_else(PoisonError::into_inner) = Handler { function: handler, userdata };
        Ok(())
    });
}

/// Tells the program of a warning.
pub(crate) fn warn(warning: &Warning) {
    // Copied out, so that the handler may set another one.
    let (function, userdata) = {
        let handler = HANDLER.lock().unwrap_or_else(PoisonError::into_inner);
        (handler.function, handler.userdata)
    };
    let Some(function) = function else {
        // A closed stderr is the program's choice.
        let _ = writeln!(std::io::stderr(), "swoole: warning: {}", warning.message);
        return;
    };
    let message = CString::new(warning.message.replace('\0', "\\0")).expect("its NULs were replaced");
    // SAFETY: the program gave this function and its userdata for this; the text outlives the call.
    unsafe { function(userdata, message.as_ptr()) }
}

/// Sets one option, of the primary port or of the server (`port` None), or of one port.
pub(crate) fn apply(server: &swoole_server, port: Option<i32>, name: &str, value: &Value) -> Result<()> {
    let warnings = match port {
        None => server.engine.set(name, value),
        Some(port) => server.engine.set_port(port_id(port)?, name, value),
    }?;
    warnings.iter().for_each(warn);
    Ok(())
}

unsafe fn set(
    server: *mut swoole_server,
    port: Option<i32>,
    name: *const c_char,
    value: impl FnOnce() -> Result<Value>,
) -> swoole_result {
    // SAFETY: both pointers are the caller's, which promises them as the header asks.
    unsafe { with(server, |server| apply(server, port, text(name, "the option's name")?, &value()?)) }
}

unsafe fn list(values: *const i64, count: usize) -> Result<Value> {
    // SAFETY: the caller's pointer and count, as the header asks.
    let values = unsafe { slice(values, count, "the option's list") }?;
    Ok(Value::List(values.iter().copied().map(Value::Int).collect()))
}

/// Sets an option that is a whole number. Options are set before `swoole_server_start`; one that
/// belongs to a port goes to the primary port. `name`: see docs/options.md.
///
/// All setters: an unknown name or a clamped value is a warning (`swoole_set_warning_handler`) and
/// `SWOOLE_OK`; any other wrong value is `SWOOLE_ERROR_INVALID_PARAMS`, and `swoole_server_start`
/// will refuse until the option has been set to a good one. Nothing that is passed is kept.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_server_set_int(
    server: *mut swoole_server,
    name: *const c_char,
    value: i64,
) -> swoole_result {
    // SAFETY: passed on as the caller promised it.
    unsafe { set(server, None, name, || Ok(Value::Int(value))) }
}

/// Sets an option that is on or off.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_server_set_bool(
    server: *mut swoole_server,
    name: *const c_char,
    value: bool,
) -> swoole_result {
    // SAFETY: passed on as the caller promised it.
    unsafe { set(server, None, name, || Ok(Value::Bool(value))) }
}

/// Sets an option that may have a fraction, such as a time in seconds.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_server_set_float(
    server: *mut swoole_server,
    name: *const c_char,
    value: f64,
) -> swoole_result {
    // SAFETY: passed on as the caller promised it.
    unsafe { set(server, None, name, || Ok(Value::Float(value))) }
}

/// Sets an option that is a text: `value` ends with a NUL. A list of texts is given with commas between
/// them: `"/static,/images"`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_server_set_str(
    server: *mut swoole_server,
    name: *const c_char,
    value: *const c_char,
) -> swoole_result {
    // SAFETY: passed on as the caller promised it.
    unsafe { set(server, None, name, || Ok(Value::Str(c_str(value, "the option's value")?.to_vec()))) }
}

/// Sets an option that is made of `len` bytes, such as a `package_eof` with a NUL in it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_server_set_bytes(
    server: *mut swoole_server,
    name: *const c_char,
    value: *const c_void,
    len: usize,
) -> swoole_result {
    // SAFETY: passed on as the caller promised it.
    unsafe { set(server, None, name, || Ok(Value::Str(bytes(value, len, "the option's value")?.to_vec()))) }
}

/// Sets an option that is a list of `count` whole numbers, such as `cpu_affinity_ignore`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_server_set_int_list(
    server: *mut swoole_server,
    name: *const c_char,
    values: *const i64,
    count: usize,
) -> swoole_result {
    // SAFETY: passed on as the caller promised it.
    unsafe { set(server, None, name, || list(values, count)) }
}

/// Sets an option of one port that is a whole number. `port_id` is what `swoole_server_listen`
/// gave. Once one of its options has been set, a port no longer takes over those of the primary
/// port.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_server_set_port_int(
    server: *mut swoole_server,
    port_id: i32,
    name: *const c_char,
    value: i64,
) -> swoole_result {
    // SAFETY: passed on as the caller promised it.
    unsafe { set(server, Some(port_id), name, || Ok(Value::Int(value))) }
}

/// Sets an option of one port that is on or off.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_server_set_port_bool(
    server: *mut swoole_server,
    port_id: i32,
    name: *const c_char,
    value: bool,
) -> swoole_result {
    // SAFETY: passed on as the caller promised it.
    unsafe { set(server, Some(port_id), name, || Ok(Value::Bool(value))) }
}

/// Sets an option of one port that may have a fraction.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_server_set_port_float(
    server: *mut swoole_server,
    port_id: i32,
    name: *const c_char,
    value: f64,
) -> swoole_result {
    // SAFETY: passed on as the caller promised it.
    unsafe { set(server, Some(port_id), name, || Ok(Value::Float(value))) }
}

/// Sets an option of one port that is a text: `value` ends with a NUL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_server_set_port_str(
    server: *mut swoole_server,
    port_id: i32,
    name: *const c_char,
    value: *const c_char,
) -> swoole_result {
    // SAFETY: passed on as the caller promised it.
    unsafe { set(server, Some(port_id), name, || Ok(Value::Str(c_str(value, "the option's value")?.to_vec()))) }
}

/// Sets an option of one port that is made of `len` bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_server_set_port_bytes(
    server: *mut swoole_server,
    port_id: i32,
    name: *const c_char,
    value: *const c_void,
    len: usize,
) -> swoole_result {
    // SAFETY: passed on as the caller promised it.
    unsafe { set(server, Some(port_id), name, || Ok(Value::Str(bytes(value, len, "the option's value")?.to_vec()))) }
}
