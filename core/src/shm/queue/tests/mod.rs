//! The queue against a naive oracle, against noise, and among processes that are killed. That its ends may take turns is in
//! loom's models of the ring.

mod noise;
mod oracle;
mod processes;

use super::{Queue, QueueLocks};
use crate::shm::region::{Layout, Region, SharedSlice};
use crate::shm::ring::{RingHeader, RingMemory};
use std::sync::Arc;
use std::sync::atomic::AtomicU8;

/// A queue's memory: that of three rings, of which the middle one is used.
struct Room {
    region: Region,
    headers: SharedSlice<RingHeader>,
    bytes: SharedSlice<AtomicU8>,
    locks: SharedSlice<QueueLocks>,
    capacity: usize,
}

impl Room {
    fn new(capacity: usize) -> Room {
        let mut layout = Layout::default();
        let (headers, bytes, locks) = (layout.slice(3), layout.slice(3 * capacity), layout.slice(3));
        let region = layout.map().unwrap();
        Room {
            headers: region.slice(headers),
            bytes: region.slice(bytes),
            locks: region.slice(locks),
            region,
            capacity,
        }
    }

    fn attach(&self, pid: i32) -> Queue {
        let keep = Arc::new(self.region.clone());
        let memory = RingMemory::in_slices(&self.headers, &self.bytes, self.capacity, 1, keep);
        Queue::attach(memory, self.locks.clone(), 1, pid)
    }
}
