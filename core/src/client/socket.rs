//! A client's socket before it is connected.

use super::Settings;
use crate::error::{Error, ErrorKind, Result};
use crate::net::{SocketType, address, listener, options};
use crate::sys;
use socket2::{Protocol, SockAddr, Socket, Type};
use std::io;
use std::ops::Deref;
use std::path::PathBuf;

/// A socket, and the file that was made for its own address, which goes with it.
#[derive(Debug)]
pub struct Opened {
    socket: Socket,
    _file: Option<File>,
}

/// The file of a bound Unix socket. It is the business of the process that made it.
#[derive(Debug)]
struct File {
    path: PathBuf,
    maker: u32,
}

/// A socket of that kind that never blocks, with the options of `settings`, bound as they say. A Unix datagram socket always has an address, so that it can be answered.
/// Errors: no descriptor is left, no such address, the address is taken, an option is refused.
pub fn open(kind: SocketType, settings: &Settings) -> Result<Opened> {
    let made = |e: io::Error| Error::system(format_args!("cannot make a client's socket ({kind:?})"), &e);
    let address = settings.own.bind_address.as_deref().filter(|address| !address.is_empty());
    let port = if kind.is_unix() { 0 } else { settings.own.bind_port as u16 };
    let opened = if address.is_some() || port != 0 {
        let host = address.unwrap_or_default();
        if !kind.is_unix() && !["", "*"].contains(&host) && address::literal(host, port, kind.family())?.is_none() {
            // A name would be looked up here, where nobody may wait.
            let why = format!("bind_address must be an IP address of this machine, not {host:?}");
            return Err(Error::new(ErrorKind::InvalidParams, why));
        }
        let socket = listener::bind(host, port, kind.family(), kind.is_datagram(), false)?.socket;
        let file = kind.is_unix().then(|| File { path: host.into(), maker: sys::process::generation() });
        Opened { socket, _file: file }
    } else {
        let (ty, protocol) = match (kind.is_datagram(), kind.is_unix()) {
            (true, true) => (Type::DGRAM, None),
            (false, true) => (Type::STREAM, None),
            (true, false) => (Type::DGRAM, Some(Protocol::UDP)),
            (false, false) => (Type::STREAM, Some(Protocol::TCP)),
        };
        let socket = Socket::new(kind.family().domain(), ty.nonblocking().cloexec(), protocol).map_err(made)?;
        if kind == SocketType::UnixDgram {
            // An empty path: the kernel gives it an abstract name, see unix(7).
            SockAddr::unix("").and_then(|any| socket.bind(&any)).map_err(made)?;
        }
        Opened { socket, _file: None }
    };
    options::set(&opened.socket, kind, &settings.port)?;
    Ok(opened)
}

/// Whether a connection leads to the very socket it begins at. A port of this machine from which the kernel lets connections come may be given to
/// a client that connects to it: nobody listens there, so it is refused.
pub fn is_its_own_peer(socket: &Socket) -> bool {
    match socket.local_addr() {
        Ok(own) if own.is_ipv4() || own.is_ipv6() => socket.peer_addr().is_ok_and(|peer| peer == own),
        _ => false,
    }
}

impl Deref for Opened {
    type Target = Socket;

    fn deref(&self) -> &Socket {
        &self.socket
    }
}

impl Drop for File {
    fn drop(&mut self) {
        if self.maker == sys::process::generation() {
            let _ = std::fs::remove_file(&self.path);
        }
    }
}
