//! Datagram clients: to whom they send, and who sent what they receive. Their sockets are not connected in the kernel, so that an answer may come from
//! whoever was asked by `send_to`.

use super::{AsyncClient, Conn, drive, no_connection, not_for};
use crate::client::socket;
use crate::error::Result;
use crate::event::Flow;
use crate::net::datagram;
use crate::sys::mem::as_uninit;
use socket2::SockAddr;
use std::io;
use std::rc::Rc;

/// Datagrams that are received before others have their turn.
const AT_ONCE: usize = 64;

/// The other end of a datagram client.
pub(super) struct Peer {
    /// where `send` sends to
    pub to: SockAddr,
    /// who sent what came last
    pub sender: Option<SockAddr>,
}

/// Sends to the client's peer.
pub(super) fn send(conn: &Conn, data: &[u8]) -> Result<usize> {
    let link = conn.link.borrow();
    let (Some(socket), Some(peer)) = (&link.socket, &link.peer) else { return Err(no_connection()) };
    datagram::send_to(socket, &peer.to, data, || conn.place())?;
    Ok(data.len())
}

/// Sends to an address, from the client's socket or one that is made for it.
pub(super) fn send_to(client: &AsyncClient, host: &str, port: u16, data: &[u8]) -> Result<()> {
    let kind = client.0.kind;
    if !kind.is_datagram() {
        return Err(not_for(kind, "sendto"));
    }
    if let Some(conn) = client.current()
        && let Some(socket) = &conn.link.borrow().socket
    {
        return datagram::send(socket, kind.family(), host, port, data);
    }
    let mut loose = client.0.loose.borrow_mut();
    let socket = match &mut *loose {
        Some(socket) => socket,
        none => none.insert(socket::open(kind, &client.config()?.settings)?),
    };
    datagram::send(socket, kind.family(), host, port, data)
}

/// Receives and tells what has come.
pub(super) fn receive(client: &AsyncClient, conn: &Rc<Conn>, buffer: &mut [u8]) -> Flow {
    for _ in 0..AT_ONCE {
        let received = {
            let mut link = conn.link.borrow_mut();
            if !link.may_read() {
                link.unread = true;
                return Flow::Continue;
            }
            let link = &mut *link;
            let Some(socket) = &link.socket else { return Flow::Continue };
            socket.recv_from(as_uninit(buffer)).map(|(count, sender)| {
                if let Some(peer) = &mut link.peer {
                    peer.sender = Some(sender);
                }
                count
            })
        };
        match received {
            Ok(count) => {
                let flow = drive::tell(client, conn, &buffer[..count]);
                if flow != Flow::Continue || !drive::goes_on(conn) {
                    drive::again(client, conn);
                    return flow;
                }
            }
            Err(e) if e.kind() == io::ErrorKind::WouldBlock => return Flow::Continue,
            // One that was not delivered, say, as an ICMP message tells: the next may be.
            Err(e) => client.0.error.set(e.raw_os_error().unwrap_or(libc::EIO)),
        }
    }
    drive::again(client, conn);
    Flow::Continue
}
