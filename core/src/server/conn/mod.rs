//! The socket side: whoever holds a connection's socket (a reactor thread; in BASE mode a worker)
//! accepts, reads, frames, writes and closes through this room, and hands what happened to an
//! [`Upstream`]: to a worker's ring, or straight to the callbacks.
//!
//! [`side`] is the state; nothing in it calls out. [`drive`] takes a step of it and then, with no
//! borrow held, tells the upstream: a callback may come back into the side at any time.

pub mod connection;
mod deadlines;
mod detached;
pub mod drive;
pub mod http;
pub mod linger;
pub mod side;
pub mod step;
pub mod sweep;
mod tls;
mod uploads;
pub mod websocket;
mod writing;

use crate::net::datagram;
use crate::protocol::http1::Brief;
use crate::server::{PortId, SessionId};

/// What became of something that was handed upstream.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use]
pub enum Accepted {
    /// taken
    Yes,
    /// taken, and it is the last for now: its source must not be read until `SocketSide::unstall`
    AndNoMore,
}

/// Where the events of connections go. Everything is taken; nothing can be refused.
pub trait Upstream {
    /// A connection was made.
    fn connected(&self, port: PortId, session: SessionId);
    /// Bytes, or a package, of a connection.
    fn data(&self, port: PortId, session: SessionId, bytes: &[u8]) -> Accepted;
    /// A request of a connection: `bytes` are head, body and lines of a trailer, as `brief` says.
    fn request(&self, port: PortId, session: SessionId, brief: &Brief, bytes: &[u8]) -> Accepted;
    /// A message of a WebSocket, or a control frame: its opcode, flags of `ipc::message::frame`, and data.
    fn frame(&self, port: PortId, session: SessionId, head: [u8; 2], data: &[u8]) -> Accepted;
    /// Whether data of the connection at `place` would be taken at once. If not, who says so also
    /// sees to `SocketSide::set_hold(STALLED, false)` when it would.
    fn has_room(&self, _place: usize) -> bool {
        true
    }
    /// A datagram.
    fn packet(&self, port: PortId, from: &datagram::Sender, bytes: &[u8]) -> Accepted;
    /// A connection is closed; who hears this answers with `SocketSide::close_heard`.
    fn closed(&self, port: PortId, session: SessionId, by_server: bool);
    /// A client's queue passed the high watermark.
    fn buffer_full(&self, port: PortId, session: SessionId);
    /// It fell to the low watermark.
    fn buffer_empty(&self, port: PortId, session: SessionId);
    /// `package_length_func`
    fn package_length(&self, port: PortId, bytes: &[u8]) -> isize;
    /// Whether nothing more may be handed up: this process is leaving.
    fn is_leaving(&self) -> bool;
}
