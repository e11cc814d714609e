//! How the blocking client gets its connection: look up, try each address, ask the proxy, all within one deadline.

use super::deadline::{Deadline, Ready};
use crate::client::Settings;
use crate::client::proxy::{self, Handshake, Step};
use crate::client::socket::{self, Opened};
use crate::error::{Error, ErrorKind};
use crate::net::SocketType;
use crate::net::address::{self, Family};
use crate::sys;
use parking_lot::{Mutex, const_mutex};
use socket2::{SockAddr, Socket};
use std::io;
use std::sync::{Arc, mpsc};
use std::time::Duration;

type Result<T, E = Error> = std::result::Result<T, E>;

/// Look-ups of this process that may be under way, most of them given up.
const MOST_LOOKUPS: usize = 64;

/// A connection that is made.
#[derive(Debug)]
pub struct Dialled {
    /// its socket
    pub socket: Opened,
    /// what the peer has sent already, behind a proxy's answer
    pub leftover: Vec<u8>,
}

/// For messages: where a client of that kind connects to.
pub fn place(kind: SocketType, host: &str, port: u16) -> String {
    if kind.is_unix() { host.to_owned() } else { proxy::place(host, port) }
}

/// Connects to `host` and `port`, through `handshake`'s proxy if there is one. Errors name the route and the reason.
pub fn dial(
    kind: SocketType,
    settings: &Settings,
    (host, port): (&str, u16),
    handshake: Option<Handshake>,
    deadline: &Deadline,
) -> Result<Dialled> {
    let route = handshake.as_ref().map_or_else(|| place(kind, host, port), |h| h.route().to_owned());
    let (host, port) = handshake.as_ref().map_or((host, port), |h| h.proxy());
    let asked = || format!("cannot connect to {route}");
    let addresses = find(kind, host, port, deadline).map_err(|e| e.while_doing(asked()))?;
    let socket = reach(kind, settings, &addresses, deadline).map_err(|e| match e {
        Failure::NoSocket(e) => e.while_doing(asked()),
        Failure::NoPeer(e) => Error::system(asked(), &e),
    })?;
    let leftover = match handshake {
        Some(handshake) => shake_hands(handshake, &socket, deadline)?,
        None => Vec::new(),
    };
    Ok(Dialled { socket, leftover })
}

/// Why no address could be connected to.
#[derive(Debug)]
enum Failure {
    /// a socket could not be had as the settings want it
    NoSocket(Error),
    /// what the last address tried said
    NoPeer(io::Error),
}

/// Connects to the first address that can be connected to. One that does not answer may take its share of the time only.
fn reach(
    kind: SocketType,
    settings: &Settings,
    addresses: &[SockAddr],
    deadline: &Deadline,
) -> Result<Opened, Failure> {
    let mut failure = timed_out();
    for (at, address) in addresses.iter().enumerate() {
        if at > 0 && deadline.is_over() {
            break;
        }
        let socket = socket::open(kind, settings).map_err(Failure::NoSocket)?;
        match connect(kind, &socket, address, &deadline.part(addresses.len() - at)) {
            Ok(()) => return Ok(socket),
            Err(e) => failure = e,
        }
    }
    Err(Failure::NoPeer(failure))
}

/// Begins to connect without waiting for the answer; only a name is waited for. The socket becomes writable when it is connected, or could not be.
pub fn begin(
    kind: SocketType,
    settings: &Settings,
    (host, port): (&str, u16),
    deadline: &Deadline,
) -> Result<(Opened, bool)> {
    let asked = || format!("cannot connect to {}", place(kind, host, port));
    let addresses = find(kind, host, port, deadline).map_err(|e| e.while_doing(asked()))?;
    let socket = socket::open(kind, settings).map_err(|e| e.while_doing(asked()))?;
    match addresses.first().map(|address| socket.connect(address)) {
        Some(Ok(())) => Ok((socket, false)),
        Some(Err(e)) if in_progress(&e) => Ok((socket, true)),
        Some(Err(e)) => Err(Error::system(asked(), &e)),
        None => Err(Error::system(asked(), &timed_out())),
    }
}

/// The addresses of a host, at least one. Errors: no such name, no answer in time.
pub fn find(kind: SocketType, host: &str, port: u16, deadline: &Deadline) -> Result<Vec<SockAddr>> {
    let family = kind.family();
    if family == Family::Unix {
        return address::unix(host).map(|a| vec![a]);
    }
    if host.is_empty() || host.contains('\0') {
        return Err(Error::new(ErrorKind::InvalidParams, format!("{host:?} is no host: give a name or an IP address")));
    }
    if let Some(address) = address::literal(host, port, family)? {
        return Ok(vec![address]);
    }
    match deadline.left() {
        None => address::lookup(host, port, family),
        Some(left) => {
            let name = host.to_owned();
            look_up_within(host, left, move || address::lookup(&name, port, family))
        }
    }
}

/// The system's look-up cannot be given up, so a thread does it: one that is done in time is gone before this returns, another ends when the system answers.
fn look_up_within(
    host: &str,
    left: Duration,
    look_up: impl FnOnce() -> Result<Vec<SockAddr>> + Send + 'static,
) -> Result<Vec<SockAddr>> {
    static UNDER_WAY: Mutex<Option<(u32, Arc<()>)>> = const_mutex(None);
    let here = sys::process::generation();
    let ticket = {
        let mut under_way = UNDER_WAY.lock();
        match &*under_way {
            // The threads of a parent process are not those of its child.
            Some((process, count)) if *process == here => Arc::clone(count),
            _ => Arc::clone(&under_way.insert((here, Arc::new(()))).1),
        }
    };
    if Arc::strong_count(&ticket) > MOST_LOOKUPS + 1 {
        return Err(Error::new(
            ErrorKind::QueueFull,
            format!("{MOST_LOOKUPS} host names are being looked up already, and the name server does not answer"),
        ));
    }
    let (tell, told) = mpsc::sync_channel(1);
    // It inherits the mask: handlers of the program run on threads of its own only.
    let signals = sys::signal::block_all();
    let thread = std::thread::Builder::new().name("swoole-lookup".into()).spawn(move || {
        let _ticket = ticket;
        let _ = tell.send(look_up());
    });
    sys::signal::unblock(&signals);
    let thread = thread.map_err(|e| Error::system("cannot start a thread that looks up a host name", &e))?;
    match told.recv_timeout(left) {
        Ok(found) => {
            let _ = thread.join();
            found
        }
        Err(_) => Err(address::not_answered(host, left)),
    }
}

fn connect(kind: SocketType, socket: &Socket, address: &SockAddr, deadline: &Deadline) -> io::Result<()> {
    if kind == SocketType::UnixStream {
        // One whose peer has too many waiting cannot be waited for with poll.
        return waiting(socket, deadline, |socket| socket.connect(address))
            .map_err(|e| if e.kind() == io::ErrorKind::WouldBlock { timed_out() } else { e });
    }
    match socket.connect(address) {
        Err(e) if in_progress(&e) => {
            if !deadline.wait(socket, Ready::Write)? {
                return Err(timed_out());
            }
            socket.take_error()?.map_or(Ok(()), Err)?;
        }
        other => other?,
    }
    if !kind.is_datagram() && socket::is_its_own_peer(socket) {
        return Err(io::Error::from_raw_os_error(libc::ECONNREFUSED));
    }
    Ok(())
}

/// A call of a Unix socket for which the kernel itself has to wait: its error is WouldBlock if the time is over.
pub fn waiting<T>(
    socket: &Socket,
    deadline: &Deadline,
    mut call: impl FnMut(&Socket) -> io::Result<T>,
) -> io::Result<T> {
    socket.set_nonblocking(false)?;
    let result = loop {
        let left = deadline.left();
        if left.is_some_and(|left| left.is_zero()) {
            break Err(io::Error::from_raw_os_error(libc::EAGAIN));
        }
        // Zero would be for ever.
        if let Err(e) = socket.set_write_timeout(left.map(|left| left.max(Duration::from_millis(1)))) {
            break Err(e);
        }
        match call(socket) {
            Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
            result => break result,
        }
    };
    socket.set_nonblocking(true)?;
    result
}

fn in_progress(e: &io::Error) -> bool {
    e.raw_os_error() == Some(libc::EINPROGRESS) || e.kind() == io::ErrorKind::Interrupted
}

fn timed_out() -> io::Error {
    io::Error::from_raw_os_error(libc::ETIMEDOUT)
}

/// Speaks with the proxy until the peer is connected; gives what the peer has sent already.
fn shake_hands(mut handshake: Handshake, socket: &Socket, deadline: &Deadline) -> Result<Vec<u8>> {
    let failed = |handshake: &Handshake, e: io::Error| {
        Error::system(format_args!("cannot connect to {}: the proxy", handshake.route()), &e)
    };
    let mut send = handshake.greeting().to_vec();
    let mut came = [0; 4096];
    loop {
        let mut rest = send.as_slice();
        while !rest.is_empty() {
            let sent = socket.send_with_flags(rest, libc::MSG_NOSIGNAL);
            let sent = retry(sent, socket, Ready::Write, deadline).map_err(|e| failed(&handshake, e))?;
            rest = &rest[sent.unwrap_or(0)..];
        }
        let length = loop {
            let read = socket.recv(sys::mem::as_uninit(&mut came));
            match retry(read, socket, Ready::Read, deadline).map_err(|e| failed(&handshake, e))? {
                Some(0) => return Err(handshake.closed()),
                Some(length) => break length,
                None => {}
            }
        };
        match handshake.feed(&came[..length])? {
            Step::More => send.clear(),
            Step::Send(bytes) => send = bytes,
            Step::Done { leftover } => return Ok(leftover),
        }
    }
}

/// None: it is to be tried again, and has been waited for.
fn retry(found: io::Result<usize>, socket: &Socket, ready: Ready, deadline: &Deadline) -> io::Result<Option<usize>> {
    match found {
        Ok(length) => Ok(Some(length)),
        Err(e) if e.kind() == io::ErrorKind::Interrupted => Ok(None),
        Err(e) if e.kind() == io::ErrorKind::WouldBlock => {
            if deadline.wait(socket, ready)? {
                Ok(None)
            } else {
                Err(timed_out())
            }
        }
        Err(e) => Err(e),
    }
}

#[cfg(test)]
pub(super) mod tests;
