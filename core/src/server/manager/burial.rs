//! What becomes of the task that a dead task worker had in its hand, and of those that nobody will do any more.
//!
//! Runs in: manager (BASE: master).

use super::Manager;
use crate::log;
use crate::server::mail::flags;
use crate::server::mail::letter::Letter;
use crate::server::mail::post::discard;
use crate::server::shared::scoreboard::Phase;
use crate::sys::process::Reaped;

impl Manager {
    /// Task worker `w` is dead: its task is left in its hand for the successor (`task_retry`), or is lost. Before its locks are freed.
    pub(super) fn look_into_hand(&self, w: usize, reaped: Reaped) {
        let shared = self.server.shared();
        let hand = shared.hand(w - shared.size.workers);
        if !hand.is_held() {
            return;
        }
        if self.post.still_queued(w, hand.origin()) {
            // It died before it had taken the task out of its queue.
            return hand.drop_it();
        }
        let mut record = Vec::new();
        hand.copy_to(&mut record);
        let Some((letter, body)) = Letter::parse(&record) else { return hand.drop_it() };
        let done = hand.is_done();
        let retries = self.settings.task_retry;
        let in_time =
            self.phase() < Phase::Draining || self.shutdown_by.is_none_or(|by| std::time::Instant::now() < by);
        if !done && letter.tries < retries && in_time {
            return;
        }
        let advice = match retries {
            0 => "; with the option task_retry it would be begun again",
            _ => "; it was begun as often as task_retry allows",
        };
        if !done {
            shared.board.head().tasks_lost.add(1);
            log::warning(format_args!(
                "task {} of worker {} is lost: task worker {w} (pid {}) died while doing it{advice}",
                letter.id, letter.source, reaped.pid
            ));
        }
        discard(&letter, body);
        let ticket = letter.ticket();
        self.post.count_done(w - shared.size.workers, &ticket);
        hand.drop_it();
        // An answer has ended a wait, but not what a callback waits for.
        let waits = if done { ticket.flags & flags::CALLBACK != 0 } else { ticket.wants_end() };
        if waits {
            self.post.end(&ticket);
        }
    }

    /// At the very end: tasks that are still queued are lost with the server, unless they outlive it.
    pub(super) fn count_what_is_left(&self) {
        let (tasks, _) = self.post.queued();
        if tasks > 0 && !self.post.outlives() {
            self.server.shared().board.head().tasks_lost.add(tasks);
            log::warning(format_args!(
                "{tasks} task(s) were not done within max_wait_time and are lost with the server; with task_ipc_mode 2 or 3 tasks outlive it"
            ));
        }
    }
}
