//! What processes share: numbers, locks, queues and tables, for those forked after they were made.

mod atomic;
mod channel;
mod lock;
mod row;
mod table;

pub use atomic::*;
pub use channel::*;
pub use lock::*;
pub use row::*;
pub use table::*;

use swoole_core::error::Error;

/// An ETIMEDOUT.
fn timed_out(asked: &str) -> Error {
    Error::system(asked, &std::io::Error::from_raw_os_error(libc::ETIMEDOUT))
}

/// Handles of shared memory are used by several threads at once.
const _: () = {
    const fn by_any_thread<T: Send + Sync>() {}
    by_any_thread::<swoole_atomic>();
    by_any_thread::<swoole_atomic_long>();
    by_any_thread::<swoole_lock>();
    by_any_thread::<swoole_channel>();
    by_any_thread::<swoole_table>();
};
