//! Socket options that the socket2 crate does not have, see tcp(7).

use std::io;
use std::os::fd::{AsFd, AsRawFd};

fn set_int(socket: impl AsFd, level: i32, name: i32, value: i32) -> io::Result<()> {
    // SAFETY: the option's value is an int, whose address and size are passed.
    super::check(unsafe {
        libc::setsockopt(
            socket.as_fd().as_raw_fd(),
            level,
            name,
            (&raw const value).cast(),
            size_of::<i32>() as libc::socklen_t,
        )
    })
    .map(drop)
}

/// TCP_DEFER_ACCEPT: accept only once data is there; the kernel waits up to `seconds` for it.
pub fn defer_accept(socket: impl AsFd, seconds: u32) -> io::Result<()> {
    set_int(socket, libc::IPPROTO_TCP, libc::TCP_DEFER_ACCEPT, seconds.min(i32::MAX as u32) as i32)
}

/// TCP_FASTOPEN: data in the opening packet, with a queue of `queue` such connections.
pub fn fast_open(socket: impl AsFd, queue: u32) -> io::Result<()> {
    set_int(socket, libc::IPPROTO_TCP, libc::TCP_FASTOPEN, queue.min(i32::MAX as u32) as i32)
}

/// Accepts one connection, non-blocking and closed on exec in the same call, see accept4(2).
/// WouldBlock when none is waiting.
pub fn accept(listener: &socket2::Socket) -> io::Result<(socket2::Socket, socket2::SockAddr)> {
    use std::os::fd::FromRawFd;
    // SAFETY: try_init hands accept4 a buffer and its size, and takes the address that it fills in; the
    // descriptor that comes back is new and ours.
    unsafe {
        socket2::SockAddr::try_init(|storage, length| {
            super::check(libc::accept4(
                listener.as_raw_fd(),
                storage.cast(),
                length,
                libc::SOCK_NONBLOCK | libc::SOCK_CLOEXEC,
            ))
            .map(|fd| socket2::Socket::from_raw_fd(fd))
        })
    }
}
