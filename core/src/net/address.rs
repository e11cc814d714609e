//! From host and port, or a path, to an address of the system.

use crate::error::{Error, ErrorKind, Result};
use socket2::{Domain, SockAddr};
use std::net::{IpAddr, SocketAddr, ToSocketAddrs};

/// Which addresses are wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Family {
    /// IPv4
    V4,
    /// IPv6
    V6,
    /// a path
    Unix,
}

impl Family {
    /// The socket domain of that family.
    pub fn domain(self) -> Domain {
        match self {
            Family::V4 => Domain::IPV4,
            Family::V6 => Domain::IPV6,
            Family::Unix => Domain::UNIX,
        }
    }
}

/// The address of `host` and `port` in `family`. A name is looked up, which blocks. An empty host, and `*`,
/// mean every address of this machine.
pub fn resolve(host: &str, port: u16, family: Family) -> Result<SockAddr> {
    if host.contains('\0') || (host.is_empty() && family == Family::Unix) {
        return Err(Error::new(
            ErrorKind::InvalidParams,
            format!("{host:?} is no address: it is an empty path, or holds a zero byte"),
        ));
    }
    if family == Family::Unix {
        return SockAddr::unix(host).map_err(|e| {
            Error::system(
                format_args!("the path {host:?} cannot be the address of a Unix socket (at most 107 bytes)"),
                &e,
            )
        });
    }
    let host = match host {
        "" | "*" if family == Family::V4 => "0.0.0.0",
        "" | "*" => "::",
        named => named.trim_start_matches('[').trim_end_matches(']'),
    };
    let fits = |ip: &IpAddr| ip.is_ipv4() == (family == Family::V4);
    if let Ok(ip) = host.parse::<IpAddr>() {
        if fits(&ip) {
            return Ok(SocketAddr::new(ip, port).into());
        }
        let other = if family == Family::V4 {
            "SWOOLE_SOCK_TCP6 or SWOOLE_SOCK_UDP6"
        } else {
            "SWOOLE_SOCK_TCP or SWOOLE_SOCK_UDP"
        };
        return Err(Error::new(
            ErrorKind::InvalidParams,
            format!(
                "{host} is not an IPv{} address; for it the socket type must be {other}",
                if family == Family::V4 { 4 } else { 6 }
            ),
        ));
    }
    let unresolved = |why: String| {
        Error::new(
            ErrorKind::DnsResolveFailed,
            format!(
                "the host name {host:?} cannot be resolved: {why}; give an address of this machine, or 0.0.0.0 for all"
            ),
        )
    };
    let found = (host, port).to_socket_addrs().map_err(|e| unresolved(e.to_string()))?;
    found
        .into_iter()
        .find(|a| fits(&a.ip()))
        .map(SockAddr::from)
        .ok_or_else(|| unresolved(format!("it has no IPv{} address", if family == Family::V4 { 4 } else { 6 })))
}
