//! Clients: the one that waits (`swoole_client`) and the one that tells by callbacks
//! (`swoole_async_client`), and what both have.

mod asynchronous;
mod asynchronous_set;
mod blocking;
mod blocking_set;
mod secure;

pub use asynchronous::*;
pub use asynchronous_set::*;
pub use blocking::*;
pub use blocking_set::*;
pub use secure::*;

use std::ffi::{c_char, c_void};

use swoole_core::client::{Address, How};
use swoole_core::config::{Value, Warning};
use swoole_core::error::{Error, ErrorKind, Result};

use crate::config::warn;
use crate::support::args::{c_str, fixed_text, invalid, text};
use crate::support::running::this_thread;

/// An address of one end of a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(C)]
pub struct swoole_address {
    /// IP address in text, or the path of a Unix socket (empty if it has none); ends with a NUL
    pub host: [c_char; 128],
    /// its port; 0 for a Unix socket
    pub port: u16,
}

impl From<Address> for swoole_address {
    fn from(address: Address) -> Self {
        swoole_address { host: fixed_text(&address.host), port: address.port }
    }
}

fn how_of(how: i32) -> Result<How> {
    match how {
        libc::SHUT_RD => Ok(How::Read),
        libc::SHUT_WR => Ok(How::Write),
        libc::SHUT_RDWR => Ok(How::Both),
        other => Err(invalid(format!(
            "there is no way {other} to shut a connection down; pass SHUT_RD (0), SHUT_WR (1) or SHUT_RDWR (2)"
        ))),
    }
}

/// Sets one option by what sets it in a client, and tells of its warnings.
///
/// # Safety
/// `name` is NULL or points to a NUL-terminated string.
pub(crate) unsafe fn set_option(
    name: *const c_char,
    value: Result<Value>,
    set: impl FnOnce(&str, &Value) -> Result<Vec<Warning>>,
) -> Result<()> {
    // SAFETY: passed on to the caller.
    let name = unsafe { text(name, "the option's name") }?;
    set(name, &value?)?.iter().for_each(warn);
    Ok(())
}

/// # Safety
/// `value` is NULL or points to a NUL-terminated string.
pub(crate) unsafe fn str_value(value: *const c_char) -> Result<Value> {
    // SAFETY: passed on to the caller.
    Ok(Value::Str(unsafe { c_str(value, "the option's value") }?.to_vec()))
}

/// # Safety
/// `value` is NULL or points to `len` bytes.
pub(crate) unsafe fn bytes_value(value: *const c_void, len: usize) -> Result<Value> {
    // SAFETY: passed on to the caller.
    Ok(Value::Str(unsafe { crate::support::args::bytes(value, len, "the option's value") }?.to_vec()))
}

pub(crate) fn wrong_thread() -> Error {
    Error::new(
        ErrorKind::WrongOperation,
        "this client was made by another thread; call its functions from that thread only",
    )
}

fn at_work() -> Error {
    Error::new(ErrorKind::WrongOperation, "this client is at work: its package-length function must not call it")
}
