//! A process of the program's own: made, forked, talked to.

use super::pipe::{End, Pipe, PipeType};
use super::queue::ProcessQueue;
use crate::error::Result;
use crate::sys::process::Forked;
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
#[derive(Debug)]
pub struct Process {}

impl Process {
    /// Makes it, with its pipe. Errors: no descriptor is left.
    pub fn new(options: ProcessOptions) -> Result<Process> {
        let _ = options;
        todo!()
    }

    /// Starts it by fork(2). In the child: it uses its end of the pipe, its standard streams are redirected if that was asked for, its loop is empty, no signal handler of the engine's
    /// is left, signals are unblocked. In the parent: the process's number. Errors: `WrongOperation` (started already), those of fork.
    pub fn fork(&mut self) -> Result<Forked> {
        todo!()
    }

    /// The running process becomes this one without a fork of ours (a server or a pool has forked it): as in the child of [`Process::fork`].
    pub fn enter(&mut self) -> Result<()> {
        todo!()
    }

    /// Its number; None before its start.
    pub fn pid(&self) -> Option<i32> {
        todo!()
    }

    /// Its pipe. Errors: `WrongOperation`, it has none, or it is closed.
    pub fn pipe(&self) -> Result<&Pipe> {
        todo!()
    }

    /// Closes a part of its pipe. Errors: `WrongOperation`, it is closed already or there is none.
    pub fn close(&mut self, part: Part) -> Result<()> {
        let _ = part;
        todo!()
    }

    /// At most so long a read or write of the pipe waits (None: as long as it takes), then its error is EAGAIN.
    pub fn set_timeout(&mut self, limit: Option<Duration>) -> Result<()> {
        let _ = limit;
        todo!()
    }

    /// Whether reads and writes of the pipe wait at all.
    pub fn set_blocking(&mut self, blocking: bool) -> Result<()> {
        let _ = blocking;
        todo!()
    }

    /// Gives it a message queue. To be called before the start.
    pub fn use_queue(&mut self, queue: ProcessQueue) {
        let _ = queue;
        todo!()
    }

    /// Its message queue. Errors: `WrongOperation`, it has none.
    pub fn queue(&self) -> Result<&ProcessQueue> {
        todo!()
    }
}
