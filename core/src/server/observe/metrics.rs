//! The port of `metrics_port`: a small HTTP server beside the loop of the main thread, which it never holds up.
//!
//! Runs in: master.

use super::http::{LONGEST_HEAD, answer};
use crate::error::{Error, ErrorKind, Result};
use crate::event::poller::{Poller, Ready, Registrar};
use crate::log;
use crate::net::address::Family;
use crate::net::listener;
use socket2::Socket;
use std::io::{self, Read, Write};
use std::net::Shutdown;
use std::os::fd::{AsRawFd, RawFd};
use std::time::{Duration, Instant};

/// Connections at once. When one more comes, the oldest makes room: it has had the longest time to ask.
const PLACES: usize = 16;
/// But each has that long to ask, and those who come wait.
const GRACE: Duration = Duration::from_millis(100);
/// How long a connection may last.
const PATIENCE: Duration = Duration::from_secs(5);
/// Connections accepted in one turn.
const AT_ONCE: usize = 2 * PLACES;
/// How soon accepting is tried again when there was no descriptor left.
const ACCEPT_AGAIN: Duration = Duration::from_millis(200);
/// Bytes that a client has sent behind its request are read and dropped, so that the answer is not lost in a reset: so many a turn.
const DROPPED_AT_ONCE: usize = 64 << 10;
const LISTENER: usize = PLACES;

/// The bound port, before there is a loop. Forked processes that do not serve it drop it.
#[derive(Debug)]
pub struct Bound {
    socket: Socket,
    /// address and port
    shown: String,
}

impl Bound {
    /// Its number.
    pub fn descriptor(&self) -> RawFd {
        self.socket.as_raw_fd()
    }
}

/// Binds what the option `metrics_port` says: a port of 127.0.0.1, or address:port. Errors: that is no address; it is in use.
pub fn bind(asked: &str) -> Result<Bound> {
    let (host, port) = match asked.rsplit_once(':') {
        Some((host, port)) => (host, port),
        None => ("127.0.0.1", asked),
    };
    let bare = host.strip_prefix('[').and_then(|h| h.strip_suffix(']')).unwrap_or(host);
    let bracketed = bare.len() != host.len();
    let number = port.parse::<u16>().ok().filter(|_| !port.starts_with('+'));
    let (Some(number), true) = (number, !host.is_empty() && bracketed == host.contains(':')) else {
        return Err(Error::new(
            ErrorKind::InvalidParams,
            format!(
                "option \"metrics_port\": {asked:?} is neither a port (0 to 65535) nor address:port; examples: 9100, 0.0.0.0:9100, [::1]:9100"
            ),
        ));
    };
    let family = if bracketed { Family::V6 } else { Family::V4 };
    let bound = listener::bind(bare, number, family, false, false)
        .map_err(|e| e.with_hint(" (the option \"metrics_port\" asks for it)"))?;
    let listening = bound.socket.listen(128);
    listening.map_err(|e| Error::system(format_args!("option \"metrics_port\": cannot listen on {asked}"), &e))?;
    let shown = format!("{host}:{}", bound.port());
    Ok(Bound { socket: bound.socket, shown })
}

/// One client.
#[derive(Debug)]
struct Client {
    socket: Socket,
    since: Instant,
    /// what it has sent of its request's head
    head: Vec<u8>,
    /// the answer, once there is one
    answer: Vec<u8>,
    sent: usize,
}

/// Whether a client is still there.
#[derive(Debug, PartialEq)]
enum Left {
    Yes,
    No,
}

/// The port with its clients.
#[derive(Debug)]
pub struct Metrics {
    bound: Bound,
    /// its own, within that of the main thread: one descriptor there stands for all
    poller: Poller,
    registrar: Registrar,
    events: Vec<Ready>,
    clients: [Option<Client>; PLACES],
    accept_at: Option<Instant>,
    /// somebody may be waiting for a place
    is_full: bool,
    /// a lack of descriptors was logged
    complained: bool,
}

impl Metrics {
    /// Serves the port from now on; says so in the log.
    pub fn new(bound: Bound) -> Result<Metrics> {
        let poller = Poller::new()?;
        let registrar = poller.registrar()?;
        let failed = |e| Error::system("cannot watch the metrics_port", &e);
        registrar.add_readable(&bound.socket, LISTENER).map_err(failed)?;
        log::info(format_args!("metrics are served at http://{}/metrics", bound.shown));
        Ok(Metrics {
            bound,
            poller,
            registrar,
            events: Vec::new(),
            clients: Default::default(),
            // Those who came before it was watched.
            accept_at: Some(Instant::now()),
            is_full: false,
            complained: false,
        })
    }

    /// When there is something to do that no descriptor tells.
    pub fn next(&self) -> Option<Instant> {
        let ends = self.clients.iter().flatten().map(|client| client.since + PATIENCE).min();
        [ends, self.accept_at].into_iter().flatten().min()
    }

    /// Accepts, reads, answers and writes what is possible without waiting.
    pub fn turn(&mut self, now: Instant, figures: &dyn Fn() -> String) {
        let mut events = std::mem::take(&mut self.events);
        if self.poller.wait(Some(Duration::ZERO), &mut events).is_err() {
            events.clear();
        }
        for event in events.drain(..) {
            match event.token {
                LISTENER => self.accept_at = Some(now),
                place => self.serve(place, figures),
            }
        }
        self.events = events;
        for client in &mut self.clients {
            client.take_if(|client| now >= client.since + PATIENCE);
        }
        if self.accept_at.is_some_and(|at| at <= now) || (self.is_full && self.clients.iter().any(Option::is_none)) {
            self.accept_at = self.accept(now, figures);
        }
    }

    /// Accepts those who wait, not too many; when to go on.
    fn accept(&mut self, now: Instant, figures: &dyn Fn() -> String) -> Option<Instant> {
        self.is_full = false;
        for _ in 0..AT_ONCE {
            let (place, free_at) = self.place();
            if free_at.is_some_and(|at| at > now) {
                self.is_full = true;
                return free_at;
            }
            let socket = match self.bound.socket.accept() {
                Ok((socket, _)) => socket,
                Err(e) => match e.kind() {
                    io::ErrorKind::WouldBlock => return None,
                    io::ErrorKind::Interrupted | io::ErrorKind::ConnectionAborted => continue,
                    _ => {
                        if !std::mem::replace(&mut self.complained, true) {
                            log::warning(format_args!("metrics_port: cannot accept a connection: {e}; trying again"));
                        }
                        return Some(now + ACCEPT_AGAIN);
                    }
                },
            };
            self.complained = false;
            if socket.set_nonblocking(true).is_err() {
                continue;
            }
            let _ = socket.set_tcp_nodelay(true);
            let client = Client { socket, since: now, head: Vec::new(), answer: Vec::new(), sent: 0 };
            // What has come already is told as an event too, but may be pushed out before.
            if self.registrar.add_both(&client.socket, place).is_ok() {
                self.clients[place] = Some(client);
                self.serve(place, figures);
            }
        }
        Some(now)
    }

    /// A free place; if there is none, the oldest client's, and when that may be taken from it.
    fn place(&self) -> (usize, Option<Instant>) {
        let since = |place: usize| self.clients[place].as_ref().map(|client| client.since);
        let place = (0..PLACES).min_by_key(|place| since(*place)).unwrap_or(0);
        (place, since(place).map(|since| since + GRACE))
    }

    fn serve(&mut self, place: usize, figures: &dyn Fn() -> String) {
        let Some(client) = self.clients.get_mut(place).and_then(Option::as_mut) else { return };
        if client.go_on(figures).unwrap_or(Left::No) == Left::No {
            self.clients[place] = None;
        }
    }
}

impl AsRawFd for Metrics {
    /// Is readable when [`Metrics::turn`] has something to do.
    fn as_raw_fd(&self) -> RawFd {
        self.poller.as_raw_fd()
    }
}

impl Client {
    fn go_on(&mut self, figures: &dyn Fn() -> String) -> io::Result<Left> {
        if self.answer.is_empty() {
            self.read_head(figures)?;
        }
        if self.answer.is_empty() {
            return Ok(Left::Yes);
        }
        while self.sent < self.answer.len() {
            match (&self.socket).write(&self.answer[self.sent..]) {
                Ok(0) => return Ok(Left::No),
                Ok(count) => self.sent += count,
                Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
                Err(e) if e.kind() == io::ErrorKind::WouldBlock => return Ok(Left::Yes),
                Err(e) => return Err(e),
            }
            if self.sent == self.answer.len() {
                self.socket.shutdown(Shutdown::Write)?;
            }
        }
        self.drop_the_rest()
    }

    /// Reads on, until there is an answer or no more bytes.
    fn read_head(&mut self, figures: &dyn Fn() -> String) -> io::Result<()> {
        let mut bytes = [0; 2048];
        while self.answer.is_empty() {
            match (&self.socket).read(&mut bytes[..(LONGEST_HEAD - self.head.len()).min(2048)]) {
                Ok(0) => return Err(io::ErrorKind::UnexpectedEof.into()),
                Ok(count) => {
                    self.head.extend_from_slice(&bytes[..count]);
                    self.answer = answer(&self.head, figures).unwrap_or_default();
                }
                Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
                Err(e) if e.kind() == io::ErrorKind::WouldBlock => return Ok(()),
                Err(e) => return Err(e),
            }
        }
        Ok(())
    }

    /// The answer is out: waits for the client's end.
    fn drop_the_rest(&mut self) -> io::Result<Left> {
        let mut bytes = [0; 4096];
        for _ in 0..DROPPED_AT_ONCE / bytes.len() {
            match (&self.socket).read(&mut bytes) {
                Ok(0) => return Ok(Left::No),
                Ok(_) => {}
                Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
                Err(e) if e.kind() == io::ErrorKind::WouldBlock => return Ok(Left::Yes),
                Err(e) => return Err(e),
            }
        }
        // It has been sending all the while: it wants no answer.
        Ok(Left::No)
    }
}

#[cfg(test)]
mod tests;
