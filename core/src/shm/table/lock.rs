//! A lock that outlives its holder, and the number of a row, in one word.

use super::super::atomic::{AtomicU64, Ordering};
#[cfg(loom)]
use super::modelled::Holder;
#[cfg(loom)]
pub use super::modelled::pause;
#[cfg(not(loom))]
use crate::sys::holder::Holder;

/// How often a lock is looked at before its waiter sleeps.
const SPINS: u32 = 100;
/// After how many sleeps the holder is asked for whether it lives: every 10 ms or so.
const SLEEPS: u32 = 64;

/// In the upper half the thread that holds the lock, or 0; in the lower half a row + 1, or 0: what that means is told where the
/// lock is.
#[derive(Debug)]
#[repr(transparent)]
pub struct Lock(AtomicU64);

#[cfg(not(loom))]
// SAFETY: an atomic; zero means that nobody holds it, and no row.
unsafe impl super::super::region::Shared for Lock {}

#[cfg(loom)]
impl Default for Lock {
    fn default() -> Self {
        Lock(AtomicU64::new(0))
    }
}

fn row(word: u64) -> Option<usize> {
    (word as u32 as usize).checked_sub(1)
}

fn holder(word: u64) -> u32 {
    (word >> 32) as u32
}

fn held_by(this: Holder, word: u64) -> u64 {
    u64::from(this.bits()) << 32 | u64::from(word as u32)
}

/// Whether a thread that has ended stands in it as the holder.
fn is_left(word: u64) -> bool {
    Holder::from_bits(holder(word)).is_some_and(Holder::has_ended)
}

impl Lock {
    /// The lock in a word of shared memory.
    #[inline]
    pub fn of(word: &AtomicU64) -> &Lock {
        // SAFETY: it is that word and nothing else, for as long as the word is borrowed.
        unsafe { &*std::ptr::from_ref(word).cast::<Lock>() }
    }

    /// The row beside it. For whoever holds the lock; others see one that was there.
    pub fn row(&self) -> Option<usize> {
        row(self.0.load(Ordering::Relaxed))
    }

    /// Whether a thread held it that has ended. Looks at the thread only if it is held at this moment.
    pub fn is_orphaned(&self) -> bool {
        is_left(self.0.load(Ordering::Relaxed))
    }

    /// Takes the lock, and waits for it. A holder that has ended is not waited for: what it left undone is the new
    /// one's to repair, see [`Held::inherited`].
    #[inline(always)]
    pub fn lock(&self, this: Holder) -> Held<'_> {
        match self.try_lock(this) {
            Some(held) => held,
            None => self.wait(this),
        }
    }

    #[cold]
    fn wait(&self, this: Holder) -> Held<'_> {
        let mut tries = 0;
        loop {
            let word = self.0.load(Ordering::Relaxed);
            if holder(word) == 0 {
                if let Some(held) = self.take(word, this, false) {
                    return held;
                }
                continue;
            }
            // No thread asks for a lock that it holds, so one in its own name is that of a dead one whose number it has
            // got. The word that is taken over is the one that was judged: its next holder may have died meanwhile, while
            // who stands in this one has come back and lives.
            if (holder(word) == this.bits() || (tries > SPINS && tries % SLEEPS == 0 && is_left(word)))
                && let Some(held) = self.take(word, this, true)
            {
                return held;
            }
            tries += 1;
            pause(tries);
        }
    }

    /// Takes the lock if nobody holds it.
    #[inline(always)]
    pub fn try_lock(&self, this: Holder) -> Option<Held<'_>> {
        let word = self.0.load(Ordering::Relaxed);
        if holder(word) == 0 { self.take(word, this, false) } else { None }
    }

    /// Takes the lock if nobody who lives holds it. For whoever does not hold it.
    pub fn try_lock_or_inherit(&self, this: Holder) -> Option<Held<'_>> {
        let word = self.0.load(Ordering::Relaxed);
        match Holder::from_bits(holder(word)) {
            None => self.take(word, this, false),
            Some(other) if other == this || other.has_ended() => self.take(word, this, true),
            Some(_) => None,
        }
    }

    /// Whether this thread holds the lock.
    pub fn is_held_by(&self, this: Holder) -> bool {
        holder(self.0.load(Ordering::Relaxed)) == this.bits()
    }

    /// Puts a row beside it. For whoever holds the lock.
    #[inline]
    pub fn set_row(&self, row: Option<usize>) {
        let word = self.0.load(Ordering::Relaxed);
        let row = row.map_or(0, |row| row as u64 + 1);
        // Release: who takes the lock over from a dead one sees what he wrote before.
        self.0.store(word >> 32 << 32 | row, Ordering::Release);
    }

    /// As if `holder` held it and had died.
    #[cfg(all(test, not(loom)))]
    pub fn leave_to(&self, holder: Holder) {
        self.0.store(held_by(holder, self.0.load(Ordering::Relaxed)), Ordering::Relaxed);
    }

    #[inline]
    fn take(&self, word: u64, this: Holder, inherited: bool) -> Option<Held<'_>> {
        // Acquire: what the holder before us wrote is seen.
        let taken = self.0.compare_exchange(word, held_by(this, word), Ordering::Acquire, Ordering::Relaxed);
        // Lazily: a Held that is dropped unlocks.
        taken.is_ok().then(|| Held { lock: self, inherited })
    }
}

/// Waits a moment, longer after many tries.
#[cfg(not(loom))]
pub fn pause(tries: u32) {
    if tries < SPINS {
        std::hint::spin_loop();
    } else {
        std::thread::sleep(std::time::Duration::from_micros(50));
    }
}

/// The lock is held while this lives.
#[derive(Debug)]
pub struct Held<'a> {
    pub lock: &'a Lock,
    /// The holder before has ended and may have left something undone.
    pub inherited: bool,
}

impl Drop for Held<'_> {
    fn drop(&mut self) {
        let word = self.lock.0.load(Ordering::Relaxed);
        // Release: what was written under the lock is seen by the next holder.
        self.lock.0.store(u64::from(word as u32), Ordering::Release);
    }
}
