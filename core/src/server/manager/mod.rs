//! Keeps the workers alive: forks them, reaps them, replaces them, reloads and stops them; task workers and user processes
//! as well. In BASE mode this is the master's work.
//!
//! Runs in: manager (BASE: master).

mod burial;

use super::http::upload_file;
use super::mail::post::Post;
use super::observe::Observer;
use super::port::Port;
use super::shared::scoreboard::{Phase, WorkerState, ask};
use super::{Flow, Mode, Server, ServerEvents, WorkerFailure, WorkerKind};
use crate::config::ServerSettings;
use crate::error::{Error, Result};
use crate::event::poller::{Poller, Ready};
use crate::event::{clock, local};
use crate::log;
use crate::process::respawn::Respawn;
use crate::sys::fd::Bell;
use crate::sys::process::{self, Forked, Reaped};
use crate::sys::signal::{self, SIGCHLD, SIGINT, SIGKILL, SIGTERM, SIGUSR1, SIGUSR2};
use std::collections::VecDeque;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::Ordering::{AcqRel, Relaxed};
use std::time::{Duration, Instant};

/// How the manager's work ended in this process.
pub enum Managed {
    /// this process has become the worker, task worker or user process of that number
    BecameWorker(usize),
    /// all workers are gone; the code to exit with
    Over(i32),
}

/// One worker, task worker or user process as the manager sees it.
#[derive(Debug)]
struct Ward {
    number: usize,
    kind: WorkerKind,
    pid: Option<i32>,
    respawn: Respawn,
    /// to be forked then
    due: Option<Instant>,
    /// killed then, unless it has left
    kill_at: Option<Instant>,
    /// it died while it was giving a task: it may have counted one too many
    miscounted: bool,
}

/// A reload under way.
#[derive(Debug)]
struct Reload {
    all: Vec<usize>,
    waiting: VecDeque<usize>,
    /// the one that is being replaced, and the process that it was
    current: Option<(usize, i32)>,
}

/// The manager.
pub struct Manager {
    server: Server,
    events: Rc<dyn ServerEvents>,
    settings: Arc<ServerSettings>,
    post: Rc<Post>,
    observer: Observer,
    poller: Poller,
    wards: Vec<Ward>,
    reload: Option<Reload>,
    /// once the server ends: when workers are killed
    shutdown_by: Option<Instant>,
    /// the task workers have been told that the server ends
    tasks_told: bool,
    exit_code: i32,
}

/// How long a worker that a reload has replaced may take to start before the next is replaced.
const START_PATIENCE: Duration = Duration::from_secs(30);

impl Manager {
    /// Makes this process the manager.
    pub fn new(server: Server, events: Rc<dyn ServerEvents>, settings: Arc<ServerSettings>) -> Result<Manager> {
        let failed = |e| Error::system("cannot set up the manager", &e);
        let poller = Poller::new()?;
        let shared = server.shared();
        poller.registrar()?.add_readable(&shared.manager_bell, 0).map_err(failed)?;
        shared.board.head().manager_pid.store(process::pid() as u32, Relaxed);
        let mut handled = vec![SIGTERM, SIGCHLD, SIGUSR1, SIGUSR2, signal::reopen_log()];
        let mut ignored = vec![signal::SIGHUP, signal::SIGPIPE];
        // Ctrl-C goes to every process of the terminal; in PROCESS mode the master acts on it.
        if server.mode() == Mode::Base {
            handled.push(SIGINT)
        } else {
            ignored.push(SIGINT)
        }
        signal::listen(&handled, &shared.manager_bell).and_then(|()| signal::ignore(&ignored)).map_err(failed)?;
        signal::unblock_all();
        let observer = Observer::new(server.clone(), events.clone())?;
        observer.register(&poller.registrar()?, 0)?;
        local::open();
        local::register_in(&poller.registrar()?, 0)?;
        let post = server.open_post(None)?;
        let ward = |w| Ward {
            number: w,
            kind: shared.size.kind_of(w),
            pid: None,
            respawn: Respawn::default(),
            due: None,
            kill_at: None,
            miscounted: false,
        };
        let wards = (0..shared.size.processes()).map(ward).collect();
        Ok(Manager {
            server,
            events,
            settings,
            post,
            observer,
            poller,
            wards,
            reload: None,
            shutdown_by: None,
            tasks_told: false,
            exit_code: 0,
        })
    }

    /// Forks the workers and looks after them until the server ends.
    pub fn run(&mut self) -> Result<Managed> {
        self.sweep_uploads();
        self.note(self.events.clone().manager_start(&self.server.clone()));
        for w in 0..self.wards.len() {
            if signal::any() {
                self.signals();
            }
            if self.phase() < Phase::Draining && self.fork(w)? {
                return Ok(Managed::BecameWorker(w));
            }
        }
        let mut events: Vec<Ready> = Vec::new();
        loop {
            if signal::any() {
                self.signals();
            }
            self.asked();
            if let Some(w) = self.look_after()? {
                return Ok(Managed::BecameWorker(w));
            }
            let draining = self.phase() >= Phase::Draining;
            if draining && self.wards.iter().all(|w| w.pid.is_none() && w.due.is_none()) {
                break;
            }
            if signal::any() {
                continue;
            }
            self.note(local::run());
            let deadline = self.next_deadline().map(|at| at.saturating_duration_since(Instant::now()));
            let timeout = [deadline, local::timeout(), self.observer.timeout()].into_iter().flatten().min();
            if let Err(e) = self.poller.wait(timeout, &mut events) {
                log::error(format_args!("manager: waiting failed: {e}"));
                std::thread::sleep(Duration::from_millis(10));
            }
            self.observer.turn();
        }
        self.observer.finish();
        self.count_what_is_left();
        self.note(self.events.clone().manager_stop(&self.server.clone()));
        local::close();
        Ok(Managed::Over(self.exit_code))
    }

    fn phase(&self) -> Phase {
        self.server.shared().board.phase()
    }

    /// A callback that ends the manager ends the server.
    fn note(&mut self, flow: Flow) {
        if let Flow::Leave { code } = flow {
            self.exit_code = code;
            self.begin_shutdown();
        }
    }

    /// Forks worker `w`. True in the child.
    fn fork(&mut self, w: usize) -> Result<bool> {
        let shared = self.server.shared().clone();
        let slot = &shared.board.workers[w];
        slot.set_state(WorkerState::Starting);
        slot.own_requests.set(0);
        slot.busy.store(0, Relaxed);
        slot.leave_by.store(0, Relaxed);
        if let Some(by) = self.shutdown_by {
            self.wards[w].say_when(by, &self.server);
        }
        slot.sleeper.awake();
        match process::fork() {
            Ok(Forked::Child) => {
                slot.pid.store(process::pid() as u32, Relaxed);
                Ok(true)
            }
            Ok(Forked::Parent(pid)) => {
                slot.pid.store(pid as u32, Relaxed);
                let ward = &mut self.wards[w];
                (ward.pid, ward.due, ward.kill_at) = (Some(pid), None, self.shutdown_by);
                if ward.kind == WorkerKind::Task && self.tasks_told {
                    // It comes for what is left, and waits with its signals until it can take them.
                    let _ = process::kill(pid, SIGTERM);
                }
                ward.respawn.started(Instant::now());
                Ok(false)
            }
            Err(e) => {
                log::error(format_args!("cannot fork worker {w}: {e}; trying again"));
                slot.set_state(WorkerState::Absent);
                let again = Instant::now() + Duration::from_millis(500);
                self.wards[w].due = self.shutdown_by.is_none_or(|by| again < by).then_some(again);
                Ok(false)
            }
        }
    }

    fn signals(&mut self) {
        let taken = signal::take();
        if taken.has(signal::reopen_log()) {
            let _ = log::reopen();
            self.signal_all(signal::reopen_log());
        }
        if taken.has(SIGTERM) || taken.has(SIGINT) {
            self.begin_shutdown();
        }
        if taken.has(SIGUSR1) {
            self.begin_reload(false);
        }
        if taken.has(SIGUSR2) {
            self.begin_reload(true);
        }
        if taken.has(SIGCHLD) {
            self.reap();
        }
    }

    /// Does what other processes have asked for.
    fn asked(&mut self) {
        let asked = self.server.shared().board.head().asked.swap(0, AcqRel);
        if asked & ask::SHUTDOWN != 0 {
            self.begin_shutdown();
        }
        if asked & ask::RELOAD != 0 {
            self.begin_reload(false);
        }
        if asked & ask::RELOAD_TASKS != 0 {
            self.begin_reload(true);
        }
    }

    fn signal_all(&self, number: i32) {
        for pid in self.wards.iter().filter_map(|w| w.pid) {
            let _ = process::kill(pid, number);
        }
    }

    /// The server ends: in PROCESS mode the master says so, in BASE mode this process does.
    fn begin_shutdown(&mut self) {
        let board = &self.server.shared().board;
        if self.server.mode() == Mode::Process && board.phase() < Phase::Draining {
            // Somebody told the manager instead of the master, who has the sockets.
            let _ = process::kill(self.server.master_pid(), SIGTERM);
            return;
        }
        if self.server.mode() == Mode::Base && board.advance(Phase::Draining) {
            let flow = self.events.clone().before_shutdown(&self.server.clone());
            if let Flow::Leave { code } = flow {
                self.exit_code = code;
            }
        }
        self.reload = None;
        let patience = *self.shutdown_by.get_or_insert(Instant::now() + self.settings.max_wait_time);
        for ward in self.wards.iter_mut().filter(|ward| ward.kind != WorkerKind::Task) {
            ward.stop(patience, &self.server);
        }
    }

    /// While the server ends: task workers go on until those who give them tasks are gone.
    fn continue_shutdown(&mut self) {
        let Some(by) = self.shutdown_by.filter(|_| !self.tasks_told) else { return };
        let through = |ward: &Ward| ward.kind == WorkerKind::Task || (ward.pid.is_none() && ward.due.is_none());
        if self.wards.iter().all(through) {
            self.tasks_told = true;
            let by = by.max(Instant::now() + self.settings.max_wait_time / 4);
            self.shutdown_by = Some(by);
            for ward in self.wards.iter_mut().filter(|ward| ward.kind == WorkerKind::Task) {
                let due = ward.due;
                ward.stop(by, &self.server);
                ward.due = due;
            }
        }
    }

    fn begin_reload(&mut self, only_tasks: bool) {
        if self.phase() >= Phase::Draining {
            return;
        }
        if !only_tasks {
            self.renew_certificates();
        }
        let wanted = |w: &usize| !only_tasks || self.wards[*w].kind == WorkerKind::Task;
        let waiting: VecDeque<usize> = (0..self.wards.len()).filter(wanted).collect();
        if let Some(reload) = &mut self.reload {
            // Those that are still to be replaced anyhow will be; the others come again behind them.
            let current = reload.current.map(|(w, _)| w);
            let more: Vec<usize> =
                waiting.into_iter().filter(|w| !reload.all.contains(w) && Some(*w) != current).collect();
            if more.is_empty() {
                log::notice(format_args!("a reload is under way already; the signal is taken for the same one"));
            }
            reload.all.extend(&more);
            reload.waiting.extend(more);
            return;
        }
        if waiting.is_empty() {
            log::notice(format_args!("there are no task workers to reload"));
            return;
        }
        let what = if only_tasks { "task workers" } else { "workers" };
        log::info(format_args!("reloading {} {what}, one after another", waiting.len()));
        self.note(self.events.clone().before_reload(&self.server.clone()));
        self.reload = Some(Reload { all: waiting.iter().copied().collect(), waiting, current: None });
    }

    /// Certificates are read anew where workers get them from: PROCESS has them in its reactors, in BASE a worker is forked with ours.
    fn renew_certificates(&self) {
        match self.server.mode() {
            Mode::Process => {
                let shared = self.server.shared();
                shared.board.head().certificates.fetch_add(1, AcqRel);
                shared.reactor_bells.iter().for_each(Bell::ring);
            }
            Mode::Base => self.server.running_ports().iter().for_each(Port::renew_certificates),
        }
    }

    /// Collects the workers that have ended.
    fn reap(&mut self) {
        for w in 0..self.wards.len() {
            if let Some(reaped) = self.wards[w].pid.and_then(process::reap) {
                self.bury(w, reaped);
            }
        }
    }

    fn bury(&mut self, w: usize, reaped: Reaped) {
        let shared = self.server.shared().clone();
        let kind = self.wards[w].kind;
        let slot = &shared.board.workers[w];
        slot.set_state(WorkerState::Absent);
        slot.busy.store(0, Relaxed);
        slot.sleeper.awake();
        slot.pid.store(0, Relaxed);
        slot.awaits.store(0, Relaxed);
        self.wards[w].miscounted |= slot.giving.swap(0, AcqRel) == 1;
        let unsent = slot.unsent.swap(0, Relaxed);
        if unsent > 0 {
            shared.board.head().mail_dropped.add(unsent.into());
            log::warning(format_args!(
                "{} {w} has taken {unsent} answers with it that lay in its own memory",
                kind.title()
            ));
        }
        if kind == WorkerKind::Task {
            self.look_into_hand(w, reaped);
        }
        self.post.free_after(reaped.pid);
        self.post.wake_after_death();
        if self.server.mode() == Mode::Process && kind == WorkerKind::Event {
            (0..shared.size.reactors).for_each(|r| shared.to_worker(r, w).bury());
        }
        slot.deaths.fetch_add(1, AcqRel);
        for other in 0..shared.size.workers {
            shared.inbox_lock(other).free_after(reaped.pid);
        }
        if self.server.mode() == Mode::Base && kind == WorkerKind::Event {
            self.close_connections_of(w);
        }
        shared.board.head().deaths.fetch_add(1, AcqRel);
        let base = self.server.mode() == Mode::Base;
        let watchers = if base { &shared.worker_bells[..shared.size.workers] } else { &shared.reactor_bells[..] };
        watchers.iter().for_each(Bell::ring);
        let ward = &mut self.wards[w];
        ward.pid = None;
        let asked = ward.kill_at.take().is_some();
        // A user process that does not handle SIGTERM ends by it.
        let failed = reaped.status != 0 && !(kind == WorkerKind::User && reaped.signal() == SIGTERM);
        // One that ends by itself before it has done anything would do so again.
        let useless = !asked && slot.own_requests.get() == 0;
        let now = Instant::now();
        if self.phase() < Phase::Draining || self.has_work_left(w) {
            self.wards[w].due = Some(now + self.wards[w].respawn.delay(now, useless));
        }
        if asked && self.shutdown_by.is_some() && self.phase() >= Phase::Draining {
            self.wards[w].due = self.wards[w].due.filter(|_| kind != WorkerKind::User);
        }
        if !failed {
            return;
        }
        self.sweep_uploads();
        shared.board.head().abort_count.add(1);
        let (exit_code, signal) = (reaped.exit_code(), reaped.signal());
        let how = if signal != 0 { format!("signal {signal}") } else { format!("exit code {exit_code}") };
        log::warning(format_args!("{} {w} (pid {}) ended by {how}", kind.title(), reaped.pid));
        let failure = WorkerFailure { worker_id: w as i32, pid: reaped.pid, status: reaped.status, exit_code, signal };
        self.note(self.events.clone().worker_error(&self.server.clone(), failure));
    }

    /// While the server drains: whether worker `w` has died with messages before it, and there is time for another one.
    fn has_work_left(&self, w: usize) -> bool {
        let shared = self.server.shared();
        let in_time = self.shutdown_by.is_none_or(|by| Instant::now() < by);
        let mut reactors = 0..shared.size.reactors;
        in_time
            && match self.wards[w].kind {
                WorkerKind::Event => {
                    self.server.mode() == Mode::Process && reactors.any(|r| shared.to_worker(r, w).used() > 0)
                }
                WorkerKind::Task => {
                    let held = shared.hand(w - shared.size.workers).is_held();
                    let asked_for = self.wards.iter().any(|ward| ward.kind == WorkerKind::Event && ward.pid.is_some());
                    held || asked_for || (!self.post.outlives() && !self.post.no_tasks())
                }
                WorkerKind::User => false,
            }
    }

    /// Deletes files of forms that processes have left which were killed: one of ours now, or at the begin those of a server before.
    fn sweep_uploads(&self) {
        if self.server.running_ports().iter().any(|port| port.http.is_some()) {
            upload_file::sweep(&self.settings.outside_of_chroot(&self.settings.upload_tmp_dir));
        }
    }

    /// BASE: the connections of a dead worker are gone with it.
    fn close_connections_of(&self, w: usize) {
        let shared = self.server.shared();
        let figures = &shared.board.reactors[w];
        for place in shared.table.places_of(w).collect::<Vec<_>>() {
            let entry = shared.table.at(place);
            if entry.session() != 0 && entry.state() != super::shared::connections::State::Closed {
                figures.closed.add(1);
                shared.board.ports[entry.port.load(Relaxed) as usize].connections.fetch_sub(1, Relaxed);
            }
            shared.table.release(place);
        }
        figures.connections.store(0, Relaxed);
        shared.board.workers[w].connections.store(0, Relaxed);
    }

    /// Forks, kills and replaces what is due. Some(w): this process is worker w now.
    fn look_after(&mut self) -> Result<Option<usize>> {
        let now = Instant::now();
        for w in 0..self.wards.len() {
            if self.wards[w].due.is_some_and(|due| due <= now) && self.fork(w)? {
                return Ok(Some(w));
            }
            let ward = &mut self.wards[w];
            if ward.kill_at.is_some_and(|at| at <= now)
                && let Some(pid) = ward.pid
            {
                ward.kill_at = None;
                log::error(format_args!(
                    "{} {w} (pid {pid}) did not leave within max_wait_time ({:.1} s) and is killed: a callback of it still runs",
                    ward.kind.title(),
                    self.settings.max_wait_time.as_secs_f64()
                ));
                let _ = process::kill(pid, SIGKILL);
            }
        }
        self.count_again();
        self.continue_reload();
        self.continue_shutdown();
        Ok(None)
    }

    fn continue_reload(&mut self) {
        let Some(reload) = &mut self.reload else { return };
        if let Some((w, old)) = reload.current {
            let ward = &self.wards[w];
            let user = ward.kind == WorkerKind::User;
            let started = user || self.server.shared().board.workers[w].state() == WorkerState::Running;
            let replaced = ward.pid.is_some_and(|pid| pid != old);
            let given_up = ward.respawn.age(Instant::now()).is_some_and(|age| age > START_PATIENCE);
            if !(replaced && (started || given_up)) {
                return;
            }
            reload.current = None;
        }
        while let Some(w) = reload.waiting.pop_front() {
            if let Some(pid) = self.wards[w].pid {
                reload.current = Some((w, pid));
                self.wards[w].stop(Instant::now() + self.settings.max_wait_time, &self.server);
                return;
            }
        }
        self.reload = None;
        self.server.shared().board.head().reload_count.add(1);
        log::info(format_args!("all workers are reloaded"));
        self.note(self.events.clone().after_reload(&self.server.clone()));
    }

    fn next_deadline(&self) -> Option<Instant> {
        let wards = self.wards.iter().flat_map(|w| [w.due, w.kill_at]).flatten().min();
        // A worker says in shared memory that it has started, which rings no bell of the manager's.
        let counting = self.wards.iter().any(|w| w.miscounted).then(|| Instant::now() + Duration::from_millis(100));
        let watching = self.reload.is_some().then(|| Instant::now() + Duration::from_millis(5));
        [wards, watching, counting].into_iter().flatten().min()
    }
}

impl Ward {
    /// It is to leave, and is killed `by` then.
    fn stop(&mut self, by: Instant, server: &Server) {
        self.due = None;
        if let Some(pid) = self.pid {
            let by = *self.kill_at.get_or_insert(by);
            self.say_when(by, server);
            let _ = process::kill(pid, SIGTERM);
        }
    }

    /// Tells it until when it is to have left.
    fn say_when(&self, by: Instant, server: &Server) {
        let left = by.saturating_duration_since(Instant::now()).as_micros() as u64;
        server.shared().board.workers[self.number].leave_by.store(clock::now_micros() + left, Relaxed);
    }
}

impl Drop for Manager {
    fn drop(&mut self) {
        signal::reset(&[SIGTERM, SIGINT, SIGCHLD, SIGUSR1, SIGUSR2, signal::reopen_log()]);
    }
}
