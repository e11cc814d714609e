//! Methods of `Swoole\Process` that use its pipe.

use super::super::{is_misuse, refuse, warn_of};
use super::{show_pipe, state};
use crate::zend::{self, Call, Thrown, int, no};
use ext_php_rs::types::Zval;
use std::cell::RefCell;
use std::time::Duration;
use swoole_core::error::{Error, ErrorKind};
use swoole_core::process::{End, Part};

// What to close.
pub const MASTER: i64 = 1;
pub const WORKER: i64 = 2;
pub const READ: i64 = 3;
pub const WRITE: i64 = 4;

/// A buffer longer than this is given back to the system after a read.
const KEPT: usize = 1 << 18;

thread_local! {
    /// Where what is read comes first.
    static BUFFER: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

/// False, and a warning where the script asked for what it cannot have.
pub(super) fn failed(error: Error) -> Result<Zval, Thrown> {
    let error = error.remember();
    if is_misuse(error.kind()) {
        warn_of(&error)?;
    }
    Ok(no())
}

/// Writes to the other end of the pipe, and waits while it is full.
pub fn write(call: Call<'_>) -> Result<Zval, Thrown> {
    let data = call.args(1, 1)?.bytes()?;
    match state(call.this())?.with(|engine| engine.pipe()?.write(data)) {
        Ok(written) => Ok(int(written as i64)),
        Err(error) => failed(error),
    }
}

/// Reads what the other end wrote, and waits for it. A signal's handler runs meanwhile.
pub fn read(call: Call<'_>) -> Result<Zval, Thrown> {
    let size = call.args(0, 1)?.long_or(8192)?;
    let state = state(call.this())?;
    let Ok(size) = usize::try_from(size) else {
        refuse(ErrorKind::InvalidParams, format!("reading {size} bytes was asked for; ask for 1 or more"))?;
        return Ok(no());
    };
    loop {
        let read = BUFFER.with_borrow_mut(|buffer| {
            let read = state.with(|engine| engine.pipe()?.read(size, buffer)).map(|()| zend::bytes(buffer));
            if buffer.capacity() > KEPT {
                *buffer = Vec::new();
            }
            read
        });
        match read {
            Ok(data) => return Ok(data),
            Err(error) if error.code() == libc::EINTR => zend::dispatch_signals()?,
            Err(error) => return failed(error),
        }
    }
}

/// Closes a part of the pipe.
pub fn close(call: Call<'_>) -> Result<bool, Thrown> {
    let which = call.args(0, 1)?.long_or(0)?;
    let state = state(call.this())?;
    let part = match which {
        0 => Part::All,
        MASTER => Part::End(End::Master),
        WORKER => Part::End(End::Worker),
        READ => Part::Read,
        WRITE => Part::Write,
        other => {
            return refuse(
                ErrorKind::InvalidParams,
                format!(
                    "there is no part {other} of a pipe; use 0 for all of it, or Swoole\\Process::PIPE_MASTER (1), PIPE_WORKER (2), \
                     PIPE_READ (3) or PIPE_WRITE (4)"
                ),
            );
        }
    };
    let closed = state.change(|engine| engine.close(part));
    show_pipe(call.this(), state);
    super::super::answer_or_warn(closed)
}

/// How long a read or write may wait: 0 or less, as long as it takes.
pub fn set_timeout(call: Call<'_>) -> Result<bool, Thrown> {
    let seconds = call.args(1, 1)?.float_or(0.0)?;
    let limit = if seconds <= 0.0 {
        None
    } else {
        match Duration::try_from_secs_f64(seconds) {
            Ok(limit) => Some(limit),
            Err(_) => return refuse(ErrorKind::InvalidParams, format!("{seconds} is no number of seconds to wait")),
        }
    };
    super::super::answer_or_warn(state(call.this())?.change(|engine| engine.set_timeout(limit)))
}

/// Whether reads and writes wait.
pub fn set_blocking(call: Call<'_>) -> Result<bool, Thrown> {
    let blocking = call.args(1, 1)?.bool_or(true)?;
    super::super::answer_or_warn(state(call.this())?.change(|engine| engine.set_blocking(blocking)))
}
