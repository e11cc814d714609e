//! Running commands. The loop watches a command's output (a pipe) and its end (a pidfd); nobody waits for any other child, so who
//! reaps the processes of a server is not disturbed. A program that waits for any child (`process::control::wait`) is not given these.

use super::{DoneFn, Ended, MOST};
use crate::error::{Error, ErrorKind, Result};
use crate::event::{self, Flow, Interest, Source};
use crate::sys::fd::set_blocking;
use crate::sys::process::Expected;
use rustix::process::{Pid, PidfdFlags, Signal, WaitId, WaitIdOptions, kill_process_group, pidfd_open, waitid};
use std::cell::{Cell, RefCell};
use std::io::{ErrorKind as Io, Read};
use std::os::fd::{AsFd, AsRawFd, OwnedFd};
use std::os::unix::process::CommandExt;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::rc::Rc;

/// Bytes of one read, and reads in one turn of the loop.
const PART: usize = 64 << 10;
const PARTS: usize = 16;

thread_local! {
    static COMMANDS: Cell<usize> = const { Cell::new(0) };
}

/// A command that runs. It belongs to the two callbacks in the loop: a loop that is dropped lets go of it, and it runs on.
struct Running {
    group: Pid,
    most: usize,
    output: Vec<u8>,
    /// too much came
    overflowed: bool,
    // Each source goes before its descriptor.
    pipe: Option<(Option<Source>, ChildStdout)>,
    end: Option<(Option<Source>, OwnedFd)>,
    /// should the program wait for any child meanwhile
    child: Expected,
    /// exit code and signal, when it has ended
    status: Option<(Option<i32>, i32)>,
    done: Option<DoneFn<Ended>>,
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = COMMANDS.try_with(|commands| commands.set(commands.get() - 1));
    }
}

type Shared = Rc<RefCell<Running>>;

pub(super) fn exec(command: &str, most: usize, done: DoneFn<Ended>) -> Result<()> {
    if COMMANDS.get() >= MOST {
        return Err(Error::new(
            ErrorKind::QueueFull,
            format!("{MOST} commands run already: start more when some of them have ended"),
        ));
    }
    let failed = |found: &std::io::Error| Error::system(format_args!("cannot run the command {command:?}"), found);
    let mut shell = Command::new("/bin/sh");
    // A group of its own, so that all of it can be killed.
    shell.arg("-c").arg(command).stdin(Stdio::null()).stdout(Stdio::piped()).process_group(0);
    let mut child = shell.spawn().map_err(|e| failed(&e))?;
    watch(&mut child, most, done).inspect_err(|_| {
        let _ = child.kill();
        let _ = child.wait();
    })
}

fn watch(child: &mut Child, most: usize, done: DoneFn<Ended>) -> Result<()> {
    let lost =
        |what: &str, e: rustix::io::Errno| Error::system(format_args!("cannot watch a command's {what}"), &e.into());
    let group = Pid::from_child(child);
    let Some(pipe) = child.stdout.take() else { return Err(lost("output", rustix::io::Errno::BADF)) };
    set_blocking(pipe.as_raw_fd(), false);
    // It is gone already if this process ignores SIGCHLD and nobody needs to wait for it.
    let end = match pidfd_open(group, PidfdFlags::empty()) {
        Ok(end) => Some(end),
        Err(rustix::io::Errno::SRCH) => None,
        Err(e) => return Err(lost("end (pidfd_open)", e)),
    };
    COMMANDS.set(COMMANDS.get() + 1);
    let running = Running {
        group,
        most,
        output: Vec::new(),
        overflowed: false,
        pipe: Some((None, pipe)),
        status: end.is_none().then_some((None, 0)),
        end: end.map(|end| (None, end)),
        child: Expected::new(group.as_raw_nonzero().get()),
        done: Some(done),
    };
    let running = Rc::new(RefCell::new(running));
    let mut r = running.borrow_mut();
    let watched = r.watch(&running);
    if watched.is_err() {
        (r.pipe, r.end) = (None, None);
    }
    watched
}

/// How it ended; None: it has not.
fn status(end: &OwnedFd, child: &Expected) -> Option<(Option<i32>, i32)> {
    match waitid(WaitId::PidFd(end.as_fd()), WaitIdOptions::EXITED | WaitIdOptions::NOHANG) {
        Ok(None) => None,
        Ok(Some(status)) => Some((status.exit_status(), status.terminating_signal().unwrap_or(0))),
        // Somebody else has waited for it: the program for any child, which leaves us what was found, or another part of it.
        Err(_) => Some(child.reaped().map_or((None, 0), |ended| {
            (if ended.signal() == 0 { Some(ended.exit_code()) } else { None }, ended.signal())
        })),
    }
}

fn has_ended(running: &Shared) -> Flow {
    let mut r = running.borrow_mut();
    if r.status.is_none() {
        r.status = r.end.as_ref().and_then(|(_, end)| status(end, &r.child));
    }
    drop(r);
    go_on(running)
}

/// Reads what there is, and calls back if that was all.
fn go_on(running: &Shared) -> Flow {
    let mut r = running.borrow_mut();
    let drained = r.read();
    // Whatever holds the pipe now is not the command.
    if r.status.is_none() || !drained {
        return Flow::Continue;
    }
    let Some(done) = r.done.take() else { return Flow::Continue };
    let (code, signal) = r.status.unwrap_or_default();
    let result = match r.overflowed {
        false => Ok(Ended { output: std::mem::take(&mut r.output), code, signal }),
        true => Err(Error::new(
            ErrorKind::DataLengthTooLarge,
            format!(
                "a command wrote more than {} bytes to its standard output and was killed: send its output to a file and read that",
                r.most
            ),
        )),
    };
    (r.pipe, r.end) = (None, None);
    drop(r);
    done(result)
}

impl Running {
    /// Puts both descriptors into the loop, with a callback each that holds this; this holds them by their places only.
    fn watch(&mut self, this: &Shared) -> Result<()> {
        let keeps = Some("a command");
        if let Some((source, pipe)) = &mut self.pipe {
            let keeps = keeps.filter(|_| self.end.is_none());
            let this = this.clone();
            *source = Some(Source::new(pipe, Interest::READABLE, keeps, Rc::new(move |_| go_on(&this)))?);
        }
        let this = this.clone();
        match &mut self.end {
            Some((source, end)) => {
                *source = Some(Source::new(end, Interest::READABLE, keeps, Rc::new(move |_| has_ended(&this)))?);
                Ok(())
            }
            None => event::defer(Box::new(move || go_on(&this))),
        }
    }

    /// Reads for one turn; whether there is no more for now.
    fn read(&mut self) -> bool {
        let mut part = vec![0; PART];
        for _ in 0..PARTS {
            let Some((_, pipe)) = &mut self.pipe else { return true };
            match pipe.read(&mut part) {
                Ok(0) => self.pipe = None,
                Ok(got) if self.output.len() + got > self.most => {
                    self.overflowed = true;
                    self.pipe = None;
                    self.output = Vec::new();
                    if self.status.is_none() {
                        let _ = kill_process_group(self.group, Signal::KILL);
                    }
                }
                Ok(got) => self.output.extend_from_slice(&part[..got]),
                Err(e) if e.kind() == Io::Interrupted => {}
                Err(e) if e.kind() == Io::WouldBlock => return true,
                Err(_) => self.pipe = None,
            }
        }
        // Others have their turn before the rest.
        if let Some((Some(source), pipe)) = &self.pipe
            && let Err(e) = source.set_interest(Interest::READABLE)
        {
            crate::log::error(format_args!(
                "cannot go on reading a command's output (descriptor {}): {e}",
                pipe.as_raw_fd()
            ));
        }
        self.pipe.is_none()
    }
}
