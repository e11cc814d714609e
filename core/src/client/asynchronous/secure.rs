//! TLS of the event-driven client: the handshake that is a part of connecting, and the one on a connection that there is.

use super::connecting::{connected, fail, refused, route};
use super::drive::{BUFFER, again};
use super::link::Link;
use super::{AsyncClient, Conn, timer};
use crate::error::{Error, ErrorKind, Result};
use crate::event::Flow;
use crate::log;
use crate::net::tls::{self, Channel, ClientTls, Trouble};
use std::io;
use std::rc::Rc;

/// What is called once a connection has gone over to TLS.
pub type Ready = Box<dyn FnOnce(&AsyncClient) -> Flow>;

/// The connection's encryption.
pub(super) struct Secured {
    /// what is sent and received goes through it
    pub channel: Channel,
    /// whom it leads to
    pub name: String,
    /// who is to be told when the handshake is over
    pub ready: Option<Ready>,
}

/// What a connection's handshake is done with: the rules, and the server's name.
pub(super) type Rules = (ClientTls, String);

/// The rules for TLS with that host.
pub(super) fn rules(settings: &crate::client::Settings, host: &str) -> Result<Rules> {
    let name = settings.own.ssl_host_name.as_deref().unwrap_or(host);
    Ok((ClientTls::new(&settings.port)?, name.to_owned()))
}

impl AsyncClient {
    /// Has each connection begin with a TLS handshake, from the next connect on; the event `connect` comes after it, within connect's timeout. Errors: `OperationNotSupport`, of a datagram client.
    pub fn secure(&self) -> Result<()> {
        if self.0.kind.is_datagram() {
            let why = "there is no TLS over datagrams here: use a TCP or Unix stream client";
            return Err(self.failed(Error::new(ErrorKind::OperationNotSupport, why)));
        }
        self.0.tls.set(true);
        Ok(())
    }

    /// Goes over to TLS on the present connection and calls `ready` when the handshake is over; what is sent meanwhile goes out then. If it fails, or takes longer than connecting may, `close` is called
    /// with the error's number. Errors: `ClientNoConnection`, `WrongOperation` (it has TLS already; bytes wait that were to be sent, or were received, in the clear), what is wrong with the options.
    pub fn start_tls(&self, ready: Ready) -> Result<()> {
        let conn = self.connected()?;
        start(self, &conn, ready).map_err(|e| self.failed(e))
    }

    /// The peer's certificate as text (PEM). Errors: `ClientNoConnection`; `SslNotReady`: there is no TLS, or its handshake is not over; `SslEmptyPeerCertificate`.
    pub fn peer_certificate(&self) -> Result<String> {
        let conn = self.connected()?;
        let link = conn.link.borrow();
        match link.secured()?.channel.peer_certificates() {
            [first, ..] => Ok(tls::pem(first)),
            [] => Err(Error::new(ErrorKind::SslEmptyPeerCertificate, "the peer has shown no certificate")),
        }
    }

    /// Checks the peer's certificate as `ssl_verify_peer` does, after the handshake. Errors: as [`AsyncClient::peer_certificate`]; `SslVerifyFailed` with the reason.
    pub fn verify_peer(&self, allow_self_signed: bool) -> Result<()> {
        let conn = self.connected()?;
        let link = conn.link.borrow();
        let secured = link.secured()?;
        let certificates = secured.channel.peer_certificates();
        tls::client::verify(&conn.config.settings.port, &secured.name, certificates, allow_self_signed)
    }
}

impl Link {
    fn secured(&self) -> Result<&Secured> {
        let found = self.tls.as_deref().filter(|secured| secured.channel.is_established());
        found.ok_or_else(|| {
            Error::new(ErrorKind::SslNotReady, "this connection has no TLS (yet), so its peer has no certificate")
        })
    }

    /// Whether a handshake is under way.
    pub fn is_shaking(&self) -> bool {
        self.tls.as_ref().is_some_and(|secured| !secured.channel.is_established())
    }

    /// Whoever is to be told that the handshake is over, once it is.
    pub fn take_ready(&mut self) -> Option<Ready> {
        self.tls.as_mut().filter(|secured| secured.channel.is_established())?.ready.take()
    }

    /// Begins a handshake.
    fn begin_tls(&mut self, (rules, name): &Rules, ready: Option<Ready>) -> std::result::Result<(), Trouble> {
        let Some(socket) = &self.socket else { return Ok(()) };
        let mut channel = Channel::from(rules.session(name, &[])?);
        channel.begin(socket)?;
        self.tls = Some(Box::new(Secured { channel, name: name.clone(), ready }));
        Ok(())
    }
}

fn start(client: &AsyncClient, conn: &Rc<Conn>, ready: Ready) -> Result<()> {
    if client.0.kind.is_datagram() {
        return client.secure();
    }
    let wrong = |why: String| {
        Err(Error::new(ErrorKind::WrongOperation, format!("cannot begin TLS with {}: {why}", conn.place())))
    };
    {
        let link = conn.link.borrow();
        if link.tls.is_some() {
            return wrong("it has TLS already".into());
        }
        if link.out.queued() > 0 {
            return wrong(format!("{} bytes still wait to be sent in the clear", link.out.queued()));
        }
        if !link.input.is_empty() {
            // Whoever is between could have put them there, and they would be taken for what came encrypted.
            return wrong(format!("{} bytes that came in the clear were not told yet", link.input.len()));
        }
    }
    let rules = rules(&conn.config.settings, &conn.host)?;
    let begun = conn.link.borrow_mut().begin_tls(&rules, Some(ready));
    begun.map_err(|trouble| trouble.into_error(format_args!("cannot begin TLS with {}", conn.place())))?;
    if !conn.timeout.is_zero() {
        let weak = (Rc::downgrade(&client.0), Rc::downgrade(conn));
        let limit = timer(conn.timeout, move || {
            let (Some(client), Some(conn)) = (weak.0.upgrade(), weak.1.upgrade()) else { return Flow::Continue };
            let client = AsyncClient(client);
            let mut link = conn.link.borrow_mut();
            if link.tls.as_ref().is_some_and(|secured| secured.ready.is_some()) {
                link.timer = None;
                link.lose(libc::ETIMEDOUT);
                link.ended = true;
                drop(link);
                again(&client, &conn);
            }
            Flow::Continue
        });
        let mut link = conn.link.borrow_mut();
        link.stop_timer();
        link.timer = Some(limit);
    }
    again(client, conn);
    Ok(())
}

/// The way to the peer is there: the handshake begins.
pub(super) fn begin(client: &AsyncClient, conn: &Rc<Conn>, rules: &Rules) -> Flow {
    let asked = || format!("cannot connect to {}", route(conn));
    let begun = {
        let mut link = conn.link.borrow_mut();
        if link.input.is_empty() {
            link.attempt.get_or_insert_default().shaking();
            link.begin_tls(rules, None)
        } else {
            let why = "the proxy has sent bytes of its own before the TLS handshake";
            Err(Error::new(ErrorKind::SslHandshakeFailed, why).into())
        }
    };
    match begun {
        Ok(()) => shake(client, conn),
        Err(Trouble::Socket(why)) => refused(client, conn, &why),
        Err(Trouble::Tls(e)) => fail(client, conn, e.while_doing(asked())),
    }
}

/// Goes on with the handshake as far as that goes now.
pub(super) fn shake(client: &AsyncClient, conn: &Rc<Conn>) -> Flow {
    let mut buffer = BUFFER.take();
    if buffer.len() < tls::BUFFER {
        buffer.resize(tls::BUFFER, 0);
    }
    let shaken = conn.link.borrow_mut().shake(&mut buffer[..tls::BUFFER]);
    BUFFER.set(buffer);
    match shaken {
        Ok(false) => Flow::Continue,
        Ok(true) => connected(client, conn),
        Err(Trouble::Socket(why)) => refused(client, conn, &why),
        Err(Trouble::Tls(e)) => fail(client, conn, e.while_doing(format_args!("cannot connect to {}", route(conn)))),
    }
}

impl Link {
    /// True: the handshake is over. What came behind it is kept.
    fn shake(&mut self, buffer: &mut [u8]) -> std::result::Result<bool, Trouble> {
        let (Some(socket), Some(secured)) = (&self.socket, &mut self.tls) else { return Ok(false) };
        let channel = &mut secured.channel;
        loop {
            channel.push(socket)?;
            match channel.read(socket, buffer)? {
                tls::Read::Bytes { count, more } => {
                    if channel.is_established() {
                        (self.held, self.unread) = (count > 0, more);
                        self.input = buffer[..count].to_vec();
                        return Ok(true);
                    }
                    // A short read has emptied the socket: what comes next is a new event. But for the end.
                    if !more && !self.hangup {
                        return Ok(false);
                    }
                }
                tls::Read::Nothing => return Ok(false),
                tls::Read::End { .. } => {
                    if self.broken != 0 {
                        return Err(io::Error::from_raw_os_error(self.broken).into());
                    }
                    let why = "the peer has closed the connection in the TLS handshake";
                    return Err(Error::new(ErrorKind::SslHandshakeFailed, why).into());
                }
            }
        }
    }

    /// As `read`, through TLS.
    pub fn read_tls(&mut self, buffer: &mut [u8]) -> super::link::Read {
        use super::link::Read;
        let (Some(socket), Some(secured)) = (&self.socket, &mut self.tls) else { return Read::Nothing };
        let or_broken = |code: i32| Read::End(if self.broken != 0 { self.broken } else { code });
        match secured.channel.read(socket, buffer) {
            Ok(tls::Read::Bytes { count, more }) => {
                Read::Bytes { count, more: more || self.hangup || self.broken != 0 }
            }
            Ok(tls::Read::Nothing) if self.broken == 0 => Read::Nothing,
            Ok(tls::Read::Nothing) => Read::End(self.broken),
            Ok(tls::Read::End { cut: false }) => or_broken(0),
            Ok(tls::Read::End { cut: true }) => or_broken(ErrorKind::SslReset as i32),
            Err(Trouble::Socket(e)) => or_broken(e.raw_os_error().unwrap_or(libc::EIO)),
            Err(Trouble::Tls(e)) => {
                log::warning(format_args!("the connection with {} is closed: {e}", secured.name));
                or_broken(e.code())
            }
        }
    }
}
