//! One connection as its owner holds it.

use super::http::Http;
use super::websocket::WebSocket;
use crate::net::outgoing::OutQueue;
use crate::net::tls::Channel;
use crate::protocol::Progress;
use crate::server::{PortId, SessionId};
use socket2::Socket;

/// How far a connection is in its life.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// open both ways
    Open,
    /// nothing more is read; workers are told, and may still answer what was read before
    Ending,
    /// what is queued goes out, then the socket is closed
    Finishing,
    /// the socket is closed; the place is kept until workers have heard of it
    Closed,
}

/// Which workers have been given messages of a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Touched {
    /// none yet
    Nobody,
    /// one
    One(u16),
    /// several
    Many,
}

/// Bits that say why a connection is not being read.
pub mod hold {
    /// `pause`
    pub const PAUSED: u8 = 1;
    /// `enable_delay_receive`, until `confirm`
    pub const UNCONFIRMED: u8 = 2;
    /// its worker's ring is full
    pub const STALLED: u8 = 4;
    /// `max_queued_bytes` wait in its worker
    pub const QUEUED: u8 = 8;
    /// a request is unanswered
    pub const ANSWERING: u8 = 16;
    /// its client has not taken the answer before
    pub const UNSENT: u8 = 32;
    /// its worker is behind
    pub const BEHIND: u8 = STALLED | QUEUED;
}

/// A connection. Small while it is idle: buffers exist only while they hold something.
#[derive(Debug)]
pub struct Connection {
    /// None once it is closed
    pub socket: Option<Socket>,
    /// its number
    pub session: SessionId,
    /// listening port
    pub port: PortId,
    /// how far it is
    pub stage: Stage,
    /// why it is not read; 0: it is
    pub held: u8,
    /// the kernel said that there is something to read, and we have not read to the end of it
    pub unread: bool,
    /// the kernel said that the stream ends: it is read until that is seen, for it will not say so again
    pub hangup: bool,
    /// it stands in the list of those to read
    pub listed: bool,
    /// workers have been told that it ends
    pub end_told: bool,
    /// it ends because the server wants it to
    pub by_server: bool,
    /// someone waits for the queue to be written
    pub tell_flushed: bool,
    /// which workers must hear of its end
    pub touched: Touched,
    /// how many of them have not yet said that they have
    pub unheard: u16,
    /// received and not yet delivered
    pub input: Vec<u8>,
    /// what is known about `input`
    pub progress: Progress,
    /// it ends since its client broke the protocol, who may be amid sending
    pub refused: bool,
    /// its port speaks HTTP
    pub http: Option<Box<Http>>,
    /// it has become a WebSocket; then it does not speak HTTP any more
    pub websocket: Option<Box<WebSocket>>,
    /// its port is one of TLS
    pub tls: Option<Box<Channel>>,
    /// its handshake is not over: nobody has heard of it
    pub untold: bool,
    /// what the client has not taken; empty where only records of TLS wait for it
    pub output: Option<Box<OutQueue>>,
    /// since when it has taken nothing, microseconds since 1970
    pub stuck_since: u64,
}

impl Connection {
    /// A new one.
    pub fn new(socket: Socket, session: SessionId, port: PortId) -> Connection {
        Connection {
            socket: Some(socket),
            session,
            port,
            stage: Stage::Open,
            held: 0,
            unread: false,
            hangup: false,
            listed: false,
            end_told: false,
            by_server: false,
            tell_flushed: false,
            touched: Touched::Nobody,
            unheard: 0,
            input: Vec::new(),
            progress: Progress::default(),
            refused: false,
            http: None,
            websocket: None,
            tls: None,
            untold: false,
            output: None,
            stuck_since: 0,
        }
    }

    /// Whether its socket may be read now.
    pub fn is_readable(&self) -> bool {
        self.stage == Stage::Open && self.held == 0
    }

    /// Bytes of something that is not whole yet.
    pub fn half_received(&self) -> usize {
        self.input.len() + self.websocket.as_ref().map_or(0, |socket| socket.half_received())
    }

    /// Bytes that wait for the client.
    pub fn queued(&self) -> u64 {
        self.output.as_ref().map_or(0, |o| o.queued() + self.tls.as_ref().map_or(0, |tls| tls.unsent() as u64))
    }
}
