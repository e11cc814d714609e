//! What would make the loop wait if it were done there: reading and writing files, looking up names, running commands. A few threads, begun when
//! they are first needed, do it, and the loop of the process that asked calls back.
//!
//! Every operation begun keeps the loop from being empty and ends in exactly one call with an error or a result (a read in
//! chunks: one for each). A forked process has no part in what its parent has begun.

use crate::error::{Error, ErrorKind, Result};
use crate::event::Flow;
use std::net::IpAddr;
use std::path::Path;

/// Longest file that [`read_file`] reads, in bytes: 4 MiB.
pub const LONGEST_FILE: u64 = 4 << 20;
/// Longest chunk of [`read`], in bytes.
pub const LONGEST_CHUNK: usize = 1 << 20;
/// Operations that may wait or run at once in one process.
pub const MOST: usize = 8192;
/// Threads at most.
pub const MOST_THREADS: usize = 32;

/// Called once with the result.
pub type DoneFn<T> = Box<dyn FnOnce(Result<T>) -> Flow>;

/// Called for each chunk; an empty one is the end. What it returns says whether to go on.
pub type ChunkFn = Box<dyn FnMut(Result<&[u8]>) -> (Flow, bool)>;

/// How a command ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ended {
    /// what it wrote to its standard output
    pub output: Vec<u8>,
    /// its exit code; None if a signal ended it
    pub code: Option<i32>,
    /// the signal that ended it, or 0
    pub signal: i32,
}

/// Which addresses of a name are wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Family {
    /// IPv4
    V4,
    /// IPv6
    V6,
}

fn not_built<T>() -> Result<T> {
    Err(Error::new(ErrorKind::OperationNotSupport, "not built yet"))
}

/// How many threads there are at most (1 to [`MOST_THREADS`]; 2 if this is never called). Errors: out of bounds; threads run already.
pub fn set_threads(_threads: usize) -> Result<()> {
    not_built()
}

/// The name server to ask, as `ip` or `ip:port`; None: what the system is set up to do (getaddrinfo(3)). Errors: no address.
pub fn set_name_server(_server: Option<&str>) -> Result<()> {
    not_built()
}

/// Whether a name with several addresses gives a random one of them (true) or the first (false, as it begins).
pub fn set_random_address(_random: bool) {}

/// Reads a whole file. Errors of the result: it does not exist, is a directory, cannot be read, or is longer than
/// [`LONGEST_FILE`] (`FileTooLarge`). Errors at once: too many operations (`QueueFull`).
pub fn read_file(_path: &Path, _done: DoneFn<Vec<u8>>) -> Result<()> {
    not_built()
}

/// Reads a file from `offset`, `chunk` bytes (1 to [`LONGEST_CHUNK`]) at a time, until its end or until the callback says no. The next
/// chunk is read when the callback has returned, so one chunk is in memory. Errors as [`read_file`].
pub fn read(_path: &Path, _chunk: usize, _offset: u64, _step: ChunkFn) -> Result<()> {
    not_built()
}

/// Replaces a file's content, or appends to it; makes it (mode 0644, less the umask) if it does not exist. The result is the number of bytes. Errors of the
/// result: it cannot be opened, the disk is full (what was written of it stays).
pub fn write_file(_path: &Path, _content: Vec<u8>, _append: bool, _done: DoneFn<usize>) -> Result<()> {
    not_built()
}

/// Writes at `offset` (None: at the end), leaving the rest of the file as it is; makes it if it does not exist. Calls for the same path are done in the
/// order in which they were begun. Result and errors as [`write_file`].
pub fn write(_path: &Path, _content: Vec<u8>, _offset: Option<u64>, _done: DoneFn<usize>) -> Result<()> {
    not_built()
}

/// An operation that can be given up: dropping this does nothing, [`Pending::cancel`] does.
#[derive(Debug)]
pub struct Pending(());

impl Pending {
    /// The callback is not called any more, and the operation keeps the loop no longer.
    pub fn cancel(self) {}
}

/// Looks up the address of a host. An address in text is given back as it is, at the next turn of the loop. Answers are remembered for a
/// minute ([`clear_name_cache`]). Errors of the result: `DnsResolveFailed`, `DnsResolveTimeout`, with the name and the reason.
pub fn resolve(_host: &str, _family: Family, _done: DoneFn<IpAddr>) -> Result<Pending> {
    not_built()
}

/// Forgets the answers about names.
pub fn clear_name_cache() {}

/// Runs a command by `/bin/sh -c` and collects its standard output (at most `most` bytes, then `DataLengthTooLarge` and the command is killed). No thread waits for it:
/// the loop watches its pipe and its end. Errors at once: it cannot be started.
pub fn exec(_command: &str, _most: usize, _done: DoneFn<Ended>) -> Result<()> {
    not_built()
}
