//! The message queue of processes: one of System V, which outlives them all until it is removed.

use crate::error::{Error, ErrorKind, Result};
use crate::sys::msgqueue::{MessageQueue, max_message};
use std::io;

/// Which queue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum QueueKey {
    /// a new one that nobody else finds
    Private,
    /// the one of this key, made if there is none; key 0 is the same as [`QueueKey::Private`]
    Key(u32),
}

/// Who takes what is pushed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum QueueMode {
    /// each process what was pushed for it (its `id`)
    Directed,
    /// whoever pops first
    Shared,
}

/// The kind of messages in a shared queue: the system wants a number above 0.
const ANYBODY: i64 = 1;

/// A process's handle of a message queue. Clones, and copies in forked children, are handles of the same queue. Dropping them leaves it in
/// the system, with what is in it: until [`ProcessQueue::free`].
#[derive(Debug, Clone)]
pub struct ProcessQueue {
    queue: MessageQueue,
    key: u32,
    mode: QueueMode,
    waits: bool,
    /// bytes of a message at most
    longest: usize,
}

impl ProcessQueue {
    /// Opens it. `waits`: pushing into a full queue and popping from an empty one wait. `capacity`: its bytes at most, for everybody
    /// (None: as it is, or the system's default). Errors: EACCES, ENOSPC with the limit of the system, `InvalidParams` (a capacity of 0,
    /// or more than the system allows).
    pub fn open(key: QueueKey, mode: QueueMode, waits: bool, capacity: Option<u64>) -> Result<ProcessQueue> {
        let key = match key {
            QueueKey::Private => 0,
            QueueKey::Key(key) => key,
        };
        let queue = MessageQueue::open(key).map_err(|found| cannot_open(key, &found))?;
        Self::prepare(queue, key, mode, waits, capacity).inspect_err(|_| {
            if key == 0 {
                // Nobody else knows of it.
                let _ = queue.remove();
            }
        })
    }

    fn prepare(
        queue: MessageQueue,
        key: u32,
        mode: QueueMode,
        waits: bool,
        capacity: Option<u64>,
    ) -> Result<ProcessQueue> {
        if capacity == Some(0) {
            return Err(Error::new(
                ErrorKind::InvalidParams,
                "a message queue of 0 bytes was asked for; give it room for one message at least",
            ));
        }
        if let Some(bytes) = capacity {
            queue.set_capacity(bytes).map_err(|found| cannot_resize(bytes, &found))?;
        }
        // A message that is longer than all of the queue would be waited for without end.
        let room = queue.capacity().map_err(|found| failed("look at", &found))?;
        let longest = max_message().min(usize::try_from(room).unwrap_or(usize::MAX));
        Ok(ProcessQueue { queue, key, mode, waits, longest })
    }

    /// Its number in the system, as `ipcs -q` lists it.
    pub fn id(&self) -> i32 {
        self.queue.id()
    }

    /// Its key; 0: private.
    pub fn key(&self) -> u32 {
        self.key
    }

    fn kind(&self, number: i32) -> Result<i64> {
        match self.mode {
            QueueMode::Shared => Ok(ANYBODY),
            QueueMode::Directed if number >= 0 => Ok(i64::from(number) + 1),
            QueueMode::Directed => Err(Error::new(
                ErrorKind::InvalidParams,
                format!("there is no process of number {number} in a message queue; numbers begin at 0"),
            )),
        }
    }

    /// Pushes a message for the process of number `to`, from 0 (of meaning in a directed queue only; in the system it is a message of type
    /// `to` + 1, in a shared queue all are of type 1). False: it is full and does not wait. Errors: `DataLengthTooLarge` with the limit,
    /// `InvalidParams` (an empty message, a number below 0), EINTR (a signal's handler has run: call again), EIDRM (it was removed).
    pub fn push(&self, to: i32, message: &[u8]) -> Result<bool> {
        let kind = self.kind(to)?;
        if message.is_empty() {
            return Err(Error::new(ErrorKind::InvalidParams, "an empty message cannot be pushed into a message queue"));
        }
        if message.len() > self.longest {
            return Err(Error::new(
                ErrorKind::DataLengthTooLarge,
                format!(
                    "a message of {} bytes does not fit into the message queue, which takes {} (kernel.msgmax and the queue's capacity limit that)",
                    message.len(),
                    self.longest
                ),
            ));
        }
        self.queue.send(kind, [message, b""], self.waits).map_err(|found| failed("push into", &found))
    }

    /// Pops the oldest message (for the process of number `own` in a directed queue), however long it is. None: there is none and it does
    /// not wait. Errors: EINTR, EIDRM, and a number below 0 as with [`ProcessQueue::push`]. A message of another program's may be empty.
    pub fn pop(&self, own: i32) -> Result<Option<Vec<u8>>> {
        let kind = match self.mode {
            QueueMode::Shared => 0,
            QueueMode::Directed => self.kind(own)?,
        };
        let mut message = Vec::new();
        let found = self.queue.receive(kind, &mut message, self.waits).map_err(|found| failed("pop from", &found))?;
        Ok(found.map(|_| message))
    }

    /// Messages in it, and their bytes.
    pub fn stat(&self) -> Result<(u64, u64)> {
        self.queue.stat().map_err(|found| failed("look at", &found))
    }

    /// Removes it with all that is in it, for everybody: whoever waits gets EIDRM. Errors: EIDRM (it is removed already), EPERM.
    pub fn free(&self) -> Result<()> {
        self.queue.remove().map_err(|found| failed("remove", &found))
    }
}

fn cannot_open(key: u32, found: &io::Error) -> Error {
    let error = Error::system(format_args!("cannot open the message queue of key {key:#x}"), found);
    match found.raw_os_error() {
        Some(libc::ENOSPC) => error.with_hint(
            "; the system has as many as it allows (kernel.msgmni): `ipcs -q` lists them, `ipcrm -q` removes one",
        ),
        Some(libc::EACCES) => error.with_hint("; it is another user's"),
        _ => error,
    }
}

fn cannot_resize(bytes: u64, found: &io::Error) -> Error {
    let asked = format!("cannot give a message queue a capacity of {bytes} bytes");
    match found.raw_os_error() {
        Some(libc::EPERM) => Error::new(
            ErrorKind::InvalidParams,
            format!("{asked}: the system allows at most kernel.msgmnb, and the queue's owner only to set it"),
        ),
        _ => Error::system(asked, found),
    }
}

/// Messages are checked before they are sent, so EINVAL means that there is no queue of this number any more.
fn failed(what: &str, found: &io::Error) -> Error {
    match found.raw_os_error() {
        Some(libc::EINVAL | libc::EIDRM) => Error::system(
            format_args!("cannot {what} the message queue: it was removed"),
            &io::Error::from_raw_os_error(libc::EIDRM),
        ),
        _ => Error::system(format_args!("cannot {what} the message queue"), found),
    }
}
