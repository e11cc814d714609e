//! Rows in shared memory, the index that leads to them, and finding and reading one.
//!
//! ```text
//! index    a power of two of lists: the rows whose hash leads there, the youngest first. Shards (shard.rs) guard them
//! row      its head: version, link (next row + 1 | home: list + 1, 0: none), tag (hash and length of the key), the
//!          near words of its body, the key's beginning; the far words; the rest of a long key. Each in a place of
//!          its own (memory.rs): what lies in the head costs no look at other memory
//! version  state in the lowest two bits; above them whether its shard's journal is in force, and not the row's own
//!          body; above that a count, one more for each change
//! FREE     in no list of the index; LINKED: in one, or soon, or until now; LIVE: in the table
//! insert   under the shard's lock and a stripe's (pool.rs): link, tag, key, body; LINKED; the list's first; LIVE
//! delete   under the same locks: LINKED, count + 1; out of the list; FREE; link: to the pool
//! set      under the shard's lock: copy the body into the journal, with the changes; version: count + 1,
//!          the journal is in force; the changes into the row's own body; version: that is in force
//! read     version; tag and key; body; is the version still the same? If not, again
//! ```
//! One store of the version is the moment at which a row is there, changed or gone, for readers and walkers alike:
//! whoever is killed before it has done nothing. What he leaves undone beside that is for the next holder of his locks
//! (repair.rs).
//!
//! A number alone is set or added to in place, by one store of its word, behind one of the version with count + 1: a reader
//! sees the old or the new one. Without the version, who reads several numbers could see the second of two changes and
//! not the first.
//!
//! A reader that comes to a row which went elsewhere meanwhile sees it by its home, and begins again. If the row came
//! back into the same list it is in front: behind it is all that was behind it before. So what was in the table all the
//! time is always found.

use super::super::atomic::{AtomicU32, AtomicU64, Ordering, fence};
use super::KEY_MOST;
use super::memory::{Head, KEY_FIRST, Memory, words_of_far};
use super::schema::{Body, NEAR, Schema, begin_with, put_bytes, read_words};
use std::sync::Arc;
use xxhash_rust::xxh3::xxh3_64_with_seed;

/// After how many changes under its eyes a reader takes the lock.
const RETRIES: usize = if cfg!(loom) { 1 } else { 1000 };

/// Bytes of a key in the head.
const KEY_FIRST_BYTES: usize = KEY_FIRST * 8;

/// States of a row, see above.
pub const FREE: u64 = 0;
pub const LINKED: u64 = 1;
pub const LIVE: u64 = 2;
const STATES: u64 = 3;
/// The body in force is in the journal of the row's shard.
const JOURNAL: u64 = 4;
/// One in the version's count.
const ONE: u64 = 8;

/// The version behind `version`, in that state, with the row's own body in force.
#[inline]
pub fn next_version(version: u64, state: u64) -> u64 {
    settled(version).wrapping_add(ONE) & !STATES | state
}

/// The same version in that state.
pub fn in_state(version: u64, state: u64) -> u64 {
    version & !STATES | state
}

/// The same version with the journal's body in force.
#[inline]
pub fn in_journal(version: u64) -> u64 {
    version | JOURNAL
}

/// The same version with the row's own body in force.
#[inline]
pub fn settled(version: u64) -> u64 {
    version & !JOURNAL
}

/// Whether the journal's body is in force at that version.
#[inline]
pub fn is_in_journal(version: u64) -> bool {
    version & JOURNAL != 0
}

/// Whether the row is in the table at that version.
pub fn is_live(version: u64) -> bool {
    version & STATES == LIVE
}

/// How many changes led to that version.
pub fn count_of(version: u64) -> u64 {
    version / ONE
}

/// The first row of a list + 1; 0: it is empty.
#[derive(Debug)]
#[repr(transparent)]
pub struct First(AtomicU32);

#[cfg(not(loom))]
// SAFETY: an atomic; zero means an empty list.
unsafe impl super::super::region::Shared for First {}

#[cfg(loom)]
impl Default for First {
    fn default() -> Self {
        First(AtomicU32::new(0))
    }
}

/// The rows of a table.
#[derive(Debug)]
pub struct Rows {
    pub schema: Arc<Schema>,
    pub memory: Memory,
    /// words of a body
    pub body: usize,
    /// how many shards there are: a power of two
    pub shards: usize,
    /// rows at most
    pub most: usize,
    pub seed: u64,
}

/// A key that is looked for.
#[derive(Debug, Clone, Copy)]
pub struct Key<'a> {
    bytes: &'a [u8],
    /// Most of its hash, and its length.
    tag: u64,
    /// The list that it belongs to.
    pub home: usize,
}

/// A row, which is anybody's to look at: its head, and where the rest of it is.
#[derive(Debug, Clone, Copy)]
pub struct Row<'a>(&'a Head, &'a Rows, usize);

impl<'a> Row<'a> {
    /// Acquire: all that was written before this version is seen.
    #[inline]
    pub fn version(self) -> u64 {
        self.0.version.load(Ordering::Acquire)
    }

    #[inline]
    pub fn state(self) -> u64 {
        self.version() & STATES
    }

    #[inline]
    pub fn set_version(self, version: u64) {
        // Release: what was written before is seen by whoever sees this version.
        self.0.version.store(version, Ordering::Release);
    }

    /// The row behind it, and the list that it is in.
    #[inline]
    pub fn link(self) -> (Option<usize>, Option<usize>) {
        // Acquire: what the next row was made of is seen.
        let link = self.0.link.load(Ordering::Acquire);
        ((link as u32 as usize).checked_sub(1), ((link >> 32) as usize).checked_sub(1))
    }

    #[inline]
    pub fn set_link(self, next: Option<usize>, home: Option<usize>) {
        let half = |number: Option<usize>| number.map_or(0, |number| number as u64 + 1);
        // Release: a reader that is led to the next row sees what was written into it.
        self.0.link.store(half(home) << 32 | half(next), Ordering::Release);
    }

    #[inline]
    pub fn tag(self) -> u64 {
        self.0.tag.load(Ordering::Relaxed)
    }

    /// Reads its key, filled up with zeros, and gives the key's length.
    pub fn read_key(self, into: &mut [u64; KEY_MOST / 8]) -> usize {
        let (first, rest) = self.key();
        read_words(first, into);
        read_words(rest, &mut into[KEY_FIRST..]);
        (self.tag() as usize & 0xff).min(KEY_MOST)
    }

    fn key(self) -> (&'a [AtomicU64], &'a [AtomicU64]) {
        (&self.0.key, &self.1.memory.key_rests[self.2])
    }

    #[inline(always)]
    fn has(self, key: &Key<'_>) -> bool {
        self.tag() == key.tag
            && match key.bytes.split_at_checked(KEY_FIRST_BYTES) {
                None => begin_with(&self.0.key, key.bytes),
                Some((first, rest)) => begin_with(&self.0.key, first) && begin_with(self.key().1, rest),
            }
    }

    /// For an inserting process: its key.
    pub fn set_key(self, key: &Key<'_>) {
        let (first, rest) = key.bytes.split_at(key.bytes.len().min(KEY_FIRST_BYTES));
        self.0.tag.store(key.tag, Ordering::Relaxed);
        put_bytes(self.key().0, first);
        put_bytes(self.key().1, rest);
    }

    /// The body in force at that version.
    #[inline]
    pub fn body(self, version: u64) -> Body<'a> {
        match self.journal(version) {
            None => self.own_body(),
            Some(journal) => journal,
        }
    }

    /// The journal, if that is in force at that version.
    #[inline]
    fn journal(self, version: u64) -> Option<Body<'a>> {
        // It is in no list, or elsewhere, only if the version has changed meanwhile: then any body will do.
        if is_in_journal(version) { self.link().1.map(|home| self.1.journal(self.1.shard_of(home))) } else { None }
    }

    /// What of the body in force at that version is near.
    #[inline]
    pub fn near(self, version: u64) -> &'a [AtomicU64; NEAR] {
        match self.journal(version) {
            None => &self.0.near,
            Some(journal) => journal.near,
        }
    }

    /// A word of its own body.
    #[inline]
    pub fn own_word(self, number: usize) -> &'a AtomicU64 {
        match self.0.near.get(number) {
            Some(word) => word,
            None => self.own_body().word(number),
        }
    }

    /// Its own body.
    #[inline]
    pub fn own_body(self) -> Body<'a> {
        let words = words_of_far(self.1.body);
        Body { near: &self.0.near, far: &self.1.memory.fars[self.2 * words..][..words] }
    }

    /// Reads as `copy` does at that version, a row that fits `wanted` and may be written meanwhile. Err: it was.
    #[inline(always)]
    pub fn read<T>(
        self,
        wanted: impl FnOnce(Row<'a>) -> bool,
        copy: impl FnOnce(Row<'a>, u64) -> T,
    ) -> Result<Option<T>, ()> {
        let version = self.version();
        if version & STATES != LIVE || !wanted(self) {
            return Ok(None);
        }
        let copied = copy(self, version);
        // If a word of what was read came from a later writer, that writer's fence and this one make his earlier
        // version seen here.
        fence(Ordering::Acquire);
        if self.0.version.load(Ordering::Relaxed) == version { Ok(Some(copied)) } else { Err(()) }
    }
}

impl Rows {
    /// The key, with its place. For keys of up to [`KEY_MOST`] bytes.
    #[inline(always)]
    pub fn key<'a>(&self, bytes: &'a [u8]) -> Key<'a> {
        let hash = xxh3_64_with_seed(bytes, self.seed);
        Key { bytes, tag: hash & !0xff | bytes.len() as u64, home: hash as usize & (self.memory.index.len() - 1) }
    }

    #[inline]
    pub fn row(&self, number: usize) -> Row<'_> {
        Row(&self.memory.heads[number], self, number)
    }

    /// The first row of that list.
    #[inline]
    pub fn first(&self, list: usize) -> Option<usize> {
        // Acquire: what the row was made of is seen.
        (self.memory.index[list].0.load(Ordering::Acquire) as usize).checked_sub(1)
    }

    /// Puts a row first. For whoever holds the lock of the list's shard.
    #[inline]
    pub fn set_first(&self, list: usize, row: Option<usize>) {
        // Release: a reader that is led to the row sees what was written into it.
        self.memory.index[list].0.store(row.map_or(0, |row| row as u32 + 1), Ordering::Release);
    }

    /// Has the processor fetch the first row of a list.
    #[inline]
    pub fn fetch_first(&self, list: usize) {
        if let Some(number) = self.first(list) {
            fetch(&self.memory.heads[number].version);
        }
    }

    /// Has the processor fetch what lies far of the body of the first row of a list.
    #[inline]
    pub fn fetch_fars(&self, home: usize) {
        if let Some(number) = self.first(home) {
            self.fetch_far(number);
        }
    }

    /// Has the processor fetch the beginning of what lies far of a row's body.
    #[inline]
    pub fn fetch_far(&self, number: usize) {
        if let Some(word) = self.memory.fars.get(number * words_of_far(self.body)) {
            fetch(word);
        }
    }

    /// The row of the key. For whoever holds the lock of its list's shard.
    #[inline(always)]
    pub fn find(&self, key: &Key<'_>) -> Option<usize> {
        let mut at = self.first(key.home);
        while let Some(number) = at {
            let row = self.row(number);
            if row.has(key) {
                return Some(number);
            }
            at = row.link().0;
        }
        None
    }

    /// Reads as `copy` does the row of the key, as it was at one moment; `FAR`: it looks at what lies far of the body. Takes no lock unless the row changes all the
    /// time.
    #[inline(always)]
    pub fn read<T, const FAR: bool>(&self, key: &Key<'_>, mut copy: impl FnMut(Row<'_>, u64) -> T) -> Option<T> {
        match self.try_read::<T, FAR>(key, &mut copy) {
            Ok(found) => found,
            Err(()) => self.read_again(key, copy),
        }
    }

    /// Err: the row changed meanwhile, or another one that led to it.
    #[inline(always)]
    fn try_read<T, const FAR: bool>(
        &self,
        key: &Key<'_>,
        copy: &mut impl FnMut(Row<'_>, u64) -> T,
    ) -> Result<Option<T>, ()> {
        let mut at = self.first(key.home);
        while let Some(number) = at {
            let row = self.row(number);
            if FAR {
                // Together with the head, and not only when that is there.
                self.fetch_far(number);
            }
            if let Some(copied) = row.read(|row| row.has(key), &mut *copy)? {
                return Ok(Some(copied));
            }
            let (next, home) = row.link();
            if home != Some(key.home) {
                return Err(());
            }
            at = next;
        }
        Ok(None)
    }

    #[cold]
    fn read_again<T>(&self, key: &Key<'_>, mut copy: impl FnMut(Row<'_>, u64) -> T) -> Option<T> {
        for _ in 1..RETRIES {
            if let Ok(found) = self.try_read::<T, true>(key, &mut copy) {
                return found;
            }
        }
        self.read_locked(key, copy)
    }

    fn read_locked<T>(&self, key: &Key<'_>, mut copy: impl FnMut(Row<'_>, u64) -> T) -> Option<T> {
        let _held = self.lock(key.home);
        let row = self.row(self.find(key)?);
        Some(copy(row, row.version()))
    }
}

/// Has the processor fetch the cache line of that word.
fn fetch(word: &AtomicU64) {
    #[cfg(all(target_arch = "x86_64", not(loom)))]
    // SAFETY: the address of a word that is there; fetching changes nothing.
    unsafe {
        std::arch::x86_64::_mm_prefetch::<{ std::arch::x86_64::_MM_HINT_T0 }>(std::ptr::from_ref(word).cast());
    }
    #[cfg(not(all(target_arch = "x86_64", not(loom))))]
    let _ = word;
}
