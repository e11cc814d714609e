//! Methods of `Swoole\Client` that carry data.

use super::address::Target;
use super::state;
use super::state::{Side, answer, borrow, show_descriptor, show_error, value_or_false};
use crate::bridge::descriptor::descriptor;
use crate::zend::{self, Call, Thrown, bytes, int};
use ext_php_rs::types::Zval;
use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use swoole_core::client::{RecvFlags, SendFlags};
use swoole_core::error::{Error, ErrorKind, Result as EngineResult};

const OUT_OF_BAND: i64 = libc::MSG_OOB as i64;
const PEEK: i64 = libc::MSG_PEEK as i64;
const DONT_WAIT: i64 = libc::MSG_DONTWAIT as i64;
const WAIT_ALL: i64 = libc::MSG_WAITALL as i64;

/// Receives what has come, one package, or one datagram. An empty string: the peer has closed.
pub fn recv(call: Call<'_>) -> Result<Zval, Thrown> {
    let mut args = call.args(0, 2)?;
    let size = args.long_or(65536)?;
    // The classic form: true waits for all that was asked for.
    let flags = match args.next_bool() {
        Some(all) => {
            if all {
                WAIT_ALL
            } else {
                0
            }
        }
        None => args.long_or(0)?,
    };
    let object = call.this();
    let state = state(object)?;
    let mut buffer = Vec::new();
    let received = asked(size, flags)
        .and_then(|(size, flags)| state.waiting("what comes is given to onReceive")?.recv(size, flags, &mut buffer));
    show_descriptor(object);
    if let Err(error) = &received {
        show_error(object, error);
        if error.code() == libc::EINTR {
            // A handler of the script is not put off until it waits for the next time.
            zend::dispatch_signals()?;
        }
    }
    // package_length_func may have thrown.
    zend::thrown_or_ok()?;
    value_or_false(object, received, |()| bytes(&buffer))
}

fn asked(size: i64, flags: i64) -> EngineResult<(usize, RecvFlags)> {
    let invalid = |message: String| Err(Error::new(ErrorKind::InvalidParams, message));
    let Some(bytes) = usize::try_from(size).ok().filter(|size| (1..=MOST).contains(size)) else {
        return invalid(format!("receiving {size} bytes was asked for; 1 to {MOST} are possible"));
    };
    if flags & !(OUT_OF_BAND | PEEK | DONT_WAIT | WAIT_ALL) != 0 {
        return invalid(format!(
            "receiving with flag {flags} was asked for; use Swoole\\Client::MSG_PEEK, MSG_WAITALL, MSG_DONTWAIT or MSG_OOB"
        ));
    }
    let flags = RecvFlags {
        peek: flags & PEEK != 0,
        wait_all: flags & WAIT_ALL != 0,
        dont_wait: flags & DONT_WAIT != 0,
        out_of_band: flags & OUT_OF_BAND != 0,
    };
    Ok((bytes, flags))
}

/// Most bytes that one recv() takes.
const MOST: usize = 1 << 30;

/// Sends all of it; how many bytes that are.
pub fn send(call: Call<'_>) -> Result<Zval, Thrown> {
    let mut args = call.args(1, 2)?;
    let (data, flags) = (args.bytes()?, args.long_or(0)?);
    let object = call.this();
    let state = state(object)?;
    let sent = match &state.side {
        Side::Telling(client) if flags == 0 => client.send(data),
        Side::Telling(_) => Err(Error::new(
            ErrorKind::InvalidParams,
            format!("sending with flag {flags} was asked for; an event-driven client takes none, and never waits"),
        )),
        Side::Waiting(client) => send_flags(flags).and_then(|flags| borrow(client)?.send_with(data, flags)),
    };
    value_or_false(object, sent, |sent| int(sent as i64))
}

fn send_flags(flags: i64) -> EngineResult<SendFlags> {
    if flags & !(OUT_OF_BAND | DONT_WAIT) != 0 {
        return Err(Error::new(
            ErrorKind::InvalidParams,
            format!("sending with flag {flags} was asked for; use Swoole\\Client::MSG_DONTWAIT or MSG_OOB"),
        ));
    }
    Ok(SendFlags { dont_wait: flags & DONT_WAIT != 0, out_of_band: flags & OUT_OF_BAND != 0 })
}

/// Sends a datagram to an address; needs no connect().
pub fn send_to(call: Call<'_>) -> Result<bool, Thrown> {
    let mut args = call.args(3, 3)?;
    let (host, port, data) = (args.bytes()?, args.long()?, args.bytes()?);
    let object = call.this();
    let state = state(object)?;
    let sent = Target::new(state.kind, host, port).and_then(|to| match &state.side {
        Side::Telling(client) => client.send_to(to.host, to.port, data),
        Side::Waiting(client) => borrow(client)?.send_to(to.host, to.port, data),
    });
    show_descriptor(object);
    answer(object, sent)
}

/// Sends a part of a file.
pub fn send_file(call: Call<'_>) -> Result<bool, Thrown> {
    let mut args = call.args(1, 3)?;
    let (path, offset, length) = (args.bytes()?, args.long_or(0)?, args.long_or(0)?);
    let object = call.this();
    let state = state(object)?;
    let (Ok(from), Ok(count)) = (u64::try_from(offset), u64::try_from(length)) else {
        let message = format!("{length} bytes from offset {offset} were to be sent; both must be 0 or more");
        return answer::<()>(object, Err(Error::new(ErrorKind::InvalidParams, message)));
    };
    let path = Path::new(OsStr::from_bytes(path));
    let sent = match &state.side {
        Side::Telling(client) => client.send_file(path, from, count),
        Side::Waiting(client) => borrow(client).and_then(|mut client| client.send_file(path, from, count).map(drop)),
    };
    answer(object, sent)
}

/// Hands what comes from now on straight to another descriptor; null ends it.
pub fn pipe(call: Call<'_>) -> Result<bool, Thrown> {
    let to = call.args(1, 1)?.any();
    let object = call.this();
    let state = state(object)?;
    let piped = state.telling().and_then(|client| match to.is_null() {
        true => client.pipe(None),
        false => client.pipe(Some(descriptor(to)?)),
    });
    if piped.is_ok() {
        // What it pipes to stays open as long.
        let before = state.piped.replace((!to.is_null()).then(|| to.shallow_clone()));
        before.into_iter().for_each(zend::let_go);
    }
    answer(object, piped)
}
