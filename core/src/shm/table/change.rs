//! Setting, adding and deleting. All that is written into a row is written under the lock of its list's shard.

use super::super::atomic::{Ordering, fence};
use super::Value;
use super::pool::{add, stripe_of};
use super::rows::{FREE, Key, LINKED, LIVE, Row, Rows, in_journal, in_state, next_version};
use super::schema::{Number, load};
use crate::error::Result;

impl Rows {
    /// Sets columns, checked before, of the row of the key; `whole`: all of them. Errors: full.
    #[inline]
    pub fn set(&self, key: &Key<'_>, values: &[(usize, Value<'_>)], whole: bool) -> Result<()> {
        // Before the lock, which is a barrier.
        self.fetch_fars(key.home);
        let _held = self.lock(key.home);
        match self.find(key) {
            Some(number) => {
                match values {
                    [] => self.count(self.row(number)),
                    [(column, value)] => match (self.schema.number(*column), value) {
                        (Some(place), Value::Int(value)) => self.put(self.row(number), place, *value as u64),
                        (Some(place), Value::Float(value)) => self.put(self.row(number), place, value.to_bits()),
                        _ => self.rewrite(key, number, values, whole),
                    },
                    _ => self.rewrite(key, number, values, whole),
                }
                Ok(())
            }
            None => self.insert(key, values),
        }
    }

    /// Puts what `change` makes of the number at that place (0: there is no row) into it, and gives it. Errors: full, and
    /// those of `change`.
    #[inline]
    pub fn alter(
        &self,
        key: &Key<'_>,
        (column, place): (usize, Number),
        change: impl FnOnce(u64) -> Result<u64>,
    ) -> Result<u64> {
        let _held = self.lock(key.home);
        match self.find(key) {
            Some(number) => {
                let row = self.row(number);
                let changed = change(place.of(load(row.own_word(place.word))))?;
                self.put(row, place, changed);
                Ok(changed)
            }
            None => {
                let changed = change(0)?;
                self.insert(key, &[(column, place.value(changed))])?;
                Ok(changed)
            }
        }
    }

    /// One more change.
    #[inline]
    fn count(&self, row: Row<'_>) {
        row.set_version(next_version(row.version(), LIVE));
    }

    /// Puts a number into its place.
    #[inline]
    fn put(&self, row: Row<'_>, place: Number, number: u64) {
        self.count(row);
        // Release: whoever sees the number sees that version as well, so that he does not take an earlier one for whole
        // with this number in it.
        fence(Ordering::Release);
        place.put(row.own_word(place.word), number);
    }

    /// Sets columns, all at once.
    #[inline]
    fn rewrite(&self, key: &Key<'_>, number: usize, values: &[(usize, Value<'_>)], whole: bool) {
        let shard = self.shard_of(key.home);
        let (row, lock) = (self.row(number), self.shard_lock(shard));
        let version = next_version(row.version(), LIVE);
        let (body, own) = (self.journal(shard), row.own_body());
        // Release: a reader of what was in the journal before sees that it is no more in force.
        fence(Ordering::Release);
        if !whole {
            self.schema.copy(own, body, values);
        }
        for (column, value) in values {
            self.schema.put(body, *column, *value);
        }
        lock.set_row(Some(number));
        row.set_version(in_journal(version));
        // Release: a reader of what was in the row before sees that it is no more in force.
        fence(Ordering::Release);
        if whole {
            self.schema.copy(body, own, &[]);
        } else {
            for (column, value) in values {
                self.schema.put(own, *column, *value);
            }
        }
        row.set_version(version);
        lock.set_row(None);
    }

    #[inline(never)]
    fn insert(&self, key: &Key<'_>, values: &[(usize, Value<'_>)]) -> Result<()> {
        let (_held, number) = self.take()?;
        let (row, lock) = (self.row(number), self.shard_lock(self.shard_of(key.home)));
        let version = next_version(row.version(), LINKED);
        // Release: a reader that sees a word of what follows sees that the row went out of the table before.
        fence(Ordering::Release);
        row.set_link(self.first(key.home), Some(key.home));
        row.set_key(key);
        let body = row.own_body();
        self.schema.clear(body);
        for (column, value) in values {
            self.schema.put(body, *column, *value);
        }
        lock.set_row(Some(number));
        row.set_version(version);
        self.set_first(key.home, Some(number));
        row.set_version(in_state(version, LIVE));
        lock.set_row(None);
        let stripe = &self.memory.stripes[stripe_of(number)];
        add(&stripe.live, 1);
        add(&stripe.inserts, 1);
        Ok(())
    }

    /// Deletes the row of the key. False: there is none.
    pub fn delete(&self, key: &Key<'_>) -> bool {
        let _held = self.lock(key.home);
        let Some(number) = self.find(key) else { return false };
        let (row, stripe) = (self.row(number), stripe_of(number));
        let _stripe = self.lock_stripe(stripe);
        let (stripe, lock) = (&self.memory.stripes[stripe], self.shard_lock(self.shard_of(key.home)));
        lock.set_row(Some(number));
        row.set_version(next_version(row.version(), LINKED));
        add(&stripe.live, 1_u64.wrapping_neg());
        add(&stripe.deletes, 1);
        self.discard(number, key.home);
        lock.set_row(None);
        true
    }

    /// Takes a row that is not LIVE out of its list and gives it back. For whoever holds the locks of the list's shard
    /// and of the row's stripe.
    pub fn discard(&self, number: usize, home: usize) {
        let next = self.row(number).link().0;
        let mut before = None;
        let mut at = self.first(home);
        while let Some(found) = at {
            if found == number {
                match before {
                    Some(before) => self.row(before).set_link(next, Some(home)),
                    None => self.set_first(home, next),
                }
                break;
            }
            before = at;
            at = self.row(found).link().0;
        }
        self.set_free(number);
    }

    /// Gives a row that is in no list back. For whoever holds the lock of its stripe.
    pub fn set_free(&self, number: usize) {
        let row = self.row(number);
        row.set_version(in_state(row.version(), FREE));
        self.give_back(number);
    }
}
