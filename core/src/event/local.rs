//! The event loop of this thread: its timers, deferred calls, descriptors and signals, and who runs them.
//!
//! A process has one loop, on its main thread. In a process of a server its role has a loop of its own, which calls
//! [`timeout`] before it sleeps and [`run`] after; elsewhere the program runs it by [`wait`] or [`dispatch`]. A forked
//! process begins with an empty one.

use super::poller::{Ready, Registrar};
use super::sources::Sources;
use super::timers::{TimerId, Timers};
use super::{clock, signals, watch};
use crate::error::{Error, ErrorKind, Result};
use crate::log;
use crate::sys::process::generation;
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
    /// reported through `ServerEvents::worker_error` when the code is not 0. In a program of its own [`wait`] ends with it.
    Leave {
        /// the process's exit code
        code: i32,
    },
}

/// What a timer calls, with its number.
pub type TimerFn = Rc<dyn Fn(TimerId) -> Flow>;
/// What is called once at the end of a turn of the loop.
pub type DeferredFn = Box<dyn FnOnce() -> Flow>;
/// What is called in every turn of the loop.
pub type CycleFn = Rc<dyn Fn() -> Flow>;

/// Longest time of a timer: one day.
pub const LONGEST: Duration = Duration::from_secs(86_400);

/// Who runs the loop.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Runner {
    /// nobody at this moment
    #[default]
    Nobody,
    /// [`wait`] or [`dispatch`]
    Program,
    /// the role of a process of a server or a pool
    Role,
}

#[derive(Default)]
struct Local {
    /// the fork that it belongs to
    fork: u32,
    /// which of this thread's loops it is
    number: u64,
    runner: Runner,
    /// [`exit`] was called
    stop: bool,
    timers: Timers<TimerFn>,
    deferred: VecDeque<DeferredFn>,
    before: Option<CycleFn>,
    after: Option<CycleFn>,
    sources: Sources,
    watches: watch::Watches,
    signals: signals::Handlers,
    /// turns so far
    rounds: u64,
    /// what was found ready and is not called yet: more than what the present turn has found, if a callback has ended the last one
    ready: VecDeque<Ready>,
    /// room for what one look finds
    found: Vec<Ready>,
}

thread_local! {
    static LOCAL: RefCell<Local> = RefCell::default();
}

fn local<T>(with: impl FnOnce(&mut Local) -> T) -> T {
    LOCAL.with(|l| {
        if l.borrow().fork != generation() {
            begin_anew(l);
        }
        with(&mut l.borrow_mut())
    })
}

/// What the process had set that this one was forked from is dropped.
#[cold]
fn begin_anew(l: &RefCell<Local>) {
    let number = l.borrow().number + 1;
    let before = l.replace(Local { fork: generation(), number, ..Local::default() });
    // Its closures are let go of when nothing is borrowed.
    drop(before);
}

/// The descriptors, for the rooms of the loop.
pub(super) fn sources<T>(with: impl FnOnce(&mut Sources) -> T) -> T {
    local(|l| with(&mut l.sources))
}

/// As [`sources`]; the default if this thread is ending and its loop is gone.
pub(super) fn try_sources<T: Default>(with: impl FnOnce(&mut Sources) -> T) -> T {
    if LOCAL.try_with(|_| ()).is_ok() { sources(with) } else { T::default() }
}

/// The program's own descriptors, for their room.
pub(super) fn watches<T>(with: impl FnOnce(&mut watch::Watches) -> T) -> T {
    local(|l| with(&mut l.watches))
}

/// The signal handlers, for their room.
pub(super) fn handlers<T>(with: impl FnOnce(&mut signals::Handlers) -> T) -> T {
    local(|l| with(&mut l.signals))
}

/// A process of a server begins its loop: what was set in the process that it was forked from is dropped.
pub fn open() {
    replace(Runner::Role);
}

/// The loop has ended: what is left is dropped.
pub fn close() {
    replace(Runner::Nobody);
}

fn replace(runner: Runner) {
    let before = LOCAL.with_borrow_mut(|l| {
        let fresh = Local { fork: generation(), number: l.number + 1, runner, ..Local::default() };
        std::mem::replace(l, fresh)
    });
    // Closures that hold what only PHP code can let go of: without the borrow.
    drop(before);
    signals::forget();
}

/// Lets the poller of a process's role wake up, with `token`, when a descriptor of the program is ready; then it is to call [`run`].
pub fn register_in(outer: &Registrar, token: usize) -> Result<()> {
    sources(|s| s.register_in(outer, token))
}

/// Whether a process role of a server or a pool runs this loop.
pub fn is_joined() -> bool {
    local(|l| l.runner == Runner::Role)
}

/// Whether anybody runs this loop at this moment.
pub fn is_running() -> bool {
    local(|l| l.runner != Runner::Nobody)
}

fn check(delay: Duration) -> Result<u64> {
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

/// From this delay on, in microseconds, a timer is told the time cheaply, which may make it a five-hundredth later.
const LONG: u64 = 500 * clock::COARSE;

/// The time that a timer's delay is added to. Rounded up, as the clock rounds down: no timer is a part of a microsecond early.
fn from_now(delay: u64) -> u64 {
    if delay >= LONG { clock::not_before_now_micros() } else { clock::now_micros() + 1 }
}

/// Calls `callback` once, after `delay` (1 ms to one day), in this process. Errors: `delay` is out of bounds.
pub fn after(delay: Duration, callback: TimerFn) -> Result<TimerId> {
    let delay = check(delay)?;
    Ok(local(|l| l.timers.add(from_now(delay), delay, 0, callback)))
}

/// Calls `callback` every `period` (1 ms to one day), in this process, until it is cleared. Errors as [`after`].
pub fn tick(period: Duration, callback: TimerFn) -> Result<TimerId> {
    let period = check(period)?;
    Ok(local(|l| l.timers.add(from_now(period), period, period, callback)))
}

/// Takes a timer away; false if there is none of that number.
pub fn clear(id: TimerId) -> bool {
    let timer = local(|l| l.timers.clear(id));
    timer.is_some()
}

/// Takes all timers of this process away; how many there were.
pub fn clear_all() -> usize {
    let timers = local(|l| l.timers.take_all());
    timers.len()
}

/// What is known of a timer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TimerInfo {
    /// its number
    pub id: TimerId,
    /// until it fires next; zero if that is overdue
    pub left: Duration,
    /// between two calls; zero: it fires once
    pub period: Duration,
    /// how often it has fired
    pub runs: u64,
}

/// What is known of the timer of that number; None if there is none.
pub fn timer_info(id: TimerId) -> Option<TimerInfo> {
    let now = clock::now_micros();
    let (at, period, runs) = local(|l| l.timers.get(id))?;
    let micros = Duration::from_micros;
    Some(TimerInfo { id, left: micros(at.saturating_sub(now)), period: micros(period), runs })
}

/// How many timers this process has.
pub fn timer_count() -> usize {
    local(|l| l.timers.len())
}

/// The numbers of all timers of this process, in the order in which they were set.
pub fn timers() -> Vec<TimerId> {
    let mut numbers: Vec<TimerId> = local(|l| l.timers.iter().map(|(id, ..)| id).collect());
    numbers.sort_unstable();
    numbers
}

/// Which loop this is: another one after a fork, after [`exit`], and when a process of a server begins or ends. What was set in an
/// earlier one is gone.
pub fn number() -> u64 {
    local(|l| l.number)
}

/// Turns of this process's loop so far.
pub fn rounds() -> u64 {
    local(|l| l.rounds)
}

/// Calls `callback` when the present turn of the loop is over.
pub fn defer(callback: DeferredFn) -> Result<()> {
    local(|l| l.deferred.push_back(callback));
    Ok(())
}

/// Calls `callback` in every turn of the loop, before it sleeps or at the turn's end; one of each, None takes it away. Such a
/// callback does not keep the loop from being empty.
pub fn cycle(callback: Option<CycleFn>, before: bool) {
    let old = local(|l| std::mem::replace(if before { &mut l.before } else { &mut l.after }, callback));
    drop(old);
}

/// How long the loop may sleep for what is set; None: for ever.
pub fn timeout() -> Option<Duration> {
    if signals::waits() {
        return Some(Duration::ZERO);
    }
    local(|l| {
        let more_is_ready = !l.ready.is_empty() || l.sources.has_more();
        if !l.deferred.is_empty() || (more_is_ready && !l.sources.is_empty()) {
            return Some(Duration::ZERO);
        }
        let look = l.watches.next_look();
        let next = [l.timers.next_time(), look].into_iter().flatten().min()?;
        Some(Duration::from_micros(next.saturating_sub(clock::now_micros())))
    })
}

/// One turn without sleeping, for the loop of a process's role: runs the timers that are due, what is ready, the signals that came
/// and what was deferred, each once. Stops at the first callback that ends the process.
pub fn run() -> Flow {
    if is_idle() && local(|l| l.sources.is_empty() && l.before.is_none() && l.after.is_none()) && !signals::waits() {
        return Flow::Continue;
    }
    turn(Some(Duration::ZERO))
}

/// One turn for a process's role that waits for nothing but what is in this loop: sleeps until something is ready or due, or a signal came,
/// for at most `limit`, and calls that.
pub fn turn_within(limit: Option<Duration>) -> Flow {
    turn(limit)
}

/// Whether descriptors, threads or commands keep the loop from being empty, and not only timers and deferred calls: its role must
/// sleep in the loop to hear of them.
pub fn awaits_descriptors() -> bool {
    local(|l| l.sources.keeps())
}

/// Runs the loop until nothing is left in it, until [`exit`], or until a callback ends the process; what is set then stays set. Errors:
/// it runs already: this is one of its callbacks, or a process of a server.
pub fn wait() -> Result<Flow> {
    begin("wait for the event loop")?;
    let flow = loop {
        if local(|l| l.stop) || is_idle() {
            break Ok(Flow::Continue);
        }
        match turn(None) {
            Flow::Continue => {}
            leave => break Ok(leave),
        }
    };
    end();
    flow
}

/// Runs the loop once: sleeps until something is ready or due, and calls that. Does not sleep if nothing is set. Errors as [`wait`].
pub fn dispatch() -> Result<Flow> {
    begin("run the event loop once")?;
    let flow = if is_idle() { Flow::Continue } else { turn(None) };
    end();
    Ok(flow)
}

/// Ends [`wait`] when the present callback is over; what is still set is dropped. Outside of it all that is set is dropped. Errors: this is
/// a process of a server.
pub fn exit() -> Result<()> {
    match local(|l| l.runner) {
        Runner::Nobody => close(),
        Runner::Program => local(|l| l.stop = true),
        Runner::Role => {
            return Err(Error::new(
                ErrorKind::WrongOperation,
                "this is a process of a server or a pool, which ends the loop: call stop() for a worker, shutdown() for all of it",
            ));
        }
    }
    Ok(())
}

/// Whether [`exit`] was called and [`wait`] is about to end: a source with several callbacks calls no more of them.
pub fn is_ending() -> bool {
    local(|l| l.stop)
}

fn begin(asked: &str) -> Result<()> {
    let runner = local(|l| {
        let before = l.runner;
        if before == Runner::Nobody {
            l.runner = Runner::Program;
        }
        before
    });
    if runner != Runner::Nobody {
        let why = match runner {
            Runner::Role => "this process belongs to a server or a pool, which runs it",
            _ => "it runs already: this is one of its callbacks",
        };
        return Err(Error::new(ErrorKind::WrongOperation, format!("cannot {asked}: {why}")));
    }
    signals::prepare();
    watch::suspect();
    Ok(())
}

fn end() {
    if local(|l| {
        // After a fork in a callback this is another process's loop.
        l.runner = Runner::Nobody;
        std::mem::take(&mut l.stop)
    }) {
        close();
    }
}

/// One turn: sleeps for at most `limit`, and not for longer than what is set allows.
fn turn(limit: Option<Duration>) -> Flow {
    macro_rules! go_on {
        ($flow:expr) => {
            if let leave @ Flow::Leave { .. } = $flow {
                return leave;
            }
        };
    }
    if let Some(before) = local(|l| l.before.clone()) {
        go_on!(before());
        if local(|l| l.stop) {
            return Flow::Continue;
        }
    }
    let sleep = [limit, timeout()].into_iter().flatten().min();
    look_for_ready(sleep);
    let mut worked = local(|l| !l.ready.is_empty());
    go_on!(run_due(&mut worked));
    while let Some(event) = local(|l| if l.stop { None } else { l.ready.pop_front() }) {
        if let Some(callback) = sources(|s| s.callback(&event)) {
            go_on!(callback(event));
        }
    }
    if local(|l| l.stop) {
        return Flow::Continue;
    }
    go_on!(signals::run());
    go_on!(run_deferred(&mut worked));
    watch::look(worked);
    if let Some(after) = local(|l| if l.stop { None } else { l.after.clone() }) {
        go_on!(after());
    }
    Flow::Continue
}

/// Sleeps for as long, and notes what is ready then.
fn look_for_ready(sleep: Option<Duration>) {
    let mut found = local(|l| {
        l.rounds += 1;
        std::mem::take(&mut l.found)
    });
    // Without descriptors and without sleep there is nothing to look for.
    if sleep != Some(Duration::ZERO) || sources(|s| !s.is_empty()) {
        if let Err(e) = sources(|s| s.wait(sleep, &mut found)) {
            log::error(format_args!("{e}"));
            std::thread::sleep(Duration::from_millis(10));
        }
        local(|l| match l.ready.is_empty() {
            true => l.ready.extend(found.drain(..)),
            // A descriptor that waits to be called is called once.
            false => {
                found.drain(..).for_each(|event| match l.ready.iter_mut().find(|known| known.token == event.token) {
                    Some(known) => known.add(event),
                    None => l.ready.push_back(event),
                })
            }
        });
    }
    local(|l| l.found = found);
}

/// The timers that are due, each once.
fn run_due(worked: &mut bool) -> Flow {
    if local(|l| l.timers.is_empty()) {
        return Flow::Continue;
    }
    // One time for all of them: none is due twice, and what they set is not due yet.
    let now = clock::now_micros();
    while let Some((id, callback)) = local(|l| if l.stop { None } else { l.timers.due(now) }) {
        *worked = true;
        if let leave @ Flow::Leave { .. } = callback(id) {
            return leave;
        }
    }
    Flow::Continue
}

/// What was deferred before this, each once.
fn run_deferred(worked: &mut bool) -> Flow {
    let mut left = local(|l| l.deferred.len());
    while left > 0
        && let Some(callback) = local(|l| if l.stop { None } else { l.deferred.pop_front() })
    {
        left -= 1;
        *worked = true;
        if let leave @ Flow::Leave { .. } = callback() {
            return leave;
        }
    }
    Flow::Continue
}

/// Whether nothing is set that keeps the loop going.
pub fn is_idle() -> bool {
    local(|l| l.timers.is_empty() && l.deferred.is_empty() && !l.sources.keeps() && l.signals.is_empty())
}

/// What keeps the loop from being empty, in words for the log; None if nothing does. In a process of a server a signal's handler does not:
/// whoever handles SIGUSR1 in a worker does not wait for one.
pub fn held_by() -> Option<String> {
    local(|l| {
        let (mut ticks, mut once) = (Vec::new(), 0);
        for (_, _, period, _) in l.timers.iter() {
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
        for (what, number) in l.sources.held_by() {
            // "a client's connection", "3 times a client's connection"
            held.push(if number == 1 { what.to_string() } else { format!("{number} times {what}") });
        }
        if !l.signals.is_empty() && l.runner != Runner::Role {
            held.push("a signal's handler".to_string());
        }
        (!held.is_empty()).then(|| held.join(" and "))
    })
}

#[cfg(test)]
mod tests;
