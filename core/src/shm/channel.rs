//! A bounded queue of messages in shared memory, which many processes push to and many pop from.
//!
//! It is a ring of records: a word with length and kind, then the message, padded to 8 bytes; a message goes on at the start where the
//! memory ends. Who pushes and who pops take turns at their end ([`super::end`]): what a killed process had not finished has not happened.

use super::end::{End, Reached};
use super::region::{Layout, SharedSlice};
use crate::error::{Error, ErrorKind, Result};
use crate::sys::holder::Holder;
use std::sync::atomic::AtomicU8;

/// Bytes of a record in front of its message.
const HEADER: u64 = 8;
/// The largest channel: 1 TiB, so that a length leaves the upper byte of its word for the kind.
const MOST: usize = 1 << 40;
const KIND_SHIFT: u32 = 56;

/// What lies in a channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ChannelStats {
    /// messages
    pub messages: u64,
    /// their bytes
    pub bytes: u64,
}

/// A channel. Clones are the same one. Pushing and popping never wait: neither for room, nor for a message.
#[derive(Debug, Clone)]
pub struct Channel {
    ends: SharedSlice<End>,
    data: SharedSlice<AtomicU8>,
}

impl Channel {
    /// Makes one that holds at least `bytes` bytes of messages: one of that length fits, and each of several takes 8 to 15 bytes more.
    /// Errors: `InvalidParams` (0, or more than 1 TiB), ENOMEM.
    pub fn new(bytes: usize) -> Result<Channel> {
        if bytes == 0 || bytes > MOST {
            let message = format!("a channel of {bytes} bytes was asked for: 1 byte to 1 TiB ({MOST}) are possible");
            return Err(Error::new(ErrorKind::InvalidParams, message));
        }
        let mut layout = Layout::default();
        let (ends, data) = (layout.slice(2), layout.slice(bytes.next_multiple_of(8) + HEADER as usize));
        let region = layout
            .map()
            .map_err(|e| Error::system(format_args!("making shared memory for a channel of {bytes} bytes"), &e))?;
        Ok(Channel { ends: region.slice(ends), data: region.slice(data) })
    }

    fn push_end(&self) -> &End {
        &self.ends[0]
    }

    fn pop_end(&self) -> &End {
        &self.ends[1]
    }

    /// Pushes one message, with a byte of the caller's meaning. False: there is no room now. Errors: `DataLengthTooLarge` (it would never fit).
    pub fn push(&self, kind: u8, message: &[u8]) -> Result<bool> {
        if message.len() > self.capacity() {
            let (length, most) = (message.len(), self.capacity());
            let message = format!("a message of {length} bytes never fits into a channel of {most}: make a larger one");
            return Err(Error::new(ErrorKind::DataLengthTooLarge, message));
        }
        let end = self.push_end().hold(Holder::this().bits());
        let from = end.reached();
        let to = from.after(message.len() as u64);
        if to.position - self.pop_end().reached().position > self.data.len() as u64 {
            return Ok(false);
        }
        let word = message.len() as u64 | u64::from(kind) << KIND_SHIFT;
        self.write(from.position, &word.to_ne_bytes());
        self.write(from.position + HEADER, message);
        end.advance(to);
        Ok(true)
    }

    /// Takes the oldest message into `message`; its kind. None: there is none. A process that is killed meanwhile has taken it or not, never a part.
    pub fn pop(&self, message: &mut Vec<u8>) -> Option<u8> {
        if self.stats().messages == 0 {
            return None;
        }
        let end = self.pop_end().hold(Holder::this().bits());
        let (from, pushed) = (end.reached(), self.push_end().reached());
        if from.position == pushed.position {
            return None;
        }
        let mut word = [0; HEADER as usize];
        self.read(from.position, &mut word);
        let word = u64::from_ne_bytes(word);
        let length = word & (MOST as u64 * 2 - 1);
        let to = from.after(length);
        if to.position > pushed.position {
            // Only something that wrote over the memory can have done this. It is begun anew behind it all.
            end.advance(pushed);
            return None;
        }
        message.clear();
        message.resize(length as usize, 0);
        self.read(from.position + HEADER, message);
        end.advance(to);
        Some((word >> KIND_SHIFT) as u8)
    }

    /// What lies in it.
    pub fn stats(&self) -> ChannelStats {
        // In this order: what is popped was pushed before.
        let (popped, pushed) = (self.pop_end().reached(), self.push_end().reached());
        ChannelStats { messages: pushed.messages - popped.messages, bytes: pushed.bytes - popped.bytes }
    }

    /// The bytes it holds: the length of the longest message that fits.
    pub fn capacity(&self) -> usize {
        self.data.len() - HEADER as usize
    }

    /// The bytes from `position` on, up to the end of the memory, and those that go on at its start.
    fn at(&self, position: u64, length: usize) -> [&[AtomicU8]; 2] {
        let at = (position % self.data.len() as u64) as usize;
        let first = length.min(self.data.len() - at);
        [&self.data[at..at + first], &self.data[..length - first]]
    }

    /// Writes what nobody reads yet. For the holder of the pushing end.
    fn write(&self, position: u64, bytes: &[u8]) {
        let [first, second] = self.at(position, bytes.len());
        let (to_first, to_second) = bytes.split_at(first.len());
        for (to, from) in [(first, to_first), (second, to_second)] {
            // SAFETY: `to` is as long as `from` and lies in shared memory, whose bytes of AtomicU8 may be written through a shared reference.
            // Nobody else reads or writes them: behind `pushed` and less than a round from `popped`, they belong to the holder of the end.
            unsafe { std::ptr::copy_nonoverlapping(from.as_ptr(), to.as_ptr().cast_mut().cast(), from.len()) };
        }
    }

    /// Reads what nobody writes any more. For the holder of the popping end.
    fn read(&self, position: u64, bytes: &mut [u8]) {
        let [first, second] = self.at(position, bytes.len());
        let (to_first, to_second) = bytes.split_at_mut(first.len());
        for (to, from) in [(to_first, first), (to_second, second)] {
            // SAFETY: both are of one length. What lies between `popped` and `pushed` is written by nobody as long as this process holds the
            // end that would move `popped`.
            unsafe { std::ptr::copy_nonoverlapping(from.as_ptr().cast(), to.as_mut_ptr(), to.len()) };
        }
    }
}

impl Reached {
    /// One message of `length` bytes further on.
    fn after(self, length: u64) -> Reached {
        Reached {
            position: self.position + HEADER + length.next_multiple_of(8),
            messages: self.messages + 1,
            bytes: self.bytes + length,
        }
    }
}

#[cfg(test)]
mod tests;
