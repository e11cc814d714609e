//! Locks for a program's own use, among the processes forked after they were made. What a process held is free once it has ended, however it did.

use crate::error::Result;
use std::path::PathBuf;
use std::time::Duration;

/// Which lock.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LockKind {
    /// one holder; who waits sleeps. Only its holder may unlock it
    Mutex,
    /// one writer or many readers; who waits sleeps
    ReadWrite,
    /// one holder; who waits keeps trying, and gives way to others
    Spin,
    /// one holder; anybody may unlock it
    Semaphore,
    /// flock(2) on this file, made if it is missing: also among processes that have nothing else in common
    File(PathBuf),
}

/// How to hold a lock. Kinds that know no readers are exclusive always.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hold {
    /// alone
    Exclusive,
    /// together with other readers
    Shared,
}

/// A lock. Clones are the same lock.
#[derive(Debug, Clone)]
pub struct Lock {}

impl Lock {
    /// A new one, free. Errors: ENOMEM, and what opening the file gave.
    pub fn new(kind: LockKind) -> Result<Lock> {
        let _ = kind;
        todo!()
    }

    /// Takes it, and waits for it, at most for `limit` (None: as long as it takes). Errors (by [`crate::error::Error::code`]): ETIMEDOUT, EDEADLK (this thread holds it
    /// already and would wait for ever), EINTR (a signal's handler has run: the lock is not taken, call again).
    pub fn lock(&self, hold: Hold, limit: Option<Duration>) -> Result<()> {
        let _ = (hold, limit);
        todo!()
    }

    /// Takes it if it is free. False: it is not.
    pub fn try_lock(&self, hold: Hold) -> Result<bool> {
        let _ = hold;
        todo!()
    }

    /// Lets it go. Errors: EPERM, it is not held by this thread (a semaphore: by nobody).
    pub fn unlock(&self) -> Result<()> {
        todo!()
    }
}
