//! The atomics of shared memory, and sleeping on a word of it: the real ones, or loom's when a model is checked
//! (`RUSTFLAGS="--cfg loom"`).

#[cfg(not(loom))]
pub use crate::sys::futex::{Woken, sleep, wake_some};
#[cfg(loom)]
pub use loom::sync::atomic::{AtomicU64, Ordering, fence};
#[cfg(loom)]
pub use modelled::{AtomicU32, Woken, Word, sleep, wake_some};
#[cfg(not(loom))]
pub use std::sync::atomic::{AtomicU32, AtomicU64, Ordering, fence};

/// A word that processes sleep on until it changes, see [`sleep`] and [`wake_some`].
#[cfg(not(loom))]
pub type Word = AtomicU32;

#[cfg(loom)]
mod modelled;

/// A value on cache lines of its own, so that its writer does not slow down its neighbours' readers.
/// 128 bytes: the processor fetches lines in pairs.
#[derive(Debug)]
#[repr(C, align(128))]
pub struct Padded<T>(pub T);
