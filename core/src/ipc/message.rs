//! The messages between reactors and workers: a kind, a session, a port, and bytes.

use crate::sys::fd;
use std::fs::File;
use std::io;
use std::os::fd::AsFd;
use std::os::unix::fs::MetadataExt;
use std::time::UNIX_EPOCH;

macro_rules! kinds {
    ($($(#[$doc:meta])* $name:ident = $number:literal,)*) => {
        /// Kind of a message; the number is a record's `Tag::kind`.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        #[repr(u8)]
        pub enum Kind { $($(#[$doc])* $name = $number,)* }
        impl Kind {
            /// The kind with that number; None if it is none of ours.
            pub fn from_number(number: u8) -> Option<Kind> {
                match number { $($number => Some(Kind::$name),)* _ => None }
            }
        }
    };
}

kinds! {
    /// To a worker: a connection was made.
    Connect = 1,
    /// To a worker: bytes, or a package, of a connection.
    Data = 2,
    /// To a worker: a connection is closed; payload is one byte of [`close`] flags. Answered by `Closed`.
    Close = 3,
    /// To a worker: a datagram; payload is [`PacketHead`] and the bytes.
    Packet = 4,
    /// To a worker: the client's queue passed the high watermark.
    BufferFull = 5,
    /// To a worker: it fell to the low watermark.
    BufferEmpty = 6,
    /// To a worker: a request; payload is a `protocol::http1::Brief` and the request's bytes.
    Request = 7,
    /// To a worker: a message of a WebSocket, or one of its control frames; payload is one byte of opcode, one of
    /// [`frame`] flags, and the data, unmasked.
    Frame = 8,
    /// To the owner of a socket: send these bytes.
    Send = 16,
    /// As `Send`; whoever sent it watches the connection's `flushed` word.
    SendAndTell = 17,
    /// To the owner: send a part of a file; payload is [`FileHead`] and the path.
    SendFile = 18,
    /// To the owner: close; payload is one byte, 1: at once.
    Shut = 19,
    /// To the owner: stop reading.
    Pause = 20,
    /// To the owner: read again.
    Resume = 21,
    /// To the owner: a connection held back by `enable_delay_receive` may be read.
    Confirm = 22,
    /// To the owner: this worker is through with a connection's `Close`.
    Closed = 23,
    /// To the owner (BASE): the beginning of a long `Send`, whose rest follows from the same worker. The port
    /// of every message between BASE workers is the sending worker's number.
    Begin = 25,
    /// To the owner (BASE): more of it.
    Part = 26,
    /// To the owner (BASE): the end of it.
    EndSend = 27,
    /// To the owner (BASE): the end of a `SendAndTell` that began like this.
    EndSendAndTell = 28,
    /// To the owner: a part of an answer to a request; payload is one byte of [`answer`] flags, one with the request's turn, and the bytes.
    Answer = 29,
    /// To the owner: as `Answer`, whose bytes are followed by a part of a file; payload is one byte of [`answer`] flags, one with the request's turn,
    /// [`FileHead`], the length of the path as two bytes, the path, and the bytes in front of the file.
    AnswerFile = 30,
    /// To the owner (BASE): the end of an `Answer` that began with `Begin`.
    EndAnswer = 31,
    /// To the owner of a WebSocket: send this close frame; the connection ends when the client has answered it, or after a moment.
    SendClose = 32,
    /// To the owner: this worker took what `max_queued_bytes` held back.
    Taken = 24,
}

/// Flags in the payload of [`Kind::Close`].
pub mod close {
    /// The server closed it, not the client.
    pub const BY_SERVER: u8 = 1;
    /// This worker is the one that runs the close callback.
    pub const CALL: u8 = 2;
}

/// Flags in the payload of [`Kind::Answer`] and [`Kind::AnswerFile`].
pub mod answer {
    /// It is the end of the answer: the next request may be handed up.
    pub const DONE: u8 = 1;
    /// The connection is closed when all of it is sent.
    pub const CLOSE: u8 = 2;
    /// From here on the connection is a WebSocket.
    pub const WEBSOCKET: u8 = 4;
    /// Together with `WEBSOCKET`: messages may be compressed.
    pub const DEFLATE: u8 = 8;
    /// From here on the connection is the program's: its bytes are handed up as they come, and no answer is awaited.
    pub const DETACHED: u8 = 16;
}

/// Flags in the payload of [`Kind::Frame`].
pub mod frame {
    /// The data is compressed, as permessage-deflate does it.
    pub const COMPRESSED: u8 = 1;
}

/// What stands in front of a file's path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FileHead {
    /// first byte
    pub offset: u64,
    /// how many bytes
    pub length: u64,
    /// which file the sender has found at the path: device, inode, and what tells it from one that has that number later; 0: nobody opens it by its path
    pub identity: [u64; 3],
}

impl FileHead {
    /// Length of its bytes.
    pub const SIZE: usize = 40;

    /// A part of a file that is open already.
    pub fn of_part(offset: u64, length: u64) -> FileHead {
        FileHead { offset, length, identity: [0; 3] }
    }

    /// The same part of what `file` is, to be found by its path. Errors: fstat(2).
    pub fn of(self, file: &File) -> io::Result<FileHead> {
        Ok(FileHead { identity: identity(file)?, ..self })
    }

    /// Whether `file`, which was opened by the path, is the one that the sender has found there. Errors: fstat(2).
    pub fn is_of(&self, file: &File) -> io::Result<bool> {
        Ok(self.identity == identity(file)?)
    }

    /// Its bytes.
    pub fn to_bytes(self) -> [u8; FileHead::SIZE] {
        let mut bytes = [0; FileHead::SIZE];
        let [device, inode, generation] = self.identity;
        let numbers = [self.offset, self.length, device, inode, generation];
        bytes.as_chunks_mut().0.iter_mut().zip(numbers).for_each(|(to, number)| *to = number.to_ne_bytes());
        bytes
    }

    /// Splits a payload into head and path; None if it is too short.
    pub fn parse(payload: &[u8]) -> Option<(FileHead, &[u8])> {
        let (head, path) = payload.split_first_chunk::<{ FileHead::SIZE }>()?;
        let number = |at: usize| head.as_chunks().0.get(at).copied().map_or(0, u64::from_ne_bytes);
        Some((FileHead { offset: number(0), length: number(1), identity: [2, 3, 4].map(number) }, path))
    }
}

fn identity(file: &File) -> io::Result<[u64; 3]> {
    let about = file.metadata()?;
    // Not every file system has generations of inodes, and a clock's tick is long: so both.
    let born =
        about.created().ok().and_then(|time| time.duration_since(UNIX_EPOCH).ok()).map_or(0, |t| t.as_nanos() as u64);
    Ok([about.dev(), about.ino(), fd::generation_of_file(file.as_fd()) ^ born])
}

/// What stands in front of a datagram's bytes: when it was dispatched, and who sent it.
#[derive(Debug, Clone, PartialEq)]
pub struct PacketHead {
    /// seconds since 1970
    pub dispatch_time: f64,
    /// sender's port
    pub peer_port: u16,
    /// sender's address or path
    pub address: String,
}

impl PacketHead {
    /// Appends its bytes.
    pub fn write(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.dispatch_time.to_ne_bytes());
        out.extend_from_slice(&self.peer_port.to_ne_bytes());
        out.extend_from_slice(&(self.address.len() as u16).to_ne_bytes());
        out.extend_from_slice(self.address.as_bytes());
    }

    /// Splits a payload into head and datagram; None if it is malformed.
    pub fn parse(payload: &[u8]) -> Option<(PacketHead, &[u8])> {
        let (fixed, rest) = payload.split_at_checked(12)?;
        let length = u16::from_ne_bytes(fixed[10..12].try_into().ok()?);
        let (address, data) = rest.split_at_checked(length.into())?;
        let head = PacketHead {
            dispatch_time: f64::from_ne_bytes(fixed[..8].try_into().ok()?),
            peer_port: u16::from_ne_bytes(fixed[8..10].try_into().ok()?),
            address: std::str::from_utf8(address).ok()?.to_owned(),
        };
        Some((head, data))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn heads_survive_the_round_trip() {
        let file = FileHead { offset: 7, length: u64::MAX, identity: [3, 4, 5] };
        assert_eq!(FileHead::parse(&[&file.to_bytes()[..], b"/a"].concat()), Some((file, &b"/a"[..])));
        let packet = PacketHead { dispatch_time: 1.5, peer_port: 9, address: "::1".into() };
        let mut bytes = Vec::new();
        packet.write(&mut bytes);
        bytes.extend_from_slice(b"data");
        assert_eq!(PacketHead::parse(&bytes), Some((packet, &b"data"[..])));
    }

    #[test]
    fn short_heads_are_refused() {
        assert_eq!(FileHead::parse(&[0; 39]), None);
        assert_eq!(PacketHead::parse(&[0; 11]), None);
        assert_eq!(PacketHead::parse(&[0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 9, 0]), None);
    }
}
