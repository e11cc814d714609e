//! What has come for a blocking client and was not asked for yet.

use crate::net::tls::{self, Channel, Trouble};
use crate::protocol::{Progress, Protocol, Verdict};
use crate::sys;
use socket2::Socket;
use std::cell::RefCell;
use std::io;

/// Bytes in one read at most, and for which memory is kept when nothing waits.
const MOST: usize = 1 << 20;

/// Bytes of a stream, and how packages are told apart in them.
#[derive(Debug)]
pub struct Inbox {
    protocol: Protocol,
    progress: Progress,
    /// only `from..end` means something
    bytes: Vec<u8>,
    from: usize,
    end: usize,
}

impl Inbox {
    /// Nothing but `leftover` has come.
    pub fn new(protocol: Protocol, leftover: Vec<u8>) -> Inbox {
        Inbox { protocol, progress: Progress::default(), from: 0, end: leftover.len(), bytes: leftover }
    }

    /// The protocol.
    pub fn protocol(&self) -> &Protocol {
        &self.protocol
    }

    /// How many bytes wait.
    pub fn len(&self) -> usize {
        self.end - self.from
    }

    /// Where the package at the front ends.
    pub fn package(&mut self, length_func: &mut dyn FnMut(&[u8]) -> isize) -> Verdict {
        self.protocol.next(&mut self.progress, &self.bytes[self.from..self.end], length_func)
    }

    /// Reads once behind what waits, up to `wanted` bytes (a million at most); 0: the peer has closed. Never waits.
    pub fn read(&mut self, socket: &Socket, wanted: usize) -> io::Result<usize> {
        self.make_room();
        let room = self.end + wanted.min(MOST);
        if self.bytes.len() < room {
            self.bytes.resize(room, 0);
        }
        let length = socket.recv(sys::mem::as_uninit(&mut self.bytes[self.end..room]))?;
        self.end += length;
        Ok(length)
    }

    /// As [`Inbox::read`], through TLS, and as many as a read gives.
    pub fn read_tls(&mut self, channel: &mut Channel, socket: &Socket) -> Result<tls::Read, Trouble> {
        thread_local! {
            static BUFFER: RefCell<Vec<u8>> = RefCell::new(vec![0; tls::BUFFER]);
        }
        BUFFER.with_borrow_mut(|buffer| {
            let read = channel.read(socket, buffer)?;
            if let tls::Read::Bytes { count, .. } = read {
                self.make_room();
                self.bytes.truncate(self.end);
                self.bytes.extend_from_slice(&buffer[..count]);
                self.end += count;
            }
            Ok(read)
        })
    }

    /// Moves what waits to the front.
    fn make_room(&mut self) {
        if self.from > 0 {
            self.bytes.copy_within(self.from..self.end, 0);
            self.end -= self.from;
            self.from = 0;
        }
    }

    /// Appends the first `length` bytes to `buffer`, and forgets them unless they are only looked at.
    pub fn take(&mut self, length: usize, peek: bool, buffer: &mut Vec<u8>) {
        buffer.extend_from_slice(&self.bytes[self.from..self.from + length]);
        if peek {
            return;
        }
        self.from += length;
        if self.from == self.end {
            (self.from, self.end) = (0, 0);
            if self.bytes.len() > MOST {
                self.bytes = Vec::new();
            }
        }
    }
}
