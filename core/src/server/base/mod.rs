//! The loop of a BASE worker: it accepts, reads and writes by itself.
//!
//! Runs in: worker (BASE).

mod listeners;

use super::conn::connection::{Stage, hold};
use super::conn::drive::{self, Placement, Turn};
use super::conn::side::{BELL_TOKEN, SocketSide};
use super::conn::sweep::Sweeper;
use super::conn::{Accepted, Upstream};
use super::http::pool;
use super::outbox::Outbox as _;
use super::outbox::direct::Direct;
use super::shared::connections::flag;
use super::shared::scoreboard::{Phase, WorkerState};
use super::worker::Worker;
use super::{PortId, Request, SessionId};
use crate::error::Result;
use crate::event::poller::{Poller, Ready};
use crate::event::{clock, local};
use crate::ipc::message::{PacketHead, close};
use crate::log;
use crate::net::datagram;
use crate::protocol::http1::Brief;
use crate::sys::signal;
use listeners::Listeners;
use socket2::{SockAddr, Socket};
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::sync::atomic::Ordering::Relaxed;
use std::time::{Duration, Instant};

/// How often to look whether a leaving worker's connections are through.
const LOOK: Duration = Duration::from_millis(20);
/// How long a leaving worker waits for the first request of a new connection, in microseconds.
const FRESH: u64 = 300_000;
/// How long it waits for the next request of one that was served, in microseconds.
const QUIET: u64 = 50_000;
/// How often to try another worker's full inbox again.
const PUSH_AGAIN: Duration = Duration::from_millis(2);
/// Letters from other processes that are handled in one turn.
const LETTERS: usize = 64;
/// Connections that a worker which has more than another accepts after giving the other a chance.
const AFTER_CHANCE: u32 = 16;

/// Straight from the sockets to the callbacks.
struct ToCallbacks<'a> {
    worker: &'a Worker,
    side: Rc<RefCell<SocketSide>>,
    /// connections that may be accepted without looking at the other workers
    allowance: Cell<u32>,
}

impl Placement for ToCallbacks<'_> {
    /// All workers are woken for a new connection, and the first takes it. One that has more than another
    /// waits a moment, so that connections spread.
    fn may_accept(&self) -> bool {
        if let Some(left) = self.allowance.get().checked_sub(1) {
            self.allowance.set(left);
            return true;
        }
        let side = self.side.borrow();
        let workers = &side.shared.board.workers;
        let own = workers[self.worker.id].connections.load(Relaxed);
        let others = workers[..side.shared.size.workers].iter().filter(|w| w.state() == WorkerState::Running);
        if others.map(|w| w.connections.load(Relaxed)).min().is_none_or(|least| own <= least) {
            return true;
        }
        self.allowance.set(AFTER_CHANCE);
        false
    }

    fn place(&self, _port: usize, socket: Socket, address: SockAddr) -> Option<(Socket, SockAddr)> {
        Some((socket, address))
    }
}

impl ToCallbacks<'_> {
    /// Notes that something of a connection goes to a callback.
    fn dispatched(&self, session: SessionId) {
        let side = self.side.borrow();
        side.figures().dispatched.add_own(1);
        if let Some(place) = side.place(session) {
            side.entry(place).last_dispatch_time.store(side.now, Relaxed);
        }
    }
}

impl Upstream for ToCallbacks<'_> {
    fn connected(&self, port: PortId, session: SessionId) {
        let side = self.side.borrow();
        let Some(place) = side.place(session) else { return };
        side.entry(place).tie(Some(self.worker.id));
        side.shared.board.workers[self.worker.id].connections.fetch_add(1, Relaxed);
        let wanted = side.ports[port].wants.connect;
        drop(side);
        if wanted && !self.worker.departure.is_over() {
            self.worker.connected(port, session, self.worker.id as i32);
        }
    }

    fn data(&self, port: PortId, session: SessionId, bytes: &[u8]) -> Accepted {
        self.dispatched(session);
        if !self.worker.departure.is_over() {
            self.worker.received(port, session, self.worker.id as i32, bytes);
        }
        Accepted::Yes
    }

    fn request(&self, port: PortId, session: SessionId, brief: &Brief, bytes: &[u8]) -> Accepted {
        self.dispatched(session);
        if !self.worker.departure.is_over() {
            let mut owned = pool::take();
            owned.extend_from_slice(bytes);
            self.worker.requested(Request::new(session, port, *brief, owned, 0));
        }
        Accepted::Yes
    }

    fn frame(&self, port: PortId, session: SessionId, head: [u8; 2], data: &[u8]) -> Accepted {
        self.dispatched(session);
        if !self.worker.departure.is_over() {
            self.worker.framed(port, session, head, data);
        }
        Accepted::Yes
    }

    fn packet(&self, port: PortId, from: &datagram::Sender, bytes: &[u8]) -> Accepted {
        let dispatch_time = {
            let side = self.side.borrow();
            side.figures().dispatched.add_own(1);
            clock::to_seconds(side.now)
        };
        let head = PacketHead { dispatch_time, peer_port: from.port, address: from.address.clone() };
        if !self.worker.departure.is_over() {
            self.worker.packet(port, &head, bytes);
        }
        Accepted::Yes
    }

    fn closed(&self, port: PortId, session: SessionId, by_server: bool) {
        let wanted = {
            let side = self.side.borrow();
            let was_websocket = side.place(session).is_some_and(|place| side.entry(place).has(flag::WEBSOCKET));
            side.ports[port].wants.end(was_websocket)
        };
        if wanted {
            let flags = close::CALL | if by_server { close::BY_SERVER } else { 0 };
            self.worker.closed(port, session, self.worker.id as i32, flags);
        }
        let mut side = self.side.borrow_mut();
        if let Some(place) = side.place(session) {
            side.entry(place).mark(flag::BY_SERVER, by_server);
            side.close_heard(place);
        }
    }

    fn buffer_full(&self, port: PortId, session: SessionId) {
        if self.side.borrow().ports[port].wants.buffer_full && !self.worker.departure.is_over() {
            self.worker.level(port, session, true);
        }
    }

    fn buffer_empty(&self, port: PortId, session: SessionId) {
        if self.side.borrow().ports[port].wants.buffer_empty && !self.worker.departure.is_over() {
            self.worker.level(port, session, false);
        }
    }

    fn package_length(&self, port: PortId, bytes: &[u8]) -> isize {
        self.worker.events.package_length(&self.worker.server, port, bytes)
    }

    fn is_leaving(&self) -> bool {
        self.worker.departure.is_over()
    }
}

/// Runs a BASE worker from its start callback to its stop callback; its exit code.
pub fn run(worker: &Worker) -> Result<i32> {
    let shared = worker.server.shared().clone();
    let slot = &shared.board.workers[worker.id];
    let mut poller = Poller::new()?;
    let registrar = poller.registrar()?;
    let watch = |e| crate::error::Error::system("cannot watch a listening socket", &e);
    registrar.add_readable(&shared.worker_bells[worker.id], BELL_TOKEN).map_err(watch)?;
    local::register_in(&registrar, BELL_TOKEN)?;
    let ports = worker.server.running_ports();
    let side =
        SocketSide::new(worker.id, shared.clone(), ports.clone(), registrar, worker.settings.enable_delay_receive);
    let mut sweeper = Sweeper::new(&worker.settings, &side);
    let side = Rc::new(RefCell::new(side));
    SocketSide::keep_from_children(&side);
    let outbox = Rc::new(Direct::new(side.clone()));
    worker.server.set_outbox(outbox.clone());
    let up = ToCallbacks { worker, side: side.clone(), allowance: Cell::new(0) };
    let mut deaths = shared.board.head().deaths.load(Relaxed);
    let mut turn = Turn::default();
    let mut events: Vec<Ready> = Vec::with_capacity(512);
    let mut bytes = Vec::new();
    let mut leave_by: Option<Instant> = None;
    let mut next_look = Instant::now();
    worker.start();
    let mut listeners = Listeners::new(worker.id, shared.size.workers);
    listeners.open(&side.borrow()).map_err(watch)?;
    loop {
        worker.signals();
        if worker.departure.is_over() {
            break;
        }
        let free = worker.may_leave();
        if worker.departure.is_leaving() && leave_by.is_none() && (free || shared.board.phase() >= Phase::Draining) {
            slot.set_state(WorkerState::Leaving);
            listeners.close(&side.borrow());
            turn.stop_accepting();
            side.borrow_mut().begin_to_end();
            // Before the manager loses patience.
            let since = worker.leaving_since().unwrap_or_else(Instant::now);
            leave_by = Some(since + worker.settings.max_wait_time.mul_f32(0.8));
        }
        if free && let Some(deadline) = leave_by {
            if next_look <= Instant::now() {
                finish_connections(&mut turn, &side, &up, deadline);
                next_look = Instant::now() + LOOK;
            }
            if side.borrow().is_empty() && (side.borrow().lingering.is_empty() || Instant::now() >= deadline) {
                break;
            }
        }
        let letters = worker.letters(LETTERS, &mut bytes, |_, _| ());
        worker.run_timers();
        worker.check_memory(true);
        let pushing = outbox.flush();
        let timeout = if turn.has_more(&side) || letters > 0 || side.borrow().has_orphans {
            Some(Duration::ZERO)
        } else {
            slot.sleeper.announce();
            if outbox.has_mail() || !worker.post.is_empty() || signal::any() {
                Some(Duration::ZERO)
            } else {
                let until = |at: Instant| at.saturating_duration_since(Instant::now());
                let looking = worker.departure.is_leaving().then_some(LOOK);
                let pushing = pushing.then_some(PUSH_AGAIN);
                let looking_at = side.borrow().next_look();
                [
                    looking,
                    pushing,
                    worker.timeout(),
                    looking_at.map(until),
                    turn.retry_at().map(until),
                    sweeper.next(&side.borrow()).map(until),
                ]
                .into_iter()
                .flatten()
                .min()
            }
        };
        worker.rests();
        if let Err(e) = poller.wait(timeout, &mut events) {
            log::error(format_args!("worker {}: waiting for events failed: {e}", worker.id));
            std::thread::sleep(Duration::from_millis(10));
        }
        slot.sleeper.awake();
        worker.wakes();
        side.borrow_mut().now = clock::now_micros();
        let died = shared.board.head().deaths.load(Relaxed);
        let has_orphans = std::mem::take(&mut side.borrow_mut().has_orphans);
        if std::mem::replace(&mut deaths, died) != died || has_orphans {
            let orphans = side.borrow().orphans();
            outbox.take_in();
            while !orphans.is_empty() && outbox.has_mail() {
                outbox.take_in();
            }
            outbox.forget_the_dead();
            side.borrow_mut().settle(&orphans);
        }
        if leave_by.is_none() && events.iter().any(|event| event.token == BELL_TOKEN) {
            listeners.follow(&side.borrow());
        }
        for event in events.drain(..) {
            if event.token != BELL_TOKEN && !worker.departure.is_over() {
                turn.ready(&side, &up, event);
            }
        }
        turn.continue_reading(&side, &up);
        outbox.take_in();
        sweeper.sweep(&mut side.borrow_mut());
        drive::tell(&side, &up);
        side.borrow_mut().look();
    }
    flush_all(&side, &outbox, worker.settings.max_wait_time);
    worker.stop();
    Ok(worker.departure.exit_code())
}

/// A leaving worker closes what is through: nothing half received, nothing left to send, and quiet for a moment, since the
/// next request may be on its way. What the client has sent already is read first. After `deadline` the rest is closed too.
fn finish_connections(turn: &mut Turn, side: &Rc<RefCell<SocketSide>>, up: &ToCallbacks<'_>, deadline: Instant) {
    let places = side.borrow().places();
    let late = Instant::now() >= deadline;
    for place in places {
        // The one before may have run a callback for long.
        side.borrow_mut().now = clock::now_micros();
        turn.ready(side, up, Ready { token: place, readable: true, writable: true, hangup: false, gone: false });
        let mut side = side.borrow_mut();
        let Some(connection) = side.get(place) else { continue };
        if connection.stage == Stage::Closed {
            continue;
        }
        let (session, queued, partial) = (connection.session, connection.queued(), connection.half_received());
        // When the server ends, nobody will see the rest of a package.
        let ends = side.shared.board.phase() >= Phase::Draining;
        // A request is answered first.
        let awaited = connection.held & hold::ANSWERING != 0;
        let through = !awaited && queued == 0 && (partial == 0 || ends) && !connection.listed;
        let entry = side.entry(place);
        let (connected, received) = (entry.connect_time.load(Relaxed), entry.last_recv_time.load(Relaxed));
        let moved = received.max(entry.last_send_time.load(Relaxed));
        let fresh = received <= connected || connection.untold;
        let quiet = clock::now_micros().saturating_sub(moved) > if fresh { FRESH } else { QUIET };
        let quiet = quiet && side.is_between_requests(place);
        if through && (quiet || late) {
            side.close(place, false);
        } else if late && awaited && queued == 0 {
            side.give_up_request(place);
        } else if late {
            log::warning(format_args!(
                "session {session} is closed in the middle: {queued} bytes were not taken and {partial} not complete within max_wait_time"
            ));
            side.abort_by_server(place, libc::ETIMEDOUT);
        }
    }
    drive::tell(side, up);
}

/// A worker that a callback has ended writes what was sent before.
fn flush_all(side: &Rc<RefCell<SocketSide>>, outbox: &Direct, limit: Duration) {
    let deadline = Instant::now() + limit.mul_f32(0.8);
    let places = side.borrow().places();
    places.into_iter().for_each(|place| side.borrow_mut().give_up_request(place));
    loop {
        let mut left = u64::from(outbox.flush());
        let mut side = side.borrow_mut();
        for place in side.places() {
            side.flush(place);
            left += side.get(place).map_or(0, |c| c.queued());
        }
        if left == 0 || Instant::now() >= deadline {
            return;
        }
        drop(side);
        std::thread::sleep(Duration::from_millis(2));
    }
}
