//! Socket pools: the connections of one worker. Each brings messages of 4 bytes of length, big-endian, and so many bytes, one after another.
//!
//! All workers wait at the same listening sockets; who is free accepts one connection at a time and keeps it. A connection that
//! is slow or silent costs its memory and nothing else.

use super::worker::Worker;
use crate::error::{Error, Result};
use crate::event::{self, Flow, Interest, Source};
use crate::log;
use crate::net::outgoing::OutQueue;
use crate::protocol::{Framing, LengthField, LengthType, Progress, Protocol, Verdict};
use crate::sys::fd::{self, Asked, Interrupt};
use crate::sys::process;
use socket2::Socket;
use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::io::{self, Read as _};
use std::net::Shutdown;
use std::os::fd::AsRawFd as _;
use std::rc::{Rc, Weak};
use std::time::{Duration, Instant};

/// Bytes of the length.
pub(super) const HEAD: usize = 4;
/// Messages of one connection before others have their turn.
const AT_ONCE: usize = 16;
/// Bytes read at once.
const READ: usize = 64 << 10;
/// Reads of one connection before others have their turn.
const READS: usize = 16;
/// While more than this waits for a client, no more messages of it are handled.
const HIGH: u64 = 1 << 20;
/// How long a client that was refused may take to close.
const PATIENCE: Duration = Duration::from_secs(1);
/// How long a worker that leaves waits for the first message of a client that has just connected: it is on its way.
const FIRST: Duration = Duration::from_millis(100);
/// How often a worker that leaves looks whether a client has fallen silent.
const LOOK: Duration = Duration::from_millis(100);
/// How long no descriptor may be left before accepting is tried again.
const ACCEPT_AGAIN: Duration = Duration::from_millis(100);

/// The connections of one worker.
pub(super) struct Connections {
    worker: Rc<Worker>,
    protocol: Protocol,
    listeners: RefCell<Vec<Source>>,
    all: RefCell<HashMap<u64, Rc<Connection>>>,
    next: Cell<u64>,
    scratch: RefCell<Vec<u8>>,
}

struct Connection {
    number: u64,
    socket: Socket,
    source: RefCell<Option<Source>>,
    accepted: Instant,
    data: RefCell<Data>,
}

#[derive(Default)]
struct Data {
    /// what has come; handled up to `from`
    input: Vec<u8>,
    from: usize,
    progress: Progress,
    out: OutQueue,
    /// the client sends no more
    ended: bool,
    /// it broke the protocol: what it sends is thrown away
    refused: bool,
    /// a call is set that comes back to it
    is_told: Cell<bool>,
    last_heard: Option<Instant>,
}

/// What a connection has for its worker.
enum Next {
    Message(Vec<u8>),
    /// there may be more to be read, when others have had their turn
    More,
    /// nothing for now
    Wait,
    /// it is over
    Over,
}

impl Connections {
    /// Accepts from now on.
    pub fn open(worker: &Rc<Worker>) -> Result<Rc<Connections>> {
        let most = worker.running.settings.max_package_size as usize + HEAD;
        let field = LengthField { kind: LengthType::U32Be, offset: 0, body_offset: HEAD };
        let connections = Rc::new(Connections {
            worker: worker.clone(),
            protocol: Protocol::new(Framing::Length(field), most)?,
            listeners: RefCell::default(),
            all: RefCell::default(),
            next: Cell::new(0),
            scratch: RefCell::new(vec![0; READ]),
        });
        let weak = Rc::downgrade(&connections);
        process::keep_from_children(Rc::new(move |kept| {
            let Some(connections) = weak.upgrade() else { return };
            connections.all.borrow().values().for_each(|connection| kept(connection.socket.as_raw_fd()));
        }));
        for which in 0..worker.running.listening.len() {
            let weak = Rc::downgrade(&connections);
            let accept = Rc::new(move |_| {
                if let Some(connections) = weak.upgrade() {
                    accept(&connections, which);
                }
                Flow::Continue
            });
            let source = Source::new(&worker.running.listening[which].socket, Interest::READABLE, None, accept)?;
            connections.listeners.borrow_mut().push(source);
        }
        Ok(connections)
    }

    /// Looks at a listening socket again.
    fn accept_again(&self, which: usize) {
        if let Some(source) = self.listeners.borrow().get(which)
            && let Err(e) = source.set_interest(Interest::READABLE)
        {
            log::error(format_args!("worker {}: cannot watch its listening socket: {e}", self.worker.state.id));
        }
    }

    fn remove(&self, connection: &Connection) {
        let source = connection.source.take();
        let gone = self.all.borrow_mut().remove(&connection.number);
        drop((source, gone));
    }

    /// Handles up to so many of its messages, and of a worker that is leaving no further one if `serving`. Whether there may be more.
    fn pump(&self, connection: &Rc<Connection>, most: usize, serving: bool) -> bool {
        let state = &self.worker.state;
        for _ in 0..most {
            if state.is_over() || (serving && !state.takes()) {
                return true;
            }
            let next = connection.next(&self.protocol, &mut self.scratch.borrow_mut(), state.id);
            let message = match next {
                Next::Message(message) => message,
                Next::More => return true,
                Next::Wait => return false,
                Next::Over => {
                    self.remove(connection);
                    return false;
                }
            };
            state.answer.replace(Some(Vec::new()));
            self.worker.handle(&message[HEAD..]);
            let answer = state.answer.take().unwrap_or_default();
            if !answer.is_empty() {
                connection.answer(answer);
            }
        }
        true
    }

    /// Before the worker leaves: accepts no more, handles what has come, waits for what is under way, closes.
    pub fn finish(&self, until: Instant) {
        drop(self.listeners.take());
        loop {
            let all: Vec<_> = self.all.borrow().values().cloned().collect();
            let mut asked = Vec::new();
            for connection in all {
                drop(connection.source.take());
                let over = self.worker.state.is_over();
                while !over && Instant::now() < until && self.pump(&connection, AT_ONCE, false) {}
                match connection.is_under_way(self.worker.state.is_over()) {
                    (false, false) => self.remove(&connection),
                    (reads, writes) => asked.push(Asked::new(connection.socket.as_raw_fd(), reads, writes, false)),
                }
            }
            let left = until.saturating_duration_since(Instant::now());
            if asked.is_empty() || left.is_zero() {
                break;
            }
            if let Err(e) = fd::poll(&mut asked, Some(left.min(LOOK)), Interrupt::Never) {
                log::error(format_args!("worker {}: cannot wait for its connections: {e}", self.worker.state.id));
                break;
            }
        }
        let cut = self.all.take().len();
        if cut > 0 {
            log::warning(format_args!(
                "worker {}: {cut} connection(s) closed with a message or an answer under way: max_wait_time is nearly over",
                self.worker.state.id
            ));
        }
    }
}

impl Connection {
    /// The next of its messages, with its length in front.
    fn next(&self, protocol: &Protocol, scratch: &mut [u8], worker: usize) -> Next {
        let data = &mut *self.data.borrow_mut();
        if data.out.flush(&self.socket).is_err() {
            return Next::Over;
        }
        if data.out.queued() > HIGH {
            return Next::Wait;
        }
        for _ in 0..READS {
            if !data.refused {
                match protocol.next(&mut data.progress, &data.input[data.from..], &mut |_| 0) {
                    Verdict::Deliver(length) => return Next::Message(data.take(length)),
                    Verdict::More { .. } => {}
                    Verdict::Reject(_) => {
                        data.refuse(protocol.max_length() - HEAD, worker);
                        if data.out.is_empty() {
                            let _ = self.socket.shutdown(Shutdown::Write);
                        }
                    }
                }
            }
            if data.ended {
                return if data.out.is_empty() { Next::Over } else { Next::Wait };
            }
            match (&self.socket).read(scratch) {
                Ok(0) => data.ended = true,
                Ok(count) => data.add(&scratch[..count]),
                Err(e) if e.kind() == io::ErrorKind::WouldBlock => return Next::Wait,
                Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
                Err(_) => return Next::Over,
            }
        }
        // Of one that was refused nothing is wanted any more but that it closes.
        if data.refused { Next::Wait } else { Next::More }
    }

    /// Sends an answer, which has room in front for its length. What the socket does not take now is sent later.
    fn answer(&self, mut answer: Vec<u8>) {
        let length = (answer.len() - HEAD) as u32;
        answer[..HEAD].copy_from_slice(&length.to_be_bytes());
        let out = &mut self.data.borrow_mut().out;
        out.push_bytes(&answer);
        // Whether it has failed is seen by the next look at the connection.
        let _ = out.flush(&self.socket);
    }

    /// What has to happen before it can be closed by a worker that leaves: something to be read, or to be written.
    fn is_under_way(&self, over: bool) -> (bool, bool) {
        let data = &mut *self.data.borrow_mut();
        let writes = data.out.flush(&self.socket).is_ok_and(|flushed| !flushed.empty);
        let amid = match data.last_heard {
            Some(at) => data.from < data.input.len() && at.elapsed() < PATIENCE,
            None => self.accepted.elapsed() < FIRST,
        };
        (amid && !over && !data.ended && !data.refused, writes)
    }
}

impl Data {
    fn add(&mut self, bytes: &[u8]) {
        if self.refused {
            return;
        }
        if self.from > 0 {
            self.input.drain(..self.from);
            self.from = 0;
        }
        self.input.extend_from_slice(bytes);
        self.last_heard = Some(Instant::now());
    }

    fn take(&mut self, length: usize) -> Vec<u8> {
        let end = self.from + length;
        if self.from == 0 && end == self.input.len() {
            return std::mem::take(&mut self.input);
        }
        let message = self.input[self.from..end].to_vec();
        self.from = end;
        if end == self.input.len() {
            self.input.clear();
            self.from = 0;
        }
        message
    }

    fn refuse(&mut self, most: usize, worker: usize) {
        let length = self.input[self.from..].first_chunk().map_or(0, |head| u32::from_be_bytes(*head));
        log::warning(format_args!(
            "worker {worker}: a connection is closed: it announced a message of {length} bytes, max_package_size allows {most}; if that is no length, the \
             client does not send 4 bytes of length (big-endian) in front of each message"
        ));
        self.refused = true;
        (self.input, self.from) = (Vec::new(), 0);
    }
}

fn accept(connections: &Rc<Connections>, which: usize) {
    let state = &connections.worker.state;
    if !state.takes() {
        return;
    }
    let accepted = connections.worker.running.listening[which].socket.accept();
    let socket = match accepted {
        Ok((socket, _)) => socket,
        Err(e) if e.kind() == io::ErrorKind::WouldBlock => return,
        Err(e) if matches!(e.raw_os_error(), Some(libc::EMFILE | libc::ENFILE | libc::ENOBUFS | libc::ENOMEM)) => {
            log::warning(format_args!("worker {}: cannot accept a connection: {e}; trying again", state.id));
            let weak = Rc::downgrade(connections);
            let again = move |_| {
                if let Some(connections) = weak.upgrade() {
                    connections.accept_again(which);
                }
                Flow::Continue
            };
            if let Err(e) = event::after(ACCEPT_AGAIN, Rc::new(again)) {
                log::error(format_args!("{e}"));
            }
            return;
        }
        // The client has gone meanwhile.
        Err(_) => return connections.accept_again(which),
    };
    if let Err(e) = connections.add(socket, &Rc::downgrade(connections)) {
        log::warning(format_args!("worker {}: a connection is closed at once: {e}", state.id));
    }
    // Whoever else waits at the socket may come first.
    connections.accept_again(which);
}

impl Connections {
    fn add(&self, socket: Socket, weak: &Weak<Connections>) -> Result<()> {
        socket.set_nonblocking(true).map_err(|e| Error::system("cannot make it non-blocking", &e))?;
        // Fails for a Unix socket, which has no such thing.
        let _ = socket.set_tcp_nodelay(true);
        let number = self.next.replace(self.next.get() + 1);
        let (source, data) = (RefCell::default(), RefCell::default());
        let connection = Rc::new(Connection { number, socket, source, accepted: Instant::now(), data });
        let weak = weak.clone();
        let ready = Rc::new(move |_| ready(&weak, number));
        let source = Source::new(&connection.socket, Interest::READABLE | Interest::WRITABLE, None, ready)?;
        connection.source.replace(Some(source));
        self.all.borrow_mut().insert(number, connection);
        Ok(())
    }
}

/// Something has come on a connection, or there is room again.
fn ready(connections: &Weak<Connections>, number: u64) -> Flow {
    let Some(here) = connections.upgrade() else { return Flow::Continue };
    let found = here.all.borrow().get(&number).cloned();
    let Some(connection) = found else { return Flow::Continue };
    if !here.worker.state.takes() {
        return Flow::Continue;
    }
    let more = here.pump(&connection, AT_ONCE, true);
    if here.worker.state.is_leaving() {
        return here.worker.state.flow();
    }
    let refused = connection.data.borrow().refused;
    if (more || refused) && !connection.data.borrow_mut().is_told.replace(true) {
        let weak = connections.clone();
        let later = match refused {
            true => event::after(PATIENCE, Rc::new(move |_| give_up(&weak, number))).map(drop),
            false => event::defer(Box::new(move || go_on(&weak, number))),
        };
        if let Err(e) = later {
            log::error(format_args!("{e}"));
            here.remove(&connection);
        }
    }
    Flow::Continue
}

/// The others have had their turn.
fn go_on(connections: &Weak<Connections>, number: u64) -> Flow {
    if let Some(here) = connections.upgrade()
        && let Some(connection) = here.all.borrow().get(&number)
    {
        connection.data.borrow_mut().is_told.set(false);
    }
    ready(connections, number)
}

/// A client that was refused has had its time to close.
fn give_up(connections: &Weak<Connections>, number: u64) -> Flow {
    if let Some(here) = connections.upgrade() {
        let found = here.all.borrow().get(&number).cloned();
        found.inspect(|connection| here.remove(connection));
    }
    Flow::Continue
}
