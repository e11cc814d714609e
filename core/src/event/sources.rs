//! The descriptors of a process's own loop: what each of them calls, and which keep the loop from being empty.

use super::local::{self, Flow};
use super::poller::{Interest, Poller, Ready, Registrar};
use crate::error::{Error, ErrorKind, Result};
use std::cell::Cell;
use std::io;
use std::os::fd::{AsRawFd, RawFd};
use std::rc::Rc;
use std::time::Duration;

/// What a descriptor calls when it is ready.
pub type SourceFn = Rc<dyn Fn(Ready) -> Flow>;

struct Entry {
    fd: RawFd,
    /// differs from those of all others that had this place before
    serial: u32,
    callback: SourceFn,
    keeps: Option<&'static str>,
}

/// The descriptors of one loop. Belongs to [`local`], which lends it out for moments in which nothing is called.
#[derive(Default)]
pub(super) struct Sources {
    poller: Option<(Poller, Registrar)>,
    entries: Vec<Option<Entry>>,
    free: Vec<usize>,
    keeping: usize,
    /// more was ready than one look shows
    more: bool,
}

thread_local! {
    /// Counts on over forks, so that a handle from before a fork names nothing after it.
    static SERIAL: Cell<u32> = const { Cell::new(0) };
}

impl Sources {
    /// Where it waits, made when it is first needed.
    fn registrar(&mut self) -> Result<&Registrar> {
        if self.poller.is_none() {
            let poller = Poller::new()?;
            let registrar = poller.registrar()?;
            self.poller = Some((poller, registrar));
        }
        match &self.poller {
            Some((_, registrar)) => Ok(registrar),
            None => Err(Error::new(ErrorKind::WrongOperation, "the event loop is not open")),
        }
    }

    /// Lets another poller know when something is ready here.
    pub(super) fn register_in(&mut self, outer: &Registrar, token: usize) -> Result<()> {
        self.registrar()?;
        let Some((poller, _)) = &self.poller else { return Ok(()) };
        outer.add_readable(poller, token).map_err(|e| Error::system("cannot watch a process's own event loop", &e))
    }

    fn add(
        &mut self,
        fd: RawFd,
        interest: Interest,
        keeps: Option<&'static str>,
        callback: &SourceFn,
    ) -> Result<(usize, u32)> {
        let place = self.free.last().copied().unwrap_or(self.entries.len());
        let serial = SERIAL.get().wrapping_add(1);
        self.registrar()?.add_fd(fd, token(place, serial), interest).map_err(|e| refused(fd, &e))?;
        SERIAL.set(serial);
        if self.free.pop().is_none() {
            self.entries.push(None);
        }
        self.entries[place] = Some(Entry { fd, serial, callback: callback.clone(), keeps });
        self.keeping += usize::from(keeps.is_some());
        Ok((place, serial))
    }

    fn get(&self, place: usize, serial: u32) -> Option<&Entry> {
        self.entries.get(place)?.as_ref().filter(|entry| entry.serial == serial)
    }

    fn remove(&mut self, place: usize, serial: u32, watched: bool) -> Option<Entry> {
        self.get(place, serial)?;
        let entry = self.entries[place].take()?;
        self.free.push(place);
        self.keeping -= usize::from(entry.keeps.is_some());
        if let (Some((_, registrar)), true) = (&self.poller, watched) {
            // Not there if it was closed before.
            let _ = registrar.remove_fd(entry.fd);
        }
        Some(entry)
    }

    fn set_interest(&self, place: usize, serial: u32, interest: Interest) -> io::Result<()> {
        match (self.get(place, serial), &self.poller) {
            (Some(entry), Some((_, registrar))) => registrar.set_fd(entry.fd, token(place, serial), interest),
            _ => Err(io::Error::from_raw_os_error(libc::ENOENT)),
        }
    }

    fn set_keeps(&mut self, place: usize, serial: u32, keeps: Option<&'static str>) {
        let entry = self.entries.get_mut(place).and_then(Option::as_mut).filter(|entry| entry.serial == serial);
        if let Some(entry) = entry {
            self.keeping -= usize::from(entry.keeps.is_some());
            self.keeping += usize::from(keeps.is_some());
            entry.keeps = keeps;
        }
    }

    /// What a ready descriptor calls.
    pub(super) fn callback(&self, event: &Ready) -> Option<SourceFn> {
        let (place, serial) = (event.token & 0xffff_ffff, (event.token >> 32) as u32);
        self.get(place, serial).map(|entry| entry.callback.clone())
    }

    /// Whether a look is worth a system call.
    pub(super) fn is_empty(&self) -> bool {
        self.entries.len() == self.free.len()
    }

    /// Whether the last look left something.
    pub(super) fn has_more(&self) -> bool {
        self.more
    }

    /// Whether something keeps the loop from being empty.
    pub(super) fn keeps(&self) -> bool {
        self.keeping > 0
    }

    /// What keeps the loop, in words, each once with its number.
    pub(super) fn held_by(&self) -> Vec<(&'static str, usize)> {
        let mut held: Vec<(&'static str, usize)> = Vec::new();
        for what in self.entries.iter().flatten().filter_map(|entry| entry.keeps) {
            match held.iter_mut().find(|(known, _)| *known == what) {
                Some((_, number)) => *number += 1,
                None => held.push((what, 1)),
            }
        }
        held
    }

    /// Waits until something is ready or `timeout` is over. Without any descriptor it just sleeps.
    pub(super) fn wait(&mut self, timeout: Option<Duration>, events: &mut Vec<Ready>) -> Result<()> {
        self.registrar()?;
        let Some((poller, _)) = &mut self.poller else { return Ok(()) };
        poller.wait(timeout, events).map_err(|e| Error::system("waiting in the event loop failed", &e))?;
        self.more = events.len() >= super::poller::AT_ONCE;
        Ok(())
    }
}

fn token(place: usize, serial: u32) -> usize {
    place | (serial as usize) << 32
}

fn refused(fd: RawFd, found: &io::Error) -> Error {
    let hint = match found.raw_os_error() {
        Some(libc::EPERM) => {
            "; a regular file or a directory is always ready and cannot be waited for: read it at once, or by swoole_async_read (in C: swoole_aio_read)"
        }
        Some(libc::EBADF) => "; it is closed",
        Some(libc::EEXIST) => "; it is in the loop already",
        _ => "",
    };
    Error::system(format_args!("cannot watch descriptor {fd}"), found).with_hint(hint)
}

/// A descriptor in this process's loop. Dropping it takes the descriptor out, so it must be dropped before that is closed.
#[derive(Debug)]
pub struct Source {
    place: usize,
    serial: u32,
}

impl Source {
    /// Puts `fd` into the loop of this thread: `callback` is called when it is ready, edge-triggered: read and write until
    /// the system says that there is nothing more. `keeps` says in words (singular, with an article) what goes on as
    /// long as it is there, and keeps the loop from ending; None: it does not.
    /// Errors: the descriptor cannot be waited for (a regular file), is closed, or is there already.
    pub fn new(
        fd: &impl AsRawFd,
        interest: Interest,
        keeps: Option<&'static str>,
        callback: SourceFn,
    ) -> Result<Source> {
        // If it is refused, the callback is let go of when nothing is borrowed.
        let (place, serial) = local::sources(|s| s.add(fd.as_raw_fd(), interest, keeps, &callback))?;
        Ok(Source { place, serial })
    }

    /// Changes what is waited for. What is ready at this moment is told again, so this also re-arms. Errors: EBADF or
    /// ENOENT if the descriptor was closed meanwhile.
    pub fn set_interest(&self, interest: Interest) -> io::Result<()> {
        local::sources(|s| s.set_interest(self.place, self.serial, interest))
    }

    /// Changes what it keeps the loop from ending for; None: nothing from now on.
    pub fn set_keeps(&self, keeps: Option<&'static str>) {
        local::sources(|s| s.set_keeps(self.place, self.serial, keeps));
    }

    /// Takes the descriptor out without a system call: for one that is closed right after this, which tells the kernel as well. If a forked process
    /// still holds a copy, events of that are ignored here.
    pub fn drop_to_close(self) {
        // Nothing is left for `drop` to find.
        let entry = local::try_sources(|s| s.remove(self.place, self.serial, false));
        drop(entry);
    }
}

impl Drop for Source {
    fn drop(&mut self) {
        // The callback is let go of when nothing is borrowed.
        let entry = local::try_sources(|s| s.remove(self.place, self.serial, true));
        drop(entry);
    }
}
