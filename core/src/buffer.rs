//! A growing buffer of bytes of which a part at the front can be given up.

use crate::error::{Error, ErrorKind, Result};
use std::io;

/// The most it grows to, in bytes.
const MOST: usize = 2 << 30;

/// A buffer. Positions count from the first byte that has not been given up.
#[derive(Debug, Clone)]
pub struct Buffer {
    bytes: Vec<u8>,
    /// how many of them have been given up
    given_up: usize,
    /// room that was asked for, or that it has grown to: what the allocator gave on top is not told of
    room: usize,
}

impl Buffer {
    /// An empty one with room for `size` bytes. Errors: `InvalidParams` (0, or more than 2 GiB), ENOMEM.
    pub fn new(size: usize) -> Result<Buffer> {
        if size == 0 {
            return Err(invalid("a buffer of 0 bytes holds nothing: ask for 1 or more".to_owned()));
        }
        let mut buffer = Buffer { bytes: Vec::new(), given_up: 0, room: 0 };
        buffer.make_room(size)?;
        Ok(buffer)
    }

    /// Adds at the end, growing as needed; the new length. Errors: `InvalidParams` (it would be longer than 2 GiB), ENOMEM.
    pub fn append(&mut self, data: &[u8]) -> Result<usize> {
        self.have_room_for(data.len())?;
        self.bytes.extend_from_slice(data);
        Ok(self.as_bytes().len())
    }

    /// `length` bytes from `offset` (below 0: counted from the end). None: as many as there are. Errors: `InvalidParams` (out of bounds).
    pub fn part(&self, offset: i64, length: Option<usize>) -> Result<&[u8]> {
        let from = &self.as_bytes()[self.position(offset)?..];
        let length = length.unwrap_or(from.len());
        from.get(..length).ok_or_else(|| {
            let (most, all) = (from.len(), self.as_bytes().len());
            invalid(format!(
                "{length} bytes from offset {offset} reach beyond the end: there are {most}, of {all} in all"
            ))
        })
    }

    /// Gives up the first `count` bytes. Errors: `InvalidParams` (there are not as many).
    pub fn give_up(&mut self, count: usize) -> Result<()> {
        let length = self.as_bytes().len();
        if count > length {
            return Err(invalid(format!("the first {count} bytes cannot be given up: there are {length}")));
        }
        self.given_up += count;
        if count == length {
            self.clear();
        }
        Ok(())
    }

    /// Writes over what is there from `offset` on (below 0: counted from the end), growing as needed; the new length. Errors: `InvalidParams` (the
    /// offset lies behind the end, or it would be longer than 2 GiB), ENOMEM.
    pub fn write(&mut self, offset: i64, data: &[u8]) -> Result<usize> {
        let at = self.position(offset)?;
        let beyond = (at + data.len()).saturating_sub(self.as_bytes().len());
        self.have_room_for(beyond)?;
        let (over, behind) = data.split_at(data.len() - beyond);
        // Making room may have moved it all.
        let at = self.given_up + at;
        self.bytes[at..at + over.len()].copy_from_slice(over);
        self.bytes.extend_from_slice(behind);
        Ok(self.as_bytes().len())
    }

    /// Makes room for `size` bytes in all; the room that there is then. Errors: `InvalidParams` (not more than now, or more than 2 GiB), ENOMEM.
    pub fn expand(&mut self, size: usize) -> Result<usize> {
        if size <= self.room {
            return Err(invalid(format!("a buffer with room for {} bytes cannot be expanded to {size}", self.room)));
        }
        self.make_room(size)?;
        Ok(self.room)
    }

    /// Moves what has not been given up to the front, so that the room of the rest is used again.
    pub fn recycle(&mut self) {
        self.bytes.drain(..self.given_up);
        self.given_up = 0;
    }

    /// Gives up everything.
    pub fn clear(&mut self) {
        self.bytes.clear();
        self.given_up = 0;
    }

    /// What is in it.
    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes[self.given_up..]
    }

    /// Room in bytes, that of given up ones included.
    pub fn capacity(&self) -> usize {
        self.room
    }

    /// The position that `offset` means.
    fn position(&self, offset: i64) -> Result<usize> {
        let length = self.as_bytes().len();
        let at = if offset < 0 { offset.saturating_add_unsigned(length as u64) } else { offset };
        usize::try_from(at).ok().filter(|at| *at <= length).ok_or_else(|| {
            invalid(format!(
                "offset {offset} is out of bounds: there are {length} bytes, so -{length} to {length} may be asked for"
            ))
        })
    }

    /// Room for `more` bytes at the end.
    fn have_room_for(&mut self, more: usize) -> Result<()> {
        if more <= self.room - self.bytes.len() {
            return Ok(());
        }
        // Else one that is read at the front as fast as it is appended to would grow without end. Each byte is moved once for
        // each time that it was appended, since at least as many were given up.
        if self.given_up >= self.room / 2 {
            self.recycle();
        }
        let needed = self.bytes.len().saturating_add(more);
        if needed <= self.room {
            return Ok(());
        }
        if needed > MOST && self.given_up > 0 {
            self.recycle();
            return self.have_room_for(more);
        }
        self.make_room(needed.max((2 * self.room).min(MOST)))
    }

    fn make_room(&mut self, size: usize) -> Result<()> {
        if size > MOST {
            return Err(invalid(format!("a buffer of {size} bytes was asked for: 2 GiB ({MOST}) is the most")));
        }
        self.bytes.try_reserve_exact(size - self.bytes.len()).map_err(|_| {
            let found = io::Error::from_raw_os_error(libc::ENOMEM);
            Error::system(format_args!("making room for {size} bytes in a buffer"), &found)
        })?;
        self.room = size;
        Ok(())
    }
}

fn invalid(message: String) -> Error {
    Error::new(ErrorKind::InvalidParams, message)
}

#[cfg(test)]
mod tests;
