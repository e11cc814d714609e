//! The outbox of a BASE worker: its own sockets, and the inboxes of the other workers.
//!
//! Runs in: worker (BASE).

use super::Outbox;
use crate::error::{Error, ErrorKind, Result};
use crate::ipc::message::Kind;
use crate::ipc::{Outgoing, Parcel, Sender};
use crate::server::SessionId;
use crate::server::conn::side::SocketSide;
use crate::server::conn::step;
use crate::server::shared::Shared;
use crate::server::shared::connections::Entry;
use crate::sys::process;
use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;
use std::time::{Duration, Instant};

/// How long a message may wait for room in another worker's inbox.
const PATIENCE: Duration = Duration::from_secs(1);

/// The sockets of this worker, and the way to the others.
#[derive(Debug)]
pub struct Direct {
    shared: Arc<Shared>,
    worker: usize,
    side: Rc<RefCell<SocketSide>>,
}

impl Direct {
    /// For the worker that holds `side`.
    pub fn new(side: Rc<RefCell<SocketSide>>) -> Direct {
        let (shared, worker) = {
            let side = side.borrow();
            (side.shared.clone(), side.number)
        };
        Direct { shared, worker, side }
    }

    /// Puts a message into another worker's inbox. Several workers write to it, so one at a time; and two
    /// workers may be writing to each other, so nobody waits for ever: after a second the message is refused.
    fn forward(&self, to: usize, message: Outgoing<'_>) -> Result<()> {
        let begun = Instant::now();
        let guard = self.shared.inbox_lock(to).lock(process::pid());
        let mut lane = Sender::attach(self.shared.inbox(to));
        let mut sent = 0;
        while !lane.push(message, &mut sent) {
            self.shared.wake_worker(to);
            if begun.elapsed() > PATIENCE {
                // What was pushed of it is dropped by the receiver, since its rest never comes.
                drop(guard);
                return Err(Error::new(
                    ErrorKind::QueueFull,
                    format!(
                        "worker {to}, which holds session {}, does not take messages: {} bytes were not sent",
                        message.session,
                        message.size()
                    ),
                ));
            }
            std::thread::sleep(Duration::from_micros(200));
        }
        drop(guard);
        self.shared.wake_worker(to);
        Ok(())
    }
}

impl Outbox for Direct {
    fn post(&self, entry: &Entry, kind: Kind, session: SessionId, head: &[u8], body: &[u8]) -> Result<()> {
        let owner = entry.owner.load(Relaxed) as usize;
        let port = entry.port.load(Relaxed) as u16;
        if owner != self.worker {
            return self.forward(owner, Outgoing { kind, port, session, head, body });
        }
        let mut side = self.side.borrow_mut();
        if kind == Kind::SendFile {
            step::carry_out(&mut side, Parcel { kind, port, session, parts: &[&[head, body].concat()] });
        } else {
            step::carry_out(
                &mut side,
                Parcel { kind, port, session, parts: &[if head.is_empty() { body } else { head }] },
            );
        }
        Ok(())
    }

    fn attend(&self) {
        let mut side = self.side.borrow_mut();
        for place in side.places() {
            side.flush(place);
        }
    }
}
