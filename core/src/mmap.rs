//! A part of a file as memory with a position: read, written and moved about in like a stream, seen by every process that has the file open.
//!
//! It is read and written by pread(2) and pwrite(2), which is the same page cache as a mapping's: what one process writes, others see at
//! once. But a file that another process cuts meanwhile gives an error here, where a mapping's reader would be killed by SIGBUS.

use crate::error::{Error, ErrorKind, Result};
use std::fs::{File, OpenOptions};
use std::io::{self, SeekFrom};
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};

/// A window on a file. It has a fixed size and a position.
#[derive(Debug)]
pub struct Mmap {
    file: File,
    path: PathBuf,
    /// where in the file the window begins
    offset: u64,
    size: u64,
    position: u64,
}

impl Mmap {
    /// Opens `size` bytes of the file from `offset` on (None: up to its end). The file must exist and reach that far. Errors: those of
    /// opening it, `InvalidParams` (the window is empty or reaches beyond the end).
    pub fn open(path: &Path, size: Option<u64>, offset: u64) -> Result<Mmap> {
        let failed = |e| Error::system(format_args!("opening {} for a window on it", path.display()), &e);
        let file = OpenOptions::new().read(true).write(true).open(path).map_err(failed)?;
        let found = file.metadata().map_err(failed)?.len();
        let size = size.unwrap_or(found.saturating_sub(offset));
        if size == 0 || offset.checked_add(size).is_none_or(|end| end > found) {
            return Err(Error::new(
                ErrorKind::InvalidParams,
                format!(
                    "no window of {size} bytes at offset {offset} of {}, which has {found}: a window has at least one \
                     byte and ends within the file; make the file longer first (ftruncate)",
                    path.display()
                ),
            ));
        }
        Ok(Mmap { file, path: path.to_owned(), offset, size, position: 0 })
    }

    /// Reads from the position on; how many bytes: 0 at the end. Errors: `FileEmpty` (the file has been cut to where nothing is left of
    /// what was asked for), those of pread(2).
    pub fn read(&mut self, into: &mut [u8]) -> Result<usize> {
        let wanted = self.fitting(into.len());
        let mut done = 0;
        while done < wanted {
            match self.file.read_at(&mut into[done..wanted], self.offset + self.position + done as u64) {
                Ok(0) if done == 0 => return Err(self.cut("reading")),
                Ok(0) => break,
                Ok(read) => done += read,
                Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
                Err(_) if done > 0 => break,
                Err(e) => return Err(self.failed("reading", &e)),
            }
        }
        self.position += done as u64;
        Ok(done)
    }

    /// Writes from the position on; how many bytes fitted before the end. Errors: `FileEmpty` (the file has been cut to less than
    /// this part of it: nothing is written, it does not grow again), those of pwrite(2).
    pub fn write(&mut self, data: &[u8]) -> Result<usize> {
        let wanted = self.fitting(data.len());
        let from = self.offset + self.position;
        let length = self.file.metadata().map_err(|e| self.failed("writing", &e))?.len();
        if wanted > 0 && length < from + wanted as u64 {
            return Err(self.cut("writing"));
        }
        let mut done = 0;
        while done < wanted {
            match self.file.write_at(&data[done..wanted], from + done as u64) {
                Ok(written) => done += written,
                Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
                Err(_) if done > 0 => break,
                Err(e) => return Err(self.failed("writing", &e)),
            }
        }
        self.position += done as u64;
        Ok(done)
    }

    /// Moves the position; the new one. Errors: `InvalidParams` (outside the window).
    pub fn seek(&mut self, to: SeekFrom) -> Result<u64> {
        let position = match to {
            SeekFrom::Start(position) => Some(position),
            SeekFrom::End(by) => self.size.checked_add_signed(by),
            SeekFrom::Current(by) => self.position.checked_add_signed(by),
        };
        self.position = position.filter(|position| *position <= self.size).ok_or_else(|| {
            let (path, size, now) = (self.path.display(), self.size, self.position);
            let asked = match to {
                // Callers that have signed positions pass those below 0 on as they are.
                SeekFrom::Start(position) => format!("position {}", position as i64),
                SeekFrom::End(by) => format!("{by:+} from the end"),
                SeekFrom::Current(by) => format!("{by:+} from here"),
            };
            let message =
                format!("{asked} leads out of the window on {path}: it has {size} bytes, the position is {now}");
            Error::new(ErrorKind::InvalidParams, message)
        })?;
        Ok(self.position)
    }

    /// Writes what was changed to the disk, and waits for it.
    pub fn flush(&mut self) -> Result<()> {
        self.file.sync_data().map_err(|e| self.failed("flushing", &e))
    }

    /// Its size in bytes.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// How many of `length` bytes lie before the end.
    fn fitting(&self, length: usize) -> usize {
        usize::try_from(self.size - self.position).map_or(length, |left| length.min(left))
    }

    fn failed(&self, doing: &str, found: &io::Error) -> Error {
        Error::system(format_args!("{doing} the window on {}", self.path.display()), found)
    }

    fn cut(&self, doing: &str) -> Error {
        let (path, end, at) = (self.path.display(), self.offset + self.size, self.offset + self.position);
        Error::new(
            ErrorKind::FileEmpty,
            format!(
                "{doing} the window on {path} at byte {at} of the file: the file had {end} bytes or more when it was opened \
                 and has been cut since; open it again"
            ),
        )
    }
}

#[cfg(test)]
mod tests;
