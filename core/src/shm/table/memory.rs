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
    /// of the rows
    pub words: Slice<AtomicU64>,
}

impl Memory {
    /// Bytes besides those of rows.
    pub fn overhead(lists: usize) -> usize {
        size_of::<Control>() + STRIPES * size_of::<Stripe>() + lists * size_of::<List>()
    }

    /// So many lists, and rows of so many words, of which `limit` may be used. Errors: ENOMEM.
    pub fn new(lists: usize, rows: usize, stride: usize, limit: u64) -> Result<Memory> {
        let size = rows.checked_mul(stride).and_then(|words| words.checked_mul(size_of::<AtomicU64>()));
        let size = size.and_then(|size| size.checked_add(Memory::overhead(lists) + 4096));
        match size {
            Some(size) if size <= isize::MAX as usize => Memory::map(lists, rows * stride, limit).map_err(|found| {
                Error::system(format!("a table of {size} bytes of shared memory, {rows} rows"), &found)
            }),
            _ => Err(Error::system(
                format!("a table of {rows} rows of {stride} times 8 bytes"),
                &io::Error::from_raw_os_error(ENOMEM),
            )),
        }
        .map_err(|error| error.with_hint(": make it for fewer or smaller rows"))
    }

    #[cfg(not(loom))]
    fn map(lists: usize, words: usize, limit: u64) -> io::Result<Memory> {
        let mut layout = super::super::region::Layout::default();
        let (control, stripes) = (layout.slice(1), layout.slice(STRIPES));
        let (lists, words) = (layout.slice(lists), layout.slice(words));
        let region = layout.map()?;
        let control = region.slice::<Control>(control);
        // Relaxed: whoever else sees it was forked later.
        control[0].limit.store(limit, std::sync::atomic::Ordering::Relaxed);
        Ok(Memory { control, stripes: region.slice(stripes), index: region.slice(lists), words: region.slice(words) })
    }

    #[cfg(loom)]
    fn map(lists: usize, words: usize, limit: u64) -> io::Result<Memory> {
        fn slice<T: Default>(count: usize) -> Vec<T> {
            std::iter::repeat_with(T::default).take(count).collect()
        }
        let control = Control { limit: AtomicU64::new(limit), ..Control::default() };
        Ok(Memory { control: vec![control], stripes: slice(STRIPES), index: slice(lists), words: slice(words) })
    }
}

/// See errno(3).
const ENOMEM: i32 = 12;
