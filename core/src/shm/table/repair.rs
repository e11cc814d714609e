//! What is done in the place of a process that died with a lock in its hand. Each of these may be cut short by another
//! death and is then done again from the start.

use super::super::atomic::{Ordering, fence};
#[cfg(loom)]
use super::modelled::Holder;
use super::pool::{row_of, stripe_of};
use super::rows::{FREE, LINKED, LIVE, Rows, is_in_journal, settled};
#[cfg(not(loom))]
use crate::sys::holder::Holder;

impl Rows {
    /// For whoever has inherited the lock of a shard: does what is to be done about the row that the dead one had in hand. If
    /// the journal is in force, it is copied back; if it is not, nothing was changed. If the row is not in the table, or no
    /// more, it goes back to the pool.
    #[cold]
    pub fn repair_shard(&self, shard: usize) {
        let lock = self.shard_lock(shard);
        if let Some(number) = lock.row() {
            self.settle(number, shard);
            if self.row(number).state() == LINKED {
                let _stripe = self.lock_stripe(stripe_of(number));
                // Who took that lock may have inherited it, and have done this; and since then it may be another's.
                if self.row(number).state() == LINKED
                    && let Some(home) = self.home_in(number, shard)
                {
                    self.discard(number, home);
                }
            }
            lock.set_row(None);
        }
    }

    /// The list of that shard that the row is in, or soon was.
    fn home_in(&self, number: usize, shard: usize) -> Option<usize> {
        self.row(number).link().1.filter(|home| self.shard_of(*home) == shard)
    }

    /// For whoever has inherited the lock of the shard: makes the own body of that row the one in force.
    fn settle(&self, number: usize, shard: usize) {
        let row = self.row(number);
        let version = row.version();
        if is_in_journal(version) && self.home_in(number, shard).is_some() {
            // Release: as where it was begun (change.rs).
            fence(Ordering::Release);
            self.schema.copy(self.journal(shard), row.own_body(), &[]);
            row.set_version(settled(version));
        }
    }

    /// For whoever has inherited the lock of a stripe: finds its free rows, and counts those in the table.
    #[cold]
    pub fn repair_stripe(&self, number: usize) {
        let this = Holder::this();
        let stripe = &self.memory.stripes[number];
        stripe.free.set_row(None);
        let mut live = 0;
        for turn in 0..stripe.used.load(Ordering::Relaxed) as usize {
            let row = row_of(number, turn);
            match (self.row(row).state(), self.row(row).link().1) {
                (LIVE, _) => live += 1,
                // The dead one's. It held the lock of this list as well. Where that lives on in another's hand, he has
                // inherited it, and discards the row as soon as he gets the lock of this stripe.
                (LINKED, Some(home)) if self.leads_to(home, row) => {
                    let lock = self.shard_lock(self.shard_of(home));
                    let ours = lock.is_held_by(this);
                    let held = if ours { None } else { lock.try_lock_or_inherit(this) };
                    if ours || held.is_some() {
                        self.discard(row, home);
                        // It was in the hand of who held the lock.
                        lock.set_row(None);
                    }
                }
                // LINKED, but not yet or no more in the list: whoever inherits that does not know of it.
                (FREE | LINKED, _) => self.set_free(row),
                _ => (),
            }
        }
        stripe.live.store(live, Ordering::Relaxed);
    }

    /// Whether a dead one's row that is LINKED is in that list, which others may change meanwhile: but not in this.
    fn leads_to(&self, home: usize, row: usize) -> bool {
        'anew: loop {
            let mut at = self.first(home);
            while let Some(number) = at {
                if number == row {
                    return true;
                }
                let (next, home_now) = self.row(number).link();
                if home_now != Some(home) {
                    continue 'anew;
                }
                at = next;
            }
            return false;
        }
    }
}
