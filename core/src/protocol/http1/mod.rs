//! HTTP/1.0 and 1.1 (RFC 9110, RFC 9112), without sockets: requests and answers as bytes, for servers and clients.

pub mod brief;
pub mod status;

pub use brief::{Brief, Method};
