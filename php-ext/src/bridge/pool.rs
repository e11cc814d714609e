//! Turns the events of a pool into calls of PHP callbacks.
//!
//! Runs in: the master and the workers of a pool, below `Pool::start()`.

use super::Host;
use crate::zend::{Arg, Callback, reseed};
use ext_php_rs::types::Zval;
use std::cell::RefCell;
use std::rc::Rc;
use swoole_core::event::Flow;
use swoole_core::process::{Pool, PoolEvents};

/// What a pool calls back.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Event {
    WorkerStart,
    WorkerStop,
    Message,
    Start,
    Shutdown,
}

/// All of them with their names.
pub const EVENTS: [(Event, &str); 5] = [
    (Event::WorkerStart, "WorkerStart"),
    (Event::WorkerStop, "WorkerStop"),
    (Event::Message, "Message"),
    (Event::Start, "Start"),
    (Event::Shutdown, "Shutdown"),
];

/// The callbacks of a pool that is being started.
pub struct PoolBridge {
    callbacks: [Option<Callback>; EVENTS.len()],
    host: Rc<Host>,
    /// The script's pool object. None once `start` has returned.
    object: RefCell<Option<Zval>>,
}

impl PoolBridge {
    /// `object` is the script's `Swoole\Process\Pool`; `callback` gives what was set for an event.
    pub fn new(object: Zval, callback: impl Fn(Event) -> Option<Callback>) -> PoolBridge {
        PoolBridge {
            callbacks: EVENTS.map(|(event, _)| callback(event)),
            host: Rc::new(Host::new()),
            object: RefCell::new(Some(object)),
        }
    }

    /// How its processes take what callbacks end with.
    pub fn host(&self) -> &Rc<Host> {
        &self.host
    }

    /// Lets go of the pool object. `start` has returned.
    pub fn release(&self) {
        let object = self.object.take();
        drop(object);
    }

    fn has(&self, event: Event) -> bool {
        self.callbacks[event as usize].is_some()
    }

    /// The pool object, then `rest`.
    fn call(&self, event: Event, rest: Option<Arg<'_>>) -> Flow {
        let Some(callback) = &self.callbacks[event as usize] else { return Flow::Continue };
        let object = self.object.borrow().as_ref().map_or_else(Zval::new, Zval::shallow_clone);
        match rest {
            Some(rest) => self.host.run(callback, &[Arg::Value(&object), rest]),
            None => self.host.run(callback, &[Arg::Value(&object)]),
        }
    }
}

impl PoolEvents for PoolBridge {
    fn start(&self, _: &Pool) -> Flow {
        self.host.enter();
        self.call(Event::Start, None)
    }

    fn shutdown(&self, _: &Pool) -> Flow {
        self.call(Event::Shutdown, None)
    }

    fn worker_start(&self, _: &Pool, worker: usize) -> Flow {
        self.host.enter();
        reseed();
        self.call(Event::WorkerStart, Some(Arg::Int(worker as i64)))
    }

    fn worker_stop(&self, _: &Pool, worker: usize) -> Flow {
        self.call(Event::WorkerStop, Some(Arg::Int(worker as i64)))
    }

    fn message(&self, _: &Pool, data: &[u8]) -> Flow {
        self.call(Event::Message, Some(Arg::Bytes(data)))
    }

    fn starts_workers(&self) -> bool {
        self.has(Event::WorkerStart)
    }

    fn takes_messages(&self) -> bool {
        self.has(Event::Message)
    }
}
