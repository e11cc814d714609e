//! Locks for a program's own use, among the processes forked after they were made. What a process held is free once it has ended, however it did.
//!
//! [`word`] is the lock word of all but files, with the protocol at its top; [`readers`] adds the readers; [`file`] is flock(2); [`wait`] is how
//! one waits for any of them.

#[cfg(not(loom))]
mod file;
#[cfg(not(loom))]
mod lock;
mod readers;
pub(super) mod wait;
pub(super) mod word;

#[cfg(not(loom))]
pub use lock::{Hold, Lock, LockKind};

#[cfg(all(test, loom))]
mod models;
#[cfg(all(test, not(loom)))]
mod tests;
