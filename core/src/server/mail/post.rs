//! One process's way to the others: its own mailbox, everybody else's, and the queue of tasks.

use super::answers::Unsent;
use super::letter::{HEAD, Kind, Letter};
use super::{Data, FinishFn, Ticket, flags, spill};
use crate::config::ServerSettings;
use crate::error::{Error, ErrorKind, Result};
use crate::server::shared::{LETTER_BYTES, Shared};
use crate::shm::queue::Queue;
use crate::shm::ring::Tag;
use crate::sys::msgqueue::MessageQueue;
use crate::sys::process::{self, Identity};
use std::borrow::Cow;
use std::cell::{Cell, OnceCell, RefCell};
use std::collections::{HashMap, VecDeque};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::Ordering::{Relaxed, SeqCst};
use std::sync::atomic::fence;

/// Where a task in a hand came from.
pub mod origin {
    /// the queue of tasks
    pub const QUEUE: u32 = 0;
    /// the task worker's mailbox
    pub const MAILBOX: u32 = 1;
    /// the message queue
    pub const SYSTEM: u32 = 2;
}

/// Longest letter of a message queue, whose kernel takes 8 KiB at once and 16 KiB in all, unless it is told otherwise.
const SYSTEM_BYTES: usize = 4096 + HEAD;
/// Where tasks wait that any task worker may do.
#[derive(Debug)]
#[allow(clippy::large_enum_variant)] // there is one in a process
pub(super) enum Tasks {
    /// in shared memory
    Ring(Queue),
    /// in a System V message queue; `shared`: whoever is free first takes them
    System { queue: MessageQueue, shared: bool },
}

/// The task that is being done.
#[derive(Debug, Clone, Copy)]
pub struct Doing {
    /// names it
    pub ticket: Ticket,
    /// an answer was given
    pub answered: bool,
    /// it stays open behind its callback
    pub kept: bool,
}

/// One process's way to the others.
pub struct Post {
    pub(super) shared: Arc<Shared>,
    pub(super) settings: Arc<ServerSettings>,
    /// this process's number; None: master, manager
    pub(super) own: Option<usize>,
    /// which of a line of forks this is
    pub(super) generation: u32,
    /// by number: mailboxes, then where answers are waited for; attached when they are first used
    pub(super) queues: Vec<OnceCell<Box<Queue>>>,
    /// who reads the files that this process writes, where that is another user
    pub(super) reader: Option<Identity>,
    pub(super) tasks: Tasks,
    /// number of this process: the server's run in the upper half, the turn of this process in the lower
    pub(super) run: u64,
    pub(super) next_id: Cell<i64>,
    /// somebody hears answers that have no callback of their own
    pub(super) hears: bool,
    pub(super) callbacks: RefCell<HashMap<i64, FinishFn>>,
    pub(super) doing: Cell<Option<Doing>>,
    pub(super) unsent: RefCell<Unsent>,
    /// the workers' root directory, where this process does not live in it
    pub(super) root: Option<PathBuf>,
    /// it was logged that a user process takes no answers
    pub(super) unheard: Cell<bool>,
    /// it was logged that the message queue cannot be read
    pub(super) queue_failed: Cell<bool>,
    /// letters of this process's own that were taken out of its mailbox early
    pub(super) stash: RefCell<VecDeque<(Letter, Vec<u8>)>>,
    pub(super) stash_bytes: Cell<usize>,
    /// the task worker that is looked at first
    pub(super) turn: Cell<usize>,
}

impl Post {
    /// For the calling process. `own` is its number; `hears`: there is an event finish.
    pub fn attach(
        shared: &Arc<Shared>,
        settings: &Arc<ServerSettings>,
        queue: Option<&MessageQueue>,
        own: Option<usize>,
        hears: bool,
    ) -> Post {
        let pid = process::pid();
        let count = shared.size.processes();
        // Master and manager keep the user they were started as.
        let reader = if own.is_none() { crate::server::identity(settings).ok() } else { None };
        let head = shared.board.head();
        let server_run = (head.start_time.load(Relaxed) ^ u64::from(head.master_pid.load(Relaxed)) << 20) as u32;
        let turn = own.map_or(0, |w| shared.board.workers[w].deaths.load(Relaxed));
        let tasks = match queue {
            Some(queue) => Tasks::System { queue: *queue, shared: settings.task_ipc_mode == 3 },
            None => Tasks::Ring(shared.tasks(pid)),
        };
        if let (Some(_), Some(t)) =
            (queue, own.and_then(|w| w.checked_sub(shared.size.workers)).filter(|t| *t < shared.size.tasks))
        {
            shared.hand(t).touch();
        }
        Post {
            shared: shared.clone(),
            settings: settings.clone(),
            own,
            generation: process::generation(),
            queues: (0..2 * count).map(|_| OnceCell::new()).collect(),
            reader: reader.filter(|who| who.user.is_some() || who.group.is_some()),
            tasks,
            run: u64::from(server_run) << 32 | u64::from(turn),
            next_id: Cell::new(0),
            hears,
            callbacks: RefCell::default(),
            doing: Cell::new(None),
            unsent: RefCell::default(),
            root: settings.chroot.clone().filter(|_| own.is_none()),
            unheard: Cell::new(false),
            queue_failed: Cell::new(false),
            stash: RefCell::default(),
            stash_bytes: Cell::new(0),
            turn: Cell::new(0),
        }
    }

    /// The mailbox of `w`.
    pub(super) fn mailbox(&self, w: usize) -> &Queue {
        self.queues[w].get_or_init(|| Box::new(self.shared.mailbox(w, process::pid())))
    }

    /// Where `w` waits for answers.
    pub(super) fn replies(&self, w: usize) -> &Queue {
        let count = self.shared.size.processes();
        self.queues[count + w].get_or_init(|| Box::new(self.shared.replies(w, process::pid())))
    }

    /// Whether there is a process of that number.
    pub(super) fn numbered(&self, w: i32) -> Option<usize> {
        usize::try_from(w).ok().filter(|w| *w < self.shared.size.processes())
    }

    /// This process's number.
    pub fn own(&self) -> Option<usize> {
        self.own
    }

    /// Errors: the calling process was forked from the one this belongs to.
    pub fn check_process(&self) -> Result<()> {
        if self.generation == process::generation() {
            return Ok(());
        }
        Err(Error::new(
            ErrorKind::WrongOperation,
            "this process was forked from one of the server's: it cannot use that one's mailbox; let the server's process do it",
        ))
    }

    /// A letter of this process's.
    pub fn letter(&self, kind: Kind, flags: u16, id: i64) -> Letter {
        let time = crate::event::clock::to_seconds(crate::event::clock::now_micros());
        let source = self.own.map_or(-1, |w| w as i32);
        Letter { kind, flags, source, id, time, tries: 0, run: self.run }
    }

    /// The number of the next task.
    pub fn next_id(&self) -> i64 {
        let id = self.next_id.get();
        self.next_id.set(id.wrapping_add(1) & i64::MAX);
        id
    }

    /// Whether an answer to this process finds somebody who hears it, without a callback of its own.
    pub fn hears(&self) -> bool {
        self.hears
    }

    /// Whether a letter speaks of a task that this very process gave.
    pub fn is_ours(&self, letter: &Letter) -> bool {
        letter.run == self.run
    }

    /// Keeps the callback of a task.
    pub fn expect(&self, id: i64, callback: FinishFn) {
        self.callbacks.borrow_mut().insert(id, callback);
    }

    /// The callback of a task.
    pub fn callback(&self, id: i64) -> Option<FinishFn> {
        self.callbacks.borrow().get(&id).cloned()
    }

    /// Lets go of the callback of a task.
    pub fn forget(&self, id: i64) {
        let callback = self.callbacks.borrow_mut().remove(&id);
        drop(callback);
    }

    /// Lets go of all callbacks.
    pub fn forget_all(&self) {
        let callbacks = self.callbacks.take();
        drop(callbacks);
    }

    /// Tasks that will call a callback of their own.
    pub fn expected(&self) -> usize {
        self.callbacks.borrow().len()
    }

    /// The task that is being done.
    pub fn doing(&self) -> Option<Doing> {
        self.doing.get()
    }

    /// Sets the task that is being done.
    pub fn set_doing(&self, doing: Option<Doing>) {
        self.doing.set(doing);
    }

    /// The record of a letter, in a file where it is longer than `limit`.
    pub(super) fn pack<'a>(&self, letter: &mut Letter, data: Data<'a>, limit: usize) -> Result<Cow<'a, [u8]>> {
        letter.flags |= super::letter::form(data);
        if data.bytes.len() + HEAD <= limit.min(LETTER_BYTES) {
            return Ok(Cow::Borrowed(data.bytes));
        }
        letter.flags |= flags::TMPFILE;
        let root = self.root.as_deref();
        spill::write(&self.settings.task_tmpdir, root, self.reader, data.bytes).map(Cow::Owned)
    }

    /// Puts a letter into the mailbox of `to`. Errors: `QueueFull`; the file of long data cannot be written.
    pub fn send(&self, to: usize, mut letter: Letter, data: Data<'_>) -> Result<()> {
        let queue = self.mailbox(to);
        let body = self.pack(&mut letter, data, queue.max_payload())?;
        if !push(queue, &letter, &body) {
            discard(&letter, &body);
            return Err(Error::new(
                ErrorKind::QueueFull,
                format!(
                    "the mailbox of worker {to} is full: {} bytes wait in it, since it does not take them; try again later",
                    queue.memory().used()
                ),
            ));
        }
        self.shared.wake_worker(to);
        Ok(())
    }

    /// Gives a task to any task worker, or to the `to`th. Errors as [`Post::send`].
    pub fn give(&self, to: Option<usize>, mut letter: Letter, data: Data<'_>) -> Result<()> {
        let size = self.shared.size;
        let pushed = match (&self.tasks, to) {
            (Tasks::Ring(_), Some(to)) => return self.send(size.workers + to, letter, data),
            (Tasks::Ring(queue), None) => {
                let body = self.pack(&mut letter, data, queue.max_payload())?;
                push(queue, &letter, &body).then_some(()).ok_or((letter, body, queue.memory().used()))
            }
            (Tasks::System { queue, shared }, to) => {
                let to = to.unwrap_or_else(|| self.next_turn());
                let kind = if *shared { 1 } else { 1 + to as i64 };
                let body = self.pack(&mut letter, data, SYSTEM_BYTES)?;
                let sent = queue.try_send(kind, [&letter.to_bytes(body.len()), &body]);
                let sent = sent.map_err(|e| Error::system("cannot put a task into the message queue", &e))?;
                if sent {
                    if *shared {
                        self.wake_task_worker()
                    } else {
                        let _ = self.shared.wake_worker(size.workers + to);
                    }
                    return Ok(());
                }
                Err((letter, body, queue.stat().map_or(0, |(_, bytes)| bytes)))
            }
        };
        match pushed {
            Ok(()) => {
                self.wake_task_worker();
                Ok(())
            }
            Err((letter, body, used)) => {
                discard(&letter, &body);
                Err(Error::new(
                    ErrorKind::QueueFull,
                    format!(
                        "the queue of tasks is full: {used} bytes wait in it for {} task workers; raise task_worker_num or task_queue_size \
                         (a message queue's size is the system's kernel.msgmnb), or try again later",
                        size.tasks
                    ),
                ))
            }
        }
    }

    /// Somebody who may have been woken for a task does something else first, leaves or has died: wakes another if a task waits.
    pub fn pass_on(&self) {
        let any_may = match &self.tasks {
            Tasks::Ring(_) => self.shared.size.tasks > 0,
            Tasks::System { shared, .. } => *shared,
        };
        if any_may && !self.no_tasks() {
            self.wake_task_worker();
        }
    }

    /// A process has died, perhaps before it woke those that it had given something to: wakes all who have something.
    pub fn wake_after_death(&self) {
        for w in 0..self.shared.size.processes() {
            if !self.mailbox(w).is_empty() || !self.replies(w).is_empty() {
                self.shared.wake_worker(w);
            }
        }
        self.pass_on();
    }

    /// Wakes one task worker that sleeps, if there is one: those who are awake look by themselves.
    fn wake_task_worker(&self) {
        fence(SeqCst);
        let size = self.shared.size;
        let first = self.turn.get();
        for i in 0..size.tasks {
            let w = size.workers + (first + i) % size.tasks;
            if self.shared.board.workers[w].sleeper.is_asleep() && self.shared.wake_worker(w) {
                self.turn.set((first + i + 1) % size.tasks);
                return;
            }
        }
    }

    /// The task worker for a task that goes to a certain one and was given to none: the next that sleeps, else the next.
    fn next_turn(&self) -> usize {
        let size = self.shared.size;
        let first = self.turn.get() % size.tasks;
        let idle = (0..size.tasks)
            .map(|i| (first + i) % size.tasks)
            .find(|t| self.shared.board.workers[size.workers + t].sleeper.is_asleep());
        let chosen = idle.unwrap_or(first);
        self.turn.set((chosen + 1) % size.tasks);
        chosen
    }

    /// Whether no letter and no answer waits for this process.
    pub fn is_empty(&self) -> bool {
        self.own.is_none_or(|own| self.mailbox(own).is_empty() && self.replies(own).is_empty())
            && self.stash.borrow().is_empty()
    }

    /// Whether no task waits in the queue of tasks (for this process, where they wait for a certain one).
    pub fn no_tasks(&self) -> bool {
        match &self.tasks {
            Tasks::Ring(queue) => queue.is_empty(),
            Tasks::System { queue, .. } => queue.stat().map_or(true, |(messages, _)| messages == 0),
        }
    }

    /// Whether nothing waits in the mailboxes of the task workers.
    pub fn no_chosen_tasks(&self) -> bool {
        let size = self.shared.size;
        (size.workers..size.workers + size.tasks).all(|w| self.mailbox(w).is_empty())
    }

    /// Whether tasks outlive the server.
    pub fn outlives(&self) -> bool {
        matches!(self.tasks, Tasks::System { .. })
    }

    /// Tasks and bytes in the queue of tasks.
    pub fn queued(&self) -> (u64, u64) {
        match &self.tasks {
            Tasks::Ring(queue) if queue.is_empty() => (0, 0),
            Tasks::Ring(queue) => (queue.memory().backlog(), queue.memory().used()),
            Tasks::System { queue, .. } => queue.stat().unwrap_or((0, 0)),
        }
    }

    /// Frees what a dead process had locked. For its reaper, after it has looked at the hand.
    pub fn free_after(&self, pid: i32) {
        for w in 0..self.shared.size.processes() {
            self.mailbox(w).free_after(pid);
            self.replies(w).free_after(pid);
        }
        if let Tasks::Ring(queue) = &self.tasks {
            queue.free_after(pid);
        }
    }

    /// Whether the record that a dead task worker's hand speaks of still lies in its queue.
    pub fn still_queued(&self, worker: usize, (from, position): (u32, u64)) -> bool {
        match (&self.tasks, from) {
            (_, origin::MAILBOX) => self.mailbox(worker).memory().consumed() < position,
            (Tasks::Ring(queue), origin::QUEUE) => queue.memory().consumed() < position,
            _ => false,
        }
    }
}

impl Post {
    /// As [`discard`], where the letter is one of another process's.
    pub fn discard_of_others(&self, letter: &Letter, body: &[u8]) {
        match &self.root {
            Some(root) if letter.is_filed() => spill::remove(&spill::seen_from_outside(root, body)),
            _ => discard(letter, body),
        }
    }
}

pub(super) fn push(queue: &Queue, letter: &Letter, body: &[u8]) -> bool {
    queue.try_push(
        Tag { kind: letter.kind as u8, flags: 0, extra: 0 },
        letter.id as u64,
        [&letter.to_bytes(body.len()), body],
    )
}

/// A letter that goes nowhere leaves no file behind.
pub fn discard(letter: &Letter, body: &[u8]) {
    if letter.is_filed() {
        spill::remove(body);
    }
}
