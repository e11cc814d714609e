//! TLS, by rustls. [`session`] is one connection without its socket, [`channel`] has the socket; [`server`] and [`client`] make of options what sessions are made of:
//! [`files`] reads certificates and keys, [`ciphers`] knows OpenSSL's names, [`verify`] says whom to trust, [`tickets`] let sessions be taken up again.

mod channel;
pub mod ciphers;
pub mod client;
pub mod files;
mod server;
mod session;
mod tickets;
mod verify;

#[cfg(test)]
pub(crate) mod testing;

pub use channel::{Channel, Read, Trouble};
pub use client::ClientTls;
pub use server::ServerTls;
pub use session::{BUFFER, Received, Records, Session};

use crate::error::{Error, ErrorKind};
use base64::Engine as _;
use rustls::pki_types::CertificateDer;

/// The error of a client whose stream ended without close_notify.
pub fn cut_off() -> Error {
    let why = "TLS: the peer ended the connection without saying so (close_notify): what came last may be cut off";
    Error::new(ErrorKind::SslReset, why)
}

/// A certificate as text (PEM).
pub fn pem(certificate: &CertificateDer<'_>) -> String {
    let text = base64::engine::general_purpose::STANDARD.encode(certificate);
    let lines: Vec<&str> = (0..text.len()).step_by(64).map(|at| &text[at..text.len().min(at + 64)]).collect();
    format!("-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----\n", lines.join("\n"))
}
