//! Files that are locked by flock(2), whose locks end with the process that took them.
//!
//! Such a lock belongs to the open description, which a forked child shares: a child of the holder would keep it after the holder's
//! death, and could let it go. So the descriptors are noted, and a child closes its copies right after the fork.

use super::process::{apart_from_forks, generation};
use rustix::fs::{FlockOperation, flock};
use std::fs::{File, OpenOptions};
use std::io;
use std::mem::ManuallyDrop;
use std::path::Path;
use std::sync::atomic::{AtomicI32, Ordering};

/// How many files a process may have open here at a time.
const MOST: usize = 256;
/// Their descriptors plus 1; 0: a free place.
static OPEN: [AtomicI32; MOST] = [const { AtomicI32::new(0) }; MOST];

/// A file that is locked, or is to be. Unlocked and closed when dropped.
#[derive(Debug)]
pub struct LockFile {
    file: ManuallyDrop<File>,
    /// where in [`OPEN`] it is noted
    place: usize,
    /// [`generation`] in which it was opened
    opened_in: u32,
}

impl LockFile {
    /// Opens the file, makes it if it is missing. Errors: those of open(2); ENOLCK: this process has 256 of them open.
    pub fn open(path: &Path) -> io::Result<LockFile> {
        let opened_in = generation();
        // A child forked between the two would keep its copy.
        apart_from_forks(|| {
            let file = open(path)?;
            let note = std::os::fd::AsRawFd::as_raw_fd(&file) + 1;
            let place = (0..MOST)
                .find(|place| OPEN[*place].compare_exchange(0, note, Ordering::Relaxed, Ordering::Relaxed).is_ok())
                .ok_or_else(|| io::Error::from_raw_os_error(libc::ENOLCK))?;
            Ok(LockFile { file: ManuallyDrop::new(file), place, opened_in })
        })
    }

    /// Locks it if nobody holds it. False: somebody does.
    pub fn try_lock(&self, exclusive: bool) -> io::Result<bool> {
        let operation =
            if exclusive { FlockOperation::NonBlockingLockExclusive } else { FlockOperation::NonBlockingLockShared };
        match flock(&*self.file, operation) {
            Ok(()) => Ok(true),
            Err(rustix::io::Errno::WOULDBLOCK) => Ok(false),
            Err(e) => Err(e.into()),
        }
    }

    /// Whether this process has opened it, and not one that it was forked from.
    pub fn is_own(&self) -> bool {
        self.opened_in == generation()
    }
}

impl Drop for LockFile {
    fn drop(&mut self) {
        if !self.is_own() {
            // The fork has closed it, and the number may be another file's by now.
            return;
        }
        // Before it is not noted any more: a child forked from now on may keep its copy.
        let _ = flock(&*self.file, FlockOperation::Unlock);
        OPEN[self.place].store(0, Ordering::Relaxed);
        // SAFETY: it is not used again: this is its owner's drop.
        unsafe { ManuallyDrop::drop(&mut self.file) };
    }
}

/// For writing too if that is allowed, as a network file system wants it for an exclusive lock. One that is there is not opened
/// with O_CREAT: in a folder like /tmp that is refused for others' files.
fn open(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    match options.read(true).write(true).open(path) {
        Err(e) if e.kind() == io::ErrorKind::NotFound => options.create(true).open(path),
        Err(e) if matches!(e.kind(), io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem) => {
            OpenOptions::new().read(true).open(path)
        }
        opened => opened,
    }
}

/// In a child, right after the fork: closes its copies. Calls nothing that may not be called there.
pub(super) fn close_inherited() {
    for place in &OPEN {
        let note = place.swap(0, Ordering::Relaxed);
        if note > 0 {
            // SAFETY: the descriptor belongs to a LockFile of the parent, whose copy in this process never closes it.
            unsafe { libc::close(note - 1) };
        }
    }
}
