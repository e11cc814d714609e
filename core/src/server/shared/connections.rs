//! The table of connections: one entry each, which every process can read.
//!
//! An entry belongs to one owner (a reactor thread, or in BASE mode a worker), which takes it, fills it and gives it
//! back. Its place in the table is part of the session number, and its turn, which only grows, is the
//! rest: `session = turn << bits | place`. So a number never comes back, and finding a session is an index.

use crate::error::{Error, ErrorKind, Result};
use crate::server::SessionId;
use crate::shm::region::{SharedSlice, shared_record};
use crate::sys::holder::Holder;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};

/// Whether an entry is in use, and how.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u32)]
pub enum State {
    /// no connection
    Free = 0,
    /// taken, not filled yet
    Taken = 1,
    /// open both ways
    Open = 2,
    /// the client sends no more; answers still go out
    HalfClosed = 3,
    /// a program asked to close it; what is queued is still going out
    Closing = 4,
    /// the socket is closed, the close callback is still to come
    Closed = 5,
}

/// Bits of [`Entry::flags`].
pub mod flag {
    /// not closed for being silent
    pub const PROTECTED: u32 = 1;
    /// above the high watermark
    pub const FULL: u32 = 2;
    /// `bind` was called
    pub const HAS_UID: u32 = 4;
    /// its owner waits for the worker to take what is queued (`max_queued_bytes`)
    pub const HELD: u32 = 8;
    /// closed by the server
    pub const BY_SERVER: u32 = 16;
    /// `pause` was called: holds from that moment on, before the owner has heard of it
    pub const PAUSED: u32 = 32;
    /// it is a WebSocket: set by who answers the handshake, just before its answer goes to the owner
    pub const WEBSOCKET: u32 = 64;
    /// its messages may be compressed
    pub const DEFLATE: u32 = 128;
    /// the server has sent a close frame
    pub const SAID_CLOSE: u32 = 256;
    /// four bits from here on: how large the client's window for compressed messages is
    pub const WINDOW: u32 = 1 << 12;
}

shared_record! {
/// One connection, on three cache lines: who it is (rarely written), where it comes from (written
/// once), what happens on it (written by its owner all the time).
#[repr(align(64))]
pub struct Entry {
    session: AtomicU64,
    /// the next session's turn
    turn: AtomicU64,
    state: AtomicU32,
    /// see [`flag`]
    pub flags: AtomicU32,
    /// number of the reactor, or (BASE) of the worker, that holds the socket
    pub owner: AtomicU32,
    /// number of the listening port
    pub port: AtomicU32,
    /// worker it is tied to, plus 1; 0: none yet
    worker: AtomicU32,
    /// its descriptor in the owner's process
    pub fd: AtomicU32,
    /// see `bind`
    pub uid: AtomicU64,
    /// why it was closed: an errno or an `ErrorKind`; 0: normally
    pub close_errno: AtomicU32,
    /// counts up when everything that `SendAndTell` asked for has been written
    pub flushed: AtomicU32,

    family: AtomicU32,
    remote_port: AtomicU32,
    address: [AtomicU64; 2],
    /// microseconds since 1970
    pub connect_time: AtomicU64,
    /// bytes that wait for the client, as its owner last knew
    pub send_queued: AtomicU64,
    /// where the client has connected to, of the same family; zero: not noted
    local: [AtomicU64; 2],

    /// microseconds since 1970
    pub last_recv_time: AtomicU64,
    /// microseconds since 1970
    pub last_send_time: AtomicU64,
    /// microseconds since 1970
    pub last_dispatch_time: AtomicU64,
    /// bytes handed to a worker that it has not taken
    pub recv_queued: AtomicU64,
    /// HTTP: who has a detached answer, as [`Holding::to_word`]; 0: nobody has been named
    holder: AtomicU64,
    /// HTTP: the request that is awaited, as `Brief::to_word`; 0: none
    pub request: AtomicU32,
    spare2: [AtomicU32; 5],
}
}
const _: () = assert!(size_of::<Entry>() == 192);

/// Who has the answer to a request that was detached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Holding {
    /// the process
    pub who: Holder,
    /// its number among those of the server
    pub process: u16,
    /// which request of the connection: see `Brief::turn`
    pub turn: u8,
    /// it has taken it up by `Response::create`; else it has detached it
    pub taken: bool,
}

impl Holding {
    fn to_word(self) -> u64 {
        u64::from(self.who.bits()) << 32
            | u64::from(self.taken) << 24
            | u64::from(self.turn) << 16
            | u64::from(self.process)
    }

    fn from_word(word: u64) -> Option<Holding> {
        let who = Holder::from_bits((word >> 32) as u32)?;
        Some(Holding { who, process: word as u16, turn: (word >> 16) as u8, taken: word >> 24 & 1 == 1 })
    }
}

impl Entry {
    /// Who has the detached answer, as far as is known.
    pub fn holding(&self) -> Option<Holding> {
        Holding::from_word(self.holder.load(Ordering::Acquire))
    }

    /// Notes who has it: to be called before anybody else can know that it was detached, and before it is answered.
    pub fn hold_by(&self, holding: Holding) {
        self.holder.store(holding.to_word(), Ordering::Release);
    }

    /// Its session; 0 when it is free.
    pub fn session(&self) -> SessionId {
        self.session.load(Ordering::Acquire) as i64
    }

    /// Its state.
    pub fn state(&self) -> State {
        match self.state.load(Ordering::Acquire) {
            1 => State::Taken,
            2 => State::Open,
            3 => State::HalfClosed,
            4 => State::Closing,
            5 => State::Closed,
            _ => State::Free,
        }
    }

    /// Sets its state (owner).
    pub fn set_state(&self, state: State) {
        self.state.store(state as u32, Ordering::Release);
    }

    /// Goes from open or half closed to closing. False if it was neither.
    pub fn start_closing(&self) -> bool {
        [State::Open, State::HalfClosed].into_iter().any(|from| {
            self.state.compare_exchange(from as u32, State::Closing as u32, Ordering::AcqRel, Ordering::Acquire).is_ok()
        })
    }

    /// Ties it to a worker (owner only), and gives back the worker it was tied to.
    pub fn tie(&self, worker: Option<usize>) -> Option<usize> {
        let before = self.worker();
        if before != worker {
            self.worker.store(worker.map_or(0, |w| w as u32 + 1), Ordering::Relaxed);
        }
        before
    }

    /// Goes from open to half closed; one that is closing stays so.
    pub fn half_close(&self) {
        let (from, to) = (State::Open as u32, State::HalfClosed as u32);
        let _ = self.state.compare_exchange(from, to, Ordering::AcqRel, Ordering::Relaxed);
    }

    /// Takes [`Entry::start_closing`] back: its owner could not be told.
    pub fn keep_open(&self) {
        let (from, to) = (State::Closing as u32, State::Open as u32);
        let _ = self.state.compare_exchange(from, to, Ordering::AcqRel, Ordering::Relaxed);
    }

    /// Whether a flag is set.
    pub fn has(&self, flag: u32) -> bool {
        self.flags.load(Ordering::Relaxed) & flag != 0
    }

    /// Sets or clears a flag.
    pub fn mark(&self, flag: u32, on: bool) {
        if on {
            self.flags.fetch_or(flag, Ordering::Relaxed)
        } else {
            self.flags.fetch_and(!flag, Ordering::Relaxed)
        };
    }

    /// Bits of the client's window for compressed messages.
    pub fn window(&self) -> u8 {
        ((self.flags.load(Ordering::Relaxed) / flag::WINDOW) & 15) as u8
    }

    /// The worker it is tied to.
    pub fn worker(&self) -> Option<usize> {
        (self.worker.load(Ordering::Relaxed) as usize).checked_sub(1)
    }

    /// The client's address; None on a Unix socket.
    pub fn remote(&self) -> Option<SocketAddr> {
        Some(SocketAddr::new(self.ip(&self.address)?, self.remote_port.load(Ordering::Relaxed) as u16))
    }

    /// The server's address that the client has connected to; None on a Unix socket, and where it was not noted.
    pub fn local(&self) -> Option<IpAddr> {
        self.ip(&self.local).filter(|ip| !ip.is_unspecified())
    }

    fn ip(&self, words: &[AtomicU64; 2]) -> Option<IpAddr> {
        let [a, b] = [&words[0], &words[1]].map(|w| w.load(Ordering::Relaxed).to_ne_bytes());
        let mut bytes = [0; 16];
        bytes[..8].copy_from_slice(&a);
        bytes[8..].copy_from_slice(&b);
        match self.family.load(Ordering::Relaxed) {
            4 => Some(IpAddr::V4(Ipv4Addr::new(bytes[0], bytes[1], bytes[2], bytes[3]))),
            6 => Some(IpAddr::V6(Ipv6Addr::from(bytes))),
            _ => None,
        }
    }

    fn set_addresses(&self, remote: Option<SocketAddr>, local: Option<IpAddr>) {
        let family = match remote.map(|r| r.ip()) {
            Some(IpAddr::V4(_)) => 4,
            Some(IpAddr::V6(_)) => 6,
            None => 0,
        };
        self.family.store(family, Ordering::Relaxed);
        self.remote_port.store(remote.map_or(0, |r| r.port().into()), Ordering::Relaxed);
        set_ip(&self.address, remote.map(|r| r.ip()));
        set_ip(&self.local, local);
    }
}

fn set_ip(words: &[AtomicU64; 2], ip: Option<IpAddr>) {
    let mut bytes = [0; 16];
    match ip {
        Some(IpAddr::V4(ip)) => bytes[..4].copy_from_slice(&ip.octets()),
        Some(IpAddr::V6(ip)) => bytes = ip.octets(),
        None => {}
    }
    for (word, chunk) in words.iter().zip(bytes.chunks_exact(8)) {
        word.store(u64::from_ne_bytes(chunk.try_into().unwrap_or_default()), Ordering::Relaxed);
    }
}

/// What is known of a connection when it is accepted.
#[derive(Debug, Clone, Copy)]
pub struct Accepted {
    /// who holds the socket
    pub owner: usize,
    /// where it came in
    pub port: usize,
    /// its descriptor
    pub fd: i32,
    /// the client's address; None on a Unix socket
    pub remote: Option<SocketAddr>,
    /// the address that the client has connected to, if it is to be noted
    pub local: Option<IpAddr>,
    /// now, in microseconds since 1970
    pub now: u64,
}

/// All connections. Entry 0 is no connection: its `session` is where the search for a free place starts, its
/// `turn` the highest place that was ever used.
#[derive(Debug)]
pub struct ConnectionTable {
    entries: SharedSlice<Entry>,
    bits: u32,
}

impl ConnectionTable {
    pub(super) fn new(entries: SharedSlice<Entry>) -> Self {
        let bits = usize::BITS - (entries.len() - 1).leading_zeros();
        ConnectionTable { entries, bits }
    }

    fn hint(&self) -> &AtomicU64 {
        &self.entries[0].session
    }
    fn top(&self) -> &AtomicU64 {
        &self.entries[0].turn
    }

    /// Takes the first free place and fills it; None: every place is taken.
    pub fn open(&self, accepted: Accepted) -> Option<SessionId> {
        let places = self.entries.len() as u64 - 1;
        let start = self.hint().load(Ordering::Relaxed).clamp(1, places);
        let place = (0..places).map(|i| (start - 1 + i) % places + 1).find(|place| {
            let state = &self.entries[*place as usize].state;
            state.load(Ordering::Relaxed) == State::Free as u32
                && state
                    .compare_exchange(State::Free as u32, State::Taken as u32, Ordering::AcqRel, Ordering::Relaxed)
                    .is_ok()
        })?;
        // Only hints: a place that they miss is found when the search comes round.
        self.hint().store(place % places + 1, Ordering::Relaxed);
        self.top().fetch_max(place, Ordering::Relaxed);
        let entry = &self.entries[place as usize];
        let session = entry.turn.fetch_add(1, Ordering::Relaxed) << self.bits | place;
        entry.flags.store(0, Ordering::Relaxed);
        entry.owner.store(accepted.owner as u32, Ordering::Relaxed);
        entry.port.store(accepted.port as u32, Ordering::Relaxed);
        entry.worker.store(0, Ordering::Relaxed);
        entry.fd.store(accepted.fd as u32, Ordering::Relaxed);
        entry.uid.store(0, Ordering::Relaxed);
        entry.close_errno.store(0, Ordering::Relaxed);
        entry.set_addresses(accepted.remote, accepted.local);
        for time in [&entry.connect_time, &entry.last_recv_time, &entry.last_send_time] {
            time.store(accepted.now, Ordering::Relaxed);
        }
        entry.last_dispatch_time.store(0, Ordering::Relaxed);
        entry.request.store(0, Ordering::Relaxed);
        entry.holder.store(0, Ordering::Relaxed);
        entry.recv_queued.store(0, Ordering::Relaxed);
        entry.send_queued.store(0, Ordering::Relaxed);
        // Release: who reads this session reads what was filled in.
        entry.session.store(session, Ordering::Release);
        entry.set_state(State::Open);
        Some(session as i64)
    }

    /// Gives a place back (owner, or the manager for a dead owner).
    pub fn release(&self, place: usize) {
        let entry = &self.entries[place];
        entry.session.store(0, Ordering::Release);
        entry.set_state(State::Free);
        self.hint().fetch_min(place as u64, Ordering::Relaxed);
    }

    /// The place that a session has, or had; None if the number cannot be a session.
    pub fn place(&self, session: SessionId) -> Option<usize> {
        let place = (session as u64 & ((1 << self.bits) - 1)) as usize;
        (session > 0 && place > 0 && place < self.entries.len()).then_some(place)
    }

    /// The entry at a place.
    pub fn at(&self, place: usize) -> &Entry {
        &self.entries[place]
    }

    /// The highest place that was ever used.
    pub fn top_place(&self) -> usize {
        self.top().load(Ordering::Relaxed) as usize
    }

    /// The entry of a session that is in use, whatever its state. Errors say whether the session ever
    /// existed.
    pub fn find(&self, session: SessionId) -> Result<&Entry> {
        let Some(place) = self.place(session) else {
            if session > 0 {
                return Err(Error::new(ErrorKind::SessionNotExist, format!("there is no session {session}")));
            }
            return Err(Error::new(
                ErrorKind::SessionInvalidId,
                format!(
                    "{session} cannot be a session: ids are positive and come from onConnect, onReceive or the connection list"
                ),
            ));
        };
        let entry = &self.entries[place];
        if entry.session() == session {
            return Ok(entry);
        }
        if (session as u64 >> self.bits) < entry.turn.load(Ordering::Relaxed) {
            return Err(Error::new(ErrorKind::SessionClosed, format!("session {session} is closed")));
        }
        Err(Error::new(ErrorKind::SessionNotExist, format!("there is no session {session}")))
    }

    /// The entry of a session to which data can be sent.
    pub fn find_open(&self, session: SessionId) -> Result<&Entry> {
        let entry = self.find(session)?;
        match entry.state() {
            State::Open | State::HalfClosed => Ok(entry),
            State::Closing => Err(Error::new(ErrorKind::SessionClosing, format!("session {session} is being closed"))),
            _ => Err(Error::new(ErrorKind::SessionClosed, format!("session {session} is closed"))),
        }
    }

    /// Open sessions (half-closed ones too) behind place `after`, in the order of places.
    pub fn open_after(&self, after: usize) -> impl Iterator<Item = (SessionId, &Entry)> {
        (after + 1..=self.top_place()).map(|place| &self.entries[place]).filter_map(|entry| {
            let session = entry.session();
            let open = matches!(entry.state(), State::Open | State::HalfClosed);
            (session != 0 && open && entry.session() == session).then_some((session, entry))
        })
    }

    /// The least and the greatest open session (0 if there is none), and how many sessions there have been.
    pub fn extent(&self) -> (SessionId, SessionId, u64) {
        let open = || self.open_after(0).map(|(session, _)| session);
        let turns = (1..=self.top_place()).map(|place| self.entries[place].turn.load(Ordering::Relaxed)).sum();
        (open().min().unwrap_or(0), open().max().unwrap_or(0), turns)
    }

    /// Every place that is taken by `owner`, whatever its state (BASE: to clean up after a dead worker).
    pub fn places_of(&self, owner: usize) -> impl Iterator<Item = usize> {
        (1..=self.top_place()).filter(move |place| {
            let entry = &self.entries[*place];
            entry.state() != State::Free && entry.owner.load(Ordering::Relaxed) as usize == owner
        })
    }
}

#[cfg(test)]
mod tests;
