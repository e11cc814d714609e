//! What a callback may do to a connection, whoever holds its socket: [`via_ring`] asks a reactor
//! (PROCESS), [`direct`] does it here or asks another worker (BASE), [`relay`] always asks another (BASE).

pub mod direct;
pub mod relay;
pub mod via_ring;

use super::SessionId;
use super::port::Port;
use super::shared::connections::Entry;
use crate::error::{Error, ErrorKind, Result};
use crate::ipc::message::{FileHead, Kind};
use std::fs::File;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use std::sync::atomic::Ordering::Relaxed;
use std::time::Duration;

/// How long `send_wait` waits for a client, where no `send_timeout` is set.
pub const SEND_WAIT: Duration = Duration::from_secs(30);

/// The end of an answer that is a file.
#[derive(Debug)]
pub struct FileAnswer<'a> {
    /// flags and turn, as in `Kind::Answer`
    pub flags: [u8; 2],
    /// what goes in front of it
    pub head: &'a [u8],
    /// the file, for who holds the socket here
    pub file: File,
    /// which part of it
    pub part: FileHead,
    /// its path, for others; shorter than 64 KiB
    pub path: &'a Path,
}

/// Carries what a worker wants done to the owner of a connection.
pub trait Outbox {
    /// Delivers a message of `kind` about `session` to the owner of its socket, in order with all
    /// others of this worker. `head` and `body` follow one another.
    fn post(&self, entry: &Entry, kind: Kind, session: SessionId, head: &[u8], body: &[u8]) -> Result<()>;

    /// Delivers the end of an answer: what follows the flags of `head`, and a part of `file`, which lies at `path` for the owner of
    /// the socket.
    fn post_file(&self, entry: &Entry, session: SessionId, answer: FileAnswer<'_>) -> Result<()> {
        let FileAnswer { flags, head, file, part, path } = answer;
        let part = part.of(&file).map_err(|e| Error::system(format_args!("sendfile: {}", path.display()), &e))?;
        let path = path.as_os_str().as_bytes();
        let length = u16::try_from(path.len()).unwrap_or_default().to_ne_bytes();
        let payload = [&flags[..], &part.to_bytes(), &length, path].concat();
        self.post(entry, Kind::AnswerFile, session, &payload, head)
    }

    /// Pushes what waits for others to make room. True: something still waits.
    fn flush(&self) -> bool {
        false
    }

    /// The process ends: what waits is pushed, for `limit` at most.
    fn finish(&self, limit: Duration) {
        let _ = limit;
    }

    /// Lets the worker's own sockets be written while a callback waits for that.
    fn attend(&self) {}
}

/// Whether `length` more bytes may be queued for a connection; else the error that says why not.
/// A message for a client that has nothing waiting is always taken.
pub fn check_room(ports: &[Port], entry: &Entry, length: usize) -> Result<()> {
    let queued = entry.send_queued.load(Relaxed);
    let Some(port) = ports.get(entry.port.load(Relaxed) as usize) else { return Ok(()) };
    let limit = port.settings.socket_buffer_size as u64;
    if queued == 0 || queued.saturating_add(length as u64) <= limit {
        return Ok(());
    }
    Err(Error::new(
        ErrorKind::OutputBufferOverflow,
        format!(
            "session {} takes its data too slowly: {queued} bytes wait for it and {length} more would pass socket_buffer_size ({limit}); \
             wait for onBufferEmpty, or raise socket_buffer_size",
            entry.session()
        ),
    ))
}
