//! What the framers should say, worked out in the most naive way, and a driver that records what
//! they do say. Shared by the property tests here and by the fuzz targets, which include this file:
//! it takes the room's types from whatever module it is put in.

use super::{ErrorKind, Progress, Protocol, Verdict};

/// What came of a byte stream.
#[derive(Debug, PartialEq, Eq)]
pub struct Outcome {
    /// what was delivered, in order
    pub deliveries: Vec<Vec<u8>>,
    /// why the connection was closed, if it was
    pub rejected: Option<ErrorKind>,
}

/// How a length field is written, as the documentation of PHP's `pack()` says it.
#[derive(Debug, Clone, Copy)]
pub struct Written {
    pub letter: char,
    pub size: usize,
    pub signed: bool,
    pub big_endian: bool,
}

const MACHINE: bool = cfg!(target_endian = "big");

/// All letters that `package_length_type` may be.
pub const LETTERS: [Written; 10] = [
    Written { letter: 'c', size: 1, signed: true, big_endian: MACHINE },
    Written { letter: 'C', size: 1, signed: false, big_endian: MACHINE },
    Written { letter: 's', size: 2, signed: true, big_endian: MACHINE },
    Written { letter: 'S', size: 2, signed: false, big_endian: MACHINE },
    Written { letter: 'n', size: 2, signed: false, big_endian: true },
    Written { letter: 'v', size: 2, signed: false, big_endian: false },
    Written { letter: 'l', size: 4, signed: true, big_endian: MACHINE },
    Written { letter: 'L', size: 4, signed: false, big_endian: MACHINE },
    Written { letter: 'N', size: 4, signed: false, big_endian: true },
    Written { letter: 'V', size: 4, signed: false, big_endian: false },
];

impl Written {
    /// The number that these bytes are.
    pub fn decode(self, bytes: &[u8]) -> i128 {
        let mut bytes = bytes.to_vec();
        if !self.big_endian {
            bytes.reverse();
        }
        let number = bytes.iter().fold(0, |number, byte| number * 256 + i128::from(*byte));
        let range = 1i128 << (8 * self.size);
        if self.signed && number >= range / 2 { number - range } else { number }
    }

    /// The bytes that this number is, as far as they hold it.
    pub fn encode(self, number: usize) -> Vec<u8> {
        let mut bytes: Vec<u8> = (0..self.size).map(|i| (number >> (8 * i)) as u8).collect();
        if self.big_endian {
            bytes.reverse();
        }
        bytes
    }
}

/// Cuts a stream into pieces of the given lengths, which are taken in turn; without any it stays
/// whole.
pub fn cut<'a>(mut stream: &'a [u8], lengths: &[u8]) -> Vec<&'a [u8]> {
    let mut pieces = Vec::new();
    for length in lengths.iter().cycle() {
        let (piece, rest) = stream.split_at(stream.len().min((*length).max(1).into()));
        pieces.push(piece);
        stream = rest;
        if stream.is_empty() {
            break;
        }
    }
    pieces.push(stream);
    pieces
}

/// Hands the pieces to the protocol as a connection would, and holds each verdict to what its
/// documentation promises.
pub fn drive(protocol: &Protocol, pieces: &[&[u8]], ask: &dyn Fn(&[u8]) -> isize) -> Outcome {
    let mut outcome = Outcome { deliveries: Vec::new(), rejected: None };
    let mut progress = Progress::default();
    let mut buf = Vec::new();
    for piece in pieces {
        buf.extend_from_slice(piece);
        loop {
            match protocol.next(&mut progress, &buf, &mut |bytes| ask(bytes)) {
                Verdict::Deliver(n) => {
                    assert!(n > 0 && n <= buf.len(), "delivered {n} of {} bytes", buf.len());
                    outcome.deliveries.push(buf.drain(..n).collect());
                }
                Verdict::More { total } => {
                    if let Some(total) = total {
                        assert!(total > buf.len() && total <= protocol.max_length());
                    }
                    break;
                }
                Verdict::Reject(error) => {
                    let again = protocol.next(&mut progress, &buf, &mut |bytes| ask(bytes));
                    assert_eq!(again, Verdict::Reject(error.clone()), "asked a second time");
                    outcome.rejected = Some(error.kind());
                    return outcome;
                }
            }
        }
    }
    outcome
}

/// `open_eof_split` over a whole stream.
pub fn eof_split(mut rest: &[u8], eof: &[u8], max_length: usize) -> Outcome {
    let mut deliveries = Vec::new();
    let rejected = loop {
        match (0..rest.len()).find(|&at| rest[at..].starts_with(eof)) {
            Some(at) if at + eof.len() <= max_length => {
                let (package, behind) = rest.split_at(at + eof.len());
                deliveries.push(package.to_vec());
                rest = behind;
            }
            None if rest.len() <= max_length => break None,
            _ => break Some(ErrorKind::PackageLengthTooLarge),
        }
    };
    Outcome { deliveries, rejected }
}

/// `open_eof_check` over a stream that arrives in these pieces.
pub fn eof_check(pieces: &[&[u8]], eof: &[u8], max_length: usize) -> Outcome {
    let mut deliveries = Vec::new();
    let mut buf = Vec::new();
    for piece in pieces {
        buf.extend_from_slice(piece);
        while buf.len() > max_length {
            match (1..=max_length).rev().find(|&end| buf[..end].ends_with(eof)) {
                Some(end) => deliveries.push(buf.drain(..end).collect()),
                None => {
                    let rejected = Some(ErrorKind::PackageLengthTooLarge);
                    return Outcome { deliveries, rejected };
                }
            }
        }
        if buf.ends_with(eof) {
            deliveries.push(std::mem::take(&mut buf));
        }
    }
    Outcome { deliveries, rejected: None }
}

/// `open_length_check` over a whole stream.
pub fn length(mut rest: &[u8], written: Written, offset: usize, body_offset: usize, max_length: usize) -> Outcome {
    let header = offset + written.size;
    let mut deliveries = Vec::new();
    let rejected = loop {
        if rest.len() < header {
            break None;
        }
        let value = written.decode(&rest[offset..header]);
        let total = body_offset as i128 + value;
        if value < 0 || total < header as i128 {
            break Some(ErrorKind::PackageLengthNotFound);
        }
        if total > max_length as i128 {
            break Some(ErrorKind::PackageLengthTooLarge);
        }
        if total > rest.len() as i128 {
            break None;
        }
        let (package, behind) = rest.split_at(total as usize);
        deliveries.push(package.to_vec());
        rest = behind;
    };
    Outcome { deliveries, rejected }
}

/// A `package_length_func` for tests: `12:` begins a package of 12 bytes. It says the same however
/// many bytes follow, and needs at most [`DECIMAL_HEADER`] bytes to say it.
pub fn decimal(buf: &[u8]) -> isize {
    let mut number = 0;
    for byte in buf.iter().take(DECIMAL_HEADER) {
        match byte {
            b'0'..=b'9' => number = number * 10 + isize::from(byte - b'0'),
            // A length of nothing would be taken for "need more".
            b':' if number > 0 => return number,
            _ => return -1,
        }
    }
    if buf.len() < DECIMAL_HEADER { 0 } else { -1 }
}

/// Most bytes that a header of [`decimal`] has.
pub const DECIMAL_HEADER: usize = 9;

/// `package_length_func` with [`decimal`] over a whole stream, for a `max_length` of
/// [`DECIMAL_HEADER`] or more.
pub fn length_func(mut rest: &[u8], max_length: usize) -> Outcome {
    let mut deliveries = Vec::new();
    let rejected = loop {
        match decimal(rest) {
            0 => break None,
            negative if negative < 0 => break Some(ErrorKind::PackageLengthNotFound),
            total if total as usize > max_length => break Some(ErrorKind::PackageLengthTooLarge),
            total if total as usize > rest.len() => break None,
            total => {
                let (package, behind) = rest.split_at(total as usize);
                deliveries.push(package.to_vec());
                rest = behind;
            }
        }
    };
    Outcome { deliveries, rejected }
}
