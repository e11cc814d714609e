//! The event-driven HTTP/1.1 client, over [`AsyncClient`](super::AsyncClient), which may become a WebSocket. [`wire`] makes bytes of a request, [`body`] is where that
//! of an answer goes, [`jar`] keeps cookies; [`exchange`] is one request with its answer, [`work`] what is to be done and what the loop does with it, [`link`] makes its connection, [`frames`] is the WebSocket.

mod answer;
mod body;
mod exchange;
mod frames;
pub mod jar;
mod link;
mod request;
mod wire;
mod work;

#[cfg(test)]
mod tests;

use super::Settings;
use crate::config::{Value, Warning};
use crate::error::{Error, ErrorKind, Result};
use crate::event::{Flow, local};
use crate::net::SocketType;
use crate::protocol::websocket::Opcode;
use exchange::Job;
use jar::{Jar, Site};
use std::any::Any;
use std::cell::{Cell, RefCell};
use std::net::Ipv6Addr;
use std::os::fd::RawFd;
use std::rc::{Rc, Weak};
use std::time::SystemTime;
use work::Work;

pub use answer::{Answer, Failed, Failure, Outcome};
pub use request::{Body, Download, Pairs, Request, Upload};

/// Called once, when a request has ended: from the loop, with nothing borrowed, so it may do anything. It is called for each request that was taken, unless the loop ends before.
pub type Done = Box<dyn FnOnce(&HttpClient, Outcome) -> Flow>;

/// One message of a WebSocket.
#[derive(Debug, Clone, Copy)]
pub struct Message<'a> {
    /// text (which is UTF-8) or binary; pings and pongs if `open_websocket_ping_frame`, `open_websocket_pong_frame` are on, a close if `open_websocket_close_frame` is
    pub opcode: Opcode,
    /// bits of [`flag`](crate::protocol::websocket::flag); the message is always whole
    pub flags: u8,
    /// unmasked and decompressed; of a close: two bytes of its code, then the reason, or nothing
    pub data: &'a [u8],
}

/// What happens to an [`HttpClient`] beside its answers. Each is called from the loop, never from within a method of the client, with nothing borrowed.
pub trait HttpEvents {
    /// There is a connection (with TLS: after its handshake), which a request will be sent over. Called again for each new one.
    fn connect(&self, client: &HttpClient) -> Flow {
        let _ = client;
        Flow::Continue
    }
    /// It could not connect. The first request that waits has failed for it, and is told so after this.
    fn error(&self, client: &HttpClient, error: &Error) -> Flow {
        let _ = (client, error);
        Flow::Continue
    }
    /// The connection has ended, by either side.
    fn close(&self, client: &HttpClient) -> Flow {
        let _ = client;
        Flow::Continue
    }
    /// A message has come over the WebSocket.
    fn message(&self, client: &HttpClient, message: Message<'_>) -> Flow {
        let _ = (client, message);
        Flow::Continue
    }
}

/// An event-driven client of one HTTP server. A handle: clones are the same client. Requests are done one after the other, in order, over one connection, which is kept between
/// them (`keep_alive`) and made anew if the server has closed it. Cookies are kept between them. A connection that nothing is asked over does not keep the loop going; when the last handle goes, it
/// is closed after the last request. An open WebSocket keeps the loop and the client. Belongs to the thread of its loop.
pub struct HttpClient(Rc<Inner>);

/// What stays from one connection to the next.
struct Inner {
    kind: SocketType,
    /// a name or an address, without brackets; a path
    host: Box<str>,
    port: u16,
    secure: bool,
    settings: RefCell<Settings>,
    events: RefCell<Option<Rc<dyn HttpEvents>>>,
    jar: RefCell<Jar>,
    error: Cell<i32>,
    /// handles that the program, or a callback, has
    handles: Cell<usize>,
    /// as long as there is a request or a connection; the loop holds it
    work: RefCell<Weak<Work>>,
}

/// Longest body of an answer that is kept in memory, and longest message of a WebSocket, if `package_max_length` says nothing.
const LIMIT: usize = 64 << 20;

impl Inner {
    /// The value of `Host`.
    fn authority(&self) -> String {
        let bracketed = if self.kind == SocketType::Tcp6 { format!("[{}]", self.host) } else { self.host.to_string() };
        match self.port {
            _ if self.kind.is_unix() => "localhost".into(),
            443 if self.secure => bracketed,
            80 if !self.secure => bracketed,
            port => format!("{bracketed}:{port}"),
        }
    }

    fn site<'a>(&'a self, target: &'a [u8]) -> Site<'a> {
        Site { host: &self.host, target, secure: self.secure }
    }

    /// Most bytes of a body, or of a message.
    fn limit(&self) -> usize {
        let settings = self.settings.borrow();
        if settings.port.is_given("package_max_length") { settings.port.package_max_length } else { LIMIT }
    }

    fn events(&self) -> Option<Rc<dyn HttpEvents>> {
        self.events.borrow().clone()
    }

    /// What is being done, unless the loop that did it is gone.
    fn work(&self) -> Option<Rc<Work>> {
        self.work.borrow().upgrade().filter(|work| work.home() == local::number())
    }

    fn failed(&self, error: Error) -> Error {
        self.error.set(error.code());
        error
    }
}

fn no_websocket() -> Error {
    Error::new(
        ErrorKind::WebsocketUnconnected,
        "this client is not connected as a WebSocket; call upgrade() and go on in its callback",
    )
}

impl HttpClient {
    /// A client for `host` (a name, or an address in text; `unix:/path` for a Unix socket); `secure`: with TLS. `port` 0: 443 with TLS, else 80. Nothing is done yet. Errors: `InvalidParams`
    /// (the host is empty, or holds what cannot be in a name).
    pub fn new(host: &str, port: u16, secure: bool) -> Result<HttpClient> {
        let refused = |why: &str| {
            Err(Error::new(ErrorKind::InvalidParams, format!("{host:?} was given as host of an HTTP client: {why}")))
        };
        let (kind, host) = if let Some(path) = host.strip_prefix("unix:") {
            // As in a URL: `unix:///path`.
            let path = path.strip_prefix("//").unwrap_or(path);
            if path.is_empty() {
                return refused("the path of the Unix socket is empty");
            }
            (SocketType::UnixStream, path.to_owned())
        } else {
            let bare = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host);
            let is_v6 = bare.parse::<Ipv6Addr>().is_ok();
            if bare.is_empty() {
                return refused("it is empty");
            }
            if !is_v6 && !bare.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte)) {
                return refused(
                    "it is neither a host's name nor an address; a scheme, a port or a path does not belong here",
                );
            }
            (if is_v6 { SocketType::Tcp6 } else { SocketType::Tcp }, bare.to_owned())
        };
        let port = match port {
            _ if kind.is_unix() => 0,
            0 if secure => 443,
            0 => 80,
            port => port,
        };
        Ok(HttpClient::of(&Rc::new(Inner {
            kind,
            host: host.into(),
            port,
            secure,
            settings: RefCell::default(),
            events: RefCell::default(),
            jar: RefCell::default(),
            error: Cell::new(0),
            handles: Cell::new(0),
            work: RefCell::default(),
        })))
    }

    /// A handle more.
    fn of(inner: &Rc<Inner>) -> HttpClient {
        inner.handles.set(inner.handles.get() + 1);
        HttpClient(inner.clone())
    }

    /// Tells what happens to it to `events`; None: to nobody.
    pub fn set_events(&self, events: Option<Rc<dyn HttpEvents>>) {
        let before = self.0.events.replace(events);
        drop(before);
    }

    /// Sets one option by its name, as [`Settings::set`]: those of [`AsyncClient`](super::AsyncClient) (proxies, `ssl_*`, of the socket) and `timeout`, `connect_timeout`, `keep_alive`,
    /// `websocket_mask`, `websocket_compression`, `package_max_length`. Holds from the next request on (of the connection: from the next one).
    /// A negative time limit is none.
    pub fn set(&self, name: &str, value: &Value) -> Result<Vec<Warning>> {
        let never = ["timeout", "connect_timeout"].contains(&name)
            && matches!(value, Value::Int(..0)) | matches!(value, Value::Float(given) if *given < 0.0);
        let value = if never { &Value::Int(0) } else { value };
        self.0.settings.borrow_mut().set(name, value)
    }

    /// A copy of its settings.
    pub fn settings(&self) -> Settings {
        self.0.settings.borrow().clone()
    }

    /// Sets the cookies to send; those that are kept go. Errors: `InvalidParams` (one of them cannot be in a cookie).
    pub fn set_cookies(&self, cookies: Pairs) -> Result<()> {
        self.0.jar.borrow_mut().set(cookies)
    }

    /// The cookies that it has: those set, and those of answers that have not expired.
    pub fn cookies(&self) -> Pairs {
        self.0.jar.borrow().pairs(SystemTime::now())
    }

    /// Does a request, after those that wait: `done` gets the answer. Errors at once, and `done` is not called then: `InvalidParams` (method, target or headers cannot be sent), `FileNotExist`,
    /// `IsNotRegularFile`, `FileEmpty` (an upload), the file of a download cannot be written, `WrongOperation` (it is a WebSocket).
    pub fn execute(&self, request: Request, done: Done) -> Result<()> {
        self.take(request, false, done)
    }

    /// Asks the server to make the connection a WebSocket. `done` gets 101 and then it is one; or another answer, if the server refuses; a handshake that is wrong is a [`Failed`].
    /// Errors at once: as [`HttpClient::execute`].
    pub fn upgrade(&self, request: Request, done: Done) -> Result<()> {
        self.take(request, true, done)
    }

    fn take(&self, request: Request, upgrade: bool, done: Done) -> Result<()> {
        let work = self.0.work();
        if work.as_ref().is_some_and(|work| work.is_websocket()) {
            return Err(self.0.failed(Error::new(
                ErrorKind::WrongOperation,
                "the connection of this client is a WebSocket: use push(), or close() it first, or take another client",
            )));
        }
        let job = Job::new(request, upgrade, done).map_err(|e| self.0.failed(e))?;
        let work = work.unwrap_or_else(|| {
            let work = Work::new(&self.0);
            self.0.work.replace(Rc::downgrade(&work));
            work
        });
        work.add(job);
        Ok(())
    }

    /// Sends one frame over the WebSocket; `flags`: bits of [`flag`](crate::protocol::websocket::flag), of which FIN and COMPRESS count. A close frame also begins the end of the connection. Errors: `WebsocketUnconnected`,
    /// `WebsocketPackFailed` (a control frame that is too long or not final; a text that is not UTF-8), those of [`AsyncClient::send`](super::AsyncClient::send).
    pub fn push(&self, data: &[u8], opcode: Opcode, flags: u8) -> Result<()> {
        let work = self.0.work().ok_or_else(no_websocket);
        work.and_then(|work| work.push(data, opcode, flags)).map_err(|e| self.0.failed(e))
    }

    /// Closes the connection, a WebSocket with a close frame of code 1000. Requests that wait, or whose answer is not whole, fail (`ServerReset`), soon. Errors: `ClientNoConnection` (there is neither a connection nor a request).
    pub fn close(&self) -> Result<()> {
        let closed = self.0.work().is_some_and(|work| work.close());
        if closed {
            return Ok(());
        }
        Err(Error::new(ErrorKind::ClientNoConnection, "the client is not connected, and nothing was asked for"))
    }

    /// Keeps `value` as long as the present connection is there, its event `close` included: what the callbacks of an open WebSocket refer to. Without a connection it is
    /// dropped at once.
    pub fn keep(&self, value: Box<dyn Any>) {
        if let Some(work) = self.0.work() {
            work.keep(value);
        }
    }

    /// Whether there is a connection.
    pub fn is_connected(&self) -> bool {
        self.0.work().is_some_and(|work| work.is_connected())
    }

    /// Whether it is an open WebSocket.
    pub fn is_websocket(&self) -> bool {
        self.0.work().is_some_and(|work| work.is_websocket())
    }

    /// Requests that were not answered yet.
    pub fn pending(&self) -> usize {
        self.0.work().map_or(0, |work| work.pending())
    }

    /// Number of the last error: errno or a `SWOOLE_ERROR_*`; 0: none in the last request.
    pub fn error_code(&self) -> i32 {
        self.0.error.get()
    }

    /// The descriptor of its connection.
    pub fn descriptor(&self) -> Option<RawFd> {
        self.0.work().and_then(|work| work.descriptor())
    }
}

impl Clone for HttpClient {
    fn clone(&self) -> Self {
        HttpClient::of(&self.0)
    }
}

impl Drop for HttpClient {
    /// Nobody will ask anything more over a connection without handle.
    fn drop(&mut self) {
        let left = self.0.handles.get() - 1;
        self.0.handles.set(left);
        if left == 0
            && let Some(work) = self.0.work()
        {
            work.end_if_idle();
        }
    }
}

impl std::fmt::Debug for HttpClient {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("HttpClient")
            .field("host", &self.0.authority())
            .field("pending", &self.pending())
            .finish_non_exhaustive()
    }
}
