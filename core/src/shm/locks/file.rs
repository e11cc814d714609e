//! A lock that is a file, for processes that share nothing else.
//!
//! The file is opened for as long as a thread holds or wants the lock: flock(2) binds a lock to the open description, so each thread needs its own.

use super::lock::Hold;
use super::wait::{Stop, Wait};
use crate::sys::flock::LockFile;
use std::cell::RefCell;
use std::io;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// Waiting is trying, with pauses that grow from the first to the second.
const PAUSE: Duration = Duration::from_micros(100);
const PAUSE_AT_LAST: Duration = Duration::from_millis(10);

/// One such lock.
#[derive(Debug)]
pub struct FileLock {
    /// tells it apart from others of this process
    number: u64,
    path: PathBuf,
}

/// What the calling thread holds.
#[derive(Debug)]
struct Held {
    number: u64,
    file: LockFile,
    hold: Hold,
    /// how often
    depth: u32,
}

thread_local! {
    static HELD: RefCell<Vec<Held>> = const { RefCell::new(Vec::new()) };
}

impl FileLock {
    /// One of that file, which is made if it is missing.
    pub fn new(path: PathBuf) -> io::Result<FileLock> {
        static NUMBER: AtomicU64 = AtomicU64::new(0);
        // Wherever the program goes, it is this file.
        let path = std::path::absolute(path)?;
        LockFile::open(&path)?;
        Ok(FileLock { number: NUMBER.fetch_add(1, Ordering::Relaxed), path })
    }

    /// Its file.
    pub fn path(&self) -> &std::path::Path {
        &self.path
    }

    /// What the calling thread holds of it.
    fn with_held<T>(&self, then: impl FnOnce(&mut Vec<Held>, Option<usize>) -> T) -> T {
        HELD.with_borrow_mut(|held| {
            // What the process held that this one was forked from.
            held.retain(|held| held.file.is_own());
            let at = held.iter().position(|held| held.number == self.number);
            then(held, at)
        })
    }

    /// None: the calling thread does not hold it. Else whether it could be locked once more.
    fn lock_again(&self, hold: Hold) -> Option<bool> {
        self.with_held(|held, at| {
            let held = &mut held[at?];
            let shared = (hold, held.hold) == (Hold::Shared, Hold::Shared);
            held.depth += u32::from(shared);
            Some(shared)
        })
    }

    /// `wait` None: tries once.
    pub fn lock(&self, hold: Hold, wait: Option<&Wait>) -> Result<(), Stop> {
        match self.lock_again(hold) {
            Some(true) => return Ok(()),
            Some(false) => return Err(Stop::Deadlock),
            None => {}
        }
        let file = LockFile::open(&self.path).map_err(Stop::Failed)?;
        let mut pause = PAUSE;
        loop {
            match file.try_lock(hold == Hold::Exclusive) {
                Ok(true) => break,
                Ok(false) => wait.ok_or(Stop::TimedOut)?.pause(pause)?,
                Err(e) if e.kind() == io::ErrorKind::Interrupted => return Err(Stop::Interrupted),
                Err(e) => return Err(Stop::Failed(e)),
            }
            pause = (pause * 2).min(PAUSE_AT_LAST);
        }
        let held = Held { number: self.number, file, hold, depth: 1 };
        self.with_held(|all, _| all.push(held));
        Ok(())
    }

    /// False: the calling thread does not hold it.
    pub fn unlock(&self) -> bool {
        self.with_held(|held, at| {
            let Some(at) = at else { return false };
            held[at].depth -= 1;
            if held[at].depth == 0 {
                held.swap_remove(at);
            }
            true
        })
    }
}

impl Drop for FileLock {
    fn drop(&mut self) {
        // Nobody could unlock it any more. Other threads let it go when they end; a thread that is ending has done so already.
        let _ = HELD.try_with(|held| held.borrow_mut().retain(|held| held.number != self.number));
    }
}
