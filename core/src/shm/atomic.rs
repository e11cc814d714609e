//! The atomics of shared memory: the standard ones, or loom's when a model is checked
//! (`RUSTFLAGS="--cfg loom"`).

#[cfg(loom)]
pub use loom::sync::atomic::{AtomicU64, Ordering, fence};
#[cfg(loom)]
pub use modelled::AtomicU32;
#[cfg(not(loom))]
pub use std::sync::atomic::{AtomicU32, AtomicU64, Ordering, fence};

#[cfg(loom)]
mod modelled {
    use super::Ordering;

    /// A word that one thread stores to and another swaps. Loom leaves such a pair unordered and lets a later load
    /// return either, but no processor puts a swap's value behind a store that came after what the swap read. If
    /// the store is a swap as well, loom has them in one order; it gives no other thread a fresher view.
    #[derive(Debug)]
    pub struct AtomicU32(loom::sync::atomic::AtomicU32);

    #[allow(missing_docs)]
    impl AtomicU32 {
        pub fn new(value: u32) -> AtomicU32 {
            AtomicU32(loom::sync::atomic::AtomicU32::new(value))
        }
        pub fn load(&self, order: Ordering) -> u32 {
            self.0.load(order)
        }
        pub fn store(&self, value: u32, order: Ordering) {
            self.0.swap(value, order);
        }
        pub fn swap(&self, value: u32, order: Ordering) -> u32 {
            self.0.swap(value, order)
        }
    }
}

/// A value on cache lines of its own, so that its writer does not slow down its neighbours' readers.
/// 128 bytes: the processor fetches lines in pairs.
#[derive(Debug)]
#[repr(C, align(128))]
pub struct Padded<T>(pub T);
