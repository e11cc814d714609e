//! The pipe between a process of the program's own and those that it came from: a pair of Unix sockets, made before the fork.
//!
//! Every process forked after that has both ends. By agreement the forked process uses the worker's end and everybody else the
//! master's. Reading and writing wait.

use crate::error::{Error, ErrorKind, Result};
use crate::sys::mem::as_uninit;
use socket2::{Domain, Socket, Type};
use std::io;
use std::os::fd::{AsFd, BorrowedFd};

/// What a pipe carries. The numbers are those of `Swoole\Process::PIPE_TYPE_*`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum PipeType {
    /// bytes without borders
    Stream = 1,
    /// messages, each taken whole
    Datagram = 2,
}

/// Which end of a pipe.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum End {
    /// of the processes that it came from
    Master = 0,
    /// of the process it belongs to
    Worker = 1,
}

/// The most that one read from a stream asks the kernel for, in bytes; it never has more at once.
const MOST: usize = 1 << 20;

/// Both ends of a pipe, and which of them this process uses: the master's, until [`Pipe::become_worker`].
#[derive(Debug)]
pub struct Pipe {
    kind: PipeType,
    end: End,
    ends: [Option<Socket>; 2],
}

impl Pipe {
    /// A new one. Both ends are closed in a program that is executed. Errors: no descriptor is left.
    pub fn new(kind: PipeType) -> Result<Pipe> {
        let socket_type = match kind {
            PipeType::Stream => Type::STREAM,
            PipeType::Datagram => Type::DGRAM,
        };
        let (master, worker) = Socket::pair(Domain::UNIX, socket_type, None)
            .map_err(|found| Error::system("cannot make the pipe of a process", &found))?;
        Ok(Pipe { kind, end: End::Master, ends: [Some(master), Some(worker)] })
    }

    /// This process is the one the pipe belongs to: it uses the worker's end from now on, and closes its copy of the other.
    pub fn become_worker(&mut self) {
        self.end = End::Worker;
        self.ends[End::Master as usize] = None;
    }

    /// The end that this process uses.
    pub fn end(&self) -> End {
        self.end
    }

    fn socket(&self) -> Result<&Socket> {
        self.ends[self.end as usize]
            .as_ref()
            .ok_or_else(|| Error::new(ErrorKind::WrongOperation, "this end of the process's pipe is closed"))
    }

    /// The descriptor of the end that this process uses. Errors: it is closed.
    pub fn descriptor(&self) -> Result<BorrowedFd<'_>> {
        self.socket().map(AsFd::as_fd)
    }

    /// Writes all of `data`, and waits while the pipe is full. Returns its length. Errors: `DataLengthTooLarge` (longer than a
    /// datagram can be; nothing was written), EPIPE (nobody has the other end of a stream open), ECONNREFUSED (of a datagram
    /// pipe), EAGAIN (the program made the descriptor non-blocking and the pipe is full; of a stream a part may be written).
    pub fn write(&self, data: &[u8]) -> Result<usize> {
        let socket = self.socket()?;
        let mut sent = 0;
        // A datagram may be empty. A stream takes what there is room for, again and again.
        while sent < data.len() || self.kind == PipeType::Datagram {
            match socket.send_with_flags(&data[sent..], libc::MSG_NOSIGNAL) {
                Ok(n) => sent += n,
                Err(found) if found.kind() == io::ErrorKind::Interrupted => continue,
                Err(found) if found.raw_os_error() == Some(libc::EMSGSIZE) => {
                    return Err(too_long(data.len(), socket));
                }
                Err(found) => {
                    return Err(Error::system(
                        format!("cannot write {} bytes to the process's pipe", data.len()),
                        &found,
                    ));
                }
            }
            if self.kind == PipeType::Datagram {
                break;
            }
        }
        Ok(sent)
    }

    /// Reads into `buffer` what is there, and waits while nothing is: one whole datagram, however long it is, or up to `most` bytes of a stream.
    /// `buffer` is empty after an empty datagram, and at the end of a stream: nobody has the other end open any more. Errors:
    /// `InvalidParams` (`most` is 0), EINTR (a signal came; nothing was read), EAGAIN (the program made the descriptor non-blocking and nothing is there).
    pub fn read(&self, most: usize, buffer: &mut Vec<u8>) -> Result<()> {
        buffer.clear();
        let socket = self.socket()?;
        if most == 0 {
            return Err(Error::new(
                ErrorKind::InvalidParams,
                "reading 0 bytes from a pipe was asked for; ask for 1 or more",
            ));
        }
        let (size, flags) = match self.kind {
            PipeType::Stream => (most.min(MOST), 0),
            // MSG_TRUNC gives a datagram's true length, should another reader have left us a longer one meanwhile.
            PipeType::Datagram => (waiting(socket)?.max(most.min(MOST)), libc::MSG_TRUNC),
        };
        buffer.resize(size, 0);
        match socket.recv_with_flags(as_uninit(buffer), flags) {
            Ok(got) if got > size => {
                buffer.clear();
                Err(Error::new(
                    ErrorKind::DataLengthTooLarge,
                    format!("a datagram of {got} bytes is lost: another process read the pipe at the same time"),
                ))
            }
            Ok(got) => {
                buffer.truncate(got);
                Ok(())
            }
            Err(found) => {
                buffer.clear();
                Err(cannot_read(&found))
            }
        }
    }
}

/// Waits for a datagram and gives its length. It stays where it is.
fn waiting(socket: &Socket) -> Result<usize> {
    socket.recv_with_flags(&mut [], libc::MSG_PEEK | libc::MSG_TRUNC).map_err(|found| cannot_read(&found))
}

fn cannot_read(found: &io::Error) -> Error {
    Error::system("cannot read from the process's pipe", found)
}

fn too_long(length: usize, socket: &Socket) -> Error {
    // The kernel keeps a little of the send buffer for itself.
    let limit = socket.send_buffer_size().map_or(0, |size| size.saturating_sub(32));
    Error::new(
        ErrorKind::DataLengthTooLarge,
        format!(
            "{length} bytes do not fit into one datagram of the process's pipe, which takes {limit}; write less at a time, \
             or make the pipe a stream"
        ),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::fd::AsRawFd;
    use std::thread;

    /// What a fork would make of the pipe: the master's side of it and the worker's.
    fn sides(kind: PipeType) -> (Pipe, Pipe) {
        let mut master = Pipe::new(kind).expect("a pipe");
        let own = |socket: &Option<Socket>| socket.as_ref().map(|s| s.try_clone().expect("a descriptor"));
        let mut worker = Pipe { kind, end: End::Master, ends: [own(&master.ends[0]), own(&master.ends[1])] };
        worker.become_worker();
        master.ends[End::Worker as usize] = None;
        (master, worker)
    }

    fn read(pipe: &Pipe, most: usize) -> Result<Vec<u8>> {
        let mut buffer = b"old".to_vec();
        pipe.read(most, &mut buffer).map(|()| buffer)
    }

    #[test]
    fn datagrams_arrive_one_by_one_in_both_directions() {
        let (master, worker) = sides(PipeType::Datagram);
        for message in [&b"one"[..], b"", b"three"] {
            assert_eq!(master.write(message).unwrap(), message.len());
        }
        assert_eq!(read(&worker, 100).unwrap(), b"one");
        assert_eq!(read(&worker, 100).unwrap(), b"");
        assert_eq!(read(&worker, 100).unwrap(), b"three");
        worker.write(b"back").unwrap();
        assert_eq!(read(&master, 4).unwrap(), b"back");
    }

    #[test]
    fn a_datagram_longer_than_asked_for_comes_whole() {
        let (master, worker) = sides(PipeType::Datagram);
        master.write(b"twelve bytes").unwrap();
        assert_eq!(read(&worker, 11).unwrap(), b"twelve bytes");
    }

    #[test]
    fn too_long_a_datagram_is_refused_with_the_limit_that_holds() {
        let (master, worker) = sides(PipeType::Datagram);
        let error = master.write(&vec![0; 4 << 20]).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::DataLengthTooLarge);
        let words = error.to_string();
        let limit: usize = words.split("which takes ").nth(1).unwrap().split(';').next().unwrap().parse().unwrap();
        assert!(master.write(&vec![0; limit + 1]).is_err());
        assert_eq!(master.write(&vec![7; limit]).unwrap(), limit);
        assert_eq!(read(&worker, limit).unwrap(), vec![7; limit]);
    }

    #[test]
    fn a_stream_takes_more_than_it_holds_and_ends() {
        let (master, worker) = sides(PipeType::Stream);
        let long: Vec<u8> = (0..3_000_000_u32).map(|i| i as u8).collect();
        let expected = long.clone();
        let writer = thread::spawn(move || master.write(&long).unwrap());
        let mut all = Vec::new();
        while let Ok(part) = read(&worker, 65536) {
            if part.is_empty() {
                break;
            }
            all.extend_from_slice(&part);
        }
        assert_eq!(writer.join().unwrap(), expected.len());
        assert!(all == expected, "every byte in order");
    }

    #[test]
    fn writing_to_nobody_is_an_error_and_no_signal() {
        let (master, worker) = sides(PipeType::Stream);
        drop(worker);
        assert_eq!(master.write(b"x").unwrap_err().code(), libc::EPIPE);
        assert_eq!(master.write(b"").unwrap(), 0);
    }

    #[test]
    fn reading_nothing_is_refused() {
        let (master, _worker) = sides(PipeType::Stream);
        assert_eq!(read(&master, 0).unwrap_err().kind(), ErrorKind::InvalidParams);
    }

    #[test]
    fn each_side_uses_its_own_end() {
        let (master, worker) = sides(PipeType::Stream);
        assert_eq!((master.end(), worker.end()), (End::Master, End::Worker));
        assert_ne!(master.descriptor().unwrap().as_raw_fd(), worker.descriptor().unwrap().as_raw_fd());
    }
}
