//! Where the body of an answer goes: into memory or a file.

use crate::error::{Error, ErrorKind, Result};
use std::fs::File;
use std::io::Write;

/// The end of the way of a body. It comes in pieces, which are unpacked already.
#[derive(Debug)]
pub(super) enum Store {
    /// bytes that were kept, and how many they may be
    Memory(Vec<u8>, usize),
    /// a file, and how many bytes it was given
    File(File, u64),
}

impl Store {
    /// Makes room for a body of which so much is announced. A promise alone takes little memory.
    pub fn expect(&mut self, length: u64) {
        if let Store::Memory(kept, limit) = self {
            kept.reserve(usize::try_from(length).unwrap_or(usize::MAX).min(*limit).min(1 << 20));
        }
    }

    /// Takes a piece. Errors: `PackageLengthTooLarge` (there is more than may be kept), the file cannot be written.
    pub fn push(&mut self, data: &[u8]) -> Result<()> {
        match self {
            Store::Memory(kept, limit) if data.len() > *limit - kept.len() => Err(Error::new(
                ErrorKind::PackageLengthTooLarge,
                format!(
                    "the answer's body is longer than package_max_length ({limit}): raise it, or download into a file"
                ),
            )),
            Store::Memory(kept, _) => {
                kept.extend_from_slice(data);
                Ok(())
            }
            Store::File(file, written) => {
                file.write_all(data).map_err(|e| Error::system("cannot write the file of a download", &e))?;
                *written += data.len() as u64;
                Ok(())
            }
        }
    }
}
