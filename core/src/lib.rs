//! Network engine of swoole-rs.

// A loom model (`RUSTFLAGS="--cfg loom"`) needs the rings only, and the other rooms need real shared memory.
#[cfg(not(loom))]
pub mod aio;
#[cfg(not(loom))]
pub mod buffer;
#[cfg(not(loom))]
pub mod client;
#[cfg(not(loom))]
pub mod config;
pub mod error;
#[cfg(not(loom))]
pub mod event;
#[cfg(not(loom))]
pub mod ipc;
#[cfg(not(loom))]
pub mod log;
#[cfg(not(loom))]
pub mod mmap;
#[cfg(not(loom))]
pub mod net;
#[cfg(not(loom))]
pub mod process;
#[cfg(not(loom))]
pub mod protocol;
#[cfg(not(loom))]
pub mod server;
pub mod shm;
#[cfg(not(loom))]
pub mod sys;

/// This project's version, as `SWOOLE_VERSION` and `swoole_version()` give it.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");
