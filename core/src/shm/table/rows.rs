//! Rows in shared memory, the index that leads to them, and finding and reading one.
//!
//! ```text
//! index    a power of two of lists (list.rs): the rows whose hash leads there, the youngest first
//! row      its head: version, link (next row + 1 | home: list + 1, 0: none), tag (hash and length of the key),
//!          updates, the key's beginning; two bodies; the rest of a long key. Each in a place of its own (memory.rs)
//! version  state in the lowest two bits, above them a count that grows with each change; the count's lowest bit
//!          tells the body that is in force
//! FREE     in no list of the index; LINKED: in one, or soon, or until now; LIVE: in the table
//! insert   under the list's lock and a stripe's (pool.rs): link, tag, key, body; LINKED; the list's first; LIVE
//! delete   under the same locks: LINKED, count + 1; out of the list; FREE; link: to the pool
//! set      under the list's lock: copy the body in force into the other one, with the changes; version, count + 1; if
//!          that is the second one, the same back without changes, so that it is the first which readers find in force
//! read     version; tag and key; body; is the version still the same? If not, again
//! ```
//! One store of the version is the moment at which a row is there, changed or gone, for readers and walkers alike:
//! whoever is killed before it has done nothing. What he leaves undone beside that is for the next holder of his locks
//! (repair.rs).
//!
//! A number alone is set or added to in place, by one store of its word, behind one of the updates: a reader sees the
//! old or the new one. Who reads several numbers looks at the updates as well, or he could see the second of two changes
//! and not the first.
//!
//! A reader that comes to a row which went elsewhere meanwhile sees it by its home, and begins again. If the row came
//! back into the same list it is in front: behind it is all that was behind it before. So what was in the table all the
//! time is always found.

use super::super::atomic::{AtomicU64, Ordering, fence};
use super::KEY_MOST;
use super::list::{Held, List};
use super::memory::{Head, KeyRest, LINE, Memory};
#[cfg(loom)]
use super::modelled::Holder;
use super::schema::{Schema, begin_with, put_bytes, read_words};
#[cfg(not(loom))]
use crate::sys::holder::Holder;
use std::sync::Arc;
use xxhash_rust::xxh3::xxh3_64_with_seed;

/// After how many changes under its eyes a reader takes the list's lock.
const RETRIES: usize = if cfg!(loom) { 1 } else { 1000 };

const VERSION: usize = 0;
const LINK: usize = 1;
const TAG: usize = 2;
const UPDATES: usize = 3;
const KEY: usize = 4;
/// Bytes of a key in the head.
const KEY_FIRST: usize = (LINE - KEY) * 8;
const _: () = assert!(KEY_FIRST + size_of::<KeyRest>() == KEY_MOST);

/// States of a row, see above.
pub const FREE: u64 = 0;
pub const LINKED: u64 = 1;
pub const LIVE: u64 = 2;
const STATES: u64 = 3;
/// One in the version's count.
const ONE: u64 = 4;

/// The version behind `version`, in that state.
pub fn next_version(version: u64, state: u64) -> u64 {
    (version & !STATES).wrapping_add(ONE) | state
}

/// The version behind `version` at which the first body is in force, in that state.
pub fn next_of_first(version: u64, state: u64) -> u64 {
    let next = next_version(version, state);
    if is_of_first(next) { next } else { next_version(next, state) }
}

/// Whether the first body is in force at that version.
pub fn is_of_first(version: u64) -> bool {
    version & ONE == 0
}

/// The same count in that state.
pub fn in_state(version: u64, state: u64) -> u64 {
    version & !STATES | state
}

/// Words of a body, so that none is in more cache lines than it must be.
pub fn words_of_body(body: usize) -> usize {
    if body < LINE { body.next_power_of_two() } else { body.saturating_add(LINE - 1) / LINE * LINE }
}

/// The rows of a table.
#[derive(Debug)]
pub struct Rows {
    pub schema: Arc<Schema>,
    pub memory: Memory,
    /// words of one of its bodies
    pub body: usize,
    /// rows at most
    pub most: usize,
    pub seed: u64,
    /// it has more than one column of numbers
    pub several: bool,
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
    pub fn version(self) -> u64 {
        self.0[VERSION].load(Ordering::Acquire)
    }

    pub fn is_live(self) -> bool {
        self.version() & STATES == LIVE
    }

    pub fn state(self) -> u64 {
        self.version() & STATES
    }

    pub fn set_version(self, version: u64) {
        // Release: what was written before is seen by whoever sees this version.
        self.0[VERSION].store(version, Ordering::Release);
    }

    /// The row behind it, and the list that it is in.
    pub fn link(self) -> (Option<usize>, Option<usize>) {
        // Acquire: what the next row was made of is seen.
        let link = self.0[LINK].load(Ordering::Acquire);
        ((link as u32 as usize).checked_sub(1), ((link >> 32) as usize).checked_sub(1))
    }

    pub fn set_link(self, next: Option<usize>, home: Option<usize>) {
        let half = |number: Option<usize>| number.map_or(0, |number| number as u64 + 1);
        // Release: a reader that is led to the next row sees what was written into it.
        self.0[LINK].store(half(home) << 32 | half(next), Ordering::Release);
    }

    pub fn tag(self) -> u64 {
        self.0[TAG].load(Ordering::Relaxed)
    }

    /// Reads its key, filled up with zeros, and gives the key's length.
    pub fn read_key(self, into: &mut [u64; KEY_MOST / 8]) -> usize {
        let (first, rest) = self.key();
        read_words(first, into);
        read_words(rest, &mut into[LINE - KEY..]);
        (self.tag() as usize & 0xff).min(KEY_MOST)
    }

    fn key(self) -> (&'a [AtomicU64], &'a [AtomicU64]) {
        (&self.0[KEY..], &self.1.memory.key_rests[self.2])
    }

    fn has(self, key: &Key<'_>) -> bool {
        self.tag() == key.tag && {
            let (first, rest) = key.bytes.split_at(key.bytes.len().min(KEY_FIRST));
            begin_with(&self.0[KEY..], first) && (rest.is_empty() || begin_with(self.key().1, rest))
        }
    }

    /// For an inserting process: its key.
    pub fn set_key(self, key: &Key<'_>) {
        let (first, rest) = key.bytes.split_at(key.bytes.len().min(KEY_FIRST));
        self.0[TAG].store(key.tag, Ordering::Relaxed);
        put_bytes(self.key().0, first);
        put_bytes(self.key().1, rest);
    }

    /// The body in force at that version.
    pub fn body(self, version: u64) -> &'a [AtomicU64] {
        let words = self.1.body;
        let bodies = if is_of_first(version) { &self.1.memory.firsts } else { &self.1.memory.seconds };
        &bodies[self.2 * words..][..words]
    }

    /// How often it was set or added to.
    pub fn updates(self) -> u64 {
        // Acquire: the changes before this one are seen.
        self.0[UPDATES].load(Ordering::Acquire)
    }

    pub fn set_updates(self, updates: u64) {
        // Release: as above.
        self.0[UPDATES].store(updates, Ordering::Release);
    }

    /// Reads as `copy` does, a row that fits `wanted` and may be written meanwhile. Err: it was. With `several`, `copy`
    /// takes more than one number of it.
    pub fn read<T>(
        self,
        several: bool,
        wanted: impl FnOnce(Row<'a>) -> bool,
        copy: impl FnOnce(&'a [AtomicU64]) -> T,
    ) -> Result<Option<T>, ()> {
        let version = self.version();
        if version & STATES != LIVE || !wanted(self) {
            return Ok(None);
        }
        let updates = if several { self.updates() } else { 0 };
        let copied = copy(self.body(version));
        // If a word of what was read came from a later writer, that writer's fence and this one make his earlier
        // version and count seen here.
        fence(Ordering::Acquire);
        let same = self.0[VERSION].load(Ordering::Relaxed) == version && (!several || self.updates() == updates);
        if same { Ok(Some(copied)) } else { Err(()) }
    }
}

impl Rows {
    /// The key, with its place. For keys of up to [`KEY_MOST`] bytes.
    pub fn key<'a>(&self, bytes: &'a [u8]) -> Key<'a> {
        let hash = xxh3_64_with_seed(bytes, self.seed);
        Key { bytes, tag: hash & !0xff | bytes.len() as u64, home: hash as usize & (self.memory.index.len() - 1) }
    }

    pub fn row(&self, number: usize) -> Row<'_> {
        Row(&self.memory.heads[number], self, number)
    }

    /// Takes the lock of that list, whole again if its holder died.
    pub fn lock(&self, home: usize) -> Held<'_> {
        let list = &self.memory.index[home];
        // The lock is a barrier: without this the row would be asked for only when it is taken.
        self.fetch(list);
        let held = list.lock(Holder::this());
        if held.inherited {
            self.repair_list(home);
        }
        held
    }

    /// Has the processor fetch the first row of a list, all its parts at once.
    fn fetch(&self, list: &List) {
        if let Some(number) = list.first() {
            fetch(&self.memory.heads[number][VERSION]);
            self.fetch_body(number);
            fetch(&self.memory.seconds[number * self.body]);
        }
    }

    /// Has the processor fetch the beginning of the body that is in force, most probably.
    fn fetch_body(&self, number: usize) {
        fetch(&self.memory.firsts[number * self.body]);
    }

    /// The row of the key. For whoever holds the list's lock.
    pub fn find(&self, key: &Key<'_>) -> Option<usize> {
        let mut at = self.memory.index[key.home].first();
        while let Some(number) = at {
            let row = self.row(number);
            if row.has(key) {
                return Some(number);
            }
            at = row.link().0;
        }
        None
    }

    /// Reads as `copy` does the row of the key, as it was at one moment; `BODY`: it looks at the body; `whole`: at more than one column of it.
    /// Takes no lock unless the row changes all the time.
    pub fn read<T, const BODY: bool>(
        &self,
        key: &Key<'_>,
        whole: bool,
        mut copy: impl FnMut(&[AtomicU64]) -> T,
    ) -> Option<T> {
        let several = whole && self.several;
        let mut retries = 0;
        'anew: while retries < RETRIES {
            let mut at = self.memory.index[key.home].first();
            while let Some(number) = at {
                let row = self.row(number);
                if BODY {
                    // Together with the head, and not only when that is there.
                    self.fetch_body(number);
                }
                match row.read(several, |row| row.has(key), &mut copy) {
                    Ok(Some(copied)) => return Some(copied),
                    Ok(None) => (),
                    Err(()) => {
                        retries += 1;
                        continue 'anew;
                    }
                }
                let (next, home) = row.link();
                if home != Some(key.home) {
                    retries += 1;
                    continue 'anew;
                }
                at = next;
            }
            return None;
        }
        let _held = self.lock(key.home);
        let row = self.row(self.find(key)?);
        Some(copy(row.body(row.version())))
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
