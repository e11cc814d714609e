//! Reading and writing files, on a thread.
//!
//! Regular files and character devices are taken. What might hang a thread for ever (a FIFO that nobody writes to) is opened without
//! waiting and refused.

use super::pool::{self, Lane};
use super::{ChunkFn, DoneFn, LONGEST_CHUNK, LONGEST_FILE};
use crate::error::{Error, ErrorKind, Result};
use crate::event::Flow;
use std::fs::{File, Metadata, OpenOptions};
use std::io::{self, Read, Write};
use std::os::unix::fs::{FileExt, FileTypeExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Where a write begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// the file is emptied first
    Start,
    At(u64),
    End,
}

/// A file that was opened. Clones mean the same one.
#[derive(Debug, Clone)]
struct Opened {
    file: Arc<File>,
    path: PathBuf,
    /// a device has no offsets
    device: bool,
    size: u64,
}

/// The path as seen from the root: the same file after a change of directory, and one name for calls about one file.
fn absolute(asked: &str, path: &Path) -> Result<PathBuf> {
    let refused = |e: io::Error| {
        let message = format!("cannot {asked} the file {path:?}: {e}");
        Error::new(ErrorKind::AioBadRequest, message).with_hint("; give the path of a file")
    };
    if path.as_os_str().as_encoded_bytes().contains(&0) {
        return Err(refused(io::Error::new(io::ErrorKind::InvalidInput, "its path has a zero byte in it")));
    }
    std::path::absolute(path).map_err(refused)
}

fn odd(asked: &str, path: &Path, metadata: &Metadata) -> Error {
    let kind = metadata.file_type();
    let what = match () {
        () if kind.is_dir() => "a directory",
        () if kind.is_fifo() => "a FIFO",
        () if kind.is_socket() => "a socket",
        () if kind.is_block_device() => "a block device",
        () => "no regular file",
    };
    Error::new(
        ErrorKind::IsNotRegularFile,
        format!("cannot {asked} {}: it is {what}; regular files and character devices are possible", path.display()),
    )
}

fn is_possible(metadata: &Metadata) -> bool {
    metadata.is_file() || metadata.file_type().is_char_device()
}

fn refused(asked: &str, path: &Path, found: &io::Error) -> Error {
    match (found.raw_os_error(), path.metadata()) {
        // A FIFO without a reader and a socket give ENXIO; a directory does not let itself be written to.
        (Some(libc::ENXIO | libc::EISDIR), Ok(m)) if !is_possible(&m) => odd(asked, path, &m),
        (Some(libc::ENOENT), _) => {
            let missing = match path.parent() {
                Some(folder) if !folder.exists() => format!("the directory {}", folder.display()),
                _ => "the file".to_string(),
            };
            let message = format!("cannot {asked} {}: {missing} does not exist", path.display());
            Error::new(ErrorKind::FileNotExist, message)
        }
        _ => Error::system(format_args!("cannot {asked} {}", path.display()), found),
    }
}

fn open(asked: &str, path: &Path, how: &mut OpenOptions) -> Result<Opened> {
    // So that a FIFO or a device without a partner answers at once.
    let opened = how.custom_flags(libc::O_NONBLOCK | libc::O_NOCTTY).mode(0o644).open(path);
    let file = opened.map_err(|found| refused(asked, path, &found))?;
    let metadata = file.metadata().map_err(|e| Error::system(format_args!("cannot {asked} {}", path.display()), &e))?;
    if !is_possible(&metadata) {
        return Err(odd(asked, path, &metadata));
    }
    let device = !metadata.is_file();
    Ok(Opened { file: Arc::new(file), path: path.to_path_buf(), device, size: metadata.len() })
}

impl Opened {
    fn failed(&self, asked: &str, found: &io::Error) -> Error {
        Error::system(format_args!("cannot {asked} {}", self.path.display()), found)
    }

    /// Reads from `offset` until `into` is full or the file ends; how much that was.
    fn fill(&self, into: &mut [u8], offset: u64) -> Result<usize> {
        let mut full = 0;
        while full < into.len() {
            let rest = &mut into[full..];
            let got = match self.device {
                true => (&*self.file).read(rest),
                false => self.file.read_at(rest, offset + full as u64),
            };
            match got {
                Ok(0) => break,
                Ok(bytes) => full += bytes,
                Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
                Err(e) => return Err(self.failed("read", &e)),
            }
        }
        Ok(full)
    }
}

fn whole(path: &Path) -> Result<Vec<u8>> {
    let opened = open("read", path, OpenOptions::new().read(true))?;
    let too_large = |size: String| {
        Error::new(
            ErrorKind::FileTooLarge,
            format!(
                "cannot read {} in one piece: it has {size} bytes and at most {LONGEST_FILE} are possible; read it in chunks, \
                 by swoole_async_read (in C: swoole_aio_read)",
                path.display()
            ),
        )
    };
    if opened.size > LONGEST_FILE {
        return Err(too_large(opened.size.to_string()));
    }
    // Files of /proc say that they are empty, and one may grow meanwhile: it is read to its end, wherever that is.
    let mut content = Vec::with_capacity(opened.size as usize + 1);
    match (&*opened.file).take(LONGEST_FILE + 1).read_to_end(&mut content) {
        Ok(_) if content.len() as u64 > LONGEST_FILE => Err(too_large(format!("more than {LONGEST_FILE}"))),
        Ok(_) => Ok(content),
        Err(e) => Err(opened.failed("read", &e)),
    }
}

pub(super) fn read_file(lane: Lane, path: &Path, done: DoneFn<Vec<u8>>) -> Result<()> {
    let path = absolute("read", path)?;
    pool::begin(lane, None, move || whole(&path), done).map(drop)
}

/// One chunk, and what the next needs.
struct Chunk {
    from: Opened,
    /// as long as a chunk; kept for the next
    buffer: Vec<u8>,
    full: usize,
    /// where the next begins
    offset: u64,
}

impl Chunk {
    fn first(path: &Path, chunk: usize, offset: u64) -> Result<Chunk> {
        let from = open("read", path, OpenOptions::new().read(true))?;
        if !from.device && offset > from.size && from.size > 0 {
            return Err(Error::new(
                ErrorKind::FileEmpty,
                format!(
                    "cannot read {} from byte {offset}: it ends at byte {}; begin there or before",
                    path.display(),
                    from.size
                ),
            ));
        }
        Chunk { from, buffer: vec![0; chunk], full: 0, offset }.next()
    }

    fn next(mut self) -> Result<Chunk> {
        self.full = self.from.fill(&mut self.buffer, self.offset)?;
        self.offset += self.full as u64;
        Ok(self)
    }
}

fn stepped(lane: Lane, mut step: ChunkFn, chunk: Result<Chunk>) -> Flow {
    let chunk = match chunk {
        Ok(chunk) => chunk,
        Err(error) => return step(Err(error)).0,
    };
    let (flow, more) = step(Ok(&chunk.buffer[..chunk.full]));
    if more
        && chunk.full > 0
        && let Err(error) = pool::go_on(lane, move || chunk.next(), move |next| stepped(lane, step, next))
    {
        crate::log::error(format_args!("{error}"));
    }
    flow
}

pub(super) fn read(lane: Lane, path: &Path, chunk: usize, offset: u64, step: ChunkFn) -> Result<()> {
    if chunk == 0 || chunk > LONGEST_CHUNK {
        return Err(Error::new(
            ErrorKind::InvalidParams,
            format!("chunks of {chunk} bytes were asked for; 1 to {LONGEST_CHUNK} are possible"),
        ));
    }
    let path = absolute("read", path)?;
    check(offset, 0)?;
    let done = move |first| stepped(lane, step, first);
    pool::begin(lane, None, move || Chunk::first(&path, chunk, offset), done).map(drop)
}

/// Whether a file can reach from `offset` for `bytes`.
fn check(offset: u64, bytes: usize) -> Result<()> {
    let possible = offset.checked_add(bytes as u64).is_some_and(|end| i64::try_from(end).is_ok());
    if possible {
        return Ok(());
    }
    Err(Error::new(
        ErrorKind::InvalidParams,
        format!("offset {offset} in a file was asked for; at most {} is possible", i64::MAX - bytes as i64),
    ))
}

fn put(path: &Path, content: &[u8], place: Place) -> Result<usize> {
    let mut how = OpenOptions::new();
    match place {
        Place::Start => how.write(true).truncate(true),
        Place::At(_) => how.write(true),
        Place::End => how.append(true),
    };
    let to = open("write", path, how.create(true))?;
    let mut written = 0;
    let failed = |written: usize, found: &io::Error| {
        let asked = format_args!(
            "cannot write {} bytes to {}: {written} of them were written, then",
            content.len(),
            path.display()
        )
        .to_string();
        let hint = match found.raw_os_error() {
            Some(libc::ENOSPC | libc::EDQUOT) => "; make room",
            Some(libc::EFBIG) => "; raise the limit of file sizes (ulimit -f)",
            _ => "",
        };
        Error::system(asked, found).with_hint(hint)
    };
    while written < content.len() {
        let rest = &content[written..];
        let took = match place {
            Place::At(offset) if !to.device => to.file.write_at(rest, offset + written as u64),
            _ => (&*to.file).write(rest),
        };
        match took {
            Ok(0) => return Err(failed(written, &io::ErrorKind::WriteZero.into())),
            Ok(bytes) => written += bytes,
            Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
            Err(e) => return Err(failed(written, &e)),
        }
    }
    // Some file systems say only here that there was no room.
    if let Some(file) = Arc::into_inner(to.file) {
        nix::unistd::close(file).map_err(|e| failed(written, &e.into()))?;
    }
    Ok(written)
}

pub(super) fn write(lane: Lane, path: &Path, content: Vec<u8>, place: Place, done: DoneFn<usize>) -> Result<()> {
    let path = absolute("write", path)?;
    if let Place::At(offset) = place {
        check(offset, content.len())?;
    }
    let line = Some(path.clone());
    pool::begin(lane, line, move || put(&path, &content, place), done).map(drop)
}
