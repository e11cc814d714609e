//! A reactor: sockets on one side, rings to the workers on the other.
//!
//! Runs in: master, reactor thread (main thread where the program's own functions dispatch).

use super::lanes::Lanes;
use super::upstream::{Handover, Hooks, Load, ToWorkers};
use crate::config::ServerSettings;
use crate::error::Result;
use crate::event::poller::{Poller, Ready, Registrar};
use crate::ipc::{Receiver, message::Kind};
use crate::log;
use crate::server::conn::connection::{Connection, Stage, hold};
use crate::server::conn::drive::{self, Turn};
use crate::server::conn::http::Given;
use crate::server::conn::side::{BELL_TOKEN, SocketSide, listener_token};
use crate::server::conn::step;
use crate::server::conn::sweep::Sweeper;
use crate::server::dispatch::{DispatchMode, Dispatcher};
use crate::server::port::Port;
use crate::server::shared::Shared;
use crate::server::shared::connections::flag;
use crate::server::shared::scoreboard::{Phase, ReactorSlot};
use crate::sys::futex;
use crossbeam_channel::{Receiver as Inbox, Sender};
use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::Ordering::{Relaxed, Release};
use std::time::{Duration, Instant};

/// While a worker that has been given messages has not gone to sleep, the reactor looks for answers by itself,
/// first after the one time, then in growing steps up to the other: a worker does not ring for an answer that it gives
/// at once, see `outbox::via_ring`.
const OWED: [Duration; 2] = [Duration::from_millis(1), Duration::from_millis(64)];
/// Messages taken from one worker before another has its turn.
const AT_ONCE: usize = 256;

/// How often a server that drains looks whether connections are through.
const LOOK: Duration = Duration::from_millis(20);
/// The part of `max_wait_time` in which it goes on taking requests.
const PATIENCE: f64 = 0.4;
/// The part in which answers are awaited, as workers do.
const ANSWERS: f64 = 0.8;

/// What a reactor is made of; can be sent to its thread.
pub struct Plan {
    /// its number
    pub number: usize,
    /// what all processes see
    pub shared: Arc<Shared>,
    /// the listening ports
    pub ports: Arc<Vec<Port>>,
    /// the server's settings
    pub settings: Arc<ServerSettings>,
    /// connections that others accepted for it
    pub inbox: Inbox<Handover>,
    /// the reactors' inboxes, by number
    pub others: Vec<Sender<Handover>>,
}

/// A reactor.
pub struct Reactor {
    shared: Arc<Shared>,
    number: usize,
    poller: Poller,
    events: Vec<Ready>,
    side: Rc<RefCell<SocketSide>>,
    up: ToWorkers,
    turn: Turn,
    down: Vec<Receiver>,
    inbox: Inbox<Handover>,
    sweeper: Sweeper,
    max_wait: Duration,
    phase: Phase,
    deadline: Option<Instant>,
    /// while the server drains: until when requests are answered that come meanwhile
    patient_until: Option<Instant>,
    /// until when their answers are awaited
    answers_until: Option<Instant>,
    deaths: u32,
    certificates: u32,
    /// how long to sleep while an answer may come without a ring
    patience: Duration,
}

impl Reactor {
    /// Builds it, on the thread that will run it.
    pub fn new(plan: Plan, hooks: Option<Hooks>) -> Result<Reactor> {
        let Plan { number, shared, ports, settings, inbox, others } = plan;
        let poller = Poller::new()?;
        let registrar = poller.registrar()?;
        let watch = |e| crate::error::Error::system("cannot watch a listening socket", &e);
        registrar.add_readable(&shared.reactor_bells[number], BELL_TOKEN).map_err(watch)?;
        for (i, port) in ports.iter().enumerate() {
            // Each port is served by one reactor, which spreads the connections over all.
            if i % shared.size.reactors == number {
                registrar.add_readable(&port.sockets[0], listener_token(i, 0)).map_err(watch)?;
            }
        }
        let side = SocketSide::new(number, shared.clone(), ports, registrar, settings.enable_delay_receive);
        let sweeper = Sweeper::new(&settings, &side);
        let side = Rc::new(RefCell::new(side));
        // It may be the one of the main thread, beside callbacks.
        SocketSide::keep_from_children(&side);
        let mode = DispatchMode::from_number(settings.dispatch_mode).unwrap_or(DispatchMode::SessionModulo);
        let up = ToWorkers {
            side: side.clone(),
            lanes: RefCell::new(Lanes::attach(&shared, number)),
            load: Load::new(&shared),
            dispatcher: RefCell::new(Dispatcher::new(mode, shared.size.workers, number)),
            connection_events: mode.has_connection_events() || settings.enable_unsafe_event,
            others,
            hooks,
        };
        let down = (0..shared.size.processes()).map(|w| Receiver::attach(shared.to_reactor(w, number))).collect();
        Ok(Reactor {
            number,
            poller,
            events: Vec::with_capacity(512),
            side,
            up,
            turn: Turn::default(),
            down,
            inbox,
            sweeper,
            max_wait: settings.max_wait_time,
            phase: Phase::Starting,
            deadline: None,
            patient_until: None,
            answers_until: None,
            deaths: 0,
            certificates: 0,
            patience: OWED[0],
            shared,
        })
    }

    /// Runs until the server is over.
    pub fn run(&mut self) {
        while self.turn(None) {}
    }

    /// To watch something else in its loop, with its own [`BELL_TOKEN`]: that wakes it, and it does nothing about it.
    pub fn registrar(&self) -> Result<Registrar> {
        self.poller.registrar()
    }

    fn slot(&self) -> &ReactorSlot {
        &self.shared.board.reactors[self.number]
    }

    /// One turn: sleep, unless there is something to do; then everything that there is to do, each a little.
    /// Sleeps for `most` at most. False: this reactor is done.
    pub fn turn(&mut self, most: Option<Duration>) -> bool {
        let timeout = [self.sleep_time(), most].into_iter().flatten().min();
        if let Err(e) = self.poller.wait(timeout, &mut self.events) {
            log::error(format_args!("reactor {}: waiting for events failed: {e}", self.number));
            std::thread::sleep(Duration::from_millis(10));
        }
        self.slot().sleeper.awake();
        self.side.borrow_mut().now = crate::event::clock::now_micros();
        for event in self.events.drain(..) {
            if event.token != BELL_TOKEN {
                self.turn.ready(&self.side, &self.up, event);
            }
        }
        self.take_over();
        self.turn.continue_reading(&self.side, &self.up);
        self.ring();
        self.deaths();
        self.renew_certificates();
        self.drain();
        drive::tell(&self.side, &self.up);
        self.sweeper.sweep(&mut self.side.borrow_mut());
        self.side.borrow_mut().look();
        self.flush_lanes();
        self.follow_phase()
    }

    /// None: until something happens. The last look at the rings comes after saying "asleep".
    fn sleep_time(&mut self) -> Option<Duration> {
        if self.turn.has_more(&self.side) {
            return Some(Duration::ZERO);
        }
        self.slot().sleeper.announce();
        let something = self.down.iter().any(|d| !d.is_empty())
            || !self.inbox.is_empty()
            || self.shared.board.phase() != self.phase
            || self.shared.board.head().deaths.load(Relaxed) != self.deaths
            || self.side.borrow().has_orphans;
        if something {
            self.slot().sleeper.awake();
            return Some(Duration::ZERO);
        }
        let until = |at: Instant| at.saturating_duration_since(Instant::now());
        let owed = self.up.lanes.borrow_mut().owed().then_some(self.patience);
        if owed.is_some() {
            self.patience = (self.patience * 2).min(OWED[1]);
        }
        let retry = self.turn.retry_at().map(until);
        let looking = self.side.borrow().next_look().map(until);
        let draining = (self.phase == Phase::Draining && self.slot().quiet.load(Relaxed) == 0).then_some(LOOK);
        let sweeping = self.sweeper.next(&self.side.borrow()).map(until);
        [owed, draining, retry, looking, sweeping, self.deadline.map(until)].into_iter().flatten().min()
    }

    /// Takes in connections that other reactors accepted.
    fn take_over(&mut self) {
        while let Ok((port, socket, address)) = self.inbox.try_recv() {
            drive::adopt(&self.side, &self.up, port, socket, &address);
            self.shared.board.head().handed_over.fetch_sub(1, Relaxed);
        }
    }

    /// Does what workers asked for.
    fn drain(&mut self) {
        for w in 0..self.down.len() {
            if !self.down[w].is_empty() {
                self.drain_one(w);
            }
        }
    }

    /// Does what worker `w` asked for; how many messages that were.
    fn drain_one(&mut self, w: usize) -> usize {
        let (side, up, down) = (&self.side, &self.up, &mut self.down[w]);
        let count = down.drain(AT_ONCE, |message| {
            if message.kind == Kind::Closed && !up.lanes.borrow_mut().heard(w, message.session) {
                return;
            }
            step::carry_out(&mut side.borrow_mut(), message);
        });
        down.release();
        if down.must_wake_sender() {
            futex::wake(down.memory().waiting_word());
        }
        count
    }

    /// Reads certificates anew, of the ports that are this reactor's, when a reload asks for it.
    fn renew_certificates(&mut self) {
        let asked = self.shared.board.head().certificates.load(Relaxed);
        if std::mem::replace(&mut self.certificates, asked) == asked {
            return;
        }
        let ports = self.side.borrow().ports.clone();
        let own = ports.iter().skip(self.number).step_by(self.shared.size.reactors);
        own.for_each(Port::renew_certificates);
    }

    /// Cleans up after workers that died: what they had begun to send is dropped, and what they had
    /// taken and not answered is given up.
    fn deaths(&mut self) {
        let deaths = self.shared.board.head().deaths.load(std::sync::atomic::Ordering::Acquire);
        let has_orphans = std::mem::take(&mut self.side.borrow_mut().has_orphans);
        if std::mem::replace(&mut self.deaths, deaths) == deaths && !has_orphans {
            return;
        }
        for w in 0..self.shared.size.workers {
            if !self.up.lanes.borrow_mut().has_died(w) {
                continue;
            }
            // First everything that it had sent, its last answers to closed connections among it. A successor may be
            // writing to this ring already; its first message makes the receiver drop the dead one's torn one.
            while self.drain_one(w) > 0 {}
            let unheard = self.up.lanes.borrow_mut().unheard_of(w);
            let mut side = self.side.borrow_mut();
            for place in side.places() {
                // It may have died between taking a message and saying so.
                if side.get(place).is_some_and(|c| c.held & hold::QUEUED != 0) {
                    side.entry(place).recv_queued.store(0, Relaxed);
                    side.entry(place).mark(flag::HELD, false);
                    side.set_hold(place, hold::QUEUED, false);
                }
            }
            self.give_up_requests(&mut side, w);
            for session in unheard {
                if let Some(place) = side.place(session)
                    && let Some(connection) = side.get_mut(place)
                {
                    connection.unheard = connection.unheard.saturating_sub(1);
                    if connection.unheard == 0 {
                        side.close_heard(place);
                    }
                }
            }
        }
        // These may be in the hands of any process, and what it had sent comes first.
        let orphans = self.side.borrow().orphans();
        for orphan in &orphans {
            while self.drain_one(orphan.process()) > 0 {}
        }
        self.side.borrow_mut().settle(&orphans);
    }

    /// Requests that a worker had taken which has died: their clients would wait for ever.
    fn give_up_requests(&self, side: &mut SocketSide, worker: usize) {
        let buried = self.up.lanes.borrow().buried(worker);
        for place in side.places() {
            let given = side.get(place).and_then(|c| c.http.as_ref()?.given);
            let taken = given.is_some_and(|given| {
                usize::from(given.worker) == worker && given.position.is_some_and(|position| position < buried)
            });
            if taken {
                side.give_up_request(place);
            }
        }
    }

    /// Pushes what did not fit, and reads again what had to wait for it.
    fn flush_lanes(&mut self) {
        let freed = {
            let mut lanes = self.up.lanes.borrow_mut();
            if lanes.is_flushed() { Vec::new() } else { lanes.flush() }
        };
        for (worker, session, position) in self.up.lanes.borrow_mut().take_begun() {
            let mut side = self.side.borrow_mut();
            let Some(place) = side.place(session) else { continue };
            if let Some(http) = side.get_mut(place).and_then(|c| c.http.as_mut()) {
                http.given = Some(Given { worker: worker as u16, position: Some(position) });
            }
        }
        for source in freed {
            if source < 0 {
                let port = !source as usize; // a port has one socket here, so this is its listener
                self.turn.stalled_listeners.retain(|p| *p != port);
                self.turn.listeners.push(port);
                continue;
            }
            let mut side = self.side.borrow_mut();
            if let Some(place) = side.place(source) {
                side.set_hold(place, hold::STALLED, false);
            }
        }
        self.ring();
    }

    /// Wakes the workers that have been sent something.
    fn ring(&mut self) {
        if self.up.lanes.borrow_mut().ring() {
            self.patience = OWED[0];
        }
    }

    /// Follows the server through its end. False: done.
    fn follow_phase(&mut self) -> bool {
        let phase = self.shared.board.phase();
        if phase != self.phase {
            self.phase = phase;
            if phase == Phase::Draining {
                let mut side = self.side.borrow_mut();
                for (i, port) in side.ports.iter().enumerate() {
                    if i % self.shared.size.reactors == self.number {
                        let _ = side.registrar.remove(&port.sockets[0]);
                    }
                }
                self.turn.stop_accepting();
                side.deaf = true;
                side.begin_to_end();
                self.patient_until = Some(Instant::now() + self.max_wait.mul_f64(PATIENCE));
                self.answers_until = Some(Instant::now() + self.max_wait.mul_f64(ANSWERS));
            }
            if phase == Phase::Flushing {
                self.deadline = Some(Instant::now() + self.max_wait);
            }
        }
        match phase {
            Phase::Starting | Phase::Running => true,
            Phase::Draining => {
                self.end_connections();
                let told = self.side.borrow().count(Stage::Open) == 0;
                if told && self.up.lanes.borrow().is_flushed() && self.slot().quiet.load(Relaxed) == 0 {
                    self.slot().quiet.store(1, Release);
                    (0..self.shared.size.workers).for_each(|w| self.shared.worker_bells[w].ring());
                }
                true
            }
            Phase::Flushing => !self.is_flushed(),
            Phase::Done => false,
        }
    }

    /// While the server drains: workers are told that the connections end, after what had been received of them.
    fn end_connections(&mut self) {
        let is_over = |until: Option<Instant>| until.is_none_or(|until| until <= Instant::now());
        let (late, unanswered) = (is_over(self.patient_until), is_over(self.answers_until));
        let places = self.side.borrow().places();
        for place in places {
            let ready = |c: &Connection| c.stage == Stage::Open && c.held & hold::BEHIND == 0;
            // A client that is about to ask, or has asked, is answered first.
            if !late && !self.side.borrow().is_between_requests(place) {
                continue;
            }
            let is_awaited = |c: &Connection| c.stage == Stage::Open && c.held & hold::ANSWERING != 0;
            if self.side.borrow().get(place).is_some_and(is_awaited) {
                if unanswered {
                    self.side.borrow_mut().give_up_request(place);
                }
                continue;
            }
            for reason in [hold::PAUSED, hold::UNCONFIRMED] {
                self.side.borrow_mut().set_hold(place, reason, false);
            }
            if self.side.borrow().get(place).is_some_and(ready) && self.turn.deliver_rest(&self.side, &self.up, place) {
                self.side.borrow_mut().end(place, true, 0);
            }
        }
        drive::tell(&self.side, &self.up);
    }

    /// While the server ends: whether all answers have been written, or the time for it is over.
    fn is_flushed(&mut self) -> bool {
        if self.down.iter().any(|d| !d.is_empty()) {
            return false;
        }
        let mut side = self.side.borrow_mut();
        let mut left = 0;
        for place in side.places() {
            match side.get(place).map(|c| c.queued()) {
                Some(0) => side.close(place, false),
                Some(bytes) => left += bytes,
                None => {}
            }
        }
        if left == 0 && side.lingering.is_empty() {
            return true;
        }
        if self.deadline.is_some_and(|d| Instant::now() >= d) {
            if left == 0 {
                return true;
            }
            log::warning(format_args!(
                "reactor {}: {left} bytes were not taken by their clients within max_wait_time and are dropped",
                self.number
            ));
            return true;
        }
        false
    }
}
