//! A lock word in shared memory that knows its holder.
//!
//! ```text
//! the word  0 free; else the holder (sys::holder), and bit 31: somebody sleeps until it changes
//! take      0 -> me; else set bit 31 and sleep (futex); who has slept takes it as me | bit 31,
//!           since others may sleep still
//! free      swap(0); if bit 31 was set, wake
//! inherit   after 10 ms of sleep: the holder has ended? then holder -> me | bit 31
//! ```
//! A waiter that is woken and killed before it takes the word keeps others waiting until they look again, at most 50 ms. The word is
//! all there is: a process that dies at any instruction leaves it free, or with a holder that has ended.

use super::wait::{Stop, Wait, has_ended};
use crate::shm::atomic::{Ordering, Word, wake_some};

/// Somebody sleeps on the word.
const WAITED: u32 = 1 << 31;
/// How often a waiter tries before it sleeps: what a lock guards is mostly short.
const TRIES: u32 = if cfg!(loom) { 0 } else { 60 };
/// Everybody who sleeps.
const ALL: u32 = u32::MAX;

/// A lock word. `me` is the caller's holder bits everywhere.
#[derive(Debug, Clone, Copy)]
pub struct HeldWord<'a>(pub &'a Word);

impl HeldWord<'_> {
    /// Who holds it; 0: nobody.
    pub fn holder(self) -> u32 {
        self.0.load(Ordering::Relaxed) & !WAITED
    }

    /// Takes it if it is free. Error: what it is.
    pub fn try_take(self, me: u32) -> Result<(), u32> {
        // Acquire: what was written under the lock before is seen. Likewise wherever it is taken.
        self.0.compare_exchange(0, me, Ordering::Acquire, Ordering::Relaxed).map(drop)
    }

    /// As [`HeldWord::try_take`], and takes it from a holder that has ended.
    pub fn try_inherit(self, me: u32) -> bool {
        match self.try_take(me) {
            Ok(()) => true,
            Err(found) => found & !WAITED != me && has_ended(found & !WAITED) && self.take_over(found, me),
        }
    }

    /// Takes it, sleeping as long as another holds it.
    pub fn take(self, me: u32, wait: &mut Wait) -> Result<(), Stop> {
        let Err(mut found) = self.try_take(me) else { return Ok(()) };
        for _ in 0..TRIES {
            std::hint::spin_loop();
            if self.0.load(Ordering::Relaxed) == 0 && self.try_take(me).is_ok() {
                return Ok(());
            }
        }
        loop {
            if found == 0 {
                // Others may sleep, and what freed it has woken one only.
                match self.0.compare_exchange(0, me | WAITED, Ordering::Acquire, Ordering::Relaxed) {
                    Ok(_) => return Ok(()),
                    Err(now) => found = now,
                }
                continue;
            }
            let woken = self.sleep(found, wait);
            found = self.0.load(Ordering::Relaxed);
            // After a signal as well: where they come faster than it is time to look, nobody would ever look.
            if matches!(woken, Ok(true) | Err(Stop::Interrupted))
                && has_ended(found & !WAITED)
                && self.take_over(found, me)
            {
                return Ok(());
            }
            woken?;
        }
    }

    /// Takes it, trying again and again and giving way to others between.
    #[cfg(not(loom))]
    pub fn take_spinning(self, me: u32, wait: &mut Wait) -> Result<(), Stop> {
        use std::time::Duration;
        const PAUSE: Duration = Duration::from_micros(50);
        let mut pauses = 0_u32;
        loop {
            for _ in 0..TRIES {
                if self.0.load(Ordering::Relaxed) == 0 && self.try_take(me).is_ok() {
                    return Ok(());
                }
                std::hint::spin_loop();
            }
            pauses = pauses.wrapping_add(1);
            // A pause takes a tenth of a millisecond in fact.
            if pauses.is_multiple_of(100) && self.try_inherit(me) {
                return Ok(());
            }
            if let Err(stop) = wait.pause(PAUSE) {
                // As in `take`.
                let inherits = matches!(stop, Stop::Interrupted) && self.try_inherit(me);
                return if inherits { Ok(()) } else { Err(stop) };
            }
        }
    }

    /// Sleeps while it is `found`, which is not 0; says so in the word. True: it is time to look whether the holder has ended.
    fn sleep(self, found: u32, wait: &mut Wait) -> Result<bool, Stop> {
        let waited = found | WAITED;
        // Relaxed: whoever frees the word swaps it, and a swap sees the newest.
        if found != waited && self.0.compare_exchange(found, waited, Ordering::Relaxed, Ordering::Relaxed).is_err() {
            return Ok(false);
        }
        wait.sleep(self.0, waited)
    }

    /// Sleeps until it is free, without taking it. What a dead one holds is freed.
    pub fn wait_until_free(self, wait: &mut Wait) -> Result<(), Stop> {
        loop {
            // Acquire: what was written while it was held is seen.
            let found = self.0.load(Ordering::Acquire);
            if found == 0 {
                return Ok(());
            }
            let woken = self.sleep(found, wait);
            // After a signal as well, see `take`.
            if matches!(woken, Ok(true) | Err(Stop::Interrupted)) {
                self.free_after(found & !WAITED);
            }
            woken?;
        }
    }

    /// Frees it if `holder` holds it and has ended; whether it did that.
    pub fn free_after(self, holder: u32) -> bool {
        let found = self.0.load(Ordering::Relaxed);
        let theirs = found != 0 && found & !WAITED == holder && has_ended(holder);
        // AcqRel: what the dead one wrote is passed on.
        let freed = theirs && self.0.compare_exchange(found, 0, Ordering::AcqRel, Ordering::Relaxed).is_ok();
        if freed && found & WAITED != 0 {
            wake_some(self.0, ALL);
        }
        freed
    }

    fn take_over(self, found: u32, me: u32) -> bool {
        self.0.compare_exchange(found, me | WAITED, Ordering::Acquire, Ordering::Relaxed).is_ok()
    }

    /// Frees it and wakes one who sleeps. For its holder, or where anybody may. False: it was free.
    pub fn free(self) -> bool {
        self.free_and_wake(1)
    }

    /// As [`HeldWord::free`], and wakes all who sleep.
    pub fn free_for_all(self) -> bool {
        self.free_and_wake(ALL)
    }

    fn free_and_wake(self, count: u32) -> bool {
        // Release: what was written under the lock is seen by whoever takes it.
        let found = self.0.swap(0, Ordering::Release);
        if found & WAITED != 0 {
            wake_some(self.0, count);
        }
        found != 0
    }
}
