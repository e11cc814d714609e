//! What a program sees of a lock.

use super::file::FileLock;
use super::readers::{ReadWrite, Reader};
use super::wait::{Stop, Wait};
use super::word::HeldWord;
use crate::error::{Error, Result};
use crate::shm::cells::SharedCell;
use crate::shm::region::{Layout, SharedSlice, shared_record};
use crate::sys::holder::Holder;
use std::fmt;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicU32;
use std::time::Duration;

/// Which lock.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LockKind {
    /// one holder; who waits sleeps. Only its holder may unlock it
    Mutex,
    /// one writer or many readers (about a thousand threads at a time); who waits sleeps. A writer that waits keeps new readers out
    ReadWrite,
    /// one holder; who waits keeps trying, and gives way to others
    Spin,
    /// one holder; anybody may unlock it
    Semaphore,
    /// flock(2) on this file, made if it is missing: also among processes that have nothing else in common
    File(PathBuf),
}

/// How to hold a lock. Kinds that know no readers are exclusive always.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hold {
    /// alone
    Exclusive,
    /// together with other readers. A thread may hold it so several times, and unlocks it as often
    Shared,
}

/// A lock. Clones are the same lock. It is a thread that holds it: a child forked meanwhile (a daemon, too) holds nothing of what its
/// parent holds, and must not unlock it. What a thread holds when it becomes another program (exec) it holds until that ends; a file is let go.
/// All who use a lock must be in one pid namespace: a thread of another cannot be told from one that has ended.
#[derive(Debug, Clone)]
pub struct Lock(pub(super) Room);

/// Where it lies.
#[derive(Debug, Clone)]
pub(super) enum Room {
    Mutex(SharedCell),
    Spin(SharedCell),
    Semaphore(SharedCell),
    ReadWrite(SharedSlice<ReadWriteWords>),
    File(Arc<FileLock>),
}

/// How many threads may read at a time: with the writer's line, two pages.
const READERS: usize = 1008;

shared_record! {
pub(super) struct ReadWriteWords {
    writer: AtomicU32,
    /// fills the writer's cache lines
    _apart: [AtomicU32; 31],
    readers: [Reader; READERS],
}
}

impl ReadWriteWords {
    fn lock(&self) -> ReadWrite<'_> {
        ReadWrite { writer: HeldWord(&self.writer), readers: &self.readers }
    }
}

impl Lock {
    /// A new one, free. Errors: ENOMEM, and what opening the file gave.
    pub fn new(kind: LockKind) -> Result<Lock> {
        Ok(Lock(match kind {
            LockKind::Mutex => Room::Mutex(SharedCell::new()?),
            LockKind::Spin => Room::Spin(SharedCell::new()?),
            LockKind::Semaphore => Room::Semaphore(SharedCell::new()?),
            LockKind::ReadWrite => {
                let mut layout = Layout::default();
                let words = layout.slice(1);
                let region = layout.map().map_err(|e| Error::system("making shared memory for a lock", &e))?;
                Room::ReadWrite(region.slice(words))
            }
            LockKind::File(path) => {
                let failed = |e| Error::system(format_args!("opening the lock file {}", path.display()), &e);
                Room::File(Arc::new(FileLock::new(path.clone()).map_err(failed)?))
            }
        }))
    }

    /// Takes it, and waits for it, at most for `limit` (None: as long as it takes). Errors (by [`crate::error::Error::code`]): ETIMEDOUT,
    /// EDEADLK (this thread holds it already and would wait for ever; a semaphore it waits for), EINTR (a signal's handler has run: the
    /// lock is not taken, call again).
    pub fn lock(&self, hold: Hold, limit: Option<Duration>) -> Result<()> {
        let (me, mut wait) = (Holder::this().bits(), Wait::new(limit));
        let taken = match &self.0 {
            Room::Mutex(cell) | Room::Spin(cell) if cell.held().holder() == me => Err(Stop::Deadlock),
            Room::Mutex(cell) | Room::Semaphore(cell) => cell.held().take(me, &mut wait),
            Room::Spin(cell) => cell.held().take_spinning(me, &mut wait),
            Room::ReadWrite(words) => match hold {
                Hold::Exclusive => words[0].lock().write(me, &mut wait),
                Hold::Shared => words[0].lock().read(me, &mut wait),
            },
            Room::File(file) => file.lock(hold, Some(&wait)),
        };
        taken.map_err(|stop| self.not_taken(stop, limit))
    }

    /// Takes it if it is free. False: it is not. Errors: those of opening the file.
    pub fn try_lock(&self, hold: Hold) -> Result<bool> {
        let me = Holder::this().bits();
        Ok(match &self.0 {
            Room::Mutex(cell) | Room::Spin(cell) | Room::Semaphore(cell) => cell.held().try_inherit(me),
            Room::ReadWrite(words) => match hold {
                Hold::Exclusive => words[0].lock().try_write(me),
                Hold::Shared => words[0].lock().try_read(me),
            },
            Room::File(file) => match file.lock(hold, None) {
                Ok(()) => true,
                Err(stop @ Stop::Failed(_)) => return Err(self.not_taken(stop, None)),
                Err(_) => false,
            },
        })
    }

    /// Lets it go. Errors: EPERM, it is not held by this thread (a semaphore: by nobody).
    pub fn unlock(&self) -> Result<()> {
        let me = Holder::this().bits();
        let done = match &self.0 {
            Room::Mutex(cell) | Room::Spin(cell) => cell.held().holder() == me && cell.held().free(),
            Room::Semaphore(cell) => cell.held().free(),
            Room::ReadWrite(words) => words[0].lock().unlock(me),
            Room::File(file) => file.unlock(),
        };
        if done {
            return Ok(());
        }
        let found = io::Error::from_raw_os_error(libc::EPERM);
        let hint = if matches!(self.0, Room::Semaphore(_)) { "; it is not locked" } else { "; only who holds it may" };
        Err(Error::system(format_args!("unlocking {self}{}", self.holder()), &found).with_hint(hint))
    }

    fn not_taken(&self, stop: Stop, limit: Option<Duration>) -> Error {
        let of = |code| io::Error::from_raw_os_error(code);
        let (found, hint) = match stop {
            Stop::TimedOut => (of(libc::ETIMEDOUT), format!("; it was waited for {:?}", limit.unwrap_or_default())),
            Stop::Interrupted => (of(libc::EINTR), "; it is not locked, try again".to_owned()),
            Stop::Deadlock => (of(libc::EDEADLK), "; this thread holds it already, unlock it first".to_owned()),
            Stop::Failed(found) => (found, String::new()),
        };
        Error::system(format_args!("locking {self}{}", self.holder()), &found).with_hint(&hint)
    }

    /// Who holds it, for a message.
    fn holder(&self) -> String {
        let bits = match &self.0 {
            Room::Mutex(cell) | Room::Spin(cell) | Room::Semaphore(cell) => cell.held().holder(),
            Room::ReadWrite(words) => words[0].lock().somebody(),
            Room::File(_) => 0,
        };
        Holder::from_bits(bits).map_or_else(String::new, |holder| format!(" (process {} holds it)", holder.number()))
    }
}

impl fmt::Display for Lock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Room::Mutex(_) => f.write_str("a mutex"),
            Room::Spin(_) => f.write_str("a spinlock"),
            Room::Semaphore(_) => f.write_str("a semaphore"),
            Room::ReadWrite(_) => f.write_str("a read-write lock"),
            Room::File(file) => write!(f, "the lock file {}", file.path().display()),
        }
    }
}

impl SharedCell {
    /// As a lock word.
    fn held(&self) -> HeldWord<'_> {
        HeldWord(&self.word)
    }
}
