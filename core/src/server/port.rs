//! A listening port as the running server uses it: its socket, its protocol, what it wants to hear of.

use crate::config::PortSettings;
use crate::error::{Error, Result};
use crate::net::SocketType;
use crate::protocol::Protocol;
use crate::sys::sockopt;
use socket2::{Socket, TcpKeepalive};
use std::io;
use std::time::Duration;

/// What a port's callbacks want to hear of.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct Wants {
    pub connect: bool,
    pub close: bool,
    pub buffer_full: bool,
    pub buffer_empty: bool,
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
    /// which events go to workers
    pub wants: Wants,
}

/// Sets the options that connections inherit from their listener, and listens.
pub fn open(socket: &Socket, kind: SocketType, settings: &PortSettings) -> Result<()> {
    let asked = |name: &'static str| {
        move |e: io::Error| Error::system(format_args!("cannot set {name} on a listening socket"), &e)
    };
    if let Some(bytes) = settings.kernel_socket_recv_buffer_size {
        socket.set_recv_buffer_size(bytes as usize).map_err(asked("kernel_socket_recv_buffer_size"))?;
    }
    if let Some(bytes) = settings.kernel_socket_send_buffer_size {
        socket.set_send_buffer_size(bytes as usize).map_err(asked("kernel_socket_send_buffer_size"))?;
    }
    if kind.is_datagram() {
        return Ok(());
    }
    if !kind.is_unix() {
        socket.set_tcp_nodelay(settings.open_tcp_nodelay).map_err(asked("open_tcp_nodelay"))?;
        if settings.open_tcp_keepalive {
            let keepalive = TcpKeepalive::new()
                .with_time(settings.tcp_keepidle)
                .with_interval(settings.tcp_keepinterval)
                .with_retries(settings.tcp_keepcount);
            socket.set_tcp_keepalive(&keepalive).map_err(asked("open_tcp_keepalive"))?;
        }
        if settings.tcp_user_timeout > Duration::ZERO {
            socket.set_tcp_user_timeout(Some(settings.tcp_user_timeout)).map_err(asked("tcp_user_timeout"))?;
        }
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
