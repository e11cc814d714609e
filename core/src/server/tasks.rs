//! What a process of the server may ask of another: tasks, answers, messages, and user processes.

use super::Server;
use super::mail::{Data, FinishFn, OwnedData, Ticket};
use crate::error::{Error, ErrorKind, Result};
use std::time::Duration;

fn later<T>() -> Result<T> {
    Err(Error::new(ErrorKind::OperationNotSupport, "not built yet"))
}

/// In a worker, task worker or user process.
impl Server {
    /// Gives a task to the task workers: to the one with number `to` (from 0), else to the first that is free. Its number.
    /// Each answer goes to `callback`, or to the event finish. A task worker must give a callback. Errors: `QueueFull`; there are no
    /// task workers, or none of that number; the process has none that could hear an answer; the data is too long, or cannot be written to
    /// `task_tmpdir`.
    pub fn task(&self, _data: Data<'_>, _to: Option<i64>, _callback: Option<FinishFn>) -> Result<i64> {
        later()
    }

    /// Gives a task and waits for its first answer. None: `timeout` was over, or it ended without one; an answer that comes late
    /// is dropped and counted. Errors as [`Server::task`].
    pub fn task_wait(&self, _data: Data<'_>, _timeout: Duration, _to: Option<i64>) -> Result<Option<OwnedData>> {
        later()
    }

    /// Gives several tasks (at most 1024) and waits for all, as [`Server::task_wait`]; the answers in the order of the tasks, None for each that
    /// did not come in time.
    pub fn task_wait_multi(&self, _tasks: &[Data<'_>], _timeout: Duration) -> Result<Vec<Option<OwnedData>>> {
        later()
    }

    /// Sends a message to worker, task worker or user process `to` (numbers as [`Server::worker_id`]): event pipe message
    /// there. From any process, master and manager included. Errors: no such process; this very process; `QueueFull`.
    pub fn send_message(&self, _data: Data<'_>, _to: i64) -> Result<()> {
        later()
    }
}

/// In a task worker.
impl Server {
    /// Answers the task that is being done, or the kept task `ticket`. May be called several times. Errors: no task is being done here;
    /// nobody waits for an answer.
    pub fn finish(&self, _ticket: Option<&Ticket>, _data: Data<'_>) -> Result<()> {
        later()
    }

    /// Leaves the task that is being done open when its callback returns, until [`Server::end_task`]. Where no task is being done this
    /// does nothing.
    pub fn keep_task(&self) {}

    /// A kept task will get no (further) answer.
    pub fn end_task(&self, _ticket: &Ticket) {}
}

/// Before the start.
impl Server {
    /// Adds a user process; its index, from 0. Its number among the workers is that plus `worker_num` and `task_worker_num`. Its function is
    /// `ServerEvents::user_process`. Errors: the server has started.
    pub fn add_process(&self) -> Result<usize> {
        later()
    }
}
