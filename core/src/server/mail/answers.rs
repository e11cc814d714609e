//! Answers on their way to those who gave the tasks.

use super::letter::{HEAD, Kind, Letter};
use super::post::{Post, discard, push};
use super::{Data, Ticket, flags};
use crate::error::{Error, ErrorKind, Result};
use crate::log;
use crate::server::WorkerKind;
use crate::server::shared::scoreboard::{Phase, WorkerState};
use crate::sys::futex;
use std::collections::{BTreeMap, VecDeque};
use std::sync::atomic::Ordering::{Acquire, Relaxed, Release, SeqCst};
use std::sync::atomic::fence;
use std::time::{Duration, Instant};

/// How long an answer waits for room with whoever asked, before it is kept here and the next task is done.
const PATIENCE: Duration = Duration::from_millis(100);
/// Bytes of answers that are kept here; above that an answer waits however long it takes.
const UNSENT_BYTES: usize = 64 << 20;
/// The same where a user process asked, whose function may run for ever and never take any; above that an answer is dropped.
const UNHEARD_BYTES: usize = 16 << 20;
/// How often a full mailbox is tried again, at the latest.
const AGAIN: Duration = Duration::from_millis(20);

/// Letters with their bodies, in order.
type Letters = VecDeque<(Letter, Vec<u8>)>;

/// Answers that found no room, by queue, in order.
#[derive(Debug, Default)]
pub struct Unsent {
    /// by worker, and whether the answer is waited for
    by_queue: BTreeMap<(usize, bool), Letters>,
    count: u32,
    bytes: usize,
}

impl Post {
    /// Answers the task of `ticket`, or says that it ended (`data` None). Where there is no room the answer is kept, and goes in a later
    /// turn: see [`Post::flush`]. Errors: whoever asked is gone; the file of a long answer cannot be written.
    pub fn answer(&self, ticket: &Ticket, data: Option<Data<'_>>) -> Result<()> {
        let Some(to) = self.numbered(ticket.source) else { return Ok(()) };
        let waited_for = ticket.flags & flags::NONBLOCK == 0;
        let queue = if waited_for { self.replies(to) } else { self.mailbox(to) };
        let kind = if data.is_some() { Kind::Answer } else { Kind::Ended };
        let keep = ticket.flags & (flags::CALLBACK | flags::WAITALL | flags::NONBLOCK);
        let mut letter = self.letter(kind, keep, ticket.id);
        letter.run = ticket.run;
        let body = self.pack(&mut letter, data.unwrap_or_default(), queue.max_payload())?;
        let place = (to, waited_for);
        let deadline = Instant::now() + PATIENCE;
        while self.unsent.borrow().by_queue.contains_key(&place) || !push(queue, &letter, &body) {
            self.tell(to, waited_for);
            if self.is_gone(to) {
                self.undeliverable(&letter, &body);
                let why = format!("the answer to task {} is dropped: worker {to}, which gave it, has left", ticket.id);
                return Err(Error::new(ErrorKind::WorkerTerminated, why));
            }
            let most = if self.shared.size.kind_of(to) == WorkerKind::User { UNHEARD_BYTES } else { UNSENT_BYTES };
            let room = self.unsent.borrow().bytes < most;
            if !room && most == UNHEARD_BYTES {
                // No task worker waits for it.
                self.undeliverable(&letter, &body);
                if !self.unheard.replace(true) {
                    log::warning(format_args!(
                        "answers to tasks of user process {to} are dropped and counted (mail_dropped_count): it takes none while its function runs"
                    ));
                }
                return Ok(());
            }
            let behind = self.unsent.borrow().by_queue.contains_key(&place);
            if room && (behind || Instant::now() >= deadline || self.own == Some(to)) {
                let mut unsent = self.unsent.borrow_mut();
                unsent.count += 1;
                unsent.bytes += HEAD + body.len();
                unsent.by_queue.entry(place).or_default().push_back((letter, body.into_owned()));
                self.note_unsent(&unsent);
                return Ok(());
            }
            queue.wait_for_room(HEAD + body.len(), AGAIN);
            self.flush();
        }
        self.tell(to, waited_for);
        Ok(())
    }

    /// Sends what was kept for want of room. True: something still is.
    pub fn flush(&self) -> bool {
        if self.unsent.borrow().count == 0 {
            return false;
        }
        let mut unsent = self.unsent.borrow_mut();
        let Unsent { by_queue, count, bytes } = &mut *unsent;
        by_queue.retain(|(to, waited_for), letters| {
            let queue = if *waited_for { self.replies(*to) } else { self.mailbox(*to) };
            let gone = self.is_gone(*to);
            while let Some((letter, body)) = letters.front() {
                if gone {
                    self.undeliverable(letter, body);
                } else if !push(queue, letter, body) {
                    break;
                }
                *count -= 1;
                *bytes -= HEAD + body.len();
                letters.pop_front();
            }
            self.tell(*to, *waited_for);
            !letters.is_empty()
        });
        self.note_unsent(&unsent);
        unsent.count > 0
    }

    /// This process ends: sends what was kept, for `limit` at most; what is left is counted and logged.
    pub fn finish(&self, limit: Duration) {
        let deadline = Instant::now() + limit;
        while self.flush() {
            if Instant::now() >= deadline {
                let unsent = self.unsent.take();
                self.note_unsent(&Unsent::default());
                self.shared.board.head().mail_dropped.add(unsent.count.into());
                log::warning(format_args!(
                    "{} answers are dropped: those who gave the tasks do not take them within {:.1} s",
                    unsent.count,
                    limit.as_secs_f64()
                ));
                unsent.by_queue.values().flatten().for_each(|(letter, body)| discard(letter, body));
                return;
            }
            std::thread::sleep(Duration::from_millis(2));
        }
    }

    /// So that the manager can count what a process takes with it that is killed.
    fn note_unsent(&self, unsent: &Unsent) {
        if let Some(own) = self.own {
            self.shared.board.workers[own].unsent.store(unsent.count, Relaxed);
        }
    }

    /// Whether nobody will ever take letters for `to` any more.
    fn is_gone(&self, to: usize) -> bool {
        let phase = self.shared.board.phase();
        phase == Phase::Done
            || (phase >= Phase::Draining && self.shared.board.workers[to].state() == WorkerState::Absent)
    }

    fn undeliverable(&self, letter: &Letter, body: &[u8]) {
        self.shared.board.head().mail_dropped.add(1);
        discard(letter, body);
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

    /// The task of `ticket`, which the `t`th task worker has in its hand, is answered, done or lost. Counts it once.
    pub fn count_done(&self, t: usize, ticket: &Ticket) {
        let of_this_run = ticket.run >> 32 == self.run >> 32;
        if let Some(source) = self.numbered(ticket.source)
            && of_this_run
            && self.shared.hand(t).count_once()
        {
            // Whoever sees it counted sees the hand that holds it: see `is_being_answered`.
            fence(Release);
            self.shared.board.workers[source].tasks_done.add(1);
        }
    }

    /// Whether a task of this process is counted as done, but its answer may not be here yet.
    pub fn is_being_answered(&self) -> bool {
        fence(Acquire);
        let own = self.own.map_or(u32::MAX, |own| own as u32);
        (0..self.shared.size.tasks).any(|t| {
            let slot = &self.shared.board.workers[self.shared.size.workers + t];
            self.shared.hand(t).is_held_for(own) || slot.unsent.load(Relaxed) > 0
        })
    }

    /// As [`Post::count_done`], for the task in this process's hand.
    pub fn count_own(&self, ticket: &Ticket) {
        if let Some(t) = self.task_index() {
            self.count_done(t, ticket);
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
}
