//! From `connect` to a connection: the host's addresses are found, tried one after the other, and a proxy is asked.

use super::datagrams::Peer;
use super::drive::{self, drop_link};
use super::link::{Link, Read};
use super::{AsyncClient, AsyncEvents, Conn, Stage, secure, soon, timer};
use crate::aio::{self, Pending};
use crate::client::proxy::{Handshake, Step};
use crate::client::socket;
use crate::error::{Error, ErrorKind, Result};
use crate::event::{Flow, Interest, Ready, Source, local};
use crate::net::address::{self, Family};
use crate::sys::process::generation;
use socket2::SockAddr;
use std::cell::{Cell, RefCell};
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::rc::Rc;
use std::time::{Duration, Instant};

pub(super) const KEEPS: &str = "a client's connection";
/// When a Unix socket whose queue of connections is full is tried again.
const RETRY: Duration = Duration::from_millis(10);

/// What is needed until a connection is there, in the cases in which there is more to it than one connect.
#[derive(Default)]
pub(super) struct Attempt {
    /// the host is being looked up
    pending: Option<Pending>,
    /// addresses that are still to be tried, the next one last
    rest: Vec<SockAddr>,
    handshake: Option<Handshake>,
    /// the proxy has been greeted
    asking: bool,
    /// the TLS handshake has begun
    shaking: bool,
}

impl Attempt {
    /// The way to the peer is there, and the TLS handshake begins.
    pub fn shaking(&mut self) {
        self.shaking = true;
        self.rest.clear();
    }
}

/// Begins to connect; see [`AsyncClient::connect`].
pub(super) fn begin(
    client: &AsyncClient,
    host: &str,
    port: u16,
    timeout: Duration,
    events: Rc<dyn AsyncEvents>,
) -> Result<()> {
    let kind = client.0.kind;
    let refused = |why: &str| Error::new(ErrorKind::InvalidParams, format!("cannot connect to {host:?}: {why}"));
    if let Some(conn) = client.current() {
        let doing = match conn.stage.get() {
            Stage::Connecting => "is connecting",
            Stage::Closing => "is still sending what waits",
            _ => "is connected",
        };
        return Err(Error::new(
            ErrorKind::WrongOperation,
            format!("this client {doing} to {}; close it first, or use another one", conn.place()),
        ));
    }
    if host.is_empty() {
        return Err(refused("the host is empty"));
    }
    if port == 0 && !kind.is_unix() {
        return Err(refused("0 is no port to connect to; ports are 1 to 65535"));
    }
    let config = client.config()?;
    let handshake = Handshake::start(&config.settings.own, kind, host, port)?;
    let tls = if client.0.tls.get() { Some(secure::rules(&config.settings, host)?) } else { None };
    let (to, to_port) = handshake.as_ref().map_or((host, port), Handshake::proxy);
    let (to, to_port) = (to.to_owned(), to_port);
    let literal = match kind.family() {
        Family::Unix => Some(address::unix(&to)?),
        family => address::literal(&to, to_port, family)?,
    };
    let deadline = if timeout.is_zero() { None } else { Instant::now().checked_add(timeout) };
    let attempt = handshake.map(|h| Box::new(Attempt { handshake: Some(h), ..Attempt::default() }));
    let conn = Rc::new(Conn {
        home: local::number(),
        fork: generation(),
        host: host.into(),
        port: if kind.is_unix() { 0 } else { port },
        events,
        timeout,
        deadline,
        config,
        tls,
        stage: Cell::new(Stage::Connecting),
        link: RefCell::new(Link::new(attempt)),
    });
    client.0.error.set(0);
    match literal {
        Some(address) => start(client, &conn, &address)?,
        None => look_up(client, &conn, &to, to_port)?,
    }
    client.0.current.replace(Rc::downgrade(&conn));
    Ok(())
}

/// For messages: the target, and the way to it.
pub(super) fn route(conn: &Conn) -> String {
    let link = conn.link.borrow();
    let handshake = link.attempt.as_ref().and_then(|a| a.handshake.as_ref());
    handshake.map_or_else(|| conn.place(), |h| h.route().to_owned())
}

/// The host whose name is being looked up, if that is what it is at: the target, or the proxy.
fn looked_up(conn: &Conn) -> Option<String> {
    let link = conn.link.borrow();
    let attempt = link.attempt.as_ref().filter(|a| a.pending.is_some())?;
    Some(attempt.handshake.as_ref().map_or(&*conn.host, |h| h.proxy().0).to_owned())
}

fn look_up(client: &AsyncClient, conn: &Rc<Conn>, host: &str, port: u16) -> Result<()> {
    let family = if client.0.kind.family() == Family::V6 { aio::Family::V6 } else { aio::Family::V4 };
    let held = (client.clone(), conn.clone());
    let found = move |found: Result<Vec<IpAddr>>| {
        let (client, conn) = held;
        if conn.stage.get() != Stage::Connecting {
            return Flow::Continue;
        }
        let first = found.and_then(|found| {
            let mut rest: Vec<SockAddr> = found.iter().rev().map(|ip| SocketAddr::new(*ip, port).into()).collect();
            let first = rest.pop().ok_or_else(|| Error::new(ErrorKind::DnsResolveFailed, "it has no address"))?;
            let mut link = conn.link.borrow_mut();
            let attempt = link.attempt.get_or_insert_default();
            (attempt.pending, attempt.rest) = (None, rest);
            Ok(first)
        });
        match first {
            Ok(first) => match start(&client, &conn, &first) {
                Ok(()) => Flow::Continue,
                Err(error) => fail(&client, &conn, error),
            },
            Err(e) => {
                let error = e.while_doing(format_args!("cannot connect to {}", route(&conn)));
                fail(&client, &conn, error)
            }
        }
    };
    let pending = aio::resolve_all(host, family, Box::new(found))?;
    conn.link.borrow_mut().attempt.get_or_insert_default().pending = Some(pending);
    limit(client, conn);
    Ok(())
}

/// Bounds what is tried now: the addresses that are left share the time that is left.
fn limit(client: &AsyncClient, conn: &Rc<Conn>) {
    let mut link = conn.link.borrow_mut();
    link.stop_timer();
    let Some(deadline) = conn.deadline else { return };
    let more = link.attempt.as_ref().map_or(0, |a| a.rest.len()) as u32;
    let share = deadline.saturating_duration_since(Instant::now()) / (1 + more);
    let held = (client.clone(), conn.clone());
    link.timer = Some(timer(share, move || {
        held.1.link.borrow_mut().timer = None;
        refused(&held.0, &held.1, &io::Error::from_raw_os_error(libc::ETIMEDOUT))
    }));
}

/// Tries one address. Errors: no socket can be made, or bound.
fn start(client: &AsyncClient, conn: &Rc<Conn>, address: &SockAddr) -> Result<()> {
    let kind = client.0.kind;
    let held = (client.clone(), conn.clone());
    if kind.is_datagram() {
        let loose = client.0.loose.take();
        let socket = loose.map_or_else(|| socket::open(kind, &conn.config.settings), Ok)?;
        let source = watch(client, conn, &socket, Interest::READABLE)?;
        let mut link = conn.link.borrow_mut();
        link.peer = Some(Box::new(Peer { to: address.clone(), sender: None }));
        (link.source, link.socket) = (Some(source), Some(socket));
        // It can send from now on; what comes waits until `connect` was told.
        link.is_untold = true;
        conn.stage.set(Stage::Open);
        soon(move || opened(&held.0, &held.1));
        return Ok(());
    }
    let socket = socket::open(kind, &conn.config.settings)?;
    match socket.connect(address) {
        Ok(()) => {}
        Err(e) if e.raw_os_error() == Some(libc::EINPROGRESS) => {}
        Err(e) if e.kind() == io::ErrorKind::WouldBlock && kind.is_unix() => {
            // The queue of who listens is full, and nothing tells when it is not.
            let address = address.clone();
            timer(RETRY, move || {
                let (client, conn) = &held;
                let due = conn.stage.get() == Stage::Connecting && conn.link.borrow().socket.is_none();
                if due && let Err(error) = start(client, conn, &address) {
                    return fail(client, conn, error);
                }
                Flow::Continue
            });
            if conn.link.borrow().timer.is_none() {
                limit(client, conn);
            }
            return Ok(());
        }
        Err(e) => {
            soon(move || refused(&held.0, &held.1, &e));
            return Ok(());
        }
    }
    let source = watch(client, conn, &socket, Interest::READABLE | Interest::WRITABLE)?;
    {
        let mut link = conn.link.borrow_mut();
        (link.source, link.socket) = (Some(source), Some(socket));
    }
    limit(client, conn);
    Ok(())
}

fn watch(client: &AsyncClient, conn: &Rc<Conn>, socket: &socket::Opened, interest: Interest) -> Result<Source> {
    let held = (client.clone(), conn.clone());
    Source::new(&**socket, interest, Some(KEEPS), Rc::new(move |event| drive::ready(&held.0, &held.1, event)))
}

/// The present address is of no use: the next one, or the end.
pub(super) fn refused(client: &AsyncClient, conn: &Rc<Conn>, why: &io::Error) -> Flow {
    if conn.stage.get() != Stage::Connecting {
        return Flow::Continue;
    }
    let next = {
        let mut link = conn.link.borrow_mut();
        link.drop_socket();
        let attempt = link.attempt.as_mut();
        attempt.filter(|a| !a.asking && !a.shaking).and_then(|a| a.rest.pop())
    };
    if let Some(address) = next {
        return match start(client, conn, &address) {
            Ok(()) => Flow::Continue,
            Err(error) => fail(client, conn, error),
        };
    }
    let route = route(conn);
    if let Some(host) = looked_up(conn) {
        let error = address::not_answered(&host, conn.timeout);
        return fail(client, conn, error.while_doing(format_args!("cannot connect to {route}")));
    }
    let timed_out = why.raw_os_error() == Some(libc::ETIMEDOUT) && !conn.timeout.is_zero();
    let error = if timed_out {
        Error::system(format_args!("cannot connect to {route} within {:?}", conn.timeout), why)
    } else {
        Error::system(format_args!("cannot connect to {route}"), why)
    };
    fail(client, conn, error)
}

/// Connecting has failed.
pub(super) fn fail(client: &AsyncClient, conn: &Rc<Conn>, error: Error) -> Flow {
    if !give_up(client, conn) {
        return Flow::Continue;
    }
    let error = client.failed(error);
    conn.events.error(client, &error)
}

/// Lets go of everything, and tells nothing; false if that was done before.
pub(super) fn give_up(client: &AsyncClient, conn: &Rc<Conn>) -> bool {
    let pending = conn.link.borrow_mut().attempt.as_mut().and_then(|a| a.pending.take());
    if let Some(pending) = pending {
        pending.cancel();
    }
    drop_link(client, conn)
}

/// The program is told, once there is a connection.
pub(super) fn connected(client: &AsyncClient, conn: &Rc<Conn>) -> Flow {
    if let Some(rules) = conn.tls.as_ref().filter(|_| conn.link.borrow().tls.is_none()) {
        return secure::begin(client, conn, rules);
    }
    {
        let mut link = conn.link.borrow_mut();
        link.stop_timer();
        link.attempt = None;
        link.is_untold = false;
    }
    conn.stage.set(Stage::Open);
    conn.events.connect(client)
}

/// As [`connected`], for a datagram client, which has been open for a moment.
fn opened(client: &AsyncClient, conn: &Rc<Conn>) -> Flow {
    if !conn.is_open() {
        return Flow::Continue;
    }
    let flow = connected(client, conn);
    if conn.is_open() {
        // What came before this was not told.
        drive::again(client, conn);
    }
    flow
}

/// The loop says that the socket of a connection that is not there yet is ready.
pub(super) fn ready(client: &AsyncClient, conn: &Rc<Conn>, event: Ready) -> Flow {
    let (asking, shaking) = conn.link.borrow().attempt.as_ref().map_or((false, false), |a| (a.asking, a.shaking));
    if shaking {
        return secure::shake(client, conn);
    }
    if asking {
        return ask(client, conn);
    }
    if event.gone {
        let failure = match &conn.link.borrow().socket {
            // Without an error it may have been connected and ended since.
            Some(socket) => socket.take_error().unwrap_or_else(Some).or_else(|| socket.peer_addr().err()),
            None => return Flow::Continue,
        };
        match failure {
            None => {}
            // It was connected, and the peer has reset it since: it may have sent something before.
            Some(failure) if matches!(failure.raw_os_error(), Some(libc::ECONNRESET | libc::EPIPE)) => {
                conn.link.borrow_mut().break_off(&failure);
            }
            Some(failure) => return refused(client, conn, &failure),
        }
    } else if !event.writable {
        return Flow::Continue;
    }
    let is_own = conn.link.borrow().socket.as_ref().is_some_and(|socket| socket::is_its_own_peer(socket));
    if is_own {
        return refused(client, conn, &io::Error::from_raw_os_error(libc::ECONNREFUSED));
    }
    if !greet(&mut conn.link.borrow_mut()) {
        return connected(client, conn);
    }
    limit(client, conn);
    ask(client, conn)
}

/// Begins to talk to the proxy; false if there is none.
fn greet(link: &mut Link) -> bool {
    let Some(Attempt { handshake: Some(handshake), asking, rest, .. }) = link.attempt.as_deref_mut() else {
        return false;
    };
    *asking = true;
    rest.clear();
    link.out.push_bytes(handshake.greeting());
    true
}

/// Talks to the proxy as far as that goes now.
fn ask(client: &AsyncClient, conn: &Rc<Conn>) -> Flow {
    let mut buffer = [0; 4096];
    loop {
        let step = {
            let mut link = conn.link.borrow_mut();
            link.flush(conn);
            let read = link.read(&mut buffer);
            let Some(handshake) = link.attempt.as_mut().and_then(|a| a.handshake.as_mut()) else {
                return Flow::Continue;
            };
            match read {
                Read::Nothing => return Flow::Continue,
                Read::End(0) => Err(Ok(handshake.closed())),
                Read::End(code) => Err(Err(io::Error::from_raw_os_error(code))),
                Read::Bytes { count, .. } => handshake.feed(&buffer[..count]).map_err(Ok),
            }
        };
        match step {
            Ok(Step::More) => {}
            Ok(Step::Send(bytes)) => conn.link.borrow_mut().out.push_bytes(&bytes),
            Ok(Step::Done { leftover }) => {
                let mut link = conn.link.borrow_mut();
                link.held = !leftover.is_empty();
                link.input = leftover;
                link.unread = true;
                drop(link);
                return connected(client, conn);
            }
            Err(Ok(error)) => return fail(client, conn, error),
            Err(Err(why)) => return refused(client, conn, &why),
        }
    }
}
