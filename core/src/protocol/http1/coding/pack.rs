//! Packs bodies.

use super::Encoding;
use brotli::CompressorWriter;
use flate2::{Compress, Compression, FlushCompress, Status};
use std::io::Write;

/// Least room that is made for packed bytes at a time.
const ROOM: usize = 1 << 10;
/// The window of brotli: 512 KiB, since the standard 4 MiB would have to be set up for each answer.
const BROTLI_WINDOW: u32 = 19;
const BROTLI_BUFFER: usize = 4 << 10;

/// Packs a body, whole or in parts. It takes some hundred KiB while it is there; gzip and deflate can be used for one body after the other, which
/// saves setting that up.
pub struct Packer {
    encoding: Encoding,
    level: u8,
    state: State,
}

enum State {
    Zlib(Compress),
    /// None: it has not begun
    Brotli(Option<Box<CompressorWriter<Vec<u8>>>>),
}

impl std::fmt::Debug for Packer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Packer").field("encoding", &self.encoding).field("level", &self.level).finish_non_exhaustive()
    }
}

impl Packer {
    /// A packer for one body after the other. `level`: how hard it tries, 1 to 9, for br 0 to 11; what is beyond is taken for the bound.
    pub fn new(encoding: Encoding, level: u8) -> Packer {
        let deflate = Compression::new(level.clamp(1, 9).into());
        let state = match encoding {
            Encoding::Gzip => State::Zlib(Compress::new_gzip(deflate, 15)),
            Encoding::Deflate => State::Zlib(Compress::new(deflate, true)),
            Encoding::Brotli => State::Brotli(None),
        };
        Packer { encoding, level, state }
    }

    /// Its coding.
    pub fn encoding(&self) -> Encoding {
        self.encoding
    }

    /// The level that it was made with.
    pub fn level(&self) -> u8 {
        self.level
    }

    /// Packs a part of a body and appends to `out` all that the client needs to unpack that part.
    pub fn part(&mut self, data: &[u8], out: &mut Vec<u8>) {
        self.pack(data, false, out);
    }

    /// Packs the last part, or the whole body if there was none before, and appends what ends it. The next body may follow.
    pub fn end(&mut self, data: &[u8], out: &mut Vec<u8>) {
        self.pack(data, true, out);
    }

    /// Forgets a body that was not ended.
    pub fn reset(&mut self) {
        match &mut self.state {
            State::Zlib(zlib) => zlib.reset(),
            State::Brotli(writer) => *writer = None,
        }
    }

    fn pack(&mut self, data: &[u8], is_end: bool, out: &mut Vec<u8>) {
        match &mut self.state {
            State::Zlib(zlib) => {
                deflate(zlib, data, if is_end { FlushCompress::Finish } else { FlushCompress::Sync }, out);
                if is_end {
                    zlib.reset();
                }
            }
            State::Brotli(writer) => {
                let new = || {
                    Box::new(CompressorWriter::new(Vec::new(), BROTLI_BUFFER, self.level.min(11).into(), BROTLI_WINDOW))
                };
                let current = writer.get_or_insert_with(new);
                // Writing to memory does not fail.
                let _ = current.write_all(data);
                if is_end {
                    if let Some(writer) = writer.take() {
                        out.extend_from_slice(&writer.into_inner());
                    }
                } else {
                    let _ = current.flush();
                    out.append(current.get_mut());
                }
            }
        }
    }
}

fn deflate(zlib: &mut Compress, mut data: &[u8], flush: FlushCompress, out: &mut Vec<u8>) {
    loop {
        if out.capacity() - out.len() < ROOM {
            out.reserve(ROOM + data.len() / 4);
        }
        let before = zlib.total_in();
        let status = zlib.compress_vec(data, out, flush);
        data = &data[(zlib.total_in() - before) as usize..];
        let is_over = match status {
            Ok(Status::StreamEnd) => true,
            // Room that is left says that nothing more is to come.
            Ok(_) => data.is_empty() && out.len() < out.capacity() && flush != FlushCompress::Finish,
            // Only a misuse of the state is an error, and there is none.
            Err(_) => true,
        };
        if is_over {
            return;
        }
    }
}
