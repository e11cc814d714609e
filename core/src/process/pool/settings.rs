//! What a pool is told before its start.

use std::time::Duration;

/// How messages come to the workers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PoolIpc {
    /// not at all: each worker does what `worker_start` does, runs its event loop until that is empty, ends and is replaced
    None,
    /// each worker has a socket; [`Pool::send_message`](super::Pool::send_message)
    UnixSocket,
    /// a System V queue of this key (0: private), from which whoever is free pops; other programs push. [`Pool::send_message`](super::Pool::send_message) pushes too
    MessageQueue(u32),
    /// a listening socket; each connection brings messages of 4 bytes of length (big-endian) and so many bytes, one after another
    Socket,
}

/// What a pool is told.
#[derive(Debug, Clone)]
pub struct PoolSettings {
    /// longest message, in bytes
    pub max_package_size: u32,
    /// how long a worker may take to leave before it is killed; more than a year is a year
    pub max_wait_time: Duration,
    /// whether the message queue is removed when the pool ends (a private one always is)
    pub free_queue: bool,
}

impl Default for PoolSettings {
    /// 2 MiB, 3 seconds, the queue stays.
    fn default() -> PoolSettings {
        PoolSettings { max_package_size: 2 << 20, max_wait_time: Duration::from_secs(3), free_queue: false }
    }
}
