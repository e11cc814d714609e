//! A pool: workers that a master keeps alive, and ways to send them messages.
//!
//! `master` forks, waits and replaces; `worker` is a worker's life; `board` is what all of them see; `mailbox` and `connections` are the ways of
//! messages, beside a message queue of System V.
//!
//! Runs in: pool master and pool workers.

mod board;
mod connections;
mod events;
mod mailbox;
mod master;
mod settings;
mod worker;

pub use events::{PoolEnded, PoolEvents};
pub use settings::{PoolIpc, PoolSettings};

use super::child::Process;
use super::pipe::End;
use crate::error::{Error, ErrorKind, Result};
use crate::event::local;
use crate::log;
use crate::net::address::Family;
use crate::net::listener;
use crate::sys::fd::Bell;
use crate::sys::msgqueue::{self, MessageQueue};
use crate::sys::process::{self, generation, pid};
use board::{Board, Phase, ask};
use mailbox::Mailbox;
use master::{Master, Mastered};
use socket2::Socket;
use std::cell::{OnceCell, RefCell};
use std::net::IpAddr;
use std::os::fd::AsRawFd as _;
use std::path::PathBuf;
use std::rc::Rc;
use std::time::{Duration, Instant};
use worker::{State, Worker};

/// Most workers that a pool can have.
const MOST: usize = 10_000;
/// How long [`Pool::send_message`] waits for room.
const PATIENCE: Duration = Duration::from_secs(1);
/// The longest `max_wait_time`: the clock has an end.
const WAIT_MOST: Duration = Duration::from_secs(365 * 24 * 3600);
/// How often a full message queue is tried again.
const PUSH_AGAIN: Duration = Duration::from_millis(1);
/// The kind of a message in the queue; any is taken out.
const KIND: i64 = 1;

/// A pool. Clones are the same one.
///
/// What holds for all pools:
/// - Workers are told to leave by SIGTERM, and leave between two messages; after [`PoolSettings::max_wait_time`] they are killed. They die with the master, also if
///   that is killed by SIGKILL.
/// - A reload replaces one worker after another: the next process of a number is forked when the last one has ended,
///   and the next worker is told to leave when that process has returned from `worker_start`, or has been in it for 30 seconds (where no messages come: when it is about to call it). Nothing is lost in between: messages wait in the
///   socket, the queue, the listening socket.
/// - A worker that has ended is replaced at once; one that keeps ending right after its start ever more slowly, up to two seconds.
/// - A message leaves its socket or queue before the callback runs: a worker that is killed loses the one that it has in hand and no other.
/// - When the pool ends, workers first handle what has been sent to them (Unix sockets, connections, and a message queue that goes with the pool), for as long as
///   `max_wait_time` allows.
///
/// ```no_run
/// use std::rc::Rc;
/// use swoole_core::event::Flow;
/// use swoole_core::process::{Pool, PoolEnded, PoolEvents, PoolIpc};
///
/// struct Greeter;
///
/// impl PoolEvents for Greeter {
///     fn start(&self, pool: &Pool) -> Flow {
///         pool.send_message(0, b"hello").map_or(Flow::Leave { code: 1 }, |()| Flow::Continue)
///     }
///     fn shutdown(&self, _: &Pool) -> Flow {
///         Flow::Continue
///     }
///     fn worker_start(&self, _: &Pool, _: usize) -> Flow {
///         Flow::Continue
///     }
///     fn worker_stop(&self, _: &Pool, _: usize) -> Flow {
///         Flow::Continue
///     }
///     fn message(&self, pool: &Pool, data: &[u8]) -> Flow {
///         println!("worker {:?} hears {}", pool.worker_id(), String::from_utf8_lossy(data));
///         pool.shutdown().map_or(Flow::Leave { code: 1 }, |()| Flow::Continue)
///     }
///     fn takes_messages(&self) -> bool {
///         true
///     }
/// }
///
/// # fn main() -> swoole_core::error::Result<()> {
/// let pool = Pool::new(4, PoolIpc::UnixSocket)?;
/// // Each process of the pool returns from here: workers as well, at their end.
/// match pool.start(Rc::new(Greeter))? {
///     PoolEnded::Master { exit_code } | PoolEnded::Worker { exit_code } => std::process::exit(exit_code),
/// }
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct Pool(Rc<Inner>);

#[derive(Debug)]
struct Inner {
    workers: usize,
    ipc: PoolIpc,
    settings: RefCell<PoolSettings>,
    listening: RefCell<Vec<Listening>>,
    running: OnceCell<Rc<Running>>,
    role: RefCell<Role>,
}

/// What this process is in its pool.
#[derive(Debug, Clone, Default)]
enum Role {
    /// nothing: before the start, after the end, or a process that the program has forked itself
    #[default]
    None,
    Master,
    /// with the fork that it belongs to
    Worker(u32, Rc<State>),
}

#[derive(Debug)]
struct Listening {
    socket: Socket,
    port: u16,
    /// the file of a Unix socket
    path: Option<PathBuf>,
}

/// A pool that was started: what all its processes have.
#[derive(Debug)]
struct Running {
    board: Board,
    /// wakes the master
    bell: Bell,
    settings: PoolSettings,
    takes: bool,
    mailboxes: Vec<Mailbox>,
    queue: Option<MessageQueue>,
    ipc: PoolIpc,
    listening: Vec<Listening>,
}

impl Running {
    /// Whether nobody will read the queue once the pool has ended.
    fn removes_queue(&self) -> bool {
        self.settings.free_queue || self.ipc == PoolIpc::MessageQueue(0)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // Of a pool that could not be started: nobody knows the number of its private queue.
        if let Some(queue) = self.queue.filter(|_| self.board.master() == 0 && self.ipc == PoolIpc::MessageQueue(0)) {
            let _ = queue.remove();
        }
    }
}

fn wrong(why: impl Into<String>) -> Error {
    Error::new(ErrorKind::WrongOperation, why)
}

impl Pool {
    /// A pool of `workers` workers. Errors: `InvalidParams` (0, or more than 10,000).
    pub fn new(workers: usize, ipc: PoolIpc) -> Result<Pool> {
        if !(1..=MOST).contains(&workers) {
            return Err(Error::new(
                ErrorKind::InvalidParams,
                format!("a pool of {workers} workers was asked for; 1 to {MOST} are possible"),
            ));
        }
        Ok(Pool(Rc::new(Inner {
            workers,
            ipc,
            settings: RefCell::default(),
            listening: RefCell::default(),
            running: OnceCell::new(),
            role: RefCell::default(),
        })))
    }

    /// Before the start. Errors: `WrongOperation`, it has started; `InvalidParams`, a longest message of 0 bytes.
    pub fn set(&self, settings: PoolSettings) -> Result<()> {
        self.before_start("change the settings")?;
        if settings.max_package_size == 0 {
            return Err(Error::new(ErrorKind::InvalidParams, "max_package_size is 0; it takes 1 byte or more"));
        }
        let max_wait_time = settings.max_wait_time.min(WAIT_MOST);
        self.0.settings.replace(PoolSettings { max_wait_time, ..settings });
        Ok(())
    }

    /// Its settings.
    pub fn settings(&self) -> PoolSettings {
        self.0.settings.borrow().clone()
    }

    /// Listens: `host` an address (IPv4, IPv6) or a name with `port` (0: a free one), or `unix:/path`. May be called several times. Errors: `WrongOperation` (not a socket pool, or
    /// started), those of bind.
    pub fn listen(&self, host: &str, port: u16, backlog: i32) -> Result<()> {
        self.before_start("listen")?;
        if self.0.ipc != PoolIpc::Socket {
            return Err(wrong("only a socket pool listens (SWOOLE_IPC_SOCKET)"));
        }
        let path = host.strip_prefix("unix:").map(|path| path.strip_prefix("//").unwrap_or(path));
        let is_v6 = host.trim_matches(['[', ']']).parse::<IpAddr>().is_ok_and(|address| address.is_ipv6());
        let bound = match path {
            Some(path) => listener::bind(path, 0, Family::Unix, false, false)?,
            None => listener::bind(host, port, if is_v6 { Family::V6 } else { Family::V4 }, false, false)?,
        };
        let backlog = if backlog > 0 { backlog } else { 2048 };
        bound.socket.listen(backlog).map_err(|e| Error::system(format_args!("cannot listen on {host}"), &e))?;
        let port = bound.port();
        self.0.listening.borrow_mut().push(Listening { socket: bound.socket, port, path: path.map(PathBuf::from) });
        Ok(())
    }

    /// The port that the last [`Pool::listen`] before the start has got; 0: none, or it was a Unix socket.
    pub fn port(&self) -> u16 {
        self.0.listening.borrow().last().map_or(0, |listening| listening.port)
    }

    fn before_start(&self, asked: &str) -> Result<()> {
        match self.0.running.get() {
            None => Ok(()),
            Some(_) => Err(wrong(format!("cannot {asked}: the pool has been started; do it before start()"))),
        }
    }

    /// Runs it until it is stopped: by [`Pool::shutdown`] or SIGTERM (SIGINT); SIGUSR1 replaces the workers one after another. Returns in every process of the pool: a worker has to
    /// end then, with the code that it is given. Errors: `WrongOperation` (started already; a server, a pool or a loop runs in this process, or its loop holds something;
    /// nothing to do: neither worker_start nor message), no socket to listen on.
    pub fn start(&self, events: Rc<dyn PoolEvents>) -> Result<PoolEnded> {
        let running = self.prepare(&*events)?;
        let parent = pid();
        running.board.set_master(parent);
        self.0.role.replace(Role::Master);
        let mastered = Master::new(self.clone(), events.clone(), running.clone()).and_then(|mut master| master.run());
        if let Ok(Mastered::BecameWorker(id)) = mastered {
            let state = Rc::new(State::new(id, running.clone()));
            self.0.role.replace(Role::Worker(generation(), state.clone()));
            let worker = Rc::new(Worker { pool: self.clone(), events, state, running });
            // Not an error of the start: the program would go on in a worker as if it were the master.
            let exit_code = worker::run(worker, parent).unwrap_or_else(|e| {
                log::error(format_args!("worker {id} of the pool cannot run: {e}"));
                1
            });
            return Ok(PoolEnded::Worker { exit_code });
        }
        master::resign();
        self.0.role.take();
        for path in running.listening.iter().filter_map(|listening| listening.path.as_ref()) {
            let _ = std::fs::remove_file(path);
        }
        if let Some(queue) = running.queue.filter(|_| running.removes_queue()) {
            let _ = queue.remove();
        }
        match mastered? {
            Mastered::Over(exit_code) => Ok(PoolEnded::Master { exit_code }),
            Mastered::BecameWorker(_) => unreachable!("it has returned above"),
        }
    }

    /// Checks what can be checked, and makes what all processes share.
    fn prepare(&self, events: &dyn PoolEvents) -> Result<Rc<Running>> {
        self.before_start("start the pool again")?;
        if local::is_running() {
            return Err(wrong(
                "a pool cannot start in a process whose event loop runs: this is a callback of the loop, or a process of a server or of another pool",
            ));
        }
        if let Some(held) = local::held_by() {
            return Err(wrong(format!(
                "a pool cannot start in a process whose event loop holds {held}: set them in WorkerStart instead"
            )));
        }
        let takes = events.takes_messages() && self.0.ipc != PoolIpc::None;
        if !takes && !events.starts_workers() {
            let needed = if self.0.ipc == PoolIpc::None { "WorkerStart" } else { "WorkerStart or Message" };
            return Err(wrong(format!("the pool has nothing to do: it needs a callback for {needed}")));
        }
        if self.0.ipc == PoolIpc::Socket {
            if self.0.listening.borrow().is_empty() {
                return Err(Error::new(
                    ErrorKind::InvalidListenPort,
                    "a socket pool has to listen: call listen() before start()",
                ));
            }
            if !takes {
                return Err(wrong("a socket pool needs a callback for Message"));
            }
        }
        let queue = match self.0.ipc {
            PoolIpc::MessageQueue(key) => Some(MessageQueue::open(key).map_err(|e| {
                Error::system(format_args!("cannot open the message queue of key {key:#x}"), &e).with_hint(
                    "; see ipcs -q for those that there are and `sysctl kernel.msgmni` for how many there may be",
                )
            })?),
            _ => None,
        };
        let mailboxes = if self.0.ipc == PoolIpc::UnixSocket { self.0.workers } else { 0 };
        let running = Running {
            board: Board::new(self.0.workers)?,
            bell: Bell::new().map_err(|e| Error::system("cannot make a pool's bell (eventfd)", &e))?,
            settings: self.settings(),
            takes,
            mailboxes: (0..mailboxes).map(|_| Mailbox::new()).collect::<Result<_>>()?,
            queue,
            ipc: self.0.ipc,
            listening: self.0.listening.take(),
        };
        let running = self.0.running.get_or_init(|| Rc::new(running)).clone();
        if !running.listening.is_empty() {
            // What the program starts in the master or in a worker would keep the port taken after the pool's end.
            let held = Rc::downgrade(&running);
            process::keep_from_children(Rc::new(move |kept| {
                let Some(running) = held.upgrade() else { return };
                running.listening.iter().for_each(|listening| kept(listening.socket.as_raw_fd()));
            }));
        }
        Ok(running)
    }

    fn running(&self) -> Result<&Rc<Running>> {
        self.0.running.get().ok_or_else(|| wrong("the pool has not been started"))
    }

    /// What this worker knows of itself; None in other processes.
    fn state(&self) -> Option<Rc<State>> {
        match &*self.0.role.borrow() {
            Role::Worker(fork, state) if *fork == generation() => Some(state.clone()),
            _ => None,
        }
    }

    /// Answers the connection whose message is being handled. All that is written while one message is handled is one answer, sent in the same form as messages when the
    /// callback has returned; a message to which nothing is written has no answer. Runs in: pool worker, within `message`, socket pools. Errors: `WrongOperation`,
    /// `DataLengthTooLarge` (an answer of 4 GiB).
    pub fn write(&self, data: &[u8]) -> Result<()> {
        let state = self.state();
        let mut answer = state.as_ref().map(|state| state.answer.borrow_mut());
        let Some(answer) = answer.as_deref_mut().and_then(Option::as_mut) else {
            return Err(wrong("there is no message to answer: write() is for the Message callback of a socket pool"));
        };
        if u32::try_from(answer.len() + data.len()).is_err() {
            return Err(Error::new(
                ErrorKind::DataLengthTooLarge,
                format!(
                    "an answer of {} bytes: 4 bytes cannot tell its length; send it in parts",
                    answer.len() + data.len()
                ),
            ));
        }
        if answer.is_empty() {
            answer.extend_from_slice(&[0; connections::HEAD]);
        }
        answer.extend_from_slice(data);
        Ok(())
    }

    /// Sends a message to a worker (of a message queue pool: to whoever is free). From any process of the pool, also from one that has detached itself, and from one that the
    /// program has forked there. Waits while that worker's socket, or the queue, is full, for at most a second. Errors: `InvalidParams` (no such
    /// worker), `DataLengthTooLarge` (longer than `max_package_size`, or than the system's limit for a queue), `QueueFull`, `WrongOperation` (a pool that takes no messages, is not started, or ends).
    pub fn send_message(&self, worker: usize, data: &[u8]) -> Result<()> {
        let running = self.running()?;
        if worker >= self.0.workers {
            return Err(self.no_worker(worker));
        }
        if data.len() > running.settings.max_package_size as usize {
            return Err(Error::new(
                ErrorKind::DataLengthTooLarge,
                format!(
                    "a message of {} bytes; max_package_size allows {}",
                    data.len(),
                    running.settings.max_package_size
                ),
            ));
        }
        if let Some(queue) = running.queue {
            return self.ends_not().and_then(|()| push(queue, data));
        }
        let Some(mailbox) = running.mailboxes.get(worker) else {
            return Err(wrong(
                "workers of this pool get no messages: make it a Unix socket pool (SWOOLE_IPC_UNIXSOCK) or a message queue pool (SWOOLE_IPC_MSGQUEUE)",
            ));
        };
        self.ends_not()?;
        // Nobody makes room in the sender's own socket while it waits.
        mailbox.send(data, if self.is_worker(worker) { Duration::ZERO } else { PATIENCE })
    }

    /// Whether this process is that worker, and has not detached itself.
    fn is_worker(&self, worker: usize) -> bool {
        self.worker_id() == Some(worker) && self.worker_pid(worker) == Some(pid())
    }

    fn ends_not(&self) -> Result<()> {
        match self.running()?.board.phase() {
            Phase::Running => Ok(()),
            Phase::Ending => Err(wrong("the pool ends: its workers take no more messages")),
            Phase::Over => Err(wrong("the pool has ended")),
        }
    }

    fn no_worker(&self, worker: usize) -> Error {
        Error::new(
            ErrorKind::InvalidParams,
            format!("there is no worker {worker}; this pool has 0 to {}", self.0.workers - 1),
        )
    }

    /// The pool lets this worker go its own way and puts another in its place. It gets no more messages (a connection that it has is closed when what has come on it is handled), is neither
    /// replaced by a reload nor stopped with the pool, and outlives the master. After the present callback it runs its event loop until that is empty, calls `worker_stop` and
    /// ends; SIGTERM ends it earlier. Runs in: pool worker.
    pub fn detach(&self) -> Result<()> {
        let state = self.state().ok_or_else(|| wrong("only a worker of a pool can detach itself"))?;
        state.detach();
        Ok(())
    }

    /// This worker ends after the present callback (and is replaced). Runs in: pool worker. In the master: as shutdown. Errors: `WrongOperation` in other processes.
    pub fn stop(&self) -> Result<()> {
        match (self.state(), self.is_master()) {
            (Some(state), _) => {
                state.leave();
                Ok(())
            }
            (None, true) => self.shutdown(),
            (None, false) => Err(wrong("this process is no worker of the pool; shutdown() ends all of it")),
        }
    }

    /// Ends the pool. From any of its processes. Returns at once. Errors: `WrongOperation`, it is not started.
    pub fn shutdown(&self) -> Result<()> {
        let running = self.running()?;
        running.board.ask(ask::SHUTDOWN);
        running.bell.ring();
        Ok(())
    }

    fn is_master(&self) -> bool {
        self.master_pid() == Some(pid()) && matches!(*self.0.role.borrow(), Role::Master)
    }

    /// Whether this process is to go on: false once it was told to leave.
    pub fn is_running(&self) -> bool {
        match (self.state(), self.0.running.get()) {
            (Some(state), _) => !state.is_leaving(),
            (None, Some(running)) => running.board.phase() == Phase::Running,
            (None, None) => true,
        }
    }

    /// The master's number; None before the start.
    pub fn master_pid(&self) -> Option<i32> {
        self.0.running.get().map(|running| running.board.master())
    }

    /// The number of this worker from 0; None in the master.
    pub fn worker_id(&self) -> Option<usize> {
        self.state().map(|state| state.id)
    }

    /// The process number of a worker now; None: it is being replaced, or there is none.
    pub fn worker_pid(&self, worker: usize) -> Option<i32> {
        let running = self.0.running.get().filter(|_| worker < self.0.workers)?;
        running.board.slot(worker).pid()
    }

    /// Workers.
    pub fn size(&self) -> usize {
        self.0.workers
    }

    /// A worker as a process, with its socket as its pipe in a Unix socket pool: what is written there is a message, of at most what a datagram takes. The worker itself has the
    /// other end: without a `message` callback it reads there what it is sent. Errors: `InvalidParams`, no such worker; `WrongOperation`, not started; no descriptor is left.
    pub fn process(&self, worker: usize) -> Result<Process> {
        let running = self.running()?;
        if worker >= self.0.workers {
            return Err(self.no_worker(worker));
        }
        let end = if self.is_worker(worker) { End::Worker } else { End::Master };
        let pipe = running.mailboxes.get(worker).map(|mailbox| mailbox.pipe(end)).transpose()?;
        Ok(Process::of_pool(self.worker_pid(worker), pipe))
    }
}

/// Pushes into the message queue; waits while it is full, for at most a second.
fn push(queue: MessageQueue, data: &[u8]) -> Result<()> {
    let until = Instant::now() + PATIENCE;
    loop {
        match queue.try_send(KIND, [data, b""]) {
            Ok(true) => return Ok(()),
            Ok(false) if Instant::now() < until => std::thread::sleep(PUSH_AGAIN),
            Ok(false) => {
                let (messages, bytes) = queue.stat().unwrap_or_default();
                return Err(Error::new(
                    ErrorKind::QueueFull,
                    format!(
                        "the message queue is full ({messages} messages of {bytes} bytes together) and has had no room for {} bytes for a second",
                        data.len()
                    ),
                ));
            }
            Err(e) if e.raw_os_error() == Some(libc::EINVAL) && data.len() > msgqueue::max_message() => {
                return Err(Error::new(
                    ErrorKind::DataLengthTooLarge,
                    format!(
                        "a message of {} bytes; one in a message queue has {} at most (sysctl kernel.msgmax)",
                        data.len(),
                        msgqueue::max_message()
                    ),
                ));
            }
            Err(e) => return Err(Error::system("cannot push into the pool's message queue", &e)),
        }
    }
}

#[cfg(test)]
mod tests;
