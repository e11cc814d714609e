//! What a client object holds.

use crate::bridge;
use crate::zend::{Callback, Gc};
use std::cell::RefCell;
use swoole_core::client::HttpClient;
use swoole_core::client::http::{Pairs, Upload};

/// What a client has callbacks for, beside those of requests.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Event {
    Connect,
    Error,
    Message,
    Close,
}

impl Event {
    /// All of them with their names, in the order of the properties.
    pub const ALL: [(Event, &'static str); 4] =
        [(Event::Connect, "connect"), (Event::Error, "error"), (Event::Message, "message"), (Event::Close, "close")];
}

/// Data of a request as a script gives it.
#[derive(Clone)]
pub enum Data {
    Bytes(Vec<u8>),
    Fields(Pairs),
}

/// What the next request has beside its path. Method, data and files go with it; the headers stay.
#[derive(Default)]
pub struct Next {
    pub method: Vec<u8>,
    pub headers: Pairs,
    pub data: Option<Data>,
    pub files: Vec<Upload>,
}

/// The Rust side of a client object whose constructor has run.
pub struct State {
    pub client: HttpClient,
    pub next: RefCell<Next>,
    callbacks: [RefCell<Option<Callback>>; Event::ALL.len()],
}

impl State {
    pub fn new(client: HttpClient) -> State {
        State { client, next: RefCell::default(), callbacks: std::default::Default::default() }
    }

    /// Shows all PHP values that it holds to the garbage collector.
    pub fn trace(&self, gc: &mut Gc) {
        for callback in &self.callbacks {
            bridge::trace(callback, gc);
        }
    }

    /// Sets the callback for `event`; the one before is let go of.
    pub fn set_callback(&self, event: Event, callback: Callback) {
        let before = self.callbacks[event as usize].replace(Some(callback));
        drop(before);
    }

    /// The callback for `event`: a reference of its own, since it may be replaced while it runs.
    pub fn callback(&self, event: Event) -> Option<Callback> {
        self.callbacks[event as usize].borrow().clone()
    }
}
