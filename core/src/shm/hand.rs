//! What a process has taken out of a queue and not done with yet, in shared memory: whoever reaps the process finds it there.

use super::region::shared_record;
use std::io;
use std::sync::atomic::{AtomicU8, AtomicU32, AtomicU64, Ordering};

shared_record! {
/// What a hand says about its record.
#[repr(align(128))]
pub struct HandHead {
    /// 0 empty, 1 holding, 2 holding what is as good as done, 3 receiving
    state: AtomicU32,
    /// 1 once it has been counted
    counted: AtomicU32,
    /// how often what it holds was begun before
    tries: AtomicU32,
    /// where in the room its record begins
    offset: AtomicU32,
    length: AtomicU32,
    /// where it came from, and at which position behind it; the owner's meaning
    source: AtomicU32,
    position: AtomicU64,
    /// for whom it is being done; the owner's meaning
    asker: AtomicU32,
}
}

const EMPTY: u32 = 0;
const HOLDING: u32 = 1;
const DONE: u32 = 2;
const RECEIVING: u32 = 3;

/// Bytes in front of what is received into a hand: not zero once something was.
pub const MARK: usize = 8;
const PAGE: usize = 4096;

/// A hand: its head, and room for a record.
#[derive(Debug, Clone, Copy)]
pub struct Hand<'a> {
    head: &'a HandHead,
    room: &'a [AtomicU8],
}

impl<'a> Hand<'a> {
    /// The hand of that head and room.
    pub fn new(head: &'a HandHead, room: &'a [AtomicU8]) -> Hand<'a> {
        Hand { head, room }
    }

    /// Holds a copy of a record. Owner only.
    ///
    /// # Panics
    /// If the record is longer than the room.
    pub fn take(&self, record: &[u8], source: u32, position: u64, asker: u32) {
        assert!(
            record.len() <= self.room.len(),
            "a record of {} bytes is above a hand's {}",
            record.len(),
            self.room.len()
        );
        // SAFETY: the room belongs to the owner alone as long as it lives, and bytes of AtomicU8 may be written through a
        // shared reference; the record lies elsewhere, since `copy_to` hands out copies only.
        unsafe { std::ptr::copy_nonoverlapping(record.as_ptr(), self.room.as_ptr().cast_mut().cast(), record.len()) };
        self.head.source.store(source, Ordering::Relaxed);
        self.head.position.store(position, Ordering::Relaxed);
        self.hold(0, record.len(), asker);
    }

    /// Lets `receive` put a record straight into the hand, behind [`MARK`] bytes that are zero until it does: if this process is killed
    /// meanwhile, its reaper finds what had been taken out of where it came from. `receive` says how long the record is; None: there
    /// was none. Owner only, with an empty hand. Errors: those of `receive`.
    pub fn receive(
        &self,
        source: u32,
        receive: impl FnOnce(&mut [u8]) -> io::Result<Option<usize>>,
    ) -> io::Result<Option<usize>> {
        // SAFETY: the room belongs to the owner alone as long as it lives, so nobody else reads or writes it while this
        // reference exists; it is initialised, and AtomicU8 is u8 in memory.
        let room =
            unsafe { std::slice::from_raw_parts_mut(self.room.as_ptr().cast_mut().cast::<u8>(), self.room.len()) };
        room[..MARK].fill(0);
        self.head.source.store(source, Ordering::Relaxed);
        self.head.counted.store(0, Ordering::Relaxed);
        self.head.tries.store(0, Ordering::Relaxed);
        // Release: the mark is zero by then.
        self.head.state.store(RECEIVING, Ordering::Release);
        let received = receive(room);
        match received {
            Ok(Some(length)) => self.hold(MARK, length, u32::MAX),
            _ => self.drop_it(),
        }
        received
    }

    fn hold(&self, offset: usize, length: usize, asker: u32) {
        self.head.offset.store(offset as u32, Ordering::Relaxed);
        self.head.length.store(length as u32, Ordering::Relaxed);
        self.head.counted.store(0, Ordering::Relaxed);
        self.head.tries.store(0, Ordering::Relaxed);
        self.head.asker.store(asker, Ordering::Relaxed);
        // Release: who sees it held sees what it holds.
        self.head.state.store(HOLDING, Ordering::Release);
    }

    /// Says for whom it is being done. Owner only.
    pub fn set_asker(&self, asker: u32) {
        self.head.asker.store(asker, Ordering::Relaxed);
    }

    /// Has its pages in memory before something is received into it. Owner only.
    pub fn touch(&self) {
        for byte in self.room.iter().step_by(PAGE) {
            byte.fetch_or(0, Ordering::Relaxed);
        }
    }

    /// Whether it holds something, or is receiving.
    pub fn is_held(&self) -> bool {
        self.head.state.load(Ordering::Acquire) != EMPTY
    }

    /// Whether it holds something that is being done for `asker`. For any process.
    pub fn is_held_for(&self, asker: u32) -> bool {
        self.is_held() && self.head.asker.load(Ordering::Relaxed) == asker
    }

    /// Whether it holds something that may be being done for `asker`: it is, or it is not known yet for whom. For any process.
    pub fn may_be_held_for(&self, asker: u32) -> bool {
        let known = self.head.asker.load(Ordering::Relaxed);
        match self.head.state.load(Ordering::Acquire) {
            EMPTY => false,
            RECEIVING => true,
            _ => known == asker || known == u32::MAX,
        }
    }

    /// Whether this is the first time that it is asked for what it holds: who counts it asks before.
    pub fn count_once(&self) -> bool {
        self.head.counted.swap(1, Ordering::Relaxed) == 0
    }

    /// What it holds is begun once more; how often it was begun before.
    pub fn begin_again(&self) -> u32 {
        self.head.tries.fetch_add(1, Ordering::Relaxed) + 1
    }

    /// How often what it holds was begun before.
    pub fn tries(&self) -> u32 {
        self.head.tries.load(Ordering::Relaxed)
    }

    /// Marks what it holds as good as done. Owner only.
    pub fn mark_done(&self) {
        self.head.state.store(DONE, Ordering::Release);
    }

    /// Whether what it holds is as good as done.
    pub fn is_done(&self) -> bool {
        self.head.state.load(Ordering::Acquire) == DONE
    }

    /// Where its record came from, and the position behind it there.
    pub fn origin(&self) -> (u32, u64) {
        (self.head.source.load(Ordering::Relaxed), self.head.position.load(Ordering::Relaxed))
    }

    /// A copy of what it holds. Of what a dead process was receiving it may be more, or nothing.
    pub fn copy_to(&self, out: &mut Vec<u8>) {
        // SAFETY: the room is initialised memory; it is read by its owner, or by
        // the reaper of the dead owner, so nobody writes to it meanwhile.
        let room = unsafe { std::slice::from_raw_parts(self.room.as_ptr().cast::<u8>(), self.room.len()) };
        let (offset, length) = match self.head.state.load(Ordering::Acquire) {
            RECEIVING if room[..MARK] == [0; MARK] => (0, 0),
            RECEIVING => (MARK, room.len()),
            _ => (self.head.offset.load(Ordering::Relaxed) as usize, self.head.length.load(Ordering::Relaxed) as usize),
        };
        let record = room.get(offset..).unwrap_or_default();
        out.clear();
        out.extend_from_slice(&record[..length.min(record.len())]);
    }

    /// Holds nothing any more.
    pub fn drop_it(&self) {
        self.head.state.store(EMPTY, Ordering::Release);
    }
}
