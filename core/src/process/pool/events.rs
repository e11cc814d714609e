//! What a pool calls back, and what its start ends with.

use super::Pool;
use crate::event::Flow;

/// What a pool calls. Each method says in which process. A [`Flow::Leave`] ends that process with its code, and no further callback is run in it (in the
/// master: it ends the pool, and then the program).
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
    /// Whether `worker_start` does anything. Asked at the start.
    fn starts_workers(&self) -> bool {
        true
    }
}

/// A process of a pool is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PoolEnded {
    /// the master: all workers have ended
    Master {
        /// what a callback in the master wants the program to end with; 0: nothing
        exit_code: i32,
    },
    /// a worker, which has to end now with this exit code
    Worker {
        /// what to end with
        exit_code: i32,
    },
}
