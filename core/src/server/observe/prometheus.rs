//! The figures in Prometheus' text format 0.0.4.
//!
//! Runs in: master.

use crate::server::{Mode, Stat, WorkerFigures, WorkerStatus};
use std::fmt::{self, Write};

/// What kind of figure it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Counter,
    Gauge,
}
use Kind::{Counter, Gauge};

/// The figures of `stats()` that are shown: key there, name here, kind, what it is. Those that speak of the asking process alone are
/// not among them.
const SERVER: &[(&str, &str, Kind, &str)] = &[
    ("start_time", "start_time_seconds", Gauge, "When the server started, seconds since 1970."),
    ("connection_num", "connections", Gauge, "Open connections."),
    ("accept_count", "accepted_total", Counter, "Connections accepted."),
    ("close_count", "closed_total", Counter, "Connections closed."),
    ("refused_count", "refused_total", Counter, "Connections turned away since there were max_conn."),
    ("session_round", "sessions_total", Counter, "Sessions there have been."),
    ("worker_num", "event_workers", Gauge, "Workers that serve connections."),
    ("idle_worker_num", "event_workers_idle", Gauge, "Of those, the ones that have nothing to do."),
    ("task_worker_num", "task_workers", Gauge, "Task workers."),
    ("task_idle_worker_num", "task_workers_idle", Gauge, "Of those, the ones that have nothing to do."),
    ("user_worker_num", "user_processes", Gauge, "User processes."),
    ("abort_count", "aborts_total", Counter, "Processes that ended by a signal or an exit code other than 0."),
    ("reload_count", "reloads_total", Counter, "Reloads that were finished."),
    ("dispatch_count", "dispatched_total", Counter, "Messages handed to workers."),
    ("request_count", "requests_total", Counter, "Messages, datagrams and tasks that have been begun."),
    ("response_count", "responses_total", Counter, "Answers that were given to clients."),
    ("total_recv_bytes", "received_bytes_total", Counter, "Bytes read from clients."),
    ("total_send_bytes", "sent_bytes_total", Counter, "Bytes written to clients."),
    ("bad_package_count", "bad_packages_total", Counter, "Packages refused for their length or form."),
    (
        "http_refused_count",
        "http_refused_total",
        Counter,
        "Requests that the engine answered by a refusal, without a worker.",
    ),
    ("discard_count", "discarded_total", Counter, "Messages dropped since dispatch_func said so."),
    ("undelivered_count", "undelivered_total", Counter, "Answers dropped since their connection was closed meanwhile."),
    ("lost_count", "lost_total", Counter, "Messages that a worker could not use."),
    ("tasking_num", "tasks_pending", Gauge, "Tasks that were given and are not done."),
    ("concurrency", "concurrency", Gauge, "Messages that workers are handling or that wait for them."),
    ("task_count", "tasks_total", Counter, "Tasks that were given."),
    ("task_queue_num", "task_queue_messages", Gauge, "Tasks that wait for a free task worker."),
    ("task_queue_bytes", "task_queue_bytes", Gauge, "Bytes of the tasks that wait for a free task worker."),
    ("task_lost_count", "tasks_lost_total", Counter, "Tasks that were lost with the task worker that did them."),
    ("task_retry_count", "task_retries_total", Counter, "Tasks begun again, since their task worker died."),
    ("late_answer_count", "late_answers_total", Counter, "Answers to tasks that came after the time of taskwait."),
    ("mail_dropped_count", "mail_dropped_total", Counter, "Answers and messages that could not be delivered."),
    ("message_count", "messages_total", Counter, "Messages that processes sent one another."),
];

/// A figure of one worker: its name, its kind, what it is, and how to read it.
type OfWorker = (&'static str, Kind, &'static str, fn(&WorkerFigures) -> Number);

/// The figures of each worker.
const WORKER: &[OfWorker] = &[
    ("up", Gauge, "1: it has a process.", |w| Number::Whole(u64::from(w.pid > 0))),
    ("busy", Gauge, "1: it is in a callback, or messages wait.", |w| {
        Number::Whole(u64::from(w.status == WorkerStatus::Busy))
    }),
    ("requests_total", Counter, "Messages, datagrams and tasks it has begun.", |w| Number::Whole(w.requests)),
    ("responses_total", Counter, "Answers it gave to clients.", |w| Number::Whole(w.responses)),
    ("busy_seconds_total", Counter, "Seconds in which it did not sleep.", |w| Number::Micros(w.busy_micros)),
    ("awake_seconds", Gauge, "Seconds since it took up what it does now; 0: it sleeps.", |w| {
        Number::Micros(w.busy_for)
    }),
    ("queue_messages", Gauge, "Messages that wait for it.", |w| Number::Whole(w.queue_depth)),
    ("ring_used_bytes", Gauge, "Bytes that wait in its rings.", |w| Number::Whole(w.ring_used)),
    ("ring_capacity_bytes", Gauge, "Bytes that its rings hold.", |w| Number::Whole(w.ring_capacity)),
    ("tasks_pending", Gauge, "Tasks that it gave and that are not done.", |w| Number::Whole(w.tasking)),
    ("restarts_total", Counter, "Its processes that have ended.", |w| Number::Whole(w.restarts)),
];

/// A value as it is written.
enum Number {
    Whole(u64),
    /// microseconds, written as seconds
    Micros(u64),
}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Number::Whole(n) => write!(f, "{n}"),
            Number::Micros(n) => write!(f, "{}.{:06}", n / 1_000_000, n % 1_000_000),
        }
    }
}

/// All figures, as a scraper gets them.
pub fn render(mode: Mode, stats: &[Stat], workers: &[WorkerFigures]) -> String {
    let mut page = Page(String::with_capacity(8 << 10));
    page.family("info", Gauge, "The server's version and mode; always 1.");
    let mode = if mode == Mode::Base { "base" } else { "process" };
    page.sample("info", &[("version", env!("CARGO_PKG_VERSION")), ("mode", mode)], 1);
    for (key, name, kind, help) in SERVER {
        if let Some(stat) = stats.iter().find(|stat| stat.name == *key) {
            page.family(name, *kind, help);
            page.sample(name, &[], stat.value);
        }
    }
    for (name, kind, help, read) in WORKER {
        let name = format!("worker_{name}");
        page.family(&name, *kind, help);
        for worker in workers {
            page.sample(&name, &[("worker", &worker.id.to_string()), ("type", worker.kind.name())], read(worker));
        }
    }
    page.0
}

struct Page(String);

impl Page {
    fn family(&mut self, name: &str, kind: Kind, help: &str) {
        let kind = if kind == Counter { "counter" } else { "gauge" };
        let help = help.replace('\\', r"\\").replace('\n', r"\n");
        self.add(format_args!("# HELP swoole_{name} {help}\n# TYPE swoole_{name} {kind}\n"));
    }

    fn sample(&mut self, name: &str, labels: &[(&str, &str)], value: impl fmt::Display) {
        self.add(format_args!("swoole_{name}"));
        for (i, (label, value)) in labels.iter().enumerate() {
            let value = value.replace('\\', r"\\").replace('"', "\\\"").replace('\n', r"\n");
            self.add(format_args!("{}{label}=\"{value}\"", if i == 0 { '{' } else { ',' }));
        }
        self.add(format_args!("{} {value}\n", if labels.is_empty() { "" } else { "}" }));
    }

    fn add(&mut self, text: fmt::Arguments<'_>) {
        // Writing to a String cannot fail.
        let _ = self.0.write_fmt(text);
    }
}

#[cfg(test)]
mod tests;
