//! Sockets of closed connections that wait for their client to close too.
//!
//! Closing a socket while bytes of the client are unread, or before they arrive, makes the kernel answer with a
//! reset, and a reset can cost the client an answer that it has not read yet. So the stream is ended in an
//! orderly way first, and what the client still sends is thrown away, for a while.

use socket2::Socket;
use std::io::{self, Read as _};
use std::net::Shutdown;
use std::time::{Duration, Instant};

/// How long a client that is sending may take to close.
const PATIENCE: Duration = Duration::from_secs(1);
/// How long one that is not may take to begin.
const MOMENT: Duration = Duration::from_millis(200);
/// How often to look whether it has.
const LOOK: Duration = Duration::from_millis(20);
/// Sockets that wait at once; above that the oldest is closed as it is.
const LIMIT: usize = 1024;
/// Bytes thrown away in one go.
const AT_ONCE: usize = 256 << 10;

/// The sockets that wait.
#[derive(Debug, Default)]
pub struct Lingering {
    sockets: std::collections::VecDeque<(Socket, Instant)>,
    next: Option<Instant>,
    /// every connection lingers, not only those whose client was sending: the process is about to end
    pub all: bool,
}

/// What the client was doing.
enum Peer {
    Closed,
    Sending,
    Silent,
}

fn discard(socket: &Socket) -> Peer {
    let mut scratch = [0; 16 << 10];
    let mut discarded = 0;
    while discarded < AT_ONCE {
        match (&mut &*socket).read(&mut scratch) {
            Ok(0) => return Peer::Closed,
            Ok(count) => discarded += count,
            Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
            Err(e) if e.kind() == io::ErrorKind::WouldBlock => break,
            Err(_) => return Peer::Closed,
        }
    }
    if discarded > 0 { Peer::Sending } else { Peer::Silent }
}

impl Lingering {
    /// Ends the stream of a socket to which nothing more is sent, and keeps it if its client may still be sending; `refused`: it may, even if
    /// nothing has come right now.
    pub fn end(&mut self, socket: Socket, refused: bool, forget: impl FnOnce(&Socket)) {
        let _ = socket.shutdown(Shutdown::Write);
        let patience = match discard(&socket) {
            Peer::Sending => PATIENCE,
            Peer::Silent if self.all || refused => MOMENT,
            _ => return,
        };
        forget(&socket);
        let now = Instant::now();
        self.next.get_or_insert(now + LOOK);
        self.sockets.push_back((socket, now + patience));
        if self.sockets.len() > LIMIT {
            self.sockets.pop_front();
        }
    }

    /// Those that wait.
    pub fn sockets(&self) -> impl Iterator<Item = &Socket> {
        self.sockets.iter().map(|(socket, _)| socket)
    }

    /// When to look again.
    pub fn next(&self) -> Option<Instant> {
        self.next
    }

    /// Whether no socket waits.
    pub fn is_empty(&self) -> bool {
        self.sockets.is_empty()
    }

    /// Lets go of those whose client has closed or whose time is over, if it is time to look.
    pub fn look(&mut self) {
        let now = Instant::now();
        if self.next.is_none_or(|next| now < next) {
            return;
        }
        self.sockets.retain(|(socket, until)| now < *until && !matches!(discard(socket), Peer::Closed));
        self.next = (!self.sockets.is_empty()).then_some(now + LOOK);
    }
}
