//! Clients in the loop of each test's own thread, against peers of the standard library in other threads.

mod chaos;
mod connecting;
mod datagrams;
mod ending;
mod frames;
mod many;
mod names;
mod pipes;
mod proxies;
mod streams;

use super::*;
use crate::net::SocketType;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::thread::JoinHandle;

pub(super) const TIME: Duration = Duration::from_secs(10);

type Call = Box<dyn Fn(&AsyncClient) -> Flow>;
type ReceiveCall = Box<dyn Fn(&AsyncClient, &[u8]) -> Flow>;
type LengthCall = Box<dyn Fn(&AsyncClient, &[u8]) -> isize>;

/// Notes what is called, and calls what a test has put in.
#[derive(Default)]
pub(super) struct Events {
    pub notes: RefCell<Vec<String>>,
    pub received: RefCell<Vec<Vec<u8>>>,
    pub on_connect: Option<Call>,
    pub on_receive: Option<ReceiveCall>,
    pub on_close: Option<Call>,
    pub on_error: Option<Call>,
    pub on_full: Option<Call>,
    pub on_empty: Option<Call>,
    pub on_length: Option<LengthCall>,
}

impl Events {
    fn note(&self, what: impl Into<String>) {
        self.notes.borrow_mut().push(what.into());
    }

    pub fn noted(&self) -> Vec<String> {
        self.notes.borrow().clone()
    }

    pub fn bytes(&self) -> Vec<u8> {
        self.received.borrow().concat()
    }
}

fn call(callback: &Option<Call>, client: &AsyncClient) -> Flow {
    callback.as_ref().map_or(Flow::Continue, |call| call(client))
}

impl AsyncEvents for Events {
    fn connect(&self, client: &AsyncClient) -> Flow {
        self.note("connect");
        call(&self.on_connect, client)
    }
    fn receive(&self, client: &AsyncClient, data: &[u8]) -> Flow {
        if self.notes.borrow().last().is_none_or(|last| last != "receive") {
            self.note("receive");
        }
        self.received.borrow_mut().push(data.to_vec());
        self.on_receive.as_ref().map_or(Flow::Continue, |call| call(client, data))
    }
    fn error(&self, client: &AsyncClient, error: &Error) -> Flow {
        assert_eq!(client.error_code(), error.code());
        self.note(format!("error {error}"));
        call(&self.on_error, client)
    }
    fn close(&self, client: &AsyncClient) -> Flow {
        assert!(!client.is_connected());
        self.note("close");
        call(&self.on_close, client)
    }
    fn buffer_full(&self, client: &AsyncClient) -> Flow {
        self.note("full");
        call(&self.on_full, client)
    }
    fn buffer_empty(&self, client: &AsyncClient) -> Flow {
        self.note("empty");
        call(&self.on_empty, client)
    }
    fn package_length(&self, client: &AsyncClient, data: &[u8]) -> isize {
        self.on_length.as_ref().map_or(-1, |length| length(client, data))
    }
}

/// A call that goes on.
pub(super) fn calls(call: impl Fn(&AsyncClient) + 'static) -> Option<Call> {
    Some(Box::new(move |client| {
        call(client);
        Flow::Continue
    }))
}

/// Sends that when connected.
pub(super) fn sends(data: &'static [u8]) -> Option<Call> {
    calls(move |client| assert_eq!(client.send(data).unwrap(), data.len()))
}

/// A peer that accepts one connection and does something with it; its port.
pub(super) fn peer<T: Send + 'static>(serve: impl FnOnce(TcpStream) -> T + Send + 'static) -> (u16, JoinHandle<T>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    (port, std::thread::spawn(move || serve(listener.accept().unwrap().0)))
}

/// Sends back what comes, until its end.
pub(super) fn echo(mut stream: TcpStream) {
    let mut buffer = vec![0; 1 << 16];
    while let Ok(count @ 1..) = stream.read(&mut buffer) {
        stream.write_all(&buffer[..count]).unwrap();
    }
}

pub(super) fn connect(client: &AsyncClient, port: u16, events: Events) -> Rc<Events> {
    let events = Rc::new(events);
    client.connect("127.0.0.1", port, TIME, events.clone()).unwrap();
    events
}

/// Runs the loop until nothing is left in it.
pub(super) fn wait() {
    assert_eq!(event::wait().unwrap(), Flow::Continue);
    assert!(event::is_idle());
}

/// A client of TCP connects, and the loop runs until it is done.
pub(super) fn run(port: u16, events: Events) -> Rc<Events> {
    let events = connect(&AsyncClient::new(SocketType::Tcp), port, events);
    wait();
    events
}
