//! Clients of TCP, UDP and Unix sockets. [`Client`] waits for what it is asked for; [`AsyncClient`] tells by callbacks in the event
//! loop of its process. Both take [`Settings`]; the packet protocols are those of a server's ports.

mod asynchronous;
mod blocking;
pub mod http;
pub mod proxy;
mod settings;
mod socket;

use crate::net::address;
use socket2::SockAddr;

pub use asynchronous::{AsyncClient, AsyncEvents};
pub use blocking::{Client, RecvFlags, SendFlags};
pub use http::{HttpClient, HttpEvents};
pub use settings::Settings;

/// An address of one end of a connection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address {
    /// IP address in text, or the path of a Unix socket (empty if it has none)
    pub host: String,
    /// its port; 0 for a Unix socket
    pub port: u16,
}

impl From<&SockAddr> for Address {
    fn from(found: &SockAddr) -> Address {
        let (host, port) = address::in_words(found);
        Address { host, port }
    }
}

/// Which sides of a connection to end, with the numbers of shutdown(2).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(i32)]
pub enum How {
    /// no more is received
    Read = 0,
    /// no more is sent
    Write = 1,
    /// both
    Both = 2,
}
