//! The streams, sockets and numbers that a script watches, and what is called when they are ready.
//!
//! Runs in: plain scripts, and every process of a server.

use super::looping::run_kept;
use crate::zend::{self, Arg, Callback, Kept, release};
use ext_php_rs::types::Zval;
use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::mem::ManuallyDrop;
use std::os::fd::RawFd;
use std::rc::{Rc, Weak};
use swoole_core::event::{Flow, WatchFn};
use swoole_core::sys::fd::is_terminal;
use swoole_core::sys::process::generation;

/// A value that is in the loop: the callbacks get it as it was given, and hold it, so that it is not closed meanwhile.
pub struct Given {
    value: ManuallyDrop<Zval>,
    fd: RawFd,
    /// it is a stream that was made non-blocking, in this fork: one that comes later shares that with its parent
    unblocked: Cell<Option<u32>>,
}

thread_local! {
    /// By descriptor, as long as callbacks hold them.
    static KNOWN: RefCell<HashMap<RawFd, Weak<Given>>> = RefCell::default();
}

impl Given {
    /// Keeps `value`, whose descriptor is `fd`.
    pub fn new(value: &Zval, fd: RawFd) -> Rc<Given> {
        let value = ManuallyDrop::new(value.shallow_clone());
        Rc::new(Given { value, fd, unblocked: Cell::default() })
    }

    /// It is in the loop: [`Given::of`] finds it.
    pub fn enter(self: &Rc<Self>) {
        KNOWN.with_borrow_mut(|known| known.insert(self.fd, Rc::downgrade(self)));
    }

    /// Makes a stream non-blocking as long as this lives: PHP waits for a blocking one by itself. A terminal is left as it is, since others
    /// share it.
    pub fn unblock(&self) {
        let is_ours = zend::is_stream(&self.value) && !is_terminal(self.fd);
        let unblocked = is_ours && zend::set_stream_blocking(&self.value, false) == Some(true);
        self.unblocked.set(unblocked.then(generation));
    }

    /// What was given for `fd`, if callbacks hold it.
    pub fn of(fd: RawFd) -> Option<Rc<Given>> {
        KNOWN.with_borrow(|known| known.get(&fd).and_then(Weak::upgrade))
    }

    /// `callback($value)`
    pub fn watch_fn(self: &Rc<Self>, callback: Callback) -> WatchFn {
        let (given, kept) = (self.clone(), Kept::new(callback, Vec::new()));
        Rc::new(move |_| run_kept(&kept, &[Arg::Value(&given.value)]))
    }

    /// Calls nothing, but holds the value as long as the loop has it.
    pub fn hold_fn(self: &Rc<Self>) -> WatchFn {
        let given = self.clone();
        Rc::new(move |_| {
            let _held = &given;
            Flow::Continue
        })
    }
}

impl Drop for Given {
    fn drop(&mut self) {
        KNOWN.with_borrow_mut(|known| {
            if known.get(&self.fd).is_some_and(|given| given.strong_count() == 0) {
                known.remove(&self.fd);
            }
        });
        if self.unblocked.get() == Some(generation()) {
            zend::set_stream_blocking(&self.value, true);
        }
        release(std::mem::replace(&mut *self.value, Zval::new()));
    }
}
