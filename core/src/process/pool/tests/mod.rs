//! Pools in processes of their own: a test forks a master and hears from its workers through a pipe.

mod life;
mod queues;
mod sockets;
mod unix;

use super::*;
use crate::event::Flow;
use crate::log::LogConfig;
use crate::shm::region::{Layout, Shared, SharedSlice};
use crate::sys::fd::{self, Asked, Interrupt};
use crate::sys::process::{self, Forked, Reaped};
use crate::sys::signal::{self, SIGKILL};
use std::io::{PipeReader, PipeWriter, Read as _, Write as _};
use std::time::Instant;
use tempfile::NamedTempFile;

/// Longest that a test waits for anything.
const LIMIT: Duration = Duration::from_secs(30);

type Call<A> = Option<Box<dyn Fn(&Pool, A) -> Flow>>;

/// Callbacks as a test wants them.
#[derive(Default)]
struct Calls {
    start: Call<()>,
    shutdown: Call<()>,
    worker_start: Call<usize>,
    worker_stop: Call<usize>,
    #[allow(clippy::type_complexity)]
    message: Option<Box<dyn Fn(&Pool, &[u8]) -> Flow>>,
}

fn call<A>(what: &Call<A>, pool: &Pool, argument: A) -> Flow {
    what.as_ref().map_or(Flow::Continue, |call| call(pool, argument))
}

impl PoolEvents for Calls {
    fn start(&self, pool: &Pool) -> Flow {
        call(&self.start, pool, ())
    }
    fn shutdown(&self, pool: &Pool) -> Flow {
        call(&self.shutdown, pool, ())
    }
    fn worker_start(&self, pool: &Pool, worker: usize) -> Flow {
        call(&self.worker_start, pool, worker)
    }
    fn worker_stop(&self, pool: &Pool, worker: usize) -> Flow {
        call(&self.worker_stop, pool, worker)
    }
    fn message(&self, pool: &Pool, data: &[u8]) -> Flow {
        self.message.as_ref().map_or(Flow::Continue, |call| call(pool, data))
    }
    fn takes_messages(&self) -> bool {
        self.message.is_some()
    }
    fn starts_workers(&self) -> bool {
        self.worker_start.is_some()
    }
}

/// Tells the test a line, from any process of the pool.
#[derive(Clone)]
struct Say(Rc<PipeWriter>);

impl Say {
    fn line(&self, text: impl std::fmt::Display) {
        // One write, so that no two lines mix.
        (&*self.0).write_all(format!("{text}\n").as_bytes()).expect("the test listens");
    }
}

/// A master in a process of its own, dead and reaped when this is gone; with it its workers.
struct Started {
    pid: i32,
    reaped: Option<Reaped>,
    reports: PipeReader,
    read: Vec<u8>,
    log: NamedTempFile,
}

impl Started {
    /// Forks a process that makes a pool's callbacks and starts it. It ends with the code that the pool wants of it; a refused start is told as a line "refused: …".
    fn new(pool: Pool, calls: impl FnOnce(Say) -> Calls) -> Started {
        Started::with(move |say| match pool.start(Rc::new(calls(say.clone()))) {
            Ok(PoolEnded::Master { exit_code } | PoolEnded::Worker { exit_code }) => exit_code,
            Err(e) => {
                say.line(format_args!("refused: {e}"));
                99
            }
        })
    }

    /// Forks a process that does as it is told, and ends with that code.
    fn with(role: impl FnOnce(Say) -> i32) -> Started {
        let (reports, writer) = std::io::pipe().expect("a pipe");
        let log = NamedTempFile::new().expect("a log file");
        let parent = process::pid();
        match process::fork().expect("a process") {
            Forked::Parent(pid) => Started { pid, reaped: None, reports, read: Vec::new(), log },
            Forked::Child => {
                process::die_with_parent(parent);
                signal::unblock_all();
                let file = Some(log.path().to_owned());
                // The file is the test's to remove.
                std::mem::forget(log);
                log::init(&LogConfig { file, ..LogConfig::default() }).expect("a log");
                let role = std::panic::AssertUnwindSafe(|| role(Say(Rc::new(writer))));
                std::process::exit(std::panic::catch_unwind(role).unwrap_or(101));
            }
        }
    }

    /// The next line that somebody says.
    fn line(&mut self) -> String {
        loop {
            if let Some(end) = self.read.iter().position(|byte| *byte == b'\n') {
                let line: Vec<u8> = self.read.drain(..=end).collect();
                return String::from_utf8_lossy(&line[..end]).into_owned();
            }
            let mut asked = [Asked::new(self.reports.as_raw_fd(), true, false, false)];
            let found = fd::poll(&mut asked, Some(LIMIT), Interrupt::Never).expect("poll");
            assert_eq!(found, 1, "nobody says anything any more; the log: {}", self.log());
            let mut bytes = [0; 4096];
            let count = self.reports.read(&mut bytes).expect("a read");
            assert_ne!(count, 0, "all have ended; the log: {}", self.log());
            self.read.extend_from_slice(&bytes[..count]);
        }
    }

    /// So many lines, in any order: sorted.
    fn lines(&mut self, count: usize) -> Vec<String> {
        let mut lines: Vec<String> = (0..count).map(|_| self.line()).collect();
        lines.sort();
        lines
    }

    /// A line that ends in a number.
    fn number(&mut self, before: &str) -> i32 {
        let line = self.line();
        let number = line.strip_prefix(before).and_then(|rest| rest.trim().parse().ok());
        number.unwrap_or_else(|| panic!("{before:?} and a number were expected, not {line:?}; the log: {}", self.log()))
    }

    fn signal(&self, number: i32) {
        process::kill(self.pid, number).expect("the master is there");
    }

    /// Waits for the master's end.
    fn ended(&mut self) -> Reaped {
        let begun = Instant::now();
        while self.reaped.is_none() {
            assert!(begun.elapsed() < LIMIT, "the master does not end; the log: {}", self.log());
            self.reaped = process::reap(self.pid);
            std::thread::sleep(Duration::from_micros(100));
        }
        self.reaped.expect("it has ended")
    }

    fn log(&self) -> String {
        std::fs::read_to_string(self.log.path()).unwrap_or_default()
    }
}

impl Drop for Started {
    fn drop(&mut self) {
        if self.reaped.is_none() {
            let _ = process::kill(self.pid, SIGKILL);
            self.ended();
        }
    }
}

/// Waits until something is so.
fn until(what: &str, is_so: impl Fn() -> bool) {
    let begun = Instant::now();
    while !is_so() {
        assert!(begun.elapsed() < LIMIT, "it never came about that {what}");
        std::thread::sleep(Duration::from_micros(200));
    }
}

/// Numbers that the test and all processes of its pool see.
fn shared<T: Shared>(count: usize) -> SharedSlice<T> {
    let mut layout = Layout::default();
    let place = layout.slice(count);
    layout.map().expect("shared memory").slice(place)
}

fn go_on<A>(what: impl Fn(&Pool, A) + 'static) -> Call<A> {
    Some(Box::new(move |pool, argument| {
        what(pool, argument);
        Flow::Continue
    }))
}
