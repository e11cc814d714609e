//! Rows that are in no list of the index. They lie in stripes, so that processes which insert and delete do not wait
//! for one another: a process begins with a stripe of its own and takes from the others what it has no more.
//!
//! What is in the table changes only under a shard's lock and a stripe's. So the row that a dead process had in hand is
//! one of the stripe whose lock it held.

use super::super::atomic::{AtomicU64, Ordering};
use super::lock::{Held, Lock};
#[cfg(loom)]
use super::modelled::Holder;
use super::rows::Rows;
use crate::error::{Error, ErrorKind, Result};
#[cfg(not(loom))]
use crate::sys::holder::Holder;

/// Rows are dealt out to so many stripes...
pub const STRIPES: usize = if cfg!(loom) { 2 } else { 8 };
/// ...so many in a row, so that a table which is filled slowly touches few pages.
const BLOCK: usize = if cfg!(loom) { 1 } else { 64 };

/// What a table has once.
#[derive(Debug)]
#[cfg_attr(loom, derive(Default))]
#[repr(C)]
pub struct Control {
    /// rows that may be used
    pub limit: AtomicU64,
    pub growths: AtomicU64,
    pub refused: AtomicU64,
}

/// Rows that are free. All is written under the lock of `free`.
#[derive(Debug)]
#[cfg_attr(loom, derive(Default))]
#[repr(C, align(128))]
pub struct Stripe {
    /// the first of those that were used before
    pub free: Lock,
    /// how many were ever used
    pub used: AtomicU64,
    /// how many are in the table
    pub live: AtomicU64,
    pub inserts: AtomicU64,
    pub deletes: AtomicU64,
}

#[cfg(not(loom))]
// SAFETY: atomics only; all zero: none may be used.
unsafe impl super::super::region::Shared for Control {}
#[cfg(not(loom))]
// SAFETY: atomics only; all zero: no row was used yet.
unsafe impl super::super::region::Shared for Stripe {}

/// Adds to a number that is written under a lock only.
pub fn add(number: &AtomicU64, by: u64) {
    number.store(number.load(Ordering::Relaxed).wrapping_add(by), Ordering::Relaxed);
}

/// Which stripe a row is of.
pub fn stripe_of(row: usize) -> usize {
    row / BLOCK % STRIPES
}

/// The row that a stripe deals out as its `turn`th.
pub fn row_of(stripe: usize, turn: usize) -> usize {
    (turn / BLOCK * STRIPES + stripe) * BLOCK + turn % BLOCK
}

/// The turn at which its stripe deals out that row.
fn turn_of(row: usize) -> usize {
    row / (BLOCK * STRIPES) * BLOCK + row % BLOCK
}

/// The first row of the block behind that of `row`.
pub fn next_block(row: usize) -> usize {
    (row / BLOCK + 1) * BLOCK
}

impl Rows {
    /// Rows that may be used now.
    pub fn limit(&self) -> usize {
        self.memory.control[0].limit.load(Ordering::Relaxed) as usize
    }

    /// Rows in the table.
    pub fn live(&self) -> usize {
        self.memory
            .stripes
            .iter()
            .enumerate()
            .map(|(number, stripe)| {
                if stripe.free.is_orphaned() {
                    drop(self.lock_stripe(number));
                }
                stripe.live.load(Ordering::Relaxed) as usize
            })
            .sum()
    }

    /// Whether that row was ever dealt out: if not, its memory was not touched yet.
    pub fn was_used(&self, row: usize) -> bool {
        // Acquire: nothing depends on it but that a row which is in the table is seen as used.
        (turn_of(row) as u64) < self.memory.stripes[stripe_of(row)].used.load(Ordering::Acquire)
    }

    /// Takes the lock of that stripe, whole again if its holder died.
    pub fn lock_stripe(&self, number: usize) -> Held<'_> {
        let held = self.memory.stripes[number].free.lock(Holder::this());
        if held.inherited {
            self.repair_stripe(number);
        }
        held
    }

    /// Takes a free row out of the pool, with the lock of its stripe; grows if there is none and it may. For whoever
    /// holds the lock of a shard. Errors: full.
    pub fn take(&self) -> Result<(Held<'_>, usize)> {
        let this = Holder::this();
        let own = this.number() as usize % STRIPES;
        // Another stripe, rather than wait.
        for turn in 0..STRIPES {
            let number = (own + turn) % STRIPES;
            if self.has_free(number)
                && let Some(held) = self.memory.stripes[number].free.try_lock(this)
                && let Some(row) = self.take_from(number)
            {
                return Ok((held, row));
            }
        }
        self.take_of_all()
    }

    /// As [`Rows::take`], of all stripes at once: it is full if none of them has a row at the same moment.
    #[cold]
    fn take_of_all(&self) -> Result<(Held<'_>, usize)> {
        // In order, as everybody does who holds more than one.
        let mut held: Vec<_> = (0..STRIPES).map(|number| self.lock_stripe(number)).collect();
        let control = &self.memory.control[0];
        loop {
            if let Some((number, row)) = (0..STRIPES).find_map(|number| Some((number, self.take_from(number)?))) {
                return Ok((held.swap_remove(number), row));
            }
            let limit = self.limit();
            if limit == self.most {
                control.refused.fetch_add(1, Ordering::Relaxed);
                return Err(Error::new(
                    ErrorKind::QueueFull,
                    format!(
                        "the table is full: {limit} rows were asked for and all are in use; delete some, or make it for more rows"
                    ),
                ));
            }
            // Relaxed: who takes a row looks at the limit under a lock that is held here.
            control.limit.store((limit * 2).min(self.most) as u64, Ordering::Relaxed);
            add(&control.growths, 1);
        }
    }

    /// Whether the stripe seems to have a row.
    fn has_free(&self, number: usize) -> bool {
        let stripe = &self.memory.stripes[number];
        stripe.free.row().is_some() || row_of(number, stripe.used.load(Ordering::Relaxed) as usize) < self.limit()
    }

    /// A row of the stripe. For whoever holds its lock.
    fn take_from(&self, number: usize) -> Option<usize> {
        let stripe = &self.memory.stripes[number];
        if let Some(row) = stripe.free.row() {
            stripe.free.set_row(self.row(row).link().0);
            return Some(row);
        }
        let used = stripe.used.load(Ordering::Relaxed);
        let row = row_of(number, used as usize);
        if row >= self.limit() {
            return None;
        }
        // Release: see `was_used`.
        stripe.used.store(used + 1, Ordering::Release);
        Some(row)
    }

    /// Gives a row back. For whoever holds its stripe's lock; the row is in no list of the index.
    pub fn give_back(&self, number: usize) {
        let (row, free) = (self.row(number), &self.memory.stripes[stripe_of(number)].free);
        row.set_link(free.row(), None);
        free.set_row(Some(number));
    }
}
