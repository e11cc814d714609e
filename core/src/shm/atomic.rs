//! The atomics of shared memory: the standard ones, or loom's when a model is checked
//! (`RUSTFLAGS="--cfg loom"`).

#[cfg(loom)]
pub use loom::sync::atomic::{AtomicU32, AtomicU64, Ordering, fence};
#[cfg(not(loom))]
pub use std::sync::atomic::{AtomicU32, AtomicU64, Ordering, fence};

/// A value on cache lines of its own, so that its writer does not slow down its neighbours' readers.
/// 128 bytes: the processor fetches lines in pairs.
#[derive(Debug)]
#[repr(C, align(128))]
pub struct Padded<T>(pub T);
