//! Options of a socket that servers and clients have in common.

use super::SocketType;
use crate::config::PortSettings;
use crate::error::{Error, Result};
use socket2::{Socket, TcpKeepalive};
use std::io;
use std::time::Duration;

/// Sets the kernel's buffers, and for TCP nodelay, keepalive and the user timeout. To be called before the socket listens or connects: connections inherit
/// them from their listener, and TCP agrees on its window while it connects. Errors name the option.
pub fn set(socket: &Socket, kind: SocketType, settings: &PortSettings) -> Result<()> {
    let asked =
        |name: &'static str| move |e: io::Error| Error::system(format_args!("cannot set {name} on a socket"), &e);
    if let Some(bytes) = settings.kernel_socket_recv_buffer_size {
        socket.set_recv_buffer_size(bytes as usize).map_err(asked("kernel_socket_recv_buffer_size"))?;
    }
    if let Some(bytes) = settings.kernel_socket_send_buffer_size {
        socket.set_send_buffer_size(bytes as usize).map_err(asked("kernel_socket_send_buffer_size"))?;
    }
    if kind.is_datagram() || kind.is_unix() {
        return Ok(());
    }
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
    Ok(())
}
