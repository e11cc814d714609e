//! Descriptors: doorbells (eventfd), waiting for several (poll), sending files, and what a number means.

use super::process::generation;
use super::signal;
use std::fs::File;
use std::io;
use std::os::fd::{AsRawFd, BorrowedFd, FromRawFd, OwnedFd, RawFd};
use std::time::{Duration, Instant};
use xxhash_rust::xxh3::xxh3_64;

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

/// Sends up to `count` bytes of `file` from `offset` through a socket, see sendfile(2); raises no SIGPIPE.
/// Returns how many bytes went; 0 means that the file ended.
pub fn send_file(socket: BorrowedFd<'_>, file: &File, offset: u64, count: usize) -> io::Result<usize> {
    let mut at = offset as libc::off_t;
    without_sigpipe(|| {
        // SAFETY: both descriptors are open for the call; `at` is a valid off_t that is only written.
        let sent = unsafe { libc::sendfile(socket.as_raw_fd(), file.as_raw_fd(), &raw mut at, count) };
        if sent == -1 { Err(io::Error::last_os_error()) } else { Ok(sent as usize) }
    })
}

/// Calls what has no flag against SIGPIPE. The signal goes to the thread that writes, so it is blocked there and taken away if it came.
fn without_sigpipe<T>(call: impl FnOnce() -> io::Result<T>) -> io::Result<T> {
    // As in every process of a server: three system calls less.
    if signal::handler(libc::SIGPIPE) == libc::SIG_IGN {
        return call();
    }
    // SAFETY: the signal sets are valid places, filled before they are read; a zeroed time is no time to wait.
    unsafe {
        let (mut pipe, mut before, mut pending): (libc::sigset_t, _, _) = std::mem::zeroed();
        libc::sigemptyset(&raw mut pipe);
        libc::sigaddset(&raw mut pipe, libc::SIGPIPE);
        libc::sigpending(&raw mut pending);
        libc::pthread_sigmask(libc::SIG_BLOCK, &raw const pipe, &raw mut before);
        let result = call();
        let broken = result.as_ref().is_err_and(|e| e.kind() == io::ErrorKind::BrokenPipe);
        if broken && libc::sigismember(&raw const pending, libc::SIGPIPE) == 0 {
            let now: libc::timespec = std::mem::zeroed();
            libc::sigtimedwait(&raw const pipe, std::ptr::null_mut(), &raw const now);
        }
        libc::pthread_sigmask(libc::SIG_SETMASK, &raw const before, std::ptr::null_mut());
        result
    }
}

/// Whether a write of up to PIPE_BUF bytes would be taken at once, see poll(2). True if that cannot be told.
pub fn is_writable(fd: &impl AsRawFd) -> bool {
    let mut asked = libc::pollfd { fd: fd.as_raw_fd(), events: libc::POLLOUT, revents: 0 };
    // SAFETY: one valid pollfd, and no waiting.
    unsafe { libc::poll(&raw mut asked, 1, 0) != 0 }
}

/// Whether the other side of a connection has ended in both directions.
pub fn is_hung_up(fd: BorrowedFd<'_>) -> bool {
    let mut asked = libc::pollfd { fd: fd.as_raw_fd(), events: 0, revents: 0 };
    // SAFETY: one valid pollfd, and no waiting.
    unsafe { libc::poll(&raw mut asked, 1, 0) == 1 && asked.revents & libc::POLLHUP != 0 }
}

/// Whether the other side of a connection has ended its sending, or both, or the connection has failed.
pub fn is_ended_by_peer(fd: BorrowedFd<'_>) -> bool {
    let mut asked = libc::pollfd { fd: fd.as_raw_fd(), events: libc::POLLRDHUP, revents: 0 };
    // SAFETY: one valid pollfd, and no waiting.
    unsafe { libc::poll(&raw mut asked, 1, 0) == 1 && asked.revents != 0 }
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

/// Receives from a socket into `buffer`, which holds what came afterwards; its old bytes are forgotten. `room` bytes are made room for,
/// and no more are taken. Returns recv(2)'s answer: with MSG_TRUNC the length of a datagram, which may be more than there was room for.
/// Where the buffer is long enough already nothing is allocated or cleared.
pub fn receive(socket: BorrowedFd<'_>, room: usize, flags: i32, buffer: &mut Vec<u8>) -> io::Result<usize> {
    buffer.clear();
    buffer.reserve(room);
    // SAFETY: the vector owns `room` bytes at least, of which recv writes the first ones.
    let got = unsafe { libc::recv(socket.as_raw_fd(), buffer.as_mut_ptr().cast(), room, flags) };
    if got == -1 {
        return Err(io::Error::last_os_error());
    }
    let got = got as usize;
    // SAFETY: recv wrote that many bytes, however long the datagram was.
    unsafe { buffer.set_len(got.min(room)) };
    Ok(got)
}

/// A second descriptor for what `fd` means, which is no standard stream, closed on exec. Errors: EBADF, EMFILE.
pub fn duplicate_above_stdio(fd: RawFd) -> io::Result<OwnedFd> {
    // SAFETY: fcntl with this command takes numbers only; the descriptor it returns is ours alone.
    unsafe { super::check(libc::fcntl(fd, libc::F_DUPFD_CLOEXEC, 3)).map(|fd| OwnedFd::from_raw_fd(fd)) }
}

/// Makes `streams` this process's standard input, output and error; None leaves that one alone.
pub fn set_stdio(streams: [Option<BorrowedFd<'_>>; 3]) -> io::Result<()> {
    for (number, stream) in (0..).zip(streams) {
        if let Some(stream) = stream {
            // SAFETY: dup2 on a descriptor that is open; 0, 1 and 2 are the process's own streams.
            super::check(unsafe { libc::dup2(stream.as_raw_fd(), number) })?;
        }
    }
    Ok(())
}

/// Which file a descriptor means: its device and inode. Two sockets or pipes never share one at the same time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Identity(u64, u64);

/// What descriptor `fd` means; None: it is closed.
pub fn identity(fd: RawFd) -> Option<Identity> {
    // SAFETY: a zeroed stat is a valid place for fstat, which fills it when it succeeds; a wrong number makes it fail.
    unsafe {
        let mut stat: libc::stat = std::mem::zeroed();
        (libc::fstat(fd, &raw mut stat) == 0).then_some(Identity(stat.st_dev, stat.st_ino))
    }
}

/// Longest handle of a file that the kernel gives.
const HANDLE: usize = 128;

/// What tells a file from another one that is given its inode number when it is gone, made of the kernel's handle of it. 0: its file system gives none.
pub fn generation_of_file(file: BorrowedFd<'_>) -> u64 {
    #[repr(C)]
    struct Handle {
        size: libc::c_uint,
        kind: libc::c_int,
        bytes: [u8; HANDLE],
    }
    let mut handle = Handle { size: HANDLE as libc::c_uint, kind: 0, bytes: [0; HANDLE] };
    let mut mount = 0;
    // SAFETY: the name is empty and ends in NUL; `handle` is laid out as the kernel's file_handle, with room for as many bytes as it says; both places
    // are written to during the call only.
    let found = unsafe {
        let place = (&raw mut handle).cast::<libc::file_handle>();
        libc::name_to_handle_at(file.as_raw_fd(), c"".as_ptr(), place, &raw mut mount, libc::AT_EMPTY_PATH)
    };
    if found == 0 { xxh3_64(&handle.bytes[..HANDLE.min(handle.size as usize)]) } else { 0 }
}

/// A descriptor of its own for what `fd` means, closed on exec. Errors: EBADF, EMFILE.
pub fn duplicate(fd: RawFd) -> io::Result<OwnedFd> {
    // SAFETY: fcntl with this command takes numbers only; the descriptor it returns is ours alone.
    unsafe { super::check(libc::fcntl(fd, libc::F_DUPFD_CLOEXEC, 0)).map(|fd| OwnedFd::from_raw_fd(fd)) }
}

/// Whether descriptor `fd` is a terminal.
pub fn is_terminal(fd: RawFd) -> bool {
    // SAFETY: isatty takes a number and fails for a wrong one.
    unsafe { libc::isatty(fd) == 1 }
}

fn is_blocking(fd: RawFd) -> bool {
    // SAFETY: fcntl with this command takes a number only; a wrong descriptor makes it fail.
    let flags = unsafe { libc::fcntl(fd, libc::F_GETFL) };
    flags & libc::O_NONBLOCK == 0
}

/// Makes a descriptor blocking or not; whether that changed anything.
pub fn set_blocking(fd: RawFd, blocking: bool) -> bool {
    // SAFETY: fcntl with these commands takes numbers only; a wrong descriptor makes it fail.
    unsafe {
        let flags = libc::fcntl(fd, libc::F_GETFL);
        let wanted = if blocking { flags & !libc::O_NONBLOCK } else { flags | libc::O_NONBLOCK };
        flags != -1 && wanted != flags && libc::fcntl(fd, libc::F_SETFL, wanted) == 0
    }
}

/// As much as a pipe or a terminal that poll(2) finds writable takes without waiting.
const SURELY_TAKEN: usize = libc::PIPE_BUF;

/// Writes what a descriptor of any kind takes at once, also if it is a blocking one; raises no SIGPIPE.
pub fn write_some(fd: RawFd, mut data: &[u8]) -> io::Result<usize> {
    // SAFETY: the buffer is valid for its length; a wrong descriptor makes the call fail.
    let sent = unsafe { libc::send(fd, data.as_ptr().cast(), data.len(), libc::MSG_NOSIGNAL | libc::MSG_DONTWAIT) };
    if sent != -1 {
        return Ok(sent as usize);
    }
    let error = io::Error::last_os_error();
    if error.raw_os_error() != Some(libc::ENOTSOCK) {
        return Err(error);
    }
    if is_blocking(fd) {
        if !is_writable(&fd) {
            return Err(io::ErrorKind::WouldBlock.into());
        }
        data = &data[..data.len().min(SURELY_TAKEN)];
    }
    without_sigpipe(|| {
        // SAFETY: as above.
        let written = unsafe { libc::write(fd, data.as_ptr().cast(), data.len()) };
        if written == -1 { Err(io::Error::last_os_error()) } else { Ok(written as usize) }
    })
}

/// Writes of `data` what a descriptor of any kind takes now; how much.
pub fn write_now(fd: RawFd, data: &[u8]) -> io::Result<usize> {
    let mut written = 0;
    while written < data.len() {
        match write_some(fd, &data[written..]) {
            Ok(count) => written += count,
            Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
            Err(e) if e.kind() == io::ErrorKind::WouldBlock => break,
            Err(e) => return Err(e),
        }
    }
    Ok(written)
}

/// A descriptor of the program's that is non-blocking as long as this is there.
#[derive(Debug)]
pub struct Unblocked {
    fd: RawFd,
    identity: Identity,
    /// the fork that it belongs to: parent and child share whether a descriptor blocks
    fork: u32,
}

impl Unblocked {
    /// None: it is so already, or is a terminal, which is shared with the shell; or it is closed.
    pub fn new(fd: RawFd) -> Option<Unblocked> {
        let identity = identity(fd)?;
        let changed = !is_terminal(fd) && set_blocking(fd, false);
        changed.then(|| Unblocked { fd, identity, fork: generation() })
    }
}

impl Drop for Unblocked {
    fn drop(&mut self) {
        if self.fork == generation() && identity(self.fd) == Some(self.identity) {
            set_blocking(self.fd, true);
        }
    }
}

/// One descriptor that [`poll`] waits for.
#[derive(Debug, Clone, Copy)]
#[repr(transparent)]
pub struct Asked(libc::pollfd);

impl Asked {
    /// What is asked of `fd`.
    pub fn new(fd: RawFd, read: bool, write: bool, except: bool) -> Asked {
        let flag = |on: bool, flag: i16| if on { flag } else { 0 };
        let events =
            flag(read, libc::POLLIN | libc::POLLRDHUP) | flag(write, libc::POLLOUT) | flag(except, libc::POLLPRI);
        Asked(libc::pollfd { fd, events, revents: 0 })
    }

    fn found(&self, flags: i16) -> bool {
        self.0.revents & flags != 0
    }

    /// It can be read from, is at its end, or has failed.
    pub fn readable(&self) -> bool {
        self.found(libc::POLLIN | libc::POLLRDHUP | libc::POLLHUP | libc::POLLERR)
    }

    /// It takes bytes, or has failed.
    pub fn writable(&self) -> bool {
        self.found(libc::POLLOUT | libc::POLLHUP | libc::POLLERR)
    }

    /// There is out-of-band data, or it has failed.
    pub fn exceptional(&self) -> bool {
        self.found(libc::POLLPRI | libc::POLLERR)
    }

    /// The descriptor is closed.
    pub fn is_invalid(&self) -> bool {
        self.found(libc::POLLNVAL)
    }
}

/// What ends a wait early.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Interrupt {
    /// nothing
    Never,
    /// a signal whose handler another part of the program has set, see [`signal::chain`]
    Others,
    /// any signal that has a handler
    Any,
}

/// Waits until something that is asked for is so, or `timeout` is over (None: for ever); how many have an answer. EINTR: a signal
/// came that `interrupt` names, also one of the chained ones that came before this call and was not taken yet.
pub fn poll(asked: &mut [Asked], timeout: Option<Duration>, interrupt: Interrupt) -> io::Result<usize> {
    let until = timeout.and_then(|t| Instant::now().checked_add(t));
    let listens = interrupt != Interrupt::Never && signal::is_chained();
    loop {
        // Rounded up: a wait that ends early would be a busy loop of its caller.
        let left = until.map(|at| {
            let millis = at.saturating_duration_since(Instant::now()).as_micros().div_ceil(1000);
            libc::timespec {
                tv_sec: (millis / 1000) as libc::time_t,
                tv_nsec: (millis % 1000 * 1_000_000) as libc::c_long,
            }
        });
        let left = left.as_ref().map_or(std::ptr::null(), std::ptr::from_ref);
        // From the look at what has come until the wait no signal may come unseen.
        let mask = listens.then(signal::block_all);
        if listens && signal::take_foreign() {
            mask.as_ref().inspect(|mask| signal::unblock(mask));
            return Err(io::Error::from_raw_os_error(libc::EINTR));
        }
        let mask_pointer = mask.as_ref().map_or(std::ptr::null(), std::ptr::from_ref);
        // SAFETY: `Asked` is a pollfd, and the slice is valid for its length; time and mask are null or live here.
        let found = unsafe { libc::ppoll(asked.as_mut_ptr().cast(), asked.len() as libc::nfds_t, left, mask_pointer) };
        let error = io::Error::last_os_error();
        mask.as_ref().inspect(|mask| signal::unblock(mask));
        if found >= 0 {
            return Ok(found as usize);
        }
        let is_over = match interrupt {
            Interrupt::Never => false,
            Interrupt::Others => listens && signal::take_foreign(),
            Interrupt::Any => {
                signal::take_foreign();
                true
            }
        };
        if error.kind() != io::ErrorKind::Interrupted || is_over {
            return Err(error);
        }
    }
}
