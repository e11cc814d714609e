//! What a client was told by `set()`.

use crate::config::{self, ClientSettings, PortSettings, Scope, Value, Warning, finish_port};
use crate::error::Result;
use crate::net::framing;
use crate::protocol::{Framing, Protocol};

/// Options of a port that a client takes as well.
#[rustfmt::skip]
const SHARED: &[&str] = &[
    "open_eof_check", "open_eof_split", "package_eof", "open_length_check", "package_length_type", "package_length_offset",
    "package_body_offset", "package_length_func", "package_max_length", "open_tcp_nodelay", "open_tcp_keepalive", "tcp_keepidle",
    "tcp_keepinterval", "tcp_keepcount", "tcp_user_timeout", "kernel_socket_recv_buffer_size", "kernel_socket_send_buffer_size",
    "socket_buffer_size", "buffer_high_watermark", "buffer_low_watermark", "websocket_compression",
    "open_websocket_close_frame", "open_websocket_ping_frame", "open_websocket_pong_frame",
    "ssl_cert_file", "ssl_key_file", "ssl_passphrase", "ssl_protocols", "ssl_method", "ssl_ciphers", "ssl_ecdh_curve", "ssl_compress",
    "ssl_disable_compression", "ssl_verify_peer", "ssl_allow_self_signed", "ssl_cafile", "ssl_capath", "ssl_verify_depth",
];

/// The settings of a client: its own, and those of a port that make sense for it.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    /// proxies and the address that it comes from
    pub own: ClientSettings,
    /// protocol, buffers and options of the socket
    pub port: PortSettings,
}

impl Settings {
    /// Sets one option by its name; [`Value::Null`] gives it its default back. Warnings: the option is not known or belongs elsewhere.
    /// Errors: `InvalidParams` with what was given and what is allowed.
    pub fn set(&mut self, name: &str, value: &Value) -> Result<Vec<Warning>> {
        match config::find(name) {
            Some(def) if def.scope == Scope::Port && SHARED.contains(&def.name) => self.port.set(name, value),
            _ => self.own.set(name, value),
        }
    }

    /// Checks the options against one another and gives the packet protocol. Called when the client connects. A client is given exactly one package at a time, with
    /// `open_eof_check` as well: what is behind it may be the beginning of one that never ends.
    pub fn finish(&mut self) -> Result<(Protocol, Vec<Warning>)> {
        let warnings = finish_port(&mut self.port);
        let protocol = framing::protocol_of(&self.port)?;
        match protocol.framing() {
            Framing::EofCheck { eof } => {
                let split = Framing::EofSplit { eof: eof.clone() };
                Ok((Protocol::new(split, protocol.max_length())?, warnings))
            }
            _ => Ok((protocol, warnings)),
        }
    }
}
