//! Processes of the program's own: one by one (`swoole_process`) or in a pool (`swoole_pool`), and what is done to processes.

mod child;
mod control;
mod pool;
mod pool_events;
mod queue;

pub use child::*;
pub use control::*;
pub use pool::*;
pub(crate) use pool_events::Callbacks as PoolCallbacks;
pub use pool_events::*;
pub use queue::*;
