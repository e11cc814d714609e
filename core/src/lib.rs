//! Network engine of swoole-rs.

pub mod config;
pub mod error;
pub mod log;
pub mod server;

/// This project's version, as `SWOOLE_VERSION` and `swoole_version()` give it.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");
