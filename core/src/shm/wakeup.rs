//! A number that is also a wakeup: 1 is one that nobody has taken yet.
//!
//! ```text
//! wait     1 -> 0 (Acquire) takes it; else slept_on = 1; fence(SeqCst); look again; sleep while it is what was seen
//! wake     the number becomes 1; fence(SeqCst); if slept_on: futex wake
//! ```
//! The two fences pair up: either the waker sees `slept_on`, or the waiter sees the 1. `slept_on` is never
//! taken back, so a waiter that is killed leaves nothing to be put right; a number that nobody waits for costs no system call.

use super::atomic::{Ordering, Woken, Word, fence, sleep, wake_some};
use std::time::{Duration, Instant};

/// Where such a number lies.
#[derive(Debug, Clone, Copy)]
pub struct Wakeup<'a> {
    /// the number
    pub word: &'a Word,
    /// 1 once somebody has slept on it
    pub slept_on: &'a Word,
}

/// How long a waiter sleeps before it looks by itself: one that was woken may have been killed before it took the wakeup.
/// In tests it does not help out those who have lost one.
const LOOK: Duration = Duration::from_secs(if cfg!(test) { 60 } else { 1 });

/// A signal's handler has run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Interrupted;

impl Wakeup<'_> {
    /// Waits until it is 1 and makes it 0, at most for `limit`. False: the time is over.
    pub fn wait(self, limit: Option<Duration>) -> Result<bool, Interrupted> {
        let deadline = limit.and_then(|limit| Instant::now().checked_add(limit));
        loop {
            // Acquire: what the waker wrote before is seen.
            if self.word.compare_exchange(1, 0, Ordering::Acquire, Ordering::Relaxed).is_ok() {
                return Ok(true);
            }
            let left = deadline.map(|deadline| deadline.saturating_duration_since(Instant::now()));
            if left == Some(Duration::ZERO) {
                return Ok(false);
            }
            if self.slept_on.load(Ordering::Relaxed) == 0 {
                self.slept_on.swap(1, Ordering::Relaxed);
            }
            fence(Ordering::SeqCst);
            let seen = self.word.load(Ordering::Relaxed);
            if seen != 1 && sleep(self.word, seen, Some(left.unwrap_or(LOOK).min(LOOK))) == Woken::Interrupted {
                return Err(Interrupted);
            }
        }
    }

    /// Makes it 1 if it is 0, and wakes up to `count`; how many.
    pub fn wakeup(self, count: u32) -> usize {
        // Release: as in `wait`. If it is another number, those who wait look at it and wait on.
        let _ = self.word.compare_exchange(0, 1, Ordering::AcqRel, Ordering::Relaxed);
        self.wake(count)
    }

    /// After it became 1: wakes up to `count` of those who wait; how many.
    pub fn wake(self, count: u32) -> usize {
        fence(Ordering::SeqCst);
        if self.slept_on.load(Ordering::Relaxed) == 0 { 0 } else { wake_some(self.word, count) }
    }
}
