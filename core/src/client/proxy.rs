//! How a proxy is asked for a connection: SOCKS5 (RFC 1928, RFC 1929) and CONNECT over HTTP (RFC 9110). No sockets, no clock:
//! bytes go in, bytes come out, so both clients use it.

mod http;
mod socks5;
#[cfg(test)]
mod tests;

use crate::config::ClientSettings;
use crate::error::{Error, ErrorKind, Result};
use crate::net::SocketType;
use std::net::IpAddr;

/// What to do next in a [`Handshake`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// read from the proxy and feed it
    More,
    /// send this to the proxy, then read and feed
    Send(Vec<u8>),
    /// the peer is connected; what came behind the proxy's answer is the peer's
    Done {
        /// the peer's first bytes, mostly none
        leftover: Vec<u8>,
    },
}

/// What the proxy is asked to connect to.
#[derive(Debug, Clone)]
struct Target {
    /// without the brackets of an IPv6 address
    host: String,
    port: u16,
}

/// User name and password for a proxy.
type Login = Option<(String, String)>;

#[derive(Debug)]
enum Dialog {
    Socks5(socks5::Dialog),
    Http(http::Dialog),
}

/// The conversation with the proxy of one connection, from its first byte until the peer is connected.
#[derive(Debug)]
pub struct Handshake {
    proxy: (String, u16),
    /// for messages: the target, through which proxy
    route: String,
    greeting: Vec<u8>,
    dialog: Dialog,
}

impl Handshake {
    /// The handshake for a connection to `host` and `port`, which the proxy looks up; None if no proxy is set. Errors (`InvalidParams`): two proxies are set, the socket is not a
    /// TCP one, user name, password or host cannot be told to this proxy.
    pub fn start(settings: &ClientSettings, kind: SocketType, host: &str, port: u16) -> Result<Option<Handshake>> {
        let named = |text: &Option<String>| text.clone().filter(|t| !t.is_empty());
        let socks5 = named(&settings.socks5_host);
        let http = named(&settings.http_proxy_host);
        let is_http = socks5.is_none();
        let (proxy, name, port_of_proxy) = match (socks5, http) {
            (None, None) => return Ok(None),
            (Some(proxy), None) => (proxy, "SOCKS5", settings.socks5_port),
            (None, Some(proxy)) => (proxy, "HTTP", settings.http_proxy_port),
            (Some(socks5), Some(http)) => {
                return Err(Error::new(
                    ErrorKind::InvalidParams,
                    format!("socks5_host ({socks5}) and http_proxy_host ({http}) are both set: take one of them away"),
                ));
            }
        };
        let proxy = (proxy, port_of_proxy as u16);
        let route = format!("{} through the {name} proxy {}", place(host, port), place(&proxy.0, proxy.1));
        let refuse = |why: &str| Err(Error::new(ErrorKind::InvalidParams, format!("cannot connect to {route}: {why}")));
        if kind.is_datagram() || kind.is_unix() {
            return refuse("proxies are for TCP sockets only; take the proxy away");
        }
        let Some(target) = Target::new(host, port) else {
            return refuse("this host is neither an IP address nor a host name of ASCII characters");
        };
        let (user, password) = if is_http {
            (named(&settings.http_proxy_user), named(&settings.http_proxy_password))
        } else {
            (named(&settings.socks5_username), named(&settings.socks5_password))
        };
        let login = user.map(|user| (user, password.unwrap_or_default()));
        let made = if is_http {
            http::Dialog::start(&target, login).map(|(dialog, greeting)| (Dialog::Http(dialog), greeting))
        } else {
            socks5::Dialog::start(&target, login).map(|(dialog, greeting)| (Dialog::Socks5(dialog), greeting))
        };
        match made {
            Ok((dialog, greeting)) => Ok(Some(Handshake { proxy, route, greeting, dialog })),
            Err(why) => refuse(why),
        }
    }

    /// Host and port of the proxy: connect to it.
    pub fn proxy(&self) -> (&str, u16) {
        (&self.proxy.0, self.proxy.1)
    }

    /// What to send to the proxy first.
    pub fn greeting(&self) -> &[u8] {
        &self.greeting
    }

    /// For messages: `example.com:81 through the SOCKS5 proxy 10.0.0.1:1080`.
    pub fn route(&self) -> &str {
        &self.route
    }

    /// Takes what was read from the proxy, in pieces of any size (an empty one changes nothing). Errors: the `Socks5…` and `HttpProxy…` kinds; the connection is of no use then.
    /// Must not be called again after [`Step::Done`] or an error.
    pub fn feed(&mut self, bytes: &[u8]) -> Result<Step> {
        let step = match &mut self.dialog {
            Dialog::Socks5(dialog) => dialog.feed(bytes),
            Dialog::Http(dialog) => dialog.feed(bytes),
        };
        step.map_err(|(kind, why)| self.failed(kind, &why))
    }

    /// The error to give when the proxy ended the connection meanwhile.
    pub fn closed(&self) -> Error {
        let kind = match self.dialog {
            Dialog::Socks5(_) => ErrorKind::Socks5ServerError,
            Dialog::Http(_) => ErrorKind::HttpProxyHandshakeError,
        };
        self.failed(kind, "the proxy closed the connection before it answered")
    }

    fn failed(&self, kind: ErrorKind, why: &str) -> Error {
        Error::new(kind, format!("cannot connect to {}: {why}", self.route))
    }
}

/// Host and port as messages and HTTP name them: an IPv6 address in brackets.
pub(super) fn place(host: &str, port: u16) -> String {
    if host.contains(':') && !host.starts_with('[') { format!("[{host}]:{port}") } else { format!("{host}:{port}") }
}

impl Target {
    /// None for a host with characters that could mean something else to the proxy (a space, a line's end, `/`, `@` …).
    fn new(host: &str, port: u16) -> Option<Target> {
        let bare = host.strip_prefix('[').and_then(|h| h.strip_suffix(']')).unwrap_or(host);
        let is_name = |name: &str| {
            !name.is_empty()
                && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._~!$&'()*+,;=%".contains(&byte))
        };
        let is_v6 = bare.parse::<IpAddr>().is_ok_and(|ip| ip.is_ipv6());
        (is_v6 || is_name(host)).then(|| Target { host: bare.to_owned(), port })
    }
}
