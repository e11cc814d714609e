//! Processes that a program makes itself: one by one ([`Process`]) or in a [`Pool`]; what it does to processes ([`control`]).

pub mod control;

mod child;
mod pipe;
mod pool;
mod queue;
pub(crate) mod respawn;

pub use child::{Part, Process, ProcessOptions};
pub use pipe::{End, Pipe, PipeType};
pub use pool::{Pool, PoolEnded, PoolEvents, PoolIpc, PoolSettings};
pub use queue::{ProcessQueue, QueueKey, QueueMode};

#[cfg(test)]
mod tests;
