//! What other processes have sent: answers, messages, and tasks for this very task worker.
//!
//! Runs in: worker, task worker, user process.

use super::Worker;
use crate::log;
use crate::server::mail::letter::{Kind, Letter};
use crate::server::mail::post::discard;
use crate::server::{Answer, PipeMessage};

impl Worker {
    /// Handles up to `limit` letters; how many there were. A task goes to `task`.
    pub fn letters(&self, limit: usize, bytes: &mut Vec<u8>, task: impl Fn(&Letter, &[u8])) -> usize {
        let mut handled = 0;
        while handled < limit && !self.departure.is_over() && (handled == 0 || self.is_serving()) {
            let Some(letter) = self.post.take(bytes) else { break };
            if handled == 0 {
                self.takes_up();
            }
            handled += 1;
            self.slot(&self.server).letters.add_own(1);
            match letter.kind {
                Kind::Task => task(&letter, bytes),
                Kind::Answer => self.answered(&letter, bytes),
                Kind::Ended if self.post.is_ours(&letter) => self.post.forget(letter.id),
                Kind::Ended => {}
                Kind::Message => self.message(&letter, bytes),
            }
        }
        // Nobody waits for these any more.
        while let Some(letter) = self.post.take_reply(bytes) {
            if letter.kind == Kind::Answer {
                self.server.shared().board.head().answers_late.add(1);
            }
            discard(&letter, bytes);
        }
        handled
    }

    fn answered(&self, letter: &Letter, bytes: &[u8]) {
        let mut file = Vec::new();
        let data = self.post.open(letter, bytes, &mut file);
        discard(letter, bytes);
        let Some(data) = data else { return };
        let answer = Answer { task_id: letter.id, task_worker: letter.source, dispatch_time: letter.time, data };
        let own = if self.post.is_ours(letter) { self.post.callback(letter.id) } else { None };
        let flow = match own {
            Some(callback) => callback(&self.server, answer),
            None if self.post.hears() => self.events.finish(&self.server, answer),
            None => {
                self.server.shared().board.head().mail_dropped.add(1);
                log::notice(format_args!(
                    "worker {}: the answer to task {} is dropped: its callback was a predecessor's, and there is no onFinish",
                    self.id, letter.id
                ));
                return;
            }
        };
        self.departure.note(flow);
    }

    fn message(&self, letter: &Letter, bytes: &[u8]) {
        let mut file = Vec::new();
        let data = self.post.open(letter, bytes, &mut file);
        discard(letter, bytes);
        let Some(data) = data else { return };
        let message = PipeMessage { source: letter.source, dispatch_time: letter.time, data };
        self.departure.note(self.events.pipe_message(&self.server, message));
    }
}
