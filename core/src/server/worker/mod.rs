//! What all workers have in common: their life from the start callback to the stop callback.
//!
//! Runs in: worker, task worker, user process.

pub mod callbacks;
pub mod leaving;
pub mod letters;
pub mod process;
pub mod requests;
pub mod websocket;

use super::http::files::Files;
use super::mail::post::Post;
use super::shared::scoreboard::{WorkerSlot, WorkerState};
use super::{Flow, Server, ServerEvents, WorkerKind};
use crate::config::ServerSettings;
use crate::error::{Error, Result};
use crate::event::{clock, local};
use crate::log;
use crate::sys::holder::Holder;
use crate::sys::{self, process as sys_process, signal};
use leaving::Leaving;
use std::cell::Cell;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::Ordering::{Relaxed, Release};
use std::time::Duration;

/// Between two looks at a worker's memory.
const MEASURE_AGAIN: Duration = Duration::from_millis(100);

/// Why and how a worker goes.
#[derive(Debug, Default)]
pub struct Departure {
    /// it takes no more messages
    leaving: Cell<bool>,
    /// a callback ended the process: no callback is run any more
    code: Cell<Option<i32>>,
}

impl Departure {
    /// It is to leave when what it has in hand is done.
    pub fn ask(&self) {
        self.leaving.set(true);
    }
    /// Notes what a callback returned.
    pub fn note(&self, flow: Flow) {
        if let Flow::Leave { code } = flow {
            self.leaving.set(true);
            self.code.set(Some(code));
        }
    }
    /// Whether it is leaving.
    pub fn is_leaving(&self) -> bool {
        self.leaving.get()
    }
    /// Whether a callback ended the process.
    pub fn is_over(&self) -> bool {
        self.code.get().is_some()
    }
    /// The code to exit with.
    pub fn exit_code(&self) -> i32 {
        self.code.get().unwrap_or(0)
    }
}

/// What a worker is made with, in its own process.
pub struct Worker {
    /// its number
    pub id: usize,
    /// the server
    pub server: Server,
    /// the callbacks
    pub events: Rc<dyn ServerEvents>,
    /// the server's settings
    pub settings: Arc<ServerSettings>,
    /// what it is for
    pub kind: WorkerKind,
    /// its way to the others
    pub post: Rc<Post>,
    /// whether it goes
    pub departure: Rc<Departure>,
    /// how far it is in that
    leaving: Leaving,
    /// when it last looked at its memory, microseconds
    measured: Cell<u64>,
    /// it has done something since
    unmeasured: Cell<bool>,
    /// when it last took something up, microseconds
    took_up: Cell<u64>,
    /// after how many messages it goes; 0: never
    pub max_request: u64,
    /// the static handler
    files: Option<Files>,
}

impl Worker {
    /// Makes the forked process a worker: its signals, its user, its processor.
    pub fn new(
        id: usize,
        kind: WorkerKind,
        server: Server,
        events: Rc<dyn ServerEvents>,
        settings: Arc<ServerSettings>,
        parent: i32,
    ) -> Result<Worker> {
        let shared = server.shared();
        log::set_identity('*', id as i32);
        local::open();
        let bell = &shared.worker_bells[id];
        let mut handled = vec![signal::reopen_log()];
        if kind == WorkerKind::User {
            // A function of the program's own may never look whether it is to end.
            signal::reset(&[signal::SIGTERM]);
        } else {
            handled.push(signal::SIGTERM);
        }
        let handlers = signal::listen(&handled, bell).and_then(|()| {
            signal::ignore(&[signal::SIGINT, signal::SIGUSR1, signal::SIGUSR2, signal::SIGHUP, signal::SIGPIPE])
        });
        handlers.map_err(|e| Error::system("cannot set a worker's signal handlers", &e))?;
        signal::unblock_all();
        if settings.open_cpu_affinity {
            super::pin(&settings, id);
        }
        super::drop_privileges(&settings)?;
        sys_process::die_with_parent(parent);
        let (limit, grace) = match kind {
            WorkerKind::Event => (settings.max_request, settings.max_request_grace),
            WorkerKind::Task => (settings.task_max_request, settings.task_max_request_grace),
            WorkerKind::User => (0, 0),
        };
        let spread = if grace > 0 { random() % (grace + 1) } else { 0 };
        let max_request = if limit > 0 { limit + spread } else { 0 };
        let post = server.open_post(Some(id))?;
        let leaving = Leaving::new(kind, server.mode());
        let files = if kind == WorkerKind::Event { Files::new(&settings)? } else { None };
        let departure = Rc::new(Departure::default());
        let now = Cell::new(clock::now_micros());
        Ok(Worker {
            id,
            server,
            events,
            settings,
            kind,
            post,
            departure,
            leaving,
            measured: now.clone(),
            unmeasured: Cell::new(false),
            took_up: now,
            max_request,
            files,
        })
    }

    /// Its slot on the scoreboard.
    pub fn slot<'a>(&self, server: &'a Server) -> &'a WorkerSlot {
        &server.shared().board.workers[self.id]
    }

    /// Runs the start callback.
    pub fn start(&self) {
        let slot = &self.server.shared().board.workers[self.id];
        slot.set_state(WorkerState::Starting);
        if self.kind != WorkerKind::User {
            self.departure.note(self.events.worker_start(&self.server, self.id as i32));
        }
        self.wakes();
        slot.set_state(WorkerState::Running);
    }

    /// Handles the signals that arrived.
    pub fn signals(&self) {
        if !signal::any() {
            return;
        }
        let taken = signal::take();
        if taken.has(signal::SIGTERM) {
            self.departure.ask();
        }
        if taken.has(signal::reopen_log()) {
            let _ = log::reopen();
        }
    }

    /// A message is going to be handled: it goes after the last of `max_request`.
    pub fn count_request(&self) {
        let slot = &self.server.shared().board.workers[self.id];
        slot.requests.add_own(1);
        slot.own_requests.add_own(1);
        if self.max_request > 0 && slot.own_requests.get() >= self.max_request {
            self.departure.ask();
        }
    }

    /// Between two messages: whether this worker has grown above `max_memory`. Looks ten times a second at most; `worked`: it has done
    /// something since the last call.
    pub fn check_memory(&self, worked: bool) {
        let limit = self.settings.max_memory;
        if limit == 0 || self.departure.is_leaving() {
            return;
        }
        let unmeasured = self.unmeasured.get() || worked;
        let now = clock::now_micros();
        let due = now.saturating_sub(self.measured.get()) >= MEASURE_AGAIN.as_micros() as u64;
        self.unmeasured.set(unmeasured && !due);
        if !unmeasured || !due {
            return;
        }
        self.measured.set(now);
        if let Ok(used) = sys::mem::own_memory()
            && used > limit
        {
            log::notice(format_args!(
                "worker {}: it holds {used} bytes of its own, which is above max_memory ({limit}): it leaves and is replaced",
                self.id
            ));
            self.departure.ask();
        }
    }

    /// How long it may sleep before the timers and a look at its memory are due.
    pub fn timeout(&self) -> Option<Duration> {
        let look = self.unmeasured.get().then_some(MEASURE_AGAIN);
        [look, local::timeout()].into_iter().flatten().min()
    }

    /// Runs the timers that are due and what was deferred.
    pub fn run_timers(&self) {
        if !self.departure.is_over() {
            self.departure.note(local::run());
        }
    }

    /// It is going to sleep.
    pub fn rests(&self) {
        self.takes_up();
        self.slot(&self.server).busy.store(0, Relaxed);
    }

    /// It has slept.
    pub fn wakes(&self) {
        let (slot, now) = (self.slot(&self.server), clock::now_micros());
        self.took_up.set(now);
        slot.busy_since.store(now, Relaxed);
        slot.busy.store(1, Relaxed);
    }

    /// It is done with what it had, and takes up the next message or batch. Whoever looks from outside sees by this that it gets on.
    pub fn takes_up(&self) {
        let (slot, now) = (self.slot(&self.server), clock::now_micros());
        slot.busy_micros.add_own(now.saturating_sub(self.took_up.replace(now)));
        slot.busy_since.store(now, Relaxed);
    }

    /// Runs the last callback.
    pub fn stop(&self) {
        let slot = self.slot(&self.server);
        slot.set_state(WorkerState::Leaving);
        if !self.departure.is_over() && self.kind != WorkerKind::User {
            self.departure.note(self.events.worker_stop(&self.server, self.id as i32));
        }
        self.rests();
        self.post.forget_all();
        self.post.drop_stash();
        local::close();
        if !self.departure.is_over() {
            slot.left.store(Holder::of(sys::process::pid()).bits(), Release);
        }
    }
}

/// A number that differs from process to process and from call to call; not for secrets.
fn random() -> u64 {
    let mut x = crate::event::clock::now_micros() ^ (sys::process::pid() as u64) << 32;
    x ^= x >> 33;
    x = x.wrapping_mul(0xff51_afd7_ed55_8ccd);
    x ^ (x >> 33)
}
