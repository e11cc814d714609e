//! The descriptors that a program watches itself: level-triggered, with a buffer for what is to be written.

use super::clock;
use super::local::{self, Flow};
use super::poller::{Interest, Ready};
use super::sources::Source;
use crate::error::{Error, ErrorKind, Result};
use crate::log;
use crate::sys::fd::{self, Identity, Unblocked};
use crate::sys::process::generation;
use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::io;
use std::os::fd::RawFd;
use std::rc::Rc;

/// What a watched descriptor calls, with its number.
pub type WatchFn = Rc<dyn Fn(RawFd) -> Flow>;

/// Most bytes that may wait to be written to one descriptor.
pub const BUFFER: usize = 8 << 20;

/// How long after a callback the descriptors are looked at, since it may have closed one, in microseconds.
const LOOK_AFTER: u64 = 1_000_000;

/// After so many calls at the end of what can be read, the log tells of it.
const ENDS: u32 = 1000;

const KEEPS: &str = "a descriptor given to swoole_event_add";

/// All of one process.
#[derive(Default)]
pub(super) struct Watches {
    by_fd: HashMap<RawFd, Rc<Watched>>,
    /// when to look whether one was closed; 0: nothing has run that could have done so
    next_look: u64,
}

impl Watches {
    /// When to call [`look`].
    pub(super) fn next_look(&self) -> Option<u64> {
        (self.next_look > 0 && !self.by_fd.is_empty()).then_some(self.next_look)
    }

    fn holds(&self, watched: &Rc<Watched>) -> bool {
        self.by_fd.get(&watched.fd).is_some_and(|known| Rc::ptr_eq(known, watched))
    }
}

/// One descriptor.
struct Watched {
    fd: RawFd,
    /// tells whether the number still means the same file
    identity: Identity,
    /// the fork that it belongs to
    fork: u32,
    /// if it was made non-blocking here
    unblocked: Cell<Option<Unblocked>>,
    read: RefCell<Option<WatchFn>>,
    write: RefCell<Option<WatchFn>>,
    /// what the program waits for; none if it only writes
    wanted: Cell<Option<Interest>>,
    /// what is still to be written, from `written` on
    out: RefCell<Vec<u8>>,
    written: Cell<usize>,
    /// how often its read callback was called at the peer's end
    ends: Cell<u32>,
    /// set right after it is made
    source: RefCell<Option<Source>>,
}

impl Watched {
    fn wants(&self, interest: Interest) -> bool {
        self.wanted.get().is_some_and(|wanted| {
            (interest.is_readable() && wanted.is_readable()) || (interest.is_writable() && wanted.is_writable())
        })
    }

    fn queued(&self) -> usize {
        self.out.borrow().len() - self.written.get()
    }

    /// What to wait for; None: nothing.
    fn interest(&self) -> Option<Interest> {
        let writing = (self.queued() > 0).then_some(Interest::WRITABLE);
        match (self.wanted.get(), writing) {
            (Some(wanted), Some(writing)) => Some(wanted | writing),
            (wanted, writing) => wanted.or(writing),
        }
    }

    /// Waits for what is wanted now, also if that is ready already. Errors: it was closed.
    fn rearm(&self) -> io::Result<()> {
        match (&*self.source.borrow(), self.interest()) {
            (Some(source), Some(interest)) => source.set_interest(interest),
            _ => Ok(()),
        }
    }

    /// Writes what waits, as far as the descriptor takes it. If that fails, all that waits is lost, which is logged: whoever gave it was told that it
    /// would be written.
    fn flush(&self) {
        let mut out = self.out.borrow_mut();
        match fd::write_now(self.fd, &out[self.written.get()..]) {
            Ok(written) if self.written.get() + written < out.len() => {
                let mut written = self.written.get() + written;
                // What is written makes room, but not byte by byte.
                if written > out.len() / 2 {
                    out.drain(..written);
                    written = 0;
                }
                return self.written.set(written);
            }
            Ok(_) => {}
            Err(e) => log::warning(format_args!(
                "{} bytes that were to be written to descriptor {} are lost: {e}",
                out.len() - self.written.get(),
                self.fd
            )),
        }
        *out = Vec::new();
        self.written.set(0);
    }
}

impl Watched {
    /// Takes it out of the loop. At once, not when the last reference goes: its own callback may add the same descriptor
    /// again, or another file that has its number by then.
    fn release(&self) {
        if self.fork != generation() {
            // In a child: the parent goes on writing, and shares whether the descriptor waits.
            return;
        }
        let lost = self.queued();
        if lost > 0 {
            log::warning(format_args!(
                "{lost} bytes that were to be written to descriptor {} are lost: it was taken out of the loop",
                self.fd
            ));
            *self.out.borrow_mut() = Vec::new();
            self.written.set(0);
        }
        let Some(source) = self.source.take() else { return };
        if fd::identity(self.fd) != Some(self.identity) {
            // The number is nobody's any more, or another's, who may be in the loop with it.
            return source.drop_to_close();
        }
        drop(source);
        drop(self.unblocked.take());
    }
}

impl Drop for Watched {
    fn drop(&mut self) {
        self.release();
    }
}

fn invalid(message: String) -> Error {
    Error::new(ErrorKind::InvalidParams, message)
}

fn no_callback(fd: RawFd, what: &str) -> Error {
    invalid(format!("descriptor {fd} is to be watched for {what}, and there is no callback for that; pass one"))
}

fn not_there(fd: RawFd) -> Error {
    Error::new(
        ErrorKind::WrongOperation,
        format!("descriptor {fd} is not in the event loop; add it with swoole_event_add"),
    )
}

fn find(fd: RawFd) -> Option<Rc<Watched>> {
    let watched = local::watches(|w| w.by_fd.get(&fd).cloned())?;
    if fd::identity(fd) == Some(watched.identity) {
        return Some(watched);
    }
    // The number means another file by now, or none.
    forget(&watched, "was closed without swoole_event_del");
    None
}

fn forget(watched: &Rc<Watched>, why: &str) {
    if remove(watched) {
        log::notice(format_args!("descriptor {} {why}; it is out of the event loop", watched.fd));
    }
}

fn remove(watched: &Rc<Watched>) -> bool {
    let held = local::watches(|w| w.holds(watched).then(|| w.by_fd.remove(&watched.fd)));
    if held.is_some() {
        watched.release();
    }
    held.is_some()
}

fn put(fd: RawFd, read: Option<WatchFn>, write: Option<WatchFn>, wanted: Option<Interest>) -> Result<Rc<Watched>> {
    let identity = fd::identity(fd).ok_or_else(|| invalid(format!("{fd} is not an open descriptor")))?;
    let watched = Rc::new(Watched {
        fd,
        identity,
        fork: generation(),
        unblocked: Cell::default(),
        read: RefCell::new(read),
        write: RefCell::new(write),
        wanted: Cell::new(wanted),
        out: RefCell::default(),
        written: Cell::new(0),
        ends: Cell::new(0),
        source: RefCell::default(),
    });
    let weak = Rc::downgrade(&watched);
    let interest = wanted.unwrap_or(Interest::WRITABLE);
    let source = Source::new(
        &fd,
        interest,
        Some(KEEPS),
        Rc::new(move |event| match weak.upgrade() {
            Some(watched) => ready(&watched, event),
            None => Flow::Continue,
        }),
    )?;
    *watched.source.borrow_mut() = Some(source);
    watched.unblocked.set(Unblocked::new(fd));
    local::watches(|w| w.by_fd.insert(fd, watched.clone()));
    Ok(watched)
}

/// Watches `fd` in this process's loop: `read` is called as long as it is readable or at its end, `write` as long as it takes
/// bytes, whichever `interest` names. The descriptor stays the caller's and becomes non-blocking (but for a terminal) until it
/// is deleted from the loop, which must be before it is closed. Errors: it is in the loop already; there is no callback for
/// what `interest` names; it cannot be waited for (a regular file), or is not open.
pub fn add(fd: RawFd, read: Option<WatchFn>, write: Option<WatchFn>, interest: Interest) -> Result<()> {
    if interest.is_readable() && read.is_none() {
        return Err(no_callback(fd, "reading"));
    }
    if interest.is_writable() && write.is_none() {
        return Err(no_callback(fd, "writing"));
    }
    if let Some(watched) = find(fd) {
        // There only since something is being written.
        if watched.wanted.get().is_none() {
            return set(fd, read, write, Some(interest));
        }
        return Err(Error::new(
            ErrorKind::WrongOperation,
            format!("descriptor {fd} is in the event loop already; change it with swoole_event_set"),
        ));
    }
    put(fd, read, write, Some(interest)).map(drop)
}

/// Changes what a descriptor calls (None: as it was) and what is waited for (None: as it was). Errors: it is not in
/// the loop; there is no callback for what `interest` names.
pub fn set(fd: RawFd, read: Option<WatchFn>, write: Option<WatchFn>, interest: Option<Interest>) -> Result<()> {
    let watched = find(fd).ok_or_else(|| not_there(fd))?;
    let wanted = interest.or(watched.wanted.get());
    if let Some(wanted) = wanted {
        if wanted.is_readable() && read.is_none() && watched.read.borrow().is_none() {
            return Err(no_callback(fd, "reading"));
        }
        if wanted.is_writable() && write.is_none() && watched.write.borrow().is_none() {
            return Err(no_callback(fd, "writing"));
        }
    }
    // What is replaced is let go of when nothing is borrowed.
    let old_read = read.and_then(|read| watched.read.replace(Some(read)));
    let old_write = write.and_then(|write| watched.write.replace(Some(write)));
    watched.wanted.set(wanted);
    drop((old_read, old_write));
    watched.rearm().map_err(|e| Error::system(format_args!("cannot change the watch on descriptor {fd}"), &e))
}

/// Takes a descriptor out of the loop; what waits to be written to it is tried once more and then lost, which is logged. Errors: it
/// is not there.
pub fn del(fd: RawFd) -> Result<()> {
    let watched = find(fd).ok_or_else(|| not_there(fd))?;
    if watched.queued() > 0 {
        watched.flush();
    }
    remove(&watched);
    Ok(())
}

/// Whether a descriptor is in the loop and waits for something that `interest` names.
pub fn isset(fd: RawFd, interest: Interest) -> bool {
    find(fd).is_some_and(|watched| watched.wants(interest) || (interest.is_writable() && watched.queued() > 0))
}

/// Writes `data` in full: what the descriptor does not take at once waits in the loop and is written when there is room, before
/// its write callback is called. A descriptor that is not in the loop is there until that is done. Errors: `OutputBufferOverflow`
/// (more than [`BUFFER`] bytes would wait; none of `data` is written), the system's (EPIPE, ECONNRESET, EBADF …).
pub fn write(fd: RawFd, data: &[u8]) -> Result<()> {
    let failed = |e: io::Error| Error::system(format_args!("cannot write {} bytes to descriptor {fd}", data.len()), &e);
    if data.is_empty() {
        return Err(invalid(format!("writing nothing to descriptor {fd} was asked for; pass at least one byte")));
    }
    let watched = match find(fd) {
        Some(watched) => watched,
        None => put(fd, None, None, None)?,
    };
    let queued = watched.queued();
    if queued + data.len() > BUFFER && (queued > 0 || data.len() > BUFFER) {
        if watched.interest().is_none() {
            remove(&watched);
        }
        return Err(Error::new(
            ErrorKind::OutputBufferOverflow,
            format!(
                "{queued} bytes wait to be written to descriptor {fd} and {} more do not fit: {BUFFER} are the most; \
                 write less, or wait until its write callback is called",
                data.len()
            ),
        ));
    }
    // Behind what waits, or else at once.
    let written = if queued > 0 { Ok(0) } else { fd::write_now(fd, data) };
    if let Ok(written) = written {
        watched.out.borrow_mut().extend_from_slice(&data[written..]);
    }
    if watched.interest().is_none() {
        remove(&watched);
        return written.map(drop).map_err(failed);
    }
    written.and_then(|_| if queued == 0 { watched.rearm() } else { Ok(()) }).map_err(failed)
}

/// A watched descriptor is ready.
fn ready(watched: &Rc<Watched>, event: Ready) -> Flow {
    let held = || local::watches(|w| w.holds(watched));
    if !held() {
        return Flow::Continue;
    }
    let mut flow = Flow::Continue;
    if (event.readable || event.hangup) && watched.wants(Interest::READABLE) {
        watched.ends.set(if event.hangup { watched.ends.get().saturating_add(1) } else { 0 });
        if watched.ends.get() == ENDS {
            log::warning(format_args!(
                "the peer of descriptor {} has ended, and its read callback has been called {ENDS} times for that; at the end \
                 (a read gives nothing) take it out with swoole_event_del, or wait for writing only",
                watched.fd
            ));
        }
        let callback = watched.read.borrow().clone();
        flow = callback.map_or(Flow::Continue, |read| read(watched.fd));
    }
    if flow == Flow::Continue && (event.writable || event.gone) && held() && !local::is_ending() {
        // What fails is logged there, and is the reader's to notice.
        watched.flush();
        if watched.queued() == 0 && watched.wants(Interest::WRITABLE) {
            let callback = watched.write.borrow().clone();
            flow = callback.map_or(Flow::Continue, |write| write(watched.fd));
        } else if watched.interest().is_none() {
            // It was there for writing only, and that is done or has failed.
            remove(watched);
        }
    }
    if held() && watched.rearm().is_err() {
        forget(watched, "was closed in its callback without swoole_event_del");
    }
    flow
}

/// At the end of a turn: a while after something ran (`worked`), takes descriptors out that were closed behind the loop's back,
/// since nobody would ever tell of them again.
pub(super) fn look(worked: bool) {
    let due: Vec<Rc<Watched>> = local::watches(|w| {
        if w.by_fd.is_empty() || (w.next_look == 0 && !worked) {
            w.next_look = 0;
            return Vec::new();
        }
        let now = clock::now_micros();
        if w.next_look == 0 {
            w.next_look = now + LOOK_AFTER;
        }
        if w.next_look > now {
            return Vec::new();
        }
        w.next_look = 0;
        w.by_fd.values().cloned().collect()
    });
    for watched in due {
        if fd::identity(watched.fd) != Some(watched.identity) {
            forget(&watched, "was closed without swoole_event_del");
        }
    }
}

#[cfg(test)]
mod tests;
