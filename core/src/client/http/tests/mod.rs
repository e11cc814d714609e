//! Clients in the loop of each test's own thread, against servers of the standard library in other threads, which say what the test has written down.

mod bodies;
mod connections;
mod failures;
mod proxies;
mod requests;
mod websocket;

use super::*;
use crate::event;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::thread::JoinHandle;
use std::time::Duration;

/// One connection: what is answered to each request; then it is closed.
pub(super) type Connection = Vec<&'static [u8]>;

/// A server that accepts these connections, one after the other; its port, and the requests that came.
pub(super) fn server(connections: Vec<Connection>) -> (u16, JoinHandle<Vec<String>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let thread = std::thread::spawn(move || {
        let mut requests = Vec::new();
        for answers in connections {
            let (mut stream, _) = listener.accept().unwrap();
            for answer in answers {
                requests.push(request(&mut stream));
                stream.write_all(answer).unwrap();
            }
        }
        requests
    });
    (port, thread)
}

/// One connection, which does what the test says.
pub(super) fn peer<T: Send + 'static>(serve: impl FnOnce(TcpStream) -> T + Send + 'static) -> (u16, JoinHandle<T>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    (port, std::thread::spawn(move || serve(listener.accept().unwrap().0)))
}

/// Reads one request, by its Content-Length.
pub(super) fn request(stream: &mut TcpStream) -> String {
    let mut bytes = Vec::new();
    while !bytes.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        stream.read_exact(&mut byte).expect("a request");
        bytes.push(byte[0]);
    }
    let head = String::from_utf8(bytes).unwrap();
    let length = head.lines().find_map(|line| line.strip_prefix("Content-Length: ")).map_or(0, |n| n.parse().unwrap());
    let mut body = vec![0; length];
    stream.read_exact(&mut body).unwrap();
    head + &String::from_utf8_lossy(&body)
}

pub(super) fn client(port: u16) -> HttpClient {
    HttpClient::new("127.0.0.1", port, false).unwrap()
}

pub(super) fn get(target: &str) -> Request {
    Request { target: target.into(), ..Request::default() }
}

pub(super) fn post(target: &str, body: &[u8]) -> Request {
    Request { target: target.into(), body: Body::Bytes(body.to_vec()), ..Request::default() }
}

/// What has become of requests, in order.
pub(super) type Outcomes = Rc<RefCell<Vec<Outcome>>>;

/// Asks, and notes what comes of it.
pub(super) fn ask(client: &HttpClient, request: Request, outcomes: &Outcomes) {
    let outcomes = outcomes.clone();
    let done = Box::new(move |_: &HttpClient, outcome| {
        outcomes.borrow_mut().push(outcome);
        Flow::Continue
    });
    client.execute(request, done).unwrap();
}

/// Runs the loop until nothing is left in it.
pub(super) fn wait() {
    assert_eq!(event::wait().unwrap(), Flow::Continue);
    assert!(event::is_idle());
}

/// Asks one after the other, and waits for all of it.
pub(super) fn all(client: &HttpClient, requests: impl IntoIterator<Item = Request>) -> Vec<Outcome> {
    let outcomes = Outcomes::default();
    requests.into_iter().for_each(|request| ask(client, request, &outcomes));
    wait();
    outcomes.take()
}

pub(super) fn one(client: &HttpClient, request: Request) -> Outcome {
    let mut outcomes = all(client, [request]);
    assert_eq!(outcomes.len(), 1);
    outcomes.remove(0)
}

/// Status and body.
pub(super) fn short(outcome: &Outcome) -> (i32, String) {
    match outcome {
        Ok(answer) => (answer.status.into(), String::from_utf8_lossy(&answer.body).into_owned()),
        Err(failed) => (failed.failure as i32, failed.error.to_string()),
    }
}

/// The same answer from a server that sends it in pieces of that size.
pub(super) fn cut(answer: Vec<u8>, size: usize) -> Outcome {
    let (port, server) = peer(move |mut stream| {
        request(&mut stream);
        stream.set_nodelay(true).unwrap();
        for piece in answer.chunks(size) {
            stream.write_all(piece).unwrap();
        }
    });
    let outcome = one(&client(port), get("/"));
    server.join().unwrap();
    outcome
}

/// Notes what happens.
#[derive(Default)]
pub(super) struct Notes(pub RefCell<Vec<String>>);

impl Notes {
    pub fn note(&self, what: impl Into<String>) {
        self.0.borrow_mut().push(what.into());
    }
}

impl HttpEvents for Notes {
    fn connect(&self, client: &HttpClient) -> Flow {
        assert!(client.is_connected());
        self.note("connect");
        Flow::Continue
    }
    fn error(&self, client: &HttpClient, error: &Error) -> Flow {
        assert_eq!(client.error_code(), error.code());
        self.note("error");
        Flow::Continue
    }
    fn close(&self, _: &HttpClient) -> Flow {
        self.note("close");
        Flow::Continue
    }
    fn message(&self, _: &HttpClient, message: Message<'_>) -> Flow {
        self.note(format!("{:?} {}", message.opcode, String::from_utf8_lossy(message.data)));
        Flow::Continue
    }
}

pub(super) fn noted(client: &HttpClient) -> Rc<Notes> {
    let notes = Rc::new(Notes::default());
    client.set_events(Some(notes.clone()));
    notes
}
