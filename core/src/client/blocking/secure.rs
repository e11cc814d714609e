//! TLS of the client that waits.

use super::deadline::Ready;
use super::link::Link;
use super::{Client, Deadline, no_connection};
use crate::error::{Error, ErrorKind, Result};
use crate::net::tls::{self, Channel, ClientTls, Trouble};
use crate::sys::process::generation;
use socket2::Socket;
use std::io;

/// The connection's encryption, and whom it leads to.
#[derive(Debug)]
pub struct Secured {
    /// what is sent and received goes through it
    pub channel: Channel,
    /// the fork in which it was made
    fork: u32,
    /// the rules that it was made by, and the name of the server
    pub rules: (ClientTls, String),
}

impl Client {
    /// Has each connection begin with a TLS handshake, from the next connect on. Errors: `OperationNotSupport`, of a datagram client.
    pub fn secure(&mut self) -> Result<()> {
        if self.kind.is_datagram() {
            let why = "there is no TLS over datagrams here: use a TCP or Unix stream client";
            return Err(Error::new(ErrorKind::OperationNotSupport, why));
        }
        self.tls = true;
        Ok(())
    }

    /// Goes over to TLS on the present connection, within the client's timeout. Errors: `ClientNoConnection`; `WrongOperation`: it has TLS already, or something that came in the
    /// clear was not received yet; what is wrong with the options (`SslCreateContextFailed`), the peer's certificate (`SslVerifyFailed`) or the handshake. After an error of the handshake the connection is of no use.
    pub fn start_tls(&mut self) -> Result<()> {
        if self.kind.is_datagram() {
            return self.secure();
        }
        let timeout = self.timeout;
        let link = self.connected()?;
        if link.tls.is_some() {
            return Err(Error::new(ErrorKind::WrongOperation, "this connection has TLS already"));
        }
        let host = link.host.clone();
        let rules = self.rules(&host)?;
        let Some(link) = &mut self.link else { return Err(no_connection()) };
        let deadline = Deadline::after(timeout);
        link.secure(rules, &deadline)
    }

    /// The rules for TLS with that host.
    pub(super) fn rules(&self, host: &str) -> Result<(ClientTls, String)> {
        let name = self.settings.own.ssl_host_name.as_deref().unwrap_or(host);
        Ok((ClientTls::new(&self.settings.port)?, name.to_owned()))
    }

    /// The peer's certificate as text (PEM). Errors: `ClientNoConnection`; `SslNotReady`: there is no TLS; `SslEmptyPeerCertificate`.
    pub fn peer_certificate(&mut self) -> Result<String> {
        let secured = self.secured()?;
        match secured.channel.peer_certificates() {
            [first, ..] => Ok(tls::pem(first)),
            [] => Err(Error::new(ErrorKind::SslEmptyPeerCertificate, "the peer has shown no certificate")),
        }
    }

    /// Checks the peer's certificate as `ssl_verify_peer` does, after the handshake. Errors: as [`Client::peer_certificate`]; `SslVerifyFailed` with the reason.
    pub fn verify_peer(&mut self, allow_self_signed: bool) -> Result<()> {
        let settings = self.settings.port.clone();
        let secured = self.secured()?;
        let certificates = secured.channel.peer_certificates();
        tls::client::verify(&settings, &secured.rules.1, certificates, allow_self_signed)
    }

    fn secured(&mut self) -> Result<&Secured> {
        let none = || Error::new(ErrorKind::SslNotReady, "this connection has no TLS, so its peer has no certificate");
        self.connected()?.tls.as_deref().ok_or_else(none)
    }
}

impl Secured {
    /// Tells the peer that this is the end. A child's copy of its parent's connection says nothing.
    pub fn say_goodbye(&mut self, socket: &Socket) {
        if self.fork == generation() {
            self.channel.close(socket);
        }
    }
}

impl Link {
    /// Does a handshake as the client.
    pub fn secure(&mut self, rules: (ClientTls, String), deadline: &Deadline) -> Result<()> {
        if self.inbox.len() > 0 {
            // Whoever is between could have put it there, and it would be taken for what came encrypted.
            let why = format!(
                "cannot begin TLS with {}: {} bytes that came in the clear wait to be received",
                self.route,
                self.inbox.len()
            );
            return Err(Error::new(ErrorKind::WrongOperation, why));
        }
        let session = rules.0.session(&rules.1, &[])?;
        let mut channel = Channel::from(session);
        let shaken = self.shake_hands(&mut channel, deadline);
        if let Err(trouble) = shaken {
            (self.failed, self.spoilt) = (true, true);
            return Err(trouble.into_error(format_args!("cannot begin TLS with {}", self.route)));
        }
        self.tls = Some(Box::new(Secured { channel, fork: generation(), rules }));
        Ok(())
    }

    fn shake_hands(&mut self, channel: &mut Channel, deadline: &Deadline) -> std::result::Result<(), Trouble> {
        channel.begin(&self.socket)?;
        let timed_out = || Trouble::Socket(io::Error::from_raw_os_error(libc::ETIMEDOUT));
        while !channel.is_established() {
            match self.inbox.read_tls(channel, &self.socket)? {
                tls::Read::Bytes { .. } => {}
                tls::Read::Nothing => {
                    let sent = channel.push(&self.socket)?;
                    let ready = if sent { Ready::Read } else { Ready::Write };
                    if !deadline.wait(&*self.socket, ready)? {
                        return Err(timed_out());
                    }
                }
                tls::Read::End { .. } => {
                    let why = "the peer has closed the connection in the TLS handshake";
                    return Err(Error::new(ErrorKind::SslHandshakeFailed, why).into());
                }
            }
        }
        while !channel.push(&self.socket)? {
            if !deadline.wait(&*self.socket, Ready::Write)? {
                return Err(timed_out());
            }
        }
        Ok(())
    }
}
