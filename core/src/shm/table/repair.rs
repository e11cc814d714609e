//! What is done in the place of a process that died with a lock in its hand. Each of these may be cut short by another
//! death and is then done again from the start.

use super::super::atomic::{Ordering, fence};
#[cfg(loom)]
use super::modelled::Holder;
use super::pool::{row_of, stripe_of};
use super::rows::{FREE, LINKED, LIVE, Rows, journal_of, settled};
#[cfg(not(loom))]
use crate::sys::holder::Holder;

impl Rows {
    /// For whoever has inherited the lock of a list: copies back what is in a journal, and takes out of it what is not in the
    /// table. A body that was half written is not in force.
    #[cold]
    pub fn repair_list(&self, home: usize) {
        self.settle_list(home);
        while let Some(number) = self.left_linked(home) {
            let _stripe = self.lock_stripe(stripe_of(number));
            // Who took that lock may have inherited it, and have done the rest.
            if self.left_linked(home) == Some(number) {
                self.discard(number, home);
            }
        }
    }

    /// For whoever has inherited the lock of a list: makes the own body of each row the one in force.
    fn settle_list(&self, home: usize) {
        let mut at = self.memory.index[home].first();
        while let Some(number) = at {
            let row = self.row(number);
            let version = row.version();
            if let Some(journal) = journal_of(version) {
                // Release: as where it was begun (change.rs).
                fence(Ordering::Release);
                self.schema.copy(self.journal_body(journal), row.own_body(), &[]);
                row.set_version(settled(version));
            }
            at = row.link().0;
        }
    }

    /// A row of the list that is not in the table.
    fn left_linked(&self, home: usize) -> Option<usize> {
        let mut at = self.memory.index[home].first();
        while let Some(number) = at {
            if !self.row(number).is_live() {
                return at;
            }
            at = self.row(number).link().0;
        }
        None
    }

    /// For whoever has inherited the lock of a stripe: finds its free rows, and counts those in the table.
    #[cold]
    pub fn repair_stripe(&self, number: usize) {
        let this = Holder::this();
        let stripe = &self.memory.stripes[number];
        stripe.free.set_first(None);
        let mut live = 0;
        for turn in 0..stripe.used.load(Ordering::Relaxed) as usize {
            let row = row_of(number, turn);
            match (self.row(row).state(), self.row(row).link().1) {
                (LIVE, _) => live += 1,
                // The dead one's. It held the lock of this list as well. Where that lives on in another's hand, he has
                // inherited it, and discards the row as soon as he gets the lock of this stripe.
                (LINKED, Some(home)) if self.leads_to(home, row) => {
                    let list = &self.memory.index[home];
                    let ours = list.is_held_by(this);
                    let held = if ours { None } else { list.try_lock_or_inherit(this) };
                    if held.as_ref().is_some_and(|held| held.inherited) {
                        self.settle_list(home);
                    }
                    if ours || held.is_some() {
                        self.discard(row, home);
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
            let mut at = self.memory.index[home].first();
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
