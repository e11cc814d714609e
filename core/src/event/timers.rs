//! Timers as plain data: time goes in as an argument, what is due comes out.

mod table;

use table::Table;

/// Number of a timer, from 1; never given twice by one set of timers.
pub type TimerId = i64;

/// One timer.
#[derive(Debug)]
struct Timer<T> {
    /// 0: once
    period: u64,
    /// how often it has fired
    runs: u64,
    /// where in `order` it is
    place: usize,
    what: T,
}

/// When a timer fires next. The order of these is the order of firing: of two at one time the older comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Due {
    at: u64,
    id: TimerId,
    /// where in `timers` it is
    slot: u32,
}

/// A set of timers, each with something of type `T`. Times are microseconds on a clock that does not go back.
///
/// Timers are set and cleared in great numbers and mostly the newest are cleared, so what the newest touches is small and in the cache: a
/// slot that was just given back, the end of the heap, and the place of its number next to the last one's.
#[derive(Debug)]
pub struct Timers<T> {
    /// slots by number
    numbers: Table<u32>,
    timers: Vec<Option<Timer<T>>>,
    /// slots that are empty
    free: Vec<u32>,
    /// a binary heap: each comes before those at twice its place plus 1 and 2
    order: Vec<Due>,
}

impl<T> Default for Timers<T> {
    fn default() -> Self {
        Timers { numbers: Table::default(), timers: Vec::new(), free: Vec::new(), order: Vec::new() }
    }
}

impl<T: Clone> Timers<T> {
    /// Adds a timer that fires `delay` after `now`, and then, unless `period` is 0, every `period`.
    pub fn add(&mut self, now: u64, delay: u64, period: u64, what: T) -> TimerId {
        let timer = Some(Timer { period, runs: 0, place: self.order.len(), what });
        let slot = match self.free.pop() {
            Some(slot) => {
                self.timers[slot as usize] = timer;
                slot
            }
            None => {
                self.timers.push(timer);
                (self.timers.len() - 1) as u32
            }
        };
        let id = self.numbers.insert(slot);
        self.order.push(Due { at: now.saturating_add(delay), id, slot });
        self.rise(self.order.len() - 1);
        id
    }

    /// Takes a timer away. None: there is no such timer (any more).
    pub fn clear(&mut self, id: TimerId) -> Option<T> {
        let slot = self.numbers.remove(id)?;
        let timer = self.timers[slot as usize].take()?;
        self.free.push(slot);
        self.order.swap_remove(timer.place);
        if timer.place < self.order.len() {
            let place = self.rise(timer.place);
            self.sink(place);
        }
        Some(timer.what)
    }

    /// Takes the next timer that is due at `now`; one that repeats stays, its next time counted from the time it was due, so
    /// that it does not drift. Times that it has missed are left out.
    pub fn due(&mut self, now: u64) -> Option<(TimerId, T)> {
        let first = self.order.first_mut().filter(|first| first.at <= now)?;
        let Due { at, id, slot } = *first;
        let timer = self.timers[slot as usize].as_mut()?;
        if timer.period == 0 {
            return self.clear(id).map(|what| (id, what));
        }
        // The first of its times that is not over yet.
        first.at = (now - (now - at) % timer.period).saturating_add(timer.period);
        timer.runs += 1;
        let what = timer.what.clone();
        self.sink(0);
        Some((id, what))
    }

    /// Puts what is at `place` and how far it may rise into order; where it is then.
    fn rise(&mut self, mut place: usize) -> usize {
        let due = self.order[place];
        while place > 0 {
            let above = (place - 1) / 2;
            if self.order[above] < due {
                break;
            }
            self.put(place, self.order[above]);
            place = above;
        }
        self.put(place, due);
        place
    }

    /// The same downwards.
    fn sink(&mut self, mut place: usize) {
        let due = self.order[place];
        loop {
            let mut below = 2 * place + 1;
            if below + 1 < self.order.len() && self.order[below + 1] < self.order[below] {
                below += 1;
            }
            if below >= self.order.len() || due < self.order[below] {
                break;
            }
            self.put(place, self.order[below]);
            place = below;
        }
        self.put(place, due);
    }

    fn put(&mut self, place: usize, due: Due) {
        self.order[place] = due;
        if let Some(timer) = &mut self.timers[due.slot as usize] {
            timer.place = place;
        }
    }

    /// When the next timer is due.
    pub fn next_time(&self) -> Option<u64> {
        self.order.first().map(|first| first.at)
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.order.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.order.is_empty()
    }

    /// Each timer's number, its next time, its period (0: once) and how often it has fired, in no order.
    pub fn iter(&self) -> impl Iterator<Item = (TimerId, u64, u64, u64)> {
        self.order.iter().filter_map(|due| {
            let timer = self.timers[due.slot as usize].as_ref()?;
            Some((due.id, due.at, timer.period, timer.runs))
        })
    }

    /// That timer's next time, its period and how often it has fired.
    pub fn get(&self, id: TimerId) -> Option<(u64, u64, u64)> {
        let timer = self.timers[*self.numbers.get(id)? as usize].as_ref()?;
        Some((self.order[timer.place].at, timer.period, timer.runs))
    }

    /// Takes all of them away. The numbers are not given again.
    pub fn take_all(&mut self) -> Vec<T> {
        self.order.clear();
        self.free.clear();
        self.numbers.clear();
        std::mem::take(&mut self.timers).into_iter().flatten().map(|timer| timer.what).collect()
    }
}

#[cfg(test)]
mod tests;
