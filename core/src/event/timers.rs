//! Timers as plain data: time goes in as an argument, what is due comes out.

mod table;

use table::Table;

/// Number of a timer, from 1; never given twice by one set of timers.
pub type TimerId = i64;

/// One timer, or room for one.
#[derive(Debug)]
struct Timer<T> {
    /// 0: once
    period: u64,
    /// how often it has fired
    runs: u64,
    /// where it is in `order`, or in `far`
    place: u32,
    is_far: bool,
    /// None: there is no timer here
    what: Option<T>,
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
/// Timers are set and cleared in great numbers, and most are cleared long before they are due, the newest first of all. So only those
/// that are due soon are put into order, and what the newest touches is small and in the cache: a slot that was just given back,
/// the end of a list, and the place of its number next to the last one's.
#[derive(Debug)]
pub struct Timers<T> {
    /// slots by number
    numbers: Table<u32>,
    timers: Vec<Timer<T>>,
    /// slots that are empty
    free: Vec<u32>,
    /// those that are due up to `horizon`, a binary heap: each comes before those at twice its place plus 1 and 2
    order: Vec<Due>,
    /// the others, in no order; they are looked through each time that `order` is used up
    far: Vec<Due>,
    horizon: u64,
}

impl<T> Default for Timers<T> {
    fn default() -> Self {
        Timers {
            numbers: Table::default(),
            timers: Vec::new(),
            free: Vec::new(),
            order: Vec::new(),
            far: Vec::new(),
            horizon: 0,
        }
    }
}

/// How much of the time to come is put into order at once.
const NEAR: u64 = if cfg!(test) { 100 } else { 10_000_000 };

impl<T: Clone> Timers<T> {
    /// Adds a timer that fires `delay` after `now`, and then, unless `period` is 0, every `period`.
    pub fn add(&mut self, now: u64, delay: u64, period: u64, what: T) -> TimerId {
        let slot = self.free.pop().unwrap_or_else(|| {
            self.timers.push(Timer { period: 0, runs: 0, place: 0, is_far: false, what: None });
            (self.timers.len() - 1) as u32
        });
        // Field by field, where it stays: what copying it costs is seen in what setting a timer costs.
        let timer = &mut self.timers[slot as usize];
        (timer.period, timer.runs, timer.what) = (period, 0, Some(what));
        let id = self.numbers.insert(slot);
        self.place(Due { at: now.saturating_add(delay), id, slot });
        id
    }

    /// Puts it where it belongs.
    fn place(&mut self, due: Due) {
        let is_far = due.at > self.horizon;
        let list = if is_far { &mut self.far } else { &mut self.order };
        list.push(due);
        let place = list.len() - 1;
        let timer = &mut self.timers[due.slot as usize];
        (timer.place, timer.is_far) = (place as u32, is_far);
        if !is_far {
            self.rise(place);
        }
    }

    /// Takes a timer away. None: there is no such timer (any more).
    pub fn clear(&mut self, id: TimerId) -> Option<T> {
        let slot = self.numbers.remove(id)?;
        let timer = &mut self.timers[slot as usize];
        let what = timer.what.take();
        self.free.push(slot);
        let place = timer.place as usize;
        if timer.is_far {
            self.far.swap_remove(place);
            if let Some(moved) = self.far.get(place) {
                self.timers[moved.slot as usize].place = place as u32;
            }
        } else {
            self.take_out(place);
        }
        what
    }

    /// Out of `order`.
    fn take_out(&mut self, place: usize) {
        self.order.swap_remove(place);
        if place < self.order.len() {
            let place = self.rise(place);
            self.sink(place);
        }
    }

    /// Puts those into order that come next, if none is.
    fn look_ahead(&mut self) {
        if !self.order.is_empty() {
            return;
        }
        let Some(next) = self.far.iter().map(|due| due.at).min() else { return };
        self.horizon = next.saturating_add(NEAR);
        for due in std::mem::take(&mut self.far) {
            self.place(due);
        }
    }

    /// Takes the next timer that is due at `now`; one that repeats stays, its next time counted from the time it was due, so
    /// that it does not drift. Times that it has missed are left out.
    pub fn due(&mut self, now: u64) -> Option<(TimerId, T)> {
        self.look_ahead();
        let Due { at, id, slot } = *self.order.first().filter(|first| first.at <= now)?;
        let timer = &mut self.timers[slot as usize];
        if timer.period == 0 {
            return self.clear(id).map(|what| (id, what));
        }
        timer.runs += 1;
        let what = timer.what.clone()?;
        // The first of its times that is not over yet.
        let at = (now - (now - at) % timer.period).saturating_add(timer.period);
        self.take_out(0);
        self.place(Due { at, id, slot });
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
        self.timers[due.slot as usize].place = place as u32;
    }

    /// When the next timer is due.
    pub fn next_time(&mut self) -> Option<u64> {
        self.look_ahead();
        self.order.first().map(|first| first.at)
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.order.len() + self.far.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.order.is_empty() && self.far.is_empty()
    }

    /// Each timer's number, its next time, its period (0: once) and how often it has fired, in no order.
    pub fn iter(&self) -> impl Iterator<Item = (TimerId, u64, u64, u64)> {
        self.order.iter().chain(&self.far).map(|due| {
            let timer = &self.timers[due.slot as usize];
            (due.id, due.at, timer.period, timer.runs)
        })
    }

    /// That timer's next time, its period and how often it has fired.
    pub fn get(&self, id: TimerId) -> Option<(u64, u64, u64)> {
        let timer = &self.timers[*self.numbers.get(id)? as usize];
        let list = if timer.is_far { &self.far } else { &self.order };
        Some((list.get(timer.place as usize)?.at, timer.period, timer.runs))
    }

    /// Takes all of them away. The numbers are not given again.
    pub fn take_all(&mut self) -> Vec<T> {
        self.order.clear();
        self.far.clear();
        self.free.clear();
        self.numbers.clear();
        std::mem::take(&mut self.timers).into_iter().filter_map(|timer| timer.what).collect()
    }
}

#[cfg(test)]
mod tests;
