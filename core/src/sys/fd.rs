//! Descriptors: doorbells (eventfd) and sending files.

use std::fs::File;
use std::io;
use std::os::fd::{AsRawFd, BorrowedFd, FromRawFd, OwnedFd, RawFd};

/// A doorbell: an eventfd, made before the fork so that every process can ring it.
///
/// Its listener registers it edge-triggered and never reads it: each ring is an event of its own,
/// and what woke the sleeper is found in shared memory.
#[derive(Debug)]
pub struct Bell(OwnedFd);

impl Bell {
    /// A new one. Errors: no descriptor is left.
    pub fn new() -> io::Result<Bell> {
        // SAFETY: eventfd takes no pointers; the descriptor it returns is ours alone.
        let fd = super::check(unsafe { libc::eventfd(0, libc::EFD_NONBLOCK | libc::EFD_CLOEXEC) })?;
        // SAFETY: fd was just opened and nobody else owns it.
        Ok(Bell(unsafe { OwnedFd::from_raw_fd(fd) }))
    }

    /// Wakes whoever listens. Never blocks: a counter at its limit has rung already.
    pub fn ring(&self) {
        ring_raw(self.0.as_raw_fd());
    }
}

impl AsRawFd for Bell {
    fn as_raw_fd(&self) -> RawFd {
        self.0.as_raw_fd()
    }
}

/// Rings an eventfd by number. Async-signal-safe.
pub(super) fn ring_raw(fd: RawFd) {
    let one: u64 = 1;
    // SAFETY: the buffer is eight readable bytes; a closed or wrong fd makes write fail harmlessly.
    let wrote = unsafe { libc::write(fd, (&raw const one).cast(), 8) };
    if wrote == -1 && io::Error::last_os_error().raw_os_error() == Some(libc::EAGAIN) {
        // The counter is full after 2^64-2 rings without a read: empty it, then ring again.
        let mut count: u64 = 0;
        // SAFETY: the buffers are eight bytes each, writable and readable.
        unsafe {
            libc::read(fd, (&raw mut count).cast(), 8);
            libc::write(fd, (&raw const one).cast(), 8);
        }
    }
}

/// Sends up to `count` bytes of `file` from `offset` through a socket, see sendfile(2).
/// Returns how many bytes went; 0 means that the file ended.
pub fn send_file(socket: BorrowedFd<'_>, file: &File, offset: u64, count: usize) -> io::Result<usize> {
    let mut at = offset as libc::off_t;
    // SAFETY: both descriptors are open for the call; `at` is a valid off_t that is only written.
    let sent = unsafe { libc::sendfile(socket.as_raw_fd(), file.as_raw_fd(), &raw mut at, count) };
    if sent == -1 { Err(io::Error::last_os_error()) } else { Ok(sent as usize) }
}

/// Whether a write of up to PIPE_BUF bytes would be taken at once, see poll(2). True if that cannot be told.
pub fn is_writable(fd: &impl AsRawFd) -> bool {
    let mut asked = libc::pollfd { fd: fd.as_raw_fd(), events: libc::POLLOUT, revents: 0 };
    // SAFETY: one valid pollfd, and no waiting.
    unsafe { libc::poll(&raw mut asked, 1, 0) != 0 }
}

/// Points the standard streams at /dev/null, or standard output and error at `output`.
pub fn redirect_stdio(output: Option<&File>) -> io::Result<()> {
    let null = File::options().read(true).write(true).open("/dev/null")?;
    let out = output.map_or(null.as_raw_fd(), AsRawFd::as_raw_fd);
    // SAFETY: dup2 on descriptors that are open; 0, 1 and 2 are the process's own streams.
    unsafe {
        super::check(libc::dup2(null.as_raw_fd(), 0))?;
        super::check(libc::dup2(out, 1))?;
        super::check(libc::dup2(out, 2))?;
    }
    Ok(())
}

/// Makes a descriptor this process's standard input and output.
pub fn take_stdin_and_stdout(fd: BorrowedFd<'_>) -> io::Result<()> {
    for stream in [0, 1] {
        // SAFETY: dup2 on a descriptor that is open; 0 and 1 are the process's own streams.
        super::check(unsafe { libc::dup2(fd.as_raw_fd(), stream) })?;
    }
    Ok(())
}
