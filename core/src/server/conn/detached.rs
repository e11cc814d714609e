//! Answers that were detached: who has them, and what becomes of them when that process ends.
//!
//! Whoever detaches an answer has it until another process takes it up by `Response::create`. When a process dies, what it had is answered by 500. One
//! that leaves in order, or while tasks that it gave are not done, may have told somebody: then it is waited for `http_detach_timeout`.

use super::connection::hold;
use super::side::SocketSide;
use crate::log;
use crate::server::SessionId;
use crate::server::port::HttpPort;
use crate::server::shared::connections::Holding;
use std::sync::atomic::Ordering::Acquire;
use std::time::Duration;

/// A detached answer whose process has ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Orphan {
    session: SessionId,
    holding: Holding,
}

impl Orphan {
    /// Number of the process that had it.
    pub fn process(&self) -> usize {
        self.holding.process.into()
    }
}

impl SocketSide {
    /// Who has the answer that is awaited at `place`, if it was detached and that process has ended.
    pub(super) fn orphan(&self, place: usize) -> Option<Orphan> {
        let connection = self.get(place)?;
        let http = connection.http.as_ref().filter(|http| http.is_detached())?;
        let holding = self.entry(place).holding().filter(|holding| http.turn() == holding.turn)?;
        let slot = self.shared.board.workers.get(usize::from(holding.process))?;
        let awaited = connection.held & hold::ANSWERING != 0;
        let lives = slot.pid.load(Acquire) as i32 == holding.who.number();
        (awaited && !lives).then_some(Orphan { session: connection.session, holding })
    }

    /// Detached answers whose processes have ended. All that these have sent is to be done before they are given up.
    pub fn orphans(&self) -> Vec<Orphan> {
        self.places().into_iter().filter_map(|place| self.orphan(place)).collect()
    }

    /// What becomes of them. Those that were answered or taken up meanwhile are left alone.
    pub fn settle(&mut self, orphans: &[Orphan]) {
        let now = crate::event::clock::now_micros();
        for orphan in orphans {
            let Some(place) = self.place(orphan.session) else { continue };
            if self.orphan(place) != Some(*orphan) {
                continue;
            }
            let slot = &self.shared.board.workers[orphan.process()];
            let may_have_told = slot.left.load(Acquire) == orphan.holding.who.bits() || slot.tasking() > 0;
            if orphan.holding.taken || !may_have_told {
                log::notice(format_args!(
                    "session {}: its answer was detached, and process {} died that had it: 500",
                    orphan.session,
                    orphan.holding.who.number()
                ));
                self.give_up_request(place);
            } else if let Some(http) = self.get_mut(place).and_then(|c| c.http.as_mut()) {
                http.orphan_since = now;
            }
        }
    }

    /// Gives an answer up whose process has left, and that nobody has taken up in time. How long it still has; None: it is no such one.
    pub(super) fn look_at_orphan(&mut self, place: usize, port: &HttpPort, now: u64) -> Option<Duration> {
        let is_orphan = self.orphan(place).is_some();
        let http = self.get_mut(place)?.http.as_mut().filter(|http| http.orphan_since != 0)?;
        if !is_orphan {
            http.orphan_since = 0;
            return None;
        }
        let waited = Duration::from_micros(now.saturating_sub(http.orphan_since));
        if port.detach_timeout.is_zero() {
            return None;
        }
        let left = port.detach_timeout.saturating_sub(waited);
        if left.is_zero() {
            let session = self.get(place)?.session;
            log::notice(format_args!(
                "session {session}: its answer was detached, and nobody has taken it up since its worker left (http_detach_timeout): 500"
            ));
            self.give_up_request(place);
            return None;
        }
        Some(left)
    }
}
