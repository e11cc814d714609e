//! The loop of a task worker: tasks from the queue, tasks and messages from its mailbox.
//!
//! Runs in: task worker.

use super::WorkerKind;
use super::mail::Task;
use super::mail::letter::Letter;
use super::mail::post::{Doing, discard};
use super::outbox::Outbox;
use super::shared::scoreboard::Phase;
use super::worker::Worker;
use crate::error::Result;
use crate::event::local;
use crate::event::poller::{Poller, Ready};
use crate::log;
use crate::sys::signal;
use std::rc::Rc;
use std::time::Duration;

/// Letters that are handled before the queue of tasks has its turn.
const AT_ONCE: usize = 64;
/// How often a message queue is looked at, which an outside program may have put a task into.
const LOOK: Duration = Duration::from_millis(200);
/// How often to try another process's full inbox again.
const PUSH_AGAIN: Duration = Duration::from_millis(2);
/// How often to try the full mailbox of one who asked.
const ANSWER_AGAIN: Duration = Duration::from_millis(10);
const BELL: usize = 0;

/// Runs a task worker from its start callback to its stop callback; its exit code.
pub fn run(worker: &Worker, outbox: &Rc<dyn Outbox>) -> Result<i32> {
    debug_assert_eq!(worker.kind, WorkerKind::Task);
    let shared = worker.server.shared().clone();
    let slot = &shared.board.workers[worker.id];
    let mut poller = Poller::new()?;
    let watch = |e| crate::error::Error::system("cannot watch a task worker's bell", &e);
    poller.registrar()?.add_readable(&shared.worker_bells[worker.id], BELL).map_err(watch)?;
    local::register_in(&poller.registrar()?, BELL)?;
    let mut events: Vec<Ready> = Vec::new();
    let mut bytes = Vec::new();
    worker.start();
    if !worker.departure.is_over()
        && let Some(letter) = worker.post.inherited(&mut bytes)
    {
        shared.board.head().tasks_retried.add(1);
        log::notice(format_args!(
            "task worker {}: task {} of worker {} is begun again (retry {}), since the process that was doing it died",
            worker.id, letter.id, letter.source, letter.tries
        ));
        do_task(worker, &letter, &bytes);
    }
    loop {
        worker.signals();
        if worker.may_leave() && (worker.departure.is_over() || is_through(worker)) {
            break;
        }
        let mut handled = worker.letters(AT_ONCE, &mut bytes, |letter, body| do_task(worker, letter, body));
        let may_take = || !worker.departure.is_over() && (worker.is_serving() || drains(worker));
        if may_take()
            && let Some(letter) = worker.post.take_task(&mut bytes)
        {
            do_task(worker, &letter, &bytes);
            handled += 1;
        }
        worker.run_timers();
        worker.check_memory(handled > 0);
        let pushing = [worker.post.flush().then_some(ANSWER_AGAIN), outbox.flush().then_some(PUSH_AGAIN)];
        if handled > 0 {
            continue;
        }
        slot.sleeper.announce();
        if worker.post.is_empty() && !signal::any() {
            // The second look at the queue of tasks is a second try to take one.
            if may_take()
                && let Some(letter) = worker.post.take_task(&mut bytes)
            {
                slot.sleeper.awake();
                do_task(worker, &letter, &bytes);
                continue;
            }
            worker.rests();
            let leaving = worker.departure.is_leaving().then_some(Duration::from_millis(20));
            let looking = worker.post.outlives().then_some(LOOK);
            let timeout = [leaving, looking, worker.timeout()].into_iter().chain(pushing).flatten().min();
            if let Err(e) = poller.wait(timeout, &mut events) {
                log::error(format_args!("task worker {}: waiting for events failed: {e}", worker.id));
                std::thread::sleep(Duration::from_millis(10));
            }
            worker.wakes();
        }
        slot.sleeper.awake();
    }
    worker.post.pass_on();
    worker.stop();
    let patience = worker.patience_left();
    worker.post.finish(patience);
    outbox.finish(patience);
    Ok(worker.departure.exit_code())
}

/// Whether the server ends, and the tasks that wait would be lost with it.
fn drains(worker: &Worker) -> bool {
    worker.server.shared().board.phase() >= Phase::Draining && !worker.post.outlives()
}

/// Whether a leaving task worker may go: in a reload what waits is its successor's.
fn is_through(worker: &Worker) -> bool {
    !drains(worker) || (worker.post.no_tasks() && worker.post.is_empty())
}

/// Does one task, which lies in this process's hand.
fn do_task(worker: &Worker, letter: &Letter, body: &[u8]) {
    let post = &worker.post;
    worker.takes_up();
    worker.count_request();
    let ticket = letter.ticket();
    let mut file = Vec::new();
    let before = post.doing();
    let mut doing = Doing { ticket, answered: false, kept: false };
    match post.open(letter, body, &mut file) {
        Some(data) => {
            if worker.settings.task_retry == 0 {
                // Nobody will read its file again.
                discard(letter, body);
            }
            post.set_doing(Some(doing));
            worker.departure.note(worker.events.task(&worker.server, Task { ticket, data }));
            doing = post.doing().unwrap_or(doing);
            post.set_doing(before);
            if worker.departure.is_over() {
                // A callback has ended the process in the middle: the manager finds the task in this hand.
                return;
            }
        }
        None => worker.server.shared().board.head().tasks_lost.add(1),
    }
    post.count_own(&ticket);
    // The hand stays closed until everybody has been told: if this process is killed before, the manager does the rest.
    post.mark_answered();
    if !doing.kept {
        // An answer ends a wait by itself.
        let heard = doing.answered && ticket.flags & super::mail::flags::CALLBACK == 0;
        if !heard {
            worker.server.end_task(&ticket);
        }
    }
    discard(letter, body);
    post.let_go();
}
