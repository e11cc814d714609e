//! A process of the program's own: made, forked, talked to.

use super::pipe::{End, Pipe, PipeType};
use super::queue::ProcessQueue;
use crate::error::{Error, ErrorKind, Result};
use crate::event;
use crate::log;
use crate::sys::fd::take_stdin_and_stdout;
use crate::sys::process::{self, Forked};
use std::io;
use std::time::Duration;

/// How a process is to be made.
#[derive(Debug, Clone, Copy, Default)]
pub struct ProcessOptions {
    /// its standard input and output are its end of the pipe, which is a stream then
    pub redirected: bool,
    /// the pipe to it; None: it has none
    pub pipe: Option<PipeType>,
}

/// Which part of a pipe to close.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// both ends, as far as this process has them
    All,
    /// one end
    End(End),
    /// nothing more can be read here, and the other end is told (shutdown(2))
    Read,
    /// nothing more can be written here, and the other end is told
    Write,
}

/// A process, before and after its start: in its parent, in itself, and in its siblings. Belongs to one thread.
///
/// Dropping it in its parent closes the pipe; the process itself goes on, and is waited for by [`super::control::wait`].
#[derive(Debug)]
pub struct Process {
    redirected: bool,
    pipe: Option<Pipe>,
    queue: Option<ProcessQueue>,
    pid: Option<i32>,
    /// it runs, has run, or somebody else sees to that
    started: bool,
}

impl Process {
    /// Makes it, with its pipe, which can be written to at once. Errors: no descriptor is left; `InvalidParams` (standard streams without
    /// a stream pipe).
    pub fn new(options: ProcessOptions) -> Result<Process> {
        if options.redirected && options.pipe != Some(PipeType::Stream) {
            return Err(Error::new(
                ErrorKind::InvalidParams,
                "a process whose standard input and output are its pipe needs a pipe that is a stream",
            ));
        }
        let pipe = options.pipe.map(Pipe::new).transpose()?;
        Ok(Process { redirected: options.redirected, pipe, queue: None, pid: None, started: false })
    }

    /// One that somebody else forks, keeps alive and waits for; `pid` None: not at this moment.
    pub(crate) fn of_pool(pid: Option<i32>, pipe: Option<Pipe>) -> Process {
        Process { redirected: false, pipe, queue: None, pid, started: true }
    }

    /// Starts it by fork(2). In the child: it uses its end of the pipe, its standard streams are redirected if that was asked for, its
    /// loop is empty, no signal handler of the engine's is left, and what a server's process ignores is not ignored; the same signals are
    /// blocked as in the parent. SIGCHLD is never ignored, so it can wait for children of its own. In the parent: the process's number.
    /// Its end of the pipe is open in the child only from now on. The program may have threads of the engine's; they are not in the child.
    /// Errors: `WrongOperation` (started already), those of fork.
    pub fn fork(&mut self) -> Result<Forked> {
        self.must_be_new()?;
        let of_a_server = event::is_joined();
        let forked = fork().map_err(|found| {
            let error = Error::system("cannot start a process", &found);
            match found.raw_os_error() {
                Some(libc::EAGAIN) => {
                    error.with_hint("; there are as many as are allowed (ulimit -u, or pids.max of the control group)")
                }
                _ => error,
            }
        })?;
        match forked {
            Forked::Child => {
                if of_a_server {
                    log::set_identity('-', -1);
                }
                self.become_it();
            }
            Forked::Parent(pid) => {
                (self.pid, self.started) = (Some(pid), true);
                if let Some(pipe) = &mut self.pipe {
                    pipe.let_go_of_worker();
                }
            }
        }
        Ok(forked)
    }

    /// The running process becomes this one without a fork of ours (a server or a pool has forked it): pipe and standard streams are as in
    /// the child of [`Process::fork`]. The signals are left to whoever has forked. Errors: `WrongOperation`, it has started.
    pub fn enter(&mut self) -> Result<()> {
        self.must_be_new()?;
        self.become_it();
        Ok(())
    }

    fn must_be_new(&self) -> Result<()> {
        if !self.started {
            return Ok(());
        }
        let number = self.pid.map_or(String::new(), |pid| format!(", as process {pid}"));
        Err(Error::new(
            ErrorKind::WrongOperation,
            format!("this process has started already{number}; make another one to start it again"),
        ))
    }

    fn become_it(&mut self) {
        (self.pid, self.started) = (Some(process::pid()), true);
        let Some(pipe) = &mut self.pipe else { return };
        pipe.become_worker();
        if self.redirected
            && let Ok(end) = pipe.descriptor()
            && let Err(found) = take_stdin_and_stdout(end)
        {
            // There is nobody else to tell: for the parent the start has succeeded.
            log::error(format_args!("cannot make a process's pipe its standard input and output: {found}"));
        }
    }

    /// Its number; None before its start.
    pub fn pid(&self) -> Option<i32> {
        self.pid
    }

    /// Whether its standard input and output are its pipe.
    pub fn is_redirected(&self) -> bool {
        self.redirected
    }

    /// Its pipe. Errors: `WrongOperation`, it has none. (One that is closed says so when it is used.)
    pub fn pipe(&self) -> Result<&Pipe> {
        self.pipe.as_ref().ok_or_else(no_pipe)
    }

    fn pipe_mut(&mut self) -> Result<&mut Pipe> {
        self.pipe.as_mut().ok_or_else(no_pipe)
    }

    /// Closes a part of its pipe. Errors: `WrongOperation`, it is closed already or there is none.
    pub fn close(&mut self, part: Part) -> Result<()> {
        let pipe = self.pipe_mut()?;
        match part {
            Part::All => pipe.close(),
            Part::End(end) => pipe.close_end(end),
            Part::Read => pipe.shut_down(true),
            Part::Write => pipe.shut_down(false),
        }
    }

    /// At most so long a read or write of this process's end of the pipe waits (None: as long as it takes), then its error is EAGAIN.
    /// Errors: `WrongOperation` (closed, none), `InvalidParams` (no time at all).
    pub fn set_timeout(&mut self, limit: Option<Duration>) -> Result<()> {
        self.pipe_mut()?.set_timeout(limit)
    }

    /// Whether reads and writes of this process's end of the pipe wait at all.
    pub fn set_blocking(&mut self, blocking: bool) -> Result<()> {
        self.pipe()?.set_blocking(blocking)
    }

    /// Gives it a message queue. To be called before the start, so that both sides have it.
    pub fn use_queue(&mut self, queue: ProcessQueue) {
        self.queue = Some(queue);
    }

    /// Its message queue. Errors: `WrongOperation`, it has none.
    pub fn queue(&self) -> Result<&ProcessQueue> {
        self.queue.as_ref().ok_or_else(|| {
            Error::new(ErrorKind::WrongOperation, "this process has no message queue; give it one before it is started")
        })
    }
}

/// Forks for the program, while no thread of the engine's writes to the log.
pub(super) fn fork() -> io::Result<Forked> {
    let _held = log::hold();
    process::fork_for_program()
}

fn no_pipe() -> Error {
    Error::new(
        ErrorKind::WrongOperation,
        "this process was made without a pipe; make it with one of the types stream (1) or datagram (2)",
    )
}
