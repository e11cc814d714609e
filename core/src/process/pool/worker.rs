//! A worker of a pool: its start callback, then messages and its event loop, until it is told to leave.
//!
//! Runs in: pool worker.

use super::board::{Phase, ask};
use super::connections::Connections;
use super::{Pool, PoolEvents, Running};
use crate::error::{Error, Result};
use crate::event::{Flow, Interest, Source, local};
use crate::log;
use crate::sys::fd::Bell;
use crate::sys::msgqueue::MessageQueue;
use crate::sys::msgwait::Waiter;
use crate::sys::process;
use crate::sys::signal::{self, SIGTERM};
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::{Duration, Instant};

/// Messages of one source before others have their turn.
pub(super) const AT_ONCE: usize = 64;
/// A longer buffer is not kept for the next message.
const KEPT: usize = 1 << 20;
/// Longest sleep of a worker that waits for nothing but the message queue, should a signal have come right before it.
const LOOK: Duration = Duration::from_millis(200);
/// Between two looks at the message queue of a worker that has descriptors to wait for as well: growing from one to the other.
const PAUSES: [Duration; 2] = [Duration::from_millis(1), Duration::from_millis(16)];

/// What one worker process knows of itself.
#[derive(Debug)]
pub(super) struct State {
    pub id: usize,
    running: Rc<Running>,
    /// told to leave
    leaving: Cell<bool>,
    /// a callback has ended the process, with this code
    over: Cell<Option<i32>>,
    detached: Cell<bool>,
    /// the answer to the message that is being handled, where it can have one
    pub answer: RefCell<Option<Vec<u8>>>,
}

impl State {
    pub fn new(id: usize, running: Rc<Running>) -> State {
        let answer = RefCell::default();
        State { id, running, leaving: Cell::new(false), over: Cell::new(None), detached: Cell::new(false), answer }
    }

    /// Whether it is to leave; looks at the signals that have come.
    pub fn is_leaving(&self) -> bool {
        let told = || self.running.board.slot(self.id).is_told() && !self.detached.get();
        if (signal::any() && signal::take().has(SIGTERM)) || told() {
            self.leaving.set(true);
        }
        self.leaving.get() || self.is_over()
    }

    /// Whether a callback has ended the process: no further one is run.
    pub fn is_over(&self) -> bool {
        self.over.get().is_some()
    }

    pub fn leave(&self) {
        self.leaving.set(true);
    }

    /// Whether new messages are taken.
    pub fn takes(&self) -> bool {
        !self.is_leaving() && !self.detached.get()
    }

    /// What a callback of the loop says after messages were handled.
    pub fn flow(&self) -> Flow {
        self.over.get().map_or(Flow::Continue, |code| Flow::Leave { code })
    }

    fn note(&self, flow: Flow) {
        if let (Flow::Leave { code }, None) = (flow, self.over.get()) {
            self.over.set(Some(code));
        }
    }

    pub fn detach(&self) {
        if !self.detached.replace(true) {
            process::live_without_parent();
            self.running.board.slot(self.id).detach(process::pid());
            self.running.board.ask(ask::LOOK);
            self.running.bell.ring();
        }
    }
}

/// Who handles messages.
pub(super) struct Worker {
    pub pool: Pool,
    pub events: Rc<dyn PoolEvents>,
    pub state: Rc<State>,
    pub running: Rc<Running>,
}

impl Worker {
    /// Handles a message. Nothing is borrowed.
    pub fn handle(&self, data: &[u8]) {
        self.running.board.slot(self.state.id).count();
        self.state.note(self.events.message(&self.pool, data));
    }
}

/// How messages come to this worker.
enum Incoming {
    None,
    Mailbox(Rc<Mail>),
    Queue { queue: MessageQueue, waiter: Waiter, pause: Cell<Duration>, buffer: Vec<u8> },
    Connections(Rc<Connections>),
}

/// The worker's socket in its loop.
struct Mail {
    worker: Rc<Worker>,
    source: RefCell<Option<Source>>,
    buffer: RefCell<Vec<u8>>,
}

/// Runs the worker; its exit code. `parent` is the master.
pub(super) fn run(worker: Rc<Worker>, parent: i32) -> Result<i32> {
    let (state, running) = (worker.state.clone(), worker.running.clone());
    process::die_with_parent(parent);
    log::set_identity('*', state.id as i32);
    local::open();
    let bell = Bell::new().map_err(|e| Error::system("cannot make a worker's bell (eventfd)", &e))?;
    signal::reset(&[signal::SIGCHLD]);
    signal::listen(&[SIGTERM], &bell)
        .and_then(|()| {
            signal::ignore(&[signal::SIGINT, signal::SIGUSR1, signal::SIGUSR2, signal::SIGHUP, signal::SIGPIPE])
        })
        .map_err(|e| Error::system("cannot set a worker's signal handlers", &e))?;
    signal::unblock_all();
    let woken = Source::new(&bell, Interest::READABLE, None, Rc::new(|_| Flow::Continue))?;
    if !running.takes {
        // It may stay in its start callback for ever.
        begun(&running, state.id);
    }
    state.note(worker.events.worker_start(&worker.pool, state.id));
    if running.takes {
        begun(&running, state.id);
    }
    if !state.detached.get() {
        // A change of user in the callback has made the kernel forget it.
        process::die_with_parent(parent);
    }
    // Also if it is to leave already: what has come is handled before the pool ends.
    let receives = running.takes && !state.is_over() && !state.detached.get();
    let mut incoming = if receives { Incoming::open(&worker)? } else { Incoming::None };
    let until_idle = matches!(incoming, Incoming::None);
    while state.takes() && !(until_idle && local::is_idle()) {
        incoming.turn(&worker);
    }
    let until = Instant::now() + running.settings.max_wait_time.mul_f64(0.8);
    incoming.finish(&worker, until);
    drop(incoming);
    while state.detached.get() && !state.is_leaving() && !local::is_idle() {
        state.note(local::turn_within(None));
    }
    if !state.is_over() {
        state.note(worker.events.worker_stop(&worker.pool, state.id));
    }
    drop(woken);
    local::close();
    signal::stop_waking(&bell);
    Ok(state.over.get().unwrap_or(0))
}

/// The master may go on with a reload.
fn begun(running: &Running, id: usize) {
    running.board.slot(id).begin();
    running.board.ask(ask::LOOK);
    running.bell.ring();
}

impl Incoming {
    fn open(worker: &Rc<Worker>) -> Result<Incoming> {
        let running = &worker.running;
        if let Some(queue) = running.queue {
            let waiter = Waiter::new().map_err(|e| Error::system("cannot make a timer for a worker", &e))?;
            return Ok(Incoming::Queue { queue, waiter, pause: Cell::new(PAUSES[0]), buffer: Vec::new() });
        }
        if !running.mailboxes.is_empty() {
            return Mail::open(worker).map(Incoming::Mailbox);
        }
        if !running.listening.is_empty() {
            return Connections::open(worker).map(Incoming::Connections);
        }
        Ok(Incoming::None)
    }

    /// One turn of the loop, which sleeps while there is nothing to do.
    fn turn(&mut self, worker: &Worker) {
        let state = &worker.state;
        let Incoming::Queue { queue, waiter, pause, buffer } = self else {
            return state.note(local::turn_within(None));
        };
        state.note(local::run());
        if !state.takes() {
            return;
        }
        let sleep = local::timeout();
        let taken = if local::awaits_descriptors() || sleep == Some(Duration::ZERO) {
            queue.try_receive(0, buffer)
        } else {
            waiter.receive(queue, buffer, sleep.map_or(LOOK, |sleep| sleep.min(LOOK)))
        };
        match taken {
            Ok(Some(_)) => {
                pause.set(PAUSES[0]);
                worker.handle(buffer);
            }
            Ok(None) if local::awaits_descriptors() => {
                state.note(local::turn_within(Some(pause.get())));
                pause.set((pause.get() * 2).min(PAUSES[1]));
            }
            Ok(None) => {}
            Err(e) => {
                log::error(format_args!(
                    "worker {}: the message queue {} cannot be read: {e}; it leaves",
                    state.id,
                    queue.id()
                ));
                state.leave();
            }
        }
    }

    /// Does what is to be done before a worker leaves or detaches itself.
    fn finish(&mut self, worker: &Rc<Worker>, until: Instant) {
        let ends = worker.running.board.phase() >= Phase::Ending && !worker.state.detached.get();
        let goes_on = || ends && !worker.state.is_over() && Instant::now() < until;
        match self {
            Incoming::None => {}
            Incoming::Mailbox(mail) => {
                drop(mail.source.take());
                // Nobody comes after this worker who could handle them.
                while goes_on() && mail.one() {}
            }
            Incoming::Queue { queue, buffer, .. } => {
                while goes_on()
                    && worker.running.removes_queue()
                    && let Ok(Some(_)) = queue.try_receive(0, buffer)
                {
                    worker.handle(buffer);
                }
            }
            Incoming::Connections(connections) => connections.finish(until),
        }
    }
}

impl Mail {
    fn open(worker: &Rc<Worker>) -> Result<Rc<Mail>> {
        let mail = Rc::new(Mail { worker: worker.clone(), source: RefCell::default(), buffer: RefCell::default() });
        let weak = Rc::downgrade(&mail);
        let readable = worker.running.mailboxes[worker.state.id].readable();
        let source = Source::new(
            readable,
            Interest::READABLE,
            None,
            Rc::new(move |_| weak.upgrade().map_or(Flow::Continue, |mail| mail.several())),
        )?;
        mail.source.replace(Some(source));
        Ok(mail)
    }

    /// Takes and handles one message. False: there is none.
    fn one(&self) -> bool {
        let state = &self.worker.state;
        let mut buffer = self.buffer.take();
        let taken = self.worker.running.mailboxes[state.id].take(&mut buffer);
        match &taken {
            Ok(Some(length)) => self.worker.handle(&buffer[..*length]),
            Ok(None) => {}
            Err(e) => {
                log::error(format_args!("worker {}: {e}; it leaves", state.id));
                state.leave();
            }
        }
        if buffer.len() > KEPT {
            buffer = Vec::new();
        }
        self.buffer.replace(buffer);
        taken.is_ok_and(|taken| taken.is_some())
    }

    fn several(&self) -> Flow {
        for _ in 0..AT_ONCE {
            if !self.worker.state.takes() || !self.one() {
                return self.worker.state.flow();
            }
        }
        // There may be more: to be told of it again.
        if let Some(source) = &*self.source.borrow()
            && let Err(e) = source.set_interest(Interest::READABLE)
        {
            log::error(format_args!("worker {}: cannot watch its socket: {e}", self.worker.state.id));
            self.worker.state.leave();
        }
        Flow::Continue
    }
}
