//! Unix socket pools: a pair of sockets for each worker, made before the fork and held by every process of the pool, so that what lies in one waits for
//! the worker's successor.
//!
//! They are of the kind SOCK_SEQPACKET: each message is put in and taken out whole by one system call, so nothing is interleaved, torn or half taken,
//! whoever is killed when. What is longer than [`INLINE`] goes through a file in memory (memfd), of which the descriptor is sent.

use crate::error::{Error, ErrorKind, Result};
use crate::log;
use crate::process::pipe::{End, Pipe, PipeType};
use crate::sys::fd::{self, Asked, Interrupt};
use rustix::fs::MemfdFlags;
use rustix::io::Errno;
use rustix::net::{
    RecvAncillaryBuffer, RecvAncillaryMessage, RecvFlags, ReturnFlags, SendAncillaryBuffer, SendAncillaryMessage,
    SendFlags, recvmsg, sendmsg,
};
use socket2::{Domain, Socket, Type};
use std::fs::File;
use std::io::{IoSlice, IoSliceMut, Write as _};
use std::mem::MaybeUninit;
use std::os::fd::{AsFd as _, AsRawFd as _, BorrowedFd};
use std::os::unix::fs::FileExt as _;
use std::time::{Duration, Instant};

/// What is sent in the packet itself, in bytes at most.
const INLINE: usize = 32 << 10;
/// How often to try again where the system has no room for more descriptors under way.
const AGAIN: Duration = Duration::from_millis(1);

/// The sockets of one worker.
#[derive(Debug)]
pub(super) struct Mailbox {
    /// what the others write to, and what the worker reads from
    ends: [Socket; 2],
    /// as much as one packet can hold
    room: usize,
}

impl Mailbox {
    pub fn new() -> Result<Mailbox> {
        let failed = |e| {
            let hint = "; a pool takes two descriptors for each worker (ulimit -n)";
            Error::system("cannot make the sockets of a pool's worker", &e).with_hint(hint)
        };
        let (master, worker) = Socket::pair(Domain::UNIX, Type::SEQPACKET, None).map_err(failed)?;
        let room = master.send_buffer_size().map_err(failed)?.max(INLINE);
        Ok(Mailbox { ends: [master, worker], room })
    }

    /// As a pipe: this process has one end of it, the worker's or that of the others.
    pub fn pipe(&self, end: End) -> Result<Pipe> {
        let copy = self.ends[end as usize]
            .try_clone()
            .map_err(|e| Error::system("cannot copy the socket of a pool's worker", &e))?;
        let ends = if end == End::Worker { [None, Some(copy)] } else { [Some(copy), None] };
        Ok(Pipe::from_ends(PipeType::Datagram, end, ends))
    }

    /// What is readable when a message waits.
    pub fn readable(&self) -> &Socket {
        &self.ends[1]
    }

    /// Puts a message in; waits while it is full, for at most `patience`. Errors: `QueueFull`.
    pub fn send(&self, data: &[u8], patience: Duration) -> Result<()> {
        let until = Instant::now() + patience;
        let file = if data.len() > INLINE { Some(in_memory(data)?) } else { None };
        loop {
            let sent = match &file {
                None => send(&self.ends[0], data, None),
                Some(file) => send(&self.ends[0], &(data.len() as u64).to_ne_bytes(), Some(file.as_fd())),
            };
            let left = until.saturating_duration_since(Instant::now());
            match sent {
                Ok(()) => return Ok(()),
                Err(Errno::INTR) => {}
                Err(Errno::AGAIN | Errno::TOOMANYREFS) if left.is_zero() => {
                    return Err(Error::new(
                        ErrorKind::QueueFull,
                        format!(
                            "the worker's socket is full and has taken no message of {} bytes for {} ms; the worker is busy, or takes no messages",
                            data.len(),
                            patience.as_millis()
                        ),
                    ));
                }
                Err(Errno::AGAIN) => {
                    let mut asked = [Asked::new(self.ends[0].as_raw_fd(), false, true, false)];
                    fd::poll(&mut asked, Some(left), Interrupt::Never)
                        .map_err(|e| Error::system("cannot wait for a worker's socket", &e))?;
                }
                Err(Errno::TOOMANYREFS) => std::thread::sleep(AGAIN),
                Err(e) => return Err(Error::system("cannot send to a pool's worker", &e.into())),
            }
        }
    }

    /// Takes the oldest message out: how many of the first bytes of `buffer` it has, which is made long enough and else left as it is. None: there is no message. One
    /// that cannot be taken is lost, which the log tells.
    pub fn take(&self, buffer: &mut Vec<u8>) -> Result<Option<usize>> {
        if buffer.len() < self.room {
            buffer.resize(self.room, 0);
        }
        loop {
            let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(1))];
            let mut control = RecvAncillaryBuffer::new(&mut space);
            let flags = RecvFlags::DONTWAIT | RecvFlags::CMSG_CLOEXEC;
            let got = recvmsg(&self.ends[1], &mut [IoSliceMut::new(buffer)], &mut control, flags);
            let got = match got {
                Ok(got) => got,
                Err(Errno::AGAIN) => return Ok(None),
                Err(Errno::INTR) => continue,
                Err(e) => return Err(Error::system("cannot read a worker's socket", &e.into())),
            };
            let file = control.drain().find_map(|message| match message {
                RecvAncillaryMessage::ScmRights(mut files) => files.next(),
                _ => None,
            });
            let Some(file) = file else {
                if got.flags.contains(ReturnFlags::CTRUNC) {
                    log::error(format_args!(
                        "a long message to this worker is lost: it has no descriptor left to read it (ulimit -n)"
                    ));
                    continue;
                }
                return Ok(Some(got.bytes));
            };
            let file = File::from(file);
            let length = file.metadata().map_or(0, |about| about.len() as usize);
            if buffer.len() < length {
                buffer.resize(length, 0);
            }
            match file.read_exact_at(&mut buffer[..length], 0) {
                Ok(()) => return Ok(Some(length)),
                Err(e) => log::error(format_args!("a message of {length} bytes to this worker is lost: {e}")),
            }
        }
    }
}

fn send(socket: &Socket, data: &[u8], file: Option<BorrowedFd<'_>>) -> rustix::io::Result<()> {
    let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(1))];
    let mut control = SendAncillaryBuffer::new(&mut space);
    let file = file.as_slice();
    if !file.is_empty() {
        control.push(SendAncillaryMessage::ScmRights(file));
    }
    sendmsg(socket, &[IoSlice::new(data)], &mut control, SendFlags::DONTWAIT | SendFlags::NOSIGNAL).map(drop)
}

/// A file that holds `data` and has no name.
fn in_memory(data: &[u8]) -> Result<File> {
    let failed = |e: std::io::Error| Error::system(format_args!("cannot hold a message of {} bytes", data.len()), &e);
    let mut file = rustix::fs::memfd_create(c"swoole-message", MemfdFlags::CLOEXEC)
        .map(File::from)
        .map_err(|e| failed(e.into()))?;
    file.write_all(data).map_err(failed)?;
    Ok(file)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn take(mailbox: &Mailbox) -> Option<Vec<u8>> {
        let mut buffer = Vec::new();
        mailbox.take(&mut buffer).unwrap().map(|length| buffer[..length].to_vec())
    }

    #[test]
    fn messages_of_any_length_arrive_whole_and_in_order() {
        let mailbox = Mailbox::new().unwrap();
        let lengths = [1, 0, 8, INLINE, INLINE + 1, 1 << 20, 3, 0];
        let message = |length: usize| -> Vec<u8> { (0..length).map(|i| (i * 7 + length) as u8).collect() };
        for length in lengths {
            mailbox.send(&message(length), Duration::ZERO).unwrap();
        }
        for length in lengths {
            assert!(take(&mailbox) == Some(message(length)), "the one of {length} bytes");
        }
        assert_eq!(take(&mailbox), None);
    }

    #[test]
    fn a_full_one_says_so_after_its_time_and_loses_nothing() {
        let mailbox = Mailbox::new().unwrap();
        let mut sent = 0u32;
        let error = loop {
            match mailbox.send(&sent.to_ne_bytes(), Duration::from_millis(5)) {
                Ok(()) => sent += 1,
                Err(e) => break e,
            }
        };
        assert_eq!(error.kind(), ErrorKind::QueueFull);
        for number in 0..sent {
            assert_eq!(take(&mailbox).unwrap(), number.to_ne_bytes());
        }
        assert_eq!(take(&mailbox), None);
        assert!(mailbox.send(b"again", Duration::ZERO).is_ok());
    }

    #[test]
    fn what_a_program_writes_to_the_socket_itself_is_a_message_too() {
        let mailbox = Mailbox::new().unwrap();
        let pipe = mailbox.pipe(End::Master).unwrap();
        let long = vec![b'x'; 100_000];
        assert_eq!(pipe.write(&long).unwrap(), long.len());
        assert!(take(&mailbox) == Some(long));
    }
}
