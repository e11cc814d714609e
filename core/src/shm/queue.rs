//! A ring that many processes write and many read: each end has a lock, and whoever holds it is the ring's one producer or consumer.
//!
//! A process that dies in a push leaves nothing behind but its lock, and one that dies in a pop has not taken the record:
//! whoever reaps it calls [`Queue::free_after`].

use super::lock::OwnedLock;
use super::region::{SharedSlice, shared_record};
use super::ring::{Consumer, Corrupt, Producer, Record, RingMemory, Tag};
use crate::sys::futex;
use std::cell::RefCell;
use std::time::Duration;

shared_record! {
/// The locks of a queue's two ends.
#[repr(align(128))]
pub struct QueueLocks {
    push: OwnedLock,
    pop: OwnedLock,
}
}

/// One process's handle of a queue.
#[derive(Debug)]
pub struct Queue {
    producer: RefCell<Producer>,
    consumer: RefCell<Consumer>,
    memory: RingMemory,
    locks: SharedSlice<QueueLocks>,
    index: usize,
    pid: i32,
}

impl Queue {
    /// A handle for process `pid`, which must be the calling one. `locks[index]` are the queue's.
    pub fn attach(memory: RingMemory, locks: SharedSlice<QueueLocks>, index: usize, pid: i32) -> Queue {
        Queue {
            producer: RefCell::new(Producer::attach(memory.clone())),
            consumer: RefCell::new(Consumer::attach(memory.clone())),
            memory,
            locks,
            index,
            pid,
        }
    }

    /// Pushes one record. False: there is no room.
    ///
    /// # Panics
    /// With more than [`Queue::max_payload`] bytes.
    #[must_use]
    pub fn try_push(&self, tag: Tag, session: u64, parts: [&[u8]; 2]) -> bool {
        let mut producer = self.producer.borrow_mut();
        // The reaper itself may be the one that pushes.
        let _held = self.locks().push.lock_or_inherit(self.pid);
        producer.resume();
        producer.try_push(tag, session, parts)
    }

    /// Takes the first record: `read` gets it with its position, while it still lies in the queue. If this process dies before
    /// `read` has returned, the record is still there.
    pub fn try_pop<T>(&self, read: impl FnOnce(Record<'_>, u64) -> T) -> Result<Option<T>, Corrupt> {
        if self.is_empty() {
            return Ok(None);
        }
        let mut consumer = self.consumer.borrow_mut();
        let _held = self.locks().pop.lock(self.pid);
        consumer.resume();
        let taken = consumer.next().map(|found| found.map(|record| read(record, consumer.position())));
        consumer.release();
        taken
    }

    /// After a pop: wakes those who wait for room.
    pub fn wake_waiting(&self) {
        if self.memory.must_wake_producer() {
            futex::wake(self.memory.waiting_word());
        }
    }

    /// Sleeps until there may be room for a record of `payload` bytes, at most for `limit`.
    pub fn wait_for_room(&self, payload: usize, limit: Duration) {
        let must_wait = {
            let mut producer = self.producer.borrow_mut();
            // Looking for room is the producer's part too: it says the tail again, which another may be moving.
            let _held = self.locks().push.lock_or_inherit(self.pid);
            producer.resume();
            producer.wait_for_room(payload)
        };
        if must_wait {
            futex::wait(self.memory.waiting_word(), 1, limit);
        } else {
            // Others may have waited for the same room, and nobody else knows of them now.
            futex::wake(self.memory.waiting_word());
        }
    }

    fn locks(&self) -> &QueueLocks {
        &self.locks[self.index]
    }

    /// The longest payload of a record.
    pub fn max_payload(&self) -> usize {
        self.producer.borrow().max_payload()
    }

    /// Whether there is nothing in it.
    pub fn is_empty(&self) -> bool {
        self.memory.is_empty()
    }

    /// Where its ring lies.
    pub fn memory(&self) -> &RingMemory {
        &self.memory
    }

    /// Frees the locks that the dead process `pid` held. For its reaper only.
    pub fn free_after(&self, pid: i32) {
        self.locks().push.free_after(pid);
        self.locks().pop.free_after(pid);
    }
}

#[cfg(all(test, not(loom)))]
mod tests;
