//! Small places in shared memory for what is made one by one: numbers and lock words, any time before a fork.
//!
//! They are carved out of pages, on a cache line each. A place is never given out twice, since a child may still use what its
//! parent has dropped; and never in a page that was made before this process was forked, since its parent (or a
//! brother) goes on carving the same page. A page goes when everything in it is gone.

use super::region::{Layout, SharedSlice, shared_record};
use crate::error::{Error, Result};
use crate::sys::process::generation;
use std::cell::RefCell;
use std::ops::Deref;
use std::sync::atomic::{AtomicU32, AtomicU64};

shared_record! {
/// What a cell holds; its user takes what it needs. Zero at first.
#[repr(align(64))]
pub struct CellWords {
    /// a word that can be slept on
    pub word: AtomicU32,
    /// 1 once somebody has slept on it
    pub slept_on: AtomicU32,
    /// a long one
    pub long: AtomicU64,
}
}

/// How many are carved out of one mapping (64 KiB, of which untouched pages cost nothing).
const CHUNK: usize = 1024;

/// A place of its own, in the sight of the processes forked after it was made. Clones are the same place.
#[derive(Debug, Clone)]
pub struct SharedCell {
    chunk: SharedSlice<CellWords>,
    index: usize,
}

/// Where the next ones come from.
struct Stock {
    chunk: SharedSlice<CellWords>,
    next: usize,
    /// [`generation`] in which it was mapped
    made_in: u32,
}

thread_local! {
    // For each thread: a lock that another thread holds at a fork would stay locked in the child.
    static STOCK: RefCell<Option<Stock>> = const { RefCell::new(None) };
}

impl SharedCell {
    /// A new one. Errors: ENOMEM.
    pub fn new() -> Result<SharedCell> {
        STOCK.with_borrow_mut(|stock| {
            let now = generation();
            if stock.as_ref().is_none_or(|stock| stock.made_in != now || stock.next == CHUNK) {
                *stock = Some(Stock { chunk: map()?, next: 0, made_in: now });
            }
            let stock = stock.as_mut().expect("it was just filled");
            let cell = SharedCell { chunk: stock.chunk.clone(), index: stock.next };
            stock.next += 1;
            Ok(cell)
        })
    }
}

fn map() -> Result<SharedSlice<CellWords>> {
    let mut layout = Layout::default();
    let place = layout.slice(CHUNK);
    let region = layout.map().map_err(|e| Error::system("making shared memory for an atomic or a lock", &e))?;
    Ok(region.slice(place))
}

impl Deref for SharedCell {
    type Target = CellWords;
    fn deref(&self) -> &CellWords {
        &self.chunk[self.index]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sys::process::{self, Forked};
    use crate::sys::signal;
    use std::sync::atomic::Ordering::SeqCst;

    #[test]
    fn no_place_is_given_out_twice() {
        let cells: Vec<_> = (0..3 * CHUNK).map(|_| SharedCell::new().unwrap()).collect();
        for (number, cell) in cells.iter().enumerate() {
            assert_eq!(cell.word.swap(number as u32 + 1, SeqCst), 0);
        }
        drop(cells);
        assert_eq!(SharedCell::new().unwrap().word.load(SeqCst), 0);
    }

    #[test]
    fn what_a_child_makes_is_not_what_its_parent_makes() {
        let before = SharedCell::new().unwrap();
        let Forked::Parent(child) = process::fork().unwrap() else {
            let own = SharedCell::new().unwrap();
            own.word.store(7, SeqCst);
            before.word.store(1, SeqCst);
            process::kill(process::pid(), signal::SIGKILL).unwrap();
            unreachable!()
        };
        while process::reap(child).is_none() {
            std::thread::yield_now();
        }
        assert_eq!(before.word.load(SeqCst), 1, "made before the fork: shared");
        assert_eq!(SharedCell::new().unwrap().word.load(SeqCst), 0, "made after it: one's own");
    }
}
