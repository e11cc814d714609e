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
    /// its connections begin with a TLS handshake
    pub tls: bool,
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
    /// at a port for WebSockets: how far it is, see [`WebSocketStatus`]
    pub websocket_status: Option<WebSocketStatus>,
    /// as given to `bind`
    pub uid: Option<i64>,
    /// what the client has shown, as text (PEM), on a port that asks for it
    pub client_certificate: Option<String>,
}

/// How far a connection at a port for WebSockets is; the numbers are PHP's `WEBSOCKET_STATUS_*`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(i32)]
pub enum WebSocketStatus {
    /// it speaks HTTP
    Connection = 1,
    /// it has asked for a WebSocket, and is not answered yet
    Handshake = 2,
    /// it is an open WebSocket
    Active = 3,
    /// the server has sent a close frame
    Closing = 4,
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

/// What a process among the workers is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(i32)]
pub enum WorkerKind {
    /// serves connections
    Event = 0,
    /// does tasks
    Task = 1,
    /// runs a function of the program's own
    User = 2,
}

impl WorkerKind {
    /// Its name, as in the log.
    pub fn title(self) -> &'static str {
        ["worker", "task worker", "user process"][self as usize]
    }

    /// Its name, as in the figures.
    pub fn name(self) -> &'static str {
        ["event", "task", "user"][self as usize]
    }
}

/// The figures of one worker, task worker or user process. Counters go on over all processes of its number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WorkerFigures {
    /// its number
    pub id: i32,
    /// its process; 0: there is none just now
    pub pid: i32,
    /// what it is for
    pub kind: WorkerKind,
    /// what it is doing
    pub status: WorkerStatus,
    /// messages, datagrams and tasks that it has begun to handle
    pub requests: u64,
    /// answers it gave
    pub responses: u64,
    /// microseconds in which it did not sleep
    pub busy_micros: u64,
    /// microseconds for which its present callback has been running; 0: none is
    pub busy_for: u64,
    /// messages that wait for it
    pub queue_depth: u64,
    /// bytes that wait in its rings
    pub ring_used: u64,
    /// bytes that its rings hold
    pub ring_capacity: u64,
    /// tasks that it gave and that are not done
    pub tasking: u64,
    /// how many of its processes have ended
    pub restarts: u64,
}

impl WorkerFigures {
    /// Messages that it is handling or that wait for it.
    pub fn concurrency(&self) -> u64 {
        self.queue_depth + u64::from(self.status == WorkerStatus::Busy)
    }
}
