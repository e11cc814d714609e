//! Turns what happens to a client into calls of its callbacks.
//!
//! Runs in: the event loop of the process in which it has been asked for something.

use super::HttpClientObject;
use super::show;
use super::state::{Event, State};
use crate::bridge::looping;
use crate::classes::websocket::frame;
use crate::zend::{Arg, Callback, Kept, Object, Outcome, release};
use ext_php_rs::types::Zval;
use std::mem;
use swoole_core::client::HttpClient;
use swoole_core::client::http::{Done, HttpEvents, Message};
use swoole_core::error::Error;
use swoole_core::event::Flow;

/// A reference to a client object, from where no PHP code is running.
pub struct Held(Zval);

impl Held {
    pub fn new(object: Object<'_>) -> Held {
        Held(object.value())
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        release(mem::take(&mut self.0));
    }
}

/// What calls back beside requests. It does not keep the client object: a request that is not answered does that, and an open WebSocket; over a connection that is only kept
/// for later nothing happens but its end.
pub struct Events {
    /// gives the client object, or null
    object: Callback,
}

impl Events {
    /// `object`: what `WeakReference::get` of the client is.
    pub fn new(object: Callback) -> Events {
        Events { object }
    }

    fn object(&self) -> Option<Held> {
        match self.object.call(&[], Zval::shallow_clone) {
            Outcome::Returned(value) if value.is_object() => Some(Held(value)),
            _ => None,
        }
    }

    fn tell(&self, event: Event, before: impl FnOnce(Object<'_>), more: &[Arg<'_>]) -> Flow {
        let Some(held) = self.object() else { return Flow::Continue };
        let Some(object) = Object::of(&held.0) else { return Flow::Continue };
        before(object);
        match state(object).and_then(|state| state.callback(event)) {
            Some(callback) => {
                let args: Vec<Arg<'_>> = [Arg::Value(&held.0)].into_iter().chain(more.iter().copied()).collect();
                looping::run_kept(&Kept::from(callback), &args)
            }
            None => Flow::Continue,
        }
    }
}

fn state(object: Object<'_>) -> Option<&State> {
    object.payload::<HttpClientObject>()?.0.get()
}

impl HttpEvents for Events {
    fn connect(&self, _: &HttpClient) -> Flow {
        self.tell(
            Event::Connect,
            |object| {
                show::success(object);
                show::descriptor(object);
            },
            &[],
        )
    }

    fn error(&self, _: &HttpClient, error: &Error) -> Flow {
        self.tell(
            Event::Error,
            |object| {
                show::error(object, &error.clone().remember());
                show::descriptor(object);
            },
            &[],
        )
    }

    fn close(&self, _: &HttpClient) -> Flow {
        self.tell(Event::Close, show::descriptor, &[])
    }

    fn message(&self, client: &HttpClient, message: Message<'_>) -> Flow {
        let descriptor = client.descriptor().unwrap_or(-1);
        self.tell(
            Event::Message,
            |_| (),
            &[Arg::Made(&|| frame::received(descriptor, message.opcode, message.flags, message.data))],
        )
    }
}

/// Calls a request's callback with the client object, when its properties tell the outcome.
pub fn done(object: Object<'_>, callback: Callback) -> Done {
    let (held, kept) = (Held::new(object), Kept::from(callback));
    Box::new(move |client, outcome| {
        let Some(object) = Object::of(&held.0) else { return Flow::Continue };
        show::outcome(object, client, &outcome);
        if client.is_websocket() {
            client.keep(Box::new(Held::new(object)));
        }
        let flow = looping::run_once(kept, &[Arg::Value(&held.0)]);
        drop(held);
        flow
    })
}
