//! Where the body of an answer goes: into memory or a file, decompressed on the way.

use crate::error::{Error, ErrorKind, Result};
use flate2::{Decompress, FlushDecompress, Status};
use std::fs::File;
use std::io::{self, Write};

/// What comes is decompressed in such pieces, so that even a bomb goes to a file with little memory.
const PIECE: usize = 8 << 10;

/// The end of the way.
#[derive(Debug)]
pub(super) enum Store {
    /// bytes that were kept, and how many they may be
    Memory(Vec<u8>, usize),
    /// a file, and how many bytes it was given
    File(File, u64),
}

impl Write for Store {
    fn write(&mut self, data: &[u8]) -> io::Result<usize> {
        match self {
            // The file is never full; the error is made where it is told.
            Store::Memory(kept, limit) if data.len() > *limit - kept.len() => Err(io::ErrorKind::QuotaExceeded.into()),
            Store::Memory(kept, _) => {
                kept.extend_from_slice(data);
                Ok(data.len())
            }
            Store::File(file, written) => {
                file.write_all(data)?;
                *written += data.len() as u64;
                Ok(data.len())
            }
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

enum Way {
    Plain(Store),
    /// "deflate": zlib's format or the bare one, which its first bytes will tell
    Deflate(Store, Vec<u8>),
    Inflate(Box<Inflate>),
    Brotli(Box<brotli::DecompressorWriter<Store>>),
    /// something has failed
    Lost,
}

/// Largest window of gzip, in bits.
const WINDOW: u8 = 15;

struct Inflate {
    inner: Decompress,
    store: Store,
    gzip: bool,
    /// a stream has ended; nothing, or another one, follows
    ended: bool,
}

impl Inflate {
    fn new(store: Store, inner: Decompress, gzip: bool) -> Way {
        Way::Inflate(Box::new(Inflate { inner, store, gzip, ended: false }))
    }

    fn write(&mut self, mut data: &[u8]) -> io::Result<()> {
        let mut buffer = [0; PIECE];
        while !data.is_empty() {
            if self.ended {
                // Several streams of gzip may follow one another; anything else behind the end is padding.
                if !self.gzip || data[0] != 0x1f {
                    return Ok(());
                }
                (self.inner, self.ended) = (Decompress::new_gzip(WINDOW), false);
            }
            loop {
                let (taken, made) = (self.inner.total_in(), self.inner.total_out());
                let status = self.inner.decompress(data, &mut buffer, FlushDecompress::None)?;
                let made = (self.inner.total_out() - made) as usize;
                data = &data[(self.inner.total_in() - taken) as usize..];
                self.store.write_all(&buffer[..made])?;
                self.ended = status == Status::StreamEnd;
                if self.ended || made < PIECE {
                    break;
                }
            }
            if !self.ended && !data.is_empty() {
                return Err(io::Error::new(io::ErrorKind::InvalidData, "its compressor has left something over"));
            }
        }
        Ok(())
    }
}

/// Takes the body of one answer.
pub(super) struct Sink {
    way: Way,
    /// something has come
    begun: bool,
    to_file: bool,
    limit: usize,
}

impl Sink {
    /// For a body with that `Content-Encoding` (empty: none). One that is not known stays as it is.
    pub fn new(encoding: &[u8], store: Store) -> Sink {
        let (to_file, limit) = match &store {
            Store::Memory(_, limit) => (false, *limit),
            Store::File(..) => (true, 0),
        };
        let way = match encoding.to_ascii_lowercase().as_slice() {
            b"gzip" | b"x-gzip" => Inflate::new(store, Decompress::new_gzip(WINDOW), true),
            b"deflate" => Way::Deflate(store, Vec::new()),
            b"br" => Way::Brotli(Box::new(brotli::DecompressorWriter::new(store, PIECE))),
            _ => Way::Plain(store),
        };
        Sink { way, begun: false, to_file, limit }
    }

    /// Makes room for a body of which so much is announced.
    pub fn expect(&mut self, length: usize) {
        if let Way::Plain(Store::Memory(kept, limit)) = &mut self.way {
            // A promise alone takes no memory.
            kept.reserve(length.min(*limit).min(1 << 20));
        }
    }

    /// Takes a piece of the body. Errors: `PackageLengthTooLarge` (there is more than may be kept), `HttpInvalidProtocol` (it is not compressed as it says), the file cannot be written.
    pub fn push(&mut self, data: &[u8]) -> Result<()> {
        self.begun |= !data.is_empty();
        let done = if matches!(self.way, Way::Plain(_)) {
            self.write(data)
        } else {
            data.chunks(PIECE).try_for_each(|piece| self.write(piece))
        };
        done.map_err(|e| self.failed(&e))
    }

    fn write(&mut self, data: &[u8]) -> io::Result<()> {
        if let Way::Deflate(_, first) = &mut self.way {
            first.extend_from_slice(data);
            return if first.len() < 2 { Ok(()) } else { self.decide() };
        }
        match &mut self.way {
            Way::Plain(to) => to.write_all(data),
            Way::Inflate(to) => to.write(data),
            Way::Brotli(to) => to.write_all(data),
            Way::Deflate(..) | Way::Lost => Ok(()),
        }
    }

    /// The standard means zlib's format by "deflate", and some servers send the bare one.
    fn decide(&mut self) -> io::Result<()> {
        let Way::Deflate(store, first) = std::mem::replace(&mut self.way, Way::Lost) else { return Ok(()) };
        let is_zlib = first.first().is_some_and(|byte| byte & 15 == 8)
            && first.first_chunk().is_some_and(|two| u16::from_be_bytes(*two).is_multiple_of(31));
        self.way = Inflate::new(store, Decompress::new(is_zlib), false);
        self.write(&first)
    }

    /// The body is whole. Errors: as [`Sink::push`]; it is cut off.
    pub fn finish(mut self) -> Result<Store> {
        // Nothing at all is let pass as nothing that was compressed.
        let begun = self.begun;
        if begun && matches!(self.way, Way::Deflate(..)) {
            self.decide().map_err(|e| self.failed(&e))?;
        }
        let cut_off = || io::Error::new(io::ErrorKind::UnexpectedEof, "it is cut off");
        let done = match std::mem::replace(&mut self.way, Way::Lost) {
            Way::Plain(store) | Way::Deflate(store, _) => Ok(store),
            Way::Inflate(way) if way.ended || !begun => Ok(way.store),
            Way::Brotli(way) => way.into_inner().or_else(|store| if begun { Err(cut_off()) } else { Ok(store) }),
            Way::Inflate(_) | Way::Lost => Err(cut_off()),
        };
        done.map_err(|e| self.failed(&e))
    }

    fn failed(&self, why: &io::Error) -> Error {
        match why.kind() {
            io::ErrorKind::QuotaExceeded => Error::new(
                ErrorKind::PackageLengthTooLarge,
                format!(
                    "the answer's body is longer than package_max_length ({}): raise it, or download into a file",
                    self.limit
                ),
            ),
            _ if self.to_file && why.raw_os_error().is_some() => {
                Error::system("cannot write the file of a download", why)
            }
            _ => Error::new(
                ErrorKind::HttpInvalidProtocol,
                format!("the answer's body is not compressed as it says: {why}"),
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::Compression;
    use flate2::write::{DeflateEncoder, GzEncoder, ZlibEncoder};

    fn text() -> Vec<u8> {
        (0..20_000u32).flat_map(|n| format!("line {}\n", n * n).into_bytes()).collect()
    }

    fn packed(encoding: &str, text: &[u8]) -> Vec<u8> {
        match encoding {
            "gzip" => {
                let mut to = GzEncoder::new(Vec::new(), Compression::default());
                to.write_all(text).unwrap();
                to.finish().unwrap()
            }
            "zlib" => {
                let mut to = ZlibEncoder::new(Vec::new(), Compression::default());
                to.write_all(text).unwrap();
                to.finish().unwrap()
            }
            "raw" => {
                let mut to = DeflateEncoder::new(Vec::new(), Compression::default());
                to.write_all(text).unwrap();
                to.finish().unwrap()
            }
            "br" => {
                let mut to = brotli::CompressorWriter::new(Vec::new(), 4096, 5, 20);
                to.write_all(text).unwrap();
                to.into_inner()
            }
            _ => text.to_vec(),
        }
    }

    const WAYS: &[(&str, &str)] = &[("gzip", "gzip"), ("deflate", "zlib"), ("Deflate", "raw"), ("br", "br"), ("", "")];

    fn unpacked(encoding: &str, data: &[u8], piece: usize, limit: usize) -> Result<Vec<u8>> {
        let mut sink = Sink::new(encoding.as_bytes(), Store::Memory(Vec::new(), limit));
        data.chunks(piece).try_for_each(|part| sink.push(part))?;
        match sink.finish()? {
            Store::Memory(kept, _) => Ok(kept),
            Store::File(..) => unreachable!(),
        }
    }

    #[test]
    fn bodies_are_decompressed_in_pieces_of_any_size() {
        let text = text();
        for (encoding, format) in WAYS {
            let data = packed(format, &text);
            for piece in [1, 7, 4096, data.len()] {
                assert!(unpacked(encoding, &data, piece, text.len()).unwrap() == text, "{format} in pieces of {piece}");
            }
        }
        let two = [packed("gzip", b"one, "), packed("gzip", b"two"), vec![0; 3]].concat();
        assert_eq!(unpacked("x-gzip", &two, 5, 100).unwrap(), b"one, two");
        assert_eq!(unpacked("zstd", b"as it is", 5, 100).unwrap(), b"as it is");
    }

    #[test]
    fn what_is_longer_than_allowed_is_refused() {
        let text = text();
        for (encoding, format) in WAYS {
            let error = unpacked(encoding, &packed(format, &text), 1000, text.len() - 1).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::PackageLengthTooLarge, "{format}: {error}");
        }
    }

    #[test]
    fn what_is_damaged_or_cut_off_is_refused() {
        for (encoding, format) in &WAYS[..4] {
            let data = packed(format, &text());
            for bad in [&data[..data.len() - 9], b"this is not it", &data[..1]] {
                let error = unpacked(encoding, bad, 1000, 1 << 20).unwrap_err();
                assert_eq!(error.kind(), ErrorKind::HttpInvalidProtocol, "{format}: {error}");
            }
            assert_eq!(unpacked(encoding, b"", 1, 9).unwrap(), b"", "nothing is nothing");
        }
    }

    #[test]
    fn a_file_gets_what_was_decompressed() {
        let mut file = tempfile::tempfile().unwrap();
        let mut sink = Sink::new(b"gzip", Store::File(file.try_clone().unwrap(), 0));
        sink.push(&packed("gzip", &text())).unwrap();
        assert!(matches!(sink.finish().unwrap(), Store::File(_, written) if written == text().len() as u64));
        let mut found = Vec::new();
        io::Seek::rewind(&mut file).unwrap();
        io::Read::read_to_end(&mut file, &mut found).unwrap();
        assert!(found == text());
    }
}
