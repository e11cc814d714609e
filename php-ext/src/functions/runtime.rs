//! Versions, errors, the log, and what the machine is like.

use crate::classes::warn_of;
use crate::constants;
use crate::zend::{
    self, ARRAY, BOOL, Call, FALSE, LONG, Method, STRING, Thrown, VOID, arg, array, fill, function, int, no, opt,
    returns, text,
};
use ext_php_rs::types::{ZendHashTable, Zval};
use std::io;
use swoole_core::error::{self, Error, ErrorKind};
use swoole_core::log::{self, Level};
use swoole_core::sys::interfaces::{self, Family};
use swoole_core::sys::{limits, title};

/// All of them. Not terminated: see [`joined`](crate::zend::joined).
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
    function(c"swoole_ignore_error", ignore_error, &[returns(1, VOID), arg(c"error", LONG)]),
    function(c"swoole_error_log", error_log, &[returns(2, VOID), arg(c"level", LONG), arg(c"msg", STRING)]),
    function(
        c"swoole_error_log_ex",
        error_log_ex,
        &[returns(3, VOID), arg(c"level", LONG), arg(c"error", LONG), arg(c"msg", STRING)],
    ),
    function(c"swoole_cpu_num", cpu_num, &[returns(0, LONG)]),
    function(c"swoole_get_local_ip", get_local_ip, &[returns(0, ARRAY), opt(c"family", LONG, c"2")]),
    function(c"swoole_get_local_mac", get_local_mac, &[returns(0, ARRAY)]),
    function(c"swoole_set_process_name", set_process_name, &[returns(1, BOOL), arg(c"process_name", STRING)]),
    function(c"swoole_hashcode", hashcode, &[returns(1, LONG | FALSE), arg(c"data", STRING), opt(c"type", LONG, c"0")]),
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

/// What an error number of the engine or the system means.
pub fn error_words(code: i32) -> String {
    constants::error_text(code.into()).map_or_else(|| system_text(code.into()), str::to_owned)
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

/// Errors of that number raise no warning any more.
fn ignore_error(call: Call<'_>) -> Result<(), Thrown> {
    if let Some(code) = error_number(call.args(1, 1)?.long()?)? {
        error::ignore(code);
    }
    Ok(())
}

/// Writes a line to the engine's log.
fn error_log(call: Call<'_>) -> Result<(), Thrown> {
    let mut args = call.args(2, 2)?;
    let level = level(args.long()?)?;
    let message = args.text()?;
    if let Some(level) = level {
        log::write(level, format_args!("{message}"));
    }
    Ok(())
}

/// Writes a line that tells of an error, whose number becomes the last one.
fn error_log_ex(call: Call<'_>) -> Result<(), Thrown> {
    let mut args = call.args(3, 3)?;
    let (level, code, message) = (level(args.long()?)?, error_number(args.long()?)?, args.text()?);
    if let (Some(level), Some(code)) = (level, code) {
        error::set_last_code(code);
        log::write_error(level, code, format_args!("{message}"));
    }
    Ok(())
}

/// None, with a warning, if there is no such level.
fn level(number: i64) -> Result<Option<Level>, Thrown> {
    let level = Level::from_number(number);
    if level.is_none() {
        misuse(format!("there is no log level {number}; use SWOOLE_LOG_DEBUG (0) to SWOOLE_LOG_NONE (6)"))?;
    }
    Ok(level)
}

/// None, with a warning, if it cannot be one.
fn error_number(number: i64) -> Result<Option<i32>, Thrown> {
    let code = i32::try_from(number).ok();
    if code.is_none() {
        misuse(format!("{number} is no error number; use a SWOOLE_ERROR_* or an errno"))?;
    }
    Ok(code)
}

fn misuse(message: String) -> Result<(), Thrown> {
    warn_of(&Error::new(ErrorKind::InvalidParams, message).remember())
}

/// Processors that this process may run on.
fn cpu_num(call: Call<'_>) -> Result<i64, Thrown> {
    call.no_args()?;
    Ok(limits::allowed_cpus().len() as i64)
}

/// An array of interface name => address.
fn get_local_ip(call: Call<'_>) -> Result<Zval, Thrown> {
    let number = call.args(0, 1)?.long_or(2)?;
    let Some(family) = Family::from_number(number) else {
        misuse(format!("unknown address family {number}; use AF_INET (2) or AF_INET6 (10)"))?;
        return Ok(array(ZendHashTable::new()));
    };
    by_interface("addresses", interfaces::addresses(family), |ip| ip.to_string())
}

/// An array of interface name => hardware address.
fn get_local_mac(call: Call<'_>) -> Result<Zval, Thrown> {
    call.no_args()?;
    by_interface("hardware addresses", interfaces::hardware_addresses(), |bytes| {
        bytes.map(|byte| format!("{byte:02X}")).join(":")
    })
}

fn by_interface<T>(
    what: &str,
    found: io::Result<Vec<(String, T)>>,
    show: impl Fn(T) -> String,
) -> Result<Zval, Thrown> {
    let found = found.or_else(|why| {
        let asked = format!("cannot list the {what} of this machine's network interfaces");
        warn_of(&Error::system(asked, &why).remember()).map(|()| Vec::new())
    })?;
    let mut table = ZendHashTable::with_capacity(found.len() as u32);
    for (name, address) in found {
        fill(&mut table, [(name.as_str(), text(&show(address)))]);
    }
    Ok(array(table))
}

/// What `ps` shows of this process.
fn set_process_name(call: Call<'_>) -> Result<bool, Thrown> {
    set_title(call.args(1, 1)?.bytes()?)
}

/// Gives this process a title. False with a warning if that cannot be done.
pub fn set_title(name: &[u8]) -> Result<bool, Thrown> {
    if name.contains(&0) {
        misuse("a process name cannot contain a zero byte".to_string())?;
        return Ok(false);
    }
    match zend::set_title(name)? {
        Some(done) => Ok(done),
        None => match title::set(name) {
            Ok(_) => Ok(true),
            Err(why) => {
                warn_of(&Error::system("cannot set the process name", &why).remember())?;
                Ok(false)
            }
        },
    }
}

/// The number that a string gives: `h * 33 + byte` for each byte, from 5381, in 63 bits.
fn hashcode(call: Call<'_>) -> Result<Zval, Thrown> {
    let mut args = call.args(1, 2)?;
    let data = args.bytes()?;
    let kind = args.long_or(0)?;
    if kind != 0 {
        misuse(format!("unknown kind of hash {kind}; there is 0 only"))?;
        return Ok(no());
    }
    let hash = data.iter().fold(5381_u64, |hash, byte| hash.wrapping_mul(33).wrapping_add(u64::from(*byte)));
    Ok(int((hash & (u64::MAX >> 1)) as i64))
}
