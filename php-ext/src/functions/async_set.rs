//! `swoole_async_set`: settings of the whole process.

use crate::bridge::settings::{pairs, to_value};
use crate::classes::{did_you_mean, warn_of};
use crate::zend::{self, ARRAY, ArgInfo, BOOL, Call, Method, Thrown, arg, function, returns};
use std::cell::Cell;
use swoole_core::aio::{set_name_server, set_random_address, set_threads};
use swoole_core::config::{Value, is_accepted_silently};
use swoole_core::error::{Error, ErrorKind, Result as EngineResult};
use swoole_core::log::{self, Level};

/// Not terminated: see [`joined`](crate::zend::joined).
pub const TABLE: &[Method] = &[function(c"swoole_async_set", set, SET)];

pub const SET: &[ArgInfo] = &[returns(1, BOOL), arg(c"settings", ARRAY)];

/// Options that mean something here.
const KNOWN: &[&str] = &[
    "thread_num",
    "dns_server",
    "dns_lookup_random",
    "socket_buffer_size",
    "log_level",
    "display_errors",
    "enable_reuse_port",
];
/// Options of other builds that mean nothing here.
const MEANINGLESS: &[&str] = &["enable_signalfd", "socket_dontwait", "use_async_resolver"];

thread_local! {
    static REUSE_PORT: Cell<bool> = const { Cell::new(false) };
}

/// Whether servers that are made from now on bind with SO_REUSEPORT.
pub fn reuses_ports() -> bool {
    REUSE_PORT.get()
}

/// A script begins: the INI directive swoole.aio_thread_num is the default of thread_num.
pub fn begin() {
    if let Err(error) = set_threads(usize::try_from(zend::ini_int("swoole.aio_thread_num")).unwrap_or(0)) {
        // No code of the script has run that could throw.
        let _ = zend::warning(&format!("INI directive swoole.aio_thread_num: {error}"));
    }
}

/// Sets options of the process; what a server or a client takes from them, it takes when it is made. False if one was not taken.
pub fn set(call: Call<'_>) -> Result<bool, Thrown> {
    let given = call.args(1, 1)?.array()?;
    let mut all_taken = true;
    for (key, value) in pairs(given) {
        let name = key.zend_str().map_or_else(
            || key.long().unwrap_or_default().to_string(),
            |name| String::from_utf8_lossy(name.as_bytes()).into_owned(),
        );
        if let Err(error) = set_one(&name, &to_value(value.dereference())) {
            all_taken = false;
            warn_of(&error.remember())?;
        }
    }
    Ok(all_taken)
}

fn set_one(name: &str, value: &Value) -> EngineResult<()> {
    match name {
        "thread_num" => {
            let threads = whole(name, value)?;
            set_threads(usize::try_from(threads).map_err(|_| wrong(name, "1 or more", value))?)
        }
        "dns_server" => match value {
            Value::Null => set_name_server(None),
            Value::Str(server) if server.is_empty() => set_name_server(None),
            Value::Str(server) => set_name_server(Some(&String::from_utf8_lossy(server))),
            other => Err(wrong(name, "an address, \"192.0.2.1\" or \"192.0.2.1:53\"", other)),
        },
        "dns_lookup_random" => switch(name, value).map(set_random_address),
        "socket_buffer_size" => {
            whole(name, value).map(|n| zend::set_ini("swoole.unixsock_buffer_size", &n.to_string()))
        }
        "display_errors" => {
            switch(name, value).map(|on| zend::set_ini("swoole.display_errors", if on { "1" } else { "0" }))
        }
        "log_level" => match Level::from_number(whole(name, value)?) {
            Some(level) => {
                log::set_level(level);
                Ok(())
            }
            None => Err(wrong(name, "SWOOLE_LOG_DEBUG (0) to SWOOLE_LOG_NONE (6)", value)),
        },
        "enable_reuse_port" => switch(name, value).map(|on| REUSE_PORT.set(on)),
        _ if MEANINGLESS.contains(&name) || is_accepted_silently(name) => Ok(()),
        _ => Err(Error::new(
            ErrorKind::InvalidParams,
            format!(
                "unknown option \"{name}\" is ignored{}",
                did_you_mean(name, KNOWN.iter().chain(MEANINGLESS).copied())
            ),
        )),
    }
}

fn wrong(name: &str, wanted: &str, found: &Value) -> Error {
    Error::new(ErrorKind::InvalidParams, format!("option \"{name}\" was given {}; it takes {wanted}", found.describe()))
}

/// An int.
fn whole(name: &str, value: &Value) -> EngineResult<i64> {
    match value {
        Value::Int(n) => Ok(*n),
        Value::Str(text) => {
            let number = std::str::from_utf8(text).ok().and_then(|text| text.trim().parse().ok());
            number.ok_or_else(|| wrong(name, "an int", value))
        }
        other => Err(wrong(name, "an int", other)),
    }
}

/// On or off.
fn switch(name: &str, value: &Value) -> EngineResult<bool> {
    match value {
        Value::Bool(on) => Ok(*on),
        Value::Null => Ok(false),
        other => whole(name, other).map(|n| n != 0).map_err(|_| wrong(name, "true or false", other)),
    }
}
