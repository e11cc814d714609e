//! The message queue of processes: one of System V, which outlives them all until it is removed.

use crate::error::Result;

/// Which queue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum QueueKey {
    /// a new one that nobody else finds
    Private,
    /// the one of this key, made if there is none
    Key(u32),
}

/// Who takes what is pushed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum QueueMode {
    /// each process what was pushed for it (its `id`)
    Directed,
    /// whoever pops first
    Shared,
}

/// A process's handle of a message queue.
#[derive(Debug, Clone)]
pub struct ProcessQueue {}

impl ProcessQueue {
    /// Opens it. `waits`: pushing into a full queue and popping from an empty one wait. `capacity`: its bytes at most (None: the system's default). Errors: EACCES, ENOSPC
    /// with the limit of the system, `InvalidParams` (more capacity than the system allows).
    pub fn open(key: QueueKey, mode: QueueMode, waits: bool, capacity: Option<u64>) -> Result<ProcessQueue> {
        let _ = (key, mode, waits, capacity);
        todo!()
    }
    /// Its number in the system.
    pub fn id(&self) -> i32 {
        todo!()
    }
    /// Its key; 0: private.
    pub fn key(&self) -> u32 {
        todo!()
    }
    /// Pushes a message for the process of number `to` (of meaning in a directed queue only). False: it is full and does not wait. Errors: `DataLengthTooLarge` with the limit, `InvalidParams` (an empty message),
    /// EINTR (a signal's handler has run: call again), EIDRM (it was removed).
    pub fn push(&self, to: i32, message: &[u8]) -> Result<bool> {
        let _ = (to, message);
        todo!()
    }
    /// Pops the oldest message (for the process of number `own` in a directed queue). None: there is none and it does not wait. Errors: as [`ProcessQueue::push`].
    pub fn pop(&self, own: i32) -> Result<Option<Vec<u8>>> {
        let _ = own;
        todo!()
    }
    /// Messages in it, and their bytes.
    pub fn stat(&self) -> Result<(u64, u64)> {
        todo!()
    }
    /// Removes it with all that is in it, for everybody.
    pub fn free(&self) -> Result<()> {
        todo!()
    }
}
