//! What timers and deferred calls run in PHP, and the classic timers, which have their interval for a name.
//!
//! Runs in: plain scripts, and every process of a server, in its event loop.

use super::Bridge;
use super::looping::{run, run_kept, run_once};
use crate::functions::timer::duration;
use crate::zend::{Arg, Kept};
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use swoole_core::error::{Error, ErrorKind};
use swoole_core::event::local::{CycleFn, DeferredFn, TimerFn};
use swoole_core::event::{self, TimerId};
use swoole_core::server::{Event, Flow};
use swoole_core::sys::process::generation;

/// `callback($id, ...$extra)`, again and again.
pub fn tick_fn(kept: Kept) -> TimerFn {
    Rc::new(move |id| run_kept(&kept, &[Arg::Int(id)]))
}

/// `callback(...$extra)`, once.
pub fn after_fn(kept: Kept) -> TimerFn {
    let kept = Cell::new(Some(kept));
    Rc::new(move |_| kept.take().map_or(Flow::Continue, |kept| run_once(kept, &[])))
}

/// `callback($interval)`, again and again.
pub fn interval_fn(kept: Kept, interval: i64) -> TimerFn {
    Rc::new(move |_| run_kept(&kept, &[Arg::Int(interval)]))
}

/// `callback()`, once.
pub fn deferred_fn(kept: Kept) -> DeferredFn {
    Box::new(move || run_once(kept, &[]))
}

/// `callback()`, in every turn.
pub fn cycle_fn(kept: Kept) -> CycleFn {
    Rc::new(move || run_kept(&kept, &[]))
}

impl Bridge {
    /// onTimer, for the classic timer of that interval in milliseconds.
    pub fn interval_fn(self: &Rc<Self>, interval: i64) -> TimerFn {
        let bridge = self.clone();
        Rc::new(move |_| match &bridge.server[Event::Timer as usize] {
            Some(callback) => run(callback, &[Arg::Value(&bridge.object()), Arg::Int(interval)]),
            None => Flow::Continue,
        })
    }
}

/// Classic timers: interval in milliseconds, number, and the fork that has set it.
pub struct Intervals(RefCell<Vec<(i64, TimerId, u32)>>);

impl Intervals {
    /// None.
    pub const fn new() -> Intervals {
        Intervals(RefCell::new(Vec::new()))
    }

    /// The intervals of this process's timers. A timer of another fork is none of this process, and one may have been taken away by its number.
    pub fn list(&self) -> Vec<i64> {
        self.0.borrow_mut().retain(|(_, id, fork)| *fork == generation() && event::timer_info(*id).is_some());
        self.0.borrow().iter().map(|(interval, ..)| *interval).collect()
    }

    /// Begins a timer that calls what `make` makes. Errors: there is one of that interval, or no timer can have it.
    pub fn add(&self, interval: i64, make: impl FnOnce() -> TimerFn) -> Result<(), Error> {
        let period = duration(interval)?;
        if self.list().contains(&interval) {
            return Err(Error::new(
                ErrorKind::WrongOperation,
                format!(
                    "this process has a timer of {interval} ms; take it away first, or use swoole_timer_tick, of which there can be many"
                ),
            ));
        }
        let id = event::tick(period, make())?;
        self.0.borrow_mut().push((interval, id, generation()));
        Ok(())
    }

    /// Ends the timer of that interval; false if there is none.
    pub fn end(&self, interval: i64) -> bool {
        let Some(found) = self.list().iter().position(|other| *other == interval) else { return false };
        let (_, id, _) = self.0.borrow_mut().remove(found);
        event::clear(id)
    }
}
