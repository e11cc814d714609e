//! Turns what happens to an event-driven client into calls of its callbacks.
//!
//! Runs in: the event loop of the process that has connected it.

use super::ClientObject;
use super::state::{Event, State, show_closed, show_connection, show_descriptor, show_error};
use crate::bridge::looping;
use crate::zend::{Arg, Kept, Object, release};
use ext_php_rs::types::Zval;
use std::cell::Cell;
use std::mem;
use std::rc::Rc;
use swoole_core::client::{AsyncClient, AsyncEvents};
use swoole_core::error::Error;
use swoole_core::event::{self, Flow};

/// Keeps the client object as long as it is connecting or connected.
pub struct Events(Rc<Told>);

/// What is told, and to whom.
struct Told {
    object: Zval,
    /// how `package_length_func` has ended, where it did not return
    left: Cell<Option<Flow>>,
}

impl Events {
    pub fn new(object: Object<'_>) -> Events {
        Events(Rc::new(Told { object: object.value(), left: Cell::new(None) }))
    }
}

impl Told {
    fn client(&self) -> Option<(Object<'_>, &State)> {
        let object = Object::of(&self.object)?;
        let state = object.payload::<ClientObject>()?.0.get()?;
        Some((object, state))
    }

    /// Calls the callback for `event` with the client object, and with what came.
    fn tell(&self, event: Event, data: Option<&[u8]>) -> Flow {
        let Some(callback) = self.client().and_then(|(_, state)| state.callback(event)) else { return Flow::Continue };
        let args = [Arg::Value(&self.object), Arg::Bytes(data.unwrap_or_default())];
        looping::run_kept(&Kept::from(callback), if data.is_some() { &args } else { &args[..1] })
    }

    /// The last event of a connection, or of an attempt at one.
    fn tell_end(&self, event: Event) -> Flow {
        let flow = self.tell(event, None);
        if let Some((object, state)) = self.client()
            && !state.is_connected()
        {
            // Unless the callback has connected anew.
            show_descriptor(object);
            let piped = state.piped.take();
            piped.into_iter().for_each(release);
        }
        flow
    }
}

impl Drop for Told {
    fn drop(&mut self) {
        release(mem::take(&mut self.object));
    }
}

impl AsyncEvents for Events {
    fn connect(&self, _: &AsyncClient) -> Flow {
        if let Some((object, _)) = self.0.client() {
            show_connection(object, 0);
        }
        self.0.tell(Event::Connect, None)
    }

    fn receive(&self, _: &AsyncClient, data: &[u8]) -> Flow {
        self.0.tell(Event::Receive, Some(data))
    }

    fn error(&self, _: &AsyncClient, error: &Error) -> Flow {
        if let Some((object, _)) = self.0.client() {
            show_error(object, &error.clone().remember());
        }
        self.0.tell_end(Event::Error)
    }

    fn close(&self, client: &AsyncClient) -> Flow {
        if let Some((object, _)) = self.0.client() {
            show_closed(object, client.error_code());
        }
        let Some(leave) = self.0.left.take() else { return self.0.tell_end(Event::Close) };
        // The loop is ended first; the script may run it again, and is told then.
        let told = self.0.clone();
        let later = event::defer(Box::new(move || told.tell_end(Event::Close)));
        debug_assert!(later.is_ok(), "something can be deferred at any time");
        leave
    }

    fn buffer_full(&self, _: &AsyncClient) -> Flow {
        self.0.tell(Event::BufferFull, None)
    }

    fn buffer_empty(&self, _: &AsyncClient) -> Flow {
        self.0.tell(Event::BufferEmpty, None)
    }

    /// After an exception or exit the connection is closed, which is the time to tell the loop of it.
    fn package_length(&self, _: &AsyncClient, data: &[u8]) -> isize {
        let Some(callback) = self.0.client().and_then(|(_, state)| state.length_func.borrow().clone()) else {
            return -1;
        };
        match looping::ask_kept(&Kept::from(callback), &[Arg::Bytes(data)], Zval::long) {
            Ok(length) => length.and_then(|length| isize::try_from(length).ok()).unwrap_or(-1),
            Err(Flow::Continue) => -1,
            Err(leave) => {
                self.0.left.set(Some(leave));
                -1
            }
        }
    }
}
