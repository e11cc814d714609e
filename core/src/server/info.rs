//! Plain records that a server hands out: ports, connections, figures.

use super::{PortId, SocketType};

/// A listening port.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PortInfo {
    /// its number
    pub id: PortId,
    /// host or path as given to `listen`
    pub host: String,
    /// the real port number, also when 0 was asked for; 0 for a Unix socket
    pub port: u16,
    /// kind of socket
    pub kind: SocketType,
    /// its descriptor in this process
    pub socket: i32,
}

/// What is known about a connection. Times are seconds since 1970.
#[derive(Debug, Clone, PartialEq)]
#[allow(missing_docs)]
pub struct ConnectionInfo {
    pub port: PortId,
    pub server_port: u16,
    pub server_fd: i32,
    pub socket_fd: i32,
    pub socket_type: SocketType,
    /// 0 for a Unix socket
    pub remote_port: u16,
    /// empty for a Unix socket
    pub remote_ip: String,
    pub reactor_id: i32,
    /// worker it is tied to; -1 if to none
    pub worker_id: i32,
    pub connect_time: f64,
    pub last_recv_time: f64,
    pub last_send_time: f64,
    pub last_dispatch_time: f64,
    /// errno, or a number of `ErrorKind`, that closed it; 0 while open or closed normally
    pub close_errno: i32,
    /// bytes read and not yet handed to a callback
    pub recv_queued_bytes: u64,
    /// bytes the client has not yet taken
    pub send_queued_bytes: u64,
    /// as given to `bind`
    pub uid: Option<i64>,
}

/// One figure of `stats()`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stat {
    /// its key in PHP's array
    pub name: &'static str,
    /// its value
    pub value: i64,
}

/// What a worker is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(i32)]
pub enum WorkerStatus {
    /// in a callback, or with messages waiting
    Busy = 1,
    /// waiting
    Idle = 2,
    /// leaving, or between its end and its successor
    Exit = 3,
}
