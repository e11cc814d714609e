//! What a process of the server may ask of another: tasks, answers, messages, and user processes.

use super::mail::letter::Kind;
use super::mail::post::{Doing, Post};
use super::mail::{Data, FinishFn, OwnedData, Ticket, flags};
use super::{Role, Running, Server};
use crate::error::{Error, ErrorKind, Result};
use crate::server::shared::scoreboard::Phase;
use std::rc::Rc;
use std::sync::atomic::Ordering::Release;
use std::time::{Duration, Instant};

/// Most tasks that one call of `task_wait_multi` takes.
const MULTI: usize = 1024;
/// A longer wait is as good as this one: thirty years, which an `Instant` can hold.
const LONGEST_WAIT: Duration = Duration::from_secs(1_000_000_000);
/// How often somebody who waits for an answer looks whether the server has ended.
const LOOK: Duration = Duration::from_millis(500);

/// In a worker, task worker or user process.
impl Server {
    /// Gives a task to the task workers: to the one with number `to` (from 0), else to the first that is free. Its number.
    /// Each answer goes to `callback`, or to the event finish. A task worker must give a callback. Errors: `QueueFull`; there are no
    /// task workers, or none of that number; the process has none that could hear an answer; the data is too long, or cannot be written to
    /// `task_tmpdir`.
    pub fn task(&self, data: Data<'_>, to: Option<i64>, callback: Option<FinishFn>) -> Result<i64> {
        let (running, post, to) = self.may_give(to)?;
        if matches!(self.role(), Role::TaskWorker(_)) && callback.is_none() {
            return Err(Error::new(
                ErrorKind::WrongOperation,
                "a task worker has no event finish: give task() a finish callback, or let a worker give the task",
            ));
        }
        let mut how = flags::NONBLOCK;
        match &callback {
            Some(_) => how |= flags::CALLBACK,
            None if !post.hears() => how |= flags::NOREPLY,
            None => {}
        }
        let id = self.give(running, &post, how, data, to)?;
        if let Some(callback) = callback {
            post.expect(id, callback);
        }
        Ok(id)
    }

    /// Gives a task and waits for its first answer. None: `timeout` was over, or it ended without one; an answer that comes late
    /// is dropped and counted. Errors as [`Server::task`].
    pub fn task_wait(&self, data: Data<'_>, timeout: Duration, to: Option<i64>) -> Result<Option<OwnedData>> {
        let (running, post, to) = self.may_give(to)?;
        let deadline = Instant::now() + timeout.min(LONGEST_WAIT);
        let id = self.give(running, &post, 0, data, to)?;
        let mut answers = vec![None];
        self.await_answers(running, &post, &[Some(id)], &mut answers, deadline);
        Ok(answers.pop().flatten())
    }

    /// Gives several tasks (at most 1024) and waits for all, as [`Server::task_wait`]; the answers in the order of the tasks, None for each that
    /// did not come in time. Errors: too many; none of them could be given.
    pub fn task_wait_multi(&self, tasks: &[Data<'_>], timeout: Duration) -> Result<Vec<Option<OwnedData>>> {
        let (running, post, _) = self.may_give(None)?;
        if tasks.len() > MULTI {
            return Err(Error::new(
                ErrorKind::InvalidParams,
                format!(
                    "{} tasks were given at once; at most {MULTI} can be waited for: give them in parts",
                    tasks.len()
                ),
            ));
        }
        let deadline = Instant::now() + timeout.min(LONGEST_WAIT);
        let mut ids = Vec::with_capacity(tasks.len());
        let mut failure = None;
        for data in tasks {
            let given = self.give(running, &post, flags::WAITALL, *data, None);
            ids.push(given.map_err(|e| failure = Some(e)).ok());
        }
        if let Some(failure) = failure {
            if ids.iter().all(Option::is_none) {
                return Err(failure);
            }
            crate::log::warning(format_args!("some of {} tasks could not be given: {failure}", tasks.len()));
        }
        let mut answers = vec![None; tasks.len()];
        self.await_answers(running, &post, &ids, &mut answers, deadline);
        Ok(answers)
    }

    /// Sends a message to worker, task worker or user process `to` (numbers as [`Server::worker_id`]): event pipe message
    /// there. From any process, master and manager included. Errors: no such process; this very process; `QueueFull`.
    pub fn send_message(&self, data: Data<'_>, to: i64) -> Result<()> {
        let running = self.running()?;
        let size = running.shared.size;
        let post = self.post()?;
        let found = usize::try_from(to).ok().filter(|to| *to < size.processes());
        let found = found.ok_or_else(|| {
            Error::new(
                ErrorKind::InvalidParams,
                format!(
                    "a message to worker {to} cannot be sent: workers and task workers are 0 to {}{}",
                    size.workers + size.tasks - 1,
                    if size.users > 0 { ", user processes follow" } else { "" }
                ),
            )
        })?;
        if post.own() == Some(found) {
            return Err(Error::new(
                ErrorKind::InvalidParams,
                format!("worker {to} cannot send a message to itself: call the function, or use defer()"),
            ));
        }
        if !running.hears_messages {
            return Err(Error::new(
                ErrorKind::InvalidCallback,
                "nobody would hear the message: there is no onPipeMessage; call on('PipeMessage', …) before start()",
            ));
        }
        post.send(found, post.letter(Kind::Message, 0, 0), data)?;
        if let Some(own) = post.own() {
            running.shared.board.workers[own].messages_sent.add_own(1);
        }
        Ok(())
    }

    /// This process may give a task to `to`.
    fn may_give(&self, to: Option<i64>) -> Result<(&Running, Rc<Post>, Option<usize>)> {
        let running = self.running()?;
        let count = running.shared.size.tasks;
        if count == 0 {
            return Err(Error::new(
                ErrorKind::WrongOperation,
                "there are no task workers to give a task to: set the option task_worker_num before start()",
            ));
        }
        let post = self.post()?;
        if post.own().is_none() {
            return Err(Error::new(
                ErrorKind::WrongOperation,
                "tasks can be given in workers, task workers and user processes, not in the master or the manager: send a worker a message",
            ));
        }
        let to = to.map(|to| {
            usize::try_from(to).ok().filter(|to| *to < count).ok_or_else(|| {
                Error::new(
                    ErrorKind::InvalidParams,
                    format!("there is no task worker {to}: they are 0 to {} here, -1 is whoever is free", count - 1),
                )
            })
        });
        Ok((running, post, to.transpose()?))
    }

    fn give(&self, running: &Running, post: &Post, how: u16, data: Data<'_>, to: Option<usize>) -> Result<i64> {
        let id = post.next_id();
        let slot = post.own().map(|own| &running.shared.board.workers[own]);
        // Counted first: a task worker may be done with it before this returns.
        if let Some(slot) = slot {
            slot.giving.store(1, Release);
            slot.tasks_given.add_own(1);
        }
        let mut given = post.give(to, post.letter(Kind::Task, how, id), data);
        if given.as_ref().is_err_and(|e| e.kind() == ErrorKind::QueueFull) && matches!(self.role(), Role::Worker(_)) {
            // Task workers may be waiting for this very process to take its answers, which it does not while it gives tasks.
            post.make_room();
            given = post.give(to, post.letter(Kind::Task, how, id), data);
        }
        if let Some(slot) = slot {
            if given.is_err() {
                slot.tasks_given.set(slot.tasks_given.get().wrapping_sub(1));
            }
            slot.giving.store(0, Release);
        }
        given.map(|()| id)
    }

    /// Waits for the answers to `ids`.
    fn await_answers(
        &self,
        running: &Running,
        post: &Post,
        ids: &[Option<i64>],
        answers: &mut [Option<OwnedData>],
        deadline: Instant,
    ) {
        let mut open = ids.iter().filter(|id| id.is_some()).count();
        let mut ended = vec![false; ids.len()];
        let mut bytes = Vec::new();
        loop {
            let seen = post.replies_seen();
            while let Some(letter) = post.take_reply(&mut bytes) {
                let place = ids.iter().position(|id| *id == Some(letter.id)).filter(|_| post.is_ours(&letter));
                let first = place.filter(|place| !ended[*place]);
                if let Some(place) = first {
                    ended[place] = true;
                    open -= 1;
                    if letter.kind == Kind::Answer {
                        let mut file = Vec::new();
                        answers[place] = post
                            .open(&letter, &bytes, &mut file)
                            .map(|data| OwnedData { bytes: data.bytes.to_vec(), serialized: data.serialized });
                    }
                } else if letter.kind == Kind::Answer {
                    running.shared.board.head().answers_late.add(1);
                }
                super::mail::post::discard(&letter, &bytes);
            }
            let left = deadline.saturating_duration_since(Instant::now());
            if open == 0 || left.is_zero() || running.shared.board.phase() == Phase::Done {
                return;
            }
            post.wait_for_reply(seen, left.min(LOOK));
        }
    }
}

/// In a worker, task worker or user process.
impl Server {
    /// Counts data of another process that the program could not read: `lost_count` in the figures.
    pub fn count_unusable(&self) {
        if let (Ok(running), Some(id)) = (self.running(), self.worker_id()) {
            running.shared.board.workers[id as usize].lost.add_own(1);
        }
    }
}

/// In a task worker.
impl Server {
    /// Answers the task that is being done, or the kept task `ticket`. May be called several times. Where nobody wants an answer nothing is
    /// sent. Errors: no task is being done here; whoever asked takes no answers.
    pub fn finish(&self, ticket: Option<&Ticket>, data: Data<'_>) -> Result<()> {
        let post = self.post()?;
        let doing = post.doing();
        let ticket = match (ticket, doing) {
            (Some(ticket), _) => *ticket,
            (None, Some(doing)) => doing.ticket,
            (None, None) => {
                return Err(Error::new(
                    ErrorKind::WrongOperation,
                    "finish() was called while no task is being done here: call it in onTask (a task that is kept for later: with its own finish())",
                ));
            }
        };
        let doing = doing.filter(|doing| doing.ticket.id == ticket.id && doing.ticket.source == ticket.source);
        if doing.is_some() {
            // Whoever gets the answer finds it counted.
            post.count_own(&ticket);
        }
        if ticket.flags & flags::NOREPLY == 0 {
            post.answer(&ticket, Some(data))?;
        }
        if let Some(doing) = doing {
            post.set_doing(Some(Doing { answered: true, ..doing }));
            post.mark_answered();
        }
        Ok(())
    }

    /// Leaves the task that is being done open when its callback returns, until [`Server::end_task`]. Where no task is being done this
    /// does nothing.
    pub fn keep_task(&self) {
        if let Ok(post) = self.post()
            && let Some(doing) = post.doing()
        {
            post.set_doing(Some(Doing { kept: true, ..doing }));
        }
    }

    /// A kept task will get no (further) answer.
    pub fn end_task(&self, ticket: &Ticket) {
        if let Ok(post) = self.post()
            && ticket.wants_end()
        {
            let _ = post.answer(ticket, None);
        }
    }
}

/// Before the start.
impl Server {
    /// Adds a user process; its index, from 0. Its number among the workers is that plus `worker_num` and `task_worker_num`. Its function is
    /// `ServerEvents::user_process`. Errors: the server has started.
    pub fn add_process(&self) -> Result<usize> {
        self.before_start("addProcess()")?;
        let mut setup = self.0.setup.borrow_mut();
        setup.users += 1;
        Ok(setup.users - 1)
    }
}

/// For the rooms behind.
impl Server {
    /// This process's way to the others. Errors: it is none of the server's.
    pub(super) fn post(&self) -> Result<Rc<Post>> {
        let post = self.0.post.borrow().clone().ok_or_else(|| {
            Error::new(ErrorKind::WrongOperation, "this can be called in the processes of a running server only")
        })?;
        post.check_process()?;
        Ok(post)
    }

    /// Makes this process's way to the others; `own` is its number among the workers.
    pub(super) fn open_post(&self, own: Option<usize>) -> Result<Rc<Post>> {
        let running = self.running()?;
        let post = Post::attach(&running.shared, &running.settings, running.queue.as_ref(), own, running.hears);
        let post = Rc::new(post);
        let before = self.0.post.replace(Some(post.clone()));
        drop(before);
        Ok(post)
    }

    /// Tasks that were given by `worker` and are not done.
    pub(super) fn tasking(&self, worker: usize) -> u64 {
        self.shared().board.workers[worker].tasking()
    }

    /// Counts an answer that this process gave.
    pub(super) fn count_response(&self, running: &Running) {
        if let Some(id) = self.worker_id() {
            running.shared.board.workers[id as usize].responses.add_own(1);
        }
    }
}
