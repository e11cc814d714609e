//! The timers and deferred calls of this thread, which the loop of its process runs.
//!
//! Each process of a server has one loop, on its main thread. A callback sets timers here, and the loop calls
//! [`timeout`] before it sleeps and [`run`] after.

use super::clock;
use super::timers::{TimerId, Timers};
use crate::error::{Error, ErrorKind, Result};
use std::cell::RefCell;
use std::collections::VecDeque;
use std::rc::Rc;
use std::time::Duration;

/// What the loop does after a callback.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use]
pub enum Flow {
    /// Go on.
    Continue,
    /// This process must end: what it has already sent is still delivered, no further callback is
    /// run, and `Server::start` returns in it with this exit code. A worker is replaced; it is
    /// reported through `ServerEvents::worker_error` when the code is not 0.
    Leave {
        /// the process's exit code
        code: i32,
    },
}

/// What a timer calls, with its number.
pub type TimerFn = Rc<dyn Fn(TimerId) -> Flow>;
/// What is called once at the end of a turn of the loop.
pub type DeferredFn = Box<dyn FnOnce() -> Flow>;

/// Longest time of a timer: one day.
pub const LONGEST: Duration = Duration::from_secs(86_400);

#[derive(Default)]
struct Local {
    /// there is a loop that runs what is put here
    open: bool,
    timers: Timers<TimerFn>,
    deferred: VecDeque<DeferredFn>,
}

thread_local! {
    static LOCAL: RefCell<Local> = RefCell::default();
}

fn local<T>(with: impl FnOnce(&mut Local) -> T) -> T {
    LOCAL.with_borrow_mut(with)
}

/// A loop begins in this process: what was set in the process that it was forked from is dropped.
pub fn open() {
    let before = local(|l| std::mem::replace(l, Local { open: true, ..Local::default() }));
    // Closures of the parent; what they hold is let go of without the borrow.
    drop(before);
}

/// The loop has ended: what is left is dropped.
pub fn close() {
    drop(LOCAL.take());
}

fn check(delay: Duration) -> Result<u64> {
    if !local(|l| l.open) {
        return Err(Error::new(
            ErrorKind::WrongOperation,
            "there is no event loop in this process yet: set timers in a callback of the server, onWorkerStart for instance",
        ));
    }
    if delay < Duration::from_millis(1) || delay > LONGEST {
        return Err(Error::new(
            ErrorKind::InvalidParams,
            format!(
                "a timer of {} ms was asked for; 1 ms to {} ms (a day) are possible",
                delay.as_secs_f64() * 1000.0,
                LONGEST.as_millis()
            ),
        ));
    }
    Ok(delay.as_micros() as u64)
}

/// The time that a timer's delay is added to. Rounded up, as the clock rounds down: no timer is a part of a microsecond early.
fn from_now() -> u64 {
    clock::now_micros() + 1
}

/// Calls `callback` once, after `delay` (1 ms to one day), in this process. Errors: there is no loop; `delay` is out of bounds.
pub fn after(delay: Duration, callback: TimerFn) -> Result<TimerId> {
    let delay = check(delay)?;
    Ok(local(|l| l.timers.add(from_now(), delay, 0, callback)))
}

/// Calls `callback` every `period` (1 ms to one day), in this process, until it is cleared. Errors as [`after`].
pub fn tick(period: Duration, callback: TimerFn) -> Result<TimerId> {
    let period = check(period)?;
    Ok(local(|l| l.timers.add(from_now(), period, period, callback)))
}

/// Takes a timer away; false if there is none of that number.
pub fn clear(id: TimerId) -> bool {
    let timer = local(|l| l.timers.clear(id));
    timer.is_some()
}

/// Calls `callback` when the present turn of the loop is over. Errors: there is no loop.
pub fn defer(callback: DeferredFn) -> Result<()> {
    let refused = local(|l| {
        if l.open {
            l.deferred.push_back(callback);
            return None;
        }
        Some(callback)
    });
    match refused {
        None => Ok(()),
        Some(_) => Err(Error::new(
            ErrorKind::WrongOperation,
            "there is no event loop in this process yet: call defer in a callback of the server",
        )),
    }
}

/// How long the loop may sleep for them; None: for ever.
pub fn timeout() -> Option<Duration> {
    local(|l| {
        if !l.deferred.is_empty() {
            return Some(Duration::ZERO);
        }
        let next = l.timers.next_time()?;
        Some(Duration::from_micros(next.saturating_sub(clock::now_micros())))
    })
}

/// Runs what is due, each once: timers first, then what was deferred before this call or by them. Stops at the
/// first callback that ends the process.
pub fn run() -> Flow {
    if is_idle() {
        return Flow::Continue;
    }
    // One time for all of them: none is due twice, and what they set is not due yet.
    let now = clock::now_micros();
    while let Some((id, callback)) = local(|l| l.timers.due(now)) {
        if let leave @ Flow::Leave { .. } = callback(id) {
            return leave;
        }
    }
    let mut left = local(|l| l.deferred.len());
    while left > 0
        && let Some(callback) = local(|l| l.deferred.pop_front())
    {
        left -= 1;
        if let leave @ Flow::Leave { .. } = callback() {
            return leave;
        }
    }
    Flow::Continue
}

/// Whether nothing is set.
pub fn is_idle() -> bool {
    local(|l| l.timers.is_empty() && l.deferred.is_empty())
}

/// What keeps the loop from being empty, in words for the log; None if nothing does.
pub fn held_by() -> Option<String> {
    local(|l| {
        let (mut ticks, mut once) = (Vec::new(), 0);
        for (_, _, period) in l.timers.iter() {
            if period > 0 { ticks.push(period / 1000) } else { once += 1 }
        }
        ticks.sort_unstable();
        let mut held = Vec::new();
        match ticks[..] {
            [] => {}
            [ms] => held.push(format!("a tick every {ms} ms")),
            [least, ..] => held.push(format!("{} ticks, the shortest every {least} ms", ticks.len())),
        }
        match once {
            0 => {}
            1 => held.push("a timer that has not fired".to_string()),
            _ => held.push(format!("{once} timers that have not fired")),
        }
        match l.deferred.len() {
            0 => {}
            1 => held.push("a deferred call".to_string()),
            calls => held.push(format!("{calls} deferred calls")),
        }
        (!held.is_empty()).then(|| held.join(" and "))
    })
}

#[cfg(test)]
mod tests;
