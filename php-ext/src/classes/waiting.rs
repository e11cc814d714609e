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

/// How long is waited at a time: a signal that comes just before the engine begins to sleep does not wake it, and its handler runs then.
const SLICE: Duration = Duration::from_millis(250);

/// Calls `wait` until it gives true or `seconds` are over: that is false. It is given how long to wait, and the script's handlers run whenever a signal has ended it
/// early. Err: one of them has thrown.
pub fn waiting(
    seconds: f64,
    mut wait: impl FnMut(Duration) -> EngineResult<bool>,
) -> Result<EngineResult<bool>, Thrown> {
    let limit = match limit(seconds) {
        Ok(limit) => limit,
        Err(error) => return Ok(Err(error)),
    };
    let deadline = limit.and_then(|limit| Instant::now().checked_add(limit));
    let mut left = limit;
    loop {
        match wait(left.map_or(SLICE, |left| left.min(SLICE))) {
            Ok(false) if left.is_some_and(|left| left <= SLICE) => return Ok(Ok(false)),
            Ok(false) => {}
            Err(error) if error.code() == libc::EINTR => {}
            other => return Ok(other),
        }
        dispatch_signals()?;
        left = deadline.map(|deadline| deadline.saturating_duration_since(Instant::now()));
    }
}
