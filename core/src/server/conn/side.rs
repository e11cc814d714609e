//! The state of the socket side: the connections that one reactor or BASE worker holds.

use super::connection::{Connection, Stage, Touched, hold};
use super::deadlines::Deadlines;
use super::http::Http;
use super::linger::Lingering;
use super::tls::Handshakes;
use super::websocket::Farewells;
use crate::error::ErrorKind;
use crate::event::poller::Registrar;
use crate::log;
use crate::server::port::Port;
use crate::server::shared::Shared;
use crate::server::shared::connections::{self, Entry, State, flag};
use crate::server::shared::scoreboard::ReactorSlot;
use crate::server::{PortId, SessionId};
use crate::sys::{process, sockopt};
use socket2::{SockAddr, Socket};
use std::cell::RefCell;
use std::collections::VecDeque;
use std::io;
use std::os::fd::AsRawFd;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;
use std::time::Instant;

/// Token of a listening port in the poller: this plus the port's number. Connections have their place.
pub const PORT_TOKEN: usize = 1 << 48;
/// Token of one of a port's listening sockets (there are several with `enable_reuse_port` in BASE mode).
pub fn listener_token(port: usize, socket: usize) -> usize {
    PORT_TOKEN + (socket << 16) + port
}
/// Token of the owner's bell.
pub const BELL_TOKEN: usize = 1 << 49;
/// Bytes of one read, and the longest delivery without a packet protocol.
pub const READ_SIZE: usize = 64 << 10;

/// What reading gave.
#[derive(Debug)]
pub enum Read {
    /// so many bytes in the scratch buffer; `more`: there may be more to read at once
    Bytes { count: usize, more: bool },
    /// nothing now
    Nothing,
    /// the client sends no more
    End,
    /// the socket failed
    Failed(io::Error),
    /// the client broke TLS, and was told so; with the number of an `ErrorKind`
    Broken(i32),
}

/// What became of a client's queue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Level {
    /// went above the high watermark
    Full,
    /// fell to the low watermark
    Low,
}

/// Something that [`super::drive`] still has to tell upstream.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Notice {
    /// the watermark was crossed
    Level(SessionId, Level),
    /// the connection ends
    Ends(SessionId),
}

/// The connections that one reactor thread, or one BASE worker, holds.
#[derive(Debug)]
#[expect(clippy::redundant_allocation, reason = "the outer count is this thread's own")]
pub struct SocketSide {
    /// number of the reactor (BASE: of the worker)
    pub number: usize,
    /// what all processes see; counted per thread, so that reactors do not fight over the count
    pub shared: Rc<Arc<Shared>>,
    /// the listening ports
    pub ports: Rc<Arc<Vec<Port>>>,
    /// where descriptors are added
    pub registrar: Registrar,
    /// accept connections unread until they are confirmed
    pub delay_receive: bool,
    /// now, microseconds since 1970; set once a turn
    pub now: u64,
    /// connections that may be read without waiting
    pub to_read: VecDeque<u32>,
    /// what is still to be told
    pub notices: VecDeque<Notice>,
    /// answers to this connection are gathered until its packages are handled, and when that began
    pub corked: Option<(usize, u64)>,
    /// closed, and waiting for their clients
    pub lingering: Lingering,
    /// WebSockets that wait for a close frame
    pub farewells: Farewells,
    /// when to look at connections that speak HTTP
    pub(super) deadlines: Deadlines,
    /// an answer was detached, and who has it had died before that was heard of: they are to be looked for
    pub has_orphans: bool,
    /// since when answers end their connections, microseconds since 1970; 0: they do not
    pub(super) ending_since: u64,
    /// nothing more is read, but for requests: the server ends
    pub deaf: bool,
    /// when those handshakes have to be over that are under way
    pub handshakes: Handshakes,
    /// whose handshake ended with the last read
    pub(super) established: Option<(PortId, SessionId)>,
    pub(super) connections: Vec<Option<Box<Connection>>>,
    open: usize,
}

impl SocketSide {
    /// An empty side.
    pub fn new(
        number: usize,
        shared: Arc<Shared>,
        ports: Arc<Vec<Port>>,
        registrar: Registrar,
        delay_receive: bool,
    ) -> Self {
        let deadlines = Deadlines::new(&ports);
        SocketSide {
            number,
            shared: Rc::new(shared),
            ports: Rc::new(ports),
            registrar,
            delay_receive,
            now: crate::event::clock::now_micros(),
            to_read: VecDeque::new(),
            notices: VecDeque::new(),
            corked: None,
            lingering: Lingering::default(),
            farewells: Farewells::default(),
            deadlines,
            has_orphans: false,
            ending_since: 0,
            deaf: false,
            handshakes: Handshakes::default(),
            established: None,
            connections: Vec::new(),
            open: 0,
        }
    }

    /// Its figures.
    pub fn figures(&self) -> &ReactorSlot {
        &self.shared.board.reactors[self.number]
    }

    /// The place of a session that this side holds (also one whose socket is closed already).
    pub fn place(&self, session: SessionId) -> Option<usize> {
        let place = self.shared.table.place(session)?;
        self.get(place).is_some_and(|c| c.session == session).then_some(place)
    }

    /// The connection at a place.
    pub fn get(&self, place: usize) -> Option<&Connection> {
        self.connections.get(place)?.as_deref()
    }

    /// The connection at a place.
    pub fn get_mut(&mut self, place: usize) -> Option<&mut Connection> {
        self.connections.get_mut(place)?.as_deref_mut()
    }

    /// The table's entry at a place.
    pub fn entry(&self, place: usize) -> &Entry {
        self.shared.table.at(place)
    }

    /// Places of all connections here, closed ones included.
    pub fn places(&self) -> Vec<usize> {
        (0..self.connections.len()).filter(|p| self.connections[*p].is_some()).collect()
    }

    /// Processes that the program starts in a callback of this thread's do not hold these connections.
    pub fn keep_from_children(this: &Rc<RefCell<SocketSide>>) {
        let this = Rc::downgrade(this);
        process::keep_from_children(Rc::new(move |kept| {
            let side = this.upgrade();
            // No callback runs while it is borrowed, so nobody forks.
            let Some(Ok(side)) = side.as_ref().map(|side| side.try_borrow()) else { return };
            let open = side.connections.iter().flatten().filter_map(|connection| connection.socket.as_ref());
            open.chain(side.lingering.sockets()).for_each(|socket| kept(socket.as_raw_fd()));
        }));
    }

    /// The server ends, or this process: connections linger, so that their clients read everything, and those of HTTP end when they are quiet.
    pub fn begin_to_end(&mut self) {
        self.lingering.all = true;
        self.ending_since = crate::event::clock::now_micros();
    }

    /// How many connections are at `stage`.
    pub fn count(&self, stage: Stage) -> usize {
        self.connections.iter().flatten().filter(|c| c.stage == stage).count()
    }

    /// Whether no connection has a socket any more.
    pub fn is_empty(&self) -> bool {
        self.open == 0
    }

    /// Accepts one connection at `port`. None: none is waiting, or it was turned away.
    pub fn accept(&mut self, port: usize, listener: &Socket) -> io::Result<Option<(Socket, SockAddr)>> {
        let (socket, address) = sockopt::accept(listener)?;
        let limit = self.shared.size.connections;
        if self.shared.board.connections() >= limit {
            self.turn_away(port, limit);
            return Ok(None);
        }
        Ok(Some((socket, address)))
    }

    fn turn_away(&self, port: usize, limit: usize) {
        self.figures().refused.add_own(1);
        if self.figures().refused.get().is_power_of_two() {
            let total = self.figures().refused.get();
            log::warning(format_args!(
                "connections at {} turned away: {total} so far, max_conn is {limit}; raise it (and `ulimit -n`)",
                self.ports[port].host
            ));
        }
    }

    /// Takes an accepted connection in: a place, an entry, the poller. None: no place was left, or it has its TLS handshake before it.
    pub fn open(&mut self, port: usize, socket: Socket, address: &SockAddr) -> Option<SessionId> {
        let accepted = connections::Accepted {
            owner: self.number,
            port,
            fd: socket.as_raw_fd(),
            remote: address.as_socket(),
            // Requests tell of it (`server_addr`); the workers have no socket to ask.
            local: self.ports[port].http.as_ref().and_then(|_| Some(socket.local_addr().ok()?.as_socket()?.ip())),
            now: self.now,
        };
        let Some(session) = self.shared.table.open(accepted) else {
            self.turn_away(port, self.shared.size.connections);
            return None;
        };
        let place = self.shared.table.place(session)?;
        if let Err(e) = self.registrar.add_both(&socket, place) {
            log::error(format_args!("cannot watch a new connection: {e}; it is closed"));
            self.shared.table.release(place);
            return None;
        }
        let mut connection = Connection::new(socket, session, port);
        if self.ports[port].http.is_some() {
            connection.http = Some(Box::new(Http::new()));
            self.deadlines.begin();
        }
        if self.delay_receive {
            connection.held |= hold::UNCONFIRMED;
        }
        if self.connections.len() <= place {
            self.connections.resize_with(place + 1, || None);
        }
        self.connections[place] = Some(Box::new(connection));
        self.open += 1;
        let figures = self.figures();
        figures.accepted.add_own(1);
        figures.connections.fetch_add(1, Relaxed);
        self.shared.board.ports[port].connections.fetch_add(1, Relaxed);
        let ports = self.ports.clone();
        if let Some(tls) = &ports[port].tls {
            self.begin_tls(place, tls, ports[port].settings.ssl_handshake_timeout);
            return None;
        }
        Some(session)
    }

    /// Reads once from a connection into `scratch`. `hangup`: the kernel said that the stream ends.
    pub fn read(&mut self, place: usize, hangup: bool, scratch: &mut [u8]) -> Read {
        let now = self.now;
        let paused = self.entry(place).has(flag::PAUSED);
        let is_deaf = self.deaf;
        let Some(connection) = self.connections.get_mut(place).and_then(Option::as_deref_mut) else {
            return Read::Nothing;
        };
        // Requests that are on their way are answered, by answers that end the connection.
        let deaf = paused || (is_deaf && connection.http.is_none());
        connection.hangup |= hangup;
        if deaf || !connection.is_readable() {
            connection.unread = true;
            return Read::Nothing;
        }
        connection.unread = false;
        let hangup = connection.hangup;
        if connection.tls.is_some() {
            return self.read_tls(place, scratch);
        }
        let scratch = &mut scratch[..READ_SIZE];
        let Some(socket) = &connection.socket else { return Read::Nothing };
        match io::Read::read(&mut &*socket, scratch) {
            Ok(0) => Read::End,
            Ok(count) => {
                self.figures().received_bytes.add_own(count as u64);
                self.entry(place).last_recv_time.store(now, Relaxed);
                // A short read has emptied the socket; the next bytes, or the end, are a new event.
                Read::Bytes { count, more: count == scratch.len() || hangup }
            }
            Err(e) if e.kind() == io::ErrorKind::WouldBlock => Read::Nothing,
            Err(e) if e.kind() == io::ErrorKind::Interrupted => Read::Bytes { count: 0, more: true },
            Err(e) => Read::Failed(e),
        }
    }

    /// Puts a connection on the list of those to read in the next turn.
    pub fn read_again(&mut self, place: usize) {
        if let Some(connection) = self.get_mut(place) {
            connection.unread = true;
            if connection.is_readable() && !connection.listed {
                connection.listed = true;
                self.to_read.push_back(place as u32);
            }
        }
    }

    /// Sets or clears a reason not to read a connection.
    pub fn set_hold(&mut self, place: usize, reason: u8, on: bool) {
        let Some(connection) = self.get_mut(place) else { return };
        if on {
            connection.held |= reason;
        } else if connection.held & reason != 0 {
            connection.held &= !reason;
            if let Some(http) = connection.http.as_mut().filter(|_| connection.held == 0) {
                http.listened_since = 0;
            }
            if connection.held == 0 && (connection.unread || !connection.input.is_empty()) {
                self.read_again(place);
            }
        }
    }

    /// The socket failed: it is closed at once.
    pub fn fail(&mut self, place: usize, error: &io::Error) {
        let errno = error.raw_os_error().unwrap_or(ErrorKind::SystemCallFail as i32);
        self.abort(place, errno);
    }

    /// The kernel says that a connection is gone. One that is being read finds out by itself; one that the program holds
    /// back would stay for ever. True: it was such a one.
    pub fn lose_held(&mut self, place: usize) -> bool {
        let Some(connection) = self.get(place) else { return false };
        let held = connection.held & (hold::PAUSED | hold::UNCONFIRMED | hold::ANSWERING) != 0
            && connection.stage == Stage::Open;
        let Some(socket) = connection.socket.as_ref().filter(|_| held) else { return false };
        let error =
            socket.take_error().ok().flatten().unwrap_or_else(|| io::Error::from_raw_os_error(libc::ECONNRESET));
        self.fail(place, &error);
        true
    }

    /// The server closes a connection at once, for the reason `errno`.
    pub fn abort_by_server(&mut self, place: usize, errno: i32) {
        if let Some(connection) = self.get_mut(place) {
            connection.by_server = true;
        }
        self.abort(place, errno);
    }

    /// Closes a connection at once, for the reason `errno`.
    pub fn abort(&mut self, place: usize, errno: i32) {
        self.entry(place).close_errno.store(errno as u32, Relaxed);
        self.shut(place);
    }

    /// Nothing more is read; the workers are to be told, and may still answer what was read before.
    pub fn end(&mut self, place: usize, by_server: bool, errno: i32) {
        let entry = self.entry(place);
        entry.half_close();
        entry.close_errno.store(errno as u32, Relaxed);
        let Some(connection) = self.get_mut(place) else { return };
        if connection.untold {
            return self.abort(place, errno);
        }
        if connection.stage == Stage::Open {
            connection.stage = Stage::Ending;
            connection.by_server = by_server;
            connection.input = Vec::new();
            let session = connection.session;
            if !std::mem::replace(&mut connection.end_told, true) {
                // Its place is kept until the upstream has been told and says who is to hear of it.
                connection.unheard = 1;
                self.notices.push_back(Notice::Ends(session));
            }
        }
    }

    /// The server closes a connection: what is queued goes out first, unless `reset`.
    pub fn close(&mut self, place: usize, reset: bool) {
        self.entry(place).start_closing();
        let Some(connection) = self.get_mut(place) else { return };
        if matches!(connection.stage, Stage::Closed) {
            return;
        }
        connection.by_server = true;
        connection.input = Vec::new();
        if !reset {
            self.say_goodbye(place);
        }
        let Some(connection) = self.get_mut(place).filter(|c| c.stage != Stage::Closed) else { return };
        connection.stage = Stage::Finishing;
        if let (true, Some(socket)) = (reset, &connection.socket) {
            // What is unsent is thrown away and the client sees a reset.
            let _ = socket.set_linger(Some(std::time::Duration::ZERO));
            self.shut(place);
        } else if connection.output.is_none() {
            self.shut_orderly(place);
        }
    }

    /// Closes the socket of a connection to which everything has been sent.
    pub(super) fn shut_orderly(&mut self, place: usize) {
        if let Some(connection) = self.get_mut(place)
            && let (Some(socket), Some(tls)) = (&connection.socket, &mut connection.tls)
        {
            tls.close(socket);
        }
        let refused = self.get(place).is_some_and(|c| c.refused);
        if let Some(socket) = self.shut(place) {
            let registrar = &self.registrar;
            self.lingering.end(socket, refused, |socket| drop(registrar.remove(socket)));
        }
    }

    /// Takes the socket out, to be closed by dropping it; the place stays until the workers have heard of it.
    fn shut(&mut self, place: usize) -> Option<Socket> {
        let connection = self.get_mut(place)?;
        let socket = connection.socket.take()?;
        connection.stage = Stage::Closed;
        connection.output = None;
        connection.input = Vec::new();
        let (session, port, by_server) = (connection.session, connection.port, connection.by_server);
        let told = std::mem::replace(&mut connection.end_told, true);
        let heard = told && connection.unheard == 0;
        if !told {
            connection.unheard = 1;
        }
        self.open -= 1;
        let entry = self.entry(place);
        entry.mark(flag::BY_SERVER, by_server);
        entry.send_queued.store(0, Relaxed);
        entry.flushed.fetch_add(1, Relaxed);
        entry.set_state(State::Closed);
        if let Some(worker) = entry.worker() {
            self.shared.board.workers[worker].connections.fetch_sub(1, Relaxed);
        }
        let figures = self.figures();
        figures.closed.add_own(1);
        figures.connections.fetch_sub(1, Relaxed);
        self.shared.board.ports[port].connections.fetch_sub(1, Relaxed);
        if !told {
            self.notices.push_back(Notice::Ends(session));
        } else if heard {
            self.release(place);
        }
        Some(socket)
    }

    fn release(&mut self, place: usize) {
        if let Some(slot) = self.connections.get_mut(place) {
            *slot = None;
            self.shared.table.release(place);
        }
    }

    /// Workers have heard that a connection ends: the last answers go out and it is closed, or, if it
    /// is closed, its place becomes free.
    pub fn close_heard(&mut self, place: usize) {
        let Some(connection) = self.get_mut(place) else { return };
        connection.unheard = 0;
        if connection.socket.is_none() {
            return self.release(place);
        }
        self.say_goodbye(place);
        self.entry(place).start_closing();
        let Some(connection) = self.get_mut(place).filter(|c| c.stage != Stage::Closed) else { return };
        connection.stage = Stage::Finishing;
        if connection.output.is_none() {
            self.shut_orderly(place);
        }
    }

    /// When [`SocketSide::look`] has something to do next.
    pub fn next_look(&self) -> Option<Instant> {
        [self.lingering.next(), self.farewells.next(), self.handshakes.next()].into_iter().flatten().min()
    }

    /// Lets go of connections that have been waited for long enough.
    pub fn look(&mut self) {
        self.lingering.look();
        self.end_farewells();
        if !self.handshakes.is_empty() {
            self.end_slow_handshakes();
        }
    }

    /// A message of a worker for `session`: its place if it can still be written to.
    pub fn writable_place(&mut self, session: SessionId) -> Option<usize> {
        let place = self.place(session)?;
        let stage = self.get(place)?.stage;
        matches!(stage, Stage::Open | Stage::Ending | Stage::Finishing).then_some(place)
    }

    /// Notes that `worker` has been given messages of the connection at `place`.
    pub fn touch(&mut self, place: usize, worker: usize) {
        let Some(connection) = self.get_mut(place) else { return };
        connection.touched = match connection.touched {
            Touched::Nobody => Touched::One(worker as u16),
            Touched::One(w) if usize::from(w) == worker => return,
            _ => Touched::Many,
        };
    }
}
