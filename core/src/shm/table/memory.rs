//! What a table lies in: one mapping, or the heap in a model.

use super::super::atomic::AtomicU64;
use super::list::List;
use super::pool::{Control, STRIPES, Stripe};
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
    /// a power of two
    pub index: Slice<List>,
    // Of each row. What finding it needs is close together: far fewer pages are looked at than if the bodies lay between.
    pub heads: Slice<Head>,
    /// the body that is in force, but for the moments of a change
    pub firsts: Slice<AtomicU64>,
    /// the body that is in force while the first one is changed
    pub seconds: Slice<AtomicU64>,
    pub key_rests: Slice<KeyRest>,
}

/// Words of a cache line.
pub const LINE: usize = 8;

/// A row's cache line that finding it needs.
pub type Head = [AtomicU64; LINE];

/// What of a row's key has no room in its head.
pub type KeyRest = [AtomicU64; 4];

impl Memory {
    /// Bytes besides those of rows.
    pub fn overhead(lists: usize) -> usize {
        size_of::<Control>() + STRIPES * size_of::<Stripe>() + lists * size_of::<List>()
    }

    /// Bytes of a row with bodies of so many words.
    pub fn row_size(body: usize) -> usize {
        body.saturating_mul(2 * size_of::<AtomicU64>()).saturating_add(size_of::<Head>() + size_of::<KeyRest>())
    }

    /// So many lists, and rows with bodies of so many words, of which `limit` may be used. Errors: ENOMEM.
    pub fn new(lists: usize, rows: usize, body: usize, limit: u64) -> Result<Memory> {
        let size = rows.checked_mul(Memory::row_size(body));
        let size = size.and_then(|size| size.checked_add(Memory::overhead(lists) + 4096));
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
        let (lists, heads) = (layout.slice(lists), layout.slice(rows));
        let (firsts, seconds) = (layout.slice(rows * body), layout.slice(rows * body));
        let key_rests = layout.slice(rows);
        let region = layout.map()?;
        let control = region.slice::<Control>(control);
        // Relaxed: whoever else sees it was forked later.
        control[0].limit.store(limit, std::sync::atomic::Ordering::Relaxed);
        Ok(Memory {
            control,
            stripes: region.slice(stripes),
            index: region.slice(lists),
            heads: region.slice(heads),
            firsts: region.slice(firsts),
            seconds: region.slice(seconds),
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
            heads: slice(rows),
            firsts: slice(rows * body),
            seconds: slice(rows * body),
            key_rests: slice(rows),
        })
    }
}

/// See errno(3).
const ENOMEM: i32 = 12;
