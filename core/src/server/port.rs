//! A listening port as the running server uses it: its socket, its protocol, what it wants to hear of.

use crate::config::PortSettings;
use crate::error::{Error, Result};
use crate::log;
use crate::net::tls::ServerTls;
use crate::net::{SocketType, options};
use crate::protocol::Protocol;
use crate::protocol::http1::reader::Limits;
use crate::sys::process::Identity;
use crate::sys::sockopt;
use socket2::Socket;
use std::io;
use std::path::PathBuf;
use std::time::Duration;

/// What a port's callbacks want to hear of.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct Wants {
    pub connect: bool,
    pub close: bool,
    pub buffer_full: bool,
    pub buffer_empty: bool,
    pub request: bool,
    pub handshake: bool,
    pub before_handshake: bool,
    pub open: bool,
    pub message: bool,
    pub disconnect: bool,
}

/// What requests of a port may have and take.
#[derive(Debug)]
pub struct HttpPort {
    /// what they may have
    pub limits: Limits,
    /// until their head has to be there, from their first byte on, or for the first one from the connection's begin; 0: no limit
    pub head_timeout: Duration,
    /// how long they may take as a whole, and a second more for each so many bytes of a body ([`SLOWEST`]); 0: no limit
    pub body_timeout: Duration,
    /// how long a connection may wait between two of them; 0: no limit
    pub keepalive_timeout: Duration,
    /// how long one that was detached waits for somebody to take it up when its worker has left; 0: no limit
    pub detach_timeout: Duration,
    /// where files of long forms go; None: such forms are not taken
    pub uploads: Option<Uploads>,
}

impl HttpPort {
    /// All of its times.
    pub fn timeouts(&self) -> [Duration; 4] {
        [self.head_timeout, self.body_timeout, self.keepalive_timeout, self.detach_timeout]
    }
}

/// Where files of forms go.
#[derive(Debug)]
pub struct Uploads {
    /// the directory, for who holds the sockets
    pub directory: PathBuf,
    /// the same for workers, which may have another root directory
    pub shown: PathBuf,
    /// user and group that workers run as, if they are not those of who holds the sockets
    pub owner: Identity,
}

/// Bytes of a request's body that have to come in a second at least, after `http_body_timeout`.
pub const SLOWEST: u64 = 500;

impl Wants {
    /// Whether there is a callback for the end of a connection that was a WebSocket, or was none.
    pub fn end(&self, was_websocket: bool) -> bool {
        self.close || (self.disconnect && !was_websocket)
    }
}

/// One listening port. Read-only once the server runs, so reactor threads share it.
#[derive(Debug)]
pub struct Port {
    /// kind of socket
    pub kind: SocketType,
    /// host or path as given
    pub host: String,
    /// real port number, 0 for a Unix socket
    pub number: u16,
    /// the bound sockets: one, or with `enable_reuse_port` in BASE mode one for each worker
    pub sockets: Vec<Socket>,
    /// checked settings
    pub settings: PortSettings,
    /// how packages are told apart
    pub protocol: Protocol,
    /// if it speaks HTTP: what requests may have
    pub http: Option<HttpPort>,
    /// which events go to workers
    pub wants: Wants,
    /// its connections begin with a TLS handshake
    pub tls: Option<ServerTls>,
}

impl Port {
    /// Reads certificates and keys anew; with something wrong in them, those from before stay.
    pub fn renew_certificates(&self) {
        let Some(tls) = &self.tls else { return };
        let (host, number) = (&self.host, self.number);
        match tls.reload() {
            Ok(()) => log::info(format_args!("{host}:{number}: certificates were read anew")),
            Err(e) => {
                log::error(format_args!("{host}:{number}: certificates stay as they were, the new ones are wrong: {e}"))
            }
        }
    }
}

/// Sets the options that connections inherit from their listener, and listens.
pub fn open(socket: &Socket, kind: SocketType, settings: &PortSettings) -> Result<()> {
    options::set(socket, kind, settings)?;
    if kind.is_datagram() {
        return Ok(());
    }
    if !kind.is_unix() {
        let asked = |name: &'static str| {
            move |e: io::Error| Error::system(format_args!("cannot set {name} on a listening socket"), &e)
        };
        if let Some(seconds) = settings.tcp_defer_accept {
            sockopt::defer_accept(socket, seconds).map_err(asked("tcp_defer_accept"))?;
        }
        if let Some(queue) = settings.tcp_fastopen {
            sockopt::fast_open(socket, queue).map_err(asked("tcp_fastopen"))?;
        }
    }
    socket.listen(settings.backlog).map_err(|e| {
        Error::system("cannot listen", &e).with_hint("; another server may have taken the port between bind and start")
    })
}
