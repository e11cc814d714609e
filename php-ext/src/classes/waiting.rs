//! Waiting in a method: for how long, and with the script's signal handlers running meanwhile.

use crate::zend::{Thrown, dispatch_signals};
use std::time::{Duration, Instant};
use swoole_core::error::{Error, ErrorKind, Result as EngineResult};

/// How long `seconds` are; None for ever, which is what a number below 0 says, and what no clock reaches.
fn limit(seconds: f64) -> EngineResult<Option<Duration>> {
    if seconds.is_nan() {
        return Err(Error::new(
            ErrorKind::InvalidParams,
            "the timeout is NAN; give seconds as a number, or -1 to wait for as long as it takes",
        ));
    }
    Ok(Duration::try_from_secs_f64(seconds).ok())
}

/// Calls `wait` with the time that is left of `seconds`, and again when a signal has ended it early: the script's handlers of that signal have run
/// then. Err: one of them has thrown.
pub fn waiting<T>(
    seconds: f64,
    mut wait: impl FnMut(Option<Duration>) -> EngineResult<T>,
) -> Result<EngineResult<T>, Thrown> {
    let limit = match limit(seconds) {
        Ok(limit) => limit,
        Err(error) => return Ok(Err(error)),
    };
    let deadline = limit.and_then(|limit| Instant::now().checked_add(limit));
    let mut left = limit;
    loop {
        match wait(left) {
            Err(error) if error.code() == libc::EINTR => dispatch_signals()?,
            other => return Ok(other),
        }
        left = deadline.map(|deadline| deadline.saturating_duration_since(Instant::now()));
    }
}
