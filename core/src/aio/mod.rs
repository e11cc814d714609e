//! What would make the loop wait if it were done there: reading and writing files, looking up names, running commands. A few threads, begun when
//! they are first needed, do it, and the loop of the process that asked calls back.
//!
//! `pool` holds the threads and who waits for them, `files` is what they do with files; `names` remembers names and shares
//! look-ups, `dns` asks one name server; `exec` needs no thread.
//!
//! Every operation begun keeps the loop from being empty and ends in exactly one call with an error or a result (a read in
//! chunks: one for each), on the loop's thread and never before the call that began it returns. When the loop is dropped
//! ([`exit`](crate::event::exit)), what was begun is still done as long as the process lives, but nobody is called. A forked process has no part in
//! what its parent has begun.

pub mod dns;
mod exec;
mod files;
mod names;
mod pool;
#[cfg(test)]
mod tests;

use crate::error::{Error, ErrorKind, Result};
use crate::event::Flow;
use files::Place;
use pool::Lane;
use std::cell::Cell;
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
    /// its exit code; None if a signal ended it, or if that is not known
    pub code: Option<i32>,
    /// the signal that ended it; 0 if none did, or if that is not known
    pub signal: i32,
}

/// Which addresses of a name are wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Family {
    /// IPv4
    V4,
    /// IPv6
    V6,
}

thread_local! {
    // Settings stay over forks: what a program has set holds in its workers.
    static THREADS: Cell<usize> = const { Cell::new(2) };
}

fn files() -> Lane {
    Lane::Files(THREADS.get())
}

/// How many threads there are for files at most (1 to [`MOST_THREADS`]; 2 if this is never called), in this process and those forked from it
/// later. Each is begun when it is first needed. Names have threads of their own, see [`resolve`]. Errors: out of bounds; threads
/// run already.
pub fn set_threads(threads: usize) -> Result<()> {
    if !(1..=MOST_THREADS).contains(&threads) {
        return Err(Error::new(
            ErrorKind::InvalidParams,
            format!("{threads} threads for asynchronous files were asked for; 1 to {MOST_THREADS} are possible"),
        ));
    }
    if threads != THREADS.get() && pool::has_threads() {
        return Err(Error::new(
            ErrorKind::WrongOperation,
            "the threads for asynchronous files run already: set their number before the first file is read or written",
        ));
    }
    THREADS.set(threads);
    Ok(())
}

/// The name server to ask, as `ip` or `ip:port` (an IPv6 address with a port as `[ip]:port`), in this process and those forked from it later; None: what
/// the system is set up to do (getaddrinfo(3)). A server that is asked knows nothing of the system's hosts file and search list. What
/// is remembered of names is forgotten. Errors: no address.
pub fn set_name_server(server: Option<&str>) -> Result<()> {
    names::set_server(server)
}

/// Whether a name with several addresses gives a random one of them (true) or the first (false, as it begins).
pub fn set_random_address(random: bool) {
    names::set_random(random);
}

/// Reads a whole file. Errors of the result: it does not exist (`FileNotExist`), is a directory or a FIFO (`IsNotRegularFile`; character devices
/// are possible), cannot be read, or is longer than [`LONGEST_FILE`] (`FileTooLarge`). Errors at once: the path is no path;
/// too many operations (`QueueFull`).
pub fn read_file(path: &Path, done: DoneFn<Vec<u8>>) -> Result<()> {
    files::read_file(files(), path, done)
}

/// Reads a file from `offset`, `chunk` bytes (1 to [`LONGEST_CHUNK`]) at a time, until its end or until the callback says no. Each chunk but the last is
/// full. The next chunk is read when the callback has returned, so one chunk is in memory. Errors of the result as
/// [`read_file`], and `FileEmpty` if the file ends before `offset`. Errors at once: too many operations; chunk or offset out of bounds.
pub fn read(path: &Path, chunk: usize, offset: u64, step: ChunkFn) -> Result<()> {
    files::read(files(), path, chunk, offset, step)
}

/// Replaces a file's content, or appends to it; makes it (mode 0644, less the umask) if it does not exist. The result is the number of bytes. Writes
/// to the same path are done in the order in which they were begun; a read is not held up by them. Errors of the
/// result: it cannot be opened, the disk is full (what was written of it stays, and the message says how much that was).
pub fn write_file(path: &Path, content: Vec<u8>, append: bool, done: DoneFn<usize>) -> Result<()> {
    files::write(files(), path, content, if append { Place::End } else { Place::Start }, done)
}

/// Writes at `offset` (None: at the end), leaving the rest of the file as it is; makes it if it does not exist. Order, result and errors as
/// [`write_file`].
pub fn write(path: &Path, content: Vec<u8>, offset: Option<u64>, done: DoneFn<usize>) -> Result<()> {
    files::write(files(), path, content, offset.map_or(Place::End, Place::At), done)
}

/// An operation that can be given up: dropping this does nothing, [`Pending::cancel`] does.
#[derive(Debug)]
pub struct Pending(u64);

impl Pending {
    /// The callback is not called any more, and the operation keeps the loop no longer.
    pub fn cancel(self) {
        pool::give_up(self.0);
    }
}

/// Looks up the address of a host. An address in text is given back as it is, at the next turn of the loop. Answers are remembered for a
/// minute ([`clear_name_cache`]), and who asks for the same name at the same time shares one look-up. Errors of the result:
/// `DnsResolveFailed`, `DnsResolveTimeout`, `DnsNoServer` (the server of [`set_name_server`] cannot be reached), with the name and the reason. Errors at once:
/// this can be no host's name; too many operations.
///
/// At most eight threads look up names, beside those for files: a slow name server never holds up a file.
pub fn resolve(host: &str, family: Family, done: DoneFn<IpAddr>) -> Result<Pending> {
    names::resolve(host, family, done).map(Pending)
}

/// As [`resolve`], with all addresses of the host (at least one), the one that [`resolve`] would give first.
pub fn resolve_all(host: &str, family: Family, done: DoneFn<Vec<IpAddr>>) -> Result<Pending> {
    names::resolve_all(host, family, done).map(Pending)
}

/// Forgets the answers about names.
pub fn clear_name_cache() {
    names::clear();
}

/// Runs a command by `/bin/sh -c`, with nothing on its standard input, and collects its standard output (at most `most` bytes, then `DataLengthTooLarge` and
/// the command is killed with its process group, which is its own). What it writes to standard error goes to this process's. No thread waits for
/// it: the loop watches its pipe and its end. The callback is called when the command ends, with what had been written until
/// then: a process that it leaves behind in the background is not waited for. If another part of the program has taken
/// the command's exit status (wait(2) for any child), neither exit code nor signal is known. Errors at once: it cannot be
/// started; there are [`MOST`] already.
pub fn exec(command: &str, most: usize, done: DoneFn<Ended>) -> Result<()> {
    exec::exec(command, most, done)
}
