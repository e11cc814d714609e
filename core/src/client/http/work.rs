//! What a client has to do, and what the loop does with it. The loop holds it: by its connection, by its timers, by what is deferred. So nothing is left
//! of it when the loop is gone. Nothing is borrowed while the program is told.

use super::answer::{Failed, Failure, Outcome};
use super::exchange::{Exchange, Found, Job};
use super::frames::Frames;
use super::link::{self, Link, Route};
use super::wire::{self, Piece};
use super::{HttpClient, HttpEvents, Inner};
use crate::client::asynchronous::{soon, timer};
use crate::client::{AsyncClient, AsyncEvents};
use crate::error::{Error, ErrorKind};
use crate::event::{Flow, local};
use std::any::Any;
use std::cell::RefCell;
use std::collections::VecDeque;
use std::os::fd::RawFd;
use std::rc::{Rc, Weak};
use std::time::{Instant, SystemTime};

#[derive(Default)]
struct State {
    waiting: VecDeque<Job>,
    current: Option<Exchange>,
    link: Option<Link>,
    /// connections so far
    links: u64,
    /// exchanges so far
    exchanges: u64,
}

/// See the module.
pub(super) struct Work {
    client: Rc<Inner>,
    home: u64,
    state: RefCell<State>,
}

impl Work {
    pub fn new(client: &Rc<Inner>) -> Rc<Work> {
        Rc::new(Work { client: client.clone(), home: local::number(), state: RefCell::default() })
    }

    /// The loop that it belongs to.
    pub fn home(&self) -> u64 {
        self.home
    }

    pub fn pending(&self) -> usize {
        let state = self.state.borrow();
        state.waiting.len() + usize::from(state.current.is_some())
    }

    pub fn is_connected(&self) -> bool {
        self.state.borrow().link.as_ref().is_some_and(|link| link.open && link.socket.is_connected())
    }

    pub fn is_websocket(&self) -> bool {
        self.state.borrow().link.as_ref().is_some_and(|link| link.frames.is_some())
    }

    pub fn descriptor(&self) -> Option<RawFd> {
        self.state.borrow().link.as_ref().and_then(|link| link.socket.descriptor())
    }

    /// Whether the server has ended the connection, or there is none.
    #[cfg(test)]
    pub fn is_seen_to_end(&self) -> bool {
        self.state.borrow().link.as_ref().is_none_or(|link| link.socket.is_ended_by_peer())
    }

    pub(super) fn client(&self) -> &Inner {
        &self.client
    }

    /// Runs with the present connection, if it is that one.
    pub(super) fn with_link<T>(&self, serial: u64, run: impl FnOnce(&mut Link) -> T) -> Option<T> {
        self.state.borrow_mut().link.as_mut().filter(|link| link.serial == serial).map(run)
    }

    /// Runs with the present connection if it is a WebSocket.
    pub(super) fn with_frames<T>(&self, run: impl FnOnce(&mut Link) -> T) -> Option<T> {
        self.state.borrow_mut().link.as_mut().filter(|link| link.frames.is_some()).map(run)
    }

    /// Takes the present connection away, if it is that one.
    pub(super) fn take_link(&self, serial: u64) -> Option<Link> {
        self.state.borrow_mut().link.take_if(|link| link.serial == serial)
    }

    /// Tells the program something.
    pub(super) fn tell(&self, tell: impl FnOnce(&dyn HttpEvents, &HttpClient) -> Flow) -> Flow {
        match self.client.events() {
            Some(events) => tell(&*events, &HttpClient::of(&self.client)),
            None => Flow::Continue,
        }
    }

    /// One request more.
    pub fn add(self: &Rc<Self>, job: Job) {
        self.state.borrow_mut().waiting.push_back(job);
        self.advance();
    }

    /// Begins the next request if none is being done.
    fn advance(self: &Rc<Self>) {
        {
            let mut state = self.state.borrow_mut();
            if state.current.is_some() || state.link.as_ref().is_some_and(|link| link.frames.is_some()) {
                return;
            }
            let Some(job) = state.waiting.pop_front() else { return };
            state.exchanges += 1;
            state.current = Some(Exchange::new(state.exchanges, job, &self.client));
        }
        self.begin();
    }

    /// Sends the present request over the connection that is there, or has one made.
    fn begin(self: &Rc<Self>) {
        let (old, serial, id, route) = {
            let mut state = self.state.borrow_mut();
            let Some(exchange) = &state.current else { return };
            let (id, route) = (exchange.id, Route::of(&self.client, exchange.job.upgrade));
            let fits = |link: &mut Link| {
                link.open && link.route == route && link.socket.is_connected() && !link.socket.is_ended_by_peer()
            };
            let old = state.link.take_if(|link| !fits(link));
            if state.link.is_some() {
                drop(state);
                return self.send();
            }
            state.links += 1;
            (old, state.links, id, route)
        };
        if let Some(old) = old {
            old.end();
        }
        match link::connect(self, &self.client, route, serial) {
            Ok(link) => self.state.borrow_mut().link = Some(link),
            Err(error) => {
                let work = self.clone();
                soon(move || work.fail(id, Failure::ConnectFailed, error));
            }
        }
    }

    /// The present request goes out.
    fn send(self: &Rc<Self>) {
        let mut state = self.state.borrow_mut();
        let State { current: Some(exchange), link: Some(link), .. } = &mut *state else { return };
        let mut around = link::around(&self.client, link.route);
        if let Some(handshake) = &exchange.handshake {
            around.own.extend(handshake.headers());
        }
        let target = wire::target(&exchange.job.request);
        around.cookie = self.client.jar.borrow().header(self.client.site(&target), SystemTime::now());
        link.socket.keep_loop(true);
        exchange.sent = true;
        let id = exchange.id;
        exchange.timer = exchange.deadline.map(|deadline| {
            let work = Rc::downgrade(self);
            timer(deadline.saturating_duration_since(Instant::now()), move || timed_out(&work, id))
        });
        let sent = wire::write(&exchange.job.request, &around).and_then(|pieces| {
            pieces.iter().try_for_each(|piece| match piece {
                Piece::Bytes(bytes) => {
                    // If the connection is broken, its end is told, after what the server may have said before.
                    let _ = link.socket.send(bytes);
                    Ok(())
                }
                Piece::File { path, offset, length } if link.socket.is_connected() => {
                    link.socket.send_file(path, *offset, *length)
                }
                Piece::File { .. } => Ok(()),
            })
        });
        if let Err(error) = sent {
            drop(state);
            let work = self.clone();
            soon(move || work.fail(id, Failure::SendFailed, error));
        }
    }

    /// That request has failed, and its connection is of no use.
    fn fail(self: &Rc<Self>, id: u64, failure: Failure, error: Error) -> Flow {
        let (mut exchange, link) = {
            let mut state = self.state.borrow_mut();
            let Some(exchange) = state.current.take_if(|exchange| exchange.id == id) else { return Flow::Continue };
            (exchange, state.link.take())
        };
        link.into_iter().for_each(Link::end);
        exchange.stop_timer();
        let error = self.client.failed(error);
        self.done(exchange.job, Err(Failed { failure, error }))
    }

    /// Tells the outcome, then goes on.
    fn done(self: &Rc<Self>, job: Job, outcome: Outcome) -> Flow {
        if let Ok(answer) = &outcome {
            self.client.error.set(0);
            debug_assert!(answer.status >= 101);
        }
        let handle = HttpClient::of(&self.client);
        let flow = (job.done)(&handle, outcome);
        self.advance();
        drop(handle);
        flow
    }

    /// Something came over the connection.
    fn receive(self: &Rc<Self>, serial: u64, data: &[u8]) -> Flow {
        let (found, id) = {
            let mut state = self.state.borrow_mut();
            let State { current, link, .. } = &mut *state;
            let Some(link) = link.as_mut().filter(|link| link.serial == serial) else { return Flow::Continue };
            if link.frames.is_some() {
                drop(state);
                return self.frames(serial, data);
            }
            match current {
                Some(exchange) if exchange.sent => (exchange.read(&self.client, data), exchange.id),
                // Nobody has asked for anything: it says that it closes, or is out of step.
                _ => {
                    drop(state);
                    return self.ended(serial, 0);
                }
            }
        };
        match found {
            Found::Nothing => Flow::Continue,
            Found::Answered(behind) => self.answered(serial, data[data.len() - behind..].to_vec()),
            Found::Broken(error) => self.fail(id, Failure::ServerReset, error),
        }
    }

    /// The answer is whole; `behind` came behind it.
    fn answered(self: &Rc<Self>, serial: u64, behind: Vec<u8>) -> Flow {
        let mut refused = None;
        let (exchange, link) = {
            let mut state = self.state.borrow_mut();
            let Some(mut exchange) = state.current.take() else { return Flow::Continue };
            exchange.stop_timer();
            let mut keep = exchange.reader.keeps() && self.client.settings.borrow().own.keep_alive && behind.is_empty();
            let switched = exchange.answer.status == 101;
            if let (Some(link), true) = (state.link.as_mut(), switched) {
                let headers = exchange.answer.headers.iter().map(|(name, value)| (&name[..], &value[..]));
                match exchange.handshake.as_ref().map(|handshake| handshake.check(101, headers)) {
                    Some(Ok(agreed)) => {
                        link.frames = Some(Frames::new(&self.client, agreed.deflate));
                        link.input.clone_from(&behind);
                        keep = true;
                    }
                    Some(Err(why)) => refused = Some(why),
                    None => refused = Some("no WebSocket was asked for"),
                }
            }
            if let Some(link) = &mut state.link {
                // A request that has not gone out as a whole would be mixed up with the next one.
                keep &= link.socket.queued() == 0 && link.socket.is_connected() && refused.is_none();
                link.used = true;
                if keep && !switched {
                    link.socket.keep_loop(false);
                }
            }
            let link = if keep { None } else { state.link.take() };
            (exchange, link)
        };
        link.into_iter().for_each(Link::end);
        let outcome = match refused {
            None => Ok(exchange.answer),
            Some(why) => {
                let error = Error::new(
                    ErrorKind::WebsocketHandshakeFailed,
                    format!("the handshake of the WebSocket failed: {why}"),
                );
                Err(Failed { failure: Failure::ServerReset, error: self.client.failed(error) })
            }
        };
        let switched = outcome.as_ref().is_ok_and(|answer| answer.status == 101);
        if switched {
            let waiting = std::mem::take(&mut self.state.borrow_mut().waiting);
            self.give_up(waiting, "the connection of this client has become a WebSocket");
        }
        let flow = self.done(exchange.job, outcome);
        if !switched || behind.is_empty() {
            return flow;
        }
        if flow == Flow::Continue && !local::is_ending() {
            return self.frames(serial, &[]);
        }
        self.frames_later(serial);
        flow
    }

    /// The connection has ended.
    fn ended(self: &Rc<Self>, serial: u64, code: i32) -> Flow {
        let Some(link) = self.take_link(serial) else { return Flow::Continue };
        let unsent = code == libc::EPIPE && link.socket.queued() > 0;
        let used = link.used;
        link.end();
        let (id, whole) = {
            let mut state = self.state.borrow_mut();
            let Some(mut exchange) = state.current.take() else { return Flow::Continue };
            if !exchange.begun && used && !exchange.job.again && exchange.job.may_be_repeated() {
                // The server gave the connection up before it saw the request.
                exchange.stop_timer();
                exchange.job.again = true;
                let (id, deadline) = (exchange.id, exchange.deadline);
                state.current = Some(Exchange { deadline, ..Exchange::new(id, exchange.job, &self.client) });
                drop(state);
                self.begin();
                return Flow::Continue;
            }
            let whole = if code == 0 {
                exchange.end()
            } else {
                let why = std::io::Error::from_raw_os_error(code);
                Err(Error::system("the connection failed before the answer was whole", &why))
            };
            let id = exchange.id;
            state.current = Some(exchange);
            (id, whole)
        };
        let Err(error) = whole else { return self.answered(serial, Vec::new()) };
        self.fail(id, if unsent { Failure::SendFailed } else { Failure::ServerReset }, error)
    }

    /// See [`HttpClient::keep`].
    pub fn keep(&self, value: Box<dyn Any>) {
        let wire = self.state.borrow().link.as_ref().and_then(|link| link.wire.upgrade());
        if let Some(wire) = wire {
            let before = wire.kept.replace(Some(value));
            drop(before);
        }
    }

    /// Closes everything; false: there is nothing.
    pub fn close(self: &Rc<Self>) -> bool {
        let (link, jobs) = {
            let mut state = self.state.borrow_mut();
            let current = state.current.take().map(|mut exchange| {
                exchange.stop_timer();
                exchange.job
            });
            let jobs: VecDeque<Job> = current.into_iter().chain(std::mem::take(&mut state.waiting)).collect();
            (state.link.take(), jobs)
        };
        let had = link.is_some() || !jobs.is_empty();
        if let Some(link) = link {
            if link.frames.is_some() {
                self.say_goodbye(link);
            } else {
                link.end();
            }
        }
        self.give_up(jobs, "the client was closed before the answer was whole");
        had
    }

    /// Fails requests, soon.
    fn give_up(self: &Rc<Self>, mut jobs: VecDeque<Job>, why: &'static str) {
        let Some(job) = jobs.pop_front() else { return };
        let work = self.clone();
        soon(move || {
            work.give_up(jobs, why);
            let error = work.client.failed(Error::new(ErrorKind::SocketClosed, why));
            work.done(job, Err(Failed { failure: Failure::ServerReset, error }))
        });
    }

    /// Closes a connection over which nothing goes on.
    pub fn end_if_idle(&self) {
        let Ok(mut state) = self.state.try_borrow_mut() else { return };
        if state.current.is_some() || !state.waiting.is_empty() {
            return;
        }
        let link = state.link.take_if(|link| link.frames.is_none());
        drop(state);
        link.into_iter().for_each(Link::end);
    }
}

/// The time of a request is over.
fn timed_out(work: &Weak<Work>, id: u64) -> Flow {
    let Some(work) = work.upgrade() else { return Flow::Continue };
    let limit = work.client.settings.borrow().own.timeout;
    let error = Error::system(
        format_args!("no whole answer came within {limit:?} (timeout)"),
        &std::io::Error::from_raw_os_error(libc::ETIMEDOUT),
    );
    work.fail(id, Failure::RequestTimeout, error)
}

/// One connection's side of the work: what the loop holds.
pub(super) struct Wire {
    work: Rc<Work>,
    serial: u64,
    /// see [`HttpClient::keep`]
    kept: RefCell<Option<Box<dyn Any>>>,
}

impl Wire {
    pub fn new(work: &Rc<Work>, serial: u64) -> Wire {
        Wire { work: work.clone(), serial, kept: RefCell::default() }
    }
}

impl AsyncEvents for Wire {
    fn connect(&self, _: &AsyncClient) -> Flow {
        if self.work.with_link(self.serial, |link| link.open = true).is_none() {
            return Flow::Continue;
        }
        let flow = self.work.tell(|events, client| events.connect(client));
        // Unless the program has closed it.
        if self.work.with_link(self.serial, |_| ()).is_some() {
            self.work.send();
        }
        flow
    }

    fn receive(&self, _: &AsyncClient, data: &[u8]) -> Flow {
        self.work.receive(self.serial, data)
    }

    fn error(&self, _: &AsyncClient, error: &Error) -> Flow {
        let (work, error) = (&self.work, error.clone());
        if work.take_link(self.serial).is_none() {
            return Flow::Continue;
        }
        let Some(id) = work.state.borrow().current.as_ref().map(|exchange| exchange.id) else { return Flow::Continue };
        work.client.error.set(error.code());
        let flow = work.tell(|events, client| events.error(client, &error));
        if flow == Flow::Continue {
            return work.fail(id, Failure::ConnectFailed, error);
        }
        let work = work.clone();
        soon(move || work.fail(id, Failure::ConnectFailed, error));
        flow
    }

    fn close(&self, client: &AsyncClient) -> Flow {
        let flow = self.work.ended(self.serial, client.error_code());
        if flow == Flow::Continue {
            return self.work.tell(|events, client| events.close(client));
        }
        let work = self.work.clone();
        soon(move || work.tell(|events, client| events.close(client)));
        flow
    }
}
