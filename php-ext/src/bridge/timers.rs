//! What timers and deferred calls run in PHP.
//!
//! Runs in: every process of a server, in its event loop.

use super::Bridge;
use crate::zend::{Arg, Callback, Kept};
use ext_php_rs::types::Zval;
use std::rc::Rc;
use swoole_core::event::TimerId;
use swoole_core::event::local::{DeferredFn, TimerFn};
use swoole_core::server::{Event, Flow};

impl Bridge {
    /// `callback(...$extra)`, with the timer's number in front if `with_id`.
    pub fn timer_fn(self: &Rc<Self>, callback: Callback, extra: Vec<Zval>, with_id: bool) -> TimerFn {
        let (bridge, kept) = (self.clone(), Kept::new(callback, extra));
        Rc::new(move |id| bridge.run_kept(&kept, with_id.then_some(id)))
    }

    /// `callback()`, once.
    pub fn deferred_fn(self: &Rc<Self>, callback: Callback) -> DeferredFn {
        let (bridge, kept) = (self.clone(), Kept::new(callback, Vec::new()));
        Box::new(move || bridge.run_kept(&kept, None))
    }

    /// onTimer, for the classic timer of that interval in milliseconds.
    pub fn interval_fn(self: &Rc<Self>, interval: i64) -> TimerFn {
        let bridge = self.clone();
        Rc::new(move |_| match &bridge.server[Event::Timer as usize] {
            Some(callback) => bridge.run(callback, &[Arg::Value(&bridge.object()), Arg::Int(interval)]),
            None => Flow::Continue,
        })
    }

    fn run_kept(&self, kept: &Kept, id: Option<TimerId>) -> Flow {
        let args: Vec<Arg<'_>> = id.map(Arg::Int).into_iter().chain(kept.extra().iter().map(Arg::Value)).collect();
        self.run(kept.callback(), &args)
    }
}
