//! The file of the option `request_slowlog_file`: which worker is stuck in a callback, and where.
//!
//! Runs in: manager (BASE: master).

use crate::error::{Error, Result};
use crate::log;
use crate::server::WorkerKind;
use chrono::Local;
use std::fs::File;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// Shortest time between two looks.
const SHORTEST: Duration = Duration::from_millis(10);

/// What one look at a worker shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seen {
    /// its number
    pub id: i32,
    /// what it is for
    pub kind: WorkerKind,
    /// its process; 0: none
    pub pid: i32,
    /// it does not sleep
    pub busy: bool,
    /// messages and tasks that this process has begun
    pub requests: u64,
    /// answers and messages of other processes that it has begun
    pub letters: u64,
    /// when it took up the batch of messages that it is at, microseconds since 1970
    pub busy_since: u64,
}

/// A worker of which every look since `since` showed the same.
#[derive(Debug, Clone, Copy)]
struct Watch {
    seen: Seen,
    since: Instant,
    /// it is written when it has been like that for so long
    write_after: Duration,
}

/// Says who is stuck. A worker that gets from one message to the next, or sleeps in between, is not, however busy it is: its counters
/// move. So the workers themselves need no further clock.
#[derive(Debug)]
struct Watcher {
    timeout: Duration,
    watches: Vec<Watch>,
}

impl Watcher {
    /// Whether the `nth` worker, which looks like that now, is to be written, and for how long it has been stuck at least.
    fn look(&mut self, nth: usize, seen: Seen, now: Instant) -> Option<Duration> {
        let fresh = Watch { seen, since: now, write_after: self.timeout };
        if nth >= self.watches.len() {
            self.watches.resize(nth + 1, fresh);
        }
        let watch = &mut self.watches[nth];
        if watch.seen != seen || !seen.busy || seen.pid == 0 {
            *watch = fresh;
            return None;
        }
        let stuck = now.saturating_duration_since(watch.since);
        if stuck < watch.write_after {
            return None;
        }
        while watch.write_after <= stuck {
            watch.write_after *= 2;
        }
        Some(stuck)
    }
}

/// The file, and who is watched.
#[derive(Debug)]
pub struct Slowlog {
    path: PathBuf,
    watcher: Watcher,
    period: Duration,
    due: Instant,
    /// the last try to write failed, which was logged
    failing: bool,
}

impl Slowlog {
    /// Opens it, for callbacks that run longer than `timeout`. Errors: the file cannot be written.
    pub fn open(path: &Path, timeout: Duration) -> Result<Slowlog> {
        let failed = |e| Error::system(format_args!("cannot write the request_slowlog_file {}", path.display()), &e);
        let path = std::path::absolute(path).map_err(failed)?;
        append(&path).map_err(failed)?;
        let timeout = timeout.max(SHORTEST);
        Ok(Slowlog {
            path,
            watcher: Watcher { timeout, watches: Vec::new() },
            period: (timeout / 4).max(SHORTEST),
            due: Instant::now(),
            failing: false,
        })
    }

    /// When the next look is due.
    pub fn next(&self) -> Instant {
        self.due
    }

    /// Looks at all workers, and writes those that are stuck; `backtrace` tells what a process is doing, a call a line.
    pub fn look(
        &mut self,
        now: Instant,
        workers: impl Iterator<Item = Seen>,
        backtrace: impl Fn(i32) -> Option<String>,
    ) {
        self.due = now + self.period;
        for (nth, seen) in workers.enumerate() {
            if let Some(stuck) = self.watcher.look(nth, seen, now) {
                let entry = entry(&Local::now().format("%F %T").to_string(), seen, stuck, backtrace(seen.pid));
                self.write(&entry);
            }
        }
    }

    fn write(&mut self, entry: &str) {
        // Opened each time: somebody may have moved it away, to begin a new one.
        match append(&self.path).and_then(|mut file| file.write_all(entry.as_bytes())) {
            Ok(()) => self.failing = false,
            Err(e) if !std::mem::replace(&mut self.failing, true) => {
                log::error(format_args!("cannot write the request_slowlog_file {}: {e}", self.path.display()));
            }
            Err(_) => {}
        }
    }
}

fn append(path: &Path) -> std::io::Result<File> {
    File::options().append(true).create(true).open(path)
}

/// One entry: a line that begins with the date in brackets, a line with a tab for each call, and an empty line.
fn entry(date: &str, seen: Seen, stuck: Duration, backtrace: Option<String>) -> String {
    let Seen { id, kind, pid, requests, .. } = seen;
    let mut text = format!(
        "[{date}] worker {id} ({}, pid {pid}) has been in one callback for {:.3} s; it had begun {requests} requests\n",
        kind.name(),
        stuck.as_secs_f64()
    );
    let trace = backtrace.filter(|trace| !trace.trim().is_empty());
    for line in
        trace.as_deref().unwrap_or("(no backtrace: the process could not be read, or runs no script now)").lines()
    {
        text.push('\t');
        text.push_str(line);
        text.push('\n');
    }
    text.push('\n');
    text
}

#[cfg(test)]
mod tests;
