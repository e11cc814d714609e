//! Unpacks bodies, up to a bound.

use super::Encoding;
use brotli::enc::StandardAlloc;
use brotli::{BrotliDecompressStream, BrotliResult, BrotliState};
use flate2::{Decompress, FlushDecompress, Status};

/// Room that is made for unpacked bytes at a time.
const ROOM: usize = 16 << 10;
/// What [`Unpacker::piece`] unpacks at a time: a few bytes may stand for gigabytes.
const PIECE: usize = 64 << 10;

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
    Brotli(Box<BrotliState<StandardAlloc, StandardAlloc, StandardAlloc>>),
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
                let alloc = StandardAlloc::default;
                // Strict: windows of at most 16 MiB (RFC 7932), not of a gigabyte.
                State::Brotli(Box::new(BrotliState::new_strict(alloc(), alloc(), alloc())))
            }
        };
        Unpacker { state, left: limit, is_new: true, error: None }
    }

    /// Unpacks a part and appends to `out` all that it makes; also in front of an error. Errors are given again for ever.
    pub fn part(&mut self, mut data: &[u8], out: &mut Vec<u8>) -> Result<(), UnpackError> {
        loop {
            let (used, more) = self.piece(data, out)?;
            data = &data[used..];
            if !more {
                return Ok(());
            }
        }
    }

    /// As [`Unpacker::part`], but stops when it has made 64 KiB or a little more. How many bytes of `data` that took, and whether there is more: then it is
    /// to be called again with the rest, also if that is empty.
    pub fn piece(&mut self, data: &[u8], out: &mut Vec<u8>) -> Result<(usize, bool), UnpackError> {
        if let Some(error) = self.error {
            return Err(error);
        }
        if data.is_empty() && self.is_new {
            return Ok((0, false));
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
            _ => Err(UnpackError::Short),
        }
    }

    fn unpack(&mut self, data: &[u8], out: &mut Vec<u8>) -> Result<(usize, bool), UnpackError> {
        let (start, mut used) = (out.len(), 0);
        while out.len() - start < PIECE {
            // One byte more than allowed shows that it is too long.
            let room = usize::try_from(self.left).map_or(ROOM, |left| left.saturating_add(1).min(ROOM));
            let from = out.len();
            out.resize(from + room, 0);
            let (taken, made, found) = self.state.step(&data[used..], &mut out[from..]);
            out.truncate(from + made);
            used += taken;
            self.left = match self.left.checked_sub(made as u64) {
                Some(left) => left,
                None => {
                    out.pop();
                    return Err(UnpackError::TooLong);
                }
            };
            match found {
                Found::End => {
                    // A gzip body may have several members (RFC 1952, 2.2).
                    let is_next = matches!(self.state, State::Gzip(_)) && data.get(used) == Some(&0x1f);
                    if !is_next {
                        self.state = State::Ended;
                        return Ok((data.len(), false));
                    }
                    self.state = State::Gzip(Decompress::new_gzip(15));
                }
                Found::Part if used == data.len() && made < room => return Ok((used, false)),
                Found::Part if made == 0 && taken == 0 => return Err(UnpackError::Broken),
                Found::Part => {}
                Found::Damage => return Err(UnpackError::Broken),
            }
        }
        Ok((used, true))
    }
}

/// How a step went.
enum Found {
    Part,
    End,
    Damage,
}

impl State {
    /// Unpacks as much as there is room for: how many bytes it took, and how many it made.
    fn step(&mut self, data: &[u8], room: &mut [u8]) -> (usize, usize, Found) {
        match self {
            State::Ended => (data.len(), 0, Found::End),
            State::Gzip(zlib) | State::Zlib(zlib) => {
                let before = (zlib.total_in(), zlib.total_out());
                let found = match zlib.decompress(data, room, FlushDecompress::None) {
                    Ok(Status::StreamEnd) => Found::End,
                    Ok(_) => Found::Part,
                    Err(_) => Found::Damage,
                };
                ((zlib.total_in() - before.0) as usize, (zlib.total_out() - before.1) as usize, found)
            }
            State::Brotli(state) => {
                let (mut left, mut taken, mut free, mut made) = (data.len(), 0, room.len(), 0);
                let result =
                    BrotliDecompressStream(&mut left, &mut taken, data, &mut free, &mut made, room, &mut 0, state);
                let found = match result {
                    BrotliResult::ResultSuccess => Found::End,
                    BrotliResult::NeedsMoreInput | BrotliResult::NeedsMoreOutput => Found::Part,
                    BrotliResult::ResultFailure => Found::Damage,
                };
                (taken, made, found)
            }
        }
    }
}
