//! A pool: workers that a master keeps alive, and ways to send them messages.
//!
//! Runs in: pool master and pool workers.

use super::child::Process;
use crate::error::Result;
use crate::event::Flow;
use std::time::Duration;

/// How messages come to the workers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PoolIpc {
    /// not at all: each worker does what `worker_start` does, and is replaced when that returns
    None,
    /// each worker has a socket; `send_message`
    UnixSocket,
    /// a System V queue of this key (0: private), from which whoever is free pops; other programs push. `send_message` pushes too
    MessageQueue(u32),
    /// a listening socket; each connection brings messages of 4 bytes of length (big-endian) and so many bytes
    Socket,
}

/// What a pool is told.
#[derive(Debug, Clone)]
pub struct PoolSettings {
    /// longest message, in bytes
    pub max_package_size: u32,
    /// how long a worker may take to leave before it is killed
    pub max_wait_time: Duration,
    /// whether the message queue is removed when the pool ends (a private one always is)
    pub free_queue: bool,
}

/// What a pool calls. Each method says in which process.
pub trait PoolEvents {
    /// The master is up, its workers are forked. Runs in: pool master.
    fn start(&self, pool: &Pool) -> Flow;
    /// All workers have ended. Runs in: pool master.
    fn shutdown(&self, pool: &Pool) -> Flow;
    /// A worker begins. Where no messages come (or it wants to do other things) it may stay in here as long as it likes, looking at [`Pool::is_running`]. Runs in: pool worker.
    fn worker_start(&self, pool: &Pool, worker: usize) -> Flow;
    /// A worker ends. Runs in: pool worker.
    fn worker_stop(&self, pool: &Pool, worker: usize) -> Flow;
    /// A message has come. Runs in: pool worker.
    fn message(&self, pool: &Pool, data: &[u8]) -> Flow;
    /// Whether there is somebody to give messages to: else no worker waits for any. Asked at the start.
    fn takes_messages(&self) -> bool;
}

/// A process of a pool is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PoolEnded {
    /// the master: all workers have ended
    Master,
    /// a worker, which has to end now with this exit code
    Worker {
        /// what to end with
        exit_code: i32,
    },
}

/// A pool. Clones are the same one.
#[derive(Debug, Clone)]
pub struct Pool {}

impl Pool {
    /// A pool of `workers` workers. Errors: `InvalidParams` (0, or more than 10,000).
    pub fn new(workers: usize, ipc: PoolIpc) -> Result<Pool> {
        let _ = (workers, ipc);
        todo!()
    }
    /// Before the start. Errors: `WrongOperation`, it has started.
    pub fn set(&self, settings: PoolSettings) -> Result<()> {
        let _ = settings;
        todo!()
    }
    /// Listens: `host` an address (IPv4, IPv6) with `port`, or `unix:/path`. Errors: `WrongOperation` (not a socket pool, or started), those of bind.
    pub fn listen(&self, host: &str, port: u16, backlog: i32) -> Result<()> {
        let _ = (host, port, backlog);
        todo!()
    }
    /// Runs it until it is stopped: by [`Pool::shutdown`] or SIGTERM (SIGINT); SIGUSR1 replaces the workers one after another. Returns in every process of the pool: a worker has to end then, with the code that it is given. Errors: `WrongOperation` (started already; a server or a loop runs in this process; nothing to do: neither worker_start nor message), no socket to listen on.
    pub fn start(&self, events: std::rc::Rc<dyn PoolEvents>) -> Result<PoolEnded> {
        let _ = events;
        todo!()
    }
    /// Answers the connection whose message is being handled; the connection is closed after the callback. Runs in: pool worker, within `message`, socket pools. Errors: `WrongOperation`, EPIPE.
    pub fn write(&self, data: &[u8]) -> Result<()> {
        let _ = data;
        todo!()
    }
    /// Sends a message to a worker. From any process of the pool. Waits while that worker's socket is full, for at most a second. Errors: `InvalidParams` (no such worker, too long), `QueueFull`, `WrongOperation` (a pool without messages).
    pub fn send_message(&self, worker: usize, data: &[u8]) -> Result<()> {
        let _ = (worker, data);
        todo!()
    }
    /// The pool lets this worker go its own way and puts another in its place; it ends when it likes. Runs in: pool worker.
    pub fn detach(&self) -> Result<()> {
        todo!()
    }
    /// This worker ends after the present callback (and is replaced). Runs in: pool worker. In the master: as shutdown.
    pub fn stop(&self) -> Result<()> {
        todo!()
    }
    /// Ends the pool. From any of its processes.
    pub fn shutdown(&self) -> Result<()> {
        todo!()
    }
    /// Whether this process is to go on: false once it was told to leave.
    pub fn is_running(&self) -> bool {
        todo!()
    }
    /// The master's number; None before the start.
    pub fn master_pid(&self) -> Option<i32> {
        todo!()
    }
    /// The number of this worker from 0; None in the master.
    pub fn worker_id(&self) -> Option<usize> {
        todo!()
    }
    /// The process number of a worker now; None: it is being replaced.
    pub fn worker_pid(&self, worker: usize) -> Option<i32> {
        let _ = worker;
        todo!()
    }
    /// Workers.
    pub fn size(&self) -> usize {
        todo!()
    }
    /// A worker as a process with its pipe (which is its socket in a Unix socket pool): for `write` and the like. Errors: `InvalidParams`, no such worker; `WrongOperation`, not started.
    pub fn process(&self, worker: usize) -> Result<Process> {
        let _ = worker;
        todo!()
    }
}
