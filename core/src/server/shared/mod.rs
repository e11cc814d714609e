//! What all processes of a server see: one region of shared memory, laid out before the first fork.

pub mod certificates;
pub mod connections;
pub mod scoreboard;

use super::WorkerKind;
use crate::error::{Error, Result};
use crate::shm::hand::{Hand, HandHead};
use crate::shm::lock::OwnedLock;
use crate::shm::queue::{Queue, QueueLocks};
use crate::shm::region::{Layout, Place, SharedSlice};
use crate::shm::ring::{RingHeader, RingMemory};
use crate::sys::fd::Bell;
use certificates::{Certificates, Shown};
use connections::{ConnectionTable, Entry};
use scoreboard::{Board, PortSlot, ReactorSlot, WorkerSlot};
use std::sync::Arc;
use std::sync::atomic::AtomicU8;

/// The sizes that a server's shared memory is laid out for.
#[derive(Debug, Clone, Copy)]
pub struct Dimensions {
    /// reactor threads (PROCESS); BASE: one per worker
    pub reactors: usize,
    /// workers that serve connections
    pub workers: usize,
    /// task workers
    pub tasks: usize,
    /// user processes
    pub users: usize,
    /// bytes of the queue of tasks
    pub task_bytes: usize,
    /// listening ports
    pub ports: usize,
    /// connections at once
    pub connections: usize,
    /// a port asks clients for certificates
    pub certificates: bool,
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
    /// what their clients have shown
    pub certificates: Certificates,
    /// rung to wake the manager
    pub manager_bell: Bell,
    /// rung to wake reactor r
    pub reactor_bells: Vec<Bell>,
    /// rung to wake worker, task worker or user process w
    pub worker_bells: Vec<Bell>,
    inbox_locks: SharedSlice<OwnedLock>,
    headers: SharedSlice<RingHeader>,
    data: SharedSlice<AtomicU8>,
    ring_bytes: usize,
    mail_headers: SharedSlice<RingHeader>,
    mail_data: SharedSlice<AtomicU8>,
    mail_locks: SharedSlice<QueueLocks>,
    task_headers: SharedSlice<RingHeader>,
    task_data: SharedSlice<AtomicU8>,
    hands: SharedSlice<HandHead>,
    hand_data: SharedSlice<AtomicU8>,
}

impl Dimensions {
    /// Workers, task workers and user processes together.
    pub fn processes(&self) -> usize {
        self.workers + self.tasks + self.users
    }

    /// What the process with number `w` is for.
    pub fn kind_of(&self, w: usize) -> WorkerKind {
        match w {
            _ if w < self.workers => WorkerKind::Event,
            _ if w < self.workers + self.tasks => WorkerKind::Task,
            _ => WorkerKind::User,
        }
    }
}

/// A closed connection keeps its place until its worker has heard of it, so there are more places than connections.
const SPARE_PLACES: usize = 1024;
/// Bytes that all rings of a server may take together.
const RING_BUDGET: usize = 256 << 20;

/// Bytes of each mailbox.
const MAIL_BYTES: usize = 256 << 10;
/// Longest record of a mailbox or the queue of tasks, head included; longer ones go in a file.
pub const LETTER_BYTES: usize = (32 << 10) + 64;

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
        let processes = size.processes();
        let rings = if size.process_mode { size.reactors * (size.workers + processes) } else { size.workers };
        let ring_bytes = ring_bytes(rings, size.ring_bytes);
        let mut layout = Layout::default();
        let head = layout.slice(1);
        let reactors: Place<ReactorSlot> = layout.slice(size.reactors);
        let workers: Place<WorkerSlot> = layout.slice(processes);
        let ports: Place<PortSlot> = layout.slice(size.ports);
        let places = size.connections + SPARE_PLACES.max(size.connections / 4) + 1;
        let entries: Place<Entry> = layout.slice(places);
        let shown: Place<Shown> = layout.slice(if size.certificates { places } else { 0 });
        let locks = layout.slice(size.workers);
        let headers = layout.slice(rings);
        let data = layout.slice(rings * ring_bytes);
        let mail_headers = layout.slice(2 * processes);
        let mail_data = layout.slice(2 * processes * MAIL_BYTES);
        let mail_locks = layout.slice(2 * processes + 1);
        let task_headers = layout.slice(1);
        let task_data = layout.slice(size.task_bytes);
        let hands = layout.slice(size.tasks);
        let hand_data = layout.slice(size.tasks * LETTER_BYTES);
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
            certificates: Certificates::new(region.slice(shown)),
            manager_bell: Bell::new().map_err(no_bell)?,
            reactor_bells: bells(if size.process_mode { size.reactors } else { 0 }).map_err(no_bell)?,
            worker_bells: bells(processes).map_err(no_bell)?,
            inbox_locks: region.slice(locks),
            headers: region.slice(headers),
            data: region.slice(data),
            ring_bytes,
            mail_headers: region.slice(mail_headers),
            mail_data: region.slice(mail_data),
            mail_locks: region.slice(mail_locks),
            task_headers: region.slice(task_headers),
            task_data: region.slice(task_data),
            hands: region.slice(hands),
            hand_data: region.slice(hand_data),
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

    /// PROCESS: the ring from worker, task worker or user process `w` to reactor `r`.
    pub fn to_reactor(self: &Arc<Self>, w: usize, r: usize) -> RingMemory {
        let Dimensions { reactors, workers, .. } = self.size;
        assert!(self.size.process_mode && r < reactors && w < self.size.processes());
        if w < workers { self.ring(2 * (r * workers + w) + 1) } else { self.ring(reactors * (workers + w) + r) }
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

    /// The mailbox of worker, task worker or user process `w`, for process `pid`, which must be the calling one.
    pub fn mailbox(self: &Arc<Self>, w: usize, pid: i32) -> Queue {
        self.mail(2 * w, pid)
    }

    /// Where `w` gets the answers it waits for.
    pub fn replies(self: &Arc<Self>, w: usize, pid: i32) -> Queue {
        self.mail(2 * w + 1, pid)
    }

    fn mail(self: &Arc<Self>, index: usize, pid: i32) -> Queue {
        Queue::attach(self.mail_memory(index), self.mail_locks.clone(), index, pid)
    }

    fn mail_memory(self: &Arc<Self>, index: usize) -> RingMemory {
        RingMemory::in_slices(&self.mail_headers, &self.mail_data, MAIL_BYTES, index, self.clone())
    }

    /// The queue of the tasks that any task worker may do.
    pub fn tasks(self: &Arc<Self>, pid: i32) -> Queue {
        Queue::attach(self.task_memory(), self.mail_locks.clone(), 2 * self.size.processes(), pid)
    }

    /// Where the queue of tasks lies.
    pub fn task_memory(self: &Arc<Self>) -> RingMemory {
        RingMemory::in_slices(&self.task_headers, &self.task_data, self.size.task_bytes, 0, self.clone())
    }

    /// Where everything lies that waits for worker, task worker or user process `w`: to be looked at only.
    pub fn waiting_for(self: &Arc<Self>, w: usize) -> impl Iterator<Item = RingMemory> {
        let lanes = match self.size.kind_of(w) {
            WorkerKind::Event if self.size.process_mode => {
                (0..self.size.reactors).map(|r| self.to_worker(r, w)).collect()
            }
            WorkerKind::Event => vec![self.inbox(w)],
            _ => Vec::new(),
        };
        lanes.into_iter().chain([self.mail_memory(2 * w)])
    }

    /// The hand of the `t`th task worker.
    pub fn hand(&self, t: usize) -> Hand<'_> {
        Hand::new(&self.hands[t], &self.hand_data[t * LETTER_BYTES..(t + 1) * LETTER_BYTES])
    }

    /// Wakes reactor `r` if it sleeps.
    pub fn wake_reactor(&self, r: usize) {
        if self.board.reactors[r].sleeper.must_ring() {
            self.reactor_bells[r].ring();
        }
    }

    /// Wakes worker, task worker or user process `w` if it sleeps. True: it did.
    pub fn wake_worker(&self, w: usize) -> bool {
        let asleep = self.board.workers[w].sleeper.must_ring();
        if asleep {
            self.worker_bells[w].ring();
        }
        asleep
    }
}
