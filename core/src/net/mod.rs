//! Sockets: [`address`] finds where to bind, [`listener`] binds, [`outgoing`] holds what a client has not
//! taken yet, [`datagram`] sends and receives single messages.

pub mod address;
pub mod datagram;
pub mod listener;
pub mod outgoing;
