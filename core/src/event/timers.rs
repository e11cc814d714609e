//! Timers as plain data: time goes in as an argument, what is due comes out.

mod table;

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use table::Table;

/// Number of a timer, from 1; never given twice by one set of timers.
pub type TimerId = i64;

/// One timer.
#[derive(Debug)]
struct Timer<T> {
    /// when it fires next
    at: u64,
    /// 0: once
    period: u64,
    /// how often it has fired
    runs: u64,
    what: T,
}

/// A set of timers, each with something of type `T`. Times are microseconds on a clock that does not go back.
///
/// A cleared timer's entry stays in `order` until it comes up, or until such entries are three quarters of it.
#[derive(Debug)]
pub struct Timers<T> {
    /// by number
    alive: Table<Timer<T>>,
    /// the times and numbers of those in `alive`, and of some that are gone; the next comes first, of two at one time the older
    order: BinaryHeap<Reverse<(u64, TimerId)>>,
}

impl<T> Default for Timers<T> {
    fn default() -> Self {
        Timers { alive: Table::default(), order: BinaryHeap::new() }
    }
}

/// Entries of cleared timers that are always tolerated.
const STALE: usize = 64;

impl<T: Clone> Timers<T> {
    /// Adds a timer that fires `delay` after `now`, and then, unless `period` is 0, every `period`.
    pub fn add(&mut self, now: u64, delay: u64, period: u64, what: T) -> TimerId {
        let at = now.saturating_add(delay);
        let id = self.alive.insert(Timer { at, period, runs: 0, what });
        self.order.push(Reverse((at, id)));
        id
    }

    /// Takes a timer away. None: there is no such timer (any more).
    pub fn clear(&mut self, id: TimerId) -> Option<T> {
        let timer = self.alive.remove(id)?;
        if self.order.len() > 4 * self.alive.len() + STALE {
            let alive = &self.alive;
            self.order.retain(|Reverse((_, id))| alive.get(*id).is_some());
        }
        Some(timer.what)
    }

    /// Takes the next timer that is due at `now`; one that repeats stays, its next time counted from the time it was due, so
    /// that it does not drift. Times that it has missed are left out.
    pub fn due(&mut self, now: u64) -> Option<(TimerId, T)> {
        while let Some(&Reverse((at, id))) = self.order.peek() {
            if at > now {
                return None;
            }
            self.order.pop();
            let Some(timer) = self.alive.get_mut(id) else { continue };
            if timer.period == 0 {
                return self.alive.remove(id).map(|timer| (id, timer.what));
            }
            // The first of its times that is not over yet.
            timer.at = (now - (now - at) % timer.period).saturating_add(timer.period);
            timer.runs += 1;
            self.order.push(Reverse((timer.at, id)));
            return Some((id, timer.what.clone()));
        }
        None
    }

    /// When the next timer is due.
    pub fn next_time(&mut self) -> Option<u64> {
        while let Some(&Reverse((at, id))) = self.order.peek() {
            if self.alive.get(id).is_some() {
                return Some(at);
            }
            self.order.pop();
        }
        None
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.alive.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.alive.len() == 0
    }

    /// Each timer's number, its next time, its period (0: once) and how often it has fired, in no order.
    pub fn iter(&self) -> impl Iterator<Item = (TimerId, u64, u64, u64)> {
        self.alive.iter().map(|(id, timer)| (id, timer.at, timer.period, timer.runs))
    }

    /// That timer's next time, its period and how often it has fired.
    pub fn get(&self, id: TimerId) -> Option<(u64, u64, u64)> {
        self.alive.get(id).map(|timer| (timer.at, timer.period, timer.runs))
    }

    /// Takes all of them away. The numbers are not given again.
    pub fn take_all(&mut self) -> Vec<T> {
        let ids: Vec<TimerId> = self.alive.iter().map(|(id, _)| id).collect();
        ids.into_iter().filter_map(|id| self.clear(id)).collect()
    }
}

#[cfg(test)]
mod tests;
