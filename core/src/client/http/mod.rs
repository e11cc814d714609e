//! The event-driven HTTP/1.1 client, over [`AsyncClient`](super::AsyncClient), which may become a WebSocket.

mod answer;
mod request;

use super::Settings;
use crate::config::{Value, Warning};
use crate::error::Result;
use crate::event::Flow;
use crate::protocol::websocket::Opcode;
use std::os::fd::RawFd;
use std::rc::Rc;

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
    fn error(&self, client: &HttpClient, error: &crate::error::Error) -> Flow {
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
#[derive(Clone)]
pub struct HttpClient(Rc<Inner>);

struct Inner;

impl HttpClient {
    /// A client for `host` (a name, or an address in text; `unix:/path` for a Unix socket); `secure`: with TLS. `port` 0: 443 with TLS, else 80. Nothing is done yet. Errors: `InvalidParams`
    /// (the host is empty, or holds what cannot be in a name).
    pub fn new(host: &str, port: u16, secure: bool) -> Result<HttpClient> {
        let _ = (host, port, secure);
        todo!()
    }

    /// Tells what happens to it to `events`; None: to nobody.
    pub fn set_events(&self, events: Option<Rc<dyn HttpEvents>>) {
        let _ = events;
        todo!()
    }

    /// Sets one option by its name, as [`Settings::set`]: those of [`AsyncClient`](super::AsyncClient) (proxies, `ssl_*`, of the socket) and `timeout`, `connect_timeout`, `keep_alive`,
    /// `websocket_mask`, `websocket_compression`, `package_max_length`. Holds from the next request on (of the connection: from the next one).
    pub fn set(&self, name: &str, value: &Value) -> Result<Vec<Warning>> {
        let _ = (name, value);
        todo!()
    }

    /// A copy of its settings.
    pub fn settings(&self) -> Settings {
        todo!()
    }

    /// Sets the cookies to send; those that are kept go. Errors: `InvalidParams` (one of them cannot be in a cookie).
    pub fn set_cookies(&self, cookies: Pairs) -> Result<()> {
        let _ = cookies;
        todo!()
    }

    /// The cookies that it has: those set, and those of answers that have not expired.
    pub fn cookies(&self) -> Pairs {
        todo!()
    }

    /// Does a request, after those that wait: `done` gets the answer. Errors at once, and `done` is not called then: `InvalidParams` (method, target or headers cannot be sent), `FileNotExist`,
    /// `IsNotRegularFile`, `FileEmpty` (an upload), `WrongOperation` (it is a WebSocket).
    pub fn execute(&self, request: Request, done: Done) -> Result<()> {
        let _ = (request, done);
        todo!()
    }

    /// Asks the server to make the connection a WebSocket. `done` gets 101 and then it is one; or another answer, if the server refuses; a handshake that is wrong is a [`Failed`].
    /// Errors at once: as [`HttpClient::execute`].
    pub fn upgrade(&self, request: Request, done: Done) -> Result<()> {
        let _ = (request, done);
        todo!()
    }

    /// Sends one frame over the WebSocket; `flags`: bits of [`flag`](crate::protocol::websocket::flag), of which FIN and COMPRESS count. A close frame also begins the end of the connection. Errors: `WebsocketUnconnected`,
    /// `WebsocketPackFailed` (a control frame that is too long or not final; a text that is not UTF-8), those of [`AsyncClient::send`](super::AsyncClient::send).
    pub fn push(&self, data: &[u8], opcode: Opcode, flags: u8) -> Result<()> {
        let _ = (data, opcode, flags);
        todo!()
    }

    /// Closes the connection, a WebSocket with a close frame of code 1000. Requests that wait, or whose answer is not whole, fail (`ServerReset`), soon. Errors: `ClientNoConnection` (there is neither a connection nor a request).
    pub fn close(&self) -> Result<()> {
        todo!()
    }

    /// Whether there is a connection.
    pub fn is_connected(&self) -> bool {
        todo!()
    }

    /// Whether it is an open WebSocket.
    pub fn is_websocket(&self) -> bool {
        todo!()
    }

    /// Requests that were not answered yet.
    pub fn pending(&self) -> usize {
        todo!()
    }

    /// Number of the last error: errno or a `SWOOLE_ERROR_*`; 0: none in the last request.
    pub fn error_code(&self) -> i32 {
        todo!()
    }

    /// The descriptor of its connection.
    pub fn descriptor(&self) -> Option<RawFd> {
        todo!()
    }
}
