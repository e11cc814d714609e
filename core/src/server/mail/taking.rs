//! Letters and tasks that this process takes.

use super::Data;
use super::letter::{HEAD, Kind, Letter};
use super::post::{Post, Tasks, discard, origin};
use super::spill;
use crate::log;
use crate::server::shared::LETTER_BYTES;
use crate::shm::queue::Queue;
use std::path::Path;
use std::sync::atomic::Ordering::Relaxed;

/// Bytes of letters that a worker takes out of its mailbox early.
const STASH_BYTES: usize = 64 << 20;

impl Post {
    /// The next letter for this process; its body goes to `bytes`. A task comes into this process's hand as well.
    pub fn take(&self, bytes: &mut Vec<u8>) -> Option<Letter> {
        let own = self.own?;
        let stashed = self.stash.borrow_mut().pop_front();
        if let Some((letter, body)) = stashed {
            self.stash_bytes.set(self.stash_bytes.get() - HEAD - body.len());
            self.note_stash();
            *bytes = body;
            return Some(letter);
        }
        let letter = self.take_from(self.mailbox(own), origin::MAILBOX, bytes);
        if letter.is_some() && self.task_index().is_some() {
            self.pass_on();
        }
        letter
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
                let hand = self.shared.hand(index);
                loop {
                    match hand.receive(origin::SYSTEM, |room| queue.try_receive_into(kind, room)) {
                        Ok(Some(_)) => {}
                        Ok(None) => return None,
                        Err(e) if e.raw_os_error() == Some(libc::E2BIG) => {
                            // Whatever is that long, no process of ours has put it there. Another may have taken it meanwhile, so
                            // that this is the next.
                            let _ = queue.try_receive(kind, bytes);
                            let found = Letter::parse(bytes).map(|(letter, _)| letter);
                            if let Some(letter) = found.filter(|letter| letter.kind == Kind::Task) {
                                if bytes.len() <= LETTER_BYTES {
                                    hand.take(bytes, origin::SYSTEM, 0, letter.source as u32);
                                }
                                bytes.drain(..HEAD);
                                return Some(letter);
                            }
                        }
                        Err(e) => {
                            if !self.queue_failed.replace(true) {
                                log::error(format_args!(
                                    "the message queue of tasks cannot be read: {e}; if somebody has removed it, start the server again"
                                ));
                            }
                            return None;
                        }
                    }
                    hand.copy_to(bytes);
                    let found = Letter::parse(bytes).map(|(letter, _)| letter);
                    if let Some(letter) = found.filter(|letter| hand.is_held() && letter.kind == Kind::Task) {
                        hand.set_asker(letter.source as u32);
                        bytes.drain(..HEAD);
                        return Some(letter);
                    }
                    hand.drop_it();
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
                Ok(Some(None)) => {
                    queue.wake_waiting();
                    self.unreadable("a mailbox holds something that is no letter");
                }
                Err(corrupt) => self.unreadable(&format!("{} bytes of a mailbox were written over", corrupt.bytes)),
            }
        }
    }

    fn unreadable(&self, what: &str) {
        self.shared.board.head().mail_dropped.add(1);
        log::warning(format_args!("{what}; it is dropped"));
    }

    /// Which of the task workers this process is.
    pub(super) fn task_index(&self) -> Option<usize> {
        self.own?.checked_sub(self.shared.size.workers).filter(|t| *t < self.shared.size.tasks)
    }

    /// Notes a task in this process's hand: all of it where it may have to be begun again.
    fn hold(&self, letter: &Letter, record: &[u8], from: u32, position: u64) {
        if let Some(t) = self.task_index() {
            let whole = self.settings.task_retry > 0 || letter.is_filed();
            let record = if whole { record } else { &record[..HEAD] };
            self.shared.hand(t).take(record, from, position, letter.source as u32);
        }
    }

    /// The task that this process's predecessor died with and that is to be begun again.
    pub fn inherited(&self, bytes: &mut Vec<u8>) -> Option<Letter> {
        let hand = self.shared.hand(self.task_index()?);
        if !hand.is_held() {
            return None;
        }
        hand.copy_to(bytes);
        let (mut letter, body) = Letter::parse_held(bytes)?;
        letter.tries = hand.begin_again();
        *bytes = body.to_vec();
        Some(letter)
    }

    /// The task in this process's hand is answered: it is not to be begun again.
    pub fn mark_answered(&self) {
        if let Some(t) = self.task_index() {
            self.shared.hand(t).mark_done();
        }
    }

    /// The hand is empty again.
    pub fn let_go(&self) {
        if let Some(t) = self.task_index() {
            self.shared.hand(t).drop_it();
        }
    }

    /// Takes this worker's letters out of its mailbox, so that those who wait for room there get on: 64 MiB of them at most. They come first
    /// in [`Post::take`].
    pub fn make_room(&self) {
        let Some(own) = self.own else { return };
        let mut bytes = Vec::new();
        while self.stash_bytes.get() < STASH_BYTES
            && let Some(letter) = self.take_from(self.mailbox(own), origin::MAILBOX, &mut bytes)
        {
            self.stash_bytes.set(self.stash_bytes.get() + HEAD + bytes.len());
            self.stash.borrow_mut().push_back((letter, std::mem::take(&mut bytes)));
        }
        self.note_stash();
    }

    /// So that the manager can count what a worker takes with it that is killed. A worker keeps no answers of its own.
    fn note_stash(&self) {
        if let Some(own) = self.own {
            self.shared.board.workers[own].unsent.store(self.stash.borrow().len() as u32, Relaxed);
        }
    }

    /// When no process is left but the calling one: takes out all that still lies in mailboxes and the queue of tasks, with its files. How many
    /// tasks, and how many answers and messages, it was.
    pub fn empty_all(&self) -> (u64, u64) {
        let count = self.shared.size.processes();
        let boxes = (0..count).flat_map(|w| [self.mailbox(w), self.replies(w)]);
        let ring = match &self.tasks {
            Tasks::Ring(queue) => Some(queue),
            Tasks::System { .. } => None,
        };
        let (mut tasks, mut others, mut bytes) = (0, 0, Vec::new());
        for queue in boxes.chain(ring) {
            while let Some(letter) = self.take_from(queue, origin::MAILBOX, &mut bytes) {
                match letter.kind {
                    Kind::Task => tasks += 1,
                    Kind::Ended => {}
                    Kind::Answer | Kind::Message => others += 1,
                }
                self.discard_of_others(&letter, &bytes);
            }
        }
        (tasks, others)
    }

    /// Whether there are letters that only this process has: no successor will see them.
    pub fn has_stash(&self) -> bool {
        !self.stash.borrow().is_empty()
    }

    /// The process ends: counts the letters that only it has, and removes their files.
    pub fn drop_stash(&self) {
        let stash = self.stash.take();
        if !stash.is_empty() {
            self.stash_bytes.set(0);
            self.note_stash();
        }
        let count = stash.iter().filter(|(letter, _)| letter.kind != Kind::Ended).count();
        if count > 0 {
            self.shared.board.head().mail_dropped.add(count as u64);
            log::warning(format_args!(
                "{count} answers or messages that had come are dropped: the process ends before it has handled them"
            ));
        }
        stash.iter().for_each(|(letter, body)| discard(letter, body));
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
