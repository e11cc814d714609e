//! A growing buffer of bytes of which a part at the front can be given up.

use crate::error::Result;

/// A buffer. Positions count from the first byte that has not been given up.
#[derive(Debug, Clone)]
pub struct Buffer {}

impl Buffer {
    /// An empty one with room for `size` bytes. Errors: `InvalidParams` (0, or more than 2 GiB), ENOMEM.
    pub fn new(size: usize) -> Result<Buffer> {
        let _ = size;
        todo!()
    }
    /// Adds at the end, growing as needed; the new length. Errors: `InvalidParams` (it would be longer than 2 GiB), ENOMEM.
    pub fn append(&mut self, data: &[u8]) -> Result<usize> {
        let _ = data;
        todo!()
    }
    /// `length` bytes from `offset` (below 0: counted from the end). None: as many as there are. Errors: `InvalidParams` (out of bounds).
    pub fn part(&self, offset: i64, length: Option<usize>) -> Result<&[u8]> {
        let _ = (offset, length);
        todo!()
    }
    /// Gives up the first `count` bytes. Errors: `InvalidParams` (there are not as many).
    pub fn give_up(&mut self, count: usize) -> Result<()> {
        let _ = count;
        todo!()
    }
    /// Writes over what is there from `offset` on (below 0: counted from the end), growing as needed; the new length. Errors: `InvalidParams` (the offset lies behind the end).
    pub fn write(&mut self, offset: i64, data: &[u8]) -> Result<usize> {
        let _ = (offset, data);
        todo!()
    }
    /// Makes room for `size` bytes in all. Errors: `InvalidParams` (not more than now, or more than 2 GiB), ENOMEM.
    pub fn expand(&mut self, size: usize) -> Result<usize> {
        let _ = size;
        todo!()
    }
    /// Moves what has not been given up to the front, so that the room of the rest is used again.
    pub fn recycle(&mut self) {
        todo!()
    }
    /// Gives up everything.
    pub fn clear(&mut self) {
        todo!()
    }
    /// What is in it.
    pub fn as_bytes(&self) -> &[u8] {
        todo!()
    }
    /// Room in bytes, that of given up ones included.
    pub fn capacity(&self) -> usize {
        todo!()
    }
}
