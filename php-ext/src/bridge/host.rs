//! How callbacks end that a process of a server or of a pool has called, and what the process does then.
//!
//! Runs in: every process of a server and of a pool.

use crate::zend::{Arg, Callback, Outcome, end_process, report_exception};
use std::cell::Cell;
use swoole_core::event::Flow;
use swoole_core::sys::process::generation;

/// A process that calls back from a loop of the engine's: what a callback throws is reported, and the loop goes on.
pub struct Host {
    /// The script called exit in this process.
    exited: Cell<Option<i32>>,
    /// The fork the engine knows; another one the script has made by itself.
    generation: Cell<u32>,
}

impl Host {
    /// The running process.
    pub fn new() -> Host {
        Host { exited: Cell::new(None), generation: Cell::new(generation()) }
    }

    /// The running process, which the engine has forked, is one.
    pub fn enter(&self) {
        self.generation.set(generation());
    }

    /// The code with which the script called exit in this process, if it did.
    pub fn exited(&self) -> Option<i32> {
        self.exited.get()
    }

    /// The script has called exit where this process cannot leave at once.
    pub fn note_exit(&self, code: i32) {
        self.exited.set(Some(code));
    }

    /// Calls a function whose result is of no interest.
    pub fn run(&self, callback: &Callback, args: &[Arg<'_>]) -> Flow {
        self.settle(callback.call(args, |_| ())).err().unwrap_or(Flow::Continue)
    }

    /// What PHP code gave, or, if it did not return, what the process does now.
    pub fn settle<T>(&self, outcome: Outcome<T>) -> Result<T, Flow> {
        match outcome {
            Outcome::Returned(value) => {
                self.end_own_fork(0);
                Ok(value)
            }
            Outcome::Threw => {
                let alive = report_exception();
                self.end_own_fork(255);
                Err(if alive { Flow::Continue } else { Flow::Leave { code: 255 } })
            }
            Outcome::Exit(code) => {
                self.end_own_fork(code);
                self.exited.set(Some(code));
                Err(Flow::Leave { code })
            }
            // PHP has reported the error. No PHP code runs in this process any more; `start` raises
            // the bailout again when the engine has let go of everything.
            Outcome::Bailout => {
                self.end_own_fork(255);
                Err(Flow::Leave { code: 255 })
            }
        }
    }

    /// Whether this is a process of the engine's, and not one that the script has made by itself.
    pub fn is_of_this_process(&self) -> bool {
        generation() == self.generation.get()
    }

    /// A process that a callback made with pcntl_fork() ends where it leaves that callback, by return, exit,
    /// an exception or a fatal error: the engine's rings and sockets belong to its parent, so the
    /// engine must not run in it, not even to leave.
    pub fn end_own_fork(&self, code: i32) {
        if !self.is_of_this_process() {
            end_process(code);
        }
    }
}
