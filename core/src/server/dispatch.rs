//! Which worker gets a message: a pure function of the mode, the message and the scoreboard.

use std::net::IpAddr;

/// What dispatch may know of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Subject {
    /// session; 0 for a datagram
    pub session: i64,
    /// who sent it; None on a Unix socket
    pub address: Option<IpAddr>,
    /// the number given to `bind`
    pub uid: Option<i64>,
    /// worker that this connection was tied to when it came (mode 8)
    pub tied: Option<usize>,
}

/// What dispatch may know of the workers.
pub trait Scoreboard {
    /// Messages given to a worker that it has not finished.
    fn in_flight(&self, worker: usize) -> u64;
    /// Connections tied to a worker.
    fn connections(&self, worker: usize) -> u64;
}

/// The `dispatch_mode` of a server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum DispatchMode {
    /// 1: one after the other
    RoundRobin = 1,
    /// 2: by session, so that a connection keeps its worker
    SessionModulo = 2,
    /// 3: the first that has nothing to do
    Idle = 3,
    /// 4: by the client's address
    AddressHash = 4,
    /// 5: by the number given to `bind`, by session before that
    UidModulo = 5,
    /// 6: as `dispatch_func` says, by session where it does not
    Function = 6,
    /// 7: the first that has nothing to do
    Stream = 7,
    /// 8: by connection, to the worker that had the fewest
    FewestConnections = 8,
    /// 9: the one with the fewest messages in flight
    FewestInFlight = 9,
}

impl DispatchMode {
    /// The mode with that number.
    pub fn from_number(number: u8) -> Option<DispatchMode> {
        use DispatchMode::*;
        [RoundRobin, SessionModulo, Idle, AddressHash, UidModulo, Function, Stream, FewestConnections, FewestInFlight]
            .into_iter()
            .find(|mode| *mode as u8 == number)
    }

    /// Whether all messages of a connection go to one worker (as long as `bind` does not change it).
    pub fn is_sticky(self) -> bool {
        use DispatchMode::*;
        matches!(self, SessionModulo | AddressHash | UidModulo | FewestConnections)
    }

    /// Whether connect and close events are run without `enable_unsafe_event`: not where messages of a
    /// connection go to whoever is free.
    pub fn has_connection_events(self) -> bool {
        !matches!(self, DispatchMode::RoundRobin | DispatchMode::Idle | DispatchMode::Stream)
    }
}

/// Chooses among `workers` workers (at least one).
#[derive(Debug)]
pub struct Dispatcher {
    mode: DispatchMode,
    workers: usize,
    turn: usize,
}

impl Dispatcher {
    /// A dispatcher; `start` is where round robin begins (reactors begin at different workers).
    pub fn new(mode: DispatchMode, workers: usize, start: usize) -> Dispatcher {
        Dispatcher { mode, workers: workers.max(1), turn: start }
    }

    /// The mode it was made with.
    pub fn mode(&self) -> DispatchMode {
        self.mode
    }

    /// The worker for `subject`, below the number of workers.
    pub fn choose(&mut self, subject: &Subject, board: &impl Scoreboard) -> usize {
        use DispatchMode::*;
        if self.workers == 1 {
            return 0;
        }
        match self.mode {
            RoundRobin => self.next_turn(),
            SessionModulo | Function if subject.session > 0 => self.modulo(subject.session),
            UidModulo if subject.uid.is_some() => self.modulo(subject.uid.unwrap_or_default()),
            UidModulo if subject.session > 0 => self.modulo(subject.session),
            // Datagrams have no session: the modes that go by one go by the sender's address.
            SessionModulo | Function | UidModulo | AddressHash => match subject.address {
                Some(address) => self.hash(address),
                None if subject.session > 0 => self.modulo(subject.session),
                None => self.next_turn(),
            },
            FewestConnections => subject.tied.unwrap_or_else(|| self.least(|w| board.connections(w))),
            Idle | Stream | FewestInFlight => self.least(|w| board.in_flight(w)),
        }
    }

    fn next_turn(&mut self) -> usize {
        self.turn = (self.turn + 1) % self.workers;
        self.turn
    }

    fn modulo(&self, number: i64) -> usize {
        number.rem_euclid(self.workers as i64) as usize
    }

    fn hash(&self, address: IpAddr) -> usize {
        // FNV-1a over the octets: spreads neighbouring addresses, needs no key, is the same in every process.
        let step = |hash: u64, octet: &u8| (hash ^ u64::from(*octet)).wrapping_mul(0x0100_0000_01b3);
        let start = 0xcbf2_9ce4_8422_2325;
        let hash = match address {
            IpAddr::V4(ip) => ip.octets().iter().fold(start, step),
            IpAddr::V6(ip) => ip.octets().iter().fold(start, step),
        };
        ((hash ^ (hash >> 32)) % self.workers as u64) as usize
    }

    /// The worker with the least load; among equals the one whose turn comes next, so that idle workers
    /// share the work.
    fn least(&mut self, load: impl Fn(usize) -> u64) -> usize {
        let start = self.next_turn();
        (0..self.workers).map(|i| (start + i) % self.workers).min_by_key(|w| load(*w)).unwrap_or(0)
    }
}

#[cfg(test)]
mod tests;
