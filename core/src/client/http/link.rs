//! How a client gets a connection: directly, by its proxy, with TLS.

use super::Inner;
use super::frames::Frames;
use super::wire::Around;
use super::work::{Wire, Work};
use crate::client::AsyncClient;
use crate::config::Value;
use crate::error::Result;
use crate::event::local;
use base64::prelude::{BASE64_STANDARD, Engine};
use std::rc::{Rc, Weak};
use std::time::Duration;

/// How long connecting may take if the program does not say.
const CONNECT: Duration = Duration::from_millis(500);

/// A connection, or an attempt at one.
pub(super) struct Link {
    pub socket: AsyncClient,
    /// what the loop holds of it
    pub wire: Weak<Wire>,
    /// differs from those of all others of the same work
    pub serial: u64,
    /// it is connected
    pub open: bool,
    /// it has carried an answer before
    pub used: bool,
    /// how it leads to the server
    pub route: Route,
    /// what came and was not looked at
    pub input: Vec<u8>,
    /// it is a WebSocket
    pub frames: Option<Frames>,
}

/// How a connection leads to the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Route {
    /// what is said on it goes to the server: directly, or through a proxy that passes on bytes
    Straight,
    /// what is said on it goes to an HTTP proxy, which asks the server itself
    Proxy,
}

impl Route {
    /// The one that a request is to take: only HTTP itself is asked for by a proxy.
    pub fn of(client: &Inner, upgrade: bool) -> Route {
        let settings = client.settings.borrow();
        let by_http = settings.own.http_proxy_host.as_deref().is_some_and(|host| !host.is_empty());
        let by_socks = settings.own.socks5_host.as_deref().is_some_and(|host| !host.is_empty());
        // With both set, connecting says what is wrong.
        if by_http && !by_socks && !client.secure && !upgrade && !client.kind.is_unix() {
            Route::Proxy
        } else {
            Route::Straight
        }
    }
}

/// Begins to connect.
pub(super) fn connect(work: &Rc<Work>, client: &Inner, route: Route, serial: u64) -> Result<Link> {
    let mut settings = client.settings.borrow().clone();
    let own = &settings.own;
    let timeout = match (own.is_given("connect_timeout"), own.timeout) {
        (true, _) => own.connect_timeout,
        (false, Duration::ZERO) => CONNECT,
        (false, timeout) => timeout,
    };
    // The answer's limit holds for connecting too.
    let timeout = match own.timeout {
        Duration::ZERO => timeout,
        limit if timeout.is_zero() => limit,
        limit => timeout.min(limit),
    };
    let (mut host, mut port) = (client.host.to_string(), client.port);
    if route == Route::Proxy {
        host = own.http_proxy_host.clone().unwrap_or_default();
        port = own.http_proxy_port as u16;
        settings.own.set("http_proxy_host", &Value::Null)?;
    }
    // It frames by itself, and decides itself how much may wait.
    for option in [
        "open_eof_check",
        "open_eof_split",
        "open_length_check",
        "package_length_func",
        "package_max_length",
        "buffer_high_watermark",
        "buffer_low_watermark",
    ] {
        settings.port.set(option, &Value::Null)?;
    }
    settings.port.set("socket_buffer_size", &Value::Int(0))?;
    let socket = AsyncClient::with_settings(client.kind, settings);
    if client.secure {
        socket.secure()?;
    }
    let wire = Rc::new(Wire::new(work, serial));
    let held = Rc::downgrade(&wire);
    socket.connect(&host, port, timeout, wire)?;
    Ok(Link { socket, wire: held, serial, open: false, used: false, route, input: Vec::new(), frames: None })
}

impl Link {
    /// Ends it at once; `close` is told soon if it was open.
    pub fn end(self) {
        self.close(true);
    }

    /// Ends it when what waits has been sent.
    pub fn end_after_sending(self) {
        self.close(false);
    }

    fn close(self, force: bool) {
        if let Some(timer) = self.frames.as_ref().and_then(Frames::goodbye) {
            local::clear(timer);
        }
        // It may have ended by itself.
        let _ = self.socket.close(force);
    }
}

/// What a request's head has for this client on that route.
pub(super) fn around(client: &Inner, route: Route) -> Around {
    let settings = client.settings.borrow();
    let host = client.authority();
    let mut around = Around { keep_alive: settings.own.keep_alive, ..Around::default() };
    if route == Route::Proxy {
        around.prefix = format!("http://{host}");
        if let Some(user) = settings.own.http_proxy_user.as_deref().filter(|user| !user.is_empty()) {
            let password = settings.own.http_proxy_password.as_deref().unwrap_or_default();
            let login = BASE64_STANDARD.encode(format!("{user}:{password}"));
            around.own.push(("Proxy-Authorization", format!("Basic {login}")));
        }
    }
    around.host = host;
    around
}
