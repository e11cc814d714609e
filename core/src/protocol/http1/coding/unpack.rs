//! Unpacks bodies, up to a bound.

use super::Encoding;
use brotli::DecompressorWriter;
use flate2::{Decompress, FlushDecompress, Status};
use std::io::{self, Write};

/// Room that is made for unpacked bytes at a time.
const ROOM: usize = 16 << 10;

/// Why a body cannot be unpacked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UnpackError {
    /// it is not of that coding, or damaged
    Broken,
    /// it is cut off
    Short,
    /// it would be longer than allowed
    TooLong,
}

/// Unpacks a body that comes in parts, to at most so many bytes in all: a small body that unpacks to a giant one is given up at the bound.
pub struct Unpacker {
    state: State,
    left: u64,
    /// nothing has come yet
    is_new: bool,
    error: Option<UnpackError>,
}

enum State {
    Gzip(Decompress),
    /// `deflate` is to be in zlib's form; some servers send it without
    Zlib(Decompress),
    Brotli(Box<DecompressorWriter<Bounded>>),
    /// all of it was there; what follows is passed over
    Ended,
}

impl std::fmt::Debug for Unpacker {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Unpacker").field("left", &self.left).field("error", &self.error).finish_non_exhaustive()
    }
}

impl Unpacker {
    /// For a body that has at most `limit` bytes when it is unpacked.
    pub fn new(encoding: Encoding, limit: u64) -> Unpacker {
        let state = match encoding {
            Encoding::Gzip => State::Gzip(Decompress::new_gzip(15)),
            Encoding::Deflate => State::Zlib(Decompress::new(true)),
            Encoding::Brotli => {
                let bounded = Bounded { bytes: Vec::new(), left: limit, is_over: false };
                State::Brotli(Box::new(DecompressorWriter::new(bounded, ROOM)))
            }
        };
        Unpacker { state, left: limit, is_new: true, error: None }
    }

    /// Unpacks a part and appends to `out` what it makes; also in front of an error. Errors are given again for ever.
    pub fn part(&mut self, data: &[u8], out: &mut Vec<u8>) -> Result<(), UnpackError> {
        if let Some(error) = self.error {
            return Err(error);
        }
        if data.is_empty() {
            return Ok(());
        }
        if let (State::Zlib(zlib), true) = (&mut self.state, self.is_new) {
            // Of zlib's first two bytes one tells the method, 8; a raw stream's first block would be of a kind that no packer begins with.
            if data[0] & 15 != 8 {
                *zlib = Decompress::new(false);
            }
        }
        self.is_new = false;
        let result = self.unpack(data, out);
        self.error = result.err();
        result
    }

    /// The body is over.
    pub fn end(&mut self) -> Result<(), UnpackError> {
        match (&mut self.state, self.error) {
            (_, Some(error)) => Err(error),
            (State::Ended, _) => Ok(()),
            // An empty body is not packed, whatever the head says.
            (_, None) if self.is_new => Ok(()),
            (State::Brotli(writer), None) => writer.close().map_err(|_| UnpackError::Short),
            _ => Err(UnpackError::Short),
        }
    }

    fn unpack(&mut self, mut data: &[u8], out: &mut Vec<u8>) -> Result<(), UnpackError> {
        loop {
            let zlib = match &mut self.state {
                State::Ended => return Ok(()),
                State::Brotli(writer) => {
                    let result = writer.write_all(data);
                    let bounded = writer.get_mut();
                    out.append(&mut bounded.bytes);
                    let error = if bounded.is_over { UnpackError::TooLong } else { UnpackError::Broken };
                    return result.map_err(|_| error);
                }
                State::Gzip(zlib) | State::Zlib(zlib) => zlib,
            };
            // One byte more than allowed shows that it is too long.
            let room = usize::try_from(self.left).map_or(ROOM, |left| left.saturating_add(1).min(ROOM));
            let from = out.len();
            out.resize(from + room, 0);
            let (before_in, before_out) = (zlib.total_in(), zlib.total_out());
            let status = zlib.decompress(data, &mut out[from..], FlushDecompress::None);
            let made = (zlib.total_out() - before_out) as usize;
            let taken = (zlib.total_in() - before_in) as usize;
            out.truncate(from + made);
            data = &data[taken..];
            self.left = match self.left.checked_sub(made as u64) {
                Some(left) => left,
                None => {
                    out.pop();
                    return Err(UnpackError::TooLong);
                }
            };
            match status {
                Ok(Status::StreamEnd) => {
                    // A gzip body may have several members (RFC 1952, 2.2).
                    let is_next = matches!(self.state, State::Gzip(_)) && data.first() == Some(&0x1f);
                    self.state = if is_next { State::Gzip(Decompress::new_gzip(15)) } else { State::Ended };
                }
                Ok(_) if data.is_empty() && made < room => return Ok(()),
                Ok(_) if made == 0 && taken == 0 => return Err(UnpackError::Broken),
                Ok(_) => {}
                Err(_) => return Err(UnpackError::Broken),
            }
        }
    }
}

/// Takes unpacked bytes up to a bound.
#[derive(Debug)]
struct Bounded {
    bytes: Vec<u8>,
    left: u64,
    is_over: bool,
}

impl Write for Bounded {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let count = usize::try_from(self.left).unwrap_or(usize::MAX).min(bytes.len());
        self.bytes.extend_from_slice(&bytes[..count]);
        self.left -= count as u64;
        if count < bytes.len() {
            self.is_over = true;
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        Ok(count)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
