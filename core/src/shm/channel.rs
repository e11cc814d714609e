//! A bounded queue of messages in shared memory, which many processes push to and many pop from.

use crate::error::Result;

/// What lies in a channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ChannelStats {
    /// messages
    pub messages: u64,
    /// their bytes
    pub bytes: u64,
}

/// A channel. Clones are the same one. Pushing and popping never wait.
#[derive(Debug, Clone)]
pub struct Channel {}

impl Channel {
    /// Makes one that holds at least `bytes` bytes of messages (each takes a few bytes more). Errors: `InvalidParams` (0, or more than 1 TiB), ENOMEM.
    pub fn new(bytes: usize) -> Result<Channel> {
        let _ = bytes;
        todo!()
    }

    /// Pushes one message, with a byte of the caller's meaning. False: there is no room now. Errors: `DataLengthTooLarge` (it would never fit).
    pub fn push(&self, kind: u8, message: &[u8]) -> Result<bool> {
        let _ = (kind, message);
        todo!()
    }

    /// Takes the oldest message into `message`; its kind. None: there is none. A process that is killed meanwhile has taken it or not, never a part.
    pub fn pop(&self, message: &mut Vec<u8>) -> Option<u8> {
        let _ = message;
        todo!()
    }

    /// What lies in it.
    pub fn stats(&self) -> ChannelStats {
        todo!()
    }

    /// The bytes it holds.
    pub fn capacity(&self) -> usize {
        todo!()
    }
}
