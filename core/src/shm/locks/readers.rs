//! One writer or many readers: a lock word for the writer, and a place for each thread that reads.
//!
//! ```text
//! read    the writer's word is 0? put me in a free place; fence(SeqCst); still 0? mine. Else leave the place, and sleep
//!         on the writer's word
//! write   take the writer's word: from now on no reader comes in, so readers cannot starve a writer;
//!         fence(SeqCst); then sleep on each place that is taken, until it is free
//! unlock  free the place, or the writer's word, and wake all who sleep on it
//! ```
//! The two fences pair up: either the reader sees the writer, or the writer sees the reader's place. A place is a lock word too
//! ([`HeldWord`]), so a reader that has ended is seen by the writer that waits for it, and a writer that has ended by all.
//!
//! A thread that reads may lock it for reading again. If a writer waits by then, it waits for that thread's place, so the thread must not
//! wait for the writer: it counts one more in the place it has.

use super::wait::{Stop, Wait};
use super::word::HeldWord;
use crate::shm::atomic::{AtomicU32, Ordering, Word, fence};

/// The place of a thread that reads.
#[derive(Debug)]
#[repr(C)]
pub struct Reader {
    holder: Word,
    /// how often it is locked; written by its holder only
    depth: AtomicU32,
}

#[cfg(not(loom))]
// SAFETY: atomics only; all zero means nobody reads.
unsafe impl crate::shm::region::Shared for Reader {}

impl Reader {
    #[cfg(any(test, loom))]
    pub fn free() -> Reader {
        Reader { holder: Word::new(0), depth: AtomicU32::new(0) }
    }

    fn word(&self) -> HeldWord<'_> {
        HeldWord(&self.holder)
    }
}

/// Such a lock, wherever it lies. `me` is the caller's holder bits everywhere.
#[derive(Debug, Clone, Copy)]
pub struct ReadWrite<'a> {
    pub writer: HeldWord<'a>,
    pub readers: &'a [Reader],
}

impl<'a> ReadWrite<'a> {
    /// The places, each thread's own way round, so that those of two are mostly not on one cache line.
    fn places(self, me: u32) -> impl Iterator<Item = &'a Reader> {
        let (before, from) = self.readers.split_at(me as usize * 17 % self.readers.len());
        from.iter().chain(before)
    }

    fn place_of(self, me: u32) -> Option<&'a Reader> {
        self.places(me).find(|place| place.word().holder() == me)
    }

    /// Takes part in reading if no writer is in the way. None: one is; an error: all places are taken.
    fn enter(self, me: u32) -> Result<Option<()>, Full> {
        if self.writer.holder() != 0 {
            return Ok(None);
        }
        let place = self.places(me).find(|place| place.word().try_take(me).is_ok()).ok_or(Full)?;
        fence(Ordering::SeqCst);
        // Acquire: what the last writer wrote is seen.
        if self.writer.0.load(Ordering::Acquire) == 0 {
            place.depth.store(1, Ordering::Relaxed);
            return Ok(Some(()));
        }
        place.word().free_for_all();
        Ok(None)
    }

    /// Counts one more for a thread that reads already.
    fn enter_again(self, me: u32) -> bool {
        let place = self.place_of(me);
        if let Some(place) = place {
            place.depth.store(place.depth.load(Ordering::Relaxed) + 1, Ordering::Relaxed);
        }
        place.is_some()
    }

    pub fn read(self, me: u32, wait: &mut Wait) -> Result<(), Stop> {
        loop {
            match self.enter(me) {
                Ok(Some(())) => return Ok(()),
                Ok(None) if self.writer.holder() == me => return Err(Stop::Deadlock),
                _ if self.enter_again(me) => return Ok(()),
                Ok(None) => self.writer.wait_until_free(wait)?,
                Err(Full) if self.free_after_dead() => {}
                Err(Full) => match self.places(me).next() {
                    Some(place) => place.word().wait_until_free(wait)?,
                    None => return Err(Stop::TimedOut),
                },
            }
        }
    }

    pub fn try_read(self, me: u32) -> bool {
        loop {
            match self.enter(me) {
                Ok(Some(())) => return true,
                Ok(None) => {
                    let writer = self.writer.holder();
                    if writer == me {
                        return false;
                    }
                    if self.enter_again(me) {
                        return true;
                    }
                    if writer != 0 && !self.writer.free_after(writer) {
                        return false;
                    }
                }
                Err(Full) => {
                    if self.enter_again(me) {
                        return true;
                    }
                    if !self.free_after_dead() {
                        return false;
                    }
                }
            }
        }
    }

    /// Frees the places of threads that have ended; whether there were any.
    fn free_after_dead(self) -> bool {
        self.readers.iter().filter(|place| place.word().free_after(place.word().holder())).count() > 0
    }

    pub fn write(self, me: u32, wait: &mut Wait) -> Result<(), Stop> {
        if self.writer.try_take(me).is_err() {
            // Whoever has the word may be waiting for this very thread to stop reading.
            if self.writer.holder() == me || self.place_of(me).is_some() {
                return Err(Stop::Deadlock);
            }
            self.writer.take(me, wait)?;
        }
        fence(Ordering::SeqCst);
        let drained = self.readers.iter().try_for_each(|place| {
            if place.word().holder() == me { Err(Stop::Deadlock) } else { place.word().wait_until_free(wait) }
        });
        if drained.is_err() {
            self.writer.free_for_all();
        }
        drained
    }

    pub fn try_write(self, me: u32) -> bool {
        // A look first: to take the word only to find a reader would keep other readers out meanwhile.
        if self.is_read() || !self.writer.try_inherit(me) {
            return false;
        }
        fence(Ordering::SeqCst);
        let free = !self.is_read();
        if !free {
            self.writer.free_for_all();
        }
        free
    }

    /// Whether a living thread reads.
    fn is_read(self) -> bool {
        self.readers.iter().any(|place| {
            // Acquire: what was done while reading has been done.
            place.holder.load(Ordering::Acquire) != 0 && !place.word().free_after(place.word().holder())
        })
    }

    /// Ends the caller's writing, or its reading once. False: it does neither.
    pub fn unlock(self, me: u32) -> bool {
        if self.writer.holder() == me {
            return self.writer.free_for_all();
        }
        let Some(place) = self.place_of(me) else { return false };
        let depth = place.depth.load(Ordering::Relaxed);
        if depth > 1 {
            place.depth.store(depth - 1, Ordering::Relaxed);
            return true;
        }
        place.word().free_for_all()
    }

    /// Who is in the way of others, for a message: 0 if nobody is.
    #[cfg(not(loom))]
    pub fn somebody(self) -> u32 {
        let writer = self.writer.holder();
        let reader = || self.readers.iter().map(|place| place.word().holder()).find(|holder| *holder != 0);
        if writer != 0 { writer } else { reader().unwrap_or(0) }
    }
}

/// As many threads read as there are places.
struct Full;
