//! What a running server has for HTTP and WebSocket: its answers that are not ended, how it wants requests read, its events.
//!
//! Runs in: worker; answers made by `Response::create()` in any process of the server.

use super::Bridge;
use crate::classes::{http, websocket};
use crate::zend::{Arg, Outcome};
use ext_php_rs::types::{ZendHashTable, Zval};
use std::cell::{Cell, RefCell};
use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::path::PathBuf;
use std::rc::Rc;
use swoole_core::server::{Event, Flow, Frame, PortId, Request, Response, Server, SessionId};
use swoole_core::sys::process::generation;

/// What of a request is read into its properties.
#[derive(Debug, Clone)]
pub struct Reading {
    /// fields of the body
    pub post: bool,
    /// cookies
    pub cookie: bool,
    /// files of the body
    pub files: bool,
    /// where those are put
    pub directory: PathBuf,
}

impl Default for Reading {
    fn default() -> Reading {
        Reading { post: true, cookie: true, files: true, directory: "/tmp".into() }
    }
}

impl Reading {
    /// As the settings of a server say, or the options of `Request::create()`, whose names are other ones.
    pub fn of(settings: Option<&ZendHashTable>, names: [&str; 3]) -> Reading {
        let given = |name: &str| settings.and_then(|settings| settings.get(name)).filter(|value| !value.is_null());
        let on = |name: &str| given(name).is_none_or(Zval::coerce_to_bool);
        let [post, cookie, files] = names.map(on);
        let mut reading = Reading { post, cookie, files, ..Reading::default() };
        if let Some(directory) = given("upload_tmp_dir").and_then(Zval::zend_str)
            && !directory.is_empty()
        {
            reading.directory = OsStr::from_bytes(directory.as_bytes()).into();
        }
        reading
    }

    /// The names of the settings.
    pub const SETTINGS: [&str; 3] = ["http_parse_post", "http_parse_cookie", "http_parse_files"];
}

/// The server that runs in this process.
pub struct Running {
    pub engine: Server,
    pub reading: Reading,
}

thread_local! {
    static RUNNING: RefCell<Option<Rc<Running>>> = const { RefCell::new(None) };
    static OPEN: RefCell<Open> = const { RefCell::new(Open { places: Vec::new(), free: Vec::new() }) };
    /// the fork that `OPEN` belongs to
    static OF: Cell<u32> = const { Cell::new(0) };
}

/// The server of this process; None: none is running.
pub fn running() -> Option<Rc<Running>> {
    RUNNING.with_borrow(Clone::clone)
}

/// A server begins to run here, or (None) runs no more.
pub fn set_running(running: Option<Running>) {
    RUNNING.set(running.map(Rc::new));
}

/// The answers that objects of the script have and that are not over. They lie here, so that they are answered when a fatal error has ended PHP: it frees no
/// objects then.
#[derive(Default)]
struct Open {
    places: Vec<Option<Response>>,
    free: Vec<u32>,
}

/// The place of an answer.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Place(u32);

/// Gives an answer a place.
pub fn open(response: Response) -> Place {
    own(|open| match open.free.pop() {
        Some(place) => {
            open.places[place as usize] = Some(response);
            Place(place)
        }
        None => {
            open.places.push(Some(response));
            Place((open.places.len() - 1) as u32)
        }
    })
}

/// Does something with an answer; None: it is not one of this process.
pub fn with<T>(place: Place, act: impl FnOnce(&mut Response) -> T) -> Option<T> {
    own(|open| open.places.get_mut(place.0 as usize)?.as_mut().map(act))
}

/// Takes an answer from its place.
pub fn close(place: Place) -> Option<Response> {
    own(|open| {
        let response = open.places.get_mut(place.0 as usize)?.take()?;
        open.free.push(place.0);
        Some(response)
    })
}

/// Lets go of all of them: what was not ended is answered by 500.
fn abandon() {
    let all = own(std::mem::take);
    drop(all);
}

/// A child of this process has copies of its answers, which are not for it to give.
fn own<T>(act: impl FnOnce(&mut Open) -> T) -> T {
    OPEN.with_borrow_mut(|open| {
        let now = generation();
        if OF.replace(now) != now {
            std::mem::forget(std::mem::take(open));
        }
        act(open)
    })
}

impl Bridge {
    /// An event of a request, whose objects go with the callback unless the script keeps them.
    fn request_event(&self, event: Event, request: Request, response: Response) -> Flow {
        let Some(callback) = self.port(request.port(), event) else { return Flow::Continue };
        let request = Cell::new(http::request::make(request));
        let response = Cell::new(http::response::make(response));
        let outcome = callback.call(&[Arg::Made(&|| request.take()), Arg::Made(&|| response.take())], |_| ());
        if let Outcome::Bailout = outcome {
            abandon();
        }
        self.host.settle(outcome).err().unwrap_or(Flow::Continue)
    }

    pub(super) fn on_request(&self, request: Request, response: Response) -> Flow {
        self.request_event(Event::Request, request, response)
    }

    pub(super) fn on_handshake(&self, request: Request, response: Response) -> Flow {
        self.request_event(Event::Handshake, request, response)
    }

    pub(super) fn on_before_handshake(&self, request: &Request, response: Response) -> (Flow, Option<Response>) {
        let Some(callback) = self.port(request.port(), Event::BeforeHandshakeResponse) else {
            return (Flow::Continue, Some(response));
        };
        let object = self.object();
        let request = Cell::new(http::request::make(request.clone()));
        let response = http::response::make(response);
        let args = [Arg::Value(&object), Arg::Made(&|| request.take()), Arg::Value(&response)];
        let settled = self.host.settle(callback.call(&args, |_| ()));
        // Nobody is let in whom the script has not looked at to the end: what is dropped here is answered by 500.
        let back = http::response::take(&response).filter(|_| settled.is_ok());
        crate::zend::release(response);
        (settled.err().unwrap_or(Flow::Continue), back)
    }

    pub(super) fn on_open(&self, request: Request) -> Flow {
        let Some(callback) = self.port(request.port(), Event::Open) else { return Flow::Continue };
        let object = self.object();
        let request = Cell::new(http::request::make(request));
        self.run(callback, &[Arg::Value(&object), Arg::Made(&|| request.take())])
    }

    pub(super) fn on_message(&self, port: PortId, frame: &Frame<'_>) -> Flow {
        let Some(callback) = self.port(port, Event::Message) else { return Flow::Continue };
        let object = self.object();
        self.run(callback, &[Arg::Value(&object), Arg::Made(&|| websocket::frame::make(frame))])
    }

    pub(super) fn on_disconnect(&self, port: PortId, session: SessionId) -> Flow {
        let Some(callback) = self.port(port, Event::Disconnect) else { return Flow::Continue };
        let object = self.object();
        self.run(callback, &[Arg::Value(&object), Arg::Int(session)])
    }
}
