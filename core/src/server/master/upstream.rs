//! From a reactor's sockets to the workers: dispatch, then the ring.
//!
//! Runs in: master, reactor thread.

use super::lanes::Lanes;
use crate::event::clock::now_micros;
use crate::ipc::Outgoing;
use crate::ipc::message::{Kind, PacketHead, close};
use crate::log;
use crate::net::datagram;
use crate::protocol::http1::Brief;
use crate::server::conn::connection::{Touched, hold};
use crate::server::conn::drive::Placement;
use crate::server::conn::http::Given;
use crate::server::conn::side::SocketSide;
use crate::server::conn::{Accepted, Upstream};
use crate::server::dispatch::{DispatchMode, Dispatcher, Scoreboard, Subject};
use crate::server::shared::Shared;
use crate::server::shared::connections::{Entry, flag};
use crate::server::shared::scoreboard::WorkerState;
use crate::server::{DispatchChoice, DispatchKind, PortId, Server, ServerEvents, SessionId};
use crate::shm::ring::RingMemory;
use crossbeam_channel::Sender;
use socket2::{SockAddr, Socket};
use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;

/// A connection on its way from the reactor that accepted it to the one that keeps it.
pub type Handover = (usize, Socket, SockAddr);

/// The functions of the program that a reactor on the main thread may call.
pub struct Hooks {
    /// the server, for the callbacks' first argument
    pub server: Server,
    /// who implements them
    pub events: Rc<dyn ServerEvents>,
    /// there is a `dispatch_func`
    pub dispatch: bool,
}

/// A reactor's way up.
pub struct ToWorkers {
    /// this reactor's sockets
    pub side: Rc<RefCell<SocketSide>>,
    /// the rings
    pub lanes: RefCell<Lanes>,
    /// chooses the worker
    pub dispatcher: RefCell<Dispatcher>,
    /// what it looks at
    pub load: Load,
    /// connect and close events are run
    pub connection_events: bool,
    /// the other reactors, by number
    pub others: Vec<Sender<Handover>>,
    /// `dispatch_func` and `package_length_func`, if this reactor is on the main thread
    pub hooks: Option<Hooks>,
}

/// Microseconds after which a worker's present work is long.
const LONG: u64 = 2000;

/// What dispatch looks at, with the rings at hand.
pub struct Load {
    shared: Arc<Shared>,
    /// by worker, then by reactor
    rings: Vec<Vec<RingMemory>>,
}

impl Load {
    /// For any reactor.
    pub fn new(shared: &Arc<Shared>) -> Load {
        let rings = |w| (0..shared.size.reactors).map(|r| shared.to_worker(r, w)).collect();
        Load { shared: shared.clone(), rings: (0..shared.size.workers).map(rings).collect() }
    }
}

impl Scoreboard for Load {
    fn in_flight(&self, worker: usize) -> u64 {
        let waiting: u64 = self.rings[worker].iter().map(RingMemory::backlog).sum();
        let slot = &self.shared.board.workers[worker];
        if slot.state() != WorkerState::Running {
            // There is no process, or it is not there yet: only if there is no other.
            return u64::MAX / 2 + waiting;
        }
        // One that has been at it for long counts for more than one that is about to be free.
        let busy = u64::from(slot.busy.load(Relaxed));
        let stuck = busy * u64::from(now_micros().saturating_sub(slot.busy_since.load(Relaxed)) > LONG);
        2 * waiting + busy + stuck
    }
    fn connections(&self, worker: usize) -> u64 {
        self.shared.board.workers[worker].connections.load(Relaxed).into()
    }
}

/// What became of something that a connection sent.
enum Dispatched {
    /// it is on its way to that worker
    To(usize, Accepted),
    /// the program's function dropped it
    Discarded,
    /// the connection is closed
    Closed,
}

enum Choice {
    Worker(usize),
    Discard,
    Close,
}

impl ToWorkers {
    fn subject(entry: &Entry, session: SessionId) -> Subject {
        let uid = entry.has(flag::HAS_UID).then(|| entry.uid.load(Relaxed) as i64);
        Subject { session, address: entry.remote().map(|a| a.ip()), uid, tied: entry.worker() }
    }

    fn choose(&self, shared: &Arc<Shared>, subject: &Subject, kind: DispatchKind, bytes: &[u8]) -> Choice {
        if let Some(hooks) = self.hooks.as_ref().filter(|h| h.dispatch) {
            match hooks.events.dispatch(&hooks.server, subject.session, kind, bytes) {
                DispatchChoice::Worker(w) if (0..shared.size.workers as i64).contains(&w) => {
                    return Choice::Worker(w as usize);
                }
                DispatchChoice::Worker(w) => log::warning(format_args!(
                    "dispatch_func returned worker {w}; workers are 0 to {}: the message goes where dispatch mode 2 sends it",
                    shared.size.workers - 1
                )),
                DispatchChoice::Discard => return Choice::Discard,
                DispatchChoice::Close => return Choice::Close,
                DispatchChoice::Fallback => {}
            }
        }
        Choice::Worker(self.dispatcher.borrow_mut().choose(subject, &self.load))
    }

    /// The worker that hears of a connection's life, for modes that have one.
    fn worker_of(&self, shared: &Arc<Shared>, place: usize, session: SessionId, kind: DispatchKind) -> usize {
        let subject = Self::subject(shared.table.at(place), session);
        match self.choose(shared, &subject, kind, &[]) {
            Choice::Worker(w) => w,
            _ => self.dispatcher.borrow_mut().choose(&subject, &self.load),
        }
    }

    fn tie(&self, shared: &Arc<Shared>, place: usize, worker: usize) {
        let before = shared.table.at(place).tie(Some(worker));
        if before != Some(worker) {
            shared.board.workers[worker].connections.fetch_add(1, Relaxed);
            if let Some(before) = before {
                shared.board.workers[before].connections.fetch_sub(1, Relaxed);
            }
        }
    }

    /// Sends what a connection sent to the worker that it is for.
    fn dispatch(&self, message: Outgoing<'_>) -> Dispatched {
        let (port, session, bytes) = (PortId::from(message.port), message.session, message.body);
        let mut side = self.side.borrow_mut();
        let shared = side.shared.clone();
        let Some(place) = shared.table.place(session) else { return Dispatched::Closed };
        let entry = shared.table.at(place);
        let subject = Self::subject(entry, session);
        let figures = &shared.board.reactors[side.number];
        let worker = if self.hooks.is_some() {
            // The program's function may look at connections: no borrow while it runs.
            drop(side);
            let choice = self.choose(&shared, &subject, DispatchKind::Data, bytes);
            side = self.side.borrow_mut();
            match choice {
                Choice::Worker(w) => w,
                Choice::Discard => {
                    figures.discarded.add_own(1);
                    log::debug(format_args!(
                        "{} bytes of session {session} are dropped: dispatch_func said so",
                        bytes.len()
                    ));
                    return Dispatched::Discarded;
                }
                Choice::Close => {
                    figures.discarded.add_own(1);
                    log::debug(format_args!("session {session} is closed: dispatch_func said so"));
                    side.close(place, false);
                    return Dispatched::Closed;
                }
            }
        } else {
            self.dispatcher.borrow_mut().choose(&subject, &self.load)
        };
        if subject.tied.is_some_and(|tied| tied != worker) {
            self.tie(&shared, place, worker);
        }
        side.touch(place, worker);
        entry.last_dispatch_time.store(side.now, Relaxed);
        figures.dispatched.add_own(1);
        let limit = side.ports[port].settings.max_queued_bytes as u64;
        // Of requests there is one at a time.
        if limit > 0 && message.kind != Kind::Request {
            let queued = entry.recv_queued.fetch_add(bytes.len() as u64, Relaxed) + bytes.len() as u64;
            if queued >= limit {
                // Before the push: the worker that takes this message sees the flag.
                side.set_hold(place, hold::QUEUED, true);
                entry.mark(flag::HELD, true);
            }
        }
        let accepted = if self.send(worker, message, session) { Accepted::Yes } else { Accepted::AndNoMore };
        Dispatched::To(worker, accepted)
    }

    fn send(&self, worker: usize, message: Outgoing<'_>, source: SessionId) -> bool {
        self.lanes.borrow_mut().send(worker, message, source)
    }

    /// A message without bytes, which waits for nobody.
    fn send_event(&self, worker: usize, kind: Kind, port: PortId, session: SessionId, head: &[u8]) {
        // Not data: its source need not wait.
        let _ = self.send(worker, Outgoing { kind, port: port as u16, session, head, body: &[] }, session);
    }
}

impl Placement for ToWorkers {
    fn place(&self, port: usize, socket: Socket, address: SockAddr) -> Option<(Socket, SockAddr)> {
        if self.others.len() < 2 {
            return Some((socket, address));
        }
        let (own, shared) = {
            let side = self.side.borrow();
            (side.number, side.shared.clone())
        };
        let load = |r: &usize| shared.board.reactors[*r].connections.load(Relaxed) + self.others[*r].len() as u32;
        let least = (0..self.others.len()).min_by_key(|r| (load(r), *r != own)).unwrap_or(own);
        if least == own {
            return Some((socket, address));
        }
        shared.board.head().handed_over.fetch_add(1, Relaxed);
        // The other end lives as long as the reactors do; if it is gone, so is the server.
        if self.others[least].send((port, socket, address)).is_ok() {
            shared.reactor_bells[least].ring();
        }
        None
    }
}

impl Upstream for ToWorkers {
    fn connected(&self, port: PortId, session: SessionId) {
        let (shared, ports) = {
            let side = self.side.borrow();
            (side.shared.clone(), side.ports.clone())
        };
        let Some(place) = shared.table.place(session) else { return };
        let mode = self.dispatcher.borrow().mode();
        let told = self.connection_events && ports[port].wants.connect;
        if !mode.is_sticky() && !told {
            return;
        }
        let worker = self.worker_of(&shared, place, session, DispatchKind::Connect);
        if mode.is_sticky() || mode == DispatchMode::Function {
            self.tie(&shared, place, worker);
        }
        if told {
            self.side.borrow_mut().touch(place, worker);
            self.send_event(worker, Kind::Connect, port, session, &[]);
        }
    }

    fn data(&self, port: PortId, session: SessionId, bytes: &[u8]) -> Accepted {
        let message = Outgoing { kind: Kind::Data, port: port as u16, session, head: &[], body: bytes };
        match self.dispatch(message) {
            Dispatched::To(_, accepted) => accepted,
            Dispatched::Discarded | Dispatched::Closed => Accepted::Yes,
        }
    }

    fn frame(&self, port: PortId, session: SessionId, head: [u8; 2], data: &[u8]) -> Accepted {
        let message = Outgoing { kind: Kind::Frame, port: port as u16, session, head: &head, body: data };
        match self.dispatch(message) {
            Dispatched::To(_, accepted) => accepted,
            Dispatched::Discarded | Dispatched::Closed => Accepted::Yes,
        }
    }

    fn request(&self, port: PortId, session: SessionId, brief: &Brief, bytes: &[u8]) -> Accepted {
        let head = brief.to_bytes();
        let message = Outgoing { kind: Kind::Request, port: port as u16, session, head: &head, body: bytes };
        let dispatched = self.dispatch(message);
        let mut side = self.side.borrow_mut();
        let Some(place) = side.place(session) else { return Accepted::Yes };
        match dispatched {
            Dispatched::To(worker, accepted) => {
                let position = self.lanes.borrow().position_before(worker);
                if let Some(http) = side.get_mut(place).and_then(|c| c.http.as_mut()) {
                    http.given = Some(Given { worker: worker as u16, position });
                }
                accepted
            }
            // Else its client would wait for ever.
            Dispatched::Discarded => {
                side.forget_files(place);
                side.refuse(place, 503);
                Accepted::Yes
            }
            Dispatched::Closed => {
                side.forget_files(place);
                Accepted::Yes
            }
        }
    }

    fn has_room(&self, place: usize) -> bool {
        if self.lanes.borrow().is_flushed() {
            return true;
        }
        let side = self.side.borrow();
        let Some(session) = side.get(place).map(|c| c.session) else { return true };
        let tied = side.entry(place).worker();
        tied.is_none_or(|w| self.lanes.borrow_mut().has_room(w, session))
    }

    fn packet(&self, port: PortId, from: &datagram::Sender, bytes: &[u8]) -> Accepted {
        let (shared, number) = {
            let side = self.side.borrow();
            (side.shared.clone(), side.number)
        };
        let subject = Subject { session: 0, address: from.address.parse().ok(), uid: None, tied: None };
        let worker = match self.choose(&shared, &subject, DispatchKind::Packet, bytes) {
            Choice::Worker(w) => w,
            Choice::Discard | Choice::Close => {
                shared.board.reactors[number].discarded.add_own(1);
                log::debug(format_args!("a datagram of {} bytes is dropped: dispatch_func said so", bytes.len()));
                return Accepted::Yes;
            }
        };
        let dispatch_time = crate::event::clock::to_seconds(self.side.borrow().now);
        let mut head = Vec::with_capacity(64);
        PacketHead { dispatch_time, peer_port: from.port, address: from.address.clone() }.write(&mut head);
        shared.board.reactors[number].dispatched.add_own(1);
        let message = Outgoing { kind: Kind::Packet, port: port as u16, session: 0, head: &head, body: bytes };
        if self.send(worker, message, !(port as SessionId)) { Accepted::Yes } else { Accepted::AndNoMore }
    }

    fn closed(&self, port: PortId, session: SessionId, by_server: bool) {
        let (shared, wanted, place, touched, waits) = {
            let side = self.side.borrow();
            let Some(place) = side.place(session) else { return };
            let Some(connection) = side.get(place) else { return };
            let was_websocket = side.entry(place).has(flag::WEBSOCKET);
            let wanted = self.connection_events && side.ports[port].wants.end(was_websocket);
            // One of HTTP whose requests are answered is through with every worker.
            let is_answered = connection.http.is_some() && connection.held & hold::ANSWERING == 0;
            let touched = if is_answered { Touched::Nobody } else { connection.touched };
            // Who still has messages of this connection answers them before it hears of the end; only then is a half-closed socket closed. Whose
            // request is in hand, its handler may ask even if nothing can be sent any more.
            let waits = wanted || connection.socket.is_some() || connection.http.is_some();
            (side.shared.clone(), wanted, place, touched, waits)
        };
        let mut hearers: Vec<usize> = match touched {
            Touched::Nobody => Vec::new(),
            _ if !waits => Vec::new(),
            Touched::One(w) => vec![w.into()],
            Touched::Many => (0..shared.size.workers).collect(),
        };
        let caller = wanted.then(|| {
            let tied = shared.table.at(place).worker().filter(|w| touched == Touched::Nobody || hearers.contains(w));
            tied.or(hearers.first().copied())
                .unwrap_or_else(|| self.worker_of(&shared, place, session, DispatchKind::Close))
        });
        if let Some(caller) = caller
            && !hearers.contains(&caller)
        {
            hearers.push(caller);
        }
        {
            let mut side = self.side.borrow_mut();
            let Some(connection) = side.get_mut(place) else { return };
            connection.unheard = hearers.len() as u16;
            if hearers.is_empty() {
                return side.close_heard(place);
            }
        }
        for worker in hearers {
            let flags =
                if by_server { close::BY_SERVER } else { 0 } | if caller == Some(worker) { close::CALL } else { 0 };
            self.send_event(worker, Kind::Close, port, session, &[flags]);
        }
    }

    fn buffer_full(&self, port: PortId, session: SessionId) {
        self.level(Kind::BufferFull, port, session);
    }

    fn buffer_empty(&self, port: PortId, session: SessionId) {
        self.level(Kind::BufferEmpty, port, session);
    }

    fn package_length(&self, port: PortId, bytes: &[u8]) -> isize {
        self.hooks.as_ref().map_or(-1, |hooks| hooks.events.package_length(&hooks.server, port, bytes))
    }

    fn is_leaving(&self) -> bool {
        false
    }
}

impl ToWorkers {
    fn level(&self, kind: Kind, port: PortId, session: SessionId) {
        let (shared, place, touched, wants) = {
            let side = self.side.borrow();
            let Some(place) = side.place(session) else { return };
            let touched = side.get(place).map_or(Touched::Nobody, |c| c.touched);
            (side.shared.clone(), place, touched, side.ports[port].wants)
        };
        if !(if kind == Kind::BufferFull { wants.buffer_full } else { wants.buffer_empty }) {
            return;
        }
        let worker = match (shared.table.at(place).worker(), touched) {
            (Some(tied), _) => tied,
            (None, Touched::One(w)) => w.into(),
            _ => self.worker_of(&shared, place, session, DispatchKind::Data),
        };
        self.send_event(worker, kind, port, session, &[]);
    }
}
