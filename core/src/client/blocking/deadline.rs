//! How long a call may wait.

use crate::sys::fd::{Asked, Interrupt, poll};
use std::io;
use std::os::fd::AsRawFd;
use std::time::{Duration, Instant};

/// The end of a call's patience; None: it waits for ever.
#[derive(Debug, Clone, Copy)]
pub struct Deadline(Option<Instant>);

/// What a socket is waited for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ready {
    /// it has bytes, or is at its end
    Read,
    /// it takes bytes
    Write,
    /// it has an out-of-band byte
    Urgent,
}

impl Deadline {
    /// `timeout` from now; zero: never.
    pub fn after(timeout: Duration) -> Deadline {
        Deadline(if timeout.is_zero() { None } else { Instant::now().checked_add(timeout) })
    }

    /// At once: nothing is waited for.
    pub fn now() -> Deadline {
        Deadline(Some(Instant::now()))
    }

    /// The time that is left; None: for ever.
    pub fn left(&self) -> Option<Duration> {
        self.0.map(|at| at.saturating_duration_since(Instant::now()))
    }

    /// Whether it is over.
    pub fn is_over(&self) -> bool {
        self.left().is_some_and(|left| left.is_zero())
    }

    /// One of `parts` equal parts of the time that is left.
    pub fn part(&self, parts: usize) -> Deadline {
        Deadline(self.left().map(|left| Instant::now() + left / parts.max(1) as u32))
    }

    /// Waits until `fd` is ready, or has failed. False: the time is over.
    pub fn wait(&self, fd: &impl AsRawFd, ready: Ready) -> io::Result<bool> {
        self.wait_unless(fd, ready, Interrupt::Never)
    }

    /// As [`Deadline::wait`], but EINTR if a signal comes that `interrupt` names.
    pub fn wait_unless(&self, fd: &impl AsRawFd, ready: Ready, interrupt: Interrupt) -> io::Result<bool> {
        let (read, write, urgent) = (ready == Ready::Read, ready == Ready::Write, ready == Ready::Urgent);
        let mut asked = [Asked::new(fd.as_raw_fd(), read, write, urgent)];
        Ok(poll(&mut asked, self.left(), interrupt)? > 0)
    }
}
