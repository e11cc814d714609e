//! The oracle of requests, and what it needs.

pub use swoole_core::protocol::http1::brief::flag;
pub use swoole_core::protocol::http1::{Limits, Method, Reader, Step, lex, multipart};

#[path = "../../core/src/protocol/http1/tests/oracle.rs"]
pub mod oracle;
