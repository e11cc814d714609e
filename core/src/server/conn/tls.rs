//! TLS in the socket side: a connection's handshake, and what is read and written after it. Nobody hears of a connection before its handshake is
//! over: no worker, no list of connections.

use super::connection::{Stage, hold};
use super::side::{Read, SocketSide};
use crate::error::ErrorKind;
use crate::event::clock;
use crate::log;
use crate::net::tls::{self, Channel, ServerTls, Trouble};
use crate::server::shared::connections::State;
use crate::server::{PortId, SessionId};
use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::sync::atomic::Ordering::Relaxed;
use std::time::{Duration, Instant};

/// Handshakes whose times are over within so long are looked at together.
const LOOK: Duration = Duration::from_millis(100);

/// When handshakes have to be over. One that is over in time stays in here until then.
#[derive(Debug, Default)]
pub struct Handshakes(BinaryHeap<Reverse<(Instant, SessionId)>>);

impl Handshakes {
    /// When to look next.
    pub fn next(&self) -> Option<Instant> {
        self.0.peek().map(|Reverse((at, _))| *at + LOOK)
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    fn due(&mut self, now: Instant) -> Option<SessionId> {
        let Reverse((at, _)) = self.0.peek()?;
        if *at > now { None } else { self.0.pop().map(|Reverse((_, session))| session) }
    }
}

impl SocketSide {
    /// Begins TLS on a connection that was just taken in, or closes it if that cannot be.
    pub(super) fn begin_tls(&mut self, place: usize, tls: &ServerTls, limit: Duration) {
        // Not in the list of connections yet, and not to be sent to.
        self.entry(place).set_state(State::Taken);
        let Some(connection) = self.get_mut(place) else { return };
        connection.untold = true;
        // As if all of it had been told: so it ends without anybody's hearing of it.
        connection.end_told = true;
        connection.held &= !hold::UNCONFIRMED;
        match tls.session() {
            Ok(session) => connection.tls = Some(Box::new(Channel::from(session))),
            Err(e) => {
                log::error(format_args!("a new connection is closed: {e}"));
                return self.abort(place, e.code());
            }
        }
        let number = connection.session;
        if let Some(until) = Some(limit).filter(|limit| !limit.is_zero()).and_then(|l| Instant::now().checked_add(l)) {
            self.handshakes.0.push(Reverse((until, number)));
        }
    }

    /// As `read`, for a connection with TLS. The first read after the handshake's end notes that in `established`.
    pub(super) fn read_tls(&mut self, place: usize, scratch: &mut [u8]) -> Read {
        let now = self.now;
        let Some(connection) = self.get_mut(place) else { return Read::Nothing };
        let (Some(socket), Some(channel)) = (&connection.socket, &mut connection.tls) else { return Read::Nothing };
        let read = channel.read(socket, &mut scratch[..tls::BUFFER]);
        let established = connection.untold && channel.is_established();
        let (hangup, is_cut) =
            (connection.hangup, matches!(read, Ok(tls::Read::End { cut: true })) && !connection.untold);
        let session = connection.session;
        self.note_unsent(place);
        if established {
            self.establish(place);
        }
        match read {
            Ok(tls::Read::Bytes { count, more }) => {
                if count > 0 {
                    self.figures().received_bytes.add_own(count as u64);
                    self.entry(place).last_recv_time.store(now, Relaxed);
                }
                Read::Bytes { count, more: more || hangup }
            }
            Ok(tls::Read::Nothing) => Read::Nothing,
            Ok(tls::Read::End { .. }) => {
                if is_cut {
                    log::debug(format_args!("session {session}: its stream ended without close_notify"));
                }
                Read::End
            }
            Err(Trouble::Socket(e)) => Read::Failed(e),
            Err(Trouble::Tls(e)) => {
                log::debug(format_args!("session {session} is closed: {e}"));
                Read::Broken(e.code())
            }
        }
    }

    /// The handshake of a connection is over: from now on it is one like others.
    fn establish(&mut self, place: usize) {
        let now = self.now;
        let delay = self.delay_receive;
        let Some(connection) = self.get_mut(place) else { return };
        (connection.untold, connection.end_told) = (false, false);
        if delay {
            connection.held |= hold::UNCONFIRMED;
        }
        if let Some(http) = &mut connection.http {
            http.listened_since = clock::now_micros();
        }
        let waits = connection.output.is_some();
        let shown = connection.tls.as_ref().and_then(|tls| tls.peer_certificates().first()).map(|shown| shown.to_vec());
        self.established = Some((connection.port, connection.session));
        if !self.shared.certificates.put(place, shown.as_deref().unwrap_or_default()) {
            log::warning(format_args!("a client's certificate is too long to be shown to the program"));
        }
        let entry = self.entry(place);
        entry.connect_time.store(now, Relaxed);
        entry.last_recv_time.store(now, Relaxed);
        entry.last_send_time.store(now, Relaxed);
        entry.set_state(State::Open);
        if waits {
            self.flush(place);
        }
    }

    /// What came with the end of the handshake waits if nothing is to be read now: before `confirm`, or as the program said when it heard of the
    /// connection. True: so it is, and nothing is to be handed up.
    pub(super) fn keep_early(&mut self, place: usize, bytes: &[u8]) -> bool {
        let Some(connection) = self.get_mut(place).filter(|c| !c.is_readable()) else { return false };
        if connection.stage == Stage::Open {
            connection.input.extend_from_slice(bytes);
        }
        true
    }

    /// A client broke TLS and was told so: the rest of it goes the way of a connection that ends in order, so that it is not lost with a reset.
    pub(super) fn end_broken(&mut self, place: usize, code: i32) {
        self.entry(place).close_errno.store(code as u32, Relaxed);
        self.shut_orderly(place);
    }

    /// The connection whose handshake ended with the last read, once.
    pub(super) fn take_established(&mut self) -> Option<(PortId, SessionId)> {
        self.established.take()
    }

    /// Records that the socket has not taken wait for it as other output does.
    pub(super) fn note_unsent(&mut self, place: usize) {
        let unsent = |c: &super::connection::Connection| c.tls.as_ref().is_some_and(|tls| tls.unsent() > 0);
        if self.get(place).is_some_and(|c| unsent(c) && c.output.is_none()) {
            self.queue(place, |_| {});
        }
    }

    /// Closes connections whose handshakes take too long.
    pub fn end_slow_handshakes(&mut self) {
        let now = Instant::now();
        while let Some(session) = self.handshakes.due(now) {
            let Some(place) = self.place(session) else { continue };
            if self.get(place).is_some_and(|c| c.untold) {
                log::debug(format_args!("session {session} is closed: its TLS handshake was not over in time"));
                self.abort(place, ErrorKind::SslHandshakeFailed as i32);
            }
        }
    }
}
