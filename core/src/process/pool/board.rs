//! What all processes of a pool see, in shared memory: who they are, how far the pool is in its life, what they ask of the master.

use crate::error::{Error, Result};
use crate::shm::region::{Layout, SharedSlice, shared_record};
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};

shared_record! {
/// What belongs to the pool as a whole.
struct Head {
    master_pid: AtomicU32,
    phase: AtomicU32,
    asked: AtomicU32,
}
}

shared_record! {
/// One worker. `pid`, `told` and the return to all zero: the master. The rest: the worker itself.
#[repr(align(128))]
pub(super) struct Slot {
    pid: AtomicU32,
    begun: AtomicU32,
    told: AtomicU32,
    detached: AtomicU32,
    handled: AtomicU64,
}
}

/// How far the pool is in its life. Only goes up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u32)]
pub(super) enum Phase {
    /// workers are kept alive
    Running = 0,
    /// workers handle what has been sent to them, and leave
    Ending = 1,
    /// all have ended
    Over = 2,
}

/// What any process of the pool may ask the master for. Not by a signal, which a process of another user may not send.
pub(super) mod ask {
    /// end the pool
    pub const SHUTDOWN: u32 = 1;
    /// look for workers that have detached themselves, or have begun
    pub const LOOK: u32 = 2;
}

/// The pool's shared memory.
#[derive(Debug)]
pub(super) struct Board {
    head: SharedSlice<Head>,
    slots: SharedSlice<Slot>,
}

// Orderings: each word stands for itself, so Relaxed would do; where a word says that something else has been done before
// (`asked`, `phase`, `detached`, `begun`), it is Release and Acquire.
impl Board {
    /// For so many workers.
    pub fn new(workers: usize) -> Result<Board> {
        let mut layout = Layout::default();
        let (head, slots) = (layout.slice(1), layout.slice(workers));
        let region = layout.map().map_err(|e| Error::system("cannot map the shared memory of a pool", &e))?;
        Ok(Board { head: region.slice(head), slots: region.slice(slots) })
    }

    pub fn set_master(&self, pid: i32) {
        self.head[0].master_pid.store(pid as u32, Ordering::Relaxed);
    }

    pub fn master(&self) -> i32 {
        self.head[0].master_pid.load(Ordering::Relaxed) as i32
    }

    pub fn phase(&self) -> Phase {
        match self.head[0].phase.load(Ordering::Acquire) {
            0 => Phase::Running,
            1 => Phase::Ending,
            _ => Phase::Over,
        }
    }

    pub fn advance(&self, to: Phase) {
        self.head[0].phase.fetch_max(to as u32, Ordering::AcqRel);
    }

    pub fn ask(&self, what: u32) {
        self.head[0].asked.fetch_or(what, Ordering::AcqRel);
    }

    /// What was asked for since the last call.
    pub fn take_asked(&self) -> u32 {
        self.head[0].asked.swap(0, Ordering::AcqRel)
    }

    pub fn slot(&self, worker: usize) -> &Slot {
        &self.slots[worker]
    }
}

impl Slot {
    /// A new process is about to be forked.
    pub fn clear(&self) {
        self.set_pid(0);
        self.begun.store(0, Ordering::Relaxed);
        self.told.store(0, Ordering::Relaxed);
        self.detached.store(0, Ordering::Relaxed);
        self.handled.store(0, Ordering::Relaxed);
    }

    pub fn set_pid(&self, pid: i32) {
        self.pid.store(pid as u32, Ordering::Release);
    }

    /// The worker's process; None: it is being replaced.
    pub fn pid(&self) -> Option<i32> {
        let pid = self.pid.load(Ordering::Acquire);
        (pid != 0).then_some(pid as i32)
    }

    /// The worker has started as far as a reload waits for it.
    pub fn begin(&self) {
        self.begun.store(1, Ordering::Release);
    }

    pub fn has_begun(&self) -> bool {
        self.begun.load(Ordering::Acquire) == 1
    }

    /// The worker is to leave.
    pub fn tell(&self) {
        self.told.store(1, Ordering::Release);
    }

    /// Whether it has been told to.
    pub fn is_told(&self) -> bool {
        self.told.load(Ordering::Acquire) == 1
    }

    pub fn detach(&self, pid: i32) {
        self.detached.store(pid as u32, Ordering::Release);
    }

    /// Whether process `pid` has detached itself from this number.
    pub fn is_detached(&self, pid: i32) -> bool {
        self.detached.load(Ordering::Acquire) == pid as u32
    }

    /// The worker takes a message up.
    pub fn count(&self) {
        // Only the worker itself adds.
        self.handled.store(self.handled.load(Ordering::Relaxed) + 1, Ordering::Relaxed);
    }

    pub fn handled(&self) -> u64 {
        self.handled.load(Ordering::Relaxed)
    }
}
