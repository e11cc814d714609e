//! Network engine of swoole-rs.

pub mod config;
pub mod error;
<<<<<<< HEAD
pub mod ipc;
pub mod net;
=======
pub mod protocol;
>>>>>>> 1389ddcc5fd56d10f730c3697ccf33c1f432063e
pub mod server;
pub mod shm;
pub mod sys;

/// This project's version, as `SWOOLE_VERSION` and `swoole_version()` give it.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");
