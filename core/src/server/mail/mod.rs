//! What the processes of a server give one another besides connections: tasks, their answers, and messages.

mod answers;
pub mod letter;
pub mod post;
pub mod spill;
mod taking;

use super::Server;
use crate::event::Flow;
use std::rc::Rc;

/// Bytes for another process.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Data<'a> {
    /// the bytes
    pub bytes: &'a [u8],
    /// they are a value that the giving face has serialised, and not a string as it is
    pub serialized: bool,
}

impl<'a> From<&'a [u8]> for Data<'a> {
    fn from(bytes: &'a [u8]) -> Self {
        Data { bytes, serialized: false }
    }
}

/// Bytes that another process gave, kept.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OwnedData {
    /// the bytes
    pub bytes: Vec<u8>,
    /// as in [`Data`]
    pub serialized: bool,
}

/// Names a task while it is being done: what is needed to answer it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Ticket {
    /// its number in the process that gave it, from 0
    pub id: i64,
    /// number of the worker that gave it; -1: a program outside the server
    pub source: i32,
    /// bits of [`flags`]
    pub flags: u16,
    /// when it was given, seconds since 1970
    pub dispatch_time: f64,
    /// how often it was begun before by a process that died of it, or with it
    pub tries: u32,
    /// number of the run of the server it was given in
    pub(in crate::server) run: u64,
}

impl Ticket {
    /// Whether somebody is to be told when the task ends without an answer.
    pub(in crate::server) fn wants_end(&self) -> bool {
        self.flags & flags::NOREPLY == 0 && self.flags & (flags::CALLBACK | flags::NONBLOCK) != flags::NONBLOCK
    }

    /// It as plain numbers, for a face that cannot keep it as it is. [`Ticket::from_words`] makes it again.
    pub fn to_words(&self) -> [u64; 6] {
        let place = u64::from(self.source as u32) | u64::from(self.flags) << 32;
        [self.id as u64, place, self.dispatch_time.to_bits(), self.tries.into(), self.run, 0]
    }

    /// The ticket that these numbers were made of. Any numbers are allowed: what names no task is refused where it is used.
    pub fn from_words(words: [u64; 6]) -> Ticket {
        let [id, place, dispatch_time, tries, run, _] = words;
        Ticket {
            id: id as i64,
            source: place as u32 as i32,
            flags: (place >> 32) as u16,
            dispatch_time: f64::from_bits(dispatch_time),
            tries: tries as u32,
            run,
        }
    }
}

/// What a [`Ticket`] says about its task. The numbers are those of `SWOOLE_TASK_*`.
pub mod flags {
    /// its bytes came in a file
    pub const TMPFILE: u16 = 1;
    /// its bytes are a serialised value
    pub const SERIALIZE: u16 = 2;
    /// nobody waits for it
    pub const NONBLOCK: u16 = 4;
    /// it has a callback of its own
    pub const CALLBACK: u16 = 8;
    /// several are waited for
    pub const WAITALL: u16 = 16;
    /// nobody wants an answer
    pub const NOREPLY: u16 = 128;
}

/// A task, as the task worker gets it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Task<'a> {
    /// names it
    pub ticket: Ticket,
    /// what it was given
    pub data: Data<'a>,
}

/// The answer to a task, as whoever gave it gets it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Answer<'a> {
    /// the task's number, as [`Server::task`] gave it
    pub task_id: i64,
    /// number of the worker that did it
    pub task_worker: i32,
    /// when the answer was given, seconds since 1970
    pub dispatch_time: f64,
    /// the answer
    pub data: Data<'a>,
}

/// A message of [`Server::send_message`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PipeMessage<'a> {
    /// number of the worker that sent it; -1: master or manager
    pub source: i32,
    /// when it was sent, seconds since 1970
    pub dispatch_time: f64,
    /// what it was given
    pub data: Data<'a>,
}

/// Is called with each answer to one task.
pub type FinishFn = Rc<dyn Fn(&Server, Answer<'_>) -> Flow>;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ticket_survives_as_numbers() {
        let ticket = Ticket { id: 1 << 40, source: -1, flags: 0x8001, dispatch_time: 1.5, tries: 3, run: u64::MAX };
        assert_eq!(Ticket::from_words(ticket.to_words()), ticket);
    }
}
