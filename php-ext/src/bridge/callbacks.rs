//! The callbacks that a script has set, by event: kept by the server object and by each port object.

use crate::zend::{Callback, Gc};
use std::cell::RefCell;
use swoole_core::server::Event;

const EVENTS: usize = Event::ALL.len();

/// One callback or none for each event.
#[derive(Default)]
pub struct Callbacks([RefCell<Option<Callback>>; EVENTS]);

impl Callbacks {
    /// Sets the callback for `event`; the one before is dropped.
    pub fn set(&self, event: Event, callback: Callback) {
        let before = self.0[event as usize].replace(Some(callback));
        // Only now, when the cell is free again: dropping a closure may run a destructor in PHP.
        drop(before);
    }

    /// The callback for `event`.
    pub fn get(&self, event: Event) -> Option<Callback> {
        self.0[event as usize].borrow().clone()
    }

    /// Shows all of them to the garbage collector.
    pub fn trace(&self, gc: &mut Gc) {
        for callback in &self.0 {
            trace(callback, gc);
        }
    }
}

/// Shows one callback to the garbage collector.
pub fn trace(callback: &RefCell<Option<Callback>>, gc: &mut Gc) {
    // A collection may run inside anything; what is being changed at the moment is in use anyway.
    if let Ok(callback) = callback.try_borrow()
        && let Some(callback) = &*callback
    {
        callback.trace(gc);
    }
}
