//! Deadlines of connections that speak HTTP: for a request that is coming, for the first one of a connection, for the next one, and for an answer whose
//! giver has left ([`super::detached`]). A WebSocket has none of them.

use super::connection::hold;
use super::side::SocketSide;
use crate::event::clock;
use crate::log;
use crate::server::port::{HttpPort, Port, SLOWEST};
use crate::server::shared::connections::flag;
use std::time::{Duration, Instant};

/// Those whose times are over within a part of their limit are looked at together.
const GRAIN: u32 = 16;
/// Within so long they are, whatever the limit is.
const GRAINS: [Duration; 2] = [Duration::from_millis(10), Duration::from_secs(5)];

/// When connections are looked at. Nothing that happens to one of them between two looks can make it late before the next.
#[derive(Debug)]
pub struct Deadlines {
    /// the shortest of all limits; None: there is none
    shortest: Option<Duration>,
    next: Option<Instant>,
}

impl Deadlines {
    /// For the connections of `ports`.
    pub fn new(ports: &[Port]) -> Deadlines {
        let limits = ports.iter().filter_map(|port| port.http.as_ref()).flat_map(|port| port.timeouts());
        Deadlines { shortest: limits.filter(|limit| !limit.is_zero()).min(), next: None }
    }

    /// There is a connection that speaks HTTP.
    pub fn begin(&mut self) {
        if self.next.is_none() {
            self.next = self.shortest.map(|shortest| Instant::now() + shortest);
        }
    }

    /// When to look next.
    pub fn next(&self) -> Option<Instant> {
        self.next
    }
}

/// What is wrong with a connection whose time is over.
struct Late {
    /// the option that says so
    option: &'static str,
    /// a part of a request has come
    has_begun: bool,
}

impl SocketSide {
    /// Refuses requests that take too long to come, and closes connections over which none comes, if it is time to look. `at`: now.
    pub fn end_late_requests(&mut self, at: Instant) {
        let Some(shortest) = self.deadlines.shortest.filter(|_| self.deadlines.next.is_some_and(|next| next <= at))
        else {
            return;
        };
        // Not `self.now`: callbacks of this turn may have taken long.
        let now = clock::now_micros();
        let ports = self.ports.clone();
        let mut next: Option<Duration> = None;
        for place in self.places() {
            let connection = self.get(place).filter(|c| c.http.is_some());
            let Some(port) = connection.and_then(|c| ports[c.port].http.as_ref()) else { continue };
            let left = self.look_at_request(place, port, now).unwrap_or_else(|late| {
                self.end_late(place, &late);
                None
            });
            next = Some([next, left].into_iter().flatten().fold(shortest, Duration::min));
        }
        self.deadlines.next = next.map(|left| at + left);
    }

    /// How long a connection has before it is to be looked at again; None: it has no deadline now.
    fn look_at_request(&mut self, place: usize, port: &HttpPort, now: u64) -> Result<Option<Duration>, Late> {
        let Some(connection) = self.get_mut(place) else { return Ok(None) };
        if connection.held & hold::ANSWERING != 0 {
            return Ok(self.look_at_orphan(place, port, now));
        }
        // One that is held back, or was not read to the end, does not come because we do not listen.
        let is_read =
            connection.is_readable() && !connection.untold && !connection.unread && connection.input.is_empty();
        let Some(http) = connection.http.as_mut().filter(|_| is_read) else { return Ok(None) };
        if http.listened_since == 0 {
            http.listened_since = now;
        }
        let progress = http.reader.progress();
        let begun = progress.map_or(0, |progress| progress.since).max(http.listened_since);
        let (since, limit, option) = match progress {
            Some(progress) if progress.has_head => {
                let more = Duration::from_secs(progress.body / SLOWEST);
                let limit = Some(port.body_timeout).filter(|limit| !limit.is_zero());
                (begun, limit.and_then(|limit| limit.checked_add(more)), "http_body_timeout")
            }
            // The first one is late from the connection's begin on: else a client could wait with it for as long as it likes.
            _ if !http.was_asked() => (http.listened_since, Some(port.head_timeout), "http_head_timeout"),
            Some(_) => (begun, Some(port.head_timeout), "http_head_timeout"),
            None => (begun, Some(port.keepalive_timeout), "http_keepalive_timeout"),
        };
        let Some(limit) = limit.filter(|limit| !limit.is_zero()) else { return Ok(None) };
        let left = limit.saturating_sub(Duration::from_micros(now.saturating_sub(since)));
        if left.is_zero() {
            return Err(Late { option, has_begun: progress.is_some() });
        }
        Ok(Some(left.max((limit / GRAIN).clamp(GRAINS[0], GRAINS[1]))))
    }

    fn end_late(&mut self, place: usize, late: &Late) {
        let Some(session) = self.get(place).map(|c| c.session) else { return };
        if late.has_begun {
            log::notice(format_args!("session {session}: its request has not come in time ({}): 408", late.option));
            return self.refuse(place, 408);
        }
        // An answer that its client takes slowly is send_timeout's business.
        if self.entry(place).has(flag::PROTECTED) || self.get(place).is_some_and(|c| c.queued() > 0) {
            if let Some(http) = self.get_mut(place).and_then(|c| c.http.as_mut()) {
                http.listened_since = 0;
            }
            return;
        }
        log::debug(format_args!("session {session} is closed: no request has come in time ({})", late.option));
        self.close(place, false);
    }
}
