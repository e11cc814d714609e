//! One mapping, divided once, before the fork.

use crate::sys::mem::SharedMapping;
use std::io;
use std::marker::PhantomData;
use std::ops::Deref;
use std::ptr::NonNull;
use std::sync::Arc;

/// A type that may live in shared memory.
///
/// # Safety
/// All zero bytes must be a valid value, it must be `repr(C)`, own nothing outside itself, and
/// everything in it that is ever written must be atomic (or written before the fork only).
pub unsafe trait Shared: Sync {}

/// Defines a `repr(C)` record that may live in shared memory: each of its fields must be able to.
macro_rules! shared_record {
    ($(#[$meta:meta])* $vis:vis struct $name:ident { $($(#[$field_meta:meta])* $field_vis:vis $field:ident: $kind:ty,)* }) => {
        $(#[$meta])*
        #[repr(C)]
        #[derive(Debug)]
        $vis struct $name { $($(#[$field_meta])* $field_vis $field: $kind,)* }

        const _: fn() = || {
            fn is_shared<T: crate::shm::region::Shared>() {}
            $(is_shared::<$kind>();)*
        };
        // SAFETY: repr(C), and every field is Shared, as the line above checks: so zero bytes are valid,
        // nothing outside is owned, and all that is written is atomic.
        #[allow(unsafe_code)]
        unsafe impl crate::shm::region::Shared for $name {}
    };
}
pub(crate) use shared_record;

// SAFETY: an atomic of any value is valid, zero included.
unsafe impl Shared for std::sync::atomic::AtomicU8 {}
// SAFETY: as above.
unsafe impl Shared for std::sync::atomic::AtomicU32 {}
// SAFETY: as above.
unsafe impl Shared for std::sync::atomic::AtomicU64 {}
// SAFETY: an array is its elements.
unsafe impl<T: Shared, const N: usize> Shared for [T; N] {}
// SAFETY: the lock word 0 means free.
unsafe impl Shared for super::lock::OwnedLock {}

/// Sums up what a mapping has to hold, before it is made.
#[derive(Debug, Default)]
pub struct Layout {
    size: usize,
}

/// Where a slice lies in the region that its layout becomes.
#[derive(Debug)]
pub struct Place<T> {
    offset: usize,
    count: usize,
    kind: PhantomData<fn() -> T>,
}

impl<T> Clone for Place<T> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<T> Copy for Place<T> {}

impl Layout {
    /// Reserves room for `count` values, on a cache line of their own.
    pub fn slice<T: Shared>(&mut self, count: usize) -> Place<T> {
        let offset = self.size.next_multiple_of(align_of::<T>().max(128));
        self.size = offset + count * size_of::<T>();
        Place { offset, count, kind: PhantomData }
    }

    /// Maps it.
    pub fn map(self) -> io::Result<Region> {
        SharedMapping::new(self.size).map(|mapping| Region(Arc::new(mapping)))
    }
}

/// A mapped layout. Clones are the same memory, which goes when the last of them and of the slices goes.
#[derive(Debug, Clone)]
pub struct Region(Arc<SharedMapping>);

impl Region {
    /// The slice at `place`, which must come from the layout that this region was mapped from.
    pub fn slice<T: Shared>(&self, place: Place<T>) -> SharedSlice<T> {
        assert!(place.offset + place.count * size_of::<T>() <= self.0.size(), "the place lies outside the region");
        // SAFETY: inside the mapping, as the line above says.
        let start = unsafe { self.0.start().add(place.offset) }.cast::<T>();
        SharedSlice { start, count: place.count, region: self.clone() }
    }
}

/// A slice of shared memory, kept alive by the region it lies in.
#[derive(Debug)]
pub struct SharedSlice<T: Shared> {
    start: NonNull<T>,
    count: usize,
    region: Region,
}

// SAFETY: it is a reference to a slice of what may be shared, together with what keeps that there.
unsafe impl<T: Shared> Send for SharedSlice<T> {}
// SAFETY: as above.
unsafe impl<T: Shared> Sync for SharedSlice<T> {}

impl<T: Shared> Clone for SharedSlice<T> {
    fn clone(&self) -> Self {
        SharedSlice { region: self.region.clone(), ..*self }
    }
}

impl<T: Shared> Deref for SharedSlice<T> {
    type Target = [T];
    #[inline]
    fn deref(&self) -> &[T] {
        // SAFETY: `slice` checked that the place lies inside the mapping; `Layout::slice` aligned it
        // (the mapping itself is page-aligned); zero bytes are a valid T; other processes write to
        // it through atomics only. The mapping lives as long as `self.region`.
        unsafe { std::slice::from_raw_parts(self.start.as_ptr(), self.count) }
    }
}
