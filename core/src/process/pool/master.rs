//! The master of a pool: forks the workers, waits for them, replaces those that end, reloads and stops them. Does nothing else.
//!
//! Runs in: pool master.

use super::board::{Phase, Slot, ask};
use super::{Pool, PoolEvents, Running};
use crate::error::{Error, Result};
use crate::event::{Flow, Interest, Source, local};
use crate::log;
use crate::process::respawn::Respawn;
use crate::sys::process::{self, Forked, Reaped};
use crate::sys::signal::{self, SIGCHLD, SIGINT, SIGKILL, SIGTERM, SIGUSR1};
use std::collections::VecDeque;
use std::rc::Rc;
use std::time::{Duration, Instant};

/// How a master's work ended in this process.
pub(super) enum Mastered {
    /// this process has become the worker of that number
    BecameWorker(usize),
    /// all workers have ended; the code to end with
    Over(i32),
}

/// One worker as the master sees it.
#[derive(Debug, Default)]
struct Ward {
    pid: Option<i32>,
    respawn: Respawn,
    /// to be forked then
    due: Option<Instant>,
    /// told to leave, and killed then
    kill_at: Option<Instant>,
}

/// A reload under way.
#[derive(Debug, Default)]
struct Reload {
    waiting: VecDeque<usize>,
    /// the one that is being replaced, and the process that it was
    current: Option<(usize, i32)>,
    /// SIGUSR1 came meanwhile: all once more
    again: bool,
}

/// The master.
pub(super) struct Master {
    pool: Pool,
    events: Rc<dyn PoolEvents>,
    running: Rc<Running>,
    wards: Vec<Ward>,
    /// processes that were workers and have detached themselves
    detached: Vec<i32>,
    reload: Option<Reload>,
    /// once the pool ends: when workers are killed
    shutdown_by: Option<Instant>,
    exit_code: i32,
    _woken: Source,
}

const HANDLED: [i32; 4] = [SIGTERM, SIGINT, SIGCHLD, SIGUSR1];
/// How long to wait after a fork that has failed.
const FORK_AGAIN: Duration = Duration::from_millis(500);
/// An end without an error is no death at birth if the process has lived this long: it may have done what it had to do.
const SHORT_LIFE: Duration = Duration::from_millis(100);
/// How long a worker that a reload has replaced may take to start before the next is replaced.
const START_PATIENCE: Duration = Duration::from_secs(30);

impl Master {
    /// Makes this process the master.
    pub fn new(pool: Pool, events: Rc<dyn PoolEvents>, running: Rc<Running>) -> Result<Master> {
        log::set_identity('$', -1);
        local::open();
        let woken = Source::new(&running.bell, Interest::READABLE, None, Rc::new(|_| Flow::Continue))?;
        signal::listen(&HANDLED, &running.bell)
            .and_then(|()| signal::ignore(&[signal::SIGHUP, signal::SIGPIPE]))
            .map_err(|e| Error::system("cannot set the signal handlers of a pool's master", &e))?;
        let wards = std::iter::repeat_with(Ward::default).take(pool.size()).collect();
        let (detached, reload, shutdown_by) = (Vec::new(), None, None);
        Ok(Master { pool, events, running, wards, detached, reload, shutdown_by, exit_code: 0, _woken: woken })
    }

    /// Forks the workers and looks after them until the pool ends.
    pub fn run(&mut self) -> Result<Mastered> {
        for worker in 0..self.wards.len() {
            self.look();
            if self.running.board.phase() == Phase::Running && self.fork(worker) {
                return Ok(Mastered::BecameWorker(worker));
            }
        }
        self.note(self.events.clone().start(&self.pool));
        loop {
            self.look();
            if let Some(worker) = self.look_after() {
                return Ok(Mastered::BecameWorker(worker));
            }
            if self.running.board.phase() >= Phase::Ending && self.wards.iter().all(|ward| ward.pid.is_none()) {
                break;
            }
            if signal::any() {
                continue;
            }
            let left = self.next_deadline().map(|at| at.saturating_duration_since(Instant::now()));
            self.note(local::turn_within(left));
        }
        self.running.board.advance(Phase::Over);
        self.reap_detached();
        self.count_what_is_left();
        if let Flow::Leave { code } = self.events.clone().shutdown(&self.pool) {
            self.exit_code = code;
        }
        Ok(Mastered::Over(self.exit_code))
    }

    /// What was sent and nobody has handled is lost with the pool.
    fn count_what_is_left(&self) {
        let mut buffer = Vec::new();
        for (worker, mailbox) in self.running.mailboxes.iter().enumerate().filter(|_| self.running.takes) {
            let mut left = 0;
            while matches!(mailbox.take(&mut buffer), Ok(Some(_))) {
                left += 1;
            }
            if left > 0 {
                log::warning(format_args!(
                    "{left} message(s) to worker {worker} are lost with the pool: it was killed or did not handle them within max_wait_time"
                ));
            }
        }
    }

    /// A callback that ends the master ends the pool.
    fn note(&mut self, flow: Flow) {
        if let Flow::Leave { code } = flow {
            self.exit_code = code;
            self.begin_shutdown();
        }
    }

    /// Forks that worker. True in the child.
    fn fork(&mut self, worker: usize) -> bool {
        let slot = self.running.board.slot(worker);
        slot.clear();
        let ward = &mut self.wards[worker];
        (ward.pid, ward.due, ward.kill_at) = (None, None, None);
        match process::fork() {
            Ok(Forked::Child) => {
                slot.set_pid(process::pid());
                true
            }
            Ok(Forked::Parent(pid)) => {
                slot.set_pid(pid);
                ward.pid = Some(pid);
                ward.respawn.started(Instant::now());
                false
            }
            Err(e) => {
                log::error(format_args!("cannot fork worker {worker} of the pool: {e}; trying again"));
                ward.due = Some(Instant::now() + FORK_AGAIN);
                false
            }
        }
    }

    /// Looks at what has come: signals, and what other processes have asked for.
    fn look(&mut self) {
        let asked = self.running.board.take_asked();
        // Before those that have ended: one may have detached itself and ended.
        if asked & ask::LOOK != 0 {
            self.let_go();
        }
        if asked & ask::SHUTDOWN != 0 {
            self.begin_shutdown();
        }
        if !signal::any() {
            return;
        }
        let taken = signal::take();
        if taken.has(SIGTERM) || taken.has(SIGINT) {
            self.begin_shutdown();
        }
        if taken.has(SIGUSR1) {
            self.begin_reload();
        }
        if taken.has(SIGCHLD) {
            self.reap();
        }
    }

    /// Workers that have detached themselves are replaced.
    fn let_go(&mut self) {
        for worker in 0..self.wards.len() {
            let slot = self.running.board.slot(worker);
            if let Some(pid) = self.wards[worker].pid.filter(|pid| slot.is_detached(*pid)) {
                log::info(format_args!("worker {worker} of the pool (pid {pid}) has detached itself"));
                self.detached.push(pid);
                self.gone(worker, Duration::ZERO);
            }
        }
    }

    /// A worker has no process any more: another is due.
    fn gone(&mut self, worker: usize, delay: Duration) {
        self.running.board.slot(worker).set_pid(0);
        let ward = &mut self.wards[worker];
        (ward.pid, ward.kill_at) = (None, None);
        ward.due = Some(Instant::now() + delay);
    }

    fn reap(&mut self) {
        for worker in 0..self.wards.len() {
            if let Some(reaped) = self.wards[worker].pid.and_then(process::reap) {
                self.bury(worker, reaped);
            }
        }
        self.reap_detached();
    }

    fn reap_detached(&mut self) {
        self.detached.retain(|pid| process::reap(*pid).is_none());
    }

    fn bury(&mut self, worker: usize, reaped: Reaped) {
        let slot = self.running.board.slot(worker);
        if slot.is_detached(reaped.pid) {
            return self.gone(worker, Duration::ZERO);
        }
        let ward = &mut self.wards[worker];
        let now = Instant::now();
        let asked = ward.kill_at.is_some();
        let failed = reaped.status != 0;
        let short = failed || ward.respawn.age(now).is_some_and(|age| age < SHORT_LIFE);
        let delay = ward.respawn.delay(now, !asked && short && slot.handled() == 0);
        let restarts = self.running.board.phase() == Phase::Running;
        let again = match delay {
            _ if !restarts => String::new(),
            Duration::ZERO => "; another takes its place".to_owned(),
            wait => format!(
                "; it keeps ending right after its start, so another takes its place only in {} ms",
                wait.as_millis()
            ),
        };
        let pid = reaped.pid;
        match (reaped.signal(), reaped.exit_code()) {
            (0, 0) if delay.is_zero() => {}
            (0, code) => {
                log::warning(format_args!("worker {worker} of the pool (pid {pid}) ended by exit code {code}{again}"));
            }
            (signal, _) => {
                log::warning(format_args!("worker {worker} of the pool (pid {pid}) ended by signal {signal}{again}"));
            }
        }
        self.gone(worker, delay);
    }

    fn begin_shutdown(&mut self) {
        self.running.board.advance(Phase::Ending);
        self.reload = None;
        let by = *self.shutdown_by.get_or_insert(Instant::now() + self.running.settings.max_wait_time);
        for (worker, ward) in self.wards.iter_mut().enumerate() {
            ward.stop(by, self.running.board.slot(worker));
        }
    }

    fn begin_reload(&mut self) {
        if self.running.board.phase() >= Phase::Ending {
            return;
        }
        if let Some(reload) = &mut self.reload {
            reload.again = true;
            return;
        }
        log::info(format_args!("reloading {} workers of the pool, one after another", self.wards.len()));
        self.reload = Some(Reload { waiting: (0..self.wards.len()).collect(), ..Reload::default() });
    }

    /// Forks what is due, kills what did not leave, goes on with a reload. Some in a child: the worker that it is.
    fn look_after(&mut self) -> Option<usize> {
        let now = Instant::now();
        for worker in 0..self.wards.len() {
            let ward = &mut self.wards[worker];
            if let (Some(pid), Some(_)) = (ward.pid, ward.kill_at.filter(|at| *at <= now)) {
                log::warning(format_args!(
                    "worker {worker} of the pool (pid {pid}) did not leave within max_wait_time ({} ms) and is killed",
                    self.running.settings.max_wait_time.as_millis()
                ));
                let _ = process::kill(pid, SIGKILL);
                // Should it not be gone by then, the same again.
                ward.kill_at = Some(now + Duration::from_secs(1));
            }
            let is_due = ward.due.is_some_and(|at| at <= now);
            if is_due && self.running.board.phase() == Phase::Running && self.fork(worker) {
                return Some(worker);
            }
        }
        self.go_on_reloading();
        None
    }

    fn go_on_reloading(&mut self) {
        let Some(reload) = &mut self.reload else { return };
        if let Some((worker, old)) = reload.current {
            let ward = &self.wards[worker];
            let replaced = ward.pid.is_some_and(|pid| pid != old);
            let given_up = ward.respawn.age(Instant::now()).is_some_and(|age| age > START_PATIENCE);
            // One that dies at its start is tried again ever more slowly, and holds up no other.
            let fails = ward.pid.is_none() && ward.due.is_some_and(|due| due > Instant::now());
            if !(fails || replaced && (self.running.board.slot(worker).has_begun() || given_up)) {
                return;
            }
            reload.current = None;
        }
        while let Some(worker) = reload.waiting.pop_front() {
            if let Some(pid) = self.wards[worker].pid {
                reload.current = Some((worker, pid));
                let by = Instant::now() + self.running.settings.max_wait_time;
                self.wards[worker].stop(by, self.running.board.slot(worker));
                return;
            }
        }
        let again = reload.again;
        self.reload = None;
        log::info(format_args!("all workers of the pool are reloaded"));
        if again {
            self.begin_reload();
            self.go_on_reloading();
        }
    }

    fn next_deadline(&self) -> Option<Instant> {
        let ending = self.running.board.phase() >= Phase::Ending;
        let due = self.wards.iter().filter_map(|ward| ward.due.filter(|_| !ending));
        let kill = self.wards.iter().filter_map(|ward| ward.kill_at);
        // Nothing else rings the bell when a worker takes too long to start.
        let giving_up = self.reload.is_some().then(|| Instant::now() + Duration::from_secs(1));
        due.chain(kill).chain(giving_up).min()
    }
}

impl Ward {
    /// It is to leave, and is killed `by` then.
    fn stop(&mut self, by: Instant, slot: &Slot) {
        self.due = None;
        if let Some(pid) = self.pid {
            // The program may have a handler of its own for the signal, after which the worker is to leave all the same.
            slot.tell();
            self.kill_at.get_or_insert(by);
            let _ = process::kill(pid, SIGTERM);
        }
    }
}

/// The pool is over in this process, which was its master.
pub(super) fn resign() {
    local::close();
    signal::reset(&HANDLED);
}
