//! The figures of a server, and of each of its workers. docs/figures.md says what each is.

use super::shared::scoreboard::{ReactorSlot, WorkerSlot, WorkerState};
use super::{Running, Server, Stat, WorkerFigures, WorkerKind, WorkerStatus};
use crate::event::clock;
use std::sync::atomic::Ordering::Relaxed;

/// From any process.
impl Server {
    /// The server's figures, over all processes; those named `worker_…` but `worker_num` are this worker's own.
    pub fn stats(&self) -> Vec<Stat> {
        let Ok(running) = self.running() else { return Vec::new() };
        let shared = &running.shared;
        let (board, size) = (&shared.board, &shared.size);
        let head = board.head();
        let reactors = |f: fn(&ReactorSlot) -> u64| board.reactors.iter().map(f).sum::<u64>();
        let workers = |f: fn(&WorkerSlot) -> u64| board.workers.iter().map(f).sum::<u64>();
        let idle = |kind| {
            let slots = board.workers.iter().enumerate().filter(|(id, _)| size.kind_of(*id) == kind);
            slots.filter(|(_, w)| w.state() == WorkerState::Running && w.busy.load(Relaxed) == 0).count() as u64
        };
        let own = self.worker_id().and_then(|id| board.workers.get(id as usize));
        let (queued_tasks, queued_bytes) = queued_tasks(running);
        let (min_fd, max_fd, session_round) = shared.table.extent();
        let mut stats = Vec::with_capacity(48);
        let mut add = |name, value: u64| stats.push(Stat { name, value: value as i64 });
        add("start_time", head.start_time.load(Relaxed) / 1_000_000);
        add("connection_num", self.connection_count(None) as u64);
        add("accept_count", reactors(|r| r.accepted.get()));
        add("close_count", reactors(|r| r.closed.get()));
        add("abort_count", head.abort_count.get());
        add("reload_count", head.reload_count.get());
        add("worker_num", size.workers as u64);
        add("idle_worker_num", idle(WorkerKind::Event));
        add("task_worker_num", size.tasks as u64);
        add("task_idle_worker_num", idle(WorkerKind::Task));
        add("user_worker_num", size.users as u64);
        add("tasking_num", workers(WorkerSlot::tasking));
        add("task_count", workers(|w| w.tasks_given.get()));
        add("task_queue_num", queued_tasks);
        add("task_queue_bytes", queued_bytes);
        add("task_lost_count", head.tasks_lost.get());
        add("task_retry_count", head.tasks_retried.get());
        add("late_answer_count", head.answers_late.get());
        add("mail_dropped_count", head.mail_dropped.get());
        add("message_count", workers(|w| w.messages_sent.get()));
        add("min_fd", min_fd as u64);
        add("max_fd", max_fd as u64);
        add("session_round", session_round);
        add("dispatch_count", reactors(|r| r.dispatched.get()));
        add("request_count", workers(|w| w.requests.get()));
        add("response_count", workers(|w| w.responses.get()));
        add("total_recv_bytes", reactors(|r| r.received_bytes.get()));
        add("total_send_bytes", reactors(|r| r.sent_bytes.get()));
        add("refused_count", reactors(|r| r.refused.get()));
        add("bad_package_count", reactors(|r| r.bad_packages.get()));
        add("http_refused_count", reactors(|r| r.http_refused.get()));
        add("discard_count", reactors(|r| r.discarded.get()));
        add("undelivered_count", reactors(|r| r.undeliverable.get()));
        add("lost_count", workers(|w| w.lost.get()));
        add("log_dropped_count", crate::log::dropped());
        let concurrency = |id: usize| figures_of(running, id, &board.workers[id], 0).concurrency();
        add("concurrency", (0..size.workers).map(concurrency).sum());
        add("worker_concurrency", self.worker_id().map_or(0, |id| concurrency(id as usize)));
        add("pipe_packet_msg_id", 0);
        // There are no coroutines yet; scripts that print these read them all the same.
        add("coroutine_num", 0);
        add("coroutine_peek_num", 0);
        add("worker_request_count", own.map_or(0, |w| w.own_requests.get()));
        add("worker_dispatch_count", own.map_or(0, |w| w.own_requests.get()));
        add("worker_response_count", own.map_or(0, |w| w.responses.get()));
        stats
    }

    /// The figures of each worker, task worker and user process, by number. Empty before the start.
    pub fn worker_figures(&self) -> Vec<WorkerFigures> {
        let Ok(running) = self.running() else { return Vec::new() };
        let slots = running.shared.board.workers.iter().enumerate();
        slots.map(|(id, slot)| figures_of(running, id, slot, clock::now_micros())).collect()
    }
}

fn figures_of(running: &Running, id: usize, slot: &WorkerSlot, now: u64) -> WorkerFigures {
    let is_busy = slot.busy.load(Relaxed) != 0;
    // What it has done since is added to `busy_micros` when it takes up the next thing, or goes to sleep.
    let busy_for = if is_busy { now.saturating_sub(slot.busy_since.load(Relaxed)) } else { 0 };
    let mut waiting = [0; 3];
    for ring in running.shared.waiting_for(id) {
        // Messages are counted at both ends, one after the other: where there are no bytes there is no message.
        let used = ring.used();
        let messages = if used > 0 { ring.backlog() } else { 0 };
        for (sum, value) in waiting.iter_mut().zip([messages, used, ring.capacity()]) {
            *sum += value;
        }
    }
    let [queue_depth, ring_used, ring_capacity] = waiting;
    WorkerFigures {
        id: id as i32,
        pid: slot.pid.load(Relaxed) as i32,
        kind: running.shared.size.kind_of(id),
        status: match slot.state() {
            WorkerState::Absent | WorkerState::Leaving => WorkerStatus::Exit,
            _ if is_busy => WorkerStatus::Busy,
            _ => WorkerStatus::Idle,
        },
        requests: slot.requests.get(),
        responses: slot.responses.get(),
        busy_micros: slot.busy_micros.get() + busy_for,
        busy_for,
        queue_depth,
        ring_used,
        ring_capacity,
        tasking: slot.tasking(),
        restarts: slot.deaths.load(Relaxed).into(),
    }
}

/// Tasks that wait for any task worker, and their bytes.
fn queued_tasks(running: &Running) -> (u64, u64) {
    if let Some(queue) = &running.queue {
        return queue.stat().unwrap_or((0, 0));
    }
    let memory = running.shared.task_memory();
    match memory.used() {
        0 => (0, 0),
        bytes => (memory.backlog(), bytes),
    }
}
