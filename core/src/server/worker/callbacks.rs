//! From a message to a callback, the same in both modes.
//!
//! Runs in: worker.

use super::Worker;
use crate::ipc::message::{PacketHead, close};
use crate::server::shared::connections::{State, flag};
use crate::server::{Packet, PortId, SessionId};
use std::os::fd::AsRawFd;
use std::sync::atomic::Ordering::Relaxed;

impl Worker {
    /// A connection was made.
    pub fn connected(&self, port: PortId, session: SessionId, reactor: i32) {
        self.departure.note(self.events.connect(&self.server, port, session, reactor));
    }

    /// Data of a connection.
    pub fn received(&self, port: PortId, session: SessionId, reactor: i32, data: &[u8]) {
        if self.settings.discard_timeout_request && self.server.shared().table.find_open(session).is_err() {
            self.slot(&self.server).lost.add_own(1);
            crate::log::notice(format_args!(
                "{} bytes of session {session} are dropped: it was closed before they were handled (discard_timeout_request)",
                data.len()
            ));
            return;
        }
        self.count_request();
        self.departure.note(self.events.receive(&self.server, port, session, reactor, data));
    }

    /// A datagram.
    pub fn packet(&self, port: PortId, head: &PacketHead, data: &[u8]) {
        let ports = self.server.running_ports();
        let listener = &ports[port];
        let packet = Packet {
            port,
            server_socket: listener.sockets[0].as_raw_fd(),
            server_port: listener.number,
            data,
            address: &head.address,
            peer_port: head.peer_port,
            dispatch_time: head.dispatch_time,
        };
        self.count_request();
        self.departure.note(self.events.packet(&self.server, packet));
    }

    /// A connection ends; `flags` as in [`close`].
    pub fn closed(&self, port: PortId, session: SessionId, reactor: i32, flags: u8) {
        if flags & close::CALL == 0 || self.departure.is_over() {
            return;
        }
        let mut was_websocket = false;
        if let Ok(entry) = self.server.shared().table.find(session) {
            entry.start_closing();
            entry.mark(flag::BY_SERVER, flags & close::BY_SERVER != 0);
            was_websocket = entry.has(flag::WEBSOCKET);
        }
        let reactor = if flags & close::BY_SERVER != 0 { -1 } else { reactor };
        self.server.while_closing(session, || {
            let wants_disconnect = self.server.running_ports().get(port).is_some_and(|port| port.wants.disconnect);
            self.departure.note(if wants_disconnect && !was_websocket {
                self.events.disconnect(&self.server, port, session)
            } else {
                self.events.close(&self.server, port, session, reactor)
            });
        });
    }

    /// A watermark was crossed.
    pub fn level(&self, port: PortId, session: SessionId, full: bool) {
        let flow = if full {
            self.events.buffer_full(&self.server, port, session)
        } else {
            self.events.buffer_empty(&self.server, port, session)
        };
        self.departure.note(flow);
    }

    /// Takes `count` bytes off what waits for this worker on a connection. True: the owner held the
    /// connection back for it and is to be told.
    pub fn taken(&self, session: SessionId, count: usize, limit: usize) -> bool {
        let shared = self.server.shared();
        let Some(entry) = shared.table.place(session).map(|p| shared.table.at(p)).filter(|e| e.session() == session)
        else {
            return false;
        };
        let take = |queued: u64| Some(queued.saturating_sub(count as u64));
        let left = entry
            .recv_queued
            .fetch_update(Relaxed, Relaxed, take)
            .map_or(0, |before| before.saturating_sub(count as u64));
        let held = left < limit as u64 && entry.flags.fetch_and(!flag::HELD, Relaxed) & flag::HELD != 0;
        held && matches!(entry.state(), State::Open)
    }
}
