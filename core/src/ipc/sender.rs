//! The sending end of a lane: cuts messages into records.

use super::message::Kind;
use crate::shm::ring::{CONTINUES, MORE, Producer, RingMemory, Tag};

/// A message to be pushed: a head and a body that follow one another.
#[derive(Debug, Clone, Copy)]
pub struct Outgoing<'a> {
    /// what it is
    pub kind: Kind,
    /// number of the listening port it belongs to
    pub port: u16,
    /// its session, 0 for none
    pub session: i64,
    /// first part of its bytes
    pub head: &'a [u8],
    /// second part
    pub body: &'a [u8],
}

impl Outgoing<'_> {
    /// How many bytes it has.
    pub fn size(&self) -> usize {
        self.head.len() + self.body.len()
    }
}

/// The sending end of a ring.
#[derive(Debug)]
pub struct Sender {
    ring: Producer,
}

impl Sender {
    /// Takes the sending end.
    pub fn attach(memory: RingMemory) -> Sender {
        Sender { ring: Producer::attach(memory) }
    }

    /// Where its ring lies.
    pub fn memory(&self) -> &RingMemory {
        self.ring.memory()
    }

    /// The longest message that goes in one record.
    pub fn max_record(&self) -> usize {
        self.ring.max_payload()
    }

    /// How far it has written, for [`RingMemory::consumed`].
    pub fn position(&self) -> u64 {
        self.ring.position()
    }

    /// Pushes what fits of `message` from byte `*sent` on and moves `*sent`. True when all of it has been
    /// pushed; false when the ring is full: call again with the same message, and push nothing else before.
    #[must_use]
    pub fn push(&mut self, message: Outgoing<'_>, sent: &mut usize) -> bool {
        let limit = self.ring.max_payload();
        loop {
            let left = message.size() - *sent;
            let now = left.min(limit);
            let mut flags = if *sent > 0 { CONTINUES } else { 0 };
            if now < left {
                flags |= MORE;
            }
            let head = message.head.get(*sent..).unwrap_or_default();
            let head = &head[..head.len().min(now)];
            let from = (*sent + head.len()) - message.head.len().min(*sent + head.len());
            let body = &message.body[from..from + (now - head.len())];
            let tag = Tag { kind: message.kind as u8, flags, extra: message.port };
            if !self.ring.try_push(tag, message.session as u64, [head, body]) {
                return false;
            }
            *sent += now;
            if flags & MORE == 0 {
                return true;
            }
        }
    }

    /// After [`Sender::push`] said full: asks to be woken when the next part fits. False: it fits now.
    #[must_use]
    pub fn wait_for_room(&mut self, message_left: usize) -> bool {
        let payload = message_left.min(self.ring.max_payload());
        self.ring.wait_for_room(payload)
    }
}
