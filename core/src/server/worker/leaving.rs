//! How a worker that is to go goes: it serves on while something in its event loop holds it, and not for ever.
//!
//! Runs in: worker, task worker.

use super::Worker;
use crate::event::{clock, local};
use crate::log;
use crate::server::shared::scoreboard::Phase;
use crate::server::{Mode, WorkerKind};
use std::cell::Cell;
use std::sync::atomic::Ordering::Relaxed;
use std::time::{Duration, Instant};

/// Between two exit callbacks.
const AGAIN: Duration = Duration::from_millis(50);

/// How far a worker is in leaving.
#[derive(Debug)]
pub struct Leaving {
    /// the part of the time to leave in which it may be held
    share: f64,
    /// since it was first seen to be leaving: until when it may be held
    until: Cell<Option<Instant>>,
    since: Cell<Option<Instant>>,
    /// when the exit callback is to be called again
    next_call: Cell<Option<Instant>>,
    /// something holds it: it serves on
    held: Cell<bool>,
    /// the time is over: nothing holds it any more
    given_up: Cell<bool>,
}

impl Leaving {
    /// For a worker that is not leaving.
    pub fn new(kind: WorkerKind, mode: Mode) -> Leaving {
        // The manager kills after all of it. A BASE worker has its connections to finish after this.
        let share = if kind == WorkerKind::Event && mode == Mode::Base { 0.5 } else { 0.8 };
        Leaving {
            share,
            until: Cell::new(None),
            since: Cell::new(None),
            next_call: Cell::new(None),
            held: Cell::new(false),
            given_up: Cell::new(false),
        }
    }
}

impl Worker {
    /// Whether it takes messages: it is not leaving, or held.
    pub fn is_serving(&self) -> bool {
        !self.departure.is_leaving() || (self.leaving.held.get() && !self.departure.is_over())
    }

    /// Whether it is leaving and nothing of the program's holds it. Calls the exit callback, again and again while something does.
    /// Once a turn of the loop.
    pub fn may_leave(&self) -> bool {
        if self.departure.is_over() {
            return true;
        }
        if !self.departure.is_leaving() {
            return false;
        }
        let leaving = &self.leaving;
        leaving.since.set(leaving.since.get().or_else(|| Some(Instant::now())));
        if leaving.given_up.get() || !self.settings.reload_async {
            return true;
        }
        let now = Instant::now();
        let until = leaving.until.get().unwrap_or_else(|| now + self.time_to_leave().mul_f64(leaving.share));
        leaving.until.set(Some(until));
        // What it still handles may set a timer or give a task, so it may be held again after it was free.
        let mut held_by = self.held_by();
        if leaving.next_call.get().is_none_or(|at| at <= now && held_by.is_some()) {
            leaving.next_call.set(Some(now + AGAIN));
            self.departure.note(self.events.worker_exit(&self.server, self.id as i32));
            held_by = self.held_by();
        }
        if let Some(what) = &held_by
            && now >= until
        {
            log::warning(format_args!(
                "{} {} leaves although it is still held by {what}{}",
                self.kind.title(),
                self.id,
                if local::is_idle() { "" } else { "; onWorkerExit is the place to clear timers" }
            ));
        }
        leaving.given_up.set(now >= until);
        let free = self.departure.is_over() || held_by.is_none() || now >= until;
        leaving.held.set(!free);
        free
    }

    /// How long it may still take to leave.
    fn time_to_leave(&self) -> Duration {
        match self.slot(&self.server).leave_by.load(Relaxed) {
            0 => self.settings.max_wait_time,
            by => Duration::from_micros(by.saturating_sub(clock::now_micros())),
        }
    }

    /// How long a leaving worker may still take before it is killed, less a little.
    pub fn patience_left(&self) -> Duration {
        self.time_to_leave().mul_f64(0.8)
    }

    /// Since when it is known to be leaving.
    pub fn leaving_since(&self) -> Option<Instant> {
        self.leaving.since.get()
    }

    /// What of the program's keeps a leaving worker.
    fn held_by(&self) -> Option<String> {
        let mut held: Vec<String> = local::held_by().into_iter().collect();
        let answering = self.server.0.answering.get();
        if answering > 0 {
            held.push(format!("{answering} request(s) that are not answered"));
        }
        let expected = self.post.expected();
        let ends = self.server.shared().board.phase() >= Phase::Draining;
        if expected > 0 {
            held.push(format!("{expected} task(s) whose callback has not been called"));
        } else if ends && !self.post.outlives() && self.post.hears() {
            // Nobody comes after it who could hear their answers.
            let tasking = self.server.tasking(self.id);
            if tasking > 0 {
                held.push(format!("{tasking} task(s) that are not done"));
            } else if self.post.is_being_answered() {
                held.push("the answer to a task".to_owned());
            }
        }
        // Looked at last: an answer is here before its task is let go of.
        if self.post.has_stash() || (ends && !self.post.is_empty()) {
            held.push("answers or messages that have come".to_owned());
        }
        (!held.is_empty()).then(|| held.join(" and "))
    }
}
