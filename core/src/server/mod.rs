//! The server: what a program holds, and the order in which a server comes up.

mod events;
mod info;
mod shared;

pub use events::{DispatchChoice, DispatchKind, Event, Flow, Packet, ServerEvents, WorkerFailure};
pub use info::{ConnectionInfo, PortInfo, Stat, WorkerStatus};

use crate::config::{Value, Warning};
use crate::error::Result;
use std::rc::Rc;

/// Number of a connection: positive, 64 bit, never given twice within a server's life. PHP calls it `$fd`.
pub type SessionId = i64;
/// Number of a listening port, from 0 in the order of `listen`.
pub type PortId = usize;

/// How the server's processes share the work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(i32)]
pub enum Mode {
    /// Each worker accepts, reads and writes by itself.
    Base = 1,
    /// Reactor threads of the master own the connections; workers get whole messages.
    Process = 2,
}

/// The kinds of socket a server listens on, with their numbers in PHP and C.
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
}

/// What a process of the server is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// not started
    Idle,
    /// owns the sockets (PROCESS), or keeps the workers alive (BASE: master and manager are one)
    Master,
    /// keeps the workers alive
    Manager,
    /// runs the callbacks
    Worker(i32),
}

/// How [`Server::start`] ended in this process.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use]
pub struct Ended {
    /// what this process was: anything but `Master` is a forked child, whose caller must end the
    /// process now, with `exit_code`, and must not go on with the program
    pub role: Role,
    /// the code to exit with
    pub exit_code: i32,
}

/// A server: created, configured, started, and then the handle through which callbacks act.
/// Cheap to clone; all clones are one server. Stays on the thread that made it.
#[derive(Clone)]
pub struct Server(Rc<()>);

#[allow(unused_variables, missing_docs)]
impl Server {
    /// Makes a server without a port. Errors: `OnlyStartOne` if this process already has one.
    pub fn new(mode: Mode) -> Result<Server> {
        todo!()
    }

    // ---- before start
    /// Binds a further port; the first one is the primary port. `host` is an address, a name, or a
    /// path; `port` 0 takes a free one, which [`Server::port_info`] tells.
    pub fn listen(&self, host: &str, port: i64, kind: SocketType) -> Result<PortId> {
        todo!()
    }
    /// Sets one option; a port option goes to the primary port. `Ok` may carry warnings (unknown
    /// name, clamped value). `Err`: the value was not taken, and `start` will refuse.
    pub fn set(&self, name: &str, value: &Value) -> Result<Vec<Warning>> {
        todo!()
    }
    /// Sets one option of one port. Once called for a port, it no longer inherits the primary's settings.
    pub fn set_port(&self, port: PortId, name: &str, value: &Value) -> Result<Vec<Warning>> {
        todo!()
    }
    /// Runs the server. Returns in the master when it has shut down, and in each forked process
    /// when that process must end: see [`Ended`].
    pub fn start(&self, events: Rc<dyn ServerEvents>) -> Result<Ended> {
        todo!()
    }

    // ---- to connections; from any worker to any connection
    /// Queues `data` for the client.
    pub fn send(&self, session: SessionId, data: &[u8]) -> Result<()> {
        todo!()
    }
    /// Sends and returns once the kernel has taken everything.
    pub fn send_wait(&self, session: SessionId, data: &[u8]) -> Result<()> {
        todo!()
    }
    /// Queues a part of a file; `length` 0 means to its end.
    pub fn send_file(&self, session: SessionId, path: &[u8], offset: u64, length: u64) -> Result<()> {
        todo!()
    }
    /// Sends a datagram. `address` is an IP address or the path of a Unix socket; `server_socket` the
    /// descriptor of one of this server's datagram ports, or None for the first that fits.
    pub fn send_to(&self, address: &str, port: u16, data: &[u8], server_socket: Option<i32>) -> Result<()> {
        todo!()
    }
    /// Closes a connection; what is queued is sent first, unless `reset`.
    pub fn close(&self, session: SessionId, reset: bool) -> Result<()> {
        todo!()
    }
    pub fn exists(&self, session: SessionId) -> bool {
        todo!()
    }
    pub fn protect(&self, session: SessionId, on: bool) -> Result<()> {
        todo!()
    }
    pub fn confirm(&self, session: SessionId) -> Result<()> {
        todo!()
    }
    pub fn pause(&self, session: SessionId) -> Result<()> {
        todo!()
    }
    pub fn resume(&self, session: SessionId) -> Result<()> {
        todo!()
    }
    /// Ties a user's number to a connection (dispatch mode 5). Errors if it already has one.
    pub fn bind(&self, session: SessionId, uid: i64) -> Result<()> {
        todo!()
    }
    /// With `ignore_close` also for a connection that is closed but whose close event is still to come.
    pub fn connection_info(&self, session: SessionId, ignore_close: bool) -> Result<ConnectionInfo> {
        todo!()
    }
    /// Up to `count` (at most 100) open sessions behind `start` (0: from the first). `port`: only of that port.
    pub fn connection_list(&self, start: SessionId, count: usize, port: Option<PortId>) -> Result<Vec<SessionId>> {
        todo!()
    }
    /// Number of open connections, of one port or of all.
    pub fn connection_count(&self, port: Option<PortId>) -> usize {
        todo!()
    }
    /// Sessions that are silent for longer than their heartbeat_idle_time; closes them if asked.
    /// Errors: `WrongOperation` when no heartbeat is configured.
    pub fn heartbeat(&self, close: bool) -> Result<Vec<SessionId>> {
        todo!()
    }

    // ---- the server as a whole
    pub fn reload(&self) -> Result<()> {
        todo!()
    }
    pub fn shutdown(&self) -> Result<()> {
        todo!()
    }
    /// Lets a worker leave gracefully (None: this one); it is replaced.
    pub fn stop(&self, worker_id: Option<i32>) -> Result<()> {
        todo!()
    }
    pub fn stats(&self) -> Vec<Stat> {
        todo!()
    }
    pub fn role(&self) -> Role {
        todo!()
    }
    pub fn mode(&self) -> Mode {
        todo!()
    }
    pub fn ports(&self) -> Vec<PortInfo> {
        todo!()
    }
    pub fn port_info(&self, port: PortId) -> Result<PortInfo> {
        todo!()
    }
    /// This process's worker number; None outside workers.
    pub fn worker_id(&self) -> Option<i32> {
        todo!()
    }
    /// 0 before start.
    pub fn master_pid(&self) -> i32 {
        todo!()
    }
    pub fn manager_pid(&self) -> i32 {
        todo!()
    }
    pub fn worker_pid(&self, worker_id: i32) -> Result<i32> {
        todo!()
    }
    pub fn worker_status(&self, worker_id: i32) -> Result<WorkerStatus> {
        todo!()
    }
    /// Whether start was called.
    pub fn is_started(&self) -> bool {
        todo!()
    }
}
