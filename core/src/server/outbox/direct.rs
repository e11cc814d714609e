//! The outbox of a BASE worker: its own sockets, and the inboxes of the other workers.
//!
//! Runs in: worker (BASE).

use super::Outbox;
use crate::error::{Error, ErrorKind, Result};
use crate::ipc::message::Kind;
use crate::ipc::{Outgoing, Parcel, Receiver, Sender};
use crate::server::SessionId;
use crate::server::conn::side::SocketSide;
use crate::server::conn::step;
use crate::server::shared::Shared;
use crate::server::shared::connections::Entry;
use crate::sys::process;
use std::cell::RefCell;
use std::collections::{HashMap, VecDeque};
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;

/// Bytes that may wait here for another worker to make room in its inbox.
const WAITING_LIMIT: usize = 64 << 20;

/// Messages taken from the inbox in one go.
const AT_ONCE: usize = 256;

/// One record for another worker's inbox.
#[derive(Debug)]
struct Waiting {
    kind: Kind,
    session: SessionId,
    bytes: Vec<u8>,
}

/// What waits for another worker, in order.
#[derive(Debug, Default)]
struct Queue {
    records: VecDeque<Waiting>,
    bytes: usize,
}

/// The beginning of a long message.
#[derive(Debug)]
struct Begun {
    /// how many processes of the sending worker had ended then
    deaths: u32,
    bytes: Vec<u8>,
}

/// The sockets of this worker, and the way to the others.
#[derive(Debug)]
pub struct Direct {
    shared: Arc<Shared>,
    worker: usize,
    side: Rc<RefCell<SocketSide>>,
    inbox: RefCell<Receiver>,
    /// by worker number
    waiting: RefCell<Vec<Queue>>,
    /// beginnings of long messages, by sending worker and session, until their ends come
    parts: RefCell<HashMap<(u16, SessionId), Begun>>,
}

impl Direct {
    /// For the worker that holds `side`.
    pub fn new(side: Rc<RefCell<SocketSide>>) -> Direct {
        let (shared, worker) = {
            let side = side.borrow();
            (Arc::clone(&side.shared), side.number)
        };
        let waiting = (0..shared.size.workers).map(|_| Queue::default()).collect();
        let inbox = RefCell::new(Receiver::attach(shared.inbox(worker)));
        Direct { shared, worker, side, inbox, waiting: RefCell::new(waiting), parts: RefCell::default() }
    }

    /// Sends a message to the worker that holds the session. Several workers write to one inbox, so each
    /// record is whole in itself: a long message goes in pieces, which the receiver puts together by sender.
    /// What does not fit waits here, so a worker that is stuck holds nobody up.
    fn forward(&self, to: usize, kind: Kind, session: SessionId, bytes: &[u8]) -> Result<()> {
        let mut waiting = self.waiting.borrow_mut();
        let queue = &mut waiting[to];
        if queue.bytes + bytes.len() > WAITING_LIMIT {
            return Err(Error::new(
                ErrorKind::QueueFull,
                format!(
                    "worker {to}, which holds session {session}, does not take messages: {} bytes wait for it already, {} more were not sent",
                    queue.bytes,
                    bytes.len()
                ),
            ));
        }
        let step = Sender::attach(self.shared.inbox(to)).max_record();
        let end = match kind {
            Kind::Send => Kind::EndSend,
            Kind::SendAndTell => Kind::EndSendAndTell,
            // The longest of the others is a file's path.
            _ => kind,
        };
        let count = bytes.len().div_ceil(step).max(1);
        for (i, piece) in bytes.chunks(step).chain(bytes.is_empty().then_some(bytes)).enumerate() {
            let kind = match i {
                _ if count == 1 => kind,
                0 => Kind::Begin,
                _ if i + 1 == count => end,
                _ => Kind::Part,
            };
            queue.push(Waiting { kind, session, bytes: piece.to_vec() });
        }
        self.push(to, queue);
        Ok(())
    }

    /// Pushes what fits into another worker's inbox.
    fn push(&self, to: usize, queue: &mut Queue) {
        let guard = self.shared.inbox_lock(to).lock(process::pid());
        let mut lane = Sender::attach(self.shared.inbox(to));
        while let Some(record) = queue.records.front() {
            let (kind, session) = (record.kind, record.session);
            let message = Outgoing { kind, port: self.worker as u16, session, head: &record.bytes, body: &[] };
            if !lane.push(message, &mut 0) {
                break;
            }
            queue.bytes -= record.bytes.len();
            queue.records.pop_front();
        }
        drop(guard);
        self.shared.wake_worker(to);
    }

    /// Pushes what waits. True: something still does.
    pub fn flush(&self) -> bool {
        let mut waiting = self.waiting.borrow_mut();
        let mut left = false;
        for (to, queue) in waiting.iter_mut().enumerate().filter(|(_, queue)| !queue.records.is_empty()) {
            self.push(to, queue);
            left |= !queue.records.is_empty();
        }
        left
    }

    /// Whether another worker asked for something.
    pub fn has_mail(&self) -> bool {
        !self.inbox.borrow().is_empty()
    }

    /// Does what other workers asked for.
    pub fn take_in(&self) {
        let mut inbox = self.inbox.borrow_mut();
        if !inbox.is_empty() {
            inbox.drain(AT_ONCE, |message| self.receive(message));
            inbox.release();
        }
    }

    fn receive(&self, message: Parcel<'_>) {
        let key = (message.port, message.session);
        let mut parts = self.parts.borrow_mut();
        let whole = match message.kind {
            Kind::Begin => {
                // One that was begun before lost its sender.
                let deaths = self.deaths(message.port.into());
                parts.insert(key, Begun { deaths, bytes: message.bytes().to_vec() });
                return;
            }
            Kind::Part => {
                if let Some(begun) = parts.get_mut(&key) {
                    begun.bytes.extend_from_slice(message.bytes());
                }
                return;
            }
            Kind::EndSend => Kind::Send,
            Kind::EndSendAndTell => Kind::SendAndTell,
            _ => {
                drop(parts);
                return step::carry_out(&mut self.side.borrow_mut(), message);
            }
        };
        let begun = parts.remove(&key);
        drop(parts);
        let mut side = self.side.borrow_mut();
        match begun {
            Some(begun) => {
                step::carry_out(&mut side, Parcel { kind: whole, parts: &[&begun.bytes, message.bytes()], ..message });
            }
            None => side.figures().undeliverable.add_own(1),
        }
    }

    fn deaths(&self, worker: usize) -> u32 {
        self.shared.board.workers.get(worker).map_or(0, |slot| slot.deaths.load(Relaxed))
    }

    /// Drops what workers had begun to send that have died since.
    pub fn forget_the_dead(&self) {
        self.parts.borrow_mut().retain(|(from, _), begun| begun.deaths == self.deaths((*from).into()));
    }
}

impl Queue {
    fn push(&mut self, record: Waiting) {
        self.bytes += record.bytes.len();
        self.records.push_back(record);
    }
}

impl Outbox for Direct {
    fn post(&self, entry: &Entry, kind: Kind, session: SessionId, head: &[u8], body: &[u8]) -> Result<()> {
        let owner = entry.owner.load(Relaxed) as usize;
        let joined;
        let bytes = match (head, body) {
            (head, []) => head,
            ([], body) => body,
            _ => {
                joined = [head, body].concat();
                &joined
            }
        };
        if owner != self.worker {
            return self.forward(owner, kind, session, bytes);
        }
        step::carry_out(&mut self.side.borrow_mut(), Parcel { kind, port: 0, session, parts: &[bytes] });
        Ok(())
    }

    fn attend(&self) {
        self.flush();
        self.take_in();
        let mut side = self.side.borrow_mut();
        for place in side.places() {
            side.flush(place);
        }
    }
}
