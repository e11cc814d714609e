//! The receiving end of a lane: puts messages together.

use super::message::Kind;
use crate::shm::ring::{CONTINUES, Consumer, Corrupt, MORE, RingMemory};

/// A whole message. Its bytes lie in the ring, or in the receiver if it came in several records.
#[derive(Debug, Clone, Copy)]
pub struct Parcel<'a> {
    /// what it is
    pub kind: Kind,
    /// number of the listening port it belongs to
    pub port: u16,
    /// its session, 0 for none
    pub session: i64,
    /// its bytes
    pub bytes: &'a [u8],
}

/// The receiving end of a ring.
#[derive(Debug)]
pub struct Receiver {
    ring: Consumer,
    partial: Vec<u8>,
    assembling: bool,
    /// messages given up: their beginning went to a process that died, or their kind is unknown
    lost: u64,
}

impl Receiver {
    /// Takes the receiving end.
    pub fn attach(memory: RingMemory) -> Receiver {
        Receiver { ring: Consumer::attach(memory), partial: Vec::new(), assembling: false, lost: 0 }
    }

    /// Where its ring lies.
    pub fn memory(&self) -> &RingMemory {
        self.ring.memory()
    }

    /// Whether there is nothing to read.
    pub fn is_empty(&self) -> bool {
        self.ring.is_empty()
    }

    /// Whether part of a message has been read: its reader must not leave now.
    pub fn is_amid_message(&self) -> bool {
        self.assembling
    }

    /// Forgets a half-received message; for use when its sender has died. True if there was one.
    pub fn drop_partial(&mut self) -> bool {
        self.partial = Vec::new();
        std::mem::take(&mut self.assembling)
    }

    /// Messages given up since the last call.
    pub fn take_lost(&mut self) -> u64 {
        std::mem::take(&mut self.lost)
    }

    /// Reads the next whole message and gives it to `handle`, whose result comes back; None if there is
    /// none. The bytes are the ring's: its room is given back by [`Receiver::release`].
    pub fn next<R>(&mut self, handle: impl FnOnce(Parcel<'_>) -> R) -> Option<R> {
        loop {
            let record = match self.ring.next() {
                Ok(Some(record)) => record,
                Ok(None) => return None,
                Err(Corrupt { .. }) => {
                    self.lost += 1;
                    self.partial = Vec::new();
                    self.assembling = false;
                    continue;
                }
            };
            let (first, last) = (record.tag.flags & CONTINUES == 0, record.tag.flags & MORE == 0);
            if first {
                // An unfinished message in front of it lost its sender.
                self.lost += u64::from(std::mem::take(&mut self.assembling));
                self.partial.clear();
            } else if !self.assembling {
                self.lost += u64::from(last);
                continue;
            }
            let bytes = if first && last {
                record.payload
            } else {
                self.partial.extend_from_slice(record.payload);
                self.assembling = !last;
                if !last {
                    continue;
                }
                &self.partial
            };
            let Some(kind) = Kind::from_number(record.tag.kind) else {
                self.lost += 1;
                continue;
            };
            let result = handle(Parcel { kind, port: record.tag.extra, session: record.session as i64, bytes });
            if !first && self.partial.capacity() > 1 << 20 {
                self.partial = Vec::new();
            }
            return Some(result);
        }
    }

    /// Gives the room of what was read back to the sender. True: the sender waits for it, and this
    /// caller is the one to wake it.
    #[must_use]
    pub fn release(&mut self) -> bool {
        self.ring.release();
        self.ring.memory().must_wake_producer()
    }
}
