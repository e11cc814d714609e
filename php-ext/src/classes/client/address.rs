//! Addresses and times as a script gives them.

use crate::classes::server::host_text;
use crate::zend::{array, fill, int, text};
use ext_php_rs::types::{ZendHashTable, Zval};
use std::time::Duration;
use swoole_core::client::Address;
use swoole_core::error::{Error, ErrorKind, Result};
use swoole_core::net::SocketType;

/// Where to connect or send to.
pub struct Target<'a> {
    pub host: &'a str,
    pub port: u16,
}

impl<'a> Target<'a> {
    /// Errors: no host, or no port that a socket of that kind can have.
    pub fn new(kind: SocketType, host: &'a [u8], port: i64) -> Result<Target<'a>> {
        let host = host_text(host)?;
        let invalid = |message: String| Err(Error::new(ErrorKind::InvalidParams, message));
        if host.is_empty() {
            return invalid(format!("no {} was given", if kind.is_unix() { "path of a Unix socket" } else { "host" }));
        }
        if kind.is_unix() {
            return Ok(Target { host, port: 0 });
        }
        match u16::try_from(port) {
            Ok(port) if port > 0 => Ok(Target { host, port }),
            _ => invalid(format!("{host} was to be reached at port {port}; ports are 1 to 65535")),
        }
    }
}

/// A timeout in seconds; 0 or less: zero, which means no limit.
pub fn timeout(seconds: f64) -> Result<Duration> {
    if seconds.is_nan() {
        return Err(Error::new(
            ErrorKind::InvalidParams,
            "the timeout is not a number; give seconds, 0.5 for instance",
        ));
    }
    if seconds <= 0.0 {
        return Ok(Duration::ZERO);
    }
    // A part of a millisecond is a limit, and not none.
    Ok(Duration::try_from_secs_f64(seconds.min(1e9)).unwrap_or_default().max(Duration::from_millis(1)))
}

/// `['host' => …, 'port' => …]`
pub fn to_array(address: Address) -> Zval {
    let mut table = ZendHashTable::with_capacity(2);
    fill(&mut table, [("host", text(&address.host)), ("port", int(address.port))]);
    array(table)
}
