//! The outbox of a BASE worker: its own sockets, and the inboxes of the other workers.
//!
//! Runs in: worker (BASE).

use super::relay::Relay;
use super::{FileAnswer, Outbox};
use crate::error::Result;
use crate::ipc::message::Kind;
use crate::ipc::{Parcel, Receiver};
use crate::server::SessionId;
use crate::server::conn::side::SocketSide;
use crate::server::conn::step;
use crate::server::shared::Shared;
use crate::server::shared::connections::Entry;
use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;

/// Messages taken from the inbox in one go.
const AT_ONCE: usize = 256;

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
    others: Relay,
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
        let inbox = RefCell::new(Receiver::attach(shared.inbox(worker)));
        let others = Relay::new(&shared, worker);
        Direct { shared, worker, side, inbox, others, parts: RefCell::default() }
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
            Kind::EndAnswer => Kind::Answer,
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

impl Outbox for Direct {
    fn post(&self, entry: &Entry, kind: Kind, session: SessionId, head: &[u8], body: &[u8]) -> Result<()> {
        let owner = entry.owner.load(Relaxed) as usize;
        let (joined, pair);
        let parts: &[&[u8]] = match (head, body, kind) {
            (head, [], _) => &[head],
            (_, _, Kind::Answer) if owner == self.worker => {
                pair = [head, body];
                &pair
            }
            _ => {
                joined = [head, body].concat();
                &[&joined]
            }
        };
        if owner != self.worker {
            return self.others.forward(owner, kind, session, parts[0]);
        }
        step::carry_out(&mut self.side.borrow_mut(), Parcel { kind, port: 0, session, parts });
        Ok(())
    }

    fn post_file(&self, entry: &Entry, session: SessionId, answer: FileAnswer<'_>) -> Result<()> {
        let owner = entry.owner.load(Relaxed) as usize;
        if owner != self.worker {
            return self.others.forward_file(owner, session, &answer);
        }
        let mut side = self.side.borrow_mut();
        if let Some(place) = side.writable_place(session) {
            side.answer_by_file(place, answer.flags, answer.head, answer.file, answer.part);
        }
        Ok(())
    }

    fn flush(&self) -> bool {
        self.others.flush()
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
