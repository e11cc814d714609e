//! Numbers that processes count together: [`Atomic`] (32 bits, can be waited for) and [`AtomicLong`] (64 bits).

use crate::error::Result;
use std::time::Duration;

/// An unsigned number of 32 bits in shared memory, for the processes forked after it was made. Clones are the same number. Sums wrap around.
#[derive(Debug, Clone)]
pub struct Atomic {}

impl Atomic {
    /// A new one. Errors: ENOMEM.
    pub fn new(value: u32) -> Result<Atomic> {
        let _ = value;
        todo!()
    }
    /// Adds; the sum.
    pub fn add(&self, by: u32) -> u32 {
        let _ = by;
        todo!()
    }
    /// Subtracts; the difference.
    pub fn sub(&self, by: u32) -> u32 {
        let _ = by;
        todo!()
    }
    /// Its value.
    pub fn get(&self) -> u32 {
        todo!()
    }
    /// Sets it.
    pub fn set(&self, value: u32) {
        let _ = value;
        todo!()
    }
    /// Sets it to `new` if it is `expected`; whether it was.
    pub fn compare_set(&self, expected: u32, new: u32) -> bool {
        let _ = (expected, new);
        todo!()
    }
    /// Takes a wakeup: waits until it is 1 and makes it 0 (so a wakeup that came first is not lost), at most for `limit` (None: as long as it takes). False:
    /// the time is over. Errors: EINTR (a signal's handler has run: call again).
    pub fn wait(&self, limit: Option<Duration>) -> Result<bool> {
        let _ = limit;
        todo!()
    }
    /// Makes it 1 if it is 0, and wakes up to `count` of those who wait, of which one takes it. Returns how many were woken.
    pub fn wakeup(&self, count: u32) -> usize {
        let _ = count;
        todo!()
    }
}

/// A signed number of 64 bits in shared memory, as [`Atomic`] but without waiting.
#[derive(Debug, Clone)]
pub struct AtomicLong {}

impl AtomicLong {
    /// A new one. Errors: ENOMEM.
    pub fn new(value: i64) -> Result<AtomicLong> {
        let _ = value;
        todo!()
    }
    /// Adds; the sum.
    pub fn add(&self, by: i64) -> i64 {
        let _ = by;
        todo!()
    }
    /// Subtracts; the difference.
    pub fn sub(&self, by: i64) -> i64 {
        let _ = by;
        todo!()
    }
    /// Its value.
    pub fn get(&self) -> i64 {
        todo!()
    }
    /// Sets it.
    pub fn set(&self, value: i64) {
        let _ = value;
        todo!()
    }
    /// Sets it to `new` if it is `expected`; whether it was.
    pub fn compare_set(&self, expected: i64, new: i64) -> bool {
        let _ = (expected, new);
        todo!()
    }
}
