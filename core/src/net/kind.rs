//! Kinds of sockets.

use super::address::Family;

/// The kinds of socket of servers and clients, with their numbers in PHP and C.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(i32)]
#[allow(missing_docs)]
pub enum SocketType {
    Tcp = 1,
    Udp = 2,
    Tcp6 = 3,
    Udp6 = 4,
    UnixStream = 5,
    UnixDgram = 6,
}

impl SocketType {
    /// The kind with that number.
    pub fn from_number(n: i64) -> Option<SocketType> {
        use SocketType::*;
        [Tcp, Udp, Tcp6, Udp6, UnixStream, UnixDgram].into_iter().find(|k| *k as i64 == n)
    }
    /// Whether messages come as datagrams (event packet, not connect, receive and close).
    pub fn is_datagram(self) -> bool {
        matches!(self, SocketType::Udp | SocketType::Udp6 | SocketType::UnixDgram)
    }
    /// Whether the address is a path.
    pub fn is_unix(self) -> bool {
        matches!(self, SocketType::UnixStream | SocketType::UnixDgram)
    }
    /// The address family of this kind of socket.
    pub fn family(self) -> Family {
        match self {
            SocketType::Tcp | SocketType::Udp => Family::V4,
            SocketType::Tcp6 | SocketType::Udp6 => Family::V6,
            SocketType::UnixStream | SocketType::UnixDgram => Family::Unix,
        }
    }
}
