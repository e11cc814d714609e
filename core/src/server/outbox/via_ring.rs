//! The outbox of a PROCESS worker: a ring to each reactor.
//!
//! Runs in: worker.

use super::Outbox;
use crate::error::{Error, ErrorKind, Result};
use crate::ipc::message::Kind;
use crate::ipc::{Outgoing, Sender};
use crate::server::SessionId;
use crate::server::shared::Shared;
use crate::server::shared::connections::Entry;
use crate::server::shared::scoreboard::Phase;
use crate::sys::futex;
use std::cell::{Cell, RefCell};
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;
use std::time::{Duration, Instant};

/// How long after the begin of a batch its answers may wait for the batch's end before the reactor is
/// woken for them. Those to a message that came alone never wait. A reactor that has handed out messages looks by itself after a millisecond, and again, so an
/// answer that is given at once by a callback that then blocks is not held up by this for long.
const GATHER: Duration = Duration::from_micros(50);

/// The rings of one worker to the reactors.
#[derive(Debug)]
pub struct ViaRing {
    shared: Arc<Shared>,
    lanes: RefCell<Vec<Sender>>,
    /// the reactor whose messages are being handled, and since when
    batch: Cell<Option<(usize, Instant)>>,
    /// the message in hand came alone
    alone: Cell<bool>,
    /// that reactor has been sent something that it was not woken for
    pending: Cell<bool>,
}

impl ViaRing {
    /// Takes the sending ends of worker `worker`.
    pub fn attach(shared: &Arc<Shared>, worker: usize) -> ViaRing {
        let lanes = (0..shared.size.reactors).map(|r| Sender::attach(shared.to_reactor(worker, r))).collect();
        ViaRing {
            shared: shared.clone(),
            lanes: RefCell::new(lanes),
            batch: Cell::new(None),
            alone: Cell::new(true),
            pending: Cell::new(false),
        }
    }

    /// A batch of messages of reactor `r` is going to be handled.
    pub fn begin(&self, r: usize) {
        self.batch.set(Some((r, Instant::now())));
    }

    /// A message of the batch is going to be handled; `alone`: it came by itself.
    pub fn next(&self, alone: bool) {
        self.alone.set(alone);
    }

    /// How long ago the batch was begun.
    pub fn batch_age(&self) -> Duration {
        self.batch.get().map_or(Duration::ZERO, |(_, begun)| begun.elapsed())
    }

    /// The batch is handled: the reactor is woken for its answers.
    pub fn end(&self) {
        if let Some((r, _)) = self.batch.take()
            && self.pending.take()
        {
            self.shared.wake_reactor(r);
        }
    }

    /// Pushes to reactor `r`, waiting while the ring is full, and wakes it.
    pub fn push(&self, r: usize, message: Outgoing<'_>) -> Result<()> {
        let mut lanes = self.lanes.borrow_mut();
        let lane = &mut lanes[r];
        let mut sent = 0;
        while !lane.push(message, &mut sent) {
            self.shared.wake_reactor(r);
            if lane.wait_for_room(message.size() - sent) {
                futex::wait(lane.memory().waiting_word(), 1, Duration::from_millis(100));
            }
            if self.shared.board.phase() == Phase::Done {
                return Err(Error::new(
                    ErrorKind::WorkerTerminated,
                    "the server has shut down: nothing can be sent any more",
                ));
            }
        }
        drop(lanes);
        match self.batch.get() {
            Some((source, begun)) if source == r && !self.alone.get() && begun.elapsed() < GATHER => {
                self.pending.set(true)
            }
            _ => self.shared.wake_reactor(r),
        }
        Ok(())
    }
}

impl Outbox for ViaRing {
    fn post(&self, entry: &Entry, kind: Kind, session: SessionId, head: &[u8], body: &[u8]) -> Result<()> {
        let reactor = entry.owner.load(Relaxed) as usize;
        let port = entry.port.load(Relaxed) as u16;
        self.push(reactor, Outgoing { kind, port, session, head, body })
    }

    fn attend(&self) {
        if let Some((r, _)) = self.batch.get()
            && self.pending.take()
        {
            self.shared.wake_reactor(r);
        }
    }
}
