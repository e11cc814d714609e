//! Network engine of swoole-rs.

pub mod config;
pub mod error;
pub mod event;
pub mod ipc;
pub mod log;
pub mod net;
pub mod protocol;
pub mod server;
pub mod shm;
pub mod sys;

/// This project's version, as `SWOOLE_VERSION` and `swoole_version()` give it.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");
