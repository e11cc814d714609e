//! Functions outside classes.

use crate::constants;
use crate::zend::{self, Call, LONG, Method, STRING, Thrown, VOID, arg, end, function, opt, returns, text};
use ext_php_rs::types::Zval;
use std::io;
use swoole_core::error;

/// All of them.
pub const TABLE: &[Method] = &[
    function(c"swoole_version", version, &[returns(0, STRING)]),
    function(c"swoole_last_error", last_error, &[returns(0, LONG)]),
    function(c"swoole_errno", errno, &[returns(0, LONG)]),
    function(
        c"swoole_strerror",
        strerror,
        &[returns(1, STRING), arg(c"errno", LONG), opt(c"error_type", LONG, c"SWOOLE_STRERROR_SYSTEM")],
    ),
    function(c"swoole_clear_error", clear_error, &[returns(0, VOID)]),
    end(),
];

fn version(call: Call<'_>) -> Result<Zval, Thrown> {
    call.no_args()?;
    Ok(text(swoole_core::VERSION))
}

/// Number of the last error: a `SWOOLE_ERROR_*`, or an errno.
fn last_error(call: Call<'_>) -> Result<i64, Thrown> {
    call.no_args()?;
    Ok(error::last_code().into())
}

/// The C library's error number.
fn errno(call: Call<'_>) -> Result<i64, Thrown> {
    call.no_args()?;
    Ok(io::Error::last_os_error().raw_os_error().unwrap_or(0).into())
}

/// The text for a number. Numbers of the engine lie above those of the system, so each is understood
/// with either type.
fn strerror(call: Call<'_>) -> Result<Zval, Thrown> {
    let mut args = call.args(1, 2)?;
    let code = args.long()?;
    let kind = args.long_or(constants::STRERROR_SYSTEM)?;
    let known = constants::error_text(code);
    Ok(match (kind, known) {
        (constants::STRERROR_GAI, _) => text(&zend::gai_error_text(code)),
        (constants::STRERROR_SWOOLE | constants::STRERROR_DNS | constants::STRERROR_SYSTEM, Some(known)) => text(known),
        (constants::STRERROR_SWOOLE, None) => text(&format!("Unknown error {code}")),
        _ => text(&system_text(code)),
    })
}

fn system_text(code: i64) -> String {
    let text = io::Error::from_raw_os_error(i32::try_from(code).unwrap_or(-1)).to_string();
    // The standard library appends the number, which the caller has already.
    text.split(" (os error").next().unwrap_or_default().to_string()
}

fn clear_error(call: Call<'_>) -> Result<(), Thrown> {
    call.no_args()?;
    error::set_last_code(0);
    zend::clear_errno();
    Ok(())
}
