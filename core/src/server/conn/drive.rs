//! One step of the socket side at a time, then the upstream: no borrow is held while it is told.

use super::connection::{Stage, hold};
use super::side::{Level, Notice, PORT_TOKEN, READ_SIZE, Read, SocketSide};
use super::{Accepted, Upstream};
use crate::event::poller::Ready;
use crate::log;
use crate::net::{datagram, tls};
use crate::protocol::{Framing, Verdict};
use crate::server::SessionId;
use std::cell::RefCell;
use std::io;
use std::time::{Duration, Instant};

/// Longest datagram of a Unix socket; above what the kernel takes by default (net.core.wmem_max).
const UNIX_DATAGRAM: usize = 256 << 10;
/// Longest time that answers to packages of one read are gathered.
const CORK: u64 = 1000;
/// Connections accepted, or datagrams received, at one port before others have their turn.
const AT_ONCE: usize = 64;

/// What a turn of the loop needs besides the side: the ports that have more, and a buffer.
#[derive(Debug)]
pub struct Turn {
    pub(super) scratch: Vec<u8>,
    /// listening sockets that have more to accept or receive: their tokens less `PORT_TOKEN`
    pub listeners: Vec<usize>,
    /// those that may not be read until their worker has room
    pub stalled_listeners: Vec<usize>,
    /// those that are not to accept now, and when they are
    waiting: Option<(Vec<usize>, Instant)>,
    complained: Option<Instant>,
}

/// When to try again to accept after running out of descriptors.
const RETRY: Duration = Duration::from_millis(100);
/// How long another worker, which has fewer connections, is given to accept one.
const CHANCE: Duration = Duration::from_millis(1);

impl Default for Turn {
    fn default() -> Self {
        Turn {
            scratch: vec![0; tls::BUFFER.max(READ_SIZE)],
            listeners: Vec::new(),
            stalled_listeners: Vec::new(),
            waiting: None,
            complained: None,
        }
    }
}

/// What to do with a connection that was accepted here: keep it, or hand it to another reactor.
pub trait Placement {
    /// Whether to accept now, or to give others the chance first.
    fn may_accept(&self) -> bool {
        true
    }
    /// The socket again if it is to be kept.
    fn place(
        &self,
        port: usize,
        socket: socket2::Socket,
        address: socket2::SockAddr,
    ) -> Option<(socket2::Socket, socket2::SockAddr)>;
}

impl Turn {
    /// Handles one event of the poller.
    pub fn ready(&mut self, side: &RefCell<SocketSide>, up: &(impl Upstream + Placement), event: Ready) {
        if event.token >= PORT_TOKEN {
            self.listeners.push(event.token - PORT_TOKEN);
            return;
        }
        if event.writable || event.hangup {
            side.borrow_mut().flush(event.token);
        }
        if event.readable || event.hangup {
            self.read(side, up, event.token, event.hangup);
        }
        if event.gone && side.borrow_mut().lose_held(event.token) {
            tell(side, up);
        }
    }

    /// Accepts and receives at the ports that have something, and reads the connections that had more.
    pub fn continue_reading(&mut self, side: &RefCell<SocketSide>, up: &(impl Upstream + Placement)) {
        if let Some((listeners, _)) = self.waiting.take_if(|(_, at)| *at <= Instant::now()) {
            self.listeners.extend(listeners);
        }
        for listener in std::mem::take(&mut self.listeners) {
            if up.is_leaving() {
                return;
            }
            let datagram = side.borrow().ports[listener & 0xffff].kind.is_datagram();
            if datagram { self.receive(side, up, listener) } else { self.accept(side, up, listener) }
        }
        let listed = side.borrow().to_read.len();
        for _ in 0..listed {
            let Some(place) = side.borrow_mut().to_read.pop_front() else { break };
            let place = place as usize;
            let had_input = {
                let mut side = side.borrow_mut();
                let Some(connection) = side.get_mut(place) else { continue };
                connection.listed = false;
                connection.is_readable() && !connection.input.is_empty()
            };
            if !had_input || self.deliver(side, up, place, 0) {
                self.read(side, up, place, false);
            } else {
                self.look_for_end(side, place);
                tell(side, up);
            }
        }
    }

    /// Whether something can be done without waiting.
    pub fn has_more(&self, side: &RefCell<SocketSide>) -> bool {
        let side = side.borrow();
        !self.listeners.is_empty() || !side.to_read.is_empty() || !side.notices.is_empty()
    }

    /// When a port that is not to accept now is tried again.
    pub fn retry_at(&self) -> Option<Instant> {
        self.waiting.as_ref().map(|(_, at)| *at)
    }

    fn starve(&mut self, listener: usize, error: &io::Error) {
        let now = Instant::now();
        if self.complained.is_none_or(|at| now.duration_since(at) > Duration::from_secs(1)) {
            self.complained = Some(now);
            log::error(format_args!(
                "cannot accept connections: {error}; raise `ulimit -n` or lower max_conn; trying again every {} ms",
                RETRY.as_millis()
            ));
        }
        self.wait_to_accept(listener, RETRY);
    }

    fn wait_to_accept(&mut self, listener: usize, time: Duration) {
        self.waiting.get_or_insert_with(|| (Vec::new(), Instant::now() + time)).0.push(listener);
    }

    /// No further connection is accepted.
    pub fn stop_accepting(&mut self) {
        self.listeners.clear();
        self.stalled_listeners.clear();
        self.waiting = None;
    }

    fn accept(&mut self, side: &RefCell<SocketSide>, up: &(impl Upstream + Placement), listener: usize) {
        let (port, socket) = (listener & 0xffff, listener >> 16);
        for _ in 0..AT_ONCE {
            if !up.may_accept() {
                return self.wait_to_accept(listener, CHANCE);
            }
            let accepted = {
                let mut side = side.borrow_mut();
                let ports = side.ports.clone();
                side.accept(port, &ports[port].sockets[socket])
            };
            match accepted {
                Ok(Some((socket, address))) => {
                    if let Some((socket, address)) = up.place(port, socket, address) {
                        adopt(side, up, port, socket, &address);
                        if up.is_leaving() {
                            return;
                        }
                    }
                }
                Ok(None) => {}
                Err(e) if e.kind() == io::ErrorKind::WouldBlock => return,
                Err(e)
                    if matches!(e.raw_os_error(), Some(libc::EMFILE | libc::ENFILE | libc::ENOBUFS | libc::ENOMEM)) =>
                {
                    return self.starve(listener, &e);
                }
                // The client gave up before it was accepted (accept(2) lists what may be pending).
                Err(_) => {}
            }
        }
        self.listeners.push(listener);
    }

    fn receive(&mut self, side: &RefCell<SocketSide>, up: &impl Upstream, listener: usize) {
        let (port, socket) = (listener & 0xffff, listener >> 16);
        if side.borrow().ports[port].kind.is_unix() && self.scratch.len() < UNIX_DATAGRAM {
            self.scratch.resize(UNIX_DATAGRAM, 0);
        }
        for _ in 0..AT_ONCE {
            let received = {
                let side = side.borrow();
                datagram::receive(&side.ports[port].sockets[socket], &mut self.scratch)
            };
            match received {
                Ok((count, from)) => {
                    side.borrow().figures().received_bytes.add_own(count as u64);
                    if up.packet(port, &from, &self.scratch[..count]) == Accepted::AndNoMore {
                        self.stalled_listeners.push(listener);
                        return;
                    }
                    if up.is_leaving() {
                        return;
                    }
                }
                Err(e) if e.kind() == io::ErrorKind::WouldBlock => return,
                // An ICMP error of an earlier sendto, say: it is not this port's.
                Err(_) => {}
            }
        }
        self.listeners.push(listener);
    }

    /// Hands up what is whole among the bytes that a connection has received already. True: that was all of it.
    pub fn deliver_rest(&mut self, side: &RefCell<SocketSide>, up: &impl Upstream, place: usize) -> bool {
        self.deliver(side, up, place, 0);
        side.borrow().get(place).is_none_or(|c| c.held & hold::BEHIND == 0)
    }

    fn read(&mut self, side: &RefCell<SocketSide>, up: &impl Upstream, place: usize, hangup: bool) {
        if let Some(connection) = side.borrow_mut().get_mut(place).filter(|c| c.listed && !c.input.is_empty()) {
            // What was held back goes up first, in this turn: else an end that is read now would throw it away.
            connection.hangup |= hangup;
            return;
        }
        let untold = side.borrow().get(place).is_some_and(|c| c.untold);
        if !untold && !up.has_room(place) {
            // Its worker is behind: better left in the kernel than kept here.
            side.borrow_mut().set_hold(place, hold::STALLED, true);
        }
        let (read, established) = {
            let mut side = side.borrow_mut();
            (side.read(place, hangup, &mut self.scratch), side.take_established())
        };
        if let Some((port, session)) = established {
            up.connected(port, session);
        }
        match read {
            Read::Nothing => {}
            Read::Bytes { count, more } => {
                let early = established.is_some() && side.borrow_mut().keep_early(place, &self.scratch[..count]);
                if !early {
                    self.deliver(side, up, place, count);
                }
                if more {
                    side.borrow_mut().read_again(place);
                }
            }
            Read::End => side.borrow_mut().end(place, false, 0),
            Read::Failed(e) => side.borrow_mut().fail(place, &e),
            Read::Broken(code) => side.borrow_mut().end_broken(place, code),
        }
        self.look_for_end(side, place);
        tell(side, up);
    }

    /// A client that ends its side while its answer is awaited has mostly gone: whoever answers is told. What is answered before that was heard still goes out.
    fn look_for_end(&mut self, side: &RefCell<SocketSide>, place: usize) {
        let mut side = side.borrow_mut();
        match side.look_for_end(place, &mut self.scratch) {
            Read::Nothing | Read::Bytes { .. } => {}
            Read::End => side.end(place, false, 0),
            Read::Failed(e) => side.fail(place, &e),
            Read::Broken(code) => side.end_broken(place, code),
        }
    }

    /// Hands up what `count` new bytes of the scratch buffer complete. True: the connection may be read on.
    fn deliver(&mut self, side: &RefCell<SocketSide>, up: &impl Upstream, place: usize, count: usize) -> bool {
        let (is_http, is_websocket) =
            side.borrow().get(place).map_or((false, false), |c| (c.http.is_some(), c.websocket.is_some()));
        if is_websocket {
            return self.deliver_websocket(side, up, place, count);
        }
        if is_http {
            return self.deliver_http(side, up, place, count);
        }
        let (ports, port, session, mut input, mut progress) = {
            let mut side = side.borrow_mut();
            let ports = side.ports.clone();
            let Some(connection) = side.get_mut(place) else { return false };
            (ports, connection.port, connection.session, std::mem::take(&mut connection.input), connection.progress)
        };
        let protocol = &ports[port].protocol;
        if matches!(protocol.framing(), Framing::Raw) {
            if !input.is_empty() {
                // It had come before the connection was let go of.
                input.extend_from_slice(&self.scratch[..count]);
                return self.hand_up(side, up, place, port, session, &input, false);
            }
            return count == 0 || self.hand_up(side, up, place, port, session, &self.scratch[..count], false);
        }
        // Bytes that make whole packages in one read are never copied into the connection's own buffer.
        let owned = !input.is_empty();
        if owned {
            input.extend_from_slice(&self.scratch[..count]);
        }
        let bytes: &[u8] = if owned { &input } else { &self.scratch[..count] };
        let mut from = 0;
        let (mut go_on, mut refused) = (true, None);
        while go_on {
            match protocol.next(&mut progress, &bytes[from..], &mut |bytes| up.package_length(port, bytes)) {
                Verdict::Deliver(length) => {
                    let package = &bytes[from..from + length];
                    from += length;
                    let more = from < bytes.len();
                    go_on = self.hand_up(side, up, place, port, session, package, more);
                }
                Verdict::More { .. } => break,
                Verdict::Reject(error) => {
                    refused = Some(error);
                    break;
                }
            }
        }
        let mut rest = Vec::new();
        if from < bytes.len() && refused.is_none() {
            if owned {
                input.drain(..from);
                rest = input;
                if rest.len() < rest.capacity() / 4 {
                    rest.shrink_to_fit();
                }
            } else {
                rest = bytes[from..].to_vec();
            }
        }
        let mut side_now = side.borrow_mut();
        uncork(&mut side_now, place);
        let Some(connection) = side_now.get_mut(place).filter(|c| c.session == session) else { return false };
        if connection.stage == Stage::Open {
            connection.input = rest;
            connection.progress = progress;
        }
        if let Some(error) = refused {
            side_now.figures().bad_packages.add_own(1);
            log::warning(format_args!("session {session} is closed: {error}"));
            side_now.end(place, true, error.code());
            return false;
        }
        go_on && side_now.get(place).is_some_and(|c| c.is_readable())
    }

    /// Hands one delivery up. True: the next may follow.
    #[allow(clippy::too_many_arguments)]
    fn hand_up(
        &self,
        side: &RefCell<SocketSide>,
        up: &impl Upstream,
        place: usize,
        port: usize,
        session: SessionId,
        bytes: &[u8],
        more: bool,
    ) -> bool {
        cork(&mut side.borrow_mut(), place, more);
        let accepted = up.data(port, session, bytes);
        let mut side = side.borrow_mut();
        if accepted == Accepted::AndNoMore {
            side.set_hold(place, hold::STALLED, true);
        }
        let goes_on = side.get(place).is_some_and(|c| c.session == session && c.is_readable());
        goes_on && !up.is_leaving()
    }
}

/// Something of a connection is going to be handed up. With `more` behind it, answers are gathered for a while.
pub(super) fn cork(side: &mut SocketSide, place: usize, more: bool) {
    if !more {
        return uncork(side, place);
    }
    let now = crate::event::clock::now_micros();
    if side.corked.is_some_and(|(_, since)| now.saturating_sub(since) > CORK) {
        uncork(side, place);
    }
    side.corked.get_or_insert((place, now));
}

/// Answers to a connection are gathered no longer: what was gathered goes out.
pub(super) fn uncork(side: &mut SocketSide, place: usize) {
    if side.corked.take_if(|(corked, _)| *corked == place).is_some() {
        side.flush(place);
    }
}

/// Takes a connection in that was accepted here or by another reactor.
pub fn adopt(
    side: &RefCell<SocketSide>,
    up: &impl Upstream,
    port: usize,
    socket: socket2::Socket,
    address: &socket2::SockAddr,
) {
    let session = side.borrow_mut().open(port, socket, address);
    if let Some(session) = session {
        up.connected(port, session);
    }
}

/// Tells the upstream what the side has noted: crossed watermarks and connections that end.
pub fn tell(side: &RefCell<SocketSide>, up: &impl Upstream) {
    loop {
        let Some(notice) = side.borrow_mut().notices.pop_front() else { return };
        let (session, found) = match notice {
            Notice::Level(session, _) | Notice::Ends(session) => (session, {
                let side = side.borrow();
                side.place(session).and_then(|place| side.get(place).map(|c| (c.port, c.by_server)))
            }),
        };
        let Some((port, by_server)) = found else { continue };
        match notice {
            Notice::Level(_, Level::Full) => up.buffer_full(port, session),
            Notice::Level(_, _) => up.buffer_empty(port, session),
            Notice::Ends(_) => up.closed(port, session, by_server),
        }
    }
}
