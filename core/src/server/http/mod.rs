//! HTTP and WebSocket as a worker sees them: requests with their answers, frames, static files.
//!
//! The socket side has told where a request ends, and hands up the next of a connection when the answer is given; what
//! is here runs in workers, the same in both modes.

mod compress;
mod cookie;
pub(in crate::server) mod files;
mod handshake;
mod head;
pub mod mime;
pub(in crate::server) mod pool;
mod request;
mod response;
pub mod upload_file;
mod websocket;

pub use cookie::{Cookie, SameSite};
pub(in crate::server) use handshake::Handshake;
pub use request::Request;
pub use response::Response;

#[cfg(test)]
mod tests;
