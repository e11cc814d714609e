//! What all processes of a server see: one region of shared memory, laid out before the first fork.

pub mod connections;
pub mod scoreboard;

use crate::error::{Error, Result};
use crate::shm::lock::OwnedLock;
use crate::shm::region::{Layout, Place, SharedSlice};
use crate::shm::ring::{RingHeader, RingMemory};
use crate::sys::fd::Bell;
use connections::{ConnectionTable, Entry};
use scoreboard::{Board, PortSlot, ReactorSlot, WorkerSlot};
use std::sync::Arc;
use std::sync::atomic::AtomicU8;

/// The sizes that a server's shared memory is laid out for.
#[derive(Debug, Clone, Copy)]
pub struct Dimensions {
    /// reactor threads (PROCESS); BASE: one per worker
    pub reactors: usize,
    /// workers
    pub workers: usize,
    /// listening ports
    pub ports: usize,
    /// connections at once
    pub connections: usize,
    /// bytes of a ring, if the server's settings say
    pub ring_bytes: Option<usize>,
    /// PROCESS: a pair of rings for each reactor and worker; BASE: one inbox per worker
    pub process_mode: bool,
}

/// The region with everything in it, and the doorbells. Made before the first fork, never changed.
#[derive(Debug)]
pub struct Shared {
    /// the sizes it was made for
    pub size: Dimensions,
    /// who is alive, and what each has done
    pub board: Board,
    /// the connections
    pub table: ConnectionTable,
    /// rung to wake reactor r
    pub reactor_bells: Vec<Bell>,
    /// rung to wake worker w
    pub worker_bells: Vec<Bell>,
    inbox_locks: SharedSlice<OwnedLock>,
    headers: SharedSlice<RingHeader>,
    data: SharedSlice<AtomicU8>,
    ring_bytes: usize,
}

/// A closed connection keeps its place until its worker has heard of it, so there are more places than connections.
const SPARE_PLACES: usize = 1024;
/// Bytes that all rings of a server may take together.
const RING_BUDGET: usize = 256 << 20;

/// How many bytes each of `rings` rings gets: as asked (`buffer_input_size`), else its share of the budget; a power of two.
fn ring_bytes(rings: usize, asked: Option<usize>) -> usize {
    let (bytes, most) = asked.map_or((RING_BUDGET / rings.max(1), 512 << 10), |asked| (asked, 64 << 20));
    let bytes = bytes.clamp(64 << 10, most);
    if asked.is_some() {
        bytes.next_power_of_two()
    } else {
        bytes.next_power_of_two() >> usize::from(!bytes.is_power_of_two())
    }
}

impl Shared {
    /// Maps it.
    pub fn new(size: Dimensions) -> Result<Arc<Shared>> {
        let rings = if size.process_mode { 2 * size.reactors * size.workers } else { size.workers };
        let ring_bytes = ring_bytes(rings, size.ring_bytes);
        let mut layout = Layout::default();
        let head = layout.slice(1);
        let reactors: Place<ReactorSlot> = layout.slice(size.reactors);
        let workers: Place<WorkerSlot> = layout.slice(size.workers);
        let ports: Place<PortSlot> = layout.slice(size.ports);
        let entries: Place<Entry> = layout.slice(size.connections + SPARE_PLACES.max(size.connections / 4) + 1);
        let locks = layout.slice(size.workers);
        let headers = layout.slice(rings);
        let data = layout.slice(rings * ring_bytes);
        let failed = |e: std::io::Error| {
            Error::system(
                format_args!(
                    "cannot map shared memory for {} reactors, {} workers and {} connections; lower worker_num or max_conn",
                    size.reactors, size.workers, size.connections
                ),
                &e,
            )
        };
        let region = layout.map().map_err(failed)?;
        let bells = |count: usize| (0..count).map(|_| Bell::new()).collect::<std::io::Result<Vec<_>>>();
        let no_bell = |e: std::io::Error| {
            Error::system(
                "cannot make a doorbell (eventfd) for each reactor and worker; raise `ulimit -n` or lower worker_num",
                &e,
            )
        };
        Ok(Arc::new(Shared {
            size,
            board: Board::new(&region, head, reactors, workers, ports),
            table: ConnectionTable::new(region.slice(entries)),
            reactor_bells: bells(if size.process_mode { size.reactors } else { 0 }).map_err(no_bell)?,
            worker_bells: bells(size.workers).map_err(no_bell)?,
            inbox_locks: region.slice(locks),
            headers: region.slice(headers),
            data: region.slice(data),
            ring_bytes,
        }))
    }

    /// Ring number `index`, which `self` keeps alive.
    fn ring(self: &Arc<Self>, index: usize) -> RingMemory {
        RingMemory::in_slices(&self.headers, &self.data, self.ring_bytes, index, self.clone())
    }

    /// PROCESS: the ring from reactor `r` to worker `w`.
    pub fn to_worker(self: &Arc<Self>, r: usize, w: usize) -> RingMemory {
        assert!(self.size.process_mode && r < self.size.reactors && w < self.size.workers);
        self.ring(2 * (r * self.size.workers + w))
    }

    /// PROCESS: the ring from worker `w` to reactor `r`.
    pub fn to_reactor(self: &Arc<Self>, w: usize, r: usize) -> RingMemory {
        assert!(self.size.process_mode && r < self.size.reactors && w < self.size.workers);
        self.ring(2 * (r * self.size.workers + w) + 1)
    }

    /// BASE: worker `w`'s inbox, whose senders take turns by [`Shared::inbox_lock`].
    pub fn inbox(self: &Arc<Self>, w: usize) -> RingMemory {
        assert!(!self.size.process_mode && w < self.size.workers);
        self.ring(w)
    }

    /// BASE: held while something is pushed into worker `w`'s inbox.
    pub fn inbox_lock(&self, w: usize) -> &OwnedLock {
        &self.inbox_locks[w]
    }

    /// Wakes reactor `r` if it sleeps.
    pub fn wake_reactor(&self, r: usize) {
        if self.board.reactors[r].sleeper.must_ring() {
            self.reactor_bells[r].ring();
        }
    }

    /// Wakes worker `w` if it sleeps. True: it did.
    pub fn wake_worker(&self, w: usize) -> bool {
        let asleep = self.board.workers[w].sleeper.must_ring();
        if asleep {
            self.worker_bells[w].ring();
        }
        asleep
    }
}
