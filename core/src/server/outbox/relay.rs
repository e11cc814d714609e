//! BASE: the way from any process to the workers that hold the sockets: their inboxes.
//!
//! Runs in: worker, task worker, user process (BASE).

use super::{FileAnswer, Outbox};
use crate::error::{Error, ErrorKind, Result};
use crate::ipc::message::Kind;
use crate::ipc::{Outgoing, Sender};
use crate::server::SessionId;
use crate::server::shared::Shared;
use crate::server::shared::connections::Entry;
use crate::sys::process;
use std::cell::RefCell;
use std::collections::VecDeque;
use std::os::unix::ffi::OsStrExt;
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;
use std::time::{Duration, Instant};

/// Bytes that may wait here for another worker to make room in its inbox.
const WAITING_LIMIT: usize = 64 << 20;

/// How long a process without sockets waits for room in an inbox, each time it sends; what is left then waits here.
const PATIENCE: Duration = Duration::from_millis(100);

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

/// The way to the workers' inboxes. By itself it is the outbox of a process that holds no sockets.
#[derive(Debug)]
pub struct Relay {
    shared: Arc<Shared>,
    /// this process's number
    worker: usize,
    /// by worker number
    waiting: RefCell<Vec<Queue>>,
}

impl Relay {
    /// For the process with number `worker`.
    pub fn new(shared: &Arc<Shared>, worker: usize) -> Relay {
        let waiting = (0..shared.size.workers).map(|_| Queue::default()).collect();
        Relay { shared: shared.clone(), worker, waiting: RefCell::new(waiting) }
    }

    /// Sends a message to the worker that holds the session. Several workers write to one inbox, so each
    /// record is whole in itself: a long message goes in pieces, which the receiver puts together by sender.
    /// What does not fit waits here, so a worker that is stuck holds nobody up.
    pub fn forward(&self, to: usize, kind: Kind, session: SessionId, bytes: &[u8]) -> Result<()> {
        let mut waiting = self.waiting.borrow_mut();
        let queue = &mut waiting[to];
        queue.check_room(to, session, bytes.len())?;
        let step = Sender::attach(self.shared.inbox(to)).max_record();
        let end = match kind {
            Kind::Send => Kind::EndSend,
            Kind::SendAndTell => Kind::EndSendAndTell,
            Kind::Answer => Kind::EndAnswer,
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

    /// As [`Relay::forward`], for the end of an answer that is a file: its head may be too long for one record.
    pub fn forward_file(&self, to: usize, session: SessionId, answer: &FileAnswer<'_>) -> Result<()> {
        let FileAnswer { flags: [flags, turn], head, file, part, path } = answer;
        let part = part.of(file).map_err(|e| Error::system(format_args!("sendfile: {}", path.display()), &e))?;
        let path = path.as_os_str().as_bytes();
        let length = u16::try_from(path.len()).unwrap_or_default().to_ne_bytes();
        let head = [&[0, *turn], *head].concat();
        let payload = [&[*flags, *turn][..], &part.to_bytes(), &length, path].concat();
        // Both or none: behind a head without its file another answer would follow.
        self.waiting.borrow()[to].check_room(to, session, head.len() + payload.len())?;
        self.forward(to, Kind::Answer, session, &head)?;
        self.forward(to, Kind::AnswerFile, session, &payload)
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

    /// Pushes what waits, until nothing does or `limit` is over.
    fn flush_within(&self, limit: Duration) {
        let deadline = Instant::now() + limit;
        while self.flush() && Instant::now() < deadline {
            std::thread::sleep(Duration::from_millis(1));
        }
    }
}

impl Queue {
    /// Whether so many bytes more may wait for worker `to`; else the error that says why not.
    fn check_room(&self, to: usize, session: SessionId, more: usize) -> Result<()> {
        if self.bytes + more <= WAITING_LIMIT {
            return Ok(());
        }
        Err(Error::new(
            ErrorKind::QueueFull,
            format!(
                "worker {to}, which holds session {session}, does not take messages: {} bytes wait for it already, {more} more were not sent",
                self.bytes
            ),
        ))
    }

    fn push(&mut self, record: Waiting) {
        self.bytes += record.bytes.len();
        self.records.push_back(record);
    }
}

impl Outbox for Relay {
    fn post(&self, entry: &Entry, kind: Kind, session: SessionId, head: &[u8], body: &[u8]) -> Result<()> {
        let owner = entry.owner.load(Relaxed) as usize;
        self.forward(owner, kind, session, &[head, body].concat())?;
        self.flush_within(PATIENCE);
        Ok(())
    }

    fn post_file(&self, entry: &Entry, session: SessionId, answer: FileAnswer<'_>) -> Result<()> {
        self.forward_file(entry.owner.load(Relaxed) as usize, session, &answer)?;
        self.flush_within(PATIENCE);
        Ok(())
    }

    fn flush(&self) -> bool {
        Relay::flush(self)
    }

    fn finish(&self, limit: Duration) {
        self.flush_within(limit);
    }

    fn attend(&self) {
        self.flush();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ipc::message::FileHead;
    use crate::server::shared::Dimensions;
    use std::fs::File;
    use std::path::Path;

    #[test]
    fn the_head_of_a_file_does_not_go_without_the_file() {
        let shared = Shared::new(Dimensions {
            reactors: 2,
            workers: 2,
            tasks: 0,
            users: 0,
            task_bytes: 0,
            ports: 1,
            connections: 16,
            certificates: false,
            ring_bytes: Some(64 << 10),
            process_mode: false,
        })
        .unwrap();
        let relay = Relay::new(&shared, 0);
        // Nobody takes anything, and 100 bytes may wait besides: enough for the head alone.
        while relay.forward(1, Kind::Send, 5, &[0; 1 << 20]).is_ok() {}
        let left = WAITING_LIMIT - relay.waiting.borrow()[1].bytes - 100;
        relay.forward(1, Kind::Send, 5, &vec![0; left]).unwrap();
        let waiting = || relay.waiting.borrow()[1].bytes;
        assert_eq!(waiting(), WAITING_LIMIT - 100);
        let answer = FileAnswer {
            flags: [1, 1],
            head: &[b'x'; 60],
            file: File::open("/proc/self/exe").unwrap(),
            part: FileHead { offset: 0, length: 1, identity: [0; 2] },
            path: Path::new("/proc/self/exe"),
        };
        assert_eq!(relay.forward_file(1, 5, &answer).map_err(|e| e.kind()), Err(ErrorKind::QueueFull));
        assert_eq!(waiting(), WAITING_LIMIT - 100);
    }
}
