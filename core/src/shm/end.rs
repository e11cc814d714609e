//! One end of a queue in shared memory: who works at it, and how far it has come.
//!
//! ```text
//! the lock   a word that is inherited from the dead, see locks::word
//! reached    position, messages and bytes in all, kept twice; the version's lowest bit says which of the two counts
//! advance    under the lock: write the one that does not count, then version + 1 (Release)
//! ```
//! A process that is killed before that one store has done nothing, and behind it everything: who inherits the lock has nothing to repair,
//! and the numbers stay exact.

use super::atomic::{AtomicU64, Ordering, Word, fence};
use super::locks::wait::Wait;
use super::locks::word::HeldWord;

/// Such an end. All zero: nothing has been done at it.
#[derive(Debug)]
#[repr(C, align(128))]
pub struct End {
    lock: Word,
    version: AtomicU64,
    marks: [Marks; 2],
}

#[derive(Debug)]
#[repr(C)]
struct Marks {
    position: AtomicU64,
    messages: AtomicU64,
    bytes: AtomicU64,
}

#[cfg(not(loom))]
// SAFETY: atomics only; all zero is an end at which nothing has been done.
unsafe impl super::region::Shared for End {}

/// How far an end has come: sums that only grow.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Reached {
    pub position: u64,
    pub messages: u64,
    pub bytes: u64,
}

impl End {
    #[cfg(loom)]
    pub fn begin() -> End {
        let marks = || Marks { position: AtomicU64::new(0), messages: AtomicU64::new(0), bytes: AtomicU64::new(0) };
        End { lock: Word::new(0), version: AtomicU64::new(0), marks: [marks(), marks()] }
    }

    /// How far it has come, while others may work at it.
    pub fn reached(&self) -> Reached {
        loop {
            // Acquire: what was done before this version is seen: records written, or read.
            let version = self.version.load(Ordering::Acquire);
            let reached = self.marks[(version % 2) as usize].get();
            // If a number belongs to the version after the next, the next one is seen behind this fence.
            fence(Ordering::Acquire);
            if self.version.load(Ordering::Relaxed) == version {
                return reached;
            }
        }
    }

    /// Works at it, when nobody else does. `me` is the caller's holder bits.
    pub fn hold(&self, me: u32) -> Held<'_> {
        let mut wait = Wait::new(None);
        // It is held for the time of a copy, so signals are not worth giving up for.
        while HeldWord(&self.lock).take(me, &mut wait).is_err() {}
        Held(self)
    }
}

impl Marks {
    fn get(&self) -> Reached {
        Reached {
            position: self.position.load(Ordering::Relaxed),
            messages: self.messages.load(Ordering::Relaxed),
            bytes: self.bytes.load(Ordering::Relaxed),
        }
    }
}

/// An end that the caller works at, until this is dropped.
#[derive(Debug)]
pub struct Held<'a>(&'a End);

impl Held<'_> {
    /// How far it has come.
    pub fn reached(&self) -> Reached {
        // Relaxed: only who holds the lock changes it.
        self.0.marks[(self.0.version.load(Ordering::Relaxed) % 2) as usize].get()
    }

    /// It has come so far: from now on what was done exists.
    pub fn advance(&self, to: Reached) {
        let next = self.0.version.load(Ordering::Relaxed) + 1;
        // Pairs with the fence in `End::reached`: who reads one of these too early sees that the version is not the one it began with.
        fence(Ordering::Release);
        let marks = &self.0.marks[(next % 2) as usize];
        marks.position.store(to.position, Ordering::Relaxed);
        marks.messages.store(to.messages, Ordering::Relaxed);
        marks.bytes.store(to.bytes, Ordering::Relaxed);
        // Release: who sees the version sees the marks, and what was written or read before.
        self.0.version.store(next, Ordering::Release);
    }
}

impl Drop for Held<'_> {
    fn drop(&mut self) {
        HeldWord(&self.0.lock).free();
    }
}

#[cfg(all(test, loom))]
mod models;
