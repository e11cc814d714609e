//! Setting, adding and deleting. All that is written into a row is written under the lock of its list.

use super::super::atomic::{Ordering, fence};
use super::Value;
use super::pool::{add, stripe_of};
use super::rows::{FREE, Key, LINKED, LIVE, Row, Rows, in_state, is_of_first, next_of_first, next_version};
use crate::error::Result;

impl Rows {
    /// Sets columns, checked before, of the row of the key. Errors: full.
    pub fn set(&self, key: &Key<'_>, values: &[(usize, Value<'_>)]) -> Result<()> {
        let _held = self.lock(key.home);
        match self.find(key) {
            Some(number) => {
                self.update(self.row(number), values);
                Ok(())
            }
            None => self.insert(key, values),
        }
    }

    /// Puts the first of what `change` makes of the column's number (0: there is no row) into it; the second is the
    /// result. Errors: full, and those of `change`.
    pub fn alter<T>(
        &self,
        key: &Key<'_>,
        column: usize,
        change: impl FnOnce(u64) -> Result<(Value<'static>, T)>,
    ) -> Result<T> {
        let _held = self.lock(key.home);
        let row = self.find(key).map(|number| self.row(number));
        let (value, result) = change(row.map_or(0, |row| self.schema.number(row.body(row.version()), column)))?;
        match row {
            Some(row) => self.update(row, &[(column, value)]),
            None => self.insert(key, &[(column, value)])?,
        }
        Ok(result)
    }

    fn update(&self, row: Row<'_>, values: &[(usize, Value<'_>)]) {
        let version = row.version();
        row.set_updates(row.updates() + 1);
        // Release: whoever sees a word of what follows sees this version and count as well, so that a reader of the
        // body which was in force before knows.
        fence(Ordering::Release);
        match values {
            [] => (),
            [(column, value)] if self.schema.is_number(*column) => {
                self.schema.put(row.body(version), *column, *value);
            }
            _ => {
                let next = next_version(version, LIVE);
                let body = row.body(next);
                if !self.schema.are_all(values) {
                    self.schema.copy(row.body(version), body, values);
                }
                for (column, value) in values {
                    self.schema.put(body, *column, *value);
                }
                row.set_version(next);
                if !is_of_first(next) {
                    // Back into the first one, so that readers find it where they look: close to those of its neighbours.
                    // Release: a reader of what was in it before sees that it is no more in force.
                    fence(Ordering::Release);
                    let first = next_version(next, LIVE);
                    self.schema.copy(body, row.body(first), &[]);
                    row.set_version(first);
                }
            }
        }
    }

    fn insert(&self, key: &Key<'_>, values: &[(usize, Value<'_>)]) -> Result<()> {
        let (_held, number) = self.take()?;
        let (row, list) = (self.row(number), &self.memory.index[key.home]);
        let version = next_of_first(row.version(), LINKED);
        // Release: a reader that sees a word of what follows sees that the row went out of the table before.
        fence(Ordering::Release);
        row.set_link(list.first(), Some(key.home));
        row.set_key(key);
        row.set_updates(0);
        let body = row.body(version);
        self.schema.clear(body);
        for (column, value) in values {
            self.schema.put(body, *column, *value);
        }
        row.set_version(version);
        list.set_first(Some(number));
        row.set_version(in_state(version, LIVE));
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
        let stripe = &self.memory.stripes[stripe];
        row.set_version(next_version(row.version(), LINKED));
        add(&stripe.live, 1_u64.wrapping_neg());
        add(&stripe.deletes, 1);
        add(&stripe.updates, row.updates());
        self.discard(number, key.home);
        true
    }

    /// Takes a row that is not LIVE out of its list and gives it back. For whoever holds the locks of the list and of
    /// the row's stripe.
    pub fn discard(&self, number: usize, home: usize) {
        let list = &self.memory.index[home];
        let next = self.row(number).link().0;
        let mut before = None;
        let mut at = list.first();
        while let Some(found) = at {
            if found == number {
                match before {
                    Some(before) => self.row(before).set_link(next, Some(home)),
                    None => list.set_first(next),
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
