//! What a process has taken out of a queue and not done with yet, in shared memory: whoever reaps the process finds it there.

use super::region::shared_record;
use std::sync::atomic::{AtomicU8, AtomicU32, AtomicU64, Ordering};

shared_record! {
/// What a hand says about its record.
#[repr(align(128))]
pub struct HandHead {
    /// 1 while it holds one, 2 once that is as good as done
    held: AtomicU32,
    /// 1 once it has been counted
    counted: AtomicU32,
    length: AtomicU32,
    /// where it came from, and at which position behind it; the owner's meaning
    source: AtomicU32,
    position: AtomicU64,
    /// for whom it is being done; the owner's meaning
    asker: AtomicU32,
}
}

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
        self.head.counted.store(0, Ordering::Relaxed);
        self.head.asker.store(asker, Ordering::Relaxed);
        self.refill(record, source, position);
    }

    /// Changes what it holds to another form of the same. Owner only.
    ///
    /// # Panics
    /// As [`Hand::take`].
    pub fn refill(&self, record: &[u8], source: u32, position: u64) {
        assert!(
            record.len() <= self.room.len(),
            "a record of {} bytes is above a hand's {}",
            record.len(),
            self.room.len()
        );
        // SAFETY: the room belongs to the owner alone as long as it lives, and bytes of AtomicU8 may be written through a
        // shared reference; the record lies elsewhere, since `copy_to` hands out copies only.
        unsafe { std::ptr::copy_nonoverlapping(record.as_ptr(), self.room.as_ptr().cast_mut().cast(), record.len()) };
        self.head.length.store(record.len() as u32, Ordering::Relaxed);
        self.head.source.store(source, Ordering::Relaxed);
        self.head.position.store(position, Ordering::Relaxed);
        // Release: who sees it held sees what it holds.
        self.head.held.store(1, Ordering::Release);
    }

    /// Whether it holds something.
    pub fn is_held(&self) -> bool {
        self.head.held.load(Ordering::Acquire) != 0
    }

    /// Whether it holds something that is being done for `asker`. For any process.
    pub fn is_held_for(&self, asker: u32) -> bool {
        self.is_held() && self.head.asker.load(Ordering::Relaxed) == asker
    }

    /// Whether this is the first time that it is asked for what it holds: who counts it asks before.
    pub fn count_once(&self) -> bool {
        self.head.counted.swap(1, Ordering::Relaxed) == 0
    }

    /// Marks what it holds as good as done. Owner only.
    pub fn mark_done(&self) {
        self.head.held.store(2, Ordering::Release);
    }

    /// Whether what it holds is as good as done.
    pub fn is_done(&self) -> bool {
        self.head.held.load(Ordering::Acquire) == 2
    }

    /// Where its record came from, and the position behind it there.
    pub fn origin(&self) -> (u32, u64) {
        (self.head.source.load(Ordering::Relaxed), self.head.position.load(Ordering::Relaxed))
    }

    /// A copy of what it holds.
    pub fn copy_to(&self, out: &mut Vec<u8>) {
        let length = (self.head.length.load(Ordering::Relaxed) as usize).min(self.room.len());
        out.clear();
        // SAFETY: the room is initialised memory of at least `length` bytes; it is read by its owner, or by
        // the reaper of the dead owner, so nobody writes to it meanwhile.
        out.extend_from_slice(unsafe { std::slice::from_raw_parts(self.room.as_ptr().cast::<u8>(), length) });
    }

    /// Holds nothing any more.
    pub fn drop_it(&self) {
        self.head.held.store(0, Ordering::Release);
    }
}
