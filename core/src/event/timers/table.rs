//! Values under numbers that count up and never come back.

use std::collections::{HashMap, VecDeque};

/// Values, each under the number that [`Table::insert`] gave it: 1, 2, 3 ….
///
/// Timers are set and cleared in great numbers, and nearly always the newest are cleared. So the values of the last numbers lie in
/// a queue, where a number is a place; only those that have become old among many that are gone are hashed.
#[derive(Debug)]
pub struct Table<V> {
    /// that of number `first` and of those after it; None: gone
    recent: VecDeque<Option<V>>,
    /// number of the first in `recent`
    first: i64,
    /// the values with numbers below `first`
    old: HashMap<i64, V>,
    len: usize,
}

impl<V> Default for Table<V> {
    fn default() -> Self {
        Table { recent: VecDeque::new(), first: 1, old: HashMap::new(), len: 0 }
    }
}

/// So many places may be empty whatever the number of values.
const SPARE: usize = 64;

impl<V> Table<V> {
    /// Puts a value under the next number, and returns that.
    pub fn insert(&mut self, value: V) -> i64 {
        if self.recent.len() > 4 * self.len + SPARE {
            self.age();
        }
        let number = self.first + self.recent.len() as i64;
        self.recent.push_back(Some(value));
        self.len += 1;
        number
    }

    /// Most places are empty: the older half of them goes, what is in them is old.
    fn age(&mut self) {
        let half = self.recent.len() / 2;
        for (number, value) in (self.first..).zip(self.recent.drain(..half)) {
            if let Some(value) = value {
                self.old.insert(number, value);
            }
        }
        self.first += half as i64;
    }

    /// Where the number lies in `recent`, if not among the old.
    fn place(&self, number: i64) -> Option<usize> {
        number.checked_sub(self.first).and_then(|place| usize::try_from(place).ok())
    }

    /// The value under that number.
    pub fn get(&self, number: i64) -> Option<&V> {
        match self.place(number) {
            Some(place) => self.recent.get(place)?.as_ref(),
            None => self.old.get(&number),
        }
    }

    /// Takes the value under that number.
    pub fn remove(&mut self, number: i64) -> Option<V> {
        let value = match self.place(number) {
            Some(place) => self.recent.get_mut(place)?.take(),
            None => self.old.remove(&number),
        }?;
        self.len -= 1;
        Some(value)
    }

    /// Takes all away. Numbers go on from where they were.
    pub fn clear(&mut self) {
        self.first += self.recent.len() as i64;
        *self = Table { first: self.first, ..Table::default() };
    }

    /// Places that are taken up, empty ones too.
    #[cfg(test)]
    pub fn places(&self) -> usize {
        self.recent.len() + self.old.len()
    }
}
