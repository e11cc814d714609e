//! What is to be seen of a server from outside: the options `metrics_port`, `stats_file` and `request_slowlog_file`. All of it is read
//! from shared memory, so it works however blocked the workers are.
//!
//! Runs in: master (metrics, statistics), manager (slow log); BASE: master, which is the manager.

mod http;
mod metrics;
mod prometheus;
mod slowlog;
mod stats_file;

use super::{Mode, Role, Server, ServerEvents, WorkerKind};
use crate::config::ServerSettings;
use crate::error::{Error, Result};
use crate::event::poller::Registrar;
use metrics::{Bound, Metrics};
use slowlog::{Seen, Slowlog};
use stats_file::StatsFile;
use std::os::fd::RawFd;
use std::rc::Rc;
use std::sync::atomic::Ordering::Relaxed;
use std::time::{Duration, Instant};

/// What was bound and opened before the first fork, so that the start fails if it cannot be had.
#[derive(Debug, Default)]
pub struct Prepared {
    metrics: Option<Bound>,
    stats_file: Option<StatsFile>,
    slowlog: Option<Slowlog>,
}

impl Prepared {
    /// Binds and opens what the settings ask for. Errors: an address or a path that cannot be had.
    pub fn new(settings: &ServerSettings) -> Result<Prepared> {
        let slowlog = settings.request_slowlog_file.as_deref();
        Ok(Prepared {
            metrics: settings.metrics_port.as_deref().map(metrics::bind).transpose()?,
            stats_file: settings.stats_file.as_deref().map(StatsFile::open).transpose()?,
            slowlog: slowlog.map(|path| Slowlog::open(path, settings.request_slowlog_timeout)).transpose()?,
        })
    }
}

impl Prepared {
    /// The socket that listens for who asks for the metrics.
    pub fn listener(&self) -> Option<RawFd> {
        self.metrics.as_ref().map(|bound| bound.descriptor())
    }
}

/// The part of it that one process does beside its loop: the loop asks [`Observer::timeout`] before it sleeps, and calls
/// [`Observer::turn`] when it wakes.
pub struct Observer {
    server: Server,
    events: Rc<dyn ServerEvents>,
    metrics: Option<Metrics>,
    stats_file: Option<StatsFile>,
    slowlog: Option<Slowlog>,
}

impl Observer {
    /// The calling process's part of what was prepared; the rest is let go of.
    pub fn new(server: Server, events: Rc<dyn ServerEvents>) -> Result<Observer> {
        let Prepared { metrics, stats_file, slowlog } = server.running()?.observed.take();
        let is_master = server.role() == Role::Master;
        let is_manager = !is_master || server.mode() == Mode::Base;
        Ok(Observer {
            server,
            events,
            metrics: metrics.filter(|_| is_master).map(Metrics::new).transpose()?,
            stats_file: stats_file.filter(|_| is_master),
            slowlog: slowlog.filter(|_| is_manager),
        })
    }

    /// Has the loop that waits with `registrar` woken when somebody asks for the metrics; the event with `token` means nothing else.
    pub fn register(&self, registrar: &Registrar, token: usize) -> Result<()> {
        let Some(metrics) = &self.metrics else { return Ok(()) };
        registrar.add_readable(metrics, token).map_err(|e| Error::system("cannot watch the metrics_port", &e))
    }

    /// How long the loop may sleep; None: for ever.
    pub fn timeout(&self) -> Option<Duration> {
        let dues = [
            self.metrics.as_ref().and_then(Metrics::next),
            self.stats_file.as_ref().map(StatsFile::next),
            self.slowlog.as_ref().map(Slowlog::next),
        ];
        dues.into_iter().flatten().min().map(|due| due.saturating_duration_since(Instant::now()))
    }

    /// Does what is to be done now, without waiting.
    pub fn turn(&mut self) {
        let now = Instant::now();
        if let Some(metrics) = &mut self.metrics {
            let server = &self.server;
            metrics.turn(now, &|| prometheus::render(server.mode(), &server.stats(), &server.worker_figures()));
        }
        if self.stats_file.as_ref().is_some_and(|file| file.next() <= now) {
            self.write_stats(now);
        }
        if let Some(slowlog) = self.slowlog.as_mut().filter(|slowlog| slowlog.next() <= now) {
            let (server, events) = (&self.server, &self.events);
            slowlog.look(now, watched(server), |pid| events.backtrace(server, pid));
        }
    }

    /// Writes the last figures.
    pub fn finish(&mut self) {
        self.write_stats(Instant::now());
    }

    fn write_stats(&mut self, now: Instant) {
        if let Some(file) = &mut self.stats_file {
            file.write(now, &self.server.stats(), &self.server.worker_figures());
        }
    }
}

/// Those that can be stuck in a callback: a user process is always in its function.
fn watched(server: &Server) -> impl Iterator<Item = Seen> {
    let board = &server.shared().board;
    board.workers.iter().enumerate().filter_map(|(id, slot)| {
        let kind = server.shared().size.kind_of(id);
        (kind != WorkerKind::User).then(|| Seen {
            id: id as i32,
            kind,
            pid: slot.pid.load(Relaxed) as i32,
            busy: slot.busy.load(Relaxed) != 0,
            requests: slot.own_requests.get(),
            letters: slot.letters.get(),
            busy_since: slot.busy_since.load(Relaxed),
        })
    })
}
