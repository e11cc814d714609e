//! Memory that forked processes share, and how much of it is a process's own.

use std::fs::File;
use std::io::{self, Read};
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

/// How many bytes of memory this process holds for itself: resident pages without those of files and of shared mappings. What
/// a child still shares with its parent since the fork counts. Allocates nothing; takes a few microseconds.
pub fn own_memory() -> io::Result<u64> {
    // Opened each time: an open one would go on telling of the parent after a fork.
    let mut text = [0; 128];
    let len = File::open("/proc/self/statm")?.read(&mut text)?;
    let pages = own_pages(&text[..len]).ok_or_else(|| {
        io::Error::new(io::ErrorKind::InvalidData, "/proc/self/statm does not begin with three numbers of pages")
    })?;
    // SAFETY: sysconf takes a number only.
    let page = unsafe { libc::sysconf(libc::_SC_PAGESIZE) };
    Ok(pages * u64::try_from(page).unwrap_or(4096))
}

/// Resident (the second number) without shared pages (the third), see proc(5).
fn own_pages(statm: &[u8]) -> Option<u64> {
    let mut numbers = std::str::from_utf8(statm).ok()?.split_ascii_whitespace().skip(1);
    let resident: u64 = numbers.next()?.parse().ok()?;
    let shared: u64 = numbers.next()?.parse().ok()?;
    Some(resident.saturating_sub(shared))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn own_memory_grows_with_touched_private_pages_only() {
        const SIZE: usize = 64 << 20;
        let before = own_memory().unwrap();
        let private = vec![1_u8; SIZE];
        let with_private = own_memory().unwrap();
        assert!(with_private >= before + SIZE as u64 * 9 / 10, "{before} {with_private}");
        let shared = SharedMapping::new(SIZE).unwrap();
        // SAFETY: the mapping is of this size and nobody else knows of it.
        unsafe { shared.start().as_ptr().write_bytes(1, SIZE) };
        let with_shared = own_memory().unwrap();
        assert!(with_shared < with_private + SIZE as u64 / 2, "{with_private} {with_shared}");
        drop((private, shared));
    }

    #[test]
    fn own_pages_need_three_numbers() {
        assert_eq!(own_pages(b"100 30 20 1 0 2 0\n"), Some(10));
        assert_eq!(own_pages(b"100 20 30 1\n"), Some(0));
        assert_eq!(own_pages(b"100 20"), None);
    }
}
