//! The threads that do what would make the loop wait, and the room of the loop in which those who asked wait for them.
//!
//! The loop's thread gives a [`Job`] to a lane of threads; the thread sends what came of it through a channel and rings a bell that is
//! in the loop while somebody waits. All that calls back is on the loop's side and never leaves it. A thread holds no lock of the
//! engine, touches no PHP, and has all signals blocked.

use super::MOST;
use crate::error::{Error, ErrorKind, Result};
use crate::event::{Flow, Interest, Source, local};
use crate::sys::fd::Bell;
use crate::sys::process::generation;
use crate::sys::signal;
use crossbeam_channel::{Receiver, Sender, bounded};
use parking_lot::Mutex;
use std::any::Any;
use std::cell::RefCell;
use std::collections::{HashMap, VecDeque};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::rc::Rc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Weak};

/// Results that wait for the loop; a thread with one more waits too, so that they do not pile up in memory.
const RESULTS: usize = 64;
/// Callbacks in one turn of the loop.
const AT_ONCE: usize = 128;

/// What came of some work: a `Result<T>` of the work's own `T`, or what its thread panicked with.
type Outcome = Box<dyn Any + Send>;
/// Work for a thread.
type Work = Box<dyn FnOnce() -> Outcome + Send>;
/// Who waits for it, on the loop's thread.
type Done = Box<dyn FnOnce(Outcome) -> Flow>;
/// What a thread takes.
type Job = Box<dyn FnOnce(&Reporter) + Send>;

/// Which threads do it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Lane {
    /// files, with at most as many threads as this
    Files(usize),
    /// names; a slow name server holds up no file
    Names,
}

/// Threads for names at most. Each may wait for a name server for many seconds.
pub(super) const NAME_THREADS: usize = 8;

/// How a thread tells what came of its work.
#[derive(Clone)]
struct Reporter {
    results: Sender<(u64, Outcome)>,
    bell: Arc<Bell>,
}

impl Reporter {
    fn run(&self, id: u64, work: Work) {
        // A panic must not lose the callback: it is told of it.
        let outcome = catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|panic| panic);
        // Nobody is there any more: the process's main thread ends.
        if self.results.send((id, outcome)).is_ok() {
            self.bell.ring();
        }
    }
}

/// Threads that take from one queue.
struct Threads {
    jobs: Sender<Job>,
    taken: Receiver<Job>,
    /// jobs that were sent and are not done
    busy: Arc<AtomicUsize>,
    number: usize,
}

impl Threads {
    fn new() -> Threads {
        let (jobs, taken) = bounded(MOST);
        Threads { jobs, taken, busy: Arc::default(), number: 0 }
    }

    /// Queues `job`, with one more thread if all are busy and there may be one.
    fn send(&mut self, name: &str, most: usize, reporter: &Reporter, job: Job) -> Result<()> {
        if self.busy.load(Ordering::Relaxed) >= self.number
            && self.number < most
            && let Err(found) = self.spawn(name, reporter)
            // With others it just takes longer.
            && self.number == 0
        {
            return Err(Error::system("cannot start a thread for asynchronous files and names", &found)
                .with_hint("; raise the limit of processes and threads (ulimit -u)"));
        }
        self.busy.fetch_add(1, Ordering::Relaxed);
        self.jobs.try_send(job).map_err(|_| {
            self.busy.fetch_sub(1, Ordering::Relaxed);
            full()
        })
    }

    fn spawn(&mut self, name: &str, reporter: &Reporter) -> std::io::Result<()> {
        let (taken, busy, reporter) = (self.taken.clone(), self.busy.clone(), reporter.clone());
        let signals = signal::block_all();
        let spawned = std::thread::Builder::new().name(name.into()).spawn(move || {
            for job in taken {
                job(&reporter);
                busy.fetch_sub(1, Ordering::Relaxed);
            }
        });
        signal::unblock(&signals);
        // It ends by itself when the room is gone.
        spawned.map(|_| self.number += 1)
    }
}

/// Work that must be done in order: on one path. The thread that begins with it does all that is there.
#[derive(Default)]
struct Line {
    /// a thread has it, or will
    active: bool,
    queue: VecDeque<(u64, Work)>,
}

fn work_off(line: &Mutex<Line>, reporter: &Reporter) {
    loop {
        let next = {
            let mut line = line.lock();
            let next = line.queue.pop_front();
            line.active = next.is_some();
            next
        };
        match next {
            Some((id, work)) => reporter.run(id, work),
            None => return,
        }
    }
}

/// What the loop and its threads have in common.
struct Pool {
    reporter: Reporter,
    results: Receiver<(u64, Outcome)>,
    files: Threads,
    names: Threads,
}

impl Pool {
    fn new() -> Result<Pool> {
        let bell =
            Bell::new().map_err(|e| Error::system("cannot make a bell for asynchronous operations (eventfd)", &e))?;
        let (sender, results) = bounded(RESULTS);
        let reporter = Reporter { results: sender, bell: Arc::new(bell) };
        Ok(Pool { reporter, results, files: Threads::new(), names: Threads::new() })
    }
}

/// Who waits for a result.
struct Waiting {
    done: Done,
    keeps: bool,
}

/// One process's room.
#[derive(Default)]
struct Room {
    /// the fork that it belongs to
    fork: u32,
    pool: Option<Pool>,
    waiting: HashMap<u64, Waiting>,
    /// how many of them keep the loop
    keeping: usize,
    /// what needs no thread any more
    ready: VecDeque<(u64, Outcome)>,
    /// work by path, as long as a thread has some of it
    lines: HashMap<PathBuf, Weak<Mutex<Line>>>,
    /// the bell in the loop, while somebody waits
    source: Option<Source>,
    /// number of that source; 0: there is none
    serial: u64,
    /// the last number given to anything; goes on over forks
    last: u64,
}

impl Drop for Room {
    fn drop(&mut self) {
        if self.fork != generation() {
            // The parent's. Its threads are not here, and may have held a lock of the channels at the moment of the fork: these are
            // not touched any more.
            std::mem::forget(self.pool.take());
            std::mem::forget(std::mem::take(&mut self.lines));
        }
    }
}

thread_local! {
    static ROOM: RefCell<Room> = RefCell::default();
}

fn room<T>(with: impl FnOnce(&mut Room) -> T) -> T {
    if ROOM.with_borrow(|r| r.fork) != generation() {
        let before = ROOM.with_borrow_mut(|r| {
            let mut fresh = Room::default();
            (fresh.fork, fresh.last) = (generation(), r.last);
            std::mem::replace(r, fresh)
        });
        // What waited lets go of what it holds with nothing borrowed; so the loop begins anew here too, as it holds a guard.
        local::is_idle();
        drop(before);
    }
    ROOM.with_borrow_mut(with)
}

/// Whether this thread has its room, and is not ending.
fn is_there() -> bool {
    ROOM.try_with(|_| ()).is_ok()
}

/// In the loop as long as its bell: when the loop is dropped, nobody waits any more.
struct Guard(u64);

impl Drop for Guard {
    fn drop(&mut self) {
        if !is_there() {
            return;
        }
        let gone = room(|r| {
            if r.serial != self.0 {
                return None;
            }
            (r.serial, r.keeping) = (0, 0);
            Some((r.source.take(), std::mem::take(&mut r.waiting), std::mem::take(&mut r.ready)))
        });
        drop(gone);
    }
}

fn full() -> Error {
    Error::new(
        ErrorKind::QueueFull,
        format!(
            "{MOST} asynchronous operations on files and names wait already: begin more when some of them are done"
        ),
    )
}

/// Whose a result is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Claim {
    /// an operation's that begins
    New,
    /// the next step's of one that was counted already
    Step,
    /// the engine's own: does not keep the loop
    Silent,
}

impl Room {
    fn number(&mut self) -> u64 {
        self.last += 1;
        self.last
    }

    fn pool(&mut self) -> Result<&mut Pool> {
        match &mut self.pool {
            Some(pool) => Ok(pool),
            none => Ok(none.insert(Pool::new()?)),
        }
    }

    /// One more waits: its number.
    fn wait(&mut self, claim: Claim, done: Done) -> Result<u64> {
        if claim == Claim::New && self.keeping >= MOST {
            return Err(full());
        }
        let (id, keeps) = (self.number(), claim != Claim::Silent);
        self.waiting.insert(id, Waiting { done, keeps });
        self.keeping += usize::from(keeps);
        Ok(id)
    }

    fn remove(&mut self, id: u64) -> Option<Done> {
        let Waiting { done, keeps } = self.waiting.remove(&id)?;
        self.keeping -= usize::from(keeps);
        Some(done)
    }

    fn send(&mut self, lane: Lane, job: Job) -> Result<()> {
        let Pool { reporter, files, names, .. } = self.pool()?;
        match lane {
            Lane::Files(most) => files.send("swoole-files", most, reporter, job),
            Lane::Names => names.send("swoole-names", NAME_THREADS, reporter, job),
        }
    }

    /// As [`Room::send`], but not before what was sent earlier for the same path is done.
    fn send_in_line(&mut self, lane: Lane, path: PathBuf, id: u64, work: Work) -> Result<()> {
        let known = self.lines.get(&path).and_then(Weak::upgrade);
        let line = known.unwrap_or_else(|| {
            if self.lines.len() == self.lines.capacity() {
                // Before it grows.
                self.lines.retain(|_, line| line.strong_count() > 0);
            }
            let line = Arc::default();
            self.lines.insert(path, Arc::downgrade(&line));
            line
        });
        let mut state = line.lock();
        if !state.active {
            let line = line.clone();
            self.send(lane, Box::new(move |reporter| work_off(&line, reporter)))?;
            state.active = true;
        }
        state.queue.push_back((id, work));
        Ok(())
    }

    fn ring(&self) {
        if let Some(pool) = &self.pool {
            pool.reporter.bell.ring();
        }
    }

    /// What is there for the loop.
    fn results(&self) -> usize {
        self.ready.len() + self.pool.as_ref().map_or(0, |pool| pool.results.len())
    }

    /// The next result, with who waits for it.
    fn next(&mut self) -> Option<(Done, Outcome)> {
        loop {
            let (id, outcome) = match self.ready.pop_front() {
                Some(ready) => ready,
                None => self.pool.as_ref()?.results.try_recv().ok()?,
            };
            if let Some(done) = self.remove(id) {
                return Some((done, outcome));
            }
        }
    }
}

/// One more waits, for what the bell in the loop tells of: its number.
fn wait(claim: Claim, done: Done) -> Result<u64> {
    if room(|r| r.source.is_none()) {
        listen()?;
    }
    room(|r| r.wait(claim, done))
}

/// Puts the bell into the loop. Nothing is borrowed when that fails, since the guard goes then.
fn listen() -> Result<()> {
    let (bell, number) = room(|r| r.pool().map(|pool| pool.reporter.bell.clone()).map(|bell| (bell, r.number())))?;
    let guard = Guard(number);
    let callback = Rc::new(move |_| {
        let Guard(_in_the_loop) = &guard;
        run()
    });
    let keeps = Some("an asynchronous operation on files or names");
    let source = Source::new(&*bell, Interest::READABLE, keeps, callback)?;
    room(|r| (r.serial, r.source) = (number, Some(source)));
    Ok(())
}

/// The bell rang: calls those whose results are there.
fn run() -> Flow {
    let mut left = room(|r| r.results()).min(AT_ONCE);
    let mut flow = Flow::Continue;
    while left > 0
        && flow == Flow::Continue
        && !local::is_ending()
        && let Some((done, outcome)) = room(Room::next)
    {
        left -= 1;
        flow = done(outcome);
    }
    settle();
    flow
}

/// The bell is in the loop as long as somebody waits.
fn settle() {
    let source = room(|r| {
        if r.keeping == 0 {
            r.serial = 0;
            return r.source.take();
        }
        if r.results() > 0 {
            r.ring();
        }
        None
    });
    drop(source);
}

fn typed<T: 'static>(done: impl FnOnce(Result<T>) -> Flow + 'static) -> Done {
    Box::new(move |outcome| {
        done(match outcome.downcast::<Result<T>>() {
            Ok(result) => *result,
            Err(panic) => {
                let text = panic.downcast_ref::<&str>().map(ToString::to_string);
                let text = text.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_default();
                Err(Error::new(
                    ErrorKind::SystemCallFail,
                    format!("an asynchronous operation failed in its thread, which is a bug in swoole-rs: {text}"),
                ))
            }
        })
    })
}

fn boxed<T: Send + 'static>(work: impl FnOnce() -> Result<T> + Send + 'static) -> Work {
    Box::new(move || Box::new(work()))
}

fn begin_as<T: Send + 'static>(
    claim: Claim,
    lane: Lane,
    path: Option<PathBuf>,
    work: impl FnOnce() -> Result<T> + Send + 'static,
    done: impl FnOnce(Result<T>) -> Flow + 'static,
) -> Result<u64> {
    let id = wait(claim, typed(done))?;
    let work = boxed(work);
    let sent = room(|r| match path {
        Some(path) => r.send_in_line(lane, path, id, work),
        None => r.send(lane, Box::new(move |reporter| reporter.run(id, work))),
    });
    match sent {
        Ok(()) => Ok(id),
        Err(error) if claim == Claim::Step => {
            answer::<T>(id, Err(error));
            Ok(id)
        }
        Err(error) => {
            give_up(id);
            Err(error)
        }
    }
}

/// Does `work` in a thread and calls `done` with its result. With a path: after what was begun for the same path before. Gives the
/// number of the operation. Errors: there is no room for one more, or no thread.
pub(super) fn begin<T: Send + 'static>(
    lane: Lane,
    path: Option<PathBuf>,
    work: impl FnOnce() -> Result<T> + Send + 'static,
    done: impl FnOnce(Result<T>) -> Flow + 'static,
) -> Result<u64> {
    begin_as(Claim::New, lane, path, work, done)
}

/// The next step of an operation whose `done` is running. What goes wrong is told to the new `done`.
pub(super) fn go_on<T: Send + 'static>(
    lane: Lane,
    work: impl FnOnce() -> Result<T> + Send + 'static,
    done: impl FnOnce(Result<T>) -> Flow + 'static,
) -> Result<()> {
    begin_as(Claim::Step, lane, None, work, done).map(drop)
}

/// As [`begin`], but does not keep the loop: others wait for what comes of it ([`promise`]).
pub(super) fn begin_silently<T: Send + 'static>(
    lane: Lane,
    work: impl FnOnce() -> Result<T> + Send + 'static,
    done: impl FnOnce(Result<T>) -> Flow + 'static,
) -> Result<()> {
    begin_as(Claim::Silent, lane, None, work, done).map(drop)
}

/// Calls `done` with what [`answer`] will be given for this number, in a turn of the loop. Errors: there is no room for one more.
pub(super) fn promise<T: 'static>(done: impl FnOnce(Result<T>) -> Flow + 'static) -> Result<u64> {
    wait(Claim::New, typed(done))
}

/// Keeps a [`promise`], if it was not given up.
pub(super) fn answer<T: Send + 'static>(id: u64, result: Result<T>) {
    room(|r| {
        if r.waiting.contains_key(&id) {
            r.ready.push_back((id, Box::new(result)));
            r.ring();
        }
    });
}

/// Nobody is called for this number any more.
pub(super) fn give_up(id: u64) {
    if !is_there() {
        return;
    }
    let done = room(|r| r.remove(id));
    drop(done);
    settle();
}

/// A forked process forgets here what its parent has begun.
pub(super) fn forget_the_parents() {
    room(|_| ());
}

/// Whether there are threads for files already.
pub(super) fn has_threads() -> bool {
    room(|r| r.pool.as_ref().is_some_and(|pool| pool.files.number > 0))
}
