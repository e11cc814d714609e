//! What becomes of the task that a dead task worker had in its hand, and of those that nobody will do any more.
//!
//! Runs in: manager (BASE: master).

use super::Manager;
use crate::log;
use crate::server::mail::letter::Letter;
use crate::server::shared::scoreboard::Phase;
use crate::shm::hand::Hand;
use crate::sys::process::Reaped;
use std::sync::atomic::Ordering::Acquire;

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
        // Nothing is there if it died before it had received what it was waiting for.
        let Some((letter, body)) = Letter::parse_held(&record) else { return hand.drop_it() };
        let done = hand.is_done();
        let retries = self.settings.task_retry;
        let in_time =
            self.phase() < Phase::Draining || self.shutdown_by.is_none_or(|by| std::time::Instant::now() < by);
        if !done && hand.tries() < retries && in_time {
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
        self.post.discard_of_others(&letter, body);
        let ticket = letter.ticket();
        self.post.count_done(w - shared.size.workers, &ticket);
        hand.drop_it();
        // Also when it was answered: the answer may have been among those that had found no room, and to be told twice hurts nobody.
        if ticket.wants_end() {
            self.post.end(&ticket);
        }
    }

    /// Puts right what a worker had counted that died while it was giving a task: as soon as none of its number's is under way.
    pub(super) fn count_again(&mut self) {
        let shared = self.server.shared();
        for (w, ward) in self.wards.iter_mut().enumerate().filter(|(_, ward)| ward.miscounted) {
            let slot = &shared.board.workers[w];
            let given = slot.tasks_given.get();
            // A task goes from a queue to a hand, is counted there, and only then let go of: so this is the order to look in.
            let none_waits = self.post.no_tasks() && self.post.no_chosen_tasks();
            let none_is_done = (0..shared.size.tasks).all(|t| !shared.hand(t).may_be_held_for(w as u32));
            let quiet = slot.giving.load(Acquire) == 0;
            let done = slot.tasks_done.get();
            if quiet && none_waits && none_is_done && slot.tasks_given.get() == given && slot.giving.load(Acquire) == 0
            {
                slot.tasks_done.add(given.saturating_sub(done));
                ward.miscounted = false;
            }
        }
    }

    /// At the very end: what still waits is lost with the server, but for tasks that outlive it. Its files go.
    pub(super) fn count_what_is_left(&self) {
        let shared = self.server.shared();
        let (mut tasks, others) = self.post.empty_all();
        let mut record = Vec::new();
        for hand in (0..shared.size.tasks).map(|t| shared.hand(t)).filter(Hand::is_held) {
            hand.copy_to(&mut record);
            if let Some((letter, body)) = Letter::parse_held(&record) {
                tasks += 1;
                self.post.discard_of_others(&letter, body);
            }
            hand.drop_it();
        }
        shared.board.head().tasks_lost.add(tasks);
        shared.board.head().mail_dropped.add(others);
        if tasks > 0 {
            log::warning(format_args!(
                "{tasks} task(s) were not done within max_wait_time and are lost with the server; with task_ipc_mode 2 or 3 tasks outlive it"
            ));
        }
        if others > 0 {
            log::notice(format_args!("{others} answers or messages that nobody took are dropped with the server"));
        }
    }
}
