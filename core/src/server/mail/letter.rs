//! What goes through mailboxes and the queue of tasks: a head of fixed size, and bytes, or the path of the file that has them.

use super::{Data, Ticket, flags};
use crate::error::{Error, ErrorKind, Result};

/// What a letter is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u16)]
pub enum Kind {
    /// a task
    Task = 1,
    /// an answer to one
    Answer = 2,
    /// a task is done, and gets no (further) answer
    Ended = 3,
    /// a message of `send_message`
    Message = 4,
}

impl Kind {
    fn from_number(n: u16) -> Option<Kind> {
        use Kind::*;
        [Task, Answer, Ended, Message].into_iter().find(|kind| *kind as u16 == n)
    }
}

/// The head of a letter.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Letter {
    /// what it is
    pub kind: Kind,
    /// bits of [`flags`]
    pub flags: u16,
    /// number of the worker that wrote it; -1: master, manager or a program outside
    pub source: i32,
    /// number of the task it is about
    pub id: i64,
    /// when it was written, seconds since 1970
    pub time: f64,
    /// how often the task was begun before; not in its bytes, but in the hand that holds it
    pub tries: u32,
    /// number of the run of the server it was written in; 0: outside
    pub run: u64,
}

/// Bytes of a head.
pub const HEAD: usize = 40;
/// What a head begins with: a message queue may hold what others have put there.
const MAGIC: [u8; 4] = *b"swL1";

impl Letter {
    /// Its bytes, for a body of `length` bytes.
    pub fn to_bytes(self, length: usize) -> [u8; HEAD] {
        let mut bytes = [0; HEAD];
        bytes[..4].copy_from_slice(&MAGIC);
        bytes[4..6].copy_from_slice(&(self.kind as u16).to_ne_bytes());
        bytes[6..8].copy_from_slice(&self.flags.to_ne_bytes());
        bytes[8..12].copy_from_slice(&self.source.to_ne_bytes());
        bytes[12..16].copy_from_slice(&(length as u32).to_ne_bytes());
        bytes[16..24].copy_from_slice(&self.id.to_ne_bytes());
        bytes[24..32].copy_from_slice(&self.time.to_ne_bytes());
        bytes[32..].copy_from_slice(&self.run.to_ne_bytes());
        bytes
    }

    /// Splits a record into head and body; None if it is none of ours, or not whole.
    pub fn parse(record: &[u8]) -> Option<(Letter, &[u8])> {
        let (letter, body, length) = Letter::split(record)?;
        (body.len() == length).then_some((letter, body))
    }

    /// The same for what a hand holds, which may be the head alone, or have something else behind it.
    pub fn parse_held(record: &[u8]) -> Option<(Letter, &[u8])> {
        let (letter, body, length) = Letter::split(record)?;
        Some((letter, &body[..length.min(body.len())]))
    }

    /// Head, what is behind it, and how long the body is to be.
    fn split(record: &[u8]) -> Option<(Letter, &[u8], usize)> {
        let (head, body) = record.split_at_checked(HEAD)?;
        let word = |from: usize| head[from..from + 4].try_into().ok().map(u32::from_ne_bytes);
        let long = |from: usize| head[from..from + 8].try_into().ok().map(u64::from_ne_bytes);
        if head[..4] != MAGIC {
            return None;
        }
        let letter = Letter {
            kind: Kind::from_number(u16::from_ne_bytes([head[4], head[5]]))?,
            flags: u16::from_ne_bytes([head[6], head[7]]),
            source: word(8)? as i32,
            tries: 0,
            id: long(16)? as i64,
            time: f64::from_bits(long(24)?),
            run: long(32)?,
        };
        Some((letter, body, word(12)? as usize))
    }

    /// Whether its body is the path of a file.
    pub fn is_filed(&self) -> bool {
        self.flags & flags::TMPFILE != 0
    }

    /// The ticket of a task.
    pub fn ticket(&self) -> Ticket {
        let Letter { id, source, flags, time, tries, run, .. } = *self;
        Ticket { id, source, flags, dispatch_time: time, tries, run }
    }

    /// `bytes` as the data they are.
    pub fn data<'a>(&self, bytes: &'a [u8]) -> Data<'a> {
        Data { bytes, serialized: self.flags & flags::SERIALIZE != 0 }
    }
}

/// The flag that says how `data` is written.
pub fn form(data: Data<'_>) -> u16 {
    if data.serialized { flags::SERIALIZE } else { 0 }
}

/// A task as an outside program may put it into the server's message queue (`task_ipc_mode` 2 and 3), with the number of the task
/// worker + 1 (mode 3: 1) as its type. Nobody hears its answer.
pub fn pack(data: Data<'_>) -> Vec<u8> {
    let flags = form(data) | flags::NOREPLY;
    let time = crate::event::clock::to_seconds(crate::event::clock::now_micros());
    let letter = Letter { kind: Kind::Task, flags, source: -1, id: 0, time, tries: 0, run: 0 };
    [&letter.to_bytes(data.bytes.len()), data.bytes].concat()
}

/// What [`pack`] was given. Errors: `packed` was not made by it.
pub fn unpack(packed: &[u8]) -> Result<Data<'_>> {
    match Letter::parse(packed) {
        Some((letter, body)) if letter.kind == Kind::Task && !letter.is_filed() => Ok(letter.data(body)),
        _ => Err(Error::new(ErrorKind::InvalidParams, "this is not what Task::pack() makes; give unpack() its result")),
    }
}

#[cfg(test)]
mod tests;
