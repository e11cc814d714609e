//! The receiving end of a lane: puts messages together.

use super::message::Kind;
use crate::shm::ring::{CONTINUES, Consumer, Corrupt, MORE, RingMemory};

/// A whole message, or a run of them. Its bytes lie in the ring, or in the receiver if it came in several records.
#[derive(Debug, Clone, Copy)]
pub struct Parcel<'a> {
    /// what it is
    pub kind: Kind,
    /// number of the listening port it belongs to
    pub port: u16,
    /// its session, 0 for none
    pub session: i64,
    /// its bytes: what these hold, one after the other. More than one part only for a run of `Send`, and for `Answer` (the first has the
    /// flags then).
    pub parts: &'a [&'a [u8]],
}

impl<'a> Parcel<'a> {
    /// Its bytes, for any kind but `Send`.
    pub fn bytes(&self) -> &'a [u8] {
        self.parts.first().copied().unwrap_or_default()
    }
}

/// Messages that are handed over at once at most.
const RUN: usize = 16;

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

    /// Messages given up since the last call.
    pub fn take_lost(&mut self) -> u64 {
        std::mem::take(&mut self.lost)
    }

    /// Reads up to `limit` messages and gives them to `handle`. Messages of kind `Send` that follow one
    /// another for one session come together, as slices, so that they can be written at once; any
    /// other message comes alone. The slices lie in the ring, whose room is given back by
    /// [`Receiver::release`]. Returns how many messages there were.
    pub fn drain(&mut self, limit: usize, mut handle: impl FnMut(Parcel<'_>)) -> usize {
        let Receiver { ring, partial, assembling, lost } = self;
        let mut run: [&[u8]; RUN] = [&[]; RUN];
        let mut gathered: Option<(u16, i64, usize)> = None;
        let mut count = 0;
        while count < limit {
            let record = match ring.next() {
                Ok(Some(record)) => record,
                Ok(None) => break,
                Err(Corrupt { .. }) => {
                    *lost += 1;
                    *assembling = false;
                    continue;
                }
            };
            let (first, last) = (record.tag.flags & CONTINUES == 0, record.tag.flags & MORE == 0);
            let (port, session) = (record.tag.extra, record.session as i64);
            if first {
                // An unfinished message in front of it lost its sender.
                if std::mem::take(assembling) {
                    *lost += 1;
                    *partial = Vec::new();
                }
            } else if !*assembling {
                // Its beginning went to a process that died.
                *lost += u64::from(last);
                continue;
            }
            if first && last && record.tag.kind == Kind::Send as u8 {
                count += 1;
                if let Some((p, s, n)) = &mut gathered
                    && (*p, *s) == (port, session)
                    && *n < RUN
                {
                    run[*n] = record.payload;
                    *n += 1;
                    continue;
                }
                if let Some((port, session, n)) = gathered {
                    handle(Parcel { kind: Kind::Send, port, session, parts: &run[..n] });
                }
                run[0] = record.payload;
                gathered = Some((port, session, 1));
                continue;
            }
            if let Some((port, session, n)) = gathered.take() {
                handle(Parcel { kind: Kind::Send, port, session, parts: &run[..n] });
            }
            let bytes = if first && last {
                record.payload
            } else {
                if first {
                    partial.clear();
                }
                partial.extend_from_slice(record.payload);
                *assembling = !last;
                if !last {
                    continue;
                }
                &*partial
            };
            count += 1;
            match Kind::from_number(record.tag.kind) {
                Some(kind) => handle(Parcel { kind, port, session, parts: &[bytes] }),
                None => *lost += 1,
            }
            if !first && partial.capacity() > 1 << 20 {
                *partial = Vec::new();
            }
        }
        if let Some((port, session, n)) = gathered {
            handle(Parcel { kind: Kind::Send, port, session, parts: &run[..n] });
        }
        count
    }

    /// Reads one message and copies it to `bytes`; its kind, port and session, or None if there is none.
    /// Its room in the ring is given back at once: if this process dies while it handles the message,
    /// the next one goes on behind it.
    pub fn take(&mut self, bytes: &mut Vec<u8>) -> Option<(Kind, u16, i64)> {
        let mut taken = None;
        self.drain(1, |parcel| {
            bytes.clear();
            parcel.parts.iter().for_each(|part| bytes.extend_from_slice(part));
            taken = Some((parcel.kind, parcel.port, parcel.session));
        });
        self.ring.release();
        taken
    }

    /// Gives the room of what was read back to the sender.
    pub fn release(&mut self) {
        self.ring.release();
    }

    /// After room was given back: whether the sender waits for it, and this caller is the one to wake it.
    #[must_use]
    pub fn must_wake_sender(&self) -> bool {
        self.ring.memory().must_wake_producer()
    }
}
