//! A user process: a function of the program's own, and then its event loop until that is empty.
//!
//! Runs in: user process.

use super::outbox::Outbox;
use super::worker::Worker;
use crate::error::Result;
use crate::event::local;
use crate::event::poller::{Poller, Ready};
use crate::log;
use crate::sys::signal;
use std::rc::Rc;
use std::time::Duration;

/// Letters that are handled in one turn.
const AT_ONCE: usize = 64;
/// How often to try another process's full inbox again.
const PUSH_AGAIN: Duration = Duration::from_millis(2);
const BELL: usize = 0;

/// Runs a user process; its exit code.
pub fn run(worker: &Worker, index: usize, outbox: &Rc<dyn Outbox>) -> Result<i32> {
    let shared = worker.server.shared().clone();
    let slot = &shared.board.workers[worker.id];
    let mut poller = Poller::new()?;
    let watch = |e| crate::error::Error::system("cannot watch a user process's bell", &e);
    poller.registrar()?.add_readable(&shared.worker_bells[worker.id], BELL).map_err(watch)?;
    local::register_in(&poller.registrar()?, BELL)?;
    let mut events: Vec<Ready> = Vec::new();
    let mut bytes = Vec::new();
    worker.start();
    if !worker.departure.is_over() {
        worker.departure.note(worker.events.user_process(&worker.server, index));
    }
    while !worker.departure.is_over() && (!local::is_idle() || worker.post.expected() > 0) {
        worker.signals();
        let handled = worker.letters(AT_ONCE, &mut bytes, |_, _| ());
        worker.run_timers();
        let pushing = outbox.flush();
        // What ran may have been the last that the loop went on for.
        if handled > 0 || (local::is_idle() && worker.post.expected() == 0) {
            continue;
        }
        slot.sleeper.announce();
        if worker.post.is_empty() && !signal::any() {
            worker.rests();
            let pushing = pushing.then_some(PUSH_AGAIN);
            let timeout = [pushing, local::timeout()].into_iter().flatten().min();
            if let Err(e) = poller.wait(timeout, &mut events) {
                log::error(format_args!("user process {}: waiting for events failed: {e}", worker.id));
                std::thread::sleep(Duration::from_millis(10));
            }
            worker.wakes();
        }
        slot.sleeper.awake();
    }
    worker.stop();
    outbox.finish(worker.settings.max_wait_time);
    Ok(worker.departure.exit_code())
}
