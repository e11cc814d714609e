//! Single messages: receiving with the sender's address, sending to one.

use super::address::{self, Family};
use crate::error::{Error, ErrorKind, Result};
use socket2::{SockAddr, Socket};
use std::io;
use std::net::{IpAddr, SocketAddr};

/// Where a datagram came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sender {
    /// IP address in text, or the path of a Unix socket (empty if it is not bound, `@name` if it is an abstract one)
    pub address: String,
    /// its port; 0 for a Unix socket
    pub port: u16,
}

impl Sender {
    /// In words: an abstract Unix address is `@` and its name, as unix(7) tools write it.
    pub fn of(address: &SockAddr) -> Sender {
        let (address, port) = address::in_words(address);
        Sender { address, port }
    }
}

/// Receives one datagram into `buffer`; its length and sender. WouldBlock when there is none.
pub fn receive(socket: &Socket, buffer: &mut [u8]) -> io::Result<(usize, Sender)> {
    let (length, from) = socket.recv_from(crate::sys::mem::as_uninit(buffer))?;
    Ok((length, Sender::of(&from)))
}

/// Sends one datagram to `address` and `port` (a path and 0 for a Unix socket). Errors name the address;
/// a datagram that is too long is `DataLengthTooLarge`.
pub fn send(socket: &Socket, family: Family, address: &str, port: u16, data: &[u8]) -> Result<()> {
    let to: SockAddr = match family {
        Family::Unix => address::unix(address)?,
        _ => match address.parse::<IpAddr>() {
            Ok(ip) => SocketAddr::new(ip, port).into(),
            Err(_) => {
                return Err(Error::new(
                    ErrorKind::InvalidParams,
                    format!("sendto needs an IP address, not {address:?}"),
                ));
            }
        },
    };
    send_to(socket, &to, data, || if family == Family::Unix { address.to_owned() } else { format!("{address}:{port}") })
}

/// As [`send`], to an address that is known already; `shown` names it in an error.
pub fn send_to(socket: &Socket, to: &SockAddr, data: &[u8], shown: impl FnOnce() -> String) -> Result<()> {
    match socket.send_to_with_flags(data, to, libc::MSG_NOSIGNAL) {
        Ok(_) => Ok(()),
        Err(e) if e.raw_os_error() == Some(libc::EMSGSIZE) => Err(Error::new(
            ErrorKind::DataLengthTooLarge,
            format!(
                "a datagram of {} bytes cannot be sent to {}: a UDP message holds at most 65507",
                data.len(),
                shown()
            ),
        )),
        Err(e) => Err(Error::system(format_args!("cannot send {} bytes to {}", data.len(), shown()), &e)),
    }
}
