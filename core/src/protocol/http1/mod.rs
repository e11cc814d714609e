//! HTTP/1.0 and 1.1 (RFC 9110, RFC 9112), without sockets: requests and answers as bytes, for servers and clients.

pub mod brief;
mod fields;

pub use brief::{Brief, Method};
pub use fields::Fields;
