//! One TLS connection without its socket: records in, bytes out, and the other way.

use crate::error::{Error, ErrorKind, Result};
use rustls::client::{ClientConnectionData, UnbufferedClientConnection};
use rustls::pki_types::CertificateDer;
use rustls::server::{ServerConnectionData, UnbufferedServerConnection};
use rustls::unbuffered::{ConnectionState, EncodeError, EncryptError, UnbufferedStatus};
use rustls::{AlertDescription, CommonState, Error as TlsError};
use std::ops::Deref;

/// Longest plaintext of a record.
pub const RECORD: usize = 16 << 10;
/// Records are read behind so many bytes of a buffer: what they hold goes to its front, which is never short of room then, since a record is longer than what it holds.
const GAP: usize = RECORD + 256;
/// Records that are read at once, in bytes.
const READ: usize = 64 << 10;
/// Length of a buffer that [`Session::room`] takes.
pub const BUFFER: usize = GAP + READ;
/// What a record is longer than its plaintext, at most.
const OVERHEAD: usize = 64;

/// Records that are ready to be sent. The memory is used again and again.
#[derive(Debug, Default)]
pub struct Records {
    bytes: Vec<u8>,
    length: usize,
}

impl Records {
    /// What is to be sent.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes[..self.length]
    }

    /// Forgets them.
    pub fn clear(&mut self) {
        self.length = 0;
    }

    fn room(&mut self, size: usize) -> &mut [u8] {
        if self.bytes.len() < self.length + size {
            self.bytes.resize(self.length + size, 0);
        }
        &mut self.bytes[self.length..]
    }
}

/// What came out of records.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Received {
    /// so many bytes, at the front of the buffer
    pub count: usize,
    /// the peer said that it sends no more (close_notify)
    pub end: bool,
}

enum Side {
    Server(Box<UnbufferedServerConnection>),
    Client(Box<UnbufferedClientConnection>),
}

impl std::fmt::Debug for Side {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(if matches!(self, Side::Server(_)) { "Server" } else { "Client" })
    }
}

/// The two kinds of connection, as far as they are alike.
trait Machine: Deref<Target: Deref<Target = CommonState>> {
    type Data;
    fn step<'c, 'i>(&'c mut self, records: &'i mut [u8]) -> UnbufferedStatus<'c, 'i, Self::Data>;
}

impl Machine for UnbufferedServerConnection {
    type Data = ServerConnectionData;
    fn step<'c, 'i>(&'c mut self, records: &'i mut [u8]) -> UnbufferedStatus<'c, 'i, ServerConnectionData> {
        self.process_tls_records(records)
    }
}

impl Machine for UnbufferedClientConnection {
    type Data = ClientConnectionData;
    fn step<'c, 'i>(&'c mut self, records: &'i mut [u8]) -> UnbufferedStatus<'c, 'i, ClientConnectionData> {
        self.process_tls_records(records)
    }
}

/// One end of a TLS connection.
#[derive(Debug)]
pub struct Session {
    side: Side,
    /// the beginning of a record that has not come whole yet
    partial: Vec<u8>,
    /// It has failed. rustls is not to be asked again then: what it knows of bytes that were received is not true any more.
    broken: bool,
}

impl From<UnbufferedServerConnection> for Session {
    fn from(connection: UnbufferedServerConnection) -> Session {
        Session { side: Side::Server(Box::new(connection)), partial: Vec::new(), broken: false }
    }
}

impl From<UnbufferedClientConnection> for Session {
    fn from(connection: UnbufferedClientConnection) -> Session {
        Session { side: Side::Client(Box::new(connection)), partial: Vec::new(), broken: false }
    }
}

impl Session {
    fn common(&self) -> &CommonState {
        match &self.side {
            Side::Server(connection) => connection,
            Side::Client(connection) => connection,
        }
    }

    /// Whether the handshake is over.
    pub fn is_established(&self) -> bool {
        !self.common().is_handshaking()
    }

    /// The peer's certificate and what it sent to prove it, the peer's own first; empty if it has shown none.
    pub fn peer_certificates(&self) -> &[CertificateDer<'static>] {
        self.common().peer_certificates().unwrap_or_default()
    }

    /// The protocol that both ends have agreed on by ALPN.
    #[cfg(test)]
    pub fn alpn(&self) -> Option<&[u8]> {
        self.common().alpn_protocol()
    }

    /// Whether the handshake took up an earlier session.
    #[cfg(test)]
    pub fn is_resumed(&self) -> bool {
        self.common().handshake_kind() == Some(rustls::HandshakeKind::Resumed)
    }

    /// Where in `buffer`, which is [`BUFFER`] bytes long, further records are to be read to.
    pub fn room<'b>(&self, buffer: &'b mut [u8]) -> &'b mut [u8] {
        let waits = self.partial.len();
        buffer[GAP..GAP + waits].copy_from_slice(&self.partial);
        &mut buffer[GAP + waits..BUFFER]
    }

    /// Takes `count` bytes that were read to [`Session::room`] of the same buffer (nothing else may have written to it since). What they hold lies at the front of it then; what has to be
    /// answered is added to `out`, also with an error.
    pub fn receive(&mut self, buffer: &mut [u8], count: usize, out: &mut Records) -> Result<Received> {
        self.unbroken(|session| session.take(buffer, count, out))
    }

    /// Does something unless the connection has failed before; if it fails with this, that is noted.
    fn unbroken<T>(&mut self, act: impl FnOnce(&mut Session) -> Result<T>) -> Result<T> {
        if self.broken {
            return Err(Error::new(ErrorKind::SslReset, "TLS: the connection has failed before"));
        }
        act(self).inspect_err(|_| {
            self.broken = true;
            self.partial = Vec::new();
        })
    }

    fn take(&mut self, buffer: &mut [u8], count: usize, out: &mut Records) -> Result<Received> {
        let end = GAP + self.partial.len() + count;
        let shaking = !self.is_established();
        let taken = match &mut self.side {
            Side::Server(connection) => receive(&mut **connection, &mut buffer[..end], out),
            Side::Client(connection) => receive(&mut **connection, &mut buffer[..end], out),
        };
        let (received, from) = taken.map_err(|e| failure(e, shaking, matches!(self.side, Side::Server(_))))?;
        let rest = &buffer[from..end];
        if rest.len() >= READ {
            let what = "the peer sends a TLS message that is too long";
            return Err(Error::new(ErrorKind::SslBadProtocol, what));
        }
        if rest.is_empty() {
            self.partial = Vec::new();
        } else {
            self.partial.clear();
            self.partial.extend_from_slice(rest);
        }
        Ok(received)
    }

    /// Begins the handshake of a client: what it has to say first is added to `out`.
    pub fn begin(&mut self, out: &mut Records) -> Result<()> {
        self.unbroken(|Session { side, partial, .. }| {
            match side {
                Side::Server(connection) => advance(&mut **connection, partial, out, |_, _| Ok(false)),
                Side::Client(connection) => advance(&mut **connection, partial, out, |_, _| Ok(false)),
            }
            .map_err(|e| failure(e, true, matches!(side, Side::Server(_))))
        })
    }

    /// Adds records with `data` to `out`. The handshake must be over.
    pub fn encrypt(&mut self, data: &[u8], out: &mut Records) -> Result<()> {
        let size = data.len() + (data.len() / RECORD + 2) * OVERHEAD;
        self.unbroken(|Session { side, partial, .. }| {
            match side {
                Side::Server(connection) => advance(&mut **connection, partial, out, |state, out| match state {
                    ConnectionState::WriteTraffic(writer) => put(out, size, |room| writer.encrypt(data, room)),
                    _ => Ok(false),
                }),
                Side::Client(connection) => advance(&mut **connection, partial, out, |state, out| match state {
                    ConnectionState::WriteTraffic(writer) => put(out, size, |room| writer.encrypt(data, room)),
                    _ => Ok(false),
                }),
            }
            .map_err(|e| failure(e, false, matches!(side, Side::Server(_))))
        })
    }

    /// Says that no more will be sent (close_notify).
    pub fn close(&mut self, out: &mut Records) -> Result<()> {
        self.unbroken(|Session { side, partial, .. }| {
            match side {
                Side::Server(connection) => advance(&mut **connection, partial, out, |state, out| match state {
                    ConnectionState::WriteTraffic(writer) => put(out, OVERHEAD, |room| writer.queue_close_notify(room)),
                    _ => Ok(false),
                }),
                Side::Client(connection) => advance(&mut **connection, partial, out, |state, out| match state {
                    ConnectionState::WriteTraffic(writer) => put(out, OVERHEAD, |room| writer.queue_close_notify(room)),
                    _ => Ok(false),
                }),
            }
            .map_err(|e| failure(e, false, matches!(side, Side::Server(_))))
        })
    }
}

/// Takes all records that are whole. What they held, and where the first begins that is not.
fn receive<M: Machine>(
    machine: &mut M,
    buffer: &mut [u8],
    out: &mut Records,
) -> std::result::Result<(Received, usize), TlsError> {
    let (mut from, mut received) = (GAP, Received::default());
    loop {
        let (front, records) = buffer.split_at_mut(from);
        let UnbufferedStatus { mut discard, state, .. } = machine.step(records);
        let mut done = false;
        match state {
            Ok(ConnectionState::ReadTraffic(mut traffic)) => {
                while let Some(record) = traffic.next_record() {
                    let record = record?;
                    discard += record.discard;
                    let room = front[received.count..].get_mut(..record.payload.len());
                    room.ok_or(TlsError::PeerSentOversizedRecord)?.copy_from_slice(record.payload);
                    received.count += record.payload.len();
                }
            }
            Ok(ConnectionState::EncodeTlsData(mut data)) => drop(put(out, OVERHEAD, |room| data.encode(room))?),
            Ok(ConnectionState::TransmitTlsData(sent)) => sent.done(),
            Ok(ConnectionState::PeerClosed) => received.end = true,
            Ok(ConnectionState::BlockedHandshake | ConnectionState::WriteTraffic(_) | ConnectionState::Closed) => {
                done = true;
            }
            // No early data is offered, and none accepted.
            Ok(_) => return Err(TlsError::General("an unexpected state".into())),
            Err(error) => {
                // Which it tells the peer. Nothing more is to be read.
                while machine.wants_write() {
                    let rest = &mut buffer[from + discard..];
                    let Ok(ConnectionState::EncodeTlsData(mut data)) = machine.step(rest).state else { break };
                    let _ = put(out, OVERHEAD, |room| data.encode(room));
                }
                return Err(error);
            }
        }
        from += discard;
        if done {
            return Ok((received, from));
        }
    }
}

/// Lets a connection say what it has to say, until `writes` has written or there is nothing more to do. `partial` is what was received and is not a whole record.
fn advance<M: Machine>(
    machine: &mut M,
    partial: &mut Vec<u8>,
    out: &mut Records,
    mut writes: impl FnMut(&mut ConnectionState<'_, '_, M::Data>, &mut Records) -> std::result::Result<bool, TlsError>,
) -> std::result::Result<(), TlsError> {
    loop {
        let UnbufferedStatus { discard, state, .. } = machine.step(partial);
        let mut done = false;
        match state? {
            ConnectionState::EncodeTlsData(mut data) => drop(put(out, OVERHEAD, |room| data.encode(room))?),
            ConnectionState::TransmitTlsData(sent) => sent.done(),
            ConnectionState::PeerClosed => {}
            mut state => {
                writes(&mut state, out)?;
                done = true;
            }
        }
        if discard > 0 {
            partial.drain(..discard);
        }
        if done {
            return Ok(());
        }
    }
}

/// What can go wrong with writing into a buffer.
trait Refusal {
    /// how long it must be, if that was all
    fn wanted(&self) -> Option<usize>;
    fn into_error(self) -> TlsError;
}

impl Refusal for EncodeError {
    fn wanted(&self) -> Option<usize> {
        match self {
            EncodeError::InsufficientSize(size) => Some(size.required_size),
            EncodeError::AlreadyEncoded => None,
        }
    }
    fn into_error(self) -> TlsError {
        TlsError::General(self.to_string())
    }
}

impl Refusal for EncryptError {
    fn wanted(&self) -> Option<usize> {
        match self {
            EncryptError::InsufficientSize(size) => Some(size.required_size),
            EncryptError::EncryptExhausted => None,
        }
    }
    fn into_error(self) -> TlsError {
        TlsError::EncryptError
    }
}

/// Has something written behind what is in `out`, with as much room as it wants. True: it was.
fn put<E: Refusal>(
    out: &mut Records,
    size: usize,
    mut write: impl FnMut(&mut [u8]) -> std::result::Result<usize, E>,
) -> std::result::Result<bool, TlsError> {
    let mut size = size;
    loop {
        match write(out.room(size)) {
            Ok(count) => {
                out.length += count;
                return Ok(true);
            }
            Err(refusal) => match refusal.wanted() {
                Some(wanted) if wanted > size => size = wanted,
                _ => return Err(refusal.into_error()),
            },
        }
    }
}

/// The engine's error for one of rustls.
fn failure(error: TlsError, shaking: bool, server: bool) -> Error {
    let kind = match &error {
        TlsError::InvalidCertificate(_) => ErrorKind::SslVerifyFailed,
        TlsError::NoCertificatesPresented => ErrorKind::SslEmptyPeerCertificate,
        TlsError::InvalidMessage(_) | TlsError::PeerSentOversizedRecord if shaking && server => ErrorKind::SslBadClient,
        TlsError::PeerIncompatible(_)
        | TlsError::NoApplicationProtocol
        | TlsError::AlertReceived(AlertDescription::ProtocolVersion | AlertDescription::NoApplicationProtocol) => {
            ErrorKind::SslBadProtocol
        }
        _ if shaking => ErrorKind::SslHandshakeFailed,
        _ => ErrorKind::SslReset,
    };
    let hint = match &error {
        TlsError::InvalidMessage(_) if shaking && server => "; it does not seem to speak TLS",
        TlsError::InvalidMessage(_) if shaking => "; this port does not seem to speak TLS",
        TlsError::AlertReceived(
            AlertDescription::UnknownCA
            | AlertDescription::BadCertificate
            | AlertDescription::CertificateUnknown
            | AlertDescription::CertificateExpired,
        ) => "; the peer does not accept our certificate",
        TlsError::AlertReceived(AlertDescription::CertificateRequired) => {
            "; the peer wants a certificate: set ssl_cert_file and ssl_key_file"
        }
        _ => "",
    };
    Error::new(kind, format!("TLS: {error}{hint}"))
}

#[cfg(test)]
mod tests;
