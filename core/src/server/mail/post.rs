//! One process's way to the others: its own mailbox, everybody else's, and the queue of tasks.

use super::letter::{HEAD, Kind, Letter};
use super::{Data, FinishFn, Ticket, flags, spill};
use crate::config::ServerSettings;
use crate::error::{Error, ErrorKind, Result};
use crate::log;
use crate::server::shared::scoreboard::{Phase, WorkerState};
use crate::server::shared::{LETTER_BYTES, Shared};
use crate::shm::queue::Queue;
use crate::shm::ring::Tag;
use crate::sys::futex;
use crate::sys::msgqueue::MessageQueue;
use crate::sys::process::{self, Identity};
use std::borrow::Cow;
use std::cell::{Cell, OnceCell, RefCell};
use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::Ordering::{Relaxed, SeqCst};
use std::sync::atomic::fence;
use std::time::{Duration, Instant};

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
/// How long an answer waits for room with whoever asked.
const PATIENCE: Duration = Duration::from_secs(10);
/// How often a full mailbox is tried again, at the latest.
const AGAIN: Duration = Duration::from_millis(20);

/// Where tasks wait that any task worker may do.
#[derive(Debug)]
#[allow(clippy::large_enum_variant)] // there is one in a process
enum Tasks {
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
    shared: Arc<Shared>,
    settings: Arc<ServerSettings>,
    /// this process's number; None: master, manager
    own: Option<usize>,
    /// which of a line of forks this is
    generation: u32,
    /// by number: mailboxes, then where answers are waited for; attached when they are first used
    queues: Vec<OnceCell<Box<Queue>>>,
    /// who reads the files that this process writes, where that is another user
    reader: Option<Identity>,
    tasks: Tasks,
    /// number of this process: the server's run in the upper half, the turn of this process in the lower
    run: u64,
    next_id: Cell<i64>,
    /// somebody hears answers that have no callback of their own
    hears: bool,
    callbacks: RefCell<HashMap<i64, FinishFn>>,
    doing: Cell<Option<Doing>>,
    /// the task worker that is looked at first
    turn: Cell<usize>,
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
            turn: Cell::new(0),
        }
    }

    /// The mailbox of `w`.
    fn mailbox(&self, w: usize) -> &Queue {
        self.queues[w].get_or_init(|| Box::new(self.shared.mailbox(w, process::pid())))
    }

    /// Where `w` waits for answers.
    fn replies(&self, w: usize) -> &Queue {
        let count = self.shared.size.processes();
        self.queues[count + w].get_or_init(|| Box::new(self.shared.replies(w, process::pid())))
    }

    /// Whether there is a process of that number.
    fn numbered(&self, w: i32) -> Option<usize> {
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
    fn pack<'a>(&self, letter: &mut Letter, data: Data<'a>, limit: usize) -> Result<Cow<'a, [u8]>> {
        letter.flags |= super::letter::form(data);
        if data.bytes.len() + HEAD <= limit.min(LETTER_BYTES) {
            return Ok(Cow::Borrowed(data.bytes));
        }
        letter.flags |= flags::TMPFILE;
        spill::write(&self.settings.task_tmpdir, self.reader, data.bytes).map(Cow::Owned)
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
                let sent = queue.try_send(kind, [&letter.to_bytes(), &body]);
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

    /// Answers the task of `ticket`, or says that it ended (`data` None), waiting for room. Errors: whoever asked is gone, or takes nothing.
    pub fn answer(&self, ticket: &Ticket, data: Option<Data<'_>>) -> Result<()> {
        let Some(to) = self.numbered(ticket.source) else { return Ok(()) };
        let waited_for = ticket.flags & flags::NONBLOCK == 0;
        let queue = if waited_for { self.replies(to) } else { self.mailbox(to) };
        let kind = if data.is_some() { Kind::Answer } else { Kind::Ended };
        let keep = ticket.flags & (flags::CALLBACK | flags::WAITALL | flags::NONBLOCK);
        let mut letter = self.letter(kind, keep, ticket.id);
        letter.run = ticket.run;
        let body = self.pack(&mut letter, data.unwrap_or_default(), queue.max_payload())?;
        let deadline = Instant::now() + PATIENCE;
        let slot = &self.shared.board.workers[to];
        while !push(queue, &letter, &body) {
            self.tell(to, waited_for);
            let phase = self.shared.board.phase();
            let gone = phase >= Phase::Draining && slot.state() == WorkerState::Absent;
            if gone || phase == Phase::Done || Instant::now() >= deadline || self.own == Some(to) {
                discard(&letter, &body);
                self.shared.board.head().mail_dropped.add(1);
                return Err(Error::new(
                    ErrorKind::QueueFull,
                    format!(
                        "the answer to task {} is dropped: worker {to}, which gave it, takes no answers",
                        ticket.id
                    ),
                ));
            }
            queue.wait_for_room(HEAD + body.len(), AGAIN);
        }
        self.tell(to, waited_for);
        Ok(())
    }

    /// Says that the task of `ticket` ended without an answer, if there is room. For the manager, which must not wait.
    pub fn end(&self, ticket: &Ticket) {
        let Some(to) = self.numbered(ticket.source) else { return };
        let waited_for = ticket.flags & flags::NONBLOCK == 0;
        let mut letter = self.letter(Kind::Ended, 0, ticket.id);
        letter.run = ticket.run;
        if push(if waited_for { self.replies(to) } else { self.mailbox(to) }, &letter, &[]) {
            self.tell(to, waited_for);
        } else {
            self.shared.board.head().mail_dropped.add(1);
        }
    }

    /// Wakes `to`, which may be waiting for just that answer.
    fn tell(&self, to: usize, waited_for: bool) {
        let slot = &self.shared.board.workers[to];
        if waited_for {
            slot.replies.fetch_add(1, SeqCst);
            if slot.awaits.load(SeqCst) == 1 {
                return futex::wake(&slot.replies);
            }
        }
        self.shared.wake_worker(to);
    }

    /// A task of `ticket` is done, or lost.
    pub fn count_done(&self, ticket: &Ticket) {
        let of_this_run = ticket.run >> 32 == self.run >> 32;
        if let Ok(source) = usize::try_from(ticket.source)
            && of_this_run
            && let Some(slot) = self.shared.board.workers.get(source)
        {
            slot.tasks_done.add(1);
        }
    }

    /// The next letter for this process; its body goes to `bytes`. A task comes into this process's hand as well.
    pub fn take(&self, bytes: &mut Vec<u8>) -> Option<Letter> {
        let own = self.own?;
        self.take_from(self.mailbox(own), origin::MAILBOX, bytes)
    }

    /// The next answer that somebody in this process waits for, or waited for.
    pub fn take_reply(&self, bytes: &mut Vec<u8>) -> Option<Letter> {
        let own = self.own?;
        self.take_from(self.replies(own), origin::MAILBOX, bytes)
    }

    /// The next task that any task worker may do, in this process's hand. For a task worker.
    pub fn take_task(&self, bytes: &mut Vec<u8>) -> Option<Letter> {
        match &self.tasks {
            Tasks::Ring(queue) => self.take_from(queue, origin::QUEUE, bytes),
            Tasks::System { queue, shared } => {
                let index = self.task_index()?;
                let kind = if *shared { 0 } else { 1 + index as i64 };
                loop {
                    match queue.try_receive(kind, bytes) {
                        Ok(Some(_)) => {}
                        Ok(None) => return None,
                        Err(e) => {
                            log::error(format_args!("the message queue of tasks cannot be read: {e}"));
                            return None;
                        }
                    }
                    let record = std::mem::take(bytes);
                    let found = Letter::parse(&record).filter(|(letter, _)| letter.kind == Kind::Task);
                    if let Some((letter, body)) = found {
                        self.hold(&letter, &record, origin::SYSTEM, 0);
                        bytes.extend_from_slice(body);
                        return Some(letter);
                    }
                    self.unreadable("the message queue of tasks holds something that is no task of this engine");
                }
            }
        }
    }

    fn take_from(&self, queue: &Queue, from: u32, bytes: &mut Vec<u8>) -> Option<Letter> {
        loop {
            let popped = queue.try_pop(|record, position| {
                let (letter, body) = Letter::parse(record.payload)?;
                if letter.kind == Kind::Task {
                    self.hold(&letter, record.payload, from, position);
                }
                bytes.clear();
                bytes.extend_from_slice(body);
                Some(letter)
            });
            match popped {
                Ok(None) => return None,
                Ok(Some(Some(letter))) => {
                    queue.wake_waiting();
                    return Some(letter);
                }
                Ok(Some(None)) => self.unreadable("a mailbox holds something that is no letter"),
                Err(corrupt) => self.unreadable(&format!("{} bytes of a mailbox were written over", corrupt.bytes)),
            }
        }
    }

    fn unreadable(&self, what: &str) {
        self.shared.board.head().mail_dropped.add(1);
        log::warning(format_args!("{what}; it is dropped"));
    }

    /// Which of the task workers this process is.
    fn task_index(&self) -> Option<usize> {
        self.own?.checked_sub(self.shared.size.workers).filter(|t| *t < self.shared.size.tasks)
    }

    /// Notes a task in this process's hand: all of it where it may have to be begun again.
    fn hold(&self, letter: &Letter, record: &[u8], from: u32, position: u64) {
        if let Some(t) = self.task_index() {
            let whole = self.settings.task_retry > 0 || letter.is_filed();
            self.shared.hand(t).take(if whole { record } else { &record[..HEAD] }, from, position);
        }
    }

    /// The task that this process's predecessor died with and that is to be begun again.
    pub fn inherited(&self, bytes: &mut Vec<u8>) -> Option<Letter> {
        let hand = self.shared.hand(self.task_index()?);
        if !hand.is_held() {
            return None;
        }
        let mut record = Vec::new();
        hand.copy_to(&mut record);
        let (mut letter, body) = Letter::parse(&record)?;
        letter.tries += 1;
        let body = body.to_vec();
        let record = [&letter.to_bytes()[..], &body].concat();
        hand.take(&record, origin::SYSTEM, 0);
        *bytes = body;
        Some(letter)
    }

    /// The hand is empty again.
    pub fn let_go(&self) {
        if let Some(t) = self.task_index() {
            self.shared.hand(t).drop_it();
        }
    }

    /// Whether nothing waits for this process.
    pub fn is_empty(&self) -> bool {
        let own = self.own.is_none_or(|own| self.mailbox(own).is_empty() && self.replies(own).is_empty());
        own && (self.task_index().is_none() || self.no_tasks())
    }

    /// Whether no task waits in the queue of tasks (for this process, where they wait for a certain one).
    pub fn no_tasks(&self) -> bool {
        match &self.tasks {
            Tasks::Ring(queue) => queue.is_empty(),
            // Looked at by a system call where the process is about to sleep anyhow.
            Tasks::System { queue, .. } => queue.stat().map_or(true, |(messages, _)| messages == 0),
        }
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

    /// Sleeps until an answer may have come, at most for `limit`. `seen` is what the slot's `replies` was before the last look.
    pub fn wait_for_reply(&self, seen: u32, limit: Duration) {
        if let Some(own) = self.own {
            let slot = &self.shared.board.workers[own];
            slot.awaits.store(1, SeqCst);
            if self.replies(own).is_empty() {
                futex::wait(&slot.replies, seen, limit);
            }
            slot.awaits.store(0, SeqCst);
        }
    }

    /// The word that changes when an answer comes.
    pub fn replies_seen(&self) -> u32 {
        self.own.map_or(0, |own| self.shared.board.workers[own].replies.load(SeqCst))
    }

    /// The body of a letter: `bytes`, or what is in the file that they name, read to `out`. The file stays. None: it is gone, which is logged and counted.
    pub fn open<'a>(&self, letter: &Letter, bytes: &'a [u8], out: &'a mut Vec<u8>) -> Option<Data<'a>> {
        if !letter.is_filed() {
            return Some(letter.data(bytes));
        }
        match spill::read(bytes, out) {
            Ok(()) => Some(letter.data(out)),
            Err(e) => {
                let path = Path::new(std::str::from_utf8(bytes).unwrap_or("?"));
                self.unreadable(&format!(
                    "the data of a task, answer or message in {} cannot be read: {e}",
                    path.display()
                ));
                None
            }
        }
    }
}

fn push(queue: &Queue, letter: &Letter, body: &[u8]) -> bool {
    queue.try_push(Tag { kind: letter.kind as u8, flags: 0, extra: 0 }, letter.id as u64, [&letter.to_bytes(), body])
}

/// A letter that goes nowhere leaves no file behind.
pub fn discard(letter: &Letter, body: &[u8]) {
    if letter.is_filed() {
        spill::remove(body);
    }
}
