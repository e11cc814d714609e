//! Connections that are silent, or whose client takes nothing: looked for now and then.

use super::connection::Stage;
use super::side::SocketSide;
use crate::config::ServerSettings;
use crate::log;
use crate::server::shared::connections::{State, flag};
use std::sync::atomic::Ordering::Relaxed;
use std::time::{Duration, Instant};

/// Looks through a side's connections every so often.
#[derive(Debug)]
pub struct Sweeper {
    every: Option<Duration>,
    next: Option<Instant>,
    heartbeat: bool,
    send_timeout: Duration,
}

impl Sweeper {
    /// As often as the settings need it; never, if none asks for it.
    pub fn new(settings: &ServerSettings, side: &SocketSide) -> Sweeper {
        let heartbeat = settings.heartbeat_check_interval > Duration::ZERO;
        let quarter = |limit: Duration| (limit > Duration::ZERO).then(|| (limit / 4).max(Duration::from_millis(10)));
        let idle = side.ports.iter().filter_map(|p| quarter(p.settings.max_idle_time)).min();
        let every = [heartbeat.then_some(settings.heartbeat_check_interval), quarter(settings.send_timeout), idle]
            .into_iter()
            .flatten()
            .min();
        Sweeper { every, next: every.map(|e| Instant::now() + e), heartbeat, send_timeout: settings.send_timeout }
    }

    /// When it wants to look next.
    pub fn next(&self, side: &SocketSide) -> Option<Instant> {
        [self.next, side.deadlines.next()].into_iter().flatten().min()
    }

    /// Looks, if it is time.
    pub fn sweep(&mut self, side: &mut SocketSide) {
        let now = Instant::now();
        side.end_late_requests(now);
        if self.next.is_none_or(|next| now < next) {
            return;
        }
        self.next = self.every.map(|e| now + e);
        for place in side.places() {
            let Some(connection) = side.get(place) else { continue };
            let (session, port, queued) = (connection.session, connection.port, connection.queued());
            // One that is held back is silent because we do not listen.
            let listened_to = connection.stage != Stage::Open || (connection.held == 0 && !connection.unread);
            let waited = Duration::from_micros(side.now.saturating_sub(connection.stuck_since));
            if queued > 0 && self.send_timeout > Duration::ZERO && waited >= self.send_timeout {
                log::notice(format_args!(
                    "session {session} is closed: its client took nothing for {:.1} s (send_timeout), {queued} bytes were left",
                    waited.as_secs_f64()
                ));
                side.abort_by_server(place, libc::ETIMEDOUT);
                continue;
            }
            let entry = side.entry(place);
            if entry.state() == State::Closed || entry.has(flag::PROTECTED) || !listened_to {
                continue;
            }
            let since = |time: u64| Duration::from_micros(side.now.saturating_sub(time));
            let (received, sent) = (entry.last_recv_time.load(Relaxed), entry.last_send_time.load(Relaxed));
            let settings = &side.ports[port].settings;
            let silent = self.heartbeat && passed(since(received), settings.heartbeat_idle_time);
            if !silent && !passed(since(received.max(sent)), settings.max_idle_time) {
                continue;
            }
            if queued > 0 {
                // Waiting for a client that is gone would be waiting for ever.
                side.abort_by_server(place, libc::ETIMEDOUT);
            } else {
                side.close(place, false);
            }
        }
    }
}

/// Whether a limit is set, and was passed.
fn passed(time: Duration, limit: Duration) -> bool {
    limit > Duration::ZERO && time > limit
}
