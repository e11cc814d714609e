//! A reactor's way to its workers: a ring each, and a backlog for what does not fit.
//!
//! Runs in: master, reactor thread.

use crate::ipc::message::Kind;
use crate::ipc::{Outgoing, Sender};
use crate::server::SessionId;
use crate::server::shared::Shared;
use std::collections::VecDeque;
use std::sync::Arc;

/// A message that found the ring full.
#[derive(Debug)]
struct Waiting {
    kind: Kind,
    port: u16,
    session: SessionId,
    bytes: Vec<u8>,
    sent: usize,
}

impl Waiting {
    /// Whether `position` is where the first of it was written: nothing was before, and something is now.
    fn begins(&self, sent: usize) -> bool {
        self.kind == Kind::Request && self.sent == 0 && sent > 0
    }
}

/// A `Close` that a worker has not answered.
#[derive(Debug, Clone, Copy)]
struct Unheard {
    session: SessionId,
    /// how far the ring was written with it
    position: u64,
}

/// The way to one worker.
#[derive(Debug)]
struct Lane {
    sender: Sender,
    /// Bounded: a connection or port that has put data here is not read until it is empty.
    backlog: VecDeque<Waiting>,
    /// connections and ports that wait for that
    stalled: Vec<SessionId>,
    unheard: VecDeque<Unheard>,
    /// how far the ring was written before the last message that was sent at once, or in part
    before: Option<u64>,
    /// requests that waited and were written since, with how far the ring was written without them
    begun: Vec<(SessionId, u64)>,
    /// deaths of this worker that have been dealt with
    deaths: u32,
    /// records pushed since the worker was last looked at
    touched: u32,
    /// the worker may be giving answers without ringing for them
    owes: bool,
}

/// The ways to all workers.
#[derive(Debug)]
pub struct Lanes {
    shared: Arc<Shared>,
    lanes: Vec<Lane>,
}

impl Lanes {
    /// Takes the sending ends of reactor `reactor`.
    pub fn attach(shared: &Arc<Shared>, reactor: usize) -> Lanes {
        let lane = |w| Lane {
            sender: Sender::attach(shared.to_worker(reactor, w)),
            backlog: VecDeque::new(),
            stalled: Vec::new(),
            unheard: VecDeque::new(),
            before: None,
            begun: Vec::new(),
            deaths: 0,
            touched: 0,
            owes: false,
        };
        Lanes { shared: shared.clone(), lanes: (0..shared.size.workers).map(lane).collect() }
    }

    /// Sends a message to worker `w`. False: it waits in the backlog, and its source must not be read
    /// until `flush` names it (`session`; a port is its number's complement).
    #[must_use]
    pub fn send(&mut self, w: usize, message: Outgoing<'_>, source: SessionId) -> bool {
        let lane = &mut self.lanes[w];
        let mut sent = 0;
        let before = lane.sender.position();
        lane.before = Some(before);
        if lane.backlog.is_empty() && lane.sender.push(message, &mut sent) {
            lane.pushed(message.kind, message.session);
            return true;
        }
        lane.before = (sent > 0).then_some(before);
        lane.touched += 2 * u32::from(sent > 0);
        let bytes = [message.head, message.body].concat();
        lane.backlog.push_back(Waiting {
            kind: message.kind,
            port: message.port,
            session: message.session,
            bytes,
            sent,
        });
        if matches!(message.kind, Kind::Data | Kind::Packet | Kind::Request | Kind::Frame) {
            lane.stalled.push(source);
            return false;
        }
        true
    }

    /// How far the ring to worker `w` was written before the message that was sent last. None: that one waits as a whole.
    pub fn position_before(&self, w: usize) -> Option<u64> {
        self.lanes[w].before
    }

    /// Requests that had waited and that `flush` has written, in part at least: worker, session, and how far the ring was written before.
    pub fn take_begun(&mut self) -> Vec<(usize, SessionId, u64)> {
        let lanes = self.lanes.iter_mut().enumerate();
        lanes.flat_map(|(w, lane)| lane.begun.drain(..).map(move |(session, at)| (w, session, at))).collect()
    }

    /// How far worker `w`'s last process that died had read.
    pub fn buried(&self, w: usize) -> u64 {
        self.lanes[w].sender.memory().buried()
    }

    /// Whether nothing waits for worker `w`; else `source` is named by `flush` when that is so.
    pub fn has_room(&mut self, w: usize, source: SessionId) -> bool {
        let lane = &mut self.lanes[w];
        if lane.backlog.is_empty() {
            return true;
        }
        lane.stalled.push(source);
        false
    }

    /// Pushes what waits. Gives back the sources that may be read again.
    pub fn flush(&mut self) -> Vec<SessionId> {
        let mut freed = Vec::new();
        for lane in self.lanes.iter_mut().filter(|lane| !lane.backlog.is_empty()) {
            while let Some(front) = lane.backlog.front_mut() {
                let message = Outgoing {
                    kind: front.kind,
                    port: front.port,
                    session: front.session,
                    head: &front.bytes,
                    body: &[],
                };
                let mut sent = front.sent;
                let before = lane.sender.position();
                if lane.sender.push(message, &mut sent) {
                    let (kind, session) = (front.kind, front.session);
                    if front.begins(sent) {
                        lane.begun.push((session, before));
                    }
                    lane.backlog.pop_front();
                    lane.pushed(kind, session);
                    continue;
                }
                lane.touched += 2 * u32::from(sent > front.sent);
                if front.begins(sent) {
                    lane.begun.push((front.session, before));
                }
                front.sent = sent;
                let left = front.bytes.len() - sent;
                if lane.sender.wait_for_room(left) {
                    break;
                }
            }
            if lane.backlog.is_empty() {
                freed.append(&mut lane.stalled);
            }
        }
        freed
    }

    /// Whether everything has been pushed.
    pub fn is_flushed(&self) -> bool {
        self.lanes.iter().all(|lane| lane.backlog.is_empty())
    }

    /// Wakes the workers that have been sent something. True: there was one.
    pub fn ring(&mut self) -> bool {
        let mut any = false;
        for (w, lane) in self.lanes.iter_mut().enumerate() {
            let pushed = std::mem::take(&mut lane.touched);
            if pushed > 0 {
                any = true;
                // One that slept and finds a single message rings for its answer at once.
                lane.owes |= !(self.shared.wake_worker(w) && pushed == 1);
            }
        }
        any
    }

    /// Whether a worker may be giving answers without ringing for them: it has been sent something, and
    /// has not gone to sleep since.
    pub fn owed(&mut self) -> bool {
        let mut any = false;
        for (w, lane) in self.lanes.iter_mut().enumerate().filter(|(_, lane)| lane.owes) {
            // In this order: one that says "asleep" with messages before it is about to find them.
            lane.owes = lane.sender.memory().used() > 0 || !self.shared.board.workers[w].sleeper.is_asleep();
            any |= lane.owes;
        }
        any
    }

    /// Worker `w` has answered the `Close` of `session`. False: it had been given up.
    pub fn heard(&mut self, w: usize, session: SessionId) -> bool {
        let unheard = &mut self.lanes[w].unheard;
        let found = unheard.iter().position(|u| u.session == session);
        found.map(|at| unheard.remove(at)).is_some()
    }

    /// Whether worker `w` has died since the last call.
    pub fn has_died(&mut self, w: usize) -> bool {
        let deaths = self.shared.board.workers[w].deaths.load(std::sync::atomic::Ordering::Acquire);
        std::mem::replace(&mut self.lanes[w].deaths, deaths) != deaths
    }

    /// After the death of worker `w`, when everything it sent has been received: sessions whose `Close` it had taken
    /// and not answered.
    pub fn unheard_of(&mut self, w: usize) -> Vec<SessionId> {
        let lane = &mut self.lanes[w];
        let memory = lane.sender.memory();
        let (taken, kept): (VecDeque<Unheard>, _) = lane.unheard.iter().partition(|u| u.position <= memory.buried());
        lane.unheard = kept;
        taken.into_iter().map(|u| u.session).collect()
    }
}

impl Lane {
    fn pushed(&mut self, kind: Kind, session: SessionId) {
        self.touched += 1;
        if kind == Kind::Close {
            self.unheard.push_back(Unheard { session, position: self.sender.position() });
        }
    }
}
