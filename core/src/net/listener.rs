//! Binding: the sockets that a server listens on.

use super::address::{self, Family};
use crate::error::{Error, ErrorKind, Result};
use socket2::{Protocol, SockAddr, Socket, Type};
use std::io;
use std::os::unix::fs::FileTypeExt;
use std::path::Path;

/// A bound socket, non-blocking, not yet listening.
#[derive(Debug)]
pub struct Bound {
    /// the socket
    pub socket: Socket,
    /// its real address
    pub address: SockAddr,
}

impl Bound {
    /// Its port number; 0 for a Unix socket.
    pub fn port(&self) -> u16 {
        self.address.as_socket().map_or(0, |a| a.port())
    }
}

/// Binds. `reuse_port` sets SO_REUSEPORT, so that several sockets can have this address. A Unix
/// socket's file is replaced when nobody listens on it.
pub fn bind(host: &str, port: u16, family: Family, datagram: bool, reuse_port: bool) -> Result<Bound> {
    let address = address::resolve(host, port, family)?;
    if family == Family::Unix {
        replace_stale(Path::new(host), &address)?;
    }
    bind_address(&address, family, datagram, reuse_port).map_err(|e| {
        let place = if family == Family::Unix { host.to_owned() } else { format!("{host}:{port}") };
        let hint = match e.kind() {
            io::ErrorKind::AddrInUse => {
                "; another process has it: stop that one, or choose another port (0 takes a free one)"
            }
            io::ErrorKind::PermissionDenied => "; ports below 1024 and other people's directories need root",
            io::ErrorKind::AddrNotAvailable => "; it is not an address of this machine",
            _ => "",
        };
        Error::system(format_args!("cannot bind to {place}"), &e).with_hint(hint)
    })
}

fn bind_address(address: &SockAddr, family: Family, datagram: bool, reuse_port: bool) -> io::Result<Bound> {
    let kind = if datagram { Type::DGRAM } else { Type::STREAM };
    let protocol = match (family, datagram) {
        (Family::Unix, _) => None,
        (_, true) => Some(Protocol::UDP),
        (_, false) => Some(Protocol::TCP),
    };
    let socket = Socket::new(family.domain(), kind.nonblocking().cloexec(), protocol)?;
    if family != Family::Unix {
        if !datagram {
            socket.set_reuse_address(true)?;
        }
        if family == Family::V6 {
            socket.set_only_v6(true)?;
        }
        if reuse_port {
            socket.set_reuse_port(true)?;
        }
    }
    socket.bind(address)?;
    let address = socket.local_addr()?;
    Ok(Bound { socket, address })
}

/// Removes the file of a Unix socket that nobody serves any more.
fn replace_stale(path: &Path, address: &SockAddr) -> Result<()> {
    let Ok(found) = std::fs::symlink_metadata(path) else {
        return Ok(());
    };
    if !found.file_type().is_socket() {
        return Err(Error::new(
            ErrorKind::InvalidParams,
            format!(
                "cannot bind to {}: there is a file of that name that is not a socket; remove it or choose another path",
                path.display()
            ),
        ));
    }
    let answers = |kind: Type| {
        let probe =
            Socket::new(Family::Unix.domain(), kind.nonblocking().cloexec(), None).and_then(|s| s.connect(address));
        probe.is_ok() || probe.is_err_and(|e| e.kind() == io::ErrorKind::WouldBlock)
    };
    if [Type::STREAM, Type::DGRAM].into_iter().any(answers) {
        return Ok(()); // alive: bind will say that it is in use
    }
    std::fs::remove_file(path)
        .map_err(|e| Error::system(format_args!("cannot remove the stale socket {}", path.display()), &e))
}
