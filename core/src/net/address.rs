//! From host and port, or a path, to an address of the system.

use crate::error::{Error, ErrorKind, Result};
use crate::sys::process::apart_from_forks;
use dns_lookup::{AddrInfoHints, LookupErrorKind, SockType, getaddrinfo};
use socket2::{Domain, SockAddr};
use std::ffi::OsStr;
use std::fmt::Display;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::os::unix::ffi::OsStrExt;
use std::time::{Duration, Instant};

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

/// The address to bind to for `host` and `port` in `family`. A name is looked up, which blocks. An empty host, and `*`,
/// mean every address of this machine.
pub fn resolve(host: &str, port: u16, family: Family) -> Result<SockAddr> {
    if host.contains('\0') || (host.is_empty() && family == Family::Unix) {
        return Err(Error::new(
            ErrorKind::InvalidParams,
            format!("{host:?} is no address: it is an empty path, or holds a zero byte"),
        ));
    }
    if family == Family::Unix {
        return path(host, host.as_bytes());
    }
    let host = match host {
        "" | "*" if family == Family::V4 => "0.0.0.0",
        "" | "*" => "::",
        named => named,
    };
    let found = match literal(host, port, family)? {
        Some(address) => Ok(address),
        None => lookup(host, port, family).map(|mut found| found.swap_remove(0)),
    };
    found.map_err(|e| e.with_hint("; give an address of this machine, or 0.0.0.0 for all"))
}

/// The address that `host` is in text; None: it is a name. Errors: it is one of the other family.
pub fn literal(host: &str, port: u16, family: Family) -> Result<Option<SockAddr>> {
    let Ok(ip) = host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>() else {
        return Ok(None);
    };
    if ip.is_ipv4() == (family == Family::V4) {
        return Ok(Some(SocketAddr::new(ip, port).into()));
    }
    let other = if family == Family::V4 {
        "SWOOLE_SOCK_TCP6 or SWOOLE_SOCK_UDP6"
    } else {
        "SWOOLE_SOCK_TCP or SWOOLE_SOCK_UDP"
    };
    Err(Error::new(
        ErrorKind::InvalidParams,
        format!("{host} is not an IPv{} address; for it the socket type must be {other}", number(family)),
    ))
}

/// An error about a host name, with its reason.
pub fn unresolved(kind: ErrorKind, host: &str, why: impl Display) -> Error {
    Error::new(kind, format!("the host name {host:?} cannot be resolved: {why}"))
}

/// The error for a host whose name was looked up for that long in vain.
pub fn not_answered(host: &str, within: Duration) -> Error {
    let ms = within.as_micros().div_ceil(1000);
    unresolved(ErrorKind::DnsResolveTimeout, host, format_args!("no name server answered within {ms} ms"))
}

/// A look-up that took this long and then failed for the moment has had no answer.
const NO_ANSWER: Duration = Duration::from_secs(4);

/// All addresses of a name in a family of IP, in the order of the system, at least one. Blocks as long as the system takes, and may be called in
/// any thread. Errors: `DnsResolveFailed`, `DnsResolveTimeout`.
pub fn lookup(host: &str, port: u16, family: Family) -> Result<Vec<SockAddr>> {
    let failed = |why: &dyn Display| unresolved(ErrorKind::DnsResolveFailed, host, why);
    let hints = AddrInfoHints {
        address: family.domain().into(),
        // Each address once, instead of once for each type of socket.
        socktype: SockType::Stream.into(),
        ..AddrInfoHints::default()
    };
    let begun = Instant::now();
    let all = apart_from_forks(|| getaddrinfo(Some(host), None, Some(hints))).map_err(|e| match e.kind() {
        LookupErrorKind::Again if begun.elapsed() >= NO_ANSWER => {
            let seconds = begun.elapsed().as_secs_f64();
            let why = format_args!("no name server answered within {seconds:.1} s").to_string();
            unresolved(ErrorKind::DnsResolveTimeout, host, why)
        }
        _ => failed(&io::Error::from(e)),
    })?;
    let found: Vec<SockAddr> = all
        .flatten()
        .map(|info| {
            let mut address = info.sockaddr;
            address.set_port(port);
            address.into()
        })
        .collect();
    if found.is_empty() {
        return Err(failed(&format_args!("it has no IPv{} address", number(family))));
    }
    Ok(found)
}

/// The address of a Unix socket to send or connect to: a path, or `@` and an abstract name (unix(7)).
pub fn unix(host: &str) -> Result<SockAddr> {
    match host.strip_prefix('@') {
        Some(name) => path(host, format!("\0{name}").as_bytes()),
        None if host.is_empty() || host.contains('\0') => Err(Error::new(
            ErrorKind::InvalidParams,
            format!("{host:?} is no address of a Unix socket: it is empty, or holds a zero byte"),
        )),
        None => path(host, host.as_bytes()),
    }
}

/// An address in text, and its port: the reverse of [`literal`] and [`unix`]. Empty for a Unix socket that is not bound.
pub fn in_words(address: &SockAddr) -> (String, u16) {
    if let Some(ip) = address.as_socket() {
        return (ip.ip().to_string(), ip.port());
    }
    let named = address.as_pathname().map(|path| path.to_string_lossy().into_owned());
    let name = || address.as_abstract_namespace().map(|name| format!("@{}", String::from_utf8_lossy(name)));
    (named.or_else(name).unwrap_or_default(), 0)
}

fn path(shown: &str, bytes: &[u8]) -> Result<SockAddr> {
    SockAddr::unix(OsStr::from_bytes(bytes)).map_err(|e| {
        Error::system(format_args!("the path {shown:?} cannot be the address of a Unix socket (at most 107 bytes)"), &e)
    })
}

fn number(family: Family) -> u8 {
    if family == Family::V4 { 4 } else { 6 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_unix_sockets_are_read_as_they_are_written() {
        for host in ["/tmp/a", "@name", "relative"] {
            assert_eq!(in_words(&unix(host).unwrap()), (host.to_owned(), 0));
        }
        assert_eq!(in_words(&SockAddr::unix("").unwrap()), (String::new(), 0));
        unix("").unwrap_err();
        unix("a\0b").unwrap_err();
        unix(&"a".repeat(108)).unwrap_err();
    }

    #[test]
    fn addresses_of_the_other_family_are_refused() {
        let error = literal("::1", 80, Family::V4).unwrap_err();
        assert!(error.to_string().contains("SWOOLE_SOCK_TCP6"), "{error}");
        literal("127.0.0.1", 80, Family::V6).unwrap_err();
        assert!(literal("[::1]", 80, Family::V6).unwrap().is_some());
        assert!(literal("localhost", 80, Family::V6).unwrap().is_none());
    }

    #[test]
    fn a_name_gives_all_its_addresses_of_the_family() {
        let found = lookup("localhost", 80, Family::V4).unwrap();
        assert!(found.iter().all(SockAddr::is_ipv4) && !found.is_empty());
        let error = lookup("no such name.invalid", 80, Family::V4).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::DnsResolveFailed);
    }
}
