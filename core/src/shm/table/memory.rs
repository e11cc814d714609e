//! What a table lies in: one mapping, or the heap in a model.

use super::super::atomic::AtomicU64;
use super::KEY_MOST;
use super::pool::{Control, STRIPES, Stripe};
use super::rows::First;
use super::schema::NEAR;
use super::shard::{shards, words_of_shard};
use crate::error::{Error, Result};
use std::io;

#[cfg(loom)]
type Slice<T> = Vec<T>;
#[cfg(not(loom))]
type Slice<T> = super::super::region::SharedSlice<T>;

/// The parts of a table.
#[derive(Debug)]
pub struct Memory {
    /// one
    pub control: Slice<Control>,
    pub stripes: Slice<Stripe>,
    /// the lists' first rows; a power of two
    pub index: Slice<First>,
    /// a lock and a body for each (shard.rs)
    pub shards: Slice<AtomicU64>,
    // Of each row. What finding it needs is close together: far fewer pages are looked at than if the bodies lay between.
    pub heads: Slice<Head>,
    /// what of the bodies is not in the heads
    pub fars: Slice<AtomicU64>,
    pub key_rests: Slice<KeyRest>,
}

/// Words of a cache line.
pub const LINE: usize = 8;
/// Words of a key in the head.
pub const KEY_FIRST: usize = LINE - 3 - NEAR;

/// A row's cache line: what finding it needs, and the beginning of its body.
#[derive(Debug)]
#[cfg_attr(loom, derive(Default))]
#[repr(C, align(64))]
pub struct Head {
    pub version: AtomicU64,
    pub link: AtomicU64,
    pub tag: AtomicU64,
    pub near: [AtomicU64; NEAR],
    pub key: [AtomicU64; KEY_FIRST],
}

#[cfg(not(loom))]
// SAFETY: atomics only; all zero: it is free.
unsafe impl super::super::region::Shared for Head {}

/// What of a row's key has no room in its head.
pub type KeyRest = [AtomicU64; KEY_MOST / 8 - KEY_FIRST];

/// Words that lie far of a body of so many.
pub fn words_of_far(body: usize) -> usize {
    body - NEAR
}

impl Memory {
    /// Bytes besides those of rows, with bodies of so many words.
    pub fn overhead(lists: usize, shards: usize, body: usize) -> usize {
        let shard = words_of_shard(body).saturating_mul(size_of::<AtomicU64>());
        (size_of::<Control>() + STRIPES * size_of::<Stripe>() + lists * size_of::<First>())
            .saturating_add(shard.saturating_mul(shards))
    }

    /// Bytes of a row with bodies of so many words.
    pub fn row_size(body: usize) -> usize {
        words_of_far(body)
            .saturating_mul(size_of::<AtomicU64>())
            .saturating_add(size_of::<Head>() + size_of::<KeyRest>())
    }

    /// So many lists, and rows with bodies of so many words, of which `limit` may be used. Errors: ENOMEM.
    pub fn new(lists: usize, rows: usize, body: usize, limit: u64) -> Result<Memory> {
        let overhead = Memory::overhead(lists, shards(lists, rows), body);
        let size = rows.checked_mul(Memory::row_size(body));
        let size = size.and_then(|size| size.checked_add(overhead.saturating_add(4096)));
        match size {
            Some(size) if size <= isize::MAX as usize => Memory::map(lists, rows, body, limit).map_err(|found| {
                Error::system(format!("a table of {size} bytes of shared memory, {rows} rows"), &found)
            }),
            _ => Err(Error::system(
                format!("a table of {rows} rows of {} bytes", Memory::row_size(body)),
                &io::Error::from_raw_os_error(ENOMEM),
            )),
        }
        .map_err(|error| error.with_hint(": make it for fewer or smaller rows"))
    }

    #[cfg(not(loom))]
    fn map(lists: usize, rows: usize, body: usize, limit: u64) -> io::Result<Memory> {
        let mut layout = super::super::region::Layout::default();
        let (control, stripes) = (layout.slice(1), layout.slice(STRIPES));
        let shards = layout.slice(shards(lists, rows) * words_of_shard(body));
        let (lists, heads) = (layout.slice(lists), layout.slice(rows));
        let (fars, key_rests) = (layout.slice(rows * words_of_far(body)), layout.slice(rows));
        let region = layout.map()?;
        let control = region.slice::<Control>(control);
        // Relaxed: whoever else sees it was forked later.
        control[0].limit.store(limit, std::sync::atomic::Ordering::Relaxed);
        Ok(Memory {
            control,
            stripes: region.slice(stripes),
            index: region.slice(lists),
            shards: region.slice(shards),
            heads: region.slice(heads),
            fars: region.slice(fars),
            key_rests: region.slice(key_rests),
        })
    }

    #[cfg(loom)]
    fn map(lists: usize, rows: usize, body: usize, limit: u64) -> io::Result<Memory> {
        fn slice<T: Default>(count: usize) -> Vec<T> {
            std::iter::repeat_with(T::default).take(count).collect()
        }
        let control = Control { limit: AtomicU64::new(limit), ..Control::default() };
        Ok(Memory {
            control: vec![control],
            stripes: slice(STRIPES),
            index: slice(lists),
            shards: slice(shards(lists, rows) * words_of_shard(body)),
            heads: slice(rows),
            fars: slice(rows * words_of_far(body)),
            key_rests: slice(rows),
        })
    }
}

/// See errno(3).
const ENOMEM: i32 = 12;
