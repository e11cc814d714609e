//! A lock among processes that knows its owner, so that whoever reaps a dead process frees what it held.

use crate::sys::process;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

/// A lock word in shared memory: 0, or the pid of its holder. Held for the time of a copy, so
/// waiting is yielding.
#[derive(Debug)]
#[repr(C)]
pub struct OwnedLock(AtomicU32);

impl OwnedLock {
    /// Takes the lock for process `pid`, waiting as long as it takes.
    pub fn lock(&self, pid: i32) -> Guard<'_> {
        self.lock_or(pid, |_| ())
    }

    /// As [`OwnedLock::lock`], but does not wait for the reaper of a holder that has died: for locks whose reaper may wait for
    /// them itself, and of which nobody cares who held them.
    pub fn lock_or_inherit(&self, pid: i32) -> Guard<'_> {
        self.lock_or(pid, |tries| {
            let holder = self.0.load(Ordering::Relaxed) as i32;
            if tries % 100 == 0 && holder != 0 && process::has_ended(holder) {
                self.free_after(holder);
            }
        })
    }

    fn lock_or(&self, pid: i32, waiting: impl Fn(u32)) -> Guard<'_> {
        let mut tries = 0u32;
        // Acquire: what the holder before us wrote is seen.
        while self.0.compare_exchange_weak(0, pid as u32, Ordering::Acquire, Ordering::Relaxed).is_err() {
            tries = tries.wrapping_add(1);
            if tries < 100 {
                std::hint::spin_loop();
            } else {
                waiting(tries);
                std::thread::sleep(Duration::from_micros(50));
            }
        }
        Guard(self)
    }

    /// Frees the lock if the dead process `pid` held it; true if it did. For its reaper only.
    pub fn free_after(&self, pid: i32) -> bool {
        self.0.compare_exchange(pid as u32, 0, Ordering::AcqRel, Ordering::Relaxed).is_ok()
    }
}

/// The lock is held while this lives.
#[derive(Debug)]
pub struct Guard<'a>(&'a OwnedLock);

impl Drop for Guard<'_> {
    fn drop(&mut self) {
        // Release: what was written under the lock is seen by the next holder.
        self.0.0.store(0, Ordering::Release);
    }
}
