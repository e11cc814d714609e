//! Who is alive, what each process is doing, and what each has counted.

use crate::shm::region::{Place, Region, SharedSlice, shared_record};
use crate::shm::ring::Sleeper;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};

shared_record! {
/// A figure that only grows.
pub struct Counter {
    value: AtomicU64,
}
}

impl Counter {
    /// Adds, where only the calling thread ever adds: no locked instruction.
    #[inline]
    pub fn add_own(&self, n: u64) {
        self.value.store(self.value.load(Ordering::Relaxed).wrapping_add(n), Ordering::Relaxed);
    }
    /// Adds, where others add too.
    pub fn add(&self, n: u64) {
        self.value.fetch_add(n, Ordering::Relaxed);
    }
    /// Sets it anew.
    pub fn set(&self, n: u64) {
        self.value.store(n, Ordering::Relaxed);
    }
    /// Its value.
    pub fn get(&self) -> u64 {
        self.value.load(Ordering::Relaxed)
    }
}

/// How far the server is in its life. Only ever goes up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u32)]
pub enum Phase {
    /// processes are being made
    Starting = 0,
    /// serving
    Running = 1,
    /// nothing new is taken; workers finish what has been received
    Draining = 2,
    /// workers are gone; what they sent is being written
    Flushing = 3,
    /// over
    Done = 4,
}

shared_record! {
/// What belongs to the server as a whole.
pub struct Head {
    phase: AtomicU32,
    /// process of the master
    pub master_pid: AtomicU32,
    /// process of the manager (BASE: the master)
    pub manager_pid: AtomicU32,
    /// what processes have asked the manager for: bits of [`ask`]
    pub asked: AtomicU32,
    /// connections on their way from the reactor that accepted them to the one that keeps them
    pub handed_over: AtomicU32,
    /// goes up whenever a worker has been reaped
    pub deaths: AtomicU32,
    /// goes up whenever certificates are to be read anew (PROCESS)
    pub certificates: AtomicU32,
    spare: AtomicU32,
    /// when the server started, microseconds since 1970
    pub start_time: AtomicU64,
    /// workers that ended other than by exit code 0
    pub abort_count: Counter,
    /// reloads that were finished
    pub reload_count: Counter,
    /// tasks that were lost with the task worker that was doing them, or not done when the server ended
    pub tasks_lost: Counter,
    /// tasks that were begun again after that
    pub tasks_retried: Counter,
    /// answers that came after whoever waited for them had given up
    pub answers_late: Counter,
    /// answers and messages that could not be delivered: nobody hears them, or what they hold is gone
    pub mail_dropped: Counter,
}
}

/// What a process may ask the manager for. Not by a signal, which a process of another user may not send.
pub mod ask {
    /// end the server
    pub const SHUTDOWN: u32 = 1;
    /// replace all workers
    pub const RELOAD: u32 = 2;
    /// replace the task workers
    pub const RELOAD_TASKS: u32 = 4;
}

/// Life of a worker, as the manager sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u32)]
pub enum WorkerState {
    /// no process
    Absent = 0,
    /// forked, its start callback has not returned yet
    Starting = 1,
    /// takes messages
    Running = 2,
    /// takes no more messages
    Leaving = 3,
}

shared_record! {
/// One worker, task worker or user process. Written by itself but for `pid`, `deaths` and the state after its death (manager), and what
/// says so.
#[repr(align(128))]
pub struct WorkerSlot {
    /// says whether the worker sleeps
    pub sleeper: Sleeper,
    /// its process; 0: none
    pub pid: AtomicU32,
    state: AtomicU32,
    /// 1 while it is handling messages
    pub busy: AtomicU32,
    /// when it took up what it is handling, one message or a batch of them, microseconds since 1970: while it stays the same and
    /// `requests` too, the worker is in one callback
    pub busy_since: AtomicU64,
    /// how many processes of this number have ended
    pub deaths: AtomicU32,
    /// messages handled by the present process
    pub own_requests: Counter,
    /// messages handled, over all its processes
    pub requests: Counter,
    /// answers sent
    pub responses: Counter,
    /// connections that are tied to it (dispatch mode 8)
    pub connections: AtomicU32,
    /// messages it could not use: their session was closed, or half of them was lost in a crash
    pub lost: Counter,
    /// microseconds in which it did not sleep, up to `busy_since`
    pub busy_micros: Counter,
    /// 1 while it gives a task: a process that dies meanwhile may have counted one that it did not give
    pub giving: AtomicU32,
    /// tasks it gave
    pub tasks_given: Counter,
    /// those of them that are done or lost (written by task workers and manager)
    pub tasks_done: Counter,
    /// letters it has begun to handle: answers and messages of other processes
    pub letters: Counter,
    /// messages it sent to other processes
    pub messages_sent: Counter,
    /// goes up when an answer that it waits for has come (written by task workers and manager)
    pub replies: AtomicU32,
    /// 1 while it waits for one
    pub awaits: AtomicU32,
    /// answers that lie in its own memory: a task worker's until those who asked make room for them, a worker's that it took
    /// out of its mailbox early
    pub unsent: AtomicU32,
    /// the last of its processes that left in order, as `Holder::bits`
    pub left: AtomicU32,
    /// until when it is to have left, microseconds since 1970 (written by the manager); 0: nobody has said
    pub leave_by: AtomicU64,
}
}

impl WorkerSlot {
    /// Its state.
    pub fn state(&self) -> WorkerState {
        match self.state.load(Ordering::Acquire) {
            1 => WorkerState::Starting,
            2 => WorkerState::Running,
            3 => WorkerState::Leaving,
            _ => WorkerState::Absent,
        }
    }
    /// Tasks that it gave and that are not done.
    pub fn tasking(&self) -> u64 {
        self.tasks_given.get().saturating_sub(self.tasks_done.get())
    }
    /// Sets its state.
    pub fn set_state(&self, state: WorkerState) {
        self.state.store(state as u32, Ordering::Release);
    }
}

shared_record! {
/// One reactor thread, or (BASE) the socket side of one worker. Written by its owner.
#[repr(align(128))]
pub struct ReactorSlot {
    /// says whether the reactor sleeps
    pub sleeper: Sleeper,
    /// 1: while the server drains, everything that was read has been handed to a worker
    pub quiet: AtomicU32,
    /// connections that are open here
    pub connections: AtomicU32,
    /// connections accepted
    pub accepted: Counter,
    /// connections closed
    pub closed: Counter,
    /// connections turned away for `max_conn`
    pub refused: Counter,
    /// bytes read
    pub received_bytes: Counter,
    /// bytes written
    pub sent_bytes: Counter,
    /// messages handed to workers
    pub dispatched: Counter,
    /// messages of workers for connections that were closed meanwhile
    pub undeliverable: Counter,
    /// packages refused for their length or form
    pub bad_packages: Counter,
    /// requests that the socket side answered by a refusal
    pub http_refused: Counter,
    /// messages dropped: by `dispatch_func`, or because their connection was closed
    pub discarded: Counter,
}
}

shared_record! {
/// One listening port.
#[repr(align(64))]
pub struct PortSlot {
    /// connections that are open
    pub connections: AtomicU32,
}
}

/// All of the above.
#[derive(Debug)]
pub struct Board {
    head: SharedSlice<Head>,
    /// by number: workers, then task workers, then user processes
    pub workers: SharedSlice<WorkerSlot>,
    /// by reactor number
    pub reactors: SharedSlice<ReactorSlot>,
    /// by port number
    pub ports: SharedSlice<PortSlot>,
}

impl Board {
    pub(super) fn new(
        region: &Region,
        head: Place<Head>,
        reactors: Place<ReactorSlot>,
        workers: Place<WorkerSlot>,
        ports: Place<PortSlot>,
    ) -> Board {
        Board {
            head: region.slice(head),
            workers: region.slice(workers),
            reactors: region.slice(reactors),
            ports: region.slice(ports),
        }
    }

    /// What belongs to the server as a whole.
    pub fn head(&self) -> &Head {
        &self.head[0]
    }

    /// How far the server is.
    pub fn phase(&self) -> Phase {
        match self.head().phase.load(Ordering::Acquire) {
            0 => Phase::Starting,
            1 => Phase::Running,
            2 => Phase::Draining,
            3 => Phase::Flushing,
            _ => Phase::Done,
        }
    }

    /// Goes to `phase`, unless it is there or further already. True if this call did it.
    pub fn advance(&self, phase: Phase) -> bool {
        self.head().phase.fetch_max(phase as u32, Ordering::AcqRel) < phase as u32
    }

    /// Open connections, over all reactors, and those on their way to one.
    pub fn connections(&self) -> usize {
        self.head().handed_over.load(Ordering::Relaxed) as usize + self.held()
    }

    fn held(&self) -> usize {
        self.reactors.iter().map(|r| r.connections.load(Ordering::Relaxed) as usize).sum()
    }
}
