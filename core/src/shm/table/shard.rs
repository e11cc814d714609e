//! The lists of the index are dealt out to shards. A shard has what guards its lists, and the journal of who changes a row of
//! theirs, which begin in one cache line: what the last holder has written is fetched from his processor once.
//!
//! A row's new body is written into the journal first, which is in force for readers while the row's own body is
//! rewritten: so a row is whole for all at every moment, and journals, which are few and used again and again, stay in a
//! processor's caches.
//!
//! Beside the lock stands the row that its holder has in hand, from before anything about it is half done until all of it is done.
//! Who inherits the lock finds it there (repair.rs).

use super::super::atomic::AtomicU64;
use super::lock::{Held, Lock};
use super::memory::LINE;
#[cfg(loom)]
use super::modelled::Holder;
use super::rows::Rows;
use super::schema::{Body, NEAR};
#[cfg(not(loom))]
use crate::sys::holder::Holder;

/// As many threads may change rows at the same moment without waiting, if they are of different shards.
const MOST: usize = if cfg!(loom) { 2 } else { 256 };
/// A small table has fewer, so that their journals are little beside its rows...
const ROWS_OF_EACH: usize = 8;
/// ...but no fewer than this.
const LEAST: usize = if cfg!(loom) { 2 } else { 16 };

/// How many shards a table of so many lists and rows has: a power of two.
pub fn shards(lists: usize, rows: usize) -> usize {
    (rows / ROWS_OF_EACH).next_power_of_two().clamp(LEAST, MOST).min(lists)
}

/// Words of a shard, with a journal for bodies of so many words: the lock first. None shares a cache line with another.
pub fn words_of_shard(body: usize) -> usize {
    body.saturating_add(LINE) / LINE * LINE
}

impl Rows {
    /// The shard of that list.
    #[inline]
    pub fn shard_of(&self, list: usize) -> usize {
        list & (self.shards - 1)
    }

    /// The words of a shard: its lock, and its journal.
    #[inline]
    fn shard(&self, shard: usize) -> (&AtomicU64, &[AtomicU64]) {
        let words = words_of_shard(self.body);
        self.memory.shards[shard * words..][..words].split_first().expect("a shard has a lock")
    }

    /// Its lock.
    #[inline]
    pub fn shard_lock(&self, shard: usize) -> &Lock {
        Lock::of(self.shard(shard).0)
    }

    /// Its journal.
    #[inline]
    pub fn journal(&self, shard: usize) -> Body<'_> {
        let (near, far) = self.shard(shard).1.split_first_chunk::<NEAR>().expect("a body has as many words");
        Body { near, far }
    }

    /// Takes the lock of that list, whole again if its holder died.
    #[inline(always)]
    pub fn lock(&self, list: usize) -> Held<'_> {
        // The lock is a barrier: without this the row would be asked for only when it is taken.
        self.fetch_first(list);
        let shard = self.shard_of(list);
        let held = self.shard_lock(shard).lock(Holder::this());
        if held.inherited {
            self.repair_shard(shard);
        }
        held
    }
}
