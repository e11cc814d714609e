//! Memory that forked processes share.

use std::io;
use std::mem::MaybeUninit;
use std::ptr::NonNull;

/// The same bytes as a place for a receiving call, which only ever writes initialised bytes into it.
pub fn as_uninit(buffer: &mut [u8]) -> &mut [MaybeUninit<u8>] {
    // SAFETY: MaybeUninit<u8> has the layout of u8. The callers hand the slice to recv and the like, which
    // store bytes and never leave one uninitialised.
    unsafe { &mut *(buffer as *mut [u8] as *mut [MaybeUninit<u8>]) }
}

/// An anonymous shared mapping, zeroed, page-aligned; unmapped when dropped. Forked children see
/// the same bytes. Pages cost nothing until they are touched.
#[derive(Debug)]
pub struct SharedMapping {
    start: NonNull<u8>,
    len: usize,
}

impl SharedMapping {
    /// Maps `len` bytes (at least one page).
    pub fn new(len: usize) -> io::Result<SharedMapping> {
        let len = len.max(1).next_multiple_of(4096);
        // SAFETY: a fresh anonymous mapping at an address of the kernel's choice touches nothing of ours.
        let start = unsafe {
            libc::mmap(
                std::ptr::null_mut(),
                len,
                libc::PROT_READ | libc::PROT_WRITE,
                libc::MAP_SHARED | libc::MAP_ANONYMOUS | libc::MAP_NORESERVE,
                -1,
                0,
            )
        };
        if start == libc::MAP_FAILED {
            return Err(io::Error::last_os_error());
        }
        NonNull::new(start.cast())
            .map(|start| SharedMapping { start, len })
            .ok_or_else(|| io::Error::from_raw_os_error(libc::ENOMEM))
    }

    /// Its first byte.
    pub fn start(&self) -> NonNull<u8> {
        self.start
    }

    /// Its size in bytes.
    pub fn size(&self) -> usize {
        self.len
    }
}

impl Drop for SharedMapping {
    fn drop(&mut self) {
        // SAFETY: the mapping is ours, of exactly this length, and whoever borrowed from it is gone.
        unsafe {
            libc::munmap(self.start.as_ptr().cast(), self.len);
        }
    }
}
// SAFETY: the mapping is plain memory; access to it is synchronised by what is built on it.
unsafe impl Send for SharedMapping {}
// SAFETY: as above.
unsafe impl Sync for SharedMapping {}
