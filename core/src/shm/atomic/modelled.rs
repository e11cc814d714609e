//! What loom is given in the place of words in shared memory.

use super::Ordering;
use loom::sync::{Condvar, Mutex};
use std::time::Duration;

/// A word that one thread stores to and another swaps. Loom leaves such a pair unordered and lets a later load
/// return either, but no processor puts a swap's value behind a store that came after what the swap read. If
/// the store is a swap as well, loom has them in one order; it gives no other thread a fresher view.
#[derive(Debug)]
pub struct AtomicU32(loom::sync::atomic::AtomicU32);

#[allow(missing_docs)]
impl AtomicU32 {
    pub fn new(value: u32) -> AtomicU32 {
        AtomicU32(loom::sync::atomic::AtomicU32::new(value))
    }
    pub fn load(&self, order: Ordering) -> u32 {
        self.0.load(order)
    }
    pub fn store(&self, value: u32, order: Ordering) {
        self.0.swap(value, order);
    }
    pub fn swap(&self, value: u32, order: Ordering) -> u32 {
        self.0.swap(value, order)
    }
}

/// A word that can be slept on.
#[derive(Debug)]
pub struct Word {
    value: loom::sync::atomic::AtomicU32,
    /// what the kernel locks while it compares the word and puts the caller to sleep
    sleepers: Mutex<()>,
    bell: Condvar,
}

#[allow(missing_docs)]
impl Word {
    pub fn new(value: u32) -> Word {
        Word { value: loom::sync::atomic::AtomicU32::new(value), sleepers: Mutex::new(()), bell: Condvar::new() }
    }
    pub fn load(&self, order: Ordering) -> u32 {
        self.value.load(order)
    }
    pub fn swap(&self, value: u32, order: Ordering) -> u32 {
        self.value.swap(value, order)
    }
    pub fn compare_exchange(&self, expected: u32, new: u32, ok: Ordering, failed: Ordering) -> Result<u32, u32> {
        self.value.compare_exchange(expected, new, ok, failed)
    }
    pub fn fetch_add(&self, by: u32, order: Ordering) -> u32 {
        self.value.fetch_add(by, order)
    }
}

/// Why a sleep on a word ended. In a model it never ends without a wakeup: one that is lost is a deadlock, which loom reports.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Woken {
    Perhaps,
    TimedOut,
    Interrupted,
}

/// As futex(2): the comparison sees the newest value, as the kernel's does.
pub fn sleep(word: &Word, expected: u32, _limit: Option<Duration>) -> Woken {
    let sleepers = word.sleepers.lock().unwrap();
    if word.fetch_add(0, Ordering::AcqRel) == expected {
        drop(word.bell.wait(sleepers).unwrap());
    }
    Woken::Perhaps
}

/// As futex(2), but does not know how many slept.
pub fn wake_some(word: &Word, count: u32) -> usize {
    let _sleepers = word.sleepers.lock().unwrap();
    for _ in 0..count.min(8) {
        word.bell.notify_one();
    }
    0
}
