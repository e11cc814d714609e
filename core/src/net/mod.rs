//! Sockets: [`SocketType`] names their kinds, [`address`] finds where to bind, [`listener`] binds, [`outgoing`] holds what a
//! peer has not taken yet, [`datagram`] sends and receives single messages, [`framing`] makes a protocol of options, [`options`] sets those of a socket, [`file`] opens what is to be sent of a file, [`tls`] encrypts.

pub mod address;
pub mod datagram;
pub mod file;
pub mod framing;
mod kind;
pub mod listener;
pub mod options;
pub mod outgoing;
pub mod tls;

pub use kind::SocketType;
