//! Numbers that processes count together: [`Atomic`] (32 bits, can be waited for) and [`AtomicLong`] (64 bits).

use super::cells::SharedCell;
use super::wakeup::Wakeup;
use crate::error::{Error, Result};
use std::sync::atomic::Ordering;
use std::time::Duration;

/// An unsigned number of 32 bits in shared memory, for the processes forked after it was made. Clones are the same number. Sums wrap around.
#[derive(Debug, Clone)]
pub struct Atomic {
    cell: SharedCell,
}

impl Atomic {
    /// A new one. Errors: ENOMEM.
    pub fn new(value: u32) -> Result<Atomic> {
        let cell = SharedCell::new()?;
        // Nobody else knows of it yet; the fork shows it to the children.
        cell.word.store(value, Ordering::Relaxed);
        Ok(Atomic { cell })
    }

    /// Adds; the sum.
    pub fn add(&self, by: u32) -> u32 {
        // AcqRel, here and below: what a process wrote before it counted is seen by one that sees the count.
        let sum = self.cell.word.fetch_add(by, Ordering::AcqRel).wrapping_add(by);
        self.tell(sum);
        sum
    }

    /// Subtracts; the difference.
    pub fn sub(&self, by: u32) -> u32 {
        self.add(by.wrapping_neg())
    }

    /// Its value.
    pub fn get(&self) -> u32 {
        self.cell.word.load(Ordering::Acquire)
    }

    /// Sets it.
    pub fn set(&self, value: u32) {
        self.cell.word.store(value, Ordering::Release);
        self.tell(value);
    }

    /// Sets it to `new` if it is `expected`; whether it was.
    pub fn compare_set(&self, expected: u32, new: u32) -> bool {
        let done = self.cell.word.compare_exchange(expected, new, Ordering::AcqRel, Ordering::Acquire).is_ok();
        if done {
            self.tell(new);
        }
        done
    }

    /// Takes a wakeup: waits until it is 1 and makes it 0 (so a wakeup that came first is not lost), at most for `limit` (None: as long as
    /// it takes). False: the time is over. Errors: EINTR (a signal's handler has run: call again).
    pub fn wait(&self, limit: Option<Duration>) -> Result<bool> {
        self.as_wakeup().wait(limit).map_err(|_| {
            let found = std::io::Error::from_raw_os_error(libc::EINTR);
            Error::system("waiting for an atomic to be woken", &found)
        })
    }

    /// Makes it 1 if it is 0, and wakes up to `count` of those who wait, of which one takes it. Returns how many were woken.
    pub fn wakeup(&self, count: u32) -> usize {
        self.as_wakeup().wakeup(count)
    }

    fn as_wakeup(&self) -> Wakeup<'_> {
        Wakeup { word: &self.cell.word, slept_on: &self.cell.slept_on }
    }

    /// It has become `value`: if that is what others wait for, one is woken.
    fn tell(&self, value: u32) {
        if value == 1 {
            self.as_wakeup().wake(1);
        }
    }
}

/// A signed number of 64 bits in shared memory, as [`Atomic`] but without waiting.
#[derive(Debug, Clone)]
pub struct AtomicLong {
    cell: SharedCell,
}

impl AtomicLong {
    /// A new one. Errors: ENOMEM.
    pub fn new(value: i64) -> Result<AtomicLong> {
        let cell = SharedCell::new()?;
        cell.long.store(value as u64, Ordering::Relaxed);
        Ok(AtomicLong { cell })
    }

    /// Adds; the sum.
    pub fn add(&self, by: i64) -> i64 {
        (self.cell.long.fetch_add(by as u64, Ordering::AcqRel) as i64).wrapping_add(by)
    }

    /// Subtracts; the difference.
    pub fn sub(&self, by: i64) -> i64 {
        self.add(by.wrapping_neg())
    }

    /// Its value.
    pub fn get(&self) -> i64 {
        self.cell.long.load(Ordering::Acquire) as i64
    }

    /// Sets it.
    pub fn set(&self, value: i64) {
        self.cell.long.store(value as u64, Ordering::Release);
    }

    /// Sets it to `new` if it is `expected`; whether it was.
    pub fn compare_set(&self, expected: i64, new: i64) -> bool {
        self.cell.long.compare_exchange(expected as u64, new as u64, Ordering::AcqRel, Ordering::Acquire).is_ok()
    }
}

#[cfg(test)]
mod tests;
