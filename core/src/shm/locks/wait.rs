//! Waiting for a lock: until a moment, looking now and then whether its holder still lives.

use crate::shm::atomic::{Woken, Word, sleep};
use std::time::{Duration, Instant};

/// Why a lock was not taken.
#[derive(Debug)]
pub enum Stop {
    /// the time is over
    TimedOut,
    /// a signal's handler has run
    Interrupted,
    /// the caller holds it already
    Deadlock,
    /// a system call failed
    #[cfg(not(loom))]
    Failed(std::io::Error),
}

/// How long a waiter sleeps before it looks whether the holder has ended: that costs reading a file, so ever less often.
const LOOK: Duration = Duration::from_millis(10);
const LOOK_AT_LAST: Duration = Duration::from_millis(50);

/// One wait for a lock.
#[derive(Debug)]
pub struct Wait {
    deadline: Option<Instant>,
    look_after: Duration,
}

impl Wait {
    /// One that begins now and ends after `limit` (None: never).
    pub fn new(limit: Option<Duration>) -> Wait {
        Wait { deadline: limit.and_then(|limit| Instant::now().checked_add(limit)), look_after: LOOK }
    }

    /// `most`, or less if the time is over by then.
    fn part(&self, most: Duration) -> Result<Duration, Stop> {
        let left = self.deadline.map_or(most, |deadline| deadline.saturating_duration_since(Instant::now()));
        if left.is_zero() { Err(Stop::TimedOut) } else { Ok(left.min(most)) }
    }

    /// Sleeps while `word` is `seen`. True: it is time to look whether the holder has ended.
    pub fn sleep(&mut self, word: &Word, seen: u32) -> Result<bool, Stop> {
        #[cfg(loom)]
        if super::models::is_dead(seen) {
            return Ok(true);
        }
        match sleep(word, seen, Some(self.part(self.look_after)?)) {
            Woken::Perhaps => Ok(false),
            Woken::Interrupted => Err(Stop::Interrupted),
            Woken::TimedOut => {
                self.look_after = (self.look_after * 2).min(LOOK_AT_LAST);
                Ok(true)
            }
        }
    }

    /// Does nothing for `time`.
    #[cfg(not(loom))]
    pub fn pause(&self, time: Duration) -> Result<(), Stop> {
        use rustix::thread::{NanosleepRelativeResult, Timespec, nanosleep};
        let time = self.part(time)?;
        match nanosleep(&Timespec { tv_sec: time.as_secs() as i64, tv_nsec: time.subsec_nanos().into() }) {
            NanosleepRelativeResult::Interrupted(_) => Err(Stop::Interrupted),
            _ => Ok(()),
        }
    }
}

/// Whether the holder that stands in a lock word has ended.
#[cfg(not(loom))]
pub fn has_ended(holder: u32) -> bool {
    crate::sys::holder::Holder::from_bits(holder).is_some_and(crate::sys::holder::Holder::has_ended)
}

#[cfg(loom)]
pub use super::models::is_dead as has_ended;
