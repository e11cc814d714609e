//! What timers and deferred calls run in PHP.
//!
//! Runs in: plain scripts, and every process of a server, in its event loop.

use super::Bridge;
use super::looping::{run_kept, run_once};
use crate::zend::{Arg, Kept};
use std::cell::Cell;
use std::rc::Rc;
use swoole_core::event::local::{DeferredFn, TimerFn};
use swoole_core::server::{Event, Flow};

/// `callback($id, ...$extra)`, again and again.
pub fn tick_fn(kept: Kept) -> TimerFn {
    Rc::new(move |id| run_kept(&kept, &[Arg::Int(id)]))
}

/// `callback(...$extra)`, once.
pub fn after_fn(kept: Kept) -> TimerFn {
    let kept = Cell::new(Some(kept));
    Rc::new(move |_| kept.take().map_or(Flow::Continue, |kept| run_once(kept, &[])))
}

/// `callback()`, once.
pub fn deferred_fn(kept: Kept) -> DeferredFn {
    Box::new(move || run_once(kept, &[]))
}

impl Bridge {
    /// onTimer, for the classic timer of that interval in milliseconds.
    pub fn interval_fn(self: &Rc<Self>, interval: i64) -> TimerFn {
        let bridge = self.clone();
        Rc::new(move |_| match &bridge.server[Event::Timer as usize] {
            Some(callback) => bridge.run(callback, &[Arg::Value(&bridge.object()), Arg::Int(interval)]),
            None => Flow::Continue,
        })
    }
}
