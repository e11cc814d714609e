//! A part of a file as memory with a position: read, written and moved about in like a stream, seen by every process that has the file open.

use crate::error::Result;
use std::io::SeekFrom;
use std::path::Path;

/// A window on a file. It has a fixed size and a position.
#[derive(Debug)]
pub struct Mmap {}

impl Mmap {
    /// Opens `size` bytes of the file from `offset` on (None: up to its end). The file must exist and reach that far. Errors: those of opening it, `InvalidParams` (the window is
    /// empty or reaches beyond the end).
    pub fn open(path: &Path, size: Option<u64>, offset: u64) -> Result<Mmap> {
        let _ = (path, size, offset);
        todo!()
    }
    /// Reads from the position on; how many bytes: 0 at the end.
    pub fn read(&mut self, into: &mut [u8]) -> Result<usize> {
        let _ = into;
        todo!()
    }
    /// Writes from the position on; how many bytes fitted before the end.
    pub fn write(&mut self, data: &[u8]) -> Result<usize> {
        let _ = data;
        todo!()
    }
    /// Moves the position; the new one. Errors: `InvalidParams` (outside the window).
    pub fn seek(&mut self, to: SeekFrom) -> Result<u64> {
        let _ = to;
        todo!()
    }
    /// Writes what was changed to the disk, and waits for it.
    pub fn flush(&mut self) -> Result<()> {
        todo!()
    }
    /// Its size in bytes.
    pub fn size(&self) -> u64 {
        todo!()
    }
}
