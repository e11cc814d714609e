//! What timers and deferred calls run in PHP.
//!
//! Runs in: every process of a server, in its event loop.

use super::Bridge;
use crate::zend::{Arg, Callback, Kept, Outcome};
use ext_php_rs::types::Zval;
use std::cell::Cell;
use std::rc::Rc;
use swoole_core::event::TimerId;
use swoole_core::event::local::{DeferredFn, TimerFn};
use swoole_core::server::{Event, Flow};

impl Bridge {
    /// `callback($id, ...$extra)` again and again if `with_id`, else `callback(...$extra)` once.
    pub fn timer_fn(self: &Rc<Self>, callback: Callback, extra: Vec<Zval>, with_id: bool) -> TimerFn {
        let (bridge, kept) = (self.clone(), Kept::new(callback, extra));
        if with_id {
            return Rc::new(move |id| bridge.run_kept(&kept, Some(id)));
        }
        let kept = Cell::new(Some(kept));
        Rc::new(move |_| kept.take().map_or(Flow::Continue, |kept| bridge.run_once(kept)))
    }

    /// `callback()`, once.
    pub fn deferred_fn(self: &Rc<Self>, callback: Callback) -> DeferredFn {
        let (bridge, kept) = (self.clone(), Kept::new(callback, Vec::new()));
        Box::new(move || bridge.run_once(kept))
    }

    /// onTimer, for the classic timer of that interval in milliseconds.
    pub fn interval_fn(self: &Rc<Self>, interval: i64) -> TimerFn {
        let bridge = self.clone();
        Rc::new(move |_| match &bridge.server[Event::Timer as usize] {
            Some(callback) => bridge.run(callback, &[Arg::Value(&bridge.object()), Arg::Int(interval)]),
            None => Flow::Continue,
        })
    }

    fn run_once(&self, kept: Kept) -> Flow {
        let flow = self.run_kept(&kept, None);
        drop(kept);
        match flow {
            // A destructor of what it held may have ended in a fatal error: then this process must not take up anything more.
            Flow::Continue => self.settle(Outcome::of(Ok(()))).err().unwrap_or(Flow::Continue),
            leave => leave,
        }
    }

    fn run_kept(&self, kept: &Kept, id: Option<TimerId>) -> Flow {
        let args: Vec<Arg<'_>> = id.map(Arg::Int).into_iter().chain(kept.extra().iter().map(Arg::Value)).collect();
        self.run(kept.callback(), &args)
    }
}
